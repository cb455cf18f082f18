"""Stage 4, the record: key, headers and value for Kafka, cut where it is too large."""

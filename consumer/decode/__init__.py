"""Stage 8, decoding: a record's bytes become an event, or a rejection with its reason."""

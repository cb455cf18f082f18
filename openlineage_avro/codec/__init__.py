"""Stage 3, encoding: an event as compact, lossless Avro bytes, and back; no I/O but its schemas."""

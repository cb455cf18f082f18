"""The command line: `openlineage-avro-consumer`."""

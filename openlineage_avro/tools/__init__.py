"""The command `openlineage-avro`: looks into messages, drains the outbox, finds what is wrong."""

"""Passes events on: from topics and the store to HTTP, Kafka and files, from files to Kafka."""

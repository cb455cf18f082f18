"""Tests of the consumer on real Kafka and PostgreSQL."""

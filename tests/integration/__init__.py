"""Tests that need Kafka, PostgreSQL or both."""

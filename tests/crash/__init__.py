"""Tests that break the consumer, its connections and its services on purpose."""

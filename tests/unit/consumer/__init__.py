"""Tests of the consumer's pure parts."""

"""Watches a consumer and its store: lag, metrics, health, and checks that say what to do."""

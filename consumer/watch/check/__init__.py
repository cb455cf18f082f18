"""Finds out why events are not stored: each check says that something is well, or what to do."""

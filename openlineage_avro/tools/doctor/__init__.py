"""Finds out why events do not arrive: each check says that something is well, or what to do."""

"""Drives stages 7 to 10, and tells how far they are."""

"""Keeps the store in order while others read and write it: months, packs, and what is forgotten."""

"""Derives the model anew from the events that are kept, while others read and write."""

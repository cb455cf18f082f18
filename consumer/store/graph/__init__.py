"""Writes what events say of names and of edges between jobs, datasets, columns and tasks."""

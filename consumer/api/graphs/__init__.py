"""Draws graphs in Marquez's shapes: of jobs and datasets, of columns, of runs."""

"""Finds many jobs, datasets and runs at once, in Marquez's shapes.

A constant number of statements, however many are asked for. Each module takes a Snapshot, so that
what one answer shows is of one moment.
"""

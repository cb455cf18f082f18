"""Stage 1, the event: its plain form, its kind, its facets, the id of its pipeline."""

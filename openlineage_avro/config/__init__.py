"""Stage 0, settings: checked once, with references to environment and connections."""

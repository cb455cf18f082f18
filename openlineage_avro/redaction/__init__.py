"""Stage 2, masking: takes out of an event what is secret."""

"""Stage 7, reading: records from where the store is; the only folder that imports kafka."""

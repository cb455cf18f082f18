-- By which version an earlier rebuild began.
SELECT hash FROM lineage_rebuild.begun

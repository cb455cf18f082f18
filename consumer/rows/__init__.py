"""Stage 9, rows: what events say of runs, jobs and datasets, flat and without I/O."""

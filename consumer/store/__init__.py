"""Stage 10, storing: rows and offsets in one transaction; the only folder that imports psycopg."""

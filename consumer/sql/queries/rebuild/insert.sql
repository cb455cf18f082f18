-- Rows that were derived and are not there.
INSERT INTO {live} ({columns})
SELECT {new_columns} FROM {new} AS new
WHERE NOT EXISTS (SELECT FROM {live} AS old WHERE ({new_key}) = ({old_key}))

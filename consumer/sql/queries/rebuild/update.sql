-- What is known of names, where it differs.
UPDATE {live} AS old
SET ({columns}) = ROW ({new_columns})
FROM {new} AS new
WHERE old.id = new.id AND ({new_columns}) IS DISTINCT FROM ({old_columns})

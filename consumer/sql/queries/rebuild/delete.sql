-- Rows that were not derived again as they are.
DELETE FROM {live} AS old
WHERE NOT EXISTS (
    SELECT FROM {new} AS new
    WHERE ({new_key}) = ({old_key}) AND ({new_columns}) IS NOT DISTINCT FROM ({old_columns})
)

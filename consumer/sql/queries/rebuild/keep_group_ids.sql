-- A group of names has the id of any of them: of one that is as it was, the id stays.
UPDATE lineage_rebuild.dataset_groups AS known
SET group_id = alike.old_id
FROM (
    SELECT new.group_id AS new_id, old.group_id AS old_id
    FROM (
        SELECT group_id, array_agg(dataset_id ORDER BY dataset_id) AS members
        FROM lineage_rebuild.dataset_groups GROUP BY group_id
    ) AS new
    JOIN (
        SELECT group_id, array_agg(dataset_id ORDER BY dataset_id) AS members
        FROM lineage_store.dataset_groups GROUP BY group_id
    ) AS old USING (members)
) AS alike
WHERE known.group_id = alike.new_id AND alike.new_id <> alike.old_id

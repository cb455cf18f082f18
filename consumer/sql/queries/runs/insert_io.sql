-- What the runs of a batch read and wrote.
INSERT INTO lineage_store.run_io (run_id, dataset_id, is_output)
SELECT batch.*
FROM unnest(%(run_id)b::bigint[], %(dataset_id)b::bigint[], %(is_output)b::boolean[])
    AS batch (run_id, dataset_id, is_output)
WHERE NOT EXISTS (
    SELECT FROM lineage_store.run_io AS known
    WHERE (known.run_id, known.dataset_id, known.is_output)
        = (batch.run_id, batch.dataset_id, batch.is_output)
)

-- What the tasks of a DAG run read and wrote, in any of their tries and in the runs below these.
WITH member AS MATERIALIZED (
    SELECT run_id, task_id, map_index FROM lineage.runs WHERE run_id = ANY (%(run_ids)s)
    UNION ALL
    SELECT below.run_id, run.task_id, run.map_index
    FROM lineage.runs AS run
    JOIN lineage.runs AS below ON below.parent_run_id = run.run_id
    WHERE run.run_id = ANY (%(run_ids)s) AND below.run_id <> run.run_id
)
SELECT
    member.task_id, member.map_index, io.direction, io.namespace, io.name,
    max(io.rows) AS rows, max(io.bytes) AS bytes, max(io.files) AS files
FROM member
CROSS JOIN LATERAL (
    SELECT 'input' AS direction, namespace, name, rows, bytes, files
    FROM lineage.run_inputs WHERE run_id = member.run_id AND is_main
    UNION ALL
    SELECT 'output', namespace, name, rows, bytes, files
    FROM lineage.run_outputs WHERE run_id = member.run_id AND is_main
) AS io
GROUP BY member.task_id, member.map_index, io.direction, io.namespace, io.name
ORDER BY member.task_id, member.map_index, io.direction, io.name

-- Finding jobs and datasets by name, with or without namespace; a name that is unknown or stands
-- for several is an error that says which there are.

-- A run id as it is kept: a UUID is the same in capitals (RFC 9562, section 4).
CREATE OR REPLACE FUNCTION lineage_store.as_run_id(given text)
RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE
    WHEN given ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN lower(given) ELSE given
END;

-- The jobs and datasets that have a name: a dataset by the id of its group.
CREATE OR REPLACE FUNCTION lineage_store.nodes_named(
    wanted_kind text, wanted_namespace text, wanted_name text
)
RETURNS TABLE (id bigint, kind text, namespace text, name text) LANGUAGE sql STABLE
SET enable_seqscan = off AS $$
    SELECT lineage_store.group_of(dataset.id), 'dataset', dataset.namespace, dataset.name
    FROM lineage_store.datasets AS dataset
    WHERE coalesce(wanted_kind, 'dataset') = 'dataset'
      AND left(dataset.name, 200) COLLATE "C" = left(wanted_name, 200) COLLATE "C"
      AND dataset.name = wanted_name
      AND dataset.namespace = coalesce(wanted_namespace, dataset.namespace)
    UNION ALL
    SELECT job.id, 'job', job.namespace, job.name
    FROM lineage_store.jobs AS job
    WHERE coalesce(wanted_kind, 'job') = 'job'
      AND left(job.name, 200) COLLATE "C" = left(wanted_name, 200) COLLATE "C"
      AND job.name = wanted_name
      AND job.namespace = coalesce(wanted_namespace, job.namespace)
$$;

-- How many characters two texts have in common at their beginning.
CREATE OR REPLACE FUNCTION lineage_store.common_start(one text, other text)
RETURNS integer LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(max(length), 0) FROM generate_series(1, least(length(one), length(other), 200))
        AS length
    WHERE left(one, length) = left(other, length)
$$;

-- The names nearest to one that is unknown: of those beside it in the order of names, and in the
-- order of names read backwards, those that share most of their beginning and end with it.
CREATE OR REPLACE FUNCTION lineage_store.nearest_names(wanted_kind text, wanted_name text)
RETURNS TABLE (kind text, namespace text, name text) LANGUAGE sql STABLE
SET enable_seqscan = off AS $$
    WITH near (kind, namespace, name) AS (
        (SELECT 'dataset', dataset.namespace, dataset.name FROM lineage_store.datasets AS dataset
         WHERE left(dataset.name, 200) COLLATE "C" >= left(wanted_name, 200)
         ORDER BY left(dataset.name, 200) COLLATE "C" LIMIT 5)
        UNION
        (SELECT 'dataset', dataset.namespace, dataset.name FROM lineage_store.datasets AS dataset
         WHERE left(dataset.name, 200) COLLATE "C" < left(wanted_name, 200)
         ORDER BY left(dataset.name, 200) COLLATE "C" DESC LIMIT 5)
        UNION
        (SELECT 'dataset', dataset.namespace, dataset.name FROM lineage_store.datasets AS dataset
         WHERE reverse(right(dataset.name, 200)) COLLATE "C" >= reverse(right(wanted_name, 200))
         ORDER BY reverse(right(dataset.name, 200)) COLLATE "C" LIMIT 5)
        UNION
        (SELECT 'dataset', dataset.namespace, dataset.name FROM lineage_store.datasets AS dataset
         WHERE reverse(right(dataset.name, 200)) COLLATE "C" < reverse(right(wanted_name, 200))
         ORDER BY reverse(right(dataset.name, 200)) COLLATE "C" DESC LIMIT 5)
        UNION
        (SELECT 'job', job.namespace, job.name FROM lineage_store.jobs AS job
         WHERE left(job.name, 200) COLLATE "C" >= left(wanted_name, 200)
         ORDER BY left(job.name, 200) COLLATE "C" LIMIT 5)
        UNION
        (SELECT 'job', job.namespace, job.name FROM lineage_store.jobs AS job
         WHERE left(job.name, 200) COLLATE "C" < left(wanted_name, 200)
         ORDER BY left(job.name, 200) COLLATE "C" DESC LIMIT 5)
        UNION
        (SELECT 'job', job.namespace, job.name FROM lineage_store.jobs AS job
         WHERE reverse(right(job.name, 200)) COLLATE "C" >= reverse(right(wanted_name, 200))
         ORDER BY reverse(right(job.name, 200)) COLLATE "C" LIMIT 5)
        UNION
        (SELECT 'job', job.namespace, job.name FROM lineage_store.jobs AS job
         WHERE reverse(right(job.name, 200)) COLLATE "C" < reverse(right(wanted_name, 200))
         ORDER BY reverse(right(job.name, 200)) COLLATE "C" DESC LIMIT 5)
    )
    SELECT kind, namespace, name
    FROM near
    CROSS JOIN LATERAL (SELECT
        lineage_store.common_start(name, wanted_name)
        + lineage_store.common_start(reverse(name), reverse(wanted_name)) AS common
    ) AS alike
    WHERE near.kind = coalesce(wanted_kind, near.kind)
    ORDER BY common DESC, abs(length(name) - length(wanted_name)),
        kind, namespace COLLATE "C", name COLLATE "C"
    LIMIT 5
$$;

-- The one job or dataset that is meant: (id, kind).
CREATE OR REPLACE FUNCTION lineage_store.find_node(
    wanted_kind text, wanted_namespace text, wanted_name text,
    OUT id bigint, OUT kind text
)
LANGUAGE plpgsql STABLE AS $$
DECLARE
    asked text := coalesce(wanted_kind || ' ', '')
        || quote_literal(coalesce(wanted_namespace || ':', '') || coalesce(wanted_name, ''));
    found_ids bigint[];
    listed text;
BEGIN
    IF wanted_kind NOT IN ('dataset', 'job') THEN
        RAISE EXCEPTION 'kind: expected ''dataset'' or ''job'', got %', quote_literal(wanted_kind)
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF wanted_name IS NULL THEN
        RAISE EXCEPTION 'name: expected that of a dataset or job, got NULL'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    SELECT array_agg(DISTINCT node.id), min(node.kind),
        string_agg(format('(%L, %L, %L)', node.kind, node.namespace, node.name), ', '
            ORDER BY node.kind, node.namespace COLLATE "C")
    INTO found_ids, kind, listed
    FROM lineage_store.nodes_named(wanted_kind, wanted_namespace, wanted_name) AS node;
    IF cardinality(found_ids) > 1 THEN
        RAISE EXCEPTION '% is the name of %: give kind, namespace and name, one of %',
            asked, cardinality(found_ids), listed USING ERRCODE = 'ambiguous_parameter';
    ELSIF found_ids IS NULL THEN
        SELECT string_agg(format('(%L, %L, %L)', near.kind, near.namespace, near.name), ', ')
        INTO listed FROM lineage_store.nearest_names(wanted_kind, wanted_name) AS near;
        RAISE EXCEPTION 'there is no %; %',
            CASE WHEN wanted_kind IS NULL THEN 'dataset or job ' || asked ELSE asked END,
            coalesce('the nearest are ' || listed, 'none is stored yet')
            USING ERRCODE = 'no_data_found';
    END IF;
    id := found_ids[1];
END
$$;

-- Kind, namespace and main name of jobs and datasets, by id. Plain SQL, so that it becomes part of
-- the query that asks; OFFSET 0 keeps its look-ups by key, whatever that one's settings.
CREATE OR REPLACE FUNCTION lineage_store.node_names(ids bigint[])
RETURNS TABLE (id bigint, kind text, namespace text, name text)
LANGUAGE sql STABLE ROWS 1000 AS $$
    SELECT dataset.id, 'dataset', dataset.namespace, dataset.name
    FROM lineage_store.datasets AS dataset
    WHERE dataset.id = ANY (ids)
      AND CASE WHEN (SELECT EXISTS (SELECT FROM lineage_store.dataset_groups))
          THEN (SELECT member.group_id FROM lineage_store.dataset_groups AS member
                WHERE member.dataset_id = dataset.id) IS NULL
          ELSE true END
    UNION ALL
    (SELECT DISTINCT ON (member.dataset_id) member.dataset_id, 'dataset', main.namespace, main.name
     FROM lineage_store.dataset_groups AS member
     CROSS JOIN LATERAL (
         SELECT other.dataset_id FROM lineage_store.dataset_groups AS other
         WHERE other.group_id = member.group_id OFFSET 0
     ) AS known
     CROSS JOIN LATERAL (
         SELECT dataset.namespace, dataset.name, dataset.last_named_at
         FROM lineage_store.datasets AS dataset WHERE dataset.id = known.dataset_id OFFSET 0
     ) AS main
     WHERE member.dataset_id = ANY (ids)
     ORDER BY member.dataset_id, main.last_named_at DESC NULLS LAST,
         main.namespace COLLATE "C", main.name COLLATE "C")
    UNION ALL
    SELECT job.id, 'job', job.namespace, job.name
    FROM lineage_store.jobs AS job WHERE job.id = ANY (ids)
$$;

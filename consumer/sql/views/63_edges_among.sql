-- All edges among some nodes, for a diagram of them.

CREATE OR REPLACE FUNCTION lineage.edges_among(
    kinds text[], namespaces text[], names text[],
    since timestamptz DEFAULT '-infinity', as_of timestamptz DEFAULT 'infinity',
    edges text DEFAULT 'ever'
)
RETURNS TABLE (
    from_kind text, from_namespace text, from_name text,
    to_kind text, to_namespace text, to_name text, edge text
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
-- As lineage_store.named_walk: look-ups by key, hash tables for the rest.
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off
SET enable_nestloop = off SET enable_mergejoin = off SET enable_memoize = off SET jit = off AS $$
BEGIN
    RETURN QUERY
    WITH asked AS MATERIALIZED (
        SELECT array_agg(DISTINCT node.id) AS ids
        FROM unnest(kinds, namespaces, names) AS given (kind, namespace, name)
        CROSS JOIN LATERAL lineage_store.nodes_named(given.kind, given.namespace, given.name)
            AS node
    ),
    -- Each node under its own id, those of its names and those of its lanes.
    member AS MATERIALIZED (
        SELECT unnest(asked.ids) AS id, unnest(asked.ids) AS node FROM asked
        UNION
        SELECT known.dataset_id, known.group_id
        FROM asked JOIN lineage_store.dataset_groups AS known ON known.group_id = ANY (asked.ids)
        UNION
        SELECT lane.id, lane.job_id
        FROM asked JOIN lineage_store.lanes AS lane ON lane.job_id = ANY (asked.ids)
    ),
    shown AS (
        SELECT DISTINCT start.node AS from_node, finish.node AS to_node, link.kind
        FROM member AS start
        CROSS JOIN LATERAL (
            SELECT other.to_id, other.kind FROM lineage_store.edges AS other
            WHERE other.from_id = start.id AND NOT other.is_withdrawn
              AND other.last_event_at >= since AND other.first_event_at <= as_of
              AND (edges_among.edges = 'ever' OR lineage_store.is_latest(other, as_of))
            OFFSET 0
        ) AS link
        JOIN member AS finish ON finish.id = link.to_id
        WHERE start.node <> finish.node
    ),
    node AS MATERIALIZED (
        SELECT known.* FROM asked CROSS JOIN LATERAL lineage_store.node_names(asked.ids) AS known
    )
    SELECT start.kind, start.namespace, start.name, finish.kind, finish.namespace, finish.name,
        shown.kind::text
    FROM shown
    JOIN node AS start ON start.id = shown.from_node
    JOIN node AS finish ON finish.id = shown.to_node
    ORDER BY shown.from_node, shown.to_node, shown.kind;
END
$$;
COMMENT ON FUNCTION lineage.edges_among(text[], text[], text[], timestamptz, timestamptz, text) IS
'All edges among some datasets and jobs, such as those that lineage.upstream answers: where a node is reached over several ways, that shows one of them. The arrays hold kind, namespace and name of each (null is any); names that are unknown are left out. edge, since, as_of and edges: as in lineage.upstream. Datasets under their main names.';

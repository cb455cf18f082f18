-- Jobs, datasets and namespaces as Marquez's API names them.

-- The name of a job that ran under another: the other's and its own, once. Producers of old name
-- the job itself as its parent, and mean what is before its last dot.
CREATE OR REPLACE FUNCTION lineage_api.job_name(name text, parent_name text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN parent_name IS NULL OR parent_name = name THEN name
        WHEN starts_with(name, parent_name || '.') THEN name
        ELSE parent_name || '.' || name
    END
$$;

-- A job has a row for each name that it has: one under each other job that it ran under, and its
-- own where it ran under none or others ran under it.
CREATE OR REPLACE VIEW lineage_api.jobs AS
SELECT
    job.id, job.namespace, named.name,
    max(
        CASE
            WHEN parent.name = job.name THEN substring(job.name FROM '^(.+)\.[^.]*$')
            ELSE parent.name
        END
    ) AS parent_name,
    (array_agg(parent.key ORDER BY parent.name DESC NULLS LAST))[1] AS parent_uuid,
    job.name AS own_name,
    job.processing_type, job.description,
    (
        SELECT lineage_store.text_at(stored.value, 'url')
        FROM lineage_store.facet_versions AS facet
        JOIN lineage_store.facet_values AS stored ON stored.hash = facet.value_hash
        WHERE facet.owner = 'job' AND facet.owner_id = job.id AND facet.name = 'sourceCodeLocation'
          AND facet.ended_at IS NULL AND NOT facet.is_deleted
    ) AS location,
    min(placed.first_event_at) AS first_event_at,
    max(placed.last_event_at) AS last_event_at
FROM lineage_store.job_parents AS placed
JOIN lineage_store.jobs AS job ON job.id = placed.job_id
LEFT JOIN lineage_store.jobs AS parent ON parent.id = placed.parent_id
CROSS JOIN LATERAL (SELECT lineage_api.job_name(job.name, parent.name)) AS named (name)
WHERE NOT EXISTS (
    SELECT FROM lineage_store.hidden_nodes AS hidden
    WHERE hidden.id = job.id AND hidden.hidden_at >= placed.last_event_at
)
AND NOT EXISTS (
    SELECT FROM lineage_store.hidden_namespaces AS hidden
    WHERE hidden.name = job.namespace AND hidden.hidden_at >= placed.last_event_at
)
GROUP BY job.id, named.name;
COMMENT ON VIEW lineage_api.jobs IS 'Jobs by the names that the API has for them.';

-- A dataset has a row for each name that events used for an input, an output or its own dataset,
-- and for each that symlinks alone give it: that one tells of the name used last (source). Its
-- description is what the latest event said: none, where that had no facet documentation; so is
-- what became of it what the latest said that wrote it.
CREATE OR REPLACE VIEW lineage_api.datasets AS
SELECT
    named.id, named.key, named.namespace, named.name,
    named.source_id, named.source_key, named.source_namespace, named.source_name,
    CASE WHEN named.description IS NOT NULL AND EXISTS (
        SELECT FROM lineage_store.facet_versions AS facet
        WHERE facet.owner = 'dataset' AND facet.owner_id = named.source_id
          AND facet.name = 'documentation' AND facet.ended_at IS NULL
          AND facet.last_event_at >= named.last_named_at
    ) THEN named.description END AS description,
    named.first_named_at AS first_event_at, named.last_named_at AS last_event_at,
    CASE WHEN named.lifecycle_state IS NOT NULL AND NOT EXISTS (
        SELECT FROM lineage_store.edges AS edge
        WHERE edge.to_id = named.source_id AND edge.kind = 'output'
          AND edge.last_event_at > named.lifecycle_at
    ) THEN named.lifecycle_state END AS lifecycle_state
FROM (
    SELECT
        id, key, namespace, name,
        id AS source_id, key AS source_key, namespace AS source_namespace, name AS source_name,
        description, first_named_at, last_named_at, lifecycle_state, lifecycle_at
    FROM lineage_store.datasets
    WHERE last_named_at IS NOT NULL
    UNION ALL
    SELECT
        alias.id, alias.key, alias.namespace, alias.name,
        used.id, used.key, used.namespace, used.name,
        used.description, used.first_named_at, used.last_named_at,
        used.lifecycle_state, used.lifecycle_at
    FROM lineage_store.datasets AS alias
    JOIN lineage_store.dataset_groups AS own ON own.dataset_id = alias.id
    CROSS JOIN LATERAL (
        SELECT dataset.*
        FROM lineage_store.dataset_groups AS other
        JOIN lineage_store.datasets AS dataset ON dataset.id = other.dataset_id
        WHERE other.group_id = own.group_id AND dataset.last_named_at IS NOT NULL
        ORDER BY dataset.last_named_at DESC, dataset.namespace COLLATE "C", dataset.name COLLATE "C"
        LIMIT 1
    ) AS used
    WHERE alias.last_named_at IS NULL
) AS named
WHERE NOT EXISTS (
    SELECT FROM lineage_store.hidden_nodes AS hidden
    WHERE hidden.id IN (named.id, named.source_id) AND hidden.hidden_at >= named.last_named_at
)
AND NOT EXISTS (
    SELECT FROM lineage_store.hidden_namespaces AS hidden
    WHERE hidden.name = named.namespace AND hidden.hidden_at >= named.last_named_at
);
COMMENT ON VIEW lineage_api.datasets IS 'Datasets by the names that the API has for them.';

-- The namespaces of jobs and datasets, those that were made by hand, and Marquez's own.
CREATE OR REPLACE VIEW lineage_api.namespaces AS
SELECT
    named.name, named.created_at, greatest(named.updated_at, note.updated_at) AS updated_at,
    coalesce(note.owner, 'anonymous') AS owner_name,
    CASE
        WHEN note.name IS NOT NULL THEN note.description
        WHEN named.name = 'default' THEN 'The default global namespace for dataset, job, and run'
            ' metadata not belonging to a user-specified namespace.'
    END AS description,
    EXISTS (
        SELECT FROM lineage_store.hidden_namespaces AS hidden
        WHERE hidden.name = named.name AND hidden.hidden_at >= named.updated_at
    ) AS is_hidden
FROM (
    SELECT name, min(first_at) AS created_at, max(last_at) AS updated_at
    FROM (
        SELECT job.namespace AS name, placed.first_event_at AS first_at, placed.last_event_at AS last_at
        FROM lineage_store.job_parents AS placed
        JOIN lineage_store.jobs AS job ON job.id = placed.job_id
        UNION ALL
        SELECT namespace, first_event_at, last_event_at FROM lineage_api.datasets
        UNION ALL
        SELECT name, created_at, created_at FROM lineage_store.namespace_notes
        UNION ALL
        SELECT 'default', applied_at, applied_at FROM lineage_store.migrations WHERE version = 1
    ) AS every
    GROUP BY name
) AS named
LEFT JOIN lineage_store.namespace_notes AS note ON note.name = named.name;
COMMENT ON VIEW lineage_api.namespaces IS 'Namespaces, with what was said of them by hand.';

-- The ids of jobs by the names that events have for them, and of datasets by their keys.
CREATE OR REPLACE VIEW lineage_api.job_ids AS
SELECT id, namespace, name AS own_name FROM lineage_store.jobs;
CREATE OR REPLACE VIEW lineage_api.dataset_keys AS SELECT id, key FROM lineage_store.datasets;

-- What was said by hand of tags, and what has them.
CREATE OR REPLACE VIEW lineage_api.tagged AS
SELECT owner_id, field, tag FROM lineage_store.tagged;
CREATE OR REPLACE VIEW lineage_api.tags AS
SELECT name, description FROM lineage_store.tag_notes
UNION ALL
SELECT 'PII', 'Personally identifiable information'
WHERE NOT EXISTS (SELECT FROM lineage_store.tag_notes WHERE name = 'PII');

-- Where datasets physically are, as facet dataSource or people say it.
CREATE OR REPLACE VIEW lineage_api.sources AS
SELECT
    named.name,
    coalesce(note.type, upper(split_part(named.uri, ':', 1)), 'UNKNOWN') AS type,
    named.created_at, greatest(named.updated_at, note.updated_at) AS updated_at,
    coalesce(note.connection_url, named.uri, '') AS connection_url,
    note.description
FROM (
    SELECT name, max(uri) AS uri, min(first_at) AS created_at, max(last_at) AS updated_at
    FROM (
        SELECT
            lineage_store.text_at(stored.value, 'name') AS name,
            lineage_store.text_at(stored.value, 'uri') AS uri,
            facet.first_event_at AS first_at, facet.last_event_at AS last_at
        FROM lineage_store.facet_versions AS facet
        JOIN lineage_store.facet_values AS stored ON stored.hash = facet.value_hash
        WHERE facet.owner = 'dataset' AND facet.name = 'dataSource' AND NOT facet.is_deleted
        UNION ALL
        SELECT name, NULL, created_at, updated_at FROM lineage_store.source_notes
    ) AS every
    WHERE name IS NOT NULL
    GROUP BY name
) AS named
LEFT JOIN lineage_store.source_notes AS note ON note.name = named.name;

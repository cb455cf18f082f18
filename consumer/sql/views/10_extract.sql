-- Reading values out of facets, whatever producers put there: null instead of an error.

CREATE OR REPLACE FUNCTION lineage_store.text_at(value jsonb, VARIADIC path text[])
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN jsonb_typeof(value #> path) IN ('string', 'number') THEN value #>> path END
$$;

-- Of two jobs the one with the greater key, whichever was seen first.
CREATE OR REPLACE FUNCTION lineage_store.greater_job(one bigint, other bigint)
RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT id FROM lineage_store.jobs WHERE id IN (one, other) ORDER BY key DESC LIMIT 1
$$;

-- The state of a run, as lineage.runs tells it.
CREATE OR REPLACE FUNCTION lineage_store.state(run lineage_store.runs)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN run.end_state IS NOT NULL THEN run.end_state
        WHEN run.is_running THEN 'RUNNING'
        WHEN run.first_event_at IS NOT NULL THEN 'OTHER'
    END
$$;

-- The id of a run, as lineage.runs tells it.
CREATE OR REPLACE FUNCTION lineage_store.run_id(run lineage_store.runs)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(run.run_id, run.id::text)
$$;

-- The members of an object by name; none of what is no object. Null counts as missing.
CREATE OR REPLACE FUNCTION lineage_store.members(value jsonb)
RETURNS TABLE (name text, member jsonb) LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT key, each.value
    FROM jsonb_each(CASE WHEN jsonb_typeof(value) = 'object' THEN value ELSE '{}' END) AS each
    WHERE each.value <> 'null'
$$;

-- The elements of an array; none of what is no array.
CREATE OR REPLACE FUNCTION lineage_store.elements(value jsonb)
RETURNS SETOF jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT jsonb_array_elements(CASE WHEN jsonb_typeof(value) = 'array' THEN value ELSE '[]' END)
$$;

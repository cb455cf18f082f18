-- Reading values out of facets, whatever producers put there: null instead of an error.

CREATE OR REPLACE FUNCTION lineage_store.text_at(value jsonb, VARIADIC path text[])
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN jsonb_typeof(value #> path) IN ('string', 'number') THEN value #>> path END
$$;

CREATE OR REPLACE FUNCTION lineage_store.string_at(value jsonb, VARIADIC path text[])
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN jsonb_typeof(value #> path) = 'string' THEN value #>> path END
$$;

CREATE OR REPLACE FUNCTION lineage_store.integer_at(value jsonb, VARIADIC path text[])
RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN value #>> path ~ '^-?[0-9]{1,9}$' THEN (value #>> path)::integer END
$$;

-- Times without a zone are UTC. What only PostgreSQL takes for a time ('now') is not one.
CREATE OR REPLACE FUNCTION lineage_store.time_at(value jsonb, VARIADIC path text[])
RETURNS timestamptz LANGUAGE plpgsql STABLE PARALLEL SAFE SET timezone = 'UTC' AS $$
DECLARE
    written text := value #>> path;
BEGIN
    IF written !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt ][0-9:.]+([Zz]|[+-][0-9:]+)?)?$' THEN
        RETURN NULL;
    END IF;
    RETURN written::timestamptz;
EXCEPTION WHEN data_exception THEN
    RETURN NULL;
END
$$;

-- An id is text that is not empty, or a whole number (openlineage_avro/event/pipeline_run_id.py).
CREATE OR REPLACE FUNCTION lineage_store.id_at(value jsonb, VARIADIC path text[])
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE jsonb_typeof(value #> path)
        WHEN 'string' THEN nullif(value #>> path, '')
        WHEN 'number' THEN substring(value #>> path FROM '^-?[0-9]+$')
    END
$$;

-- The id of the first tag with this key that has one.
CREATE OR REPLACE FUNCTION lineage_store.tag(value jsonb, wanted text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT lineage_store.id_at(tag, 'value')
    FROM jsonb_array_elements(
        CASE WHEN jsonb_typeof(value -> 'tags') = 'array' THEN value -> 'tags' ELSE '[]' END
    ) WITH ORDINALITY AS tags (tag, place)
    WHERE tag ->> 'key' = wanted AND lineage_store.id_at(tag, 'value') IS NOT NULL
    ORDER BY place LIMIT 1
$$;

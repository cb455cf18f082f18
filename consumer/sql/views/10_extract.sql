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

CREATE OR REPLACE FUNCTION lineage_store.tag(value jsonb, wanted text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT max(lineage_store.text_at(tag, 'value'))
    FROM jsonb_array_elements(
        CASE WHEN jsonb_typeof(value -> 'tags') = 'array' THEN value -> 'tags' ELSE '[]' END
    ) AS tag
    WHERE tag ->> 'key' = wanted
$$;

-- Run events by the time they tell, as the API lists them.

-- A page of the events of runs with since <= time < until: their JSON as it was sent, but for what
-- jsonb cannot hold. Each month is read by an index, as far as the page reaches.
CREATE OR REPLACE FUNCTION lineage_api.run_events(
    since timestamptz, until timestamptz, newest_first boolean, max_rows integer, skip integer
)
RETURNS TABLE (body text) LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
BEGIN
    RETURN QUERY
    WITH newest AS (
        SELECT event.pack_id, event.place, event.event_time, event.hash
        FROM lineage_store.events AS event
        WHERE newest_first AND event.event_time >= since AND event.event_time < until
          AND event.run_id <> '00000000-0000-0000-0000-000000000000'
        ORDER BY event.event_time DESC, event.hash DESC LIMIT max_rows OFFSET skip
    ),
    oldest AS (
        SELECT event.pack_id, event.place, event.event_time, event.hash
        FROM lineage_store.events AS event
        WHERE NOT newest_first AND event.event_time >= since AND event.event_time < until
          AND event.run_id <> '00000000-0000-0000-0000-000000000000'
        ORDER BY event.event_time, event.hash LIMIT max_rows OFFSET skip
    ),
    page AS MATERIALIZED (
        SELECT *, row_number() OVER (ORDER BY event_time DESC, hash DESC) AS ordinal FROM newest
        UNION ALL
        SELECT *, row_number() OVER (ORDER BY event_time, hash) FROM oldest
    )
    SELECT pack.bodies[page.place]
    FROM page
    JOIN lineage_store.event_packs AS pack
        ON pack.id = page.pack_id AND pack.event_time <= page.event_time
       AND pack.event_time >= date_trunc('month', page.event_time, 'UTC')
    ORDER BY page.ordinal;
END
$$;

-- How many events of runs there are with since <= time < until: counted up to 100,000 or so, more
-- are what PostgreSQL estimates, since a page must not cost what all events do.
CREATE OR REPLACE FUNCTION lineage_api.count_run_events(since timestamptz, until timestamptz)
RETURNS bigint LANGUAGE plpgsql SET jit = off AS $$ -- not stable: EXPLAIN would not be allowed
DECLARE
    asked text := format(
        'FROM lineage_store.events WHERE event_time >= %L AND event_time < %L'
        ' AND run_id <> ''00000000-0000-0000-0000-000000000000''', since, until
    );
    plan json;
    counted bigint;
BEGIN
    EXECUTE 'EXPLAIN (FORMAT JSON) SELECT ' || asked INTO plan;
    counted := plan #>> '{0,Plan,Plan Rows}';
    IF counted <= 100000 THEN
        EXECUTE 'SELECT count(*) ' || asked INTO counted;
    END IF;
    RETURN counted;
END
$$;

-- How many events of runs began, ended and failed in each of the intervals between moments.
CREATE OR REPLACE FUNCTION lineage_api.count_event_types(moments timestamptz[])
RETURNS TABLE (interval_number integer, event_type text, events bigint)
LANGUAGE sql STABLE SET jit = off AS $$
    SELECT width_bucket(event.event_time, moments), event.event_type, count(*)
    FROM lineage_store.events AS event
    WHERE event.event_time >= moments[1] AND event.event_time < moments[cardinality(moments)]
      AND event.run_id <> '00000000-0000-0000-0000-000000000000'
      AND event.event_type IN ('START', 'COMPLETE', 'FAIL', 'ABORT')
    GROUP BY 1, 2
$$;

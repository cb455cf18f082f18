-- Run events by the time they tell, as the API lists them, and by their runs.

-- The bodies of some events, each named by its pack, its place in it and its time, and where their
-- records lay on Kafka. number: which of those that are asked for. To read one body is to unpack
-- its whole pack: a pack is read once, however many of its events are asked for.
CREATE OR REPLACE FUNCTION lineage_api.bodies(
    packs bigint[], places smallint[], times timestamptz[]
)
RETURNS TABLE (number bigint, body text, record_offset bigint) LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_mergejoin = off SET jit = off AS $$
BEGIN
    RETURN QUERY
    WITH asked AS MATERIALIZED (
        SELECT event.pack_id, event.place, event.event_time, event.number
        FROM unnest(packs, places, times)
            WITH ORDINALITY AS event (pack_id, place, event_time, number)
    ),
    pack AS MATERIALIZED (
        SELECT asked.pack_id, max(asked.event_time) AS event_time,
            array_agg(asked.place::bigint) AS places
        FROM asked GROUP BY asked.pack_id
    ),
    read AS MATERIALIZED (
        SELECT pack.pack_id, each.place, each.body, stored.record_offsets[each.place] AS lay_at
        FROM pack
        JOIN lineage_store.event_packs AS stored
            ON stored.id = pack.pack_id AND stored.event_time <= pack.event_time
           AND stored.event_time >= date_trunc('month', pack.event_time, 'UTC')
        CROSS JOIN LATERAL unnest(stored.bodies) WITH ORDINALITY AS each (body, place)
        WHERE each.place = ANY (pack.places)
    )
    SELECT asked.number, read.body, read.lay_at
    FROM asked JOIN read ON read.pack_id = asked.pack_id AND read.place = asked.place;
END
$$;

-- The events of runs, as they were sent.
CREATE OR REPLACE FUNCTION lineage_api.events_of_runs(runs uuid[])
RETURNS TABLE (id uuid, event_time timestamptz, hash uuid, body text, record_offset bigint)
LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
DECLARE
    -- Each event in the same place of several arrays.
    ids uuid[];
    times timestamptz[];
    hashes uuid[];
    packs bigint[];
    places smallint[];
BEGIN
    SELECT array_agg(event.run_id), array_agg(event.event_time), array_agg(event.hash),
        array_agg(event.pack_id), array_agg(event.place)
    INTO ids, times, hashes, packs, places
    FROM unnest(runs) AS asked (id)
    JOIN lineage_store.runs AS run ON run.id = asked.id
    JOIN lineage_store.events AS event
        ON event.run_id = run.id
       AND event.event_time BETWEEN run.first_event_at AND run.last_event_at;
    RETURN QUERY
    SELECT ids[told.number], times[told.number], hashes[told.number], told.body,
        told.record_offset
    FROM lineage_api.bodies(packs, places, times) AS told;
END
$$;

-- The minute of a time, as index events_minute has it.
CREATE OR REPLACE FUNCTION lineage_store.minute_of(moment timestamptz)
RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN date_bin('1 minute', moment, '2000-01-01 00:00:00+00'::timestamptz);

CREATE OR REPLACE VIEW lineage_store.run_events_by_minute AS
SELECT event.*, lineage_store.minute_of(event.event_time) AS minute
FROM lineage_store.events AS event
WHERE event.run_id <> '00000000-0000-0000-0000-000000000000';

-- A page of the events of runs with since <= time < until: their JSON as it was sent, but for what
-- jsonb cannot hold. Each month is read by the index of minutes, as far as the page reaches; only
-- the events of a minute are sorted.
CREATE OR REPLACE FUNCTION lineage_api.run_events(
    since timestamptz, until timestamptz, newest_first boolean, max_rows integer, skip integer
)
RETURNS TABLE (body text) LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off
SET enable_mergejoin = off SET jit = off AS $$
BEGIN
    RETURN QUERY
    WITH newest AS (
        SELECT event.pack_id, event.place, event.event_time, event.hash
        FROM lineage_store.run_events_by_minute AS event
        WHERE newest_first AND event.event_time >= since AND event.event_time < until
          AND event.minute >= lineage_store.minute_of(since)
          AND event.minute <= lineage_store.minute_of(until)
        ORDER BY event.minute DESC, event.event_time DESC, event.hash DESC
        LIMIT max_rows OFFSET skip
    ),
    oldest AS (
        SELECT event.pack_id, event.place, event.event_time, event.hash
        FROM lineage_store.run_events_by_minute AS event
        WHERE NOT newest_first AND event.event_time >= since AND event.event_time < until
          AND event.minute >= lineage_store.minute_of(since)
          AND event.minute <= lineage_store.minute_of(until)
        ORDER BY event.minute, event.event_time, event.hash
        LIMIT max_rows OFFSET skip
    ),
    page AS MATERIALIZED (
        SELECT *, row_number() OVER (ORDER BY event_time DESC, hash DESC) AS ordinal FROM newest
        UNION ALL
        SELECT *, row_number() OVER (ORDER BY event_time, hash) FROM oldest
    )
    SELECT told.body
    FROM lineage_api.bodies(
        ARRAY(SELECT page.pack_id FROM page ORDER BY page.ordinal),
        ARRAY(SELECT page.place FROM page ORDER BY page.ordinal),
        ARRAY(SELECT page.event_time FROM page ORDER BY page.ordinal)
    ) AS told
    ORDER BY told.number;
END
$$;

-- How many events of runs there are with since <= time < until: counted up to 100,000 or so, more
-- are what PostgreSQL estimates, since a page must not cost what all events do.
CREATE OR REPLACE FUNCTION lineage_api.count_run_events(since timestamptz, until timestamptz)
RETURNS bigint LANGUAGE plpgsql SET jit = off AS $$ -- not stable: EXPLAIN would not be allowed
DECLARE
    asked text := format(
        'FROM lineage_store.run_events_by_minute WHERE event_time >= %L AND event_time < %L', since,
        until
    );
    plan json;
    counted bigint;
BEGIN
    EXECUTE 'EXPLAIN (FORMAT JSON) SELECT ' || asked INTO plan;
    counted := plan #>> '{0,Plan,Plan Rows}';
    IF counted <= 100000 THEN
        EXECUTE 'SELECT count(*) ' || asked || format(
            ' AND minute >= lineage_store.minute_of(%L) AND minute <= lineage_store.minute_of(%L)',
            since, until
        ) INTO counted;
    END IF;
    RETURN counted;
END
$$;

-- How many events of runs began, ended and failed in each of the intervals between moments.
CREATE OR REPLACE FUNCTION lineage_api.count_event_types(moments timestamptz[])
RETURNS TABLE (interval_number integer, event_type text, events bigint)
LANGUAGE sql STABLE SET jit = off AS $$
    SELECT width_bucket(event.event_time, moments), event.event_type, count(*)
    FROM lineage_store.run_events_by_minute AS event
    WHERE event.event_time >= moments[1] AND event.event_time < moments[cardinality(moments)]
      AND event.minute >= lineage_store.minute_of(moments[1])
      AND event.minute <= lineage_store.minute_of(moments[cardinality(moments)])
      AND event.event_type IN ('START', 'COMPLETE', 'FAIL', 'ABORT')
    GROUP BY 1, 2
$$;

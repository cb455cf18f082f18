-- Which names belong to one dataset: what follows from the links between names. A group has the id
-- of one of its names; which one says nothing.

-- Join names, pair by pair, where a link between them holds. The smaller group moves, so that a
-- name moves at most as often as a number can be halved.
CREATE OR REPLACE FUNCTION lineage_store.join_names(from_ids bigint[], to_ids bigint[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    pair record;
    kept bigint;
    moved bigint;
BEGIN
    LOCK TABLE lineage_store.dataset_groups IN SHARE ROW EXCLUSIVE MODE;
    FOR pair IN
        SELECT DISTINCT link.from_id, link.to_id
        FROM unnest(from_ids, to_ids) AS given (from_id, to_id)
        JOIN lineage_store.dataset_links AS link USING (from_id, to_id)
        WHERE NOT link.is_cut AND NOT link.is_withdrawn
        ORDER BY link.from_id, link.to_id
    LOOP
        kept := lineage_store.group_of(pair.from_id);
        moved := lineage_store.group_of(pair.to_id);
        CONTINUE WHEN kept = moved;
        IF (SELECT count(*) FROM lineage_store.dataset_groups WHERE group_id = kept)
            < (SELECT count(*) FROM lineage_store.dataset_groups WHERE group_id = moved)
        THEN
            SELECT moved, kept INTO kept, moved;
        END IF;
        UPDATE lineage_store.dataset_groups SET group_id = kept WHERE group_id = moved;
        INSERT INTO lineage_store.dataset_groups (dataset_id, group_id)
        VALUES (kept, kept), (moved, kept) ON CONFLICT (dataset_id) DO NOTHING;
    END LOOP;
END
$$;

CREATE OR REPLACE FUNCTION lineage_store.group_of(dataset bigint)
RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce(
        (SELECT group_id FROM lineage_store.dataset_groups WHERE dataset_id = dataset), dataset
    )
$$;

-- Take the groups of some names apart, and join again what the links that hold join.
CREATE OR REPLACE FUNCTION lineage_store.regroup_names(ids bigint[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    members bigint[];
    from_ids bigint[];
    to_ids bigint[];
BEGIN
    LOCK TABLE lineage_store.dataset_groups IN SHARE ROW EXCLUSIVE MODE;
    members := ARRAY(
        SELECT member.dataset_id
        FROM lineage_store.dataset_groups AS known
        JOIN lineage_store.dataset_groups AS member USING (group_id)
        WHERE known.dataset_id = ANY (ids)
        UNION
        SELECT unnest(ids)
    );
    DELETE FROM lineage_store.dataset_groups WHERE dataset_id = ANY (members);
    SELECT array_agg(from_id), array_agg(to_id) INTO from_ids, to_ids
    FROM lineage_store.dataset_links
    WHERE from_id = ANY (members) OR to_id = ANY (members);
    PERFORM lineage_store.join_names(from_ids, to_ids);
END
$$;

-- Take two names apart that are not one dataset (or, apart being false, let what joined them count
-- again). They stay apart though producers repeat it, unless other names join them.
CREATE OR REPLACE FUNCTION lineage_store.separate_names(
    one_namespace text, one_name text, other_namespace text, other_name text,
    apart boolean DEFAULT true
)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    ids bigint[] := ARRAY(
        SELECT id FROM lineage_store.datasets
        WHERE left(name, 200) COLLATE "C" IN (left(one_name, 200), left(other_name, 200))
          AND (namespace, name) IN ((one_namespace, one_name), (other_namespace, other_name))
    );
BEGIN
    UPDATE lineage_store.dataset_links SET is_cut = apart
    WHERE from_id = ANY (ids) AND to_id = ANY (ids);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no event joins %:% and %:%; lineage.dataset_names lists the names of each'
            ' dataset', one_namespace, one_name, other_namespace, other_name
            USING ERRCODE = 'no_data_found';
    END IF;
    PERFORM lineage_store.regroup_names(ids);
END
$$;

-- All names of a dataset, of which any is given.
CREATE OR REPLACE FUNCTION lineage_store.names_of(dataset bigint)
RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
    SELECT dataset_id FROM lineage_store.dataset_groups
    WHERE group_id = lineage_store.group_of(dataset)
    UNION
    SELECT dataset
$$;

-- The main name: that which was used last; of those never used the first in order.
CREATE OR REPLACE FUNCTION lineage_store.main_name(dataset bigint)
RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT id FROM lineage_store.datasets
    WHERE id = ANY (ARRAY(SELECT lineage_store.names_of(dataset)))
    ORDER BY last_named_at DESC NULLS LAST, namespace COLLATE "C", name COLLATE "C" LIMIT 1
$$;

-- Every name of a dataset beside each name that events sent of it (dataset_id), and which is its
-- main one: of those that stand alone, and of those that links join. A view that shows what was sent
-- of datasets under all of their names asks both, in two parts: only so do indexes lead from what
-- was sent to the names, and from a name to what was sent under all others. Without a function: a
-- view's functions run with the rights of who asks.
CREATE OR REPLACE VIEW lineage_store.lone_names AS
SELECT
    dataset.id AS dataset_id, dataset.namespace, dataset.name,
    dataset.namespace AS main_namespace, dataset.name AS main_name, true AS is_main
FROM lineage_store.datasets AS dataset
WHERE NOT EXISTS (
    SELECT FROM lineage_store.dataset_groups AS member WHERE member.dataset_id = dataset.id
);
CREATE OR REPLACE VIEW lineage_store.joined_names AS
SELECT
    sent.dataset_id, known.namespace, known.name, main.namespace AS main_namespace,
    main.name AS main_name, main.id = known.id AS is_main
FROM lineage_store.dataset_groups AS sent
JOIN lineage_store.dataset_groups AS member ON member.group_id = sent.group_id
JOIN lineage_store.datasets AS known ON known.id = member.dataset_id
CROSS JOIN LATERAL (
    SELECT other.id, other.namespace, other.name
    FROM lineage_store.dataset_groups AS each
    CROSS JOIN LATERAL (
        SELECT * FROM lineage_store.datasets AS known WHERE known.id = each.dataset_id
        OFFSET 0 -- each by the index, however large PostgreSQL takes groups to be
    ) AS other
    WHERE each.group_id = sent.group_id
    ORDER BY other.last_named_at DESC NULLS LAST, other.namespace COLLATE "C",
        other.name COLLATE "C"
    LIMIT 1
) AS main;

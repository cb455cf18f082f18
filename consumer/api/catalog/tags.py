"""Finds the tags that people gave to jobs, datasets and fields."""

from collections import defaultdict
from collections.abc import Sequence

from consumer.query.reader import Snapshot

# By the id of a job or dataset, and the field's name: empty where the whole has the tag.
Tags = dict[tuple[int, str], list[str]]


def tags_of(snapshot: Snapshot, ids: Sequence[int]) -> Tags:
    """Return the tags of jobs or datasets."""
    found: Tags = defaultdict(list)
    for row in snapshot.rows("api/tags/of", ids=list(ids)):
        found[row["owner_id"], row["field"]].append(row["tag"])
    return found

"""Which tables follow from events, and how what was derived anew replaces what is there."""

# Rows with a key: those that differ are replaced, those that are not derived any more go.
KEYED = {
    "runs": ("id",),
    "families": ("run_id",),
    "dag_runs": ("run_id",),
    "run_io": ("run_id", "dataset_id", "is_output"),
    "quality_checks": ("key",),
    "facet_versions": ("owner", "owner_id", "name", "first_event_at", "first_event_hash"),
    "facet_statements": ("owner_id", "facet"),
    "column_lineage": ("dataset_id", "job_id", "facet"),
    "job_parents": ("job_id", "parent_id"),
    "lanes": ("job_id", "dataset_id"),
    "edges": ("from_id", "to_id", "kind", "stated_by", "dependency_type"),
    "dataset_links": ("from_id", "to_id", "kind"),
    "dataset_groups": ("dataset_id",),
}
# Rows that follow from the value of a facet alone, by the part of lineage_store.facet_graphs that
# says that they are written: replaced value by value.
OF_VALUES = {
    "column_edges": "column_edges",
    "facet_columns": "columns",
    "task_graph_nodes": "tasks",
    "task_graph_edges": "tasks",
}
# Never deleted: consumers remember which values the store has.
ADDED = {
    "facet_values": ("hash",),
    "facet_graphs": ("value_hash", "part"),
    "task_settings": ("hash",),
}
# Their ids are in events, and in what people said: only the other columns are derived.
NAMES = ("jobs", "datasets")
# What does not follow from events, or is what they are made of.
KEPT = (
    *("migrations", "views", "partitions", "gaps", "rejected", "events", "event_packs"),
    *("namespace_notes", "source_notes", "tag_notes", "tagged"),
    *("hidden_nodes", "hidden_namespaces", "api_tokens"),
    "event_days",  # counts events that were forgotten, too
)

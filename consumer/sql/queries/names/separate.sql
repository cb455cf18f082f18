-- Take two names apart, or let what joined them count again.
SELECT lineage_store.separate_names(
    %(namespace)s, %(name)s, %(other_namespace)s, %(other_name)s, %(is_apart)s
)

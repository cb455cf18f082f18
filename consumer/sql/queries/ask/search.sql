-- Where the words of a text stand in names.
SELECT * FROM lineage.search(%(text)s, %(limit)s)

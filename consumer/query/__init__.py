"""Questions about lineage, asked of the functions in schema `lineage`, and ways to show answers."""

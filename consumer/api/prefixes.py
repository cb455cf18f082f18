"""Where the API answers. Each router has it in its own paths, which metrics name."""

API = "/api/v1"  # Marquez's
WEB = "/api/lineage"  # what the web application asks

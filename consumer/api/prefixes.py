"""Where the API answers.

Each router has it in its own paths: newer versions of FastAPI leave what `include_router` adds out
of a route's path, which metrics name.
"""

API = "/api/v1"  # Marquez's
WEB = "/api/lineage"  # what the web application asks

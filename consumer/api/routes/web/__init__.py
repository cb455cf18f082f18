"""What the web application asks, a module for each of its pages."""

from consumer.api.routes.web import dag_runs, datasets, graph, pipeline_runs, search, traffic

ROUTERS = (
    dag_runs.router,
    datasets.router,
    graph.router,
    pipeline_runs.router,
    search.router,
    traffic.router,
)

"""A dashboard that reads what the sample DAGs write, for the answers in docs/."""

from typing import Any


def dashboard(namespace: str) -> list[dict[str, Any]]:
    """Return what a dashboard's refreshes on three days sent; the last one never ended."""
    source = {"namespace": namespace, "name": "warehouse.public.country_revenue"}
    column = {"inputFields": [source | {"field": "revenue"}]}
    facets = {
        "ownership": {"owners": [{"name": "team:sales", "type": "OWNER"}]},
        "columnLineage": {"fields": {"total": column}},
    }
    events = []
    for day, fields in ((22, ["total"]), (23, ["total", "share"]), (24, ["total", "share"])):
        schema = {"fields": [{"name": each, "type": "numeric"} for each in fields]}
        output = {
            "namespace": "dashboards",
            "name": "sales.revenue",
            "facets": facets | {"schema": schema},
            "outputFacets": {"outputStatistics": {"rowCount": day}},
        }
        events.append(
            {
                "eventType": "START" if day == 24 else "COMPLETE",
                "eventTime": f"2026-11-{day}T22:00:00Z",
                "producer": "https://example.com/dashboards",
                "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
                "run": {"runId": f"01900000-0000-7000-8000-0000000000{day}"},
                "job": {"namespace": "dashboards", "name": "refresh_sales"},
                "inputs": [source],
                "outputs": [] if day == 24 else [output],
            }
        )
    return events

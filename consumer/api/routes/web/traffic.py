"""What events cost, how far the consumer is, what was lost or never came."""

from datetime import datetime, timezone

from fastapi import APIRouter

from consumer.api.context import Store
from consumer.api.prefixes import WEB
from consumer.api.web.traffic import CostOf, Traffic
from openlineage_avro.tools.costs import Cost, Costs

router = APIRouter(prefix=WEB, tags=["web"])

DAYS = 30
MEASURED = 200  # latest events: to encode each without each of its facets takes about 2 ms
MOST = 50  # rows of each list
LOOKED_AT = 200  # latest DAG runs that are asked what they miss
LISTS = {"rejected": "web/traffic/rejected", "gaps": "web/traffic/gaps"}


@router.get("/traffic")
def get_traffic(store: Store, until: datetime | None = None) -> Traffic:
    """Return what events of the days before a moment cost, and the state of the consumer."""
    moment = until or datetime.now(timezone.utc)
    with store.snapshot() as snapshot:
        events = snapshot.rows("web/traffic/latest", until=moment, days=DAYS, limit=MEASURED)
        days = snapshot.rows("web/traffic/days", until=moment, days=DAYS)
        partitions = snapshot.rows("web/traffic/partitions")
        lists = {name: snapshot.rows(each, limit=MOST) for name, each in LISTS.items()}
        missing = snapshot.rows("web/traffic/missing", looked_at=LOOKED_AT, limit=MOST)
    costs = Costs()
    for row in events:
        costs.add(row["event"])
    return Traffic.model_validate(
        {
            "until": moment,
            "measured": len(events),
            "days": days,
            "by_type": _dearest_first(costs.by_type),
            "by_facet": _dearest_first(costs.by_facet),
            "partitions": partitions,
            "missing": missing,
            "looked_at": LOOKED_AT,
            **lists,
        }
    )


def _dearest_first(costs: dict[str, Cost]) -> list[CostOf]:
    ordered = sorted(costs.items(), key=lambda item: -item[1].json)
    return [
        CostOf(name=name, count=cost.count, json_bytes=cost.json, avro_bytes=cost.avro)
        for name, cost in ordered
    ]

"""What a search finds."""

from consumer.api.shapes import Name, Shape


class Found(Name):
    """A job, dataset, column or run."""

    kind: str  # job, dataset, column or run
    field: str | None  # the column, or the run id
    dag_id: str | None  # of a run that is Airflow's


class SearchResult(Shape):
    """What was found, kind by kind."""

    found: list[Found]

"""A pipeline with branches, groups, mapping and retries, in which one task fails for good."""

import uuid
from datetime import timedelta

from airflow.providers.common.compat.sdk import DAG, TaskGroup, task

with DAG(
    dag_id="complex_failure_dag",
    description="Task groups, mapped tasks, a retry that helps and one that does not",
    schedule=None,
    catchup=False,
    tags=["openlineage-avro", "sample"],
    default_args={"owner": "data-platform", "retry_delay": timedelta(seconds=1)},
):

    @task
    def push_pipeline_run_id(ti=None) -> str:
        """Name this pipeline run."""
        identifier = str(uuid.uuid4())
        ti.xcom_push(key="pipeline_run_id", value=identifier)
        return identifier

    @task
    def list_regions() -> list[str]:
        """Decide at run time how many tasks `load_region` becomes."""
        return ["emea", "apac", "amer"]

    @task
    def load_region(region: str) -> int:
        """Load one region; one mapped task for each."""
        return len(region)

    @task(retries=1)
    def flaky(ti=None) -> None:
        """Fail on the first try only."""
        if ti.try_number == 1:
            raise RuntimeError("the source was not ready on the first try")

    @task.branch
    def choose(counts: list[int]) -> str:
        """Follow one of two ways; the other one is skipped."""
        return "checks.count_orders" if sum(counts) > 5 else "skip_checks"

    @task
    def skip_checks() -> None:
        """Stand for the way not taken."""

    with TaskGroup("checks") as checks:

        @task
        def count_orders() -> int:
            """Find that there are orders at all."""
            return 12

        @task
        def match_customers(orders: int) -> None:
            """Find what is wrong, each time."""
            raise ValueError(f"{orders} orders have no customer")

        match_customers(count_orders())

    @task(trigger_rule="all_done")
    def clean_up() -> None:
        """Run whatever happened before."""

    @task
    def publish() -> None:
        """Never run, since a check failed."""

    counts = load_region.expand(region=list_regions())
    chosen = choose(counts)
    push_pipeline_run_id() >> flaky() >> chosen >> [checks, skip_checks()]
    checks >> [publish(), clean_up()]

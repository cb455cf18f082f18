"""A pipeline over several DAGs: groups, mapping, a branch, an asset, and a DAG that it triggers."""

from airflow.providers.common.compat.sdk import DAG, Asset, TaskGroup, task

try:
    from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
except ImportError:  # Airflow 2
    from airflow.operators.trigger_dagrun import TriggerDagRunOperator

REPORT = Asset("file:///reports/orders")

with DAG(
    dag_id="order_report_dag",
    description="Counts orders by country, writes a report, and has another DAG send it",
    schedule=None,
    catchup=False,
    tags=["openlineage-avro", "sample"],
    default_args={"owner": "analytics"},
):

    @task
    def push_pipeline_run_id(ti=None, run_id=None) -> str:
        """Name this pipeline run after the DAG run."""
        identifier = f"report-{run_id}"
        ti.xcom_push(key="pipeline_run_id", value=identifier)
        return identifier

    with TaskGroup("count") as count:

        @task
        def list_countries() -> list[str]:
            """Decide at run time how many tasks `count_orders` becomes."""
            return ["GB", "US", "NL"]

        @task
        def count_orders(country: str) -> int:
            """Count the orders of one country; one mapped task for each."""
            return len(country)

        counts = count_orders.expand(country=list_countries())

    @task.branch
    def choose(numbers: list[int]) -> str:
        """Follow one of two ways; the other one is skipped."""
        return "write_report" if sum(numbers) else "say_that_nothing_came"

    @task
    def say_that_nothing_came() -> None:
        """Stand for the way not taken."""

    @task(outlets=[REPORT])
    def write_report() -> None:
        """Write the report, which DAGs that are scheduled by the asset wait for."""

    # The DAG that is triggered belongs to the same pipeline run.
    send = TriggerDagRunOperator(
        task_id="send_report",
        trigger_dag_id="simple_success_dag",
        conf={"pipeline_run_id": "{{ ti.xcom_pull(task_ids='push_pipeline_run_id') }}"},
        wait_for_completion=True,
        poke_interval=1,
    )

    push_pipeline_run_id() >> count
    written = write_report()
    choose(counts) >> [written, say_that_nothing_came()]
    written >> send

with DAG(
    dag_id="report_archive_dag",
    description="Runs whenever the report has been written",
    schedule=[REPORT],
    catchup=False,
    tags=["openlineage-avro", "sample"],
    default_args={"owner": "analytics"},
):

    @task(inlets=[REPORT])
    def archive() -> None:
        """Keep a copy of the report."""

    archive()

"""SQL tasks that read and write tables, and a dashboard whose operator tells its lineage."""

from airflow.providers.common.compat.sdk import DAG, task
from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator

CONNECTION = "orders_warehouse"

CREATE_SOURCES = """
CREATE TABLE IF NOT EXISTS customers (id int PRIMARY KEY, name text, country text);
CREATE TABLE IF NOT EXISTS orders (
    id int PRIMARY KEY, customer_id int, amount numeric(12, 2), ordered_at timestamptz);
INSERT INTO customers VALUES (1, 'Ada', 'GB'), (2, 'Grace', 'US'), (3, 'Edsger', 'NL')
    ON CONFLICT DO NOTHING;
INSERT INTO orders VALUES (1, 1, 120, now()), (2, 1, 80, now()), (3, 2, 45, now())
    ON CONFLICT DO NOTHING;
"""

CLEAN_ORDERS = """
DROP TABLE IF EXISTS clean_orders;
CREATE TABLE clean_orders AS
SELECT o.id AS order_id, o.customer_id, o.amount FROM orders o WHERE o.amount > 0;
"""

CUSTOMER_REVENUE = """
DROP TABLE IF EXISTS customer_revenue;
CREATE TABLE customer_revenue AS
SELECT c.id AS customer_id, c.name AS customer_name, c.country, sum(o.amount) AS revenue
FROM customers c JOIN clean_orders o ON o.customer_id = c.id
GROUP BY c.id, c.name, c.country;
"""

COUNTRY_REVENUE = """
DROP TABLE IF EXISTS country_revenue;
CREATE TABLE country_revenue AS
SELECT country, sum(revenue) AS revenue FROM customer_revenue GROUP BY country;
"""

DASHBOARD = "SELECT country, revenue FROM country_revenue"


class RefreshDashboard(SQLExecuteQueryOperator):
    """Reads what a dashboard shows, and says what the SQL cannot: the dashboard itself.

    https://airflow.apache.org/docs/apache-airflow-providers-openlineage/stable/guides/developer.html
    """

    def execute(self, context):
        """Remember how many rows the dashboard shows."""
        self.rows = len(super().execute(context))

    def get_openlineage_facets_on_complete(self, task_instance):
        """Add the dashboard to what was read, with its owner, schema, columns and rows."""
        from openlineage.client.event_v2 import OutputDataset
        from openlineage.client.facet_v2 import (
            column_lineage_dataset,
            output_statistics_output_dataset,
            ownership_dataset,
            schema_dataset,
        )

        lineage = super().get_openlineage_facets_on_complete(task_instance)
        [table] = lineage.inputs
        fields = {}
        for shown, column in (("country", "country"), ("total", "revenue")):
            source = column_lineage_dataset.InputField(table.namespace, table.name, column)
            fields[shown] = column_lineage_dataset.Fields(inputFields=[source])
        facets = {
            "columnLineage": column_lineage_dataset.ColumnLineageDatasetFacet(fields=fields),
            "ownership": ownership_dataset.OwnershipDatasetFacet(
                owners=[ownership_dataset.Owner(name="team:sales", type="OWNER")]
            ),
            "schema": schema_dataset.SchemaDatasetFacet(
                fields=[
                    schema_dataset.SchemaDatasetFacetFields(name="country", type="text"),
                    schema_dataset.SchemaDatasetFacetFields(name="total", type="numeric"),
                ]
            ),
        }
        rows = output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet(
            rowCount=self.rows
        )
        lineage.outputs.append(
            OutputDataset(
                namespace="dashboards",
                name="sales.by_country",
                facets=facets,
                outputFacets={"outputStatistics": rows},
            )
        )
        return lineage


with DAG(
    dag_id="orders_lineage_dag",
    description="From orders and customers to revenue by country, in SQL",
    schedule=None,
    catchup=False,
    tags=["openlineage-avro", "sample"],
    default_args={"owner": "data-platform"},
):

    @task
    def push_pipeline_run_id(ti=None, run_id=None) -> None:
        """Name this pipeline run after the DAG run."""
        ti.xcom_push(key="pipeline_run_id", value=f"orders-{run_id}")

    def sql_task(task_id: str, sql: str) -> SQLExecuteQueryOperator:
        """Return a task that runs `sql` in the warehouse."""
        return SQLExecuteQueryOperator(
            task_id=task_id, conn_id=CONNECTION, sql=sql, split_statements=True
        )

    (
        push_pipeline_run_id()
        >> sql_task("create_sources", CREATE_SOURCES)
        >> sql_task("clean_orders", CLEAN_ORDERS)
        >> sql_task("customer_revenue", CUSTOMER_REVENUE)
        >> sql_task("country_revenue", COUNTRY_REVENUE)
        >> RefreshDashboard(task_id="refresh_dashboard", conn_id=CONNECTION, sql=DASHBOARD)
    )

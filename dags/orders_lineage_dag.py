"""SQL tasks that read and write Postgres tables, so that datasets and column lineage appear."""

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
    )

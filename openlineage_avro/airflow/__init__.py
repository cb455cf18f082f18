"""What is asked of Airflow, where there is one: the only folder that knows its versions."""

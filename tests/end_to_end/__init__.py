"""The whole chain with real Airflow."""

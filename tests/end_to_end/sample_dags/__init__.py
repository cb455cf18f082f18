"""What is left when real Airflow has run the sample DAGs."""

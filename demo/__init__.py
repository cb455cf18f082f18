"""Real Kafka, PostgreSQL and Airflow on one machine, without Docker: for the demo and the tests."""

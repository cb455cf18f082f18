"""Real Kafka, PostgreSQL, registry and Airflow on loopback: for tests, benchmarks and demo."""

"""Tests of openlineage-avro against real Kafka, PostgreSQL and Airflow."""

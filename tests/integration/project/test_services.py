"""The services that all other tests stand on are the real ones."""

import psycopg
from kafka import KafkaConsumer, KafkaProducer


def test_kafka_takes_and_gives_a_record(kafka_bootstrap_servers: str, topic: str) -> None:
    producer = KafkaProducer(bootstrap_servers=kafka_bootstrap_servers, compression_type="zstd")
    producer.send(topic, key=b"key", value=b"value").get(timeout=10)
    producer.close()
    consumer = KafkaConsumer(
        topic, bootstrap_servers=kafka_bootstrap_servers, auto_offset_reset="earliest"
    )
    record = next(consumer)
    consumer.close()
    assert (record.key, record.value) == (b"key", b"value")


def test_postgres_is_new_enough_and_the_database_empty(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        assert connection.info.server_version >= 140000
        tables = connection.execute(
            "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"
        ).fetchone()
    assert tables == (0,)

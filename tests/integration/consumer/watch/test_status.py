"""`status` for programs: lag in records and seconds, and bounds that it is held to."""

import json
from datetime import datetime, timezone

from tests.support.storing import Consumer, produce, value


def test_lag_in_records_and_seconds_and_its_bounds(
    kafka_bootstrap_servers: str, consumer: Consumer
) -> None:
    before = datetime.now(timezone.utc)
    produce(kafka_bootstrap_servers, consumer.topic, [value(each) for each in range(4)], 2)
    done = consumer.run("status", "--json", "--max-lag", "3")
    assert done.returncode == 1
    assert "lag: expected at most 3 records, got 4" in done.stderr
    told = json.loads(done.stdout)
    assert told["lag_records"] == 4
    assert told["lag_seconds"] > 0
    by_number = {each["partition"]: each for each in told["partitions"]}
    assert [by_number[number]["lag_records"] for number in range(3)] == [2, 2, 0]
    since = datetime.fromisoformat(by_number[0]["waiting_since"])
    assert abs((since - before).total_seconds()) < 30
    assert by_number[2]["waiting_since"] is None
    assert by_number[2]["lag_seconds"] == 0
    assert consumer.run("status", "--max-lag", "4").returncode == 0
    assert "lag: expected at most 0 s" in consumer.run("status", "--max-lag-seconds", "0").stderr

    assert consumer.run("run", "--stop-at-end").returncode == 0
    done = consumer.run("status", "--json", "--max-lag", "0", "--max-lag-seconds", "0")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["lag_records"], told["lag_seconds"]) == (0, 0)
    assert told["store"]["events"] == 4


def test_of_records_that_were_deleted_the_first_that_is_left_counts(
    kafka_bootstrap_servers: str, consumer: Consumer
) -> None:
    from kafka import TopicPartition
    from kafka.admin import KafkaAdminClient

    produce(kafka_bootstrap_servers, consumer.topic, [value(each) for each in range(3)], 1)
    admin = KafkaAdminClient(bootstrap_servers=kafka_bootstrap_servers)
    admin.delete_records({TopicPartition(consumer.topic, 0): 2})
    admin.close()
    (first, *_) = json.loads(consumer.run("status", "--json").stdout)["partitions"]
    assert first["waiting_since"] is not None

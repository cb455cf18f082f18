"""Only what a producer needs is imported of kafka-python, and everything else can be had."""

import json
import subprocess
import sys

PROGRAM = """
import json, sys
from openlineage_avro.kafka_import import import_producer
import_producer()
import_producer()
before = [name for name in sys.modules if name.startswith("kafka")]
import kafka
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition, errors
from kafka.producer import KafkaProducer as same
from kafka.protocol.admin import CreateTopicsRequest
from kafka.protocol.consumer import FetchRequest
import kafka.protocol.admin
assert KafkaProducer is same
assert kafka.KafkaConsumer is KafkaConsumer
assert kafka.errors is errors
assert kafka.__version__
assert kafka.protocol.admin.CreateTopicsRequest is CreateTopicsRequest
missing = [name for name in kafka.__all__ if not hasattr(kafka, name)]
print(json.dumps([before, missing]))
"""


def test_what_is_not_needed_is_imported_when_it_is_asked_for() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PROGRAM], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    before, missing = json.loads(done.stdout)
    assert "kafka.producer.kafka" in before
    assert not {"kafka.admin", "kafka.consumer", "kafka.coordinator"}.intersection(before)
    assert not {"kafka.protocol.admin.acl", "kafka.protocol.consumer.fetch"}.intersection(before)
    assert missing == []


def test_a_kafka_that_is_there_already_is_used() -> None:
    program = (
        "import kafka\n"
        "from openlineage_avro.kafka_import import import_producer\n"
        "import_producer()\n"
        "assert '__getattr__' not in vars(kafka)\n"
    )
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", program], capture_output=True)
    assert done.returncode == 0, done.stderr.decode()

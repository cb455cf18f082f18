"""What kafka-python 3.0 does wrong when it reads in a group, met here and nowhere else.

Seen in 3.0.12; pyproject.toml bounds the version. The test is in
tests/integration/consumer/source/test_workarounds.py, and fails once kafka-python does without it.

1. A consumer that joins its group anew because a topic or a partition came or went, and is not
   through within one `poll`, forgets that it has begun: it stays a member that reads nothing
   (kafka/coordinator/consumer.py: `_perform_assignment` takes away what `need_rejoin` looks at,
   before kafka/coordinator/base.py: `join_group_async` has taken the answer). `finish_joining`.
2. A join that ends between two polls is thrown away, and the group shares its partitions out once
   more (`join_group_async` begins anew where its task is done). Whoever polls all the time, as this
   consumer does while it joins, is seldom between two; nothing is done about it here.
"""

from kafka import KafkaConsumer


def finish_joining(consumer: KafkaConsumer) -> None:
    """Have a consumer whose partitions were revoked join until it has new ones (1)."""
    consumer._coordinator.request_rejoin()

"""Stage 6, delivery: each event reaches Kafka or waits on disk, and no task waits for either."""

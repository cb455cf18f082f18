"""Stage 5, Kafka: the only folder that imports kafka-python, and knows what it keeps to itself."""

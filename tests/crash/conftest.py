"""Makes the consumer's fixtures known to the tests that break it."""

from tests.integration.consumer.fixtures import consumer, session_url, store_url, template

__all__ = ["consumer", "session_url", "store_url", "template"]

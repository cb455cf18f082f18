"""Makes the consumer's fixtures known to its tests."""

from tests.integration.consumer.fixtures import (
    consumer,
    session_url,
    spare_url,
    store,
    store_url,
    template,
)

__all__ = ["consumer", "session_url", "spare_url", "store", "store_url", "template"]

"""Fixtures of the tests of what the web application asks: a store with our captured events."""

import pytest

from consumer.store.store import Store
from tests.support.http import Client
from tests.support.storing import put
from tests.support.web_events import stored_events


@pytest.fixture
def filled(store: Store, api: Client) -> Client:
    """Return a client of an API on a store with the sample DAGs' events."""
    put(store, stored_events())
    return api

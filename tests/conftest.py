"""Fixtures are plugins, each a file of tests/fixtures."""

pytest_plugins = [
    "tests.fixtures.services",
    "tests.fixtures.stores",
    "tests.fixtures.api",
    "tests.fixtures.browser",
    "tests.fixtures.sample_dags",
    "tests.fixtures.guarded_registry",
]

"""Fixtures are plugins, each a file of tests/fixtures."""

pytest_plugins = [
    "tests.fixtures.services",
    "tests.fixtures.stores",
    "tests.fixtures.api",
    "tests.fixtures.browser",
    "tests.fixtures.guarded_registry",
]

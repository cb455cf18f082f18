"""PostgreSQL takes the JSON of every value, and gives it back unchanged where that is said."""

import json
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consumer.decode.canonical import canonical_and_stored
from consumer.decode.json_value import json_value
from tests.support.json_values import JSON


def shown(text: str) -> Any:
    """Return JSON with numbers as (kind, exact value, sign), so that all differences count."""
    return json.loads(
        text,
        parse_int=lambda number: ("integer", number),
        parse_float=lambda number: ("with a point", Decimal(number), number.startswith("-")),
        parse_constant=lambda name: ("constant", name),
    )


def check(connection: psycopg.Connection[tuple[str]], value: Any) -> bool:
    """Return whether jsonb holds a value exactly, and assert that this is what is said of it."""
    text, stored, is_exact = canonical_and_stored(value)
    row = connection.execute("SELECT (%s::jsonb)::text", [stored]).fetchone()
    assert row is not None
    try:
        is_same: bool = shown(row[0]) == shown(text)
    except ArithmeticError:  # an exponent beyond even a Decimal's
        is_same = False
    assert is_same == is_exact
    return is_exact


@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(JSON))
def test_any_value(postgres_url: str, values: list[Any]) -> None:
    with psycopg.connect(postgres_url) as connection:
        for value in values:
            check(connection, value)


@pytest.mark.parametrize(
    ("number", "is_exact"),
    [
        ("-0", False),
        ("0.12345678901234567890", True),
        ("-98765432109876543210.10", True),
        ("9007199254740993.0", True),
        ("1e-400", True),
        ("12e-1", True),
        ("1234567890123456789012e-1", True),
        ("1e400", False),
        ("1e131071", False),
        ("1e131072", False),
        ("1" + "0" * 131_071, True),
        ("1" + "0" * 131_072, False),
        ("1e-16383", True),
        ("1e-16384", False),
        ("0.1" + "0" * 16_380 + "10", True),
        ("0.1" + "0" * 16_380 + "100", False),
        ("9" * 131_072 + "." + "9" * 16_383, True),
        ("1e99999999999999999999", False),
        ("1e-99999999999999999999", False),
    ],
)
def test_long_numbers(postgres_url: str, number: str, is_exact: bool) -> None:
    with psycopg.connect(postgres_url) as connection:
        assert check(connection, json_value(f'{{"a": [{number}]}}'.encode())) == is_exact

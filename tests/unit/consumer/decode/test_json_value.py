"""json_value loses nothing of a number, and reads the encodings of Unicode that JSON may have."""

import codecs
import json
import pickle
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consumer.decode.json_value import LongNumber, json_items, json_value
from openlineage_avro.event.depth import TooDeep
from tests.support.equality import same
from tests.support.json_values import JSON

DIGITS = st.text("0123456789", min_size=1, max_size=30)
INTEGERS = DIGITS.map(lambda digits: digits.lstrip("0") or "0")
NUMBERS = st.builds(
    lambda sign, whole, fraction, exponent: f"{sign}{whole}{fraction}{exponent}",
    st.sampled_from(["", "-"]),
    INTEGERS,
    st.just("") | DIGITS.map(lambda digits: f".{digits}"),
    st.just("")
    | st.builds(
        lambda e, n: f"{e}{n}", st.sampled_from(["e", "E", "e+"]), st.integers(-999, 999)
    ).map(lambda text: text.replace("+-", "-")),
)


@given(JSON)
def test_what_python_writes_is_read_as_python_reads_it(value: Any) -> None:
    text = json.dumps(value)
    assert same(json_value(text.encode()), json.loads(text))


@given(NUMBERS)
def test_no_number_loses_a_digit(text: str) -> None:
    found = json_value(text.encode())
    if isinstance(found, LongNumber):
        assert found.text == text
        assert text == "-0" or "." in text or "e" in text.lower()
        assert text == "-0" or Decimal(repr(float(text))) != Decimal(text)
    else:
        assert Decimal(repr(found)) == Decimal(text)


@pytest.mark.parametrize(
    "text",
    ["-0", "1e400", "-1e400", "1e-400", "4e-324", "9007199254740993.0", "0.1234567890123456789"]
    + ["9" * 5_000, "1e99999999999999999999", "7E-99999999999999999999", "0.10000000000000001"],
)
def test_what_no_float_has_keeps_its_text(text: str) -> None:
    found = json_value(f"[{text}]".encode())[0]
    assert isinstance(found, LongNumber)
    assert found.text == repr(found) == text
    assert pickle.loads(pickle.dumps(found)) == found


@pytest.mark.parametrize("text", ["1.50", "1E5", "1e16", "0.30000000000000004", "5e-324", "0e0"])
def test_what_a_float_has_is_one(text: str) -> None:
    assert same(json_value(text.encode()), float(text))


def test_numbers_that_differ_late_differ() -> None:
    one, other = json_value(b"[0.12345678901234567890, 0.12345678901234567891]")
    assert float(one) == float(other)
    assert one != other
    assert one != float(one)
    assert len({one, other, LongNumber("0.12345678901234567890")}) == 2


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ],
)
def test_encodings_of_unicode(mark: bytes, encoding: str) -> None:
    assert json_value(mark + ' {"é": "\U0001f600"}'.encode(encoding)) == {"é": "\U0001f600"}


@pytest.mark.parametrize(
    "text", ["[]", " [ ]\n", "[1]", ' [1, {"a": [2]} ,"]" ]\r\n', "[1e400,-0]"]
)
def test_the_items_of_an_array_one_by_one(text: str) -> None:
    assert same(list(json_items(text)), json_value(text.encode()))


@pytest.mark.parametrize(
    "text", ["", "x", "[", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "[1] x", "[1]]", '{"a": 1}']
)
def test_what_is_no_array(text: str) -> None:
    with pytest.raises(json.JSONDecodeError):
        list(json_items(text))


def test_an_item_that_is_too_deep_ends_nothing() -> None:
    first, deep, last = json_items(f"[1,{'[' * 300}{']' * 300},2]")
    assert (first, last) == (1, 2)
    assert isinstance(deep, TooDeep)
    assert "200 levels" in str(deep)

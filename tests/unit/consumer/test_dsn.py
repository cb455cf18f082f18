"""A DSN is read as it was meant, or refused without a part of it."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg.conninfo import conninfo_to_dict

from consumer.dsn import checked_dsn
from consumer.errors import ConsumerError, SettingsError
from consumer.store.database import where_of

SCHEMES = ["postgresql://", "postgres://", "postgresql+psycopg2://", "postgresql+psycopg://"]
PASSWORDS = st.text(st.sampled_from("xyz019@/%:?#&= []\\'"), min_size=4, max_size=12)


@pytest.mark.parametrize("scheme", SCHEMES)
@given(password=PASSWORDS)
def test_an_encoded_password_is_taken_as_it_is(scheme: str, password: str) -> None:
    given = f"{scheme}me:{quote(password, safe='')}@host:5433,[::1]:5434/db?sslmode=require"
    read = conninfo_to_dict(checked_dsn(given))
    assert (read["password"], read["dbname"]) == (password, "db")
    assert where_of(checked_dsn(given)) == "host,::1:5433,5434/db"


@pytest.mark.parametrize(
    "form",
    [f"{scheme}me:{{}}@host/db" for scheme in SCHEMES]
    + ["me:{}@host/db", "mysql://me:{}@host/db", "host=h password={} x"],
)
@given(password=PASSWORDS)
def test_a_password_that_is_not_encoded_is_read_or_refused_and_in_no_message(
    form: str, password: str
) -> None:
    given = form.format(password)
    try:
        message = where_of(checked_dsn(given))
    except ConsumerError as exc:
        message = f"{exc} {exc.__cause__}"
    parts = {password[start : start + 4] for start in range(len(password) - 3)}
    assert not [part for part in parts if part in message.replace("://", "")]


@pytest.mark.parametrize(
    "given",
    [
        "host=h;port=5432;user=me;password=s3cret;dbname=db",
        "host=h,port=5432,user=me,password=s3cret",
        "postgresql://h:5432/db&user=me&password=s3cret",
        "postgresql://h:5432/db;user=me;password=s3cret",
        "dbname=postgresql://me:s3cret@h/db",
        "dbname=db host=me:s3cret@h",
        "host=h port=5432;password=s3cret",
    ],
)
def test_settings_that_stand_in_another_are_refused_and_not_told(given: str) -> None:
    with pytest.raises(SettingsError, match="seem to stand") as caught:
        checked_dsn(given)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    "given",
    ["host=/var/run/postgresql dbname=my-db", "host=@socket", "host='::1,h_1' port=1,2 dbname=ü"],
)
def test_unusual_places_are_taken(given: str) -> None:
    assert checked_dsn(given) == given


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("postgresql://me:a@b@host/db", "percent-encoded: %40"),
        ("postgresql://me:a/b@host/db", "percent-encoded: %40"),
        ("postgresql://me:a?b@host/db", "percent-encoded: %40"),
        ("postgresql://me:a%b@host/db", "percent-encoded: %25"),
        ("postgresql://me:secret/db", "is there no @ before the host"),
        ("me:secret@host/db", "or keyword=value pairs, got neither"),
    ],
)
def test_the_mistake_is_named(given: str, expected: str) -> None:
    with pytest.raises(SettingsError, match=expected) as caught:
        checked_dsn(given)
    assert "secret" not in str(caught.value)


def test_keywords_are_left_to_libpq() -> None:
    given = "host=h dbname='a b' password='x@y/z'"
    assert checked_dsn(given) == given

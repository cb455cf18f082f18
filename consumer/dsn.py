"""Reads PostgreSQL's DSN as people write it, and repeats no part of it, since any may be secret.

Source: https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING
"""

import re
from urllib.parse import unquote

from consumer.errors import SettingsError

EXPECTED = "DATABASE_URL: expected postgresql://USER:PASSWORD@HOST:PORT/DATABASE"
# SQLAlchemy's form, which Airflow's settings have, names the driver.
SCHEME = r"postgres(?:ql)?(?:\+\w+)?://"
KEYWORDS = r"\s*\w+\s*="
# What messages repeat: a host (or the folder of a socket), its port, the database.
SHOWN = {"host": r"[^=;&@?]*|@[^=;&@?]*", "port": r"[0-9,]*", "dbname": r"(?!.*://)[^=;&]*"}
HOST = r"(?:\[[0-9A-Fa-f:.%]+\]|[^:\[\]]*)(?::[0-9]*)?"


def checked_dsn(given: str) -> str:
    """Return a DSN that libpq reads as it was meant: a URL or `keyword=value` pairs.

    Raises SettingsError where a URL has characters that must be percent-encoded: libpq would take a
    part of the password for the host, and tell it.
    """
    scheme = re.match(SCHEME, given)
    if scheme is not None:
        rest = given[scheme.end() :]
        _check_url(rest)
        given = f"postgresql://{rest}"
    elif not re.match(KEYWORDS, given):
        raise SettingsError(f"{EXPECTED}, or keyword=value pairs, got neither")
    _check_pairs(given)
    return given


def _check_pairs(dsn: str) -> None:
    """Refuse what would be told as a host or database though it holds other settings as well."""
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    try:
        read = conninfo_to_dict(dsn)
    except ProgrammingError:
        return  # consumer/store/database.py says so
    for keyword, form in SHOWN.items():
        if not re.fullmatch(form, str(read.get(keyword, ""))):
            raise SettingsError(
                f"{EXPECTED}, or keyword=value pairs with blanks between them; got a {keyword} in"
                " which other settings seem to stand"
            )


def _check_url(rest: str) -> None:
    place, _, parameters = rest.partition("?")
    login, at, host_and_path = place.rpartition("@")
    if "@" in login or "/" in login or "@" in parameters:
        raise SettingsError(
            f"{EXPECTED}, with @, / and ? in user and password percent-encoded: %40, %2F, %3F"
        )
    if re.search(r"%(?![0-9A-Fa-f]{2})", rest):
        raise SettingsError(f"{EXPECTED}, with a % in user and password percent-encoded: %25")
    try:
        unquote(rest, errors="strict")
    except UnicodeDecodeError:
        raise SettingsError(f"{EXPECTED}, percent-encoded as UTF-8") from None
    hosts = host_and_path.split("/", 1)[0]
    if not all(re.fullmatch(HOST, host) for host in hosts.split(",")):
        missing = "" if at else " (is there no @ before the host?)"
        raise SettingsError(f"{EXPECTED}, with a number as port, got something else{missing}")

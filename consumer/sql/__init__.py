"""Every SQL statement of the consumer, in files by subject that are read once."""

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@cache
def query(name: str) -> str:
    """Return the statement in a file of `queries/`, such as `offsets/lock`.

    Parameters are psycopg's `%(name)s`.
    """
    return (FOLDER / "queries" / f"{name}.sql").read_text()


@cache
def migrations() -> list[tuple[int, str, str]]:
    """Return (version, file name, text) of each migration, in order."""
    files = sorted((FOLDER / "migrations").glob("*.sql"))
    return [(int(file.name[:4]), file.name, file.read_text()) for file in files]


@cache
def views() -> list[tuple[str, str]]:
    """Return (file name, text) of the views and functions, in the order to apply them."""
    return [(file.name, file.read_text()) for file in sorted((FOLDER / "views").glob("*.sql"))]

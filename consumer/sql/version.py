"""Tells a database that is newer than this program: its newest migration is not among ours."""

from consumer.sql import migrations


def is_newer(version: int | None) -> bool:
    """Tell whether a migration is one that this program does not know."""
    return version is not None and version > _newest_known()


def newer(version: int) -> str:
    """Return what is said of a database that has a migration which this program does not know."""
    return (
        f"the database has migration {version}, this program knows {_newest_known()}:"
        " run the newer version of this program"
    )


def _newest_known() -> int:
    return max(version for version, _, _ in migrations())

"""Tells which of the project's extras would bring a package that is not installed."""

from importlib.metadata import PackageNotFoundError, metadata

PROJECT = "openlineage-avro"
# Both have what asks PostgreSQL: most commands need no more than the first.
FIRST = "consumer"


def line_about(missing: ModuleNotFoundError) -> str | None:
    """Return a line that names the extra to install, or None where no extra has the package."""
    extras = _extras_with((missing.name or "").partition(".")[0])
    if not extras:
        return None
    extra = FIRST if FIRST in extras else extras[0]
    return f"expected the extra {extra} (pip install '{PROJECT}[{extra}]'), got: {missing}"


def _extras_with(module: str) -> list[str]:
    """Return the extras that require a package of a module's name, as the metadata lists them."""
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    try:
        project = metadata(PROJECT)
    except PackageNotFoundError:  # run from the sources, where nothing was installed
        return []
    wanted = canonicalize_name(module)
    needs = [Requirement(text) for text in project.get_all("Requires-Dist") or ()]
    found = [each.marker for each in needs if canonicalize_name(each.name) == wanted]
    extras = project.get_all("Provides-Extra") or ()
    return [each for each in extras if any(m and m.evaluate({"extra": each}) for m in found)]

"""Recorded answers of a real Marquez, and how an API's own compare with them.

`../shared/marquez` is beside the repository, as `../shared/corpus` is (tests/support/corpus.py).
"""

import gzip
import importlib.util
import json
from collections.abc import Iterator
from types import ModuleType
from typing import Any, NamedTuple

from tests.support.corpus import REPOSITORY, lines
from tests.support.partings import partings

FOLDER = REPOSITORY.parent / "shared" / "marquez"
# The recordings, and the file of the corpus that Marquez was sent before.
RECORDINGS = {
    "airflow": "airflow",
    "dbt": "dbt",
    "spark": "spark",
    "spec_and_integrations": "openlineage_spec_and_integrations",
}
SAME, ORDER, DIFFERENT = "same", "same but for the order of a list", "different"


class Compared(NamedTuple):
    """An answer beside Marquez's, and every place where they part (tests/support/partings.py)."""

    path: str
    endpoint: str
    verdict: str
    partings: tuple[str, ...]


def compare(base: str, recording: str) -> Iterator[Compared]:
    """Yield how each recorded answer compares with the API's at `base`, as compare.py does."""
    tool = _tool()
    known = set(tool.UUID.findall("".join(lines(RECORDINGS[recording]))))
    with gzip.open(FOLDER / f"answers-{recording}.ndjson.gz", "rt", encoding="utf8") as file:
        for line in file:
            answer = json.loads(line)
            ids = tool.UUID.findall(answer["path"])
            if all(each in known or each.startswith("00000000") for each in ids):
                yield _compared(tool, base, answer, known)


def _compared(tool: ModuleType, base: str, answer: dict[str, Any], known: set[str]) -> Compared:
    path = answer["path"]
    status, body = tool.call(base, path)
    verdict, found = DIFFERENT, [f": status {answer['status']} -> {status}"]
    if answer["status"] >= 500:
        verdict = SAME if status < 500 else DIFFERENT
    elif status == answer["status"]:
        want, got = tool.plain(answer["body"], known), tool.plain(body, known)
        found = list(partings(want, got))
        if tool.parting(want, got) is None:
            verdict = SAME
        elif tool.parting(tool.unordered(want), tool.unordered(got)) is None:
            verdict = ORDER
    return Compared(path, tool.endpoint(path), verdict, tuple(found))


def _tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("compare", FOLDER / "compare.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    return tool

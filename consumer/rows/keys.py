"""Keys of runs, jobs and datasets: hashes of their names, which have no limit to their length."""

import hashlib
import re
from functools import lru_cache
from uuid import UUID

# What PostgreSQL writes for a uuid, or the same in capitals: a run that one producer names so is
# the one that another names in small letters (RFC 9562, section 4).
_UUID = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII
)
NO_RUN = UUID(int=0)  # lineage_store.events.run_id of what is no run's event


@lru_cache(maxsize=100_000)
def key_of(*parts: str) -> UUID:
    """Return what identifies a tuple of names, whatever their length and content."""
    digest = hashlib.sha256()
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "big"))
        digest.update(encoded)
    return UUID(bytes=digest.digest()[:16])


def is_own_key(run_id: str) -> bool:
    """Tell whether a run id is the text of a UUID, but for its case, and not the nil one."""
    return _UUID.fullmatch(run_id) is not None and run_id != str(NO_RUN)


@lru_cache(maxsize=20_000)
def run_key(run_id: str) -> UUID:
    """Return what identifies a run: its id where that is a UUID, else a hash of it."""
    return UUID(run_id) if is_own_key(run_id) else key_of(run_id)

"""Keys of runs, jobs and datasets: hashes of their names, which have no limit to their length."""

import hashlib
from functools import lru_cache
from uuid import UUID


@lru_cache(maxsize=100_000)
def key_of(*parts: str) -> UUID:
    """Return what identifies a tuple of names, whatever their length and content."""
    digest = hashlib.sha256()
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "big"))
        digest.update(encoded)
    return UUID(bytes=digest.digest()[:16])

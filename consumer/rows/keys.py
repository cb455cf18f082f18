"""Keys and texts of names: hashes of any length of name, and text that PostgreSQL can hold."""

import hashlib
import re
from functools import lru_cache

# What PostgreSQL's text cannot hold: NUL, and surrogates without a partner.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
REPLACEMENT = "\ufffd"


@lru_cache(maxsize=100_000)
def key_of(*parts: str) -> str:
    """Return 32 hex digits that identify a tuple of names, whatever their length and content."""
    digest = hashlib.sha256()
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "big"))
        digest.update(encoded)
    return digest.hexdigest()[:32]


def storable_text(text: str) -> str:
    """Return `text` with what PostgreSQL cannot hold replaced by U+FFFD."""
    return UNSTORABLE.sub(REPLACEMENT, text)

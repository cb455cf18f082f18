"""The text that PostgreSQL can hold: nearly all of it."""

import re

# What its text cannot hold: NUL, and surrogates without a partner.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
REPLACEMENT = "\ufffd"


def storable_text(text: str) -> str:
    """Return `text` with what PostgreSQL cannot hold replaced by U+FFFD."""
    return UNSTORABLE.sub(REPLACEMENT, text)

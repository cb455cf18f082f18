"""The text that PostgreSQL can hold: nearly all of it."""

import re

SURROGATE = re.compile("[\ud800-\udfff]")  # without a partner: Python's str has no pairs
# What its text cannot hold: NUL, and such surrogates.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
REPLACEMENT = "\ufffd"


def storable_text(text: str) -> str:
    """Return `text` with what PostgreSQL cannot hold replaced by U+FFFD."""
    return UNSTORABLE.sub(REPLACEMENT, text)

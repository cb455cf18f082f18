"""Makes fixtures of this folder known to its tests."""

from tests.integration.guarded_registry import guarded

__all__ = ["guarded"]

"""Imports of kafka-python what a producer needs: the whole takes a new process 1.6 times as long.

Its packages import all their parts at once, admin client, consumer and hundreds of message classes
included. Here they are put in place unexecuted: a part of theirs is imported when it is asked for,
and the package itself, as anyone else would get it, for any other name.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import ModuleType

PACKAGES = ("kafka", "kafka.protocol.admin", "kafka.protocol.consumer")

_lock = RLock()


def import_producer() -> None:
    """Import kafka.producer and what it needs, unless kafka-python has been imported already."""
    with _lock:
        if "kafka" not in sys.modules:
            for name in PACKAGES:
                _put_in_place(name)
    import_module("kafka.producer.kafka")


def _put_in_place(name: str) -> None:
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        return  # another version than those we know: it is imported as a whole
    module = module_from_spec(spec)
    module.__dict__["__getattr__"] = lambda attribute: _found(module, attribute)
    sys.modules[name] = module
    parent, _, child = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], child, module)  # as an import would


def _found(package: ModuleType, attribute: str) -> Any:
    """Return what an unexecuted package is asked for; AttributeError lets Python import a part."""
    folder = Path(package.__path__[0])
    if (folder / attribute).is_dir() or (folder / f"{attribute}.py").exists():
        raise AttributeError(attribute)
    for file in folder.glob("[!_]*.py"):
        if f"\nclass {attribute}(" in file.read_text():
            return getattr(import_module(f"{package.__name__}.{file.stem}"), attribute)
    return getattr(_executed(package), attribute)


def _executed(package: ModuleType) -> ModuleType:
    with _lock:
        if package.__dict__.pop("__getattr__", None):
            loader = package.__spec__.loader if package.__spec__ else None
            assert loader is not None
            loader.exec_module(package)
    return package

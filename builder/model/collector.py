"""The garbage collector, left out while many objects are made of which none is garbage."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collector() -> Iterator[None]:
    """Leaves garbage alone for a while. It is for work that makes tens of thousands of objects and needs all of them: looking
    for garbage among them again and again takes a tenth to a third of its time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()

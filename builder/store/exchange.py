"""Putting a finished folder in the place of an old one, so that a reader finds one or the other at any instant.

On Linux in one step, by ``renameat2(RENAME_EXCHANGE)``. Elsewhere in two renames, and whatever a kill between them left is
settled by the next build.
"""

from __future__ import annotations

import ctypes
import os
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

_AT_FDCWD, _RENAME_EXCHANGE = -100, 2
_OLD = ".old"


Swap = Callable[[Path, Path], bool]
"""Swaps two folders in one step; False where the system cannot."""


def replace_folder(new: Path, target: Path, swap: Swap | None = None) -> None:
    """Makes the folder ``new`` the folder ``target``; what ``target`` held is removed. ``swap`` stands for the system's own
    exchange of two folders. Raises OSError."""
    if exchange_folder(new, target, swap):
        shutil.rmtree(new)


def exchange_folder(new: Path, target: Path, swap: Swap | None = None) -> bool:
    """Makes the folder ``new`` the folder ``target``. Returns true if ``new`` is now what ``target`` was; else that is gone, or
    there was nothing. Raises OSError."""
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        new.rename(target)
        return False
    if (swap or _exchange)(new, target):
        return True
    old = target.with_name(target.name + _OLD)
    if old.exists():
        shutil.rmtree(old)
    target.rename(old)
    new.rename(target)
    shutil.rmtree(old)
    return False


def settle_folder(target: Path) -> None:
    """Brings back what a kill between two renames moved aside, or removes it if the new one is in its place."""
    old = target.with_name(target.name + _OLD)
    if not old.exists():
        return
    if target.exists():
        shutil.rmtree(old)
    else:
        old.rename(target)


def _exchange(one: Path, other: Path) -> bool:
    """Swaps two folders in one step; False where the system cannot."""
    call = _renameat2()
    if call is None:
        return False
    result = call(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE)
    return bool(result == 0)


@cache
def _renameat2() -> ctypes._FuncPointer | None:
    try:
        return ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError, TypeError):
        # Other systems have no such call, and Windows nothing of which to ask for it.
        return None

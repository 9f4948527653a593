"""Regular expressions that are compiled when they are first used: a command needs few of the hundreds that are written down."""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast


class _Later:
    """Stands for the pattern of a text: compiled when anything is asked of it, and each method looked up once."""

    def __init__(self, text: str | bytes, flags: int) -> None:
        self.pattern, self._flags = text, flags

    def __getattr__(self, name: str) -> Any:
        found = self.__dict__[name] = getattr(re.compile(self.pattern, self._flags), name)
        return found


def pattern_of(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Returns what ``re.compile`` would, but for the time: a pattern that cannot be compiled is only seen when it is used."""
    return cast("re.Pattern[AnyStr]", _Later(text, flags))

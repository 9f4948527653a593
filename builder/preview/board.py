"""The state of a preview for the browser: the number of publications, a running build, and every problem."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from builder.messages.formats import describe, effect_text, place_of
from builder.messages.problems import Problem
from builder.messages.translation import Translator


class Board:
    """The state of a preview, written by the builder thread and read by many connections."""

    def __init__(self, labels: Mapping[str, str]) -> None:
        """``labels`` are the texts of the panel."""
        self._changed = threading.Condition()
        self._state: dict[str, Any] = {"version": 0, "building": True, "problems": [], "labels": dict(labels)}
        self._count = 0
        self._closed = False

    def starts(self) -> None:
        """Records that a build begins."""
        self._set(building=True)

    def ends(self, problems: Sequence[dict[str, Any]], *, published: bool) -> None:
        """Records that a build has ended; ``published`` is False if it failed and the previous one is still shown."""
        version = self._state["version"] + (1 if published else 0)
        self._set(building=False, version=version, problems=list(problems))

    def close(self) -> None:
        """Ends the preview: nothing more will come."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _set(self, **values: Any) -> None:
        with self._changed:
            self._state = {**self._state, **values}
            self._count += 1
            self._changed.notify_all()

    @property
    def empty(self) -> bool:
        """True until something has been built."""
        return not self._state["version"]

    def after(self, count: int, seconds: float) -> tuple[int, str] | None:
        """Waits at most some seconds for a state later than ``count``. Returns its number and the state as JSON; the given
        number if there was none, None if the preview has ended."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._count != count, seconds)
            if self._closed:
                return None
            return self._count, json.dumps(self._state, ensure_ascii=False)


def told(problems: Iterable[Problem], texts: Sequence[Translator]) -> list[dict[str, Any]]:
    """Returns problems as the panel shows them: place, severity, and in each language what, why, what to do, and
    what readers see meanwhile."""
    return [
        {
            "place": place_of(problem),
            "branch": problem.branch,
            "severity": problem.severity,
            "code": problem.code,
            "words": [
                {"lang": text.language, **describe(problem, text)._asdict(), "effect": effect_text(problem, text)}
                for text in texts
            ],
        }
        for problem in problems
    ]

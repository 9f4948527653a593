"""The state of a preview for the browser: the number of publications, a running build, and every problem."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from builder.messages.formats import SEVERITIES, describe, effect_text, place_of
from builder.messages.problems import Problem
from builder.messages.translation import N_, Translator

_LABELS = {
    "title": N_("Preview"),
    "none": N_("No problems."),
    "building": N_("Updating the preview …"),
    "ended": N_("The preview has ended."),
    "elsewhere": N_("On other sites"),
    "stopped": N_("Nothing is updated"),
    "copy": N_("Copy for WeChat"),
    "copied": N_(
        "Copied. Paste it into the editor of your official account; pictures come along once the entry is published."
    ),
    "notcopied": N_("It could not be copied; save the text and try again."),
}


class Board:
    """The state of a preview, written by the builder thread and read by many connections."""

    def __init__(self, labels: Mapping[str, str]) -> None:
        """``labels`` are the texts of the panel."""
        self._changed = threading.Condition()
        self._state: dict[str, Any] = {
            "version": 0,
            "building": True,
            "progress": None,
            "stopped": "",
            "problems": [],
            "names": {},
            "labels": dict(labels),
        }
        self._count = 0
        self._closed = False

    def starts(self) -> None:
        """Records that a build begins."""
        self._set(building=True, progress=None)

    def advances(self, line: str, done: int, total: int) -> None:
        """Records how far the build is: in words, and in parts of a total."""
        self._set(progress={"line": line, "done": done, "total": total})

    def shows(self) -> None:
        """Records that pages of branches have been published, while the build goes on."""
        self._set(version=self._state["version"] + 1)

    def publishes(self, problems: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> None:
        """Records that a build has ended and its sites are shown. ``names`` has each branch's name, the hub's by ``""``."""
        version = self._state["version"] + 1
        self._set(building=False, version=version, problems=list(problems), names=dict(names), stopped="")

    def stops(self, why: str, problems: Sequence[Mapping[str, Any]] | None = None) -> None:
        """Records that a build has failed and the previous one is still shown: a sentence that says why, and the problems
        if there are others than before."""
        kept = self._state["problems"] if problems is None else list(problems)
        self._set(building=False, stopped=why, problems=kept)

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

    def after(
        self, count: int, seconds: float, sight: Callable[[], Callable[[str], bool]] = lambda: lambda site: True
    ) -> tuple[int, str] | None:
        """Waits at most some seconds for a state later than ``count``. Returns its number and the state as JSON, of the sites
        alone that are in ``sight`` then; the given number if there was none, None if the preview has ended."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._count != count, seconds)
            if self._closed:
                return None
            count, state = self._count, self._state
        sees = sight()
        # What stops everything concerns whoever looks.
        told = [each for each in state["problems"] if sees(each["branch"]) or (state["stopped"] and not each["branch"])]
        names = {slug: name for slug, name in state["names"].items() if not slug or sees(slug)}
        return count, json.dumps({**state, "problems": told, "names": names}, ensure_ascii=False)


def described(problems: Iterable[Problem], text: Translator) -> list[dict[str, Any]]:
    """Returns problems as the panel shows them: place, severity, what, why, what to do, and what readers see meanwhile."""
    return [
        {
            "place": place_of(problem),
            "path": problem.path,
            "branch": problem.branch,
            "severity": problem.severity,
            "code": problem.code,
            **describe(problem, text)._asdict(),
            "effect": effect_text(problem, text),
        }
        for problem in problems
    ]


def panel_labels(text: Translator) -> dict[str, str]:
    """Returns the words of the panel; ``sentences`` is what stands between two of them."""
    labels = {name: text.gettext(label) for name, label in (*_LABELS.items(), *SEVERITIES.items())}
    return {**labels, "sentences": "" if text.language == "zh" else " "}

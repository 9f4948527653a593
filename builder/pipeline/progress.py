"""The progress of a build, as data and in words."""

from __future__ import annotations

import msgspec

from builder.messages.translation import N_, Translator

_STAGES = {
    "pictures": N_("Making pictures"),
    "read": N_("Reading"),
    "render": N_("Rendering"),
    "publish": N_("Publishing"),
}


class Progress(msgspec.Struct, frozen=True):
    """The progress of a build: the ``stage`` (``read``, ``pictures``, ``render``, ``publish``), the number of sites or
    pictures that are done and their total, and the pages rendered so far."""

    stage: str
    done: int
    total: int
    pages: int


def stage_text(progress: Progress, text: Translator) -> str:
    """Returns the name of the stage."""
    return text.gettext(_STAGES[progress.stage])


def amount_text(progress: Progress, text: Translator) -> str:
    """Returns how much of the stage is done, in sites or pictures."""
    if progress.stage == "pictures":
        return text.gettext("{done} of {total} pictures", done=progress.done, total=progress.total)
    return text.gettext("{done} of {total} sites", done=progress.done, total=progress.total)

"""The widths and formats in which a picture is published."""

from __future__ import annotations

from builder.model.media import Shape, variant
from builder.model.media_types import extension

_LARGEST = 1600
_STEPS = (400, 800)


def widths_of(width: int) -> tuple[int, ...]:
    """Returns the widths in which a picture of so many pixels is offered: for a list, for a telephone, for a fine screen."""
    top = min(width, _LARGEST)
    return (*(step for step in _STEPS if step <= 0.8 * top), top)


def variants(path: str, shape: Shape) -> dict[str, tuple[int, str]]:
    """Returns the files that a picture published at ``path`` has besides that one: path to width and file name ending."""
    forms = dict.fromkeys((extension(path), "webp"))
    return {
        variant(path, shape, width, form): (width, form)
        for width in shape.widths
        for form in forms
        if variant(path, shape, width, form) != path
    }

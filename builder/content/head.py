"""The keys of front matter that decide whether a text is shown, read without the full reader: for a folder whose
reading failed."""

from __future__ import annotations

import re
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Literal, NamedTuple

from builder.content.encodings import decode
from builder.content.front_matter import says_draft
from builder.model.dates import Moment, parse_moment
from builder.model.media import located
from builder.model.patterns import pattern_of
from builder.model.reading import read_file

_MOST_BYTES = 65_536
_EXPIRES = pattern_of(
    r"(?:^[\"']?expires[\"']?|(?:^|[{,])[ \t]{0,9}\"expires\")[ \t]{0,9}[:：=][ \t]{0,9}[\"']?([^\"'#,}\n]{4,60})",
    re.MULTILINE,
)


def is_gone(root: Path, path: str) -> bool:
    """Tells whether the source ``path`` is seen to be gone; what is there and cannot be looked at is not."""
    try:
        located(root, path).lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


class Withholding(NamedTuple):
    """The beginning of a file as far as it speaks against its being shown: now, or from some time on."""

    draft: bool = False
    expires: Moment | None = None


def withholding_in(root: Path, path: str, zone: tzinfo) -> Withholding:
    """Returns what the file's beginning says against its being shown; nothing if it cannot be read."""
    try:
        content = read_file(located(root, path), _MOST_BYTES, root / "content")[:_MOST_BYTES]
    except OSError:
        return Withholding()
    decoded = decode(content)
    text = decoded.text if decoded is not None else content.decode("utf-8", "replace")
    until = _EXPIRES.search(text)
    return Withholding(says_draft(text), parse_moment(until[1].strip(), zone) if until is not None else None)


def withdrawal_in(root: Path, path: str, now: datetime, zone: tzinfo) -> Literal["", "draft", "expired"]:
    """Returns what the file's beginning says against its being shown at an instant."""
    said = withholding_in(root, path, zone)
    if said.draft:
        return "draft"
    return "expired" if said.expires is not None and said.expires.over(now) else ""

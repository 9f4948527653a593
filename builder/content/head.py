"""The keys of front matter that decide whether a text is shown, read without the full reader: for a folder whose
reading failed."""

from __future__ import annotations

import re
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Literal

from builder.content.encodings import decode
from builder.content.front_matter import says_draft
from builder.model.dates import parse_moment
from builder.model.media import located
from builder.model.reading import read_file

_MOST_BYTES = 65_536
_EXPIRES = re.compile(r"^[\"']?expires[\"']?[ \t]{0,9}[:：=][ \t]{0,9}[\"']?([^\"'#\n]{4,60})", re.MULTILINE)


def is_gone(root: Path, path: str) -> bool:
    """Tells whether the source ``path`` is seen to be gone; what is there and cannot be looked at is not."""
    try:
        located(root, path).lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def withdrawal_in(root: Path, path: str, now: datetime, zone: tzinfo) -> Literal["", "draft", "expired"]:
    """Returns what the file's beginning says against its being shown."""
    try:
        content = read_file(located(root, path), _MOST_BYTES, root / "content")
    except OSError:
        return ""
    decoded = decode(content)
    text = decoded.text if decoded is not None else content.decode("utf-8", "replace")
    if says_draft(text):
        return "draft"
    until = _EXPIRES.search(text)
    moment = parse_moment(until[1].strip(), zone) if until is not None else None
    return "expired" if moment is not None and moment.over(now) else ""

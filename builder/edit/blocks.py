"""The text of an entry after it went through a form's editor: blocks that say the same keep the author's own signs.

An editor that shows text as it will look writes all of it anew: tables without their alignment, lists indented otherwise,
``2*3*4`` as ``2_3_4``. Whatever of a block is left after such differences are taken out counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_BULLET = re.compile(r"^([*+-])(?=\s)")
_NUMBER = re.compile(r"^(\d{1,9})[.)](?=\s)")
_ESCAPE = re.compile(r"\\(?=[!-/:-@\[-`{-~])")
_ROW = re.compile(r"^\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?$")
_HEADING = re.compile(r"^(#{1,6}[ \t].*?)[ \t]+#+$")


def merged(old: str, new: str) -> str:
    """Returns ``new`` with those blocks as they stand in ``old`` that differ only in how Markdown was written."""
    if not old or old == new:
        return new
    before, after = list(_blocks(old)), list(_blocks(new))
    keys = [_key(each) for each, _ in before], [_key(each) for each, _ in after]
    if keys[0] == keys[1]:
        return old
    parts: list[tuple[str, str]] = []
    for what, first, last, start, end in SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
        parts += before[first:last] if what == "equal" else after[start:end]
    return "".join(f"{block}{gap}" for block, gap in parts[:-1]) + (parts[-1][0] if parts else "")


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """Yields the parts of a text between blank lines, each with the line ends behind it; code that is fenced is one part."""
    lines: list[str] = []
    fence, blank = "", 0
    for line in text.split("\n"):
        if not fence and not line.strip():
            blank += 1
            continue
        if blank and lines:
            yield "\n".join(lines), "\n" * (blank + 1)
            lines = []
        blank = 0
        match = _FENCE.match(line)
        if fence:
            if match is not None and match[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
        elif match is not None:
            fence = match[1]
        lines.append(line)
    if lines:
        yield "\n".join(lines), "\n\n"


def _key(block: str) -> str:
    """Returns what is left of a block without differences of writing."""
    lines = block.split("\n")
    if _FENCE.match(lines[0]):
        return block
    depths = sorted({len(line) - len(line.lstrip()) for line in lines})
    shown = []
    for line in lines:
        depth = depths.index(len(line) - len(line.lstrip()))
        text = line.strip()
        if "|" in text and _ROW.match(text):
            text = f"|{text.strip('|').count('|')}"
        elif "|" in text:
            text = "|".join(cell.strip() for cell in text.strip("|").split("|"))
        text = _NUMBER.sub(r"\1.", _BULLET.sub("-", _HEADING.sub(r"\1", text)))
        shown.append(f"{depth} {_ESCAPE.sub('', text).rstrip(chr(92)).rstrip().replace('*', '_')}")
    return "\n".join(shown)

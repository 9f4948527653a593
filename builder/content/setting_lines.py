"""A line that may be a setting: cleaned of what people and programs put around it, and what its key says of its text."""

from __future__ import annotations

import html
import re
import unicodedata
from datetime import UTC
from functools import lru_cache
from typing import NamedTuple

from builder.content.schema.hiding import DRAFT_NAMES, EFFECTS, FALSE, MARKS, TRUE, concealment, surely_conceals
from builder.content.schema.kinds import ENTRIES
from builder.content.schema.names import CHINESE_NAMES, FOREIGN_NAMES, normal_name
from builder.content.yaml.nodes import Node
from builder.model.patterns import pattern_of

_RULER = pattern_of(
    r"(?:[-‐‑‒–—―−⸺⸻ー一]+|\+{2,}|;{2,}|={3,}|~{3,}|\*{3,}|_{3,}|\.{3,}|`{3,}|%{3,}|#{3,}|:{3,}|/{3,})(?:yaml|yml|toml|json|---)?"
)
_MAY_RULE = pattern_of(r"[\s\"'“”‘’>|\\]*+[-‐‑‒–—―−⸺⸻ー一+;=~*_.`%#:/]")
_KEY = pattern_of(
    r"^(?:\d{1,3}[.)、:|\s]\s*)?[\W_]*([^\W_](?:[\w .\-]{0,30}\w)?)[\"'”’»*`_~)\]}\\]{0,4}\s*[:=∶꞉ː]\s*(?P<value>.*)$"
)
_ASSIGNS = pattern_of("[:=∶꞉ː]")
_TAG = pattern_of(r"<!--+|(?<!-)--+>|</?[A-Za-z][\w-]*+(?:[\s/][^<>]{0,200})?>|\\(?=[^\w\s])")
_UNSEEN = pattern_of("[\u034f\u115f\u1160\u2800\u3164\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_META = pattern_of(
    r"<meta\s+(?:name|property)=[\"']?([\w-]{1,40})[\"']?\s+content=[\"']?([^\"'<>]{1,60})", re.IGNORECASE
)
_DATE = pattern_of(r"\W*(?:19|20|21)\d\d\s*[-/.年]")
# Names that begin no ordinary paragraph, in whatever case.
_STRONG = frozenset(
    normal_name(name)
    for name in (
        "title date draft expires tags layout categories permalink published publishdate expirydate 标题 標題 "
        "草稿 标签 置顶"
    ).split()
)
# Those of our own that begin a paragraph only in small letters, as settings are written.
_OWN = frozenset(
    normal_name(field.key)
    for fields in ENTRIES.values()
    for field in fields.fields
    if field.key not in ("body", "text")  # words that prose begins with
)


class Setting(NamedTuple):
    """A line that reads like a setting: the normal form of its key, the key as written, the value."""

    name: str
    written: str
    value: str

    @property
    def known(self) -> bool:
        """True for a key that this program or another one has."""
        return any(self.name in names for names in (_STRONG, _OWN, CHINESE_NAMES, FOREIGN_NAMES, EFFECTS))

    @property
    def settles(self) -> bool:
        """True if the line is no prose: a setting, even where it stands alone."""
        if self.name in _STRONG or self.name in DRAFT_NAMES or self.hides:
            return True
        if CHINESE_NAMES.get(self.name, ("",))[0] in ("date", "expires"):
            return _DATE.match(self.value) is not None
        small = self.written == self.written.lower() and self.written.isascii()
        return small and (self.name in _OWN or self.name in EFFECTS or self.name in FOREIGN_NAMES)

    @property
    def hides(self) -> bool:
        """True for a line that hides the text in one system or another, and is no prose by its value."""
        return surely_conceals(self.name, self.value)

    @property
    def withholds(self) -> bool:
        """True for a line that hides the text, or is ``draft`` with whatever value but one that denies it, where
        :func:`draft_line` does not tell of it.
        """
        drafts = self.name in DRAFT_NAMES and self.value != "" and normal_name(self.value) not in FALSE
        return (self.hides or drafts) and not self.conceals

    @property
    def conceals(self) -> bool:
        """True for a line that says the text is a draft."""
        word = normal_name(self.value)
        if self.name in DRAFT_NAMES:
            return word in TRUE or self.value in MARKS
        return self.name in ("published", "发布", "公开") and word in FALSE

    @property
    def is_setting(self) -> bool:
        """True for a key in small letters, which no prose has."""
        return self.written.isascii() and self.written == self.written.lower() and " " not in self.written

    def ends_a_text(self, written: bool) -> bool:
        """Tells whether a line of a head hides, delays or ends the text; a date of our own only in a head that is ``written``
        as settings are, in small letters.
        """
        if self.hides or self.conceals or (written and self.name in ("date", "expires") and _DATE.match(self.value)):
            return True
        ours = CHINESE_NAMES.get(self.name, ("",))[0]
        if written and ours == "date" and _DATE.match(self.value):
            return True
        if ours == "expires" and _DATE.match(self.value):
            return True
        own = ours == "date" or (self.name in _OWN and self.name not in EFFECTS)
        return not own and concealment(self.written, Node("text", text=self.value), UTC, None) is not None

    def ends_or_delays(self, *, dated: bool) -> bool:
        """Returns true for a line that would end or delay the text; a date only if the head, ``dated``, has none."""
        if CHINESE_NAMES.get(self.name, ("",))[0] == "expires" and _DATE.match(self.value):
            return True
        if _DATE.match(self.value) is None or self.written != self.written.lower():
            return False
        return self.name == "expires" or (self.name == "date" and not dated)


@lru_cache(maxsize=512)
def clean_line(line: str) -> str:
    """Returns a line in its usual width, without tags, entities, escapes and invisible signs."""
    text = html.unescape(line) if "&" in line else line
    if not text.isascii():
        text = _UNSEEN.sub("", unicodedata.normalize("NFKC", text))
        if not text.isprintable():
            text = "".join(
                sign for sign in text if unicodedata.category(sign) not in ("Cf", "Cc", "Cn", "Co") or sign == "\t"
            )
    if "<meta" in text:
        text = _META.sub(r"\1: \2", text)
    return _TAG.sub(" ", text).strip() if "<" in text or "\\" in text or "--" in text else text.strip()


def setting_of(clean: str) -> Setting | None:
    """Reads a cleaned line as a setting; None if it has no key."""
    match = _KEY.match(clean) if _ASSIGNS.search(clean) is not None else None
    if match is None:
        return None
    return Setting(normal_name(match[1]), match[1], match["value"].strip())


def may_be_fence(line: str) -> bool:
    """Tells whether a line begins as a fence does."""
    return _RULER.match(line.lstrip()) is not None


def is_fence(clean: str) -> bool:
    """Returns true for a line that people or programs put around front matter, whatever comes before it."""
    return (
        _MAY_RULE.match(clean) is not None
        and _RULER.fullmatch(re.sub(r"[\s\"'“”‘’>|\\]", "", clean).lower()) is not None
    )


def is_table_head(clean: str) -> bool:
    """Returns true for the first row of a table whose columns are settings, as some sites show a head."""
    cells = [normal_name(cell) for cell in clean.split("|")]
    return (
        len(cells) > 1
        and any(cell in DRAFT_NAMES or cell == "expires" for cell in cells)
        and sum(c in _STRONG for c in cells) > 1
    )


def shown_line(line: str) -> str:
    """Returns a line for a message, its invisible signs by their numbers."""
    shown = "".join(
        f"U+{ord(sign):04X} " if unicodedata.category(sign) in ("Cf", "Cc", "Zs", "Zl", "Zp") and sign != " " else sign
        for sign in line.rstrip()
    )
    return shown.replace(" ", "␣", len(shown) - len(shown.lstrip(" ")))[:60] if shown.startswith(" ") else shown[:60]

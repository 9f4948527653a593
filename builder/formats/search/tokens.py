"""The comparison of texts, and the pieces that they are cut into. The script of the search page does exactly the same.

A text is *folded*: NFC; then each character by compatibility (NFKC), in lower case, Latin, Greek and Cyrillic letters
without their accents, Han characters in their simplified form; invisible characters vanish, and so do blanks beside a
character of a script without blanks (``第 3 号`` is ``第3号``); whatever else is neither letter, digit nor mark becomes one
blank. A query matches where its folded form is part of the
folded text; a single letter of an alphabet only where it is a word of its own.

The pieces (*grams*) of a script without blanks (Han, kana, hangul) are single characters and pairs; those of a word in an
alphabet are its pairs and triples, and the word itself where it is one letter.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from operator import add

from builder.formats.search.variants import simplified

CJK = (
    "\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7a3\U00020000-\U0003ffff"
)
_CJK = re.compile(f"[{CJK}]")
_CJK_BLANK = re.compile(f"(?<=[{CJK}]) +| +(?=[{CJK}])")
_BLANK = re.compile("[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
_GAP = re.compile("[ \x01]+")
_RUN = re.compile(f"([{CJK}]+)|[^{CJK} ]+")
FIRST, PRIME, MIX = 0x811C9DC5, 0x01000193, (0x2C1B3C6D, 0x297A2D39)
"""The numbers of the hash of a piece."""
_ALPHABETS = 0x530
"""Letters below this code point are Latin, Greek or Cyrillic."""


class Tokens:
    """The folding and cutting of texts, with a cache of folded characters and of hashes."""

    def __init__(self) -> None:
        self._table = _table()
        self._hashes = _Hashes()

    def fold(self, text: str) -> str:
        """Returns the form in which texts are compared."""
        folded = unicodedata.normalize("NFC", text).translate(self._table)
        return _GAP.sub(" ", _CJK_BLANK.sub("", folded)).strip()

    def pieces(self, text: str) -> frozenset[int]:
        """Returns the hash of every piece of a text; those of single characters and words of one letter are odd, others even."""
        return frozenset(map(self._hashes.__getitem__, grams(self.fold(text))))


def grams(folded: str) -> list[str]:
    """Returns every piece of a folded text, repetitions included."""
    found: list[str] = []
    for match in _RUN.finditer(folded):
        run = match[0]
        if match[1]:
            found += run
            found += map(add, run, run[1:])
        elif len(run) == 1:
            found.append(run)
        else:
            pairs = list(map(add, run, run[1:]))
            found += pairs
            found += map(add, pairs, run[2:])
    return found


def hashed(gram: str) -> int:
    """Hashes a piece to 32 bits: FNV-1a over its code points, mixed; the lowest bit is 1 for a single one."""
    value = FIRST
    for char in gram:
        value = (value ^ ord(char)) * PRIME & 0xFFFFFFFF
    value = (value ^ value >> 15) * MIX[0] & 0xFFFFFFFF
    value = (value ^ value >> 12) * MIX[1] & 0xFFFFFFFF
    return (value ^ value >> 15) & ~1 | (len(gram) == 1)


def cjk_bounds() -> list[int]:
    """Returns where the characters of scripts without blanks begin and end: the first of them, the first that is none, and so
    on."""
    found: list[int] = []
    for span in re.finditer("(.)(?:-(.))?", CJK):
        found += (ord(span[1]), ord(span[2] or span[1]) + 1)
    return found


def mark(kind: str, name: str) -> int:
    """Returns the piece that stands for a branch or a section; no text can contain it."""
    return hashed(f"\0{kind}\0{name}") | 1


class _Hashes(dict[str, int]):
    def __missing__(self, gram: str) -> int:
        self[gram] = value = hashed(gram)
        return value


@cache
def _table() -> _Table:
    return _Table()


class _Table(dict[int, str]):
    def __missing__(self, code: int) -> str:
        forms = simplified()
        folded = (forms.get(char, char) for char in _fold_character(chr(code)))
        self[code] = value = "".join(map(_keep_character, folded))
        return value


def _fold_character(char: str) -> str:
    parts = unicodedata.normalize("NFKD", char)
    if ord(parts[0]) < _ALPHABETS:
        bare = "".join(part for part in parts if unicodedata.category(part) != "Mn")
        return unicodedata.normalize("NFC", bare).lower()
    return unicodedata.normalize("NFKC", char).lower()


def _keep_character(char: str) -> str:
    category = unicodedata.category(char)
    if _CJK.match(char) or category[0] in "LNM":
        return char
    if category == "Cf":
        return ""
    return " " if _BLANK.match(char) else "\x01"

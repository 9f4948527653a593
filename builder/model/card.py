"""The picture that programs show beside a link to a page without a picture of its own (Open Graph)."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

from builder.model.patterns import pattern_of
from builder.model.struct import Struct

FONT_FOLDERS = tuple(
    map(
        Path,
        ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "/System/Library/Fonts", "C:/Windows/Fonts"),
    )
)
"""The folders in which systems keep fonts for all their users."""
_DRAWABLE = pattern_of(
    r"[\u0020-\u007e\u00a0-\u024f\u2010-\u2027\u2030-\u203a\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uff5e]+"
)
"""Latin letters, Han characters, kana and their signs: what is set from left to right, a sign after the other."""
_RECIPE = 1
"""Changes with how cards look."""


class CardFont(Struct, frozen=True):
    """A font with Chinese characters: its file, its number in that file, and what tells it from others."""

    file: str
    number: int
    identity: str


class Card(Struct, frozen=True):
    """A card: its ``title``, the ``name`` over it, the name of its colour, and the key of the organization's logo, if any."""

    title: str
    name: str = ""
    accent: str = ""
    logo: str = ""

    def file(self, font: CardFont) -> str:
        """Returns its path below the home of a site, which changes with what it shows."""
        told = msgspec.json.encode((self, font.identity, _RECIPE))
        return f"assets/card/{hashlib.sha256(told).hexdigest()[:16]}.png"

    @property
    def drawable(self) -> bool:
        """True if a font for Chinese has all that stands on it."""
        return _DRAWABLE.fullmatch(self.title) is not None and _DRAWABLE.fullmatch(self.name or self.title) is not None

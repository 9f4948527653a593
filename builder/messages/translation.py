"""Texts in the reader's language, through GNU gettext catalogues.

The sources hold English msgids; ``builder/messages/locale/<language>/LC_MESSAGES/branchpress.mo`` holds the rest. The language is
always an argument: nothing here looks at the environment.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from builder.model.patterns import pattern_of

_LOCALE = Path(__file__).parent / "locale"
_WORD = "支部"
# Not the names and offices of Party branches.
_BRANCH = pattern_of(f"(?<![党总]){_WORD}(委员会)?(?!书记)")


def N_(message: str) -> str:  # noqa: N802 - the name that gettext tools look for
    """Marks a msgid that is translated later, where the language is known."""
    return message


class Translator:
    """The texts of one language; a msgid without a translation stands for itself.

    ``own`` are the words of an organization for what texts for its staff call a branch and its committee in Chinese.
    """

    def __init__(self, language: str, own: tuple[str, str] | None = None) -> None:
        self.language = language
        self._texts = gettext.translation("branchpress", _LOCALE, [language], fallback=True)
        self._own = own if language == "zh" else None

    def in_own_words(self, text: str) -> str:
        """Returns a text for staff with the organization's own words in it."""
        if self._own is None:
            return text
        branch, committee = self._own
        return _BRANCH.sub(lambda found: committee if found[1] else branch, text)

    def gettext(self, message: str, **values: object) -> str:
        """Returns the text of ``message`` with its ``{names}`` filled in; several names in one are joined."""
        text = self._texts.gettext(message) if message else ""
        if _WORD in text and _WORD not in message:
            text = self.in_own_words(text)
        if not values:
            return text
        return text.format(
            **{name: self.joined(one) if isinstance(one, tuple) else one for name, one in values.items()}
        )

    def joined(self, names: str | Iterable[str]) -> str:
        """Joins names as the language writes lists: “a, b” or “a、b”; a single text is given back as it is."""
        return names if isinstance(names, str) else self._texts.gettext(N_(", ")).join(names)

    def ngettext(self, singular: str, plural: str, n: int, **values: object) -> str:
        """Returns the text for ``n`` things; ``{n}`` is filled in too."""
        return self.in_own_words(self._texts.ngettext(singular, plural, n)).format(n=n, **values)


@lru_cache(maxsize=8)
def translator(language: str) -> Translator:
    """Returns the texts of ``language`` (``zh-CN`` reads ``zh``; an unknown one reads English)."""
    return Translator(language.split("-")[0].lower())

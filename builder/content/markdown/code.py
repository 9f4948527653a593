"""Code blocks, highlighted when the site is built (Pygments); the theme has the colours."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from typing import Any

MOST_HIGHLIGHTED = 5_000
"""Characters of a block that is highlighted."""
MOST_WORK = MOST_HIGHLIGHTED**2
"""The limits on the code blocks of one text: many lexers take the square of a block's length."""
_RUN = re.compile(r"(.)\1{250}|\n{40}", re.DOTALL)
# Those of Pygments' lexers that were tried with what makes others take minutes.
LANGUAGES = frozenset(
    "bash bat c cmake console cpp csharp css dart diff docker dockerfile elixir go graphql groovy haskell html http ini java "
    "javascript js json jsx julia kotlin latex lua make makefile markdown matlab md nginx perl php powershell properties pycon "
    "py python r rb ruby rust scala scss sh shell sql swift tex text toml ts typescript vb.net vue xml yaml yml zsh".split()
)


class Highlighter:
    """The highlighting of one text's code blocks, as far as its allowance goes."""

    def __init__(self) -> None:
        self._left = MOST_WORK

    def html(self, code: str, language: str) -> str:
        """Returns a code block as HTML; plain where the language is unknown or the block too long to be worth it."""
        inner = escape(code, quote=False)
        # No program has hundreds of one sign in a row, and some lexers take the cube of such a row's length.
        if language and len(code) <= MOST_HIGHLIGHTED and len(code) ** 2 <= self._left and not _RUN.search(code):
            lexer = _lexer(language)
            if lexer is not None:
                from pygments import highlight

                self._left -= len(code) ** 2
                inner = highlight(code, lexer, _formatter())
        return f'<div class="highlight"><pre tabindex="0"><code>{inner}</code></pre></div>'


@lru_cache(maxsize=64)
def _lexer(language: str) -> Any:
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    name = language.split(",")[0].lower()
    try:
        return get_lexer_by_name(name, stripnl=False) if name in LANGUAGES else None
    except ClassNotFound:
        return None


@lru_cache(maxsize=1)
def _formatter() -> Any:
    from pygments.formatters import HtmlFormatter

    return HtmlFormatter(nowrap=True)

"""Code blocks, highlighted when the site is built (Pygments); the theme has the colours."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import Any

MOST_HIGHLIGHTED = 5_000
"""Characters of a block that is highlighted."""
MOST_WORK = 5 * MOST_HIGHLIGHTED**2
"""What the blocks of one text may cost: many lexers take the square of a block's length."""


class Highlighter:
    """The highlighting of one text's code blocks, as far as its allowance goes."""

    def __init__(self) -> None:
        self._left = MOST_WORK

    def html(self, code: str, language: str) -> str:
        """Return a code block as HTML; plain where the language is unknown or the block too long to be worth it."""
        inner = escape(code, quote=False)
        if language and len(code) <= MOST_HIGHLIGHTED and len(code) ** 2 <= self._left:
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

    try:
        return get_lexer_by_name(language.split(",")[0].strip().lower(), stripnl=False)
    except ClassNotFound:
        return None


@lru_cache(maxsize=1)
def _formatter() -> Any:
    from pygments.formatters import HtmlFormatter

    return HtmlFormatter(nowrap=True)

"""Code blocks, highlighted when the site is built (Pygments); the theme has the colours."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import Any

MOST_HIGHLIGHTED = 50_000


def highlighted(code: str, language: str) -> str:
    """A code block as HTML; plain where the language is unknown or the block too long to be worth it."""
    lexer = _lexer(language) if language and len(code) <= MOST_HIGHLIGHTED else None
    if lexer is None:
        return f'<div class="highlight"><pre tabindex="0"><code>{escape(code, quote=False)}</code></pre></div>'
    from pygments import highlight

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

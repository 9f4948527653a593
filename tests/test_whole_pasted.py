"""Pages made by chance of everything that programs write into HTML, and what each becomes where it is pasted, and as an entry.

Like ``tests/test_whole_site.py``: where a change is meant, ``GOLDEN=write`` writes ``tests/golden/whole/`` anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest
from test_whole_site import compare

from builder.edit.imports import ImportRefusedError, import_fragment
from builder.edit.imports.html.document import read_html
from builder.edit.imports.markdown import to_markdown
from builder.messages.translation import translator

ENGLISH = translator("en")
WORDS = """
字
一句完整的话。
一、标题
（一）小标题
第一章 总则
图 1 说明
1. 数
- 点
* 星 *
# 井
a_b_c
**粗**
`码`
[括]
<角>
1 < 2 & 3
https://example.org/a_b
a|b
$x$
~~划~~
> 引
\\
""".strip().splitlines()
WORDS.append("  空  ")
STYLES = """
font-weight:bold
font-weight:700
font-weight:normal
font-style:italic
text-decoration:underline
text-decoration:line-through
text-align:center
text-align:right
font-size:22px
font-size:0
font-family:黑体
font-family:SimHei,serif
vertical-align:super
vertical-align:sub
display:none
display:block
display:inline
visibility:hidden
opacity:0
white-space:pre
margin-left:2em
color:#f00
background:url(x.png)
mso-list:l0 level1 lfo1
mso-list:l0 level2 lfo1
""".strip().splitlines()
INLINE = ("b", "strong", "i", "em", "u", "s", "del", "sub", "sup", "code", "span", "span", "font", "a", "mark", "kbd")
BLOCKS = ("p", "p", "p", "div", "div", "section", "blockquote", "h1", "h2", "h3", "h4", "h6", "pre", "center")
LINKS = (
    "https://example.org/",
    "https://example.org/a b(c)",
    "mailto:a@example.org",
    "#x",
    "none.html",
    "javascript:1",
    "",
    "//e.org/",
)


class Chance:
    """Makes HTML by chance, the same for each seed."""

    def __init__(self, seed: int) -> None:
        self._chosen = Random(seed)

    def page(self) -> str:
        """A few blocks."""
        return "\n".join(self.block(3) for _ in range(self._chosen.randint(1, 4)))

    def block(self, depth: int) -> str:
        """A block of any kind, with blocks in it as long as there is depth."""
        kind = self._chosen.random()
        if depth and kind < 0.12:
            return self._list(depth - 1)
        if depth and kind < 0.2:
            return self._table(depth - 1)
        if kind < 0.24:
            return self._chosen.choice(("<hr>", "<br>", f"<p>{self._picture()}</p>", self._chosen.choice(WORDS)))
        name = self._chosen.choice(BLOCKS)
        nested = depth and name in ("div", "section", "blockquote", "center") and self._chosen.random() < 0.5
        inner = "".join(self.block(depth - 1) for _ in range(2)) if nested else self._line(2)
        return f"<{name}{self._style(0.35)}>{inner}</{name}>"

    def _line(self, depth: int) -> str:
        return "".join(self._piece(depth) for _ in range(self._chosen.randint(1, 3)))

    def _piece(self, depth: int) -> str:
        kind = self._chosen.random()
        if not depth or kind < 0.45:
            return self._chosen.choice(WORDS).replace("&", "&amp;").replace("<", "&lt;")
        if kind < 0.5:
            return self._picture()
        if kind < 0.55:
            return "<br>"
        name = self._chosen.choice(INLINE)
        more = f' href="{self._chosen.choice(LINKS)}"' if name == "a" else ""
        return f"<{name}{more}{self._style(0.3)}>{self._line(depth - 1)}</{name}>"

    def _picture(self) -> str:
        return f'<img src="{self._chosen.choice(("a.png", "data:,", ""))}" alt="{self._chosen.choice(("", "图"))}">'

    def _style(self, often: float) -> str:
        if self._chosen.random() > often:
            return ""
        return f' style="{";".join(self._chosen.sample(STYLES, self._chosen.choice((1, 1, 2))))}"'

    def _list(self, depth: int) -> str:
        name = self._chosen.choice(("ul", "ol", 'ol start="3"', "ol reversed"))
        items = "".join(
            f"<li{self._style(0.1)}>{self._line(1)}{self.block(depth) if self._chosen.random() < 0.3 else ''}</li>"
            for _ in range(self._chosen.randint(1, 3))
        )
        return f"<{name}>{items}</{name.partition(' ')[0]}>"

    def _table(self, depth: int) -> str:
        def cell() -> str:
            name = self._chosen.choice(("td", "td", "th"))
            span = self._chosen.choice(("", "", "", ' colspan="2"', ' rowspan="2"'))
            inner = self._line(1) if self._chosen.random() < 0.8 else self.block(depth)
            return f"<{name}{span}{self._style(0.1)}>{inner}</{name}>"

        width = self._chosen.randint(1, 3)
        rows = "".join(f"<tr>{''.join(cell() for _ in range(width))}</tr>" for _ in range(self._chosen.randint(1, 3)))
        return f"<table>{self._chosen.choice(('', '<caption>表</caption>'))}{rows}</table>"


def pasted() -> Iterator[tuple[str, str]]:
    """Each page, what it becomes in a text, and where that is not the same, as an entry."""
    for seed in range(150):
        html = Chance(seed).page()
        told = [html, "==="]
        try:
            made = import_fragment(html.encode(), "n")
            told += [made.markdown, *(note.told(ENGLISH) for note in made.notes)]
            text = read_html(f"<title>T</title>{html}".encode(), "n.html", lambda address: None)
            entry = to_markdown(text.root)
            told += ["=== entry", text.title, entry] if entry != made.markdown else []
        except ImportRefusedError as error:
            told.append(error.message)
        yield f"page {seed}", "\n".join(told)


@pytest.mark.slow
def test_whatever_is_pasted_becomes_what_it_always_became() -> None:
    compare("imports-chance", dict(pasted()))

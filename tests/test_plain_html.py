"""HTML that needs no sanitizer: what is taken for such is what the sanitizer would leave, and nothing is told of it."""

from __future__ import annotations

import re

import pytest
from conftest import examples
from hypothesis import example, given, settings
from hypothesis import strategies as st

from builder.content.markdown.embed import embeds_as_pictures
from builder.content.markdown.engine import to_html
from builder.content.markdown.sanitize import Removed, plain_html, sanitized

PLACE = ' data-sourcepos="1:1-2:2"'
PLACED = [f"<{name}{PLACE}>" for name in "p h2 ul ol li blockquote strong em del code".split()]
OPENED = [*PLACED, f"<pre{PLACE}><code>", f'<a{PLACE} href="../b.md#c">', "<p>", "<table>", "<div>", "<svg>"]
ALONE = [
    f"<br{PLACE} />",
    f"<hr{PLACE} />",
    f'<img{PLACE} src="a.jpg" alt="x" />',
    '<input type="checkbox" disabled="" />',
]
TEXTS = ["党", "\n", " ", "&amp;", "&quot;", "&lt;", "&nbsp;", "<!-- -->", "\xa0", "\r", "<", ">", "]]>", " />"]
TAGS = st.sampled_from([*OPENED, *ALONE, *TEXTS, *(f"</{name}>" for name in "p li ul a code pre".split())])
ADDRESSES = st.lists(
    st.sampled_from(
        "http:// https:// a a.cn xn--a xn--fiq228c.cn . .. / // 1 255 % %E4 - _ ? # &amp; = ~ + @ : \\ javascript: data: "
        "党".split()
    ),
    max_size=6,
).map("".join)


@st.composite
def elements(draw: st.DrawFn, depth: int = 3) -> str:
    """Elements that are closed, whatever they hold."""
    parts: list[str] = []
    for start in draw(st.lists(TAGS, max_size=4)):
        names = re.findall(r"<([a-z0-9]+)", start) if start in OPENED else []
        inner = draw(elements(depth - 1)) if names and depth else ""
        parts += [start, inner, *(f"</{name}>" for name in reversed(names))]
    return "".join(parts)


def agree(html: str, text: str = "", source: str = "") -> None:
    """What is taken for plain is as the sanitizer leaves it, and nothing would be told of it."""
    plain = plain_html(html)
    if plain is not None:
        assert plain == sanitized(embeds_as_pictures(html), allow=False)
        assert not list(Removed(html, text, source, 1).diagnostics())


@pytest.mark.slow
@given(elements())
@example(f"<p{PLACE}><p{PLACE}>a</p></p>")
@example(f'<a{PLACE} href="a"><strong{PLACE}><a{PLACE} href="b">c</a></strong></a>'.join((f"<p{PLACE}>", "</p>")))
@example(f"<ul{PLACE}><p{PLACE}>a</p></ul>")
@example(f"<p{PLACE}>a")
@example("a</p>")
@settings(max_examples=examples(150), deadline=None)
def test_elements_that_are_taken_for_plain_are_left_as_they_are(html: str) -> None:
    agree(html)


@pytest.mark.slow
@given(ADDRESSES, ADDRESSES)
@example("javascript:alert(1)", "data:image/svg+xml,a")
@example("https://1.2.3.999/", "http://xn--a.cn")
@settings(max_examples=examples(150), deadline=None)
def test_addresses_that_are_taken_for_plain_are_left_as_they_are(href: str, source: str) -> None:
    agree(f'<p{PLACE}><a{PLACE} href="{href}" title="党">a</a></p>')
    agree(f'<p{PLACE}><img{PLACE} src="{source}" alt="党" title="a" /></p>')


MARKDOWN = """# 党 "日"

第一段，**粗** *斜* ~~删~~ `a < b`，[链接](../b.md#c) 与 https://a.cn/b?c=1&d=2。\\
第二行

1. 一
2. 二
   - [x] 三

> 引 &amp; 文

![图](a.jpg "说明")

```python
print("a" < b)
```

---
"""


def test_ordinary_markdown_is_plain() -> None:
    made = to_html(MARKDOWN, 1)
    assert plain_html(made.html) is not None
    agree(made.html, MARKDOWN, made.source)


@pytest.mark.slow
@given(
    st.lists(st.sampled_from([*MARKDOWN.split("\n"), "<b>x</b>", "| a |\n| - |", "$x$", "[^1]", "> [!NOTE]\n> a"])).map(
        "\n".join
    )
)
@settings(max_examples=examples(100), deadline=None)
def test_what_the_engine_makes_is_left_as_it_is_where_it_is_plain(text: str) -> None:
    made = to_html(text, 1)
    agree(made.html, text, made.source)

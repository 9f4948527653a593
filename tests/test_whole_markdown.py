"""What Markdown becomes and what is said of it: small texts with a little of everything, word for word.

Like ``tests/test_whole_site.py``: where a change is meant, ``GOLDEN=write`` writes ``tests/golden/whole/`` anew.
"""

from __future__ import annotations

from collections.abc import Iterator

from conftest import files_of
from test_whole_site import CONTENT, compare
from test_whole_texts import readable, said

from builder.content.markdown import Body, Options, TooComplex, render
from builder.content.markdown.code import MOST_HIGHLIGHTED
from builder.content.markdown.formula import MOST_CHARACTERS, formula
from builder.content.markdown.sanitize import MOST_EMBEDDED, is_embedded

TEXTS = files_of((CONTENT.parent / "markdown.txt").read_text("utf-8"))
FOREIGN = (CONTENT.parent / "foreign.txt").read_text("utf-8").splitlines()
FRAMES = ("player.example.org",)


def filled(body: Body) -> str:
    """The HTML with all that may stand at links and pictures."""
    attributes = [{"href" if link.kind == "link" else "src": link.target} for link in body.links]
    pictures = [number for number, link in enumerate(body.links) if link.kind == "image"]
    sources = [f'<source srcset="{number}">' if number in pictures[::2] else "" for number in range(len(attributes))]
    links = [number for number, link in enumerate(body.links) if link.kind == "link"]
    whole = {number: '<a class="whole">' for number in pictures[1::3] if number not in body.linked()}
    marks = dict.fromkeys(links[::2], "<mark>")
    return body.html(attributes, sources, marks, dict.fromkeys(pictures[2::3], "(instead)"), whole)


def facts(body: Body) -> Iterator[str]:
    """All that a body says of itself."""
    yield from ("" if not body.title else f"title: {body.title}", f"first: {body.first_paragraph}")
    yield "\n".join(f"| {line}" for line in body.text.split("\n"))
    yield f"anchors: {' '.join(body.anchors)}"
    yield f"linked: {sorted(body.linked())}"
    yield from (f"h{each.level} {each.id} {each.text}" for each in body.headings)
    yield from (f"{each.kind} {each.target} @{each.line}:{each.column} {each.text}" for each in body.links)
    yield from map(said, body.diagnostics)


def test_markdown_becomes_what_it_always_became() -> None:
    def shown(text: str, **settings: object) -> str:
        body = render(text, first_line=5, **settings)  # type: ignore[arg-type]
        plain = body.html([{} for _ in body.links])
        return readable("\n".join((plain, *filter(None, facts(body)))))

    found = {name: shown(text.removesuffix("\n"), options=Options(frames_from=FRAMES)) for name, text in TEXTS.items()}
    found["title of a lower level, taken"] = shown(TEXTS["title of a lower level"], any_level=True)
    found["no title of a lower level at the top"] = shown("文\n\n### 题", any_level=True)
    found["a title with marks of a lower level"] = shown("### 小 *标* `题`\n\n文", any_level=True)
    found["title given"] = shown(TEXTS["title repeated"], title="标 题")
    found["in English"] = shown(
        TEXTS["alerts"] + TEXTS["footnotes"] + "- [ ] a\n- [x] b", options=Options(language="en")
    )
    found["raw HTML allowed"] = shown(TEXTS["raw HTML"], options=Options(raw_html="allow"))
    found["line ends"] = shown("一\r\n二\r\r三\n\r\n四")
    compare("markdown", found)


def test_links_and_pictures_are_filled_as_they_always_were() -> None:
    found = {name: filled(render(text)) for name, text in TEXTS.items() if render(text).links}
    compare("markdown-filled", {name: readable(text) for name, text in found.items()})


def test_markup_of_other_tools_is_told_as_it_always_was() -> None:
    compare("foreign", {"lines": "\n".join(f"{line}\n    {told(line)}" for line in FOREIGN)})


def told(text: str) -> str:
    """What is said of a text."""
    return readable("\n    ".join(map(said, render(f"{text}\n", first_line=2).diagnostics)) or "nothing")


def refused(text: str) -> str:
    """The line and the reason why a text is refused, or how long its HTML is."""
    try:
        return f"{len(render(text, first_line=3).html([]))} signs"
    except TooComplex as error:
        return f"line {error.line}: {error.reason}"


def test_limits_are_where_they_always_were() -> None:
    # What is a table in a block of code is counted as one, and costs nothing.
    rows = "```\n| a | b |\n|---|---|\n"
    texts = {
        **{f"{number} quotes": "\n" + "> " * number + "a" for number in (99, 100, 101)},
        **{f"{number} quotes without blanks": ">" * number + "a" for number in (100, 101)},
        **{f"{number} items in each other": "- " * number + "a" for number in (100, 101)},
        **{
            f"{number} items, each below the last": "\n".join("  " * each + "- a" for each in range(number))
            for number in (100, 101)
        },
        **{f"{number} cells": rows + "|c|d|\n" * (number // 2 - 1) for number in (49_998, 50_000, 50_002)},
        "a text behind many cells": rows + "|c|d|\n" * 24_999 + "\na\n\nb",
        "cells of several tables": (rows + "|c|d|\n" * 9_999 + "\n") * 3,
        **{f"{number} elements in each other": "<div>" * number + "a" for number in (300, 301)},
        "elements behind a paragraph": "a\n\nb\n\n" + "<div>" * 301,
        **{f"{number} elements, void ones between": "<b><br><hr/>" * number + "a" for number in (298, 299, 301)},
        "elements that are closed": "<b>a</b>" * 400,
        "closed more often than opened": "</b>" * 400 + "<b>" * 290,
        "a rule of signs": "- " * 200,
        "a rule in a text": "a\n\n" + "* " * 150 + "\n\n" + "> " * 101 + "a",
    }
    compare("markdown-limits", {"bounds": "\n".join(f"{name}: {refused(text)}" for name, text in texts.items())})


def test_formulas_code_and_pictures_in_a_text_have_their_limits() -> None:
    assert formula(" ", display=True) == ""
    for length in (MOST_CHARACTERS, MOST_CHARACTERS + 1):
        assert bool(formula("x" * length, display=False)) is (length == MOST_CHARACTERS)
    for depth in (100, 101):
        assert bool(formula("{" * depth + "x" + "}" * depth, display=False)) is (depth == 100)
        assert bool(formula("\\left(" * depth + "x" + "\\right)" * depth, display=False)) is (depth == 100)
        half = depth // 2
        chain = "{" * half + "\\sqrt" * (depth - half) + " x" + "}" * half
        assert bool(formula(chain, display=True)) is (depth == 100)
        # Commands in a row may each be the argument of the one before; what stands between them ends the row.
        assert bool(formula("\\alpha " * depth, display=False)) is (depth == 100)
        assert formula("\\alpha x" * depth, display=False)
    for length in (MOST_HIGHLIGHTED, MOST_HIGHLIGHTED + 1):
        code = ("x = 1\n" * length)[:length]
        assert ("<span" in "".join(render(f"```python\n{code}\n```").segments)) is (length == MOST_HIGHLIGHTED - 1)
    for run, plain in (("a" * 250, False), ("a" * 251, True), ("\n" * 39, False), ("\n" * 41, True)):
        html = "".join(render(f"```python\nx = 1{run}y\n```").segments)
        assert ("<span" not in html) is plain, run
    start = "data:image/png;base64,"
    assert is_embedded(start + "A" * (MOST_EMBEDDED - len(start)))
    assert not is_embedded(start + "A" * (MOST_EMBEDDED - len(start) + 1))
    for kinds in (49, 50, 51):
        attributes = " ".join(f'data-x{number}="1"' for number in range(kinds))
        links = "".join(f'<a href="x{number}:y">z</a>' for number in range(kinds))
        for written in (f"<p {attributes}>a</p>", f"<p>{links}</p>"):
            assert len(render(written).diagnostics) == min(kinds, 50), written

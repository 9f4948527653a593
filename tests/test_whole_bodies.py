"""Links, pictures, films and files in texts, word for word: in a page, in a feed, and as written; and what is told of them.

Like ``tests/test_whole_site.py``: where a change is meant, ``GOLDEN=write`` writes ``tests/golden/whole/`` anew.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import msgspec
import pytest
from test_whole_catalogue import WORDS, read
from test_whole_site import compare

from builder.catalogue.bodies import Resolved, html, link_problems, resolved, used_files
from builder.catalogue.links import Target
from builder.catalogue.nearest import Suggestions
from builder.content.documents import Document
from builder.content.markdown import render
from builder.model.kinds import Voice
from builder.model.media import Shape
from builder.model.values import Entry, File, Page, Topic

PATH = "content/alpha/news/2026-11-20-visit/index.md"
SHAPES = {
    "wide.jpg": Shape(1600, 900, (400, 800, 1600)),
    "column.jpg": Shape(656, 300, (400, 656)),
    "beyond.jpg": Shape(657, 300, (400, 657)),
    "small.png": Shape(40, 30, (40,)),
    "flat.png": Shape(40, 0),
    "drawing.svg": Shape(100, 50),
}
TARGETS = (
    *(Target("file", name) for name in SHAPES),
    *(Target("file", name) for name in ("unknown.jpg", "gone.jpg", "film.mp4", "sound.mp3", "list.pdf", "gone.pdf")),
    Target("file", "Named \"&'.zip"),
    Target("external", "https://x.org/a?b=c&d"),
    Target("external", "http://x.org/%E4%B8%AD.jpg"),
    Target("external", "mailto:a@x.org"),
    Target("anchor", "", "way"),
    Target("anchor", "", "", "q=1"),
    Target("anchor", ""),
    Target("anchor", "", "中 way", "q=1"),
    Target("page", "/alpha/news/"),
    Target("page", "/alpha/news/", "way", "q=1"),
    Target("page", "/alpha/voices/#day", "way", "q=1"),
    Target("file", "list.pdf", "page=2", "q=1"),
    Target("broken", "nowhere.md", reason="link-broken"),
    Target("broken", "nowhere.md", reason="link-unpublished"),
)  # fmt: skip
FORMS = ("[a]({})", "![b]({})", "![]({})", "[![c]({})](https://y.org/)", '![d & "e"]({})')


def shown(body: Resolved, *, eager: bool = False, feed: bool = False, placed: bool = False) -> str:
    def file(path: str) -> str:
        return "" if path.startswith("gone") else f"file:{path}"

    return html(
        body,
        lambda path: f"link:{path}",
        file,
        place=(lambda path: f"/at/{path}") if placed else None,
        shapes=SHAPES,
        eager=eager,
        feed=feed,
        mark=lambda path: f"<i>{path}</i>" if "news" in path else "",
        sizes={"list.pdf": 12_345, "film.mp4": 1},
    )


def test_what_texts_link_and_show_is_written_as_it_always_was() -> None:
    found: dict[str, str] = {}
    for target in TARGETS:
        name = f"{target.kind} {target.place} {target.query} {target.fragment} {target.reason}".rstrip()
        rows = []
        for form in FORMS:
            body = render(form.format("https://written.org/"))
            out = [
                target if link.target == "https://written.org/" else Target("external", link.target)
                for link in body.links
            ]
            what = Resolved(Document(path=PATH, kind="entry", branch="alpha", body=body), tuple(out))
            rows += [shown(what), shown(what, placed=True, eager=True), shown(what, feed=True)]
            rows.append(f"{list(what.files())} {sorted(what.pictures())}")
        found[name] = "\n".join(dict.fromkeys(rows))
    two = render("![a](x)\n\n![b](y)")
    what = Resolved(Document(path=PATH, kind="entry", branch="alpha", body=two), TARGETS[:2])
    found["the first alone is loaded at once"] = shown(what, eager=True, placed=True)
    found["nothing"] = shown(Resolved(Document(path=PATH, kind="entry", branch="alpha")))
    compare("bodies", found)


@pytest.mark.slow
def test_what_leads_nowhere_is_told_as_it_always_was(tmp_path: Path) -> None:
    _, catalogue = read(tmp_path)
    suggestions = Suggestions(catalogue)
    more = (
        "plam.pdf",
        "../../media/plan.PDF",
        "list.pfd",
        "a.mp3",
        "a.mp4?x",
        "a.jpg",
        "a",
        "https://x.org/a.jpg",
        "../list.pdf",
    )
    text = "".join(f"[a](<{target}>)\n\n![b](<{target}>)\n\n" for target in (*WORDS["targets"], *more))
    document = Document(path=PATH, kind="entry", branch="alpha", body=render(text))
    rows = [
        f"{each.line}:{each.column} {each.code} {each.severity} {each.path} {each.branch} {each.arguments}"
        for each in link_problems(resolved(document, catalogue), suggestions)
    ]
    make = partial(Document, path=PATH, branch="alpha", body=render("![a](list.pdf) [b](gate.jpg)"))
    files = (
        File(title="A", path="a.pdf"),
        File(title="B", url="https://x.org/"),
        File(title="C", path="c.pdf"),
    )
    entry = Entry(
        branch="alpha",
        section="news",
        slug="x",
        path=PATH,
        kind=Voice(text="x"),
        title="",
        date=datetime(2026, 11, 1, tzinfo=UTC),
    )
    plain = msgspec.structs.replace(entry, attachments=files)
    shown_by = {
        "entry": make(kind="entry", entry=plain),
        "with pictures": make(
            kind="entry", entry=msgspec.structs.replace(plain, image="i.jpg", kind=Voice(text="x", portrait="p.jpg"))
        ),
        "page": make(
            kind="page", page=Page(branch="alpha", slug="x", path=PATH, title="", image="i.jpg", attachments=files)
        ),
        "topic": make(kind="topic", topic=Topic(slug="x", path=PATH, title="", image="i.jpg")),
        "topic without": make(kind="topic", topic=Topic(slug="x", path=PATH, title="")),
        "broken": make(kind="entry"),
    }
    used = {name: str(list(used_files(resolved(each, catalogue)))) for name, each in shown_by.items()}
    compare("bodies-told", {"links": "\n".join(rows), **used})

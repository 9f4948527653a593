"""Small parts of the server for writing: buckets of requests, the form's files, what concerns an entry, what a text lacks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import SmallSite

from builder.content import read_organization
from builder.edit.bundle import Bundle
from builder.edit.checking import read_files
from builder.edit.missing import Files, missing
from builder.edit.rates import Rate, Rates
from builder.model.values import Branch, Section


def test_of_very_many_who_ask_nobody_is_remembered() -> None:
    """Whoever sends names that nobody has must not fill the memory."""
    rates, rate = Rates(lambda: 0.0), Rate(burst=1, minute=0)
    assert [rates.allows("zhang", rate) for _ in range(2)] == [True, False]
    for number in range(9_999):
        rates.allows(str(number), rate)
    assert rates.allows("zhang", rate)


@pytest.mark.parametrize(
    "name",
    [
        "manifest.json", "assets/../manifest.json", "assets/a.html", "assets/a.js.map", "assets/b/a.js", "assets/中.js",
        "assets/none.js", "",
    ],
)  # fmt: skip
def test_nothing_but_files_of_the_form_is_served(tmp_path: Path, name: str) -> None:
    (tmp_path / "assets/b").mkdir(parents=True)
    (tmp_path / "manifest.json").write_text(
        json.dumps({"src/main.js": {"file": "assets/a.js", "css": ["assets/a.css"]}})
    )
    for each in ("a.js", "a.css", "a.html", "a.js.map", "b/a.js", "中.js"):
        (tmp_path / "assets" / each).write_text(each, "utf-8")
    bundle = Bundle(tmp_path)
    assert (bundle.script, bundle.styles) == ("assets/a.js", ("assets/a.css",))
    assert bundle.file("assets/a.css") == (b"a.css", "text/css; charset=utf-8")
    assert bundle.file(name) is None


def test_what_is_wrong_elsewhere_is_not_told_of_an_entry(site: SmallSite) -> None:
    organization, _ = read_organization(site.root)
    assert organization is not None
    files = {"content/alpha/news/2026-11-20-a.md": "---\ntitle: 甲\n---\n文\n".encode()}
    beside = {"content/alpha/news/2026-11-20-b.md": b"---\ntitle: [\n---\n"}
    documents, problems = read_files(organization, "alpha", files, beside)
    assert [document.path for document in documents] == list(files)
    assert problems == (), "the branch has no settings here, and the other text cannot be read"
    wrong = {"content/alpha/No Such Place/x/y/z.md": b"---\ntitle: x\n---\nx\n"}
    _, problems = read_files(organization, "alpha", wrong, {"content/alpha/branch.yml": "name: 甲\n".encode()})
    assert problems, "a folder above it is its own affair"


@pytest.mark.parametrize(
    ("path", "lacks"),
    [
        ("content/a/about.md", False), ("content/a/About.md", True), ("content/a/about", False), ("content/a/none", True),
        ("content/a/none.md", True), ("content/a/news", False), ("content/a/news/one/index.md", False),
        ("content/a/news/one", False), ("content/a/news/two", True), ("content/a/media/a.pdf", False),
        ("content/a/media/b.pdf", True), ("content/a/former/two", False), ("content/b/none", False), ("content/a", False),
    ],
)  # fmt: skip
def test_what_a_branch_should_have_is_told_from_what_nobody_knows(path: str, lacks: bool) -> None:
    branch = Branch(slug="a", name="A", sections=(Section(slug="news", title="News"),))
    files = Files(branch, ("content/a/about.md", "content/a/news/one/index.md", "content/a/media/a.pdf"))
    assert files.lacks(path) is lacks


def test_each_kind_of_thing_that_is_missing_is_told_as_what_it_is(site: SmallSite) -> None:
    organization, _ = read_organization(site.root)
    assert organization is not None
    targets = ("p.png", "p.PNG?x", "a.pdf", "a.mp3#t", "a.mp4", "a.webm", "a.docx", "none", "https://example.org/x.png")
    head = "title: 甲\nimage: cover.jpg\nattachments: [form.pdf, https://example.org/f.pdf]\n"
    links = "".join(f"![字]({target})\n[字]({target})\n" for target in targets)
    text = f"---\n{head}---\n{links}".encode()
    path = "content/alpha/news/2026-11-20-a/index.md"
    (document,), _ = read_files(
        organization, "alpha", {path: text}, {"content/alpha/branch.yml": "name: 甲\n".encode()}
    )
    branch = Branch(slug="alpha", name="A", sections=(Section(slug="news", title="News"),))
    told = [(each.code, each.arguments["target"], each.line) for each in missing(document, Files(branch, [path]))]
    images = {"p.png": "image", "p.PNG?x": "image", "a.docx": "image", "none": "image"}
    assert told == [
        *(
            each
            for number, target in enumerate(targets[:-1])
            for each in (
                (f"{images.get(target, 'media')}-missing", target, 6 + 2 * number),
                ("link-broken", target, 7 + 2 * number),
            )
        ),
        ("image-missing", "alpha/news/2026-11-20-a/cover.jpg", None),
        ("attachment-missing", "alpha/news/2026-11-20-a/form.pdf", None),
    ]

"""Small parts of the server for writing: buckets of requests, the form's files, what concerns an entry, what a text lacks."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, timedelta, timezone
from pathlib import Path
from typing import cast

import pytest
from conftest import SmallSite
from PIL import Image
from test_recordings import PLACE, film

from builder.content import read_organization
from builder.content.owners import Person as Somebody
from builder.content.schema.kinds import BRANCH_PROFILE, ENTRIES
from builder.edit.accounts import Account, Accounts
from builder.edit.blocks import merged
from builder.edit.bundle import Bundle
from builder.edit.checking import read_files
from builder.edit.desk import Desk, Worker
from builder.edit.document import EntryFile, EntryForm, NotEditableError
from builder.edit.git import Author, TreeFile
from builder.edit.host import Host
from builder.edit.missing import Files, missing
from builder.edit.places import BranchFiles, FormFile, clean_file_name, new_name
from builder.edit.rates import Rate, Rates
from builder.edit.refusal import RefusalError
from builder.edit.uploads import Upload, clean_uploads
from builder.edit.values import FormValue
from builder.messages.problems import Problem
from builder.model.values import Branch, Section

DRAWING = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>'


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


@pytest.mark.parametrize(("size", "served"), [(20_000_000, True), (20_000_001, False)])
def test_a_file_of_the_form_has_at_most_twenty_million_bytes(tmp_path: Path, size: int, served: bool) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "manifest.json").write_text(json.dumps({"src/main.js": {"file": "assets/a.js"}}))
    with (tmp_path / "assets/a.js").open("wb") as file:
        file.truncate(size)
    assert (Bundle(tmp_path).file("assets/a.js") is not None) is served


def test_what_is_wrong_elsewhere_is_not_told_of_an_entry(site: SmallSite) -> None:
    organization, _ = read_organization(site.root)
    assert organization is not None
    files = {"content/alpha/news/2026-11-20-a.md": "---\ntitle: 甲\n---\n文\n".encode()}
    beside = {"content/alpha/news/2026-11-20-b.md": b"---\ntitle: [\n---\n"}
    documents, problems = read_files(organization, "alpha", files, beside)
    assert [document.path for document in documents] == list(files)
    assert problems == (), "the branch has no settings here, and the other text cannot be read"
    settings = {"content/alpha/branch.yml": "name: 甲\n".encode(), "content/alpha/No Such/x.md": b""}
    for path, told in (
        ("news/a/b/c.md", ["content/alpha/news/a/b/c.md"]),
        ("No Such Place/a.md", ["content/alpha/No Such Place"]),
    ):
        _, problems = read_files(organization, "alpha", {f"content/alpha/{path}": b"x\n"}, settings)
        assert [each.path for each in problems] == told, "a folder above it is its own affair, and no other"


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


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("* a\n* b", "- a\n- b"), ("+ a", "* a"), ("1) a\n2) b", "1. a\n2. b"), ("# A ##", "# A"), ("*a* 2\\*3", "_a_ 2*3"),
        ("a  \nb", "a\\\nb"),
        ("|a|b|\n|:--|--:|\n|1|2|", "| a | b |\n| --- | --- |\n| 1   | 2   |"), ("a|b\n-|-", "|a|b|\n|---|---|"),
        ("- a\n    - b\n- c", "- a\n  - b\n- c"), ("a\n\n\n\nb", "a\n\nb"), ("~~~\n```\n~~~\n\na", "~~~\n```\n~~~\n\na"),
        ("```\na\n\n``` b\n\n* c\n```", "```\na\n\n``` b\n\n* c\n```"),
    ],
)  # fmt: skip
def test_what_says_the_same_keeps_its_signs(old: str, new: str) -> None:
    assert merged(old, new) == old
    assert merged(f"{old}\n\n旧", f"{new}\n\n新") == f"{old}\n\n新"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a", "b"), ("", "a"), ("a", ""), ("* a", "* b"), ("# A", "## A"), ("1. a", "2. a"), ("-a", "*b"), ("- a", "1. a"),
        ("|a|b|", "|a|c|"), ("|a|b|\n|-|-|", "|a|b|\n|-|-|-|"), ("```\n* a\n```", "```\n- a\n```"), ("- a\n- b", "- a\n  - b"),
        ("````\na\n\n* b\n````", "````\na\n\n- b\n````"), ("~~~\na\n\n```\n\n* b\n~~~", "~~~\na\n\n```\n\n- b\n~~~"),
        ("```\na\n``` b\n\n* c\n```", "```\na\n``` b\n\n- c\n```"), ("    ```\n\n* a", "    ```\n\n- b"),
        ("-", "---"), ("````\na\n```\n\n* b\n````", "````\na\n```\n\n- b\n````"),
    ],
)  # fmt: skip
def test_what_says_something_else_is_as_it_came(old: str, new: str) -> None:
    assert merged(old, new) == new


def test_blocks_that_stay_keep_the_lines_between_them() -> None:
    assert merged("* a\n\n\nb\n\nc", "- a\n\nb\n\nd") == "* a\n\n\nb\n\nd"
    assert merged("a\n\n* b\n\n\n\nc", "new\n\na\n\n- b\n\nc") == "new\n\na\n\n* b\n\n\n\nc"
    assert merged("a\n\nb\n\nc", "a\n\nc") == "a\n\nc"


def image(form: str, size: int = 40) -> bytes:
    """A picture in a format of Pillow's."""
    made = io.BytesIO()
    Image.new("RGB", (size, size), "red").save(made, form)
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "kept"),
    [
        ("A b.TIFF", image("TIFF"), "a-b.jpg"), ("p.jpg", image("PNG"), "p.png"), ("p.jpeg", image("JPEG"), "p.jpeg"),
        ("p.JPG", image("JPEG"), "p.jpg"), ("p.bmp", image("BMP"), "p.bmp"), ("d.svg", DRAWING.encode(), "d.svg"),
        ("中 文.PDF", b"%PDF", "中-文.pdf"),
    ],
)  # fmt: skip
def test_a_file_is_called_by_what_it_is(name: str, content: bytes, kept: str) -> None:
    (made,) = clean_uploads([(name, content)], 10_000_000)
    assert isinstance(made, Upload)
    assert made.name == kept


def test_recordings_are_committed_without_places() -> None:
    (made,) = clean_uploads([("f.mp4", film())], 10_000_000)
    assert isinstance(made, Upload)
    assert PLACE in film()
    assert PLACE not in made.content


def test_what_cannot_be_published_is_told_with_a_size_or_a_number() -> None:
    many = "".join(
        f'<g id="{name}">{f"""<use href="#{inner}"/>""" * 10}</g>'
        for inner, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg"><g id="a"><path d="M0 0"/></g>{many}<use href="#i"/></svg>'
    (large,) = clean_uploads([("p.png", image("PNG", 400))], 100)
    (copies,) = clean_uploads([("d.svg", drawing.encode())], 10_000_000)
    assert isinstance(large, Problem)
    assert isinstance(copies, Problem)
    assert (large.code, str(large.arguments["detail"]).endswith("B")) == ("picture-too-large", True)
    assert (copies.code, str(copies.arguments["detail"]).isdecimal()) == ("svg-copies", True)


def test_a_file_has_at_most_twenty_million_bytes() -> None:
    (made,) = clean_uploads([("a.txt", bytes(20_000_000))], 1)
    assert isinstance(made, Upload)
    with pytest.raises(RefusalError) as refused:
        clean_uploads([("a.txt", bytes(20_000_001))], 1)
    assert refused.value.status == 413


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_text_is_written_as_it_was_or_in_utf_8(encoding: str, ends: str) -> None:
    text = "---\ntitle: 走访慰问老党员\n---\n\n上午九点，党员们出发了。\n".replace("\n", ends)
    file = EntryFile(text.encode(encoding), ENTRIES["article"], UTC)
    form = file.form()
    assert (form.values, form.body) == ({"title": "走访慰问老党员"}, "上午九点，党员们出发了。")
    made = file.with_form(EntryForm({"title": "读书会"}, form.body))
    as_it_was = encoding.startswith("utf-8")
    wanted = text.replace("走访慰问老党员", "读书会")
    assert made == (wanted.encode(encoding) if as_it_was else wanted.replace("\r\n", "\n").encode())
    assert file.with_form(form) == text.encode(encoding)


ALPHA = Branch(
    slug="alpha",
    name="甲",
    sections=(Section(slug="news", title="动态"), Section(slug="notes", title="笔记", dated=False)),
)


@pytest.mark.parametrize("name", ["\udc80.pdf", "中\udca4.pdf", "_a.pdf", ".a.pdf", "Thumbs.db", "_x/a.pdf"])
def test_files_that_are_published_nowhere_are_not_shown(name: str) -> None:
    shown = ("content/alpha/media/中 文.pdf", "content/alpha/news/x/\ud7ff.pdf")
    paths = (*shown, f"content/alpha/media/{name}", f"content/alpha/news/x/{name}")
    assert tuple(BranchFiles(ALPHA, [TreeFile(path, "0", 1) for path in paths]).by_path) == shown


@pytest.mark.parametrize(
    ("wanted", "day", "section", "taken", "name"),
    [
        ("读书会", "", "news", (), "2026-11-23-读书会"), ("A b", "2026-11-01", "news", (), "2026-11-01-a-b"),
        ("2026-11-05-a", "", "news", (), "2026-11-05-a"), ("2026-11-05-a", "2026-11-01", "news", (), "2026-11-01-a"),
        ("2026-11-05-a", "nonsense", "news", (), "2026-11-05-a"), ("a", "2026-11-01 23:30+00:00", "news", (), "2026-11-02-a"),
        ("a", "2026-11-01", "notes", (), "a"), ("2026-11-05-a", "", "notes", (), "a"), ("", "", "notes", (), "entry"),
        ("", "", "news", (), "2026-11-23"), ("..a..", "", "notes", (), "a"), ("--a--", "", "notes", (), "a"),
        ("page", "", "notes", (), "page-1"), ("a", "", "notes", ("a",), "a-2"), ("a", "", "notes", ("A", "a-2"), "a-3"),
        ("x" * 200, "", "notes", (), "x" * 100), ("字" * 40, "", "notes", (), "字" * 33),
        ("x" * 99 + "-y", "", "notes", (), "x" * 99),
    ],
)  # fmt: skip
def test_a_new_entry_is_named_by_its_day_and_its_words(
    wanted: str, day: str, section: str, taken: tuple[str, ...], name: str
) -> None:
    place = next(each for each in ALPHA.sections if each.slug == section)
    zone = timezone(timedelta(hours=8))
    assert new_name(wanted, day, place, zone, date(2026, 11, 23), taken) == name


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("a.pdf", "a.pdf"), ("A B.PDF", "a-b.pdf"), ("a.b.pdf", "a.b.pdf"), ("a", ""), (".pdf", "file.pdf"), ("a.", ""),
        ("..", ""), ("x" * 300 + ".pdf", "x" * 100 + ".pdf"), ("中 文.Docx", "中-文.docx"), ("???.pdf", "file.pdf"),
    ],
)  # fmt: skip
def test_a_file_keeps_its_name_as_far_as_addresses_take_it(name: str, kept: str) -> None:
    assert clean_file_name(name) == kept


@pytest.mark.parametrize(
    ("text", "key", "value", "written"),
    [
        ("title: a\n标题: b\n", "title", "c", "title: c\n标题: b\n"),
        ("标题: a\ntitle: b\n", "title", "c", "标题: c\ntitle: b\n"),
        ("attachments: [a.pdf]\n", "attachments", [{"file": "b.pdf"}], "attachments: [b.pdf]\n"),
        ("attachments: [{file: a.pdf}]\n", "attachments", [{"file": "b.pdf"}], "attachments: [{file: b.pdf}]\n"),
        ("tags: a\n", "tags", ["b"], "tags: b\n"), ("tags: a\n", "tags", ["b", "c"], "tags: [b, c]\n"),
        ("date: 2026-11-20\n", "date", "2026-11-21", "date: 2026-11-21\n"),
        ("title: a\ntags:\n", "title", "b", "title: b\ntags:\n"), ("draft: yes\n", "draft", "false", "draft: false\n"),
    ],
)  # fmt: skip
def test_only_what_was_changed_is_written_and_in_its_own_way(
    text: str, key: str, value: FormValue, written: str
) -> None:
    file = EntryFile(f"---\n{text}---\n文\n".encode(), ENTRIES["article"], UTC)
    form = file.form()
    assert "b" not in form.values.values(), "of two names of one key the first counts"
    made = file.with_form(EntryForm({**form.values, key: value}, form.body))
    assert made.decode() == f"---\n{written}---\n文\n"


def test_a_change_that_would_rewrite_a_whole_line_is_refused() -> None:
    file = EntryFile("---\n{title: 甲, tags: [乙]}\n---\n文\n".encode(), ENTRIES["article"], UTC)
    assert (
        file.with_form(EntryForm({"title": "丙", "tags": ["乙"]}, "文"))
        == "---\n{title: 丙, tags: [乙]}\n---\n文\n".encode()
    )
    with pytest.raises(NotEditableError, match="cannot be written into the file without changing more of it"):
        file.with_form(EntryForm({"title": "丙"}, "文"))


def test_inside_a_group_of_settings_the_rest_keeps_its_hand() -> None:
    text = "name: 甲\ncontact:\n  email: a@example.org\n  phone:\n  address: '街'\n"
    file = EntryFile(text.encode(), BRANCH_PROFILE, UTC, only_yaml=True)
    form = file.form()
    assert form.values["contact"] == {"email": "a@example.org", "address": "街"}
    made = file.with_form(EntryForm({**form.values, "contact": {"email": "b@example.org", "address": "街"}}, form.body))
    assert made.decode() == text.replace("a@", "b@")
    made = file.with_form(EntryForm({**form.values, "contact": {"address": "街"}}, form.body))
    assert made.decode() == text.replace("  email: a@example.org\n", ""), "what was taken out goes"


def test_what_a_killed_process_left_keeps_nobody_out(tmp_path: Path) -> None:
    accounts = Accounts(tmp_path)
    accounts.invite(Account("zhang"))
    (tmp_path / "accounts.new").write_bytes(b"half")
    token = accounts.invite(Account("li"))
    assert [account.name for account in accounts.people()] == ["li", "zhang"]
    assert accounts.is_open(token)


class Shelf:
    """A desk with so many files, and no more than the form's host asks of one."""

    def __init__(self, number: int) -> None:
        self.by_shown = {
            f"{each:04}.txt": FormFile(f"{each:04}.txt", f"{each:04}.txt", "0", 1) for each in range(number)
        }
        self.id = "state"

    def writes_for(self, worker: Worker, slug: str) -> bool:
        return slug == "alpha"

    def files(self, worker: Worker, slug: str) -> Shelf:
        return self

    def view(self, worker: Worker) -> Shelf:
        return self


@pytest.mark.parametrize(
    ("number", "page", "shown", "more"),
    [
        (0, "1", 0, False),
        (1000, "1", 1000, False),
        (1001, "1", 1000, True),
        (1001, "2", 1, False),
        (1001, "x", 1000, True),
    ],
)
def test_a_list_of_files_has_a_thousand_on_a_page(number: int, page: str, shown: int, more: bool) -> None:
    worker = Worker(Somebody("zhang"), Author("张", "z@example.org"))
    host = Host(cast("Desk", Shelf(number)))
    told = host.get(worker, ["repos", "branchpress", "alpha", "git", "trees", "x"], {"page": page})
    assert (len(told["tree"]), told["truncated"], told["total_count"]) == (shown, more, number)
    with pytest.raises(RefusalError):
        host.get(worker, ["repos", "branchpress", "beta", "git", "trees", "x"], {"page": page})

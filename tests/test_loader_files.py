"""Folders and files: what is an entry, what is a page, what is refused, and how bytes become text."""

from __future__ import annotations

import pytest
from folders import Load, codes, entry, faults, load, only

__all__ = ["load"]

GOOD = "# 标题\n\n正文。\n"


def test_where_entries_and_pages_lie(load: Load) -> None:
    content = load(
        {
            "about.md": GOOD,
            "news/2026-11-20-a.md": GOOD,
            "news/2026-11-21-b/index.md": GOOD,
            "news/2026-11-21-b/photo.jpg": b"\xff\xd8",
            "news/2026-11-21-b/data.yml": "a: 1\n",
            "voices/2026-11-22-c/index.yml": "text: 好。\n",
            "media/notes.md": "no page\n",
            "_drafts/x.md": GOOD,
            "news/_x.md": GOOD,
            ".hidden/x.md": GOOD,
            "Thumbs.db": b"\0",
        }
    )
    assert codes(content) == []
    assert [(each.kind, each.section, each.slug) for each in content.documents] == [
        ("page", "", "about"),
        ("entry", "news", "2026-11-20-a"),
        ("entry", "news", "2026-11-21-b"),
        ("entry", "voices", "2026-11-22-c"),
    ]
    assert list(content.files) == [
        "content/a/media/notes.md",
        "content/a/news/2026-11-21-b/data.yml",
        "content/a/news/2026-11-21-b/photo.jpg",
    ]


def test_an_undeclared_folder_is_a_section_of_articles(load: Load) -> None:
    content = load({"labs/2026-11-20-a.md": GOOD})
    assert codes(content) == ["section-undeclared"]
    assert content.branch is not None
    section = content.branch.section("labs")
    assert section is not None
    assert (section.title, section.type) == ("labs", "article")
    assert only(content).entry is not None


def test_sections_of_a_branchs_own(load: Load) -> None:
    own = "name: 甲\nsections: {hide: [policies], add: {labs: {title: 实验室}}, order: [labs, events]}\n"
    branch = load({"branch.yml": own}).branch
    assert branch is not None
    assert [section.slug for section in branch.sections][:3] == ["labs", "events", "news"]
    assert branch.hidden == ("policies",)


def test_a_folder_that_can_be_no_section(load: Load) -> None:
    content = load({"My News/2026-11-20-a.md": GOOD, "tags/2026-11-20-a.md": GOOD})
    assert codes(content) == ["folder-name", "name-reserved"]
    assert content.documents == ()


@pytest.mark.parametrize(
    "files",
    [
        {"news/2026-11-20-a.md": GOOD, "news/2026-11-20-A.md": GOOD},
        {"news/2026-11-20-a.md": GOOD, "news/2026-11-20-a/index.md": GOOD},
        {"news/2026-11-20-a.md": GOOD, "news/2026-11-20-a.yml": "title: A\n"},
        {"news/2026-11-20-a.md": GOOD, "news/2026-11-20-b.md": "---\nslug: 2026-11-20-a\n---\n" + GOOD},
        {"news/2026-11-20-strasse.md": GOOD, "news/2026-11-20-straße.md": GOOD},
    ],
)
def test_two_sources_for_one_address(load: Load, files: dict[str, str | bytes]) -> None:
    content = load(files)
    assert codes(content) == ["url-collision", "url-collision"]
    first, second = content.documents
    assert first.subject is None
    assert second.subject is None
    assert first.problems[0].arguments["other"] == second.path
    assert second.problems[0].arguments["other"] == first.path


def test_a_page_that_is_called_like_a_section(load: Load) -> None:
    content = load({"news.md": GOOD})
    assert [problem.arguments["other"] for problem in only(content).problems] == ["content/a/news"]


def test_one_name_in_two_sections_is_two_addresses(load: Load) -> None:
    content = load({"news/2026-11-20-a.md": GOOD, "notices/2026-11-20-a.md": GOOD, "a.md": GOOD})
    assert codes(content) == []


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("news/？！.md", "slug-empty"),
        ("news/2026-11-20-" + "好" * 70 + ".md", "slug-too-long"),
        ("news/page.md", "name-reserved"),
        ("media.yml", "file-misplaced"),
        ("tags.md", "name-reserved"),
        ("news/deep/er/a.md", "file-misplaced"),
        ("news/index.md", "index-misplaced"),
    ],
)
def test_names_that_cannot_be(load: Load, path: str, code: str) -> None:
    assert codes(
        load({path: "---\ndate: 2026-11-20\n---\n" + GOOD if path.endswith("md") and "/" in path else GOOD})
    ) == [code]


def test_a_written_slug_is_checked_like_a_name(load: Load) -> None:
    assert faults(load, "---\ntitle: A\nslug: page\n---\n") == ["3:7 name-reserved"]
    assert faults(load, "---\ntitle: A\nslug: A B\n---\n") == ["3:7 slug-unused"]
    assert entry(load, "---\ntitle: A\ndate: 2026-11-20\nslug: visit\n---\n", "news/？！.md").slug == "visit"


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", []),
        ("utf-8-sig", []),
        ("gb18030", ["1:1 encoding-converted"]),
        ("utf-16", ["1:1 encoding-converted"]),
        ("utf-16-le", ["1:1 encoding-converted"]),
        ("utf-16-be", ["1:1 encoding-converted"]),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(load: Load, encoding: str, told: list[str], end: str) -> None:
    text = "---\ntitle: 走访慰问\n---\n上午九点，大家出发了。\n\n[名单](list.pdf)\n"
    content = load({"news/2026-11-20-a.md": text.replace("\n", end).encode(encoding)})
    document = only(content)
    assert [f"{each.line}:{each.column} {each.code}" for each in document.problems] == told
    assert document.entry is not None
    assert document.entry.title == "走访慰问"
    assert document.body is not None
    assert [(link.line, link.column) for link in document.body.links] == [(6, 1)]


def test_bytes_that_are_no_text(load: Load) -> None:
    assert faults(load, b"# A\n\xff\xfe\xfd\x80\x81") == ["2:1 encoding-unknown"]
    assert faults(load, bytes(range(128, 256)) * 4) == ["1:1 encoding-unknown"]


def test_control_characters(load: Load) -> None:
    assert faults(load, "# A\n\nb\x07c\n") == ["3:2 control-character"]
    assert faults(load, '---\ntitle: "A\\u0007"\n---\n') == ["2:8 control-character"]
    assert faults(load, "# A\n\nx `&#7;` b&#x07;c\n") == ["3:11 control-character"]
    assert faults(load, "# A\n\n`&#7;`\n") == []
    assert faults(load, "# A\n\n\ufeffb\tc\u200b\n") == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("---\ntitle: A\n\nText.\n", ["1:1 front-matter-unclosed"]),
        ("---  \ntitle: A\n---\t\nText.\n", []),
        ("\n\n---\ntitle: A\n---\n", []),
        ("———\ntitle: A\n———\n", ["1:1 front-matter-fence"]),
        ("+++\ntitle = 'A'\n+++\n", []),
        ("+++\ntitle: A\n+++\n", ["1:1 front-matter-fence"]),
        ("+++\ntitle = A\n+++\n", ["2:9 front-matter-syntax"]),
        ("----\ntitle: A\n----\n", ["1:1 front-matter-fence"]),
        ("---\ntitle: A\n...\nText.\n", []),
        ("# A\n\nText\n\n---\n\nmore: text\n", []),
        ("---\n---\n# A\n", []),
        ("---\ntitle: 关于: 通知\n---\n", ["2:10 front-matter-syntax"]),
        ("---\ntitle：A\n---\n", ["2:6 front-matter-syntax"]),
        ("---\ntitle:\tA\n---\n", []),
        ("---\ntitle: A\ntags: [a, b\nauthor: C\n---\n", ["3:7 front-matter-syntax"]),
        ("---\n- a\n- b\n---\n", ["2:1 yaml-not-mapping"]),
        ("---\ntitle: A\ntitle: B\n---\n", ["3:1 yaml-duplicate-key"]),
        ("---\ntitle: &a A\n---\n", ["2:8 yaml-anchor"]),
        ("---\ntitle: !!python/name:os.system A\n---\n", ["2:8 yaml-tag"]),
    ],
)
def test_where_front_matter_begins_and_ends(load: Load, text: str, told: list[str]) -> None:
    assert faults(load, text) == told


def test_front_matter_that_does_not_parse_is_never_text(load: Load) -> None:
    document = only(load({"news/2026-11-20-a.md": '---\ntitle: "A\ndraft: true\n---\nSecret.\n'}))
    assert document.subject is None
    assert document.body is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("# A\n\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x\n", ["3:1 merge-conflict"]),
        ("---\n<<<<<<< HEAD\ntitle: A\n=======\ntitle: B\n>>>>>>> x\n---\n", ["2:1 merge-conflict"]),
        ("# A\n\n```\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x\n```\n", []),
        ("# A\n\n<<<<<<< HEAD\n\n=======\n", []),
        ("# A\n\nb\n=======\n", []),
        # One that lacks its middle, and one begun anew behind it.
        ("# A\n\n<<<<<<< HEAD\na\n>>>>>>> x\n", []),
        ("# A\n\n<<<<<<< one\n=======\n<<<<<<< two\na\n>>>>>>> x\n", []),
        ("# A\n\n<<<<<<<\na\n=======\n>>>>>>>\n", ["3:1 merge-conflict"]),
        ("# A\n\n~~~\n```\n<<<<<<< HEAD\n=======\n>>>>>>> x\n~~~\n", []),
        ("# A\n\n```\nx\n```\n\n<<<<<<< HEAD\n=======\n>>>>>>> x\n", ["7:1 merge-conflict"]),
    ],
)
def test_merge_conflicts(load: Load, text: str, told: list[str]) -> None:
    assert faults(load, text) == told

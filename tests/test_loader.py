"""What the loader makes of an author's files: entries, pages, topics, with every value that was written."""

from __future__ import annotations

import pytest
from folders import Load, entry, faults, load, only

from builder.model.values import Credit, File

__all__ = ["load"]


def test_an_article_with_everything(load: Load) -> None:
    found = entry(
        load,
        "---\n"
        "title: 走访慰问\n"
        "date: 2026-11-20 09:30\n"
        "updated: 2026年11月21日\n"
        "summary: 一段话。\n"
        "author: 小王\n"
        "source: {name: 校报, url: https://news.example.org/}\n"
        "tags: 志愿服务，党建、2026\n"
        "image: ../media/a%20b.jpg\n"
        "image_alt: 两位老人\n"
        "attachments: [list.pdf, {file: /hub/media/b.pdf, title: 名单}]\n"
        "expires: 2026-12-31\n"
        "pinned: 2026-11-30\n"
        "topics: welcome-2026\n"
        "share_with: [b, subtree]\n"
        "hub: no\n"
        "moved_from: b/news/2025-01-01-old\n"
        "aliases: /a/%E6%97%A7/\n"
        "id: tag:example.org,2026:x\n"
        "lang: en\n"
        "interprets: policies/2026-01-01-p\n"
        "slug: visit\n"
        "---\n"
        "正文。\n",
    )
    assert found.ref == "a/news/visit"
    assert found.path == "content/a/news/2026-11-20-a.md"
    assert found.title == "走访慰问"
    assert found.date.isoformat() == "2026-11-20T09:30:00+08:00"
    assert found.date_explicit
    assert found.updated is not None
    assert found.updated.isoformat() == "2026-11-21T00:00:00+08:00"
    assert (found.summary, found.summary_written) == ("一段话。", True)
    assert (found.authors, found.credit) == (("小王",), Credit(name="校报", url="https://news.example.org/"))
    assert found.tags == ("志愿服务", "党建", "2026")
    assert (found.image, found.image_alt) == ("content/a/media/a b.jpg", "两位老人")
    assert found.attachments == (
        File(path="content/a/news/list.pdf"),
        File(path="content/hub/media/b.pdf", title="名单"),
    )
    assert found.expires is not None
    assert found.expires.end.isoformat() == "2027-01-01T00:00:00+08:00"
    assert found.pinned_until is not None
    assert not found.pinned
    assert found.topics == ("welcome-2026",)
    assert found.share_with == ("b", "subtree")
    assert not found.hub
    assert found.moved_from == "b/news/2025-01-01-old"
    assert found.aliases == ("/a/旧/",)
    assert found.id == "tag:example.org,2026:x"
    assert found.lang == "en"
    assert found.interprets == ("a/policies/2026-01-01-p",)


def test_the_least_that_an_article_needs(load: Load) -> None:
    found = entry(load, "# 走访慰问\n\n上午九点，大家出发了。\n\n![合影](p.jpg)\n")
    assert (found.title, found.slug) == ("走访慰问", "2026-11-20-a")
    assert found.date.isoformat() == "2026-11-20T00:00:00+08:00"
    assert not found.date_explicit
    assert (found.summary, found.summary_written) == ("上午九点，大家出发了。", False)
    assert found.lang == "zh"
    assert found.hub


def test_the_body_of_a_yaml_entry_has_the_lines_and_columns_of_its_file(load: Load) -> None:
    text = "title: 读书会\nstarts: 2026-12-01\nbody: |\n\n  见[名单](list.pdf)。\n\n  ![](p.jpg)\n"
    document = only(load({"events/2026-11-20-a.yml": text}))
    assert document.body is not None
    assert [(link.line, link.column) for link in document.body.links] == [(5, 4), (7, 3)]
    assert [(each.line, each.column, each.code) for each in document.problems] == [(7, 3, "image-alt-missing")]
    document = only(load({"events/2026-11-20-a.yml": "title: A\nstarts: 2026-12-01\nbody: '[名单](list.pdf)'\n"}))
    assert document.body is not None
    assert [(link.line, link.column) for link in document.body.links] == [(3, 8)]


def test_where_references_stand(load: Load) -> None:
    text = (
        "---\ntitle: A\nimage: p.jpg\nattachments:\n  - a.pdf\n  - file: b.pdf\ninterprets: policies/a\n"
        "topics: [x, y]\nshare_with: b, c\n---\n"
    )
    places = only(load({"news/2026-11-20-a.md": text})).places
    assert places["image"] == (3, 8)
    assert (places["attachments.0"], places["attachments.1"]) == ((5, 5), (6, 5))
    assert places["interprets.0"] == (7, 13)
    assert (places["topics.0"], places["topics.1"]) == ((8, 10), (8, 13))
    assert places["share_with.1"][0] == 9


@pytest.mark.parametrize(
    "head",
    [
        '{"title": "走访😀", "date": "2026-11-20 09:30", "tags": ["党建", "C\\/C++"], "draft": false}',
        '{\n\t"title":"走访\\ud83d\\ude00",\n\t"date":"2026-11-20 09:30",\n\t"tags":[\n\t\t"党建",\n\t\t"C/C++"\n\t]\n}',
        '\n{"title": "走访\\uD83D\\uDE00",\n\n "date": "2026-11-20 09:30", "tags": "党建，C/C++"}  ',
    ],
)
def test_a_head_of_json_is_read(load: Load, head: str) -> None:
    """As Hugo has it."""
    found = entry(load, f"{head}\n\n正文。\n")
    assert (found.title, found.tags, found.date.day) == ("走访😀", ("党建", "C/C++"), 20)
    assert found.summary == "正文。"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"title": "甲",\n "expires": "何时"}\n文\n', ["2:13 end-unclear"]),
        ('{"title": "甲", "title": "乙"}\n文\n', ["1:16 yaml-duplicate-key"]),
        ('{"title": "甲", "params": {"draft": true}}\n文\n', ["1:27 key-misplaced"]),
        ('{"title": "甲",}\n文\n', ["1:1 front-matter-fence"]),
        ('{"title": "甲"} 文\n', ["1:1 front-matter-fence"]),
        ('{"title": "甲"\n文\n', ["1:1 front-matter-fence"]),
        ('{"title": "甲"}\n---\ndraft: true\n---\n文\n', ["3:1 front-matter-fence"]),
        ('{"title": "甲"}\n{"draft": true}\n文\n', ["2:1 draft-in-text"]),
        ('{"title": ' + "[" * 5000 + "]" * 5000 + "}\n文\n", ["1:1 front-matter-fence"]),
        ('{"title": ' + "9" * 5000 + "}\n文\n", ["1:11 text-too-long"]),
        ('{"title": "\\ud800"}\n文\n', ["1:14 front-matter-syntax"]),
    ],
)
def test_what_is_wrong_with_a_head_of_json_is_told_in_its_place(load: Load, text: str, told: list[str]) -> None:
    assert faults(load, text) == told

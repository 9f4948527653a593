"""Where more than half would vanish at once, nothing vanishes before somebody says so; half may."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from conftest import ORGANIZATION, SmallSite, codes

pytestmark = pytest.mark.slow


def entry(number: int) -> str:
    return f"content/alpha/news/2026-10-{number + 1:02d}-n.md"


@pytest.mark.parametrize(
    ("there", "gone", "kept"),
    [(4, 2, False), (4, 3, True), (5, 2, False), (5, 3, True), (2, 1, False), (1, 1, True)],
)
def test_branches(make_site: Callable[[str], SmallSite], there: int, gone: int, kept: bool) -> None:
    slugs = [f"branch-{number}" for number in range(there)]
    site = make_site(ORGANIZATION + "".join(f"--- content/{slug}/branch.yml\nname: 支部{slug}\n" for slug in slugs))
    site.build()
    site.delete(*(f"content/{slug}" for slug in slugs[:gone]))
    assert codes(site.build()) == (["content:- mass-deletion kept"] if kept else [])
    assert [site.exists(f"{slug}/index.html") for slug in slugs] == [kept] * gone + [True] * (there - gone)
    assert codes(site.build(allow_deletions=True)) == []
    assert [site.exists(f"{slug}/index.html") for slug in slugs] == [False] * gone + [True] * (there - gone)


@pytest.mark.parametrize(
    ("there", "gone", "kept"), [(10, 5, False), (10, 6, True), (11, 5, False), (11, 6, True), (9, 9, False)]
)
def test_entries_of_a_branch(make_site: Callable[[str], SmallSite], there: int, gone: int, kept: bool) -> None:
    files = "".join(f"--- {entry(number)}\n---\ntitle: 第{number}篇\n---\n正文。\n" for number in range(there))
    site = make_site(f"{ORGANIZATION}--- content/alpha/branch.yml\nname: 甲支部\n{files}")
    site.build()
    site.delete(*(entry(number) for number in range(gone)))
    assert codes(site.build()) == (["content/alpha:- mass-deletion held"] if kept else [])
    pages = [f"alpha/news/2026-10-{number + 1:02d}-n/index.html" for number in range(there)]
    assert [site.exists(page) for page in pages] == [kept] * gone + [True] * (there - gone)
    assert codes(site.build(allow_deletions=True)) == []
    assert [site.exists(page) for page in pages] == [False] * gone + [True] * (there - gone)


def test_what_lies_in_a_folder_that_cannot_be_read_is_not_gone(make_site: Callable[[str], SmallSite]) -> None:
    files = "".join(f"--- {entry(number)}\n---\ntitle: 第{number}篇\n---\n正文。\n" for number in range(12))
    site = make_site(f"{ORGANIZATION}--- content/alpha/branch.yml\nname: 甲支部\n{files}")
    site.build()
    before = site.files("alpha/news")
    site.delete("content/alpha/news")
    (site.root / "content/alpha/news").symlink_to("a-share-that-is-not-there")
    assert codes(site.build()) == ["content/alpha/news:- file-unreadable held"]
    assert site.files("alpha/news").keys() == before.keys()


def test_entries_that_say_where_they_were_are_not_gone(make_site: Callable[[str], SmallSite]) -> None:
    files = "".join(f"--- {entry(number)}\n---\ntitle: 第{number}篇\n---\n正文。\n" for number in range(10))
    site = make_site(f"{ORGANIZATION}--- content/alpha/branch.yml\nname: 甲支部\n{files}")
    site.build()
    for number in range(10):
        old = entry(number)
        moved = f"moved_from: {old.removeprefix('content/').removesuffix('.md')}"
        site.delete(old).write(
            f"--- {old.replace('news', 'notices')}\n---\ntitle: 第{number}篇\n{moved}\n---\n正文。\n"
        )
    assert codes(site.build()) == []
    assert "alpha/notices/2026-10-01-n/" in site.page("alpha/news/2026-10-01-n/index.html")

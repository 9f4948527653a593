"""One unit in two languages: its sites lead to each other, page by page."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from conftest import ORGANIZATION, SmallSite

BOTH = """
--- content/library/branch.yml
name: 图书馆
translations: {en: library-en}
sections: {hide: [policies]}
--- content/library/visit.md
---
title: 怎么来
---
从南门进。
--- content/library/notices/2026-11-20-hours.md
---
title: 开放时间
---
早七点。
--- content/library/news/2026-11-20-map.md
---
title: 地图
---
找回来了。
--- content/library-en/branch.yml
name: Library
language: en
url: https://library.example.org/
sections: {hide: [news], add: {notices: {title: Notices, type: notice}}}
--- content/library-en/visit.md
---
title: How to get here
---
By the South Gate.
--- content/library-en/notices/2026-11-20-hours.md
---
title: Opening hours
---
From seven.
"""


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    """A library with a site in Chinese and one in English, which has an address of its own."""
    site = SmallSite(tmp_path_factory.mktemp("both")).write(ORGANIZATION + BOTH)
    assert [each.code for each in site.build().problems] == []
    return site


def told(page: str) -> list[tuple[str, str]]:
    """The languages and addresses that a page's head names."""
    return re.findall(r'<link rel="alternate" hreflang="([^"]*)" href="([^"]*)">', page)


def switch(page: str) -> list[str]:
    """The addresses that the links to other languages in a page's header lead to."""
    return re.findall(r'<a href="([^"]*)" hreflang="[^"]*" lang="[^"]*"', page)


@pytest.mark.parametrize("path", ["", "visit/", "notices/", "notices/2026-11-20-hours/", "feeds/", "search/"])
def test_both_name_each_other(both: SmallSite, path: str) -> None:
    named = [("zh", f"https://example.org/library/{path}"), ("en", f"https://library.example.org/{path}")]
    assert told(both.page(f"library/{path}index.html")) == named
    assert told(both.page(f"library-en/{path}index.html")) == named[::-1]


def test_a_switch_leads_to_the_same_page(both: SmallSite) -> None:
    assert switch(both.page("library/visit/index.html")) == ["https://library.example.org/visit/"]
    assert switch(both.page("library-en/visit/index.html")) == ["https://example.org/library/visit/"]
    assert ">English</a>" in both.page("library/visit/index.html")
    assert ">中文</a>" in both.page("library-en/visit/index.html")


def test_what_only_one_has_leads_to_the_section_or_the_home_page(both: SmallSite) -> None:
    for path, place in (("news/2026-11-20-map/", ""), ("news/", ""), ("notices/archive/2026/", "notices/")):
        page = both.page(f"library/{path}index.html")
        assert told(page) == []
        assert switch(page) == [f"https://library.example.org/{place}"]
    assert told(both.page("library/404.html")) == []


def test_feeds_say_nothing_of_it(both: SmallSite) -> None:
    for file in ("feed.xml", "atom.xml", "feed.json"):
        assert "library.example.org" not in both.page(f"library/{file}")


@pytest.mark.slow
def test_a_new_page_is_found_from_the_other_language(make_site: Callable[[str], SmallSite]) -> None:
    """In the next build, though nothing has changed in the other folder."""
    site = make_site(ORGANIZATION + BOTH)
    site.build()
    site.write(
        "--- content/library-en/news/2026-11-20-map.md\n---\ntitle: A map\n---\nIt was in a dictionary.\n"
    ).build()
    assert len(told(site.page("library/news/2026-11-20-map/index.html"))) == 2
    (site.root / "content/library-en/news/2026-11-20-map.md").unlink()
    site.build(allow_deletions=True)
    assert told(site.page("library/news/2026-11-20-map/index.html")) == []
    site.write("--- content/library/branch.yml\nname: 图书馆\n").build()
    assert site.mentions("hreflang") == []


def test_a_former_name_still_means_the_branch(make_site: Callable[[str], SmallSite]) -> None:
    text = BOTH.replace("content/library-en/", "content/reading/").replace(
        "language: en\n", "language: en\nformerly: [library-en]\n"
    )
    site = make_site(ORGANIZATION + text)
    site.build()
    assert told(site.page("reading/index.html"))[1] == ("zh", "https://example.org/library/")


def test_near_names_are_offered(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(ORGANIZATION + BOTH.replace("{en: library-en}", "{en: libary-en}"))
    (problem,) = site.build().problems
    assert (problem.code, problem.arguments["near"]) == ("translation-unknown", "library-en")
    assert site.mentions("hreflang") == []


def test_of_two_that_name_one_the_first_has_it(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(ORGANIZATION + BOTH + "--- content/other/branch.yml\nname: 丙\ntranslations: {en: library-en}\n")
    assert [(each.code, each.branch) for each in site.build().problems] == [("translation-elsewhere", "other")]
    assert switch(site.page("other/index.html")) == []
    assert switch(site.page("library-en/index.html")) == ["https://example.org/library/"]

"""What readers get: languages said, lists that lead on, light pages, links that give nothing away."""

from __future__ import annotations

import re

import pytest
from conftest import ORGANIZATION, TWO_BRANCHES, SmallSite
from picture_files import photograph, put

ABROAD = """
--- content/organization.yml
name: 示范大学党建在线
short_name: 党建在线
url: https://example.org/
edit_url: https://git.example.org/
sections:
  news: {title: 支部动态, type: article}
  notices: {title: 通知公告, type: notice}
  events: {title: 活动日程, type: event}
--- content/abroad/branch.yml
name: International Branch
short_name: International
parent: alpha
language: en
sections: {add: {events: {title: Events, type: event}, kitchen: {title: Kitchen notes, type: article}}}
--- content/abroad/news/2026-11-21-frost.md
---
title: First frost
topics: [safety]
---
It was cold.
--- content/abroad/news/2026-11-20-zh.md
---
title: 第一场霜
lang: zh
---
天冷了。
--- content/abroad/kitchen/2026-11-19-rice.md
---
title: Rice
---
Eight countries. [elsewhere](https://elsewhere.example/) [mail](mailto:a@example.org)
--- content/abroad/events/2026-11-10-walk.md
---
title: Winter walk
starts: 2026-12-05 10:00
ends: 2026-12-06 12:00
location: East gate
---
--- content/hub/topics/safety.md
---
title: 安全
---
正文
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    """One to be read; nobody edits it."""
    site = SmallSite(tmp_path_factory.mktemp("abroad")).write(ORGANIZATION + TWO_BRANCHES).write(ABROAD)
    assert [problem.code for problem in site.build().problems if problem.severity == "error"] == []
    return site


class TestLanguages:
    """`lang` stands wherever the language changes, and only there (WCAG 2.2, 3.1.2)."""

    def test_a_branch_is_named_in_its_own_language(self, built: SmallSite) -> None:
        for path in ("index.html", "branches/index.html", "alpha/index.html", "feeds/index.html"):
            link = re.search(r"<a [^>]*>International(?: Branch)?</a>", built.page(path))
            assert link, path
            assert 'lang="en"' in link[0], path
        home = re.search(r"<body>.*</body>", built.page("beta/index.html"), re.DOTALL)
        assert home
        assert "lang=" not in home[0]

    def test_the_way_up_is_in_the_languages_of_those_above(self, built: SmallSite) -> None:
        crumbs = re.search(r'<nav class="crumbs".*?</nav>', built.page("abroad/news/2026-11-21-frost/index.html"))
        assert crumbs
        languages = re.findall(r'<a [^>]*?(?: lang="(\w+)")?>([^<]*)</a>', crumbs[0])
        assert languages == [("zh", "党建在线"), ("zh", "甲支部"), ("", "International"), ("zh", "支部动态")]

    def test_a_section_is_named_in_the_language_of_whoever_named_it(self, built: SmallSite) -> None:
        nav = re.search(r'<ul id="bp-sections">.*?</ul>', built.page("abroad/index.html"), re.DOTALL)
        assert nav
        assert re.search(r'lang="zh">支部动态<', nav[0])
        assert re.search(r'/">Kitchen notes<', nav[0])
        assert re.search(r'/">Events<', nav[0])
        assert '<h1 lang="zh">支部动态</h1>' in built.page("abroad/news/index.html")
        assert '<h1 lang="en">Kitchen notes</h1>' in built.page("sections/kitchen/index.html")

    def test_an_entry_of_another_language(self, built: SmallSite) -> None:
        entry = built.page("abroad/news/2026-11-20-zh/index.html")
        assert '<h1 lang="zh">第一场霜</h1>' in entry
        assert '<div class="prose" lang="zh">' in entry
        assert "<span>First frost</span>" in entry
        assert '<span lang="zh">第一场霜</span>' in built.page("abroad/news/2026-11-21-frost/index.html")

    def test_a_topic(self, built: SmallSite) -> None:
        assert re.search(r'<a [^>]*lang="zh">安全</a>', built.page("abroad/news/2026-11-21-frost/index.html"))


def test_the_blocks_of_a_home_page_lead_to_the_whole(built: SmallSite) -> None:
    home = built.page("abroad/index.html")
    assert re.search(
        r'<a href="\.\./abroad/events/"><span>Upcoming events</span><span class="all">More</span></a>', home
    )
    assert '<a href="./events/"><span>近期活动</span><span class="all">更多</span></a>' in built.page("index.html")


def test_the_tree_leads_to_all_of_a_part_of_it(built: SmallSite) -> None:
    assert '<a href="../alpha/all/">本单位和下级单位的全部内容</a>' in built.page("branches/index.html")
    assert "beta/all/" not in built.page("branches/index.html")


def test_events_say_the_day_of_the_week(built: SmallSite) -> None:
    assert "2026年12月5日" in built.page("events/index.html")
    assert "<span>周六</span>" in built.page("events/index.html")
    entry = built.page("abroad/events/2026-11-10-walk/index.html")
    assert "Sat 5 December 2026 10:00" in entry
    assert "Sun 6 December 2026 12:00" in entry


def test_links_to_other_hosts_give_these_no_hold(built: SmallSite) -> None:
    entry = built.page("abroad/kitchen/2026-11-19-rice/index.html")
    assert '<a href="https://elsewhere.example/" rel="noopener">' in entry
    assert '<a href="mailto:a@example.org">' in entry
    assert re.search(r'<a href="https://git\.example\.org/[^"]*" rel="noopener">', entry)


def test_what_surrounds_a_text_is_light(built: SmallSite) -> None:
    """HTML of an entry page, less its text, under 25 kB."""
    entry = built.page("abroad/news/2026-11-21-frost/index.html")
    assert len(entry.encode()) < 25_000


def test_all_branches_share_one_copy_of_the_theme(built: SmallSite) -> None:
    sheets = {
        re.search(
            r'<link rel="stylesheet" href="([./]*)(assets/stylesheets/site\.[0-9a-f]{10}\.css)">', built.page(path)
        )
        for path in ("index.html", "alpha/index.html", "abroad/news/index.html")
    }
    assert {found and found[2] for found in sheets} == {
        path for path in built.files() if re.fullmatch(r"assets/stylesheets/site\.\w+\.css", path)
    }


PICTURES = """
--- content/alpha/news/{day}/index.md
---
title: {title}
{more}---
文
"""


@pytest.mark.parametrize(("pinned", "leads"), [("", "有图"), ("pinned: true\n", "置顶")], ids=["newest", "pinned"])
def test_the_newest_story_with_a_picture_leads(site: SmallSite, pinned: str, leads: str) -> None:
    site.write(PICTURES.format(day="2026-11-22-a", title="置顶" if pinned else "无图", more=pinned))
    site.write(PICTURES.format(day="2026-11-21-b", title="有图", more="image: a.jpg\nimage_alt: 一张图\n"))
    put(site.root, "content/alpha/news/2026-11-21-b/a.jpg", photograph(400, 300))
    site.build()
    titles = re.findall(r'<li class="row[^>]*>.*?<h3><a [^>]*>([^<]*)</a>', site.page("alpha/index.html"), re.DOTALL)
    assert titles[0] == leads
    assert len(titles) == len(set(titles))


def test_a_picture_without_words_is_told_with_its_line(site: SmallSite) -> None:
    site.write("--- content/alpha/news/2026-11-22-a.md\n---\ntitle: 图\n---\n第一行\n\n![](a.jpg)\n")
    found = [(problem.code, problem.severity, problem.line) for problem in site.check()]
    assert ("image-alt-missing", "warning", 6) in found

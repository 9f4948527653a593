"""A site in English inside a Chinese organization: the way to it, its sections and its neighbours have English names."""

from __future__ import annotations

from conftest import ORGANIZATION, TWO_BRANCHES, SmallSite

NAMED = ORGANIZATION.replace("short_name: 党建在线\n", "short_name: 党建在线\nname_en: Party Online\n").replace(
    "news: {title: 支部动态,", "news: {title: 支部动态, titles: {en: News},"
)
ENGLISH = """
--- content/alpha/branch.yml
name: 甲支部
name_en: Branch A
--- content/english/branch.yml
name: Branch A in English
parent: alpha
language: en
--- content/english/news/2026-11-20-visit.md
---
title: A visit
---
We set out at nine.
"""


def test_the_way_and_the_sections_are_in_the_language_of_the_site(site: SmallSite) -> None:
    site.write(NAMED + TWO_BRANCHES).write(ENGLISH).build()
    page = site.page("english/news/2026-11-20-visit/index.html")
    crumbs = page[page.index('class="crumbs"') : page.index("</nav>")]
    for name in ("Party Online", "Branch A", "Branch A in English", "News"):
        assert f">{name}</a>" in crumbs
    assert "lang=" not in crumbs
    assert ">News</a>" in page[page.index('id="bp-sections"') : page.index("</ul>", page.index('id="bp-sections"'))]
    # What has no English name keeps its own, and says in which language it is.
    assert 'lang="zh">通知公告</a>' in page
    assert "<title>News" in site.page("english/feed.xml") or "News" in site.page("english/news/feed.xml")


def test_chinese_pages_keep_the_chinese_names(site: SmallSite) -> None:
    site.write(NAMED + TWO_BRANCHES).write(ENGLISH).build()
    chinese = site.page("alpha/news/2026-11-20-visit/index.html")
    assert "Party Online" not in chinese
    assert "支部动态</a>" in chinese
    assert "支部动态" in site.page("sections/news/index.html")
    # Both are one section over all branches.
    assert "A visit" in site.page("sections/news/index.html")

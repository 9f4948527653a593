"""Whole sites: what is published, what an error does, what never leaves the repository."""

from __future__ import annotations

import json
import re
import shutil

import pytest
from conftest import SmallSite, codes
from faults import raises, unbuildable

from builder.content.workspace import UnusableError
from builder.store import Store, StoreLockedError
from builder.store.publish import ForeignFolderError


class TestPublishing:
    def test_every_branch_has_a_site_and_the_hub_lists_all(self, site: SmallSite) -> None:
        result = site.build()
        assert result.sites == {"alpha": "built", "beta": "built"}
        for path in (
            "index.html", "feed.xml", "atom.xml", "calendar.ics", "feeds.opml", "sitemap.xml", "robots.txt", "404.html",
            "sections/news/index.html", "feeds/news/feed.xml", "feeds/news/atom.xml", "topics/index.html",
            "tags/志愿服务/index.html", "events/index.html", "letters/index.html", "branches/index.html",
            "feeds/index.html", "search/index.html", "health/index.html", "data/entries.json", "data/branches.json",
            "build.json", "alpha/index.html", "alpha/feed.xml", "alpha/atom.xml", "alpha/sitemap.xml", "alpha/404.html",
            "alpha/build.json", "alpha/about/index.html", "alpha/news/index.html", "alpha/news/feed.xml",
            "alpha/news/archive/2026/index.html", "alpha/news/2026-11-20-visit/index.html", "alpha/all/index.html",
            "alpha/all/feed.xml", "alpha/tags/志愿服务/index.html",
        ):  # fmt: skip
            assert site.exists(path), path
        home = site.page("index.html")
        assert "走访慰问" in home
        assert "读书会" in home

    def test_an_entry_shows_its_date_tags_neighbours_and_the_way_back(self, site: SmallSite) -> None:
        site.write("""
--- content/alpha/news/2026-11-21-later.md
---
title: 后来的事
---
见[走访](2026-11-20-visit.md)。
""").build()
        page = site.page("alpha/news/2026-11-20-visit/index.html")
        assert "2026年11月20日" in page
        assert 'href="../../../alpha/news/2026-11-21-later/"' in page
        assert 'href="../../../alpha/tags/' in page
        assert 'href="../../.."' in page or 'href="../../../"' in page
        later = site.page("alpha/news/2026-11-21-later/index.html")
        assert '<a href="../../../alpha/news/2026-11-20-visit/">走访</a>' in later

    def test_dated_entries_stay_out_of_the_navigation(self, built_site: SmallSite) -> None:
        page = built_site.page("alpha/about/index.html")
        assert "支部动态" in page
        assert "走访慰问" not in page

    def test_links_lead_from_one_branch_into_another(self, site: SmallSite) -> None:
        site.write("""
--- content/beta/news/2026-11-22-link.md
---
title: 链接
---
请看[甲支部](../../alpha/about.md)和[没有](../../alpha/nothing.md)。
""")
        result = site.build()
        page = site.page("beta/news/2026-11-22-link/index.html")
        assert '<a href="../../../alpha/about/">甲支部</a>' in page
        assert "<a >没有</a>" in page
        assert codes(result) == ["content/beta/news/2026-11-22-link.md:4 link-broken none"]

    @pytest.mark.slow
    def test_a_list_is_cut_into_pages(self, site: SmallSite) -> None:
        for day in range(1, 29):
            site.write(f"--- content/alpha/news/2026-10-{day:02d}-x.md\n---\ntitle: 第{day}天\n---\n文\n")
        site.build()
        assert site.exists("alpha/news/page/2/index.html")
        assert not site.exists("alpha/news/page/3/index.html")
        assert "第28天" in site.page("alpha/news/index.html")
        assert "第1天" in site.page("alpha/news/page/2/index.html")

    def test_pictures_are_published_only_if_something_published_uses_them(self, site: SmallSite) -> None:
        for name in ("used", "unused"):
            picture = site.root / f"content/alpha/media/{name}.svg"
            picture.parent.mkdir(exist_ok=True)
            picture.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>')
        site.write("""
--- content/alpha/news/2026-11-22-a.md
---
title: 图
---
![示意图](../media/used.svg)
""").build()
        assert site.exists("alpha/media/used.svg")
        assert not site.exists("alpha/media/unused.svg")
        assert 'src="../../../alpha/media/used.svg"' in site.page("alpha/news/2026-11-22-a/index.html")

    def test_redirects_lead_from_old_addresses(self, site: SmallSite) -> None:
        site.write("""
--- content/beta/news/2026-11-22-new.md
---
title: 搬来的
moved_from: alpha/news/2020-01-01-old
aliases: [/beta/旧址/]
---
文
""").build()
        assert "../../../beta/news/2026-11-22-new/" in site.page("alpha/news/2020-01-01-old/index.html")
        assert "beta/news/2026-11-22-new/" in site.page("beta/旧址/index.html")
        assert "tag:example.org,2026:alpha/news/2020-01-01-old" in site.page("beta/feed.xml")

    def test_a_branch_with_its_own_address_is_complete_by_itself(self, site: SmallSite) -> None:
        site.write("""
--- content/beta/branch.yml
name: 乙支部
url: https://beta.example.net/
--- content/alpha/news/2026-11-22-link.md
---
title: 到乙支部
---
[读书](../../beta/news/2026-11-21-reading.md)
""").build()
        page = site.page("beta/news/2026-11-21-reading/index.html")
        assert '<link rel="canonical" href="https://beta.example.net/news/2026-11-21-reading/">' in page
        assert site.exists("beta/robots.txt")
        assert any(path.startswith("assets/stylesheets/site.") for path in site.files("beta"))
        assert "https://beta.example.net/news/2026-11-21-reading/" in site.page("index.html")
        assert "https://beta.example.net/news/2026-11-21-reading/" in site.page("alpha/news/2026-11-22-link/index.html")
        assert "tag:example.org,2026:beta/news/2026-11-21-reading" in site.page("beta/feed.xml")

    def test_the_data_files_hold_everything_public(self, built_site: SmallSite) -> None:
        entries = json.loads(built_site.page("data/entries.json"))["entries"]
        assert [entry["title"] for entry in entries] == ["读书会", "走访慰问"]
        branches = json.loads(built_site.page("data/branches.json"))["branches"]
        assert [(branch["slug"], branch.get("parent", "")) for branch in branches] == [("alpha", ""), ("beta", "alpha")]

    def test_build_json_names_every_file_of_a_branch(self, built_site: SmallSite) -> None:
        named = json.loads(built_site.page("alpha/build.json"))["files"]
        from urllib.parse import unquote

        assert {unquote(path) for path in named} == set(built_site.files("alpha")) - {"build.json"}


class TestErrors:
    def test_a_broken_entry_stays_as_it_was_and_nobody_else_notices(self, built_site: SmallSite) -> None:
        before = built_site.files("beta")
        built_site.write("--- content/alpha/news/2026-11-20-visit.md\n---\ntitle: 新: 标题\n---\n改了\n")
        result = built_site.build()
        assert codes(result) == ["content/alpha/news/2026-11-20-visit.md:2 front-matter-syntax held"]
        assert "九点" in built_site.page("alpha/news/2026-11-20-visit/index.html")
        assert built_site.files("beta") == before
        assert result.counts["held"] == 1

    def test_a_broken_entry_that_was_never_good_is_left_out(self, site: SmallSite) -> None:
        site.write("--- content/alpha/news/2026-11-22-bad.md\n---\ntitle: 坏\ndate: 2026-02-30\n---\n秘密\n")
        result = site.build()
        assert codes(result) == ["content/alpha/news/2026-11-22-bad.md:3 date-invalid missing"]
        assert site.mentions("秘密") == []
        assert site.exists("alpha/news/2026-11-20-visit/index.html")

    @pytest.mark.slow
    def test_a_held_entry_takes_on_changes_of_everything_around_it(self, built_site: SmallSite) -> None:
        built_site.write("--- content/alpha/news/2026-11-20-visit.md\n---\ntitle: [\n---\n")
        built_site.write("--- content/alpha/branch.yml\nname: 改名支部\n")
        built_site.build()
        assert "改名支部" in built_site.page("alpha/news/2026-11-20-visit/index.html")

    def test_a_broken_branch_file_keeps_the_last_good_one(self, built_site: SmallSite) -> None:
        built_site.write("--- content/alpha/branch.yml\nname: [\n")
        built_site.write("--- content/alpha/news/2026-11-22-new.md\n---\ntitle: 新文章\n---\n文\n")
        result = built_site.build()
        assert "甲支部" in built_site.page("alpha/index.html")
        assert "新文章" in built_site.page("alpha/index.html")
        assert [problem.effect for problem in result.problems] == ["held"]

    def test_a_branch_that_never_had_a_good_file_is_missing(self, site: SmallSite) -> None:
        site.write("--- content/gamma/news/2026-11-22-x.md\n---\ntitle: 丙\n---\n丙的文章\n")
        result = site.build()
        assert result.sites["gamma"] == "missing"
        assert site.mentions("丙的文章") == []
        assert not site.exists("gamma")

    def test_an_unusable_organization_changes_nothing(self, built_site: SmallSite) -> None:
        before = built_site.files()
        built_site.write("--- content/organization.yml\nname: [\n")
        with pytest.raises(UnusableError):
            built_site.build()
        assert built_site.files() == before

    @pytest.mark.slow
    def test_a_branch_whose_render_fails_stays_as_it_was(self, site: SmallSite) -> None:
        _own_theme(site)
        site.build()
        before = site.page("alpha/index.html")
        _break_theme_for(site, "甲支部")
        site.write("--- content/alpha/news/2026-11-22-new.md\n---\ntitle: 新文章\n---\n文\n")
        result = site.build()
        assert result.sites == {"alpha": "kept", "beta": "built"}
        assert site.page("alpha/index.html") == before
        assert "新文章" not in site.page("index.html")

    @pytest.mark.slow
    def test_what_is_withdrawn_leaves_even_a_branch_that_cannot_be_rendered(self, site: SmallSite) -> None:
        _own_theme(site)
        site.write("""
--- content/alpha/news/2026-11-10-private.md
---
title: 张三的住址
expires: 2026-11-25
---
不可外传
""").build()
        assert site.mentions("张三的住址") != []
        _break_theme_for(site, "甲支部")
        result = site.build(now="2026-12-01T00:00:00+08:00")
        assert result.sites["alpha"] == "kept"
        assert site.mentions("张三的住址") == []
        assert site.mentions("不可外传") == []
        assert "走访慰问" in site.page("alpha/news/2026-11-20-visit/index.html")
        assert "noindex" in site.page("alpha/news/2026-11-10-private/index.html")


class TestRefusals:
    def test_a_folder_of_somebody_else_is_not_touched(self, site: SmallSite) -> None:
        site.output.mkdir()
        (site.output / "thesis.doc").write_text("mine")
        with pytest.raises(ForeignFolderError):
            site.build()
        assert [file.name for file in site.output.iterdir()] == ["thesis.doc"]

    def test_a_folder_whose_hub_never_came_about_is_no_other_builds(self, site: SmallSite) -> None:
        """The hub may take too long in the very first build: its branches are there, and the next build goes on."""
        site.build(steps=unbuildable("", raises))
        assert not site.exists("build.json")
        assert site.exists("alpha/index.html")
        assert site.build().problems == ()
        assert site.exists("build.json")

    def test_two_builds_at_once_are_one_too_many(self, site: SmallSite) -> None:
        with Store(site.root / ".branchpress", site.output).locked(), pytest.raises(StoreLockedError):
            site.build()


def _own_theme(site: SmallSite) -> None:
    """Gives the site a copy of the theme that a test may break."""
    theme = site.root / "theme"
    source = theme.resolve()
    theme.unlink()
    shutil.copytree(source, theme)


def _break_theme_for(site: SmallSite, name: str) -> None:
    """Makes every page of one site impossible to render."""
    template = site.root / "theme/main.html"
    text = template.read_text("utf-8")
    trap = '{% if config.extra.site.name == "' + name + '" %}{{ nothing.at.all }}{% endif %}'
    broken = re.sub(r"(\{%-? block \w+ -?%\})", lambda block: block[0] + trap, text, count=1)
    assert broken != text
    template.write_text(broken, encoding="utf-8")


def test_entries_of_a_section_without_dates_show_none(site: SmallSite) -> None:
    site.write("""
--- content/alpha/branch.yml
name: 甲支部
sections: {add: {rules: {title: 制度, dated: false}}}
--- content/alpha/rules/duty.md
---
title: 值班制度
---
文
""").build()
    assert "值班制度" in site.page("alpha/rules/index.html")
    for path in ("alpha/rules/index.html", "alpha/rules/duty/index.html", "sections/rules/index.html"):
        assert "2000" not in site.page(path).replace("/2000", "")


def test_related_entries_are_those_next_in_time_with_the_same_tags(site: SmallSite) -> None:
    for day in range(1, 10):
        site.write(f"--- content/beta/news/2026-10-{day:02d}-x.md\n---\ntitle: 第{day}天\ntags: [同]\n---\n文\n")
    site.build()
    page = site.page("beta/news/2026-10-05-x/index.html").split("相关内容</h2>")[1]
    assert [day for day in range(1, 10) if f"第{day}天" in page] == [3, 4, 6, 7]


@pytest.mark.slow
def test_defaults_that_withhold_hold_on_while_the_branch_file_is_broken_or_gone(site: SmallSite) -> None:
    site.write("--- content/alpha/branch.yml\nname: 甲支部\ndefaults: {hub: false}\n").build()
    assert "走访慰问" not in site.page("index.html")
    for damage in ("name: 甲支部\ndefaults: [oops\n", ""):
        site.write(f"--- content/alpha/branch.yml\n{damage}")
        if not damage:
            site.delete("content/alpha/branch.yml")
        site.write(f"--- content/alpha/news/2026-11-22-new.md\n---\ntitle: 内部{len(damage)}\n---\n文\n")
        site.build()
        assert f"内部{len(damage)}" in site.page("alpha/index.html")
        assert "内部" not in site.page("index.html")


@pytest.mark.slow
def test_a_shared_entry_has_its_text_in_the_feeds_of_others(site: SmallSite) -> None:
    site.write(
        "--- content/alpha/news/2026-11-22-s.md\n---\ntitle: 共享\nshare_with: [beta]\n---\n首段。\n\n全文甲\n"
    ).build()
    feed = site.page("beta/feed.xml")
    assert "全文甲" in feed
    assert '<source url="https://example.org/alpha/feed.xml">甲支部</source>' in feed
    assert "tag:example.org,2026:alpha/news/2026-11-22-s" in feed
    site.write(
        "--- content/alpha/news/2026-11-22-s.md\n---\ntitle: 共享\nshare_with: [beta]\n---\n首段。\n\n全文乙\n"
    ).build()
    assert "全文乙" in site.page("beta/feed.xml")
    assert "大家读了" in site.page("alpha/all/atom.xml")

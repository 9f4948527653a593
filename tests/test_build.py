"""Whole sites: what is published, what an error does, what never leaves the repository."""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import pytest
from conftest import ORGANIZATION, SmallSite, codes, files_of
from faults import raises, unbuildable

from builder.content.workspace import UnknownBranchError, UnusableError
from builder.formats.html.site import NavItem, Site
from builder.pipeline.job import Job, Outcome
from builder.pipeline.plan import shared_digest
from builder.pipeline.release import build_site
from builder.pipeline.stages import Steps
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


def settled(site: SmallSite) -> SmallSite:
    """A built site of which the next build reads nothing: what was written within two seconds is always read again."""
    time.sleep(2.1)
    site.build()
    assert set(site.build().sites.values()) == {"unchanged"}
    return site


class TestAgain:
    def test_nothing_is_written_when_nothing_changed(self, built_site: SmallSite) -> None:
        times = built_site.times()
        result = built_site.build()
        assert result.files.written == 0
        assert result.sites == {"alpha": "unchanged", "beta": "unchanged"}
        assert built_site.times() == times

    def test_an_edit_touches_only_what_shows_it(self, built_site: SmallSite) -> None:
        times = built_site.times()
        built_site.write(
            "--- content/alpha/news/2026-11-20-visit.md\n---\ntitle: 走访慰问\ntags: [志愿服务]\n"
            "summary: 上午九点,党员们出发了。\n---\n改了正文\n"
        )
        built_site.build()
        changed = {path for path, time in built_site.times().items() if times.get(path) != time}
        assert "alpha/news/2026-11-20-visit/index.html" in changed
        assert not any(path.startswith("beta/") for path in changed)
        assert "alpha/index.html" not in changed
        assert "alpha/news/index.html" not in changed

    @pytest.mark.slow
    def test_a_build_after_edits_equals_a_clean_one(
        self, built_site: SmallSite, make_site: Callable[[str], SmallSite]
    ) -> None:
        built_site.write(
            "--- content/alpha/news/2026-11-22-c.md\n---\ntitle: 三\nshare_with: [beta]\n---\n"
            "[二](../../beta/news/2026-11-21-reading.md)\n"
        )
        built_site.build(now="2026-11-24T00:00:00+08:00")
        built_site.delete("content/alpha/about.md")
        built_site.build(now="2026-11-25T00:00:00+08:00")
        fresh = make_site("")
        shutil.copytree(built_site.root / "content", fresh.root / "content")
        shutil.copy(built_site.root / "mkdocs.yml", fresh.root)
        fresh.build(now="2026-11-25T00:00:00+08:00")
        assert built_site.files() == fresh.files()

    @pytest.mark.slow
    def test_a_clock_that_goes_back_shows_nothing_too_early(self, site: SmallSite) -> None:
        site.write(
            "--- content/alpha/news/2026-11-20-later.md\n---\ntitle: 定时消息\ndate: 2026-11-23 08:00\n---\n文。\n"
            "--- content/alpha/news/2026-11-20-ended.md\n---\ntitle: 到期消息\nexpires: 2026-11-23T08:00\n---\n文。\n"
        )
        site.build(now="2026-11-24T00:00:00+08:00")
        later = site.files()
        assert site.mentions("定时消息")
        assert site.mentions("到期消息") == []
        site.build(now="2026-11-22T00:00:00+08:00", allow_deletions=True)
        assert site.mentions("定时消息") == []
        assert site.mentions("到期消息")
        site.build(now="2026-11-24T00:00:00+08:00", allow_deletions=True)
        assert site.files() == later

    def test_a_file_from_the_future_is_read_when_it_changes(self, site: SmallSite) -> None:
        file = site.root / "content/alpha/news/2026-11-20-visit.md"
        ahead = 4_000_000_000
        for word in ("甲甲", "乙乙"):
            file.write_text(f"---\ntitle: {word}消息\n---\n文。\n", "utf-8")
            os.utime(file, (ahead, ahead))
            site.build()
            assert site.mentions(f"{word}消息")
        assert site.mentions("甲甲消息") == []

    @pytest.mark.slow
    def test_clean_reads_everything_and_gives_the_same(self, built_site: SmallSite) -> None:
        before, times = built_site.files(), built_site.times()
        built_site.build(clean=True)
        assert built_site.files() == before
        assert built_site.times() == times

    @pytest.mark.slow
    def test_clean_trusts_nothing_that_the_last_build_left(self, site: SmallSite) -> None:
        before = settled(site).files()
        (folder,) = (site.root / ".branchpress").iterdir()
        for name in ("memory.json", *(f"sites/alpha/{name}.json" for name in ("feeds", "items", "record", "slice"))):
            left = (folder / name).read_text("utf-8")
            assert "甲支部" in left
            (folder / name).write_text(left.replace("甲支部", "丁支部"), "utf-8")
            site.build(clean=True)
            assert site.files() == before, name

    @pytest.mark.slow
    def test_a_folder_is_seen_though_nothing_is_in_it(self, site: SmallSite) -> None:
        settled(site)
        (site.root / "content/alpha" / "/".join("abcdefghijklm")).mkdir(parents=True)
        assert [each.partition(" ")[2] for each in codes(site.build())] == ["folder-too-deep none"]

    def test_a_folder_that_holds_itself_is_entered_once(self, built_site: SmallSite) -> None:
        before = built_site.files()
        (built_site.root / "content/alpha/news/loop").symlink_to("..")
        assert codes(built_site.build()) == ["content/alpha/news/loop:- folder-too-deep none"]
        assert built_site.files().keys() == before.keys()

    def test_the_output_is_never_trusted(self, built_site: SmallSite) -> None:
        before = built_site.files()
        (built_site.output / "alpha/index.html").write_text("defaced")
        (built_site.output / "alpha/extra.html").write_text("foreign")
        shutil.rmtree(built_site.output / "beta")
        (built_site.output / "stray").mkdir()
        (built_site.output / "stray/x.html").write_text("x")
        built_site.build()
        assert built_site.files() == before

    @pytest.mark.slow
    def test_losing_the_state_costs_a_build_and_nothing_else(self, built_site: SmallSite) -> None:
        before = built_site.files()
        built_site.delete(".branchpress").build()
        assert built_site.files() == before

    def test_a_damaged_state_is_no_state(self, built_site: SmallSite) -> None:
        before = built_site.files()
        for file in (built_site.root / ".branchpress").rglob("*.json"):
            if file.parent.name == "alpha":
                file.write_bytes(b"{")
        built_site.build()
        assert built_site.files() == before

    def test_dot_files_and_a_readme_may_stay_in_the_output(self, site: SmallSite) -> None:
        site.output.mkdir()
        (site.output / ".gitignore").write_text("*")
        (site.output / "README.md").write_text("output")
        site.build()
        site.build()
        assert (site.output / ".gitignore").read_text() == "*"
        assert (site.output / "README.md").read_text() == "output"

    def test_some_branches_can_be_built_alone(self, built_site: SmallSite) -> None:
        built_site.write("--- content/alpha/news/2026-11-22-a.md\n---\ntitle: 甲新\n---\n文\n")
        built_site.write("--- content/beta/news/2026-11-22-b.md\n---\ntitle: 乙新\n---\n文\n")
        result = built_site.build(branches=("alpha",))
        assert result.sites == {"alpha": "built", "beta": "unchanged"}
        assert "甲新" in built_site.page("index.html")
        assert built_site.mentions("乙新") == []
        assert built_site.build(branches=("alpha",)).sites == {"alpha": "unchanged", "beta": "unchanged"}
        with pytest.raises(UnknownBranchError):
            built_site.build(branches=("nobody",))

    def test_branches_that_never_were_are_built_all_the_same(self, site: SmallSite) -> None:
        site.build(branches=("alpha",))
        assert site.exists("beta/index.html")


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


@pytest.mark.slow
def test_an_edited_text_makes_anew_what_shows_it_and_no_page_above(site: SmallSite) -> None:
    text = "--- content/beta/news/2026-11-22-s.md\n---\ntitle: 全文\nsummary: 摘要\nshare_with: [alpha]\n---\n首段。\n\n{}\n"
    # More than a feed holds, so that archives are behind it.
    few = files_of(ORGANIZATION)["content/organization.yml"] + "feeds: {items: 1}\n"
    site.write(f"--- content/organization.yml\n{few}" + text.format("全文甲")).build()
    assert "archive-" in site.page("feed.json")
    made: list[str] = []

    def watched(job: Job) -> Outcome:
        made.append(job.slug)
        return build_site(job)

    site.write(text.format("全文乙")).build(steps=Steps(make=watched))
    assert made == ["beta"]
    for feed in ("feed.xml", "feeds/news/atom.xml", "alpha/feed.xml", "alpha/all/feed.json", "beta/feed.xml"):
        assert "全文乙" in site.page(feed), feed
        assert "全文甲" not in site.page(feed), feed
    after = site.files()
    site.build(clean=True)
    assert site.files() == after


@pytest.mark.slow
class TestTouched:
    """A preview knows which folders were touched, and looks into those alone."""

    @staticmethod
    def build(site: SmallSite, *touched: str) -> Mapping[str, str]:
        # Whatever was written a moment ago is taken for settled.
        return site.build(touched=frozenset(touched), margin_ns=-(1 << 62)).sites

    def test_only_these_are_looked_at(self, site: SmallSite) -> None:
        site.build(margin_ns=-(1 << 62))
        site.write("--- content/alpha/about.md\n# 甲新\n--- content/beta/about.md\n# 乙新\n")
        assert self.build(site, "alpha") == {"alpha": "built", "beta": "unchanged"}
        assert site.exists("beta/index.html")
        assert not site.exists("beta/about/index.html")
        assert self.build(site, "beta")["beta"] == "built"
        made = site.files()
        site.build(clean=True)
        assert site.files() == made

    def test_they_are_published_before_the_hub_is_made(self, site: SmallSite) -> None:
        site.build(margin_ns=-(1 << 62))
        site.write("--- content/alpha/new.md\n# 甲新\n")
        seen: dict[str, bool] = {}

        def make(job: Job) -> Outcome:
            seen[job.slug] = site.exists("alpha/new/index.html")
            return build_site(job)

        counts = site.build(touched=frozenset({"alpha"}), margin_ns=-(1 << 62), steps=Steps(make=make)).files
        assert seen == {"alpha": False, "": True}
        assert counts.written + counts.unchanged == len(site.files())

    def test_they_are_published_in_their_place(self, site: SmallSite) -> None:
        text = "--- content/alpha/news/2026-11-20-visit.md\n---\ntitle: 走访\n---\n第一段。\n\n{}\n"
        site.write(text.format("原样")).build(margin_ns=-(1 << 62))
        folder = (site.output / "alpha").stat().st_ino
        site.write(text.format("改了") + "--- content/alpha/new.md\n# 甲新\n")
        counts = site.build(touched=frozenset({"alpha"}), margin_ns=-(1 << 62)).files
        assert (site.output / "alpha").stat().st_ino == folder
        assert counts.written + counts.unchanged == len(site.files())
        made = site.files()
        assert site.build().files.written == 0
        (site.output / "alpha/index.html").write_text("von jemand anderem")
        site.write(text.format("noch einmal")).build(touched=frozenset({"alpha"}), margin_ns=-(1 << 62))
        site.write(text.format("改了")).build()
        assert site.files() == made

    def test_what_shows_files_of_others_is_looked_at_with_them(self, site: SmallSite) -> None:
        picture = '--- content/beta/media/p.svg\n<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="1"/>\n'
        site.write(picture.format(2) + "--- content/alpha/about.md\n# 关于\n\n![图](../beta/media/p.svg)\n")
        site.build(margin_ns=-(1 << 62))
        site.write(picture.format(3))
        assert self.build(site, "beta")["alpha"] == "built"

    def test_settings_of_all_concern_all(self, site: SmallSite) -> None:
        site.build(margin_ns=-(1 << 62))
        text = files_of(ORGANIZATION)["content/organization.yml"].replace("支部动态", "消息")
        site.write(f"--- content/organization.yml\n{text}")
        assert set(self.build(site).values()) == {"built"}
        assert "消息" in site.page("alpha/news/index.html")

    def test_a_published_folder_that_is_gone_comes_back(self, site: SmallSite) -> None:
        site.build(margin_ns=-(1 << 62))
        shutil.rmtree(site.output / "beta")
        self.build(site, "alpha")
        assert site.exists("beta/index.html")


@pytest.mark.slow
def test_feeds_that_cannot_be_made_anew_alone_are_made_with_their_site(site: SmallSite) -> None:
    text = "--- content/beta/news/2026-11-22-s.md\n---\ntitle: 全文\nsummary: 摘要\n---\n首段。\n\n{}\n"
    site.write(text.format("全文甲")).build()
    store = Store(site.root / ".branchpress", site.output)
    for slug in ("", "alpha"):
        (store.release(slug) / "feeds.json").write_bytes(b"{")
    result = site.write(text.format("全文乙")).build()
    assert set(result.sites.values()) <= {"built", "unchanged"}
    assert "全文乙" in site.page("feed.xml")
    assert "全文乙" in site.page("alpha/all/feed.xml")


def test_whatever_pages_of_a_site_share_renders_them_anew() -> None:
    site = Site("甲支部", "https://example.org/alpha/", "zh")
    others: dict[str, Any] = {
        "name": "乙支部",
        "url": "https://example.net/alpha/",
        "language": "en",
        "nav": (NavItem("新闻", "news/index.html"),),
        "extra": b'{"more": 1}',
        "assets": "../assets/",
    }
    assert {*others, "pages"} == {*Site.__struct_fields__}
    for name, value in others.items():
        assert shared_digest(msgspec.structs.replace(site, **{name: value})) != shared_digest(site), name


@pytest.mark.slow
def test_the_page_of_an_entry_shows_what_changed_beside_it(built_site: SmallSite) -> None:
    """Nothing of the entry itself is another: its attachment is replaced, the branch above has a new name."""
    visit, page = "content/alpha/news/2026-11-20-visit", "alpha/news/2026-11-20-visit/index.html"
    built_site.delete(f"{visit}.md").write(f"--- {visit}/index.md\n---\ntitle: 走访\nattachments: [a.pdf]\n---\n文\n")
    built_site.write("--- content/alpha/branch.yml\nname: 甲支部\nparent: beta\n")
    for size, name in ((3000, "乙支部"), (7000, "乙支部"), (7000, "新名支部")):
        (built_site.root / visit / "a.pdf").write_bytes(b"%PDF-1.4\n".ljust(size))
        built_site.write(f"--- content/beta/branch.yml\nname: {name}\n").build()
        assert f"<span>{size // 1000} kB</span>" in built_site.page(page)
        assert f">{name}</a>" in built_site.page(page)

"""Building again: what has changed is made anew, and nothing else; all of it is as a clean build would make it."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest
from conftest import ORGANIZATION, TWO_BRANCHES, SmallSite, codes, files_of

from builder.content.workspace import UnknownBranchError
from builder.formats.html.site import NavItem, Site, Theme
from builder.pipeline.job import Job, Outcome
from builder.pipeline.plan import shared_digest
from builder.pipeline.release import build_site
from builder.pipeline.session import theme_digest_of
from builder.pipeline.stages import Steps
from builder.store import Store


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
        assert not (built_site.output / ".staging").exists()

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

    @pytest.mark.slow
    def test_what_is_published_meanwhile_has_no_mark_in_a_preview(self, site: SmallSite) -> None:
        head = "---\ntitle: 定时\ndate: 2026-11-23 10:00\n"
        site.write(f"--- content/beta/news/2026-11-23-a.md\n{head}share_with: all\n---\n文。\n")
        site.write(f"--- content/alpha/later.md\n{head}---\n文。\n--- content/hub/later.md\n{head}---\n文。\n")
        site.build(drafts=True)
        assert {path.partition("/")[0] for path in site.mentions("待发布")} >= {"alpha", "beta", "index.html", "later"}
        site.build(now="2026-11-23T10:00:00+08:00", drafts=True)
        assert site.mentions("待发布") == []

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

    def test_whoever_shows_a_file_of_theirs_is_looked_at_too(self, site: SmallSite) -> None:
        file = site.root / "content/beta/media/a.pdf"
        file.parent.mkdir()
        file.write_bytes(b"%PDF-1.4\n")
        site.write("--- content/alpha/about.md\n# 关于\n\n[表](../beta/media/a.pdf)\n").build(margin_ns=-(1 << 62))
        file.write_bytes(b"%PDF-1.4\n" + b"x" * 5000)
        assert self.build(site, "beta")["alpha"] == "built"
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


FOUR_BRANCHES = f"""{TWO_BRANCHES}
--- content/gamma/branch.yml
name: 丙支部
--- content/gamma/news/2026-11-19-c.md
---
title: 丙的消息
---
丙。
--- content/delta/branch.yml
name: 丁支部
url: https://delta.example.net/
"""
LINKING = "--- content/gamma/news/2026-11-22-s.md\n---\ntitle: 转\nshare_with: [delta]\n---\n[甲](../../{}.md)\n"
VISIT, READING = "alpha/news/2026-11-20-visit", "beta/news/2026-11-21-reading"
INTERPRETING = (
    "--- content/alpha/news/2026-11-22-i.md\n---\ntitle: {}\ninterprets: gamma/policies/2026-11-22-p\n---\n文\n"
)
COVER = "--- content/delta/news/2026-11-20-a.md\n---\ntitle: 丁\nimage: ../media/a.svg\n---\n文\n"
PICTURE = (
    '--- content/delta/media/a.svg\n<svg xmlns="http://www.w3.org/2000/svg" width="2" height="1"><g id="{}"/></svg>\n'
)
ARCHIVED = (
    "--- content/gamma/news/2026-11-1{}-s.md\n---\ntitle: 件\nsummary: 摘要\nshare_with: [delta]\n---\n首段。\n\n{}\n"
)
# What is there first, what is edited, and a file that shows it.
FAR = {
    "a link in a text that is shared, by what it leads to": (
        LINKING.format(VISIT),
        f"--- content/{VISIT}.md\n---\ntitle: 走访慰问\nslug: visit\n---\n文\n",
        "delta/feed.xml",
    ),
    "a link in a text of a branch below, by what it leads to": (
        LINKING.replace("share_with: [delta]\n", "").format(READING)
        + "--- content/gamma/branch.yml\nname: 丙支部\nparent: delta\n",
        f"--- content/{READING}.md\n---\ntitle: 读书会\nslug: reading\n---\n文\n",
        "delta/all/atom.xml",
    ),
    "what interprets a text that is shared": (
        "--- content/gamma/policies/2026-11-22-p.md\n---\ntitle: 办法\nshare_with: [delta]\n---\n文\n"
        + INTERPRETING.format("解"),
        INTERPRETING.format("改了的解"),
        "delta/feed.xml",
    ),
    "the hub's copy of a picture, by one of the same size": (
        COVER + PICTURE.format("one"),
        PICTURE.format("two"),
        "hub/media/_delta/media/a.svg",
    ),
    "a text of another branch in an archive": (
        "".join(ARCHIVED.format(day, "原样") for day in range(4)),
        ARCHIVED.format(1, "改了"),
        "delta/archive-1.xml",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize(("before", "edit", "shown"), FAR.values(), ids=FAR)
def test_what_is_edited_far_away_is_shown(site: SmallSite, before: str, edit: str, shown: str) -> None:
    few = files_of(ORGANIZATION)["content/organization.yml"] + "feeds: {items: 3}\n"
    site.write(f"--- content/organization.yml\n{few}{FOUR_BRANCHES}").write(before).build()
    was = site.page(shown)
    site.write(edit).build()
    made = site.files()
    assert site.page(shown) != was
    site.output = site.root / "other"
    site.build(state=site.root / "other-state")
    assert site.files() == made


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

    def make(job: Job) -> Outcome:
        if job.slug == "beta":
            # By then alpha has been looked at.
            (store.release("alpha") / "feeds.json").write_bytes(b"{")
        made.append(job.slug)
        return build_site(job)

    made: list[str] = []
    assert site.write(text.format("全文丙")).build(steps=Steps(make=make)).sites["alpha"] == "built"
    assert "全文丙" in site.page("alpha/all/feed.xml")
    assert made == ["beta", "alpha"]


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


def test_whatever_a_theme_has_makes_it_another_one(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    seen = set()
    for name, text in (("a.html", "a"), ("inner/b.html", "a"), ("inner/b.html", "b"), ("inner/c.html", "b")):
        (tmp_path / name).write_text(text)
        seen.add(theme_digest_of(Theme(tmp_path)))
    (tmp_path / "inner/c.html").rename(tmp_path / "c.html")
    seen |= {theme_digest_of(Theme(tmp_path)), theme_digest_of(Theme(tmp_path, b'{"theme": {}}'))}
    assert len(seen) == 6


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

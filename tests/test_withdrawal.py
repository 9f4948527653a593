"""Withdrawal by the passing of time alone: at the right instant, from everywhere, whatever else is broken."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec
import pytest
from conftest import NOW, ORGANIZATION, REPOSITORY, TWO_BRANCHES, SmallSite, codes
from faults import raises, unbuildable, unreadable
from PIL import Image

from builder.audit.run import audit
from builder.cli.commands import main
from builder.model.sealed import seal
from builder.store import Store
from builder.workers import SerialExecutor

pytestmark = pytest.mark.slow

LATER = "2026-11-26T09:00:00+08:00"
NOTICE = """
--- content/alpha/notices/2026-11-20-list/index.md
---
title: 拟发展对象公示
summary: 公示摘要壬癸
period: {from: 2026-11-20, to: 2026-11-24}
expires: 2026-11-25
tags: [公示标签]
attachments: [list.txt]
share_with: [beta]
---
名单：王五。![合影](group.png)
--- content/alpha/notices/2026-11-20-list/list.txt
附件里的王五
"""
SECRETS = ("拟发展对象公示", "公示摘要壬癸", "公示标签", "王五")


def with_notice(site: SmallSite) -> SmallSite:
    """The site with a public notice that has a picture and an attachment, and is shared."""
    site.write(NOTICE)
    picture = Image.effect_noise((1400, 900), 60).convert("RGB")
    picture.save(site.root / "content/alpha/notices/2026-11-20-list/group.png")
    return site


def traces(folder: Path) -> list[str]:
    """Files below a folder that hold anything of the notice."""
    marks = [mark for secret in SECRETS for mark in (secret.encode(), secret.encode("unicode_escape"))]
    files = [file for file in sorted(folder.rglob("*")) if file.is_file()]
    return [str(file.relative_to(folder)) for file in files if any(mark in file.read_bytes() for mark in marks)]


def own_theme(site: SmallSite) -> None:
    """Gives the site a copy of the theme that a test may break."""
    (site.root / "theme").unlink()
    shutil.copytree(REPOSITORY / "theme", site.root / "theme")


def break_pages(site: SmallSite, names: tuple[str, ...]) -> None:
    """Makes every page of the sites with these names impossible to render."""
    template = site.root / "theme/main.html"
    traps = "".join(
        f'{{% if config.extra.site.name == "{name}" %}}{{{{ nothing.at.all }}}}{{% endif %}}' for name in names
    )
    text = template.read_text("utf-8")
    template.write_text(text.replace("<head>", f"<head>{traps}", 1), encoding="utf-8")


class TestTheRightInstant:
    """``branchpress next`` and ``next_due`` of a build name the instant at which something changes."""

    @pytest.mark.parametrize(
        ("matter", "due"),
        [
            ("date: 2026-11-25", "2026-11-25T00:00:00+08:00"),
            ("date: 2026-11-25 08:30", "2026-11-25T08:30:00+08:00"),
            ("expires: 2026-11-25", "2026-11-26T00:00:00+08:00"),
            ("expires: 2026-11-25 10:00", "2026-11-25T10:00:00+08:00"),
            ("pinned: 2026-11-25", "2026-11-26T00:00:00+08:00"),
        ],
    )
    def test_of_an_entry(self, site: SmallSite, capsys: pytest.CaptureFixture[str], matter: str, due: str) -> None:
        site.write(f"--- content/alpha/news/2026-11-21-a.md\n---\ntitle: 甲\n{matter}\n---\n文\n")
        main(["next", "--root", str(site.root), "--now", NOW])
        assert capsys.readouterr().out == f"{due}\n"
        result = site.build()
        assert result.next_due is not None
        assert result.next_due.replace(microsecond=0) == datetime.fromisoformat(due)

    @pytest.mark.parametrize(
        ("path", "matter", "dues"),
        [
            ("alpha/notices/2026-11-21-a.md", "period: {from: 2026-11-24, to: 2026-11-26}", "24 27 2026-12-27"),
            ("alpha/events/2026-11-21-a.md", "starts: 2026-11-25 09:00\nends: 2026-11-26", "25 27 2026-12-01"),
            ("hub/topics/a.md", "discussion: {opens: 2026-11-25, closes: 2026-11-27}\nclosed: 2026-11-29", "25 28 30"),
        ],
    )
    def test_of_what_begins_and_ends(
        self, site: SmallSite, capsys: pytest.CaptureFixture[str], path: str, matter: str, dues: str
    ) -> None:
        site.write(f"--- content/{path}\n---\ntitle: 甲\n{matter}\n---\n文\n")
        now, found = NOW, []
        while main(["next", "--root", str(site.root), "--now", now]) == 0 and (now := capsys.readouterr().out.strip()):
            found.append(now[:10])
        assert found == [day if "-" in day else f"2026-11-{day}" for day in dues.split()]

    def test_the_month_after_an_event_is_due_since_pages_go_on_to_the_next_one_with_events(
        self, site: SmallSite
    ) -> None:
        """An entry does not know of others, so that every event is due at the end of its last month."""
        event = "--- content/alpha/events/{0}-a.md\n---\ntitle: 甲{0}\nstarts: {0}\n---\n文\n"
        site.write(event.format("2026-11-25") + event.format("2027-01-10"))
        site.build(now="2026-11-30T23:59:00+08:00")
        page = site.page("events/index.html")
        assert "甲2026-11-25" in page
        later = site.build(now="2026-12-01T00:00:00+08:00")
        assert site.page("events/index.html").count("甲2026-11-25") < page.count("甲2026-11-25")
        assert later.sites["alpha"] == "built"

    def test_people_are_told_in_their_words(self, site: SmallSite, capsys: pytest.CaptureFixture[str]) -> None:
        site.write("--- content/alpha/news/2026-12-01-plan.md\n---\ntitle: 未来\n---\n文\n")
        main(["next", "--root", str(site.root), "--now", NOW])
        assert "2026年12月1日 周二 00:00" in capsys.readouterr().err

    def test_a_build_at_the_very_time_is_followed_by_another(self, site: SmallSite) -> None:
        site.write("--- content/alpha/news/2026-11-21-a.md\n---\ntitle: 壬癸\nexpires: 2026-11-25 10:00\n---\n文\n")
        site.build()
        at_the_time = site.build(now="2026-11-25T10:00:00+08:00")
        assert "壬癸" in site.page("alpha/index.html")
        assert at_the_time.next_due is not None
        site.build(now="2026-11-25T10:00:01+08:00")
        assert site.mentions("壬癸") == []

    def test_what_is_broken_ends_when_it_says_so_itself(
        self, site: SmallSite, capsys: pytest.CaptureFixture[str]
    ) -> None:
        entry = "--- content/alpha/news/2026-11-21-a.md\n---\ntitle: 壬癸\n{}---\n文\n"
        site.write(entry.format("")).build()
        site.write(entry.format("expires: 2026-11-25\ndate: 2026-02-30\n")).build()
        assert "壬癸" in site.page("alpha/index.html")
        main(["next", "--root", str(site.root), "--now", NOW])
        assert capsys.readouterr().out == "2026-11-26T00:00:00+08:00\n"
        site.build(now=LATER)
        assert site.mentions("壬癸") == []

    def test_what_stands_in_its_last_good_version_ends_as_that_says(
        self, site: SmallSite, capsys: pytest.CaptureFixture[str]
    ) -> None:
        entry = "--- content/alpha/news/2026-11-21-a.md\n---\ntitle: {}\nexpires: 2026-11-25\n---\n文\n"
        site.write(entry.format("壬癸")).build()
        site.write(entry.format("[").replace("expires: 2026-11-25\n", "")).build()
        main(["next", "--root", str(site.root), "--now", NOW])
        assert capsys.readouterr().out == "2026-11-26T00:00:00+08:00\n"
        site.build(now=LATER)
        assert site.mentions("壬癸") == []


class TestFromEverywhere:
    def test_page_picture_attachment_lists_feeds_search_data_and_state(self, site: SmallSite) -> None:
        with_notice(site).build()
        pictures = [path for path in site.files() if path.startswith("alpha/notices/2026-11-20-list/group")]
        assert len(pictures) > 1, "a picture in several widths"
        assert "拟发展对象公示" in site.page("beta/notices/index.html")
        site.build(now=LATER)
        assert traces(site.output) == []
        assert traces(site.root / ".branchpress") == []
        assert [path for path in site.files() if "group" in path] == []
        assert [folder.name for folder in (site.root / ".branchpress").glob("*/pictures/*")] == ["used"]
        page = site.page("alpha/notices/2026-11-20-list/index.html")
        assert "撤下" in page
        assert "noindex" in page
        assert "2026-11-20-list" not in site.page("alpha/sitemap.xml") + site.page("alpha/search/index.json")

    def test_a_withdrawn_voice_leaves_the_lists_of_all(self, site: SmallSite) -> None:
        site.write(
            "--- content/alpha/voices/2026-11-20-v.yml\ntext: 王五说的话\nexpires: 2026-11-25\nshare_with: all\n"
            "topics: [safety]\n--- content/hub/topics/safety.md\n---\ntitle: 安全\n---\n导语\n"
        ).build()
        assert {path.split("/")[0] for path in site.mentions("王五说的话")} >= {"alpha", "beta", "topics", "feed.xml"}
        site.build(now=LATER)
        assert traces(site.output) == []


class TestWhateverElseIsBroken:
    def test_the_page_on_which_a_voice_stood_is_still_there(self, site: SmallSite) -> None:
        """So is one at whose address another entry was once found: it names what is gone no more."""
        for name in ("王五", "赵六"):
            site.write(f"--- content/alpha/voices/{name}.yml\ndate: 2026-11-20\ntext: {name}说的话\n")
        site.write(
            "--- content/alpha/news/2026-11-20-new.md\n---\ntitle: 新\naliases: [/alpha/about/]\n---\n文\n"
        ).build()
        site.delete(*(f"content/alpha/{name}.md" for name in ("about", "news/2026-11-20-visit")))
        site.delete("content/alpha/voices/王五.yml")
        result = site.build(steps=unbuildable("alpha", raises))
        assert result.sites["alpha"] == "kept"
        assert site.mentions("王五说的话") == site.mentions("二〇〇一年") == []
        assert site.exists("alpha/voices/index.html")
        for gone in ("about", "news/2026-11-20-visit", "tags/志愿服务"):
            assert not site.exists(f"alpha/{gone}/index.html")
        assert "赵六说的话" in site.page("alpha/voices/feed.xml")

    @pytest.mark.parametrize(
        "names",
        [("甲支部",), ("乙支部",), ("示范大学党建在线",), ("甲支部", "乙支部", "示范大学党建在线")],
        ids=["sender", "receiver", "hub", "all"],
    )
    def test_pages_that_cannot_be_rendered(self, site: SmallSite, names: tuple[str, ...]) -> None:
        own_theme(site)
        with_notice(site).build()
        break_pages(site, names)
        result = site.build(now=LATER)
        kept = {slug for slug, state in result.sites.items() if state == "kept"}
        assert kept == {slug for slug, name in (("alpha", "甲支部"), ("beta", "乙支部")) if name in names}
        assert traces(site.output) == []
        told = site.page("alpha/notices/2026-11-20-list/index.html")
        assert "公示期已满，本页已撤下" in told or "本页已由发布者撤下" in told, "whoever follows a link is told"
        assert re.search(r"撤下日期(：|</span><time[^>]*>)2026年\d+月\d+日", told)
        assert '/alpha/notices/">' in told
        assert "读书会" in site.page("beta/news/2026-11-21-reading/index.html")
        assert "走访慰问" in site.page("alpha/news/2026-11-20-visit/index.html")
        policy = '<meta http-equiv="Content-Security-Policy"'
        assert [file for file in site.output.rglob("*.html") if policy not in file.read_text("utf-8")] == []

    @pytest.mark.parametrize("title", ["约法四章", "'约法四章'", '"约法四章"', "<约法四章> & more", "约 法四章"])
    def test_what_only_names_it_is_found_however_it_is_escaped(self, site: SmallSite, title: str) -> None:
        """The pages on what is due name a policy without leading there."""
        own_theme(site)
        organization = (site.root / "content/organization.yml").read_text("utf-8")
        site.write(
            "--- content/organization.yml\n"
            + organization.replace("type: policy}", "type: policy, interpret_within: 30 days}")
            + "--- content/alpha/policies/2026-11-20-rule.md\n---\ntitle: >-\n  "
            + f"{title}\nexpires: 2026-11-25\n---\n约法四章。\n"
        ).build()
        assert any(path.startswith("health/") for path in site.mentions("法四章"))
        break_pages(site, ("甲支部", "示范大学党建在线"))
        site.build(now=LATER)
        assert site.mentions("法四章") == []

    def test_settings_and_neighbours_that_cannot_be_read(self, site: SmallSite) -> None:
        with_notice(site).build()
        site.write(
            "--- content/alpha/branch.yml\nname: [\n--- content/beta/branch.yml\n: :\n"
            "--- content/alpha/news/2026-11-22-x.md\n---\ntitle: [\n---\n"
            "--- content/alpha/notices/2026-11-20-list/index.md\n---\nexpires: 2026-11-25\ntitle: [\n---\n"
        )
        site.build(now=LATER)
        assert traces(site.output) == []
        assert traces(site.root / ".branchpress") == []

    def test_a_source_that_cannot_be_parsed_at_all(self, site: SmallSite) -> None:
        with_notice(site).build()
        site.write('--- content/alpha/notices/2026-11-20-list/index.md\n---\n\ttitle: "\n')
        site.build()
        assert "拟发展对象公示" in site.page("alpha/notices/2026-11-20-list/index.html")
        site.build(now=LATER)
        assert traces(site.output) == []

    @pytest.mark.parametrize("slug", ["alpha", "beta", ""], ids=["sender", "receiver", "hub"])
    def test_folders_that_cannot_be_read(self, site: SmallSite, slug: str) -> None:
        with_notice(site).build()
        result = site.build(now=LATER, steps=unreadable(slug))
        assert [problem.code for problem in result.problems if problem.severity == "error"] == ["render-failed"]
        assert traces(site.output) == []
        assert [each for each in traces(site.root / ".branchpress") if "/audit/" in each] == []
        assert "走访慰问" in site.page("alpha/news/2026-11-20-visit/index.html")

    def test_a_branch_that_stays_as_it_was_until_it_is_mended(self, make_site: Callable[[str], SmallSite]) -> None:
        site = make_site(ORGANIZATION + TWO_BRANCHES)
        own_theme(site)
        good = (site.root / "theme/main.html").read_text("utf-8")
        with_notice(site).build()
        break_pages(site, ("甲支部", "乙支部"))
        site.write("--- content/beta/news/2026-11-22-new.md\n---\ntitle: 新的\n---\n文\n").build()
        site.build(now=LATER)
        site.build(now="2026-11-27T09:00:00+08:00")
        assert traces(site.output) == []
        (site.root / "theme/main.html").write_text(good, encoding="utf-8")
        result = site.build(now="2026-11-28T09:00:00+08:00")
        assert set(result.sites.values()) == {"built"}
        assert "新的" in site.page("beta/index.html")
        assert traces(site.output) == []


def held_in_state(site: SmallSite, *texts: str) -> list[str]:
    """The files of the state that hold any of these texts, as written or as escaped in JSON."""
    marks = [mark for text in texts for mark in (text.encode(), json.dumps(text)[1:-1].encode())]
    state = site.root / ".branchpress"
    return sorted(
        file.relative_to(state).as_posix()
        for file in state.rglob("*")
        if file.is_file() and any(mark in file.read_bytes() for mark in marks)
    )


# 「旧」 alone stands in the table of characters that search treats alike, 「甲乙丙」 nowhere else.
WORDS = ("旧标题甲乙丙", "旧摘要甲乙丙", "旧正文甲乙丙", "138****5678", "13812345678", "旧链接甲乙丙", "旧附件甲乙丙")


@pytest.mark.parametrize("how", ["draft: true", "expires: 2026-11-22"])
@pytest.mark.parametrize("slug", ["alpha", ""])
def test_pages_that_were_made_without_the_renderer_are_made_again_when_all_is_back(
    site: SmallSite, slug: str, how: str
) -> None:
    """Also those that show what they showed before."""
    visit = site.root / "content/alpha/news/2026-11-20-visit.md"
    text = visit.read_text("utf-8")
    site.build()
    before = {path: content for path, content in site.files().items() if path.endswith(".html")}
    visit.write_text(text.replace("title:", f"{how}\ntitle:"), "utf-8")
    site.build(steps=unbuildable(slug, raises))
    plain = "alpha/index.html" if slug else "index.html"
    assert "<nav" not in site.page(plain)
    visit.write_text(text, "utf-8")
    assert site.build().problems == ()
    assert {path: content for path, content in site.files().items() if path.endswith(".html")} == before


@pytest.mark.parametrize("audited", [False, True])
def test_what_was_replaced_is_in_no_file_of_the_state_either(site: SmallSite, audited: bool) -> None:
    """Neither in the packs of this and of other sites, nor in what is kept for the next audit."""
    path = "content/alpha/news/2026-11-22-x/index.md"
    site.write(
        f"--- {path}\n---\ntitle: 旧标题甲乙丙\nsummary: 旧摘要甲乙丙\nshare_with: all\nattachments: [a.txt]\n---\n"
        "旧正文甲乙丙,联系电话 13812345678。\n\n[旧链接甲乙丙](none.md)\n"
        f"--- {path.replace('index.md', 'a.txt')}\n旧附件甲乙丙\n"
    )
    site.build()
    if audited:
        store = Store(site.root / ".branchpress", site.output)
        audit(site.root, datetime.fromisoformat(NOW), SerialExecutor(), store=store, output=site.output)
    assert held_in_state(site, *WORDS)
    site.write(
        f"--- {path}\n---\ntitle: 新标题\nsummary: 新摘要\nshare_with: all\nattachments: [a.txt]\n---\n新正文。\n"
        f"--- {path.replace('index.md', 'a.txt')}\n新附件\n"
    )
    site.build()
    assert held_in_state(site, *WORDS, "甲乙丙") == []
    assert [path for word in (*WORDS, "甲乙丙") for path in site.mentions(word)] == []


def test_a_build_that_was_killed_before_it_blanked_is_followed_by_one_that_does(site: SmallSite) -> None:
    site.build()
    pack = min((site.root / ".branchpress").glob("*/sites/alpha/pack*"))
    needed, secret = pack.read_bytes(), "旧正文甲乙丙".encode()
    pack.write_bytes(needed + secret)
    gone = msgspec.json.encode([(pack.name, len(needed), len(secret))])
    pack.with_name("gone.json").write_bytes(seal("gone.json", gone))
    assert codes(site.build()) == []
    assert pack.read_bytes() == needed + bytes(len(secret))
    assert not pack.with_name("gone.json").exists()

"""What never leaves the repository, and what leaves the sites again: drafts, dates, withdrawals, deletions."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from conftest import ORGANIZATION, SmallSite, codes

LATER = "2027-03-01T00:00:00+08:00"

SERVER_FILES = {f"hub/headers/{name}.conf" for name in ("nginx-maps", "apache", "caddy")}
"""Settings of servers. To answer 410 at the address of a page that was withdrawn, they have to name that address, which readers
had and which still leads to a page that says so; no server gives these files to readers (``tests/test_servers.py``). Of an
address more than its path, such as the title, stands nowhere; what has never been public is not named there either."""


class TestNeverPublished:
    @pytest.mark.parametrize(
        "matter",
        ["draft: true", "draft: 是", "date: 2026-12-24", "expires: 2026-11-01", "date: 2026-13-01"],
    )
    def test_not_as_page_list_feed_data_or_picture(self, site: SmallSite, matter: str) -> None:
        folder = site.root / "content/alpha/news/2026-10-10-secret"
        folder.mkdir(parents=True)
        (folder / "index.md").write_text(
            "---\ntitle: 机密标题\nsummary: 机密摘要\ntags: [机密标签]\nslug: hidden-thing\n"
            f"{matter}\n---\n机密正文 ![机密图](p.svg)\n",
            encoding="utf-8",
        )
        (folder / "p.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><title>jimi</title></svg>')
        site.build()
        for text in ("机密标题", "机密摘要", "机密正文", "机密标签", "机密图", "jimi"):
            assert site.mentions(text) == []
        named = {"alpha/build.json", *SERVER_FILES} if "expires" in matter else set()
        assert set(site.mentions("hidden-thing")) <= named
        withdrawn = site.output / "alpha/news/hidden-thing/index.html"
        assert withdrawn.exists() == ("expires" in matter)

    @pytest.mark.slow
    def test_time_alone_withdraws_an_entry_and_says_so_in_one_sentence(self, site: SmallSite) -> None:
        site.write("""
--- content/alpha/notices/2026-11-01-list.md
---
title: 拟发展对象公示
period: {from: 2026-11-01, to: 2026-11-07}
---
名单如下
""")
        first = site.build()
        assert "拟发展对象公示" in site.page("alpha/notices/index.html")
        assert str(first.next_due) == "2026-12-08 00:00:00+08:00"
        site.build(now=LATER)
        assert site.mentions("拟发展对象公示") == []
        assert site.mentions("名单如下") == []
        page = site.page("alpha/notices/2026-11-01-list/index.html")
        assert "撤下" in page
        assert "noindex" in page
        assert "2026-11-01-list" not in site.page("alpha/sitemap.xml")

    @pytest.mark.slow
    def test_a_scheduled_entry_appears_when_its_time_has_come(self, site: SmallSite) -> None:
        site.write("--- content/alpha/news/2026-12-01-plan.md\n---\ntitle: 未来\n---\n将来的事\n")
        assert str(site.build().next_due) == "2026-12-01 00:00:00+08:00"
        assert site.mentions("将来的事") == []
        site.build(now="2026-12-01T00:00:00+08:00")
        assert "将来的事" in site.page("alpha/news/2026-12-01-plan/index.html")

    def test_a_draft_withdraws_what_was_published(self, built_site: SmallSite) -> None:
        built_site.write(
            "--- content/alpha/news/2026-11-20-visit.md\n---\ntitle: 走访慰问\ndraft: true\ndate: 坏\n---\n文\n"
        )
        result = built_site.build()
        assert built_site.mentions("走访慰问") == []
        assert result.counts["draft"] == 1

    def test_a_waiting_letter_is_counted_and_never_shown(self, site: SmallSite) -> None:
        site.write(
            "--- content/alpha/letters/2026-11-20-a.yml\ntitle: 来信\nquestion: 何时修路灯\nreceived: 2026-11-19\n"
        )
        result = site.build()
        assert result.counts["waiting"] == 1
        assert site.mentions("路灯") == []


class TestDeletions:
    def test_a_deleted_entry_is_gone(self, built_site: SmallSite) -> None:
        built_site.delete("content/beta/news/2026-11-21-reading.md").build()
        assert built_site.mentions("大家读了") == []

    def test_a_deleted_branch_is_gone(self, make_site: Callable[[str], SmallSite]) -> None:
        site = make_site(ORGANIZATION)
        for name in ("a1", "a2", "a3"):
            site.write(f"--- content/{name}/branch.yml\nname: 支部{name}\n")
        site.build()
        site.delete("content/a3").build()
        assert not site.exists("a3")
        assert "支部a3" not in site.page("branches/index.html")

    @pytest.mark.slow
    def test_many_entries_do_not_vanish_at_once(self, site: SmallSite) -> None:
        for day in range(1, 13):
            site.write(f"--- content/alpha/news/2026-10-{day:02d}-x.md\n---\ntitle: 第{day}天\n---\n文\n")
        site.build()
        for day in range(1, 11):
            site.delete(f"content/alpha/news/2026-10-{day:02d}-x.md")
        result = site.build()
        assert codes(result) == ["content/alpha:- mass-deletion held"]
        assert site.exists("alpha/news/2026-10-01-x/index.html")
        assert [problem.code for problem in site.build().problems] == ["mass-deletion"]
        site.build(allow_deletions=True)
        assert not site.exists("alpha/news/2026-10-01-x")
        assert site.build().problems == ()

    @pytest.mark.slow
    def test_many_branches_do_not_vanish_at_once(self, make_site: Callable[[str], SmallSite]) -> None:
        site = make_site(ORGANIZATION)
        for name in ("a1", "a2", "a3"):
            site.write(f"--- content/{name}/branch.yml\nname: 支部{name}\n")
        site.build()
        site.delete("content/a2", "content/a3")
        result = site.build()
        assert codes(result) == ["content:- mass-deletion kept"]
        assert site.exists("a3/index.html")
        site.build(allow_deletions=True)
        assert not site.exists("a3")

"""The tree of branches: what is below shows above, at any depth; moving and closing change lists, never addresses or ids."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from conftest import ORGANIZATION, SmallSite, codes

ATOM = "{http://www.w3.org/2005/Atom}"
TREE = """
--- content/alpha/branch.yml
name: 甲支部
--- content/beta/branch.yml
name: 乙支部
parent: alpha
--- content/gamma/branch.yml
name: 丙支部
parent: beta
--- content/delta/branch.yml
name: 丁支部
--- content/gamma/news/2026-11-20-deep.md
---
title: 深处的新闻
---
深处。
--- content/gamma/events/2026-11-20-walk.md
---
title: 深处的活动
starts: 2026-12-05 09:00
---
走。
--- content/gamma/events/2026-09-20-past.md
---
title: 深处的往事
starts: 2026-10-05 09:00
---
走过。
"""
CLOSED = "--- content/beta/branch.yml\nname: 乙支部\nparent: alpha\nstatus: closed\nclosed: 2026-11-22\n"


@pytest.fixture
def site(make_site: Callable[[str], SmallSite]) -> SmallSite:
    """Three branches, one below the other, and one beside them."""
    return make_site(ORGANIZATION + TREE)


def feed_ids(site: SmallSite, path: str) -> list[str | None]:
    """The ids of a feed's items, in its order."""
    return [item.findtext("guid") for item in ElementTree.fromstring(site.page(path)).iter("item")]


class TestRollUp:
    def test_home_list_feeds_calendar_and_search_of_the_whole_subtree(self, site: SmallSite) -> None:
        site.build()
        for above in ("alpha", "beta"):
            home = site.page(f"{above}/index.html")
            assert "来自下级支部" in home
            assert "深处的新闻" in home
            page = site.page(f"{above}/all/index.html")
            assert "深处的新闻" in page
            assert "近期活动" in page
            assert page.count("深处的活动") >= 2, "in the month and in the list"
            for name in ("feed.xml", "atom.xml", "feed.json"):
                assert "深处的新闻" in site.page(f"{above}/all/{name}")
            assert "深处的活动" in site.page(f"{above}/all/calendar.ics")
            assert f"/search/?branch={above}/" in page
            assert f'<option value="{above}/"' in site.page("search/index.html")
        for leaf in ("gamma", "delta"):
            assert "url=../../" + leaf in site.page(f"{leaf}/all/index.html")
            assert f"/{leaf}/all/" not in site.page(f"{leaf}/index.html") + site.page(f"{leaf}/feeds/index.html")

    @pytest.mark.slow
    def test_moving_changes_lists_and_neither_addresses_nor_ids(self, site: SmallSite) -> None:
        site.build()
        before = set(site.files())
        data = json.loads(site.page("data/entries.json"))["entries"]
        feeds = ("feed.xml", "gamma/feed.xml", "gamma/news/feed.xml")
        ids = {path: feed_ids(site, path) for path in feeds}
        site.write("--- content/gamma/branch.yml\nname: 丙支部\nparent: delta\n")
        why = site.build().why
        assert "深处的新闻" in site.page("delta/index.html")
        assert "深处的新闻" not in site.page("alpha/index.html") + site.page("alpha/all/index.html")
        assert {path: feed_ids(site, path) for path in ids} == ids
        assert json.loads(site.page("data/entries.json"))["entries"] == data
        # Beta has nobody below it any more, delta has: whoever subscribed to either list goes on.
        assert set(site.files()) == before
        assert "深处的新闻" not in site.page("beta/all/feed.xml")
        assert "深处的新闻" in site.page("delta/all/feed.xml")
        assert set(why["delta"]) >= {"index.html", "all/index.html"}

    @pytest.mark.slow
    def test_from_an_entry_the_way_leads_up_through_all_above(self, site: SmallSite) -> None:
        site.build()
        page = site.page("gamma/news/2026-11-20-deep/index.html")
        way = re.findall(r"<li><a[^>]*>([^<]+)</a></li>", page.split("</nav>")[0])
        assert way == ["党建在线", "甲支部", "乙支部", "丙支部", "支部动态"]


class TestClosing:
    @pytest.mark.slow
    def test_a_closed_branch_says_so_on_every_page_and_stays_readable(self, site: SmallSite) -> None:
        site.write("--- content/beta/news/2026-11-01-old.md\n---\ntitle: 旧闻\n---\n旧。\n" + CLOSED).build()
        pages = [path for path in site.files("beta") if path.endswith(".html")]
        assert [path for path in pages if "本支部已于2026年11月22日关闭" not in site.page(f"beta/{path}")] == []
        assert "旧。" in site.page("beta/news/2026-11-01-old/index.html")
        assert "旧闻" in site.page("index.html")
        assert "乙支部" in site.page("branches/index.html")

    @pytest.mark.slow
    def test_one_that_does_not_say_since_when_says_so_without_a_day(self, site: SmallSite) -> None:
        result = site.write(CLOSED.replace("closed: 2026-11-22\n", "")).build()
        assert "content/beta/branch.yml:3 closed-undated none" in codes(result)
        assert "本支部已关闭" in site.page("beta/index.html")

    @pytest.mark.slow
    def test_it_leaves_the_navigation_of_others(self, site: SmallSite) -> None:
        site.write("--- content/gamma/branch.yml\nname: 丙支部\nparent: alpha\n" + CLOSED).build()
        for page in ("index.html", "alpha/index.html", "feeds/index.html"):
            assert "乙支部" not in site.page(page), page
        assert "丙支部" in site.page("index.html")

    @pytest.mark.slow
    def test_but_not_while_a_branch_below_it_is_open(self, site: SmallSite) -> None:
        site.write(CLOSED).build()
        assert "乙支部" in site.page("index.html")
        assert "乙支部" in site.page("alpha/index.html")
        site.write(
            "--- content/gamma/branch.yml\nname: 丙支部\nparent: beta\nstatus: closed\nclosed: 2026-11-22\n"
        ).build()
        assert "乙支部" not in site.page("alpha/index.html")

    @pytest.mark.slow
    def test_its_feeds_end_with_an_item_that_says_so(self, site: SmallSite) -> None:
        site.write("--- content/beta/news/2026-11-01-old.md\n---\ntitle: 旧闻\n---\n旧。\n" + CLOSED).build()
        last = "tag:example.org,2026:beta/-/closed"
        for folder in ("beta/", "beta/news/", "beta/events/"):
            root = ElementTree.fromstring(site.page(f"{folder}feed.xml"))
            item = next(root.iter("item"))
            assert item.findtext("guid") == last, folder
            assert "乙支部" in (item.findtext("title") or "")
            assert item.findtext("pubDate") == "Sun, 22 Nov 2026 00:00:00 +0800"
            entry = next(ElementTree.fromstring(site.page(f"{folder}atom.xml")).iter(f"{ATOM}entry"))
            assert entry.findtext(f"{ATOM}id") == last
            assert entry.findtext(f"{ATOM}updated") == "2026-11-22T00:00:00+08:00"
            assert json.loads(site.page(f"{folder}feed.json"))["items"][0]["id"] == last
        assert "旧闻" in site.page("beta/feed.xml")
        # Below it, and over all, things go on.
        for path in ("beta/all/feed.xml", "alpha/feed.xml", "feed.xml"):
            assert last not in site.page(path), path
        site.write("--- content/beta/branch.yml\nname: 乙支部\nparent: alpha\n").build()
        assert last not in site.page("beta/feed.xml")

    @pytest.mark.slow
    def test_nothing_that_others_share_comes_after_the_end(self, site: SmallSite) -> None:
        text = "--- content/delta/news/2026-11-02-s.md\n---\ntitle: 共享\nsummary: 摘\nshare_with: [beta]\n---\n文。\n"
        site.write(text).build()
        assert "共享" in site.page("beta/news/index.html")
        assert "content/delta/news/2026-11-02-s.md:4 share-refused none" in codes(site.write(CLOSED).build())
        assert "共享" not in site.page("beta/news/index.html") + site.page("beta/feed.xml")

    @pytest.mark.slow
    def test_the_last_item_outlives_edits_of_texts_below(self, site: SmallSite) -> None:
        text = "--- content/gamma/news/2026-11-20-deep.md\n---\ntitle: 深\nsummary: 摘\n---\n首。\n\n{}\n"
        closed = "--- content/gamma/branch.yml\nname: 丙支部\nparent: beta\nstatus: closed\nclosed: 2026-11-22\n"
        site.write(text.format("前") + CLOSED + closed).build()
        site.write(text.format("后文")).build()
        assert "后文" in site.page("beta/all/feed.xml")
        assert feed_ids(site, "beta/all/feed.xml")[0] == "tag:example.org,2026:beta/-/closed"


class TestMoved:
    @pytest.mark.slow
    def test_an_entry_that_moves_to_another_branch_keeps_its_id_and_its_old_address_leads_on(
        self, site: SmallSite
    ) -> None:
        site.build()
        ids = feed_ids(site, "feed.xml")
        site.delete("content/gamma/news/2026-11-20-deep.md")
        site.write(
            "--- content/delta/news/2026-11-20-deep.md\n---\ntitle: 深处的新闻\n"
            "moved_from: gamma/news/2026-11-20-deep\n---\n深处。\n"
        ).build()
        assert sorted(map(str, feed_ids(site, "feed.xml"))) == sorted(map(str, ids))
        assert "delta/news/2026-11-20-deep/" in site.page("gamma/news/2026-11-20-deep/index.html")
        assert "深处的新闻" not in site.page("gamma/news/index.html")

    @pytest.mark.slow
    def test_a_section_that_is_renamed(self, site: SmallSite) -> None:
        site.build()
        ids = feed_ids(site, "gamma/news/feed.xml")
        text = (site.root / "content/organization.yml").read_text("utf-8")
        site.write("--- content/organization.yml\n" + text.replace("news: {", "stories: {formerly: [news], "))
        (site.root / "content/gamma/news").rename(site.root / "content/gamma/stories")
        site.build()
        assert feed_ids(site, "gamma/stories/feed.xml") == ids
        for old in ("news", "news/2026-11-20-deep"):
            assert f"gamma/{old.replace('news', 'stories')}/" in site.page(f"gamma/{old}/index.html")

    @pytest.mark.slow
    def test_aliases_and_redirects_lead_on_and_touch_no_id(self, site: SmallSite) -> None:
        site.build()
        ids = feed_ids(site, "feed.xml")
        text = (site.root / "content/organization.yml").read_text("utf-8")
        site.write(f"--- content/organization.yml\n{text}redirects: {{/2019/x.html: gamma/news/2026-11-20-deep}}\n")
        site.write(
            "--- content/gamma/news/2026-11-20-deep.md\n---\ntitle: 深处的新闻\n"
            "aliases: [/gamma/旧/, /gamma/news/]\n---\n深处。\n"
        )
        found = [problem.code for problem in site.build().problems]
        assert found == ["alias-shadows"]
        assert "gamma/news/2026-11-20-deep/" in site.page("gamma/旧/index.html")
        assert "gamma/news/2026-11-20-deep/" in site.page("2019/x.html")
        assert "noindex" in site.page("gamma/旧/index.html")
        assert "支部动态" in site.page("gamma/news/index.html")
        assert feed_ids(site, "feed.xml") == ids

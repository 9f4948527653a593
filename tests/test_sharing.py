"""Sharing: written once, listed wherever it belongs, always leading to its one page; who lists it decides for itself."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from conftest import ORGANIZATION, SmallSite, codes

pytestmark = pytest.mark.slow

ATOM = "{http://www.w3.org/2005/Atom}"
# alpha > beta > delta, and gamma beside them.
BRANCHES = """
--- content/alpha/branch.yml
name: 甲支部
--- content/beta/branch.yml
name: 乙支部
parent: alpha
--- content/gamma/branch.yml
name: 丙支部
--- content/delta/branch.yml
name: 丁支部
parent: beta
"""
ENTRY = """
--- content/beta/news/2026-11-20-shared.md
---
title: 共享的新闻
share_with: {names}
---
首段。

全文在此。
"""
EVERYBODY = ("alpha", "beta", "gamma", "delta")


@pytest.fixture
def site(make_site: Callable[[str], SmallSite]) -> SmallSite:
    """Four branches."""
    return make_site(ORGANIZATION + BRANCHES)


def listing(site: SmallSite, title: str = "共享的新闻", page: str = "index.html") -> set[str]:
    """The branches whose page shows an entry."""
    return {slug for slug in EVERYBODY if site.exists(f"{slug}/{page}") and title in site.page(f"{slug}/{page}")}


def notes(site: SmallSite) -> list[str]:
    """The notes of sharing, each as ``path:line code``."""
    return [line.rpartition(" ")[0] for line in codes(site.build()) if "share" in line]


class TestWithWhom:
    @pytest.mark.parametrize(
        ("names", "others"),
        [
            ("[gamma]", {"gamma"}),
            ("gamma, delta", {"gamma", "delta"}),
            ("all", {"alpha", "gamma", "delta"}),
            ("ancestors", {"alpha"}),
            ("subtree", {"delta"}),
            ("[ancestors, gamma]", {"alpha", "gamma"}),
        ],
    )
    def test_named_all_above_below(self, site: SmallSite, names: str, others: set[str]) -> None:
        site.write(ENTRY.format(names=names)).build()
        assert listing(site, page="news/index.html") == {"beta", *others}
        # Above, "from our branches" shows it whether it is shared or not.
        assert listing(site) == {"beta", "alpha", *others}

    def test_whoever_moves_in_the_tree_comes_under_it(self, site: SmallSite) -> None:
        site.write(ENTRY.format(names="subtree")).build()
        site.write("--- content/gamma/branch.yml\nname: 丙支部\nparent: delta\n").build()
        assert listing(site, page="news/index.html") == {"beta", "gamma", "delta"}

    @pytest.mark.parametrize(
        "matter", ["draft: true", "date: 2026-12-24", "expires: 2026-11-21"], ids=["draft", "scheduled", "expired"]
    )
    def test_nobody_while_it_is_not_published(self, site: SmallSite, matter: str) -> None:
        site.write(ENTRY.format(names=f"all\n{matter}")).build()
        assert site.mentions("共享的新闻") == []

    def test_everybody_in_its_last_good_version_while_it_is_broken(self, site: SmallSite) -> None:
        site.write(ENTRY.format(names="all")).build()
        site.write(ENTRY.format(names="all\ndate: 2026-02-30")).build()
        assert listing(site, page="news/index.html") == set(EVERYBODY)


class TestWhereItIsListed:
    def test_home_section_feeds_search_and_the_hub_lead_to_one_page(self, site: SmallSite) -> None:
        site.write(ENTRY.format(names="[gamma]")).build()
        pages = [path for path in site.files() if path.endswith("2026-11-20-shared/index.html")]
        assert pages == ["beta/news/2026-11-20-shared/index.html"]
        for page in ("gamma/index.html", "gamma/news/index.html", "gamma/shared/index.html", "index.html"):
            assert 'beta/news/2026-11-20-shared/">共享的新闻</a>' in site.page(page), page
        for page in ("gamma/index.html", "gamma/news/index.html"):
            assert re.search(r"共享自 <a href=\"[^\"]*/beta/\">乙支部</a>", site.page(page)), page
        for folder in ("", "feeds/news/", "alpha/all/", "gamma/", "gamma/news/"):
            for name in ("feed.xml", "atom.xml", "feed.json"):
                assert "全文在此" in site.page(f"{folder}{name}"), f"{folder}{name}"
        assert "/beta/news/2026-11-20-shared/" in site.page("gamma/search/blocks/0.json")

    def test_what_the_receiver_has_no_section_for_is_under_shared(self, site: SmallSite) -> None:
        site.write(ENTRY.format(names="[gamma]"))
        site.write("--- content/gamma/branch.yml\nname: 丙支部\nsections: {hide: [news]}\n").build()
        assert "共享的新闻" in site.page("gamma/shared/index.html")
        assert "共享的新闻" in site.page("gamma/index.html")
        assert "共享的新闻" in site.page("gamma/feed.xml")
        assert "共享的新闻" not in site.page("gamma/news/index.html")

    @pytest.mark.parametrize("kind", ["voices", "events", "letters", "notices", "policies"])
    def test_every_kind_is_marked_with_its_origin(self, site: SmallSite, kind: str) -> None:
        texts = {
            "voices": "text: 大家一起来\nperson: 王一",
            "events": "title: 大家一起来\nstarts: 2026-12-05 09:00",
            "letters": "title: 大家一起来\nquestion: 何时？\nreceived: 2026-11-18\nreplied: 2026-11-19\nbody: 很快。",
            "notices": "title: 大家一起来\nperiod: {from: 2026-11-20, to: 2026-11-30}",
            "policies": "title: 大家一起来\nnumber: 〔2026〕1号",
        }
        site.write(f"--- content/beta/{kind}/2026-11-20-x.yml\n{texts[kind]}\nshare_with: [gamma]\n").build()
        for page in (f"gamma/{kind}/index.html", "gamma/index.html"):
            assert "大家一起来" in site.page(page)
            assert re.search(r"共享自 <a href=\"[^\"]*/beta/\">乙支部</a>", site.page(page)), page
        if kind == "events":
            assert "大家一起来" in site.page("gamma/calendar.ics")
            assert "大家一起来" in site.page("gamma/events/calendar.ics")
        assert "大家一起来" in site.page("gamma/feed.xml")

    def test_where_nothing_has_a_date_all_are_in_the_order_of_their_names(self, site: SmallSite) -> None:
        undated = "study: {title: 学习, type: article, dated: false}"
        site.write(ORGANIZATION.replace("sections:\n", f"sections:\n  {undated}\n"))
        names = {"delta": "b-two", "gamma": "c-three", "alpha": "a-one"}
        for slug, name in names.items():
            shared = "" if slug == "alpha" else "share_with: [alpha]\n"
            site.write(f"--- content/{slug}/study/{name}.md\n---\ntitle: 题{name}\n{shared}---\n文\n")
        site.write("--- content/alpha/study/d-four.md\n---\ntitle: 题d-four\n---\n文\n").build()
        found = re.findall(r">题([a-z-]+)<", site.page("alpha/study/index.html"))
        assert found == ["a-one", "b-two", "c-three", "d-four"]

    def test_pins_hold_in_the_own_branch_alone(self, site: SmallSite) -> None:
        site.write(ENTRY.format(names="[gamma]\npinned: true"))
        site.write("--- content/gamma/news/2026-11-21-own.md\n---\ntitle: 自己的\n---\n文\n").build()
        page = site.page("gamma/news/index.html")
        assert page.index("自己的") < page.index("共享的新闻")

    def test_a_branch_on_an_address_of_its_own_shares_and_receives_in_full(self, site: SmallSite) -> None:
        site.write(ENTRY.format(names="all"))
        site.write("--- content/beta/branch.yml\nname: 乙支部\nparent: alpha\nurl: https://beta.example.net/\n")
        site.write("--- content/gamma/news/2026-11-21-own.md\n---\ntitle: 丙的\nshare_with: [beta]\n---\n文\n").build()
        assert 'href="https://beta.example.net/news/2026-11-20-shared/"' in site.page("gamma/news/index.html")
        assert 'href="https://example.org/gamma/news/2026-11-21-own/"' in site.page("beta/news/index.html")
        assert "tag:example.org,2026:beta/news/2026-11-20-shared" in site.page("gamma/feed.xml")


class TestFeeds:
    def test_one_id_everywhere_and_the_origin_named(self, site: SmallSite) -> None:
        site.write(ENTRY.format(names="all\nupdated: 2026-11-21")).build()
        where = ("", "feeds/news/", "alpha/", "alpha/all/", "beta/", "beta/news/", "gamma/", "gamma/news/", "delta/")
        ids = set()
        for folder in where:
            own = folder in ("beta/", "beta/news/")
            (item,) = ElementTree.fromstring(site.page(f"{folder}feed.xml")).iter("item")
            (entry,) = ElementTree.fromstring(site.page(f"{folder}atom.xml")).iter(f"{ATOM}entry")
            (json_item,) = json.loads(site.page(f"{folder}feed.json"))["items"]
            ids |= {item.findtext("guid"), entry.findtext(f"{ATOM}id"), json_item["id"]}
            source, origin = item.find("source"), entry.find(f"{ATOM}source")
            if own:
                assert (source, origin) == (None, None), folder
                continue
            assert source is not None, folder
            assert origin is not None, folder
            assert (source.text, source.get("url")) == ("乙支部", "https://example.org/beta/feed.xml")
            assert origin.findtext(f"{ATOM}title") == "乙支部"
            # Those of the origin's own feed, which a reader can compare them with.
            assert origin.findtext(f"{ATOM}id") == ElementTree.fromstring(site.page("beta/atom.xml")).findtext(
                f"{ATOM}id"
            )
            assert origin.findtext(f"{ATOM}updated") == "2026-11-21T00:00:00+08:00"
        assert ids == {"tag:example.org,2026:beta/news/2026-11-20-shared"}


class TestTheReceiverDecides:
    @pytest.mark.parametrize(
        ("settings", "listed"),
        [
            ("accept: all", True),
            ("accept: none", False),
            ("accept: [beta]", True),
            ("accept: [alpha]", False),
            ("refuse: [beta/news/2026-11-20-shared]", False),
            ("refuse: [beta/news/2026-11-21-other]", True),
        ],
    )
    @pytest.mark.parametrize("names", ["[gamma]", pytest.param("all", marks=pytest.mark.slow)])
    def test_what_it_refuses_is_a_note_to_the_sender(
        self, site: SmallSite, settings: str, listed: bool, names: str
    ) -> None:
        site.write(ENTRY.format(names=names))
        site.write("--- content/beta/news/2026-11-21-other.md\n---\ntitle: 另一篇\n---\n另\n")
        site.write(f"--- content/gamma/branch.yml\nname: 丙支部\n{settings}\n")
        told = notes(site)
        # With all it is shared whether they want it or not: only who refuses this very entry is told of then.
        refused = not listed and (names != "all" or "refuse" in settings)
        assert told == (["content/beta/news/2026-11-20-shared.md:3 share-refused"] if refused else [])
        assert ("gamma" in listing(site)) == listed
        assert ("gamma" in listing(site, page="feed.xml")) == listed

    def test_of_many_that_refuse_the_first_few_are_named_in_one_note(self, site: SmallSite) -> None:
        site.write(ENTRY.format(names="all"))
        for number in range(5):
            settings = f"name: 支部{number}\nrefuse: [beta/news/2026-11-20-shared]\n"
            site.write(f"--- content/z{number}/branch.yml\n{settings}")
        (note,) = [problem for problem in site.check() if problem.code == "share-refused"]
        assert note.arguments["branch"] == ("z0", "z1", "z2", "z3", "z4")
        site.write("--- content/z9/branch.yml\nname: 支部9\nrefuse: [beta/news/2026-11-20-shared]\n")
        (note,) = [problem for problem in site.build().problems if problem.code == "share-refused"]
        assert note.arguments["branch"] == ("z0", "z1", "z2", "z3", "z4 … (6)")

    def test_the_note_goes_when_the_receiver_takes_it_after_all(self, site: SmallSite) -> None:
        site.write(ENTRY.format(names="[gamma]"))
        site.write("--- content/gamma/branch.yml\nname: 丙支部\naccept: none\n")
        assert notes(site)
        site.write("--- content/gamma/branch.yml\nname: 丙支部\n")
        assert notes(site) == []

    @pytest.mark.parametrize(
        ("place", "hidden", "page"),
        [
            ("notices", "", "gamma/notices/index.html"),
            ("notices", "[notices]", "gamma/shared/index.html"),
            ("nowhere", "", "gamma/shared/index.html"),
        ],
    )
    def test_it_places_entries(self, site: SmallSite, place: str, hidden: str, page: str) -> None:
        site.write(ENTRY.format(names="[gamma]"))
        settings = (
            f"name: 丙支部\nplace: {{beta/news/2026-11-20-shared: {place}}}\nsections: {{hide: {hidden or '[]'}}}\n"
        )
        site.write(f"--- content/gamma/branch.yml\n{settings}")
        found = codes(site.build())
        assert "共享的新闻" in site.page(page)
        assert "共享的新闻" not in site.page("gamma/news/index.html")
        assert "共享的新闻" in site.page("gamma/feed.xml")
        expected = [] if page.startswith("gamma/notices") else ["content/gamma/branch.yml:2 section-unknown none"]
        assert found == expected


def test_sharing_and_refusing_make_anew_exactly_the_lists_that_show_it(site: SmallSite) -> None:
    for slug in EVERYBODY:
        site.write(f"--- content/{slug}/news/2026-11-01-own.md\n---\ntitle: 自己的{slug}\n---\n文\n")
    site.write(ENTRY.format(names="[]")).build()

    def pages(step: str) -> dict[str, set[str]]:
        why = site.write(step).build().why
        return {slug: set(parts) for slug, parts in why.items()}

    lists = {"index.html", "news/index.html", "news/archive/2026/index.html", "shared/index.html"}
    shared = pages(ENTRY.format(names="[gamma]"))
    assert shared["gamma"] - {"search/index.html"} == lists
    assert not {"alpha", "delta"} & shared.keys(), shared
    refused = pages("--- content/gamma/branch.yml\nname: 丙支部\nrefuse: [beta/news/2026-11-20-shared]\n")
    assert refused["gamma"] - {"search/index.html"} == lists - {"shared/index.html"}
    assert not {"alpha", "delta"} & refused.keys(), refused

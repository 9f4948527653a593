"""Branches at addresses of their own: whoever writes somebody else's address is told, and nobody else's files change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from html.parser import HTMLParser
from urllib.parse import urljoin

import pytest
from conftest import NOW, ORGANIZATION, TWO_BRANCHES, SmallSite
from picture_files import photograph, put

from builder.audit.run import audit
from builder.catalogue.catalogue import Catalogue
from builder.model.addresses import Addresses, find_overlaps, overlap, web_place
from builder.model.published import LiveSite
from builder.model.values import Branch, Organization
from builder.pipeline.withdrawn_links import LinkLiveness
from builder.store import Store
from builder.workers import SerialExecutor

pytestmark = pytest.mark.slow

BETA = "https://beta.example.net/"


@pytest.mark.parametrize(
    "other",
    [
        "https://beta.example.net",
        "http://beta.example.net:80/",
        "https://BETA.example.net./",
        "https://beta.example.net/./a/../",
        "https://beta.example.net/news/",
        "https://beta.example.net/%6eews",
    ],
)
def test_an_address_is_the_same_however_it_is_written(other: str) -> None:
    assert overlap(web_place(BETA), web_place(other))
    assert overlap(web_place(other), web_place(BETA))


@pytest.mark.parametrize(
    "other", ["https://example.net/", "https://beta.example.net:8080/", "https://a.beta.example.net/"]
)
def test_other_hosts_and_ports_are_other_addresses(other: str) -> None:
    assert not overlap(web_place(BETA), web_place(other))


def test_beside_each_other_is_no_overlap() -> None:
    places = {name: web_place(f"https://示范.example/{name}/") for name in ("党", "党建", "团")}
    assert find_overlaps(places) == {}
    places |= {
        "twice": web_place("https://XN--BIZ93R.example/%E5%85%9A%E5%BB%BA"),
        "above": web_place("https://示范.example"),
    }
    assert find_overlaps(places) == {
        "above": ("twice", "党", "党建", "团"),
        "twice": ("above", "党建"),
        "党": ("above",),
        "党建": ("above", "twice"),
        "团": ("above",),
    }


@pytest.mark.parametrize("url", [BETA, "http://BETA.example.net", "https://beta.example.net/news/"])
def test_who_writes_another_branchs_address_is_told_and_takes_nothing(
    make_site: Callable[[str], SmallSite], url: str
) -> None:
    site = make_site(ORGANIZATION + TWO_BRANCHES.replace("parent: alpha", f"url: {BETA}")).write(
        "--- content/gamma/branch.yml\nname: 丙支部\n--- content/omega/branch.yml\nname: 末支部\n"
        "--- content/gamma/a.md\n---\ntitle: 链接\n---\n[乙](../beta/news/2026-11-21-reading.md)\n"
    )
    site.build()
    assert dead_links(site) == []
    site.build()
    before = site.files()
    site.write(f"--- content/omega/branch.yml\nname: 末支部\nurl: {url}\n")
    told = [(each.code, each.path, each.arguments["other"]) for each in site.check()]
    assert told == [
        ("address-shared", "content/beta/branch.yml", "content/omega/branch.yml"),
        ("address-shared", "content/omega/branch.yml", "content/beta/branch.yml"),
    ]
    result = site.build()
    assert [(each.code, each.path, each.arguments["other"]) for each in result.problems] == told
    after = site.files()
    for path in before:
        if path.startswith(
            ("beta/news/2026-11-21-reading/", "beta/feed", "beta/atom", "beta/robots", "beta/news/feed")
        ):
            assert after[path] == before[path], path
    assert f'href="{BETA}news/2026-11-21-reading/"' in site.page("gamma/a/index.html")
    assert dead_links(site) == []
    # A warning is enough: each site stays whole in its own folder, and the hub's server knows of neither.
    maps = after["hub/headers/nginx-maps.conf"]
    assert b"beta" not in maps
    assert b"omega" not in maps
    assert [path for path in after if path.startswith("omega/") and "大家读了同一本书".encode() in after[path]] == []
    site.write("--- content/omega/branch.yml\nname: 末支部\n")
    assert site.build().problems == ()
    assert site.files() == before


def dead_links(site: SmallSite) -> list[str]:
    """What the audit finds of links that lead nowhere."""
    with SerialExecutor() as executor:
        store = Store(site.root / ".branchpress", site.output)
        found = audit(site.root, datetime.fromisoformat(NOW), executor, store=store, output=site.output)
    return [f"{each.path} {each.arguments['target']}" for each in found.findings if each.code == "link-dead"]


@pytest.mark.parametrize("url", ["https://example.org/", "http://example.org:80/beta", "https://EXAMPLE.org/data/"])
def test_the_organizations_address_is_nobody_elses(site: SmallSite, url: str) -> None:
    site.build()
    before = site.files()
    site.write(f"--- content/beta/branch.yml\nname: 乙支部\nparent: alpha\nurl: {url}\n")
    (told,) = site.build().problems
    assert (told.code, told.path, told.line, told.arguments["other"]) == (
        "address-of-hub",
        "content/beta/branch.yml",
        3,
        "content/organization.yml",
    )
    assert [each.code for each in site.check()] == ["address-of-hub"]
    assert site.files() == before


def test_a_shared_address_keeps_no_withdrawn_text_alive() -> None:
    """What is still there under alpha's claim was never what the link meant."""
    organization = Organization(name="示范", url="https://example.org/", authority="example.org")
    branches = [Branch(slug="alpha", name="甲", url=BETA), Branch(slug="beta", name="乙", url=BETA)]
    parts = [LiveSite(slug=branch.slug, branch=branch) for branch in branches]
    links = LinkLiveness(Catalogue.of(organization, parts), Addresses(organization, branches), {})
    assert links.leads_to_withdrawn("/gamma/", f'<a href="{BETA}news/2026-11-21-reading/">'.encode())
    assert not links.leads_to_withdrawn("/gamma/", f'<a href="{BETA}">'.encode())


class PageAddresses(HTMLParser):
    """The addresses that a page names."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.found += [value for key in ("href", "src", "action", "poster", "data") if (value := named.get(key))]
        self.found += [each.split()[0] for each in (named.get("srcset") or "").split(",") if each.strip()]


def test_below_a_path_every_link_of_every_page_stays_inside(make_site: Callable[[str], SmallSite]) -> None:
    base = "https://example.org/party/"
    site = make_site(ORGANIZATION.replace("https://example.org/", base) + TWO_BRANCHES)
    put(site.root, "content/alpha/media/a.jpg", photograph(600, 400))
    site.write(
        "--- content/alpha/news/2026-11-22-x.md\n---\ntitle: 图文\nshare_with: all\n---\n"
        "![图](../media/a.jpg) [乙](../../beta/news/2026-11-21-reading.md) [网](https://example.net/)\n"
        "--- content/alpha/events/2026-12-01-x.yml\ntitle: 会\nstarts: 2026-12-01\n"
        "--- content/hub/topics/t.md\n---\ntitle: 专题\n---\n文\n"
    ).build()
    inside: set[tuple[str, str]] = set()
    for path, content in site.files().items():
        if path.endswith(".html"):
            page = PageAddresses()
            page.feed(content.decode())
            places = (urljoin(base + path, each) for each in page.found)
            inside |= {(path, place) for place in places if place.startswith("https://example.org/")}
    assert len(inside) > 1000
    assert {each for each in inside if not each[1].startswith(base)} == set()

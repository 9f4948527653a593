"""Sitemaps and robots.txt."""

from __future__ import annotations

from datetime import datetime

from conftest import SmallSite
from lxml import etree

from builder.formats.sitemap import index, robots, urlset

NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def test_addresses_are_in_order_with_the_last_change_of_what_they_show() -> None:
    moment = datetime.fromisoformat("2026-11-20T09:30:00+08:00")
    root = etree.fromstring(urlset([("https://e.org/b/?a=1&b=2", None), ("https://e.org/a/", moment)]))
    assert [(url.findtext(f"{NAMESPACE}loc"), url.findtext(f"{NAMESPACE}lastmod")) for url in root] == [
        ("https://e.org/a/", "2026-11-20T09:30:00+08:00"),
        ("https://e.org/b/?a=1&b=2", None),
    ]


def test_an_index_names_sitemaps() -> None:
    root = etree.fromstring(index([("https://e.org/a/sitemap.xml", None)]))
    assert root.tag == f"{NAMESPACE}sitemapindex"
    assert root[0].tag == f"{NAMESPACE}sitemap"


def test_robots_forbids_nothing() -> None:
    assert robots(["https://e.org/sitemap.xml"]) == b"User-agent: *\nDisallow:\nSitemap: https://e.org/sitemap.xml\n"


def test_each_sitemap_lies_where_its_addresses_do(built_site: SmallSite) -> None:
    """A sitemap lists what is in its own folder or below (sitemaps.org, location of the file)."""
    listed = [
        str(each.text) for each in etree.fromstring(built_site.page("sitemap.xml").encode()).iter(f"{NAMESPACE}loc")
    ]
    assert "https://example.org/sitemap-hub.xml" in listed
    for address in listed:
        inside = etree.fromstring(built_site.page(address.removeprefix("https://example.org/")).encode())
        folder = address.rpartition("/")[0] + "/"
        pages = [str(each.text) for each in inside.iter(f"{NAMESPACE}loc")]
        assert pages
        assert all(page.startswith(folder) for page in pages)

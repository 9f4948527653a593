"""What pages tell search engines of themselves: schema.org in JSON-LD, and the labels of Chinese public sites."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import pytest
from conftest import ORGANIZATION, TWO_BRANCHES, SmallSite

from builder.messages.locales import locale_of

pytestmark = pytest.mark.slow

# What schema.org's types need to be of use, by type.
REQUIRED = {
    "NewsArticle": {
        "headline",
        "datePublished",
        "dateModified",
        "author",
        "publisher",
        "mainEntityOfPage",
        "inLanguage",
    },
    "Event": {"name", "startDate", "location", "eventStatus", "eventAttendanceMode", "organizer"},
    "Organization": {"name", "url"},
    "WebSite": {"name", "url", "publisher", "potentialAction"},
    "BreadcrumbList": {"itemListElement"},
}
PAGES = """
--- content/alpha/news/2026-11-18-visit.md
---
title: 走访 </script><b>
tags: [走访, 群众]
author: 王一
---
正文
--- content/alpha/events/2026-12-05-talk.md
---
title: 报告会
starts: 2026-12-05 14:00
ends: 2026-12-05 16:00
location: 图书馆
status: cancelled
date: 2026-11-10
---
"""


def things(page: str) -> Mapping[str, Mapping[str, Any]]:
    """The things that a page is about, by type."""
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    told = json.loads(found[1])
    assert told["@context"] == "https://schema.org"
    return {node["@type"]: node for node in told["@graph"]}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    """One to be read; nobody edits it."""
    site = SmallSite(tmp_path_factory.mktemp("metadata")).write(ORGANIZATION + TWO_BRANCHES + PAGES)
    site.build()
    return site


@pytest.mark.parametrize(
    ("path", "types"),
    [
        ("index.html", {"Organization", "WebSite"}),
        ("alpha/index.html", {"Organization", "WebSite"}),
        ("alpha/news/index.html", {"BreadcrumbList"}),
        ("alpha/news/2026-11-18-visit/index.html", {"NewsArticle", "BreadcrumbList"}),
        ("alpha/events/2026-12-05-talk/index.html", {"Event", "BreadcrumbList"}),
    ],
)
def test_each_kind_of_page_says_what_it_is_about(built: SmallSite, path: str, types: set[str]) -> None:
    found = things(built.page(path))
    assert set(found) >= types
    for kind in types:
        assert found[kind].keys() >= REQUIRED[kind]


def test_an_article_in_full(built: SmallSite) -> None:
    article = things(built.page("alpha/news/2026-11-18-visit/index.html"))["NewsArticle"]
    assert article["headline"] == "走访 </script><b>"
    assert article["author"] == {"@type": "Person", "name": "王一"}
    assert article["datePublished"] == "2026-11-18T00:00:00+08:00"
    assert article["keywords"] == ["走访", "群众"]
    assert article["publisher"]["url"] == article["url"].removesuffix("news/2026-11-18-visit/")


def test_a_cancelled_event_says_so(built: SmallSite) -> None:
    event = things(built.page("alpha/events/2026-12-05-talk/index.html"))["Event"]
    assert event["eventStatus"] == "https://schema.org/EventCancelled"
    assert event["location"] == {"@type": "Place", "name": "图书馆", "address": "图书馆"}
    assert (event["startDate"], event["endDate"]) == ("2026-12-05T14:00:00+08:00", "2026-12-05T16:00:00+08:00")


def test_the_way_home_leads_through_pages_that_exist(built: SmallSite) -> None:
    way = things(built.page("alpha/news/2026-11-18-visit/index.html"))["BreadcrumbList"]["itemListElement"]
    assert [step["position"] for step in way] == list(range(1, len(way) + 1))
    base = way[0]["item"]
    for step in way:
        assert urlsplit(step["item"]).scheme == "https"
        assert built.exists(step["item"].removeprefix(base) + "index.html")


def test_pages_that_nobody_should_find_say_nothing(built: SmallSite) -> None:
    assert "ld+json" not in built.page("404.html")


@pytest.mark.parametrize(
    ("path", "kind", "address"),
    [
        ("index.html", "website", "https://example.org/"),
        ("alpha/news/index.html", "website", "https://example.org/alpha/news/"),
        ("alpha/news/2026-11-18-visit/index.html", "article", "https://example.org/alpha/news/2026-11-18-visit/"),
    ],
)
def test_open_graph_and_the_canonical_address(built: SmallSite, path: str, kind: str, address: str) -> None:
    """The Open Graph protocol requires title, type and url; an image only where there is one."""
    page = built.page(path)
    told = dict(re.findall(r'<meta property="og:(\w+)" content="([^"]*)">', page))
    assert told.keys() >= {"title", "type", "url", "site_name", "locale"}
    assert (told["type"], told["url"], told["locale"]) == (kind, address, "zh_CN")
    assert f'<link rel="canonical" href="{address}">' in page


def test_a_page_that_nobody_should_find_has_no_address_of_its_own(built: SmallSite) -> None:
    assert 'rel="canonical"' not in built.page("404.html")
    assert "og:url" not in built.page("404.html")


def test_the_labels_of_public_sites(built: SmallSite) -> None:
    entry = built.page("alpha/news/2026-11-18-visit/index.html")
    for name, content in {
        "ArticleTitle": "走访 &lt;/script&gt;&lt;b&gt;",
        "PubDate": "2026-11-18 00:00",
        "Author": "王一",
        "Keywords": "走访,群众",
    }.items():
        assert f'<meta name="{name}" content="{content}">' in entry
    for name in ("SiteName", "SiteDomain", "ColumnName", "ContentSource", "Description", "Url"):
        assert f'<meta name="{name}"' in entry
    column = built.page("alpha/news/index.html")
    for name in ("ColumnName", "ColumnType", "ColumnDescription", "ColumnKeywords"):
        assert f'<meta name="{name}"' in column


@pytest.mark.parametrize(
    ("lines", "mode", "places"),
    [
        (
            "location: 图书馆\nonline: https://meet.example.org/x",
            "Mixed",
            [("Place", "图书馆"), ("VirtualLocation", "")],
        ),
        ("online: https://meet.example.org/x", "Online", [("VirtualLocation", "")]),
        ("", "Offline", [("Place", "待定")]),
    ],
)
def test_an_event_is_at_every_place_where_it_is(
    site: SmallSite, lines: str, mode: str, places: list[tuple[str, str]]
) -> None:
    head = f"title: 报告会\nstarts: 2026-12-05 14:00\ndate: 2026-11-10\n{lines}\n"
    site.write(f"--- content/alpha/events/2026-12-05-talk.yml\n{head}").build()
    event = things(site.page("alpha/events/2026-12-05-talk/index.html"))["Event"]
    assert event["eventAttendanceMode"] == f"https://schema.org/{mode}EventAttendanceMode"
    found = event["location"] if isinstance(event["location"], list) else [event["location"]]
    assert [(each["@type"], each.get("name", "")) for each in found] == places


def test_what_has_no_date_is_a_page_and_no_news(site: SmallSite) -> None:
    site.write(ORGANIZATION.replace("sections:", "sections:\n  people: {title: 机构, dated: false}"))
    site.write("--- content/alpha/people/office.md\n---\ntitle: 办公室\n---\n人\n")
    site.write(
        "--- content/alpha/about.md\n---\ntitle: 关于\n---\n文\n--- content/hub/about.md\n---\ntitle: 关于\n---\n文\n"
    )
    site.build()
    for path in ("alpha/people/office/index.html", "alpha/about/index.html", "about/index.html"):
        found = things(site.page(path))
        assert "NewsArticle" not in found
        assert found["WebPage"]["name"]
        assert "datePublished" not in found["WebPage"]


@pytest.mark.parametrize(
    ("tag", "locale"),
    [
        ("zh", "zh_CN"), ("zh-Hans", "zh_CN"), ("zh-Hant", "zh_TW"), ("zh-Hant-HK", "zh_HK"), ("zh-TW", "zh_TW"),
        ("en", "en_US"), ("en-GB", "en_GB"), ("ja", "ja_JP"), ("ug-Arab-CN", "ug_CN"), ("tlh", ""),
    ],
)  # fmt: skip
def test_the_locale_follows_from_language_and_script(tag: str, locale: str) -> None:
    assert locale_of(tag) == locale

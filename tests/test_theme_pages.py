"""Each template of the theme, with everything and with nothing: valid, in order, in Chinese, from one host."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from conftest import REPOSITORY
from html_rules import read_page
from theme_data import CONTACT, EVERY_PAGE, FEEDS, FULL, SECTION, WAY, Data

from builder.formats.html import NavItem, Renderer, Site, SitePage, Theme

Trees = Mapping[str, list[tuple[Element, list[str]]]]
TEMPLATES = sorted(file.name for file in (REPOSITORY / "theme").glob("*.html") if file.name != "main.html")
SHOWN = {
    "https://news.example.edu.cn/",
    "https://meeting.example.edu.cn/1",
    "https://git.example.edu.cn/a.md",
    WAY["form"],
    WAY["issue"],
}
EXTRA: Data = {
    "site": {
        "kind": "branch",
        "title": "机械学院",
        "name": "机械工程学院党委",
        "description": "六个支部。",
        "home": "/mechanical/",
        "language": "zh",
        "status": "closed",
        "closed": "2026-06-30",
    },
    "terms": {
        "branch": "支部",
        "branches": "全部支部",
        "branch_label": "支部",
        "branches_label": "全部支部",
        "committee_label": "支部委员会",
    },
    "accent": "indigo",
    "organization": {"name": "示范大学", "short_name": "党建在线", "home": "/", "logo": "/hub/media/logo.svg"},
    "trail": [{"title": "党建在线", "url": "/"}],
    "sections": [SECTION],
    "contact": CONTACT,
    "feeds": FEEDS,
    "labels": {"SiteName": "机械学院"},
    "subscribe_url": "/feeds/",
    "search_url": "/search/",
    "tree_url": "/branches/",
    "frames": ["https://video.example.edu.cn"],
}
NAV = (NavItem("首页", "index.html"), NavItem("支部动态", "news/index.html"))
BODY = '<div><p>正文。</p><h2 id="一">一</h2></div>'
HEADINGS = ((2, "一", "一"), (2, "二", "二"), (3, "三", "三"), (2, "四", "四"))


def _rooted(value: Any, root: str) -> Any:
    """The data as pages get it: every address leads from the page it is on."""
    if isinstance(value, str):
        return f"{root}{value}" if value.startswith("/") else value
    if isinstance(value, dict):
        return {key: each if key == "root" else _rooted(each, root) for key, each in value.items()}
    return [_rooted(each, root) for each in value] if isinstance(value, list | tuple) else value


def _page(template: str, name: str, data: Data, full: bool) -> SitePage:
    meta = json.dumps(_rooted(data, data["root"]), ensure_ascii=False).encode()
    path = f"{template.removesuffix('.html')}/{name}/index.html"
    return SitePage(path, "标题", template, meta, BODY if full else "", HEADINGS if full else ())


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Mapping[str, str]]:
    """The text of each page, by template: those with much to show, and ``least``."""
    output = tmp_path_factory.mktemp("theme")
    renderer = Renderer(Theme(REPOSITORY / "theme"))
    full = [
        _page(template, str(number), {**EVERY_PAGE, **data}, True)
        for template in TEMPLATES
        for number, data in enumerate(FULL[template])
    ]
    least = [_page(template, "least", {"root": ".."}, False) for template in TEMPLATES]
    least_extra: Data = {"site": {"kind": "hub", "title": "党建在线", "name": "党建在线", "home": "/"}}
    found: dict[str, dict[str, str]] = {}
    for extra, nav, some in ((EXTRA, NAV, full), (least_extra, (), least)):
        site = Site("机械学院", "https://x.edu.cn/mechanical/", "zh", nav, json.dumps(extra).encode(), tuple(some))
        result = renderer.render(site, output)
        assert result.failed == {}
        for page in some:
            number = Path(page.path).parts[1]
            found.setdefault(page.template, {})[number] = (output / page.path).read_text("utf-8")
    return found


@pytest.fixture(scope="module")
def trees(pages: Mapping[str, Mapping[str, str]]) -> Trees:
    """The pages of each template as trees, with what is wrong with them."""
    return {template: [read_page(text) for text in texts.values()] for template, texts in pages.items()}


def test_all_templates_have_data() -> None:
    assert set(FULL) == set(TEMPLATES)


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_page_is_whole_with_everything_and_with_nothing(template: str, trees: Trees) -> None:
    for root, faults in trees[template]:
        levels = [int(node.tag[1]) for node in root.iter() if re.fullmatch("h[1-6]", str(node.tag))]
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels)), levels
        assert len(root.findall(".//main")) == 1
        assert root.find(".").get("lang") == "zh"  # type: ignore[union-attr]
        assert faults == []


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_page_shows_no_value_that_is_not_there(template: str, pages: Mapping[str, Mapping[str, str]]) -> None:
    for text in pages[template].values():
        assert "None" not in text
        assert "Undefined" not in text


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_page_loads_nothing_from_elsewhere(template: str, trees: Trees) -> None:
    for root, _ in trees[template]:
        loaded = [node.get("src") or node.get("href") for node in root.iter() if node.tag in ("img", "script", "link")]
        canonical = EVERY_PAGE["canonical"]
        assert [url for url in loaded if url and "://" in url and url != canonical] == []
        links = {str(node.get("href")) for node in root.iter("a")}
        assert {url for url in links if url.startswith("http")} <= SHOWN | {canonical}
        assert not [node for node in root.iter() if node.get("style") or node.get("onclick")]


@pytest.mark.parametrize("template", TEMPLATES)
def test_links_have_names_and_pictures_have_texts(template: str, trees: Trees) -> None:
    for root, _ in trees[template]:
        for link in root.iter("a"):
            assert "".join(link.itertext()).strip() or link.get("aria-label"), link.attrib
        for picture in root.iter("img"):
            assert picture.get("alt") is not None
            assert picture.get("width")
        for nav in root.iter("nav"):
            assert nav.get("aria-label")


def test_what_stands_above_the_text_is_small(pages: Mapping[str, Mapping[str, str]]) -> None:
    entry = pages["entry.html"]["0"]
    assert len(entry[: entry.index('<div class="prose"')].encode()) < 25_000


def test_words_in_another_language_say_so(pages: Mapping[str, Mapping[str, str]]) -> None:
    assert re.search(r'<a href="[^"]*" lang="en">First frost</a>', pages["section.html"]["0"])
    entry = pages["entry.html"]["0"]
    assert re.search(r'<h1 lang="en">', entry)
    assert re.search(r'<div class="prose" lang="en">', entry)
    assert '<article class="entry">' in entry


def test_the_section_of_an_entry_is_marked_in_the_navigation(pages: Mapping[str, Mapping[str, str]]) -> None:
    assert re.search(r'<a href="[^"]*news/" aria-current="true">支部动态</a>', pages["entry.html"]["0"])


def test_an_end_on_the_same_day_is_its_time_alone(pages: Mapping[str, Mapping[str, str]]) -> None:
    assert re.search(r"15:00</time> 至 <time[^>]*>17:00</time>", pages["events.html"]["0"])


def test_a_voice_has_its_place_in_its_own_section_alone(pages: Mapping[str, Mapping[str, str]]) -> None:
    assert 'id="i"' in pages["section.html"]["0"]
    assert 'id="i"' not in pages["hub-home.html"]["0"]


def test_a_home_page_tells_nothing_twice(pages: Mapping[str, Mapping[str, str]]) -> None:
    for template in ("home.html", "hub-home.html"):
        assert pages[template]["0"].count("拟接收预备党员公示") == 2


def test_frames_come_from_the_listed_hosts_alone(pages: Mapping[str, Mapping[str, str]]) -> None:
    assert "frame-src https://video.example.edu.cn;" in pages["page.html"]["0"]
    assert "frame-src 'none';" in pages["page.html"]["least"]


def test_links_of_an_error_page_start_at_the_root(pages: Mapping[str, Mapping[str, str]]) -> None:
    assert 'href="/mechanical/"' in pages["notfound.html"]["0"]


def test_a_redirect_works_without_scripts(pages: Mapping[str, Mapping[str, str]]) -> None:
    text = pages["redirect.html"]["0"]
    assert '<meta http-equiv="refresh" content="0; url=../../mechanical/news/a/">' in text
    assert "<script" not in text

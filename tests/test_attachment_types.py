"""Attachments are published by a list of what is allowed: what is not on it reaches no reader, and the author is told."""

from __future__ import annotations

import pytest
from conftest import SmallSite, codes

from builder.model.media_types import DOWNLOADED, SHOWN, may_be_published, media_type

ENTRY = """
--- content/alpha/news/2026-11-20-a/index.md
---
title: 附件
attachments: ["{name}"]
---
见附件 [{name}](<{name}>)。
--- content/alpha/news/2026-11-20-a/{name}
<script>alert(1)</script>
"""
RUN = (
    "a.xhtm a.xhtml a.es a.svgz a.kml a.xspf a.rss a.atom a.mml a.xlf a.eml a.html a.shtml a.js a.mjs a.swf a.hta a.wasm "
    "a.php a.exe a.apk a.docm a.xlsm a.url a.lnk a.htc a.vbs a.unheard-of a. a a.XHTM a.Php x.php.txt x.phtml.pdf "
    "x.shtml.docx x.PHP.zip"
).split()


@pytest.mark.parametrize("name", [*RUN, "无扩展名"])
def test_what_may_run_is_refused(name: str) -> None:
    assert not may_be_published(f"content/alpha/news/a/{name}")


@pytest.mark.parametrize(
    "name", ["a.pdf", "报告.v2.docx", "A.PDF", "名单.2026.xlsx", "a.wps", "a.ofd", "a.mp4", "a.js.zip"]
)
def test_what_people_offer_is_published(name: str) -> None:
    assert may_be_published(f"content/alpha/news/a/{name}")


def test_a_folder_stands_in_no_place_of_a_page() -> None:
    assert not may_be_published("content/alpha/media/index.html/a.pdf")
    assert may_be_published("content/alpha/media/2026.11/a.pdf")


def test_no_type_on_the_list_runs_in_a_browser() -> None:
    """Of XML, HTML and script kinds only drawings are there, which are cleaned before."""
    kinds = {media_type(f"a.{ending}") for ending in (*SHOWN, *DOWNLOADED)} - {"image/svg+xml"}
    assert not [kind for kind in kinds if any(word in kind for word in ("xml;", "+xml", "html", "script", "/xml"))]


@pytest.mark.parametrize("name", ["a.xhtm", "x.php.txt", "a.unheard"])
def test_the_author_is_told_and_nothing_is_published(site: SmallSite, name: str) -> None:
    site.write(ENTRY.replace("{name}", name))
    assert any("file-type-refused" in told for told in codes(site.build()))
    assert not list(site.output.rglob(name))
    assert f'href="{name}"' not in site.page("alpha/news/2026-11-20-a/index.html")

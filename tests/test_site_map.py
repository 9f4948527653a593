"""The site map is true: all that is published is in it, and no content can take a name that something is published at."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from conftest import NOW, REPOSITORY, Demo, SmallSite
from hypothesis import given
from hypothesis import strategies as st

from builder.model.site_map import (
    FEED_FORMATS,
    MOST_NAME,
    MOST_PATH,
    PLACES,
    find,
    fits,
    is_reserved,
    may_redirect_from,
    media_type_of,
)
from builder.model.slugs import folded

EVERYTHING = """
--- content/organization.yml
name: 图书馆联盟
url: https://example.org/
sections:
  news: {title: 动态, type: article}
  events: {title: 活动, type: event}
  letters: {title: 来信, type: letter}
  voices: {title: 微感言, type: voice}
  notices: {title: 通知, type: notice}
feeds: {items: 2}
health: {public: true}
redirects: {/old/: alpha/news/2026-11-20-visit}
--- content/hub/about.md
---
title: 关于
---
说明。
--- content/hub/guide/start.md
---
title: 怎样写
---
说明。
--- content/hub/topics/reading.md
---
title: 读书
---
专题。
--- content/alpha/branch.yml
name: 甲馆
sections: {add: {labs: {title: 实验室, type: article, formerly: [workshops]}}}
--- content/alpha/media/list.csv
a,b
--- content/alpha/news/2026-11-20-visit.md
---
title: 走访
tags: [志愿服务]
topics: [reading]
share_with: all
aliases: [/alpha/2019/x.html]
attachments: [../media/list.csv]
---
正文。
--- content/alpha/news/2026-11-19-b/index.md
---
title: 乙
---
[表](plan.csv)
--- content/alpha/news/2026-11-19-b/plan.csv
a,b
--- content/alpha/news/2026-11-18-c.md
---
title: 丙
---
正文。
--- content/alpha/news/2025-11-18-d.md
---
title: 丁
---
正文。
--- content/alpha/labs/2026-11-01-e.md
---
title: 戊
moved_from: beta/news/2026-11-01-e
---
正文。
--- content/alpha/events/2026-12-01-f.yml
title: 讲座
starts: 2026-12-01 14:00
--- content/alpha/letters/2026-11-02-g.yml
title: 来信
question: 几点开门？
received: 2026-11-02
replied: 2026-11-03
body: 九点。
--- content/alpha/voices/2026-11-02-h.yml
text: 很好。
--- content/beta/branch.yml
name: 乙馆
parent: alpha
url: https://beta.example.net/
--- content/beta/about.md
---
title: 关于
---
说明。
"""


def check_map(paths: Iterable[str], branches: Iterable[str]) -> None:
    """Every published file is at a place of the map, under a name that content cannot take."""
    slugs = set(branches)
    for path in paths:
        first, _, inside = path.partition("/")
        owner, rest = ("branch", inside) if first in slugs and inside else ("hub", path)
        found = find("branch" if owner == "branch" else "hub", rest)
        # Redirects are at addresses where content was.
        if found is None:
            assert may_redirect_from("branch" if owner == "branch" else "hub", rest.removesuffix("index.html")), path
            continue
        place, _ = found
        parts = rest.split("/")
        if place.document in ("page", "entry") or place.pattern.startswith("{section}/{entry}"):
            continue
        if owner == "hub":
            assert is_reserved("branch", parts[0]) or parts[0] == "index.html", path
        elif place.pattern.startswith("{section}"):
            assert is_reserved("entry", parts[1]), path
        else:
            assert is_reserved("section", parts[0]), path


def check_tree(paths: Iterable[str]) -> None:
    """No two files want one path, and none is a file and a folder, on a file system that ignores case either."""
    known: set[str] = set()
    folders: set[str] = set()
    for path in paths:
        assert folded(path) not in known, path
        known.add(folded(path))
        parts = folded(path).split("/")
        folders |= {"/".join(parts[:depth]) for depth in range(1, len(parts))}
    assert not known & folders


def test_everything_that_is_published_is_in_the_map(site: SmallSite) -> None:
    site.write(EVERYTHING).build()
    paths = site.files()
    check_map(paths, ("alpha", "beta"))
    check_tree(paths)
    met = {
        found[0].pattern
        for path in paths
        for owner, rest in [
            ("branch", path.partition("/")[2]) if path.startswith(("alpha/", "beta/")) else ("hub", path)
        ]
        if (found := find(owner, rest)) is not None  # type: ignore[arg-type]
    }
    # What the site does not have: further pages of long lists, forms for editors, a font for cards.
    assert {place.pattern for place in PLACES} - met == {
        "sections/{section}/page/{number}/",
        "letters/page/{number}/",
        "tags/{tag}/page/{number}/",
        "{section}/page/{number}/",
        "shared/page/{number}/",
        "all/page/{number}/",
        "admin/{path}",
        "assets/card/{path}",
    }


@pytest.mark.slow
def test_the_demo_is_in_the_map(demo: Demo) -> None:
    branches = [file.parent.name for file in (REPOSITORY / "content").glob("*/branch.yml")]
    check_map(demo.files(), branches)
    check_tree(demo.files())


@pytest.mark.parametrize(
    "path",
    ["alpha/search.md", "alpha/Tags.md", "alpha/feeds/2026-11-01-a.md",
     "alpha/news/archive-3.xml.md", "alpha/news/feed.md", "alpha/news/page/index.md",
     "hub/search.md", "hub/events/may.md", "hub/admin.md",
     "hub/topics/feed.xml.md"],
)  # fmt: skip
def test_a_text_that_would_lie_where_something_is_published_is_told(site: SmallSite, path: str) -> None:
    date = "" if "topics" in path else "date: 2026-11-01\n"
    site.write(f"--- content/{path}\n---\ntitle: 我们的\n{date}---\n不能丢的一句话。\n")
    told = [(each.code, each.path) for each in site.check() if each.severity == "error"]
    folder = path.rpartition("/")[0] if "feeds" in path else path
    assert told == [("name-reserved", f"content/{folder}")]
    site.build()
    assert site.mentions("不能丢的一句话") == []


@pytest.mark.slow
@given(st.sampled_from(["hub", "branch"]), st.text(max_size=40))
def test_no_old_address_is_where_something_is_published(owner: str, path: str) -> None:
    known = "hub" if owner == "hub" else "branch"
    if may_redirect_from(known, path):  # type: ignore[arg-type]
        found = find(known, path.strip("/") + "/")  # type: ignore[arg-type]
        # Below an entry lie its own files: an old address that meets one is told to be shadowed.
        assert found is None or found[0].document in ("page", "entry") or found[0].pattern.endswith("{path}")


def test_names_are_as_long_as_file_systems_take() -> None:
    assert fits("党" * 85)
    assert not fits("党" * 86)
    assert fits("a" * MOST_NAME + "/b")
    assert not fits("/".join(["a" * 200] * (MOST_PATH // 200 + 1)))


ROW = '    FeedFormat("feed.txt", "text/plain", "Text", "builder.formats.feeds.text_writer:text"),\n'
WRITER = """
def text(feed):
    return "\\n".join(item.title for item in feed.items).encode()
"""


@pytest.mark.slow
def test_a_new_feed_format_is_a_row_and_a_writer(site: SmallSite, tmp_path: Path) -> None:
    site.write(EVERYTHING)
    program = tmp_path / "program"
    shutil.copytree(REPOSITORY / "builder", program / "builder")
    table = program / "builder/model/site_map.py"
    text = table.read_text("utf-8")
    table.write_text(text.replace("FEED_FORMATS = (\n", f"FEED_FORMATS = (\n{ROW}", 1).replace(ROW, "", 0), "utf-8")
    (program / "builder/formats/feeds/text_writer.py").write_text(WRITER, "utf-8")
    command = [sys.executable, "-m", "builder", "build", "--root", site.root, "--now", NOW, "--executor", "serial"]
    made = subprocess.run(
        command, cwd=program, env={**os.environ, "PYTHONPATH": str(program)}, capture_output=True, text=True
    )
    assert made.returncode == 0, made.stderr
    for folder in ("", "alpha/", "alpha/news/", "alpha/all/", "feeds/news/", "topics/reading/", "beta/"):
        assert "feed.txt" in site.page(f"{folder.replace('feeds/', 'sections/')}index.html"), folder
        assert site.exists(f"{folder}feed.txt"), folder
    assert site.page("alpha/news/feed.txt").splitlines() == ["走访", "乙"]
    assert "feed.txt" in site.page("alpha/feeds/index.html")
    assert "feed.txt" in site.page("_headers")
    assert r"feed\.txt" in site.page("hub/headers/nginx.conf")
    script = (
        "from builder.model.site_map import *; print(is_reserved('entry', 'feed.txt'), media_type_of('a/feed.txt'))"
    )
    said = subprocess.run([sys.executable, "-c", script], cwd=program, capture_output=True, text=True, check=True)
    assert said.stdout == "True text/plain\n"


def test_feeds_are_served_as_what_they_are() -> None:
    assert media_type_of("/alpha/archive-12.json") == "application/feed+json"
    assert media_type_of("/alpha/archive-12.xml") == "application/xml"
    assert media_type_of("calendar.ics") == "text/calendar"
    assert media_type_of("/alpha/news/photo.jpg") == ""
    assert [each.file for each in FEED_FORMATS] == ["feed.xml", "atom.xml", "feed.json"]

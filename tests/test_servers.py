"""The settings that a build writes for web servers, tried with the servers, at the root of an address and below a path."""

from __future__ import annotations

import http.client
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

import pytest
import servers
from conftest import TWO_BRANCHES, SmallSite
from lxml import etree, html

CONTENT = """
--- content/organization.yml
name: 示范大学
url: {url}
redirects: {/gone-hub/: alpha/news/2026-11-19-moved}
sections:
  news: {title: 动态}
  events: {title: 活动, type: event}
--- content/beta/branch.yml
name: 乙支部
url: https://beta.example.net/
--- content/alpha/news/2026-11-20-old.md
---
title: 过期的通知
expires: 2026-11-21
---
过期的话。
--- content/alpha/news/2026-11-19-moved.md
---
title: 搬来的
aliases: [/alpha/news/从前 的/, /alpha/earlier/, '/alpha/odd"x;$uri{{y}}\\`z\\/', '/alpha/~^(.*)$/']
---
新的地方。见[表格](../media/表 格.docx)和[数据](../media/data.json)。![图](../media/drawing.svg)
--- content/alpha/media/表 格.docx
PK
--- content/alpha/media/data.json
{{}}
--- content/alpha/media/drawing.svg
<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect width="10" height="10"/></svg>
"""


class Answer(NamedTuple):
    """An answer of a server: its status, its headers with names in lower case, its body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Client:
    """A reader of one address; ``base`` is the path of the organization."""

    def __init__(self, address: str, base: str) -> None:
        self._host, self.base = urlsplit(address).netloc, base
        self._connection = http.client.HTTPConnection(self._host, timeout=10)

    def get(self, path: str, **headers: str) -> Answer:
        """Ask for a path as it stands in an address, beginning with a slash."""
        self._connection.request("GET", path, headers={"Accept": "*/*", **headers})
        with self._connection.getresponse() as answer:
            return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())


@pytest.fixture(scope="module", params=["/", "/party/"])
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[SmallSite, Path, str]:
    """A built site, the folder that a server has as its root, and the path of the organization there."""
    base = request.param
    site = SmallSite(tmp_path_factory.mktemp("served"))

    site.write(TWO_BRANCHES).write(CONTENT.replace("{url}", f"https://example.org{base}"))
    site.build(now="2026-11-20T10:00:00+08:00")
    assert not [problem for problem in site.build().problems if problem.severity == "error"]
    if base == "/":
        return site, site.output, base
    root = site.root / "www"
    root.mkdir()
    (root / "party").symlink_to(site.output)
    return site, root, base


@pytest.fixture(params=["nginx", "apache", "caddy"])
def client(request: pytest.FixtureRequest, served: tuple[SmallSite, Path, str], tmp_path: Path) -> Iterator[Client]:
    """A reader of the site at each server."""
    site, root, base = served
    program = {"apache": "apache2"}.get(request.param, request.param)
    if not servers.find(program):
        pytest.skip(f"{program} is not on this machine")
    with getattr(servers, request.param)(tmp_path, root, site.output) as address:
        yield Client(address, base)


def pages(client: Client) -> Iterator[str]:
    """Every address of the sitemaps of this server, as a path."""
    index = etree.fromstring(client.get(f"{client.base}sitemap.xml").body)
    for place in index.iter("{*}loc"):
        parts = urlsplit(place.text)
        if parts.hostname == "example.org":
            for page in etree.fromstring(client.get(parts.path).body).iter("{*}loc"):
                yield urlsplit(page.text).path


@pytest.mark.slow
def test_every_address_answers_and_no_link_is_dead(client: Client) -> None:
    todo, seen = set(pages(client)), set[str]()
    assert len(todo) > 8
    for path in sorted(todo):
        if path != client.base:
            answer = client.get(path.rstrip("/"))
            assert answer.status in (301, 308), path
            assert unquote(urlsplit(answer.headers["location"]).path) == unquote(path)
    while todo - seen:
        path = min(todo - seen)
        seen.add(path)
        answer = client.get(path)
        assert answer.status == 200, path
        if "text/html" not in answer.headers["content-type"]:
            continue
        assert answer.headers["content-type"].lower() == "text/html; charset=utf-8", path
        for element, name, link, _ in html.fromstring(answer.body).iterlinks():
            full = urlsplit(urljoin(f"http://here{path}", link))
            if full.netloc == "here" and not (
                element.tag == "link" and element.get("rel") in ("canonical", "preconnect")
            ):
                assert full.path.startswith(client.base), (path, name, link)
                todo.add(full.path)


@pytest.mark.slow
def test_moved_withdrawn_missing_and_private(client: Client) -> None:
    base = client.base
    new = f"{base}alpha/news/2026-11-19-moved/"
    for old in ("alpha/news/%E4%BB%8E%E5%89%8D%20%E7%9A%84/", "alpha/earlier/", "gone-hub/", "alpha/~%5E(.*)$/"):
        answer = client.get(base + old)
        assert (answer.status, urlsplit(answer.headers["location"]).path) == (301, new), old
        assert client.get(new).status == 200
    withdrawn = client.get(f"{base}alpha/news/2026-11-20-old/")
    assert withdrawn.status == 410
    assert "过期的话" not in withdrawn.body.decode()
    assert "noindex" in withdrawn.body.decode()
    assert withdrawn.headers["x-content-type-options"] == "nosniff"
    for path, owner in ((f"{base}nothing", "示范大学"), (f"{base}alpha/nothing/here/", "甲支部")):
        answer = client.get(path)
        assert answer.status == 404
        assert owner in html.fromstring(answer.body).findtext(".//title")
        assert "Content-Security-Policy".lower() in answer.headers
    for path in ("_headers", "build.json", "alpha/build.json", "hub/headers/nginx.conf", "hub/headers/caddy.conf"):
        assert client.get(base + path).status == 404, path


@pytest.mark.slow
def test_types_policies_and_compression(client: Client) -> None:
    base, site = client.base, "frame-ancestors 'self'"
    home = client.get(base, **{"Accept-Encoding": "gzip"})
    assert home.headers.get("content-encoding") == "gzip"
    assert site in home.headers["content-security-policy"]
    assert home.headers["cache-control"] == "no-cache"
    style = next(link for _, _, link, _ in html.fromstring(client.get(base).body).iterlinks() if link.endswith(".css"))
    sheet = client.get(urlsplit(urljoin(f"http://here{base}", style)).path)
    assert "immutable" in sheet.headers["cache-control"]
    assert sheet.headers["content-type"].startswith("text/css")
    for path, kind in (
        ("feed.xml", "application/xml"),
        ("alpha/feed.json", "application/feed+json"),
        ("alpha/calendar.ics", "text/calendar"),
        ("feeds.opml", "text/x-opml"),
        ("data/entries.json", "application/json"),
    ):
        answer = client.get(base + path)
        assert answer.headers["content-type"].startswith(kind), path
        assert answer.headers["access-control-allow-origin"] == "*", path
        assert "content-disposition" not in answer.headers
    saved = client.get(f"{base}alpha/media/%E8%A1%A8%20%E6%A0%BC.docx")
    assert saved.status == 200
    assert "wordprocessingml" in saved.headers["content-type"]
    assert saved.headers["content-disposition"] == "attachment"
    drawing = client.get(f"{base}alpha/media/drawing.svg")
    assert drawing.headers["content-type"].startswith("image/svg+xml")
    for answer in (saved, drawing):
        assert "sandbox" in answer.headers["content-security-policy"]
        assert site not in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"

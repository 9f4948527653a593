"""The live preview: what is saved is seen, what is broken is told, and nothing that is published is touched."""

from __future__ import annotations

import http.client
import json
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from conftest import NOW, SmallSite
from preview_session import Served, served

from builder.preview.board import Board
from builder.preview.server import Folder, PreviewServer, added

DRAFT = "--- content/alpha/news/2026-11-22-draft.md\n---\ntitle: 写了一半\ndraft: true\n---\n还没写完。\n"
LATER = "--- content/alpha/news/2026-12-24-later.md\n---\ntitle: 以后的事\n---\n到时再说。\n"


@pytest.mark.slow
def test_drafts_and_what_is_scheduled_are_seen_in_a_preview_only(site: SmallSite) -> None:
    site.write(DRAFT + LATER)
    preview = site.root / "preview"
    site.build(output=preview / "sites", state=preview / "state", drafts=True)
    page = (preview / "sites/alpha/news/2026-11-22-draft/index.html").read_text("utf-8")
    assert '<span class="state state-mark">草稿</span>' in page
    listed = (preview / "sites/alpha/news/index.html").read_text("utf-8")
    assert "以后的事" in listed
    assert '<span class="state state-mark">待发布</span>' in listed
    assert (
        "state-mark"
        not in (preview / "sites/alpha/news/2026-11-20-visit/index.html").read_text("utf-8").split("related")[0]
    )
    site.build()
    assert site.mentions("写了一半") == []
    assert site.mentions("以后的事") == []
    assert site.mentions("state-mark") == [path for path in site.files() if path.endswith(".css") and "site" in path]


def test_a_broken_draft_stays_readable_in_a_preview(site: SmallSite) -> None:
    options = {"output": site.root / "p", "state": site.root / "s", "drafts": True}
    site.write(DRAFT)
    site.build(**options)
    site.write(DRAFT.replace("draft: true", "draft: true\nexpires: 何时"))
    (problem,) = site.build(**options).problems
    assert problem.code == "end-unclear"
    assert "还没写完" in (site.root / "p/alpha/news/2026-11-22-draft/index.html").read_text("utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    for path, text in {
        "index.html": "hub", "404.html": "lost", "a/index.html": "a", "a/404.html": "lost in a", "a/x.xml": "<x/>",
        ".hidden": "no", "b/.staging/x": "no",
    }.items():  # fmt: skip
        file = tmp_path / "sites" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "sites" / "link").symlink_to(tmp_path / "secret")
    (tmp_path / "sites" / "linked").symlink_to(tmp_path)
    return Folder(tmp_path / "sites", {"https://example.org/": "/", "https://a.example.org/": "/a/"})


@pytest.mark.parametrize(
    "path",
    ["/../secret", "/a/../../secret", "/.hidden", "/b/.staging/x", "/link", "/linked/secret", "/a\0", "/nothing"],
)
def test_nothing_but_the_sites_own_files_is_served(folder: Folder, path: str) -> None:
    assert folder.find(path) is None


def test_what_is_missing_leads_to_the_nearest_error_page(folder: Folder) -> None:
    assert folder.find("/a/") == folder.root / "a/index.html"
    assert folder.lost("/a/nothing/") == folder.root / "a/404.html"
    assert folder.lost("/nothing/") == folder.root / "404.html"


def test_links_to_published_addresses_stay_in_the_preview(folder: Folder) -> None:
    page = b'<head></head><a href="https://example.org/x/">1</a><a href="https://a.example.org/news/">2</a>' + (
        b'<a href="https://example.org">3</a><a href="https://example.organic/">4</a><p>https://example.org/</p>'
    )
    shown = folder.page(page).decode()
    assert (
        '<a href="/x/">1</a><a href="/a/news/">2</a><a href="/">3</a><a href="https://example.organic/">4</a>' in shown
    )
    assert "<p>https://example.org/</p>" in shown
    assert '<script src="/-/preview.js" data-tag="' in shown


def test_the_script_knows_the_version_of_its_page() -> None:
    one, other = (added(b"<head></head>" + text).removesuffix(text) for text in (b"1", b"2"))
    assert one != other
    assert one == added(b"<head></head>1").removesuffix(b"1")


def test_a_taken_port_is_passed_over(folder: Folder) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with PreviewServer("127.0.0.1", port, Board({}), folder, b"") as server:
            assert port < server.port < port + 100


@pytest.fixture
def server(folder: Folder) -> Iterator[PreviewServer]:
    """A preview's server on this machine, with something to show."""
    board = Board({})
    board.publishes([], {})
    with PreviewServer("127.0.0.1", 0, board, folder, b"") as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


def answer(server: PreviewServer, path: str, **headers: str) -> tuple[int, bytes, Mapping[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request("GET", path, headers=headers)
    got = connection.getresponse()
    return got.status, got.read(), dict(got.getheaders())


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8000", 200),
        ("localhost", 200),
        ("LOCALHOST:1", 200),
        ("preview.localhost", 200),
        ("[::1]:80", 200),
        ("evil.example", 403),
        ("localhost.evil.example", 403),
        ("127.0.0.1.evil.example", 403),
        ("[::1", 403),
        ("10.0.0.1", 403),
        ("", 403),
    ],
)
def test_only_this_machines_own_names_are_answered(server: PreviewServer, host: str, status: int) -> None:
    """A page of another site whose name leads to this machine must not read drafts (DNS rebinding)."""
    assert answer(server, "/", Host=host)[0] == status
    assert answer(server, "/-/preview.js", Host=host)[0] == status


@pytest.mark.parametrize(
    "path",
    [
        "/../secret",
        "/%2e%2e/secret",
        "/a/..%2f..%2fsecret",
        "/.hidden",
        "/link",
        "/linked/secret",
        "/a%00",
        "//etc/passwd",
        "/-/../secret",
    ],
)
def test_nothing_else_is_served(server: PreviewServer, path: str) -> None:
    status, content, _ = answer(server, path)
    assert status == 404
    assert b"secret" not in content


@pytest.mark.parametrize(
    ("wanted", "status", "content"),
    [
        ("bytes=0-1", 206, b"<x"),
        ("bytes=1-", 206, b"x/>"),
        ("bytes=-2", 206, b"/>"),
        ("bytes=2-99", 206, b"/>"),
        ("bytes=9-", 416, b""),
        ("bytes=3-1", 416, b""),
        ("bytes=-", 200, b"<x/>"),
        ("bytes=0-1,2-3", 200, b"<x/>"),
        ("lines=1-2", 200, b"<x/>"),
        ("bytes=" + "9" * 5000 + "-", 200, b"<x/>"),
    ],
)
def test_parts_of_files_can_be_asked_for(server: PreviewServer, wanted: str, status: int, content: bytes) -> None:
    got = answer(server, "/a/x.xml", Range=wanted)
    assert got[:2] == (status, content)


def test_a_site_below_a_path_is_found_there_too(folder: Folder) -> None:
    """Error pages name their files from the root of the published address."""
    below = Folder(folder.root, {"https://example.org/party/": "/", "https://x.example/deep/a/": "/a/"})
    assert below.find("/party/") == folder.root / "index.html"
    assert below.find("/party/a/x.xml") == folder.root / "a/x.xml"
    assert below.find("/deep/a/x.xml") == folder.root / "a/x.xml"
    assert below.find("/partly/") is None
    assert below.find("/party/../../secret") is None
    assert below.find("/party/.hidden") is None


def test_links_to_a_site_below_the_path_of_another_lead_to_it(folder: Folder) -> None:
    below = Folder(folder.root, {"https://example.org/": "/", "https://example.org/b/": "/beta/"})
    links = '<a href="https://example.org/b/x/"><a href="https://example.org/b"><a href="https://example.org/c/">'
    assert below.page(links.encode()).startswith(b'<a href="/beta/x/"><a href="/beta"><a href="/c/">')


@pytest.mark.slow
def test_a_content_folder_that_is_exchanged_is_noticed(site: SmallSite) -> None:
    with served(site) as preview:
        preview.state()
        other = site.root / "other"
        shutil.copytree(site.root / "content", other)
        (other / "alpha/about.md").write_text("---\ntitle: 换了\n---\n文\n", "utf-8")
        (site.root / "content").rename(site.root / "old")
        other.rename(site.root / "content")
        preview.state()
        while "换了" not in preview.get("/alpha/about/")[1]:
            preview.state()
        site.write("--- content/alpha/about.md\n---\ntitle: 又换了\n---\n文\n")
        while "又换了" not in preview.get("/alpha/about/")[1]:
            preview.state()


@pytest.mark.slow
def test_what_a_link_leads_to_in_another_folder_is_seen_too(site: SmallSite) -> None:
    """The system tells of the file that was saved, not of the link: everything is looked at as soon as nothing more is saved."""
    site.write("--- content/beta/_text.md\n---\ntitle: 关于\n---\n旧文\n").delete("content/alpha/about.md")
    (site.root / "content/alpha/about.md").symlink_to("../beta/_text.md")
    with served(site) as preview:
        preview.state()
        site.write("--- content/beta/_text.md\n---\ntitle: 关于\n---\n新文\n")
        while "新文" not in preview.get("/alpha/about/")[1]:
            preview.state()


@pytest.mark.slow
def test_a_preview_follows_every_edit(built_site: SmallSite) -> None:
    before = built_site.files()
    with served(built_site) as preview:
        assert preview.state()["problems"] == []
        _edits(built_site, preview)
        assert built_site.files() == before
        assert preview.end() == 130
        assert "Traceback" not in "".join(preview.lines)


def _edits(site: SmallSite, preview: Served) -> None:
    news = "/alpha/news/2026-11-20-visit/"
    assert "党员们出发了" in preview.get(news)[1]

    site.write("--- content/alpha/news/2026-11-20-visit.md\n---\ntitle: 走访慰问\n---\n改过了。\n")
    preview.state()
    assert "改过了" in preview.get(news)[1]

    site.write("--- content/alpha/news/2026-11-20-visit.md\n---\ntitle: 走访慰问\nexpires: 何时\n---\n又改了。\n")
    (problem,) = preview.state()["problems"]
    assert problem["place"] == "content/alpha/news/2026-11-20-visit.md:3:10"
    assert problem["branch"] == "alpha"
    assert problem["severity"] == "error"
    assert problem["how"] == "请用数字写出最后一天，例如“expires: 2027-06-30”；如果要一直保留，就删掉这一行。"
    assert problem["effect"] == "读者看到的仍是上一个正确的版本。"
    assert "改过了" in preview.get(news)[1]

    site.delete("content/beta")
    preview.state()
    status, text = preview.get("/beta/")
    assert status == 404
    assert "/-/preview.js" in text

    assert preview.get("/alpha/news")[0] == 301
    assert preview.get("/alpha/", "HEAD") == (200, "")
    assert preview.get("/", Host="elsewhere.example")[0] == 403


@pytest.mark.slow
def test_there_is_one_preview_of_a_repository(site: SmallSite) -> None:
    with served(site) as preview:
        command = [sys.executable, "-m", "builder", "serve", "--root", str(site.root), "--now", NOW, "--port", "0"]
        second = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        assert second.returncode == 2
        assert str(preview.process.pid) in second.stderr
        assert "Traceback" not in second.stderr


@pytest.mark.slow
def test_a_taken_port_is_told(site: SmallSite) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with served(site, port) as preview:
            assert preview.port != port
            assert any(f"端口 {port} 已被占用" in line for line in preview.lines)


def test_a_stream_of_events_ends_with_the_preview(server: PreviewServer) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        connection.sendall(b"GET /-/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        stream = connection.makefile("rb")
        told = [stream.readline() for _ in range(8)]
        assert [line for line in told if line.startswith(b"data: {")]
        server.board.close()
        assert stream.read().strip() == b""


def test_browsers_reload_what_was_published_and_nothing_else() -> None:
    board = Board({})

    def version() -> tuple[int, bool]:
        news = board.after(-1, 0)
        assert news is not None
        state = json.loads(news[1])
        return state["version"], state["building"]

    assert (board.empty, version()) == (True, (0, True))
    board.stops("a disk is full")
    assert (board.empty, version()) == (True, (0, False))
    board.starts()
    board.advances("Reading: 1 of 2 sites", 1, 2)
    assert version() == (0, True)
    board.publishes([], {})
    assert (board.empty, version()) == (False, (1, False))
    board.starts()
    assert version() == (1, True)
    board.stops("a disk is full")
    assert version() == (1, False)

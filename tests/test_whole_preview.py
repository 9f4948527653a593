"""What the preview's server answers to every kind of request, word for word, and what browsers are told of a build.

Like ``tests/test_whole_site.py``: where a change is meant, ``GOLDEN=write`` writes ``tests/golden/whole/`` anew.
"""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from datetime import datetime
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path

import pytest
from conftest import NOW, ORGANIZATION, SmallSite, files_of
from test_whole_messages import problems
from test_whole_site import compare, shown
from test_whole_values import plain

from builder.content import read_organization
from builder.messages.problems import Problem
from builder.messages.translation import translator
from builder.model.values import Organization
from builder.preview.board import Board, described, panel_labels
from builder.preview.connections import Connections, Limits
from builder.preview.gate import Answer, Request
from builder.preview.serve import Preview, PreviewSettings
from builder.preview.server import Folder, PreviewServer, is_loopback
from builder.preview.waiting import waiting_page
from builder.workers import SerialExecutor

TYPES = (
    "html HTML css js json xml txt svg png jpg jpeg gif webp avif mp3 m4a mp4 pdf ics docx zip opml csv woff2".split()
)
FILES = {
    "index.html": '<head></head><a href="https://example.org/">hub</a><a href="https://example.org/alpha/x?a#b">'
    '<a href="https://alpha.example.org/max/y"><img srcset="https://example.org/p.png 1x"><a href="https://example.orgy/">',
    "404.html": "<head></head>lost",
    "alpha/index.html": "<head></head>alpha <head></head>",
    "alpha/404.html": "<head></head>lost in alpha",
    "alpha/news/index.html": "news",
    "beta/index.html": "beta",
    "feed.xml": "<rss/>",
    "atom.xml": "<feed/>",
    "feed.json": "{}",
    "max/z.txt": "z",
    **{f"files/a.{kind}": "0123456789" for kind in TYPES},
}
ADDRESSES = {
    "https://example.org/": "/",
    "https://alpha.example.org/max": "/alpha/",
    "https://beta.example.org/": "/beta/",
}
PATHS = (
    "/ /index.html /alpha /alpha/ /alpha/news /alpha/news/ /alpha/news?x=1 /alpha/none /none /none/ /beta/none "
    "/max/news/ /max /maxi/news/ /max/z.txt /%61lpha/ /alpha/../index.html /.git/config /alpha/.x "
    "/alpha/#x /alpha%5C..%5Cindex.html /a%00b /feed.xml /atom.xml /feed.json /-/preview.js /-/preview.css /-/copy.js /-/none "
    "/-/wechat/alpha/news/x /-/wechat/beta/news/x /-/wechat/alpha /alpha?x#y //alpha /link.html /linked/index.html "
).split()
RANGES = (
    *("bytes=0-", "bytes=2-4", "bytes=-3", "bytes=9-", "bytes=10-", "bytes=-0", "bytes=4-2", "bytes=0-99", "bytes=-"),
    *("items=0-1", "bytes=0-1,3-4", "bytes=-99"),
)
HEADS = (
    ("Host: localhost", "Host: x.org"),
    ("Host: evil.example.org",),
    ("Host: 127.0.0.1:99",),
    ("Host: [::1]:80",),
    ("Host: [",),
    (),
    ("Content-Length: 1", "Content-Length: 2"),
    ("Content-Length: 1", "Content-Length: 1"),
    ("Content-Length: x",),
    ("Content-Length: 5",),
    ("Transfer-Encoding: chunked",),
)


class Guard:
    """A gate that answers one path itself, and shows alpha alone to most."""

    def answer(self, request: Request) -> Answer | None:
        if request.path == "/own":
            told = f"{request.method} {request.query} {request.headers.get('x-a')} {request.read(3).decode()}"
            return Answer(
                HTTPStatus.ACCEPTED, told.encode(), "text/plain", (("X-Own", "1"),), ends=request.query == "end"
            )
        return Answer(HTTPStatus.NO_CONTENT) if request.path == "/empty" else None

    def headers(self) -> tuple[tuple[str, str], ...]:
        return (("X-Gate", "yes"),)

    def sees(self, request: Request) -> Callable[[str], bool]:
        return lambda site: site != "beta"

    def withheld(self, request: Request) -> Answer:
        return Answer(HTTPStatus.FORBIDDEN, b"not for you")


def ask(server: PreviewServer, method: str, path: str, *heads: str, body: str = "", host: bool = True) -> str:
    """An answer as it comes: head and content, without what is of the moment."""
    lines = [f"{method} {path} HTTP/1.1", *(["Host: localhost"] if host else []), "Connection: close", *heads]
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        connection.sendall("\r\n".join([*lines, "", body]).encode())
        connection.shutdown(socket.SHUT_WR)
        got = b""
        while piece := connection.recv(65536):
            got += piece
    head, _, content = got.decode("utf-8", "replace").partition("\r\n\r\n")
    head = re.sub(r"\r\n(Date|Server): [^\r]*", "", head).replace("\r\n", " | ")
    # What a status is called, and the page of an error, are another matter in each version of Python.
    head = re.sub(r"HTTP/1\.1 (\d+) [^|]*", r"\1 ", head)
    if "<title>Error response" in content:
        return f"{head.partition('|')[0]}error"
    if path.startswith("/-/") and "wechat" not in path:
        head, content = re.sub(r"Content-Length: \d{2,}", "Content-Length: …", head), "…" if content else ""
    return re.sub("[0-9a-f]{32}", "TAG", f"{head}\n{content}" if len(content) < 700 else head)


def asked(server: PreviewServer) -> Iterator[tuple[str, str]]:
    for path in PATHS:
        yield f"GET {path}", ask(server, "GET", path)
    for kind in TYPES:
        yield f"HEAD /files/a.{kind}", ask(server, "HEAD", f"/files/a.{kind}")
    for wanted in RANGES:
        for method in ("GET", "HEAD"):
            yield f"{method} {wanted}", ask(server, method, "/files/a.mp4", f"Range: {wanted}")
    yield "range of a page", ask(server, "GET", "/alpha/", "Range: bytes=0-3")
    yield "range of nothing", ask(server, "GET", "/none", "Range: bytes=0-3")
    for heads in HEADS:
        own = any(each.startswith("Host") for each in heads)
        yield f"heads ({' '.join(heads)})", ask(server, "GET", "/feed.json", *heads, host=not own)
    yield "no host", ask(server, "GET", "/feed.json", host=False)
    for method in ("POST", "PUT", "OPTIONS"):
        yield method, ask(server, method, "/", "Content-Length: 3", body="abc")
    for path in ("/own?q=1", "/own?end", "/empty"):
        for method in ("GET", "HEAD", "POST"):
            yield f"{method} {path}", ask(server, method, path, "X-A: b", "Content-Length: 3", body="abc")


def served(root: Path, board: Board, gate: Guard | None, host: str = "127.0.0.1") -> PreviewServer:
    texts = {"alpha/news/x": "<p>alpha</p>", "beta/news/x": "<p>beta</p>"}
    server = PreviewServer(host, 0, board, Folder(root, ADDRESSES), b"<head></head>waiting", texts.get, gate)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    return server


def test_requests_are_answered_as_they_always_were(tmp_path: Path) -> None:
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    (tmp_path / "link.html").symlink_to(tmp_path / "index.html")
    (tmp_path / "linked").symlink_to(tmp_path / "alpha")
    found: dict[str, str] = {}
    for name, gate in (("alone", None), ("behind a gate", Guard())):
        board = Board({})
        with served(tmp_path, board, gate) as server:
            found[f"{name}: nothing is built"] = ask(server, "GET", "/")
            found[f"{name}: a script"] = ask(server, "GET", "/-/preview.js").partition("\n")[0]
            board.publishes([], {})
            found |= {f"{name}: {what}": text for what, text in asked(server)}
            board.close()
            server.shutdown()
    with served(tmp_path, Board({}), None, "0.0.0.0") as server:
        # Whoever starts it again at once has the same port.
        assert server.socket.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR)
        found["for others: another name"] = ask(server, "GET", "/", "Host: evil.example.org", host=False)
        server.shutdown()
    board = Board({})
    board.publishes([], {})
    with served(tmp_path / "files", board, None) as server:
        found["without a page for what is not there"] = ask(server, "GET", "/none")
        server.shutdown()
    compare("preview", found)


def test_browsers_are_told_of_builds_as_they_always_were() -> None:
    board, found = Board({"title": "T"}), dict[str, str]()
    told = [{"branch": "", "code": "a"}, {"branch": "alpha", "code": "b"}, {"branch": "beta", "code": "c"}]
    steps: dict[str, Callable[[], None]] = {
        "new": lambda: None,
        "starts": board.starts,
        "advances": lambda: board.advances("Reading", 1, 2),
        "shows": board.shows,
        "publishes": lambda: board.publishes(told, {"": "Hub", "alpha": "A", "beta": "B"}),
        "starts again": board.starts,
        "stops": lambda: board.stops("full"),
        "stops for another reason": lambda: board.stops("other", told[:2]),
    }
    for name, step in steps.items():
        step()
        whole, part = board.after(-1, 0), board.after(-1, 0, lambda: lambda site: site == "alpha")
        assert whole is not None
        assert part is not None
        found[name] = f"{board.empty} {whole[0]}\n{shown(json.loads(whole[1]))}\n{shown(json.loads(part[1]))}"
        assert board.after(whole[0], 0) == whole, "nothing new: the same number"
    waiting = threading.Thread(target=board.close)
    waiting.start()
    assert board.after(len(steps) - 1, 60) is None
    waiting.join()
    assert board.after(-1, 0) is None
    for language in ("en", "zh"):
        text = translator(language)
        found[f"labels {language}"] = shown(panel_labels(text))
        found[f"problems {language}"] = shown(described(problems(), text))
        found[f"waiting {language}"] = waiting_page(text).decode()
    compare("board", found)


def test_there_are_as_many_connections_as_may_be() -> None:
    clock = [0.0]
    connections = Connections(Limits(connections=2, streams=1), lambda: clock[0])
    assert [connections.enter() for _ in range(3)] == [True, True, False]
    connections.leave()
    assert [connections.enter(), connections.enter()] == [True, False]
    assert [connections.enter_stream(), connections.enter_stream()] == [True, False]
    connections.leave_stream()
    assert connections.enter_stream()
    one, other = socket.socketpair()
    kept, beside = socket.socketpair()
    with one, other, kept, beside:
        connections.expect(one, 5)
        connections.expect(kept, 5)
        connections.expect(kept, None)
        clock[0] = 4.9
        connections.close_late()
        one.sendall(b"x")
        clock[0] = 5
        connections.close_late()
        assert other.recv(9) == b"x"
        assert other.recv(9) == b""
        connections.close_late()
        kept.sendall(b"y")
        assert beside.recv(9) == b"y"


def test_this_machine_is_known_by_its_names() -> None:
    names = (
        "127.0.0.1",
        "127.8.8.8",
        "::1",
        "localhost",
        "a.localhost",
        "0.0.0.0",
        "10.0.0.1",
        "localhost.org",
        "example.org",
        "",
    )
    assert [name for name in names if is_loopback(name)] == [
        "127.0.0.1",
        "127.8.8.8",
        "::1",
        "localhost",
        "a.localhost",
    ]


class Watcher:
    """Somebody who edits one thing after the other, each when the preview has said what is expected of the last, and writes down
    what they were told. In the steps of ``FAULTS`` the clock fails."""

    FAULTS: Mapping[str, Exception] = {
        "a file is away": OSError(5, "Input/output error", "/content/x"),
        "a disk is away": OSError("no disk"),
        "something odd": ValueError("odd"),
    }

    def __init__(self, site: SmallSite, steps: Mapping[str, tuple[str, str]]) -> None:
        self.site, self.left = site, [("start", ("", "页")), *steps.items()]
        self.step, self.wanted = "", "Ctrl"
        self.told: dict[str, str] = {}
        self.tells: list[str] = []
        self.builds, self.port, self.ended = 0, 0, False
        self.thread = threading.current_thread()
        organization = read_organization(site.root)[0]
        assert organization is not None
        self.settings = PreviewSettings(
            site.root, site.root / ".branchpress", organization, self.clock, self.executor, self.say, self.tell
        )

    def executor(self) -> Executor:
        watcher = self

        class Lasting(SerialExecutor):
            def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
                watcher.ended = True

        return Lasting()

    def clock(self, organization: Organization) -> datetime:
        """The time of a build, which has begun; for what is asked of the server while it is built, the same time."""
        if threading.current_thread() is self.thread:
            self.builds += 1
            assert not self.ended
            assert self.builds < 40, "it does not go on"
            self.told[f"{self.step}: browsers"] = f"{organization.short_name} {self.state()}"
            if fault := self.FAULTS.get(self.step):
                raise fault
        return datetime.fromisoformat(NOW)

    def say(self, sentence: str) -> None:
        if found := re.search(r":(\d+)/", sentence):
            self.port = int(found[1])
        if re.search(self.wanted, sentence):
            said = re.sub(r"[\d.]+ (秒|页)", r"… \1", sentence).replace(f":{self.port}/", ":PORT/")
            self.told[f"{self.step}: said"] = said
            self.go_on()

    def tell(self, problems: Sequence[Problem]) -> None:
        self.tells += [f"{self.step}: {each.path}:{each.line} {each.code}" for each in problems]
        if self.wanted == "told":
            self.go_on()

    def state(self) -> str:
        """What browsers are told now."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as asking:
            asking.sendall(b"GET /-/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
            with asking.makefile("rb") as answer:
                line = next(each for each in answer if each.startswith(b"data: "))
        told = json.loads(line[6:])
        places = [each["place"] for each in told["problems"]]
        return plain(
            [told["building"], told["stopped"], places, dict(sorted(told["names"].items())), len(told["labels"])]
        )

    def get(self, path: str) -> str:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path)
        answer = connection.getresponse()
        text = f"{answer.status} {answer.read().decode()}"
        connection.close()
        return text

    def go_on(self) -> None:
        """Looks at what is shown, and makes the next edit; ends the preview after the last one."""
        page = self.get("/alpha/news/2026-11-20-visit/") + self.get("/alpha/")
        words = (*"503 党员们 改过 坏了 又改 草稿 甲支部".split(), 'href="/alpha/')
        self.told[f"{self.step}: shown"] = " ".join(word for word in words if word in page)
        if not self.left:
            raise KeyboardInterrupt
        self.step, (edit, self.wanted) = self.left.pop(0)
        self.site.write(edit)


@pytest.mark.slow
def test_a_preview_follows_edits_as_it_always_did(built_site: SmallSite) -> None:
    visit = "--- content/alpha/news/2026-11-20-visit.md\n---\ntitle: 走访慰问\n{}---\n{}\n"
    organization = files_of(ORGANIZATION)["content/organization.yml"]
    draft = "--- content/alpha/news/2026-11-22-d.md\n---\ntitle: 草稿\ndraft: true\n---\n文\n"
    steps = {
        "an edit": (visit.format("", "改过了。"), r"\b[1-9]\d* 页"),
        "a mistake": (visit.format("expires: 何时\n", "坏了。"), r"\b0 页"),
        "the same mistake": (visit.format("expires: 何时\n", "还是坏的。"), r"\b0 页"),
        "a draft": (draft, r"\b[1-9]\d* 页"),
        "a file is away": (visit.format("expires: 何时\n", "再试。"), "没有更新成功"),
        "a disk is away": ("", "no disk"),
        "broken settings": ("--- content/organization.yml\nname: [\n", "told"),
        "something odd": (
            "--- content/organization.yml\n" + organization.replace("short_name: 党建", "short_name: 换名"),
            "odd",
        ),
        "all is well": (visit.format("", "又改了。"), r"\b[1-9]\d* 页"),
    }
    # What is due in a month is waited for an hour at a time.
    built_site.write("--- content/alpha/news/2026-12-20-later.md\n---\ntitle: 以后\n---\n文\n")
    watcher = Watcher(built_site, steps)
    before = built_site.files()
    with pytest.raises(KeyboardInterrupt):
        Preview(watcher.settings).run("127.0.0.1", 0)
    assert watcher.ended
    assert built_site.files() == before
    told = {step: text.replace(str(built_site.root), "ROOT") for step, text in watcher.told.items()}
    compare("preview-edits", {**told, "problems": "\n".join(watcher.tells)})

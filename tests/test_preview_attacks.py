"""The preview's server under attack: floods, slow and huge requests, requests within requests, files of any size."""

from __future__ import annotations

import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from builder.preview.board import Board
from builder.preview.connections import Connections, Limits
from builder.preview.server import Folder, PreviewServer

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Sites with one page, one film and an error page."""
    for path, text in {"index.html": "hub", "404.html": "lost", "film.mp4": "0123456789" * 100_000}.items():
        (tmp_path / path).write_text(text)
    return Folder(tmp_path, {})


@contextmanager
def serving(folder: Folder, limits: Limits | None = None) -> Iterator[PreviewServer]:
    board = Board({})
    board.publishes([], {})
    with PreviewServer("127.0.0.1", 0, board, folder, b"", limits=limits) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        board.close()
        server.shutdown()


def connect(server: PreviewServer) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=30)


def all_of(connection: socket.socket) -> bytes:
    """What comes until the other side ends."""
    got = b""
    try:
        while piece := connection.recv(65536):
            got += piece
    except ConnectionResetError:
        pass
    return got


def ask(server: PreviewServer, request: bytes) -> bytes:
    with connect(server) as connection:
        connection.sendall(request)
        return all_of(connection)


GET = b"GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s\r\n"


def test_one_connection_too_many_is_turned_away_and_nobody_else(folder: Folder) -> None:
    with serving(folder, Limits(connections=5)) as server, ExitStack() as held:
        for _ in range(5):
            connection = held.enter_context(connect(server))
            connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert connection.recv(20).startswith(b"HTTP/1.1 200")
        assert ask(server, b"").startswith(b"HTTP/1.1 503")
        connection.close()
        while (got := ask(server, GET % (b"/", b""))).startswith(b"HTTP/1.1 503"):
            pass
        assert got.startswith(b"HTTP/1.1 200")


@pytest.mark.skipif(sys.platform != "linux", reason="of other systems a thread may have more memory than there is")
def test_where_no_thread_can_be_made_a_connection_is_closed_and_leaves_its_place(folder: Folder) -> None:
    with PreviewServer("127.0.0.1", 0, Board({}), folder, b"", limits=Limits(connections=1)) as server:
        usual = threading.stack_size(1 << 47)
        try:
            for _ in range(2):
                one, other = socket.socketpair()
                with one, other:
                    server.process_request(one, ("127.0.0.1", 1))
                    assert other.recv(9) == b""
        finally:
            threading.stack_size(usual)


def test_streams_of_events_leave_room_for_pages(folder: Folder) -> None:
    with serving(folder, Limits(connections=5, streams=2)) as server, ExitStack() as held:
        for _ in range(2):
            connection = held.enter_context(connect(server))
            connection.sendall(GET % (b"/-/events", b""))
            assert connection.recv(20).startswith(b"HTTP/1.1 200")
        assert ask(server, GET % (b"/-/events", b"")).startswith(b"HTTP/1.1 503")
        assert ask(server, GET % (b"/", b"")).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("begun", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: localhost\r\nX: "])
def test_a_request_that_comes_drop_by_drop_is_ended(folder: Folder, begun: bytes) -> None:
    with serving(folder, Limits(head=0.3)) as server, connect(server) as connection:
        connection.sendall(begun)
        try:
            for _ in range(100):
                connection.sendall(b"x" if begun else b"")
                time.sleep(0.02)
        except OSError:
            pass
        assert b"200 OK" not in all_of(connection)


def test_a_stream_of_events_lasts_longer_than_any_request(folder: Folder) -> None:
    with serving(folder, Limits(whole=0.4)) as server, connect(server) as connection:
        connection.sendall(GET % (b"/-/events", b""))
        stream = connection.makefile("rb")
        while b'"building": false' not in stream.readline():
            pass
        time.sleep(0.6)
        server.board.starts()
        while b'"building": true' not in (line := stream.readline()):
            assert line


def test_time_is_counted_by_a_clock_that_never_goes_back() -> None:
    now = [100.0]
    one, other = socket.socketpair()
    with one, other:
        connections = Connections(Limits(), lambda: now[0])
        connections.expect(one, 5)
        now[0] = 104
        connections.close_late()
        other.setblocking(False)
        with pytest.raises(BlockingIOError):
            other.recv(1)
        now[0] = 105
        connections.close_late()
        assert other.recv(1) == b""


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /" + b"a" * 300 + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", b"404"),
        (b"GET /" + b"a/" * 30_000 + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", b"404"),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", b"414"),
        (GET % (b"/", b"X: " + b"a" * 70_000 + b"\r\n"), b"431"),
        (GET % (b"/", b"X: a\r\n" * 200), b"431"),
        (GET % (b"/", b"Content-Length: 5\r\nContent-Length: 6\r\n") + b"12345", b"400"),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n" + b"x" * 100_000, b"405"),
        (GET % (b"/", b"Host: evil.example\r\n"), b"400"),
        (b"TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n", b"501"),
        (b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n", b"505"),
        (b"GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", b"404"),
        (GET % (b"/%ff%fe%00%0d%0aSet-Cookie:x", b""), b"404"),
        (GET % (b"/\\evil.example", b""), b"404"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", b"400"),
    ],
)  # fmt: skip
def test_huge_and_odd_requests_get_an_answer_and_cost_nothing(folder: Folder, request_: bytes, status: bytes) -> None:
    with serving(folder) as server:
        got = ask(server, request_)
        head = got.partition(b"\r\n\r\n")[0]
        # A request of no known form is answered in the oldest one, without a status line.
        assert status in (got[:60] if got.startswith(b"HTTP") else got)
        assert b"\nSet-Cookie" not in head
        assert ask(server, GET % (b"/", b"")).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "length", [b"Content-Length: %d", b"Transfer-Encoding: chunked\r\nX: %d", b"Content-Length: +%d"]
)
def test_what_a_request_brings_is_not_taken_for_the_next_one(folder: Folder, length: bytes) -> None:
    hidden = b"GET /404.html HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with serving(folder) as server:
        got = ask(server, b"GET / HTTP/1.1\r\nHost: localhost\r\n" + length % len(hidden) + b"\r\n\r\n" + hidden)
    assert got.count(b"HTTP/1.1 ") == 1
    assert b"lost" not in got


def test_a_large_file_is_sent_in_pieces(folder: Folder) -> None:
    with serving(folder) as server:
        got = ask(server, GET % (b"/film.mp4", b""))
        assert got.endswith(b"\r\n\r\n" + b"0123456789" * 100_000)
        assert ask(server, GET % (b"/film.mp4", b"Range: bytes=999995-\r\n")).endswith(b"\r\n\r\n56789")

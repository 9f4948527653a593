"""The preview's web server: a folder of sites, with the additions of a preview in each page."""

from __future__ import annotations

import hashlib
import os
import re
import socket
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import unquote, urlsplit

from builder.model.site_map import media_type_of
from builder.preview.board import Board
from builder.preview.connections import Connections, Limits
from builder.preview.gate import Answer, Gate, Request

PREFIX = "/-/"
"""The path of the preview's own files; no branch can be called that."""
_ADDED = (
    '<link rel="stylesheet" href="{0}preview.css"><script src="{0}preview.js" data-tag="{1}" defer></script></head>'
)
_OWN = ("preview.css", "preview.js", "copy.js")
_TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "xml": "application/xml; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "mp4": "video/mp4",
    "pdf": "application/pdf",
}
_MARK = re.compile(rb'data-tag="([0-9a-f]{32})"')
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})", re.ASCII)
_PULSE = 15.0
_PORTS = 100
_PIECE = 262_144
_LINGER = 5.0
_FULL = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Folder:
    """The sites as they are served: every site at its place in the folder, whatever its published address."""

    def __init__(self, root: Path, addresses: Mapping[str, str]) -> None:
        """``addresses`` maps the published addresses of sites to paths in the preview."""
        self.root = root
        longest = sorted(addresses, key=len, reverse=True)
        self._paths = {address.rstrip("/"): path.rstrip("/") for address, path in addresses.items()}
        names = "|".join(re.escape(address.rstrip("/")) for address in longest)
        self._below = {
            prefix: path.rstrip("/")
            for address, path in addresses.items()
            if (prefix := urlsplit(address).path.rstrip("/"))
        }
        self._absolute = re.compile(rf'((?:href|src|action|srcset)=")({names})(?=[/"#?])') if names else None

    def find(self, path: str) -> Path | None:
        """Returns the file at a URL path; None if there is none, or if it is not a file of the sites. Below the path of a site's
        published address, which its error pages name, are its files, too."""
        own = self._find(path)
        below = (each for each in sorted(self._below, key=len, reverse=True) if f"{path}/".startswith(f"{each}/"))
        prefix = next(below, None) if own is None else None
        return own if prefix is None else self._find(self._below[prefix] + path[len(prefix) :])

    def _find(self, path: str) -> Path | None:
        parts = [part for part in path.split("/") if part]
        if any(part.startswith(".") or "\\" in part or "\0" in part for part in parts):
            return None
        file = self.root.joinpath(*parts)
        if path.endswith("/"):
            file /= "index.html"
        try:
            # A link, to a file or to a folder above it, leads out of the sites.
            inside = file.is_file() and file.resolve() == self.root.resolve() / file.relative_to(self.root)
            return file if inside else None
        except OSError:
            # No file system has a name that long.
            return None

    def site_of(self, file: Path) -> str:
        """Returns the folder in which a file lies, which is a branch's or one of the hub's; empty for the hub itself."""
        first, *inside = file.relative_to(self.root).parts
        return first if inside else ""

    def lost(self, path: str) -> Path | None:
        """Returns the error page for a path with nothing: the branch's, else the hub's."""
        first = path.strip("/").partition("/")[0]
        return self.find(f"/{first}/404.html") or self.find("/404.html")

    def page(self, content: bytes) -> bytes:
        """Returns a page with the preview's script and style, and with links that stay in the preview."""
        text = content.decode("utf-8", "replace")
        if self._absolute is not None:
            text = self._absolute.sub(lambda match: match[1] + (self._paths[match[2]] or ""), text)
            text = re.sub(r'(href|src|action|srcset)=""', r'\1="/"', text)
        return added(text.encode())


def added(page: bytes) -> bytes:
    """Returns a page with the preview's script and style; the script gets the version of the page."""
    return page.replace(b"</head>", _ADDED.format(PREFIX, _tag(page)).encode(), 1)


def _tag(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]


class PreviewServer(ThreadingHTTPServer):
    """The HTTP server, which listens on the first free port from the requested one."""

    daemon_threads = True
    # On Windows this would let two servers have one port.
    allow_reuse_address = sys.platform != "win32"
    request_queue_size = 64

    def __init__(
        self,
        host: str,
        port: int,
        board: Board,
        folder: Folder,
        waiting: bytes,
        wechat: Callable[[str], str | None] = lambda ref: None,
        gate: Gate | None = None,
        limits: Limits | None = None,
    ) -> None:
        """``waiting`` is the page that is shown until the first build is done, ``wechat`` gives the HTML for WeChat of the entry
        at a path, None if there is none; a ``gate`` answers before the preview does. Raises OSError if no port is free."""
        self.connections = Connections(limits or Limits())
        self.board, self.folder, self.waiting, self.wechat, self.gate = board, folder, waiting, wechat, gate
        self.own = {name: (Path(__file__).parent / name).read_bytes() for name in _OWN}
        self.local = is_loopback(host)
        last: OSError | None = None
        for number in range(port, port + _PORTS if port else 1):
            try:
                super().__init__((host, number), _Handler)
                return
            except OSError as error:
                last = error
        raise last or OSError(f"no port is free from {port}")

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self.server_address[1])

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answers a connection in a thread of its own; one too many is turned away at once."""
        if self.connections.enter():
            try:
                super().process_request(request, client_address)
            except RuntimeError:
                # The system has no more threads.
                self.connections.leave()
                self.shutdown_request(request)
            return
        with suppress(OSError):
            request.setblocking(False)
            request.send(_FULL)
        self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Answers a connection, and makes room for another."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.connections.leave()

    def service_actions(self) -> None:
        """Ends connections that take too long."""
        self.connections.close_late()

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignores errors of connections that the browser has closed."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60
    """Seconds in which a piece of a request has to come, and a piece of an answer to be taken."""
    server_version = "Branchpress"
    server: PreviewServer
    _unread = 0
    """Bytes of the request that nobody has read yet."""

    def handle_one_request(self) -> None:
        self.server.connections.expect(self.connection, self.server.connections.limits.head)
        super().handle_one_request()

    def finish(self) -> None:
        try:
            super().finish()
            if self._unread:
                self._linger()
        finally:
            self.server.connections.expect(self.connection, None)

    def _linger(self) -> None:
        """Takes what is still being sent for a moment: a connection that is closed at once takes the answer with it (RFC 9112,
        9.6)."""
        self.server.connections.expect(self.connection, _LINGER)
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_WR)
            while self.connection.recv(_PIECE):
                pass

    def do_GET(self) -> None:
        self._answer_one(body=True)

    def do_HEAD(self) -> None:
        self._answer_one(body=False)

    def do_POST(self) -> None:
        self._answer_one(body=True)

    def _answer_one(self, *, body: bool) -> None:
        """Answers a request. What it sends and nobody reads must not be taken for the next one (request smuggling)."""
        self.server.connections.expect(self.connection, self.server.connections.limits.whole)
        lengths = frozenset(self.headers.get_all("Content-Length", ()))
        length = next(iter(lengths), "0").strip()
        known = len(lengths) <= 1 and length.isascii() and length.isdecimal() and len(length) < 16
        self._unread = int(length) if known and "Transfer-Encoding" not in self.headers else -1
        if len(lengths) > 1:
            self.close_connection = True
            self.send_error(HTTPStatus.BAD_REQUEST)
            return
        self._answer(body=body)
        if self._unread:
            self.close_connection = True

    def _read(self, size: int) -> bytes:
        content = self.rfile.read(size)
        self._unread -= len(content)
        return content

    def version_string(self) -> str:
        """Returns the server's name, without versions."""
        return self.server_version

    def _answer(self, *, body: bool) -> None:
        if len(self.headers.get_all("Host", [])) > 1:
            # RFC 9112, section 3.2: whoever stands between might go by the other one.
            self.close_connection = True
            self.send_error(HTTPStatus.BAD_REQUEST)
            return
        gate = self.server.gate
        if gate is not None:
            answer = gate.answer(self._request())
            if answer is not None:
                self._send_answer(answer, body=body)
                return
        elif self.command == "POST":
            self.close_connection = True
            self.send_error(HTTPStatus.METHOD_NOT_ALLOWED)
            return
        elif self.server.local and not is_loopback(_host_in(self.headers.get("Host", ""))):
            # Another site's name that leads to this machine must not read drafts (DNS rebinding).
            self.send_error(HTTPStatus.FORBIDDEN)
            return
        path = self._path
        send = partial(self._send, body=body)
        if path == f"{PREFIX}events" and body:
            self._events()
        elif path.startswith(f"{PREFIX}wechat/"):
            entry = path.removeprefix(f"{PREFIX}wechat/").strip("/")
            text = self.server.wechat(entry) if self._sight()(entry.partition("/")[0]) else None
            status = HTTPStatus.OK if text is not None else HTTPStatus.NOT_FOUND
            # Read as text by the page: it is never shown from here.
            send(status, _TYPES["txt"], (text or "").encode())
        elif path.startswith(PREFIX):
            own = self.server.own.get(path.removeprefix(PREFIX))
            kind = path.rpartition(".")[2]
            send(HTTPStatus.OK, _TYPES[kind], own) if own is not None else send(
                HTTPStatus.NOT_FOUND, _TYPES["txt"], b""
            )
        elif self.server.board.empty:
            send(HTTPStatus.SERVICE_UNAVAILABLE, _TYPES["html"], added(self.server.waiting))
        else:
            self._file(path, send, body=body)

    @property
    def _path(self) -> str:
        return unquote(self.path.partition("?")[0].partition("#")[0])

    def _request(self) -> Request:
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Request(self.command, self._path, self.path.partition("?")[2], headers, self._read)

    def _send_answer(self, answer: Answer, *, body: bool) -> None:
        self.close_connection = self.close_connection or answer.ends
        self.send_response(answer.status)
        if answer.content:
            self.send_header("Content-Type", answer.media_type)
        self.send_header("Content-Length", str(len(answer.content)))
        for name, value in answer.headers:
            self.send_header(name, value)
        if answer.ends:
            self.send_header("Connection", "close")
        self.end_headers()
        if body:
            self.wfile.write(answer.content)

    def _sight(self) -> Callable[[str], bool]:
        gate = self.server.gate
        return gate.sees(self._request()) if gate is not None else lambda site: True

    def _file(self, path: str, send: partial[None], *, body: bool) -> None:
        folder = self.server.folder
        file = folder.find(path)
        found = file or folder.find(f"{path}/")
        if found is not None and self.server.gate is not None and not self._sight()(folder.site_of(found)):
            self._send_answer(self.server.gate.withheld(self._request()), body=body)
            return
        if file is None and not path.endswith("/") and folder.find(f"{path}/") is not None:
            query = self.path.partition("?")[2]
            place = self.path.partition("?")[0] + "/"
            self.send_response(HTTPStatus.MOVED_PERMANENTLY)
            self.send_header("Location", "/" + place.lstrip("/") + (f"?{query}" if query else ""))
            self.send_header("Cache-Control", "no-store")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        status = HTTPStatus.OK if file is not None else HTTPStatus.NOT_FOUND
        file = file or folder.lost(path)
        kind = (file.suffix[1:] if file is not None else "txt").lower()
        known = media_type_of(file.name) if file is not None else ""
        media_type = f"{known}; charset=utf-8" if known else _TYPES.get(kind, "application/octet-stream")
        try:
            if file is None:
                send(status, media_type, b"")
            elif kind == "html":
                send(status, media_type, folder.page(file.read_bytes()))
            else:
                with file.open("rb") as stream:
                    self._send_pieces(status, media_type, stream, body=send.keywords["body"])
        except FileNotFoundError:
            # Taken away between the look and the reading: the next answer has the new one.
            send(HTTPStatus.NOT_FOUND, media_type, b"")

    def _send_pieces(self, status: HTTPStatus, kind: str, stream: BinaryIO, *, body: bool) -> None:
        """Sends a file, however large, in pieces."""
        found = self._head(status, kind, os.fstat(stream.fileno()).st_size)
        if body and found is not None:
            self._write(_pieces(stream, *found))
            # A file that got shorter meanwhile ends with the connection.
            self.close_connection = self.close_connection or stream.tell() < found[1]

    def _send(self, status: HTTPStatus, kind: str, content: bytes, *, body: bool) -> None:
        marked = _MARK.search(content)
        found = self._head(status, kind, len(content), (("X-Page", marked[1].decode()),) if marked else ())
        if body and found is not None:
            self._write((content[slice(*found)],))

    def _write(self, pieces: Iterable[bytes]) -> None:
        for piece in pieces:
            self.wfile.write(piece)

    def _head(
        self, status: HTTPStatus, kind: str, whole: int, more: tuple[tuple[str, str], ...] = ()
    ) -> tuple[int, int] | None:
        """Sends the head of an answer of so many bytes; returns where the part begins and ends that is wanted of them, None if
        they have no such part."""
        wanted = _RANGE.fullmatch(self.headers.get("Range", "")) if status == HTTPStatus.OK else None
        first, end = 0, whole
        if wanted is not None and any(wanted.groups()):
            # Films begin before they are there (RFC 9110, 14).
            first, end = _bounds(wanted[1], wanted[2], whole)
            if first >= end:
                self.send_response(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
                self.send_header("Content-Range", f"bytes */{whole}")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return None
            self.send_response(HTTPStatus.PARTIAL_CONTENT)
            self.send_header("Content-Range", f"bytes {first}-{end - 1}/{whole}")
        else:
            self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(end - first))
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        own = self.server.gate.headers() if self.server.gate is not None else ()
        for name, value in (*more, *own):
            self.send_header(name, value)
        self.end_headers()
        return first, end

    def _events(self) -> None:
        """Sends the state as server-sent events (WHATWG HTML, 9.2), each time that it changes."""
        self.close_connection = True
        connections = self.server.connections
        if not connections.enter_stream():
            self.send_error(HTTPStatus.SERVICE_UNAVAILABLE)
            return
        try:
            connections.expect(self.connection, None)
            self._stream()
        finally:
            connections.leave_stream()

    def _stream(self) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        count = -1
        try:
            while (news := self.server.board.after(count, _PULSE, self._sight)) is not None:
                same, (count, state) = news[0] == count, news
                self.wfile.write(b": still here\n\n" if same else f"data: {state}\n\n".encode())
                self.wfile.flush()
        except OSError:
            return

    def log_message(self, format: str, *args: object) -> None:
        """Logs nothing: the preview has its own messages."""


def _pieces(stream: BinaryIO, first: int, end: int) -> Iterator[bytes]:
    stream.seek(first)
    left = end - first
    while left > 0 and (piece := stream.read(min(_PIECE, left))):
        yield piece
        left -= len(piece)


def _bounds(first: str, last: str, length: int) -> tuple[int, int]:
    """Returns where a range of bytes begins and ends; one without a beginning counts from the end."""
    if not first:
        return max(0, length - int(last)), length
    return int(first), min(length, int(last) + 1) if last else length


def _host_in(header: str) -> str:
    """Returns the name in a Host header; empty if that is none."""
    try:
        return urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return ""


def is_loopback(host: str) -> bool:
    """Tells whether a host's name or address is this machine itself."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")

"""The check of links to other hosts: several hosts at once, but one request at a time to each, and none twice in a week.

It is never part of a build. Addresses in private networks are not requested: a text must not make the operator's machine
contact others in its network (OWASP, server-side request forgery).
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

import msgspec

from builder import __version__
from builder.audit.breach import Breach
from builder.audit.inspection.site import LinkUse
from builder.audit.run import Inventory
from builder.model.addresses import ascii_host
from builder.model.sealed import read_sealed, write_sealed

_HOSTS = 16
"""Hosts that are asked at the same time."""
_PAUSE = 1.0
"""Seconds between two questions to one host."""
_TIMEOUT, _LONGEST = 10.0, 30.0
"""Seconds until something has to come of an answer, and until all of it is there."""
_FRESH, _AGAIN = timedelta(days=7), timedelta(days=1)
"""The time for which an answer holds, and a bad one."""
_ALIVE = frozenset((401, 402, 403, 405, 406, 407, 408, 418, 423, 425, 429, 451, 503, 999))
"""Answers of hosts that are there and do not want to be asked by programs."""
_MOST_REDIRECTS = 5
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
"""IPv4 addresses as translators write them (RFC 6052)."""

Ask = Callable[[str], tuple[int, str]]
Allowed = Callable[[str], bool]
Resolve = Callable[..., Iterable[tuple[Any, ...]]]
"""As :func:`socket.getaddrinfo`."""
_PRIVATE = "not asked: an address in a private network"


class Answer(msgspec.Struct, frozen=True):
    """The answer to a request: the status (0 if nothing answered), the reason, and the time."""

    status: int
    reason: str
    checked: datetime

    @property
    def dead(self) -> bool:
        """True if the link is broken."""
        return not (200 <= self.status < 400) and self.status not in _ALIVE

    def holds(self, now: datetime) -> bool:
        """Tells whether the answer is recent enough to be used."""
        return now - (_AGAIN if self.dead else _FRESH) < self.checked <= now


class _Memory(msgspec.Struct, frozen=True):
    answers: Mapping[str, Answer] = {}
    version: int = 1


def is_public(address: str) -> bool:
    """Tells whether an IP address is on the public internet."""
    place = ipaddress.ip_address(address.partition("%")[0])
    inner: ipaddress.IPv4Address | ipaddress.IPv6Address | None = None
    if isinstance(place, ipaddress.IPv6Address):
        translated = ipaddress.IPv4Address(int(place) & 0xFFFFFFFF) if place in _TRANSLATED else None
        inner = translated or place.ipv4_mapped or place.sixtofour
    return place.is_global and not place.is_multicast and (inner is None or inner.is_global)


def connect(host: str, port: int, timeout: float, allowed: Allowed, resolve: Resolve) -> socket.socket:
    """Connects to the first address of a host that answers. What is connected to is what was looked at: a name that is
    resolved twice could lead to two places. Raises OSError, and ValueError if an address of the host is not ``allowed``."""
    places = list(dict.fromkeys(str(place[0]) for *_, place in resolve(host, port, type=socket.SOCK_STREAM)))
    if not all(map(allowed, places)):
        raise ValueError(_PRIVATE)
    failed = OSError("no address")
    for place in places:
        try:
            return socket.create_connection((place, port), timeout)
        except OSError as error:
            failed = error
    raise failed


class _Connection(http.client.HTTPConnection):
    """A connection to an address that was looked at, which is cut off after a time, however slowly the host answers."""

    def __init__(self, host: str, *, limits: _Limits, **options: Any) -> None:
        super().__init__(host, **options)
        self._limits = limits
        self._timer = threading.Timer(limits.seconds, self._cut)
        self._timer.daemon = True

    def connect(self) -> None:
        limits = self._limits
        self.sock = connect(self.host, self.port, min(_TIMEOUT, limits.seconds), limits.allowed, limits.resolve)
        self._timer.start()

    def _cut(self) -> None:
        with contextlib.suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._timer.cancel()
        super().close()


class _SafeConnection(_Connection):
    """The same with TLS."""

    default_port = http.client.HTTPS_PORT

    def connect(self) -> None:
        super().connect()
        # The timer cuts off the socket below, whatever TLS is waiting for.
        self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)


class _Limits(NamedTuple):
    """The limits of a question: which IP addresses may be connected to, how names are resolved, how many seconds it takes."""

    allowed: Allowed
    resolve: Resolve
    seconds: float


class _Handler(urllib.request.HTTPHandler, urllib.request.HTTPSHandler):
    def __init__(self, limits: _Limits) -> None:
        super().__init__()
        self._limits = limits

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(partial(_Connection, limits=self._limits), req)

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(partial(_SafeConnection, limits=self._limits), req)


class _Redirects(urllib.request.HTTPRedirectHandler):
    max_redirections = _MOST_REDIRECTS


class _CheckedRedirects(_Redirects):
    """Redirects that a proxy is asked to follow: where they lead is looked up before."""

    def __init__(self, limits: _Limits) -> None:
        self._limits = limits

    def redirect_request(self, req, fp, code, msg, headers, newurl):  # type: ignore[no-untyped-def]
        _check(newurl, self._limits)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _check(url: str, limits: _Limits) -> None:
    """Raises ValueError for an address whose host is somewhere that is not allowed, OSError for a host that there is not."""
    host = urlsplit(url).hostname or ""
    if not all(limits.allowed(str(place[0])) for *_, place in limits.resolve(host, 0, type=socket.SOCK_STREAM)):
        raise ValueError(_PRIVATE)


def ask(
    url: str,
    allowed: Allowed = is_public,
    resolve: Resolve = socket.getaddrinfo,
    seconds: float = _LONGEST,
    proxies: Mapping[str, str] | None = None,
) -> tuple[int, str]:
    """Requests an address (HEAD, then GET if that is refused). Returns the status, or 0 with the reason if nothing answered.

    ``allowed`` says of each IP address that it, or an address that it redirects to, is at whether it may be requested.
    ``proxies`` are those of the system if none are given. A proxy connects by itself: for it names are only looked up.
    """
    limits = _Limits(allowed, resolve, seconds)
    used = urllib.request.getproxies() if proxies is None else proxies
    opener = urllib.request.OpenerDirector()
    # No others: neither files nor FTP are asked for.
    for handler in (
        *((urllib.request.ProxyHandler(dict(used)), urllib.request.HTTPHandler()) if used else ()),
        *((urllib.request.HTTPSHandler(), _CheckedRedirects(limits)) if used else (_Handler(limits), _Redirects())),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    try:
        if urlsplit(url).scheme not in ("http", "https"):
            return 0, f"not asked: {urlsplit(url).scheme}"
        if used:
            _check(url, limits)
    except (OSError, ValueError) as error:
        return 0, str(error)[:100]
    status, reason = _request(opener, url, "HEAD")
    return _request(opener, url, "GET") if status in (0, 400, 403, 404, 405, 500, 501, 503) else (status, reason)


def _request(opener: urllib.request.OpenerDirector, url: str, method: str) -> tuple[int, str]:
    headers = {"User-Agent": f"Branchpress/{__version__} (link check)", "Accept": "*/*"}
    try:
        safe = quote(ascii_host(url), safe=":/?#[]@!$&'()*+,;=%~")
        with opener.open(urllib.request.Request(safe, headers=headers, method=method), timeout=_TIMEOUT) as answer:
            return answer.status, ""
    except urllib.error.HTTPError as error:
        with error:
            return error.code, f"HTTP {error.code}"
    except (OSError, ValueError, http.client.HTTPException) as error:
        return 0, str(getattr(error, "reason", error))[:100]


def external_breaches(
    inventory: Inventory,
    memory: Path | None,
    now: datetime,
    *,
    asks: Ask = ask,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Breach]:
    """Returns the broken links to other hosts. ``memory`` is the file in which answers are kept, if any."""
    own = {urlsplit(inventory.organization.url).netloc.lower()}
    links = [link for site in inventory.sites.values() for link in site.external if _host(link.target) not in own]
    known = _read_memory(memory)
    wanted = sorted({_strip_fragment(link.target) for link in links})
    fresh = {url: known[url] for url in wanted if url in known and known[url].holds(now)}
    found = fresh | _ask_all([url for url in wanted if url not in fresh], now, asks, sleep)
    _write(memory, {**known, **found})
    for link in links:
        answer = found[_strip_fragment(link.target)]
        if answer.dead:
            yield _breach(link, answer)


def _ask_all(urls: Iterable[str], now: datetime, asks: Ask, sleep: Callable[[float], None]) -> dict[str, Answer]:
    by_host: dict[str, list[str]] = {}
    for url in urls:
        by_host.setdefault(_host(url), []).append(url)

    def one_host(row: list[str]) -> list[tuple[str, Answer]]:
        answers = []
        for number, url in enumerate(row):
            if number:
                sleep(_PAUSE)
            answers.append((url, Answer(*asks(url), now)))
        return answers

    with ThreadPoolExecutor(_HOSTS) as threads:
        return dict(pair for row in threads.map(one_host, by_host.values()) for pair in row)


def _strip_fragment(target: str) -> str:
    """Returns an address without its fragment, which is never sent to a host."""
    url = target.partition("#")[0]
    return f"https:{url}" if url.startswith("//") else url


def _host(target: str) -> str:
    try:
        return urlsplit(_strip_fragment(target)).netloc.lower()
    except ValueError:
        return ""


def _breach(link: LinkUse, answer: Answer) -> Breach:
    return Breach(
        code="external-dead",
        branch=link.branch,
        path=link.path,
        line=link.line,
        column=link.column,
        arguments={"target": link.target[:200], "reason": answer.reason, "checked": answer.checked.date().isoformat()},
    )


def _read_memory(memory: Path | None) -> dict[str, Answer]:
    try:
        return dict(msgspec.json.decode(read_sealed(memory) if memory is not None else b"", type=_Memory).answers)
    except msgspec.MsgspecError:
        return {}


def _write(memory: Path | None, answers: Mapping[str, Answer]) -> None:
    if memory is not None:
        memory.parent.mkdir(parents=True, exist_ok=True)
        write_sealed(memory, msgspec.json.encode(_Memory(dict(sorted(answers.items())))))

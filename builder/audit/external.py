"""The check of links to other hosts: several hosts at once, but one request at a time to each, and none twice in a week.

It is never part of a build. Addresses in private networks are not requested: a text must not make the operator's machine
contact others in its network (OWASP, server-side request forgery).
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote, urlsplit

import msgspec

from builder import __version__
from builder.audit.breach import Breach
from builder.audit.inspection.site import LinkUse
from builder.audit.run import Inventory

_HOSTS = 16
"""Hosts that are asked at the same time."""
_PAUSE = 1.0
"""Seconds between two questions to one host."""
_TIMEOUT = 10.0
_FRESH, _AGAIN = timedelta(days=7), timedelta(days=1)
"""The time for which an answer holds, and a bad one."""
_ALIVE = frozenset((401, 402, 403, 405, 406, 407, 408, 418, 423, 425, 429, 451, 503, 999))
"""Answers of hosts that are there and do not want to be asked by programs."""
_MOST_REDIRECTS = 5

Ask = Callable[[str], tuple[int, str]]
Check = Callable[[str], None]
"""Raises ValueError or OSError for an address that is not to be requested."""


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


class _CheckedRedirects(urllib.request.HTTPRedirectHandler):
    max_redirections = _MOST_REDIRECTS

    def __init__(self, check: Check) -> None:
        self._check = check

    def redirect_request(self, req, fp, code, msg, headers, newurl):  # type: ignore[no-untyped-def]
        self._check(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def check_public(url: str) -> None:
    """Raises ValueError for an address that is not on the public internet, OSError for a host without one."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"not asked: {parts.scheme}")
    for *_, place in socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM):
        if not ipaddress.ip_address(str(place[0]).partition("%")[0]).is_global:
            raise ValueError("not asked: an address in a private network")


def ask(url: str, check: Check = check_public) -> tuple[int, str]:
    """Requests an address (HEAD, then GET if that is refused). Returns the status, or 0 with the reason if nothing answered.
    ``check`` says of the address, and of each that it redirects to, whether it may be requested."""
    status, reason = _request(url, "HEAD", check)
    return _request(url, "GET", check) if status in (0, 400, 403, 404, 405, 500, 501, 503) else (status, reason)


def _request(url: str, method: str, check: Check) -> tuple[int, str]:
    headers = {"User-Agent": f"Branchpress/{__version__} (link check)", "Accept": "*/*"}
    opener = urllib.request.build_opener(_CheckedRedirects(check))
    try:
        check(url)
        safe = quote(url, safe=":/?#[]@!$&'()*+,;=%~")
        with opener.open(urllib.request.Request(safe, headers=headers, method=method), timeout=_TIMEOUT) as answer:
            return answer.status, ""
    except urllib.error.HTTPError as error:
        with error:
            return error.code, f"HTTP {error.code}"
    except (OSError, ValueError, http.client.HTTPException, ssl.SSLError) as error:
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
        content = memory.read_bytes() if memory is not None else b""
        return dict(msgspec.json.decode(content, type=_Memory).answers)
    except (OSError, msgspec.MsgspecError):
        return {}


def _write(memory: Path | None, answers: Mapping[str, Answer]) -> None:
    if memory is None:
        return
    memory.parent.mkdir(parents=True, exist_ok=True)
    beside = memory.with_name(memory.name + ".new")
    beside.write_bytes(msgspec.json.encode(_Memory(dict(sorted(answers.items())))))
    beside.replace(memory)

"""Audits ask other hosts: which, how often, and never one in a private network."""

from __future__ import annotations

import contextlib
import gc
import json
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from conftest import NOW, SmallSite
from test_audit_links import SITE
from web import QuietHandler, serve

from builder.audit.breach import Breach
from builder.audit.external import ask, external_breaches, is_public
from builder.audit.inspection.site import Inspected, LinkUse
from builder.audit.run import Inventory, audit
from builder.model.published import LiveSite
from builder.model.sealed import read_sealed
from builder.model.values import Organization
from builder.workers import SerialExecutor


class Host(QuietHandler):
    """A host with one page that is there, one that is not, one that wants GET, and one that sends people on."""

    asked: list[str] = []  # noqa: RUF012

    def do_HEAD(self) -> None:  # noqa: N802
        self.asked.append(f"{self.command} {self.path}")
        if self.path.startswith("/head/") and self.command == "HEAD":
            # Nothing is said at all, or a status that GET does not have.
            if self.path != "/head/0":
                self.send_response(int(self.path[6:]))
                self.end_headers()
            return
        status = {"/there": 200, "/moved": 302, "/get": 405 if self.command == "HEAD" else 200, "/shy": 403}
        self.send_response(302 if self.path.startswith("/to?") else status.get(self.path, 404))
        if self.path == "/moved":
            self.send_header("Location", "/there")
        if self.path.startswith("/to?"):
            self.send_header("Location", self.path[4:])
        self.end_headers()

    do_GET = do_HEAD  # noqa: N815


@pytest.fixture
def host() -> Iterator[str]:
    """A host on this machine."""
    Host.asked.clear()
    with serve(ThreadingHTTPServer(("127.0.0.1", 0), Host)) as address:
        yield address


@pytest.mark.parametrize("status", [0, 400, 401, 403, 404, 405, 410, 429, 500, 501, 502, 503])
def test_who_does_not_want_to_be_asked_for_the_head_alone_is_asked_again(host: str, status: int) -> None:
    asked = ask(f"{host}/head/{status}", lambda address: True, proxies={})[0]
    # 404 is what the host says of all such addresses to GET.
    again = status in (0, 400, 403, 404, 405, 500, 501, 503)
    assert (asked, len(Host.asked)) == ((404, 2) if again else (status, 1))


def external(
    site: SmallSite, memory: Path, now: str = NOW, allowed: Callable[[str], bool] = is_public
) -> list[tuple[str, str]]:
    """Target and reason of links to other hosts that lead nowhere; no pause is waited for."""
    rows: list[tuple[str, str]] = []
    moment = datetime.fromisoformat(now)
    with SerialExecutor() as executor:
        audit(
            site.root,
            moment,
            executor,
            more=[
                lambda inventory: (
                    rows.extend(
                        (one.arguments["target"], one.arguments["reason"])
                        for one in external_breaches(
                            inventory,
                            memory,
                            moment,
                            asks=partial(ask, allowed=allowed, proxies={}),
                            sleep=lambda _: None,
                        )
                    )
                    or ()
                )
            ],
        )
    return rows


def test_other_hosts_are_asked_once_a_week_and_what_is_dead_once_a_day(
    make_site: Callable[[str], SmallSite], host: str, tmp_path: Path
) -> None:
    site = make_site(SITE).write(
        f"--- content/alpha/news/2026-11-22-x.md\n---\ntitle: 外\n---\n[一]({host}/there#part) [二]({host}/gone)\n"
        f"[三]({host}/moved) [四]({host}/get) [五]({host}/shy) [又一]({host}/there)\n"
    )
    memory = tmp_path / "external.json"
    asked = partial(external, site, memory, allowed=lambda address: True)
    assert asked() == [(f"{host}/gone", "HTTP 404")]
    assert Host.asked.count("HEAD /there") == 1, "though two links lead there"
    Host.asked.clear()
    assert asked() == [(f"{host}/gone", "HTTP 404")]
    assert Host.asked == [], "nothing is asked twice in a day"
    later = datetime.fromisoformat(NOW) + timedelta(days=2)
    asked(later.isoformat())
    assert Host.asked == ["HEAD /gone", "GET /gone"]
    assert json.loads(read_sealed(memory))["answers"][f"{host}/there"]["status"] == 200


def inventory_of(*targets: str) -> Inventory:
    """An organization with one text that has these links."""
    organization = Organization(name="O", url="https://example.org/party/", authority="example.org")
    links = tuple(
        LinkUse("content/a/news/x.md", "link", target, line, 1, "a") for line, target in enumerate(targets, 1)
    )
    return Inventory(organization, {"a": Inspected(LiveSite("a"), external=links)})


def test_what_was_asked_is_remembered_with_what_is_not_asked_any_more(tmp_path: Path) -> None:
    memory, moment = tmp_path / "state" / "external.json", datetime.fromisoformat(NOW)
    asked: list[str] = []

    def asks(url: str) -> tuple[int, str]:
        asked.append(url)
        return (404, "gone") if "gone" in url else (200, "")

    def look(*targets: str, days: int = 0) -> list[tuple[int | None, str]]:
        asked.clear()
        inventory, then = inventory_of(*targets), moment + timedelta(days=days)
        found = external_breaches(inventory, memory, then, asks=asks, sleep=lambda _: None)
        return [(one.line, one.arguments["target"], one.arguments["checked"]) for one in found]

    first = look(
        "https://A.example/x#one", "//a.example/gone", "https://example.org/party/none/", "https://a.example/x#two"
    )
    assert first == [(2, "//a.example/gone", "2026-11-23")]
    assert asked == ["https://A.example/x", "https://a.example/gone", "https://a.example/x"]
    assert (look("https://b.example/"), asked) == ([], ["https://b.example/"])
    assert (look("https://a.example/x", "//a.example/gone"), asked) == ([(2, "//a.example/gone", "2026-11-23")], [])
    look("https://a.example/x", "//a.example/gone", days=1)
    assert asked == ["https://a.example/gone"], "what is dead is asked once a day"
    memory.write_bytes(b"{")
    look("https://a.example/x", days=1)
    assert asked == ["https://a.example/x"], "what cannot be read back is asked again"
    assert len(look(f"https://a.example/gone{'x' * 300}")[0][1]) == 200


def test_sixteen_hosts_are_asked_at_the_same_time() -> None:
    lock, all_there = threading.Lock(), threading.Event()
    running, most = [0], [0]

    def asks(url: str) -> tuple[int, str]:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
            if running[0] == 16:
                all_there.set()
        all_there.wait(20)
        time.sleep(0.01)
        with lock:
            running[0] -= 1
        return 200, ""

    inventory = inventory_of(*(f"https://{number}.example/" for number in range(40)))
    assert list(external_breaches(inventory, None, datetime.fromisoformat(NOW), asks=asks)) == []
    assert most == [16]


@pytest.mark.parametrize(("steps", "status"), [(5, 200), (6, 302)])
def test_who_is_sent_on_too_often_gives_up(host: str, steps: int, status: int) -> None:
    assert ask(f"{host}{'/to?' * steps}/there", lambda address: True, proxies={})[0] == status


def test_each_host_has_a_moment_between_two_questions(make_site: Callable[[str], SmallSite]) -> None:
    links = "".join(
        f"[{name}](https://{name})\n" for name in ("a.example/1", "a.example/2", "a.example/3#x", "b.example/")
    )
    site = make_site(SITE).write(f"--- content/alpha/news/2026-11-22-x.md\n---\ntitle: 外\n---\n{links}")
    asked: list[str] = []
    waited: list[float] = []

    def asks(url: str) -> tuple[int, str]:
        asked.append(url)
        return 429, "HTTP 429"

    moment = datetime.fromisoformat(NOW)

    def look(inventory: Inventory) -> Iterator[Breach]:
        return external_breaches(inventory, None, moment, asks=asks, sleep=waited.append)

    with SerialExecutor() as executor:
        found = audit(site.root, moment, executor, more=[look])
    assert sorted(asked) == [f"https://{name}" for name in ("a.example/1", "a.example/2", "a.example/3", "b.example/")]
    assert waited == [1.0, 1.0], "two pauses for three questions to one host, none for the other"
    assert not any(one.code == "external-dead" for one in found.findings), "a host that is busy is there"


def test_nothing_in_a_private_network_is_asked(
    make_site: Callable[[str], SmallSite], host: str, tmp_path: Path
) -> None:
    site = make_site(SITE).write(
        f"--- content/alpha/news/2026-11-22-x.md\n---\ntitle: 外\n---\n[内]({host}/there) [元](http://169.254.169.254/x)\n"
    )
    reasons = {reason for _, reason in external(site, tmp_path / "memory.json")}
    assert reasons == {"not asked: an address in a private network"}
    assert Host.asked == []


@pytest.mark.parametrize(
    "inward", ["{other}/there", "http://169.254.169.254/latest", "http://127.0.0.1/x", "//10.0.0.1/x"]
)
def test_a_redirect_into_a_private_network_is_not_followed(host: str, inward: str) -> None:
    """The first host stands for one on the internet; where it sends the audit is looked at as the link was."""

    class Inner(Host):
        asked: list[str] = []  # noqa: RUF012

    asked: list[str] = []

    def allowed(address: str) -> bool:
        asked.append(address)
        return len(asked) == 1 or is_public(address)

    with serve(ThreadingHTTPServer(("127.0.0.1", 0), Inner)) as other:
        link = f"{host}/to?{inward.format(other=other)}"
        assert ask(link, allowed, proxies={}, seconds=60) == (0, "not asked: an address in a private network")
    assert Inner.asked == []
    assert len(asked) >= 2


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:10.0.0.1",
        "2002:7f00:1::1",
        "64:ff9b::7f00:1",
    ],
)
def test_addresses_that_are_not_on_the_internet(address: str) -> None:
    assert not is_public(address)
    assert is_public("8.8.8.8")
    assert is_public("2606:4700:4700::1111")


def test_a_name_is_resolved_once_and_all_its_addresses_are_looked_at(host: str) -> None:
    """The owner of a name could lead the question elsewhere than what was looked at (DNS rebinding)."""
    asked: list[str] = []
    port = int(host.rpartition(":")[2])

    def resolve(name: str, port: int, **_: object) -> list[tuple[object, ...]]:
        asked.append(name)
        places = {"good.example": ["127.0.0.1"], "both.example": ["127.0.0.1", "10.0.0.1"]}[name]
        return [(None, None, None, "", (place, port)) for place in places]

    def only_here(address: str) -> bool:
        return address == "127.0.0.1"

    assert ask(f"http://good.example:{port}/there", only_here, resolve, proxies={}) == (200, "")
    assert asked == ["good.example"]
    told = ask(f"http://both.example:{port}/there", only_here, resolve, proxies={})
    assert told == (0, "not asked: an address in a private network")
    assert Host.asked == ["HEAD /there"]


def test_a_host_that_answers_letter_by_letter_is_given_up() -> None:
    class Slow(QuietHandler):
        def do_HEAD(self) -> None:  # noqa: N802
            with contextlib.suppress(OSError):
                for _ in range(10_000):
                    self.wfile.write(b"X")
                    time.sleep(0.02)

        do_GET = do_HEAD  # noqa: N815

    with serve(ThreadingHTTPServer(("127.0.0.1", 0), Slow)) as address, warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", ResourceWarning)
        status, reason = ask(address, lambda _: True, proxies={}, seconds=0.3)
        gc.collect()
    assert status == 0
    assert reason
    port = urlsplit(address).port
    assert [each for each in told if f"raddr=('127.0.0.1', {port})" in str(each.message)] == [], "it is closed"


@pytest.mark.parametrize("url", ["ftp://example.org/", "file:///etc/passwd", "http:///x", "http://[::1", "//x"])
def test_only_web_addresses_are_asked(url: str) -> None:
    assert ask(url, lambda _: True, proxies={})[0] == 0


def test_a_proxy_is_not_led_into_a_private_network() -> None:
    assert ask("http://10.0.0.1/x", proxies={"http": "http://127.0.0.1:9"}) == (
        0,
        "not asked: an address in a private network",
    )

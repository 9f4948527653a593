"""What an audit asks of built pages, of other hosts, and of the repository's history."""

from __future__ import annotations

import contextlib
import gc
import json
import subprocess
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
from web import QuietHandler, serve

from builder.audit.breach import Breach
from builder.audit.external import ask, external_breaches, is_public
from builder.audit.history import HistoryError, changes_since
from builder.audit.inspection.markup import bare, bound, ids_of, parsed_targets, targets_of
from builder.audit.inspection.site import Inspected, LinkUse
from builder.audit.run import Audit, Inventory, audit
from builder.cli.commands import main
from builder.model.published import LiveSite
from builder.model.sealed import read_sealed
from builder.model.values import Organization
from builder.store import Store
from builder.workers import SerialExecutor

SITE = """
--- mkdocs.yml
theme: {name: material}
--- content/organization.yml
name: 示范
url: https://example.org/party/
markdown: {raw_html: allow}
sections: {news: {title: 动态}, voices: {title: 感言, type: voice}}
--- content/alpha/branch.yml
name: 甲支部
--- content/alpha/news/2026-11-20-a.md
---
title: 一
tags: [共同]
---
# 一
## 小标题
[下面](#小标题)，[乙](../../beta/news/2026-11-21-b.md)。
--- content/alpha/voices/2026-11-19-v.yml
text: 很好。
--- content/beta/branch.yml
name: 乙支部
parent: alpha
--- content/beta/news/2026-11-21-b.md
---
title: 二
---
正文。
"""
LINKS = ("link-dead", "anchor-dead", "picture-dead", "attachment-dead")


def audited(site: SmallSite, now: str = NOW) -> Audit:
    """An audit with the built pages."""
    with SerialExecutor() as executor:
        return audit(
            site.root,
            datetime.fromisoformat(now),
            executor,
            store=Store(site.root / ".branchpress", site.output),
            output=site.output,
        )


def dead(found: Audit) -> list[tuple[str, str, str]]:
    """Rule, place and target of what leads nowhere in built pages."""
    return [
        (one.code, one.path, one.arguments["target"])
        for one in found.findings
        if one.code in LINKS and one.path.startswith("sites/")
    ]


@pytest.mark.slow
def test_nothing_that_is_built_leads_nowhere(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(SITE)
    site.build()
    assert dead(audited(site)) == []
    assert dead(audited(site)) == [], "nor the second time, when it is remembered"


def put(site: SmallSite, page: str, html: str) -> None:
    """Puts HTML into a built page, as a theme would."""
    file = site.output / page
    text = file.read_text("utf-8")
    assert "</main>" in text
    file.write_text(text.replace("</main>", f"{html}\n</main>"), "utf-8")


def test_what_a_theme_writes_is_looked_at_too(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(SITE)
    site.build()
    put(
        site,
        "alpha/news/2026-11-20-a/index.html",
        "<p><a href='/party/nowhere/'>一</a> <A HREF=\"/party/alpha/#none\">二</A> <a href=/party/a.pdf>三</a></p>\n"
        '<p><a href="https://example.org/party/beta/none/">四</a> <a href="/elsewhere/">不归我们</a> <img src="x.png"></p>',
    )
    page = "sites/alpha/news/2026-11-20-a/index.html"
    assert sorted(dead(audited(site))) == [
        ("anchor-dead", page, "/party/alpha/#none"),
        ("attachment-dead", page, "/party/a.pdf"),
        ("link-dead", page, "/party/nowhere/"),
        ("link-dead", page, "https://example.org/party/beta/none/"),
        ("picture-dead", page, "x.png"),
    ]


def test_a_path_means_what_it_does_where_it_stands(make_site: Callable[[str], SmallSite]) -> None:
    """Not what the same words would mean at the top."""
    site = make_site(SITE + "--- content/hub/about.md\n---\ntitle: 关于\n---\n正文。\n")
    site.build()
    put(site, "alpha/news/2026-11-20-a/index.html", '<a href="about/">关于</a> <a href="../../../about/">关于</a>')
    assert [target for _, _, target in dead(audited(site))] == ["about/"]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<script>\nx = '<a href=\"no/\">';\n</script>", []),
        ('<script>x = \'<a href="no/">\'</script><a href="there/">无</a>', ["there/"]),
        ("<style>\na::after { content: 'href=\"no/\"' }\n</style>", []),
        ('<!--\n<a href="no/">\n-->', []),
        ('<!-- >\n<a href="no/">\n-->', []),
        ("<a\nhref='there/'\n>无</a>", ["there/"]),
        ('<a class="x"\n  href="there/">无</a>', ["there/"]),
        ("<a href\n=\n'there/'>无</a>", ["there/"]),
        (
            '<img alt="" src="/party/assets/none.png" srcset="/party/assets/none.png 1x, y.png 2x">',
            ["/party/assets/none.png", "y.png"],
        ),
    ],
)
@pytest.mark.slow
def test_what_goes_on_over_lines_is_followed_too(
    make_site: Callable[[str], SmallSite], html: str, expected: list[str]
) -> None:
    site = make_site(SITE)
    site.build()
    for page in ("alpha/news/2026-11-20-a/index.html", "alpha/tags/共同/index.html"):
        put(site, page, html)
    told = [one for one in audited(site).findings if one.code in LINKS and one.path.startswith("sites/alpha/")]
    assert sorted({one.arguments["target"] for one in told}) == sorted(expected)


def test_a_file_that_was_taken_away_is_missed_wherever_it_is_named(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(SITE)
    site.build()
    assert dead(audited(site)) == []
    (site.output / "beta/news/2026-11-21-b/index.html").unlink()
    rows = [one for one in audited(site).findings if one.path.startswith("sites/alpha/")]
    assert {one.arguments["target"].split("/")[-2] for one in rows} == {"2026-11-21-b"}
    assert len(rows) == 1
    assert int(rows[0].arguments["pages"]) > 1, "told once, with the number of pages"


def test_a_branch_with_an_address_of_its_own_is_followed_there(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(SITE).write("--- content/beta/branch.yml\nname: 乙支部\nurl: https://beta.example.net/\n")
    site.build()
    assert dead(audited(site)) == []
    put(
        site,
        "beta/news/2026-11-21-b/index.html",
        '<a href="/news/">自己的</a> <a href="/none/">没有</a> <a href="https://example.org/party/alpha/">甲</a>',
    )
    assert dead(audited(site)) == [("link-dead", "sites/beta/news/2026-11-21-b/index.html", "/none/")]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<a href="x/">', {"x/"}),
        ("<a href='x/'>", {"x/"}),
        ("<a href=x/>", {"x/"}),
        ('<A\nHREF = "x/">', {"x/"}),
        ('<img src="a.png" srcset="a.png 1x, b.png 2x">', {"a.png", "b.png"}),
        ('<!-- <a href="no/"> --><a href="x/">', {"x/"}),
        ("<pre>&lt;a href=&quot;no/&quot;&gt;</pre>", set()),
        ('<script>x = \'<a href="no/">\'</script><a href="x/">', {"x/"}),
        ('<object data="a.pdf"></object><div data="no"></div>', {"a.pdf"}),
        ('<video poster="p.jpg"></video>', {"p.jpg"}),
    ],
)
def test_addresses_are_found_however_they_are_written(html: str, expected: set[str]) -> None:
    content = html.encode()
    body = bare(content)
    found = {each.decode() for each in targets_of(body) or parsed_targets(content)}
    assert found - ({"no"} if "data=" in html else set()) == expected


def test_ids_of_a_page() -> None:
    assert ids_of(b'<p id="a&amp;b"><i id=c><a name="d">') == {"a&b", "c", "d"}


def test_a_line_is_the_same_on_all_pages_if_its_links_start_high_enough() -> None:
    page = [
        b'<a href="../../x/">',
        b'<a href="../x/">',
        b"<p>",
        b'<a href="x/"><a href="../../y/">',
        b'<a href="https://example.org/">',
        b'<img src="../../a.png" srcset="../../a.png 1x, b.png 2x">',
    ]
    assert set(bound(b"\n".join(page), 2)) == {page[1], page[3], page[5]}


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


def git(site: SmallSite, *arguments: str, when: str = "2026-11-01T12:00:00+08:00") -> None:
    """Runs Git in a site, as somebody at some time."""
    names = {f"GIT_{who}_{what}": "a@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    dates = {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when, "PATH": "/usr/bin:/bin", "HOME": "/nonexistent"}
    subprocess.run(["git", "-C", str(site.root), *arguments], check=True, capture_output=True, env=names | dates)


def kept(site: SmallSite, when: str) -> None:
    """Commits everything."""
    git(site, "add", "content", "mkdocs.yml")
    git(site, "commit", "-qm", "x", when=when)


def test_since_a_revision_it_says_what_is_new_and_what_is_gone(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(SITE).write("--- content/alpha/news/2026-11-20-a.md\n---\ntitle: 一\nauthor: 某\n---\n正文。\n")
    git(site, "init", "-q", "-b", "main")
    kept(site, "2026-11-21T12:00:00+08:00")
    site.write("--- content/alpha/news/2026-11-20-a.md\n---\ntitle: 一\nauthor: 某\nsummary: 有了。\n---\n正文。\n")
    site.write("--- content/beta/news/2026-11-22-c.md\n---\ntitle: 三\nsummary: 三。\n---\n正文。\n")
    with SerialExecutor() as executor:
        now = audit(site.root, datetime.fromisoformat(NOW), executor)
        changes = changes_since(site.root, "HEAD", now, executor)
    assert [(one.code, one.path) for one in changes.gone] == [("summary-missing", "content/alpha/news/2026-11-20-a.md")]
    assert [(one.code, one.path) for one in changes.new] == [("source-missing", "content/beta/news/2026-11-22-c.md")]
    assert changes.then.isoformat() == "2026-11-21T12:00:00+08:00"


def test_what_only_the_present_was_asked_about_is_not_called_new(make_site: Callable[[str], SmallSite]) -> None:
    """Nobody asks other hosts about links of long ago."""
    site = make_site(SITE).write(
        "--- content/alpha/news/2026-11-22-x.md\n---\ntitle: 外\nauthor: 某\nsummary: 外。\n---\n[外](https://gone.example/)\n"
    )
    git(site, "init", "-q", "-b", "main")
    kept(site, "2026-11-22T12:00:00+08:00")
    moment = datetime.fromisoformat(NOW)

    def look(inventory: Inventory) -> Iterator[Breach]:
        return external_breaches(inventory, None, moment, asks=lambda _: (404, "HTTP 404"))

    with SerialExecutor() as executor:
        now = audit(site.root, moment, executor, more=[look])
        changes = changes_since(site.root, "HEAD", now, executor)
    assert "external-dead" in {one.code for one in now.findings}
    assert (changes.new, changes.gone) == ((), ())


def test_what_became_stale_by_time_alone_is_new_too(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(SITE)
    git(site, "init", "-q", "-b", "main")
    kept(site, "2026-11-23T12:00:00+08:00")
    with SerialExecutor() as executor:
        now = audit(site.root, datetime.fromisoformat("2027-03-01T09:00+08:00"), executor)
        changes = changes_since(site.root, "HEAD", now, executor)
        early = audit(site.root, datetime.fromisoformat("2026-11-22T09:00+08:00"), executor)
        backwards = changes_since(site.root, "HEAD", early, executor)
    assert {one.branch for one in changes.new if one.code == "site-asleep"} == {"alpha", "beta"}
    assert backwards.then == early.now, "a revision that is later than the audit is audited as of then, too"


def test_a_date_long_before_the_file_came_in_is_advice(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(SITE)
    git(site, "init", "-q", "-b", "main")
    kept(site, "2026-11-21T12:00:00+08:00")
    site.write("--- content/beta/news/2026-06-01-old.md\n---\ntitle: 旧\n---\n正文。\n")
    site.write("--- content/beta/news/2026-11-01-new.md\n---\ntitle: 新\n---\n正文。\n")
    site.write("--- content/beta/news/2026-06-02-again.md\n---\ntitle: 又\n---\n正文。\n")
    git(site, "mv", "content/alpha/news/2026-11-20-a.md", "content/alpha/news/2026-01-20-moved.md")
    kept(site, "2026-11-22T12:00:00+08:00")
    # What came in twice came in the first time, whatever the clock of who brought it said.
    for name, when in (
        ("2026-06-01-old", "2026-11-23T08:00:00+08:00"),
        ("2026-06-02-again", "2026-11-21T13:00:00+08:00"),
    ):
        git(site, "rm", "-q", "--cached", f"content/beta/news/{name}.md")
        git(site, "commit", "-qm", "x", when=when)
        kept(site, when)
    command = ["audit", "--root", str(site.root), "--now", NOW, "--format", "json", "--jobs", "1", "--since", "HEAD~5"]
    text = run(command)
    rows = [one for one in json.loads(text)["findings"] if one["rule"] == "date-before-history"]
    assert [(one["path"], one["severity"], one["measure"]) for one in rows] == [
        ("content/beta/news/2026-06-01-old.md", "advice", 174),
        ("content/beta/news/2026-06-02-again.md", "advice", 172),
    ]


@pytest.mark.parametrize(
    ("said", "reason"), [("warning: a\nfatal: b", "fatal: b"), ("", "git show"), (None, "Permission denied")]
)
def test_the_last_thing_that_git_says_is_why_a_history_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str | None, reason: str
) -> None:
    """It finds the revision here, and then nothing more; or it cannot even be called."""
    program = tmp_path / "git"
    program.write_text(f"#!/bin/sh\ncase $* in *rev-parse*) exit 0;; esac\nprintf '{said}' >&2\nexit 1\n")
    program.chmod(0o755 if said is not None else 0o644)
    monkeypatch.setenv("PATH", str(tmp_path))
    organization = Organization(name="O", url="https://example.org/", authority="example.org")
    now = Audit(datetime.fromisoformat(NOW), organization, (), (), {}, {}, (), looked=False)
    with pytest.raises(HistoryError, match=reason), SerialExecutor() as executor:
        changes_since(tmp_path, "HEAD", now, executor)


def run(command: list[str]) -> str:
    """What a command prints."""
    import contextlib
    import io

    with contextlib.redirect_stdout(io.StringIO()) as out:
        main(command)
    return out.getvalue()


def test_without_a_history_one_sentence_says_so(
    make_site: Callable[[str], SmallSite], capsys: pytest.CaptureFixture[str]
) -> None:
    site = make_site(SITE)
    command = ["audit", "--root", str(site.root), "--now", NOW, "--jobs", "1", "--since"]
    assert main([*command, "HEAD"]) == 2
    git(site, "init", "-q", "-b", "main")
    kept(site, "2026-11-21T12:00:00+08:00")
    assert main([*command, "no-such-thing"]) == 2
    said = capsys.readouterr().err
    assert "不在 Git 仓库里，没有历史可查。" in said
    assert "仓库的历史里没有“no-such-thing”这个版本。" in said

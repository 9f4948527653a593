"""WebSub: hubs are told of what has changed, and of nothing else, by a hub of our own on this machine."""

from __future__ import annotations

import http.server
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs

import pytest
from conftest import NOW, ORGANIZATION, TWO_BRANCHES, SmallSite
from web import QuietHandler, serve

from builder.cli.commands import main
from builder.content import read_organization
from builder.digest import groups
from builder.store import Store
from builder.store.websub import HubResult, ping, post

pytestmark = pytest.mark.slow

NEW = "--- content/beta/news/2026-11-22-new.md\n---\ntitle: 新消息\n---\n文\n"
CHANGED = sorted(
    f"https://example.org/{path}{name}"
    for path in ("", "alpha/all/", "beta/", "beta/all/", "beta/news/", "feeds/news/")
    for name in ("atom.xml", "feed.json", "feed.xml")
)


class Hub(http.server.ThreadingHTTPServer):
    """A hub that notes what it is told; ``answers`` are the statuses it gives first, then 204."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.told: list[str] = []
        self.bodies: list[dict[str, list[str]]] = []
        self.answers: list[tuple[int, str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class _Handler(QuietHandler):
    server: Hub

    def do_POST(self) -> None:  # noqa: N802
        body = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        status, patience = self.server.answers.pop(0) if self.server.answers else (204, "")
        if status < 300:
            self.server.told += body["hub.url"]
        self.server.bodies.append(body)
        self.send_response(status)
        if patience:
            self.send_header("Retry-After", patience)
        self.send_header("Content-Length", "0")
        self.end_headers()


@pytest.fixture
def hub() -> Iterator[Hub]:
    hub = Hub()
    with serve(hub):
        yield hub


@pytest.fixture
def published(site: SmallSite, hub: Hub) -> SmallSite:
    """Two branches, built, of which the hub has been told."""
    site.write(ORGANIZATION + f"feeds: {{websub: {hub.url}}}\n").build()
    tell(site)
    hub.told.clear()
    hub.bodies.clear()
    return site


def tell(site: SmallSite, waits: list[float] | None = None) -> tuple[HubResult, ...]:
    organization, _ = read_organization(site.root)
    assert organization is not None
    return ping(
        organization, Store(site.root / ".branchpress", site.output), (waits if waits is not None else []).append
    )


def test_every_feed_names_the_hub_and_itself(published: SmallSite, hub: Hub) -> None:
    for path in ("feed.xml", "beta/news/feed.xml"):
        assert f'<atom:link rel="hub" href="{hub.url}"/>' in published.page(path)
        assert f'<atom:link href="https://example.org/{path}" rel="self"' in published.page(path)
    assert f'<link href="{hub.url}" rel="hub"/>' in published.page("beta/atom.xml")
    assert f'"url": "{hub.url}"' in published.page("alpha/feed.json")


def test_the_first_time_the_hub_is_told_of_every_feed(site: SmallSite, hub: Hub) -> None:
    site.write(ORGANIZATION + f"feeds: {{websub: {hub.url}}}\n").build()
    (told,) = tell(site)
    feeds = [path for path in site.files() if path.rpartition("/")[2] in ("feed.xml", "atom.xml", "feed.json")]
    assert sorted(hub.told) == sorted(f"https://example.org/{path}" for path in feeds)
    assert told == HubResult(hub.url, tuple(sorted(hub.told)))


def test_a_hub_is_told_of_the_feeds_that_changed(published: SmallSite, hub: Hub) -> None:
    published.write(NEW).build()
    (told,) = tell(published)
    assert list(told.taken) == sorted(hub.told) == CHANGED
    assert hub.bodies[0] == {"hub.mode": ["publish"], "hub.url": [CHANGED[0]], "hub.topic": [CHANGED[0]]}


def test_a_file_that_is_only_called_like_a_feed_is_none(published: SmallSite, hub: Hub) -> None:
    text = "--- content/beta/news/2026-11-22-new/index.md\n---\ntitle: 新消息\n---\n[数据](feed.json)\n"
    published.write(text + "--- content/beta/news/2026-11-22-new/feed.json\n{}\n").build()
    assert published.exists("beta/news/2026-11-22-new/feed.json")
    tell(published)
    assert sorted(hub.told) == CHANGED


def test_nothing_new_is_nothing_to_tell(published: SmallSite, hub: Hub) -> None:
    published.build(clean=True)
    assert tell(published) == (HubResult(hub.url),)
    assert hub.bodies == []


def test_a_busy_hub_is_asked_again_and_given_the_time_it_asks_for(published: SmallSite, hub: Hub) -> None:
    published.write(NEW).build()
    hub.answers = [(503, ""), (429, "7"), (500, "9999")]
    waits: list[float] = []
    organization, _ = read_organization(published.root)
    assert organization is not None
    (told,) = ping(organization, Store(published.root / ".branchpress", published.output), waits.append)
    assert waits == [1.0, 7.0, 60.0]
    assert list(told.taken) == CHANGED


def test_a_hub_is_asked_again_where_a_moment_may_help(published: SmallSite, hub: Hub) -> None:
    """It was too slow, was asked too early or too often, or has a fault of its own; not what it will never take."""
    answers = {}
    for status in (408, 425, 429, 500, 599, 400, 403, 404, 410, 499):
        forget(published)
        hub.answers, waits = [(status, "")], list[float]()
        (told,) = tell(published, waits)
        answers[status] = (waits, len(told.refused), told.reason)
    assert answers == {
        **dict.fromkeys((408, 425, 429, 500, 599), ([1.0], 0, "")),
        **{status: ([], 1, f"HTTP {status}") for status in (400, 403, 404, 410, 499)},
    }


def forget(site: SmallSite) -> None:
    """Loses what the hub was told."""
    (state,) = (site.root / ".branchpress").glob("*/pings.json")
    state.write_text("{", encoding="utf-8")


def test_what_a_hub_refuses_it_is_told_of_again_the_next_time(published: SmallSite, hub: Hub) -> None:
    published.write(NEW).build()
    hub.answers = [(400, "")]
    (told,) = tell(published)
    assert (told.refused, told.reason) == ((CHANGED[0],), "HTTP 400")
    hub.told.clear()
    (told,) = tell(published)
    assert (list(told.taken), hub.told) == (CHANGED[:1], CHANGED[:1])


def test_refusals_here_and_there_are_no_reason_to_give_up(published: SmallSite, hub: Hub) -> None:
    published.write(NEW).build()
    hub.answers = [(400, ""), (204, "")] * len(CHANGED)
    (told,) = tell(published)
    assert list(told.refused) == CHANGED[::2]
    assert list(told.taken) == CHANGED[1::2]


def test_after_an_interruption_other_hubs_need_not_be_told_again(site: SmallSite, hub: Hub) -> None:
    """Somebody presses Ctrl+C while the first hub is waited for: what the second has taken before is known still."""
    first, second = f"{hub.url}first", f"{hub.url}second"
    site.write(ORGANIZATION + f"feeds: {{websub: [{first}, {second}]}}\n").build()
    assert [told.refused for told in tell(site)] == [(), ()]
    site.write(NEW).build()
    hub.answers = [(503, "")]

    def interrupt(_: float) -> None:
        raise KeyboardInterrupt

    organization, _ = read_organization(site.root)
    assert organization is not None
    with pytest.raises(KeyboardInterrupt):
        ping(organization, Store(site.root / ".branchpress", site.output), interrupt)
    assert [(told.hub, list(told.taken)) for told in tell(site)] == [(first, CHANGED), (second, CHANGED)]


def test_a_hub_that_is_down_is_left_alone_and_holds_up_no_build(published: SmallSite, hub: Hub) -> None:
    hub.shutdown()
    hub.server_close()
    assert published.write(NEW).build().sites["beta"] == "built"
    (told,) = tell(published)
    assert told.taken == ()
    assert list(told.refused) == CHANGED
    assert "refused" in told.reason


@pytest.mark.parametrize("damage", ["gone", "cut", "flipped", "a folder"])
def test_a_lost_state_tells_everything_once_more(published: SmallSite, hub: Hub, damage: str) -> None:
    (state,) = (published.root / ".branchpress").glob("*/pings.json")
    content = state.read_bytes()
    state.unlink()
    if damage == "cut":
        state.write_bytes(content[:-9])
    elif damage == "flipped":
        place = content.index(b'"told":{') + 30
        state.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
    elif damage == "a folder":
        state.mkdir()
    tell(published)
    assert "https://example.org/feed.xml" in hub.told
    hub.told.clear()
    tell(published)
    assert hub.told == []


def test_an_address_that_is_none_is_a_reason_not_a_crash() -> None:
    assert post("nonsense", b"")[0] == 0
    status, reason = post("http://127.0.0.1:1/", b"")
    assert (status, "urlopen" in reason) == (0, False)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("send", [post, groups.post])
def test_who_is_told_leads_nobody_elsewhere(
    hub: Hub, status: int, send: Callable[[str, bytes], tuple[int, object]]
) -> None:
    class Away(QuietHandler):
        def do_POST(self) -> None:  # noqa: N802
            self.send_response(status)
            self.send_header("Location", hub.url)
            self.send_header("Content-Length", "0")
            self.end_headers()

    with serve(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Away)) as address:
        assert send(address, b"hub.mode=publish")[0] == status
    assert hub.bodies == []


class TestCommand:
    def run(self, site: SmallSite) -> int:
        return main(["ping", "--root", str(site.root)])

    def test_it_prints_what_was_told(self, published: SmallSite, capsys: pytest.CaptureFixture[str]) -> None:
        published.write(NEW).build()
        assert self.run(published) == 0
        assert capsys.readouterr().out.splitlines() == CHANGED

    def test_a_refusal_shows_in_the_exit_status(
        self, published: SmallSite, hub: Hub, capsys: pytest.CaptureFixture[str]
    ) -> None:
        published.write(NEW).build()
        hub.answers = [(403, "")]
        assert self.run(published) == 1
        assert "HTTP 403" in capsys.readouterr().err

    def test_without_a_hub_nobody_is_told(self, site: SmallSite, capsys: pytest.CaptureFixture[str]) -> None:
        assert self.run(site) == 0
        assert "WebSub" in capsys.readouterr().err

    def test_without_a_build_there_is_nothing_to_tell(self, site: SmallSite, hub: Hub) -> None:
        site.write(ORGANIZATION + TWO_BRANCHES + f"--- content/organization.yml\n{_organization(hub)}")
        assert self.run(site) == 2

    def test_the_clock_of_the_build_does_not_matter(self, published: SmallSite, hub: Hub) -> None:
        assert main(["ping", "--root", str(published.root), "--now", NOW]) == 0
        assert hub.bodies == []


def _organization(hub: Hub) -> str:
    return f"name: 甲\nurl: https://example.org/\nfeeds: {{websub: {hub.url}}}\n"

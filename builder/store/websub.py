"""WebSub: notifies hubs of feeds that have changed since the last time (W3C Recommendation, section 7: the publisher
must inform the hub; POST of ``hub.mode=publish`` and ``hub.url`` is the usual form).

What hubs were notified of is stored next to the releases, by hub and feed, as the hash of the feed's bytes. Builds neither
wait for this nor know of it.
"""

from __future__ import annotations

import http.client
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from builder import __version__
from builder.model.addresses import Addresses
from builder.model.sealed import read_sealed, write_sealed
from builder.model.site_map import FEED_FORMATS
from builder.model.values import Organization
from builder.store import Store

_DELAYS = (1.0, 4.0, 16.0)
"""Seconds to wait before each further attempt."""
_LONGEST = 60.0
_GIVE_UP = 3
"""After so many feeds in a row that a hub would not hear of, it is left alone until the next time."""
_SECONDS = 20.0


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: a hub leads nobody into the builder's own network."""

    def redirect_request(self, *_: Any) -> None:
        return None


Post = Callable[[str, bytes], tuple[int, str]]


class HubResult(msgspec.Struct, frozen=True):
    """The outcome of notifying one hub: the addresses of the feeds it accepted, and of the others, with the last reason."""

    hub: str
    taken: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    reason: str = ""


class _State(msgspec.Struct, frozen=True):
    """The hash of each feed of which each hub was last notified, by hub and address."""

    told: Mapping[str, Mapping[str, str]] = {}
    version: int = 1


def post(hub: str, body: bytes) -> tuple[int, str]:
    """Sends a form. Returns the status of the answer, 0 if there was none, and ``Retry-After`` or the reason."""
    headers = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": f"Branchpress/{__version__}"}
    try:
        request = urllib.request.Request(hub, body, headers)
        with urllib.request.build_opener(_Stay).open(request, timeout=_SECONDS) as answer:
            return answer.status, ""
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers.get("Retry-After", "")
    except (OSError, ValueError, http.client.HTTPException) as error:
        return 0, str(getattr(error, "reason", error))


def ping(
    organization: Organization, store: Store, sleep: Callable[[float], None], send: Post = post
) -> tuple[HubResult, ...]:
    """Notifies each hub of the organization of the feeds that have changed.

    A hub that does not answer, or asks for patience (429, 5xx), is asked again after 1, 4 and 16 seconds, or when it says.
    What it has not accepted is sent again the next time. Raises OSError if the result cannot be stored.
    """
    feeds = dict(_feeds(organization, store))
    file = store.folder / "pings.json"
    before = _read(file).told
    done: dict[str, Mapping[str, str]] = {}
    results: list[HubResult] = []
    try:
        for hub in organization.feeds.websub:
            known = dict(before.get(hub, {}))
            changed = [address for address in sorted(feeds) if known.get(address) != feeds[address]]
            done[hub] = known = {address: known[address] for address in feeds if address in known}
            result = _tell(hub, changed, feeds, known, sleep, send)
            results.append(result)
    finally:
        if organization.feeds.websub:
            state = _State(done | {hub: told for hub, told in before.items() if _later(organization, hub, done)})
            write_sealed(file, msgspec.json.encode(state, order="deterministic"))
    return tuple(results)


def _later(organization: Organization, hub: str, done: Mapping[str, object]) -> bool:
    """Returns true for a hub whose turn had not come when the work was interrupted."""
    return hub in organization.feeds.websub and hub not in done


def _tell(
    hub: str,
    changed: list[str],
    feeds: Mapping[str, str],
    known: dict[str, str],
    sleep: Callable[[float], None],
    send: Post,
) -> HubResult:
    """Notifies one hub; what it accepts is noted in ``known`` at once."""
    refused: list[str] = []
    reason, failures = "", 0
    for place, address in enumerate(changed):
        said = _once(hub, address, sleep, send)
        if not said:
            known[address] = feeds[address]
            failures = 0
            continue
        reason = said
        refused.append(address)
        failures += 1
        if failures == _GIVE_UP:
            refused += changed[place + 1 :]
            break
    left = frozenset(refused)
    return HubResult(hub, tuple(address for address in changed if address not in left), tuple(refused), reason)


def _once(hub: str, address: str, sleep: Callable[[float], None], send: Post) -> str:
    """Notifies a hub of one feed; returns the reason why the hub refused, empty if it accepted."""
    body = urllib.parse.urlencode({"hub.mode": "publish", "hub.url": address, "hub.topic": address}).encode()
    for delay in (*_DELAYS, None):
        status, said = send(hub, body)
        if 200 <= status < 300:
            return ""
        reason = f"HTTP {status}" if status else said
        if delay is None or not (status in (0, 408, 425, 429) or status >= 500):
            return reason
        asked = float(said) if status and said.isascii() and said.isdigit() else 0.0
        sleep(min(max(delay, asked), _LONGEST))
    return ""


def _feeds(organization: Organization, store: Store) -> Iterator[tuple[str, str]]:
    """Yields the address of every published feed, with the hash of its bytes."""
    manifests = {slug: manifest for slug in ("", *store.slugs()) if (manifest := store.manifest(slug)) is not None}
    parts = [part for slug in manifests if slug and (part := store.live_site(slug)) is not None]
    branches = (part.branch for part in parts)
    addresses = Addresses(organization, (branch for branch in branches if branch is not None))
    names = {each.file for each in FEED_FORMATS}
    for slug, manifest in manifests.items():
        for path, file in manifest.files.items():
            if path.rpartition("/")[2] in names and path in manifest.outputs:
                yield addresses.absolute(addresses.home(slug) + path), file.sha256


def _read(file: Path) -> _State:
    try:
        state = msgspec.json.decode(read_sealed(file), type=_State)
    except msgspec.MsgspecError:
        return _State()
    return state if state.version == 1 else _State()

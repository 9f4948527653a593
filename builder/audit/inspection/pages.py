"""The check of published pages: every link, anchor, picture and attachment is followed, including the theme's own.

No network is used: addresses of the organization and its branches are looked up in the output.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable, Mapping, Sequence
from html import unescape
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, unquote_to_bytes

import msgspec

from builder.audit.breach import Breach
from builder.audit.inspection.cache_file import read_cache_file, write_cache_file
from builder.audit.inspection.markup import bare, bound, hiding, parsed_targets, portable, targets_of, torn
from builder.audit.inspection.served import Served
from builder.catalogue.catalogue import Catalogue
from builder.model.media import is_picture
from builder.model.media_types import extension
from builder.model.values import Branch, Organization
from builder.store import Store

_MOST_DEAD = 5_000
"""The most missing targets of one site that are told: each is looked for in a page."""
_TOGETHER, _MOST = 128, 100_000
"""The number of pages that are looked at together, and of their lines that are known again."""
_PAGES = frozenset(("", "html", "htm"))


class LinkReport(msgspec.Struct, frozen=True, omit_defaults=True):
    """The result of following the links of a branch whose files have the hash ``build``: the breaches, the places (path
    and fragment) in other sites that it links to, and the missing places anywhere."""

    slug: str
    build: str = ""
    seen: tuple[Breach, ...] = ()
    outside: tuple[tuple[str, str], ...] = ()
    lost: tuple[tuple[str, str], ...] = ()


class Outputs(msgspec.Struct, frozen=True):
    """The sites of an output folder with their published addresses.

    With a ``store`` the report of each branch is kept there. It is valid for the ``settings_digest``, as long as the
    branch's files are the same, the places they link to exist, and the missing ones are missing.
    """

    output: Path
    organization: Organization
    branches: tuple[Branch, ...]
    settings_digest: str
    store: Store | None = None

    @classmethod
    def of(cls, output: Path, catalogue: Catalogue, settings_digest: str, store: Store | None) -> Outputs:
        """Makes the outputs of a catalogue; ``settings_digest`` is the hash of the settings for reading folders."""
        branches = tuple(catalogue.branches.values())
        told = [settings_digest, *(f"{branch.slug} {branch.url}" for branch in branches if branch.url)]
        digest = hashlib.sha256("\n".join(told).encode()).hexdigest()
        return cls(output, catalogue.organization, branches, digest, store)

    def follow(self, slugs: Sequence[str]) -> list[LinkReport]:
        """Returns all broken links in the pages of sites, once for each site and target; the hub's slug is empty."""
        served = Served(self.output, self.organization, self.branches)
        return [self._follow_links(served, slug) for slug in slugs]

    def keep(self, slug: str) -> None:
        """Follows the links of a branch that was just published, for later audits, which check the links to other sites."""
        self._write(slug, _follow(Served(self.output, self.organization, self.branches, trusting=f"{slug}/"), slug))

    def _follow_links(self, served: Served, slug: str) -> LinkReport:
        if not slug:
            return _follow(served, slug)
        build, known = served.build(slug), self._read_kept(slug)
        if known is not None and build and known.build == build:
            there = all(served.leads(*place) for place in known.outside)
            if there and not any(served.leads(*place) for place in known.lost):
                return known
        found = _follow(served, slug)
        if found.build:
            self._write(slug, found)
        return found

    def _read_kept(self, slug: str) -> LinkReport | None:
        content = (
            read_cache_file(self.store.kept("links", slug), self.settings_digest) if self.store is not None else b""
        )
        try:
            return msgspec.json.decode(content, type=LinkReport)
        except msgspec.MsgspecError:
            return None

    def _write(self, slug: str, found: LinkReport) -> None:
        if self.store is not None:
            write_cache_file(self.store.kept("links", slug), self.settings_digest, msgspec.json.encode(found))


class _Broken(NamedTuple):
    """A broken link: its target, and the rule that it breaks."""

    path: str
    fragment: str
    rule: str


class _Dead(msgspec.Struct):
    """A missing target: the first page that links to it, the form in which it is written there, the number of such pages."""

    page: str
    written: str
    rule: str
    pages: int = 0


def _follow(served: Served, slug: str) -> LinkReport:
    build = served.build(slug) if slug else ""
    served.outside.clear()
    dead = _dead(served, slug)
    seen = tuple(_breach_of(served, slug, one) for one in itertools.islice(dead.values(), _MOST_DEAD))
    lost = tuple(sorted({(broken.path, broken.fragment) for broken in dead}))
    outside = {place for place in served.outside if not place[0].startswith(f"{slug}/")} - set(lost)
    return LinkReport(slug, build, seen, tuple(sorted(outside)), lost) if slug else LinkReport(slug, seen=seen)


class _Page(NamedTuple):
    """A page as it was read: its folder, its name, all of it."""

    folder: str
    name: str
    content: bytes

    @property
    def path(self) -> str:
        return f"{self.folder}/{self.name}" if self.folder else self.name


def _dead(served: Served, slug: str) -> Mapping[_Broken, _Dead]:
    """Returns the missing targets in the pages of one site."""
    levels: dict[int, list[tuple[str, str]]] = {}
    for folder, name in served.pages(slug):
        levels.setdefault(folder.count("/") + 1 if folder else 0, []).append((folder, name))
    site = _Links(served, slug)
    for depth, places in sorted(levels.items()):
        level = _Level(site, max(0, depth - (1 if slug else 0)))
        for start in range(0, len(places), _TOGETHER):
            some = places[start : start + _TOGETHER]
            level.look_at([_Page(*place, served.content(*place)) for place in some])
    return site.dead


class _Links:
    """The addresses in one site, each looked up once, and the broken ones among them."""

    def __init__(self, served: Served, slug: str) -> None:
        self.dead: dict[_Broken, _Dead] = {}
        self._served, self._slug = served, slug
        self._known: dict[tuple[str, bytes], _Broken | None] = {}
        self._ids: dict[bytes, bytes] = {}

    def broken(self, page: _Page, targets: Iterable[bytes]) -> dict[_Broken, bytes]:
        """Returns the broken addresses of a page, as they are written."""
        above = _above(page.folder)
        served, top = self._served, len(above) - 1
        found: dict[_Broken, bytes] = {}
        for written in targets:
            if written[:1] == b"#":
                own = self._written_id(written) in page.content
                broken = None if own else _lookup(served, self._slug, page.path, written)
            else:
                start = 0
                while written.startswith(b"../", start):
                    start += 3
                base, rest = above[min(start // 3, top)], written[start:]
                if start and f"{base}/".encode() + rest in served.served:
                    continue
                if rest.startswith(served.address) and rest[len(served.address) :] in served.served:
                    continue
                key = (base, rest)
                if key not in self._known:
                    self._known[key] = _lookup(served, self._slug, base, rest)
                broken = self._known[key]
            if broken is not None:
                found[broken] = min(written, found.get(broken, written))
        return found

    def _written_id(self, anchor: bytes) -> bytes:
        """Returns the id that an address names in the same page, in the usual form of the markup."""
        if anchor not in self._ids:
            self._ids[anchor] = b' id="' + unquote_to_bytes(anchor[1:]) + b'"'
        return self._ids[anchor]

    def tell(self, page: _Page, broken: Mapping[_Broken, bytes]) -> None:
        """Records the broken links of a page."""
        for key, written in broken.items():
            one = self.dead.setdefault(key, _Dead(page.path, written.decode("utf-8", "replace"), key.rule))
            one.pages += 1


class _Level:
    """The pages of a site in folders of the same depth: a line whose links all start at the site's top means the same on
    each of them, so that it is checked once."""

    def __init__(self, site: _Links, steps: int) -> None:
        """``steps`` is the number of folders from such a page to the site's top."""
        self._site, self._steps = site, steps
        self._fine: set[bytes] = set()
        self._odd: dict[bytes, frozenset[bytes]] = {}
        self._bare: Mapping[bytes, bytes] = {}

    def look_at(self, pages: Sequence[_Page]) -> None:
        """Follows the links of pages."""
        rows = [page.content.split(b"\n") for page in pages]
        fresh = self._new_lines(rows)
        if any(map(torn, self._bare)):
            rows = [bare(page.content).split(b"\n") for page in pages]
            fresh = self._new_lines(rows)
        text = b"\n".join([*(fresh - self._bare.keys()), *self._bare.values()])
        broken_off: set[bytes] = set()
        found = targets_of(text)
        if found is None:
            odd = {line for line in fresh if targets_of(self._bare.get(line, line)) is None}
            # A tag that goes on in the next line is read with all of its page.
            broken_off = {line for line in odd if torn(line)}
            self._odd |= {line: parsed_targets(line) for line in odd - broken_off}
        own = set(bound(text, self._steps)) | broken_off
        own |= {line for line, inner in self._bare.items() if any(bound(inner, self._steps))}
        own |= {line for line, names in self._odd.items() if not all(map(self._portable, names))}
        common = fresh - own
        # What is named by a line of a page's own, too, is looked up one time more: that costs less than to tell them apart.
        named = self._named_addresses(common) if found is None else filter(self._portable, found)
        worse: set[bytes] = set()
        if self._site.broken(pages[0], named):
            worse = {line for line in common if self._site.broken(pages[0], self._named_addresses([line]))}
        if len(self._fine) > _MOST:
            self._fine.clear()
        self._fine |= common
        self._fine -= worse
        mine = own | worse
        for page, row in zip(pages, rows, strict=True):
            whole = bool(broken_off) and not broken_off.isdisjoint(row)
            names = parsed_targets(page.content) if whole else self._named_addresses(mine.intersection(row))
            self._site.tell(page, self._site.broken(page, names))

    def _new_lines(self, rows: Iterable[Iterable[bytes]]) -> set[bytes]:
        """Returns the lines that have not been checked yet."""
        fresh: set[bytes] = set().union(*rows) - self._fine
        self._bare = {line: bare(line) for line in hiding(b"\n".join(fresh))}
        return fresh

    def _named_addresses(self, lines: Iterable[bytes]) -> frozenset[bytes]:
        """Returns the addresses in lines, none of which is torn."""
        rows = [self._bare.get(line, line) for line in lines if line not in self._odd]
        odd = (self._odd[line] for line in lines if line in self._odd) if self._odd else ()
        return (targets_of(b"\n".join(rows)) or frozenset()).union(*odd)

    def _portable(self, address: bytes) -> bool:
        return portable(address, self._steps)


def _above(folder: str) -> list[str]:
    """Returns a folder and those above it, up to the top."""
    found = [folder]
    while folder:
        folder = folder.rpartition("/")[0]
        found.append(folder)
    return found


def _lookup(served: Served, slug: str, base: str, written: bytes) -> _Broken | None:
    """Returns how a target is broken; None for one that exists or is on another host."""
    text = unescape(written.decode("utf-8", "replace"))
    rest, _, fragment = text.partition("#")
    rest = rest.partition("?")[0]
    if not rest and not fragment:
        return None
    if rest:
        path = served.place(base, rest, slug)
        if path is None:
            return None
        served.outside.add((path, ""))
        if not served.there(path):
            return _Broken(path, "", _rule(path))
    else:
        path = base.lstrip("/")
    name = unquote(fragment)
    if name and rest:
        served.outside.add((path, name))
    if name and name != "top" and not name.startswith(":~:") and not served.has(path, name):
        return _Broken(path, name, "anchor-dead")
    return None


def _rule(path: str) -> str:
    if is_picture(path):
        return "picture-dead"
    return "link-dead" if path.endswith("/") or extension(path) in _PAGES else "attachment-dead"


def _breach_of(served: Served, slug: str, dead: _Dead) -> Breach:
    content = (served.output / dead.page).read_bytes()
    place = content.find(dead.written.encode())
    before = content[: max(place, 0)].decode("utf-8", "replace")
    return Breach(
        code=dead.rule,
        branch=slug,
        path=f"{served.output.name}/{dead.page}",
        line=before.count("\n") + 1 if place >= 0 else None,
        column=len(before) - before.rfind("\n") if place >= 0 else None,
        arguments={"target": unescape(dead.written)[:200], "pages": str(dead.pages)},
    )

"""The pages of the output as readers get them: every link, anchor, picture and attachment followed, the theme's own too.

Nothing is asked of a network: what lies under the organization's and the branches' addresses is looked for in the output.
"""

from __future__ import annotations

import hashlib
import os
import posixpath
from collections.abc import Iterable, Mapping
from concurrent.futures import Executor
from html import unescape
from itertools import chain
from pathlib import Path
from urllib.parse import quote, unquote, unquote_to_bytes, urlsplit

import msgspec

from builder.audit.findings import Seen
from builder.audit.markup import bare, ids_of, portable, targets_of
from builder.media import extension, is_picture
from builder.model import Branch, Organization

_BATCH = 16
_LEARN = 8
"""So many pages of a site, as deep as each other, show which lines they have in common."""
_PAGES = frozenset(("", "html", "htm"))


class Requested(msgspec.Struct, frozen=True):
    """An output folder, and under which addresses it is published."""

    output: Path
    organization: Organization
    branches: tuple[Branch, ...]
    slugs: tuple[str, ...] = ()
    known: Mapping[str, Followed] = {}


class Followed(msgspec.Struct, frozen=True, omit_defaults=True):
    """What came of following the links of a branch as it was when its files had the hash ``build``: the breaches, and
    the places in other sites that it leads to (path and fragment)."""

    slug: str
    build: str = ""
    seen: tuple[Seen, ...] = ()
    outside: tuple[tuple[str, str], ...] = ()


class _Built(msgspec.Struct, frozen=True):
    """A branch's build.json: its files with their hashes."""

    files: Mapping[str, str]


class _Dead(msgspec.Struct):
    """A target that is not there: the first page that names it, how it is written there, how many pages do."""

    page: str
    written: str
    rule: str
    pages: int = 0


def follow_pages(request: Requested, executor: Executor) -> Iterable[Followed]:
    """Everything that leads nowhere in the pages of the output, once for each site and target.

    What is ``known`` of branches holds as long as nothing was wrong with them, their files are the same, and what they lead
    to is there. The executor begins at once, whenever the result is asked for.
    """
    slugs = [branch.slug for branch in request.branches if (request.output / branch.slug).is_dir()]
    batches = [tuple(slugs[start : start + _BATCH]) for start in range(0, len(slugs), _BATCH)]
    requests = [
        msgspec.structs.replace(
            request, slugs=batch, known={slug: request.known[slug] for slug in batch if slug in request.known}
        )
        for batch in (*batches, ("",))
    ]
    return chain.from_iterable(executor.map(follow_links, requests))


def follow_links(request: Requested) -> list[Followed]:
    """Follows the links of the pages of some sites."""
    served = _Served(request)
    return [_followed(served, slug, request.known.get(slug)) for slug in request.slugs]


def _followed(served: _Served, slug: str, known: Followed | None) -> Followed:
    build = served.build(slug) if slug else ""
    if known is not None and build and known.build == build and not known.seen:
        there = (served.there(path) and (not name or served.has(path, name)) for path, name in known.outside)
        if all(there):
            return known
    served.outside.clear()
    seen = _site(served, slug)
    outside = sorted((path, name) for path, name in served.outside if not path.startswith(f"{slug}/"))
    return Followed(slug, build, tuple(seen), tuple(outside) if slug else ())


class _Served:
    """What a web server would find under the addresses of the organization."""

    def __init__(self, request: Requested) -> None:
        self.output = request.output
        self.slugs = frozenset(branch.slug for branch in request.branches)
        self._home = _split(request.organization.url)
        self._own = {
            _split(branch.url)[0]: (_split(branch.url)[1], branch.slug) for branch in request.branches if branch.url
        }
        self._roots = {branch.slug: _split(branch.url)[1] for branch in request.branches if branch.url}
        self.outside: set[tuple[str, str]] = set()
        self._listed: set[str] = set()
        self.address = request.organization.url.encode()
        self.served: set[bytes] = set()
        self._there: dict[str, bool] = {}
        self._ids: dict[str, frozenset[str]] = {}

    def pages(self, slug: str) -> list[tuple[str, str]]:
        """The folder and the name of each page of a site; those of other sites are not the hub's."""
        paths = self._told(slug) if slug else None
        paths = self._walked(slug) if paths is None else paths
        self._listed.update(paths)
        for path in paths:
            for form in {path, quote(path)}:
                self.served.update((form.encode(), form.removesuffix("index.html").encode()))
        pages = [path.rpartition("/") for path in paths if path.endswith(".html")]
        return [(folder, name) for folder, _, name in pages]

    def build(self, slug: str) -> str:
        """A hash of what a branch's folder holds, by the sizes and times of its files; empty if it has no build.json."""
        paths = self._told(slug)
        if paths is None:
            return ""
        digest = hashlib.sha256()
        for path in paths:
            try:
                status = os.stat(os.path.join(self.output, path))  # noqa: PTH118
            except OSError:
                return ""
            digest.update(f"{path}\0{status.st_size} {status.st_mtime_ns}\0".encode())
        return digest.hexdigest()

    def _told(self, slug: str) -> list[str] | None:
        """The files of a branch, as its build.json tells them: to walk as many folders takes longer than all the rest."""
        try:
            files = msgspec.json.decode((self.output / slug / "build.json").read_bytes(), type=_Built).files
        except (OSError, msgspec.MsgspecError):
            return None
        return [f"{slug}/{unquote(path)}" for path in sorted((*files, "build.json"))]

    def _walked(self, slug: str) -> list[str]:
        found: list[str] = []
        top = os.path.join(self.output, slug)  # noqa: PTH118 - tens of thousands of folders
        for place, inner, names in os.walk(top):
            folder = os.path.relpath(place, self.output).replace(os.sep, "/")
            folder = "" if folder == "." else folder
            if not slug and not folder:
                inner[:] = [name for name in inner if name not in self.slugs]
            inner.sort()
            found += [f"{folder}/{name}" if folder else name for name in sorted(names)]
        return found

    def content(self, folder: str, name: str) -> bytes:
        """The bytes of a page; none of one that somebody has taken away."""
        try:
            with open(os.path.join(self.output, folder, name), "rb") as file:  # noqa: PTH118, PTH123
                return file.read()
        except FileNotFoundError:
            self._listed.discard(f"{folder}/{name}" if folder else name)
            return b""

    def place(self, base: str, written: str, slug: str) -> str | None:
        """The path under the output of ``written``, found in a page whose folder is ``base``; None for what is elsewhere.

        A path that ends in a slash is a folder.
        """
        if written.startswith("//") or ":" in written.partition("/")[0]:
            parts = urlsplit(written)
            if parts.scheme not in ("http", "https", ""):
                return None
            host, path = parts.netloc.lower(), unquote(parts.path) or "/"
            for known, (prefix, folder) in ((self._home[0], (self._home[1], "")), *self._own.items()):
                if host == known and path.startswith(prefix):
                    return _normal("/".join(part for part in (folder, path[len(prefix) :]) if part), path)
            return None
        path = unquote(written)
        if path.startswith("/"):
            prefix, folder = self._roots.get(slug, ""), slug
            if slug not in self._roots:
                prefix, folder = self._home[1], ""
            if not path.startswith(prefix):
                return None
            return _normal(f"{folder}/{path[len(prefix) :]}", path)
        return _normal(f"{base}/{path}", path)

    def there(self, path: str) -> bool:
        """True if a file, or a folder with a page, is served at the path."""
        page = f"{path}index.html" if path.endswith("/") or not path else path
        if page in self._listed:
            return True
        known = self._there.get(path)
        if known is None:
            full = os.path.join(self.output, path)  # noqa: PTH118
            known = os.path.isfile(os.path.join(self.output, page))  # noqa: PTH113, PTH118
            known = known or os.path.isfile(os.path.join(full, "index.html"))  # noqa: PTH113, PTH118
            self._there[path] = known
        return known

    def has(self, path: str, fragment: str) -> bool:
        """True if the page at the path has an element of that id; what is no page has whatever is asked for."""
        ids = self._ids.get(path)
        if ids is None:
            full = self.output / path
            full = full / "index.html" if full.is_dir() else full
            page = full.suffix == ".html" and full.is_file()
            ids = self._ids[path] = ids_of(full.read_bytes()) if page else frozenset(("",))
        return fragment in ids or "" in ids


def _split(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    path = unquote(parts.path)
    return parts.netloc.lower(), path if path.endswith("/") else path + "/"


def _normal(path: str, written: str) -> str:
    found = posixpath.normpath(path.lstrip("/"))
    while found.startswith("../"):
        found = found[3:]
    found = "" if found in (".", "..") else found
    return found + "/" if found and (written.endswith("/") or written.endswith((".", ".."))) else found


def _site(served: _Served, slug: str) -> list[Seen]:
    """What leads nowhere in the pages of one site."""
    dead: dict[tuple[str, str], _Dead] = {}
    known: dict[tuple[str, bytes], tuple[str, str] | None] = {}
    fine: dict[int, set[bytes]] = {}
    looked: dict[int, int] = {}
    once: dict[int, set[bytes]] = {}
    for folder, name in served.pages(slug):
        above = _above(folder)
        content = served.content(folder, name)
        body = bare(content)
        # A line whose links all start from the site's top means the same on every page as deep: it is looked at once.
        depth = len(above) - 1
        beside = fine.setdefault(depth, set())
        lines = [line for line in body.split(b"\n") if line not in beside]
        page = f"{folder}/{name}" if folder else name
        whole = True
        for written in targets_of(lines):
            steps, rest = 0, written
            while rest.startswith(b"../"):
                rest, steps = rest[3:], steps + 1
            base = above[min(steps, len(above) - 1)]
            plain = rest.removeprefix(served.address) if steps == 0 else b"%s/%s" % (base.encode(), rest)
            if plain in served.served:
                continue
            key = (base, rest)
            if rest.startswith(b"#"):
                broken = None if _own_anchor(rest, content) else _lookup(served, slug, page, rest)
            elif key in known:
                broken = known[key]
            else:
                broken = known[key] = _lookup(served, slug, base, rest)
            if broken is not None:
                one = dead.setdefault(broken, _Dead(page, written.decode("utf-8", "replace"), broken[0]))
                one.pages += 1
                whole = False
        looked[depth] = looked.get(depth, 0) + 1
        if whole and looked[depth] <= _LEARN:
            met = once.setdefault(depth, set())
            common = [line for line in lines if line in met]
            beside.update(line for line in common if portable(line, max(0, depth - (1 if slug else 0))))
            met.update(lines)
    return [_seen(served, slug, one) for one in dead.values()]


def _own_anchor(written: bytes, content: bytes) -> bool:
    """True for an id that stands in the same page in the usual way."""
    return b' id="' + unquote_to_bytes(written[1:]) + b'"' in content


def _above(folder: str) -> list[str]:
    """A folder and those above it, up to the top."""
    found = [folder]
    while folder:
        folder = folder.rpartition("/")[0]
        found.append(folder)
    return found


def _lookup(served: _Served, slug: str, base: str, written: bytes) -> tuple[str, str] | None:
    """The rule that a target breaks, and the target; None for one that is there or elsewhere."""
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
            return _rule(path), path
    else:
        path = base.lstrip("/")
    name = unquote(fragment)
    if name and rest:
        served.outside.add((path, name))
    if name and name != "top" and not name.startswith(":~:") and not served.has(path, name):
        return "anchor-dead", f"{path}#{name}"
    return None


def _rule(path: str) -> str:
    if is_picture(path):
        return "picture-dead"
    return "link-dead" if path.endswith("/") or extension(path) in _PAGES else "attachment-dead"


def _seen(served: _Served, slug: str, dead: _Dead) -> Seen:
    content = (served.output / dead.page).read_bytes()
    place = content.find(dead.written.encode())
    before = content[: max(place, 0)].decode("utf-8", "replace")
    return Seen(
        rule=dead.rule,
        branch=slug,
        path=f"{served.output.name}/{dead.page}",
        line=before.count("\n") + 1 if place >= 0 else None,
        column=len(before) - before.rfind("\n") if place >= 0 else None,
        args={"target": unescape(dead.written)[:200], "pages": str(dead.pages)},
    )

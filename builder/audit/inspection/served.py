"""The files of the output under their published addresses, as a web server would serve them."""

from __future__ import annotations

import hashlib
import io
import os
import posixpath
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import msgspec

from builder.audit.inspection.markup import ids_of
from builder.model.values import Branch, Organization


class _Built(msgspec.Struct, frozen=True):
    """The content of a branch's build.json: its files with their hashes."""

    files: Mapping[str, str]


class Served:
    """The places that a web server would serve under the addresses of the organization."""

    def __init__(
        self, output: Path, organization: Organization, branches: Iterable[Branch], trusting: str | None = None
    ) -> None:
        """With ``trusting`` everything outside this folder counts as served."""
        self._trusting = trusting
        branches = tuple(branches)
        self.output = output
        self.slugs = frozenset(branch.slug for branch in branches)
        self._home = _split(organization.url)
        own = [(*_split(branch.url), branch.slug) for branch in branches if branch.url]
        # What lies below another address is looked for first.
        self._homes = sorted((*own, (*self._home, "")), key=lambda home: -len(home[1]))
        self._roots = {branch.slug: _split(branch.url)[1] for branch in branches if branch.url}
        self.outside: set[tuple[str, str]] = set()
        self._listed: set[str] = set()
        self.address = organization.url.encode()
        self.served: set[bytes] = set()
        self._there: dict[str, bool] = {}
        self._ids: dict[str, frozenset[str]] = {}

    def pages(self, slug: str) -> list[tuple[str, str]]:
        """Returns the folder and the name of each page of a site; the hub does not include other sites' pages."""
        paths = self._listed_files(slug) if slug else None
        paths = self._walked(slug) if paths is None else paths
        self._listed.update(paths)
        for path in paths:
            for form in {path, quote(path)}:
                self.served.update((form.encode(), form.removesuffix("index.html").encode()))
        pages = [path.rpartition("/") for path in paths if path.endswith(".html")]
        return [(folder, name) for folder, _, name in pages]

    def build(self, slug: str) -> str:
        """Returns a hash of a branch's folder, by the sizes and times of its files; empty if it has no build.json."""
        paths = self._listed_files(slug)
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

    def _listed_files(self, slug: str) -> list[str] | None:
        """Returns the files of a branch from its build.json: walking so many folders would take longer than all the rest."""
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
        """Returns the bytes of a page; empty if somebody has deleted it."""
        try:
            with io.FileIO(f"{self.output}/{folder}/{name}") as file:
                return file.readall()
        except FileNotFoundError:
            self._listed.discard(f"{folder}/{name}" if folder else name)
            return b""

    def place(self, base: str, written: str, slug: str) -> str | None:
        """Returns the path under the output of the address ``written`` in a page in the folder ``base``; None if it is elsewhere.

        A path that ends in a slash is a folder.
        """
        if written.startswith("//") or ":" in written.partition("/")[0]:
            try:
                parts = urlsplit(written)
            except ValueError:
                return None
            if parts.scheme not in ("http", "https", ""):
                return None
            host, path = parts.netloc.lower(), unquote(parts.path) or "/"
            places = [
                _normal("/".join(part for part in (folder, path[len(prefix) :]) if part), path)
                for known, prefix, folder in self._homes
                if host == known and path.startswith(prefix)
            ]
            # Of two branches that write one address, neither breaks the links to the other.
            if len(places) > 1:
                return next((each for each in places if self.there(each)), places[0])
            return places[0] if places else None
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
        """Tells whether a file, or a folder with a page, is served at the path."""
        page = f"{path}index.html" if path.endswith("/") or not path else path
        if page in self._listed:
            return True
        if self._trusts(path):
            return True
        known = self._there.get(path)
        if known is None:
            full = os.path.join(self.output, path)  # noqa: PTH118
            known = os.path.isfile(os.path.join(self.output, page))  # noqa: PTH113, PTH118
            known = known or os.path.isfile(os.path.join(full, "index.html"))  # noqa: PTH113, PTH118
            self._there[path] = known
        return known

    def _trusts(self, path: str) -> bool:
        return self._trusting is not None and not path.startswith(self._trusting)

    def leads(self, path: str, fragment: str) -> bool:
        """Tells whether the path is served and, if a fragment is given, has that."""
        return self.there(path) and (not fragment or self.has(path, fragment))

    def has(self, path: str, fragment: str) -> bool:
        """Tells whether the page at the path has an element with that id; always true for a file that is not a page."""
        if self._trusts(path):
            return True
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

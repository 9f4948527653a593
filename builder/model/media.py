"""Pictures and attachments: where they are published, and which are refused."""

from __future__ import annotations

import binascii
import errno
import hashlib
import os
import stat
from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from pathlib import Path

import msgspec

from builder.model.media_types import SHOWN, extension, may_be_published
from builder.model.signature import Signature
from builder.model.site_id import SiteId
from builder.model.site_map import MOST_NAME, fits
from builder.model.sources import comparable

_LONGEST_ADDED = "/" * 40
"""As much as a published path may be longer than the source's: by its place, a width and another ending."""
_SHOWN = frozenset(ending for ending, kind in SHOWN.items() if kind.startswith("image/"))
_CONVERTED = frozenset(
    "jpe jfif jif pjpeg pjp mpo apng avifs dib heic heif heics heifs hif tif tiff jp2 j2k jpx jpf jpc".split()
)
UNSHOWN = frozenset(
    "dng cr2 cr3 crw nef nrw arw srf sr2 raf rw2 orf pef srw x3f 3fr iiq erf kdc mrw raw rwl gpr psd psb xcf jxl svgz tga "
    "pcx exr hdr".split()
)
"""Endings of what cameras and picture programs write and no browser shows; it may hold a place, and is never published."""
_PICTURES = _SHOWN | _CONVERTED | UNSHOWN


def is_picture(path: str) -> bool:
    """Tells whether a file is a picture by its name; it is published as something that an ``<img>`` can show."""
    return extension(path) in _PICTURES


def size_text(size: int) -> str:
    """Returns a file's size for people, in decimal units."""
    if size < 1000:
        return f"{size} B"
    if size < 1_000_000:
        return f"{size / 1000:.0f} kB"
    return f"{size / 1_000_000:.1f} MB"


def regular(root: Path, path: str) -> Path | None:
    """Returns the file ``path`` under the root, if it is a regular one and lies inside content/, symbolic links followed."""
    if not belongs_to_a_site(path):
        return None
    file = located(root, path)
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            return None
        if file.is_symlink() or ".." in path.split("/") or not _plain(root, file):
            real, home = file.resolve(strict=True), (root / "content").resolve(strict=True)
            return real if real.is_relative_to(home) else None
    except (OSError, ValueError):
        return None
    return file


def is_unreadable(root: Path, path: str) -> bool:
    """Tells whether there may be a file at the source path ``path`` that cannot be read now, as where a folder cannot be listed.
    What is seen to be gone is not there."""
    file = located(root, path)
    try:
        file.stat()
    except FileNotFoundError:
        return False
    except (OSError, ValueError) as error:
        return getattr(error, "errno", None) not in (None, errno.ENOTDIR, errno.ENAMETOOLONG)
    return not os.access(file, os.R_OK)


def belongs_to_a_site(path: str) -> bool:
    """Tells whether a source path is in the folder of a branch or of the hub, and in none that the builder ignores."""
    parts = path.split("/")
    return len(parts) > 2 and not any(part.startswith((".", "_")) for part in parts[1:]) and fits(path + _LONGEST_ADDED)


def located(root: Path, path: str) -> Path:
    """Returns the file ``path`` under the root, also where its names are written in another way on the disk."""
    file = root / path
    if os.path.lexists(file):
        return file
    found = root
    for part in path.split("/"):
        if not os.path.lexists(found / part):
            name = _name_on_disk(found, part)
            if not name:
                return file
            part = name
        found = found / part
    return found


def _name_on_disk(folder: Path, name: str) -> str:
    """Returns the name that means the same in a folder; empty if there is none."""
    try:
        status = folder.stat()
        return _names_in(os.fspath(folder), status.st_ino, status.st_mtime_ns).get(comparable(name), "")
    except (OSError, ValueError):
        return ""


@lru_cache(maxsize=16)
def _names_in(folder: str, number: int, touched_ns: int) -> Mapping[str, str]:
    """Returns the names in a folder by their usual form: thousands may be looked for that are not there."""
    return {comparable(name): name for name in sorted(os.listdir(folder), reverse=True)}  # noqa: PTH208 - many names


def _plain(root: Path, file: Path) -> bool:
    return not any(folder.is_symlink() for folder in file.parents if folder != root and folder.is_relative_to(root))


def renamed(path: str, form: str, taken: Collection[str]) -> str:
    """Returns the name under which a picture is published whose own ending is not ``form``: ``photo.HEIC.jpg``. ``taken``
    are the names of other files."""
    made, stem = _short(f"{path}.{form}"), path
    while made in taken:
        stem = f"{stem}.picture"
        made = _short(f"{stem}.{form}")
    return made


def refused(file: Path, path: str) -> bool:
    """Returns true for a file that is never published as it is, whatever refers to it by ``path``; a picture that is published
    as another one counts as that one."""
    if is_picture(path) and extension(path) not in SHOWN:
        return any(not may_be_published(name) for name in (f"{path}.jpg", f"{file.name}.jpg"))
    return any(not may_be_published(name) for name in (path, file.name))


def published_at(source: str, site: str, bundles: Mapping[str, str]) -> str:
    """Returns the path at which ``site`` publishes the file ``source`` (``content/…``).

    Files of the site's own ``media/`` lie there too, those in an entry's folder lie with the entry, by ``bundles`` (folder
    under the root to path). All others, its own and those of other folders, lie below ``media/_<owner>/``, a name that no
    source has: so a site is complete by itself, and no file takes the place of a page. The hub's lie below ``/hub/``.
    What ``bundles`` names itself lies there.
    """
    if source in bundles:
        return bundles[source]
    inside = source.removeprefix("content/")
    owner, _, rest = inside.partition("/")
    home = f"/{SiteId(site).folder}/"
    if owner == SiteId(site).folder:
        if rest.startswith("media/"):
            return home + rest
        folder, _, name = source.rpartition("/")
        while folder not in bundles and folder.count("/") > 2:
            folder, _, above = folder.rpartition("/")
            name = f"{above}/{name}"
        if folder in bundles:
            return bundles[folder] + name
    return f"{home}media/_{owner}/{rest}"


def on_hub(path: str, site: str) -> str:
    """Returns the path at which the hub publishes a picture that a branch with an address of its own has at ``path``: pages
    show no pictures from other hosts."""
    return f"/hub/media/_{site}/{path.removeprefix(f'/{site}/')}"


class Picture(msgspec.Struct, frozen=True, array_like=True):
    """A picture's file: its size, shape, signature and trouble.

    ``signature`` and ``sha256`` are those of the file as it lies in content/; ``width`` and ``height`` are
    pixels as published: turned, scaled; 0 where unknown. ``widths`` are those that it is offered in, the largest last;
    none for what is published in one piece: drawings, and whatever moves. ``trouble`` is the code of the problem that keeps
    it from being published, ``detail`` what that says of it. ``form`` is the ending of what is published, ``notes`` are
    the codes of what is told besides, each with what it says.
    """

    signature: Signature
    sha256: str = ""
    width: int = 0
    height: int = 0
    widths: tuple[int, ...] = ()
    trouble: str = ""
    detail: str = ""
    form: str = ""
    notes: tuple[tuple[str, str], ...] = ()

    @property
    def shape(self) -> Shape:
        """The shape that a page needs of it."""
        return Shape(self.width, self.height, self.widths)


class Shape(msgspec.Struct, frozen=True, array_like=True):
    """Width and height in pixels, 0 where unknown, and the widths that a picture is offered in."""

    width: int = 0
    height: int = 0
    widths: tuple[int, ...] = ()


def variant(path: str, shape: Shape, width: int, form: str) -> str:
    """Returns the path of the picture at ``path`` in another width or format: ``photo.jpg`` gives ``photo.jpg.800.webp``."""
    if width == shape.width and form == extension(path):
        return path
    return _short(f"{path}.{width}.{form}")


def _short(path: str) -> str:
    """Returns the path, its last name cut and marked with its hash where file systems would not take it."""
    folder, slash, name = path.rpartition("/")
    encoded = name.encode("utf-8", "surrogatepass")
    if len(encoded) <= MOST_NAME:
        return path
    stem, width, form = name.rsplit(".", 2)
    end = f".{hashlib.sha256(encoded).hexdigest()[:12]}.{width}.{form}"
    cut = stem.encode("utf-8", "surrogatepass")[: MOST_NAME - len(end)].decode("utf-8", "ignore")
    return f"{folder}{slash}{cut}{end}"


def thumbnail(path: str, shape: Shape) -> str:
    """Returns the path of its smallest version in its own format, for faces and marks."""
    return variant(path, shape, shape.widths[0], extension(path)) if shape.widths else path


def offered(path: str, shape: Shape, address: Callable[[str], str]) -> tuple[str, str]:
    """Returns the ``srcset`` of the picture at ``path`` in its own format, and in WebP if that is another one; empty
    where there is no choice. ``address`` gives that of a path.
    """

    def row(form: str) -> str:
        return ", ".join(f"{address(variant(path, shape, width, form))} {width}w" for width in shape.widths)

    own = extension(path)
    return row(own) if len(shape.widths) > 1 else "", row("webp") if own != "webp" else ""


NO_PICTURE = "data:,"
"""The address of a picture that cannot be shown: it keeps its place and its alternative text, and HTML requires a source."""


def embedded_path(address: str, source: str) -> str:
    """Returns the source path that a picture written into the text ``source`` as a ``data:`` address is published like."""
    form = "jpg" if address[:15].lower() == "data:image/jpeg" else "png"
    owner = source.split("/")[1]
    return f"content/{owner}/media/_embedded/{hashlib.sha256(address.encode()).hexdigest()[:16]}.{form}"


def is_embedded(address: str) -> bool:
    """Tells whether an address is a picture itself."""
    return address.startswith("data:") and address != NO_PICTURE


def embedded_content(address: str) -> bytes:
    """Returns the bytes of a picture that is written as a ``data:`` address."""
    written = address.partition(",")[2].rstrip("=")
    return binascii.a2b_base64(written[: len(written) - (len(written) % 4 == 1)] + "===")

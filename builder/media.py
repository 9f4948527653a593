"""Pictures and attachments: where they are published, and which are refused."""

from __future__ import annotations

import posixpath
import re
import stat
from collections.abc import Mapping
from pathlib import Path

# What a browser or a web server would run on the site's own address (OWASP, unrestricted file upload).
_ACTIVE = frozenset(
    "html htm xhtml xht shtml mhtml mht hta js mjs cjs css xml xsl xslt swf jar wasm php php3 php5 "
    "phtml phar asp aspx jsp jspx cgi pl py rb sh bash bat cmd com exe scr msi ps1 vbs lnk htaccess".split()
)
_SVG_ACTIVE = re.compile(
    rb"<\s*(?:script|foreignobject|iframe|embed|object|handler|set|animate)\b|\bon[a-z]+\s*=|javascript:|<!entity|"
    rb"(?:href|src)\s*=\s*[\"']\s*(?!#|data:image/(?:png|jpe?g|gif|webp))",
    re.IGNORECASE,
)
_PICTURES = frozenset("jpg jpeg png gif webp avif svg bmp ico".split())
_TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "svg": "image/svg+xml",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "ogg": "audio/ogg",
    "wav": "audio/wav",
    "mp4": "video/mp4",
    "webm": "video/webm",
    "zip": "application/zip",
    "csv": "text/csv",
    "txt": "text/plain",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}


def extension(path: str) -> str:
    """The lower-case ending of a file's name, without its dot."""
    return posixpath.splitext(path)[1][1:].lower()


def is_picture(path: str) -> bool:
    """True for what an ``<img>`` can show."""
    return extension(path) in _PICTURES


def media_type(path: str) -> str:
    """The media type (RFC 6838) that a file's ending stands for, independent of the machine's own tables."""
    return _TYPES.get(extension(path), "application/octet-stream")


def size_text(size: int) -> str:
    """A file's size for people, in decimal units."""
    if size < 1000:
        return f"{size} B"
    if size < 1_000_000:
        return f"{size / 1000:.0f} kB"
    return f"{size / 1_000_000:.1f} MB"


def regular(root: Path, path: str) -> Path | None:
    """The file ``path`` under the root, if it is a regular one and lies inside content/, symbolic links followed."""
    file = root / path
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            return None
        if file.is_symlink() or ".." in path.split("/") or not _plain(root, file):
            real, home = file.resolve(strict=True), (root / "content").resolve(strict=True)
            return real if real.is_relative_to(home) else None
    except (OSError, ValueError):
        return None
    return file


def _plain(root: Path, file: Path) -> bool:
    return not any(folder.is_symlink() for folder in file.parents if folder != root and folder.is_relative_to(root))


def refused(file: Path, limit: int) -> str:
    """Why a file is not published: ``type``, ``svg``, ``size``, ``gone``; empty if it may be. ``limit`` is in bytes."""
    if extension(file.name) in _ACTIVE:
        return "type"
    try:
        size = file.stat().st_size
        if is_picture(file.name) and size > limit:
            return "size"
        if extension(file.name) == "svg" and _SVG_ACTIVE.search(file.read_bytes()):
            return "svg"
    except OSError:
        return "gone"
    return ""


def published_at(source: str, site: str, bundles: Mapping[str, str]) -> str:
    """The path at which ``site`` publishes the file ``source`` (``content/…``).

    Files of the site's own ``media/`` lie there too, those in an entry's folder lie with the entry, by ``bundles`` (folder
    under the root to path). All others, its own and those of other folders, lie below ``media/_<owner>/``, a name that no
    source has: so a site is complete by itself, and no file takes the place of a page. The hub's lie below ``/hub/``.
    """
    inside = source.removeprefix("content/")
    owner, _, rest = inside.partition("/")
    home = f"/{site}/" if site else "/hub/"
    if owner == (site or "hub"):
        if rest.startswith("media/"):
            return home + rest
        folder, _, name = source.rpartition("/")
        while folder not in bundles and folder.count("/") > 2:
            folder, _, above = folder.rpartition("/")
            name = f"{above}/{name}"
        if folder in bundles:
            return bundles[folder] + name
    return f"{home}media/_{owner}/{rest}"


Size = tuple[int, int, int, int]
"""Bytes, modification time in nanoseconds, width, height."""


def pixels(file: Path, known: Size | None) -> Size:
    """The size of a picture; width and height are 0 where it does not say. ``known`` is what an earlier build found,
    taken over if bytes and time are the same. Raises OSError."""
    status = file.stat()
    if known is not None and known[:2] == (status.st_size, status.st_mtime_ns):
        return known
    width, height = (0, 0) if extension(file.name) == "svg" else _raster(file)
    return status.st_size, status.st_mtime_ns, width, height


def _raster(file: Path) -> tuple[int, int]:
    from PIL import Image

    try:
        with Image.open(file) as picture:
            turned = picture.getexif().get(0x0112, 1) in (5, 6, 7, 8)
            return (picture.height, picture.width) if turned else (picture.width, picture.height)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return 0, 0

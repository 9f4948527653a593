"""Pictures and attachments: where they are published, and which are refused."""

from __future__ import annotations

import posixpath
import re
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


def refused(path: str, file: Path, limit: int) -> str:
    """Why a file is not published: ``type``, ``svg``, ``size``, ``gone``; empty if it may be."""
    if extension(path) in _ACTIVE:
        return "type"
    try:
        size = file.stat().st_size
        if extension(path) == "svg" and _SVG_ACTIVE.search(file.read_bytes()[: limit + 1]):
            return "svg"
    except OSError:
        return "gone"
    return "size" if is_picture(path) and size > limit else ""


def published_at(source: str, site: str, bundles: Mapping[str, str]) -> str:
    """The path at which ``site`` publishes the file ``source`` (``content/…``).

    A site's own files lie where they lie in its folder; an entry's folder becomes the entry's slug by ``bundles``
    (folder under the root to path). What it uses of another's folder is published below its own ``media/``, so that a
    site is complete by itself. The hub's files lie below ``/hub/``.
    """
    inside = source.removeprefix("content/")
    owner, _, rest = inside.partition("/")
    home = f"/{site}/" if site else "/hub/"
    if owner != (site or "hub"):
        return f"{home}media/{owner}/{rest}"
    folder, _, name = source.rpartition("/")
    while folder not in bundles and folder.count("/") > 2:
        folder, _, above = folder.rpartition("/")
        name = f"{above}/{name}"
    return bundles[folder] + name if folder in bundles else home + rest

"""The files that are published as they are, and the media type (RFC 6838) that each is served with.

What is not listed is not published: a browser or a server may run it on the address of all branches (OWASP, unrestricted
file upload), and new kinds of files that run come up all the time.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_SLIDES = "application/vnd.openxmlformats-officedocument.presentationml"
_OPEN = "application/vnd.oasis.opendocument"

SHOWN: Mapping[str, str] = {
    "avif": "image/avif",
    "bmp": "image/bmp",
    "gif": "image/gif",
    "ico": "image/x-icon",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "png": "image/png",
    "svg": "image/svg+xml",
    "webp": "image/webp",
    "aac": "audio/aac",
    "flac": "audio/flac",
    "m4a": "audio/mp4",
    "mp3": "audio/mpeg",
    "oga": "audio/ogg",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "wav": "audio/wav",
    "weba": "audio/webm",
    "3gp": "video/3gpp",
    "m4v": "video/mp4",
    "mov": "video/quicktime",
    "mp4": "video/mp4",
    "ogv": "video/ogg",
    "webm": "video/webm",
    "pdf": "application/pdf",
}
"""Pictures, sound, film and PDF by ending: browsers show these where they are."""
DOWNLOADED: Mapping[str, str] = {
    "7z": "application/x-7z-compressed",
    "bib": "text/plain",
    "caj": "application/octet-stream",
    "ceb": "application/octet-stream",
    "csv": "text/csv",
    "doc": "application/msword",
    "docx": f"{_WORD}.document",
    "dot": "application/msword",
    "dotx": f"{_WORD}.template",
    "dps": "application/vnd.ms-powerpoint",
    "dwg": "image/vnd.dwg",
    "epub": "application/epub+zip",
    "et": "application/vnd.ms-excel",
    "geojson": "application/geo+json",
    "gz": "application/gzip",
    "ics": "text/calendar",
    "json": "application/json",
    "lrc": "text/plain",
    "odp": f"{_OPEN}.presentation",
    "ods": f"{_OPEN}.spreadsheet",
    "odt": f"{_OPEN}.text",
    "ofd": "application/ofd",
    "pot": "application/vnd.ms-powerpoint",
    "potx": f"{_SLIDES}.template",
    "pps": "application/vnd.ms-powerpoint",
    "ppsx": f"{_SLIDES}.slideshow",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": f"{_SLIDES}.presentation",
    "rar": "application/vnd.rar",
    "rtf": "application/rtf",
    "srt": "text/plain",
    "tar": "application/x-tar",
    "tex": "text/plain",
    "tgz": "application/gzip",
    "tsv": "text/tab-separated-values",
    "txt": "text/plain",
    "vcf": "text/vcard",
    "vtt": "text/vtt",
    "wps": "application/vnd.ms-works",
    "xls": "application/vnd.ms-excel",
    "xlsx": f"{_SHEET}.sheet",
    "xlt": "application/vnd.ms-excel",
    "xltx": f"{_SHEET}.template",
    "xmind": "application/vnd.xmind.workbook",
    "xz": "application/x-xz",
    "yaml": "text/plain",
    "yml": "text/plain",
    "zip": "application/zip",
}
"""Documents by ending: servers offer these for saving, and let them do nothing on the site's address."""

# Servers that look at every ending of a name run `report.php.pdf` (Apache, mod_mime, "Files with Multiple Extensions"),
# and include or negotiate others.
_RUN_BY_SERVERS = frozenset("php php3 php4 php5 php7 php8 phps pht phtml phar cgi fcgi asp aspx jsp shtml shtm".split())
# In a folder's name these would stand where a page or a style sheet has its file.
_NO_FOLDER = _RUN_BY_SERVERS | frozenset("htm html xhtml xht js mjs css xml".split())


def extension(path: str) -> str:
    """Returns the lower-case ending of a file's name, without its dot."""
    return posixpath.splitext(path)[1][1:].lower()


def media_type(path: str) -> str:
    """Returns the media type that a file's ending stands for, independent of the machine's own tables."""
    ending = extension(path)
    return SHOWN.get(ending) or DOWNLOADED.get(ending, "application/octet-stream")


def may_be_published(path: str) -> bool:
    """Tells whether a file may be published under the names in ``path``, as far as these tell."""
    *folders, name = path.split("/")
    inner = name.lower().split(".")[1:-1]
    return (
        (extension(name) in SHOWN or extension(name) in DOWNLOADED)
        and not _RUN_BY_SERVERS.intersection(inner)
        and not any(extension(folder) in _NO_FOLDER for folder in folders)
    )

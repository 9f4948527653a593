"""Source paths under content/, and when two of them mean the same file: systems write one name in several ways, and an
entry may be a file or a folder."""

from __future__ import annotations

import unicodedata
from urllib.parse import unquote

TEXTS = (".md", ".markdown")
YAMLS = (".yml", ".yaml")


def comparable(path: str) -> str:
    """Returns the path in the form in which paths are compared: composed (macOS writes names decomposed), and without
    percent-encoding (browsers write blanks in the names of what they save as ``%20``)."""
    return unicodedata.normalize("NFC", unquote(path) if "%" in path else path)


def document_key(path: str) -> str:
    """Returns what all paths of one document share: ``x.md``, ``x.yaml``, ``x/index.md`` and ``x/`` are the same entry."""
    key = comparable(path).rstrip("/")
    if key.lower().endswith((*TEXTS, *YAMLS)):
        key = key.rpartition(".")[0]
    return key[: -len("/index")] if key.lower().endswith("/index") else key


def is_bundle(path: str) -> bool:
    """Tells whether a document is the text of a folder, in which its pictures may lie."""
    return path.rpartition("/")[2].partition(".")[0].lower() == "index"

"""A source file after reading: the typed entry, page or topic, or its problems.

Made by :mod:`builder.content`, kept in the state store, read by everything that decides what is published.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from builder.content.markdown.body import Body
from builder.messages.problems import Problem
from builder.model.dates import Moment
from builder.model.signature import Signature
from builder.model.values import Branch, Entry, Page, Topic


class Document(msgspec.Struct, frozen=True, omit_defaults=True):
    """One Markdown or YAML file. Exactly one of ``entry``, ``page``, ``topic`` is set, or none if it has an error.

    ``path`` is relative to the root: ``content/<branch>/…``. ``slug`` is empty where the name gives none. ``draft`` and
    ``expires`` are known even of a broken document whose front matter could be read. ``places`` are line and column of
    what refers to something else, by key: ``image``, ``attachments.0``, ``interprets.1``, ``replaces.0``. ``impersonal`` says
    that the source was seen to hold no personal data.
    """

    path: str
    kind: Literal["entry", "page", "topic"]
    branch: str
    section: str = ""
    slug: str = ""
    signature: Signature = Signature(0, 0, 0, 0)
    sha256: str = ""
    entry: Entry | None = None
    page: Page | None = None
    topic: Topic | None = None
    body: Body | None = None
    places: Mapping[str, tuple[int, int]] = {}
    impersonal: bool = False
    draft: bool = False
    expires: Moment | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def subject(self) -> Entry | Page | Topic | None:
        """The entry, page or topic that the file became; None if it is broken."""
        return self.entry or self.page or self.topic


class BranchContent(msgspec.Struct, frozen=True, omit_defaults=True):
    """The content of one branch's folder; for the hub ``slug`` is empty.

    ``unreadable`` are files and folders that are there and cannot be read: nobody can say what is gone from there.

    ``branch`` is None where branch.yml is broken or missing (and for the hub). ``files`` are all other regular files by
    source path, with their sizes. ``problems`` are those of branch.yml and of the folder itself. ``settings`` is a hash
    of what the documents were read with: unless it is the same, no document may be taken over from an earlier
    reading. ``settings_path`` is the file of
    its settings, empty if there is none that may be read.
    """

    slug: str
    branch: Branch | None = None
    documents: tuple[Document, ...] = ()
    files: Mapping[str, int] = {}
    problems: tuple[Problem, ...] = ()
    places: Mapping[str, tuple[int, int]] = {}
    settings: str = ""
    unreadable: tuple[str, ...] = ()
    settings_path: str = ""

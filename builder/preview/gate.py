"""The gate before a preview, which may answer in its place: requests and answers of HTTP as data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Protocol

from builder.model.struct import Struct


class Request(Struct, frozen=True):
    """A request: its path percent-decoded, its query as it came, its headers by their names in small letters, and the way to
    read so many bytes of what it sends."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    read: Callable[[int], bytes]


class Answer(Struct, frozen=True):
    """An answer. ``ends``: the connection is closed, since not all of what was sent was read."""

    status: HTTPStatus
    content: bytes = b""
    media_type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    ends: bool = False


class Gate(Protocol):
    """Something that answers requests itself, or lets the preview answer them."""

    def answer(self, request: Request) -> Answer | None:
        """Returns the answer; None for what the preview answers."""

    def headers(self) -> tuple[tuple[str, str], ...]:
        """Returns what every page of the preview gets beside its own headers."""

    def sees(self, request: Request) -> Callable[[str], bool]:
        """Returns which sites whoever asks may look at, by slug, the hub's is empty: drafts are on their pages."""

    def withheld(self, request: Request) -> Answer:
        """Returns the answer in place of a page that somebody may not look at."""

"""Hashes that say whether a site may have changed at all, before any page of it is derived. Pure but for the theme's files.

They hold states that follow from the clock (running, over, on top), never the clock itself.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from datetime import datetime

import msgspec

from builder.catalogue import Catalogue, LiveEntry, pinned
from builder.model import Topic
from builder.render.site import Theme
from builder.version import code_version
from builder.views import health_rows
from builder.views.common import over


def look_of(theme: Theme) -> str:
    """The hash of everything that makes pages look as they do: theme files, settings, and the versions of engines."""
    digest = hashlib.sha256(theme.settings)
    for place, folders, names in os.walk(theme.directory):
        folders.sort()
        for name in sorted(names):
            path = os.path.join(place, name)  # noqa: PTH118 - many files
            digest.update(os.path.relpath(path, theme.directory).encode())
            with open(path, "rb") as file:  # noqa: PTH123
                digest.update(hashlib.sha256(file.read()).digest())
    digest.update(code_version().encode())
    return digest.hexdigest()


def states_of(catalogue: Catalogue, digests: Mapping[str, str], now: datetime, *, hub: bool = False) -> str:
    """The hash of all that is live, with the states that pages show of it; for the hub freshness too. ``digests`` are
    those of the slices, by slug."""
    encoder = msgspec.msgpack.Encoder(order="deterministic")
    digest = hashlib.sha256(encoder.encode(catalogue.organization))
    for slug in sorted(catalogue.slices):
        part = catalogue.slices[slug]
        digest.update(digests[slug].encode())
        digest.update("".join(flag for live in part.entries for flag in _flags(live, now)).encode())
        digest.update("".join(flag for topic in part.topics for flag in _topic_flags(topic, now)).encode())
    if hub:
        digest.update(encoder.encode(health_rows(catalogue, now)))
    return digest.hexdigest()


def inputs_of(own: str, states: str, look: str, texts: str = "") -> str:
    """The hash of everything that a site is derived from: its ``own`` fingerprint, the states of all, the look, and the
    ``texts`` of others in its feeds."""
    return hashlib.sha256(f"{own} {states} {look} {texts}".encode()).hexdigest()


def foreign_owners(slug: str, catalogue: Catalogue) -> tuple[str, ...]:
    """The branches whose entries a branch's feeds may hold: what is shared with it, and its subtree."""
    shared = {live.entry.branch for live in catalogue.shared.get(slug, ())}
    return tuple(sorted(shared | {branch.slug for branch in catalogue.descendants(slug)}))


def foreign_texts(slug: str, fingerprints: Mapping[str, str], catalogue: Catalogue) -> str:
    """The hash of those branches' fingerprints; one that is not read stays as it was."""
    names = (fingerprints.get(owner, owner) for owner in foreign_owners(slug, catalogue))
    return hashlib.sha256(" ".join(names).encode()).hexdigest()


def _flags(live: LiveEntry, now: datetime) -> Iterator[str]:
    entry = live.entry
    yield str(int(pinned(entry, now)))
    yield str(int(over(entry, now)))
    yield str(int(entry.period is not None and entry.period.to is not None and not entry.period.to.over(now)))


def _topic_flags(topic: Topic, now: datetime) -> Iterator[str]:
    yield str(int(topic.closed is not None and topic.closed.over(now)))
    talk = topic.discussion
    if talk is not None:
        yield str(int(talk.opens is None or talk.opens.at <= now))
        yield str(int(talk.closes is not None and talk.closes.over(now)))

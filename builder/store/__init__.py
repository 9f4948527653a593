"""The state store: what a build remembers between runs. Losing it costs a full build and the last good versions.

``<state>/<key of the output folder>/`` holds a folder for each site, and in it one release: packs with the files as
published, ``manifest.json``, ``slice.json`` and ``items.json`` (what others read), ``feeds.json`` (what it shows of others),
``record.json`` (documents and last good versions), ``documents/`` (those of a large site). A release is complete or not there: it
is written beside the old one and exchanged with it in one step.
"""

from builder.store.exchange import exchange_folder, replace_folder, settle_folder
from builder.store.hub_stubs import HubStubs, read_hub_stubs
from builder.store.lock import StoreLockedError
from builder.store.packs import FileRecord, Packed
from builder.store.parts import APART, NO_PARTS, Parts, joined, part_of, read_parts, write_parts
from builder.store.release_writer import LaidRelease, OutputPathError, ReleaseContent, ReleaseWriter
from builder.store.releases import (
    Manifest,
    MediaRecord,
    PageKey,
    Record,
    Saved,
    ShownFeed,
    ShownFeeds,
    Source,
    Store,
)

__all__ = [
    "APART",
    "NO_PARTS",
    "FileRecord",
    "HubStubs",
    "LaidRelease",
    "Manifest",
    "MediaRecord",
    "OutputPathError",
    "Packed",
    "PageKey",
    "Parts",
    "Record",
    "ReleaseContent",
    "ReleaseWriter",
    "Saved",
    "ShownFeed",
    "ShownFeeds",
    "Source",
    "Store",
    "StoreLockedError",
    "exchange_folder",
    "joined",
    "part_of",
    "read_hub_stubs",
    "read_parts",
    "replace_folder",
    "settle_folder",
    "write_parts",
]

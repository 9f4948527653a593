"""The files of an index, made at once or brought up to date."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence

from builder.formats.search.blocks import Leaf, block_path, encode_block, partition
from builder.formats.search.documents import Document, Part, crowds, numbered, slots_for
from builder.formats.search.layout import SIZES, Before, File, Sizes, State, file, heads
from builder.formats.search.update import Outdated, updated


def index_files(
    parts: Mapping[str, Part], version: str, before: Before | None = None, sizes: Sizes = SIZES
) -> Iterator[File]:
    """Returns path, key and maker of each file of the index of these documents, by part.

    ``version`` names the code that makes it. With ``before`` only parts are read whose digest differs from the last one,
    and only files are made that hold their documents; the rest keep their keys.
    """
    if before is not None:
        try:
            return iter(updated(parts, version, before, sizes))
        except Outdated:
            pass
    return _make_all(parts, version, sizes)


def _make_all(parts: Mapping[str, Part], version: str, sizes: Sizes) -> Iterator[File]:
    """Makes the index of all documents at once."""
    by_part = {name: tuple(dict.fromkeys(part.documents())) for name, part in sorted(parts.items())}
    weights = {name: sum(each.weight for each in documents) for name, documents in by_part.items()}
    documents, crowded = _number_documents(each for part in by_part.values() for each in part)
    shards = sizes.shards(sum(weights.values()))
    most = sizes.block if shards else sizes.whole_block
    blocks: list[Leaf] = []
    for start, items in partition([Leaf(number, each.weight) for number, each in documents.items()], most):
        blocks.append(Leaf(start, sum(item.weight for item in items)))
        yield file(block_path(start), encode_block({item.start: documents[item.start] for item in items}))
    # Of an organization they take as much memory as what is made of them: each is let go as it is looked at.
    numbers, left = list(documents), deque(documents.values())
    del by_part, documents
    for path, content in _shards(numbers, left, shards):
        yield file(path, content)
    digests = {name: (part.digest, weights[name]) for name, part in sorted(parts.items())}
    yield from heads(State(digests, tuple(blocks), shards, crowded), version)


def _number_documents(documents: Iterable[Document]) -> tuple[dict[int, Document], tuple[int, ...]]:
    """Returns the documents by number, newest first, and the counts of crowded days."""
    days: dict[int, list[Document]] = {}
    for document in documents:
        days.setdefault(document.day, []).append(document)
    crowded = tuple(map(sum, zip(*(crowds(len(each)) for each in days.values()), strict=True))) or crowds(0)
    slots = slots_for(crowded)
    found: dict[int, Document] = {}
    for day in sorted(days):
        found |= numbered(day, days[day], slots)
    return found, crowded


def _shards(numbers: Sequence[int], documents: deque[Document], shards: int) -> Iterator[tuple[str, bytes]]:
    """Returns path and content of each shard; takes the documents, which have these numbers."""
    if shards:
        from builder.formats.search.arrays import shard_files

        yield from shard_files(numbers, documents, shards)

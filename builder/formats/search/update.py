"""The update of an index: only files with a changed document are read and made again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import msgspec

from builder.formats.search.blocks import Leaf, block_path, covering, decode_block, encode_block, partition
from builder.formats.search.documents import Document, Part, crowds, numbered, part_mark, slots_for
from builder.formats.search.layout import VERSION, Before, File, Sizes, State, file, heads
from builder.formats.search.postings import EMPTY, Postings, Shard, place_of
from builder.formats.search.tokens import Tokens

Change = tuple[Document | None, Document | None]
"""The document that had a number, and the one that has it now."""


class Outdated(Exception):  # noqa: N818 - a reason, not an error
    """The last index cannot be updated; everything has to be made again."""


def updated(parts: Mapping[str, Part], version: str, before: Before, sizes: Sizes) -> Sequence[File]:
    """Returns the files of the index of these documents, most of them unchanged. Raises Outdated."""
    try:
        return _Update(version, before, sizes).files(parts)
    except (OSError, msgspec.MsgspecError, ValueError) as error:
        raise Outdated(str(error)) from error


class _Update:
    def __init__(self, version: str, before: Before, sizes: Sizes) -> None:
        self.version, self.before, self.sizes = version, before, sizes
        if not before.keys.get("parts.json", "").startswith(f"{version} "):
            raise Outdated("other code")
        self.state = msgspec.json.decode(before.read("parts.json"), type=State)
        if self.state.version != VERSION or not self.state.shards:
            raise Outdated("another shape")
        self.postings = Postings()
        self._emptied: set[str] = set()
        self._crowded = self.state.crowded
        self._blocks: dict[int, dict[int, Document]] = {}

    def files(self, parts: Mapping[str, Part]) -> Sequence[File]:
        state = self.state
        changed = sorted(
            name
            for name in {*parts, *state.parts}
            if name not in parts or name not in state.parts or parts[name].digest != state.parts[name][0]
        )
        now = {name: tuple(dict.fromkeys(parts[name].documents())) if name in parts else () for name in changed}
        digests = {name: known for name, known in state.parts.items() if name not in now}
        for name in changed:
            if name in parts:
                digests[name] = (parts[name].digest, sum(document.weight for document in now[name]))
        if self.sizes.shards(sum(weight for _, weight in digests.values())) != state.shards:
            raise Outdated("another number of shards")
        changes = self._changes({each for name in changed for each in self._part(name)}, set().union(*now.values()))
        made, leaves = self._remake_blocks(changes)
        made += self._remake_shards(changes)
        made += heads(State(dict(sorted(digests.items())), tuple(leaves), state.shards, self._crowded), self.version)
        found = {path: (path, key, make) for path, key, make in made}
        kept = {block_path(leaf.start) for leaf in leaves}
        for path, key in self.before.keys.items():
            if path not in found and (path in kept or not path.startswith("blocks/")):
                found[path] = (path, key, partial(self.before.read, path))
        return [found[path] for path in sorted(found) if path not in self._emptied]

    def _part(self, name: str) -> Iterator[Document]:
        """Returns the documents that a part had."""
        known = self.state.parts.get(name)
        if known is None:
            return
        # A branch's part has the branch's own name and mark; which of the two a name is, its documents say.
        for piece in {part_mark(name, ""), part_mark("", name)}:
            path, key = place_of(piece, self.state.shards)
            shard = self._shard(path)
            place, there = shard.find(key)
            for number in self.postings.decode(shard.row(place)) if there else ():
                document = self._at(number)
                if document is not None and (document.part or document.branch) == name:
                    yield document

    def _at(self, number: int) -> Document | None:
        leaf = covering(self.state.blocks, number)
        return self._block(leaf).get(number) if leaf is not None else None

    def _block(self, leaf: Leaf) -> dict[int, Document]:
        if leaf.start not in self._blocks:
            self._blocks[leaf.start] = decode_block(self.before.read(block_path(leaf.start)))
        return self._blocks[leaf.start]

    def _changes(self, was: set[Document], now: set[Document]) -> dict[int, Change]:
        """Returns the change at each number: documents of these parts, and those whose place they take."""
        gone, come = was - now, now - was
        changes: dict[int, Change] = {}
        for day in sorted({document.day for document in gone | come}):
            old = self._day(day)
            there = [document for document in old.values() if document not in gone]
            there += [document for document in come if document.day == day]
            counts = zip(self._crowded, crowds(len(old)), crowds(len(there)), strict=True)
            self._crowded = tuple(total - before + after for total, before, after in counts)
            if slots_for(crowds(len(there))) > self.state.slots:
                raise Outdated("a crowded day")
            new = numbered(day, there, self.state.slots)
            for number in sorted({*old, *new}):
                if old.get(number) != new.get(number):
                    changes[number] = (old.get(number), new.get(number))
        if slots_for(self._crowded) != self.state.slots:
            raise Outdated("other numbers")
        return changes

    def _day(self, day: int) -> dict[int, Document]:
        first, end = day << self.state.slots, (day + 1) << self.state.slots
        near = [leaf for leaf in self.state.blocks if first < leaf.start < end]
        start = covering(self.state.blocks, first)
        found: dict[int, Document] = {}
        for leaf in ([start] if start is not None else []) + near:
            found |= {number: each for number, each in self._block(leaf).items() if first <= number < end}
        return found

    def _remake_blocks(self, changes: Mapping[int, Change]) -> tuple[list[File], list[Leaf]]:
        """Makes the changed blocks again; returns them, and all blocks."""
        touched = {leaf for number in changes if (leaf := covering(self.state.blocks, number)) is not None}
        documents = {number: each for leaf in touched for number, each in self._block(leaf).items()}
        for number, (_, new) in changes.items():
            documents.pop(number, None)
            if new is not None:
                documents[number] = new
        untouched = {leaf.start: leaf for leaf in self.state.blocks if leaf not in touched}
        items = [*untouched.values(), *(Leaf(number, each.weight) for number, each in documents.items())]
        files: list[File] = []
        leaves: list[Leaf] = []
        for start, inside in partition(sorted(items, key=lambda leaf: leaf.start), self.sizes.block):
            leaves.append(Leaf(start, sum(item.weight for item in inside)))
            if len(inside) == 1 and untouched.get(start) == inside[0] and inside[0].start not in documents:
                continue
            held: dict[int, Document] = {}
            for item in inside:
                if item.start in documents:
                    held[item.start] = documents[item.start]
                else:
                    held |= self._block(item)
            files.append(file(block_path(start), encode_block(held)))
        return files, leaves

    def _remake_shards(self, changes: Mapping[int, Change]) -> list[File]:
        """Makes the shards again that hold a piece of a changed document."""
        tokens = Tokens()
        wanted: dict[str, dict[int, tuple[set[int], set[int]]]] = {}
        for number, (old, new) in changes.items():
            had, has = set(self._keys(old, tokens)), set(self._keys(new, tokens))
            for place, keys in enumerate((had - has, has - had)):
                for path, key in keys:
                    wanted.setdefault(path, {}).setdefault(key, (set(), set()))[place].add(number)
        files: list[File] = []
        for path, edits in sorted(wanted.items()):
            content = self.postings.edited(self._shard(path), edits)
            if content:
                files.append(file(path, content))
            else:
                self._emptied.add(path)
        return files

    def _keys(self, document: Document | None, tokens: Tokens) -> Iterator[tuple[str, int]]:
        """Returns path and key of every piece of a document, in its field."""
        for field, pieces in enumerate(document.pieces(tokens) if document is not None else ()):
            for piece in pieces:
                path, key = place_of(piece, self.state.shards)
                yield path, key + field

    def _shard(self, path: str) -> Shard:
        return self.postings.open(self.before.read(path) if path in self.before.keys else EMPTY)

"""The laws of a search index: it holds what it was given and nothing else, whichever way it was made."""

from __future__ import annotations

import json
from collections.abc import Mapping

import msgspec
import pytest
from conftest import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.formats.search import Before, Document, Part, Sizes, index_files
from builder.formats.search.postings import Postings, place_of
from builder.formats.search.tokens import Tokens, grams, hashed, mark

SMALL = Sizes(whole=500, whole_block=200, block=250, shard=400)
BRANCHES = ("alpha", "beta", "gamma")
words = st.sampled_from(
    ["走访慰问", "读书会", "workshop", "Open", "安全", "2026", "a", "党员 们", "《山海经》", "𠮷", "—"]
)
texts = st.lists(words, max_size=6).map("，".join)
days = st.sampled_from(["2026-11-20", "2026-11-21", "2021-07-01", "1921-07-01", "2500-01-01", ""])

Content = dict[tuple[str, int], Document]


@st.composite
def documents(draw: st.DrawFn) -> Document:
    branch, number = draw(st.sampled_from(BRANCHES)), draw(st.integers(0, 12))
    return Document(
        url=f"/{branch}/{number}/",
        date=draw(days),
        branch=branch,
        section=draw(st.sampled_from(["news", "notices"])),
        title=draw(texts),
        keywords=tuple(draw(st.lists(words, max_size=2))),
        summary=draw(texts),
        text=draw(texts),
    )


edits = st.one_of(
    documents(),
    documents(),
    st.builds(lambda branch, number: f"/{branch}/{number}/", st.sampled_from(BRANCHES), st.integers(0, 12)),
)
scripts = st.lists(st.lists(edits, min_size=1, max_size=8), min_size=1, max_size=4)
CAREFUL = settings(max_examples=examples(75), deadline=None, derandomize=True)


def parts(content: Mapping[str, Document]) -> dict[str, Part]:
    """A part for each branch."""
    found: dict[str, list[Document]] = {}
    for _, document in sorted(content.items()):
        found.setdefault(document.branch, []).append(document)
    return {branch: Part(repr(hash(tuple(each))), lambda each=each: each) for branch, each in found.items()}


class Folder:
    """The files of an index, as they lie on a disk."""

    def __init__(self, version: str = "1") -> None:
        self.version = version
        self.files: dict[str, bytes] = {}
        self.keys: dict[str, str] = {}
        self.made: set[str] = set()

    def write(self, content: Mapping[str, Document], *, clean: bool = False) -> None:
        before = None if clean else Before(self.keys, self.files.__getitem__)
        rows = list(index_files(parts(content), self.version, before, SMALL))
        self.made = {path for path, key, _ in rows if self.keys.get(path) != key}
        self.files = {path: self.files[path] if self.keys.get(path) == key else make() for path, key, make in rows}
        self.keys = {path: key for path, key, _ in rows}

    def documents(self) -> dict[int, list[object]]:
        rows = [
            row for path, content in self.files.items() if path.startswith("blocks/") for row in json.loads(content)
        ]
        return dict(rows)

    def holding(self, piece: int) -> set[int]:
        path, key = place_of(piece, self.head["shards"])
        postings = Postings()
        found: set[int] = set()
        if path in self.files:
            shard = postings.open(self.files[path])
            for field in range(4):
                place, there = shard.find(key + field)
                found |= set(postings.decode(shard.row(place))) if there else set()
        return found

    @property
    def head(self) -> dict[str, int]:
        head: dict[str, int] = json.loads(self.files["index.json"])
        return head


def carried_out(content: dict[str, Document], step: list[Document | str]) -> None:
    for edit in step:
        if isinstance(edit, Document):
            content[edit.url] = edit
        else:
            content.pop(edit, None)


@given(scripts)
@CAREFUL
@pytest.mark.slow
def test_step_by_step_equals_at_once(script: list[list[Document | str]]) -> None:
    content: dict[str, Document] = {}
    folder = Folder()
    for step in script:
        carried_out(content, step)
        folder.write(content)
    once = Folder()
    once.write(content, clean=True)
    assert folder.files == once.files
    assert folder.keys == once.keys


@given(st.lists(documents(), max_size=25))
@CAREFUL
@pytest.mark.slow
def test_every_word_finds_its_document(given_: list[Document]) -> None:
    content = {document.url: document for document in given_}
    folder = Folder()
    folder.write(content)
    held = folder.documents()
    assert sorted(str(each[0]) for each in held.values()) == sorted(content)
    if not folder.head["shards"]:
        assert {path.split("/")[0] for path in folder.files} <= {"index.json", "blocks"}
        return
    tokens = Tokens()
    for number, (url, *_) in held.items():
        document = content[str(url)]
        for text in (document.title, *document.keywords, document.summary, document.text):
            for gram in grams(tokens.fold(text)):
                assert number in folder.holding(hashed(gram)), gram
        assert number in folder.holding(mark("branch", document.branch))
        assert number in folder.holding(mark("section", document.section))


@given(st.lists(documents(), min_size=1, max_size=25), st.data())
@CAREFUL
@pytest.mark.slow
def test_what_was_taken_out_leaves_nothing(given_: list[Document], data: st.DataObject) -> None:
    content = {document.url: document for document in given_}
    gone = data.draw(st.sampled_from(sorted(content)))
    secret = msgspec.structs.replace(content[gone], text="机密文字")
    folder = Folder()
    folder.write({**content, gone: secret})
    del content[gone]
    folder.write(content)
    assert not any("机密".encode() in file or gone.encode() + b'"' in file for file in folder.files.values())
    held = set(folder.documents())
    if folder.head["shards"]:
        assert all(folder.holding(hashed(gram)) <= held for gram in ("机密", "密文", "走访", "op", "2026"))
        assert folder.holding(hashed("机密")) == set()


def many(count: int) -> dict[str, Document]:
    return {
        f"/alpha/{number}/": Document(
            url=f"/alpha/{number}/", date=f"2026-{number % 12 + 1:02d}-{number % 28 + 1:02d}", branch="alpha",
            section="news", title=f"第{number}篇", text="走访" * 5,
        )
        for number in range(count)
    }  # fmt: skip


def test_numbers_rise_from_the_newest_to_the_oldest() -> None:
    folder = Folder()
    folder.write(many(100))
    dates = [row[1] for _, row in sorted(folder.documents().items())]  # type: ignore[index]
    assert dates == sorted(dates, reverse=True)


def test_one_edit_makes_few_files() -> None:
    content = many(400)
    folder = Folder()
    folder.write(content)
    edited = content["/alpha/7/"]
    content["/alpha/7/"] = msgspec.structs.replace(edited, title="第7篇新")
    folder.write(content)
    assert 0 < len(folder.made) <= 8
    assert len(folder.files) > 100


def test_no_block_is_too_large() -> None:
    folder = Folder()
    folder.write(many(400))
    assert all(len(file) <= 250 for path, file in folder.files.items() if path.startswith("blocks/"))


def test_a_day_of_very_many() -> None:
    content = many(700)
    crowded = {
        url: Document(url=url, date="2026-07-01", branch="alpha", section="news", title=each.title)
        for url, each in content.items()
    }
    folder = Folder()
    folder.write(content)
    assert folder.head["slots"] == 8
    folder.write(crowded)
    assert folder.head["slots"] == 11
    assert len(folder.documents()) == 700
    once = Folder()
    once.write(crowded)
    assert folder.files == once.files


@pytest.mark.parametrize(
    ("before", "after", "slots"),
    [
        ((192, 0), (192, 1), (8, 8)),
        ((192, 0), (193, 0), (8, 11)),
        ((193, 0), (192, 0), (11, 8)),
        # As long as one day is crowded, nothing is gained by another that is not any more.
        ((193, 193), (193, 192), (11, 11)),
        ((193, 193), (192, 192), (11, 8)),
    ],
)
def test_days_that_become_crowded_or_are_so_no_more(
    before: tuple[int, int], after: tuple[int, int], slots: tuple[int, int]
) -> None:
    def content(days: tuple[int, int]) -> dict[str, Document]:
        urls = {f"/alpha/{day}-{number}/": day for day, count in enumerate(days) for number in range(count)}
        return many(400) | {
            url: Document(url=url, date=f"2026-07-0{day + 1}", branch="alpha", section="news", title="T")
            for url, day in urls.items()
        }

    folder, once = Folder(), Folder()
    folder.write(content(before))
    assert folder.head["slots"] == slots[0]
    folder.write(content(after))
    once.write(content(after), clean=True)
    assert folder.head["slots"] == slots[1]
    assert (folder.files, folder.keys) == (once.files, once.keys)


def test_another_program_makes_all_anew() -> None:
    folder = Folder()
    folder.write(many(100))
    folder.version = "2"
    folder.write(many(100))
    assert folder.made == {"parts.json"}


@pytest.mark.slow
def test_a_damaged_index_is_made_anew() -> None:
    folder = Folder()
    content = many(100)
    folder.write(content)
    once = Folder()
    content["/alpha/1/"] = msgspec.structs.replace(content["/alpha/1/"], title="新")
    once.write(content)
    for path in folder.files:
        damaged = Folder()
        damaged.write(many(100))
        damaged.files[path] = b"\x05"
        damaged.write(content)
        assert {**damaged.files, path: once.files.get(path)} == {**once.files, path: once.files.get(path)}


@given(st.lists(st.integers(0, 2**40), unique=True, max_size=200), st.data())
def test_a_row_is_edited_as_if_written_anew(numbers: list[int], data: st.DataObject) -> None:
    postings = Postings()
    less = set(data.draw(st.lists(st.sampled_from(numbers), unique=True))) if numbers else set()
    more = set(data.draw(st.lists(st.integers(0, 2**40), max_size=5))) - set(numbers)
    shard = postings.shard({7: postings.encode(sorted(numbers))} if numbers else {})
    kept = sorted(set(numbers) - less | more)
    edited = postings.edited(postings.open(shard), {7: (less, more)}) if less or more else shard
    assert (edited or b"\0") == postings.shard({7: postings.encode(kept)} if kept else {})
    assert postings.decode(postings.encode(kept)) == kept


@pytest.mark.parametrize("place", [0, 998, 999, 1000, 1001, 1002, 4999, 5000, 5001, 5002, 5003, 5004, 5999])
def test_a_long_row_is_edited_where_its_first_part_ends(place: int) -> None:
    postings = Postings()
    numbers = [3 * number for number in range(6000)]
    shard = postings.shard({7: postings.encode(numbers)})
    for less, more in (({3 * place}, set()), (set(), {3 * place + 1}), ({3 * place}, {3 * place + 1})):
        kept = sorted({*numbers} - less | more)
        assert postings.edited(postings.open(shard), {7: (less, more)}) == postings.shard({7: postings.encode(kept)})

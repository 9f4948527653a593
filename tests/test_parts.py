"""The documents of a large site in parts: an edit costs its part, and what is not as it was written is seen."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from builder.content.documents import Document
from builder.store import joined, read_parts, write_parts

SIZE = 3
DOCUMENTS = tuple(
    Document(f"content/a/news/2026-11-{day:02}-n.md", "entry", "a", sha256=str(day)) for day in range(1, 29)
)


def test_few_documents_have_no_parts(tmp_path: Path) -> None:
    assert write_parts(tmp_path / "new", DOCUMENTS[:SIZE], SIZE) == {}
    assert not (tmp_path / "new").exists()


def test_they_are_read_as_they_were_written(tmp_path: Path) -> None:
    made = write_parts(tmp_path, DOCUMENTS, SIZE)
    assert sorted(made) == sorted(file.name for file in tmp_path.iterdir())
    assert read_parts(tmp_path, made) == made
    assert joined(made) == DOCUMENTS


CHANGED = msgspec.structs.replace(DOCUMENTS[9], sha256="other")
ADDED = msgspec.structs.replace(DOCUMENTS[9], path="content/a/news/2026-11-10-p.md")


@pytest.mark.parametrize(
    "documents",
    [
        (*DOCUMENTS[:9], CHANGED, *DOCUMENTS[10:]),
        (*DOCUMENTS[:10], ADDED, *DOCUMENTS[10:]),
        DOCUMENTS[:9] + DOCUMENTS[10:],
    ],
    ids=["changed", "added", "gone"],
)
def test_only_parts_in_which_something_changed_are_written(tmp_path: Path, documents: tuple[Document, ...]) -> None:
    last, folder = tmp_path / "last", tmp_path / "next"
    before = write_parts(last, DOCUMENTS, SIZE)
    made = write_parts(folder, documents, SIZE, before, (tmp_path / "nowhere", last))
    linked = [name for name in made if (folder / name).stat().st_nlink == 2]
    assert len(linked) >= len(before) - 2
    assert set(linked) == made.keys() & before.keys()
    parts = read_parts(folder, made)
    assert parts is not None
    assert joined(parts) == documents


def test_a_part_that_is_gone_where_it_lay_is_written_again(tmp_path: Path) -> None:
    last, folder = tmp_path / "last", tmp_path / "next"
    before = write_parts(last, DOCUMENTS, SIZE)
    (last / next(iter(before))).unlink()
    assert read_parts(folder, write_parts(folder, DOCUMENTS, SIZE, before, (last,))) == before


@pytest.mark.parametrize("content", [b"", b"[]", None, "another"], ids=["empty", "other", "gone", "another part"])
def test_a_part_that_is_not_as_it_was_written_counts_as_none(tmp_path: Path, content: bytes | str | None) -> None:
    first, second, *_ = write_parts(tmp_path, DOCUMENTS, SIZE)
    if content is None:
        (tmp_path / first).unlink()
    else:
        (tmp_path / first).write_bytes((tmp_path / second).read_bytes() if isinstance(content, str) else content)
    assert read_parts(tmp_path, (first,)) is None
    assert read_parts(tmp_path, (second,)) is not None

"""Of a large branch only what was saved is read again: how that is seen, and when all of it is read all the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from conftest import ANY_AGE, SmallSite, codes

from builder.catalogue.rereading import saved_since
from builder.content.walk import listing
from builder.messages.problems import MOST_OF_FILE
from builder.model.signature import Signature
from builder.pipeline.job import Job, Outcome
from builder.pipeline.release import build_site
from builder.pipeline.stages import Steps
from builder.store import Source, Store

VISIT = "content/alpha/news/2026-11-20-visit.md"
LARGE = {"apart": 1, "margin_ns": ANY_AGE}
"""The options of a build that takes each branch for a large one."""


def source(number: int, touched: int = 5) -> Source:
    return Source(f"content/a/{number}.md", "hash", "hash", Signature(1, touched, touched, number))


@pytest.mark.parametrize(
    ("now", "found"),
    [
        ({}, []),
        ({1: source(1, 6)}, [1]),
        ({1: source(9)}, [1]),
        ({1: source(1, 6), 2: source(2, 6)}, [1, 2]),
        ({1: None}, None),
    ],
    ids=["nothing", "saved", "another file of the same time", "two", "gone"],
)
def test_which_sources_were_saved(now: dict[int, Source | None], found: list[int] | None) -> None:
    known = [source(1), source(2)]
    files = {each.path: tuple(each.signature) for each in known}
    for number, each in now.items():
        path = source(number).path
        del files[path]
        if each is not None:
            files[path] = tuple(each.signature)
    saved = saved_since(known, files, 10)
    assert (None if saved is None else [each.path for each in saved]) == (
        None if found is None else [source(number).path for number in found]
    )
    assert saved is None or [tuple(each.signature) for each in saved] == [files[each.path] for each in saved]


def test_what_was_saved_as_it_was_read_is_read_again() -> None:
    known = [source(1, 4), source(2, 5)]
    assert saved_since(known, {each.path: tuple(each.signature) for each in known}, 5) == (known[1],)


def test_of_many_files_that_were_saved_nothing_is_said() -> None:
    known = [source(number) for number in range(51)]
    files = {each.path: tuple(each.signature) for each in known}
    assert saved_since(known, files, 5) is None
    assert saved_since(known[:50], files, 5) == tuple(known[:50])


def test_a_listing_apart_from_documents(tmp_path: Path) -> None:
    folder = tmp_path / "content/a"
    folder.mkdir(parents=True)
    for name in ("text.md", "branch.yml", "table.pdf"):
        (folder / name).write_text(name)

    def apart() -> tuple[str, int]:
        return listing(tmp_path, "content/a").apart_from(tmp_path, ("content/a/text.md",))

    before = apart()
    (folder / "text.md").write_text("other")
    assert apart() == before
    assert before[1] == max((folder / name).stat().st_ctime_ns for name in ("branch.yml", "table.pdf"))
    seen = {before[0]}
    for change in (
        lambda: (folder / "table.pdf").write_text("other"),
        lambda: (folder / "branch.yml").write_text("name: b"),
        lambda: (folder / "new.md").write_text("new"),
        lambda: (folder / "text.md").rename(folder / "texts.md"),
        lambda: (folder / "text.md").symlink_to("texts.md"),
    ):
        change()
        seen.add(apart()[0])
    assert len(seen) == 6
    (folder / "link").symlink_to(tmp_path)
    assert apart() == ("", 1 << 63)


def edited(site: SmallSite, text: str, **options: Any) -> list[bool]:
    """Edits a text; returns of each making of its branch whether only texts were read for it."""
    alone: list[bool] = []

    def make(job: Job) -> Outcome:
        if job.slug == "alpha":
            alone.append(job.texts_only)
        return build_site(job)

    site.write(text).build(steps=Steps(make=make), **LARGE, **options)
    return alone


def text_of(last: str, head: str = "title: 走访慰问\n") -> str:
    return f"--- {VISIT}\n---\n{head}---\n上午九点,党员们出发了。\n\n{last}\n"


def damaged(site: SmallSite) -> None:
    for part in Store(site.root / ".branchpress", site.output).documents("alpha").iterdir():
        part.write_bytes(b"x" + part.read_bytes()[1:])


def with_other_settings(site: SmallSite) -> None:
    site.write("--- content/alpha/branch.yml\nname: 甲支部\nabout: 新的\n")


def with_another_file(site: SmallSite) -> None:
    site.write("--- content/alpha/news/2026-11-01-old.md\n---\ntitle: 旧\n---\n文。\n")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("beside", "alone", "told"),
    [
        (lambda _: None, [True], []),
        (damaged, [False], ["content/alpha:- state-damaged none"]),
        (with_other_settings, [False], []),
        (with_another_file, [False], []),
    ],
    ids=["a text", "and its part is damaged", "and the settings", "and another text"],
)
def test_when_all_is_read(
    site: SmallSite, beside: Callable[[SmallSite], None], alone: list[bool], told: list[str]
) -> None:
    site.write(text_of("先。")).build(**LARGE)
    beside(site)
    assert edited(site, text_of("后。")) == alone
    assert "后。" in site.page("alpha/news/2026-11-20-visit/index.html")
    store = Store(site.root / ".branchpress", site.output)
    record = store.saved("alpha").record
    assert record is not None
    assert VISIT in {source.path for source in record.sources}
    made = site.files()
    assert edited(site, "", clean=True) == [False]
    assert site.files() == made


@pytest.mark.slow
def test_a_text_that_says_it_is_hidden_is_withdrawn_from_the_state(site: SmallSite) -> None:
    site.write(text_of("机密。")).build(**LARGE)
    assert edited(site, text_of("不是机密。")) == [True]
    edited(site, text_of("机密。", "title: 走访慰问\ndraft: true\n"))
    edited(site, text_of("没有。", "title: 走访慰问\ndraft: true\n"))
    state = site.root / ".branchpress"
    assert not [file for file in state.rglob("*") if file.is_file() and "机密".encode() in file.read_bytes()]


@pytest.mark.slow
def test_where_more_is_wrong_than_is_told_all_is_read(site: SmallSite) -> None:
    broken = "\n\n".join(f"[链](nothing-{number}.md)" for number in range(MOST_OF_FILE + 1))
    site.write(text_of(broken)).build(**LARGE)
    assert edited(site, text_of(f"{broken}\n\n后。")) == [True, False]
    assert f"{VISIT}:- more-problems none" in codes(site.build(**LARGE))


def test_the_record_tells_of_documents_without_having_them(built_site: SmallSite) -> None:
    built_site.write(text_of("先。")).build(**LARGE)
    store = Store(built_site.root / ".branchpress", built_site.output)
    head = store.saved("alpha").record
    assert head is not None
    assert head.content.documents == ()
    whole = store.record("alpha")
    assert whole is not None
    documents = whole.content.documents
    assert [each.path for each in head.sources] == [each.path for each in documents]
    assert [each.sha256 for each in head.sources] == [each.sha256 for each in documents]
    assert list(head.parts) == [each.path for each in documents]
    assert msgspec.structs.replace(whole, content=head.content) == head


@pytest.mark.slow
def test_feeds_of_others_have_what_was_read_again(site: SmallSite) -> None:
    head = "title: 走访慰问\nshare_with: all\n"
    site.write(text_of("先。", head)).build(**LARGE)
    assert edited(site, text_of("后。", head)) == [True]
    assert "后。" in site.page("beta/feed.xml")
    made = site.files()
    site.build(clean=True)
    assert site.files() == made

"""Which files wake the preview: those that people save, not those that their editors keep beside them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from watchdog.events import (
    DirModifiedEvent,
    FileClosedNoWriteEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileOpenedEvent,
    FileSystemEvent,
)

from builder.preview.watch import Watch


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    (tmp_path / "content").mkdir()
    made = Watch([tmp_path / "content"], tmp_path / "mkdocs.yml")
    yield made
    made.close()


@pytest.mark.parametrize(
    ("event", "wakes"),
    [
        (FileModifiedEvent("content/alpha/a.md"), True),
        (FileCreatedEvent("content/alpha/a.md"), True),
        (FileDeletedEvent("content/alpha/a.md"), True),
        (FileModifiedEvent("mkdocs.yml"), True),
        (FileMovedEvent("content/alpha/.a.md.swp", "content/alpha/a.md"), True),
        (FileMovedEvent("content/alpha/a.md", "elsewhere/a.md"), True),
        (FileModifiedEvent("content/alpha/a.md~"), False),
        (FileCreatedEvent("content/alpha/.a.md.swp"), False),
        (FileOpenedEvent("content/alpha/a.md"), False),
        (FileClosedNoWriteEvent("content/alpha/a.md"), False),
        (DirModifiedEvent("content/alpha"), False),
        (FileModifiedEvent("README.md"), False),
        (FileModifiedEvent("contents/a.md"), False),
    ],
    ids=lambda value: f"{value.event_type} {value.src_path}" if isinstance(value, FileSystemEvent) else None,
)
def test_what_wakes_a_preview(watch: Watch, tmp_path: Path, event: FileSystemEvent, wakes: bool) -> None:
    for end in ("src_path", "dest_path"):
        if getattr(event, end):
            setattr(event, end, f"{tmp_path}/{getattr(event, end)}")
    watch.on_any_event(event)
    assert watch.wait(0) == wakes
    assert bool(watch.take()) == wakes
    assert not watch.take()

"""Which files wake the preview: those that people save, not those that their editors keep beside them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

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
from watchdog.observers import Observer
from watchdog.observers.polling import PollingEmitter

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


class Exhausted(Observer):  # type: ignore[misc, valid-type]
    """The system watches no more folders."""

    def start(self) -> None:
        raise OSError(28, "inotify watch limit reached")


@pytest.mark.slow
@pytest.mark.parametrize("observe", [Observer, Exhausted])
def test_what_is_saved_anywhere_below_is_seen_also_in_a_folder_that_takes_the_place_of_another(
    tmp_path: Path, observe: Callable[[], Any]
) -> None:
    content, theme, settings = tmp_path / "content", tmp_path / "theme", tmp_path / "mkdocs.yml"
    for folder in (content / "alpha/news", theme, tmp_path / "other"):
        folder.mkdir(parents=True)
    made: list[Any] = []

    def observer() -> Any:
        made.append(observe())
        return made[-1]

    watch = Watch([content, theme, tmp_path / "not-there"], settings, observer)
    try:
        assert not watch.wait(0.1)
        pauses = {each.timeout for each in threading.enumerate() if isinstance(each, PollingEmitter)}
        assert pauses == ({1} if observe is Exhausted else set()), "it looks once a second"
        for file in (content / "alpha/news/a.md", theme / "main.html", settings):
            (tmp_path / "other/b.md").write_text("x")
            (tmp_path / "b.yml").write_text("x")
            file.write_text("x")
            assert watch.wait(20)
            touched = watch.take()
            assert str(file) in touched
            assert not touched & {str(tmp_path / "other/b.md"), str(tmp_path / "b.yml")}
        (tmp_path / "new/alpha").mkdir(parents=True)
        content.rename(tmp_path / "old")
        (tmp_path / "new").rename(content)
        assert watch.wait(20)
        assert watch.take() >= {str(content), str(theme)}
        assert len(made) == 2
        assert not made[0].is_alive(), "the folder that is gone is watched no more"
        (content / "alpha/c.md").write_text("x")
        assert watch.wait(20)
        assert str(content / "alpha/c.md") in watch.take()
    finally:
        watch.close()
    assert not made[1].is_alive()

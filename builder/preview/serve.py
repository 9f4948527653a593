"""The life of a preview: build, serve, watch, build again."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor, Future
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from builder.content.workspace import UnusableError
from builder.messages.problems import Problem
from builder.messages.terms import translator_of
from builder.messages.translation import N_
from builder.model.card import FONT_FOLDERS
from builder.model.site_id import SiteId
from builder.model.values import Organization
from builder.pipeline.conductor import Options, Result, build
from builder.pipeline.progress import Progress, amount_text, stage_text
from builder.pipeline.wechat import wechat_of
from builder.preview.board import Board, described, panel_labels
from builder.preview.gate import Gate
from builder.preview.server import Folder, PreviewServer
from builder.preview.waiting import waiting_page
from builder.preview.watch import Watch
from builder.store.lock import locked

_log = logging.getLogger(__name__)
_SETTINGS_BROKEN = N_(
    "Nothing is updated until {file} is corrected: what you see is the state before the mistake, whatever else is saved."
)
_AGAIN = 1.0
_CALM = 3.0
"""Seconds without a change after which everything is looked at, not only what was seen to be touched."""
_LONGEST = 3600.0
_STEP = 0.2
"""Seconds between two reports of progress."""


class PreviewSettings(msgspec.Struct, frozen=True):
    """The folder that is shown, and what a preview is given by whoever starts it.

    ``state`` is the folder for the state of builds, ``clock`` gives the time of a build, ``executor`` makes what builds run in,
    ``say`` writes sentences to the terminal and ``tell`` the new problems of a build. ``deadline`` is that of builds.
    """

    root: Path
    state: Path
    organization: Organization
    clock: Callable[[Organization], datetime]
    executor: Callable[[], Executor]
    say: Callable[[str], None]
    tell: Callable[[Sequence[Problem]], None]
    deadline: float | None = None


class Preview:
    """A preview of all sites at their places below one address on this machine.

    Drafts and scheduled texts are shown and marked. It has its own output and state, so that the published sites are
    never touched.
    """

    def __init__(self, settings: PreviewSettings, gate: Gate | None = None) -> None:
        """A ``gate`` answers requests before the preview does."""
        self._root, self._state = settings.root.absolute(), settings.state.absolute() / "preview"
        self._clock, self._say, self._tell = settings.clock, settings.say, settings.tell
        self._organization = settings.organization
        self._text = translator_of(settings.organization)
        self._board = Board(panel_labels(self._text))
        self._advanced = 0.0
        self._problems: tuple[Problem, ...] = ()
        self._make_executor = settings.executor
        self._whole = self._looks_again = self._edited = False
        self._gate, self._deadline = gate, settings.deadline

    def run(self, host: str, port: int) -> None:
        """Serves until it is interrupted. Raises StoreLockedError if a preview is already running, OSError if no port from
        ``port`` on is free (0: any)."""
        with locked(self._state / "lock"):
            # Workers are made before there are threads that a fork could surprise.
            executor = _Lasting(self._make_executor())
            folder = Folder(self._output, {})
            waiting = waiting_page(self._text)
            server = PreviewServer(host, port, self._board, folder, waiting, self._wechat, self._gate)
            watch = Watch((self._root / "content", self._root / "theme"), self._root / "mkdocs.yml")
            thread = threading.Thread(target=server.serve_forever, daemon=True)
            try:
                thread.start()
                if port and server.port != port:
                    self._say(
                        self._text.gettext(
                            "Port {port} is in use; using {other} instead.", port=port, other=server.port
                        )
                    )
                shown = f"[{host}]" if ":" in host else host
                self._say(
                    self._text.gettext("Preview: {url} (press Ctrl+C to stop)", url=f"http://{shown}:{server.port}/")
                )
                touched: frozenset[str] | None = None
                while True:
                    wait = self._build(executor, server, touched)
                    changed = watch.wait(wait if touched is None else min(wait, _CALM))
                    paths = watch.take()
                    touched = self._sites_of(paths) if changed and self._whole else None
            finally:
                self._board.close()
                server.shutdown()
                server.server_close()
                watch.close()
                executor.end()

    def _wechat(self, ref: str) -> str | None:
        """Returns an entry for WeChat, as its source is now."""
        organization = self._organization
        try:
            return wechat_of(self._root, organization, ref, self._clock(organization))
        except OSError:
            # Its files are being exchanged: whoever asked asks again.
            return None

    @property
    def _output(self) -> Path:
        return self._state / "sites"

    def _sites_of(self, paths: Iterable[str]) -> frozenset[str] | None:
        """Returns the sites in whose folders paths lie; None if one lies in none."""
        content = f"{self._root / 'content'}{os.sep}"
        sites = {path.removeprefix(content).partition(os.sep)[0] for path in paths if path.startswith(content)}
        inside = all(path.startswith(content) and os.sep in path.removeprefix(content) for path in paths)
        return frozenset(SiteId.of(f"content/{name}").slug for name in sites) if inside else None

    def _build(self, executor: _Lasting, server: PreviewServer, touched: frozenset[str] | None) -> float:
        """Brings the preview up to date; only the sites that were ``touched`` are looked at, if they are known. Returns the
        seconds until time alone makes it outdated."""
        self._board.starts()
        self._whole, self._edited = False, touched is not None
        started = time.monotonic()
        try:
            now = self._clock(self._organization)
            result = build(self._options(now, touched), lambda: executor, self._show_progress)
        except UnusableError as error:
            files = tuple(dict.fromkeys(each.path for each in error.problems if each.severity == "error"))
            self._tell_new(error.problems)
            why = self._text.gettext(_SETTINGS_BROKEN, file=files)
            self._board.stops(why, described(error.problems, self._text))
            return _LONGEST
        except OSError as error:
            self._stop(f"{error.filename or self._root}: {error.strerror or error}")
            return _AGAIN
        except Exception as error:
            _log.debug("the preview could not be brought up to date", exc_info=True)
            self._stop(f"{type(error).__name__}: {error}")
            return _LONGEST
        self._organization = result.organization
        self._whole = True
        server.folder = Folder(self._output, _places(result))
        self._tell_new(result.problems)
        hub = result.organization.short_name or result.organization.name
        self._board.publishes(described(result.problems, self._text), {"": hub, **result.names})
        pages = sum(len(why) for why in result.why.values())
        seconds = f"{time.monotonic() - started:.1f}"
        if pages or touched is not None or not self._looks_again:
            self._say(
                self._text.ngettext(
                    "{n} page rendered in {seconds} seconds.",
                    "{n} pages rendered in {seconds} seconds.",
                    pages,
                    seconds=seconds,
                )
            )
        self._looks_again = touched is not None
        if result.next_due is None:
            return _LONGEST
        return max(_AGAIN, min(_LONGEST, (result.next_due - now).total_seconds()))

    def _options(self, now: datetime, touched: frozenset[str] | None) -> Options:
        # Whoever deletes a branch wants to see it gone.
        state = self._state / "state"
        return Options(
            self._root,
            self._output,
            state,
            now,
            allow_deletions=True,
            drafts=True,
            fonts=FONT_FOLDERS,
            deadline=self._deadline,
            touched=touched,
        )

    def _show_progress(self, progress: Progress) -> None:
        now = time.monotonic()
        if self._edited and progress.stage == "publish" and progress.done == progress.total:
            self._board.shows()
        if now - self._advanced >= _STEP:
            self._advanced = now
            line = self._text.gettext(
                "{stage}: {amount}", stage=stage_text(progress, self._text), amount=amount_text(progress, self._text)
            )
            self._board.advances(line, progress.done, progress.total)

    def _stop(self, reason: str) -> None:
        """Tells that a build has failed for a reason that is not in the content."""
        why = self._text.gettext("The preview could not be updated: {reason}", reason=reason)
        self._say(why)
        self._board.stops(why)

    def _tell_new(self, problems: Sequence[Problem]) -> None:
        new = [problem for problem in problems if problem not in self._problems]
        self._problems = tuple(problems)
        if new:
            self._tell(new)


def _places(result: Result) -> Mapping[str, str]:
    """Returns the path in the preview for each address that sites will be published at."""
    return {address: SiteId(slug).home for slug, address in result.addresses.items()}


class _Lasting(Executor):
    """An executor that is reused by every build."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        return self._executor.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Does nothing: a build is over, the executor is not."""

    def end(self) -> None:
        """Shuts the executor down."""
        self._executor.shutdown(wait=False, cancel_futures=True)

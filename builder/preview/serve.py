"""The life of a preview: build, serve, watch, build again."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

from builder.content.workspace import UnusableError
from builder.messages.problems import Problem
from builder.messages.translation import N_, Translator, translator
from builder.model.site_id import SiteId
from builder.model.values import Organization
from builder.pipeline.conductor import Options, Result, build
from builder.preview.board import Board, told
from builder.preview.server import Folder, PreviewServer
from builder.preview.watch import Watch
from builder.store.lock import locked

_log = logging.getLogger(__name__)
_LABELS = {
    "title": N_("Preview"),
    "problems": N_("Problems"),
    "none": N_("No problems."),
    "building": N_("Updating the preview …"),
    "ended": N_("The preview has ended."),
    "here": N_("On this site"),
    "elsewhere": N_("On other sites"),
}
_AGAIN = 1.0
_LONGEST = 3600.0


class Preview:
    """A preview of all sites at their places below one address on this machine.

    Drafts and scheduled texts are shown and marked. It has its own output and state, so that the published sites are
    never touched.
    """

    def __init__(
        self,
        root: Path,
        state: Path,
        organization: Organization,
        clock: Callable[[Organization], datetime],
        executor: Callable[[], Executor],
        say: Callable[[str], None],
        tell: Callable[[Sequence[Problem]], None],
    ) -> None:
        """``state`` is the folder for the state of builds, ``clock`` gives the time of a build, ``say`` writes sentences to
        the terminal and ``tell`` the new problems of a build."""
        self._root, self._state = root.absolute(), state.absolute() / "preview"
        self._clock, self._say, self._tell = clock, say, tell
        self._organization = organization
        self._text = translator(organization.language)
        others = ("zh", "en") if organization.language.startswith("zh") else ("en", "zh")
        self._texts: tuple[Translator, ...] = tuple(translator(each) for each in others)
        self._board = Board({name: self._text.gettext(label) for name, label in _LABELS.items()})
        self._problems: tuple[Problem, ...] = ()
        self._make_executor = executor

    def run(self, host: str, port: int) -> None:
        """Serves until it is interrupted. Raises StoreLockedError if a preview is already running, OSError if no port from
        ``port`` on is free (0: any)."""
        with locked(self._state / "lock"):
            # Workers are made before there are threads that a fork could surprise.
            executor = _Lasting(self._make_executor())
            folder = Folder(self._output, {})
            server = PreviewServer(host, port, self._board, folder, self._waiting_page())
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
                while True:
                    wait = self._build(executor, server)
                    watch.wait(wait)
            finally:
                self._board.close()
                server.shutdown()
                server.server_close()
                watch.close()
                executor.end()

    @property
    def _output(self) -> Path:
        return self._state / "sites"

    def _build(self, executor: _Lasting, server: PreviewServer) -> float:
        """Brings the preview up to date; returns the seconds until time alone makes it outdated."""
        self._board.starts()
        started = time.monotonic()
        try:
            now = self._clock(self._organization)
            result = build(self._options(now), lambda: executor)
        except UnusableError as error:
            self._report(error.problems, published=False)
            return _LONGEST
        except OSError as error:
            self._say(f"{error.filename or self._root}: {error.strerror or error}")
            self._report(self._problems, published=False)
            return _AGAIN
        except Exception as error:
            _log.debug("the preview could not be brought up to date", exc_info=True)
            reason = f"{type(error).__name__}: {error}"
            self._say(self._text.gettext("The preview could not be updated: {reason}", reason=reason))
            self._report(self._problems, published=False)
            return _LONGEST
        self._organization = result.organization
        server.folder = Folder(self._output, _places(result))
        self._report(result.problems, published=True)
        pages = sum(len(why) for why in result.why.values())
        seconds = f"{time.monotonic() - started:.1f}"
        self._say(self._text.gettext("{n} pages rendered in {seconds} seconds.", n=pages, seconds=seconds))
        if result.next_due is None:
            return _LONGEST
        return max(_AGAIN, min(_LONGEST, (result.next_due - now).total_seconds()))

    def _options(self, now: datetime) -> Options:
        # Whoever deletes a branch wants to see it gone.
        state = self._state / "state"
        return Options(self._root, self._output, state, now, allow_deletions=True, drafts=True)

    def _report(self, problems: Sequence[Problem], *, published: bool) -> None:
        new = [problem for problem in problems if problem not in self._problems]
        self._problems = tuple(problems)
        if new:
            self._tell(new)
        self._board.ends(told(problems, self._texts), published=published)

    def _waiting_page(self) -> bytes:
        text = escape(self._text.gettext("The preview is being built; it will appear here as soon as it is ready."))
        language = escape(self._organization.language)
        return (
            f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>Branchpress</title>'
            """<meta http-equiv="Content-Security-Policy" content="default-src 'self'">"""
            f'<meta name="viewport" content="width=device-width"></head><body><p>{text}</p></body></html>'
        ).encode()


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

"""Errors that stop a command, as sentences for the user."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from builder.messages.problems import Problem
from builder.messages.translation import N_


class CommandError(Exception):
    """A command cannot be run; ``message`` is an English msgid, ``values`` fill its names. ``problems`` are shown first."""

    def __init__(self, message: str, problems: tuple[Problem, ...] = (), /, **values: object) -> None:
        super().__init__(message.format(**values) if values else message)
        self.message = message
        self.problems = problems
        self.values = values


class StoppedError(CommandError):
    """A command could not go on after it had changed something."""


@contextlib.contextmanager
def refusals(root: Path) -> Iterator[None]:
    """Turns every known error that stops a command into a CommandError."""
    from builder.content.scaffold import ScaffoldError
    from builder.content.workspace import UnknownBranchError, UnusableError
    from builder.store import StoreLockedError
    from builder.store.publish import ForeignFolderError, StoppedBuildError
    from builder.workers import WorkerLostError

    try:
        yield
    except UnusableError as error:
        raise CommandError(N_("Nothing was changed."), error.problems) from error
    except UnknownBranchError as error:
        raise CommandError(N_("There is no branch {names} in content/."), names=tuple(error.names)) from error
    except ScaffoldError as error:
        raise CommandError(error.message, **error.values) from error
    except StoreLockedError as error:
        raise CommandError(
            N_("Another build is running (process {holder}); wait until it has finished."), holder=error.holder
        ) from error
    except ForeignFolderError as error:
        message = N_(
            "{folder} contains files that were not written by a build. Choose another folder, or empty this one yourself."
        )
        raise CommandError(message, folder=error) from error
    except WorkerLostError as error:
        message = N_(
            "A process that was reading the content stopped unexpectedly: {reason}. Try again, if necessary with --jobs 1."
        )
        raise CommandError(message, reason=error) from error
    except StoppedBuildError as error:
        cause = error.__cause__
        message = N_(
            "The build could not go on: {reason}. Every site is complete, as it was or as it is to be; build again when "
            "there is room."
        )
        raise StoppedError(message, reason=getattr(cause, "strerror", None) or cause) from error
    except OSError as error:
        message = N_("{file} cannot be used: {reason}.")
        raise CommandError(message, file=error.filename or root, reason=error.strerror or error) from error

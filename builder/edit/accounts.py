"""The people who may sign in: invitations, sessions and the branches that somebody was invited to.

They lie in a file of the state folder that only its owner may read. Of what opens a session nothing is kept but SHA-256
digests: links and cookies are 256 random bits, so that their digests cannot be tried out.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import threading
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
from filelock import FileLock

from builder.model.reading import read_file
from builder.model.struct import Struct

DAY = 86_400.0
LINK_DAYS = 7
SESSION_DAYS = 90
"""A session ends after this time, whoever uses it; after a third of it if nobody does."""
_IDLE = SESSION_DAYS * DAY / 3
_MOST_BYTES = 20_000_000
_MOST_SESSIONS = 20
"""Of one person; the oldest make room."""


class Account(Struct, frozen=True):
    """Somebody who was invited: the name that ``owners:`` know, the one that commits carry, an e-mail address, and the
    branches of the invitation."""

    name: str
    full_name: str = ""
    email: str = ""
    branches: tuple[str, ...] = ()


class Invitation(Struct, frozen=True):
    """A link that opens one session, once."""

    digest: str
    name: str
    expires: float


class Session(Struct, frozen=True):
    """A browser that somebody signed in with; ``form`` is what its requests have to bring beside the cookie."""

    digest: str
    name: str
    form: str
    expires: float
    used: float


class _Book(Struct, frozen=True):
    accounts: tuple[Account, ...] = ()
    invitations: tuple[Invitation, ...] = ()
    sessions: tuple[Session, ...] = ()


class Accounts:
    """The accounts in a file, which several processes may change."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        """``folder`` is made when the first person is invited."""
        self._file, self._clock = folder / "accounts.json", clock
        self._lock = threading.Lock()
        self._known: tuple[tuple[int, int], _Book] | None = None

    @property
    def exist(self) -> bool:
        """True from the first invitation on, also when nobody is left: then everybody has to sign in."""
        return self._file.exists()

    def people(self) -> tuple[Account, ...]:
        """Returns everybody who was invited, by name."""
        return tuple(sorted(self._book().accounts, key=lambda account: account.name))

    def account(self, name: str) -> Account | None:
        """Returns the account of a name."""
        return next((account for account in self._book().accounts if account.name == name), None)

    def invite(self, account: Account, days: float = LINK_DAYS) -> str:
        """Adds an account, or the branches to one, and returns the secret part of a link that opens a session once."""
        token = secrets.token_urlsafe(32)

        def change(book: _Book) -> _Book:
            old = next((each for each in book.accounts if each.name == account.name), None)
            branches = tuple(dict.fromkeys((*(old.branches if old is not None else ()), *account.branches)))
            email = account.email or (old.email if old is not None else "")
            full_name = account.full_name or (old.full_name if old is not None else "")
            others = (each for each in book.accounts if each.name != account.name)
            invitation = Invitation(_digest(token), account.name, self._clock() + days * DAY)
            accounts = (*others, Account(account.name, full_name, email, branches))
            return msgspec.structs.replace(book, accounts=accounts, invitations=(*book.invitations, invitation))

        self._change(change)
        return token

    def revoke(self, name: str) -> bool:
        """Takes an account away with its links and sessions; False if there is none."""
        if self.account(name) is None:
            return False
        self._change(
            lambda book: _Book(
                tuple(each for each in book.accounts if each.name != name),
                tuple(each for each in book.invitations if each.name != name),
                tuple(each for each in book.sessions if each.name != name),
            )
        )
        return True

    def is_open(self, token: str) -> bool:
        """Tells whether a link still opens a session."""
        return self._invitation(self._book(), token) is not None

    def open_session(self, token: str) -> str | None:
        """Uses up a link and returns the secret of a new session; None if the link is over or not known."""
        secret = secrets.token_urlsafe(32)
        opened = False

        def change(book: _Book) -> _Book:
            nonlocal opened
            invitation = self._invitation(book, token)
            if invitation is None:
                return book
            opened = True
            now = self._clock()
            session = Session(
                _digest(secret), invitation.name, secrets.token_urlsafe(32), now + SESSION_DAYS * DAY, now
            )
            own = [each for each in book.sessions if each.name == invitation.name]
            dropped = {each.digest for each in sorted(own, key=lambda each: each.used)[: len(own) + 1 - _MOST_SESSIONS]}
            kept = tuple(each for each in book.sessions if each.digest not in dropped)
            left = tuple(each for each in book.invitations if each is not invitation)
            return msgspec.structs.replace(book, invitations=left, sessions=(*kept, session))

        self._change(change)
        return secret if opened else None

    def session(self, secret: str) -> Session | None:
        """Returns the session that a cookie belongs to; None if it is over."""
        wanted, now = _digest(secret), self._clock()
        found = next((each for each in self._book().sessions if hmac.compare_digest(each.digest, wanted)), None)
        if found is None or now >= found.expires or now >= found.used + _IDLE:
            return None
        if now > found.used + DAY:
            fresh = msgspec.structs.replace(found, used=now)
            self._change(
                lambda book: msgspec.structs.replace(
                    book, sessions=tuple(fresh if each.digest == wanted else each for each in book.sessions)
                )
            )
        return found

    def close_session(self, secret: str) -> None:
        """Ends a session."""
        digest = _digest(secret)
        self._change(
            lambda book: msgspec.structs.replace(
                book, sessions=tuple(each for each in book.sessions if each.digest != digest)
            )
        )

    def _invitation(self, book: _Book, token: str) -> Invitation | None:
        wanted, now = _digest(token), self._clock()
        found = next((each for each in book.invitations if hmac.compare_digest(each.digest, wanted)), None)
        return found if found is not None and now < found.expires else None

    def _book(self) -> _Book:
        """Returns what is in the file; nobody is known where there is none. Raises OSError for one that cannot be read."""
        try:
            status = self._file.stat()
        except FileNotFoundError:
            return _Book()
        mark = (status.st_mtime_ns, status.st_ino)
        with self._lock:
            if self._known is not None and self._known[0] == mark:
                return self._known[1]
            book = msgspec.json.decode(read_file(self._file, _MOST_BYTES), type=_Book)
            self._known = mark, book
            return book

    def _change(self, change: Callable[[_Book], _Book]) -> None:
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with FileLock(self._file.with_suffix(".lock"), mode=0o600):
            now = self._clock()
            book = self._book()
            book = msgspec.structs.replace(
                book,
                invitations=tuple(each for each in book.invitations if now < each.expires),
                sessions=tuple(each for each in book.sessions if now < each.expires and now < each.used + _IDLE),
            )
            beside = self._file.with_suffix(".new")
            beside.unlink(missing_ok=True)
            with open(beside, "xb", opener=_private) as stream:
                stream.write(msgspec.json.encode(change(book)))
            beside.replace(self._file)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()

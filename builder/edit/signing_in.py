"""Who somebody is: a session of their own, a name that the web server vouches for, or the one person at this machine.

What only the signed-in browser may do is guarded twice: the request has to come from a page of this address (``Origin``), and
to bring a secret that only its pages have.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import quote, urlsplit

from builder.content.owners import Members, Person
from builder.edit.accounts import SESSION_DAYS, Account, Accounts
from builder.edit.desk import Worker
from builder.edit.git import Author
from builder.edit.refusal import RefusalError
from builder.messages.translation import N_
from builder.model.struct import Struct
from builder.preview import Request, is_loopback

_COOKIE = "branchpress"
_LONGEST_NAME = 100
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


class Visitor(Struct, frozen=True):
    """Somebody who is signed in: ``form`` is the secret that their pages bring, ``cookie`` what opened their session."""

    worker: Worker
    form: str
    cookie: str = ""


class Door:
    """Tells who a request comes from, and whether it may change anything."""

    def __init__(
        self,
        accounts: Accounts,
        local: Author,
        members: Callable[[], Members],
        *,
        address: str = "",
        trust_header: str = "",
        host: str = "",
    ) -> None:
        """``local`` is the person at this machine as long as nobody was invited. ``address`` is where people open it, if another
        server stands before this one; ``trust_header`` names the header in which that one says who somebody is. ``host`` is
        the organization's, for e-mail addresses that nobody gave."""
        self._accounts, self._local, self._members = accounts, local, members
        self._address = address.rstrip("/")
        self._header, self._host = trust_header.lower(), host
        self._secret = secrets.token_bytes(32)

    def require_address(self, request: Request) -> None:
        """Raises RefusalError for a request that was meant for another name: a page elsewhere may not reach this machine through
        its visitor's browser (DNS rebinding)."""
        try:
            name = urlsplit("//" + request.headers.get("host", "")).hostname or ""
        except ValueError:
            name = ""
        own = urlsplit(self._address).hostname if self._address else None
        if is_loopback(name) or (own is not None and name == own):
            return
        message = N_("This server does not answer to the name {name}; start it with --address.")
        raise RefusalError(HTTPStatus.FORBIDDEN, message, name=name[:100])

    def visitor(self, request: Request) -> Visitor | None:
        """Returns who is signed in. Raises RefusalError where nobody can be."""
        if self._header:
            return self._vouched(request)
        if self._accounts.exist:
            return self._session(request)
        if any(name in request.headers for name in _FORWARDED):
            message = N_(
                "Nobody is invited yet, so that only this machine can be used for writing: “branchpress edit invite NAME”."
            )
            raise RefusalError(HTTPStatus.FORBIDDEN, message)
        worker = Worker(Person.of([self._local.name]), self._local, everything=True)
        return Visitor(worker, self._form_of(self._local.name))

    def _vouched(self, request: Request) -> Visitor | None:
        name = request.headers.get(self._header, "").strip()
        # The standard library reads headers as Latin-1; servers write names in UTF-8.
        name = name.encode("latin-1", "replace").decode("utf-8", "replace")
        if not name or len(name) > _LONGEST_NAME or not name.isprintable():
            return None
        account = self._accounts.account(name) if self._accounts.exist else None
        return Visitor(self._worker(account or Account(name)), self._form_of(name))

    def _session(self, request: Request) -> Visitor | None:
        # Of other programs at this host there may be cookies with any name.
        cookies = (each.strip().partition("=") for each in request.headers.get("cookie", "").split(";"))
        secret = next((value for name, _, value in cookies if name == self._cookie_name), "")
        session = self._accounts.session(secret)
        account = self._accounts.account(session.name) if session is not None else None
        if session is None or account is None:
            return None
        return Visitor(self._worker(account), session.form, secret)

    def _worker(self, account: Account) -> Worker:
        email = account.email or (account.name if "@" in account.name else f"{quote(account.name)}@{self._host}")
        person = Person.of([account.name, *([account.email] if account.email else [])], self._members())
        return Worker(person, Author(account.full_name or account.name, email), account.branches)

    def _form_of(self, name: str) -> str:
        return hmac.new(self._secret, name.encode(), hashlib.sha256).hexdigest()

    def require_own_page(self, request: Request, visitor: Visitor, form: str) -> None:
        """Raises RefusalError unless a request comes from a page of this server that its visitor opened."""
        self.require_origin(request)
        if not hmac.compare_digest(form.encode(), visitor.form.encode()):
            raise RefusalError(HTTPStatus.FORBIDDEN, FOREIGN)

    def require_origin(self, request: Request) -> None:
        """Raises RefusalError for a request that a page elsewhere makes."""
        origin = request.headers.get("origin", "")
        if not origin and request.headers.get("sec-fetch-site") == "same-origin":
            return
        host = request.headers.get("host", "")
        if origin not in {f"http://{host}", self._address or f"http://{host}"}:
            raise RefusalError(HTTPStatus.FORBIDDEN, FOREIGN)

    # Sessions.

    def is_open(self, token: str) -> bool:
        """Tells whether a link still signs somebody in."""
        return self._accounts.is_open(token)

    def sign_in(self, token: str) -> tuple[str, str] | None:
        """Uses up a link; returns the header that sets a cookie, None if the link is over."""
        secret = self._accounts.open_session(token)
        if secret is None:
            return None
        return self._set_cookie(secret, SESSION_DAYS * 86_400)

    def sign_out(self, visitor: Visitor) -> tuple[str, str]:
        """Ends a session; returns the header that takes the cookie away."""
        if visitor.cookie:
            self._accounts.close_session(visitor.cookie)
        return self._set_cookie("", 0)

    @property
    def _secure(self) -> bool:
        return self._address.startswith("https:")

    @property
    def _cookie_name(self) -> str:
        return f"__Host-{_COOKIE}" if self._secure else _COOKIE

    def _set_cookie(self, value: str, seconds: int) -> tuple[str, str]:
        secure = "; Secure" if self._secure else ""
        return "Set-Cookie", f"{self._cookie_name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"


FOREIGN = N_("This request does not come from a page of this server. Reload the page and try again.")

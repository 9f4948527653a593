"""The gate before the preview: who may look, the pages around the form, the form, and its host.

Everything is answered here that lies below ``/admin/``; everything else is the preview's, for those who are signed in.
"""

from __future__ import annotations

import json
import logging
import subprocess
from collections.abc import Callable, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote

from builder.edit import pages
from builder.edit.bundle import Bundle
from builder.edit.desk import GONE, Desk, Worker
from builder.edit.git import GitError
from builder.edit.host import Found, Host
from builder.edit.importing import MOST_BYTES, MOST_PASTED, Importing
from builder.edit.places import HUB
from builder.edit.rates import Rate, Rates
from builder.edit.refusal import RefusalError
from builder.edit.reviewing import differences_of, shown_to
from builder.edit.signing_in import Door, Visitor
from builder.messages.translation import N_, translator
from builder.model.reading import read_file
from builder.preview import Answer, Request

_log = logging.getLogger(__name__)
_UNUSABLE = (GitError, OSError, subprocess.SubprocessError)
"""The errors of a working copy that cannot be used just now."""
_API = "/admin/api/v1/"
_MOST_JSON, _MOST_SENT, _MOST_FIELDS = 1_000_000, 64_000_000, 20_000
"""Bytes of a question in JSON, of an entry with its files, and of the fields of a page."""
_ASKING, _SAVING, _JOINING, _IMPORTING = Rate(300, 600), Rate(20, 30), Rate(20, 20), Rate(6, 6)
_PASTING = Rate(20, 30)
_IMPORT, _PASTE = "/admin/new/", "/admin/paste/"
_SCRIPT = "text/javascript; charset=utf-8"
_OWN_FILES = {"admin.css": "text/css; charset=utf-8", "new.js": _SCRIPT, "clipboard.js": _SCRIPT}
_POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; "
    "media-src 'self' blob: data:; font-src 'self' data:; connect-src 'self' blob: data:; worker-src 'self' blob:; "
    "frame-src 'self' blob:; manifest-src 'self' blob: data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_SAFE = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("X-Robots-Tag", "noindex, nofollow"),
)
_OWN = (*_SAFE, ("Cache-Control", "no-store"), ("X-Frame-Options", "DENY"), ("Content-Security-Policy", _POLICY))


class EditingSite:
    """The gate of a preview in which people write."""

    def __init__(
        self,
        desk: Desk,
        door: Door,
        bundle: Bundle,
        settings: Callable[[Desk, str, Worker], Mapping[str, Any]],
        rates: Rates | None = None,
    ) -> None:
        """``settings`` makes the settings of a branch's form; ``rates`` are the buckets of everybody who asks."""
        self._desk, self._door, self._bundle, self._settings = desk, door, bundle, settings
        self._host, self._rates = Host(desk), rates or Rates()
        self._importing = Importing(desk)
        self._files = {name: read_file(Path(__file__).with_name(name), _MOST_JSON) for name in _OWN_FILES}

    def headers(self) -> tuple[tuple[str, str], ...]:
        """Returns what pages of the preview get: nobody else may frame them."""
        return (*_SAFE[1:], ("X-Frame-Options", "SAMEORIGIN"))

    def answer(self, request: Request) -> Answer | None:
        """Answers a request; None for what the preview shows."""
        try:
            self._door.require_address(request)
            return self._answer(request)
        except RefusalError as error:
            return self._refuse(request, error)
        except _UNUSABLE as error:
            _log.warning("a request could not be answered", exc_info=True)
            reason = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
            message = N_("The working copy cannot be used just now ({reason}); nothing was changed.")
            return self._refuse(request, RefusalError(HTTPStatus.SERVICE_UNAVAILABLE, message, reason=reason))

    def _answer(self, request: Request) -> Answer | None:
        path = request.path
        own = path.removeprefix("/admin/own/")
        if own != path and own in _OWN_FILES:
            return Answer(HTTPStatus.OK, self._files[own], _OWN_FILES[own], _OWN)
        if path.startswith("/admin/forms/"):
            return self._bundled(path.removeprefix("/admin/forms/"))
        if path.startswith("/admin/join/"):
            return self._join(request, path.removeprefix("/admin/join/"))
        visitor = self._door.visitor(request)
        if visitor is None:
            return self._signed_out(request)
        if request.method == "POST":
            self._require_rate(visitor, _rate(path))
            return self._post(request, visitor)
        if path.startswith(_API):
            self._require_rate(visitor, _ASKING)
            return self._ask(request, visitor)
        if path == "/admin" or path.startswith("/admin/"):
            return self._page(request, visitor)
        if path == "/" and not self._desk.sight(visitor.worker)(""):
            return self._previews(visitor)
        return None

    def sees(self, request: Request) -> Callable[[str], bool]:
        """Returns which sites whoever asks may look at: their own, for drafts are on the pages."""
        try:
            visitor = self._door.visitor(request)
            return self._desk.sight(visitor.worker) if visitor is not None else lambda site: False
        except (RefusalError, *_UNUSABLE):
            return lambda site: False

    def withheld(self, request: Request) -> Answer:
        """Returns the page in place of one that somebody may not look at, with the address where readers see it."""
        error = RefusalError(HTTPStatus.FORBIDDEN, OTHERS)
        try:
            text, url = self._desk.text(), self._desk.organization().url
        except (RefusalError, *_UNUSABLE):
            return self._refuse(request, error)
        sheet = pages.withheld(text, error.sentence(text), f"{url.rstrip('/')}{quote(request.path)}")
        return self._sheet(sheet, error.status)

    def _previews(self, visitor: Visitor) -> Answer:
        slugs = self._desk.branches_of(visitor.worker)
        if len(slugs) == 1:
            return Answer(HTTPStatus.SEE_OTHER, headers=(*_OWN, ("Location", f"/{quote(slugs[0])}/")))
        named = self._desk.names_of(slugs)
        return self._sheet(pages.previews(self._desk.text(), named), HTTPStatus.OK, visitor)

    # Signing in.

    def _join(self, request: Request, token: str) -> Answer:
        text = self._desk.text()
        if not self._rates.allows("", _JOINING):
            raise RefusalError(HTTPStatus.TOO_MANY_REQUESTS, SLOWLY)
        if request.method == "POST":
            self._door.require_origin(request)
            _drain(request, _MOST_FIELDS)
            cookie = self._door.sign_in(token)
            if cookie is not None:
                return Answer(HTTPStatus.SEE_OTHER, headers=(*_OWN, ("Location", "/admin/"), cookie))
        elif self._door.is_open(token):
            return self._sheet(pages.joining(text, token), HTTPStatus.OK)
        title = text.gettext(N_("This link is used up"))
        told = N_("A link signs in once, and only for some days. Ask whoever sent it for a new one.")
        return self._sheet(pages.message(title, [text.gettext(told)]), HTTPStatus.GONE)

    def _signed_out(self, request: Request) -> Answer:
        text = self._desk.text()
        if request.path.startswith(_API) or request.method != "GET":
            raise RefusalError(HTTPStatus.UNAUTHORIZED, NOT_SIGNED_IN)
        title = text.gettext(N_("You are not signed in"))
        told = N_("Open the link that you were sent. If it is used up, ask whoever invited you for a new one.")
        return self._sheet(pages.message(title, [text.gettext(told)]), HTTPStatus.UNAUTHORIZED)

    # Pages.

    def _page(self, request: Request, visitor: Visitor) -> Answer:
        match [part for part in request.path.split("/")[2:] if part]:
            case []:
                return self._branches(request, visitor)
            case ["edit", slug]:
                return self._form(request, visitor, slug)
            case ["edit", slug, "settings.json"]:
                self._require_branch(visitor, slug)
                content = json.dumps(self._settings(self._desk, slug, visitor.worker), ensure_ascii=False).encode()
                return Answer(HTTPStatus.OK, content, "application/json; charset=utf-8", _OWN)
            case ["new", slug]:
                self._require_branch(visitor, slug)
                sections, name = self._importing.sections(slug), self._desk.name_of(slug)
                sheet = pages.importing(self._desk.text(), slug, name, sections, visitor.form)
                return self._sheet(sheet, HTTPStatus.OK, visitor)
            case ["review"]:
                shown = shown_to(self._desk, visitor.worker)
                return self._sheet(pages.reviews(self._desk.text(), shown), HTTPStatus.OK, visitor)
            case ["review", *parts]:
                return self._review(visitor, "/".join(parts))
        raise RefusalError(HTTPStatus.NOT_FOUND, NOTHING)

    def _branches(self, request: Request, visitor: Visitor) -> Answer:
        slugs = self._desk.branches_of(visitor.worker)
        if self._desk.writes_for(visitor.worker, HUB):
            slugs = (HUB, *slugs)
        if len(slugs) == 1:
            return Answer(HTTPStatus.SEE_OTHER, headers=(*_OWN, ("Location", f"/admin/edit/{quote(slugs[0])}/")))
        named = self._desk.names_of(slugs)
        return self._sheet(pages.branches(self._desk.text(), named), HTTPStatus.OK, visitor)

    def _form(self, request: Request, visitor: Visitor, slug: str) -> Answer:
        self._require_branch(visitor, slug)
        if not request.path.endswith("/"):
            return Answer(HTTPStatus.SEE_OTHER, headers=(*_OWN, ("Location", f"/admin/edit/{quote(slug)}/")))
        self._desk.take_in_soon()
        self._desk.forget_names(visitor.worker)
        title = self._desk.name_of(slug)
        text = self._desk.text()
        importing = "" if slug == HUB else f"/admin/new/{quote(slug)}/"
        bundle = self._bundle
        page = pages.form_page(title, text, bundle.script, bundle.styles, visitor.form, slug, importing)
        return Answer(HTTPStatus.OK, page, headers=_OWN)

    def _require_branch(self, visitor: Visitor, slug: str) -> None:
        if not self._desk.writes_for(visitor.worker, slug):
            raise RefusalError(HTTPStatus.FORBIDDEN, N_("You may not change {path}."), path=f"content/{slug[:200]}/")

    def _review(self, visitor: Visitor, name: str) -> Answer:
        found = next((each for each in shown_to(self._desk, visitor.worker) if each.proposal.name == name), None)
        if found is None:
            raise RefusalError(HTTPStatus.NOT_FOUND, GONE)
        text = self._desk.text()
        sheet = pages.review(text, found, differences_of(self._desk, found.proposal), visitor.form)
        return self._sheet(sheet, HTTPStatus.OK, visitor)

    def _sheet(self, sheet: pages.Sheet, status: HTTPStatus, visitor: Visitor | None = None) -> Answer:
        who = visitor.worker.author.name if visitor is not None else ""
        form = visitor.form if visitor is not None else ""
        return Answer(status, pages.html(sheet, self._desk.text(), who=who, form=form), headers=_OWN)

    def _bundled(self, name: str) -> Answer:
        found = self._bundle.file(name)
        if found is None:
            raise RefusalError(HTTPStatus.NOT_FOUND, NOTHING)
        # Its name has a hash of what is in it.
        kept = ("Cache-Control", "public, max-age=31536000, immutable")
        return Answer(HTTPStatus.OK, *found, headers=(*_SAFE, kept))

    # What is sent.

    def _post(self, request: Request, visitor: Visitor) -> Answer:
        path = request.path
        if path.startswith(_API):
            self._require_form(request, visitor)
            body = _json(request, _MOST_SENT if path.endswith("/contents") else _MOST_JSON)
            status, answer = self._host.post(visitor.worker, _parts(path), body)
            return _as_json(status, answer)
        if path.startswith(_IMPORT):
            return self._import(request, visitor)
        if path.startswith(_PASTE):
            return self._paste(request, visitor)
        fields = _fields(_drain(request, _MOST_FIELDS).decode("utf-8", "replace"))
        self._door.require_own_page(request, visitor, fields.get("form", ""))
        match [part for part in path.split("/")[2:] if part]:
            case ["sign-out"]:
                cookie = self._door.sign_out(visitor)
                gone = ("Clear-Site-Data", '"cache", "storage"')
                return Answer(HTTPStatus.SEE_OTHER, headers=(*_OWN, ("Location", "/admin/"), cookie, gone))
            case ["review", *parts, "release"]:
                self._desk.release(visitor.worker, "/".join(parts))
            case ["review", *parts, "give-back"]:
                self._desk.give_back(visitor.worker, "/".join(parts), fields.get("remark", ""))
            case ["review", *parts, "withdraw"]:
                self._desk.withdraw(visitor.worker, "/".join(parts))
            case _:
                raise RefusalError(HTTPStatus.NOT_FOUND, NOTHING)
        return Answer(HTTPStatus.SEE_OTHER, headers=(*_OWN, ("Location", "/admin/review/")))

    def _import(self, request: Request, visitor: Visitor) -> Answer:
        self._require_form(request, visitor)
        match request.path.removeprefix(_IMPORT).split("/"):
            case [slug, section]:
                self._require_branch(visitor, slug)
            case _:
                raise RefusalError(HTTPStatus.NOT_FOUND, NOTHING)
        name = _fields(request.query).get("name", "")
        content = _drain(
            request, MOST_BYTES, N_("The file is larger than 60 MB; make its pictures smaller, or divide it.")
        )
        made = self._importing.make(visitor.worker, slug, section, name, content)
        told = self._desk.text().gettext(
            N_("The draft “{title}” is there. Look through it; this is what to know:"), title=made.title
        )
        saved = made.saved
        answer = {"made": told, "form": made.form, "notes": list(saved.notes), "address": quote(saved.address)}
        return _as_json(HTTPStatus.CREATED, answer | {"proposed": saved.proposed})

    def _paste(self, request: Request, visitor: Visitor) -> Answer:
        self._require_form(request, visitor)
        self._require_branch(visitor, request.path.removeprefix(_PASTE))
        made, notes = self._importing.paste(_drain(request, MOST_PASTED))
        return _as_json(HTTPStatus.OK, {"html": made.html, "markdown": made.markdown, "notes": list(notes)})

    def _require_form(self, request: Request, visitor: Visitor) -> None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "token":
            raise RefusalError(HTTPStatus.UNAUTHORIZED, NOT_SIGNED_IN)
        self._door.require_own_page(request, visitor, token)

    def _ask(self, request: Request, visitor: Visitor) -> Answer:
        answer = self._host.get(visitor.worker, _parts(request.path), _fields(request.query))
        if isinstance(answer, Found):
            sandbox = ("Content-Security-Policy", "default-src 'none'; sandbox")
            return Answer(
                HTTPStatus.OK, answer.content, answer.media_type, (*_SAFE, ("Cache-Control", "no-store"), sandbox)
            )
        return _as_json(HTTPStatus.OK, answer)

    def _require_rate(self, visitor: Visitor, rate: Rate) -> None:
        if not self._rates.allows(visitor.worker.person.name, rate):
            raise RefusalError(HTTPStatus.TOO_MANY_REQUESTS, SLOWLY)

    def _refuse(self, request: Request, error: RefusalError) -> Answer:
        try:
            text = self._desk.text()
        except (RefusalError, *_UNUSABLE):
            text = translator("zh")
        sentence = error.sentence(text)
        ends = request.method == "POST"
        if request.path.startswith(_API) or (ends and request.path.startswith((_IMPORT, _PASTE))):
            return _as_json(error.status, {"message": sentence, "url": ""}, ends=ends)
        title = text.gettext(N_("That does not work"))
        page = pages.html(pages.message(title, sentence.split("\n")), text)
        return Answer(error.status, page, headers=_OWN, ends=ends)


NOT_READ = N_("What the form sent cannot be read.")
OTHERS = N_(
    "Here you see your own branches only, since their drafts are shown, too. What readers see of the others is here:"
)
NOTHING = N_("There is nothing here.")
NOT_SIGNED_IN = N_("You are not signed in. Open the link that you were sent.")
SLOWLY = N_("That was too often. Wait a minute and try again; what you wrote is still in the form.")


def _rate(path: str) -> Rate:
    """Returns how often somebody may send something to an address."""
    for start, rate in ((_IMPORT, _IMPORTING), (_PASTE, _PASTING), (_API, _ASKING)):
        if path.startswith(start) and not path.endswith("/contents"):
            return rate
    return _SAVING


def _fields(written: str) -> Mapping[str, str]:
    """Returns the fields of a page, or of a query. Raises RefusalError for more than any page has."""
    try:
        return dict(parse_qsl(written, max_num_fields=20))
    except ValueError as error:
        raise RefusalError(HTTPStatus.BAD_REQUEST, NOT_READ) from error


def _parts(path: str) -> list[str]:
    return path.removeprefix(_API).strip("/").split("/")


def _as_json(status: HTTPStatus, value: Any, *, ends: bool = False) -> Answer:
    content = json.dumps(value, ensure_ascii=False).encode()
    return Answer(status, content, "application/json; charset=utf-8", _OWN, ends)


def _drain(request: Request, most: int, much: str = "") -> bytes:
    """Returns what a request sends. Raises RefusalError for more than ``most`` bytes, before they are read; ``much`` says so."""
    length = request.headers.get("content-length", "")
    if not length.isascii() or not length.isdecimal() or "transfer-encoding" in request.headers:
        raise RefusalError(HTTPStatus.LENGTH_REQUIRED, N_("The request does not say how long it is."))
    if len(length) > 12 or int(length) > most:
        message = much or N_("That is too much at once: pictures and files of one entry may have 45 MB together.")
        raise RefusalError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, message)
    return request.read(int(length))


def _json(request: Request, most: int) -> Any:
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise RefusalError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, NOTHING)
    try:
        return json.loads(_drain(request, most))
    except (ValueError, RecursionError) as error:
        raise RefusalError(HTTPStatus.BAD_REQUEST, NOT_READ) from error

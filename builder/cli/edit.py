"""``branchpress edit``: writing in the browser, and who is invited to it."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from builder.cli.console import OK, now_of, organization_of, preview_settings, root_of, say
from builder.cli.errors import CommandError, refusals
from builder.edit.accounts import Account, Accounts
from builder.messages.terms import translator_of
from builder.messages.translation import N_

_NAME = re.compile(r"[^\s<>\x00-\x1f\x7f](?:[^<>\n\x00-\x1f\x7f]{0,98}[^\s<>\x00-\x1f\x7f])?")
_HEADER = re.compile(r"[A-Za-z0-9-]{1,80}")


def run(parsed: argparse.Namespace) -> int:
    """Runs ``edit`` itself, or what is named behind it."""
    return _RUN[parsed.what](parsed)


def _edit(parsed: argparse.Namespace) -> int:
    from builder.content.owners import Members, read_members
    from builder.edit.bundle import Bundle
    from builder.edit.desk import Desk
    from builder.edit.git import GitError, WorkingCopy
    from builder.edit.settings import form_settings
    from builder.edit.signing_in import Door
    from builder.edit.site import EditingSite
    from builder.edit.start import EditPreview
    from builder.preview import is_loopback

    root = root_of(parsed)
    accounts = _accounts(parsed, root)
    if parsed.trust_header and (not is_loopback(parsed.host) or _HEADER.fullmatch(parsed.trust_header) is None):
        raise CommandError(
            N_(
                "--trust-header takes the name of a header, and a server that listens on this machine only (--host 127.0.0.1)."
            )
        )
    if not is_loopback(parsed.host) and not accounts.exist:
        raise CommandError(
            N_(
                "Nobody is invited yet: with “--host {host}” anybody could write. First run “branchpress edit invite NAME”."
            ),
            host=parsed.host,
        )
    address = _address(parsed.address)
    try:
        bundle = Bundle()
    except (OSError, KeyError, ValueError) as error:
        raise CommandError(
            N_("The form is not built yet: run “make forms” (it needs Node.js 20 and npm), then try again.")
        ) from error
    with refusals(root):
        organization = organization_of(root)
        try:
            copy = WorkingCopy(root)
            copy.recover()
            copy.head()
            if parsed.push:
                copy.fetch(parsed.push)
        except GitError as error:
            raise CommandError(error.message, **error.values) from error
        members = Members()
        if parsed.members is not None:
            members, diagnostics = read_members(parsed.members)
            if diagnostics:
                raise CommandError(N_("{file} cannot be read as a list of teams."), file=parsed.members)
        desk = Desk(copy, lambda known: now_of(parsed, known), parsed.push or "")
        host = urlsplit(organization.url).hostname or "localhost"
        door = Door(
            accounts, copy.person(), lambda: members, address=address, trust_header=parsed.trust_header or "", host=host
        )
        site = EditingSite(desk, door, bundle, form_settings)
        EditPreview(desk, site, preview_settings(parsed, root, organization)).run(parsed.host, parsed.port)
    return OK


def _address(written: str | None) -> str:
    if not written:
        return ""
    parts = urlsplit(written)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/") or parts.query:
        raise CommandError(
            N_(
                "--address takes the address at which people open the server, like https://edit.example.org, without a path."
            )
        )
    return f"{parts.scheme}://{parts.netloc}"


def _accounts(parsed: argparse.Namespace, root: Path) -> Accounts:
    return Accounts((parsed.state or root / ".branchpress") / "edit")


def _invite(parsed: argparse.Namespace) -> int:
    from builder.content import find_branches
    from builder.content.workspace import UnknownBranchError

    root = root_of(parsed)
    with refusals(root):
        organization = organization_of(root)
        slugs = find_branches(root).slugs
        unknown = [slug for slug in parsed.branches if slug not in slugs]
        if unknown:
            raise UnknownBranchError(unknown)
        for written in (parsed.name, parsed.full_name, parsed.email):
            if written and _NAME.fullmatch(written) is None:
                raise CommandError(
                    N_("“{name}” cannot be a name: it has to be one line without < and >."), name=written
                )
        if not 0 < parsed.days <= 365:
            raise CommandError(N_("--days must be from 1 to 365."))
        account = Account(parsed.name, parsed.full_name or "", parsed.email or "", tuple(parsed.branches))
        token = _accounts(parsed, root).invite(account, parsed.days)
    address = _address(parsed.address) or "http://127.0.0.1:8000"
    print(f"{address}/admin/join/{token}")
    text = translator_of(organization)
    say(
        text.gettext(
            "The link signs {name} in once, within {days} days; send it to nobody else.",
            name=parsed.name,
            days=parsed.days,
        )
    )
    if not parsed.branches:
        say(text.gettext("{name} may write for the branches whose “owners:” name them.", name=parsed.name))
    return OK


def _revoke(parsed: argparse.Namespace) -> int:
    root = root_of(parsed)
    with refusals(root):
        text = translator_of(organization_of(root))
        if not _accounts(parsed, root).revoke(parsed.name):
            raise CommandError(N_("Nobody of the name {name} is invited."), name=parsed.name)
    say(text.gettext("{name} is signed out everywhere, and every link for {name} is void.", name=parsed.name))
    return OK


def _people(parsed: argparse.Namespace) -> int:
    root = root_of(parsed)
    with refusals(root):
        for account in _accounts(parsed, root).people():
            print("\t".join((account.name, account.full_name, account.email, " ".join(account.branches))))
    return OK


_RUN: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "serve": _edit,
    "invite": _invite,
    "revoke": _revoke,
    "people": _people,
}

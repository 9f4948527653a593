"""The file CODEOWNERS, as each Git host reads it.

GitHub and GitLab: patterns like those of .gitignore, the last that fits counts. Gitea and Forgejo: Go's regular expressions,
which must fit the whole path, and every one that fits counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal

from builder.content.owners.rights import Rights
from builder.messages.translation import N_, Translator

Host = Literal["github", "gitlab", "gitea"]
_HEAD = {
    "github": N_(
        "For GitHub, as .github/CODEOWNERS. It binds only where the rule of the branch says “Require review from Code Owners”."
    ),
    "gitlab": N_(
        "For GitLab Premium and Ultimate, as .gitlab/CODEOWNERS. GitLab Free and CE do not read this file: there, run "
        "“branchpress owners check” in CI, or use “branchpress owners hook”."
    ),
    "gitea": N_(
        "For Gitea and Forgejo, as CODEOWNERS in the default branch. It asks these people for a review and does not block a "
        "merge by itself: protect the branch, and run “branchpress owners check” in CI."
    ),
}
_ACCOUNT = re.compile(r"@?[A-Za-z0-9_][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_][A-Za-z0-9_.-]*)*")
_MAIL = re.compile(r"[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_SPECIAL = re.compile(r"[.*+?()|{}^$]")


def codeowners(rights: Rights, host: Host, text: Translator) -> tuple[str, tuple[str, ...]]:
    """Returns the file for a host, and the names that the host could not know, which are left out."""
    odd: list[str] = []

    def accounts(names: Iterable[str]) -> str:
        known = [found for name in names if (found := _account(name, host, odd))]
        return " ".join(dict.fromkeys(known))

    slugs = sorted(rights.branches(), key=lambda slug: (rights.depth_of(slug), slug))
    admins = accounts(rights.admins)
    owners = {slug: accounts(rights.owners_of(slug)) or admins for slug in slugs}
    lines = _gitea(owners, admins) if host == "gitea" else _patterns(owners, admins)
    head = [f"# {text.gettext(_HEAD[host])}", f"# {text.gettext(_MADE)}"]
    if not admins:
        head.append(f"# {text.gettext(_NO_ADMINS)}")
    left = tuple(dict.fromkeys(odd))
    return "\n".join((*head, "", *lines, "")), left


_MADE = N_("Made by “branchpress owners” from branch.yml and organization.yml; make it anew when these change.")
_NO_ADMINS = N_("organization.yml names no admins: whatever lies in no branch's folder has no owner here.")


def _patterns(owners: dict[str, str], admins: str) -> Iterator[str]:
    # What has no owner after its pattern is nobody's: both hosts read it so.
    yield f"* {admins}".rstrip()
    for slug, names in owners.items():
        yield f"/content/{slug}/ {names}".rstrip()
    yield f"/content/*/branch.yml {admins}".rstrip()


def _gitea(owners: dict[str, str], admins: str) -> Iterator[str]:
    branches = [_literal(slug) for slug in owners]
    if admins:
        # Rules add up, so that of the administrators may not fit the branches of others.
        yield f"!content/({'|'.join(branches)})/.* {admins}" if branches else f".* {admins}"
        yield f"content/[^/]+/branch[.]yml {admins}"
    for slug, names in owners.items():
        if names:
            yield f"content/{_literal(slug)}/.* {names}"


def _literal(slug: str) -> str:
    # A backslash would be read once by the file's own quoting and once by the expression.
    return _SPECIAL.sub(lambda sign: f"[{sign[0]}]", slug)


def _account(name: str, host: Host, odd: list[str]) -> str:
    """Returns a name as the host knows it: an account or team with its sign, or where it is allowed an address."""
    plain = name.strip()
    if _MAIL.fullmatch(plain) and host != "gitea":
        return plain
    if _ACCOUNT.fullmatch(plain):
        return f"@{plain.removeprefix('@')}"
    odd.append(name)
    return ""

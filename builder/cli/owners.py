"""``branchpress owners``: CODEOWNERS for Git hosts, the check of a change, the hook of a plain Git server."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from builder.cli.console import OK, PROBLEMS, root_of, say
from builder.cli.errors import CommandError, refusals
from builder.content import read_organization
from builder.content.owners import FolderTree, Members, Person, Rights, read_members
from builder.content.owners.check import Update, check_push, check_range
from builder.content.owners.codeowners import codeowners
from builder.content.owners.git import Repository, RepositoryError
from builder.content.owners.hook import hook_script
from builder.content.owners.rights import language_of
from builder.content.owners.tree import Tree
from builder.messages.formats import problems_github, problems_sarif, problems_text
from builder.messages.problems import Problem, in_order, problems_of
from builder.messages.terms import translator_of
from builder.messages.translation import N_, translator


def run(parsed: argparse.Namespace) -> int:
    """Runs what the command line names."""
    with _told(parsed.root):
        return {"print": _print, "check": _check, "hook": _hook, "receive": _receive}[parsed.what](parsed)


def _print(parsed: argparse.Namespace) -> int:
    if parsed.host is None:
        raise CommandError(N_("Say for which host: --for github, gitlab or gitea."))
    root = root_of(parsed)
    organization, problems = read_organization(root)
    if organization is None:
        raise CommandError(N_("Nothing was changed."), problems)
    text = translator_of(organization)
    file, left = codeowners(Rights(FolderTree(root)), parsed.host, text)
    print(file, end="")
    if left:
        message = N_("Left out, because no account on the host can be called so: {names}.")
        say(text.gettext(message, names=left))
        return PROBLEMS
    return OK


def _check(parsed: argparse.Namespace) -> int:
    base, dots, head = parsed.range.partition("...") if "..." in parsed.range else parsed.range.partition("..")
    if not dots or not base or not head:
        raise CommandError(N_("Write the change as BASE..HEAD, for example origin/main..HEAD."))
    repository = Repository(parsed.root)
    old, new = repository.commit(base), repository.commit(head)
    # Three dots: what was changed since both went apart, as hosts compare a proposal; rights are those of the base still.
    since = repository.common(old, new) or old if dots == "..." else old
    tree = repository.tree(old)
    rights = Rights(tree, parsed.admin)
    problems = check_range(repository, old, new, _person(parsed), rights, since)
    return _tell(problems, parsed.format, tree)


def _receive(parsed: argparse.Namespace) -> int:
    """Checks what Git writes to a pre-receive hook: a line for each ref, with its old and its new object."""
    updates = [Update(*line.split(" ", 2)) for line in sys.stdin.read().splitlines() if line.count(" ") >= 2]
    repository = Repository(parsed.root)
    problems = check_push(repository, updates, _person(parsed), parsed.admin)
    head = repository.head()
    return _tell(problems, "text", repository.tree(repository.commit(head)) if repository.has(head) else None)


def _hook(parsed: argparse.Namespace) -> int:
    options = [option for name in parsed.admin for option in ("--admin", name)]
    if parsed.members is not None:
        read_members(parsed.members)
        options += ["--members", str(parsed.members.resolve())]
    organization, _ = read_organization(parsed.root)
    text = translator(organization.language if organization is not None else "en")
    print(hook_script(sys.executable, options, text), end="")
    return OK


def _person(parsed: argparse.Namespace) -> Person:
    names = [name.strip() for name in parsed.who.split(",")]
    if not names[0].strip("@"):
        raise CommandError(N_("Say who makes the change: --as NAME, with teams after it: --as NAME,@TEAM."))
    members = Members()
    if parsed.members is not None:
        members, diagnostics = read_members(parsed.members)
        if diagnostics:
            path = parsed.members.as_posix()
            raise CommandError(N_("The file of members cannot be used."), problems_of(diagnostics, path))
    return Person.of(names, members)


def _tell(problems: Sequence[Problem], form: str, tree: Tree | None) -> int:
    text = translator(language_of(tree) if tree is not None else "zh")
    ordered = in_order(problems)
    if form == "github":
        print(problems_github(ordered, text), end="")
    elif form == "sarif":
        print(problems_sarif(ordered, text), end="")
    else:
        sys.stderr.write(problems_text(ordered, (text,), color=sys.stderr.isatty()))
    return PROBLEMS if problems else OK


@contextmanager
def _told(root: Path) -> Iterator[None]:
    try:
        with refusals(root):
            yield
    except RepositoryError as error:
        raise CommandError(error.message, **error.values) from error

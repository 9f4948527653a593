"""A change checked against rights: a problem for each path that somebody may not change, or not in this way.

Every commit counts, not only what is left at the end: what is pushed stays in the history for ever.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from builder.content.owners.git import NOTHING, Change, Repository
from builder.content.owners.people import Person
from builder.content.owners.rights import Rights, branch_settings, changed_keys, settings_in
from builder.content.owners.tree import Tree
from builder.messages.diagnostics import Argument, Diagnostic
from builder.messages.problems import Problem, problem_of
from builder.model.slugs import folded
from builder.model.sources import YAMLS

_LINK, _SUBMODULE, _EXECUTABLE = "120000", "160000", "100755"
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufe00-\ufe0f\u00ad]")
_NO_NAME = re.compile(r"[\x00-\x1f\x7f\\]")
_SETTINGS = frozenset(f"branch{ending}" for ending in YAMLS)


class Update(NamedTuple):
    """A ref that a push moves, from one object name to another; zeros for nothing."""

    old: str
    new: str
    ref: str


def check_range(
    repository: Repository, base: str, head: str, person: Person, rights: Rights, since: str = ""
) -> list[Problem]:
    """Returns the problems of the commits after ``since`` (default: ``base``) up to ``head``; ``rights`` are those at
    ``base``."""
    since = since or base
    if not repository.is_ancestor(since, head):
        return [_problem("history-rewritten", head[:12])]
    found: dict[tuple[str, str], Problem] = {}

    def note(problems: Iterable[Problem]) -> None:
        for each in problems:
            found.setdefault((each.path, each.code), each)

    check = _Check(person, rights)
    note(check.problems(repository.changes(since, head), [repository.tree(since)], repository.tree(head)))
    for commit, parents in repository.commits(since, head):
        before = [repository.tree(parent) for parent in parents]
        note(check.problems(repository.own_changes(commit, parents), before, repository.tree(commit)))
    return list(found.values())


def check_push(
    repository: Repository, updates: Iterable[Update], person: Person, admins: Iterable[str] = ()
) -> list[Problem]:
    """Returns the problems of a push. The branch that HEAD names is the one from which the sites are built: it is guarded. Other
    branches are proposals, which nobody publishes before they are merged. All other refs are the administrators'."""
    guarded = repository.head()
    if not repository.has_branches():
        # The first push makes the repository; there is nobody yet whom it could be checked against.
        return []
    if not repository.has(guarded):
        return [_problem("head-missing", update.ref) for update in updates]
    rights = Rights(repository.tree(repository.commit(guarded)), admins)
    found: list[Problem] = []
    for update in updates:
        is_other = update.ref.startswith("refs/heads/") and folded(update.ref) != folded(guarded)
        if update.ref == guarded:
            found += _guarded(repository, update, person, rights)
        elif not is_other and not rights.is_admin(person):
            found.append(_problem("ref-refused", update.ref))
    return found


def _guarded(repository: Repository, update: Update, person: Person, rights: Rights) -> list[Problem]:
    if not update.new.strip("0"):
        return [_problem("history-rewritten", update.ref)]
    return check_range(repository, update.old, update.new, person, rights)


class _Check:
    def __init__(self, person: Person, rights: Rights) -> None:
        self._person = person
        self._rights = rights

    def problems(self, changes: Iterable[Change], before: Iterable[Tree], after: Tree) -> Iterator[Problem]:
        if self._rights.is_admin(self._person):
            return
        states = list(before)
        settings: set[str] = set()
        for change in changes:
            code, arguments = self._refusal(change)
            if code:
                yield _problem(code, change.path, who=self._person.name, **arguments)
            elif _is_settings(change.path):
                settings.add(self._rights.branch_of(change.path))
        for slug in sorted(settings):
            yield from self._settings(slug, states, after)

    def _refusal(self, change: Change) -> tuple[str, dict[str, Argument]]:
        rights, path = self._rights, change.path
        wrong = _unsafe(path)
        slug = rights.branch_of(path)
        if wrong and change.after != NOTHING:
            return "change-name", {"name": wrong}
        if not slug:
            return self._not_a_branch(path)
        owners = rights.owners_of(slug)
        if not self._person.is_one_of(owners):
            return ("change-not-yours", {"owners": owners}) if owners else self._administrators()
        if change.after in (_LINK, _SUBMODULE):
            return ("change-link" if change.after == _LINK else "change-submodule"), {}
        if change.after == _EXECUTABLE != change.before:
            return "change-executable", {}
        return "", {}

    def _not_a_branch(self, path: str) -> tuple[str, dict[str, Argument]]:
        parts = path.split("/")
        if folded(parts[0]) == "content" and len(parts) > 1:
            name = parts[1]
            same = self._rights.namesake(name)
            own = name if parts[0] != "content" and self._rights.has_branch(name) else ""
            if same or own:
                return "change-case", {"name": "/".join(parts[:2]), "other": f"content/{same or own}"}
        return self._administrators()

    def _administrators(self) -> tuple[str, dict[str, Argument]]:
        admins = self._rights.admins
        return ("change-admins", {"admins": admins}) if admins else ("change-no-admins", {})

    def _settings(self, slug: str, before: list[Tree], after: Tree) -> Iterator[Problem]:
        """Yields the problems of a branch's settings: no file that is or could be taken for them may say anything else on
        guarded keys than one of the states before."""
        path = f"content/{slug}/branch.yml"
        old = [branch_settings(tree, slug) for tree in before]
        likely = [name for name in after.names(f"content/{slug}") if _is_settings(f"content/{slug}/{name}")]
        for name in sorted(likely) or [""]:
            new = settings_in(after, f"content/{slug}/{name}")
            if new is None:
                yield _problem("change-unreadable", f"content/{slug}/{name}" if name else path)
                continue
            keys = min((changed_keys(each, new) for each in old), key=len, default=())
            if keys:
                yield _problem("change-guarded", f"content/{slug}/{name}", keys=keys, admins=self._rights.admins)


def _is_settings(path: str) -> bool:
    """Tells whether a path is that of a branch's settings, or some system would take it for that."""
    parts = path.split("/")
    return len(parts) == 3 and _loose(parts[2]) in _SETTINGS


def _loose(name: str) -> str:
    """Returns a name as systems compare it that ignore case, invisible characters, and dots and blanks at its end."""
    return folded(_INVISIBLE.sub("", name)).partition(":")[0].rstrip(". ")


def _unsafe(path: str) -> str:
    """Returns the first part of a path that means something else than a file to Git or to another system; "" for none."""
    for part in path.split("/"):
        loose = _loose(part)
        encoded = part.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        if part in ("", ".", "..") or loose.startswith((".git", "git~")) or _NO_NAME.search(part) or encoded != part:
            return encoded or "/"
    return ""


def _problem(code: str, path: str, **arguments: Argument) -> Problem:
    shown = path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return problem_of(Diagnostic(code, arguments=arguments), shown)

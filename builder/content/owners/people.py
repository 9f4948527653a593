"""People and teams: who somebody is for ``owners:`` and ``admins:``."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path

from builder.content.decoding import read_settings
from builder.messages.diagnostics import Diagnostic
from builder.model.struct import Struct


def account(name: str) -> str:
    """Returns the form in which two spellings of a name that content gives are one account: without the sign before it, in
    NFC, ASCII letters in lower case. Git hosts and mail do not tell such letters apart.
    """
    return _lowered(unicodedata.normalize("NFC", name.strip()).removeprefix("@"))


def _lowered(name: str) -> str:
    # Not casefold, and no normalization of what somebody signs in as: letters that only look alike stay different.
    return "".join(letter.lower() if letter.isascii() else letter for letter in name)


class Members(Struct, frozen=True):
    """The members of teams, by team; a team may have another one as a member."""

    teams: Mapping[str, tuple[str, ...]] = {}

    def teams_of(self, name: str) -> frozenset[str]:
        """Returns every team that has the account as a member, directly or through other teams."""
        found: set[str] = set()
        left = {name}
        while left:
            left = {team for team, members in self.teams.items() if team not in found and not left.isdisjoint(members)}
            found |= left
        return frozenset(found)


class Person(Struct, frozen=True):
    """Somebody who signed in: the ``name`` as the host or the web server gives it, and the accounts that it stands for."""

    name: str
    accounts: frozenset[str] = frozenset()

    @classmethod
    def of(cls, names: Iterable[str], members: Members = Members()) -> Person:  # noqa: B008 - frozen
        """Returns the person of a signed-in name, followed by the teams that the host says.

        A name that :class:`Members` has as a team is nobody's own: being called like a team does not make a member of it.
        """
        person, *teams = (_lowered(each.strip()).removeprefix("@") for each in names)
        own = set() if person in members.teams else {person}
        known = own | members.teams_of(person) | set(teams)
        for team in teams:
            known |= members.teams_of(team)
        return cls(name=person, accounts=frozenset(known - {""}))

    def is_one_of(self, names: Iterable[str]) -> bool:
        """Tells whether ``owners:`` or ``admins:`` name the person, or a team of theirs."""
        return not self.accounts.isdisjoint(account(name) for name in names)


def read_members(file: Path) -> tuple[Members, tuple[Diagnostic, ...]]:
    """Reads a file of teams, which lies outside the repository: one ``team: [member, …]`` a line, as YAML."""
    node, diagnostics = read_settings(file)
    if node is None:
        return Members(), tuple(diagnostics)
    teams: dict[str, tuple[str, ...]] = {}
    for name, value in node.pairs:
        items = value.items if value.kind == "list" else [value]
        wrong = next((each for each in items if each.kind in ("list", "map")), None)
        if wrong is not None:
            shown = {"key": name.text[:60], "expected": "a list of names", "value": ""}
            diagnostics.append(Diagnostic("value-type", wrong.line, wrong.column, shown))
        teams[account(name.text)] = tuple(account(each.text) for each in items if each.kind == "text")
    return Members(teams=teams), tuple(diagnostics)

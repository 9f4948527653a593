"""``branchpress digest``: tells each branch's people, the operator and chat groups, at most once a day."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

from builder.cli.console import (
    NOTHING_DONE,
    OK,
    PROBLEMS,
    executor_of,
    now_of,
    organization_of,
    root_of,
    say,
    say_problems,
    write_whole,
)
from builder.cli.errors import CommandError, refusals
from builder.content.mailing import MAILING_FILE, Group, Mailing, read_mailing
from builder.content.owners import FolderTree, Members, Rights, read_members
from builder.digest.contents import branch_digests
from builder.digest.groups import request_of, tell_group
from builder.digest.mail import Mailer, MailError
from builder.digest.memory import Sent, last_sent, note_sent
from builder.digest.prepare import OPERATOR, Digests, Letter
from builder.messages.problems import problems_of
from builder.messages.terms import translator_of
from builder.messages.translation import N_, Translator
from builder.model.periods import day_of
from builder.model.values import Organization
from builder.store import Store, StoreLockedError
from builder.store.lock import locked
from builder.store.notes import last_build

_GIVE_UP = 3
"""After so many mails in a row that could not be handed over, no more are tried."""


def run(parsed: argparse.Namespace) -> int:
    """Tells everybody who has not been told today, or writes what they would be told; returns the exit status."""
    root = root_of(parsed)
    with refusals(root):
        organization = organization_of(root)
        store = Store(parsed.state or root / ".branchpress", parsed.output or root / "sites")
        mailing = _mailing(root, translator_of(organization))
        build = last_build(store)
        if build is None:
            raise CommandError(N_("Nothing has been built here yet."))
        now = now_of(parsed, organization)
        with _alone(store.folder / "digest.lock"):
            rights = Rights(FolderTree(root))

            def known(slug: str) -> tuple[str, ...] | None:
                sent = last_sent(store, slug)
                return sent.marks if sent is not None else None

            workers = executor_of(parsed, organization)
            found = branch_digests(organization, store, build, now, known, workers)
            digests = Digests(organization, mailing, found, rights.owners_of, _members(parsed.members), now)
            work = _Work(organization, store, mailing, digests, now)
            if parsed.dry_run:
                return work.write(parsed.eml or store.folder.parent / "digest")
            return work.send()


class _Work:
    """One call of the command."""

    def __init__(
        self, organization: Organization, store: Store, mailing: Mailing, digests: Digests, now: datetime
    ) -> None:
        self.store, self.mailing, self.digests, self.now = store, mailing, digests, now
        self.text = translator_of(organization)
        self.today = day_of(now, organization.zone).isoformat()
        self.done, self.failures = 0, list[str]()

    def write(self, folder: Path) -> int:
        """Writes what would be sent into a folder, and sends and notes nothing."""
        folder.mkdir(parents=True, exist_ok=True)
        whole = self.digests.whole(())
        letters = [*self.digests.letters(), *((whole,) if whole is not None else ())] if self.mailing.sender else []
        for letter in letters:
            file = folder / f"{letter.name.strip('@')}.eml"
            write_whole(file, letter.mail.as_bytes())
            print(file)
        for group in self.mailing.groups:
            if text := self.digests.group_text(group):
                file = folder / f"{group.name}.{group.kind}.json"
                write_whole(file, request_of(group, "", "", text, 0)[1])
                print(file)
        self._say_nobody()
        return OK

    def send(self) -> int:
        """Sends what was not sent today."""
        if self.mailing.sender:
            self._mail()
        for group in self.mailing.groups:
            text = self.digests.group_text(group)
            if text and self._is_due(f"@group {group.name}"):
                self._try(f"@group {group.name}", group.name, partial(self._tell, group, text))
        for digest in self.digests.digests.values():
            if last_sent(self.store, digest.slug) is None:
                # From here on it is known what is new.
                note_sent(self.store, digest.slug, Sent("", digest.marks))
        self._say_nobody()
        if not self.done and not self.failures:
            say(self.text.gettext("Everybody has been told for today, or there is nothing to tell."))
        return (PROBLEMS if self.done else NOTHING_DONE) if self.failures else OK

    def _mail(self) -> None:
        mailer = Mailer(self.mailing.smtp, os.environ)
        row = 0
        try:
            for letter in self.digests.letters():
                if not self._is_due(letter.name):
                    continue
                sent = self._try(letter.name, letter.name, partial(self._hand_over, mailer, letter))
                row = 0 if sent else row + 1
                if row == _GIVE_UP:
                    break
            whole = self.digests.whole(tuple(self.failures))
            if whole is not None and row < _GIVE_UP and self._is_due(OPERATOR):
                self._try(OPERATOR, self.text.gettext("operator"), partial(self._hand_over, mailer, whole))
        finally:
            mailer.close()

    def _is_due(self, name: str) -> bool:
        sent = last_sent(self.store, name)
        return sent is None or sent.day != self.today

    def _try(self, name: str, shown: str, act: Callable[[], None]) -> bool:
        """Notes that somebody is told today, and tells them; if that fails, the note goes back to what it was."""
        before = last_sent(self.store, name)
        digest = self.digests.digests.get(name)
        note_sent(self.store, name, Sent(self.today, digest.marks if digest is not None else ()))
        try:
            act()
        except MailError as error:
            note_sent(self.store, name, before)
            self._failed(f"{shown}: {self.text.gettext(error.message, **error.values)}")
            return False
        self.done += 1
        return True

    def _hand_over(self, mailer: Mailer, letter: Letter) -> None:
        refused = mailer.send(letter.mail, self.mailing.sender, letter.to)
        if len(refused) == len(letter.to):
            raise MailError(N_("The mail server refused: {names}."), names=refused)
        print(letter.name.strip("@"), *(address for address in letter.to if address not in refused), sep="\t")
        if refused:
            told = self.text.gettext("The mail server refused: {names}.", names=tuple(refused))
            self._failed(f"{letter.name.strip('@')}: {told}")

    def _tell(self, group: Group, text: str) -> None:
        tell_group(group, text, os.environ, int(time.time()))
        print(group.name, group.kind, sep="\t")

    def _failed(self, sentence: str) -> None:
        self.failures.append(sentence)
        say(sentence)

    def _say_nobody(self) -> None:
        if self.mailing.sender and self.digests.nobody:
            say(self.text.gettext("These branches name no mail address: {names}", names=self.digests.nobody))


def _mailing(root: Path, text: Translator) -> Mailing:
    if not (root / MAILING_FILE).is_file():
        raise CommandError(
            N_(
                "There is no digest.yml in {folder}. Write who sends and who is told of everything, for example: "
                "{{from: sites@example.org, operator: web@example.org, smtp: {{host: smtp.example.org}}}}"
            ),
            folder=root.resolve(),
        )
    mailing, problems = read_mailing(root)
    if mailing is None:
        raise CommandError(N_("Nothing was changed."), problems)
    say_problems(problems, (text,))
    if not mailing.sender and not mailing.groups:
        raise CommandError(N_("digest.yml names neither the address that mails come from (from) nor a group."))
    return mailing


def _members(file: Path | None) -> Members:
    if file is None:
        return Members()
    members, diagnostics = read_members(file)
    if diagnostics:
        raise CommandError(N_("The file of members cannot be used."), problems_of(diagnostics, file.as_posix()))
    return members


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    try:
        with locked(lock):
            yield
    except StoreLockedError as error:
        raise CommandError(
            N_("Digests are being sent already (process {holder}); wait until that has finished."), holder=error.holder
        ) from error

"""The words for each addressee: a mail for a branch's contact and owners, one of the whole for the operator, texts for groups."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from email.message import EmailMessage

import msgspec

from builder.content.mailing import Group, Mailing
from builder.content.owners import Members
from builder.digest.contents import BranchDigest
from builder.digest.mail import compose, mail_addresses
from builder.digest.texts import digest_text, headline
from builder.messages.terms import translator_of
from builder.messages.translation import Translator
from builder.messages.visible import visible
from builder.model.addresses import Addresses
from builder.model.values import Branch, Organization

OPERATOR = "@operator"
"""The name of the operator's mail, which no branch can have."""


class Letter(msgspec.Struct, frozen=True):
    """A mail: the branch that it is for, or OPERATOR, and who gets it."""

    name: str
    to: tuple[str, ...]
    mail: EmailMessage


class Digests:
    """The digests of all branches, and the words that each addressee is told of them."""

    def __init__(
        self,
        organization: Organization,
        mailing: Mailing,
        digests: Sequence[BranchDigest],
        owners: Callable[[str], Sequence[str]],
        members: Members,
        now: datetime,
    ) -> None:
        """``owners`` gives the owners of a branch as they are written."""
        self.digests: Mapping[str, BranchDigest] = {digest.slug: digest for digest in digests}
        self._organization, self._mailing, self._now = organization, mailing, now
        self._text: Translator = translator_of(organization)
        branches: list[Branch] = [digest.branch for digest in digests if digest.branch is not None]
        self._addresses = Addresses(organization, branches)
        self._to = {
            digest.slug: mail_addresses((*_contact(digest.branch), *owners(digest.slug)), members)
            for digest in digests
            if digest.slug
        }

    @property
    def nobody(self) -> tuple[str, ...]:
        """The branches of which something is to be told, and that name no mail address."""
        return tuple(slug for slug, to in self._to.items() if not to and self.digests[slug])

    def letters(self) -> Iterator[Letter]:
        """Yields a mail for each branch of which something is to be told to somebody."""
        for slug, to in self._to.items():
            digest = self.digests[slug]
            if not digest or not to:
                continue
            text = (
                translator_of(self._organization, digest.branch.language) if digest.branch is not None else self._text
            )
            footer = text.gettext(
                "You get this at most once a day, because the settings of {name} name you as its contact or owner. Reply to be "
                "left out.",
                name=digest.title,
            )
            site = self._addresses.site_url(slug)
            body = digest_text(digest, self._addresses, text)
            yield Letter(
                slug, to, self._mail(to, headline(digest, text), f"{body}\n\n-- \n{visible(footer)}\n{site}", slug)
            )

    def whole(self, failures: Sequence[str]) -> Letter | None:
        """Returns the operator's mail, with ``failures`` of the sending before it; None if there is no operator, or nothing to
        tell."""
        told = [digest for digest in self.digests.values() if digest]
        if not self._mailing.operator or not (told or failures):
            return None
        _ = self._text.gettext
        blocks = [[f"- {visible(failure)}" for failure in failures]] if failures else []
        if self.nobody:
            blocks.append([_("These branches name no mail address: {names}", names=self.nobody)])
        blocks.append([f"- {self._line(digest)}" for digest in told])
        for digest in told:
            title = self._title(digest)
            text = digest_text(digest, self._addresses, self._text)
            blocks.append([f"== {title} ==", "", text])
        held = sum(len(digest.held) for digest in told)
        subject = _("branches with something to tell: {n}, held back: {held}", n=len(told), held=held)
        body = "\n\n".join("\n".join(block) for block in blocks if block)
        to = self._mailing.operator
        return Letter(OPERATOR, to, self._mail(to, subject, body, "operator"))

    def group_text(self, group: Group) -> str:
        """Returns what a group is told: of its branch everything but what is not yet public, of all branches a line each. Empty
        if there is nothing."""
        if group.branch:
            digest = self.digests.get(group.branch)
            if not digest:
                return ""
            text = (
                translator_of(self._organization, digest.branch.language) if digest.branch is not None else self._text
            )
            body = digest_text(digest, self._addresses, text, private=False)
            return f"{headline(digest, text)}\n\n{body}"
        lines = [self._line(digest) for digest in self.digests.values() if digest]
        return "\n".join((self._hub(), *lines)) if lines else ""

    def _line(self, digest: BranchDigest) -> str:
        return headline(digest, self._text, "" if digest.slug else self._hub())

    def _title(self, digest: BranchDigest) -> str:
        return visible(digest.title) if digest.slug else self._hub()

    def _hub(self) -> str:
        return visible(self._organization.short_name or self._organization.name)

    def _mail(self, to: Sequence[str], subject: str, body: str, key: str) -> EmailMessage:
        name = self._hub()
        return compose(
            self._mailing.sender, name, to, f"[{name}] {subject}", body, self._now, key, self._mailing.operator
        )


def _contact(branch: Branch | None) -> tuple[str, ...]:
    return (branch.contact.email,) if branch is not None and branch.contact is not None else ()

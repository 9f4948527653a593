"""The reach of a branch: what its readers can do to write to it. Pure."""

from __future__ import annotations

from builder.model.values import Branch, Organization
from builder.model.ways import PURPOSES, Purpose, Way, is_mail_address


def way_to(organization: Organization, branch: Branch | None, purpose: Purpose) -> Way | None:
    """Returns what a branch's readers, or the hub's for None, can do for a purpose: what is written, else a mail, if there is an
    address; None if they can do nothing.

    A closed branch gets no letters; what is wrong on its pages is told to the organization.
    """
    closed = branch is not None and branch.status == "closed"
    if closed and purpose == "letter":
        return None
    contacts = (branch.contact if branch is not None and not closed else None, organization.contact)
    known = (contact.email for contact in contacts if contact is not None and is_mail_address(contact.email))
    above = organization.ways
    way = (branch.ways.within(above) if branch is not None and not closed else above).of(purpose) or Way(mail=True)
    address = (way.address or next(known, "")) if way.mail else ""
    if not (address or way.form or way.issue):
        return None
    return Way(
        mail=bool(address),
        address=address,
        form=way.form,
        issue=way.issue,
        note=way.note,
        reply_within=way.reply_within,
    )


def is_reachable(organization: Organization, branch: Branch) -> bool:
    """Tells whether readers can ask a branch anything: by telephone, by mail, by a form or an issue."""
    contacts = [contact for contact in (branch.contact, organization.contact) if contact is not None]
    return any(contact.phone or is_mail_address(contact.email) for contact in contacts) or any(
        way_to(organization, branch, purpose) is not None for purpose in PURPOSES
    )

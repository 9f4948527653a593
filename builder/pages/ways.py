"""The ways in which a page's reader can take part: as links, as text to copy, as a QR code. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from builder.catalogue.catalogue import path_of
from builder.catalogue.reach import way_to
from builder.messages.lengths import span_text
from builder.messages.translation import N_
from builder.model.dates import Span
from builder.model.values import Branch, Entry, Organization, Page, Topic
from builder.model.ways import Purpose, filled, mail_link
from builder.pages.context import Context
from builder.pages.page_data.parts import Code, TakePart

_SUBJECTS: Mapping[Purpose, str] = {
    "letter": N_("[Letter] {title}"),
    "correction": N_("[Correction] {title}"),
    "topic": N_("[Topic] {title}"),
}
_BODIES: Mapping[Purpose, str] = {
    "letter": N_("Page: {url}\n\n"),
    "correction": N_("Page: {url}\n\nWhat is wrong:\n\nWhat it should say:\n"),
    "topic": N_("Page: {url}\n\n"),
}
_MOST_IN_CODE = 600
"""The most characters of an address as a QR code: more modules than that no phone reads from a page."""
_TITLE = 80


def to_write(ctx: Context, path: str) -> TakePart | None:
    """Returns how to send a letter from the page at ``path``, to the site's branch; None if one cannot."""
    return _take_part(ctx, "letter", path, ctx.title, {}, coded=True)


def to_correct(ctx: Context, what: Entry | Page) -> TakePart | None:
    """Returns how to tell that something on a document's page is wrong; None if one cannot."""
    section = what.section if isinstance(what, Entry) else ""
    return _take_part(ctx, "correction", path_of(what), what.title, {"section": section, "entry": what.slug})


def to_join(ctx: Context, topic: Topic) -> TakePart | None:
    """Returns how to take part in a topic; None if one cannot."""
    return _take_part(ctx, "topic", path_of(topic), topic.title, {"topic": topic.slug}, coded=True)


def _take_part(
    ctx: Context, purpose: Purpose, path: str, title: str, names: Mapping[str, str], *, coded: bool = False
) -> TakePart | None:
    """Returns the ways for a purpose on the page at ``path``; ``coded``: with a QR code even of a mail's address."""
    organization, branch = ctx.organization, ctx.branch
    way = way_to(organization, branch, purpose)
    if way is None:
        return None
    text, url = ctx.text.gettext, ctx.addresses.absolute(path)
    values = {**names, "branch": ctx.site or "hub", "title": title[:_TITLE], "url": url}
    subject, body = text(_SUBJECTS[purpose], title=title), text(_BODIES[purpose], url=url)
    form = filled(way.form, values)
    code = form or (mail_link(way.address, subject, "") if coded else "")
    own = branch is not None and branch.ways.of(purpose) is not None
    limit = way.reply_within or (_limit_of_letters(organization, branch) if purpose == "letter" else None)
    return TakePart(
        mail=mail_link(way.address, subject, body) if way.mail else "",
        address=way.address,
        form=form,
        issue=filled(way.issue, {**values, "title": subject}),
        note=way.note,
        lang="" if own or not way.note else ctx.spoken(organization.language),
        reply_text=text("We answer within {time}.", time=span_text(limit, ctx.text)) if limit is not None else "",
        qr=Code(address=code, text=text("QR code: {url}", url=code)) if 0 < len(code) <= _MOST_IN_CODE else None,
    )


def _limit_of_letters(organization: Organization, branch: Branch | None) -> Span | None:
    sections = branch.visible_sections if branch is not None else organization.sections
    return next((each.reply_within for each in sections if each.kind.gets_replies and each.reply_within), None)

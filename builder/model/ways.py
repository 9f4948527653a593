"""The ways in which readers take part: a letter, a correction, a contribution to a topic. Pure.

A site has no server of its own, so each way is an address: of a mail (RFC 6068) with subject and text filled in, of a
form elsewhere with placeholders, of a new issue in the repository's tracker.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal
from urllib.parse import quote, urlsplit

from builder.model.dates import Span
from builder.model.patterns import pattern_of
from builder.model.struct import Struct

Purpose = Literal["letter", "correction", "topic"]
PURPOSES: tuple[Purpose, ...] = ("letter", "correction", "topic")
PLACEHOLDERS = ("branch", "section", "entry", "title", "topic", "url")
"""The names that a form's address may hold in braces: slugs, the page's title, its full address."""
MOST_IN_MAIL = 1_800
"""The most characters of a ``mailto:`` address: what programs and browsers of all systems take (Windows: 2,048)."""
_SAFE = ":/?#@!$&()*+,;=%~-._"
_PLACEHOLDER = pattern_of(r"\{([^{}]*)\}")
_MAIL = pattern_of(r"[^\s@<>\"'(),:;\[\]\\?&#%]+@(?:[^\s@<>\"'(),:;\[\]\\?&#%.]+\.)+[^\s@<>\"'(),:;\[\]\\?&#%.]+")


class Way(Struct, frozen=True):
    """The ways for one purpose. ``mail`` says that the mail is offered, to ``address`` if one is written, else to
    the contact's; ``form`` and ``issue`` are addresses that may hold placeholders; ``reply_within`` is when to expect an
    answer."""

    mail: bool = False
    address: str = ""
    form: str = ""
    issue: str = ""
    note: str = ""
    reply_within: Span | None = None


class Ways(Struct, frozen=True):
    """``ways:`` of organization.yml or branch.yml; None where nothing is written."""

    letter: Way | None = None
    correction: Way | None = None
    topic: Way | None = None

    def of(self, purpose: Purpose) -> Way | None:
        """Returns what is written for a purpose."""
        found: Way | None = getattr(self, purpose)
        return found

    def within(self, above: Ways) -> Ways:
        """Returns these ways, and those of the organization ``above`` for purposes of which nothing is written here."""
        return Ways(
            letter=self.letter or above.letter,
            correction=self.correction or above.correction,
            topic=self.topic or above.topic,
        )


def is_mail_address(text: str) -> bool:
    """Tells whether a text is one e-mail address, of the plain kind that people write."""
    return _MAIL.fullmatch(text) is not None and len(text) <= 254


def wrong_placeholder(address: str) -> str:
    """Returns what in an address is in braces and no placeholder; empty if there is nothing."""
    found = next((each[0] for each in _PLACEHOLDER.finditer(address) if each[1] not in PLACEHOLDERS), "")
    return found or next((each for each in _PLACEHOLDER.sub("", address) if each in "{}"), "")


def is_safe(address: str) -> bool:
    """Tells whether pages may lead to an address: one of the web over https, with its host written out."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return False
    plain = not re.search(r"[\s<>\"'\\^`|\x00-\x1f\x7f]", address) and "{" not in parts.netloc
    return parts.scheme == "https" and bool(parts.hostname) and parts.username is None and plain


def filled(address: str, values: Mapping[str, str]) -> str:
    """Returns an address with its placeholders filled in, percent-encoded as UTF-8 (RFC 3986)."""
    parts = _PLACEHOLDER.split(address)
    return "".join(
        quote(values.get(part, ""), safe="") if number % 2 else quote(part, safe=_SAFE)
        for number, part in enumerate(parts)
    )


def mail_link(address: str, subject: str, body: str, most: int = MOST_IN_MAIL) -> str:
    """Returns the ``mailto:`` address of a mail with subject and body, whose lines end in CRLF (RFC 6068).

    One that would have more than ``most`` characters has a shorter subject, else no body.
    """
    start = f"mailto:{quote(address, safe='@')}?subject="
    text = quote(body.replace("\r\n", "\n").replace("\n", "\r\n"), safe="")
    end = f"&body={text}" if body and len(start) + len(text) + 200 < most else ""
    title = quote(subject, safe="")
    while subject and len(start) + len(title) + len(end) > most:
        subject = subject[:-1]
        title = quote(f"{subject}…", safe="")
    return f"{start}{title}{end}"


def new_issue(edit_url: str) -> str:
    """Returns the address of a new issue in the tracker of the repository that ``edit_url`` edits, with placeholders:
    GitLab's from ``/-/`` in it, else the one that GitHub, Gitea and Forgejo have; empty if it is none of these."""
    address, lab, _ = edit_url.partition("/-/")
    if lab:
        return f"{address}/-/issues/new?issue[title]={{title}}&issue[description]={{url}}"
    found = re.match(r"(https://[^/]+/[^/]+/[^/]+)/(?:edit|_edit|blob|src|tree)/", edit_url)
    return f"{found[1]}/issues/new?title={{title}}&body={{url}}" if found else ""

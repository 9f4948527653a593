"""The rules of the audit: every rule with its limit and message. Names are permanent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from builder.messages.translation import N_

LimitKind = Literal["span", "count", "none"]


class Rule(NamedTuple):
    """A rule: its name, the group that it belongs to, its title, its message and its advice, as English
    msgids.

    ``limit`` says what a profile may set: a length of time, a number, or nothing, because the limit stands elsewhere
    (``update_within`` of a section) or there is none. ``what`` has ``{names}`` that a finding's arguments fill, ``measure``
    and ``limit`` among them; ``without`` is said instead where the measure is 0 or there is none.
    """

    name: str
    group: str
    limit: LimitKind
    title: str
    what: str
    how: str
    without: str = ""


GROUPS: Mapping[str, str] = {
    "freshness": N_("Freshness"),
    "interaction": N_("Interaction"),
    "policy": N_("Policies"),
    "links": N_("Links"),
    "personal": N_("Personal data"),
    "content": N_("Content"),
    "consistency": N_("Consistency"),
}

_RULES = (
    Rule(
        "site-asleep",
        "freshness",
        "span",
        N_("The site is inactive"),
        N_("Nothing has been published in the whole branch for {measure} (limit: {limit})."),
        N_("Publish something about a recent event; a few sentences and a picture are enough."),
        N_("Nothing has ever been published in the branch (limit: {limit})."),
    ),
    Rule(
        "core-sections-stale",
        "freshness",
        "count",
        N_("Too many news, notice and policy sections are overdue"),
        N_("Overdue sections of news, notices and policies: {measure} (limit: {limit}): {names}."),
        N_("Update these sections, starting with the one that is longest overdue."),
    ),
    Rule(
        "stale-sections",
        "freshness",
        "count",
        N_("Too many sections are overdue"),
        N_("Overdue sections: {measure} (limit: {limit}): {names}."),
        N_("Update these sections, or hide those that nobody maintains (sections: hide)."),
    ),
    Rule(
        "empty-sections",
        "freshness",
        "count",
        N_("Too many sections are empty"),
        N_("Empty sections: {measure} (limit: {limit}): {names}."),
        N_("Fill these sections, or hide them in branch.yml (sections: hide)."),
    ),
    Rule(
        "section-stale",
        "freshness",
        "none",
        N_("A section is overdue"),
        N_("“{section}” has had nothing new for {measure} (limit: {limit}); the last entry is dated {last}."),
        N_("Publish something in this section, or ask for a longer limit."),
    ),
    Rule(
        "section-due",
        "freshness",
        "span",
        N_("A section is due soon"),
        N_("“{section}” needs something new by {due}: {measure} left."),
        N_("Plan what to publish there next."),
        N_("“{section}” needs something new today."),
    ),
    Rule(
        "section-empty",
        "freshness",
        "none",
        N_("A section is empty"),
        N_("“{section}” is shown, but has no entries."),
        N_("Publish something there, or hide the section in branch.yml (sections: hide)."),
    ),
    Rule(
        "channel-missing",
        "interaction",
        "none",
        N_("No contact for questions"),
        N_("Readers cannot reach the branch: there is no telephone number, no e-mail address, no form."),
        N_("Add “contact” with an e-mail address to branch.yml, or “ways” with the address of a form."),
    ),
    Rule(
        "letter-unanswered",
        "interaction",
        "span",
        N_("A letter is long overdue"),
        N_("A letter received on {received} has waited for {measure} (limit: {limit})."),
        N_("Answer it today: write the reply below the front matter, and add the date as “replied”."),
    ),
    Rule(
        "letter-waiting",
        "interaction",
        "none",
        N_("A letter is overdue"),
        N_("A letter received on {received} has waited for {measure} (limit: {limit})."),
        N_("Answer it: write the reply below the front matter, and add the date as “replied”."),
    ),
    Rule(
        "letter-late",
        "interaction",
        "span",
        N_("A letter was answered late"),
        N_("A letter received on {received} was answered after {measure} (limit: {limit})."),
        N_("Nothing to fix; make sure the next one is answered in time."),
    ),
    Rule(
        "policy-uninterpreted",
        "policy",
        "none",
        N_("A policy has no explanation"),
        N_("“{title}” was published {measure} ago, and no text explains it (limit: {limit})."),
        N_(
            "Publish a text that explains in plain words what it means for whom, with “interprets: {ref}” in its front matter."
        ),
    ),
    Rule(
        "policy-replaced",
        "policy",
        "none",
        N_("A replaced policy is marked as in force"),
        N_("“{title}” has been replaced by {other}, but is still marked as in force."),
        N_("Write “status: repealed” (or “amended”) in its front matter."),
    ),
    Rule(
        "repealed-linked",
        "policy",
        "none",
        N_("A repealed policy is linked"),
        N_("The link “{target}” points to the policy “{title}”, which has been repealed."),
        N_("Link to the policy now in force, or mention in the sentence that it has been repealed."),
    ),
    Rule(
        "link-dead",
        "links",
        "none",
        N_("A link is broken"),
        N_("The link “{target}” is broken."),
        N_("Correct the address, or remove the link."),
    ),
    Rule(
        "anchor-dead",
        "links",
        "none",
        N_("A link points to a missing heading"),
        N_("“{target}” points to a heading that does not exist."),
        N_("Copy the words of the heading after the “#”, with hyphens instead of spaces."),
    ),
    Rule(
        "picture-dead",
        "links",
        "none",
        N_("A picture is missing"),
        N_("The picture “{target}” does not exist, or cannot be shown."),
        N_("Put the file into the folder, or correct the name; uppercase and lowercase letters are different."),
    ),
    Rule(
        "attachment-dead",
        "links",
        "none",
        N_("An attachment is missing"),
        N_("The attachment “{target}” does not exist."),
        N_("Put the file into the folder, or correct the name; uppercase and lowercase letters are different."),
    ),
    Rule(
        "external-dead",
        "links",
        "none",
        N_("A link to another site is broken"),
        N_("“{target}” cannot be reached: {reason} (checked on {checked})."),
        N_("Check whether the page has moved; correct the address, or remove the link."),
    ),
    Rule(
        "identity-number",
        "personal",
        "none",
        N_("Identity number"),
        N_("This is an identity number: {value}."),
        N_(
            "Remove it, or keep only the first and last digits; it remains in the repository's history, so "
            "tell the administrator."
        ),
    ),
    Rule(
        "bank-card",
        "personal",
        "none",
        N_("Bank card number"),
        N_("This is a bank card number: {value}."),
        N_("Remove it; it remains in the repository's history, so tell the administrator."),
    ),
    Rule(
        "mobile-number",
        "personal",
        "none",
        N_("Mobile telephone number"),
        N_("This is a mobile telephone number: {value}."),
        N_("Use an office number instead, or ask the person for permission."),
    ),
    Rule(
        "personal-email",
        "personal",
        "none",
        N_("Personal e-mail address"),
        N_("This is a personal e-mail address: {value}."),
        N_("Use an office address instead, or ask the person for permission."),
    ),
    Rule(
        "notice-personal-data",
        "personal",
        "none",
        N_("Personal data in a public notice"),
        N_("This public notice, which is still running, shows everybody: {kind} {value}."),
        N_("Remove it today; a name and a department are enough to identify the person."),
    ),
    Rule(
        "picture-position",
        "personal",
        "none",
        N_("A picture reveals where it was taken"),
        N_(
            "The picture file records where it was taken. It is removed before publication, but anyone with "
            "access to the repository can see it."
        ),
        N_("Remove the location (in the picture's properties), and turn location off in the camera."),
    ),
    Rule(
        "document-author",
        "personal",
        "none",
        N_("A document names its author"),
        N_("The properties of “{name}”, which readers can download, contain the name {authors}."),
        N_("In Word or WPS, remove it with File → Info → Inspect Document; then save, or export the PDF again."),
    ),
    Rule(
        "document-comments",
        "personal",
        "none",
        N_("A document contains comments or tracked changes"),
        N_("Anyone who downloads “{name}” can read its comments, or what was changed and deleted."),
        N_("Accept or reject all changes, delete the comments, and save the document again."),
    ),
    Rule(
        "document-position",
        "personal",
        "none",
        N_("A picture in a document reveals where it was taken"),
        N_("A picture in “{name}” records where it was taken; anyone who downloads the document can see it."),
        N_("Insert the picture again without its location, or publish the document as a PDF."),
    ),
    Rule(
        "near-duplicate",
        "content",
        "none",
        N_("A text was copied"),
        N_("This text is nearly identical to {other} ({percent} %)."),
        N_("Keep one of the two and share it (share_with) instead of copying it."),
    ),
    Rule(
        "file-unused",
        "content",
        "none",
        N_("An unused file"),
        N_("No text uses this file ({size})."),
        N_("Delete it, or link to it where it belongs."),
    ),
    Rule(
        "summary-missing",
        "content",
        "none",
        N_("A summary is missing"),
        N_("“{title}” has no summary; lists and feeds show its first sentences instead."),
        N_("Add one or two sentences as “summary”."),
    ),
    Rule(
        "alternative-missing",
        "content",
        "none",
        N_("A picture has no alternative text"),
        N_("The picture “{target}” has no alternative text: readers who cannot see it do not know what it shows."),
        N_("Describe the picture in the square brackets, or as image_alt."),
    ),
    Rule(
        "source-missing",
        "content",
        "none",
        N_("No author or source"),
        N_("“{title}” has neither an author nor a source."),
        N_("Add “author” or “source” to its front matter, or once for all entries under “defaults” in branch.yml."),
    ),
    Rule(
        "date-suspicious",
        "content",
        "none",
        N_("A date looks wrong"),
        N_("The date {date} looks like a typing error: {because}"),
        N_("Compare it with the original document; correct it, or leave it if it is right."),
    ),
    Rule(
        "date-before-history",
        "content",
        "span",
        N_("A text was backdated"),
        N_(
            "The date is {date}, but the file was added to the repository on {added}, {measure} later (limit: {limit})."
        ),
        N_("Nothing, if the text comes from an older site; otherwise correct the date."),
    ),
    Rule(
        "contact-missing",
        "consistency",
        "none",
        N_("A branch has no contact details"),
        N_("branch.yml does not say how to reach the branch."),
        N_("Add “contact” to branch.yml: a role, a telephone number, an office."),
    ),
    Rule(
        "term-ended",
        "consistency",
        "span",
        N_("The committee's term has ended"),
        N_("The committee has been in office since {since}; its term of {limit} ended on {due}."),
        N_("Hold the election, or update the committee in branch.yml."),
    ),
    Rule(
        "purpose-twice",
        "consistency",
        "none",
        N_("Two pages have one purpose"),
        N_("The navigation of the branch leads to more than one page for “{title}”: {places}."),
        N_(
            "Keep one of them, and move there what is in the others; or give each a name that says what it alone is for."
        ),
    ),
    Rule(
        "sections-hidden",
        "consistency",
        "count",
        N_("Most branches hide a section"),
        N_("“{section}” is hidden by {measure} of {total} branches (more than {limit} %)."),
        N_("Remove the section from organization.yml, and add it in the branches that use it."),
    ),
)

RULES: Mapping[str, Rule] = {rule.name: rule for rule in _RULES}
"""All rules by name, in the order in which they are reported."""

BECAUSE: Mapping[str, str] = {
    "prefix": N_("the file name says {other}."),
    "ahead": N_("it is more than a year in the future."),
    "old": N_("no such site existed then."),
    "updated": N_("it is later than the last change, {other}."),
    "event": N_("the event is on {other}, more than a year away from it."),
    "replied": N_("the reply is dated {other}, before the letter."),
    "effective": N_("the policy has been in force since {other}, long before it was issued."),
    "period": N_("the notice only runs until {other}, which is earlier."),
}
"""The reasons why a date looks like a typing error."""

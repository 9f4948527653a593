"""The rules of the audit: every rule that there is, what its limit is, and its words. Names are permanent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from builder.messages.translation import N_

LimitKind = Literal["span", "count", "none"]


class Rule(NamedTuple):
    """A rule: its name, the group that it belongs to, its title, what is said of a finding and what to do, as English
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
        N_("The site is asleep"),
        N_("Nothing has been published in the whole branch for {measure} (limit: {limit})."),
        N_("Publish something that happened lately; a few sentences and a picture will do."),
        N_("Nothing has ever been published in the branch (limit: {limit})."),
    ),
    Rule(
        "core-sections-stale",
        "freshness",
        "count",
        N_("Too many news, notice and policy sections are overdue"),
        N_("Sections of news, notices and policies without anything new in time: {measure} (limit: {limit}): {names}."),
        N_("Bring these sections up to date, the one longest overdue first."),
    ),
    Rule(
        "stale-sections",
        "freshness",
        "count",
        N_("Too many sections are overdue"),
        N_("Sections that are overdue: {measure} (limit: {limit}): {names}."),
        N_("Bring these sections up to date, or hide those that nobody keeps (sections: hide)."),
    ),
    Rule(
        "empty-sections",
        "freshness",
        "count",
        N_("Too many sections are empty"),
        N_("Sections in which there is nothing: {measure} (limit: {limit}): {names}."),
        N_("Fill these sections, or hide them in branch.yml (sections: hide)."),
    ),
    Rule(
        "section-stale",
        "freshness",
        "none",
        N_("A section is overdue"),
        N_("“{section}” has had nothing new for {measure} (limit: {limit}); the last was of {last}."),
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
        N_("There is nothing in “{section}”, although it is shown."),
        N_("Publish something there, or hide the section in branch.yml (sections: hide)."),
    ),
    Rule(
        "channel-missing",
        "interaction",
        "none",
        N_("Nobody can be asked"),
        N_("The branch offers no way to ask: no telephone, no e-mail, no section of letters."),
        N_("Write “contact” in branch.yml."),
    ),
    Rule(
        "letter-unanswered",
        "interaction",
        "span",
        N_("A letter has waited for very long"),
        N_("A letter received on {received} has waited for {measure} (limit: {limit})."),
        N_("Answer it today: write the reply below the front matter, and the day as “replied”."),
    ),
    Rule(
        "letter-waiting",
        "interaction",
        "none",
        N_("A letter waits for too long"),
        N_("A letter received on {received} has waited for {measure} (limit: {limit})."),
        N_("Answer it: write the reply below the front matter, and the day as “replied”."),
    ),
    Rule(
        "letter-late",
        "interaction",
        "span",
        N_("A letter was answered late"),
        N_("A letter received on {received} was answered after {measure} (limit: {limit})."),
        N_("Nothing to mend; see that the next one is answered in time."),
    ),
    Rule(
        "policy-uninterpreted",
        "policy",
        "none",
        N_("A policy lacks its interpretation"),
        N_("“{title}” was published {measure} ago, and no text interprets it (limit: {limit})."),
        N_("Write in plain words what it means for whom, with “interprets: {ref}” at its head."),
    ),
    Rule(
        "policy-replaced",
        "policy",
        "none",
        N_("A replaced policy says that it is in force"),
        N_("“{title}” has been replaced by {other}, but still says that it is in force."),
        N_("Write “status: repealed” (or “amended”) at its head."),
    ),
    Rule(
        "repealed-linked",
        "policy",
        "none",
        N_("A repealed policy is linked"),
        N_("The link “{target}” leads to the policy “{title}”, which has been repealed."),
        N_("Link to what is in force instead, or say in the sentence that it has been repealed."),
    ),
    Rule(
        "link-dead",
        "links",
        "none",
        N_("A link leads nowhere"),
        N_("The link “{target}” leads nowhere."),
        N_("Correct the address, or remove the link."),
    ),
    Rule(
        "anchor-dead",
        "links",
        "none",
        N_("A link names a place that is not there"),
        N_("“{target}” names a heading that is not there."),
        N_("Copy the heading's words behind the “#”, with hyphens for spaces."),
    ),
    Rule(
        "picture-dead",
        "links",
        "none",
        N_("A picture is not there"),
        N_("The picture “{target}” is not there, or cannot be shown."),
        N_("Put the file into the folder, or correct the name; capital and small letters differ."),
    ),
    Rule(
        "attachment-dead",
        "links",
        "none",
        N_("An attachment is not there"),
        N_("The attachment “{target}” is not there."),
        N_("Put the file into the folder, or correct the name; capital and small letters differ."),
    ),
    Rule(
        "external-dead",
        "links",
        "none",
        N_("A link to another site leads nowhere"),
        N_("“{target}” does not answer as it should: {reason} (asked on {checked})."),
        N_("Look whether the page has moved; correct the address, or remove the link."),
    ),
    Rule(
        "identity-number",
        "personal",
        "none",
        N_("Identity number"),
        N_("Here stands an identity number: {value}."),
        N_(
            "Remove it, or leave the first and last digits only; it stays in the repository's history, so tell the operator."
        ),
    ),
    Rule(
        "bank-card",
        "personal",
        "none",
        N_("Bank card number"),
        N_("Here stands the number of a bank card: {value}."),
        N_("Remove it; it stays in the repository's history, so tell the operator."),
    ),
    Rule(
        "mobile-number",
        "personal",
        "none",
        N_("Mobile telephone number"),
        N_("Here stands a mobile telephone number: {value}."),
        N_("Give the number of an office instead, or ask the person."),
    ),
    Rule(
        "personal-email",
        "personal",
        "none",
        N_("E-mail address of a person"),
        N_("Here stands the e-mail address of a person: {value}."),
        N_("Give the address of an office instead, or ask the person."),
    ),
    Rule(
        "notice-personal-data",
        "personal",
        "none",
        N_("Personal data in a public notice"),
        N_("This running public notice shows to everybody: {kind} {value}."),
        N_("Remove it today; a name and a unit are enough to tell who is meant."),
    ),
    Rule(
        "picture-position",
        "personal",
        "none",
        N_("A picture tells where it was taken"),
        N_(
            "The picture holds the place where it was taken. Readers get it without, whoever has the repository has it."
        ),
        N_("Remove the position (in the picture's properties), and switch it off in the camera."),
    ),
    Rule(
        "document-author",
        "personal",
        "none",
        N_("A document names its author"),
        N_("The properties of “{name}”, which readers download, name {authors}."),
        N_("In Word or WPS: File → Info → Inspect Document removes it; then save, or make the PDF anew."),
    ),
    Rule(
        "document-comments",
        "personal",
        "none",
        N_("A document holds comments or tracked changes"),
        N_("Whoever downloads “{name}” can read comments, or what was changed and deleted in it."),
        N_("Accept or reject all changes and delete the comments before it is saved for readers."),
    ),
    Rule(
        "document-position",
        "personal",
        "none",
        N_("A picture in a document tells where it was taken"),
        N_("A picture in “{name}” holds the place where it was taken; whoever downloads it can read that."),
        N_("Insert the picture anew without its position, or offer the document as PDF."),
    ),
    Rule(
        "near-duplicate",
        "content",
        "none",
        N_("A text was copied"),
        N_("This text is nearly the same as that of {other} ({percent} %)."),
        N_("Keep one of the two and share it (share_with) instead of copying."),
    ),
    Rule(
        "file-unused",
        "content",
        "none",
        N_("A file that nobody uses"),
        N_("No text uses this file ({size})."),
        N_("Delete it, or link to it where it belongs."),
    ),
    Rule(
        "summary-missing",
        "content",
        "none",
        N_("A summary is missing"),
        N_("“{title}” has no summary; lists and feeds show its first sentences."),
        N_("Write one or two sentences as “summary”."),
    ),
    Rule(
        "alternative-missing",
        "content",
        "none",
        N_("A picture has no alternative text"),
        N_("The picture “{target}” has no alternative text: who cannot see it learns nothing of it."),
        N_("Write in the square brackets, or as image_alt, what is to be seen."),
    ),
    Rule(
        "source-missing",
        "content",
        "none",
        N_("Neither author nor source"),
        N_("“{title}” names neither an author nor a source."),
        N_("Write “author” or “source” at its head, or once for all as defaults in branch.yml."),
    ),
    Rule(
        "date-suspicious",
        "content",
        "none",
        N_("A date that looks typed wrong"),
        N_("The date {date} looks typed wrong: {because}"),
        N_("Compare it with the paper; correct it, or leave it if it is right."),
    ),
    Rule(
        "date-before-history",
        "content",
        "span",
        N_("A text was dated back"),
        N_("The date is {date}, but the file came into the repository on {added}, {measure} later (limit: {limit})."),
        N_("Nothing, if the text was taken over from an older site; else correct the date."),
    ),
    Rule(
        "contact-missing",
        "consistency",
        "none",
        N_("A branch without contact"),
        N_("branch.yml says nowhere how to reach the branch."),
        N_("Write “contact” in branch.yml: a person's function, a telephone number, an office."),
    ),
    Rule(
        "term-ended",
        "consistency",
        "span",
        N_("The committee's term has ended"),
        N_("The committee is in office since {since}; its term of {limit} ended on {due}."),
        N_("Hold the election, or bring the committee in branch.yml up to date."),
    ),
    Rule(
        "sections-hidden",
        "consistency",
        "count",
        N_("Most branches hide a section"),
        N_("“{section}” is hidden by {measure} of {total} branches (more than {limit} %)."),
        N_("Take the section out of organization.yml, and add it in the branches that use it."),
    ),
)

RULES: Mapping[str, Rule] = {rule.name: rule for rule in _RULES}
"""All rules by name, in the order in which they are told."""

BECAUSE: Mapping[str, str] = {
    "prefix": N_("the name of the file says {other}."),
    "ahead": N_("it lies more than a year ahead."),
    "old": N_("no site of this kind is that old."),
    "updated": N_("it lies after the day of the last change, {other}."),
    "event": N_("the event is on {other}, more than a year away from it."),
    "replied": N_("the reply is of {other}, before the letter."),
    "effective": N_("the policy is in force since {other}, long before it was issued."),
    "period": N_("the notice runs until {other} only, which is before it."),
}
"""Why a date looks typed wrong."""

"""Problems of what is written: keys, values, dates, the text itself."""

from __future__ import annotations

from builder.messages.codes.code import Code
from builder.messages.translation import N_

VALUES = (
    Code(
        "key-unknown",
        "warning",
        N_("There is no key “{key}”."),
        N_("What stands behind it has no effect."),
        N_("Did you mean “{near}”? Otherwise delete the line."),
    ),
    Code(
        "key-hides",
        "error",
        N_("“{key}” hides, delays or ends a text in other systems; here the key is “{near}”."),
        N_("The text is withheld: what was meant to be hidden must not be published by mistake."),
        N_("Write “{line}” instead, or delete the line if everybody may read the text."),
    ),
    Code(
        "key-misspelled",
        "error",
        N_("There is no key “{key}”; “{near}” seems to be meant."),
        N_("The text is withheld: what was meant to be hidden must not be published by mistake."),
        N_("Write “{line}” instead, or delete the line if everybody may read the text."),
    ),
    Code(
        "key-misplaced",
        "error",
        N_("“{key}” stands within another value, where it has no effect."),
        N_("The text is withheld: what was meant to be hidden must not be published by mistake."),
        N_(
            "Put “{near}: ” on a line of its own, without blanks before it, or delete it if everybody may read the text."
        ),
    ),
    Code(
        "draft-in-text",
        "error",
        N_("“{line}” stands in the text, not in the head of the file."),
        N_("The text is withheld: a line in the text has no effect, and readers would see it."),
        N_(
            "Move the line up, between the two lines ---, or delete it if everybody may read the text. To show it to readers,"
            " put it between two grave accents: `{line}`."
        ),
    ),
    Code(
        "key-missing",
        "error",
        N_("“{key}” is missing."),
        N_("Without it this cannot be published."),
        N_("Add a line “{key}: ” with its value."),
    ),
    Code(
        "value-type",
        "error",
        N_("The value of “{key}” is not what should stand there: “{value}”."),
        N_("Expected is {expected}."),
        N_("Correct the value, or delete the line."),
    ),
    Code(
        "section-formerly",
        "warning",
        N_("A section cannot have been called “{name}”: another one is, or was."),
        N_("Old addresses would lead to the wrong section, and two feeds would be taken for one."),
        N_("Name only what this section's own folder was called, and remove “{name}” here."),
    ),
    Code(
        "closed-undated",
        "warning",
        N_("The branch is closed; nothing says since when."),
        N_("Pages cannot say it either, and feeds end on the day of its last entry."),
        N_("Add a line “closed: ” with the day, like 2026-06-30."),
    ),
    Code(
        "profile-unknown",
        "warning",
        N_("There is no profile “{value}” of the audit."),
        N_("Possible are: {choices}. The audit uses “campus” meanwhile."),
        N_("Choose one of them, like “{near}”, or write your own into content/_audit/."),
    ),
    Code(
        "value-mapping",
        "error",
        N_("The value of “{key}” is not what should stand there: “{value}”."),
        N_("Each value has a key of its own, between braces, with English colons and commas."),
        N_("Write: {line}"),
    ),
    Code(
        "value-cut",
        "warning",
        N_("The value of “{key}” ends before “{rest}”."),
        N_("A # behind a space begins a comment, which is not read."),
        N_("A comment goes on a line of its own; if it is text, put the whole value in quotation marks: {line}"),
    ),
    Code(
        "updated-before",
        "warning",
        N_("“updated” ({updated}) lies before the date ({date})."),
        N_("Nothing can be changed before it is published; usually one of the two was typed wrong."),
        N_("Correct whichever is wrong, or delete “updated”."),
    ),
    Code(
        "updated-ahead",
        "warning",
        N_("“updated” ({updated}) lies in the future."),
        N_("Readers and programs would take the text for newer than it is."),
        N_("Check the date."),
    ),
    Code(
        "value-choice",
        "error",
        N_("“{value}” is no possible value of “{key}”."),
        N_("Possible are: {choices}."),
        N_("Choose one of them, or delete the line."),
    ),
    Code(
        "text-too-long",
        "error",
        N_("“{key}” has {length} characters; the most is {most}."),
        N_("Longer ones do not fit where they are shown."),
        N_("Shorten it, or publish it as an article."),
    ),
    Code(
        "date-invalid",
        "error",
        N_("“{value}” is no date that exists (key “{key}”)."),
        N_("Dates are written like 2026-11-20, 2026-11-20 09:30 or 2026年11月20日."),
        N_("Correct the date."),
    ),
    Code(
        "date-missing",
        "error",
        N_("There is no date."),
        N_("Lists and feeds are in the order of dates."),
        N_("Add a line “date: 2026-11-20”, or let the file's name begin with the date, like 2026-11-20-{name}."),
    ),
    Code(
        "date-mismatch",
        "warning",
        N_("The date is {written}, but the file's name says {name}."),
        N_("The date in the text counts."),
        N_("Correct whichever is wrong."),
    ),
    Code(
        "date-far-ahead",
        "warning",
        N_("The date {date} is more than a year ahead."),
        N_("Until then nothing is published; usually the year was typed wrong."),
        N_("Check the year."),
    ),
    Code(
        "date-advice",
        "note",
        N_("The event has no date of publication."),
        N_("It is in the calendar at once, but in lists and feeds only from the day on which it begins."),
        N_("Add a line “date: ” with today's date to announce it now."),
    ),
    Code(
        "ends-before-starts",
        "warning",
        N_("The end lies before the beginning (key “{key}”)."),
        N_("The end is left out."),
        N_("Correct one of the two dates."),
    ),
    Code(
        "title-missing",
        "error",
        N_("There is no title."),
        N_("Without a title nothing can be listed."),
        N_("Add a line “title: ”, or begin the text with “# ” and a heading."),
    ),
    Code(
        "reply-missing",
        "warning",
        N_("The letter has a date of reply, but no reply."),
        N_("It counts as waiting and is not published."),
        N_("Write the reply below the head of the file."),
    ),
    Code(
        "alias-outside",
        "warning",
        N_("The old address “{value}” is not in this branch's own folder."),
        N_("A branch can redirect only what is below {folder}; this line has no effect."),
        N_("Ask whoever keeps organization.yml to add it to “redirects” there, and remove it here."),
    ),
    Code(
        "alias-invalid",
        "warning",
        N_("“{value}” is no old address that can lead here."),
        N_("An old address begins with {folder} and has no “?”, “#” or “..”."),
        N_("Write for example {folder}old-name/."),
    ),
    Code(
        "path-outside",
        "error",
        N_("“{value}” leads out of the folder content/ (key “{key}”)."),
        N_("Only what lies in content/ may be published."),
        N_("Copy the file beside this one and write its name."),
    ),
    Code(
        "external-file",
        "warning",
        N_("“{target}” lies on another host."),
        N_("Many readers cannot reach other hosts, and it may vanish there; pages load nothing from elsewhere."),
        N_("Save the file beside this one and write its name."),
    ),
    Code(
        "too-complex",
        "error",
        N_("The text is too involved here ({reason})."),
        N_(
            "Nesting deeper than 100, more than 50,000 table cells, or an enormous page would keep every reader waiting."
        ),
        N_("Split the table or the text, or put it beside as a file."),
    ),
    Code(
        "accent-unknown",
        "warning",
        N_("“{value}” is no colour of the palette."),
        N_("The pages are in the usual colour until it is one of: {choices}."),
        N_("Write one of them, for example “{near}”."),
    ),
    Code(
        "image-alt-missing",
        "warning",
        N_("The picture has no alternative text."),
        N_("Readers who cannot see it learn nothing of it."),
        N_("Write between the square brackets what the picture shows: ![Volunteers planting trees](…)"),
    ),
)

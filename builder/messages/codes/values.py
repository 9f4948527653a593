"""Problems of keys, values, dates and the text itself."""

from __future__ import annotations

from collections.abc import Mapping

from builder.messages.codes.code import Code
from builder.messages.translation import N_

VALUES = (
    Code(
        "key-unknown",
        "warning",
        N_("There is no key “{key}”."),
        N_("Its value has no effect."),
        N_("Did you mean “{near}”? If not, delete the line."),
    ),
    Code(
        "key-hides",
        "error",
        N_("“{key}” hides, delays or expires a text in other systems; here the key is “{near}”."),
        N_("The text is withheld, so that nothing you meant to hide is published by mistake."),
        N_("Write “{line}” instead, or delete the line if the text may be public."),
    ),
    Code(
        "branch-hides",
        "error",
        N_("“{key}” does not hide a branch."),
        N_("A branch that nobody has seen waits until this is settled; one that was published stays as it was."),
        N_("To hide the branch, let the name of its folder begin with “_”; if it may be public, delete the line."),
    ),
    Code(
        "key-misspelled",
        "error",
        N_("There is no key “{key}”; you probably meant “{near}”."),
        N_("The text is withheld, so that nothing you meant to hide is published by mistake."),
        N_("Write “{line}” instead, or delete the line if the text may be public."),
    ),
    Code(
        "key-misplaced",
        "error",
        N_("“{key}” is inside another value, where it has no effect."),
        N_("The text is withheld, so that nothing you meant to hide is published by mistake."),
        N_("Put “{near}: ” on its own line, without spaces before it, or delete it if the text may be public."),
    ),
    Code(
        "draft-in-text",
        "error",
        N_("“{line}” is in the text, not in the front matter."),
        N_("The text is withheld: there, the line has no effect, and readers would see it."),
        N_(
            "Move the line up, between the two lines ---, or delete it if the text may be public. To show it "
            "to readers, put it between two backticks: `{line}`."
        ),
    ),
    Code(
        "draft-in-title",
        "error",
        N_("The mark {mark} in the title says that the text is a draft."),
        N_("The text is withheld, so that nothing you meant to hide is published by mistake."),
        N_(
            "If it may be public, take the mark out of the title; if not, add a line “draft: true” between the lines ---."
        ),
    ),
    Code(
        "hiding-doubtful",
        "warning",
        N_("“{line}” does not hide the text: it is published."),
        N_("Perhaps readers were not meant to see the text, or not yet; only “draft” and “expires” hide it here."),
        N_("To hide it, add a line “draft: true” between the lines ---; otherwise you can leave everything as it is."),
    ),
    Code(
        "key-missing",
        "error",
        N_("“{key}” is missing."),
        N_("Without it, this cannot be published."),
        N_("Add a line “{key}: ” with a value."),
    ),
    Code(
        "value-type",
        "error",
        N_("The value of “{key}” is not valid: “{value}”."),
        N_("Expected: {expected}."),
        N_("Correct the value, or delete the line."),
    ),
    Code(
        "section-formerly",
        "warning",
        N_("“{name}” cannot be a former name of this section: another section has or had that name."),
        N_("Old addresses would lead to the wrong section, and two feeds would be mistaken for one."),
        N_("List only former names of this section's own folder, and remove “{name}” here."),
    ),
    Code(
        "branch-formerly",
        "warning",
        N_("“{name}” cannot be a former name of this branch: “{other}” has or had that name."),
        N_("One address cannot lead to two branches, and feeds of the two would be mistaken for one."),
        N_(
            "If the folder was renamed, delete what is left of the old one; otherwise remove “{name}” here. Each name "
            "belongs to one branch only."
        ),
    ),
    Code(
        "address-of-hub",
        "warning",
        N_("The address “{url}” cannot be the branch's own: the organization is at {hub} ({other})."),
        N_("One address cannot lead to two sites, so the branch is published at {own} of the organization's address."),
        N_("Remove the line “url”, or write an address that is the branch's alone."),
    ),
    Code(
        "address-shared",
        "warning",
        N_("The address “{url}” overlaps {address}, the address of another branch ({other})."),
        N_("One address cannot lead to two sites: readers who open it find only one of them."),
        N_("Agree with the other branch whose address it is; the other one removes or corrects its line “url”."),
    ),
    Code(
        "closed-undated",
        "warning",
        N_("The branch is closed, but the closing date is missing."),
        N_("Pages cannot show it, and feeds end on the day of the last entry."),
        N_("Add a line “closed: ” with the date, like 2026-06-30."),
    ),
    Code(
        "profile-unknown",
        "warning",
        N_("There is no audit profile “{value}”."),
        N_("Possible profiles: {choices}. Until this is fixed, the audit uses “campus”."),
        N_("Choose one of them, such as “{near}”, or add your own to content/_audit/."),
    ),
    Code(
        "value-mapping",
        "error",
        N_("The value of “{key}” is not valid: “{value}”."),
        N_("Each value needs its own key, between braces, with English colons and commas."),
        N_("Write: {line}"),
    ),
    Code(
        "id-unused",
        "warning",
        N_("“{value}” is no identifier (key “{key}”)."),
        N_("Feeds name the text by its place instead, as if the line were not there."),
        N_("Delete the line; an identifier of its own looks like tag:example.org,2026:name."),
    ),
    Code(
        "slug-unused",
        "warning",
        N_("“{value}” cannot be the last part of an address (key “slug”)."),
        N_("The file's name is used instead. A slug is small letters, digits, dots and hyphens; Chinese is fine."),
        N_("Write for example “{near}”, or delete the line."),
    ),
    Code(
        "value-cut",
        "warning",
        N_("The value of “{key}” ends before “{rest}”."),
        N_("A # after a space begins a comment, which is ignored."),
        N_("If it is a comment, put it on its own line; if it is text, write: {line}"),
    ),
    Code(
        "updated-before",
        "warning",
        N_("“updated” ({updated}) is earlier than the date ({date})."),
        N_("A text cannot be changed before it is published; usually one of the two is a typing error."),
        N_("Correct the one that is wrong, or delete “updated”."),
    ),
    Code(
        "updated-ahead",
        "warning",
        N_("“updated” ({updated}) is in the future."),
        N_("Readers and programs would think the text is newer than it is."),
        N_("Check the date."),
    ),
    Code(
        "value-choice",
        "error",
        N_("“{value}” is not a possible value of “{key}”."),
        N_("Possible values: {choices}."),
        N_("Choose one of them, or delete the line."),
    ),
    Code(
        "text-too-long",
        "error",
        N_("“{key}” has {length} characters; at most {most} are allowed."),
        N_("A longer text does not fit where it is shown."),
        N_("Shorten it, or publish it as an article."),
    ),
    Code(
        "too-many",
        "warning",
        N_("“{key}” has {number} values; the first {most} count."),
        N_("Each of them costs pages and lines in lists, which nobody could use any more."),
        N_("Delete those that matter least."),
    ),
    Code(
        "tags-many",
        "warning",
        N_("The entries of this branch have {number} different tags; the {most} used most count."),
        N_("Each of them has a page of its own here and in the hub, which nobody could find their way in any more."),
        N_("Use a few tags again and again, and delete those that stand at one entry only."),
    ),
    Code(
        "date-invalid",
        "error",
        N_("There is no such day or time as “{value}” (key “{key}”)."),
        N_("Some months have fewer days, hours end at 23, and years lie between 1900 and 2199."),
        N_("Correct the date."),
    ),
    Code(
        "date-midnight",
        "error",
        N_("“{value}” cannot be read as a time (key “{key}”)."),
        N_("Hours end at 23: the end of a day is 00:00 of the next one."),
        N_("Write it like this: {line}"),
    ),
    Code(
        "date-form",
        "error",
        N_("“{value}” cannot be read as a date (key “{key}”)."),
        N_("Year, month and day are needed, as numbers: 2026-11-20, 2026-11-20 09:30, 2026/11/20 or 2026年11月20日."),
        N_("Write it like this: {line}"),
    ),
    Code(
        "date-unclear",
        "error",
        N_("“{value}” cannot be read as a date (key “{key}”)."),
        N_("Year, month and day are needed, as numbers: 2026-11-20, 2026-11-20 09:30, 2026/11/20 or 2026年11月20日."),
        N_("Write the day that you mean in numbers, for example “{line}”."),
    ),
    Code(
        "date-open",
        "error",
        N_("“{value}” cannot be read as a date (key “{key}”)."),
        N_("Year, month and day are needed, as numbers: 2026-11-20, 2026-11-20 09:30, 2026/11/20 or 2026年11月20日."),
        N_(
            "Write the day that you mean in numbers, for example “{line}”; if it is not settled yet, write “draft: true” too."
        ),
    ),
    Code(
        "end-unclear",
        "error",
        N_("“{value}” cannot be read as a date (key “{key}”)."),
        N_("Year, month and day are needed, as numbers: 2026-11-20, 2026-11-20 09:30, 2026/11/20 or 2026年11月20日."),
        N_("Write the last day in numbers, for example “{line}”; if the text is to stay for ever, delete the line."),
    ),
    Code(
        "draft-unclear",
        "error",
        N_("“draft” is true or false; “{value}” is neither."),
        N_("The text is withheld, so that nothing you meant to hide is published by mistake."),
        N_("Write “draft: true”, or delete the line if the text may be public."),
    ),
    Code(
        "words-joined",
        "warning",
        N_("“{value}” is shown as written, as one word of “{key}”."),
        N_("Words are told apart by commas, and need no other signs."),
        N_("Write: {line}"),
    ),
    Code(
        "email-unread",
        "warning",
        N_("“{value}” is no e-mail address."),
        N_("Readers who write to it would get no answer; it is not shown."),
        N_(
            "Write an address like mech@example.edu.cn; names and telephone numbers have lines of their own: person and phone."
        ),
    ),
    Code(
        "site-code-unread",
        "warning",
        N_("“{value}” is no site code (key “{key}”)."),
        N_("It has ten digits, or two letters and eight digits; pages name none, as if the line were not there."),
        N_("Write it as your authorities gave it, like 1100000000 or bm05000001, or delete the line."),
    ),
    Code(
        "markup-in-text",
        "warning",
        N_("“{what}” is shown to readers as written: “{key}” is plain text."),
        N_("It also stands in lists, feeds and search results, which have neither bold words nor links."),
        N_("Write the words alone."),
    ),
    Code(
        "key-unindented",
        "warning",
        N_("“{key}” belongs to “{owner}”, and has no effect here."),
        N_("What belongs to a key stands below it, two spaces further to the right."),
        N_("Write “{owner}:” on a line of its own, and below it this line with two spaces before it."),
    ),
    Code(
        "reply-before-letter",
        "warning",
        N_("The letter was answered ({replied}) before it came ({received})."),
        N_(
            "Usually one of the two is a typing error. Until it is corrected, readers are not told how many days it took."
        ),
        N_("Correct the one that is wrong."),
    ),
    Code(
        "expires-before",
        "warning",
        N_("The text expires ({expires}) before its own date ({date}), so that nobody can ever read it."),
        N_("Usually one of the two is a typing error, often in the year."),
        N_("Correct the one that is wrong; if the text is to stay withdrawn, nothing need be done."),
    ),
    Code(
        "date-span",
        "error",
        N_("“{value}” names two times (key “{key}”)."),
        N_("The beginning and the end each have a line of their own."),
        N_("Write two lines: “{line}” and “{other}”."),
    ),
    Code(
        "date-missing",
        "error",
        N_("There is no date."),
        N_("Lists and feeds are sorted by date."),
        N_("Add a line “date: 2026-11-20”, or begin the file name with the date, like 2026-11-20-{name}."),
    ),
    Code(
        "date-mismatch",
        "warning",
        N_("The date is {written}, but the file name says {name}."),
        N_("The date in the front matter is used."),
        N_("Correct the one that is wrong."),
    ),
    Code(
        "date-far-ahead",
        "warning",
        N_("The date {date} is more than a year in the future."),
        N_("The entry is not published until then; usually this is a typing error in the year."),
        N_("Check the year."),
    ),
    Code(
        "date-advice",
        "note",
        N_("The event has no publication date."),
        N_("It appears in the calendar at once, but in lists and feeds only from the day it begins."),
        N_("Add a line “date: ” with today's date to announce it now."),
    ),
    Code(
        "ends-before-starts",
        "warning",
        N_("The end is before the beginning (key “{key}”)."),
        N_("The end is ignored."),
        N_("Correct one of the two dates."),
    ),
    Code(
        "title-missing",
        "error",
        N_("There is no title."),
        N_("Without a title, it cannot be listed."),
        N_("Add a line “title: {title}” between the lines ---, or begin the text with “# ” and a heading."),
    ),
    Code(
        "image-unnamed",
        "warning",
        N_("“{value}” under “{key}” names no picture."),
        N_("Lists and shares show the first picture of the text instead, if there is one."),
        N_("Write the path to a picture, like “{key}: photo.jpg”, or delete the setting."),
    ),
    Code(
        "body-empty",
        "warning",
        N_("There is no text below the title."),
        N_("Readers who open the page find it empty."),
        N_("Write the text below the second line ---, or add a line “draft: true” until it is written."),
    ),
    Code(
        "reply-missing",
        "warning",
        N_("The letter has a reply date, but no reply."),
        N_("It counts as unanswered and is not published."),
        N_("Write the reply below the front matter."),
    ),
    Code(
        "alias-outside",
        "warning",
        N_("The old address “{value}” is not in this branch's own folder."),
        N_("A branch can only redirect addresses below {folder}; this line has no effect."),
        N_("Ask whoever maintains organization.yml to add it to “redirects” there, and remove it here."),
    ),
    Code(
        "alias-invalid",
        "warning",
        N_("“{value}” cannot be used as an old address."),
        N_("An old address begins with {folder} and has no “?”, “#” or “..”."),
        N_("For example, write {folder}old-name/."),
    ),
    Code(
        "path-outside",
        "error",
        N_("“{value}” points outside the folder content/ (key “{key}”)."),
        N_("Only files inside content/ may be published."),
        N_("Copy the file next to this one and write its name."),
    ),
    Code(
        "external-file",
        "warning",
        N_("“{target}” is on another host."),
        N_(
            "Many readers cannot reach other hosts, and the file may disappear there; pages load nothing from elsewhere."
        ),
        N_("Save the file next to this one and write its name."),
    ),
    Code(
        "target-place",
        "error",
        N_("The target “{name}” has no place to publish to, or more than one."),
        N_("Each target is a folder, a host (ssh), a bucket (s3) or a Git repository (git), and exactly one of these."),
        N_("Write for example {name}: {{folder: /srv/www}}."),
    ),
    Code(
        "file-local",
        "warning",
        N_("“{target}” is a file on your own computer."),
        N_("Only files inside content/ can be published, so it is left out."),
        N_("Copy the file next to this one, and write only its name."),
    ),
    Code(
        "too-complex",
        "error",
        N_("The text is too complex here ({reason})."),
        N_(
            "Nesting more than 100 levels deep, more than 50,000 table cells, or a huge page would keep every reader waiting."
        ),
        N_("Split the table or the text, or attach it as a file."),
    ),
    Code(
        "accent-unknown",
        "warning",
        N_("“{value}” is not a colour of the palette."),
        N_("The pages use the default colour. Possible colours: {choices}."),
        N_("Choose one of them, for example “{near}”."),
    ),
    Code(
        "image-alt-missing",
        "warning",
        N_("The picture has no alternative text."),
        N_("Readers who cannot see the picture do not know what it shows."),
        N_("Describe the picture between the square brackets: ![Volunteers planting trees](…)"),
    ),
    Code(
        "way-invalid",
        "warning",
        N_("Readers cannot be offered “{value}” (key “{key}”)."),
        "{cause}",
        "{cure}",
    ),
)

WAYS: Mapping[str, tuple[str, str]] = {
    "way-mail": (
        N_("It is no e-mail address; pages leave it out."),
        N_("Write true for the address under “contact”, or one address like office@example.org."),
    ),
    "way-address": (
        N_(
            "Pages lead only to addresses that begin with https://, without spaces and quotation marks; this one is left "
            "out."
        ),
        N_("Open the form in a browser, and copy its address from there."),
    ),
    "way-placeholder": (
        N_("“{what}” is no placeholder; pages leave the address out."),
        N_("Between braces only these may stand: {choices}."),
    ),
    "way-issue": (
        N_("From “edit_url” in organization.yml one cannot tell where issues are opened; pages leave them out."),
        N_("Write the full address of the page “new issue” instead of true, or delete the line."),
    ),
}
"""Why a way to take part cannot be offered, with the cure."""

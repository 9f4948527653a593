"""Problems of names: copies, dates in names, files that nothing reads."""

from __future__ import annotations

from builder.messages.codes.code import Code
from builder.messages.translation import N_

NAMES = (
    Code(
        "file-unread",
        "warning",
        N_("“{name}” is not published."),
        "{cause}",
        "{cure}",
    ),
    Code(
        "file-copy",
        "warning",
        N_("“{name}” looks like a copy that a program made, and is not published."),
        N_(
            "Programs that keep folders alike, and copying in a window, leave such names; readers would get a text twice."
        ),
        N_(
            "Compare it with the original and delete one of them; if it is a text of its own, give it a name of its own."
        ),
    ),
    Code(
        "readme-ignored",
        "note",
        N_("“{name}” is not published."),
        N_("README files are for the people who work on the folder, not for readers."),
        N_("If readers are meant to see it, give it another name, such as about.md."),
    ),
    Code(
        "index-misplaced",
        "warning",
        N_("“{name}” is not published here."),
        N_(
            "The first page of a branch, of the hub and of a section is made from what lies in it; index.md is the text "
            "of an entry that is a folder."
        ),
        N_("Rename it, for example to about.md, directly in the branch's folder or in hub/."),
    ),
    Code(
        "entry-misplaced",
        "warning",
        N_("“{name}” has a date in its name, so it is an entry, but lies in no section; it is not published."),
        N_("Directly in a branch's folder lie its undated pages; an entry lies in the folder of a section."),
        N_("Move it to {folder}"),
    ),
    Code(
        "date-in-name",
        "error",
        N_("The date “{value}” in the name is not in the form that is read."),
        N_(
            "A name begins with year, month and day in digits with hyphens, and a hyphen behind them; else the entry has "
            "no date."
        ),
        N_("Rename “{name}” to “{rename}”, or add a line “date: ” at its head."),
    ),
    Code(
        "name-date-invalid",
        "error",
        N_("“{value}” in the name of the file is no date that exists."),
        N_("The date at the beginning of the name is the day on which the entry was published."),
        N_("Correct the date in the name, or add a line “date: ” at the head of the file."),
    ),
    Code(
        "name-date-far-ahead",
        "warning",
        N_("The date {date} in the name of the file is more than a year ahead."),
        N_("Until then nothing is published; usually the year was typed wrong."),
        N_("Check the year in the name."),
    ),
)

UNREAD = {
    "unread-hidden-ending": (
        N_("The program that saved it added an ending, which Windows does not show."),
        N_("Rename it to “{rename}”; in the Explorer, View → File name extensions shows endings."),
    ),
    "unread-other-markup": (
        N_("Files that end with {ending} belong to another program; texts here are Markdown with the ending .md."),
        N_("Rename it to “{rename}”, and look through the preview whether everything is right."),
    ),
    "unread-plain-text": (
        N_("Texts have the ending .md; a file .txt is only offered to readers if a text names it."),
        N_("Rename it to “{rename}”, or name it in an entry: “attachments: [{name}]”."),
    ),
    "unread-no-ending": (
        N_("The name has no ending that tells what is in it."),
        N_("If it is a text, rename it to “{rename}”; if not, give it the ending of its kind."),
    ),
    "unread-office": (
        N_("Documents of Word, WPS, Excel and the like are no pages, and no text names it."),
        N_(
            "Copy its text into a file with the ending .md; if readers are to download it, name it in an entry: "
            "“attachments: [{name}]”."
        ),
    ),
    "unread-web-page": (
        N_("Web pages are made from Markdown here; those that were saved elsewhere are never published."),
        N_("Copy its text into a file with the ending .md."),
    ),
    "unread-archive": (
        N_("An archive is not unpacked, and no text names it."),
        N_("Unpack it here; if readers are to download it, name it in an entry: “attachments: [{name}]”."),
    ),
    "unread-leftover": (
        N_("A program left it behind: an older version, or half a download."),
        N_("Delete it; if it is the right version, rename it to “{rename}”."),
    ),
    "unread-picture": (
        N_("No text of this branch shows the picture."),
        N_(
            "Write ![what it shows]({name}) where it belongs, or “image: {name}” at the head of the text; pictures for "
            "several texts lie in media/."
        ),
    ),
    "unread-medium": (
        N_("No text of this branch shows the recording."),
        N_("Write ![what it is about]({name}) where it belongs; files for several texts lie in media/."),
    ),
    "unread-not-index": (
        N_("In a section, the text of an entry that has a folder of its own is called index.md."),
        N_("Rename it to “{rename}”."),
    ),
    "unread-settings": (
        N_("There are settings already, or they have to be called otherwise."),
        N_("Delete it, or rename it to “{rename}” if that one is not there."),
    ),
    "unread-folder": (
        N_("The folder has neither a branch.yml nor a text."),
        N_(
            "If it is to be a branch, create branch.yml in it with the line “name: …”; pictures and files lie in the "
            "folders of branches, or in hub/media/."
        ),
    ),
    "unread-lock": (
        N_("Word and its like leave such a file while a document is open."),
        N_("Close the document and delete the file."),
    ),
    "unread-other": (
        N_("No text of this branch names the file."),
        N_(
            "Name it in an entry: “attachments: [{name}]”; files for several texts lie in media/, and names that begin "
            "with “_” are left alone."
        ),
    ),
}

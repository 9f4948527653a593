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
        N_("“{name}” looks like a copy made by a program, and is not published."),
        N_("Sync programs and copying in a file window create such names; readers would see the text twice."),
        N_("Compare it with the original and delete one of them; if it is a separate text, give it a different name."),
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
            "The home page of a branch, the hub or a section is created automatically; index.md is only for an "
            "entry with a folder of its own."
        ),
        N_("Rename it, for example to about.md, directly in the branch's folder or in hub/."),
    ),
    Code(
        "entry-misplaced",
        "warning",
        N_("“{name}” has a date in its name, so it is an entry, but it is not in a section; it is not published."),
        N_("Only undated pages belong directly in a branch's folder; entries belong in the folder of a section."),
        N_("Move it to {folder}"),
    ),
    Code(
        "date-in-name",
        "error",
        N_("The date “{value}” in the file name is not in the expected form."),
        N_("A file name begins with year, month and day, like 2026-11-20-; otherwise the entry has no date."),
        N_("Rename “{name}” to “{rename}”, or add a line “date: ” to its front matter."),
    ),
    Code(
        "name-date-invalid",
        "error",
        N_("“{value}” in the file name is not a real date."),
        N_("The date at the beginning of the file name is the entry's publication date."),
        N_("Correct the date in the name, or add a line “date: ” to the front matter."),
    ),
    Code(
        "name-date-far-ahead",
        "warning",
        N_("The date {date} in the file name is more than a year in the future."),
        N_("The entry is not published until then; usually this is a typing error in the year."),
        N_("Check the year in the name."),
    ),
)

UNREAD = {
    "unread-hidden-ending": (
        N_("The program that saved it added a file extension, which Windows does not show."),
        N_("Rename it to “{rename}”; in Explorer, View → File name extensions shows extensions."),
    ),
    "unread-other-markup": (
        N_("Files that end in {ending} belong to another program; texts here are Markdown files that end in .md."),
        N_("Rename it to “{rename}”, and check the preview to see whether everything is right."),
    ),
    "unread-plain-text": (
        N_("Texts end in .md; a .txt file is only offered to readers if a text mentions it."),
        N_("Rename it to “{rename}”, or attach it to an entry: “attachments: [{name}]”."),
    ),
    "unread-no-ending": (
        N_("The file name has no extension that tells what the file is."),
        N_("If it is a text, rename it to “{rename}”; otherwise add the correct extension."),
    ),
    "unread-office": (
        N_("Documents from Word, WPS, Excel and similar programs do not become pages, and no text mentions this one."),
        N_(
            "Copy its text into a file that ends in .md; if readers should download it, attach it to an entry: "
            "“attachments: [{name}]”."
        ),
    ),
    "unread-web-page": (
        N_("Pages are made from Markdown here; saved web pages are never published."),
        N_("Copy its text into a file that ends in .md."),
    ),
    "unread-archive": (
        N_("Archives are not unpacked, and no text mentions this one."),
        N_("Unpack it here; if readers should download it, attach it to an entry: “attachments: [{name}]”."),
    ),
    "unread-leftover": (
        N_("A program left it behind: an older version, or an incomplete download."),
        N_("Delete it; if it is the right version, rename it to “{rename}”."),
    ),
    "unread-picture": (
        N_("No text of this branch shows the picture."),
        N_(
            "Write ![what it shows]({name}) where it belongs, or “image: {name}” in the front matter; put "
            "pictures for several texts in media/."
        ),
    ),
    "unread-medium": (
        N_("No text of this branch shows the recording."),
        N_("Write ![what it is about]({name}) where it belongs; put files for several texts in media/."),
    ),
    "unread-not-index": (
        N_("In a section, the text of an entry that has its own folder must be named index.md."),
        N_("Rename it to “{rename}”."),
    ),
    "unread-settings": (
        N_("There is a settings file already, or this one has the wrong name."),
        N_("Delete it, or rename it to “{rename}” if that file does not exist."),
    ),
    "unread-folder": (
        N_("The folder contains neither a branch.yml nor a text."),
        N_(
            "If it is meant to be a branch, create branch.yml in it with the line “name: …”; pictures and "
            "files belong in the folders of branches, or in hub/media/."
        ),
    ),
    "unread-lock": (
        N_("Word and similar programs create such a file while a document is open."),
        N_("Close the document and delete the file."),
    ),
    "unread-other": (
        N_("No text of this branch mentions the file."),
        N_(
            "Attach it to an entry: “attachments: [{name}]”; put files for several texts in media/. Names that "
            "begin with “_” are ignored."
        ),
    ),
}

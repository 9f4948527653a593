"""Problems of Markdown and HTML: what shows its signs to readers, or hides its words from them."""

from __future__ import annotations

from builder.messages.codes.code import Code
from builder.messages.translation import N_

MARKUP = (
    Code(
        "foreign-syntax",
        "warning",
        N_("“{what}” means nothing here and appears as it stands."),
        N_("It belongs to another program, or has Chinese signs or a blank where Markdown needs others."),
        N_("Write instead: {instead}"),
    ),
    Code(
        "emphasis-unread",
        "warning",
        N_("The stars in “{what}” make nothing bold and appear as they stand."),
        N_("Between the stars and the words there may be no blank, and both pairs of stars belong to one paragraph."),
        N_("Write **words** without blanks inside; where stars are meant, put a backslash before each: \\*\\*."),
    ),
    Code(
        "raw-html-removed",
        "warning",
        N_("{what} was removed from the text."),
        N_("Only HTML that says something is published: nothing that runs, asks, or changes the look of the page."),
        N_("Say it in Markdown, or link to the page that has it."),
    ),
    Code(
        "html-unclosed",
        "warning",
        N_("“{what}” begins here and is never closed."),
        N_("Readers do not see anything of the text that follows."),
        N_("Put the sign that closes it where it should end: --> for a comment, </…> for an element."),
    ),
    Code(
        "frame-refused",
        "warning",
        N_("The frame “{target}” is not shown; a link stands in its place."),
        N_(
            "Pages show frames only of the hosts that organization.yml lists (markdown: frames_from), and only over https."
        ),
        N_("Put the file itself beside the text, leave the link, or ask the administrator to list the host."),
    ),
    Code(
        "address-local",
        "warning",
        N_("The address “{target}” is that of a file on your own computer."),
        N_("Nobody else can open it; the words stay, without a link."),
        N_("Copy the file into the folder of this text, and write its name alone."),
    ),
    Code(
        "address-scheme",
        "warning",
        N_("The address “{target}” is not one that browsers open."),
        N_("It works in one program only, or could run something; the words stay, without a link."),
        N_("Write an address that begins with https://, or put the file beside this text."),
    ),
    Code(
        "address-incomplete",
        "warning",
        N_("The address “{target}” lacks its beginning, https://."),
        N_("Without it, it is taken for a file in this folder; the words stay, without a link."),
        N_("Write https://{target}"),
    ),
    Code(
        "formula-unreadable",
        "warning",
        N_("The formula {formula} cannot be shown as a formula."),
        N_("It uses a command that is not known here, or is not complete; readers see it as it was written."),
        N_("Look at its commands and brackets; write \\% for a percent sign. If no formula is meant, write \\$ for $."),
    ),
    Code(
        "table-rule-missing",
        "warning",
        N_("This table lacks its second line and appears as plain text."),
        N_("Only a line of hyphens under the first one makes a table."),
        N_("Put under the first line one like this: | --- | --- |"),
    ),
    Code(
        "footnote-missing",
        "warning",
        N_("There is no footnote [^{label}]."),
        N_("The mark appears as it stands."),
        N_("Write the note on a line of its own, with an English colon: [^{label}]: …"),
    ),
    Code(
        "footnote-unused",
        "warning",
        N_("Nothing in the text refers to the footnote [^{label}]."),
        N_("Readers do not see it."),
        N_("Put the mark [^{label}] where it belongs, or delete the note."),
    ),
    Code(
        "footnote-duplicate",
        "warning",
        N_("There is a second footnote [^{label}]."),
        N_("Readers are led to the first one only."),
        N_("Give one of the two another name."),
    ),
    Code(
        "indented-prose",
        "note",
        N_("This paragraph begins with four blanks."),
        N_("In Markdown that makes a block of program code; here it is taken for a paragraph."),
        N_("Delete the blanks; the pages indent by themselves."),
    ),
)

"""Problems of Markdown and HTML: markup that readers see, and text that they do not see."""

from __future__ import annotations

from builder.messages.codes.code import Code
from builder.messages.translation import N_

MARKUP = (
    Code(
        "foreign-syntax",
        "warning",
        N_("“{what}” is not Markdown and appears on the page exactly as written."),
        N_("It is the syntax of another program, or has Chinese punctuation or a space in the wrong place."),
        "{cure}",
    ),
    Code(
        "emphasis-unread",
        "warning",
        N_("The asterisks in “{what}” do not make anything bold and appear on the page as written."),
        N_("There must be no space between the asterisks and the words, and both pairs must be in the same paragraph."),
        N_("Write **words** without spaces inside; to show asterisks, put a backslash before each: \\*\\*."),
    ),
    Code(
        "raw-html-removed",
        "warning",
        N_("{what} was removed from the text."),
        "{cause}",
        "{cure}",
    ),
    Code(
        "html-unclosed",
        "warning",
        N_("“{what}” is opened here and never closed."),
        N_("Readers see nothing of the text that follows."),
        N_("Close it where it should end: with --> for a comment, with </…> for an element."),
    ),
    Code(
        "code-unclosed",
        "warning",
        N_("The block of code that begins here is never closed."),
        N_("All the text that follows is shown as code, with its signs as they are."),
        N_("Write ``` on a line of its own where the code ends; delete this line if there is no code."),
    ),
    Code(
        "comment-shown",
        "error",
        N_("“{what}” is no comment: readers would see it."),
        N_("The text is withheld, so that nothing you meant to hide is published by mistake."),
        N_("Write it between <!-- and -->, with English signs and an empty line before it, or delete it."),
    ),
    Code(
        "frame-refused",
        "warning",
        N_("The frame “{target}” is not shown; a link is shown instead."),
        N_(
            "Pages only show frames from the hosts listed in organization.yml (markdown: frames_from), and only over https."
        ),
        N_("Put the file itself next to the text, keep the link, or ask the administrator to list the host."),
    ),
    Code(
        "address-local",
        "warning",
        N_("The address “{target}” is a file on your own computer."),
        N_("Nobody else can open it; the words are shown without a link."),
        N_("Copy the file into the folder of this text, and write only its name."),
    ),
    Code(
        "address-scheme",
        "warning",
        N_("Browsers cannot open the address “{target}”."),
        N_("It only works in one program, or could run something; the words are shown without a link."),
        N_("Use an address that begins with https://, or put the file next to this text."),
    ),
    Code(
        "address-nowhere",
        "warning",
        N_("The address “{target}” leads nowhere."),
        N_("It names neither a website nor a file, so that nothing opens where readers click."),
        N_("Write the whole address, such as https://example.org/, or the name of a file."),
    ),
    Code(
        "address-incomplete",
        "warning",
        N_("The address “{target}” does not begin with https://."),
        N_("It is therefore taken for a file in this folder; the words are shown without a link."),
        N_("Write https://{target}"),
    ),
    Code(
        "address-cut",
        "note",
        N_("The link ends after “{target}”; “{rest}” is not part of it."),
        N_("Without a space, the end of an address is taken to be where Chinese characters begin."),
        N_("If they belong to the address, write {line}; otherwise put a space before them."),
    ),
    Code(
        "formula-unreadable",
        "warning",
        N_("The formula {formula} cannot be displayed as a formula."),
        N_("It uses an unknown command, or is incomplete; readers see it as written."),
        N_(
            "Check its commands and brackets; write \\% for a percent sign. If it is not meant as a formula, write \\$ for $."
        ),
    ),
    Code(
        "table-rule-missing",
        "warning",
        N_("This table has no second line of hyphens and appears as plain text."),
        N_("Without a line of hyphens below the first line, it is not a table."),
        N_("Add a line like this below the first one: | --- | --- |"),
    ),
    Code(
        "table-rule-columns",
        "warning",
        N_("The second line of this table has not as many cells as the first, and all of it appears as plain text."),
        N_("The line of hyphens needs a part for each column."),
        N_("Write this line instead: {rule}"),
    ),
    Code(
        "table-split",
        "warning",
        N_("This table appears as plain text: there are empty lines between its rows."),
        N_("An empty line ends a table."),
        N_("Delete the empty lines before and after this line."),
    ),
    Code(
        "table-swallows",
        "warning",
        N_("“{line}” has become a row of the table above it."),
        N_("A table goes on until the next empty line."),
        N_("Put an empty line before it."),
    ),
    Code(
        "table-pasted",
        "warning",
        N_("“{line}” looks like a row of a table, but appears as plain text."),
        N_("Rows copied from a spreadsheet or a document are no table here; their lines run into one another."),
        N_("Write each row like this: {row} – with this line below the first one: {rule}"),
    ),
    Code(
        "reference-unread",
        "warning",
        N_("“{what}” is shown as it stands: it leads nowhere."),
        N_(
            "A link in two pairs of brackets takes its address from a line of its own, and there is none that can be read."
        ),
        N_("Write [words](address), or a line “[{label}]: address” with an address that has no spaces."),
    ),
    Code(
        "footnote-missing",
        "warning",
        N_("There is no footnote [^{label}]."),
        N_("The mark appears on the page as written."),
        N_("Write the note on its own line, with an English colon: [^{label}]: …"),
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
        N_("Readers only get to the first one."),
        N_("Rename one of the two."),
    ),
    Code(
        "indented-prose",
        "note",
        N_("This paragraph begins with four spaces."),
        N_("In Markdown, that makes a code block; here it was treated as a paragraph."),
        N_("Delete the spaces; paragraphs are indented automatically."),
    ),
)

_CONTENT_ONLY = N_("HTML may only hold content: no scripts, no forms, nothing that changes the look of the page.")
FOREIGN = {
    "html-kept": (
        _CONTENT_ONLY,
        N_("The words inside it stay: delete it, or use Markdown, such as **bold** or ## for a heading."),
    ),
    "html-unknown": (
        N_("It looks like an element of HTML, but there is none of this name, and browsers show nothing for it."),
        N_("If readers are meant to see it, put it between two backticks: `{what}`; otherwise delete it."),
    ),
    "html-gone": (
        _CONTENT_ONLY,
        N_("Readers do not see what was inside it: put a picture of it here, or link to a page that has it."),
    ),
    "foreign-instead": ("", N_("Write instead: {instead}")),
    "foreign-alone": ("", N_("Delete it.")),
    "foreign-empty": ("", N_("Delete it, and write in its place what readers are meant to see there.")),
    "foreign-wide-blanks": (
        "",
        N_("Delete the Chinese spaces before it; what is within a list begins with two English ones."),
    ),
    "foreign-contents": ("", N_("Delete the line: a page shows the list of its headings by itself.")),
}

"""Problems of files and folders: names, places, encodings, YAML."""

from __future__ import annotations

from builder.messages.codes.code import Code
from builder.messages.translation import N_

FILES = (
    Code(
        "file-unreadable",
        "error",
        N_("“{name}” cannot be read."),
        N_("The system does not give it to the builder."),
        N_("Ask whoever runs the site to look at the file's permissions, or save the file again."),
    ),
    Code(
        "not-regular",
        "error",
        N_("“{name}” is no ordinary file."),
        N_("Devices, pipes and sockets are never opened."),
        N_("Delete it from the folder."),
    ),
    Code(
        "symlink-outside",
        "error",
        N_("“{name}” is a link that leads out of the folder content/."),
        N_("Only what lies in content/ may be published."),
        N_("Copy the file itself into the folder."),
    ),
    Code(
        "folder-too-deep",
        "error",
        N_("The folder “{name}” lies too deep, or contains itself through a link."),
        N_("Folders may be nested 12 deep."),
        N_("Move it further up, or delete the link."),
    ),
    Code(
        "name-undecodable",
        "error",
        N_("The name “{name}” is not written in UTF-8."),
        N_("Such a name cannot stand in an address."),
        N_("Rename the file."),
    ),
    Code(
        "file-too-large",
        "error",
        N_("The file has {size} bytes; the most is {most}."),
        N_("A text that large is usually a picture or a document in the wrong place."),
        N_("Split the text, or put large material beside it as an attachment."),
    ),
    Code(
        "too-many-pages",
        "error",
        N_("The branch has more than {most} texts."),
        N_("The limit is set in organization.yml (limits: branch_pages)."),
        N_("Move texts to another branch, or raise the limit."),
    ),
    Code(
        "file-misplaced",
        "warning",
        N_("“{name}” lies where nothing is published from."),
        N_(
            "Entries lie in a section's folder, or in a folder of their own there as index.md; pages lie directly in the "
            "branch's folder."
        ),
        N_("Move the file, or let its name begin with “_” if it is not meant to be published."),
    ),
    Code(
        "organization-missing",
        "error",
        N_("There is no content/organization.yml."),
        N_("Without the organization's name and address nothing can be built."),
        N_("Create the file with at least name and url."),
    ),
    Code(
        "branch-file-missing",
        "error",
        N_("The folder “{name}” has no branch.yml."),
        N_("Without it the branch has no name, and none of its pages is published."),
        N_("Create branch.yml with one line: “name: ” and the branch's name."),
    ),
    Code(
        "folder-name",
        "error",
        N_("The folder name “{name}” cannot be part of an address."),
        N_(
            "Names of branches and sections are small letters, digits, dots and hyphens; Chinese is fine, spaces are not."
        ),
        N_("Rename the folder, for example to “{near}”."),
    ),
    Code(
        "name-reserved",
        "error",
        N_("The name “{name}” is needed for something else."),
        N_("The site has pages of its own at this address."),
        N_("Choose another name."),
    ),
    Code(
        "slug-empty",
        "error",
        N_("No address can be made from the name “{name}”."),
        N_("It has neither letters nor digits."),
        N_("Rename the file, for example to 2026-11-20-visit.md."),
    ),
    Code(
        "slug-too-long",
        "error",
        N_("The name “{name}…” is too long for an address."),
        N_("A name may have 200 bytes, which is 66 Chinese characters."),
        N_("Give the file a shorter name; the title may stay as long as it is."),
    ),
    Code(
        "slug-invalid",
        "error",
        N_("“{value}” is no slug (key “{key}”)."),
        N_("A slug is small letters, digits, dots and hyphens; Chinese is fine, spaces are not."),
        N_("Write for example “{near}”."),
    ),
    Code(
        "url-collision",
        "error",
        N_("The address {url} belongs to {other} too."),
        N_("Two texts cannot stand at one address; capital and small letters count as the same."),
        N_("Rename one of the two files, or give one of them another slug."),
    ),
    Code(
        "section-undeclared",
        "warning",
        N_("The folder “{name}” is no section that anybody has declared."),
        N_("Its texts are published in a section that is called like the folder."),
        N_("Declare it in branch.yml (sections: add), or move the texts to an existing section."),
    ),
    Code(
        "section-unknown",
        "warning",
        N_("There is no section “{name}”."),
        N_("What is said of it has no effect."),
        N_("Look at the spelling in organization.yml."),
    ),
    Code(
        "encoding-converted",
        "warning",
        N_("The file is written in {encoding}, not in UTF-8."),
        N_("It was read all the same; other programs may show it garbled."),
        N_("In your editor choose “Save as” or “Save with encoding”, and there UTF-8."),
    ),
    Code(
        "encoding-unknown",
        "error",
        N_("The file is no text in any known encoding."),
        N_(
            "It is read as UTF-8, UTF-16, GB18030, Big5, Shift-JIS, EUC-JP and EUC-KR, and is none of them for certain; "
            "perhaps it is a Word document that was renamed."
        ),
        N_("Open it in the program that made it, copy the text, and save it as plain text in UTF-8."),
    ),
    Code(
        "encoding-byte",
        "error",
        N_("The byte {byte} here is no character in UTF-8."),
        N_("All else in the file is; half a character was lost, or one was pasted from a file in another encoding."),
        N_("Delete the strange sign at this place, type what should stand there, and save the file in UTF-8."),
    ),
    Code(
        "control-character",
        "error",
        N_("Here is an invisible control character ({character})."),
        N_("It comes in when text is copied from other programs, and breaks pages and feeds."),
        N_("Delete the place between the visible characters and type it again."),
    ),
    Code(
        "merge-conflict",
        "error",
        N_("Two versions of this text were never brought together."),
        N_("The lines <<<<<<<, ======= and >>>>>>> enclose what two people wrote at the same time."),
        N_("Keep what is right, and delete the three lines of signs."),
    ),
    Code(
        "front-matter-unclosed",
        "error",
        N_("The head of the file begins with --- but never ends."),
        N_("It cannot be told where the settings end and the text begins; a draft might be published by mistake."),
        N_("Put a line with three hyphens --- between the settings and the text."),
    ),
    Code(
        "front-matter-fence",
        "error",
        N_("The head of the file is not read. {cause}"),
        N_("The text is withheld: readers would see its settings, and a draft might be published by mistake."),
        "{cure}",
    ),
    Code(
        "front-matter-syntax",
        "error",
        N_("The head of the file cannot be understood here. {cause}"),
        N_("Its settings are lines of the form “key: value”."),
        "{cure}",
    ),
    Code(
        "yaml-syntax",
        "error",
        N_("The file cannot be understood here. {cause}"),
        N_("It consists of lines of the form “key: value”."),
        "{cure}",
    ),
    Code(
        "yaml-not-mapping",
        "error",
        N_("Here should be lines of the form “key: value”."),
        N_("The file holds a list or plain text instead."),
        N_("Write each setting on a line of its own, with a colon and a space after its name."),
    ),
    Code(
        "yaml-several-documents",
        "error",
        N_("Here a second document begins."),
        N_("A line --- within the settings separates documents; only the first would count."),
        N_("Delete the line ---, or quote it."),
    ),
    Code(
        "yaml-too-deep",
        "error",
        N_("Lists and mappings are nested too deep here."),
        N_("No setting needs more than a few levels."),
        N_("Write it flat."),
    ),
    Code(
        "yaml-anchor",
        "error",
        N_("“&” and “*” at the beginning of a value have a meaning in YAML that is not allowed here."),
        N_("Anchors and aliases can make a small file huge."),
        N_("If it is text, put the whole value in quotation marks: {line}"),
    ),
    Code(
        "yaml-tag",
        "error",
        N_("“{value}” at the beginning of a value has a meaning in YAML that is not allowed here."),
        N_("YAML tags can run programs."),
        N_("If it is text, put the whole value in quotation marks: {line}"),
    ),
    Code(
        "yaml-key",
        "error",
        N_("A key must be one word or text."),
        N_("Here a list or a mapping stands before the colon."),
        N_("Write “key: value”; put values that begin with [ or {{ in quotation marks."),
    ),
    Code(
        "yaml-duplicate-key",
        "error",
        N_("“{key}” stands here a second time; the first is on line {first}."),
        N_("It cannot be told which of the two is meant."),
        N_("Delete one of them."),
    ),
    Code(
        "mkdocs-key",
        "error",
        N_("mkdocs.yml may not hold “{key}”."),
        N_("It holds the theme's settings only; everything else has a place of its own here."),
        N_("Delete the key; what stands for it here: {instead}."),
    ),
)

CAUSES = {
    "colon": (
        N_("The value of “{key}” contains a colon and a space."),
        N_("Put the whole value in quotation marks: {line}"),
    ),
    "tab": (N_("The line begins with a tab."), N_("Replace the tab by spaces.")),
    "wide-colon": (
        N_("After “{key}” stands a Chinese colon “：”."),
        N_("Write an English colon and a space: “{key}: ”."),
    ),
    "tight-colon": (
        N_("After “{key}:” a space is missing."),
        N_("Write “{key}: ”, with a space behind the colon."),
    ),
    "quote": (
        N_("A quotation mark after “{key}” is never closed."),
        N_("Put the same mark at the end of the value, or leave both out."),
    ),
    "after-quote": (
        N_("After the closing quotation mark of “{key}” there is more text."),
        N_("Put the whole value in one pair of marks; use Chinese ones “ ” inside."),
    ),
    "bracket": (
        N_("A bracket after “{key}” is never closed."),
        N_("Close it with ] or }}, or put the value in quotation marks."),
    ),
    "wide-comma": (
        N_("Between the braces of “{key}” stand Chinese commas or colons."),
        N_("Write English ones, with a space behind each: {line}"),
    ),
    "special": (
        N_("The value of “{key}” begins with “{character}”, which has a meaning of its own there."),
        N_("Put the whole value in quotation marks: {line}"),
    ),
    "toml": (
        N_("The head stands between +++, so it is TOML; something in it is not."),
        N_('Put every text in quotation marks: title = "…". Or write --- instead of +++, and “key: value”.'),
    ),
    "fence": (
        N_("It is fenced with “{fence}”; only a line of exactly three hyphens --- begins and ends it."),
        N_("Replace the line before the settings and the one after them by ---."),
    ),
    "fence-later": (
        N_("Before its first line --- stands something else: “{fence}”."),
        N_("Let the file begin with ---, and move what stands there behind the second --- or delete it."),
    ),
    "fence-missing": (
        N_("The line “{fence}” is a setting, but no line --- stands before it."),
        N_(
            "Put a line with three hyphens --- before the settings and another one after them."
            " If it is text, begin with a sentence or make it a list."
        ),
    ),
    "fence-second": (
        N_("There are two heads; of the second one, “{fence}”, nothing is read."),
        N_("Move its lines up into the first, and delete the lines --- around it."),
    ),
    "other": (N_("Perhaps the indentation is wrong, or a colon is missing."), N_("Compare with the lines around it.")),
}

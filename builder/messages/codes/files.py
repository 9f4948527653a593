"""Problems of files and folders: names, places, encodings, YAML."""

from __future__ import annotations

from builder.messages.codes.code import Code
from builder.messages.translation import N_

FILES = (
    Code(
        "file-unreadable",
        "error",
        N_("“{name}” cannot be read."),
        N_("The system does not let the builder read it."),
        N_("Ask whoever runs the site to look at the file's permissions, or save the file again."),
    ),
    Code(
        "more-problems",
        "warning",
        N_("There is more to say of this than is listed."),
        N_("Of one file a hundred problems are listed, and of one branch two thousand."),
        N_("Correct what is listed, and check again."),
    ),
    Code(
        "not-regular",
        "error",
        N_("“{name}” is not an ordinary file."),
        N_("It belongs to the operating system, and such files are never opened."),
        N_("Delete it from the folder."),
    ),
    Code(
        "symlink-outside",
        "error",
        N_("“{name}” is a link that points outside the folder content/."),
        N_("Only files inside content/ may be published."),
        N_("Copy the file itself into the folder."),
    ),
    Code(
        "folder-linked-often",
        "error",
        N_("The link “{name}” to a folder is not followed: links of this branch lead to far too many files."),
        N_("Through links that lead to each other there are more ways to the same files than anybody could go."),
        N_("Delete the links, and mention the files where they are."),
    ),
    Code(
        "folder-too-deep",
        "error",
        N_("The folder “{name}” is nested too deeply, or contains itself through a link."),
        N_("Folders may be nested at most 12 levels deep."),
        N_("Move it further up, or delete the link."),
    ),
    Code(
        "name-undecodable",
        "error",
        N_("The name “{name}” is not written in UTF-8."),
        N_("Such a name cannot be part of an address."),
        N_("Rename the file."),
    ),
    Code(
        "read-failed",
        "error",
        N_("This file could not be read: {reason}"),
        N_("Nothing of it counts; the other files are read as always. It is not tried again until it changes."),
        N_("Look for what is unusual in it (an endless line, thousands of brackets) and shorten that."),
    ),
    Code(
        "file-too-large",
        "error",
        N_("The file has {size} bytes; at most {most} are allowed."),
        N_("A text file that large is usually a picture or a document in the wrong place."),
        N_("Split the text, or put large material next to it as an attachment."),
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
        N_("“{name}” is in a folder from which nothing is published."),
        N_(
            "Entries belong in a section's folder, or in a folder of their own inside it as index.md; pages "
            "belong directly in the branch's folder."
        ),
        N_("Move the file, or begin its name with “_” if it is not meant to be published."),
    ),
    Code(
        "organization-missing",
        "error",
        N_("There is no content/organization.yml."),
        N_("Without the organization's name and address, nothing can be built."),
        N_("Create the file with at least name and url."),
    ),
    Code(
        "branch-file-missing",
        "error",
        N_("The folder “{name}” has no branch.yml."),
        N_("Without it, the branch has no name and none of its pages is published."),
        N_("Create branch.yml with one line: “name: ” followed by the branch's name."),
    ),
    Code(
        "section-outside",
        "error",
        N_("“{name}” is the folder of a section, but stands beside the folders of the branches."),
        N_("A section's folder belongs inside a branch's folder; until it is moved, nothing in it is published."),
        N_("Move “{name}” into the folder of the branch to which these texts belong."),
    ),
    Code(
        "folder-name",
        "error",
        N_("The folder name “{name}” cannot be part of an address."),
        N_(
            "Names of branches and sections consist of lowercase letters, digits, dots and hyphens; Chinese "
            "characters are fine, spaces are not."
        ),
        N_("Rename the folder, for example to “{near}”."),
    ),
    Code(
        "folder-lookalike",
        "warning",
        N_("The folder name “{name}” reads like “{near}”, but is written with other letters."),
        N_(
            "Whoever types the address as it looks does not find the branch; and one branch could be taken for another. "
            "Letters as wide as Chinese characters, Cyrillic and Greek ones look like Latin ones."
        ),
        N_("Rename the folder to “{near}”, typed with Latin letters and narrow digits."),
    ),
    Code(
        "name-reserved",
        "error",
        N_("The name “{name}” is reserved."),
        N_("The site publishes a page of its own at this address."),
        N_("Choose another name."),
    ),
    Code(
        "slug-empty",
        "error",
        N_("The name “{name}” cannot be turned into an address."),
        N_("It contains neither letters nor digits."),
        N_("Rename the file, for example to 2026-11-20-visit.md."),
    ),
    Code(
        "slug-too-long",
        "error",
        N_("The name “{name}…” is too long for an address."),
        N_("A name may have at most 200 bytes, which is 66 Chinese characters."),
        N_("Give the file a shorter name; the title can stay as it is."),
    ),
    Code(
        "slug-invalid",
        "error",
        N_("“{value}” is not a valid slug (key “{key}”)."),
        N_(
            "A slug consists of lowercase letters, digits, dots and hyphens; Chinese characters are fine, spaces are not."
        ),
        N_("For example, write “{near}”."),
    ),
    Code(
        "url-collision",
        "error",
        N_("The address {url} is also used by {other}."),
        N_("Two texts cannot share one address; uppercase and lowercase letters count as the same."),
        N_("Rename one of the two files, or give one of them a different slug."),
    ),
    Code(
        "folder-hides",
        "warning",
        N_("Nothing in the folder “{name}” is published."),
        N_("Its name says that it holds what is not for readers: drafts, copies, what was withdrawn."),
        N_(
            "Move what may be public into the folder of a section; let the folder's name begin with “_” if the rest is to "
            "stay there."
        ),
    ),
    Code(
        "section-undeclared",
        "warning",
        N_("The folder “{name}” has not been declared as a section."),
        N_("Its texts are published in a section with the folder's name."),
        N_(
            "Move the texts to an existing section, or declare this one in branch.yml: "
            "“sections: {{add: {{{name}: {{title: …}}}}}}”."
        ),
    ),
    Code(
        "folder-former-name",
        "note",
        N_("The folder “{name}” still has a former name of the section; its texts are published in “{rename}”."),
        N_("The section was renamed; links, feeds and old addresses work as before."),
        N_("Rename the folder to “{rename}”; if there is such a folder already, move the texts into it."),
    ),
    Code(
        "section-unknown",
        "warning",
        N_("There is no section “{name}”."),
        N_("Settings for it have no effect."),
        N_("Check the spelling against organization.yml."),
    ),
    Code(
        "encoding-converted",
        "warning",
        N_("The file is encoded in {encoding}, not in UTF-8."),
        N_("It was read anyway, but other programs may show garbled text."),
        N_("In your editor, choose “Save as” or “Save with encoding”, then UTF-8."),
    ),
    Code(
        "encoding-unknown",
        "error",
        N_("The file is not text in any known encoding."),
        N_(
            "UTF-8, UTF-16, GB18030, Big5, Shift-JIS, EUC-JP and EUC-KR were tried, and none clearly fits; "
            "perhaps it is a Word document that was renamed."
        ),
        N_("Open it in the program that created it, copy the text, and save it as plain text in UTF-8."),
    ),
    Code(
        "encoding-byte",
        "error",
        N_("The byte {byte} here is not a valid UTF-8 character."),
        N_(
            "The rest of the file is valid; half a character was lost, or text was pasted from a file in another encoding."
        ),
        N_("Delete the strange character here, type the correct one, and save the file in UTF-8."),
    ),
    Code(
        "control-character",
        "warning",
        N_("There is an invisible control character here ({character}); it is left out."),
        N_("Such characters slip in when text is copied from other programs, and they break pages and feeds."),
        N_("Delete the characters around this place and type them again."),
    ),
    Code(
        "not-text",
        "error",
        N_(
            "The file is not text: it contains {count} invisible control characters, the first of them here ({character})."
        ),
        N_("Pages and feeds made of it would be unreadable."),
        N_("Open it in the program it comes from, and save or export it as plain text in UTF-8."),
    ),
    Code(
        "merge-conflict",
        "error",
        N_("Two versions of this text were never merged."),
        N_("The lines <<<<<<<, ======= and >>>>>>> mark what two people wrote at the same time."),
        N_("Keep the correct version, and delete the three marker lines."),
    ),
    Code(
        "front-matter-unclosed",
        "error",
        N_("The front matter begins with --- but is never closed."),
        N_(
            "There is no way to tell where the settings end and the text begins; a draft might be published by mistake."
        ),
        N_("Put a line of three hyphens --- between the settings and the text."),
    ),
    Code(
        "front-matter-fence",
        "error",
        N_("The front matter cannot be read. {cause}"),
        N_(
            "The text is withheld: otherwise readers would see its settings, and a draft might be published by mistake."
        ),
        "{cure}",
    ),
    Code(
        "front-matter-open",
        "warning",
        N_("The front matter is not opened: there is no line --- above it."),
        N_("It was read up to the next line ---, since it begins with settings such as “title” and “date”."),
        N_("Put a line of three hyphens --- above this one."),
    ),
    Code(
        "front-matter-syntax",
        "error",
        N_("The front matter cannot be understood here. {cause}"),
        N_("Settings are written as lines of the form “key: value”."),
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
        "yaml-tabs",
        "warning",
        N_("A list is indented with tabs here."),
        N_("YAML allows only spaces; the tabs were read as spaces, but other programs may refuse the file."),
        N_("Replace the tabs at the beginning of the lines with two spaces each."),
    ),
    Code(
        "yaml-not-mapping",
        "error",
        N_("Lines of the form “key: value” are expected here."),
        N_("The file contains a list or plain text instead."),
        N_("Write each setting on its own line, with a colon and a space after its name."),
    ),
    Code(
        "yaml-several-documents",
        "error",
        N_("A second YAML document begins here."),
        N_("A line --- inside the settings starts a new document, and only the first would be read."),
        N_("Delete the line ---, or put it in quotation marks."),
    ),
    Code(
        "yaml-too-deep",
        "error",
        N_("Lists and settings are nested too deeply here."),
        N_("No setting needs more than a few levels."),
        N_("Use fewer levels."),
    ),
    Code(
        "yaml-anchor",
        "error",
        N_("“&” and “*” at the beginning of a value have a special meaning in YAML that is not allowed here."),
        N_("They are anchors and aliases, with which a small file can become huge."),
        N_("If it is text, put the whole value in quotation marks: {line}"),
    ),
    Code(
        "yaml-tag",
        "error",
        N_("“{value}” at the beginning of a value has a special meaning in YAML that is not allowed here."),
        N_("YAML tags can run programs."),
        N_("If it is text, put the whole value in quotation marks: {line}"),
    ),
    Code(
        "yaml-key",
        "error",
        N_("A key must be plain text."),
        N_("There is a list or a group of settings before the colon."),
        N_("Write “key: value”; put values that begin with [ or {{ in quotation marks."),
    ),
    Code(
        "yaml-duplicate-key",
        "error",
        N_("“{key}” appears a second time; the first is on line {first}."),
        N_("There is no way to tell which of the two is meant."),
        N_("Delete one of them."),
    ),
    Code(
        "mkdocs-key",
        "error",
        N_("mkdocs.yml may not contain “{key}”."),
        N_("It is only for the theme's settings; everything else is set elsewhere."),
        N_("Delete the key; use this instead: {instead}."),
    ),
)

CAUSES = {
    "colon": (
        N_("The value of “{key}” contains a colon and a space."),
        N_("Put the whole value in quotation marks: {line}"),
    ),
    "tab": (N_("The line begins with a tab."), N_("Replace the tab with spaces.")),
    "wide-colon": (
        N_("There is a Chinese colon “：” after “{key}”."),
        N_("Use an English colon and a space: “{key}: ”."),
    ),
    "tight-colon": (
        N_("The space after “{key}:” is missing."),
        N_("Write “{key}: ”, with a space after the colon."),
    ),
    "tight-dash": (
        N_("An item of a list begins with an English hyphen and a space."),
        N_("Write: {line}"),
    ),
    "quote": (
        N_("The quotation mark after “{key}” is never closed."),
        N_("Put the same mark at the end of the value, or remove it."),
    ),
    "after-quote": (
        N_("There is more text after the closing quotation mark of “{key}”."),
        N_("Put the whole value in one pair of quotation marks; use Chinese ones “ ” inside it."),
    ),
    "bracket": (
        N_("The bracket after “{key}” is never closed."),
        N_("Close it with ] or }}, or put the value in quotation marks."),
    ),
    "comment-inside": (
        N_(
            "A # after a space begins a comment, so “{rest}” is not read, and the bracket after “{key}” is never closed."
        ),
        N_("Put the word that contains the # in quotation marks; a # that only marks a tag can be left out."),
    ),
    "wide-comma": (
        N_("There are Chinese commas or colons between the braces of “{key}”."),
        N_("Use English ones, each followed by a space: {line}"),
    ),
    "special": (
        N_("The value of “{key}” begins with “{character}”, which has a special meaning there."),
        N_("Put the whole value in quotation marks: {line}"),
    ),
    "toml": (
        N_("The front matter is enclosed in +++, which means TOML, but it is not valid TOML."),
        N_('Put every text in quotation marks: title = "…". Or use --- instead of +++ and write “key: value”.'),
    ),
    "fence": (
        N_("It is enclosed in “{fence}”; it must begin and end with a line of exactly three hyphens ---."),
        N_("Replace the line before the settings and the one after them with ---."),
    ),
    "fence-later": (
        N_("There is something before its first line ---: “{fence}”."),
        N_("The file must begin with ---; move what comes before it below the second ---, or delete it."),
    ),
    "fence-missing": (
        N_("The line “{fence}” is a setting, but there is no line --- before it."),
        N_(
            "Put a line of three hyphens --- before the settings and another one after them. If it is meant as "
            "text, write a sentence above it first."
        ),
    ),
    "fence-second": (
        N_("There are two blocks of front matter; the second one, “{fence}”, is not read."),
        N_("Move its lines up into the first one, and delete the lines --- around it."),
    ),
    "other": (
        N_("Perhaps the indentation is wrong, or a colon is missing."),
        N_("Write each line as “key: value”, without spaces before it; if in doubt, put the value in quotation marks."),
    ),
}

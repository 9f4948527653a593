"""Problems between texts, branches and the published sites."""

from __future__ import annotations

from builder.messages.codes.code import Code
from builder.messages.translation import N_

SITES = (
    Code(
        "translation-unknown",
        "warning",
        N_("There is no branch “{target}”, which is to be this one in the language “{written}”."),
        N_("Readers find no way from one language to the other."),
        N_("Write the name of the other branch's folder."),
    ),
    Code(
        "translation-language",
        "warning",
        N_("“{target}” cannot be this branch in the language “{written}”: it is in the language “{language}”."),
        N_("Readers find no way from one language to the other. This branch is in the language “{own}”."),
        N_("Write, in the branch.yml of each of the two, the language that its pages are in (language: en)."),
    ),
    Code(
        "translation-elsewhere",
        "warning",
        N_("“{target}” leads to another branch in the language “{own}”, not to this one."),
        N_("The two sites do not lead to each other."),
        N_("Let only one pair of branches name each other, and take the name out of the third."),
    ),
    Code(
        "link-broken",
        "warning",
        N_("The link “{target}” is broken."),
        N_("There is no such file; the words are shown without a link."),
        N_(
            "Check the name: for a file in the same folder write its name alone, for one in another section a path "
            "like ../notices/2026-03-01-a.md."
        ),
    ),
    Code(
        "link-unpublished",
        "warning",
        N_("The link “{target}” points to something that is not published."),
        N_("It is a draft, scheduled, expired or broken; the words are shown without a link."),
        N_("Publish it, or remove the link."),
    ),
    Code(
        "anchor-missing",
        "warning",
        N_("“{target}” points to a heading that does not exist."),
        N_("The link goes to the top of the page."),
        N_("Copy the words of the heading after the “#”, with hyphens instead of spaces."),
    ),
    Code(
        "near-duplicate",
        "warning",
        N_("This text is nearly identical to {other} ({percent} %)."),
        N_("When one copy is corrected, the other stays wrong."),
        N_(
            "Keep one of them, add “share_with: [{branch}]” to its front matter, and delete the copy: the text "
            "then appears here too."
        ),
    ),
    Code(
        "near-duplicate-own",
        "warning",
        N_("This text is nearly identical to {other} ({percent} %), in the same branch."),
        N_("Readers and subscribers get the same text twice."),
        N_("Keep one of them, and add to it whatever is new in the other."),
    ),
    Code(
        "image-missing",
        "warning",
        N_("The picture “{target}” does not exist."),
        N_("Readers only see its alternative text."),
        N_("Put the file into the folder, or correct the name; uppercase and lowercase letters are different."),
    ),
    Code(
        "media-missing",
        "warning",
        N_("The file “{target}”, which is to be shown here, does not exist."),
        N_("Readers only see its description."),
        N_("Put the file into the folder, or correct the name; uppercase and lowercase letters are different."),
    ),
    Code(
        "attachment-missing",
        "warning",
        N_("The attachment “{target}” does not exist."),
        N_("It is left out of the page."),
        N_("Put the file into the folder, or correct the name; uppercase and lowercase letters are different."),
    ),
    Code(
        "portrait-missing",
        "warning",
        N_("The portrait “{target}” does not exist."),
        N_("The quotation appears without a picture."),
        N_("Put the file into the folder, or correct the name."),
    ),
    Code(
        "photo-missing",
        "warning",
        N_("The photograph “{target}” does not exist, or is not a picture."),
        N_("The member is shown without one."),
        N_("Put the file into the folder, or correct the name."),
    ),
    Code(
        "logo-missing",
        "warning",
        N_("The logo “{target}” does not exist, or is not a picture."),
        N_("The sites are shown without one."),
        N_("Put the file into the folder, or correct the name."),
    ),
    Code(
        "logo-undrawn",
        "warning",
        N_("The logo “{target}” cannot be drawn as an icon: it is too intricate, or damaged."),
        N_("Pages show it; browsers' tabs, feed readers and cards for links do without."),
        N_("Give a PNG of at least 512 pixels as the logo, or a simpler drawing."),
    ),
    Code(
        "file-type-refused",
        "warning",
        N_("“{target}” is a type of file that is not published ({reason})."),
        N_(
            "Files that a browser or a server might run could harm readers, so only usual kinds of documents are published."
        ),
        N_("Offer a PDF, an office document or a picture instead, or pack the file as a .zip."),
    ),
    Code(
        "file-without-ending",
        "warning",
        N_("The name of “{target}” has no ending, such as .pdf or .jpg, so the file is not published."),
        N_("Neither browsers nor readers can tell what kind of file it is."),
        N_("Add the ending to the file's name, and wherever the file is named."),
    ),
    Code(
        "ref-unknown",
        "warning",
        N_("There is no published entry “{target}”."),
        N_("The reference is left out."),
        N_("Write it like branch/section/entry, with the names of the folders and of the file without .md."),
    ),
    Code(
        "topic-unknown",
        "warning",
        N_("There is no topic “{target}”."),
        N_("The entry does not appear on a topic page."),
        N_("Use the name of a file in content/hub/topics, without .md."),
    ),
    Code(
        "share-unknown",
        "warning",
        N_("There is no branch “{target}”."),
        N_("The entry is not shared under that name."),
        N_("Write the name of a branch's folder, or all, ancestors or subtree."),
    ),
    Code(
        "share-refused",
        "note",
        N_("The branch “{branch}” does not list this entry."),
        N_("Its branch.yml refuses the entry, or the branch has been closed."),
        N_("Ask the branch, or remove its name here."),
    ),
    Code(
        "parent-unknown",
        "warning",
        N_("The parent branch “{target}” does not exist."),
        N_("The branch appears directly under the organization."),
        N_("Write the folder name of the parent branch."),
    ),
    Code(
        "parent-too-deep",
        "warning",
        N_("This branch is nested more than {most} levels deep."),
        N_("It appears directly under the organization."),
        N_("Correct “parent” in one of these branches."),
    ),
    Code(
        "parent-cycle",
        "warning",
        N_("The branch is its own ancestor: {cycle}."),
        N_("It appears directly under the organization."),
        N_("Correct “parent” in one of these branches."),
    ),
    Code(
        "id-duplicate",
        "warning",
        N_("The feed id “{id}” is also used by {other}."),
        N_("Feed readers would show only one of the two, so this entry gets a new id."),
        N_("Delete the line; if the entry was moved, use moved_from instead."),
    ),
    Code(
        "alias-shadows",
        "warning",
        N_("There is another page at the old address “{target}”."),
        N_("That page stays; the old address does not lead here."),
        N_("Remove the line."),
    ),
    Code(
        "address-reserved",
        "warning",
        N_("“{target}” cannot be used as an old address: the site publishes a page of its own there."),
        N_("It does not redirect here."),
        N_("Remove the line."),
    ),
    Code(
        "moved-from-nowhere",
        "warning",
        N_("This entry cannot have been at “{target}”: that branch has no such section, or the name is reserved."),
        N_("That address does not redirect here, and subscribers see this as a new entry."),
        N_("Write where it used to be, like branch/section/entry, or remove “moved_from”."),
    ),
    Code(
        "moved-from-living",
        "warning",
        N_("“{target}” is still published, from {other}."),
        N_(
            "Two entries cannot share one identity: the other one keeps its address and its place in feeds, "
            "and this one gets its own."
        ),
        N_("Remove “moved_from” here if the file was copied, or delete the other file if it was moved."),
    ),
    Code(
        "moved-from-duplicate",
        "warning",
        N_("{other} has the feed id of “{target}” too."),
        N_("Two entries cannot be one: that one goes on as the old entry, and this one is new to subscribers."),
        N_("Remove “moved_from” here if the file was copied, or delete the file that is not meant to be there."),
    ),
    Code(
        "entry-renamed",
        "warning",
        N_("This seems to be what was at “{target}” until now. Was the file renamed or moved?"),
        N_("Subscribers get it once more as something new, and the old address leads nowhere."),
        N_("If so, add this line to its front matter: “moved_from: {target}”."),
    ),
    Code(
        "section-renamed",
        "warning",
        N_("The section “{old}” seems to be called “{new}” now."),
        N_("Subscribers get all its entries once more as something new, and the old addresses lead nowhere."),
        N_("Add “formerly: [{old}]” to the section “{new}”."),
    ),
    Code(
        "entry-late",
        "note",
        N_("This is new here, but dated {date}: earlier than all that the feed of the branch holds."),
        N_("It is on the site, but no subscriber of the branch hears of it."),
        N_(
            "If they should, add “announce: true”: feeds then have it as of the day on which it first appeared. Or write the "
            "day of publication as “date”, and that of the document, if it is a policy, as “issued”."
        ),
    ),
    Code(
        "feed-ids-changed",
        "warning",
        N_("The ids in all feeds have changed: they carried “{old}”, and now carry “{new}”."),
        N_("Every subscriber gets every entry once more as something new."),
        N_(
            "Add “id: {old}” to organization.yml, and never change it again. If the change is meant, write “id: {new}”."
        ),
    ),
    Code(
        "tag-without-page",
        "warning",
        N_("There is no page for the tag “{tag}”."),
        N_("It is too long for an address, contains no letters or digits, or is a reserved name."),
        N_("Use a word or two. Write several tags as a list, or separate them with commas."),
    ),
    Code(
        "alias-duplicate",
        "warning",
        N_("The old address “{target}” is also claimed by {other}."),
        N_("It redirects to the other one."),
        N_("Remove it from one of the two."),
    ),
    Code(
        "redirect-unknown",
        "warning",
        N_("“{target}”, to which {source} should redirect, is not published."),
        N_("Visitors to the old address are told that there is no such page."),
        N_("Write it like branch/section/entry."),
    ),
    Code(
        "tag-spellings",
        "warning",
        N_("The tag “{tag}” is written in several ways: {spellings}."),
        N_("They count as one tag, shown as “{chosen}”."),
        N_("Write it the same everywhere."),
    ),
    Code(
        "mass-deletion",
        "error",
        N_("{count} of {total} would disappear at once."),
        N_("That is usually a mistake, so nothing was removed."),
        N_("Restore the files; if it is intended, build once with --allow-deletions."),
    ),
    Code(
        "render-failed",
        "error",
        N_("The site cannot be built or published: {reason}."),
        N_("The last version stays online, without anything that has been withdrawn."),
        N_("Tell whoever maintains the theme and the program; your content may be fine."),
    ),
    Code(
        "state-damaged",
        "warning",
        N_("What the last build had saved of “{name}” was damaged."),
        N_("It was not used, and has been made again; readers see the right version."),
        N_("If it happens again, check the disk on which the builder keeps its state (.branchpress)."),
    ),
    Code(
        "output-path",
        "error",
        N_("“{name}” cannot be published: its path is too long, or conflicts with another file or folder."),
        N_("File systems and web servers cannot store it under this path."),
        N_("Give the file and its folders shorter or different names."),
    ),
)

"""Problems between texts, branches and the published sites."""

from __future__ import annotations

from builder.messages.codes.code import Code
from builder.messages.translation import N_

SITES = (
    Code(
        "link-broken",
        "warning",
        N_("The link “{target}” leads nowhere."),
        N_("There is no such file; the words stay, without a link."),
        N_("Check the path: it is relative to this file, like ../notices/2026-03-01-a.md."),
    ),
    Code(
        "link-unpublished",
        "warning",
        N_("The link “{target}” leads to something that is not published."),
        N_("It is a draft, scheduled, expired or broken; the words stay, without a link."),
        N_("Publish it, or remove the link."),
    ),
    Code(
        "anchor-missing",
        "warning",
        N_("“{target}” names a heading that is not there."),
        N_("The link leads to the beginning of the page."),
        N_("Copy the heading's words behind the “#”, with hyphens for spaces."),
    ),
    Code(
        "near-duplicate",
        "warning",
        N_("This text is nearly the same as that of {other} ({percent} %)."),
        N_("Copies are corrected in one place and stay wrong in the other."),
        N_(
            "Keep one of them, write “share_with: [{branch}]” at its head, and delete the copy: it then appears here too."
        ),
    ),
    Code(
        "near-duplicate-own",
        "warning",
        N_("This text is nearly the same as that of {other} ({percent} %), in the same branch."),
        N_("Readers and subscribers are told the same twice."),
        N_("Keep one of them; what is new in the other belongs into it."),
    ),
    Code(
        "image-missing",
        "warning",
        N_("The picture “{target}” is not there."),
        N_("Readers see its alternative text only."),
        N_("Put the file into the folder, or correct the name; capital and small letters differ."),
    ),
    Code(
        "attachment-missing",
        "warning",
        N_("The attachment “{target}” is not there."),
        N_("It is left out of the page."),
        N_("Put the file into the folder, or correct the name; capital and small letters differ."),
    ),
    Code(
        "portrait-missing",
        "warning",
        N_("The portrait “{target}” is not there."),
        N_("The words appear without a picture."),
        N_("Put the file into the folder, or correct the name."),
    ),
    Code(
        "photo-missing",
        "warning",
        N_("The photograph “{target}” is not there, or is no picture."),
        N_("The member appears without one."),
        N_("Put the file into the folder, or correct the name."),
    ),
    Code(
        "logo-missing",
        "warning",
        N_("The logo “{target}” is not there, or is no picture."),
        N_("The sites appear without one."),
        N_("Put the file into the folder, or correct the name."),
    ),
    Code(
        "file-type-refused",
        "warning",
        N_("“{target}” is of a kind that is not published ({reason})."),
        N_("Programs and web pages could harm readers."),
        N_("Offer a PDF or a picture instead, or pack the file as a .zip."),
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
        N_("The entry joins no topic page of that name."),
        N_("The names are those of the files in content/hub/topics, without .md."),
    ),
    Code(
        "share-unknown",
        "warning",
        N_("There is no branch “{target}”."),
        N_("Nobody of that name can list the entry."),
        N_("Write the name of the branch's folder, or all, ancestors, subtree."),
    ),
    Code(
        "share-refused",
        "note",
        N_("The branch “{branch}” does not list this entry."),
        N_("Its branch.yml refuses it, or it has been closed."),
        N_("Ask the branch, or remove its name here."),
    ),
    Code(
        "parent-unknown",
        "warning",
        N_("There is no branch “{target}” to stand above this one."),
        N_("The branch appears directly under the organization."),
        N_("Write the name of the folder of the branch above."),
    ),
    Code(
        "parent-cycle",
        "warning",
        N_("The branch stands below itself: {cycle}."),
        N_("It appears directly under the organization."),
        N_("Correct “parent” in one of the branches of the circle."),
    ),
    Code(
        "id-duplicate",
        "warning",
        N_("The feed id “{id}” belongs to {other} too."),
        N_("Feed readers would show only one of the two; this entry gets an id of its own."),
        N_("Delete the line, unless the entry was moved; then write moved_from."),
    ),
    Code(
        "alias-shadows",
        "warning",
        N_("At the old address “{target}” stands another page."),
        N_("That page stays; the old address does not lead here."),
        N_("Remove the line."),
    ),
    Code(
        "alias-duplicate",
        "warning",
        N_("The old address “{target}” is claimed by {other} too."),
        N_("It leads to the other one."),
        N_("Remove it from one of the two."),
    ),
    Code(
        "redirect-unknown",
        "warning",
        N_("“{target}”, where {source} should lead, is not published."),
        N_("The old address says that there is no such page."),
        N_("Write it like branch/section/entry."),
    ),
    Code(
        "tag-spellings",
        "warning",
        N_("The tag “{tag}” is written in several ways: {spellings}."),
        N_("They count as one; “{chosen}” is shown."),
        N_("Write it the same everywhere."),
    ),
    Code(
        "mass-deletion",
        "error",
        N_("{count} of {total} would vanish at once."),
        N_("That is usually a mistake, so nothing of it was removed."),
        N_("Bring the files back; if it is meant, build once with --allow-deletions."),
    ),
    Code(
        "render-failed",
        "error",
        N_("The pages cannot be rendered: {reason}"),
        N_("The site stays as it was, less what has been withdrawn."),
        N_("Tell whoever keeps the theme; the content need not be at fault."),
    ),
)

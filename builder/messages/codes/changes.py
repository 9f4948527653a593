"""Problems of a change: what somebody may not change, or not in this way."""

from __future__ import annotations

from builder.messages.codes.code import Code
from builder.messages.translation import N_

CHANGES = (
    Code(
        "change-not-yours",
        "error",
        N_("{who} may not change this: it belongs to {owners}."),
        N_("Each branch is changed by its owners alone, who are named in its branch.yml."),
        N_("Ask {owners} to make the change, or an administrator to make you an owner."),
    ),
    Code(
        "change-admins",
        "error",
        N_("{who} may not change this: it belongs to the administrators ({admins})."),
        N_("Whatever lies in no branch's folder concerns everybody; a new branch is made by them, too."),
        N_("Ask {admins} to make the change."),
    ),
    Code(
        "change-no-admins",
        "error",
        N_("{who} may not change this: it belongs to the administrators, and organization.yml names none."),
        N_("Whatever lies in no branch's folder concerns everybody."),
        N_("The operator adds a line “admins: ['@name']” to organization.yml, on the server itself or with --admin."),
    ),
    Code(
        "change-guarded",
        "error",
        N_("{keys} of a branch's settings may only be changed by the administrators ({admins})."),
        N_("These keys give rights, a place in the tree, or addresses."),
        N_("Write them as they were, and ask an administrator to change them."),
    ),
    Code(
        "change-unreadable",
        "error",
        N_("The settings of the branch are missing, or cannot be read, after this change."),
        N_("Nobody could tell who owns the branch then."),
        N_("Correct the file; “branchpress check” tells the line."),
    ),
    Code(
        "change-case",
        "error",
        N_("“{name}” is the folder “{other}” in other letters."),
        N_("On some systems both are the same folder, and one would replace the other."),
        N_("Write the name of the folder exactly as it is."),
    ),
    Code(
        "change-link",
        "error",
        N_("A symbolic link may not be added."),
        N_("It could publish what lies elsewhere."),
        N_("Copy the file itself to this place."),
    ),
    Code(
        "change-submodule",
        "error",
        N_("A submodule may not be added."),
        N_("What it holds lies in another repository, which nobody here can check."),
        N_("Copy the files themselves to this place."),
    ),
    Code(
        "change-executable",
        "error",
        N_("The file was made executable."),
        N_("Content is read, never run."),
        N_("Take the permission away (git update-index --chmod=-x FILE), and commit again."),
    ),
    Code(
        "change-name",
        "error",
        N_("“{name}” may not be the name of a file or folder."),
        N_("To Git, or to another system, it means something else than a file."),
        N_("Rename it."),
    ),
    Code(
        "history-rewritten",
        "error",
        N_("The history does not go on from the published one."),
        N_("What others have done since would be lost."),
        N_("Fetch, merge or rebase onto the published branch, and try again."),
    ),
    Code(
        "ref-refused",
        "error",
        N_("This name may only be given or moved by the administrators."),
        N_("Tags and other refs can stand for the published branch."),
        N_("Push to a branch; for a proposal, to one with a name of its own."),
    ),
    Code(
        "head-missing",
        "error",
        N_("The repository's HEAD names a branch that does not exist."),
        N_("Nobody can tell which branch is published, and whose rights count."),
        N_("The operator sets it on the server: git symbolic-ref HEAD refs/heads/main."),
    ),
)

"""Codes of what a later version of the program reads otherwise: found by ``branchpress upgrade-check``."""

from __future__ import annotations

from builder.messages.codes.code import Code
from builder.messages.translation import N_

UPGRADES = (
    Code(
        "format-newer",
        "error",
        N_("This content has format {format}, and this program reads formats up to {known}."),
        N_("It might be published in another way than it is meant, so nothing is changed."),
        N_("Install a newer Branchpress."),
    ),
    Code(
        "upgrade-health",
        "warning",
        N_("Health pages are only published if the organization says so; until 0.1.0 they always were."),
        N_("The next build removes them, and the links to them lead nowhere."),
        N_(
            "Write “health:” and below it “  public: true” to keep them, or “  public: false” if nobody will miss them."
        ),
    ),
    Code(
        "upgrade-terms",
        "warning",
        N_("The organization does not say what its parts are called; until 0.1.0 they were called 支部 on all pages."),
        N_("Without “terms”, they are called 单位 on Chinese pages, and branches on English ones."),
        N_("Write “terms:” and below it, for example, “  branch: 支部” and “  committee: 支部委员会”."),
    ),
    Code(
        "upgrade-limits",
        "note",
        N_("“{key}” has an effect now; until 0.1.0 nothing read it."),
        N_("A branch that takes longer, or needs more memory, stays as it was published."),
        N_("Look whether this is the limit that you want, or delete the line: the usual one fits most organizations."),
    ),
    Code(
        "upgrade-address",
        "warning",
        N_("The address {address} is another one now."),
        N_("Readers of a page are led on; a program that asks for a file finds nothing."),
        N_("Write {other} instead."),
    ),
)

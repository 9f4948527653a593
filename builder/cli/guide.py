"""``branchpress new guide``: the guide for those who write becomes pages of the hub."""

from __future__ import annotations

import argparse

from builder.cli.console import OK, organization_of, root_of, say
from builder.cli.errors import refusals
from builder.messages.terms import translator_of


def run(parsed: argparse.Namespace) -> int:
    """Runs the command; returns the exit status."""
    from builder.content.guide import write_guide

    root = root_of(parsed)
    with refusals(root):
        organization = organization_of(root)
        written, kept = write_guide(root, organization, translator_of(organization, parsed.lang or ""))
    for file in written:
        print(file)
    if kept:
        names = tuple(file.name for file in kept)
        say(
            translator_of(organization).gettext(
                "These pages say something else and were left as they are: {names}. To have one written anew, delete it first.",
                names=names,
            )
        )
    return OK

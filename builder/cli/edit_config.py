"""``branchpress edit config``: the settings of a branch's forms, for a Git host."""

from __future__ import annotations

import argparse
import json

from builder.cli.console import OK, organization_of, root_of, say
from builder.cli.errors import CommandError, refusals
from builder.content import find_branches
from builder.content.forms import backend_of, can_review, form_config, read_form_context
from builder.content.workspace import UnknownBranchError
from builder.messages.terms import translator_of
from builder.messages.translation import N_


def run(parsed: argparse.Namespace) -> int:
    """Prints the settings as JSON, which is YAML too: they are saved as ``config.yml`` beside the program."""
    root = root_of(parsed)
    with refusals(root):
        organization = organization_of(root)
        editing = organization.editing
        if editing is None or not editing.host:
            raise CommandError(
                N_("organization.yml does not say where the repository is: add “editing:” with host, repo and url.")
            )
        slugs = find_branches(root).slugs
        if parsed.branch is None:
            raise CommandError(N_("Forms are made for one branch; name it: {names}."), names=slugs)
        if parsed.branch not in slugs:
            raise UnknownBranchError((parsed.branch,))
        review = editing.review and can_review(editing, parsed.program)
        ctx = read_form_context(root, organization, parsed.branch, parsed.program)
        config = form_config(ctx, backend_of(editing, parsed.program), review=review)
    if editing.review and not review:
        message = N_(
            "{program} cannot keep proposals on {host}: what is saved is released at once. Protect the Git branch there, or use "
            "“branchpress edit”."
        )
        say(translator_of(organization).gettext(message, program=parsed.program.title(), host=editing.host))
    print(json.dumps(config, ensure_ascii=False, indent=2))
    return OK

"""``branchpress upgrade-check``: what in content and settings is not read any more as it was."""

from __future__ import annotations

import argparse
import sys

from builder.cli.console import OK, PROBLEMS, executor_of, now_of, organization_of, root_of, say
from builder.cli.errors import CommandError, refusals
from builder.messages.formats import PROBLEM_FORMATS, problems_text
from builder.messages.terms import translator_of
from builder.messages.translation import N_
from builder.model.version import CONTENT_FORMAT


def run(parsed: argparse.Namespace) -> int:
    """Runs the command; returns the exit status."""
    from builder.audit.upgrade import FORMATS, format_of, upgrade_check

    root = root_of(parsed)
    since = format_of(parsed.since) if parsed.since is not None else None
    if parsed.since is not None and since is None:
        raise CommandError(
            N_("There is no version {version}. Known are: {versions}."), version=parsed.since, versions=tuple(FORMATS)
        )
    with refusals(root):
        organization = organization_of(root)
        found = upgrade_check(root, now_of(parsed, organization), since, executor_of(parsed, organization))
    text = translator_of(organization)
    if parsed.format == "text":
        sys.stdout.write(problems_text(found.problems, (text,), color=sys.stdout.isatty(), verbose=True))
    else:
        sys.stdout.write(PROBLEM_FORMATS[parsed.format](found.problems, text))
    if found.elsewhere:
        say(text.gettext("What content cannot show, look at yourself:"))
        say("\n".join(f"- {text.gettext(each)}" for each in found.elsewhere))
    if found.since >= CONTENT_FORMAT:
        say(text.gettext("The content has format {format}, which this program reads.", format=found.since))
    elif not found.problems:
        say(text.gettext(_DONE, format=CONTENT_FORMAT))
    return PROBLEMS if found.problems else OK


_DONE = N_("Nothing in the content is read otherwise. Write “format: {format}” in organization.yml.")

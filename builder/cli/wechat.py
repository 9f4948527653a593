"""``branchpress wechat``: an entry as HTML for the editor of WeChat Official Accounts."""

from __future__ import annotations

import argparse
from pathlib import Path

from builder.cli.console import OK, now_of, organization_of, root_of
from builder.cli.errors import CommandError, refusals
from builder.messages.translation import N_


def run(parsed: argparse.Namespace) -> int:
    """Prints the HTML of an entry; returns the exit status."""
    from builder.pipeline.wechat import wechat_of

    root = root_of(parsed)
    with refusals(root):
        organization = organization_of(root)
        text = wechat_of(root, organization, _entry(root, parsed.entry), now_of(parsed, organization))
    if text is None:
        raise CommandError(
            N_("There is no entry {entry}; name its file, or write it as branch/section/entry."), entry=parsed.entry
        )
    print(text)
    return OK


def _entry(root: Path, written: str) -> str:
    """Returns a ref as it is, and a path from here as one from the root."""
    file = Path(written)
    if not file.exists():
        return written
    try:
        return file.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        return written

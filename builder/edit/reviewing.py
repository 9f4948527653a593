"""Proposals as somebody sees them: those of their branches, and what each changes."""

from __future__ import annotations

from builder.content.schema.kinds import BRANCH_PROFILE, ENTRIES, PAGE, TOPIC
from builder.edit.desk import Desk, Worker
from builder.edit.differences import Difference, file_difference, text_difference
from builder.edit.pages import Shown
from builder.edit.places import HUB, TOPICS, is_settings
from builder.edit.proposals import Proposal
from builder.edit.refusal import RefusalError
from builder.model.sources import TEXTS, YAMLS


def shown_to(desk: Desk, worker: Worker) -> list[Shown]:
    """Returns the proposals that somebody sees: their own, and those of their branches; those given back last."""
    found = [each for each in desk.proposals.all() if desk.may_see(worker, each)]
    found.sort(key=lambda each: bool(each.remark))
    names = dict(desk.names_of({_branch_of(each) for each in found}))
    return [
        Shown(
            each,
            names[_branch_of(each)],
            releases=desk.may_release(worker, each) and not each.remark,
            own=each.author.name == worker.author.name,
        )
        for each in found
    ]


def _branch_of(proposal: Proposal) -> str:
    return next((path.split("/")[1] for path in proposal.paths), "")


def differences_of(desk: Desk, proposal: Proposal) -> list[Difference]:
    """Returns what a proposal changes, texts first."""
    text, zone = desk.text(), desk.organization().zone
    try:
        branch = desk.branch(_branch_of(proposal))
    except RefusalError:
        branch = None
    changed = desk.copy.changed(proposal.base, proposal.commit)
    contents = desk.copy.blobs(blob for pair in changed.values() for blob in pair if blob)
    found: list[tuple[bool, Difference]] = []
    for path, (before, after) in changed.items():
        old, new = contents.get(before) if before else None, contents.get(after) if after else None
        if path.lower().endswith((*TEXTS, *YAMLS)):
            section = branch.section_called(path.split("/")[2]) if branch is not None and path.count("/") > 2 else None
            fields = (
                ENTRIES[section.type] if section is not None else ENTRIES["article"] if path.count("/") > 2 else PAGE
            )
            if is_settings(path):
                fields = BRANCH_PROFILE
            elif path.startswith(f"content/{HUB}/{TOPICS}/"):
                fields = TOPIC
            only_yaml = path.lower().endswith(YAMLS)
            found.append((False, text_difference(path, old, new, fields, zone, text, only_yaml=only_yaml)))
        else:
            found.append((True, file_difference(path, old, new, text)))
    return [each for _, each in sorted(found, key=lambda pair: pair[0])]

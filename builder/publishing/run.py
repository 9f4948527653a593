"""Publishing to a target, looking at what that would do, and going back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from builder.content.targets import Target
from builder.messages.translation import N_
from builder.publishing.bucket import BucketDestination
from builder.publishing.folder import FolderDestination
from builder.publishing.git import GitDestination
from builder.publishing.listing import Listing, Source
from builder.publishing.plan import Counts, by_branch, difference, guard
from builder.publishing.releases import Destination, Release, TargetError, current_of, describe
from builder.publishing.ssh import SshDestination


class Outcome(msgspec.Struct, frozen=True):
    """The result of publishing, done or only planned: the numbers by branch (the hub's by an empty slug), and the release
    that readers see
    now;
    none where nothing differed."""

    counts: Mapping[str, Counts]
    release: Release | None = None


def destination(target: Target, root: Path, memory: Path) -> Destination:
    """Opens a target; relative folders lie below ``root``, ``memory`` is a folder for what is kept of targets here. Raises
    TargetError."""
    if target.kind == "folder":
        return FolderDestination(root / target.place, target.keep)
    if target.kind == "ssh":
        settings = str(root / target.ssh_config) if target.ssh_config else ""
        return SshDestination(target.place, target.keep, settings)
    if target.kind == "git":
        return GitDestination(target.place, target.branch, target.keep, memory / f"{target.name}.git", target.domain)
    kept = FolderDestination(memory / target.name, target.keep)
    return BucketDestination(target.place, target.endpoint, target.region, target.prefix, kept)


def publish(
    source: Source, there: Destination, keep: int, at: datetime, *, dry_run: bool = False, allow_deletions: bool = False
) -> Outcome:
    """Makes what was built the current release. Raises TargetError, TooManyRemovedError, OutputChangedError."""
    old = there.listing(source.listing)
    history = there.history()
    shown = current_of(history)
    number = max((release.number for release in history), default=0) + 1
    carried = shown.carried if shown is not None else {}
    plan = difference(source.listing, old, carried, number, keep)
    if not allow_deletions:
        guard(source.listing, old)
    counts = by_branch(plan, source.listing, old)
    if dry_run or not plan:
        return Outcome(counts)
    release = Release(
        number, at.isoformat(), len(source.listing.files), describe(plan.counts), plan.carried, current=True
    )
    there.publish(source, plan, release)
    return Outcome(counts, release)


def roll_back(there: Destination, number: int | None) -> Release:
    """Makes an earlier release the current one: that with the ``number``, else the one before. Raises TargetError."""
    there.listing(Listing())
    history: Sequence[Release] = there.history()
    shown = current_of(history)
    if number is None:
        earlier = [release for release in history if shown is not None and release.number < shown.number]
        if not earlier:
            raise TargetError(N_("There is no earlier release."))
        wanted = earlier[-1]
    else:
        found = [release for release in history if release.number == number]
        if not found:
            raise TargetError(N_("There is no release {number}."), number=number)
        wanted = found[-1]
    there.roll_back(wanted)
    return wanted

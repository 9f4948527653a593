"""``branchpress publish``: brings the built sites to readers, shows what that would do, and goes back."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from builder.cli.console import NOTHING_DONE, OK, PROBLEMS, now_of, organization_of, root_of, say
from builder.cli.errors import CommandError, refusals
from builder.content.targets import TARGETS_FILE, Target, read_targets
from builder.messages.terms import translator_of
from builder.messages.translation import N_, Translator
from builder.model.values import Organization
from builder.publishing.listing import BUILD_JSON, OutputChangedError, Source
from builder.publishing.plan import Counts, TooManyRemovedError
from builder.publishing.releases import Release, TargetError, current_of
from builder.publishing.run import Outcome, destination, publish, roll_back
from builder.store import Store
from builder.store.notes import Published, note_publication

_ACTIONS = ("history", "rollback")


def run(parsed: argparse.Namespace) -> int:
    """Publishes to the targets that are named, or to all; or lists releases, or goes back to one."""
    root = root_of(parsed)
    with refusals(root):
        organization = organization_of(root)
        store = Store(parsed.state or root / ".branchpress", parsed.output or root / "sites")
        work = _Work(parsed, root, organization, store)
        action, number, names = _words(parsed.words)
        chosen = _choose(root, names)
        if action == "rollback" and len(chosen) > 1:
            raise CommandError(N_("Name the target to go back at: {names}."), names=tuple(chosen))
        with store.locked():
            return work.act(action, number, tuple(chosen.values()))


class _Work:
    """One call of the command."""

    def __init__(self, parsed: argparse.Namespace, root: Path, organization: Organization, store: Store) -> None:
        self.parsed, self.root, self.organization, self.store = parsed, root, organization, store
        self.text: Translator = translator_of(organization)
        self.now: datetime = now_of(parsed, organization)
        self.memory = store.folder / "published"

    def act(self, action: str, number: int | None, targets: Sequence[Target]) -> int:
        """Does the same at each target; what cannot be done at one stops no other."""
        done = 0
        for target in targets:
            try:
                with _told():
                    {"history": self._history, "rollback": self._roll_back}.get(action, self._publish)(target, number)
                done += 1
            except CommandError as error:
                say(f"{target.name}: {self.text.gettext(error.message, **error.values)}")
        if done and not action and not self.parsed.dry_run and not self.parsed.no_ping:
            self._ping()
        return OK if done == len(targets) else PROBLEMS if done else NOTHING_DONE

    def _publish(self, target: Target, _: int | None) -> None:
        source = Source.at(self.parsed.output or self.root / "sites")
        if source is None:
            raise CommandError(N_("Nothing has been built here yet."))
        there = destination(target, self.root, self.memory)
        allow, dry = self.parsed.allow_deletions, self.parsed.dry_run
        outcome = publish(source, there, target.keep, self.now, dry_run=dry, allow_deletions=allow)
        if dry:
            sys.stdout.write("".join(self._rows(target, outcome.counts)))
        elif (shown := outcome.release or current_of(there.history())) is not None:
            self._note(target, shown, source.listing.files[BUILD_JSON])
        say(self._summary(target, outcome))

    def _history(self, target: Target, _: int | None) -> None:
        releases = destination(target, self.root, self.memory).history()
        for release in releases:
            counts = "\t".join(f"{sign}{count}" for sign, count in zip("+~-", release.counts, strict=True))
            sys.stdout.write(
                f"{target.name}\t{release.number}\t{release.at}\t{counts}\t{'*' if release.current else ''}\n"
            )
        if not releases:
            nothing = self.text.gettext("Nothing has been published here yet.")
            say(f"{target.name}: {nothing}")

    def _roll_back(self, target: Target, number: int | None) -> None:
        there = destination(target, self.root, self.memory)
        before = current_of(there.history())
        release = roll_back(there, number)
        self._note(target, release)
        say(
            self.text.gettext(
                "{target}: readers see release {number} of {at} again, instead of {before}. The next publish brings back "
                "what was built since.",
                target=target.name,
                number=release.number,
                at=release.at,
                before=before.number if before is not None else "-",
            )
        )

    def _rows(self, target: Target, counts: Mapping[str, Counts]) -> Iterator[str]:
        for branch, (added, changed, removed) in counts.items():
            yield f"{target.name}\t{branch or 'hub'}\t+{added}\t~{changed}\t-{removed}\n"

    def _summary(self, target: Target, outcome: Outcome) -> str:
        if not outcome.counts:
            return self.text.gettext("{target}: readers see what was built; nothing to do.", target=target.name)
        added, changed, removed = (sum(numbers) for numbers in zip(*outcome.counts.values(), strict=True))
        values = {"target": target.name, "added": added, "changed": changed, "removed": removed}
        if outcome.release is None:
            return self.text.gettext(
                "{target}: {added} new, {changed} changed and {removed} removed files would be published.", **values
            )
        return self.text.gettext(
            "{target}: release {number} with {added} new, {changed} changed and {removed} removed files.",
            number=outcome.release.number,
            **values,
        )

    def _note(self, target: Target, release: Release, build: str = "") -> None:
        """Notes for ``status`` what readers see, since when, and that it was looked at now."""
        checked = self.now.isoformat() if build else ""
        note_publication(self.store, target.name, Published(release.at, release.number, build, checked))

    def _ping(self) -> None:
        import time

        from builder.store.websub import ping

        if not self.organization.feeds.websub:
            return
        for told in ping(self.organization, self.store, time.sleep):
            count = len(told.taken)
            say(self.text.gettext("{hub}: changed feeds reported: {count}.", hub=told.hub, count=count))
            if told.refused:
                missed = self.text.gettext(
                    "Not accepted, to be reported again next time: {count}.", count=len(told.refused)
                )
                say(f"{told.hub}: {missed} ({told.reason})")


def _words(words: Sequence[str]) -> tuple[str, int | None, tuple[str, ...]]:
    """Returns the action, the number of a release, and the names of targets in the words after ``publish``."""
    action, rest = (words[0], words[1:]) if words and words[0] in _ACTIONS else ("", words)
    numbers = [word for word in rest if word.isascii() and word.isdigit() and action == "rollback"]
    names = tuple(dict.fromkeys(word for word in rest if word not in numbers))
    return action, int(numbers[0]) if numbers else None, names


def _choose(root: Path, names: Sequence[str]) -> Mapping[str, Target]:
    """Returns the targets of these names, or all."""
    if not (root / TARGETS_FILE).is_file():
        raise CommandError(
            N_("There is no publish.yml in {folder}. Write where to publish, for example: web: {{folder: /srv/www}}"),
            folder=root.resolve(),
        )
    targets, problems = read_targets(root)
    if not targets:
        raise CommandError(N_("Nothing was changed."), problems)
    unknown = tuple(name for name in names if name not in targets)
    if unknown:
        raise CommandError(
            N_("There is no target {names} in publish.yml. There are: {known}."), names=unknown, known=tuple(targets)
        )
    return {name: targets[name] for name in names or targets}


@contextmanager
def _told() -> Iterator[None]:
    """Turns what stops a publication into a sentence; readers see what they saw before."""
    try:
        yield
    except TargetError as error:
        raise CommandError(error.message, **error.values) from error
    except OutputChangedError as error:
        raise CommandError(
            N_("{path} is not as the last build left it, so nothing was published. Build again."), path=error
        ) from error
    except TooManyRemovedError as error:
        where = error.branch
        message = (
            N_(
                "{gone} of {total} pages of {branch} would vanish, so nothing was published; --allow-deletions proceeds."
            )
            if where
            else N_("{gone} of {total} branches would vanish, so nothing was published; --allow-deletions proceeds.")
        )
        raise CommandError(message, gone=error.gone, total=error.total, branch=where) from error
    except OSError as error:
        raise CommandError(
            N_("{file} cannot be used: {reason}."), file=error.filename or "", reason=error.strerror or error
        ) from error

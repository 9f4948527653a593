"""The words of digests, in plain text: of each line that content has a part in, only one line with nothing that hides in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from builder.digest.contents import BranchDigest
from builder.messages.date_texts import date_text, moment_text
from builder.messages.formats import describe, effect_text, place_of
from builder.messages.translation import N_, Translator
from builder.messages.visible import visible
from builder.model.addresses import Addresses

MOST = 20
"""The lines of one kind that are written out before the rest is counted."""
_TASKS = {
    "section": N_("{section} needs a new entry"),
    "letter": N_("{section}: a letter is waiting for a reply"),
    "policy": N_("{title} needs an interpretation"),
}


def headline(digest: BranchDigest, text: Translator, name: str = "") -> str:
    """Returns what a digest is about, in one line; ``name`` takes the place of the branch's."""
    _ = text.gettext
    counts = (
        (len(digest.held), N_("{n} held back")),
        (len(digest.letters), N_("{n} waiting for a reply")),
        (len(digest.due), N_("{n} due")),
        (len(digest.news), N_("{n} newly published")),
    )
    parts = tuple(_(message, n=count) for count, message in counts if count)
    nothing = _("nothing urgent")
    return visible(_("{name}: {list}", name=name or digest.title, list=parts or (nothing,)))


def digest_text(digest: BranchDigest, addresses: Addresses, text: Translator, *, private: bool = True) -> str:
    """Returns a digest in sentences. What is scheduled is named only if it is ``private``: in a group, it is counted."""
    blocks = list(_blocks(digest, addresses, text, private))
    return "\n\n".join("\n".join(block) for block in blocks)


def _blocks(digest: BranchDigest, addresses: Addresses, text: Translator, private: bool) -> Iterator[Sequence[str]]:
    _, language = text.gettext, text.language
    if digest.held:
        yield [_("Held back until it is fixed:"), *_few(list(_held(digest, text)), text)]
    if digest.letters:
        waits = []
        for section, day in digest.letters:
            told = _("{section}, of {date}", section=section, date=date_text(day, language))
            waits.append(f"- {visible(told)}")
        yield [_("Waiting for a reply:"), *_few(waits, text)]
    if digest.due:
        tasks = []
        for due, name in digest.due:
            task = _(_TASKS[due.kind], section=name, title=name)
            tasks.append("- " + visible(f"{date_text(due.day, language)}  {task}"))
        yield [_("Due within seven days, or overdue:"), *_few(tasks, text)]
    for heading, several, counted in (
        (N_("Scheduled:"), digest.scheduled, N_("Scheduled: {n}")),
        (N_("Withdrawn within seven days:"), digest.ending, N_("Withdrawn within seven days: {n}")),
    ):
        if several and not private:
            yield [_(counted, n=len(several))]
        elif several:
            lines = []
            for each in several:
                lines.append("- " + visible(f"{moment_text(each.at, language)}  {each.title}"))
            yield [_(heading), *_few(lines, text)]
    if digest.news:
        news = [f"- {visible(each.title)}\n  {addresses.absolute(each.path)}" for each in digest.news]
        yield [_("Newly published:"), *_few(news, text)]


def _held(digest: BranchDigest, text: Translator) -> Iterator[str]:
    for problem in digest.held:
        told = describe(problem, text)
        lines = (
            f"- {place_of(problem)}",
            *(f"  {part}" for part in (*told, effect_text(problem, text)) if part),
        )
        yield "\n".join(lines)


def _few(lines: Sequence[str], text: Translator) -> Sequence[str]:
    if len(lines) <= MOST:
        return lines
    more = text.gettext("and {n} more", n=len(lines) - MOST)
    return [*lines[:MOST], f"- {more}"]

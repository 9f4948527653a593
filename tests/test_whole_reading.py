"""What is read of a site over time, word for word: which texts were edited, what a history carries on, which states documents are
in, and what a site keeps for the next build.

Like ``tests/test_whole_site.py``: where a change is meant, ``GOLDEN=write`` writes ``tests/golden/whole/`` anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from conftest import NOW, files_of
from picture_files import put, screenshot
from test_whole_catalogue import rows
from test_whole_site import compare

from builder.catalogue.edits import edits_of, text_edit
from builder.catalogue.history import carry_on
from builder.catalogue.live_site import pictures_of
from builder.catalogue.reading import SiteAt, SiteSource, at_head, find_site, found_in, reading_of, remembered
from builder.catalogue.states import due, keeps, listed, pending, resolve_states
from builder.content import read_organization
from builder.content.documents import Document
from builder.model.dates import Moment
from builder.model.history import EventMark, History
from builder.model.kinds import Article, Event, Kind, Letter
from builder.model.published import LiveEntry, LiveSite
from builder.model.values import Branch, Entry, Organization
from builder.pictures import LATE
from builder.store import Record

KEPT = """
--- content/organization.yml
name: Example University
url: https://example.org/
language: en
sections:
  news: {title: News, type: article}
  notices: {title: Notices, type: notice}
  policies: {title: Rules, type: policy}
  events: {title: Events, type: event}
  voices: {title: Voices, type: voice}
  letters: {title: Letters, type: letter}
--- content/alpha/branch.yml
name: Alpha
--- content/alpha/about.md
---
title: About
expires: 2026-11-20
---
Alpha.
--- content/alpha/news/2026-11-01-over.md
---
title: Over
summary: It is over
expires: 2026-11-20
---
It was.
--- content/alpha/news/2026-11-02-soon.md
---
title: Soon over
expires: 2026-11-28
---
It will be.
--- content/alpha/news/2026-11-03-stays.md
---
title: Stays
---
It stays.
--- content/alpha/news/2026-11-30-later.md
---
title: Later
---
It comes.
--- content/alpha/news/2026-11-05-broken.md
---
title: [Broken
---
Never good.
--- content/alpha/notices/2026-11-04-names.md
---
title: Names
period: {from: 2026-11-04, to: 2026-11-10}
expires: 2026-11-11
---
Names.
--- content/alpha/notices/2026-11-05-word.md
---
title: Word
expires: 2026-11-11
---
Words.
--- content/alpha/policies/2026-11-06-rule.md
---
title: Rule
expires: 2026-11-12
---
A rule.
--- content/alpha/events/2026-11-07-talk.md
---
title: Talk
date: 2026-11-01
starts: 2026-11-07 10:00
expires: 2026-11-08
---
A talk.
--- content/alpha/voices/2026-11-08-v.yml
text: I was there.
expires: 2026-11-13
--- content/alpha/letters/2026-11-09-l.md
---
title: Answer
question: When?
received: 2026-11-01
replied: 2026-11-05
expires: 2026-11-14
---
Soon.
--- content/hub/about.md
---
title: About all
expires: 2026-11-15
---
All.
--- content/hub/alpha.md
---
title: At the address of a branch
---
Where?
--- content/hub/topics/labs.md
---
title: Labs
expires: 2026-11-16
---
Labs.
--- content/hub/topics/fields.md
---
title: Fields
---
Fields.
"""
NEXT = """
--- content/alpha/news/2026-11-03-stays.md
---
title: [Stays
---
It is broken.
--- content/alpha/news/2026-11-01-over.md
---
title: [Over
---
It is broken and over.
--- content/alpha/news/2026-11-05-broken.md
---
title: Mended
---
Good.
"""
HEADS = {
    "news/2026-11-03-stays.md": "title: Stays\ndraft: true",
    "news/2026-11-30-later.md": "title: Later\nexpires: 2026-11-22",
    "news/2026-11-05-broken.md": "title: Mended\nexpires: 2026-11-22",
    "events/2026-11-07-talk.md": "title: Talk",
}
"""What is edited while a folder cannot be read."""


EDITED = """
--- mkdocs.yml
theme: {name: material}
--- content/organization.yml
name: O
url: https://example.org/
sections: {news: {title: News}, events: {title: Events, type: event}}
--- content/alpha/branch.yml
name: Alpha
sections: {add: {own: {title: Own}}}
--- content/alpha/about.md
---
title: About
---
Text.
--- content/alpha/news/2026-11-01-a.md
---
title: One
---
The first text.
--- content/alpha/news/2026-11-02-b/index.md
---
title: Two
summary: Written.
---
The second text, <div class="x">marked</div>, [linked](../2026-11-01-a.md).
--- content/alpha/events/talk.yml
title: Talk
starts: 2026-12-01 10:00
body: Come.
--- content/hub/topics/labs.md
---
title: Labs
---
Text.
"""
EDITS: Mapping[str, tuple[str, str]] = {
    "nothing": ("", ""),
    "a title": ("title: One", "title: First"),
    "a text, and the summary that it gives": ("The first text", "Another text"),
    "a text, not the summary": ("The second text", "Another text"),
    "a text and a written summary": ("summary: Written.\n---\nThe", "summary: Changed.\n---\nNot the"),
    "blanks": ("The first text.\n", "The first text.  \n\n"),
    "tags": ("title: Two", "title: Two\ntags: [x]"),
    "a page": ("title: About", "title: Us"),
    "a topic": ("title: Labs", "title: Rooms"),
    "the time of an event": ("10:00", "11:00"),
    "the name of a branch": ("name: Alpha", "name: Omega"),
    "its own section": ("title: Own", "title: Ours"),
    "a section of all": ("title: News", "title: What is new"),
    "sections hidden": ("sections: {add", "sections: {hide: [events], add"),
    "a section less": ("sections: {add: {own: {title: Own}}}\n", ""),
    "a section more": ("{title: Own}}", "{title: Own}, more: {title: More}}"),
    "another file for an entry": ("news/2026-11-01-a.md", "news/2026-11-01-a/index.md"),
    "another entry": ("news/2026-11-01-a.md", "news/2026-11-01-c.md"),
    "one that is broken": ("title: One", "title: [One"),
    "one that is withdrawn": ("title: One", "title: One\ndraft: true"),
    "what texts may have in them": ("sections: {news", "markdown: {raw_html: allow}\nsections: {news"),
    "settings that are broken": ("name: Alpha", "name: [Alpha"),
}


def edits(folder: Path) -> Iterator[tuple[str, str]]:
    """What a build says of each edit, against what the site was before it."""

    def reading(name: str, slug: str, old: str = "", new: str = "") -> tuple[Organization, SiteAt]:
        root = folder / name
        fill(root, EDITED.replace(old, new) if old else EDITED)
        organization, problems = read_organization(root)
        assert organization is not None, problems
        now = datetime.fromisoformat(NOW)
        return organization, reading_of(find_site(root, slug, organization, now), now)

    for slug in ("alpha", ""):
        before = reading("before", slug)[1]
        record = Record(content=before.content, branch=before.part.branch)
        found = []
        for name in EDITS if slug else ("nothing", "a title", "a topic"):
            old, new = EDITS[name]
            organization, now = reading(f"{name} {slug}", slug, old, new)
            told = edits_of(record, before.part, now, organization.sections)
            found.append((name, told))
            if slug and name in ("blanks", "a text, and the summary that it gives"):
                texts = [
                    next(each for each in site.content.documents if "2026-11-01-a" in each.path)
                    for site in (before, now)
                ]
                found.append((f"{name}, where nothing else has changed", text_edit(*texts)))
            if name == "a section of all":
                found.append(("a section that is not", edits_of(record, before.part, now)))
        yield slug or "hub", rows(found)


@pytest.mark.slow
def test_edits_are_told_as_they_always_were(tmp_path: Path) -> None:
    compare("edits", dict(edits(tmp_path)))


def histories() -> Iterator[tuple[str, object]]:
    """What is carried on of an event and of an article that the last build knew, or did not, as they were then, or otherwise."""
    now, hour = datetime.fromisoformat(NOW), timedelta(hours=1)
    branch = Branch(slug="a", name="A")

    def entry(kind: Kind, date: datetime, **more: Any) -> Entry:
        values = {"slug": "x", "path": "content/a/news/x.md", "title": "", **more}
        return Entry(branch="a", section="news", kind=kind, date=date, **values)

    def carried(what: Entry, history: History, known: Mapping[str, bool] | None, present: str = "a/news/x") -> object:
        part = LiveSite("a", branch=branch, entries=(LiveEntry(what),))
        made, kept = carry_on(part, history, known, [present], now)
        (live,) = made.entries
        return [live.revised, live.announced, kept.events, kept.appeared]

    starts = Moment(at=now + hour, end=now + hour)
    digest = next(
        iter(
            carry_on(
                LiveSite("a", branch=branch, entries=(LiveEntry(entry(Event(starts=starts), now)),)),
                History(),
                None,
                [],
                now,
            )[1].events.values()
        )
    ).digest
    for name, last in {
        "new": None,
        "same": EventMark(digest),
        "same, revised": EventMark(digest, now - hour),
        "other": EventMark("other"),
        "other, revised": EventMark("other", now - hour),
        "other, revised later": EventMark("other", now + hour),
    }.items():
        history = History({"a/news/x": last} if last is not None else {})
        for updated in (None, now - 2 * hour, now - hour, now + 2 * hour):
            yield (
                f"event {name} {updated}",
                carried(entry(Event(starts=starts), now, updated=updated), history, {"a/news/x": True}),
            )
        moved = entry(Event(starts=starts), now, moved_from="a/news/y")
        for known in (None, {}, {"a/news/x": False}):
            yield f"event {name} moved {known}", carried(moved, history, known)
    moved = entry(Event(starts=starts), now, moved_from="a/news/y")
    yield (
        "event known where it was",
        carried(moved, History({"a/news/y": EventMark(digest, now - hour)}), {}, "a/news/y"),
    )
    midnight = now.replace(hour=0)
    for name, date in {
        "now": now,
        "today": midnight,
        "yesterday": midnight - hour,
        "tomorrow": midnight + 24 * hour,
    }.items():
        for known in (None, {}, {"a/news/x": False}, {"a/news/x": True}):
            for announce in (False, True):
                what = entry(Article(), date, announce=announce)
                yield f"article of {name} {known} {announce}", carried(what, History(), known)
        what = entry(Article(), date, announce=True)
        yield (
            f"article of {name} that appeared",
            carried(what, History(appeared={"a/news/x": midnight}), {"a/news/x": True}),
        )
    what = entry(Article(), midnight - hour, moved_from="a/news/y")
    yield "article moved", carried(what, History(appeared={"a/news/y": now - hour}), {}, "a/news/y")
    yield "article moved that nobody knew", carried(what, History(), {})


def test_a_history_is_carried_on_as_it_always_was() -> None:
    compare("carried", {"carried": rows(histories())})


def test_a_picture_that_came_too_late_for_one_build_is_looked_at_by_the_next(tmp_path: Path) -> None:
    fill(tmp_path, EDITED)
    put(tmp_path, "content/hub/media/logo.png", screenshot(60, 40))
    organization, _ = read_organization(tmp_path)
    assert organization is not None
    organization = msgspec.structs.replace(organization, logo="content/hub/media/logo.png")
    (path, first), *_ = pictures_of(tmp_path, (), None, organization).items()
    late = {path: msgspec.structs.replace(first, trouble=LATE)}
    assert pictures_of(tmp_path, (), None, organization, late, None, 1 << 62) == {path: first}
    broken = {path: msgspec.structs.replace(first, trouble="picture-unreadable")}
    assert pictures_of(tmp_path, (), None, organization, broken, None, 1 << 62) == broken, "what is known is believed"


def states() -> Iterator[tuple[str, str]]:
    """The state of a document, and the version that counts, by what it says and its last good version said, to the second."""
    now, second = datetime.fromisoformat(NOW), timedelta(seconds=1)
    ends = {"": None, "at": Moment(at=now, end=now), "over": Moment(at=now - second, end=now - second)}
    ends["day"] = Moment(at=now - timedelta(days=1), end=now, day=True)
    starts = Moment(at=now + second, end=now + second)

    def entry(date: int = 0, **more: Any) -> Entry:
        values = {"kind": Article(), "title": "", "date": now + date * second, "date_explicit": True, **more}
        return Entry(branch="a", section="news", slug="x", path="content/a/news/x.md", **values)

    def document(entry: Entry | None, **more: Any) -> Document:
        return Document(path="content/a/news/x.md", kind="entry", branch="a", entry=entry, **more)

    def state(one: Document, good: Document | None) -> str:
        known = {one.path: good} if good is not None else {}
        found = [resolve_states([one], known, now, drafts=drafts)[0] for drafts in (False, True)]
        told = (
            f"{each.state}{' of ' + each.version.entry.title if each.version else ''} {keeps(each)}" for each in found
        )
        return " | ".join(told) + f" due {due([one], now)}"

    for name, end in ends.items():
        for draft in (False, True):
            for date in (-1, 0, 1):
                what = entry(date, draft=draft, expires=end, title="own")
                seen = f"{pending(what, now)} {listed(what, now)}"
                yield f"good {draft} {name} {date}", f"{state(document(what), None)} {seen}"
            broken = document(None, draft=draft, expires=end)
            yield f"broken {draft} {name}", state(broken, None)
    for name, good in {
        "fine": entry(title="last"),
        "draft": entry(title="last", draft=True),
        "over": entry(title="last", expires=ends["over"]),
        "later": entry(1, title="last"),
    }.items():
        for draft in (False, True):
            for end in ("", "over"):
                broken = document(None, draft=draft, expires=ends[end])
                yield f"broken {draft} {end}, was {name}", state(broken, document(good))
        yield f"good, was {name}", state(document(entry(title="own")), document(good))
    event = entry(1, kind=Event(starts=starts), title="event", date_explicit=False)
    letter = entry(kind=Letter(question="?", received=ends["over"]), title="letter")
    yield "event", f"{state(document(event), None)} {listed(event, now)}"
    yield "letter", state(document(letter), None)


def test_what_is_published_when_is_what_it_always_was() -> None:
    compare("states", {"states": rows(states())})


def fill(folder: Path, text: str) -> None:
    for path, content in files_of(text).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content, "utf-8")


def told_of_source(found: SiteSource) -> Iterator[tuple[str, object]]:
    """What a site's source holds, without what is said of each file."""
    for document in found.content.documents:
        what = document.subject
        yield document.path, [document.kind, document.draft, document.expires, what]
    for path, document in found.good.items():
        yield f"good {path}", document.subject
    yield "branch", found.branch and found.branch.name


def told_of_site(site: SiteAt) -> Iterator[tuple[str, object]]:
    """What a site comes to at an instant."""
    for one in site.states:
        title = getattr(one.version.subject, "title", None) if one.version is not None else None
        yield one.path, [one.state, title]
    yield "counts", site.counts
    yield "live", [each.path for each in site.live]
    yield "keeps", list(site.good)
    for name in ("unpublished", "withdrawn", "withdrawals", "waiting", "asked"):
        yield name, getattr(site.part, name)
    yield "due", site.due
    for problem in site.problems:
        yield f"{problem.path} {problem.code}", [problem.severity, problem.effect, problem.line, problem.arguments]


def kept(folder: Path) -> Iterator[tuple[str, str]]:
    """What a site keeps from one build for the next: read, remembered, edited, read again, and where only heads can be read."""
    fill(folder, KEPT)
    organization, problems = read_organization(folder)
    assert organization is not None, problems
    now, later = (datetime.fromisoformat(NOW) + timedelta(days=days) for days in (0, 8))
    site = reading_of(find_site(folder, "alpha", organization, now), now)
    hub = reading_of(find_site(folder, "", organization, now, reserved=frozenset({"ALPHA"})), now)
    yield "alpha", rows(told_of_site(site))
    yield "hub", rows(told_of_site(hub))
    records = []
    for name, each in (("alpha", site), ("hub", hub)):
        content, good = remembered(each)
        record = Record(content=content, good=good, branch=each.content.branch, history=each.history)
        records.append(record)
        yield f"{name} as remembered", rows(told_of_source(found_in(record)))
        yield f"{name} from memory", rows(told_of_site(reading_of(found_in(record), later)))
    record = records[0]
    unrendered = msgspec.structs.replace(
        record, unrenderable={"content/alpha/news/2026-11-03-stays.md": ("hash", "too deep")}
    )
    yield "what could not be rendered", rows(told_of_site(reading_of(found_in(unrendered), now)))
    slow = find_site(folder, "alpha", organization, now, failed={"content/alpha/news/2026-11-03-stays.md": "too slow"})
    yield "alpha, given up at a text", rows(told_of_site(reading_of(slow, now)))
    # However young it is, it is not tried again until it is another.
    spared = find_site(folder, "alpha", organization, now, record=Record(content=slow.content))
    yield "alpha, spared", rows(told_of_site(reading_of(spared, now)))
    fill(folder, NEXT)
    (folder / "content/alpha/news/2026-11-02-soon.md").unlink()
    for name, last in (("alpha, edited", record), ("alpha, edited, where it was not rendered", unrendered)):
        found = find_site(folder, "alpha", organization, now, record=last, last=site.part, clean=True)
        yield name, rows([*told_of_site(reading_of(found, now)), ("guarded", found.guarded), ("known", found.known)])
    guarded = msgspec.structs.replace(found, guarded=(3, 4))
    yield "alpha, guarded", rows(told_of_site(reading_of(guarded, now)))
    nameless = msgspec.structs.replace(found, branch=None, content=msgspec.structs.replace(found.content, branch=None))
    yield "alpha, without its settings", rows(told_of_site(reading_of(nameless, now)))
    for path, head in HEADS.items():
        (folder / "content/alpha" / path).write_text(f"---\n{head}\n---\nNew.\n", "utf-8")
    many = msgspec.structs.replace(site.part, entries=site.part.entries * 10)
    for allow in (False, True):
        emptied = at_head(folder / "nowhere", found_in(record), many, organization, now, allow_deletions=allow)
        yield f"alpha without a folder {allow}", rows(told_of_site(reading_of(emptied, now)))
        headed = at_head(folder, found_in(record), site.part, organization, now, allow_deletions=allow)
        yield f"alpha at its heads {allow}", rows(told_of_site(reading_of(headed, now)))


@pytest.mark.slow
def test_what_a_site_keeps_for_the_next_build_is_what_it_always_was(tmp_path: Path) -> None:
    compare("kept", dict(kept(tmp_path)))

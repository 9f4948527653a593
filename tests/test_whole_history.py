"""A small organization that is edited and built again and again, word for word: of each build what it says, which steps it took
for which site, which pages it rendered and why, and which files readers and the next build find changed.

Like ``tests/test_whole_site.py``: where a change is meant, ``GOLDEN=write`` writes ``tests/golden/whole/`` anew.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from conftest import NOW, SmallSite, codes
from faults import meets_folder, overflows, raises
from picture_files import photograph, screenshot
from test_whole_site import compare, unhashed

from builder.model.site_id import SiteId
from builder.pipeline.conductor import Options, build
from builder.pipeline.job import Job, Outcome
from builder.pipeline.progress import Progress
from builder.pipeline.stages import STEPS, Steps

SITE = """
--- mkdocs.yml
theme:
  name: material
--- content/organization.yml
name: Example University
url: https://example.org/
language: en
health: {public: true}
sections:
  news: {title: News, type: article, update_within: 14 days}
  events: {title: Events, type: event}
  voices: {title: Voices, type: voice}
--- content/hub/about.md
---
title: About
---
All branches.
--- content/hub/topics/labs.md
---
title: Labs
---
Safe labs.
--- content/alpha/branch.yml
name: Alpha
short_name: A
--- content/alpha/about.md
---
title: About Alpha
---
Since 1990.
--- content/alpha/news/2026-11-01-start.md
---
title: Start
topics: [labs]
---
It starts.
--- content/alpha/news/2026-11-20-visit/index.md
---
title: Visit
tags: [Visits]
share_with: [gamma]
---
We went. See [the frost](../../../beta/news/2026-11-19-frost.md).

![The gate](gate.jpg)
--- content/alpha/events/2026-11-25-talk.md
---
title: Talk
date: 2026-11-22
starts: 2026-11-25 10:00
ends: 2026-11-25 11:00
---
A talk.
--- content/alpha/voices/2026-11-18-v.yml
text: I was there.
--- content/beta/branch.yml
name: Beta
parent: alpha
--- content/beta/news/2026-11-19-frost.md
---
title: Frost
expires: 2026-11-24
---
Cold.
--- content/beta/news/2026-11-21-thaw.md
---
title: Thaw
---
Warm.
--- content/gamma/branch.yml
name: Gamma
url: https://gamma.example.org/
--- content/gamma/news/2026-11-10-own.md
---
title: Own address
---
Of Gamma.
--- content/delta/branch.yml
name: Delta
--- content/delta/news/2026-11-11-small.md
---
title: Small
---
A small one.
"""
START, VISIT = "content/alpha/news/2026-11-01-start.md", "content/alpha/news/2026-11-20-visit/index.md"
FROST, THAW = "content/beta/news/2026-11-19-frost.md", "content/beta/news/2026-11-21-thaw.md"
SMALL, OWN = "content/delta/news/2026-11-11-small.md", "content/gamma/news/2026-11-10-own.md"
VOICE, ABOUT = "content/alpha/voices/2026-11-18-v.yml", "content/alpha/about.md"
TOPIC, PAGE = "content/hub/topics/labs.md", "content/hub/about.md"
NEVER, ALWAYS = -(10**15), 10**18
"""Margins with which no file is too young to be trusted, or every file is."""
LATER = "2026-11-24T09:00:00+08:00"


class Step(NamedTuple):
    """What somebody does, with which options the site is then built, and which step fails for which site."""

    name: str
    edit: Callable[[SmallSite], object] = lambda site: None
    options: Mapping[str, Any] = {}
    fails: tuple[str, str, Callable[[], object]] | None = None


def rewrite(path: str, old: str, new: str) -> Callable[[SmallSite], object]:
    """Replaces a word of a file."""

    def edit(site: SmallSite) -> None:
        file = site.root / path
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new), "utf-8")

    return edit


def delete(*paths: str) -> Callable[[SmallSite], object]:
    """Deletes files and folders."""
    return lambda site: site.delete(*paths)


def put(path: str, content: bytes) -> Callable[[SmallSite], object]:
    """Writes a file."""
    return lambda site: (site.root / path).write_bytes(content)


def rename(old: str, new: str) -> Callable[[SmallSite], object]:
    """Renames a folder."""

    def edit(site: SmallSite) -> None:
        (site.root / new).parent.mkdir(parents=True, exist_ok=True)
        (site.root / old).rename(site.root / new)

    return edit


def both(*edits: Callable[[SmallSite], object]) -> Callable[[SmallSite], object]:
    """Several edits."""
    return lambda site: [edit(site) for edit in edits]


def state(site: SmallSite) -> Path:
    """The folder of the site's state."""
    (folder,) = (site.root / ".branchpress").iterdir()
    return folder


def damage(path: str) -> Callable[[SmallSite], object]:
    """Flips the bits of a file's last byte, in the state, without a sign of it; of several files of the largest."""

    def edit(site: SmallSite) -> None:
        file = max(state(site).glob(path), key=lambda each: each.stat().st_size)
        content, status = file.read_bytes(), file.stat()
        file.write_bytes(content[:-1] + bytes([content[-1] ^ 255]))
        os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))

    return edit


def poisoned() -> Callable[[], object]:
    """The page of a text in delta cannot be rendered, the first time."""
    left = [Outcome("delta", "poisoned", unrenderable={SMALL: "boom"})]
    return lambda: left.pop() if left else None


def link_instead(site: SmallSite) -> None:
    """Puts links in the place of what readers see, with the sizes and times of what was there."""
    beta, elsewhere = site.output / "beta", site.root / "elsewhere"
    above, folder, file = beta.stat(), (beta / "news").stat(), (beta / "404.html").stat()
    (beta / "news").rename(elsewhere)
    (beta / "news").symlink_to(elsewhere)
    (beta / "404.html").unlink()
    (beta / "404.html").symlink_to(("x" * 99 + "/") * (file.st_size // 100) + "x" * (file.st_size % 100))
    for place, was in ((beta / "news", folder), (beta / "404.html", file), (beta, above)):
        os.utime(place, ns=(was.st_atime_ns, was.st_mtime_ns), follow_symlinks=False)


STORY = (
    Step("the first build"),
    Step("nothing"),
    Step(
        "a text, and every file may be younger than it looks", rewrite(START, "starts", "begins"), {"margin_ns": ALWAYS}
    ),
    Step("it is read again, and once only"),
    Step("nothing again"),
    Step("a title", rewrite(THAW, "Thaw", "A thaw")),
    Step("a summary", rewrite(SMALL, "---\nA", "summary: In short.\n---\nA")),
    Step("a picture is new", put("content/delta/news/pile.png", screenshot(300, 200))),
    Step("it is shown", rewrite(SMALL, "one.", "one. ![A pile](pile.png)")),
    Step("it is another one", put("content/delta/news/pile.png", screenshot(300, 210))),
    Step("it is broken", put("content/delta/news/pile.png", b"\x89PNG broken")),
    Step("it is gone", delete("content/delta/news/pile.png")),
    Step("a draft", rewrite(OWN, "title", "draft: true\ntitle")),
    Step("no draft", rewrite(OWN, "draft: true\n", "")),
    Step("broken front matter", rewrite(THAW, "title: A", "title: [A")),
    Step("broken and withdrawn elsewhere", rewrite(START, "title", "draft: true\ntitle")),
    Step("both mended", both(rewrite(THAW, "title: [A", "title: A"), rewrite(START, "draft: true\n", ""))),
    Step(
        "an entry moves",
        both(
            rename(OWN, "content/delta/news/2026-11-10-own.md"),
            rewrite("content/delta/news/2026-11-10-own.md", "title", "moved_from: gamma/news/2026-11-10-own\ntitle"),
        ),
    ),
    Step("settings of a branch", rewrite("content/alpha/branch.yml", "name: A\n", "name: Al\n")),
    Step("settings of all", rewrite("content/organization.yml", "title: Events", "title: Dates")),
    Step(
        "settings of the theme", rewrite("mkdocs.yml", "name: material", "name: material\n  features: [navigation.top]")
    ),
    Step("the hub's page", rewrite("content/hub/about.md", "All", "All the")),
    Step("a topic", rewrite("content/hub/topics/labs.md", "title: Labs", "title: Laboratories")),
    Step("only beta", both(rewrite(THAW, "Warm", "Warmer"), rewrite(START, "begins", "ends")), {"branches": ("beta",)}),
    Step("all the others"),
    Step(
        "only what was touched",
        both(rewrite(THAW, "Warmer", "Hot"), rewrite(START, "ends", "goes on")),
        {"touched": frozenset(("beta",))},
    ),
    Step("whatever was touched"),
    Step("a clean build", options={"clean": True}),
    Step(
        "few of many branches are looked at",
        lambda site: [
            (site.output / slug / "404.html").write_text("new", "utf-8") for slug in ("alpha", "beta", "gamma", "delta")
        ],
        {"few": 3},
    ),
    Step("the next of many", options={"few": 3}),
    Step("all four", options={"few": 4}),
    Step("a day later", options={"now": LATER}),
    Step("a branch cannot be read", rewrite(SMALL, "A small", "The small"), fails=("find", "delta", raises)),
    Step("it can"),
    Step("a branch cannot be made", rewrite(THAW, "Hot", "Cold"), fails=("make", "beta", overflows)),
    Step("nor can the hub", fails=("make", "", overflows)),
    Step(
        "a branch cannot be made while another withdraws",
        rewrite(THAW, "title", "draft: true\ntitle"),
        fails=("make", "alpha", overflows),
    ),
    Step("they can", rewrite(THAW, "draft: true\n", "")),
    Step(
        "a branch cannot be made and withdraws",
        rewrite(VISIT, "title", "draft: true\ntitle"),
        fails=("make", "alpha", overflows),
    ),
    Step(
        "it cannot be read and withdraws more",
        both(rewrite(START, "title", "draft: true\ntitle"), *(rename(path, f"kept/{path}") for path in (VOICE, ABOUT))),
        fails=("find", "alpha", raises),
    ),
    Step(
        "all of it is back",
        both(
            *(rewrite(path, "draft: true\n", "") for path in (VISIT, START)),
            *(rename(f"kept/{path}", path) for path in (VOICE, ABOUT)),
        ),
    ),
    Step("the hub cannot be made and a topic is gone", rename(TOPIC, f"kept/{TOPIC}"), fails=("make", "", overflows)),
    Step("it cannot be read and a page is gone", rename(PAGE, f"kept/{PAGE}"), fails=("find", "", raises)),
    Step("the hub has both again", both(*(rename(f"kept/{path}", path) for path in (TOPIC, PAGE)))),
    Step(
        "a branch cannot be published",
        rewrite(SMALL, "The small", "One small"),
        fails=("publish", "delta", meets_folder),
    ),
    Step("it is published"),
    Step("a page cannot be rendered", rewrite(SMALL, "One small", "An odd"), fails=("make", "delta", poisoned())),
    Step("it is not tried again", rewrite("content/delta/branch.yml", "Delta", "The Delta")),
    Step("a clean build tries it", options={"clean": True}),
    Step("another version of it cannot be", rewrite(SMALL, "An odd", "Another"), fails=("make", "delta", poisoned())),
    Step("a third one can", rewrite(SMALL, "Another", "A third")),
    Step("links lie in the place of a file and a folder", link_instead),
    Step("a pack is damaged", both(damage("sites/beta/pack*"), rewrite(THAW, "Cold", "Mild"))),
    Step("a manifest is damaged", damage("sites/alpha/manifest.json")),
    Step("a record is damaged", damage("sites/gamma/record.json")),
    Step("the hub's release is damaged", damage("sites/hub/slice.json")),
    Step("what was remembered is damaged", damage("memory.json")),
    Step(
        "files of others",
        lambda site: [
            (site.output / name).write_text("x", "utf-8") for name in ("x.html", "README.md", ".x", "beta/x.html")
        ],
    ),
    Step(
        "files are gone",
        lambda site: site.delete(*(f"sites/{name}" for name in ("index.html", "beta/index.html", "build.json"))),
    ),
    Step(
        "a branch is renamed",
        both(
            rename("content/delta", "content/epsilon"),
            rewrite("content/epsilon/branch.yml", "name: The Delta", "name: Epsilon\nformerly: [delta]"),
        ),
    ),
    Step(
        "more than half of the branches are gone",
        both(*(rename(f"content/{slug}", f"gone/{slug}") for slug in ("beta", "gamma", "epsilon"))),
    ),
    Step("half of them are gone: one is back", rename("gone/gamma", "content/gamma")),
    Step("one of two is gone", rename("content/gamma", "gone/gamma")),
    Step("two are back", both(rename("gone/beta", "content/beta"), rename("gone/gamma", "content/gamma"))),
    Step("all but one entry of a branch are gone", delete("content/alpha/events", START, "content/alpha/about.md")),
    Step("drafts are shown", rewrite(THAW, "title", "draft: true\ntitle"), {"drafts": True}),
    Step("drafts are not shown"),
)


class Watched:
    """Steps of a build that note what they are taken for, and of which one may fail."""

    def __init__(self, fails: tuple[str, str, Callable[[], object]] | None) -> None:
        self.taken: list[str] = []
        self.fails = fails
        self.steps = Steps(
            find=self.watch("find", STEPS.find),
            make=self.watch("make", STEPS.make),
            develop=self.watch("develop", STEPS.develop),
            publish=self.watch("publish", STEPS.publish),
        )

    def watch(self, name: str, step: Callable[..., Any]) -> Callable[..., Any]:
        def taken(*arguments: Any, **options: Any) -> Any:
            first = arguments[0]
            if isinstance(first, Job):
                told = [word for word in ("feeds_only", "purge") if getattr(first, word)]
                told += [f"late={','.join(sorted(first.late))}"] if first.late else []
                slug = first.slug
                place = " ".join((SiteId(slug).folder, *told))
            else:
                slug = place = first.name if name == "develop" else arguments[1]
            self.taken.append(f"{name} {place or 'hub'}")
            if self.fails is not None and self.fails[:2] == (name, slug):
                instead = self.fails[2]()
                if instead is not None:
                    return instead
            return step(*arguments, **options)

        return taken


def prints(folder: Path) -> Mapping[str, str]:
    """The hash of each file below a folder, by path."""
    files = (file for file in sorted(folder.rglob("*")) if file.is_file() and file.name != "lock")
    return {file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def difference(before: Mapping[str, str], now: Mapping[str, str]) -> str:
    """The files that are new, gone, and others, in words."""
    kinds = {
        "new": sorted(now.keys() - before.keys()),
        "gone": sorted(before.keys() - now.keys()),
        "other": sorted(path for path in now.keys() & before.keys() if now[path] != before[path]),
    }
    return "\n".join(f"  {kind}: {' '.join(paths)}" for kind, paths in kinds.items() if paths)


def names(folder: Path) -> Mapping[str, str]:
    """The files of the state, by name only; those of pictures have the hash of the picture in it."""
    shown = (re.sub(r"[0-9a-f]{24,}", "HASH", path) for path in prints(folder))
    return dict.fromkeys(shown, "")


def is_of(path: str, slug: str) -> bool:
    """True for a file of a site."""
    return path.startswith(f"{slug}/") if slug else path.partition("/")[0] not in ("alpha", "beta", "gamma", "delta")


def plain(html: str) -> str:
    """A page without its head."""
    return unhashed(html.partition("<body")[2])


def told(site: SmallSite, step: Step, before: list[Mapping[str, str]]) -> str:
    """Takes a step; what comes of it. ``before`` are the files of output and state by then."""
    step.edit(site)
    watched = Watched(step.fails)
    progress: list[str] = []

    def note(each: Progress) -> None:
        progress.append(f"{each.stage} {each.done}/{each.total} {each.pages}")

    options = {"margin_ns": NEVER, "now": NOW, **step.options}
    options["now"] = datetime.fromisoformat(options["now"])
    chosen = Options(root=site.root, output=site.output, state=site.root / ".branchpress", **options)
    result = build(chosen, progress=note, steps=watched.steps)
    now = [prints(site.output), names(state(site))]
    rows = [
        f"sites: {dict(result.sites)}",
        f"counts: {dict(result.counts)}",
        f"files: {result.files.written} written, {result.files.unchanged} unchanged, {result.files.removed} removed",
        f"next: {result.next_due}",
        f"called: {dict(result.names)} {dict(result.addresses)}",
        *(f"problem: {each}" for each in codes(result)),
        *(
            f"edit: {slug} {each.place} {' '.join(each.parts)}{' apart' * each.apart}"
            for slug, edits in result.edits.items()
            for each in edits
        ),
        "steps: " + ", ".join(watched.taken),
        "progress: " + ", ".join(progress),
        *(
            f"why: {slug} {path} {' '.join(parts)}"
            for slug, why in result.why.items()
            for path, parts in why.items()
            if parts != ("new",)
        ),
        "output:\n" + unhashed(difference(before[0], now[0])),
        "state:\n" + difference(before[1], now[1]),
    ]
    if step.fails is not None and step.fails[1] in ("", *result.sites):
        # Pages of a site that is kept are made without the renderer.
        changed = (path for path in sorted(now[0]) if path.endswith(".html") and before[0].get(path) != now[0][path])
        rows += [f"page: {path}\n{plain(site.page(path))}" for path in changed if is_of(path, step.fails[1])]
    before[:] = now
    return "\n".join(rows)


@pytest.mark.slow
def test_builds_come_to_what_they_always_came_to(tmp_path: Path) -> None:
    site = SmallSite(tmp_path).write(SITE)
    (site.root / "content/alpha/news/2026-11-20-visit/gate.jpg").write_bytes(photograph(400, 300))
    before: list[Mapping[str, str]] = [{}, {}]
    compare("history", {f"{number} {step.name}": told(site, step, before) for number, step in enumerate(STORY)})

"""An organization that has a little more of everything than its lists show, and what each list shows of it.

Like ``tests/test_whole_site.py``: where a change is meant, ``GOLDEN=write`` writes ``tests/golden/whole/`` anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import SmallSite
from test_whole_site import compare
from test_whole_values import table

from builder.model.published import Withdrawal
from builder.pages import plain_page, plain_withdrawn_page
from builder.pages.calendars import event_calendar
from builder.pages.page_data.parts import Unit
from builder.pages.page_data.rows import FiguresRow
from builder.pages.paging import numbered, parts_of
from builder.pages.units import folded, many, rows_by_part
from builder.pipeline.job import Job, Outcome
from builder.pipeline.release import DerivedSite, derive
from builder.pipeline.site_build import SiteBuild
from builder.pipeline.stages import Steps

ORGANIZATION = """
--- mkdocs.yml
theme: {name: material}
--- content/organization.yml
name: 大学
url: https://example.org/
health: {public: true}
feeds: {items: 4}
sections:
  news: {title: 动态, update_within: 14 days}
  stories: {title: 人物}
  notices: {title: 通知, type: notice, update_within: 2 months}
  policies: {title: 政策, type: policy, interpret_within: 10 days}
  events: {title: 活动, type: event, description: 大家来}
  voices: {title: 微感言, type: voice}
  letters: {title: 来信, type: letter, reply_within: 20 days}
  about-us: {title: 机构, dated: false}
--- content/c/branch.yml
name: 学院
contact: {email: c@example.org}
--- content/c/about.md
---
title: 关于
---
学院。
"""
TODAY = date(2026, 11, 23)


def day(number: int) -> date:
    """The day so many days before today."""
    return TODAY - timedelta(days=number)


def content() -> Iterator[str]:
    """Entries of every kind, a few more than any list shows."""
    yield ORGANIZATION

    def entry(place: str, title: str, head: str = "", body: str = "文。") -> str:
        return f"--- content/{place}.md\n---\ntitle: {title}\n{head}---\n{body}\n"

    for number in range(15):
        tags = f"tags: [共同, 第{number % 3}类]\n" + (f"topics: [t{number % 2}]\n" if number < 9 else "")
        yield entry(f"c/news/{day(number)}-n{number}", f"消息{number}", tags)
    for number in range(5):
        yield entry(f"c/stories/{day(number + 30)}-s{number}", f"人物{number}")
    for number in range(9):
        period = f"period: {{from: {day(number)}, to: {day(number - 8)}}}\n" if number < 8 else ""
        yield entry(f"c/notices/{day(number)}-p{number}", f"公示{number}", period)
    for number in range(4):
        yield entry(
            f"c/policies/{day(number * 4)}-r{number}", f"规定{number}", "number: 〔2026〕1 号\n" if number else ""
        )
        yield f"--- content/c/voices/{day(number)}-v{number}.yml\ntext: 感言{number}\nperson: 某\n"
    for number in range(5):
        yield f"--- content/c/letters/{day(number)}-l{number}.yml\nquestion: 来信{number}？\nreceived: {day(number + 9)}\n"
        yield f"replied: {day(number)}\nbody: 答。\n" if number < 4 else "\n"
    for number in range(-14, 30):
        date_line = "" if number < 0 else f"date: {day(number)}\n"
        head = f"--- content/c/events/e{number + 14:02}.yml\ntitle: 活动{number}\n{date_line}"
        yield f"{head}starts: {day(number)} 14:00\nlocation: 礼堂\n"
    for number in range(9):
        # Four on one day, five on the next.
        yield f"--- content/c/events/x{number}.yml\ntitle: 同日{number}\nstarts: 2026-12-{20 + number // 4 - number // 8} 09:00\n"
    for number in range(30):
        starts = date(2014 + number % 13, number % 12 + 1, 5)
        yield f"--- content/d/events/m{number:02}.yml\ntitle: 往年{number}\nstarts: {starts} 09:00\nends: {starts} 10:00\n"
    yield "--- content/d/branch.yml\nname: 往年\nsections: {hide: [news, stories, notices, policies, voices, letters]}\n"
    for number in range(6):
        yield f"--- content/b{number}/branch.yml\nname: 第{number}支部\nparent: c\n"
        yield entry(f"b{number}/news/{day(number)}-b{number}", f"支部消息{number}", "share_with: [c]\n")
    for number in range(14):
        closed = f"closed: {day(number)}\n" if number > 10 else ""
        yield entry(f"hub/topics/t{number}", f"专题{number}", closed)
    for number in range(3):
        yield entry(f"c/about-us/a{number}", f"机构{number}")


LEFT_OUT = (
    "og",
    "og_locale",
    "ld_html",
    "labels",
    "canonical",
    "root",
    "crumbs",
    "alternates",
    "section",
    "branch",
    "origin",
)


def outline(value: Any) -> Any:
    """What is listed in a part of a page: the titles of what is in a list, and of what is in that."""
    if isinstance(value, list):
        return [outline(each) for each in value]
    if not isinstance(value, dict):
        return value
    lists = {key: outline(each) for key, each in value.items() if isinstance(each, list) and each}
    title = value.get("title")
    if title is None:
        return {key: outline(each) for key, each in value.items() if key not in LEFT_OUT}
    return {title: lists} if lists else title


def lines(data: Mapping[str, Any]) -> str:
    """The parts of a page, each in a line."""
    parts = {key: outline(each) for key, each in data.items() if key not in LEFT_OUT}
    return "\n".join(f"{key}: {json.dumps(each, ensure_ascii=False)}" for key, each in parts.items() if each)


PLACES = ("/c/", "/c/news/", "/c/about/", "/c/voices/", f"/c/news/{day(0)}-n0/", "/c/none/", "/d/")


def plain_pages(derived: DerivedSite) -> Iterator[tuple[str, str]]:
    """Pages as they are made where the theme cannot be used, and in place of what was withdrawn."""
    ctx = derived.ctx
    part = ctx.catalogue.live_sites[ctx.site]
    for place in PLACES:
        yield f"plain {place}", plain_page(ctx, place, part, derived.bodies).decode()
    for why in (None, Withdrawal("/c/news/"), Withdrawal("/c/notices/", "2026-11-20", period=True)):
        yield f"withdrawn {why}", plain_withdrawn_page(ctx, "/c/news/x/", why).decode()


def staged(root: Path, written: str, slugs: Iterable[str]) -> Mapping[str, DerivedSite]:
    """What the renderer would be given of some sites: nothing is rendered."""
    found: dict[str, DerivedSite] = {}

    def make(job: Job) -> Outcome:
        for slug in slugs if not found else ():
            found[slug] = derive(SiteBuild(Job(job.session, slug, job.inputs)))
        return Outcome(job.slug, "failed")

    SmallSite(root).write(written).build(steps=Steps(make=make))
    return found


@pytest.mark.slow
def test_lists_show_as_much_as_they_always_did(tmp_path: Path) -> None:
    told = {}
    sites = staged(tmp_path, "".join(content()), ("c", "d", ""))
    for slug, derived in sites.items():
        for page in derived.site.pages:
            told[f"{slug or 'hub'} {page.path}"] = lines({"page": page.title, **json.loads(page.meta)})
    compare("lists", told | dict(plain_pages(sites["c"])))


def bounds() -> Iterator[str]:
    """As many entries of a year, of a topic and of a tag as are seen at once, and one more of each."""
    yield ORGANIZATION
    first = {2025: 30, 2024: 31, 2023: 139, 2022: 1}
    for year, many_of in first.items():
        tags = "二百零一" if year == 2022 else "二百, 二百零一"
        topics = f"topics: [t{many_of}]\n" if many_of in (30, 31) else ""
        for number in range(many_of):
            day = date(year, 1, 1) + timedelta(days=number)
            yield f"--- content/c/news/{day}-n.md\n---\ntitle: {year}年第{number}篇\ntags: [{tags}]\n{topics}---\n文。\n"
    for month, last in enumerate((31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31), 1):
        for came, went in (("01", "03"), (str(last), str(last))):
            head = f"received: 2025-{month:02}-{came}\nreplied: 2025-{month:02}-{went}\n"
            yield f"--- content/c/letters/2025-{month:02}-{went}-l.yml\nquestion: 问\n{head}body: 答\n"
    yield "--- content/c/events/2026-11-01-named.yml\ntitle: 零点\nstarts: 2026-12-01 00:00\nends: 2026-12-01\n"
    yield "--- content/c/events/unnamed.yml\ntitle: 整天\nstarts: 2026-12-01\nends: 2026-11-30\n"
    yield from (f"--- content/hub/topics/t{number}.md\n---\ntitle: {number}\n---\n文。\n" for number in (30, 31))
    for above, slug, more in (("p", "q", 0), ("r", "s", 1)):
        yield f"--- content/{above}/branch.yml\nname: {above}\n--- content/{slug}/branch.yml\nname: {slug}\nparent: {above}\n"
        for number in range(6 + more):
            yield f"--- content/{slug}/stories/2026-11-{number + 1:02}-n.md\n---\ntitle: {number}\n---\n文。\n"
        for number in range(20 + more):
            for month in (f"2026-{9 + more:02}", f"2027-{1 + more:02}"):
                day = f"{month}-{number + 1:02}"
                yield f"--- content/{slug}/events/{day}-e.yml\ntitle: {number}\nstarts: {day} 09:00\n"


@pytest.mark.slow
def test_what_is_one_too_many_to_be_seen_at_once_is_folded_or_left_to_the_search(tmp_path: Path) -> None:
    sites = staged(tmp_path, "".join(bounds()), ("c", "p", "r", ""))
    pages = {f"{slug}/{page.path}": json.loads(page.meta) for slug, made in sites.items() for page in made.site.pages}
    folded_years = {year: pages[f"c/news/archive/{year}/index.html"].get("folded", False) for year in (2024, 2025)}
    assert folded_years == {2024: True, 2025: False}
    assert {number: pages[f"/topics/t{number}/index.html"].get("folded", False) for number in (30, 31)} == {
        30: False,
        31: True,
    }
    last = {tag: pages[f"c/tags/{tag}/page/10/index.html"]["pages"] for tag in ("二百", "二百零一")}
    assert {tag: bool(pager.get("search_url")) for tag, pager in last.items()} == {"二百": False, "二百零一": True}
    assert {pager["total"] for pager in last.values()} == {10}
    for above, month, gone in (("p", "2027-01", "2026-09"), ("r", "2027-02", "2026-10")):
        below = pages[f"{above}/all/index.html"]
        assert ("coming" in below, "coming_days" in below) == (above == "p", above == "r")
        assert {each["slug"]: "url" in each for each in below["sections"]} == {"stories": above == "r"}
        assert [len(each["entries"]) for each in below["sections"]] == [6]
        ahead, past = (pages[f"/events/{each}/index.html"] for each in (month, gone))
        assert ("coming" in ahead, "coming_days" in ahead) == (above == "p", above == "r")
        assert ("past" in past, "past_days" in past) == (above == "p", above == "r")
    quarters = pages["c/letters/index.html"]["statistics"]
    assert [(each["title"], each["replied"], each["days"]) for each in quarters] == [
        (f"2025年第{number}季度", 6, "1") for number in (4, 3, 2, 1)
    ]


@pytest.mark.slow
def test_an_event_last_changed_when_it_was_published_and_ends_after_it_begins(tmp_path: Path) -> None:
    """Nobody knows when one was published that has no date but its start; an end before the start is none."""
    ctx = staged(tmp_path, "".join(bounds()), ("c",))["c"].ctx
    told = {}
    for name in ("2026-11-01-named", "unnamed"):
        (event,) = event_calendar(ctx, ctx.catalogue.entries[f"c/events/{name}"]).events
        told[name] = (event.stamp.isoformat()[:10], event.ends)
    assert told == {"2026-11-01-named": ("2026-11-01", date(2026, 12, 1)), "unnamed": ("2026-01-01", None)}


def test_long_lists_are_cut_into_pages_as_they_always_were() -> None:
    def cut(many: int, first: int) -> object:
        return [
            (number, total, f"{part[0]} to {part[-1]}" if part else "")
            for number, total, part in parts_of(range(many), first)
        ]  # type: ignore[type-var]

    rows = ((many, first) for many in (0, 1, 19, 20, 21, 40, 41, 100) for first in (0, 5, 20, 25))
    compare("paging", {"parts": table(cut, rows), "numbered": table(numbered, (("/a/", 1), ("/a/", 2)))})


def test_branches_are_folded_as_they_always_were() -> None:
    def unit(name: object, below: int = 0, depth: int = 0) -> Unit:
        parts = tuple(unit(f"{name}.{each}", 0, 1) for each in range(below))
        return Unit(title=f"{name}", url="/", depth=depth, below=parts)

    def told(found: Iterable[Unit]) -> str:
        return "; ".join(
            f"{each.title} {each.url} {len(each.below)} {sorted({part.depth for part in each.below})}" for each in found
        )

    def row(name: object, depth: int) -> FiguresRow:
        return FiguresRow(
            title=f"{name}", url="/", depth=depth, entries=1, replies=0, policies=0, interpreted=0, interpretations=0
        )

    found: dict[str, str] = {}
    for many_of in (0, 1, 24, 25, 48, 49):
        alone = [unit(number) for number in range(many_of)]
        for name, units in (("alone", alone), ("behind one with some", [unit("a", 2), *alone, unit("b", 1)])):
            shown = tuple(folded(units))
            found[f"{many_of} {name}"] = f"{told(shown)}\n{many(units)} {many(shown)}"
        tops = [row(number, 0) for number in range(many_of)]
        behind = [row("a", 0), row("a.a", 1), row("a.b", 2), *tops, row("b", 0), row("b.a", 1)]
        for name, rows in (("rows", tops), ("rows behind", behind)):
            parts = rows_by_part(rows)
            found[f"{many_of} {name}"] = "\n".join(
                f"{title}: {len(part)} from {part[0].title}" for title, part in parts
            )
    compare("folded", found)

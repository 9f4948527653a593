"""What the functions below everything else make of texts, dates, paths and addresses: tables, word for word, with what stands
just within each bound and just beyond it.

Like ``tests/test_whole_site.py``: where a change is meant, ``GOLDEN=write`` writes ``tests/golden/whole/`` anew.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import product
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from conftest import files_of
from test_whole_site import CONTENT, compare

import builder
import builder.model.card
import builder.model.history
import builder.model.kinds as kinds
import builder.model.media as media
import builder.model.values as values
from builder.catalogue.history import _mark
from builder.messages.translation import translator
from builder.model import addresses, dates, media_types, periods, site_map, slugs, sources, ways
from builder.model.addresses import Addresses
from builder.model.dates import Moment, Span
from builder.model.history import EventMark
from builder.model.kinds import Event, Letter, Notice, Period, Policy, Voice
from builder.model.media import Shape
from builder.model.site_id import SiteId
from builder.model.values import Entry
from builder.model.version import CONTENT_FORMAT
from builder.model.zones import zone_of
from builder.pages.health import _left

ZONE = timezone(timedelta(hours=8))
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=ZONE)


def _rows(text: str) -> list[str]:
    """The lines of a table; what stands in quotation marks may begin or end with a space, or be empty."""
    return [line[1:-1] if re.fullmatch(r'"[^"]*"', line) else line for line in text.splitlines()]


ROWS = {name: _rows(text) for name, text in files_of((CONTENT.parent / "values.txt").read_text("utf-8")).items()}


def plain(value: object) -> str:
    """A value as one line: a moment as it is written, a struct by the names of its parts."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Moment):
        return f"{plain(value.at)} to {plain(value.end)}{' (day)' if value.day else ''}"
    if isinstance(value, msgspec.Struct):
        found = ((field.name, getattr(value, field.name)) for field in msgspec.structs.fields(type(value)))
        return f"{type(value).__name__}({', '.join(f'{name}={plain(each)}' for name, each in found)})"
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(plain, value))}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{plain(key)}: {plain(each)}' for key, each in value.items())}}}"
    return str(value) if isinstance(value, date) else repr(value)


def table(function: Callable[..., Any], rows: Iterable[object]) -> str:
    """What a function gives for each row of arguments, or raises."""

    def said(row: object) -> str:
        arguments = row if isinstance(row, tuple) else (row,)
        try:
            found = plain(function(*arguments))
        except (ValueError, OSError, TypeError) as error:
            found = type(error).__name__
        return f"{', '.join(map(plain, arguments))} -> {found}"

    # A long row of the same letter is told by its length.
    return "\n".join(re.sub(r"(a|甲)\1{30,}", lambda run: f"<{len(run[0])} {run[1]}>", said(row)) for row in rows)


HOSTS = (
    "",
    "Example.org",
    " example.org. ",
    "中文.example",
    "a_b.example",
    "a" * 63 + ".org",
    "a" * 64 + ".org",
    "a..b",
    "[::1]",
)
BUNDLES = {
    "content/alpha/news/2026-11-20-visit": "/alpha/news/visit/",
    "content/alpha/named.jpg": "/alpha/media/other.jpg",
}

ORGANIZATION = values.Organization(name="O", url="https://example.org/sub/", authority="example.org")
OWN = values.Branch(slug="own", name="Own", url="https://own.example.org/at/")
PLACES = Addresses(ORGANIZATION, [OWN, values.Branch(slug="alpha", name="Alpha")])
WITH_LOGO = msgspec.structs.replace(ORGANIZATION, logo_key="0123456789abcdef")
WEB = {
    "a": "https://e.org/",
    "b": "https://e.org/x/",
    "c": "https://e.org/x/y",
    "d": "https://f.org/",
    "e": "https://F.org",
}
SHAPES = {
    "none": Shape(),
    "one": Shape(800, 600, (800,)),
    "two": Shape(1000, 750, (400, 1000)),
}


def test_dates_and_lengths_are_read_as_they_always_were() -> None:
    moment = dates.parse_moment
    found = {
        "moments": table(
            lambda text: (moment(text, ZONE), dates.is_dated(text), dates.parse_day(text)), ROWS["moments"]
        ),
        "in another zone": table(
            lambda text: dates.in_zone(moment(text, ZONE) or dates.moment_of(date.min, UTC), UTC),
            ROWS["moments"][20:24] + ROWS["moments"][:1],
        ),
        "over": table(
            lambda text, later: (
                [
                    (one := moment(text, ZONE)) and one.over(at + timedelta(microseconds=later))
                    for at in (one.at, one.end)  # type: ignore[union-attr]
                ]
                if (one := moment(text, ZONE)) is not None
                else None
            ),
            product(("2026-11-20", "2026-11-20 09:30"), (-1, 0, 1)),
        ),
        "over at": table(
            lambda text: list(dates.over_at(moment(text, ZONE))), ("2026-11-20", "2026-11-20 09:30", "never")
        ),
        "fixed": table(
            lambda year, minutes: dates.fixed(datetime(year, 1, 1, tzinfo=timezone(timedelta(minutes=minutes)))),
            ((2026, 480), (2026, 5 + 29 / 60), (2026, 5 + 31 / 60), (2026, -330)),
        ),
        "names": table(
            dates.name_prefix,
            ROWS["dated names"],
        ),
        "spans": table(dates.parse_span, ROWS["spans"]),
        "sizes": table(dates.parse_size, ROWS["sizes"]),
        "far ahead": table(
            lambda seconds: dates.far_ahead(NOW + timedelta(days=366, seconds=seconds), NOW), (-1, 0, 1)
        ),
        "zones": table(
            lambda name: str(zone_of(name)),
            (
                "Asia/Shanghai",
                "UTC",
                "America/Argentina/Buenos_Aires",
                "Mars/Base",
                "../etc",
                "/etc",
                "",
                "Etc/GMT+8",
                "A" * 31,
            ),
        ),
        "versions": f"content format {CONTENT_FORMAT}",
    }
    compare("dates", found | lengths())


SPANS_OF: tuple[Span, ...] = tuple(
    Span(amount=amount, unit=unit)  # type: ignore[arg-type]
    for unit in ("days", "weeks", "months", "years", "working days")
    for amount in (0, 1, 3, 14)
)
DAYS = (date(2026, 1, 31), date(2026, 9, 30), date(2026, 11, 21), date(2024, 2, 29))
HOLIDAYS = ((date(2026, 10, 1), date(2026, 10, 7)),)


def lengths() -> Mapping[str, str]:
    """Lengths of time on the calendar, from days that are the last of a month, before a holiday, in a leap year."""
    long = [Span(amount=5_000, unit=unit) for unit in ("days", "months", "working days")]  # type: ignore[arg-type]
    late = (date.max - timedelta(days=3), date.min + timedelta(days=3))
    year = (
        Span(amount=amount, unit=unit)
        for amount, unit in ((7973, "years"), (7974, "years"), (2025, "years"), (2026, "years"))
    )  # type: ignore[arg-type]
    spans = [*SPANS_OF, *year]
    return {
        "last days": table(lambda day, span: periods.last_day(day, span, HOLIDAYS), product(DAYS, spans)),
        "first days": table(periods.first_day, product(DAYS, [span for span in spans if span.unit != "working days"])),
        "at the ends": table(
            lambda day, span: (periods.last_day(day, span), periods.first_day(day, span)), product(late, long)
        ),
        "between": table(
            lambda start, end, unit: periods.days_between(start, end, unit and Span(amount=1, unit=unit), HOLIDAYS),
            product(
                (date(2026, 9, 30), date(2026, 10, 9)),
                (date(2026, 9, 30), date(2026, 10, 12)),
                (None, "days", "working days"),
            ),
        ),
        "days": table(lambda hour: periods.day_of(datetime(2026, 11, 20, hour, tzinfo=UTC), ZONE), (15, 16)),
    }


def test_paths_and_addresses_are_what_they_always_were() -> None:
    sites = ("", "alpha", "own")
    branch = {"branch": "甲", "title": "a&b c/d", "url": "https://e.org/?x=1"}
    body = "line\nline\r\nend"
    found = {
        "paths": table(
            lambda path: (
                addresses.encoded(path),
                addresses.output_file(path),
                PLACES.owner(path),
                PLACES.absolute(path),
                [PLACES.link(site, path) for site in sites],
                PLACES.root(path),
                PLACES.mark(path, WITH_LOGO, "icon"),
                PLACES.mark(path, ORGANIZATION, "icon"),
            ),
            ROWS["paths"],
        ),
        "sites": table(
            lambda site: (PLACES.home(site), PLACES.site_url(site), PLACES.prefix(site), *sites_of(site)),
            (*sites, "hub"),
        ),
        "web places": table(addresses.web_place, ROWS["urls"]),
        "overlaps": table(
            lambda one, other: addresses.overlap(addresses.web_place(one), addresses.web_place(other)),
            product(list(WEB.values())[:4], list(WEB.values())[2:]),
        )
        + "\n"
        + plain(addresses.find_overlaps({name: addresses.web_place(url) for name, url in WEB.items()})),
        "hosts": table(addresses.ascii_host, ROWS["urls"]) + "\n" + table(addresses.plain_host, HOSTS),
        "names": table(
            lambda name: (slugs.slugify(name), slugs.is_slug(name), slugs.folded(name)),
            (*ROWS["names"], *("a" * 200, "a" * 201, "甲" * 66, "甲" * 67)),
        ),
        "texts": table(
            lambda path: (sources.document_key(path), sources.comparable(path), sources.is_bundle(path)), ROWS["texts"]
        ),
        "hub": table(lambda path: at("hub", path), ROWS["site paths"]),
        "branch": table(lambda path: at("branch", path), ROWS["site paths"]),
        "types": table(site_map.media_type_of, [f"x/{path.rpartition('/')[2]}" for path in ROWS["site paths"]]),
        "served": plain(list(site_map.served_types())),
        "folders": plain((site_map.immutable_folders(), site_map.shared_folders(), list(site_map.feed_files()))),
        "formats": "\n".join(map(plain, site_map.FEED_FORMATS)),
        "places": "\n".join(map(plain, site_map.PLACES)),
        "old": table(
            lambda path: [site_map.may_redirect_from(owner, path) for owner in ("hub", "branch")],
            (*ROWS["old"], "a" * 200, "a" * 201, f"x/{'a' * 200}", f"x/{'a' * 201}"),
        ),
        "reserved": table(
            lambda name: [
                level for level in ("branch", "section", "entry", "topic", "tag") if site_map.is_reserved(level, name)
            ],  # type: ignore[arg-type]
            ROWS["reserved"],
        ),
        "fitting": table(
            site_map.fits,
            (
                "a" * 255,
                "a" * 256,
                "甲" * 85,
                "甲" * 86,
                "/".join(["a" * 199] * 5),
                "/".join(["a" * 199] * 5) + "a",
                "/".join(["a" * 199] * 5) + "ab",
            ),
        ),
        "ways": table(
            lambda address: (ways.wrong_placeholder(address), ways.is_safe(address), ways.filled(address, branch)),
            ROWS["addresses"],
        ),
        "mails": table(ways.is_mail_address, (*ROWS["mails"], f"{'a' * 242}@example.org", f"{'a' * 243}@example.org")),
        "issues": table(ways.new_issue, ROWS["edit urls"]),
        "letters": table(
            ways.mail_link,
            (
                ("a@e.org", "Subject & more", body),
                ("a b@e.org", "", ""),
                ("a@e.org", "", "x"),
                *(
                    ("a@e.org", "a" * many, "x" * long, 300)
                    for many, long in ((40, 74), (40, 73), (276, 0), (277, 0), (290, 0))
                ),
            ),
        ),
        "merged": table(
            lambda own, above: own.within(above),
            product(
                (
                    ways.Ways(letter=ways.Way(mail=True)),
                    ways.Ways(correction=ways.Way(note="z"), topic=ways.Way(mail=True)),
                ),
                (ways.Ways(letter=ways.Way(note="x"), topic=ways.Way(note="y")),),
            ),
        ),
    }
    compare("addresses", found)


def sites_of(name: str) -> tuple[object, ...]:
    """What follows from the name of a site, and from that of its folder."""
    one = SiteId(name)
    return one.folder, one.source, one.settings, one.home, SiteId.of(name), SiteId.of(f"content/{name}/x")


def at(owner: site_map.Owner, path: str) -> object:
    """What is at a path of a site: the pattern of the place, the names that vary, and whether it is in the sitemap."""
    found = site_map.find(owner, path)
    return (found[0].pattern, dict(found[1]), site_map.is_indexed(owner, path)) if found is not None else None


def test_pictures_and_files_are_called_what_they_always_were() -> None:
    endings = sorted({*media_types.SHOWN, *media_types.DOWNLOADED, *media._CONVERTED, *media.UNSHOWN, "exe", "html"})
    long = f"/a/{'a' * 245}.jpg"
    wide = "data:image/png;base64,iVBORw0KGgo="
    found = {
        "endings": table(
            lambda path: (
                media.is_picture(path),
                media_types.media_type(path),
                media_types.may_be_published(path),
            ),
            [f"x.{ending}" for ending in endings],
        ),
        "files": table(
            lambda path: (
                media_types.extension(path),
                media.is_picture(path),
                media_types.may_be_published(path),
                media.refused(builder.model.card.Path("x", path.rpartition("/")[2]), path),
            ),
            ROWS["files"],
        ),
        "other names": table(
            lambda name, path: media.refused(builder.model.card.Path(name), path),
            product(("x.jpg", "x.php.jpg", "x.exe", "x.heic", "x.php.heic"), ("x.jpg", "x.heic", "x.exe")),
        ),
        "sizes": table(
            media.size_text, (0, 1, 999, 1000, 1499, 1500, 999_999, 1_000_000, 1_049_999, 1_050_000, 12_345_678)
        ),
        "places": table(
            lambda source: [media.published_at(source, site, BUNDLES) for site in ("", "alpha", "beta")],
            ROWS["sources"],
        ),
        "ignored": table(media.belongs_to_a_site, ROWS["ignored"])
        + "\n"
        + table(media.belongs_to_a_site, (f"content/x/{'a' * 215}", f"content/x/{'a' * 216}")),
        "on the hub": table(media.on_hub, (("/own/media/a.jpg", "own"), ("/alpha/media/own/a.jpg", "own"))),
        "renamed": table(
            media.renamed,
            (
                ("/a/photo.HEIC", "jpg", ()),
                ("/a/photo.HEIC", "jpg", ("/a/photo.HEIC.jpg",)),
                ("/a/photo.HEIC", "jpg", ("/a/photo.HEIC.jpg", "/a/photo.HEIC.picture.jpg")),
                (long, "jpg", ()),
            ),
        ),
        "variants": table(
            lambda name, width, form: media.variant("/a/photo.jpg", SHAPES[name], width, form),
            product(SHAPES, (400, 800, 1000), ("jpg", "webp")),
        ),
        "long": table(
            lambda path: media.variant(path, SHAPES["two"], 400, "webp"),
            (long, long.replace("aaaaaaaaa.jpg", ".jpg"), long.replace("aaaaaaaaaa.jpg", ".jpg")),
        ),
        "offered": table(
            lambda path, name: (media.thumbnail(path, SHAPES[name]), media.offered(path, SHAPES[name], str.upper)),
            product(("/a/photo.jpg", "/a/photo.webp"), SHAPES),
        ),
        "embedded": table(
            lambda address: (
                media.is_embedded(address),
                media.embedded_path(address, "content/alpha/news/x.md"),
                media.embedded_content(address),
            ),
            (
                wide,
                wide[:-1],
                wide.replace("png", "JPEG"),
                "data:,",
                "https://e.org/x.png",
                "data:image/png;base64,AAAAA",
                "data:x,A",
            ),
        ),
    }
    compare("media", found)


def structs() -> Iterable[type[msgspec.Struct]]:
    """The types of all values."""
    for found in pkgutil.walk_packages(builder.__path__, "builder."):
        module = importlib.import_module(found.name) if not found.name.endswith("__main__") else builder
        for each in vars(module).values():
            if isinstance(each, type) and issubclass(each, msgspec.Struct) and each.__module__ == module.__name__:
                yield each


@pytest.mark.slow
def test_what_is_not_written_means_what_it_always_meant() -> None:
    def told(field: msgspec.structs.FieldInfo) -> str:
        if field.required:
            return field.name
        default = field.default if field.default is not msgspec.NODEFAULT else field.default_factory()
        return f"{field.name} = {plain(default) if not callable(default) else 'a function'}"

    found = {
        f"{each.__module__.removeprefix('builder.')} {each.__name__}": "\n".join(
            map(told, msgspec.structs.fields(each))
        )
        for each in structs()
    }
    rules = (
        "has_page",
        "needs_text",
        "takes_place",
        "gets_replies",
        "is_news",
        "is_duty",
        "needs_summary",
        "needs_source",
    )
    told_of = {
        f"kind {name}": plain({rule: getattr(kind, rule) for rule in rules}) for name, kind in kinds.KINDS.items()
    }
    compare("defaults", found | told_of)


def whole(text: str) -> Moment:
    """A moment in the organization's zone."""
    found = dates.parse_moment(text, ZONE)
    assert found is not None
    return found


EVENTS = {
    "an hour": Event(starts=whole("2026-11-30 22:00"), ends=whole("2026-11-30 23:00")),
    "until midnight": Event(starts=whole("2026-11-30 22:00"), ends=whole("2026-12-01 00:00")),
    "over midnight": Event(starts=whole("2026-11-30 22:00"), ends=whole("2026-12-01 00:01")),
    "without an end": Event(starts=whole("2026-11-30 22:00")),
    "whole days": Event(starts=whole("2026-11-28"), ends=whole("2026-11-30"), all_day=True),
    "one day": Event(starts=whole("2026-12-31"), all_day=True),
    "three months": Event(starts=whole("2026-10-05"), ends=whole("2026-12-06"), all_day=True),
    "for ever": Event(starts=whole("2026-10-05"), ends=whole("2036-12-06"), all_day=True),
    "back to front": Event(starts=whole("2026-11-30 22:00"), ends=whole("2026-11-29 22:00")),
}


def test_kinds_follow_the_clock_as_they_always_did() -> None:
    def event(name: str) -> str:
        one = EVENTS[name]
        instants = list(one.instants())
        rows = [f"days {plain(one.days)}"]
        for at_ in sorted({*instants, datetime(2026, 11, 30, tzinfo=ZONE)}):
            for moved in (-1, 0, 1) if len(instants) < 9 else (0,):
                now = at_ + timedelta(microseconds=moved)
                rows.append(
                    f"{now.isoformat()} {one.over(now)} {one.soon(now)} {one.month_at(now)} {one.state_at(now)}"
                )
        return "\n".join(rows)

    notices = {
        "none": Notice(),
        "open": Notice(period=Period(start=whole("2026-11-20"))),
        "day": Notice(period=Period(start=whole("2026-11-20"), to=whole("2026-11-25"))),
        "time": Notice(period=Period(to=whole("2026-11-25 12:00"))),
    }

    def notice(name: str, minutes: int) -> object:
        one, now = notices[name], NOW + timedelta(minutes=minutes)
        return one.runs(now), one.state_at(now), list(one.instants()), one.over(now), one.soon(now), one.month_at(now)

    others = (
        Letter(question="?", received=whole("2026-11-20")),
        Letter(question="?", received=whole("2026-11-20"), answered=True),
        Policy(replaces=("a/b/c",)),
        Voice(text="x", portrait="content/a/x.jpg"),
    )
    found = {f"event {name}": event(name) for name in EVENTS}
    found["notices"] = table(notice, product(notices, (0, 1, 719, 720, 721)))
    found["others"] = "\n".join(
        plain((one, one.waiting, one.replaces, one.portrait, one.starts, list(one.instants()), one.state_at(NOW)))
        for one in others
    )
    found["bare"] = "\n".join(plain(kind.bare(whole("2026-11-20"))) for kind in kinds.KINDS.values())
    compare("kinds", found)


def test_events_are_revised_when_they_always_were() -> None:
    at = whole("2026-11-20 09:00:30").at
    entry = Entry(branch="a", section="events", slug="x", path="x", kind=EVENTS["an hour"], title="", date=at)
    own = _mark(entry, None, NOW, foreign=False).digest
    marks = {
        "new": None,
        "the same": EventMark(own),
        "revised": EventMark(own, at),
        "other": EventMark("other"),
        "other, revised": EventMark("other", at),
        "other, revised ahead": EventMark("other", NOW + timedelta(days=1)),
    }

    def told(name: str, updated: int | None, foreign: bool) -> object:
        said = None if updated is None else at + timedelta(minutes=updated)
        made = _mark(msgspec.structs.replace(entry, updated=said), marks[name], NOW, foreign=foreign)
        return made.digest == own, made.revised

    changed = {
        name: msgspec.structs.replace(entry, kind=msgspec.structs.replace(entry.kind, **change))
        for name, change in {
            "start": {"starts": whole("2026-11-30 21:00")},
            "end": {"ends": None},
            "days": {"all_day": True},
            "place": {"location": "x"},
            "call": {"online": "https://x.org/"},
            "status": {"status": "cancelled"},
            "organizer": {"organizer": "x"},
        }.items()
    }
    found = {
        "marks": table(told, product(marks, (None, -1, 0, 1), (False, True))),
        "facts": "\n".join(
            f"{name} {_mark(each, marks['the same'], NOW, foreign=False).revised}" for name, each in changed.items()
        ),
        "days left": "\n".join(
            f"{days} {_left(SimpleNamespace(text=translator(language)), days)}"
            for language in ("en", "zh")
            for days in range(-2, 3)
        ),
    }
    compare("revisions", found)

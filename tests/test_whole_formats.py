"""What writers make of values that are seldom: feeds, calendars, zones, codes, tables, text for WeChat.

Like ``tests/test_whole_site.py``: where a change is meant, ``GOLDEN=write`` writes ``tests/golden/whole/`` anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import msgspec
import pytest
from feed_data import AT, FEED, ITEM, PLAIN
from test_whole_site import CONTENT, compare
from test_whole_texts import readable
from test_whole_values import plain, table

from builder.formats import content_policy, direction, jsonld, qr, sitemap
from builder.formats.feeds import (
    Calendar,
    CalendarEvent,
    Category,
    Enclosure,
    Feed,
    Origin,
    Outline,
    Person,
    atom,
    authority,
    calendar,
    clean,
    feed_html,
    json_feed,
    opml,
    rss,
    tag_uri,
    usable,
)
from builder.formats.feeds import items as values
from builder.formats.feeds.generator import rss_language
from builder.formats.feeds.size import shortened, within
from builder.formats.feeds.times import rfc822, rfc3339
from builder.formats.feeds.zones import rules
from builder.formats.table import csv_table
from builder.formats.wechat import wechat_html

PASTED = (CONTENT.parent / "pasted.txt").read_text("utf-8").split("\n<")


def pieces() -> Iterator[str]:
    """The pieces of HTML, each a line or more."""
    yield from (piece if piece.startswith("<") else f"<{piece}" for piece in PASTED)


ELEMENTS, *ODD = (CONTENT.parent / "wechat.txt").read_text("utf-8").splitlines()
"""Names of elements, and HTML in which the editor of WeChat would lose something."""


def test_html_is_cleaned_as_it_always_was() -> None:
    whole = "\n".join(pieces())
    found = {
        "feeds": "\n".join(map(feed_html, pieces())),
        "feeds, nothing": table(feed_html, ("", " ", "<!-- a -->", "<p>a</p> b", "a")),
        "WeChat": "\n".join(wechat_html(piece, "链接：") for piece in pieces()),
        "WeChat, whole": wechat_html(whole, "链接：", ("原文：", "https://example.org/")),
        "WeChat, each element": "\n".join(
            wechat_html(f"<{name} title='t'>a</{name}>", "") for name in ELEMENTS.split()
        ),
        "WeChat, odd": "\n".join(wechat_html(piece, "链接：") for piece in ODD),
        "WeChat, nothing": wechat_html("", "链接：", ("原文：", "https://example.org/")),
    }
    compare("cleaned", {name: readable(text) for name, text in found.items()})


SIGNS = "a \"b\" 'c' <d> & e &amp; ]]>"
BLANK = (Category(term=" ", label="\x01"), Category(term=" ", label="L"), Category(term="T", label=" "))
ITEMS = (
    msgspec.structs.replace(
        PLAIN,
        id="tag:e.org,2026:many",
        summary="摘\x01要\n两行",
        html="<p>一\r\n二\x02</p><script>x</script>",
        authors=(Person(name=""), Person(name="一 二"), Person(name="三", email="no mail", url="x")),
        categories=tuple(Category(term=f"t{number}", label="" if number else "标") for number in range(12)),
        enclosures=(
            Enclosure(url="x", type="a/b", length=1),
            Enclosure(url="https://例子.中国/图 一.jpg", type="bad", length=-1),
            *(Enclosure(url=f"https://e.org/{number}", type="a/b; c=d", length=number) for number in range(11)),
        ),
        related=tuple(f"https://e.org/r{number}" for number in range(12)),
        via="https://e.org/via",
        language="zh-Hans",
    ),
    msgspec.structs.replace(
        PLAIN, id="tag:e.org,2026:long", title="长" * 201, summary="句" * 401, html="<p>x</p>" * 300
    ),
    msgspec.structs.replace(PLAIN, id="tag:e.org,2026:untitled", title="\x01", language="not a tag"),
    msgspec.structs.replace(PLAIN, id="tag:e.org,2026:signs", title=SIGNS, summary=SIGNS, html=f"<p>{SIGNS}</p>"),
    msgspec.structs.replace(
        PLAIN, id="tag:e.org,2026:only-signs", title=SIGNS, authors=(Person(name=SIGNS),), categories=BLANK
    ),
    msgspec.structs.replace(PLAIN, id="no iri"),
    msgspec.structs.replace(PLAIN, id="tag:e.org,2026:x", url="ftp://e.org/"),
    msgspec.structs.replace(PLAIN, id="tag:e.org,2026:y", published=AT.replace(tzinfo=None)),
    msgspec.structs.replace(PLAIN, id="tag:e.org,2026:z", updated=AT.replace(tzinfo=None)),
    msgspec.structs.replace(PLAIN, title="again"),
    msgspec.structs.replace(
        ITEM, id="tag:e.org,2026:via", via="not an address", origin=None, related=("x", "https://e.org/")
    ),
    msgspec.structs.replace(
        ITEM,
        id="tag:e.org,2026:origin",
        origin=Origin(title="", url="x", feed_url="y", id="no iri", updated=AT),
    ),
)
FEEDS = {
    "all": msgspec.structs.replace(FEED, items=(*FEED.items, *ITEMS)),
    "bare": Feed(
        id="tag:e.org,2026:bare", title="", url="https://e.org/", self_url="", author=Person(name=""), items=(PLAIN,)
    ),
    "archive": msgspec.structs.replace(
        FEED, older="", archive=True, current="https://example.org/alpha/feed.xml", language="zh-Hans", behind=50
    ),
    "of a moment": msgspec.structs.replace(
        FEED, title='A & "B"', updated=AT, icon="x", logo="x", hubs=("x",), language="!", stylesheet=""
    ),
    "empty": msgspec.structs.replace(FEED, items=ITEMS[5:7]),
}


def test_feeds_of_odd_values_are_what_they_always_were() -> None:
    found = {}
    for name, feed in FEEDS.items():
        for form, write in (("RSS", rss), ("Atom", atom), ("JSON", json_feed)):
            found[f"{name}, {form}"] = write(feed).decode().replace("><", ">\n<").replace('","', '",\n"')
            for limit in (2_000, 12_000, 20_000) if name == "all" else ():
                found[f"{name}, {form}, {limit} bytes"] = sizes(write(feed, limit))
    outlines = [
        Outline(
            title="甲 & 乙",
            rss_url="https://e.org/feed.xml",
            html_url="https://e.org/",
            description="述",
            language="zh",
        ),
        Outline(title="\x01", rss_url="x", html_url="y", language="!"),
        Outline(title="夹", children=(Outline(title="内", rss_url="https://e.org/in.xml"), Outline(title="空"))),
    ]
    for name, more in (("whole", {"owner_name": "甲", "owner_id": "https://e.org/"}), ("bare", {})):
        found[f"OPML, {name}"] = opml("题", outlines, updated=AT if more else None, **more).decode()
    found["usable"] = "\n".join(f"{each.id}: {usable(each)}" for each in ITEMS)
    found["shortened"] = plain(shortened(ITEMS[0])) + "\n" + plain(shortened(ITEMS[1]))
    compare("feeds-odd", {name: readable(text) for name, text in found.items()})


def sizes(content: bytes) -> str:
    """How much of a feed is left: its size in hundreds, and the items that have their text."""
    text = content.decode()
    kept = [each.id for each in (*FEED.items, *ITEMS) if each.id in text]
    return (
        f"{len(content) // 100} hundred bytes, {', '.join(kept)}; texts: {text.count('&lt;p&gt;') + text.count('<p>')}"
    )


def test_feeds_are_cut_where_they_always_were() -> None:
    def cut(number: int, size: int, limit: int, behind: int) -> str:
        made = [msgspec.structs.replace(PLAIN, id=f"tag:e.org,2026:{each}", html="x" * size) for each in range(number)]
        found = within(limit, made, lambda item: b"." * (20 + len(item.html)), behind)
        return " ".join(str(len(part)) for part in found)

    rows = [
        (number, size, limit, behind)
        for number, size in ((1, 100), (3, 100), (11, 100), (25, 100), (25, 1000))
        for limit in (
            24,
            100,
            123,
            124,
            125,
            371,
            372,
            373,
            1000,
            1364,
            1365,
            2000,
            3000,
            3101,
            5000,
            20_000,
            26_000,
            60_000,
        )
        for behind in (0, 1, 5, 10)
    ]
    compare("feeds-cut", {"rows": table(cut, rows)})


def test_addresses_and_names_in_feeds_are_what_they_always_were() -> None:
    addresses = (
        *(
            "https://e.org/",
            "http://e.org",
            "https://例子.中国/路 径?问=答#节",
            "https://E.ORG/%E4%B8%AD/%zz",
            "https://e.org:8443/a b",
        ),
        *(
            "https://e.org:99999/",
            "ftp://e.org/",
            "//e.org/",
            "https:///x",
            "https://",
            "mailto:a@e.org",
            "https://e.org/\x01a\nb",
        ),
        *("https://a..b/", 'https://e.org/"<>', "https://u:p@e.org/", "https://[::1]/中", "", " https://e.org/x "),
    )
    texts = ("a\x00b", "a  b\n c", "a\x85b\x86", "\ud800a", "a\ufdd0\uffffb", "", "a\x7fb\x9f", "\t")
    names = ("zh", "zh-CN", "zh-Hans", "ZH", "en", "EN-gb", "e", "engl", "zh_CN", "", "zh-a", "zh-abcdefghi")
    found = {
        "addresses": table(values.address, addresses),
        "clean": table(lambda text: (clean(text), values.clean_html(f"{text}\r\nb\rc")), texts),
        "mails": table(values.email, ("a@b.org", "a@b", "a b@c.org", "a@b.org.", "A.b+c%d_e-f@x-y.z", "中@b.org", "@b.org")),
        "types": table(values.media_type, ("a/b", "image/svg+xml", "a", "a/b; c=d", "a/b;c=d; e=f", "a/b; c", "中/b", "-a", "")),
        "languages": table(lambda name: (values.language(name), rss_language(name)), names),
        "tag URIs": table(tag_uri, (("e.org", "a/b"), ("e.org", "中 文~._-/?#"), ("e.org", "e\u0301"), ("e.org", "\ud800"))),
        "authorities": table(authority, ("https://E.org/x", "https://中文.example/", "x", "https://a..b/", "https://e.org:80/")),
        "people": table(lambda name, mail: values.people((Person(name=name, email=mail),)), (("a\nb", "x"), ("", "a@b.org"))),
    }  # fmt: skip
    instants = (
        datetime(2026, 1, 2, 3, 4, 5, 678, UTC),
        AT,
        datetime(2026, 1, 2, 3, 4, 5, 678),
        datetime(1890, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai")),
        datetime(1, 1, 1, 0, 0, 1, 5, timezone(timedelta(hours=8, seconds=43))),
        datetime(2026, 11, 30, 23, 59, 59, 999_999, timezone(-timedelta(hours=5))),
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=8))),
    )
    found["times"] = table(lambda moment: (rfc822(moment), rfc3339(moment)), instants)
    compare("feed-values", {name: readable(text) for name, text in found.items()})


EARLY = ZoneInfo("Europe/Berlin")


def events() -> Iterator[CalendarEvent]:
    """Events of every kind."""
    stamp = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
    base = CalendarEvent(
        uid="base", url="https://e.org/", title="题", starts=datetime(2026, 7, 1, 9, 0, tzinfo=UTC), stamp=stamp
    )
    for name, changes in {
        "day": {"starts": date(2026, 7, 2)},
        "days": {"starts": date(2026, 7, 2), "ends": date(2026, 7, 4), "all_day": True},
        "days backwards": {"starts": date(2026, 7, 2), "ends": date(2026, 7, 1), "all_day": True},
        "all day by a time": {"starts": datetime(2026, 7, 2, 23, tzinfo=UTC), "all_day": True},
        "all day to a time": {"ends": datetime(2026, 7, 3, 23, tzinfo=UTC), "all_day": True},
        "ends": {"ends": datetime(2026, 7, 1, 10, 0, tzinfo=UTC)},
        "ends as it starts": {"ends": datetime(2026, 7, 1, 9, 0, tzinfo=UTC)},
        "ends on a day": {"ends": date(2026, 7, 1)},
        "ends on the day before": {"ends": date(2026, 6, 30)},
        "no zone": {"starts": datetime(2026, 12, 31, 23, 0), "ends": datetime(2027, 1, 1, 1, 0)},
        "first of two hours": {"starts": datetime(2026, 10, 25, 2, 30, tzinfo=EARLY)},
        "second of two hours": {"starts": datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=EARLY)},
        "too early": {"starts": date(1899, 12, 31)},
        "early": {"starts": date(1900, 1, 1)},
        "late": {"starts": date(9998, 1, 1)},
        "too late": {"starts": date(9999, 1, 1)},
        "ends too late": {"starts": date(9998, 1, 1), "ends": date(9999, 1, 1)},
        "": {},
        "online": {"online": "https://e.org/meet", "description": "说明", "location": ""},
        "online, in words": {"online": "会议号 123", "location": "主楼"},
        "contact": {"organizer_name": "办公室\n电话", "categories": ("一, 二", "\x01", "三"), "sequence": -1},
        "cancelled": {"status": "CANCELLED"},
        "untitled": {"title": "\x01", "url": "x", "sequence": 3},
        "unnamed": {"title": "", "url": "https://e.org/u"},
    }.items():  # fmt: skip
        yield msgspec.structs.replace(base, uid=name, **changes)
    yield msgspec.structs.replace(base, uid="day", title="again")


def test_calendars_of_odd_values_are_what_they_always_were() -> None:
    whole = Calendar(
        name="历",
        url="https://e.org/",
        timezone="Europe/Berlin",
        events=tuple(events()),
        description="述\x01",
        refresh=0,
    )
    bare = Calendar(name="", url="x", timezone="UTC", refresh=1)
    found = {
        "whole": calendar(whole),
        "whole, in Shanghai": calendar(msgspec.structs.replace(whole, timezone="Asia/Shanghai", refresh=5)),
        "bare": calendar(bare),
        "empty": calendar(msgspec.structs.replace(bare, timezone="Asia/Shanghai")),
        "only days": calendar(msgspec.structs.replace(whole, events=whole.events[:3])),
        "one": calendar(msgspec.structs.replace(whole, events=whole.events[4:5], timezone="UTC")),
        "small": calendar(whole, 20_000 + 1_500),
        "smaller": calendar(whole, 20_000),
    }
    compare(
        "calendars-odd", {name: readable(content.decode().replace("\r\n", "\n")) for name, content in found.items()}
    )


def test_zones_are_told_as_they_always_were() -> None:
    years = {
        "Asia/Shanghai": (1985, 1992),
        "Europe/Berlin": (1994, 2003),
        "America/New_York": (2004, 2010),
        "Australia/Lord_Howe": (2000, 2004),
        "Asia/Tehran": (2003, 2010),
        "Pacific/Apia": (2009, 2013),
        "Africa/Cairo": (2007, 2011),
        "America/Sao_Paulo": (2005, 2012),
        "Asia/Kolkata": (2000, 2001),
        "Europe/Dublin": (1999, 2003),
    }
    found = {
        f"{name} {first} to {last}": rules(ZoneInfo(name), first, last).to_ical().decode()
        for name, (first, last) in years.items()
    }
    compare("zones", {name: text.replace("\r\n", "\n") for name, text in found.items()})


def test_small_formats_are_what_they_always_were() -> None:
    codes = [
        "a",
        "https://example.org/",
        "https://example.org/alpha/news/2026-11-20-visit/",
        "UPPER 123",
        "汉字",
        "a" * 213,
        "a" * 214,
    ]
    languages = (
        "zh",
        "ar",
        "AR-eg",
        "fa",
        "he",
        "ku",
        "ku-Arab",
        "ku_arab",
        "az-Arab-IR",
        "ar-Latn",
        "zh-Hebr",
        "en-1234",
        "yi",
        "",
        "ug",
    )
    rows = [("https://e.org/b?x&y", AT.replace(microsecond=5)), ("https://e.org/a", None)]
    cells = [
        "a",
        "=1",
        " =1",
        "\t1",
        "\r1",
        "+1",
        "-1",
        "@1",
        "＝1",
        "a=1",
        "",
        'a"b',
        "a,b",
        "a\nb",
        5,
        -5,
        "\n-1",
        "'x",
    ]
    found = {
        "codes": "\n".join(f"{text[:30]} {len(text)}: {qr.qr_code(text)}" for text in codes),
        "directions": table(direction.direction, languages),
        "attributes": table(
            direction.language_attributes,
            (("",), ("ar",), ("zh",), ("ar", "zh"), ("en", "zh"), ("he", "ar"), ('a"b', "ar")),
        ),
        "sitemap": sitemap.urlset(rows).decode(),
        "index": sitemap.index(rows).decode(),
        "robots": sitemap.robots(["https://e.org/sitemap.xml", "https://e.org/b.xml"]).decode(),
        "no robots": sitemap.robots([]).decode(),
        "policy": content_policy.policy(("'sha256-a'", "'sha256-b'"), ("https://a.org", "https://b.org")),
        "plain policy": content_policy.PLAIN_POLICY,
        "JSON-LD": jsonld.graph(
            [
                {"a": "</script>&", "b": "", "c": [], "d": {}, "e": None, "f": 0, "g": False},
                jsonld.breadcrumbs([("一", "u"), ("二", "v")]),
            ]
        ),
        "table": csv_table([cells, ["x"]]).decode(),
    }
    compare("small-formats", {name: readable(text.replace("\r\n", "\n")) for name, text in found.items()})


@pytest.mark.parametrize(("key", "most"), [("title", 200), ("summary", 400)])
def test_texts_of_shortened_items_are_cut_behind_so_many_characters(key: str, most: int) -> None:
    def cut(length: int) -> str:
        item = msgspec.structs.replace(ITEMS[0], **{key: "x" * length})
        return str(getattr(shortened(item), key))

    assert [cut(length) for length in (most, most + 1)] == ["x" * most, "x" * (most - 1) + "…"]


@pytest.mark.parametrize(("size", "kept"), [(16_999, 2), (17_000, 1)])
def test_room_for_two_summaries_is_set_aside(size: int, kept: int) -> None:
    """Fifteen hundred bytes for each, of twenty thousand; what stands between items takes four."""
    items = [msgspec.structs.replace(ITEMS[0], html="x" * length) for length in (9_000, size - 9_000 - 2 * 4)]
    found = within(20_000, items, lambda item: item.html.encode() or b"brief")
    assert [part != b"brief" for part in found] == [number < kept for number in range(2)]

"""Whatever is written in an entry: its feed is well formed, and says the same."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import icalendar
import msgspec
from conftest import examples
from feed_data import CALENDAR, EVENT, FEED
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from builder.formats.feeds import Category, FeedItem, Outline, Person, atom, calendar, clean, json_feed, opml, rss

ATOM = "{http://www.w3.org/2005/Atom}"
ZONES = st.sampled_from([ZoneInfo(name) for name in ("Asia/Shanghai", "Europe/Berlin", "America/St_Johns", "UTC")])
HOSTILE = st.sampled_from(
    ["]]>", "<![CDATA[", "&amp;", "&#0;", "<b>", "</title>", "\x00", "\x1b[31m", "\ud800", "\ufffe", "\u202e", "שלום",
     "👩‍👩‍👧", "𠮷", "e\u0301", "\r\n", "\u2028", "\x85", "\xa0", '"', "'", "\\", "%", "字" * 2_000]
)  # fmt: skip
TEXTS = st.lists(st.one_of(HOSTILE, st.text(max_size=12)), max_size=6).map("".join)
TIMES = st.datetimes(datetime(1902, 1, 1), datetime(2199, 1, 1), timezones=ZONES)


@given(TEXTS, TEXTS, TEXTS, TEXTS, TIMES)
@settings(max_examples=examples(40), deadline=None)
def test_any_text_in_well_formed_and_equal_out(
    title: str, summary: str, html: str, name: str, moment: datetime
) -> None:
    item = FeedItem(
        id="tag:e.org,2026:x", url="https://e.org/x/", title=title, summary=summary, html=html,
        published=moment, updated=moment, authors=(Person(name=name),), categories=(Category(term=name),),
    )  # fmt: skip
    feed = msgspec.structs.replace(FEED, title=title, subtitle=summary, items=(item,))
    moment = moment.replace(microsecond=0).astimezone(UTC)

    channel = etree.fromstring(rss(feed)).find("channel")
    assert channel.findtext("title") == (clean(title) or feed.url)
    made = channel.find("item")
    assert made.findtext("title") == (clean(title) or item.url)
    assert from_html(made.findtext("description")) == (clean(summary) or clean(title) or item.url)
    assert (made.findtext("category") or "") == clean(name)
    assert datetime.strptime(made.findtext("pubDate"), "%a, %d %b %Y %H:%M:%S %z") == moment

    entry = etree.fromstring(atom(feed)).find(f"{ATOM}entry")
    assert plain(entry.find(f"{ATOM}title")) == (clean(title) or item.url)
    assert datetime.fromisoformat(entry.findtext(f"{ATOM}published")) == moment
    if clean(summary):
        assert plain(entry.find(f"{ATOM}summary")) == clean(summary)

    (each,) = msgspec.json.decode(json_feed(feed))["items"]
    assert each["title"] == (clean(title) or item.url)
    assert each.get("content_html", "") == (entry.findtext(f"{ATOM}content") or "")


def from_html(text: str | None) -> str:
    """The text that a reader of HTML shows, where nothing but these is escaped."""
    return (text or "").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def plain(element: etree._Element) -> str:
    return from_html(element.text) if element.get("type") == "html" else element.text or ""


@given(st.lists(st.tuples(TEXTS, TEXTS, TEXTS), max_size=6), st.integers(15_000, 60_000))
@settings(max_examples=examples(15), deadline=None)
def test_every_feed_is_below_its_limit_or_down_to_one_item(rows: list[tuple[str, str, str]], limit: int) -> None:
    items = tuple(
        FeedItem(
            id=f"tag:e.org,2026:{number}", url="https://e.org/x/", title=title, summary=summary, html=html,
            published=EVENT.stamp, updated=EVENT.stamp,
        )
        for number, (title, summary, html) in enumerate(rows)
    )  # fmt: skip
    feed = msgspec.structs.replace(FEED, items=items)
    for write in (rss, atom, json_feed):
        content = write(feed, limit)
        assert len(content) <= limit or content.count(b"tag:e.org,2026:") == 1


@given(TEXTS, TEXTS)
@settings(max_examples=examples(20), deadline=None)
def test_any_outline_is_well_formed(title: str, description: str) -> None:
    tree = (Outline(title=title, rss_url="https://e.org/f", description=description, children=(Outline(title=title),)),)
    (outline, *_) = etree.fromstring(opml(title, tree, updated=None, owner_name=description)).find("body")
    assert outline.get("text") == (clean(title) or "https://e.org/f")
    assert (outline.get("description") or "") == clean(description)


@given(TEXTS, TEXTS, TIMES, ZONES)
@example(r"\N \n \\; a,b", r"\\server\Notices", datetime(2026, 11, 20, 9, tzinfo=UTC), ZoneInfo("UTC"))
@settings(max_examples=examples(30), deadline=None)
def test_any_event_comes_back(title: str, place: str, starts: datetime, zone: ZoneInfo) -> None:
    told = {"title": title, "location": place, "categories": (title, place)}
    event = msgspec.structs.replace(EVENT, starts=starts, ends=None, **told)
    content = calendar(msgspec.structs.replace(CALENDAR, name=title, timezone=zone.key, events=(event,)))
    for line in content.split(b"\r\n"):
        assert len(line) <= 75
        assert b"\n" not in line
        line.decode("utf-8")
    (back,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert str(back["SUMMARY"]) == (clean(title) or event.url)
    assert str(back.get("LOCATION", "")) == (clean(place) or clean(event.online))
    assert [str(each) for each in back.get("CATEGORIES", ())] == [clean(each) for each in (title, place) if clean(each)]
    assert back["DTSTART"].dt.astimezone(UTC) == starts.replace(microsecond=0).astimezone(UTC)

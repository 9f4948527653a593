"""Feeds and calendars: right for every reader, the same bytes for the same content, and never broken by a text."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import feedparser
import icalendar
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from builder.feeds import (
    Calendar,
    CalendarEvent,
    Category,
    Enclosure,
    Feed,
    FeedItem,
    Origin,
    Outline,
    Person,
    atom,
    authority,
    calendar,
    fit,
    opml,
    rss,
    tag_uri,
)
from builder.feeds.items import clean
from builder.feeds.xml import rfc822

GOLDEN = Path(__file__).parent / "golden" / "feeds"
ZONE = timezone(timedelta(hours=8))
ATOM = "{http://www.w3.org/2005/Atom}"
AT = datetime(2026, 11, 20, 0, 0, tzinfo=ZONE)

ITEM = FeedItem(
    id="tag:example.org,2026:alpha/news/a",
    url="https://example.org/alpha/news/a/",
    title="走访 <慰问> & “问候”",
    published=AT,
    updated=datetime(2026, 11, 21, 9, 30, tzinfo=ZONE),
    summary="上午九点 <b>不是标记</b>。",
    html='<p>正文 <a href="https://example.org/">链接</a> <img src="https://example.org/a.jpg" alt="图"></p>',
    authors=(Person(name="宣传委员"),),
    categories=(Category(term="news", label="支部动态"), Category(term="志愿服务")),
    enclosure=Enclosure(url="https://example.org/a.jpg", type="image/jpeg", length=1234),
    related=("https://example.org/beta/policies/p/",),
    origin=Origin(
        title="乙支部",
        url="https://example.org/beta/",
        feed_url="https://example.org/beta/feed.xml",
        id="tag:example.org,2026:beta",
        updated=AT,
    ),
)
FEED = Feed(
    id="tag:example.org,2026:alpha",
    title="甲支部",
    subtitle="甲支部的新消息",
    url="https://example.org/alpha/",
    rss_url="https://example.org/alpha/feed.xml",
    atom_url="https://example.org/alpha/atom.xml",
    language="zh",
    author=Person(name="甲支部"),
    items=(ITEM, msgspec.structs.replace(ITEM, id="tag:example.org,2026:alpha/news/b", origin=None, enclosure=None)),
    hubs=("https://hub.example.org/",),
)
EVENT = CalendarEvent(
    uid="tag:example.org,2026:alpha/events/e",
    url="https://example.org/alpha/events/e/",
    title="活动,很长的标题" * 12,
    starts=datetime(2026, 12, 1, 14, 0, tzinfo=ZONE),
    ends=datetime(2026, 12, 1, 16, 0, tzinfo=ZONE),
    stamp=AT,
    location="礼堂; 二楼",
    description="第一行\n第二行",
)
CALENDAR = Calendar(name="活动", url="https://example.org/alpha/", timezone="Asia/Shanghai", events=(EVENT,))


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("feed.xml", lambda: rss(FEED)),
        ("atom.xml", lambda: atom(FEED)),
        ("empty-feed.xml", lambda: rss(msgspec.structs.replace(FEED, items=()))),
        ("empty-atom.xml", lambda: atom(msgspec.structs.replace(FEED, items=()))),
        ("calendar.ics", lambda: calendar(CALENDAR)),
        (
            "feeds.opml",
            lambda: opml(
                "全部",
                (Outline(title="甲", children=(Outline(title="甲 & 乙", rss_url="https://example.org/feed.xml"),)),),
                updated=AT,
                owner_id="https://example.org/",
            ),
        ),
    ],
)
def test_the_bytes_are_what_they_always_were(name: str, made: object) -> None:
    assert made() == (GOLDEN / name).read_bytes()  # type: ignore[operator]


class TestWhatFeedgenGetsWrong:
    """Each fault of feedgen 1.0.0 that would reach a reader."""

    def test_entry_links_keep_their_rel_type_and_length(self) -> None:
        entry = etree.fromstring(atom(FEED)).find(f"{ATOM}entry")
        links = [(link.get("rel"), link.get("type"), link.get("length")) for link in entry.iterfind(f"{ATOM}link")]
        assert links == [
            ("alternate", "text/html", None),
            ("enclosure", "image/jpeg", "1234"),
            ("related", "text/html", None),
        ]

    def test_the_channel_leads_to_the_page_not_to_the_hub(self) -> None:
        channel = etree.fromstring(rss(FEED)).find("channel")
        assert channel.findtext("link") == "https://example.org/alpha/"
        assert [(link.get("rel"), link.get("href")) for link in channel.iterfind(f"{ATOM}link")] == [
            ("hub", "https://hub.example.org/"),
            ("self", "https://example.org/alpha/feed.xml"),
        ]

    def test_html_is_html_and_never_cdata(self) -> None:
        content = etree.fromstring(atom(FEED)).find(f"{ATOM}entry/{ATOM}content")
        assert content.get("type") == "html"
        assert b"CDATA" not in atom(FEED) + rss(FEED)

    def test_summary_comes_before_the_full_text(self) -> None:
        names = [etree.QName(each).localname for each in etree.fromstring(rss(FEED)).find("channel/item")]
        assert names.index("description") < names.index("encoded")

    def test_times_come_from_the_content(self) -> None:
        root = etree.fromstring(atom(FEED))
        assert root.findtext(f"{ATOM}updated") == "2026-11-21T09:30:00+08:00"
        empty = etree.fromstring(atom(msgspec.structs.replace(FEED, items=())))
        assert empty.findtext(f"{ATOM}updated") == "2026-01-01T00:00:00Z"

    def test_authors_need_no_address(self) -> None:
        item = etree.fromstring(rss(FEED)).find("channel/item")
        assert item.findtext("{http://purl.org/dc/elements/1.1/}creator") == "宣传委员"

    def test_one_bad_character_spoils_no_feed(self) -> None:
        bad = msgspec.structs.replace(ITEM, title="退\x08格", html="<p>\x0b</p>", summary="\ufffe")
        feed = msgspec.structs.replace(FEED, items=(bad,))
        assert etree.fromstring(rss(feed)).findtext("channel/item/title") == "退格"
        assert etree.fromstring(atom(feed)).findtext(f"{ATOM}entry/{ATOM}title") == "退格"

    def test_one_bad_item_spoils_no_feed(self) -> None:
        bad = msgspec.structs.replace(ITEM, id="x", url="javascript:alert(1)")
        feed = msgspec.structs.replace(FEED, items=(bad, ITEM))
        assert len(etree.fromstring(rss(feed)).findall("channel/item")) == 1
        assert b"javascript:" not in atom(feed)

    def test_the_order_stays(self) -> None:
        guids = [item.findtext("guid") for item in etree.fromstring(rss(FEED)).iterfind("channel/item")]
        assert guids == [item.id for item in FEED.items]

    def test_dates_do_not_depend_on_the_locale(self) -> None:
        assert rfc822(AT) == "Fri, 20 Nov 2026 00:00:00 +0800"

    def test_a_source_has_all_that_it_needs(self) -> None:
        source = etree.fromstring(atom(FEED)).find(f"{ATOM}entry/{ATOM}source")
        assert source.findtext(f"{ATOM}id") == "tag:example.org,2026:beta"
        assert source.findtext(f"{ATOM}updated") == "2026-11-20T00:00:00+08:00"
        item = etree.fromstring(rss(FEED)).find("channel/item/source")
        assert item.get("url") == "https://example.org/beta/feed.xml"

    def test_what_validators_warn_of_is_left_out(self) -> None:
        html = (
            '<p style="x" onclick="y" id="z">文<script>x</script><iframe src="https://e.org/"></iframe></p>'
            '<img src="data:,"><a href="#fn">1</a><math><mi>a</mi></math>'
        )
        text = rss(msgspec.structs.replace(FEED, items=(msgspec.structs.replace(ITEM, html=html),))).decode()
        for part in ("&lt;script", "iframe", "style=", "onclick", "data:,", "#fn", "&lt;math"):
            assert part not in text


def test_readers_understand_both_formats() -> None:
    for content in (rss(FEED), atom(FEED)):
        read = feedparser.parse(content)
        assert not read.bozo
        assert read.feed.title == "甲支部"
        assert [entry.id for entry in read.entries] == [item.id for item in FEED.items]
        assert "链接" in read.entries[0].content[0].value


def test_summaries_only_if_so_wished() -> None:
    brief = msgspec.structs.replace(FEED, full_text=False)
    assert "正文" not in rss(brief).decode()
    assert "正文" not in atom(brief).decode()


def test_a_feed_stays_below_its_limit() -> None:
    items = tuple(
        msgspec.structs.replace(ITEM, id=f"tag:example.org,2026:a/{number}", html=f"<p>{'字' * 20_000}</p>")
        for number in range(50)
    )
    large = msgspec.structs.replace(FEED, items=items)
    fitted = fit(large)
    assert fitted.items[0].html
    assert 1 < len(fitted.items) <= 50
    assert len(rss(fitted)) < 1_000_000
    assert len(atom(fitted)) < 1_000_000
    assert fit(FEED) == FEED


def test_tag_uris_are_percent_encoded() -> None:
    assert tag_uri("example.org", "甲/news/a b~c") == "tag:example.org,2026:%E7%94%B2/news/a%20b~c"
    assert tag_uri("example.org", "e\u0301") == tag_uri("example.org", "é")
    assert authority("https://例子.测试:8080/") == "xn--fsqu00a.xn--0zwm56d"


class TestCalendars:
    def test_a_calendar_comes_back_as_it_was(self) -> None:
        (event,) = icalendar.Calendar.from_ical(calendar(CALENDAR)).walk("VEVENT")
        assert str(event["SUMMARY"]) == EVENT.title
        assert event["DTSTART"].dt == EVENT.starts
        assert event["DTEND"].dt == EVENT.ends
        assert str(event["LOCATION"]) == "礼堂; 二楼"
        assert event["DTSTART"].params["TZID"] == "Asia/Shanghai"
        assert b"BEGIN:VTIMEZONE" in calendar(CALENDAR)

    def test_lines_are_folded_at_octets_and_end_as_they_must(self) -> None:
        content = calendar(CALENDAR)
        lines = content.split(b"\r\n")
        assert all(len(line) <= 75 for line in lines)
        assert b"\n" not in content.replace(b"\r\n", b"")
        for line in lines:
            line.decode("utf-8")

    def test_the_end_of_an_all_day_event_is_the_day_after(self) -> None:
        day = msgspec.structs.replace(EVENT, all_day=True, starts=date(2026, 12, 1), ends=date(2026, 12, 2))
        (event,) = icalendar.Calendar.from_ical(calendar(msgspec.structs.replace(CALENDAR, events=(day,)))).walk(
            "VEVENT"
        )
        assert event["DTSTART"].dt == date(2026, 12, 1)
        assert event["DTEND"].dt == date(2026, 12, 3)

    def test_summer_time_is_told(self) -> None:
        zone = ZoneInfo("Europe/Berlin")
        one = msgspec.structs.replace(EVENT, starts=datetime(2026, 7, 1, 9, tzinfo=zone), ends=None)
        made = calendar(Calendar(name="x", url="https://e.org/", timezone="Europe/Berlin", events=(one,)))
        (event,) = icalendar.Calendar.from_ical(made).walk("VEVENT")
        assert event["DTSTART"].dt.utcoffset() == timedelta(hours=2)


TEXTS = st.text(max_size=60)


@given(TEXTS, TEXTS, TEXTS, st.datetimes(datetime(1971, 1, 1), datetime(2199, 1, 1), timezones=st.just(ZONE)))
@settings(max_examples=60, deadline=None)
def test_any_text_in_well_formed_and_equal_out(title: str, summary: str, html: str, moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    item = FeedItem(
        id="tag:e.org,2026:x", url="https://e.org/x/", title=title, summary=summary, html=html,
        published=moment, updated=moment,
    )  # fmt: skip
    feed = msgspec.structs.replace(FEED, items=(item,))
    channel = etree.fromstring(rss(feed)).find("channel/item")
    assert " ".join((channel.findtext("title") or "").split()) == (clean(title) or item.url)
    entry = etree.fromstring(atom(feed)).find(f"{ATOM}entry")
    assert datetime.fromisoformat(entry.findtext(f"{ATOM}published")) == moment
    if clean(summary):
        assert entry.findtext(f"{ATOM}summary") == clean(summary)
    assert rss(feed) == rss(feed)

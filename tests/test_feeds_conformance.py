"""Every feed, calendar and data file of the demo, as other programs take them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import calendar_parser
import feedparser
import icalendar
import jsonschema
import msgspec
import pytest
from conftest import Demo, examples
from feed_data import ARCHIVE, CALENDAR, EMPTY, EVENT, FEED
from hypothesis import given, settings
from hypothesis import strategies as st
from json_feed_schema import SCHEMA
from lxml import etree, html

from builder.formats.feeds import MOST_BYTES, Category, Enclosure, FeedItem, Person, calendar, clean, json_feed

ZONES = st.sampled_from([ZoneInfo(name) for name in ("Asia/Shanghai", "Europe/Berlin", "America/St_Johns", "UTC")])
TIMES = st.datetimes(datetime(1972, 1, 1), datetime(2090, 1, 1), timezones=ZONES)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
OWN = ("https://dangjian.example.edu.cn/", "https://mech1.example.edu.cn/")
SELF = "{http://www.w3.org/2005/Atom}link[@rel='self']"


def feeds(demo: Demo, *names: str) -> list[Path]:
    found = [path for name in names for path in sorted(demo.output.rglob(name))]
    assert found
    return found


@pytest.mark.slow
class TestTheDemo:
    def test_readers_take_every_feed(self, demo: Demo) -> None:
        for path in feeds(demo, "feed.xml", "atom.xml", "archive-*.xml"):
            read = feedparser.parse(path.read_bytes())
            assert not read.bozo, path
            assert read.feed.title
            assert read.feed.link.startswith("https://")
            ids = [entry.id for entry in read.entries]
            assert len(ids) == len(set(ids)), path
            assert all(entry.title and entry.link.startswith(OWN) for entry in read.entries), path

    def test_every_json_feed_is_one(self, demo: Demo) -> None:
        for path in feeds(demo, "feed.json", "archive-*.json"):
            VALIDATOR.validate(json.loads(path.read_bytes()))

    def test_every_feed_is_found_beside_the_others_and_none_is_too_large(self, demo: Demo) -> None:
        for path in feeds(demo, "feed.xml"):
            for name in ("feed.xml", "atom.xml", "feed.json"):
                assert path.with_name(name).stat().st_size < MOST_BYTES

    def test_every_list_has_its_feeds(self, demo: Demo) -> None:
        for path in ("", "mechanical/", "mechanical/all/", "mechanical/news/", "feeds/news/", "topics/lab-safety/"):
            assert demo.exists(f"{path}feed.json"), path
        for path in ("", "mechanical/", "mechanical/all/", "mechanical/events/", "feeds/events/"):
            assert demo.exists(f"{path}calendar.ics"), path
        assert not demo.exists("mechanical/news/calendar.ics")

    def test_opml_names_every_feed_with_something_in_it_once(self, demo: Demo) -> None:
        """Not those that only go on for subscribers: at former addresses, of hidden sections, and of branches with none below."""
        named = [each.get("xmlUrl") for each in etree.fromstring(demo.page("feeds.opml").encode()).iter("outline")]
        named = [each for each in named if each]
        branches = json.loads(demo.page("data/branches.json"))["branches"]
        parents = {each.get("parent") for each in branches}
        kept = set()
        for each in branches:
            shown = {section["slug"] for section in each["sections"]} | ({"all"} if each["slug"] in parents else set())
            hidden = {"all", "policies", "letters", "voices", "members"} - shown
            kept |= {f"{each['url']}{name}/feed.xml" for name in hidden}
        channels = [etree.parse(str(path)).find("channel") for path in feeds(demo, "feed.xml")]
        filled = {each.find(SELF).get("href") for each in channels if each.find("item") is not None}
        assert kept & filled
        assert sorted(named) == sorted(filled - kept)
        assert len(named) > 100

    def test_an_item_says_every_fact_of_its_page(self, demo: Demo) -> None:
        folders = {each["url"]: f"{each['slug']}/" for each in json.loads(demo.page("data/branches.json"))["branches"]}
        told: dict[str, int] = {}
        for home, folder in folders.items():
            feed = json.loads(demo.page(f"{folder}feed.json"))
            for item in feed["items"]:
                if not item["url"].startswith(home) or item["url"] == home or "#" in item["url"]:
                    continue  # Another branch's; that a branch is closed; voices, which have no page.
                path = folder + unquote(item["url"].removeprefix(home))
                facts = facts_of(demo.page(f"{path}index.html"))
                assert [fact for fact in facts if fact not in said_by(item, feed["title"])] == [], path
                told[path.split("/")[1]] = told.get(path.split("/")[1], 0) + len(facts)
        assert all(told[name] > 4 for name in ("news", "notices", "policies", "events", "letters", "study"))

    def test_two_programs_read_the_same_from_every_calendar(self, demo: Demo) -> None:
        for path in feeds(demo, "calendar.ics"):
            same(path.read_bytes())

    def test_data_is_what_its_schemas_say(self, demo: Demo) -> None:
        for name in ("entries", "branches"):
            jsonschema.validate(
                json.loads(demo.page(f"data/{name}.json")), json.loads(demo.page(f"data/{name}.schema.json"))
            )


FACTS = (
    "header/p[@class='byline']/span", "dl[contains(@class, 'facts')]//dd", "aside[contains(@class, 'pair')]//h3/a",
    "section[@class='question']/p[not(@class)]", "section[@class='question']/p/span", "h2[@class='reply']/small",
    "footer/p[@class='tags']/*[not(@class)]", "section[@class='attachments']//a", "section[@class='attachments']//span/span",
)  # fmt: skip


def facts_of(page: str) -> list[str]:
    """What the page of an entry says around its text, but for what passes: that a period runs or is over."""
    article = html.fromstring(page).find_class("entry")[0]
    for label in article.xpath(".//span[@class='label'] | .//span[contains(@class, 'state')][ancestor::header]"):
        label.drop_tree()
    times = article.xpath("header/p[@class='byline'][1]//time")
    dates = [each.get("datetime")[:10] for each in times]
    for each in times:
        each.drop_tree()
    found = [compact(each.text_content()) for path in FACTS for each in article.xpath(path)]
    return dates + [part for each in found for part in each.split("·") if part]


def said_by(item: dict[str, object], feed: str) -> str:
    """Everything that a reader shows of an item of a feed with that title."""
    read: Any = item
    text = html.fromstring(f"<div>{read.get('content_html') or read['content_text']}</div>").text_content()
    names = [each["name"] for each in read["authors"]]
    return compact(" ".join((text, feed, *names, *read["tags"], read["date_published"], read["date_modified"])))


def compact(text: str) -> str:
    """A text without the spaces that a page and an item have between their parts."""
    return "".join(text.split())


def same(content: bytes) -> list[calendar_parser.Component]:
    """The events of a calendar, of which two parsers say the same."""
    one = icalendar.Calendar.from_ical(content)
    other = calendar_parser.parsed(content)
    found, zones = calendar_parser.events(other), calendar_parser.zones(other)
    for first, second in zip(one.walk("VEVENT"), found, strict=True):
        for name in ("UID", "SUMMARY", "LOCATION", "DESCRIPTION"):
            assert str(first.get(name, "")) == (second.text(name) if second.has(name) else ""), name
        for name in ("DTSTART", "DTEND"):
            if second.has(name):
                there = first[name].dt
                here = second.time(name, zones)
                assert here == (there.astimezone(UTC) if isinstance(there, datetime) else there)
    return found


def test_two_programs_read_the_same_from_a_calendar() -> None:
    assert [event.text("STATUS") for event in same(calendar(CALENDAR))] == ["CONFIRMED", "CANCELLED"]


@pytest.mark.parametrize(
    "fault",
    [
        lambda text: text.replace(b"\r\n", b"\n"),
        lambda text: text.replace(b"SUMMARY:", b"SUMMARY:" + b"x" * 80, 1),
        lambda text: text.replace(b"LOCATION:", b"LOCATION:a;b", 1),
        lambda text: text.replace(b"END:VEVENT\r\n", b"", 1),
        lambda text: text.replace(b"STATUS:CONFIRMED\r\n", b"STATUS:CONFIRMED\r\nSTATUS:CONFIRMED\r\n", 1),
    ],
)
def test_the_second_parser_is_strict(fault: object) -> None:
    with pytest.raises((AssertionError, ValueError, KeyError, IndexError)):
        calendar_parser.events(calendar_parser.parsed(fault(calendar(CALENDAR))))  # type: ignore[operator]


@given(st.text(max_size=200), st.text(max_size=80), TIMES, ZONES)
@settings(max_examples=examples(30), deadline=None)
def test_any_event_is_read_alike(title: str, place: str, starts: datetime, zone: ZoneInfo) -> None:
    event = msgspec.structs.replace(EVENT, title=title, location=place, starts=starts, ends=None)
    content = calendar(msgspec.structs.replace(CALENDAR, timezone=zone.key, events=(event,)))
    (found,) = same(content)
    assert found.text("SUMMARY") == (clean(title) or event.url)
    moment = found.time("DTSTART", calendar_parser.zones(calendar_parser.parsed(content)))
    assert moment == starts.replace(microsecond=0).astimezone(UTC)


class TestJsonFeed:
    @pytest.mark.parametrize("feed", [FEED, EMPTY, ARCHIVE], ids=["feed", "empty", "archive"])
    def test_it_is_what_the_specification_says(self, feed: object) -> None:
        VALIDATOR.validate(msgspec.json.decode(json_feed(feed)))  # type: ignore[arg-type]

    @given(st.text(), st.text(), st.text(), TIMES)
    @settings(max_examples=examples(30), deadline=None)
    @pytest.mark.slow
    def test_whatever_is_written(self, title: str, text: str, name: str, moment: datetime) -> None:
        item = FeedItem(
            id="tag:e.org,2026:x", url="https://e.org/x/", title=title, summary=text, html=text, published=moment,
            updated=moment, authors=(Person(name=name, url=name),), categories=(Category(term=name, label=title),),
            enclosures=(Enclosure(url=f"https://e.org/{name}", type=name, length=len(text)),), related=(name,), via=text,
        )  # fmt: skip
        made = msgspec.json.decode(json_feed(msgspec.structs.replace(FEED, title=title, subtitle=text, items=(item,))))
        VALIDATOR.validate(made)
        (each,) = made["items"]
        assert each["title"] == (clean(title) or item.url)
        assert datetime.fromisoformat(each["date_published"]) == moment.replace(microsecond=0)

    def test_the_schema_can_fail(self) -> None:
        made = msgspec.json.decode(json_feed(FEED))
        for broken in ({**made, "version": "1"}, {**made, "unknown": 1}, {**made, "items": [{"id": "x"}]}):
            assert not VALIDATOR.is_valid(broken)


def test_a_zone_of_half_hours_and_a_change_are_told_to_the_minute() -> None:
    zone = ZoneInfo("America/St_Johns")
    event = msgspec.structs.replace(EVENT, starts=datetime(2026, 3, 8, 12, tzinfo=zone), ends=None)
    content = calendar(msgspec.structs.replace(CALENDAR, timezone=zone.key, events=(event,)))
    (found,) = same(content)
    moment = found.time("DTSTART", calendar_parser.zones(calendar_parser.parsed(content)))
    assert moment == datetime(2026, 3, 8, 14, 30, tzinfo=UTC)

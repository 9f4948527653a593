"""A feed and a calendar that hold one of everything."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import msgspec

from builder.formats.feeds import Calendar, CalendarEvent, Category, Enclosure, Feed, FeedItem, Origin, Outline, Person

ZONE = timezone(timedelta(hours=8))
AT = datetime(2026, 11, 20, 0, 0, tzinfo=ZONE)

ITEM = FeedItem(
    id="tag:example.org,2026:alpha/news/a",
    url="https://example.org/alpha/news/a/?x=1&y=2",
    title="走访 <慰问> & “问候”",
    published=AT,
    updated=datetime(2026, 11, 21, 9, 30, tzinfo=ZONE),
    summary="上午九点 <b>不是标记</b>。",
    html='<p>正文 <a href="https://example.org/">链接</a> <img src="https://example.org/a.jpg" alt="图"></p>',
    authors=(Person(name="宣传委员"), Person(name="摄影", email="photo@example.org")),
    categories=(Category(term="news", label="支部动态", scheme="https://example.org/sections/"), Category(term="R&D")),
    enclosures=(Enclosure(url="https://example.org/a.jpg", type="image/jpeg", length=1234),),
    related=("https://example.org/beta/policies/p/",),
    origin=Origin(
        title="乙 & 丙支部",
        url="https://example.org/beta/",
        feed_url="https://example.org/beta/feed.xml",
        id="tag:example.org,2026:beta",
        updated=AT,
    ),
)
PLAIN = FeedItem(
    id="tag:example.org,2026:alpha/news/b",
    url="https://example.org/alpha/news/b/",
    title="Only a title",
    published=AT - timedelta(days=1),
    updated=AT - timedelta(days=1),
    authors=(Person(name="Li Lei", email="li@example.org", url="https://example.org/li/"),),
    language="en",
)
FEED = Feed(
    id="tag:example.org,2026:alpha",
    title="甲支部",
    subtitle="甲支部的新消息",
    url="https://example.org/alpha/",
    self_url="https://example.org/alpha/feed.xml",
    language="zh",
    author=Person(name="甲支部", email="alpha@example.org", url="https://example.org/alpha/"),
    items=(ITEM, PLAIN),
    hubs=("https://hub.example.org/", "https://hub2.example.org/"),
    icon="https://example.org/icon.png",
    logo="https://example.org/logo.png",
    stylesheet="../feed.css",
    note="这是供阅读器订阅的内容。",
    note_link="在网页上看 & 读",
    older="https://example.org/alpha/archive-2.xml",
)


def at(feed: Feed, file: str) -> Feed:
    """The feed as another file of its folder, with the older items in that format."""
    older = feed.older and f"https://example.org/alpha/archive-2{file[file.rindex('.') :]}"
    return msgspec.structs.replace(feed, self_url=f"https://example.org/alpha/{file}", older=older)


EMPTY = msgspec.structs.replace(
    FEED, items=(), author=Person(name="甲支部"), hubs=(), icon="", logo="", subtitle="", stylesheet="", note="",
    older="",
)  # fmt: skip
ARCHIVE = msgspec.structs.replace(
    FEED,
    self_url="https://example.org/alpha/archive-2.xml",
    archive=True,
    current="https://example.org/alpha/atom.xml",
    older="https://example.org/alpha/archive-1.xml",
)
OUTLINES = (
    Outline(
        title="甲",
        children=(
            Outline(
                title="甲 & 乙",
                rss_url="https://example.org/feed.xml",
                html_url="https://example.org/?a=1&b=2",
                description='“引号” " & 其他',
                language="zh",
            ),
            Outline(title="页", html_url="https://example.org/alpha/"),
        ),
    ),
)
EVENT = CalendarEvent(
    uid="tag:example.org,2026:alpha/events/e",
    url="https://example.org/alpha/events/e/",
    title="活动,很长的标题" * 12,
    starts=datetime(2026, 12, 1, 14, 0, tzinfo=ZONE),
    ends=datetime(2026, 12, 1, 16, 0, tzinfo=ZONE),
    stamp=AT,
    location="礼堂; 二楼",
    description="说明\\路径",
    online="https://meet.example.org/?a=1,2",
    organizer_name="组织委员",
    categories=("活动", "a,b"),
    sequence=2,
)
CALENDAR = Calendar(
    name="活动",
    url="https://example.org/alpha/",
    description="甲支部的活动",
    events=(
        EVENT,
        msgspec.structs.replace(
            EVENT,
            uid="tag:example.org,2026:alpha/events/f",
            title="两天",
            all_day=True,
            ends=datetime(2026, 12, 2, 0, 0, tzinfo=ZONE),
            status="CANCELLED",
            online="",
        ),
    ),
)

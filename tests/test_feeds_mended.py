"""What feedgen 1.0.0 gets wrong, fault by fault: none of it reaches a reader."""

from __future__ import annotations

import html
import locale
from datetime import UTC, date, datetime, timedelta, timezone

import msgspec
import pytest
from feed_data import ARCHIVE, FEED, ITEM, PLAIN, ZONE
from lxml import etree

from builder.formats.feeds import Feed, FeedItem, Person, atom, json_feed, rss
from builder.formats.feeds.times import rfc822, rfc3339

ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"


def channel(feed: Feed = FEED) -> etree._Element:
    found = etree.fromstring(rss(feed)).find("channel")
    assert found is not None
    return found


def entry(feed: Feed = FEED) -> etree._Element:
    found = etree.fromstring(atom(feed)).find(f"{ATOM}entry")
    assert found is not None
    return found


def of(item: FeedItem) -> Feed:
    return msgspec.structs.replace(FEED, items=(item,))


def test_01_entry_links_keep_their_rel_type_and_length() -> None:
    links = [(link.get("rel"), link.get("type"), link.get("length")) for link in entry().iterfind(f"{ATOM}link")]
    assert links == [
        ("alternate", "text/html", None),
        ("enclosure", "image/jpeg", "1234"),
        ("related", "text/html", None),
    ]


def test_02_any_relation_may_be_given() -> None:
    assert channel().find(f"item/{ATOM}link").get("rel") == "related"
    rels = [link.get("rel") for link in etree.fromstring(atom(ARCHIVE)).iterfind(f"{ATOM}link")]
    assert rels == ["alternate", "self", "hub", "hub", "prev-archive", "current"]


def test_03_the_channel_leads_to_the_page() -> None:
    assert channel().findtext("link") == "https://example.org/alpha/"


def test_04_rss_tells_its_hubs_and_archives() -> None:
    links = [(link.get("rel"), link.get("href")) for link in channel(ARCHIVE).iterfind(f"{ATOM}link")]
    assert links == [
        ("hub", "https://hub.example.org/"),
        ("hub", "https://hub2.example.org/"),
        ("prev-archive", "https://example.org/alpha/archive-1.xml"),
        ("current", "https://example.org/alpha/atom.xml"),
        ("self", "https://example.org/alpha/archive-2.xml"),
    ]
    history = "{http://purl.org/syndication/history/1.0}archive"
    assert channel(ARCHIVE).find(history) is not None
    assert etree.fromstring(atom(ARCHIVE)).find(history) is not None


def test_05_nothing_is_of_the_type_cdata() -> None:
    for content in (rss(FEED), atom(FEED), rss(of(msgspec.structs.replace(ITEM, html="<p>]]&gt; ]]></p>")))):
        assert b"CDATA" not in content


def test_06_html_is_told_to_be_html() -> None:
    assert entry().find(f"{ATOM}content").get("type") == "html"


def test_07_summary_and_full_text_are_both_there_and_the_summary_first() -> None:
    item = channel().find("item")
    names = [etree.QName(each).localname for each in item]
    assert names.index("description") < names.index("encoded")
    assert entry().find(f"{ATOM}summary") is not None


def test_08_times_come_from_the_content() -> None:
    root = etree.fromstring(atom(FEED))
    assert root.findtext(f"{ATOM}updated") == "2026-11-21T09:30:00+08:00"
    assert entry().findtext(f"{ATOM}updated") == "2026-11-21T09:30:00+08:00"
    assert channel().findtext("lastBuildDate") == "Sat, 21 Nov 2026 09:30:00 +0800"
    finer = of(msgspec.structs.replace(ITEM, updated=ITEM.updated.replace(microsecond=999_999)))
    assert rss(finer) == rss(of(ITEM))
    assert atom(finer) == atom(of(ITEM))


def test_09_authors_need_no_e_mail_address() -> None:
    first, second = channel().iterfind("item")
    assert [each.text for each in first.iterfind(f"{DC}creator")] == ["宣传委员", "摄影"]
    assert first.find("author") is None
    assert second.findtext("author") == "li@example.org (Li Lei)"
    assert second.find(f"{DC}creator") is None


def test_10_only_elements_that_exist_are_written() -> None:
    assert b"UpdatePeriod" not in rss(FEED)
    known = {
        "title", "link", "description", "docs", "generator", "lastBuildDate", "image", "language", "managingEditor", "item",
        "div",
    }  # fmt: skip
    assert {etree.QName(each).localname for each in channel()} == known


@pytest.mark.parametrize("bad", ["\x00", "\x08", "\x0b", "\x1f", "\x7f", "\ud800", "\ufffe", "\uffff"])
def test_11_one_bad_character_spoils_no_feed(bad: str) -> None:
    item = msgspec.structs.replace(
        ITEM, title=f"退{bad}格", html=f"<p>正{bad}文</p>", summary=bad, authors=(Person(name=bad),)
    )
    assert channel(of(item)).findtext("item/title") == "退格"
    assert entry(of(item)).findtext(f"{ATOM}content") == "<p>正文</p>"
    assert entry(of(item)).find(f"{ATOM}author") is None
    assert b"\\u" not in json_feed(of(item))


def test_12_html_need_not_be_xhtml() -> None:
    item = msgspec.structs.replace(ITEM, html="<p>一<br>二&nbsp;<p>三")
    assert entry(of(item)).findtext(f"{ATOM}content") == "<p>一<br>二\xa0</p><p>三</p>"


def test_13_the_picture_has_the_channels_title_and_link_and_nothing_asks_for_text() -> None:
    image = channel().find("image")
    assert {each.tag: each.text for each in image} == {
        "url": "https://example.org/logo.png", "title": "甲支部", "link": "https://example.org/alpha/",
    }  # fmt: skip
    assert channel().find("textInput") is None


def test_14_every_text_has_its_language_and_every_address_is_whole() -> None:
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    root = etree.fromstring(atom(FEED))
    assert [root.get(lang), *(each.get(lang) for each in root.iterfind(f"{ATOM}entry"))] == ["zh", None, "en"]
    assert channel().findtext("language") == "zh-cn"
    assert [each.findtext(f"{DC}language") for each in channel().iterfind("item")] == [None, "en"]
    item = msgspec.structs.replace(ITEM, related=("../p/",), html='<a href="../p/">x</a>')
    assert b"../p/" not in rss(of(item)) + atom(of(item))


def test_15_the_order_stays() -> None:
    for items in ((ITEM, PLAIN), (PLAIN, ITEM)):
        feed = msgspec.structs.replace(FEED, items=items)
        assert [each.findtext("guid") for each in channel(feed).iterfind("item")] == [item.id for item in items]
        root = etree.fromstring(atom(feed))
        assert [each.findtext(f"{ATOM}id") for each in root.iterfind(f"{ATOM}entry")] == [item.id for item in items]


def test_16_the_locale_of_the_process_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object) -> str:
        raise AssertionError("the locale belongs to the whole process")

    monkeypatch.setattr(locale, "setlocale", forbidden)
    assert channel().findtext("item/pubDate") == "Fri, 20 Nov 2026 00:00:00 +0800"
    assert atom(FEED)


def test_17_a_source_has_all_that_it_needs() -> None:
    source = entry().find(f"{ATOM}source")
    assert source.findtext(f"{ATOM}id") == "tag:example.org,2026:beta"
    assert source.findtext(f"{ATOM}updated") == "2026-11-20T00:00:00+08:00"
    item = channel().find("item/source")
    assert (item.get("url"), item.text) == ("https://example.org/beta/feed.xml", "乙 & 丙支部")


@pytest.mark.parametrize("title", ["甲 > 乙", "甲 < 乙", "甲 & 乙"])
def test_17_a_source_is_called_what_it_is_called(title: str) -> None:
    """A title with a sign of HTML is marked as HTML and escaped; every other one is a text."""
    item = msgspec.structs.replace(ITEM, origin=msgspec.structs.replace(ITEM.origin, title=title))
    told = entry(of(item)).find(f"{ATOM}source/{ATOM}title")
    shown = told.text if told.get("type") != "html" else html.unescape(told.text)
    assert shown == title
    assert (told.get("type") == "html") is (title != "甲 > 乙")


def test_plain_texts_are_written_as_most_readers_take_them() -> None:
    assert "<title>走访 &#x3C;慰问&gt; &#x26; “问候”</title>" in rss(FEED).decode()
    assert channel().findtext("item/title") == ITEM.title
    # Readers take a description for HTML, and an Atom text that looks like it.
    assert channel().findtext("item/description") == "上午九点 &lt;b&gt;不是标记&lt;/b&gt;。"
    title = entry().find(f"{ATOM}title")
    assert (title.get("type"), title.text) == ("html", "走访 &lt;慰问&gt; &amp; “问候”")


@pytest.mark.parametrize(
    ("moment", "rss_text", "atom_text"),
    [
        (datetime(2026, 3, 1, tzinfo=UTC), "Sun, 01 Mar 2026 00:00:00 +0000", "2026-03-01T00:00:00Z"),
        (datetime(2026, 3, 1, tzinfo=ZONE), "Sun, 01 Mar 2026 00:00:00 +0800", "2026-03-01T00:00:00+08:00"),
        (datetime(2026, 3, 1, tzinfo=timezone(-timedelta(hours=3, minutes=30))), "Sun, 01 Mar 2026 00:00:00 -0330",
         "2026-03-01T00:00:00-03:30"),
        # Local mean time has seconds, which no feed can write.
        (datetime(1900, 1, 1, 8, 5, 43, tzinfo=timezone(timedelta(hours=8, minutes=5, seconds=43))),
         "Mon, 01 Jan 1900 00:00:00 +0000", "1900-01-01T00:00:00Z"),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(seconds=43))), "Mon, 01 Jan 0001 00:00:00 +0000",
         "0001-01-01T00:00:00Z"),
    ],
)  # fmt: skip
def test_times_have_their_zone(moment: datetime, rss_text: str, atom_text: str) -> None:
    assert (rfc822(moment), rfc3339(moment)) == (rss_text, atom_text)
    assert date.fromisoformat(atom_text[:10])

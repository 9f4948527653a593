"""Feeds: right for every reader, in every format the same, and the same bytes for the same content."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser
import msgspec
import pytest
from feed_data import ARCHIVE, AT, CALENDAR, EMPTY, FEED, ITEM, OUTLINES, PLAIN, at
from lxml import etree

from builder.formats.feeds import (
    ARCHIVED,
    MOST_BYTES,
    Enclosure,
    Feed,
    Outline,
    Person,
    atom,
    authority,
    calendar,
    feed_html,
    json_feed,
    opml,
    rss,
    tag_uri,
    usable,
)

GOLDEN = Path(__file__).parent / "golden" / "feeds"
ATOM = "{http://www.w3.org/2005/Atom}"
MADE = {
    "feed.xml": lambda: rss(FEED),
    "atom.xml": lambda: atom(at(FEED, "atom.xml")),
    "feed.json": lambda: json_feed(at(FEED, "feed.json")),
    "empty-feed.xml": lambda: rss(EMPTY),
    "empty-atom.xml": lambda: atom(at(EMPTY, "atom.xml")),
    "empty-feed.json": lambda: json_feed(at(EMPTY, "feed.json")),
    "archive-atom.xml": lambda: atom(ARCHIVE),
    "calendar.ics": lambda: calendar(CALENDAR),
    "feeds.opml": lambda: opml("全部", OUTLINES, updated=AT, owner_name="甲 & 乙", owner_id="https://example.org/"),
}


@pytest.mark.parametrize("name", MADE)
def test_the_bytes_are_what_they_always_were(name: str) -> None:
    assert MADE[name]() == (GOLDEN / name).read_bytes()


@pytest.mark.slow
def test_neither_clock_nor_hash_seed_nor_zone_of_the_machine_shows() -> None:
    code = "import hashlib, test_feeds as t; print(*(hashlib.sha256(make()).hexdigest() for make in t.MADE.values()))"
    seen = set()
    for seed, zone in (("1", "Asia/Shanghai"), ("2", "America/New_York")):
        environment = {"PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": ":".join(sys.path)}
        command = [sys.executable, "-c", code]
        seen.add(subprocess.run(command, env=environment, capture_output=True, check=True, text=True).stdout)
    assert len(seen) == 1


def test_nothing_heavy_is_loaded_before_the_first_feed_is_written() -> None:
    code = "import sys, builder.formats.feeds; print([n for n in ('feedgen', 'lxml', 'icalendar') if n in sys.modules])"
    environment = {"PYTHONPATH": ":".join(sys.path)}
    run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True, text=True)
    assert run.stdout == "[]\n"


class TestAllFormats:
    def test_readers_understand_rss_and_atom(self) -> None:
        for content in (rss(FEED), atom(FEED)):
            read = feedparser.parse(content)
            assert not read.bozo
            assert read.feed.title == "甲支部"
            assert [entry.id for entry in read.entries] == [item.id for item in FEED.items]
            assert "链接" in read.entries[0].content[0].value
            assert "<b>" not in read.entries[0].summary
            assert {tag.label or tag.term for tag in read.entries[0].tags} == {"支部动态", "R&D"}

    def test_they_agree_on_every_item(self) -> None:
        channel = etree.fromstring(rss(FEED)).find("channel")
        entries = etree.fromstring(atom(FEED)).findall(f"{ATOM}entry")
        items = msgspec.json.decode(json_feed(FEED))["items"]
        for item, entry, each in zip(channel.iterfind("item"), entries, items, strict=True):
            assert item.findtext("guid") == entry.findtext(f"{ATOM}id") == each["id"]
            assert item.findtext("link") == entry.find(f"{ATOM}link[@rel='alternate']").get("href") == each["url"]
            full = item.findtext("{http://purl.org/rss/1.0/modules/content/}encoded")
            assert full == entry.findtext(f"{ATOM}content") == each.get("content_html")

    def test_an_item_without_its_text_has_its_summary(self) -> None:
        brief = msgspec.structs.replace(FEED, items=(msgspec.structs.replace(ITEM, html=""),))
        for write in (rss, atom, json_feed):
            assert "正文" not in write(brief).decode()
            assert "上午九点" in write(brief).decode()

    def test_an_empty_feed_is_one(self) -> None:
        assert EMPTY.changed == datetime(2026, 1, 1, tzinfo=UTC)
        assert msgspec.json.decode(json_feed(EMPTY))["items"] == []
        assert not feedparser.parse(rss(EMPTY)).bozo
        assert not feedparser.parse(atom(EMPTY)).bozo

    def test_what_cannot_be_written_is_left_out_and_named(self) -> None:
        bad = {
            "id": msgspec.structs.replace(ITEM, id="no iri"),
            "url": msgspec.structs.replace(ITEM, id="tag:e.org,2026:1", url="javascript:alert(1)"),
            "time": msgspec.structs.replace(ITEM, id="tag:e.org,2026:2", updated=datetime(2026, 1, 1)),
        }
        assert {name: usable(item) for name, item in bad.items()} == {name: name for name in bad}
        assert usable(ITEM) == ""
        feed = msgspec.structs.replace(FEED, items=(*bad.values(), ITEM, ITEM))
        assert [item.id for item in feed.written] == [ITEM.id]
        for write in (rss, atom, json_feed):
            assert write(feed) == write(msgspec.structs.replace(FEED, items=(ITEM,)))

    def test_addresses_become_uris_and_what_is_none_goes_alone(self) -> None:
        item = msgspec.structs.replace(
            ITEM,
            url="https://例子.测试/甲 乙/?q=问#三",
            related=("javascript:x", "/relative/"),
            enclosures=(Enclosure(url="ftp://e.org/a", type="x", length=1),),
        )
        feed = msgspec.structs.replace(FEED, items=(item,), logo="logo.png", hubs=("hub",))
        address = "https://xn--fsqu00a.xn--0zwm56d/%E7%94%B2%20%E4%B9%99/?q=%E9%97%AE#%E4%B8%89"
        for write in (rss, atom, json_feed):
            content = write(feed).decode()
            assert address in content
            for part in ("javascript:", "/relative/", "ftp:", "logo.png", '"hub"'):
                assert part not in content


class TestIds:
    def test_tag_uris_are_percent_encoded(self) -> None:
        assert tag_uri("example.org", "甲/news/a b~c") == "tag:example.org,2026:%E7%94%B2/news/a%20b~c"
        assert tag_uri("example.org", "e\u0301") == tag_uri("example.org", "é")

    def test_the_authority_is_the_host_as_dns_knows_it(self) -> None:
        assert authority("https://例子.测试:8080/") == "xn--fsqu00a.xn--0zwm56d"
        assert authority("https://WWW.Example.ORG/") == "www.example.org"
        with pytest.raises(ValueError, match="label"):
            authority(f"https://{'a' * 64}.org/")


class TestSize:
    LONG = f"<p>{'字' * 7_000}</p>"

    def feed(self, count: int, html: str = LONG, **parts: str) -> Feed:
        items = tuple(
            msgspec.structs.replace(ITEM, id=f"tag:example.org,2026:a/{number}", html=html, **parts)
            for number in range(count)
        )
        return msgspec.structs.replace(FEED, items=items)

    @pytest.mark.parametrize("limit", [250_000, 1_000_000])
    @pytest.mark.parametrize("html", [LONG, "&amp;" * 9_000, '<a href="https://e.org/">"</a>\n' * 900, "<br>" * 5_000])
    def test_every_format_stays_below_the_limit(self, limit: int, html: str) -> None:
        feed = self.feed(60, html)
        for write in (rss, atom, json_feed):
            content = write(feed, limit)
            assert len(content) < limit
            assert content.count(b"tag:example.org,2026:a/") == 60

    def test_the_older_items_lose_their_text(self) -> None:
        items = msgspec.json.decode(json_feed(self.feed(50), 500_000))["items"]
        texts = ["content_html" in item for item in items]
        assert 5 < sum(texts) < len(texts) == 50
        assert texts == sorted(texts, reverse=True)
        for write, full in ((rss, b"<content:encoded>"), (atom, b"<content ")):
            assert 5 < write(self.feed(50), 500_000).count(full) < 50

    @pytest.mark.parametrize(
        ("lengths", "most", "limit", "share"),
        [
            ([2_000, 9_000, 500, 4_000, 20_000, 1_000, 6_000], 60, 150_000, 0.15),
            ([2_000], 60, 80_000, 0.15),
            ([1_500, 1_400, 1_600, 100, 3_000], 30, 60_000, 0.15),
            ([2_900, 3_100, 2_800, 3_000], 30, 120_000, 0.15),
            # Fewer than a block fit, so that the newest block goes in parts.
            ([60_000, 20_000, 90_000], 20, 250_000, 0.6),
        ],
    )
    def test_a_new_item_changes_no_other_but_seldom_a_block(
        self, lengths: list[int], most: int, limit: int, share: float
    ) -> None:
        """Readers fetch whatever changes again, and some show it as new."""
        before: dict[str, bool] = {}
        every = tuple(
            msgspec.structs.replace(ITEM, id=f"tag:example.org,2026:a/{n}", html=f"<p>{'x' * lengths[n % len(lengths)]}</p>")
            for n in range(120)
        )  # fmt: skip
        changes = []
        for count in range(1, len(every) + 1):
            items = tuple(reversed(every[max(0, count - most) : count]))
            feed = msgspec.structs.replace(FEED, items=items, behind=max(0, count - most))
            content = json_feed(feed, limit)
            assert len(content) < limit
            now = {item["id"]: "content_html" in item for item in msgspec.json.decode(content)["items"]}
            assert len(now) == min(count, most)
            assert now[items[0].id]
            changed = [id_ for id_ in now if id_ in before and now[id_] != before[id_]]
            assert not any(now[id_] for id_ in changed), "what was summarized stays so"
            assert len(changed) <= 10
            changes.append(len(changed))
            before = now
        assert sum(map(bool, changes)) < len(changes) * share
        assert sum(changes) > 50

    @pytest.mark.parametrize("character", ["<", "&", "𠮷", '"'])
    @pytest.mark.slow
    def test_fifty_of_the_longest_items_fit_into_one_document(self, character: str) -> None:
        feed = self.feed(ARCHIVED, title=character * 100_000, summary=character * 100_000)
        for write in (rss, atom, json_feed):
            content = write(feed)
            assert len(content) < MOST_BYTES
            assert content.count(b"tag:example.org,2026:a/") == ARCHIVED

    def test_one_item_stays_with_its_summary(self) -> None:
        (item,) = msgspec.json.decode(json_feed(self.feed(3), 10))["items"]
        assert (item.get("content_html"), item["content_text"]) == (None, ITEM.summary)


class TestJsonFeed:
    def test_the_version_comes_first(self) -> None:
        assert json_feed(FEED).startswith(b'{\n "version": "https://jsonfeed.org/version/1.1",\n')

    def test_text_and_html_are_told_apart(self) -> None:
        full, brief = msgspec.json.decode(json_feed(FEED))["items"]
        assert "content_text" not in full
        assert (full["summary"], full["image"]) == (ITEM.summary, "https://example.org/a.jpg")
        assert full["attachments"] == [
            {"url": "https://example.org/a.jpg", "mime_type": "image/jpeg", "size_in_bytes": 1234}
        ]
        assert (brief["content_text"], brief["language"]) == ("Only a title", "en")
        assert "content_html" not in brief

    def test_hubs_say_what_they_speak(self) -> None:
        hubs = msgspec.json.decode(json_feed(FEED))["hubs"]
        assert hubs == [{"type": "WebSub", "url": url} for url in FEED.hubs]


class TestOpml:
    def test_feeds_are_in_folders(self) -> None:
        body = etree.fromstring(opml("全部", OUTLINES, updated=AT)).find("body")
        folder = body[0]
        assert dict(folder.attrib) == {"text": "甲", "title": "甲"}
        feed, page = folder
        assert (feed.get("type"), feed.get("xmlUrl"), feed.get("text")) == (
            "rss", "https://example.org/feed.xml", "甲 & 乙",
        )  # fmt: skip
        assert dict(page.attrib) == {"text": "页", "type": "link", "url": "https://example.org/alpha/"}

    def test_every_outline_has_a_text(self) -> None:
        nameless = Outline(title="\x00", children=(Outline(title="", rss_url="https://e.org/f"),))
        (feed,) = etree.fromstring(opml("x", (nameless,), updated=None)).find("body")
        assert feed.get("text") == "https://e.org/f"


class TestHtml:
    @pytest.mark.parametrize(
        ("html", "kept"),
        [
            ('<p style="x" onclick="y" id="z" class="c">文<script>x</script>后</p>', "<p>文后</p>"),
            ('<object></object><svg><a href="x">t</a></svg>字', "字"),
            ('<iframe src="//e.org/v" title="讲座"></iframe>', '<a href="https://e.org/v">讲座</a>'),
            ('<iframe src="https://e.org/v"></iframe>尾', '<a href="https://e.org/v">https://e.org/v</a>尾'),
            ('<iframe src="javascript:x" title="y"></iframe><object>字</object>', "<span>字</span>"),
            ('<object data="https://e.org/a.pdf"><p>表</p></object>', '<a href="https://e.org/a.pdf">表</a>'),
            ('<embed src="https://e.org/a.swf">尾', '<a href="https://e.org/a.swf">https://e.org/a.swf</a>尾'),
            ('<video controls><source src="https://e.org/a.mp4">片</video>尾', '<a href="https://e.org/a.mp4">片</a>尾'),
            ('<a href="https://e.org/"><audio src="https://e.org/a.mp3">曲</audio></a>',
             '<a href="https://e.org/"><span>曲</span></a>'),
            ('<a href="//e.org/">1</a><a href="FTP://e.org/">2</a><a href="webcal://e.org/c">3</a>',
             '<a href="https://e.org/">1</a><a href="FTP://e.org/">2</a><a href="webcal://e.org/c">3</a>'),
            ("<form><p>问</p><button>x</button></form>", "<p>问</p>"),
            ('<img src="data:," alt="图"><img src="a.png">', "<span>图</span>"),
            ('<a href="#fn">1</a> <a href="JavaScript:x">2</a> <a href="../a/">3</a>', "<a>1</a> <a>2</a> <a>3</a>"),
            ("<math><mi>a</mi><mo>+</mo></math>尾", "<code>a+</code>尾"),
            ('<math alttext="a^2"><mi>a</mi></math>', "<code>a^2</code>"),
            ('<input type="checkbox" checked disabled> 一', "<span>☑</span> 一"),
            ("<!-- c --><?php x ?>字<x-y>z</x-y>", "字z"),
            ('<picture><source srcset="a"><img src="https://e.org/a.png"></picture>',
             '<picture><img src="https://e.org/a.png"></picture>'),
            ('<div>a</div><div dir="rtl">b</div>', '<div>a</div><div dir="rtl">b</div>'),
            ("1 < 2 & 3", "1 &lt; 2 &amp; 3"),
            (" \n", ""),
        ],
    )  # fmt: skip
    def test_what_validators_warn_of_is_left_out(self, html: str, kept: str) -> None:
        assert feed_html(html) == kept


def test_a_feed_of_a_person_without_an_address_has_no_editor() -> None:
    assert b"managingEditor" in rss(FEED)
    nobody = msgspec.structs.replace(FEED, author=Person(name="甲", email="not an address"))
    assert b"managingEditor" not in rss(nobody)
    assert b"<email>" not in atom(msgspec.structs.replace(nobody, items=()))


def test_a_feed_is_as_new_as_its_newest_item() -> None:
    assert msgspec.structs.replace(FEED, items=(PLAIN, ITEM)).changed == ITEM.updated
    later = ITEM.updated + timedelta(days=1)
    assert msgspec.structs.replace(FEED, updated=later).changed == later


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("https://例子.中国/路?q=字#片", "https://xn--fsqu00a.xn--fiqs8s/%E8%B7%AF?q=%E5%AD%97#%E7%89%87"),
        ("https://e.org:8080/a b|c", "https://e.org:8080/a%20b%7Cc"),
        ("HTTPS://E.org/%zz", "https://e.org/%zz"),
        ("https://e.org/\x00a", "https://e.org/a"),
        ('https://a"b.org/é', ""),
        ("https://e.org:x/é", ""),
        ("https:///é", ""),
        ("ftp://e.org/", ""),
        ("e.org/a", ""),
    ],
)
def test_an_address_is_one_that_every_reader_opens_or_none(written: str, told: str) -> None:
    item = msgspec.structs.replace(ITEM, related=(written,))
    links = etree.fromstring(atom(msgspec.structs.replace(FEED, items=(item,)))).iterfind(
        "{*}entry/{*}link[@rel='related']"
    )
    assert [link.get("href") for link in links] == ([told] if told else [])


@pytest.mark.parametrize(
    ("title", "kind", "written"),
    [("a > b", None, "a > b"), ("a < b", "html", "a &lt; b"), ("a & b", "html", "a &amp; b")],
)
def test_titles_are_html_only_with_a_sign_of_it(title: str, kind: str | None, written: str) -> None:
    origin = msgspec.structs.replace(ITEM.origin, title=title)
    item = msgspec.structs.replace(ITEM, title=title, origin=origin)
    root = etree.fromstring(atom(msgspec.structs.replace(FEED, title=title, items=(item,))))
    found = [(each.get("type"), each.text) for each in root.iter("{*}title")]
    assert found == [(kind, written)] * 3

"""What entries, pages and topics are made of: dates, titles, summaries, old addresses; and how sources are read, word for word.

Like ``tests/test_whole_site.py``: where a change is meant, ``GOLDEN=write`` writes ``tests/golden/whole/`` anew.
"""

from __future__ import annotations

from datetime import UTC
from itertools import product
from pathlib import Path
from typing import Any

from test_whole_site import compare
from test_whole_texts import grouped, readable, said, tree
from test_whole_values import ZONE, plain, table

from builder.content.entries import ParsedDocument, cut, expires_of, make_entry, make_page, make_topic
from builder.content.head import is_gone, withdrawal_in, withholding_in
from builder.content.kinds import READERS, Context
from builder.content.markdown.body import Body, Link
from builder.content.personal import is_impersonal
from builder.content.schema.kinds import ENTRIES
from builder.content.schema.types import OneOf
from builder.content.source import read_source
from builder.content.toml import read_toml
from builder.model.dates import parse_moment
from builder.model.values import Branch, Page, Section

BRANCH = Branch(slug="alpha", name="A", language="en")
NEWS, UNDATED, EVENTS = (
    Section(slug="news", title="N"),
    Section(slug="texts", title="T", dated=False),
    Section(slug="events", title="E", type="event"),
)
NAMES = (
    "2026-11-20-visit",
    "2026-11-20",
    "2026-13-01-visit",
    "2026.11.20 visit",
    "2026.2.30 visit",
    "visit",
    "11月20日 visit",
)
DATES = (
    {},
    {"date": "2026-11-20"},
    {"date": "2026-11-21"},
    {"date": "2026-11-19 23:30"},
    {"date": "2026-11-21 00:30"},
    {"date": "2026-11-22 00:00"},
    {"date": "2026-11-18 23:59"},
    {"updated": "2026-11-19"},
    {"updated": "2026-11-20 00:00"},
    {"updated": "2026-11-19 23:59"},
    {"starts": "2026-12-01 14:00"},
    {"date": "2026-11-20", "updated": "2026-11-20"},
)


MOMENTS = frozenset("date updated starts ends expires from to received replied issued effective".split())


def moments(values: dict[str, Any]) -> dict[str, Any]:
    """Values with moments in the places of texts that are dates."""
    return {key: (parse_moment(each or "", ZONE) or each) if key in MOMENTS else each for key, each in values.items()}


def told(made: ParsedDocument, *keys: str) -> str:
    """Some members of what was made, and what is wrong."""
    wrong = [f"{key}: {said(each)}" for key, each in made.diagnostics]
    subject = made.subject
    found = "none" if subject is None else " ".join(f"{key}={plain(getattr(subject, key))}" for key in keys)
    return " | ".join((found, *wrong))


def entry(
    values: dict[str, Any],
    *keys: str,
    name: str = "2026-11-20-visit",
    section: Section = NEWS,
    body: Body | None = None,
    ending: str = ".md",
) -> str:
    """What an entry of these values is told to be."""
    path = f"content/alpha/{section.slug}/{name}{ending}"
    return told(make_entry(moments(values), body, path, name, "s", BRANCH, section, ZONE), *keys)


def test_dates_of_entries_are_what_they_always_were() -> None:
    rows = {}
    for section, ending in ((NEWS, ".md"), (NEWS, "/index.md"), (UNDATED, ".yml"), (EVENTS, ".yml")):
        for name, values in product(NAMES, DATES):
            found = entry(
                {"title": "T", **values}, "date", "date_explicit", "updated", name=name, section=section, ending=ending
            )
            rows[f"{section.slug}{ending} {name} {values}"] = found
    compare("entry-dates", {"dates": grouped(rows.items())})


def test_titles_summaries_and_addresses_are_what_they_always_were() -> None:
    long = "一二三四五六七八九十" * 30
    bodies = {
        "none": None,
        "empty": Body(),
        "whole": Body(title="题", text="文。", first_paragraph="第一段。第二句。", anchors=("a",)),
        "long": Body(title=long + "一", first_paragraph=long),
    }
    keys = ("title", "summary", "summary_written", "anchors", "lang")
    aliases = (
        "/alpha/old/",
        "/alpha/",
        "/alpha",
        "/beta/old/",
        "relative",
        "/alpha/old/?x",
        "/alpha/%E6%97%A7/",
        "/alpha/old/index.html",
        "/alphabet/x/",
    )
    texts = (
        "一句。二句！",
        "a b c d e f g h i j",
        "一" * 12,
        "One. Two. Three",
        "“一。”二二二二二二二",
        "a,，、; bbbbbbbbbbbbbbbbb",
        "1.5 is more",
        "  a\n b ",
        "",
        "aaaaa bbbbbbb",
        "aaaaaaaa bbbb",
    )
    paths = (
        "content/a/2026-11-20-our_visit.md",
        "content/a/2026-11-20.md",
        "content/a/new-home/index.md",
        "content/a/_1.md",
        "content/a/" + "long-" * 20 + ".md",
        "content/a/x.y.z.md",
        "content/a/3d.md",
    )
    found = {
        "cut": "\n".join(
            f"{text!r} {most}: {cut(text, most)!r}" for text in texts for most in (1, 3, 4, 6, 8, 9, 10, 11, 12, 13)
        ),
        "cut as usual": table(cut, ("一" * 160, "一" * 161, "一" * 159 + "。二", "一" * 160 + "。二")),
        "bodies": "\n".join(
            f"{name}, {values}: {entry(values, *keys, body=body)}"
            for name, body in bodies.items()
            for values in ({}, {"title": "T"}, {"title": "T", "summary": "S"})
        ),
        "lengths": "\n".join(f"{number}: {entry({'title': 'a' * number}, 'path')}" for number in (300, 301)),
        "letters": "\n".join(
            entry(
                {"question": "问" * number, "received": None, **more},
                "title",
                "summary",
                section=Section(slug="l", title="L", type="letter"),
            )
            for number in (40, 41)
            for more in ({}, {"title": "T"})
        ),
        "aliases": "\n".join(
            f"{each}: {entry({'title': 'T', 'aliases': (each, '/alpha/x/', '/alpha/x/')}, 'aliases')}"
            for each in aliases
        ),
        "aliases of pages": "\n".join(
            told(make_page({"title": "T", "aliases": aliases}, None, "content/x.md", "x", branch, "zh"), "aliases")
            for branch in ("", "alpha")
        ),
        "attachments": entry(
            {
                "title": "T",
                "attachments": (
                    {"file": "content/a.pdf"},
                    {"file": "https://e.org/b", "title": "B"},
                    {"file": "c", "title": "C"},
                ),
            },
            "attachments",
        ),
        "others": entry(
            {
                "title": "T",
                "moved_from": "news/a",
                "interprets": ("policies/b", "beta/policies/c"),
                "pinned": True,
                "lang": "zh",
                "source": {"name": "X"},
            },
            "moved_from",
            "interprets",
            "pinned",
            "pinned_until",
            "lang",
            "credit",
        ),
        "by default": entry(
            {"title": "T"},
            "hub",
            "draft",
            "announce",
            "pinned",
            "pinned_until",
            "tags",
            "authors",
            "image",
            "image_alt",
            "id",
            "topics",
            "share_with",
            "expires",
        ),
        "pages": "\n".join(
            told(
                make_page(values, body, "content/alpha/x-y.md", "s", "alpha", "zh"),
                "title",
                "summary",
                "lang",
                "order",
                "for_editors",
                "draft",
            )
            for body in bodies.values()
            for values in ({}, {"title": "T", "lang": "en", "order": 3})
        ),
        "topics": "\n".join(
            told(
                make_topic(values, body, "content/hub/topics/x-y.md", "s", "zh"),
                "title",
                "summary",
                "lang",
                "discussion",
                "draft",
            )
            for body in bodies.values()
            for values in ({}, {"title": "T", "lang": "en"})
        ),
        "proposed titles": "\n".join(told(make_page({}, None, path, "s", "a", "zh")) for path in paths),
    }
    compare("entries", {name: readable(text) for name, text in found.items()})
    assert isinstance(make_page({"title": "T"}, None, "x", "x", "", "zh").subject, Page)
    assert expires_of({}, None, ZONE) is None


SOURCES = {
    "a.md": "---\ntitle: A\nbody: x\n---\n文\n",
    "2026-11-20-a.md": "---\ntitle: A\ndate: 11月21日\n---\n",
    "2026-11-20-b/index.md": "---\ntitle: A\ndate: 11月21日\n---\n",
    "index.md": "---\ntitle: A\ndate: 11月21日\n---\n",
    ".md": "title",
    "draft.md": "---\ntitle: A\n---\n文\n",
    "mark.md": "---\ntitle: 【草稿】A\n---\n\n文\n",
    "heading.md": "---\nauthor: x\n---\n\n\n# 【草稿】A\n",
    "marked draft.md": "---\ntitle: 【草稿】A\ndraft: true\n---\n",
    "swallowed.md": "---\ntitle: A\nsummary: x\n  draft: true\n---\n",
    "text.md": "---\ntitle: A\n---\ndraft: true\n",
    "text of a draft.md": "---\ntitle: A\ndraft: true\n---\ndraft: true\n",
    "unclosed.md": "---\ntitle: A\ndraft: true\n",
    "broken.md": "---\ntitle: [A\ndraft: true\n---\n文",
    "open.md": "title: A\ndate: 2026-11-20\n---\n文",
    "toml.md": '+++\ntitle = "A"\ndate = 2026-11-20\n[a]\nb = 1\n+++\n文',
    "conflict.md": "---\ntitle: A\n---\n<<<<<<< a\n=======\n>>>>>>> b\ndraft: true\n",
    "zero.md": "draft: true\n\0",
    "control.md": "---\ntitle: A\x01B\n---\n文\x0b文",
    "mail.md": "---\ntitle: A\n---\na@example.org",
    "phone.md": "13800138000",
    "plain.yml": "title: A\nbody: 一行\n",
    "quoted.yml": 'title: A\nbody: "一行"\n',
    "block.yml": "title: A\nbody: |\n\n    一行\n    二行\n",
    "draft.yml": "title: A\nsummary: x\n  draft: true\n",
    "fenced.yml": "---\ntitle: A\n---\n",
    "broken.yml": "title: [A\ndraft: true\n",
    "list.yml": "- a\n",
    "body list.yml": "title: A\nbody: [a]\n",
}


def test_sources_are_read_as_they_always_were(tmp_path: Path) -> None:
    def read(name: str, most: int = 1000) -> str:
        source = read_source(
            tmp_path / name, "content/alpha", ENTRIES["article"], ZONE, only_yaml=name.endswith(".yml"), most=most
        )
        parts = (
            source.values,
            source.body,
            source.body_line,
            source.indents,
            source.draft,
            source.impersonal,
            sorted(source.broken),
            dict(source.places),
            bool(source.sha256),
        )
        return " | ".join((*map(plain, parts), *map(said, source.diagnostics)))

    found = {}
    for name, text in SOURCES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
        found[f"source of {name}"] = read(name)
        root = tmp_path / "root" / "content" / "alpha"
        root.mkdir(parents=True, exist_ok=True)
        (root / name.replace("/", "-")).write_text(text, "utf-8")
        found[f"head of {name}"] = plain(
            withholding_in(tmp_path / "root", f"content/alpha/{name.replace('/', '-')}", UTC)
        )
    size = len(SOURCES["a.md"].encode())
    found["as large as it may be"] = read("a.md", size)
    found["too large"] = read("a.md", size - 1)
    found["not there"] = read("gone.md")
    (tmp_path / "latin.md").write_bytes(b"\xff\xfe\xfd" * 5)
    found["no text"] = read("latin.md")
    outside = read_source(tmp_path / "a.md", "", ENTRIES["article"], ZONE, home=tmp_path / "root")
    found["outside"] = " ".join(map(said, outside.diagnostics))
    compare("sources", {name: readable(text) for name, text in found.items()})


TOML = (
    "a = 1",
    'a = "x"\nb = ["c", 1.5]',
    "a = 2026-11-20\nb = 2026-11-20T09:30:00+08:00\nc = 09:30:00",
    "[t]\na = true\n[t.u]\nb = false",
    "a = [",
    "a = 1\na = 2",
    "a.b = 1",
    "",
    "[[x]]\na = 1",
)


def test_heads_of_other_kinds_are_read_as_they_always_were() -> None:
    def read(text: str) -> str:
        node, found = read_toml(text, 5, "front-matter-syntax")
        return " | ".join((tree(node), *map(said, found)))

    compare("toml", {"heads": "\n".join(f"{text!r}\n    {read(text)}" for text in TOML)})


def test_kinds_are_read_as_they_always_were() -> None:
    def read(kind: str, body: Body | None = None, **values: Any) -> str:
        context = Context("alpha", body)
        reader = READERS[kind]
        found = {key: moments(each) if isinstance(each, dict) else each for key, each in moments(values).items()}
        made = plain(reader.read(found, context))
        ends = plain(reader.expires(found, ZONE))
        return " | ".join(
            (made, ends, reader.summary_of(found), *(f"{key}: {said(each)}" for key, each in context.diagnostics))
        )

    days, times = (
        ("2026-12-01", "2026-12-02", "2026-11-30"),
        ("2026-12-01 09:00", "2026-12-01 10:00", "2026-12-02 00:00"),
    )
    starts = {
        (one, other): read("event", starts=one, ends=other)
        for one in (days[0], times[0], times[2])
        for other in (*days, *times)
    }
    periods = [
        {},
        {"to": days[0]},
        {"from": days[0]},
        *({"from": one, "to": other} for one in days[:2] for other in (*days, *times)),
    ]
    bodies = (None, Body(), Body(text=" \n"), Body(text="答"), Body(links=(Link("link", "a", 1),)))
    letter = {"question": " 问？\n", "received": days[0]}
    found = {
        "events": "\n".join(f"{pair}: {each}" for pair, each in starts.items()),
        "other events": "\n".join(
            (
                read("event", starts=days[0]),
                read(
                    "event", starts=days[0], all_day=True, location="L", online="O", organizer="P", status="tentative"
                ),
            )
        ),
        "notices": "\n".join(f"{each}: {read('notice', period=each)}" for each in periods),
        "letters": "\n".join(
            read("letter", body, **letter, **more)
            for body in bodies
            for more in ({}, {"replied": days[1], "from": "F"})
        ),
        "policies": "\n".join(
            (
                read("policy"),
                read("policy", number="1", issuer="I", issued=days[0], effective=days[1], status="repealed"),
                read("policy", replaces=("policies/a", "beta/policies/b")),
            )
        ),
        "voices": "\n".join((read("voice", text="T"), read("voice", text="T", person="P", portrait="c"))),
        "articles": read("article"),
        "words of choices": "\n".join(
            f"{kind} {word}: {plain(field.type.aliases[word])}"
            for kind, reader in READERS.items()
            for field in reader.fields
            if isinstance(field.type, OneOf)
            for word in field.type.aliases
        ),
        "readers": "\n".join(
            f"{name}: {reader.title} {reader.placed} {reader.title_key!r} {reader.is_yaml} {reader.examples}"
            for name, reader in READERS.items()
        ),
        "impersonal": table(
            is_impersonal, ("123456789", "1234567890", "1 2-3 4-5 6-7 8-9 0", "12  34567890", "a@b", "a＠b", "")
        ),
    }
    compare("kinds-read", found)


def test_beginnings_say_what_they_always_said(tmp_path: Path) -> None:
    heads = (
        "expires: 2026-11-01",
        '"expires": "2026-11-01"',
        "'expires'：2026-11-01",
        "expires = '2026-11-01 10:00' # x",
        "  expires: 2026-11-01",
        '{"title": "x", "expires": "2026-11-01"}',
        "a: b, expires: 2026-11-01",
        "expires:2026-11-01",
        "expires: soon",
        "expires: 1",
        "xexpires: 2026-11-01",
        "Expires: 2026-11-01",
        "draft: true",
        "text",
        "expires: 2026-11-01\nexpires: 2027-01-01",
        "{expires: 2026-11-01}",
    )
    file = tmp_path / "content" / "a.md"
    file.parent.mkdir()
    instants = [
        moment.at
        for moment in (parse_moment(each, ZONE) for each in ("2026-11-01 23:59", "2026-11-02 00:00"))
        if moment is not None
    ]

    def read(text: str) -> str:
        file.write_text(text, "utf-8")
        said_now = [withdrawal_in(tmp_path, "content/a.md", each, ZONE) for each in instants]
        return f"{plain(withholding_in(tmp_path, 'content/a.md', ZONE))} {said_now}"

    rows = [f"{text!r}: {read(text)}" for text in heads]
    rows += [
        f"behind {number}: {read('x' * number + chr(10) + heads[0])}"
        for number in (65_500, 65_517, 65_530, 65_535, 65_536)
    ]
    compare("beginnings-read", {"heads": "\n".join(rows)})
    assert not is_gone(tmp_path, "content/a.md")
    assert is_gone(tmp_path, "content/b.md")
    assert is_gone(tmp_path, "content/a.md/b")
    (tmp_path / "content/loop").symlink_to("loop")
    assert not is_gone(tmp_path, "content/loop")
    assert not is_gone(tmp_path, "content/loop/x")
    assert plain(withholding_in(tmp_path, "content/none.md", ZONE)) == plain(withholding_in(tmp_path, "content", ZONE))

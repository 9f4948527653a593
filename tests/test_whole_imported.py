"""What an import makes of names, numbers of pages and odd packages, and where it puts what it made: tables, word for word.

Like ``tests/test_whole_site.py``: where a change is meant, ``GOLDEN=write`` writes ``tests/golden/whole/`` anew.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest
from conftest import NOW, SmallSite
from test_audit_personal import identity
from test_import_sheet import place_of
from test_whole_site import compare
from test_whole_values import plain, table

from builder.content import read_organization
from builder.edit.imports import (
    Imported,
    ImportRefusedError,
    Programs,
    destination,
    import_file,
    import_rows,
    write_files,
)
from builder.edit.imports.destination import require_free
from builder.edit.imports.entry import entry_name, personal_notes, title_of_file
from builder.edit.imports.html.document import read_fragment
from builder.edit.imports.imported import Note, in_order
from builder.edit.imports.marks import mark, split_mark
from builder.edit.imports.package import open_package, pack, read_xml, require_size, text_in
from builder.edit.imports.programs import to_docx, to_html, to_png
from builder.edit.imports.sheet.cells import Sheet, read_sheets, shown_text
from builder.edit.imports.word.look import Look
from builder.edit.imports.word.parts import parts_of
from builder.messages.translation import translator
from builder.model.dates import parse_moment

NAMES = """
report.docx
2026-11-20 报告.docx
2026年11月20日_报告_终稿.doc
20261120.docx
C:\\temp\\a b.html
folder/x.y.longending
.docx
2026-11-20.docx
_
""".strip().splitlines()
TITLES = ("报告", "A B", "！", "index", "feed.xml", "甲" * 40, "甲" * 41, "a" * 121, "a-" * 70)
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def refused(function: Callable[..., object]) -> Callable[..., object]:
    """A function whose refusal is what it gives."""

    def ask(*arguments: object) -> object:
        try:
            return function(*arguments)
        except ImportRefusedError as error:
            return error.message, error.values

    return ask


def package(**parts: bytes) -> bytes:
    """A package of parts; two underscores stand for a slash, one for a dot."""
    return pack({name.replace("__", "/").replace("_", "."): content for name, content in parts.items()})


def locked() -> bytes:
    """A package whose first part says that it is locked."""
    content = bytearray(package(a_xml=b"<a/>"))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


PACKAGES: Mapping[str, bytes] = {
    "plain": package(a_xml=b"<a/>", word__document_xml=b"<b/>"),
    "empty": b" \n",
    "no package": b"PK\x03\x04 nothing",
    "locked": COMPOUND + "EncryptedPackage".encode("utf-16-le"),
    "old": COMPOUND + b"old",
    "locked part": locked(),
    "macros": package(word__vbaProject_bin=b"x"),
    "two million zeros": package(a_bin=b"\0" * 2_000_000),
    "one more": package(a_bin=b"\0" * 2_000_001),
    "entities": package(a_xml=b"<!DOCTYPE a>"),
    "entities elsewhere": package(a_txt=b"<!DOCTYPE a>"),
    "wide entities": package(a_rels="<!DOCTYPE a>".encode("utf-16-le")),
}


def many(number: int) -> bytes:
    """A package of so many parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for each in range(number):
            made.writestr(zipfile.ZipInfo(str(each)), b"")
    return stream.getvalue()


@pytest.mark.slow
def test_names_and_packages_are_taken_as_they_always_were() -> None:
    numbers = "\n".join(f"{13800000000 + number} {13800000000 + number}" for number in range(21))
    notes = [Note(kind, "M", {"a": kind[:1]}) for kind in ("told", "moved", "hidden", "personal", "told", "tracked")]
    strict = b'<a xmlns="http://purl.oclc.org/ooxml/wordprocessingml/main"/>'
    asks: tuple[Callable[[], object], ...] = (
        lambda: to_html(b"x", Programs(), "n"),
        lambda: to_docx(b"x", "n.doc", Programs()),
        lambda: to_png(b"x", "n.emf", Programs()),
    )
    found = {
        "titles": table(title_of_file, NAMES),
        "names": table(
            lambda day, title: entry_name(day, title), ((day, title) for day in ("", "2026-11-20") for title in TITLES)
        ),
        "personal": plain(
            [note.values for note in personal_notes(f"{identity('11010119900307771')}\n{numbers}\na@qq.com")][-3:]
        ),
        "twenty": plain(len(list(personal_notes("\n".join(numbers.split("\n")[:20]))))),
        "in order": plain([note.kind for note in in_order([*notes, Note("hidden", "N"), Note("hidden", "N")])]),
        "marks": table(split_mark, (mark("item", 2, -1) + "a", mark("heading", 1), "a" + mark("text"), "")),
        "packages": table(refused(lambda name: sorted(open_package(PACKAGES[name], "n"))), PACKAGES),
        "parts": table(refused(lambda number: len(open_package(many(number), "n"))), (4_999, 5_000, 5_001)),
        "sizes": table(refused(lambda size: require_size(b"x" * size, "n", 3_500_000)), (3_500_000, 3_500_001)),
        "pages": table(refused(lambda size: read_fragment(b"\0" * size, "n")), (30_000_000, 30_000_001)),
        "texts": table(
            refused(text_in),
            ((b"a\0", "n"), ("é".encode(), "n"), ("甲乙丙丁".encode("gb18030") * 9, "n"), (b"\xff\xfea\0", "n")),
        ),
        "xml": table(
            refused(lambda content: read_xml(content, "n").tag), (b"<a/>", b"<a", strict, b"<!DOCTYPE a><a/>")
        ),
        "programs": "\n".join(plain(refused(ask)()) for ask in asks),
    }
    compare("imports-names", found)


@pytest.mark.slow
def test_places_of_what_is_imported_are_what_they_always_were(site: SmallSite) -> None:
    organization, _ = read_organization(site.root)
    assert organization is not None
    one = organization
    site.write("--- content/wrong/branch.yml\nname: [x\n--- content/alpha/news/taken.yml\ntitle: x\n")
    (site.root / "content/link").symlink_to(site.root / "content/alpha")
    now = datetime.fromisoformat(NOW)

    def place(to: str) -> object:
        found = destination(site.root, one, to, now)
        return found.folder, found.day, found.publish

    def imported(name: str, content: str, **more: object) -> object:
        where = msgspec.structs.replace(place_of(site), **more)
        made = import_file(
            content.encode(), name, where, Programs(), taken=["content/alpha/news/2026-11-23-a/index.md"]
        )
        return made.path, made.title, made.files[made.path].decode(), made.report(translator("en"))

    def section(name: str) -> object:
        return place_of(site, f"alpha/{name}").section

    def rows(starts: str, ends: str) -> object:
        mapping = b"as: events\ncolumns: {title: a, starts: b, ends: c}\n"
        return import_rows(
            f"a,b,c\nx,{starts},{ends}\n".encode(), "x.csv", mapping, "m.yml", "events", place_of(site, "alpha/events")
        )

    texts = {
        "a.html": ("a.html", "<h1>A</h1><p>x"),
        "A.CSV": ("A.CSV", "a,b\n1,2\n"),
        "none.txt": ("none.txt", "x"),
        "none": ("none", "x"),
        "long.html": ("long.html", f"<title>{'a' * 201}</title><p>x"),
        "empty.htm": ("2026-11-20_b.htm", "<p>x"),
    }
    day, hour = parse_moment("2026-12-24", now.tzinfo), parse_moment("2026-12-24 09:00", now.tzinfo)  # type: ignore[arg-type]
    found = {
        "places": table(
            refused(place),
            (
                "alpha/news",
                "/alpha/news/",
                "alpha",
                "alpha/",
                "/news",
                "alpha/news/x",
                "../alpha",
                "none/news",
                "link/news",
                "wrong/news",
                "alpha/none",
            ),
        ),
        "free": table(
            refused(lambda path: require_free(site.root, path)),
            (f"content/alpha/news/{name}" for name in ("none", "taken", "2026-11-20-visit")),
        ),
        "files": table(refused(lambda name: imported(*texts[name])), texts),
        "published": plain(imported("a.html", "<h1>B</h1>", publish=True)),
        "on a day": plain(imported("a.html", "<h1>B</h1>", date=day)),
        "at an hour": plain(imported("a.html", "<h1>B</h1>", date=hour, publish=True)),
        "of short texts": plain(refused(lambda: imported("a.html", "<h1>B</h1>", section=section("voices")))()),
        "of events": plain(imported("a.html", "<h1>B</h1>", section=section("events"))),
        "of events at once": plain(
            refused(lambda: imported("a.html", "<h1>B</h1>", section=section("events"), publish=True))()
        ),
        "longer than a text may be": plain(refused(lambda: imported("a.html", f"<p>{'x' * 2_000_000}"))()),
        "a picture": plain(imported("a.html", '<h1>B</h1><p>b<img src="b.png" alt="x">')),
        "an end before the beginning": plain(refused(rows)("2026-12-02 10:00", "2026-12-02 09:00")),
        "nowhere": plain(refused(write_files)(site.root, [Imported("content/alpha/news/taken/index.md", "x", {})])),
        "twice": plain(
            refused(write_files)(
                site.root, [Imported("content/alpha/news/n/index.md", "x", {"content/alpha/news/n/index.md": b""})] * 2
            )
        ),
    }
    compare("imports-places", found)
    blocked = Imported(
        "content/alpha/news/new/index.md",
        "x",
        {"content/alpha/news/new/index.md": b"x", "content/alpha/about.md/x": b""},
    )
    told = refused(write_files)(site.root, [blocked])
    assert "could not be written" in plain(told)
    assert not (site.root / "content/alpha/news/new").exists(), "what was made is taken away"
    made = write_files(
        site.root, [Imported("content/alpha/news/new/index.md", "x", {"content/alpha/news/new/index.md": b"x"})]
    )
    assert made == [site.root / "content/alpha/news/new/index.md"]
    assert Path(made[0]).read_bytes() == b"x"


VALUES = (
    True,
    False,
    0,
    1,
    42,
    -1234.5,
    0.5,
    1e15,
    999_999_999_999_999,
    0.0001,
    0.00009,
    1234567.891,
    2.0,
    None,
    " a_x000D_ ",
)
TIMES = (
    datetime(2026, 3, 5),
    datetime(2026, 3, 5, 9, 30),
    datetime(2026, 3, 5, 0, 0, 1),
    date(2026, 3, 5),
    time(9, 5),
    timedelta(hours=25, minutes=5, seconds=31),
)
FORMS = (
    "General",
    "0",
    "000",
    "0.00",
    "#,##0.0",
    "0%",
    "0.0%",
    "¥#,##0",
    "[$€-407]0.00",
    "[$-804]0",
    "[$USD] 0",
    '"x.0"0',
    "@",
)
KINDS = ("n.csv", "n.TSV", "n.txt", "n.xls", "n", "n.xlsx")
FORMS += ("[Red]0.0;0.000", "\\$0", "£0.0")
TABLES = {
    "commas": "a,b\n1,2\n",
    "semicolons": "a;b,c\n1;2\n",
    "tabs": "a\tb\n1\t2\n",
    "quoted": '"a;b;c",d\n"1\n2",3\n',
    "named": "sep=|\na|b\n1|2\n",
    "as texts": '="001",b\n ="2" ,c\n',
    "gaps": ",,\n,a,\n,,b\n",
    "empty": ",\n",
    "one": "a\n",
    "head": "Title,\na,b\n1,2\n",
    "no head": "a,\n,b\n",
}


def test_cells_show_what_they_always_showed() -> None:
    def sheet(name: str, most: int) -> object:
        (found,), _ = read_sheets(TABLES[name].encode(), "n.csv", most)
        return found.rows, found.numbers, found.head, found.named

    names = ("Sheet1", "sheet 12", "工作表", "表 3", "名单", " 名单 ", "Sheets")
    found = {
        "numbers": table(shown_text, ((value, form) for value in VALUES for form in FORMS)),
        "times": table(lambda value: shown_text(value, "General"), ((each,) for each in TIMES)),
        "tables": table(refused(sheet), ((name, 100) for name in TABLES)),
        "bounds": table(refused(sheet), (("commas", 4), ("commas", 3))),
        "named": table(lambda name: Sheet(name, ()).named, names),
        "kinds": table(refused(lambda name: len(read_sheets(b"a,b", name)[0])), KINDS),
    }
    compare("imports-cells", found)


LINES = """
示范大学文件
示范大学  办公室文 件
Example University
示大〔2026〕2 号
示大（2026）第 12 号　签发人：张三
关于开展活动的通知
的补充说明
一、总则
一、总则是一句话。
（一）范围
第一章 总则
第二节 节
这是一句完整的话。
附件 1
图 1 合影
表二：名单
图书馆
2026 年 3 月 5 日
二〇二六年三月五日
示范大学 二○二六年十三月五日
二〇二六年三月三十一日
示范大学 2026-03-05
12
""".strip().splitlines()
LONG = (
    "短" * 40,
    "长" * 41,
    "长" * 51,
    f"{'句' * 49}。",
    f"{'句' * 50}。",
    "粗" * 30,
    "长" * 60,
    "长" * 61,
    "题" * 120,
    "题" * 121,
)
WORDS = (*LINES, *LONG)


def documents() -> Iterator[list[Look]]:
    """Documents of a few paragraphs that look like anything, the same each time."""
    chosen = Random(7)

    def seldom(*values: Any) -> Any:
        return chosen.choice((*values, *([values[0]] * 2 * len(values))))

    for _ in range(250):
        yield [
            Look(
                seldom("", *WORDS) if chosen.random() < 0.1 else chosen.choice(WORDS),
                seldom(0, 1, 2, 3, 6),
                seldom("", "center", "right", "end"),
                seldom(10.0, 17.9, 18.0, 21.9, 22.0),
                seldom("宋体", "", "黑体", "楷体", "SimHei", "KaiTi_GB2312"),
                bold=seldom(False, True),
                red=seldom(False, True) or (number < 2 and chosen.random() < 0.3),
                title=seldom(False, False, True),
                caption=seldom(False, False, True),
                picture=seldom(False, True),
            )
            for number in range(chosen.choice((1, 2, 4, 7, 7, 20)))
        ]


def test_parts_of_documents_are_found_as_they_always_were() -> None:
    told = []
    for looks in documents():
        for number, look in enumerate(looks):
            marks = [name for name in ("bold", "red", "title", "caption", "picture") if getattr(look, name)]
            told.append(f"{number} {look.text} {look.level} {look.align} {look.size} {look.font} {' '.join(marks)}")
        told.append(f"-> {plain(parts_of(looks))}")
    compare(
        "imports-parts", {"documents": re.sub(r"(.)\1{20,}", lambda run: f"<{len(run[0])} {run[1]}>", "\n".join(told))}
    )

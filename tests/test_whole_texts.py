"""What is made of names, bytes, heads, values and YAML by themselves, before there is an entry: tables, word for word.

Like ``tests/test_whole_site.py``: where a change is meant, ``GOLDEN=write`` writes ``tests/golden/whole/`` anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

import pytest
from conftest import files_of
from test_hidden import HIDING, damages, draft_damages
from test_whole_site import CONTENT, compare
from test_whole_values import ZONE, plain, table

from builder.content import (
    date_hints,
    decoding,
    doubts,
    encodings,
    folder,
    front_matter,
    names,
    places,
    setting_lines,
    settings,
    walk,
)
from builder.content.markdown import code, finish, sanitize
from builder.content.markdown.body import Body
from builder.content.owners import rights
from builder.content.schema import hiding
from builder.content.schema.compound import Fields, ListOf, MapOf
from builder.content.schema.kinds import KINDS
from builder.content.schema.types import ReadContext, Type
from builder.content.walk import FoundFile
from builder.content.yaml.cause import find_cause
from builder.content.yaml.nodes import Node, read_yaml
from builder.formats import direction, wechat
from builder.formats.feeds import content
from builder.messages.diagnostics import Diagnostic
from builder.model.signature import Signature
from builder.model.values import Section

WITH_WORDS = (
    hiding,
    setting_lines,
    names,
    front_matter,
    walk,
    folder,
    settings,
    sanitize,
    code,
    finish,
    content,
    wechat,
    direction,
    rights,
)
PUBLISHED = datetime(2026, 11, 20, tzinfo=ZONE)


def _rows(text: str) -> list[str]:
    """The lines of a table: in quotation marks what begins or ends with a space, as ``\\u200b`` what nobody sees."""
    signs = re.sub(r"\\u([0-9a-f]{4})", lambda sign: chr(int(sign[1], 16)), text)
    return [line[1:-1] if re.fullmatch(r'"[^"]*"', line) else line for line in signs.split("\n")[:-1]]


ROWS = {name: _rows(text) for name, text in files_of((CONTENT.parent / "texts.txt").read_text("utf-8")).items()}
YAML = files_of((CONTENT.parent / "yaml.txt").read_text("utf-8"))


def said(found: Diagnostic | None) -> str:
    """A diagnostic as one line."""
    if found is None:
        return "-"
    words = "; ".join(f"{key}={plain(value)}" for key, value in found.arguments.items())
    return f"{found.code}@{found.line}:{found.column}{' ' + words if words else ''}"


def grouped(rows: Iterable[tuple[str, str]]) -> str:
    """Rows and what each comes to; those that come to the same stand below it."""
    found: dict[str, list[str]] = {}
    for name, result in rows:
        found.setdefault(result, []).append(name)
    return "\n".join(f"{result}\n" + "\n".join(f"    {name}" for name in names) for result, names in found.items())


def readable(text: str) -> str:
    """A text without signs that nobody sees."""
    return "".join(sign if sign.isprintable() or sign == "\n" else f"\\u{ord(sign):04x}" for sign in text)


def tree(node: Node | None) -> str:
    """A tree of YAML as one line, with its places."""
    if node is None:
        return "nothing"
    lines = f"-{node.last_line}" if node.last_line else ""
    signs = f"{'' if node.plain else ' quoted'}{' block' if node.block else ''}{f' cut {node.cut}' if node.cut else ''}"
    inner = (
        (f"{tree(key)}: {tree(value)}" for key, value in node.pairs) if node.kind == "map" else map(tree, node.items)
    )
    words = repr(node.text) if node.kind == "text" else f"{node.kind}({', '.join(inner)}{node.text})"
    return f"{words}@{node.line}:{node.column}{lines}{signs}"


def test_names_of_files_are_taken_for_what_they_always_were() -> None:
    beside = ("visit", "2026-11-20-visit", "a", "visít")
    sections = [
        Section(slug=slug, title=title, type=kind)
        for slug, title, kind in (
            ("news", "新闻", "article"),
            ("calendar", "活动", "event"),
            ("notices", "公告栏", "notice"),
            ("mail", "信箱", "letter"),
            ("rules-of-us", "制度", "policy"),
        )
    ]
    unread = ((name, names.unread_file(name).arguments) for name in ROWS["files"])
    found = {
        "copies": grouped((name, str(names.is_copy(name, beside))) for name in ROWS["copies"]),
        "dates": table(names.date_in_name, ROWS["dated names"]),
        "read me": grouped((name, str(names.is_readme(name))) for name in ROWS["readmes"]),
        "unread": grouped((name, f"{each['cause']} {each['rename']}") for name, each in unread),
        "endings": ", ".join(str(names.unread_file(name).arguments["ending"]) for name in ROWS["files"]),
        "sections": table(lambda name: names.fitting_section(name, sections), ROWS["sections"]),
        "no sections": table(lambda name: names.fitting_section(name, ()), ROWS["sections"][:1]),
        "no articles": table(lambda name: names.fitting_section(name, sections[1:]), ROWS["sections"]),
        "near": table(lambda name: places.near_section(name, sections), ROWS["folders"]),
        "folders": grouped((name, said(places.section_diagnostic(name))) for name in ROWS["folders"]),
        "folders, near": said(places.section_diagnostic("News", "news")),
    }
    compare("names-of-files", found)


def sorted_files(paths: Iterable[str], folder: str) -> str:
    """What each file of a folder is, or what is wrong with it."""
    files = [FoundFile(f"content/{folder}/{path}", tuple(path.split("/")), Signature(0, 0, 0, 0)) for path in paths]
    files.append(FoundFile(f"content/{folder}/a/link.md", ("a", "link.md"), Signature(0, 0, 0, 0), "symlink-outside"))
    found = places.sort_hub(files) if folder == "hub" else places.sort_branch(files)
    rows = [(each.path, "file") for each in found.files]
    for place in found.places:
        slug, wrong = places.slug_of(place)
        kind = f"{place.kind} {place.section!r} {place.name!r} {'yaml ' if place.yaml else ''}{slug}"
        rows.append((place.found.path, f"{kind} {' '.join(map(said, wrong))}"))
    rows += [(path, said(each)) for path, each in found.diagnostics]
    return "\n".join(f"{path.removeprefix('content/')}: {what}" for path, what in rows)


def test_files_are_what_their_places_always_said() -> None:
    long = [f"{'a' * number}.md" for number in (200, 201, 240, 241, 255, 256)]
    deep = [f"{'/'.join(['a' * 100] * number)}/a.md" for number in (1, 2, 3, 8, 9, 10, 11)]
    found = {
        "branch": sorted_files(ROWS["branch"], "alpha"),
        "hub": sorted_files(ROWS["hub"] + long + deep, "hub"),
        "news": sorted_files([f"news/{name}" for name in long], "alpha"),
    }
    compare("places", {name: re.sub(r"a{30,}", lambda run: f"<{len(run[0])} a>", text) for name, text in found.items()})


def head(text: str) -> str:
    """What a file's head is taken for, and what its text is said to hide."""
    parts, found = front_matter.split(text)
    line = front_matter.draft_line(parts.body, parts.body_line)
    matter = parts.matter or ""
    node, _ = read_yaml(matter, parts.matter_line) if parts.matter is not None else (None, [])
    swallowed = front_matter.swallowed_line(node, text) if node is not None else None
    signs = " ".join(
        word for word, is_so in (("open", not parts.opened), ("draft", front_matter.says_draft(text))) if is_so
    )
    where = f"{parts.syntax} {parts.matter_line}-{parts.body_line}" if parts.matter is not None else "none"
    return readable(f"{where} {signs} | {said(found)} | {said(line)} | {said(swallowed)}")


@pytest.mark.slow
def test_damaged_heads_are_taken_for_what_they_always_were() -> None:
    found = {
        f"{line}, damaged": grouped((name, head(damaged.decode("utf-8", "replace"))) for name, damaged in damages(line))
        for line in (*HIDING[:2], "summary: x")
    }
    found["drafts"] = grouped((name, head(damaged.decode())) for name, damaged in draft_damages())
    compare("heads-damaged", found)


def changed(lines: list[str]) -> Iterator[tuple[str, list[str]]]:
    """A text with one of its lines changed, in each of several ways."""
    for number, line in enumerate(lines):
        before, after = lines[:number], lines[number + 1 :]
        yield f"{number + 1} lost", before + after
        for name, other in (
            ("after a blank line", ["", line]),
            ("quoted", [f"> {line}"]),
            ("as code", [f"    {line}"]),
            ("behind a fence of code", ["```", line]),
            ("with later lines in a comment", ["<!--", line]),
            ("as prose", ["今天上午，大家到了。", "", line]),
            ("draft", [line, "draft: true"]),
            ("expires", ["expires: 2026-11-01", line]),
            ("title", [line, "title: x"]),
            ("fence", [line, "---"]),
            ("record", [line, "日期: 2026-11-01", "地点: 主楼"]),
        ):
            yield f"{number + 1} {name}", before + other + after


def test_heads_with_other_lines_are_taken_for_what_they_always_were() -> None:
    texts = files_of((CONTENT.parent / "heads.txt").read_text("utf-8"))
    found = {}
    for name, text in texts.items():
        lines = text.removesuffix("\n").split("\n")
        rows = [(each, head("\n".join(other))) for each, other in (("as written", lines), *changed(lines))]
        found[name] = grouped(rows)
    compare("heads", found)


def test_lines_are_read_as_settings_as_they_always_were() -> None:
    def setting(line: str) -> str:
        clean = setting_lines.clean_line(line)
        found = setting_lines.setting_of(clean)
        if found is None:
            return f"{clean!r}, none"
        signs = {
            "known": found.known,
            "settles": found.settles,
            "hides": found.hides,
            "withholds": found.withholds,
            "conceals": found.conceals,
            "small": found.is_setting,
            "ends": found.ends_a_text(written=True),
            "ends alone": found.ends_a_text(written=False),
            "delays": found.ends_or_delays(dated=False),
            "delays a dated text": found.ends_or_delays(dated=True),
        }
        return f"{found.name!r} {found.written!r} {found.value!r} {', '.join(key for key, is_so in signs.items() if is_so)}"

    fence = ("begins", setting_lines.may_be_fence), ("is one", setting_lines.is_fence)
    found = {
        "settings": "\n".join(f"{line} -> {setting(line)}" for line in ROWS["lines"]),
        "fences": grouped(
            (line, " ".join(word for word, test in fence if test(line)) or "none") for line in ROWS["fences"]
        ),
        "heads of tables": grouped((line, str(setting_lines.is_table_head(line))) for line in ROWS["table heads"]),
        "shown": table(setting_lines.shown_line, ROWS["shown"]),
    }
    compare("setting-lines", {name: readable(text) for name, text in found.items()})


def test_what_hides_a_text_is_what_always_did() -> None:
    def node(value: str) -> Node:
        found, _ = read_yaml(f"x: {value}")
        assert found is not None, value
        return found.pairs[0][1]

    def effects(key: str, value: Node) -> str:
        found = hiding.concealment(key, value, ZONE, PUBLISHED, front)
        early = hiding.concealment(key, value, ZONE, None)
        nested = hiding.nested_concealment(Node("map", pairs=[(Node("text", text=key), value)]))
        return " ".join(
            word
            for word, is_so in (
                (f"{found.near}={found.value}{'!' if found.hidden else ''}" if found else "", found),
                ("undated" if early else "dated only", bool(early) != bool(found)),
                ("surely", value.kind == "text" and hiding.surely_conceals(hiding.normal_name(key), value.text)),
                ("perhaps", hiding.may_conceal(key, value)),
                ("meant", hiding.means_draft(key, value)),
                (f"nested {nested[1]}" if nested else "", nested),
            )
            if is_so
        )

    rows: dict[str, str] = {}
    for key in ROWS["unlike keys"]:
        front = next((each for each in ("draft", "date", "expires") if len(key) > 3 and key[:3] == each[:3]), "")
        rows[key or "(empty)"] = grouped((value or "(empty)", effects(key, node(value))) for value in ROWS["values"])
    words = {
        effect: " ".join(sorted(name for name, each in hiding.EFFECTS.items() if each == effect))
        for effect in sorted(set(hiding.EFFECTS.values()))
    }
    compare("hiding", {**rows, **words, "true": " ".join(sorted(hiding.TRUE)), "false": " ".join(sorted(hiding.FALSE))})


def test_what_may_be_meant_to_hide_is_told_as_it_always_was() -> None:
    def told(name: str, text: str) -> str:
        parts, _ = front_matter.split(text)
        node, _ = read_yaml(parts.matter or "")
        values = {key.text: value.text for key, value in node.pairs} if node is not None else {}
        values["tags"] = values.get("tags", "").strip("[]").split(", ")
        found = doubts.doubts(name, parts.matter or "", parts.matter_line, parts.body, parts.body_line, values)
        stamp = doubts.stamp(values.get("title", ""), parts.body)
        return f"{' '.join(map(said, found))} {stamp}"

    rows = files_of((CONTENT.parent / "doubts.txt").read_text("utf-8"))
    compare("doubts", {name: told(name.rpartition("/")[2], text) for name, text in rows.items()})


ENCODINGS = (
    "utf-8 utf-8-sig utf-16 utf-16-le utf-16-be gb18030 big5 shift_jis euc_jp euc_kr cp1252 koi8_r cp1251".split()
)
FEW_BYTES = (
    b"",
    b"a",
    b"\0",
    b"a\0",
    b"\0a",
    b"a\0b\0",
    b"ab\0\0cd",
    b"\xff",
    b"\xff\xfe",
    b"\xff\xfea",
    b"\xef\xbb\xbf",
    b"\xef\xbb\xbfa\xff\r\nb",
    b"a\r\nb\xe4\xb8",
    b"abc\0defghijkl",
    b"a\0bcdefg",
    b"a\0b\0cdef",
)


def encoded() -> Iterator[tuple[str, bytes]]:
    """Texts as bytes of all kinds."""
    texts = {
        "Chinese": "今天上午，我们的同学在图书馆里读书，他们说这是很好的一天。\r\n第二行是中文。\r",
        "traditional": "今天上午，我們的同學在圖書館裡讀書，他們說這是很好的一天。",
        "Japanese": "これは日本語の文章です。図書館で本を読みました。",
        "kanji": "漢字かな",
        "Korean": "이것은 한국어 문장입니다. 우리는 도서관에서 책을 읽었습니다. 그리고 집에 갔다.",
        "words": "通知",
        "rare": "囍燚龘",
        "French": "Il a été à l'école où les élèves étaient déjà là.",
        "Russian": "Это русский текст, который написан давно.",
        "English": "Plain.\r\nTwo lines.\n",
        "marks": "“……”——",
        "mixed": "A long English text with 通知 in it, and more English words behind it.",
    }
    for name, text in texts.items():
        for encoding in ENCODINGS:
            yield f"{name} in {encoding}", text.encode(encoding, "replace")
    for number in (1, 2, 3, 4, 19, 20, 21, 22):
        for each in (3, 4, 5):
            yield f"{number} wrong bytes, {each} signs to each", ("中" * each).encode() * number + b"\xff" * number
            yield (
                f"{number} wrong bytes between, {each}",
                ("中" * each).encode().join([b"\nab\xff"] * number) + ("中" * each).encode(),
            )
    yield from ((repr(each), each) for each in FEW_BYTES)


def test_bytes_become_the_texts_that_they_always_became() -> None:
    def read(content: bytes) -> str:
        text, found = decoding.read_text(content)
        shown = text if text is None else readable(text.replace("\n", "|"))[:60]
        return f"{shown} {' '.join(map(said, found))} {encodings.first_wrong(content)}"

    def controls(text: str) -> str:
        clean, found = decoding.without_controls(text)
        shown = f"{len(clean)} signs" if len(clean) > 60 else readable(clean).replace("\n", "|")
        return f"{shown} {' '.join(map(said, found))}"

    signs = [chr(number) for number in (*range(0x20), *range(0x7E, 0xA2), 0x2028, 0xFEFF, 0xFFFD, 0xFFFE, 0xFFFF)]
    many = {
        f"{number} in {length}": "\x01" * number + "a" * (length - number)
        for number in (7, 8, 9, 10, 11)
        for length in (20, 180, 181, 199, 200, 201, 220)
    }
    references, shows = ROWS["references"], Body(text="\x01")
    found = {
        "bytes": "\n".join(f"{name}: {read(content)}" for name, content in encoded()),
        "signs": grouped(
            (f"U+{ord(sign):04X}", controls(f"ab\nc{sign}d").replace(f"{ord(sign):04X}", "")) for sign in signs
        ),
        "many": grouped((name, controls(text)) for name, text in many.items()),
        "conflicts": "\n".join(
            f"{name}: {' '.join(map(said, decoding.conflict_in(text)))}"
            for name, text in files_of((CONTENT.parent / "conflicts.txt").read_text("utf-8")).items()
        ),
        "references": table(
            lambda text: (decoding.without_references(text), decoding.escaped_control(f"x\n{text}", shows)), references
        ),
        "references that are harmless": table(
            lambda text: decoding.escaped_control(text, Body(text="a")), references[:3]
        ),
        "references elsewhere": table(lambda text: decoding.escaped_control(text, Body(title=chr(1))), ("a&b",)),
        "references in a part": table(
            lambda text: decoding.escaped_control(text, Body(segments=("", chr(1)))), references[:2]
        ),
        "date hints": table(lambda text: date_hints.probable_dates(text, 2024), ROWS["date hints"]),
        "date hints without a year": table(lambda text: date_hints.probable_dates(text, None), ROWS["date hints"]),
    }
    compare("bytes", {name: readable(text) for name, text in found.items()})


OPEN = {
    "open quotes": 'k#: "open',
    "open quotes, indented": ' k#: "open',
    "open brackets": "k#: [open",
    "open brackets, indented": "  k#: [open",
    "items": "- [open",
    "items of quotes": "- 'open",
    "texts": "word # of many",
}
"""Lines of which many would take long to look through for where each of their values ends."""


def test_yaml_is_read_as_it_always_was() -> None:
    def read(text: str) -> str:
        node, found = read_yaml(text, 10)
        return "\n".join((tree(node), *map(said, found)))

    found = {name: read(text) for name, text in YAML.items()}
    for name, text in YAML.items():
        lines = text.splitlines()
        for number in range(len(lines)) if len(lines) > 1 else ():
            line = lines[number]
            for kind, other in (
                ("lost", []),
                ("indented", [f"  {line}"]),
                ("behind a tab", [f"\t{line}"]),
                ("joined", [line.replace(": ", ":")]),
                ("with a wide colon", [line.replace(": ", "：")]),
            ):
                found[f"{name}, {number + 1} {kind}"] = read("\n".join((*lines[:number], *other, *lines[number + 1 :])))
    for kind, line in OPEN.items():
        for number in (5, 60, 400):
            text = "\n".join(line.replace("#", str(each)) for each in range(number))
            places = (find_cause(text, blamed, 1) for blamed in (0, number // 2, number - 1, number + 5))
            found[f"{number} {kind}"] = " ".join(
                f"{each.line}:{each.column} {each.arguments['cause']}" for each in places
            )
    compare("yaml", {name: readable(text) for name, text in found.items()})


def types() -> Iterator[tuple[str, Type]]:
    """Each type of value that has a key, with the names of the keys that have it."""
    found: dict[str, tuple[Type, list[str]]] = {}

    def gather(name: str, type_: Type) -> None:
        known = found.setdefault(repr(type_), (type_, []))
        new = not known[1]
        if name not in known[1]:
            known[1].append(name)
        if not new:
            return
        if isinstance(type_, Fields):
            for field in type_.fields:
                gather(field.key, field.type)
        elif isinstance(type_, ListOf):
            gather(f"each of {name}", type_.item)
        elif isinstance(type_, MapOf):
            gather(f"key of {name}", type_.keys)
            gather(f"value of {name}", type_.values)

    for kind, fields in KINDS.items():
        gather(kind, fields)
    yield from ((", ".join(keys), type_) for type_, keys in found.values())


@pytest.mark.slow
def test_values_are_read_as_they_always_were() -> None:
    def read(type_: Type, text: str) -> str:
        node, _ = read_yaml(f"key: {text}")
        if node is None:
            return "no YAML"
        reading = ReadContext(ZONE, "content/alpha/news", PUBLISHED)
        (value,) = (value for _, value in node.pairs)
        result = plain(type_.read(value, "key", reading))
        where = [f"{key}@{line}:{column}" for key, (line, column) in sorted(reading.places.items())]
        wrong = [said(each).replace(f"'{text}'", "it") for each in reading.diagnostics]
        rest = [f"broken {' '.join(sorted(reading.broken))}"] if reading.broken else []
        result = "it" if result == plain(text) else result if len(result) < 200 else f"{result[:50]} … {result[-50:]}"
        return " | ".join((result, *few(where), *few(wrong), *rest, *(["hidden"] if reading.hidden else [])))

    def few(several: list[str]) -> list[str]:
        return several if len(several) < 5 else [*several[:2], f"{len(several)} in all", several[-1]]

    same: dict[str, list[str]] = {}
    for name, type_ in types():
        same.setdefault(grouped((text, read(type_, text)) for text in ROWS["any value"]), []).append(name)
    compare("values", {"; ".join(names): readable(text) for text, names in same.items()})


def test_words_mean_what_they_always_meant() -> None:
    """A word that is read today is read for ever."""
    found = {
        f"{module.__name__.removeprefix('builder.')}.{name}": " ".join(map(str, sorted(value)))
        for module in WITH_WORDS
        for name, value in sorted(vars(module).items())
        if isinstance(value, frozenset)
    }
    compare("words", found)


@pytest.mark.parametrize("kind", ["article", "event", "branch", "page"])
def test_heads_are_read_as_they_always_were(kind: str) -> None:
    def read(text: str) -> str:
        node, _ = read_yaml(text, 2)
        assert node is not None
        reading = ReadContext(ZONE, "content/alpha/news", PUBLISHED)
        values = KINDS[kind].read(node, "", reading)
        signs = [f"broken {' '.join(sorted(reading.broken))}", "hidden" if reading.hidden else "shown"]
        return "\n    ".join(
            (plain(values), *signs, plain(dict(sorted(reading.places.items()))), *map(said, reading.diagnostics))
        )

    heads = files_of((CONTENT.parent / "heads-read.txt").read_text("utf-8"))
    compare(f"heads-read-{kind}", {name: readable(read(text)) for name, text in heads.items()})

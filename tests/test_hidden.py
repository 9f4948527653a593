"""Hidden stays hidden: a draft whose head is damaged in any one way is in no file below sites/.

Most damage is tried on the loader alone, which decides what is live; a sample is built whole.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

import pytest
from conftest import NOW, ORGANIZATION, SmallSite, examples
from folders import Load, codes, load
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from builder.catalogue.states import resolve_states
from builder.content.documents import Document
from builder.content.front_matter import draft_line, split

pytestmark = pytest.mark.slow

__all__ = ["load"]

SECRET = "处分决定"
HEAD = ("title: 通报", "author: 组织委员", "tags: [纪律, 通报]")
BODY = f"# 通报\n\n{SECRET}，不得外传。\n\n---\n\n另一段。\n"
HIDING = ("draft: true", "expires: 2026-11-01", "date: 2027-06-01")
LATER = ("draft: true", "published: false", "草稿：是", "draft：“true”", "hidden: true", "darft: true", "  draft: true")
DAMAGES = json.loads((Path(__file__).parent / "cases" / "hidden.json").read_text("utf-8"))
"""What people and programs do to a head, and what they write instead of our keys: to be extended."""


def rows(*lines: str) -> str:
    """Lines as one text."""
    return "\n".join(lines)


def text_of(*head: str, body: str = BODY) -> str:
    """A valid text with that head."""
    return rows("---", *HEAD, *head, "---", body)


def is_live(document: Document) -> bool:
    """True if readers would see the document, had it never been good before."""
    (state,) = resolve_states([document], {}, datetime.fromisoformat(NOW))
    return state.live


Damage = tuple[str, bytes]


def damages(line: str) -> Iterator[Damage]:
    """Every damage of the list to a head that holds a hiding line, by a name for it."""
    head = (*HEAD, line)
    lines = ["---", *head, "---"]
    for name, text in (
        *_fences(head),
        *_lines(lines, line),
        *_moved(head, line),
        *_formats(line),
        *_copies(head, line),
        *_tables(head),
        *_signs(lines, line),
    ):
        yield name, text.encode()
    text = text_of(line)
    for encoding in DAMAGES["encodings"]:
        yield f"encoding {encoding}", text.encode(encoding, "replace")
    yield "read as Latin-1", text.encode().decode("latin-1").encode()
    yield "read as GBK", text.encode().decode("gb18030", "replace").encode()
    yield "bytes of no text", text.encode().replace(SECRET[:1].encode(), b"\xff" + SECRET[:1].encode(), 1)


def _fences(head: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for fence in DAMAGES["fences"]:
        yield f"both fences {fence!r}", rows(fence, *head, fence, BODY)
        yield f"first fence {fence!r}", rows(fence, *head, "---", BODY)
        yield f"second fence {fence!r}", rows("---", *head, fence, BODY)
    for before in DAMAGES["before"]:
        yield f"before {before!r}", before + rows("---", *head, "---", BODY)
        if "\n" not in before.strip():
            every = (f"{before.rstrip(chr(10))}{each}" for each in ("---", *head, "---"))
            yield f"before every line {before!r}", rows(*every, BODY)
        yield f"inside {before!r}", rows("---", before + rows(*head), "---", BODY)
        yield f"after {before!r}", rows("---", rows(*head) + before, "---", BODY)


def _lines(lines: list[str], line: str) -> Iterator[tuple[str, str]]:
    for number, each in enumerate(lines):
        head, tail = lines[:number], lines[number + 1 :]
        if each != line:
            yield f"lost line {number}", rows(*head, *tail, BODY)
            yield f"line {number} joined", rows(*head, each + "".join(tail[:1]), *tail[1:], BODY)
        yield f"doubled line {number}", rows(*head, each, each, *tail, BODY)
        yield f"blank line {number}", rows(*head, "", each, *tail, BODY)
        for indent in (" ", "  ", "    ", "\t", "\u00a0", "\u3000", "> ", "- ", "* "):
            yield f"line {number} behind {indent!r}", rows(*head, indent + each, *tail, BODY)


def _moved(head: tuple[str, ...], line: str) -> Iterator[tuple[str, str]]:
    for place in (0, 1, 2):
        order = [each for each in head if each != line]
        order.insert(place, line)
        yield f"order {place}", rows("---", *order, "---", BODY)
    whole = rows("---", *head, "---")
    yield "no fences", rows(*head, "", BODY)
    yield "no fences, no blank", rows(*head, BODY)
    yield "only the line", rows(line, "", BODY)
    yield "only the line, indented", rows(f"    {line}", "", BODY)
    yield "line behind the head", rows("---", *HEAD, "---", line, BODY)
    yield "line behind the head and a blank", rows("---", *HEAD, "---", "", line, "", BODY)
    yield "a second head", rows("---", *HEAD, "---", "---", line, "---", BODY)
    yield "a second head later", rows("---", *HEAD, "---", "", "# 通报", "", "---", line, "---", BODY)
    yield "an empty head before", rows("---", "---", whole, BODY)
    yield "a head of comments before", rows("---", "# 模板", "---", whole, BODY)
    yield "in a comment", rows("<!--", whole, "-->", BODY)
    yield "in a code block", rows("```yaml", *head, "```", BODY)
    yield "in a code block with fences", rows("```", whole, "```", BODY)
    yield "after a heading", rows("# 通报", "", whole, BODY)
    yield "behind the text", rows(BODY, whole, "")


def _formats(line: str) -> Iterator[tuple[str, str]]:
    key, value = line.split(": ", 1)
    yield "as JSON", rows("{", '"title": "通报",', f'"{key}": "{value}"', "}", BODY)
    yield "as JSON between hyphens", rows("---", f'{{"title": "通报", "{key}": "{value}"}}', "---", BODY)
    yield "as ---json", rows("---json", "{", '"title": "通报",', f'"{key}": "{value}"', "}", "---", BODY)
    yield "as TOML", rows("+++", 'title = "通报"', f'{key} = "{value}"', "+++", BODY)
    yield "as TOML, unquoted", rows("+++", "title = 通报", f"{key} = {value}", "+++", BODY)
    yield "as TOML in a table", rows("+++", 'title = "通报"', "[params]", f'{key} = "{value}"', "+++", BODY)
    yield "as TOML between hyphens", rows("---", 'title = "通报"', f"{key} = {value}", "---", BODY)


def _copies(head: tuple[str, ...], line: str) -> Iterator[tuple[str, str]]:
    """What other programs show of a head, copied from there."""
    key, value = line.split(": ", 1)
    lines = ["---", *head, "---"]
    for form in DAMAGES["numbered"]:
        yield (
            f"lines numbered {form!r}",
            rows(*(form.format(number, each) for number, each in enumerate(lines, 1)), BODY),
        )
    for sign in DAMAGES["signs"]:
        yield f"sign {sign!r}", rows(*(sign + each for each in lines), BODY)
        yield f"sign {sign!r} and a blank", rows(*(f"{sign} {each}" for each in lines), BODY)
        yield f"sign {sign!r} before the line", rows("---", *HEAD, f"{sign} {line}", "---", BODY)
    for before, after in DAMAGES["around"]:
        yield f"line between {before!r}", rows("---", *HEAD, before + line + after, "---", BODY)
        yield f"only a line between {before!r}", rows(before + line + after, "", BODY)
        yield f"key between {before!r}", rows("---", *HEAD, f"{before}{key}{after}: {value}", "---", BODY)
        yield f"all between {before!r}", before + rows(*lines) + after + "\n" + BODY
    for sign in DAMAGES["separators"]:
        yield f"separator {sign!r}", rows("---", *HEAD, key + sign + value, "---", BODY)
        yield f"separator {sign!r} and no fences", rows(key + sign + value, "", BODY)
    for sign in DAMAGES["joined"]:
        yield f"joined by {sign!r}", sign.join(lines) + "\n" + BODY
        yield f"joined by {sign!r} between fences", rows("---", sign.join(head), "---", BODY)
        yield f"joined by {sign!r} without fences", sign.join(head) + "\n\n" + BODY
    for end in DAMAGES["ends"]:
        yield f"end {end!r}", rows(*(each + end for each in lines), BODY)
    yield "line ends as signs", "\\n".join(lines) + "\n" + BODY
    yield "escaped", rows(*(re.sub(r"([-:_\[\]])", r"\\\1", each) for each in lines), BODY)
    yield "letters as entities", rows(*(each.replace(":", "&#58;").replace("-", "&#45;") for each in lines), BODY)
    yield "percent-encoded", rows(*(quote(each) for each in lines), BODY)
    yield "quoted-printable", rows(*(each.replace(":", "=3A").replace("-", "=2D") for each in lines), BODY)
    yield "letters that look alike", rows("---", *HEAD, line.replace("a", "а").replace("e", "е"), "---", BODY)
    yield (
        "mathematical letters",
        rows("---", *HEAD, re.sub("[a-z]", lambda a: chr(ord(a[0]) + 0x1D3B9), line), "---", BODY),
    )
    yield "letters spaced", rows(*(" ".join(each) for each in lines), BODY)
    yield "a fence joined to its head", rows("---" + head[0], *head[1:], "---", BODY)
    yield "a fence joined to its text", rows("---", *head, "---" + BODY)


def _tables(head: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """A head that became a table, a list of terms, or settings of another language."""
    pairs = [each.split(": ", 1) for each in head]
    key, value = pairs[-1]
    cells = [f"<tr><td>{name}</td><td>{word}</td></tr>" for name, word in pairs]
    yield "table in HTML", rows("<table>" + "".join(cells) + "</table>", "", BODY)
    yield (
        "table in HTML over lines",
        rows("<table>", *(each.replace("><", ">\n<") for each in cells), "</table>", "", BODY),
    )
    yield "terms in HTML", rows("<dl>", *(f"<dt>{name}</dt><dd>{word}</dd>" for name, word in pairs), "</dl>", "", BODY)
    yield "list of terms", rows(*(f"{name}\n: {word}\n" for name, word in pairs), BODY)
    yield "value on a line of its own", rows("---", *HEAD, f"{key}:", value, "---", BODY)
    yield "meta element", rows(f'<meta name="{key}" content="{value}">', "", BODY)
    yield "Org", rows("#+TITLE: 通报", f"#+{key.upper()}: {value}", "", BODY)
    yield "AsciiDoc", rows("= 通报", f":{key}: {value}", "", BODY)
    yield "Pandoc", rows("% 通报", "% 组织委员", f"% {key}: {value}", "", BODY)
    yield "INI", rows("[params]", *(f"{name}={word}" for name, word in pairs), "", BODY)
    yield "script", rows("---", f"const {key} = '{value}';", "---", BODY)


def _signs(lines: list[str], line: str) -> Iterator[tuple[str, str]]:
    whole = rows(*lines)
    yield "one line", " ".join(lines) + "\n" + BODY
    yield "tags for line ends", "<br>".join(lines) + "\n" + BODY
    wide = (chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in whole)
    yield "full width", "".join(wide) + "\n" + BODY
    for colon in DAMAGES["colons"]:
        yield f"colon {colon!r}", text_of(line.replace(": ", colon, 1))
        yield f"every colon {colon!r}", re.sub(r": (?=\S)", colon, whole) + "\n" + BODY
    for end in DAMAGES["line_ends"]:
        yield f"line end {end!r}", text_of(line).replace("\n", end)
    for cut in range(12):
        yield f"first {cut} characters lost", text_of(line)[cut:]


def draft_damages() -> Iterator[Damage]:
    """Damage to the line of a draft itself."""
    for key in DAMAGES["draft_keys"]:
        yield f"key {key!r}", text_of(f"{key}: true").encode()
        yield f"key {key!r}, value in Chinese", text_of(f"{key}: 是").encode()
    for value in DAMAGES["trues"]:
        yield f"value {value!r}", text_of(f"draft: {value}").encode()
        yield f"value {value!r}, first", rows(*("---", f"draft: {value}", *HEAD, "---", BODY)).encode()
    for line in DAMAGES["other_lines"]:
        yield f"line {line!r}", text_of(line).encode()
    for title in DAMAGES["titles"]:
        yield f"title {title!r}", rows("---", f"title: '{title}'", *HEAD[1:], "---", BODY.partition("\n")[2]).encode()
        yield f"heading {title!r}", rows("---", *HEAD[1:], "---", f"# {title}", BODY.partition("\n")[2]).encode()
    for text in DAMAGES["certain_texts"]:
        yield f"text {text!r}", rows(text, "", BODY).encode()
    for line in (
        "draft:true",
        "draft true",
        "draft\ttrue",
        "draft;true",
        "draft：true",
        "draft = true",
        "草稿：是",
        "草稿:是",
        "- draft: true",
        "draft: true:",
        "  draft:true",
    ):
        yield f"written {line!r}", text_of(line).encode()
        yield f"written {line!r}, first", rows(*("---", line, *HEAD, "---", BODY)).encode()
        yield f"written {line!r} in the text", text_of(body=f"{line}\n\n{BODY}").encode()
    for line in DAMAGES["heads_later"]:
        for first, last in (("", ""), ("---", "---"), ("---;", " ---"), ("－－－", "---"), ("\u200b---", "\u200b---")):
            head = (first, "title: 通报", line, "tags: [纪律, 通报]", last)
            yield f"{line!r} between {first!r} behind a paragraph", rows("请看下文。", "", *head, BODY).encode()
            yield f"{line!r} between {first!r} in the text", text_of(body=rows("请看。", "", *head, BODY)).encode()
    for line in DAMAGES["alone"]:
        yield f"{line!r} without a head", rows(line, "", BODY).encode()
        yield f"{line!r} behind a head", text_of(body=f"{line}\n\n{BODY}").encode()
    for inside in (
        "summary: |\n  一段话\n  draft: true",
        "summary: >\n  draft: true",
        "summary: 一段话\n  draft:true",
        'summary: "一段话\n  draft: true"',
    ):
        yield f"within {inside!r}", text_of(inside).encode()


def all_damages() -> Iterator[Damage]:
    """All damages, to each of the lines that hide."""
    yield from draft_damages()
    for line in HIDING:
        for name, content in damages(line):
            yield f"{line}: {name}", content


def test_no_damage_of_the_list_publishes_what_is_hidden(load: Load) -> None:
    files = {f"news/2026-11-20-{number:05}.md": content for number, (_, content) in enumerate(all_damages())}
    names = [name for name, _ in all_damages()]
    documents = load(files).documents
    assert len(documents) == len(names) > 2500
    live = {document.path: names[int(document.path[-8:-3])] for document in documents if is_live(document)}
    assert sorted(live.values()) == []


NASTY = " \t\n\r\u00a0\u3000\u200b\ufeff\u00ad-—－_=+~*.:：;；,，、|>\"'“”‘’`!@%&[]{}()<>/\\?0x草稿真否"
LINE = st.sampled_from(HIDING)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A valid draft, with any characters of its head lost, doubled, exchanged, or others put between them; of the line that
    hides only one, or nobody could tell any more what it was."""
    line = draw(LINE)
    order = draw(st.permutations([*HEAD, line]))
    text = rows("---", *order, "---", BODY)
    end = text.index("---", 3) + 3
    start = draw(st.integers(0, end))
    inside = text.index(line) - 2 <= start <= text.index(line) + len(line)
    length = draw(st.integers(0, 1 if inside else 3))
    put = draw(st.text(NASTY, max_size=1 if inside else 3)) if draw(st.booleans()) else text[start : start + length] * 2
    if draw(st.booleans()):
        head = text[:end]
        each = draw(st.sampled_from(["upper", "title", "swapcase"]))
        text = getattr(head, each)() + text[end:]
    found = text[:start] + put + text[start + length :]
    # Another date is no damage that shows.
    assume(line == HIDING[0] or line.partition(": ")[2] in found)
    return found


@settings(max_examples=examples(200), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=damaged())
def test_no_other_damage_publishes_what_is_hidden(load: Load, text: str) -> None:
    (document,) = load({"news/2026-11-20-a.md": text}).documents
    assert not is_live(document) or SECRET not in text


@pytest.mark.parametrize("line", DAMAGES["harmless_lines"])
def test_values_that_hide_nothing_withhold_nothing(load: Load, line: str) -> None:
    (document,) = load({"news/2026-11-20-a.md": text_of(line)}).documents
    assert is_live(document), codes(document)


@pytest.mark.parametrize("line", DAMAGES["doubtful_lines"])
def test_a_doubtful_line_is_published_and_told(load: Load, line: str) -> None:
    kept = [each for each in HEAD if each.partition(":")[0] != line.partition(":")[0]]
    (document,) = load({"news/2026-11-20-a.md": rows("---", *kept, line, "---", "文。")}).documents
    assert is_live(document), codes(document)
    assert codes(document) == ["hiding-doubtful"]


@pytest.mark.parametrize("text", DAMAGES["doubtful_texts"])
def test_a_doubtful_text_is_published_and_told(load: Load, text: str) -> None:
    (document,) = load({"news/2026-11-20-a.md": f"{text}\n\n{BODY}"}).documents
    assert is_live(document), codes(document)
    assert codes(document) == ["hiding-doubtful"]


@pytest.mark.parametrize("name", ["2026-11-20-草稿-通报", "2026-11-20-report-draft", "2026-11-20-report.draft"])
def test_a_name_that_says_draft_is_told(load: Load, name: str) -> None:
    (document,) = load({f"news/{name}.md": text_of(body="文。")}).documents
    assert is_live(document)
    assert codes(document) == ["hiding-doubtful"]


def test_a_folder_whose_name_says_draft_is_told(load: Load) -> None:
    (document,) = load({"news/2026-11-20-草稿-通报/index.md": text_of(body="文。")}).documents
    assert is_live(document)
    assert codes(document) == ["hiding-doubtful"]


@pytest.mark.parametrize(
    "text",
    [
        text_of(body="这样写草稿：\n\n```yaml\ntitle: 通报\ndraft: true\n```\n"),
        text_of(
            body="为加强内部资料管理，规范内部文件的起草、审核、印发和归档工作，现将修订后的管理办法印发给你们，请遵照执行。\n"
        ),
        text_of(body="第一段。\n\n第二段。\n\n仅供内部\n"),
    ],
)
def test_what_a_text_speaks_of_is_no_doubt(load: Load, text: str) -> None:
    (document,) = load({"news/2026-11-20-a.md": text}).documents
    assert is_live(document)
    assert codes(document) == []


def test_a_draft_that_also_says_so_elsewhere_is_a_draft_and_nothing_is_told(load: Load) -> None:
    text = rows("---", "title: 【草稿】通报", "tags: [草稿]", "draft: true", "---", "仅供内部", "")
    (document,) = load({"news/2026-11-20-a.md": text}).documents
    assert not is_live(document)
    assert codes(document) == []


@pytest.mark.parametrize(
    "title",
    ["关于草案的通知", "管理办法（草稿）征求意见", "《草稿》读后", "Drafting rules", "草稿纸回收", "[Drafts] 与邮箱"],
)
def test_titles_that_only_speak_of_drafts_are_published(load: Load, title: str) -> None:
    text = rows("---", f'title: "{title}"', "---", "文。", "")
    (document,) = load({"news/2026-11-20-a.md": text}).documents
    assert is_live(document)
    assert codes(document) == []


def test_a_sample_built_whole_is_in_no_file(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(ORGANIZATION)
    site.write(
        "--- content/alpha/branch.yml\nname: 甲支部\n--- content/alpha/news/2026-11-20-open.md\n# 公开\n\n正文。\n"
    )
    for number, (_, content) in enumerate(all_damages()):
        if number % 7 == 0:
            (site.root / f"content/alpha/news/2026-11-20-{number:05}.md").write_bytes(content)
    result = site.build()
    assert sum(each.severity == "error" for each in result.problems) > 150
    assert site.exists("alpha/news/2026-11-20-open/index.html")
    assert site.mentions(SECRET) == []
    assert site.mentions("draft: true") == []


@pytest.mark.parametrize(
    "line",
    LATER,
)
def test_what_is_meant_to_be_hidden_leaves_the_sites_at_once(make_site: Callable[[str], SmallSite], line: str) -> None:
    site = make_site(ORGANIZATION)
    site.write("--- content/alpha/branch.yml\nname: 甲支部\n")
    file = site.root / "content/alpha/news/2026-11-20-a.md"
    file.parent.mkdir()
    file.write_text(text_of(), "utf-8")
    site.build()
    assert site.mentions(SECRET)
    file.write_text(text_of(line), "utf-8")
    site.build()
    assert site.mentions(SECRET) == []


PLACES = {
    "voices/2026-11-20-a.yml": (
        "text: 处分决定\nDraft: 是\n",
        "text: 处分决定\n  draft: true\n",
        "text: |\n  处分决定\n  draft: true\n",
    ),
    "voices/2026-11-20-b.yml": (
        "---\ntext: 处分决定\n---\ndraft: true\n",
        "+++\ntext = '处分决定'\ndraft = true\n+++\n",
        "text: 处分决定\n草稿：是\n",
    ),
    "policies/2026-11-20-a.md": ("---\ntitle: 处分决定\nstatus: draft\n---\n文\n",),
    "events/2026-11-20-a.md": ("---\ntitle: 处分决定\nstarts: 2026-12-01\nstatus: private\n---\n文\n",),
    "about.md": (
        "---\ntitle: 处分决定\nhidden: true\n---\n",
        "---\ntitle: 处分决定\n日期: 2027-06-01\n---\n",
        "title: 处分决定\ndraft: true\n",
    ),
}


@pytest.mark.parametrize(("path", "text"), [(path, text) for path, texts in PLACES.items() for text in texts])
def test_every_kind_of_file_can_be_hidden(load: Load, path: str, text: str) -> None:
    (document,) = load({path: text}).documents
    assert not is_live(document)


def test_topics_pages_of_the_hub_and_defaults_can_hide(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(ORGANIZATION).write(
        "--- content/hub/topics/a.md\n---\ntitle: 处分决定\ndate: 2027-06-01\n---\n文\n"
        "--- content/hub/b.md\n---\ntitle: 处分决定\npublished: false\n---\n文\n"
        "--- content/beta/branch.yml\nname: 乙支部\ndefaults: {Draft: 是}\n"
        "--- content/beta/news/2026-11-20-a.md\n# 处分决定\n\n文\n"
        "--- content/gamma/branch.yml\nname: 丙支部\ndefaults: {hidden: true}\n"
        "--- content/gamma/news/2026-11-20-a.md\n# 处分决定\n\n文\n"
    )
    site.build()
    assert site.mentions(SECRET) == []


@pytest.mark.parametrize(
    "text",
    [
        "# 通知\n\n时间：12月5日下午两点\n\n地点：报告厅\n",
        "# 通知\n\n时间：2026年12月5日下午两点\n\n地点：报告厅\n",
        "# 会议纪要\n\n日期：2026年11月20日\n地点：会议室\n主持人：张三\n\n会议内容。\n",
        "# 会议纪要\n\n- **日期**：2026年11月20日\n- **记录人**：张三\n\n会议内容。\n",
        "# 通知\n\n<table><tr><td>日期</td><td>2026年12月5日</td></tr><tr><td>地点</td><td>报告厅</td></tr></table>\n\n文\n",
        "# 名词\n\n<dl><dt>作者</dt><dd>写文章的人</dd></dl>\n\n文\n",
        "# 草稿修改意见\n\n审核：张三\n发布：校办公室\n\n正文\n",
        "# Draft\n\n状态：进行中\n公开：是\n\n正文\n",
        "草稿怎么写\n\n# 通知\n\n正文\n",
        "# 通知\n\n作者：张三\n\n---\n\n正文\n",
        "# Guide\n\n---\n\nSome text.\n",
        "---\ntitle: 教程\n---\n写法：\n\n```yaml\n---\ntitle: x\ndraft: true\n---\n```\n\n用 `draft: true` 隐藏。\n",
        "---\ntitle: 文\n---\n\n---\n\n来源：校报\n\n正文\n",
        "# 汇编\n\n第一份。\n\n标题：通知\n作者：张三\n日期：2026-11-20\n\n正文\n",
        "# Notes\n\nText.\n\nTitle: A\nAuthor: B\nDate: 2026-11-20\n\nMore.\n",
        "# 教程\n\n这样写：\n\n```yaml\ntitle: x\ntags: [y]\ndraft: true\n```\n\n文\n",
        "# A\n\n| Title | Date |\n|---|---|\n| a | b |\n",
        "# A\n\nhttps://example.org/\n\nTime: 3pm\nPlace: here\n",
    ],
)
def test_prose_that_only_looks_like_settings_is_published(load: Load, text: str) -> None:
    (document,) = load({"news/2026-11-20-a.md": text}).documents
    assert is_live(document), codes(document)


@pytest.mark.parametrize(
    "text",
    [
        "日期：2027-06-01\n\n处分决定\n",
        "标题：处分决定\n日期：2027-06-01\n地点：会议室\n\n文\n",
        "# 处分决定\n\n发布日期：2027年6月1日\n地点：会议室\n\n文\n",
        "# 处分决定\n\n日期：2027-06-01\n主持人：张三\n草稿：是\n\n文\n",
    ],
)
def test_settings_beside_a_place_are_settings(load: Load, text: str) -> None:
    (document,) = load({"news/2026-11-20-a.md": text}).documents
    assert not is_live(document)


def test_toml_is_read(load: Load) -> None:
    text = (
        '+++\ntitle = "标题"\ndate = 2026-11-19T16:30:00Z\ntags = ["甲", "乙"]\ndraft = false\n[source]\nname = "校报"\n'
        'url = "https://example.org/"\n+++\n文\n'
    )
    (document,) = load({"news/2026-11-20-a.md": text}).documents
    assert codes(document) == []
    assert document.entry is not None
    assert (document.entry.title, document.entry.tags, document.entry.date.isoformat()) == (
        "标题",
        ("甲", "乙"),
        "2026-11-20T00:30:00+08:00",
    )
    (wrong,) = load({"news/2026-11-20-a.md": '+++\ntitle = "标题"\ndraft = yes\n+++\n文\n'}).documents
    assert [(each.code, each.line) for each in wrong.problems] == [("front-matter-syntax", 3)]


def test_a_head_of_another_kind_may_be_empty_or_lack_its_first_fence() -> None:
    empty, fault = split("+++\n+++\n文。\n")
    assert (empty.matter, empty.body, fault) == ("", "文。\n", None)
    for more, read in ((58, True), (59, False)):
        head = "title: 题\ndate: 2026-11-20\n" + "".join(f"k{number}: x\n" for number in range(more))
        assert (split(f"{head}---\n文。\n")[0].matter is not None) == read, "a longer one is a text"


def test_a_stamp_is_a_short_line() -> None:
    for signs, told in ((11, True), (14, False)):
        assert (draft_line(f"{'【' * signs}草稿{'】' * signs}\n\n文。\n", 1) is not None) == told


def test_whatever_becomes_a_sign_between_key_and_value_makes_a_head() -> None:
    signs = [sign for sign in map(chr, range(0x110000)) if set(":=∶꞉ː") & set(unicodedata.normalize("NFKC", sign))]
    assert len(signs) > 10
    for sign in [*signs, "&colon;", "&#58;"]:
        assert draft_line(f"Words.\n\ntitle{sign} A\nexpires{sign} 2020-01-01\n", 1) is not None, ascii(sign)
    for left, right in ("<>", "＜＞"):
        rows = (f"{left}meta name={key} content={value}{right}" for key, value in (("title", "A"), ("draft", "true")))
        assert draft_line("Words.\n\n" + "\n".join(rows), 1) is not None

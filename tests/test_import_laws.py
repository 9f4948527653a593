"""Laws of imports: numbers are those that a small model counts, and what is written as Markdown reads as it was."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from conftest import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from lxml import html as lxml_html

from builder.content.markdown import render
from builder.edit.imports.markdown import to_markdown
from builder.edit.imports.word.number_forms import chinese, written
from builder.edit.imports.word.numbering import Numbering
from builder.edit.imports.word.styles import Styles

SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
# By hand, from ECMA-376, part 1, 17.18.59, as far as the model counts.
SIGNS = {
    "decimal": [str(number) for number in range(1, 41)],
    "chineseCounting": "一 二 三 四 五 六 七 八 九 十 十一 十二 十三 十四 十五 十六 十七 十八 十九 二十 二十一 二十二".split(),
    "upperRoman": "I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XVII XVIII XIX XX XXI XXII".split(),
    "lowerLetter": [*"abcdefghijklmnopqrstuvwxyz", "aa", "bb", "cc"],
    "decimalEnclosedCircle": list("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒"),
    "ideographTraditional": list("甲乙丙丁戊己庚辛壬癸甲乙丙丁戊己庚辛壬癸甲乙"),
}
FORMS = st.sampled_from(sorted(SIGNS))
LEVELS = st.lists(st.tuples(FORMS, st.integers(1, 3), st.booleans()), min_size=3, max_size=3)
PARAGRAPHS = st.lists(st.integers(0, 2), max_size=12)


@dataclass
class Model:
    """Counts as a person does who numbers a text by hand: a new number above begins everything below it anew."""

    levels: list[tuple[str, int, bool]]
    path: list[int | None] = field(default_factory=lambda: [None, None, None])

    def next(self, level: int) -> str:
        first = self.levels[level][1]
        own = self.path[level]
        self.path[level] = first if own is None else own + 1
        self.path[level + 1 :] = [None] * (2 - level)
        for above in range(level):
            if self.path[above] is None:
                self.path[above] = self.levels[above][1]
        shown = range(level + 1) if self.levels[level][2] else [level]
        return ".".join(SIGNS[self.levels[each][0]][(self.path[each] or 1) - 1] for each in shown) + "、"


def _numbering(levels: list[tuple[str, int, bool]]) -> Numbering:
    rows = ""
    for level, (form, start, whole) in enumerate(levels):
        text = ".".join(f"%{each + 1}" for each in range(level + 1)) if whole else f"%{level + 1}"
        look = f'<w:numFmt w:val="{form}"/><w:lvlText w:val="{text}、"/>'
        rows += f'<w:lvl w:ilvl="{level}"><w:start w:val="{start}"/>{look}</w:lvl>'
    root = etree.fromstring(
        f'<w:numbering {SPACE}><w:abstractNum w:abstractNumId="5">{rows}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="5"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="5"/></w:num></w:numbering>'
    )
    return Numbering(root, Styles(None))


def _paragraph(level: int, number: int) -> Any:
    return etree.fromstring(
        f'<w:p {SPACE}><w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr></w:pPr></w:p>'
    )


@given(LEVELS, PARAGRAPHS, st.data())
def test_numbers_are_those_of_a_person_who_counts(
    levels: list[tuple[str, int, bool]], paragraphs: list[int], data: st.DataObject
) -> None:
    numbering, model = _numbering(levels), Model(levels)
    for level in paragraphs:
        # Two lists of one definition go on with each other's numbers.
        label = numbering.label(_paragraph(level, data.draw(st.sampled_from([1, 2]))))
        assert label is not None
        assert (label.level, label.text) == (level, model.next(level))


@given(st.integers(1, 99_999_999))
def test_chinese_numbers_can_be_read_back(number: int) -> None:
    digits = {sign: value for value, sign in enumerate("〇一二三四五六七八九")}
    units = {"十": 10, "百": 100, "千": 1000}

    def below(text: str) -> int:
        total, digit = 0, 0
        for sign in text:
            if sign in units:
                total, digit = total + (digit or 1) * units[sign], 0
            else:
                digit = digits[sign]
        return total + digit

    high, mark, low = chinese(number).rpartition("万")
    assert (below(high) * 10_000 if mark else 0) + below(low) == number


@given(st.integers(1, 3999))
def test_roman_numbers_can_be_read_back(number: int) -> None:
    values = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
    signs = [values[sign] for sign in written(number, "upperRoman")]
    assert sum(-one if one < next_one else one for one, next_one in zip(signs, [*signs[1:], 0], strict=True)) == number


def test_ordinal_numbers_are_written_as_they_are_spoken() -> None:
    numbers = (1, 2, 3, 4, 11, 12, 13, 21, 22, 23, 101, 111, 112, 113, 1011)
    expected = "1st 2nd 3rd 4th 11th 12th 13th 21st 22nd 23rd 101st 111th 112th 113th 1011th"
    assert [written(number, "ordinal") for number in numbers] == expected.split()


SIGNS_AND_WORDS = [*"ab1 *_`[]()<>!#|$~\\&;:.-+=\"'", *"中文，。：“”（）、《》", "&amp;", "http://x.cn/a_b"]
WORDS = st.lists(st.sampled_from(SIGNS_AND_WORDS), max_size=10).map("".join)


def _inline(depth: int) -> st.SearchStrategy[str]:
    from html import escape

    plain = WORDS.map(lambda text: escape(text, quote=False))
    if not depth:
        return plain
    inner = st.lists(_inline(depth - 1), max_size=3).map("".join)
    styled = st.tuples(st.sampled_from(["strong", "em", "del", "sup", "span"]), inner)
    return plain | styled.map(lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0]}>")


PARAGRAPH = st.lists(_inline(2), min_size=1, max_size=4).map("".join)
# In cells and items as anywhere, words may stand beside a block, or around it.
INSIDE = PARAGRAPH | st.tuples(PARAGRAPH, st.sampled_from(["p", "div", "h3"]), PARAGRAPH, PARAGRAPH).map(
    lambda parts: f"{parts[0]}<{parts[1]}>{parts[2]}</{parts[1]}>{parts[3]}"
)
BLOCK = (
    PARAGRAPH.map(lambda text: f"<p>{text}</p>")
    | PARAGRAPH.map(lambda text: f"<h2>{text}</h2>")
    | INSIDE.map(lambda text: f"<div>{text}</div>")
    | st.lists(INSIDE, min_size=1, max_size=3).map(
        lambda items: "<ul>" + "".join(f"<li>{each}</li>" for each in items) + "</ul>"
    )
    | st.lists(INSIDE, min_size=4, max_size=4).map(
        lambda cells: "<table><tr>{}</tr><tr>{}</tr></table>".format(
            *("".join(f"<td>{each}</td>" for each in row) for row in (cells[:2], cells[2:]))
        )
    )
)


def _letters(text: str) -> str:
    return "".join(text.split())


@settings(max_examples=examples(30))
@given(st.lists(BLOCK, max_size=3).map("".join))
def test_markdown_says_what_the_page_said(page: str) -> None:
    root = lxml_html.fragment_fromstring(page, create_parent="div")
    body = render(to_markdown(root), title="")
    html = body.html([{} for _ in body.links])
    read = lxml_html.fragment_fromstring(html, create_parent="div").text_content()
    assert _letters(read) == _letters(root.text_content())

"""The Markdown that authors write: what it becomes, what is found in it, and that nothing makes it slow or unsafe.

The cases in ``cases/markdown`` are what any other engine would have to pass.
"""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable
from pathlib import Path

import html5lib
import pytest
from conftest import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder.content.markdown import Body, Options, TooComplex, render
from builder.content.markdown.foreign import FOREIGN
from builder.messages.formats import describe
from builder.messages.problems import problem_of
from builder.messages.translation import translator

CASES = Path(__file__).parent / "cases" / "markdown"


def shown(body: Body) -> str:
    """The HTML with every address as it was written."""
    return body.html([{"href" if link.kind == "link" else "src": link.target} for link in body.links])


def cases() -> list[tuple[str, str, str]]:
    found = []
    for file in sorted(CASES.glob("*.txt")):
        parts = re.split(r"^=== (?:markdown|html)\n", file.read_text("utf-8"), flags=re.MULTILINE)[1:]
        found += [
            (f"{file.stem}-{number}", parts[2 * number], parts[2 * number + 1]) for number in range(len(parts) // 2)
        ]
    return found


@pytest.mark.parametrize(("name", "markdown", "html"), cases(), ids=lambda value: value if len(value) < 20 else "")
def test_conformance(name: str, markdown: str, html: str) -> None:
    assert shown(render(markdown.removesuffix("\n"))).strip() == html.strip(), name


class TestTitles:
    def test_the_first_heading_is_the_title_and_is_not_repeated(self) -> None:
        body = render("# 标题\n\n文\n\n## 小标题")
        assert body.title == "标题"
        assert shown(body).startswith("<p>文</p>")
        assert [heading.text for heading in body.headings] == ["小标题"]

    def test_a_heading_that_repeats_the_title_is_taken_out(self) -> None:
        assert render("#  标 题\n\n文", title="标题").title == "标 题"

    def test_other_first_level_headings_move_down(self) -> None:
        body = render("# 一\n\n## 二", title="别的")
        assert [(heading.level, heading.text) for heading in body.headings] == [(2, "一"), (3, "二")]
        assert "<h1" not in shown(body)

    @pytest.mark.parametrize(
        ("written", "levels"),
        [("### a\n\n### b", [2, 2]), ("## a\n\n#### b\n\n### c", [2, 3, 3]), ("#### a\n\n## b\n\n# c", [2, 2, 2])],
    )
    def test_no_level_is_left_out(self, written: str, levels: list[int]) -> None:
        body = render(written, title="标题")
        assert [heading.level for heading in body.headings] == levels
        html = "".join(body.segments)
        assert [int(level) for level in re.findall(r"<h(\d)", html)] == levels
        assert [int(level) for level in re.findall(r"</h(\d)", html)] == levels

    @pytest.mark.parametrize(
        ("written", "shown_as"),
        [
            ("一行，\n二行", "一行，二行"),
            ("一行\n“二行”\n三行", "一行“二行”三行"),
            ("one\ntwo", "one two"),
            ("“one”\n“two”", "“one” “two”"),
            ("中文\nEnglish", "中文 English"),
        ],
    )
    def test_lines_of_chinese_are_joined_without_a_space(self, written: str, shown_as: str) -> None:
        assert render(written).first_paragraph == shown_as

    def test_lines_of_code_stay(self) -> None:
        assert "一\n二" in shown(render("```\n一\n二\n```"))

    def test_footnotes_have_a_heading_and_a_way_back(self) -> None:
        body = render("文[^1]\n\n[^1]: 注")
        html = "".join(body.segments)
        assert '<section class="footnotes">\n<h2>注释</h2>' in html
        assert 'aria-label="回到正文"' in html
        assert body.headings == ()
        assert "注释" not in body.text


class TestPlaces:
    def test_links_and_pictures_say_where_they_stand(self) -> None:
        text = "见[甲](a.md)和![乙](b.jpg)\n\n- <https://example.org>\n\n<p><a href='c.md'>丙</a></p>"
        links = [(link.kind, link.target, link.line, link.column) for link in render(text, first_line=5).links]
        assert links == [
            ("link", "a.md", 5, 2),
            ("image", "b.jpg", 5, 12),
            ("link", "https://example.org", 7, 3),
            ("link", "c.md", 9, None),
        ]

    def test_text_and_first_paragraph(self) -> None:
        body = render("# 题\n\n![图](a.jpg)\n\n- 项\n\n第一段**重点**。\n\n第二段。", title="题")
        assert body.first_paragraph == "第一段重点。"
        assert body.text == "项\n第一段重点。\n第二段。"

    def test_anchors_are_all_ids(self) -> None:
        body = render("## 甲\n\n文[^1]\n\n<p id='x'>y</p>\n\n[^1]: 注")
        assert set(body.anchors) == {"甲", "fnref-1", "x", "fn-1"}
        assert set(re.findall(r' id="([^"]+)"', shown(body))) == set(body.anchors)


class TestFindings:
    @pytest.mark.parametrize(
        ("text", "code", "place"),
        [
            ("![](a.jpg)", "image-alt-missing", (1, 1)),
            ("{{< figure >}}", "foreign-syntax", (1, 1)),
            ("一\n\n!!! note", "foreign-syntax", (3, 1)),
            ("[TOC]", "foreign-syntax", (1, 1)),
            ("## 题 {#id}", "foreign-syntax", (1, 6)),
            ("::: tip", "foreign-syntax", (1, 1)),
            ("<!-- 好 --> 字 <!-- 未完\n\n后面", "html-unclosed", (1, 14)),
            ("注[^甲 乙]", "footnote-missing", (1, 2)),
            ("[^1]：说明", "foreign-syntax", (1, 1)),
            ("H~2~O", "foreign-syntax", (1, 2)),
            ("10^3^", "foreign-syntax", (1, 3)),
            ("[站](https://a.cn/x y)", "foreign-syntax", (1, 3)),
            ("@[toc]", "foreign-syntax", (1, 1)),
            ("|甲|乙\n|1|2", "table-rule-missing", (1, 1)),
            ("--8<-- 'a'", "foreign-syntax", (1, 1)),
            (":material-x:", "foreign-syntax", (1, 1)),
            ("＃ 标题", "foreign-syntax", (1, 1)),
            ("[b]粗[/b]", "foreign-syntax", (1, 1)),
            ("==亮==", "foreign-syntax", (1, 1)),
            ("<font color='red'>红</font>", "raw-html-removed", (1, None)),
            ("<p style='color:red'>红</p>", "raw-html-removed", (1, None)),
            ("<script>x</script>", "raw-html-removed", (1, None)),
            ("<iframe src='https://evil.example/'></iframe>", "frame-refused", (1, None)),
        ],
    )
    def test_what_authors_are_told(self, text: str, code: str, place: tuple[int, int | None]) -> None:
        assert (code, place) in [(each.code, (each.line, each.column)) for each in render(text).diagnostics]

    @pytest.mark.parametrize(
        ("text", "advice"),
        [
            ("{{< param email >}} 或 {{< x >}}", "请删去它，在原处直接写出"),
            ("{% raw %}文{% endraw %}", "请删去它，在原处直接写出"),
            ("--8<-- 'a.md'", "请删去它，在原处直接写出"),
            ('{{< figure src="a.jpg" >}}', "请改写成：![…](…)"),
            ("[TOC]", "页面会自己列出目录"),
            ('=== "第一步"', "请改写成：## 第一步"),
            (":material-home: 首页", "请改写成：首页"),
            (":material-home:", "请删去它。"),
            (r"\(x_1\)", "请改写成：$x_1$"),
            (r"\[\frac{1}{2}\]", r"请改写成：$$\frac{1}{2}$$"),
        ],
    )
    def test_the_advice_for_syntax_of_other_tools_fits(self, text: str, advice: str) -> None:
        (found,) = (each for each in render(text).diagnostics[:1])
        assert advice in describe(problem_of(found, "content/a/news/a.md"), translator("zh")).how

    @pytest.mark.parametrize(
        ("text", "advice"),
        [
            ("<center>字</center>", "里面的文字还在"),
            ("<p style='color:red'>红</p>", "里面的文字还在"),
            ("<script>x</script>", "读者看不到它里面的内容"),
        ],
    )
    def test_the_advice_for_html_says_what_became_of_the_words(self, text: str, advice: str) -> None:
        (found,) = render(text).diagnostics
        assert advice in describe(problem_of(found, "content/a/news/a.md"), translator("zh")).how

    @pytest.mark.parametrize(
        "text",
        [
            "`{{< x >}}`",
            "```\n!!! note\n```",
            "{{ x }}",
            "a === b",
            "时间：3点",
            "3~5~8",
            "[a](b.pdf)",
            "[a](b c.pdf)",
            "$x^{2}$",
            "9:00:10",
            "[x]（见下）",
            "a[1] (注)",
            "C++ 和 i++",
            "(^_^)",
            "- [ ] 项",
            "#1 楼",
            "`**`",
            r"第\(一\)条 \[注\]",
        ],
    )
    def test_what_they_are_not_told(self, text: str) -> None:
        assert render(text).diagnostics == ()


def test_line_ends_of_any_kind_are_line_ends() -> None:
    assert shown(render("一\r\r二\r\n\r\n    三三三\r")) == shown(render("一\n\n二\n\n    三三三\n"))


class TestOptions:
    def test_frames_of_listed_hosts_may_stay(self) -> None:
        text = "<iframe src='https://video.example.org/1'></iframe><iframe src='https://evil.example/'></iframe>"
        html = shown(render(text, options=Options(frames_from=("video.example.org",))))
        assert "https://video.example.org/1" in html
        assert "<iframe" in html
        assert html.count("<iframe") == 1
        assert '<a href="https://evil.example/">' in html

    def test_raw_html_may_stay_but_cannot_break_out(self) -> None:
        html = shown(render("<section data-x='1'><button>按", options=Options(raw_html="allow")))
        assert '<section data-x="1"><button>按' in html
        assert html.count("</section>") == 1

    def test_added_words_are_in_the_language_of_the_text(self) -> None:
        assert "Note" in shown(render("> [!NOTE]\n> x", options=Options(language="en")))


HOSTILE: dict[str, Callable[[int], str]] = {
    "brackets": lambda n: "[" * n,
    "quotes": lambda n: ">" * n,
    "emphasis": lambda n: "*a " * n,
    "pictures": lambda n: "![" * n,
    "ticks": lambda n: "".join("`" * i + " " for i in range(int((2 * n) ** 0.5))),
    "angles": lambda n: "<" * n,
    "deep list": lambda n: "".join("  " * i + "- a\n" for i in range(int(n**0.5))),
    "list on a line": lambda n: "- " * n,
    "equal headings": lambda n: "# a\n\n" * (n // 4),
    "unclosed links": lambda n: "[a](<b" * (n // 6),
    "unclosed comments": lambda n: "<!--" * (n // 4),
    "footnotes": lambda n: "".join(f"[^{i}]: x\n\n" for i in range(n // 12)),
    "references": lambda n: "[a]: /x\n" * (n // 16) + "[a]" * (n // 6),
    "nested html": lambda n: "<div>" * n,
    "dollars": lambda n: "$" * n,
    "formulas": lambda n: "$a" * (n // 4),
    "entities": lambda n: "&amp;" * (n // 5),
    "one line": lambda n: "字" * n,
    "images on one line": lambda n: "![](a) " * (n // 14),
    "shortcodes": lambda n: "{{< " * (n // 8),
    "tags": lambda n: "{% x " * (n // 5),
}


LARGE: dict[str, Callable[[int], str]] = {
    "a tag that never ends": lambda n: "<div\n<" + "a" * n,
    "blanks before a table": lambda n: " " * n + "x-|",
    "unknown elements": lambda n: "".join(f"<x{i}/>" for i in range(n // 8)),
    "addresses written otherwise": lambda n: "<a href=&#x61;>x</a>" * (n // 20),
    "pictures written otherwise": lambda n: "<img src=&#x7a;q>" * (n // 17),
    "footnotes in a chain": lambda n: "".join(f"[^{i}]: [^{i + 1}]{'字' * 80}\n\n" for i in range(n // 98)),
    "addresses without blanks": lambda n: "https://a.b/" + "，www.a.b" * (n // 8),
    "names with blanks": lambda n: "](a (b" * (n // 6),
    "quotes in attributes": lambda n: "<p a='" * (n // 6),
    "backticks": lambda n: "".join("`" * i + " " for i in range(int((2 * n) ** 0.5))),
    "tildes and dollars": lambda n: "~a$b " * (n // 5),
    "comments": lambda n: "<!--" * (n // 4),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", LARGE)
def test_a_megabyte_costs_twice_what_half_of_it_costs(name: str) -> None:
    def cost(size: int) -> float:
        text = LARGE[name](size)
        start = time.process_time()
        with contextlib.suppress(TooComplex):
            render(text)
        return time.process_time() - start

    render("warm")
    small, large = cost(500_000), cost(1_000_000)
    assert large < 3 * small + 0.05


@pytest.mark.slow
@given(st.data())
@settings(max_examples=examples(20), deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_markup_of_other_tools_has_one_of_the_signs_by_which_it_is_looked_for(data: st.DataObject) -> None:
    for signs, pattern, _ in FOREIGN:
        # What makes strings knows no possessive quantifiers.
        line = data.draw(st.from_regex(re.sub(r"(?<!\\)([*+?}])\+", r"\1", pattern.pattern)))
        assert pattern.search(line) is None or any(sign in line for sign in signs), (pattern.pattern, line)


@pytest.mark.parametrize(
    ("language", "code"),
    [
        ("c", "\n" * 4900),
        ("java", "\n" * 4900),
        ("systemd", " " * 4000),
        ("fan", "a" * 4900),
        ("python", "x = 1\n" * 1000),
    ],
)
def test_code_that_would_cost_much_is_shown_plain(language: str, code: str) -> None:
    assert "<span" not in shown(render(f"```{language}\n{code}\n```"))


def test_code_is_highlighted_as_long_as_the_allowance_of_a_text_lasts() -> None:
    html = shown(render(("```python\n" + "x = 1\n" * 400 + "```\n\n") * 20))
    plain = html.count("<code>x = 1")
    assert 0 < plain < 20


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_cost_grows_no_faster_than_the_input(name: str) -> None:
    def cost(size: int) -> float:
        text = HOSTILE[name](size)
        best = 60.0
        for _ in range(3):
            start = time.process_time()
            with contextlib.suppress(TooComplex):
                render(text)
            best = min(best, time.process_time() - start)
        return best

    render("warm")
    small, large = cost(10_000), cost(40_000)
    # Four times the input: linear is 4, quadratic 16.
    assert large < 10 * small + 0.02


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("文\n\n" + "> " * 101 + "x", 3, "depth"),
        ("".join("  " * i + "- a\n" for i in range(150)), 101, "depth"),
        ("|a" * 300 + "|\n" + "|-" * 300 + "|\n" + "x\n" * 4400, 168, "cells"),
        ("<div>" * 400, 1, "depth"),
    ],
)
def test_what_is_too_complex_is_refused_with_its_line(text: str, line: int, reason: str) -> None:
    with pytest.raises(TooComplex) as error:
        render(text)
    assert (error.value.line, error.value.reason) == (line, reason)


@pytest.mark.parametrize(
    "text", ["普通的[一](a.md)[二](b.md)" * 300, "> 引\n>\n> > 再引\n\n" * 300, "|a|b|\n|-|-|\n" + "|1|2|\n" * 2000]
)
def test_ordinary_long_texts_are_not_refused(text: str) -> None:
    assert render(text).text


MARKS = st.text(alphabet="[]()<>!*_`#>-|\n ~$&;:/\"'=azAZ一“”，。\\{}%^", max_size=120)
RAW = st.sampled_from(
    [
        "<script>",
        "</script>",
        "<img src=x onerror=y>",
        "<a href='javascript:x'>",
        "<svg onload=x>",
        "<style>",
        "<p",
        "\"'>",
    ]
)


@given(st.lists(st.one_of(MARKS, RAW), max_size=8).map("".join))
@settings(max_examples=examples(150), deadline=None)
def test_whatever_is_written_the_html_is_whole_and_harmless(text: str) -> None:
    try:
        body = render(text)
    except TooComplex:
        return
    assert len(body.segments) == len(body.links) + 1
    html = shown(body)
    root = html5lib.parseFragment(html, namespaceHTMLElements=False)
    ids = []
    for element in root.iter():
        assert element.tag not in ("script", "style", "iframe", "object", "form")
        for name, value in element.attrib.items():
            assert not str(name).lower().startswith("on")
            if name in ("href", "src"):
                assert not value.strip().lower().startswith(("javascript:", "vbscript:", "data:text"))
        if "id" in element.attrib:
            ids.append(element.attrib["id"])
    assert len(ids) == len(set(ids))
    assert set(ids) == set(body.anchors)
    inside = html5lib.parseFragment(f"<main>{html}</main><footer></footer>", namespaceHTMLElements=False)
    assert [child.tag for child in inside] == ["main", "footer"]


@given(MARKS, MARKS)
@settings(max_examples=examples(50), deadline=None)
def test_an_address_cannot_leave_its_attribute(text: str, address: str) -> None:
    body = render(f"[a](x.md) {text}")
    html = body.html([{"href": address} for _ in body.links])
    assert html5lib.parseFragment(html, namespaceHTMLElements=False).find(".//script") is None

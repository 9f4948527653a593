"""Word documents of many makes: each as staff write it, and the entry that it becomes."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from conftest import SmallSite
from PIL import Image
from test_import_word import body_of, head_of, imported, report_of
from word_files import CENTER, HEI, KAI, RIGHT, SONG, TITLE_FONT, WordFile

from builder.edit.imports.word.look import Look
from builder.edit.imports.word.parts import day_in, parts_of
from builder.edit.imports.word.prepare import prepare_document


def picture(colour: str = "red", size: tuple[int, int] = (60, 40)) -> io.BytesIO:
    made = io.BytesIO()
    Image.new("RGB", size, colour).save(made, "JPEG", exif=_exif())
    made.seek(0)
    return made


def _exif() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F] = "CameraMaker"
    return exif


def test_headings_by_style_begin_below_the_title(site: SmallSite) -> None:
    word = WordFile()
    word.document.add_heading("工作总结", 0)
    word.document.add_heading("基本情况", 1)
    word.line("一段话。")
    word.document.add_heading("人员", 2)
    word.line("又一段。")
    entry = imported(site, word.content())
    assert entry.title == "工作总结"
    assert body_of(entry) == "## 基本情况\n\n一段话。\n\n### 人员\n\n又一段。"


@pytest.mark.parametrize(("size", "title"), [(15.0, ()), (16.0, ()), (16.5, (0,))])
def test_a_first_line_that_is_larger_than_the_next_is_the_title(size: float, title: tuple[int, ...]) -> None:
    looks = [Look("值班安排", 0, "", size, SONG), Look("周一到周五有人。", 0, "", 16.0, SONG)]
    assert parts_of(looks).title == title


def test_what_stands_in_a_table_is_no_title_and_stays_there() -> None:
    word = WordFile()
    cell = word.document.add_table(1, 1).cell(0, 0)
    line = word.line("关于填表的通知", TITLE_FONT, 22, CENTER)
    cell._tc.replace(cell.paragraphs[0]._p, line._p)
    word.line("安全月", TITLE_FONT, 22, CENTER)
    word.line("各支部请按时填表，并在月底以前报送办公室，由组织委员负责检查。")
    made = prepare_document(word.content(), "x.docx", official=False)
    assert (made.title, "关于填表的通知" in made.words) == ("安全月", True)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("示范大学二〇二六年三月三十一日", date(2026, 3, 31)), ("二〇二六年三月三十九日", None), ("二〇二六年十三月一日", None),
        ("示范大学2026年3月5日", date(2026, 3, 5)), ("2026.3.5", date(2026, 3, 5)), ("2026年3月5日起", None),
        ("二〇二六年三月", None),
    ],
)  # fmt: skip
def test_the_day_of_a_signature(text: str, day: date | None) -> None:
    assert day_in(text) == day


def test_a_single_first_heading_is_the_title(site: SmallSite) -> None:
    word = WordFile()
    word.document.add_heading("工作总结", 1)
    word.document.add_heading("基本情况", 2)
    word.line("一段话。")
    entry = imported(site, word.content())
    assert (entry.title, body_of(entry)) == ("工作总结", "## 基本情况\n\n一段话。")


def test_without_a_title_the_name_of_the_file_stands_for_it(site: SmallSite) -> None:
    word = WordFile()
    word.line("各党支部：")
    word.line("请于周三前报送名单。")
    entry = imported(site, word.content(), name="2026-11-20 报送名单_定稿.docx")
    assert entry.title == "报送名单 定稿"
    assert "No title was found" in report_of(entry)


def test_headings_by_look_and_prose_that_only_looks_like_one(site: SmallSite) -> None:
    word = WordFile()
    word.line("安全制度", TITLE_FONT, 22, CENTER)
    word.line("一、总则", HEI)
    word.line("（一）值班室不得离人。值班人员每两小时巡查一次，发现情况立即报告，并且做好记录。")
    word.line("（二）用电", KAI)
    word.line("二、人走断电，离开房间的最后一个人负责检查所有开关，并在登记表上签名。")
    word.line("奖惩办法", SONG, bold=True)
    word.line("每年评比一次。")
    entry = imported(site, word.content())
    assert body_of(entry).split("\n\n") == [
        "## 一、总则",
        "（一）值班室不得离人。值班人员每两小时巡查一次，发现情况立即报告，并且做好记录。",
        "### （二）用电",
        "二、人走断电，离开房间的最后一个人负责检查所有开关，并在登记表上签名。",
        "### 奖惩办法",
        "每年评比一次。",
    ]


def test_numbers_of_styles_that_build_on_others(site: SmallSite) -> None:
    """WPS writes the numbering into a style, and uses another one that is based on it."""
    word = WordFile()
    word.numbering(90, ("chineseCountingThousand", "第%1条"), ("lowerLetter", "%2)"))
    styles = word.document.styles
    base = styles.add_style("条文", 1)
    base.element.get_or_add_pPr().append(word.number_properties(90))
    child = styles.add_style("条文 子", 1)
    child.base_style = base
    word.line("管理办法", TITLE_FONT, 22, CENTER)
    word.line("本办法适用于全体党员，自公布之日起施行，由组织委员负责解释。", style="条文")
    word.line("党员应当按时参加组织生活，因故不能参加的，应当事先请假并说明原因。", style="条文 子")
    word.numbered(word.line("病假"), 90, 1)
    word.numbered(word.line("事假"), 90, 1)
    assert body_of(imported(site, word.content())).split("\n\n") == [
        "第一条 本办法适用于全体党员，自公布之日起施行，由组织委员负责解释。",
        "第二条 党员应当按时参加组织生活，因故不能参加的，应当事先请假并说明原因。",
        "a) 病假",
        "b) 事假",
    ]


def test_levels_of_several_numbers_and_lists(site: SmallSite) -> None:
    word = WordFile()
    word.numbering(91, ("decimal", "%1"), ("decimal", "%1.%2"), ("upperRoman", "%3."))
    word.line("手册", TITLE_FONT, 22, CENTER)
    for level, text in ((0, "开机。"), (1, "插电。"), (1, "按钮。"), (0, "关机。"), (1, "保存。"), (2, "备份。")):
        word.numbered(word.line(text), 91, level)
    word.line("买", style="List Bullet")
    word.line("米", style="List Bullet 2")
    word.line("油", style="List Bullet 2")
    word.line("送", style="List Bullet")
    word.line("甲", style="List Number")
    word.line("乙", style="List Number")
    assert body_of(imported(site, word.content())) == (
        "1 开机。\n\n1.1 插电。\n\n1.2 按钮。\n\n2 关机。\n\n2.1 保存。\n\nI. 备份。\n\n"
        "- 买\n  - 米\n  - 油\n- 送\n\n1. 甲\n2. 乙"
    )


def test_pictures_captions_and_what_no_browser_shows(site: SmallSite) -> None:
    word = WordFile()
    word.line("活动", TITLE_FONT, 22, CENTER)
    word.document.add_picture(picture())
    caption = word.line("图 ", align=CENTER)
    word.xml(caption, '<w:fldSimple w:instr=" SEQ 图 "><w:r><w:t>1</w:t></w:r></w:fldSimple>')
    caption.add_run(" 活动现场")
    word.line("中间的话。")
    word.document.add_picture(picture("blue"))
    word.document.add_picture(picture("red"))
    content = word.content()
    entry = imported(site, content)
    assert body_of(entry) == ('![活动现场](图-1.jpg "图 1 活动现场")\n\n中间的话。\n\n![](图-2.jpg)\n\n![](图-1.jpg)')
    assert "characters of the document are not in the entry" not in report_of(entry)
    files = {Path(path).name: made for path, made in entry.files.items()}
    assert sorted(files) == ["index.md", "图-1.jpg", "图-2.jpg"]
    assert not any(b"CameraMaker" in made for made in files.values())
    told = report_of(imported(site, repacked_names(content, "word/media/image2.jpg", "word/media/image2.emf")))
    assert "is a drawing of Windows (EMF)" in told


def repacked_names(content: bytes, old: str, new: str) -> bytes:
    """A package in which one part has another name."""
    import zipfile

    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as package, zipfile.ZipFile(made, "w") as other:
        for name in package.namelist():
            part = package.read(name).replace(Path(old).name.encode(), Path(new).name.encode())
            other.writestr(name.replace(old, new), part)
    return made.getvalue()


def test_tables_plain_merged_and_nested(site: SmallSite) -> None:
    word = WordFile()
    word.line("名单", TITLE_FONT, 22, CENTER)
    plain = word.document.add_table(2, 2)
    for place, text in enumerate(("姓名", "分工", "张|三", "记录")):
        plain.cell(place // 2, place % 2).text = text
    word.line("合并：")
    merged = word.document.add_table(2, 2)
    merged.cell(0, 0).merge(merged.cell(0, 1)).text = "总表"
    inner = merged.cell(1, 0).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "里", "外"
    merged.cell(1, 1).text = "乙"
    word.line("框：")
    word.document.add_table(1, 1).cell(0, 0).text = "只是一个框"
    body = body_of(imported(site, word.content()))
    assert "| 姓名 | 分工 |\n| --- | --- |\n| 张\\|三 | 记录 |" in body
    assert '<th colspan="2">总表</th>' in body or '<td colspan="2">总表</td>' in body
    assert body.count("<table>") == 2
    assert body.endswith("只是一个框")


def test_text_boxes_stand_behind_their_paragraph_once(site: SmallSite) -> None:
    word = WordFile()
    word.line("海报", TITLE_FONT, 22, CENTER)
    paragraph = word.line("正文在前。")
    lines = "".join(f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>" for words in ("框里的话", "第二句"))
    box = f"<w:txbxContent>{lines}</w:txbxContent>"
    other = "<w:txbxContent><w:p><w:r><w:t>另一个框</w:t></w:r></w:p></w:txbxContent>"
    word.xml(
        paragraph,
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wp:inline><a:graphic><a:graphicData>"
        f"<wps:wsp><wps:txbx>{box}</wps:txbx></wps:wsp><wps:wsp><wps:txbx>{other}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>",
    )
    word.line("正文在后。")
    entry = imported(site, word.content())
    # A drawing that held nothing else is gone, and is not told of as one that cannot be taken over.
    assert sorted(body_of(entry).split("\n\n")) == sorted(
        ["正文在前。", "框里的话", "第二句", "另一个框", "正文在后。"]
    )
    assert "Text boxes (2)" in report_of(entry)
    assert "Charts" not in report_of(entry)


def test_hidden_by_style_by_row_and_by_colour(site: SmallSite) -> None:
    word = WordFile()
    word.line("名册", TITLE_FONT, 22, CENTER)
    hidden = word.document.styles.add_style("内部", 1)
    hidden.font.hidden = True
    child = word.document.styles.add_style("内部 二", 1)
    child.base_style = hidden
    word.line("按样式隐藏", style="内部 二")
    white = word.line("看得见")
    word.xml(white, '<w:r><w:rPr><w:color w:val="FFFFFF"/></w:rPr><w:t>看不见的白字</w:t></w:r>')
    table = word.document.add_table(3, 2)
    for place, text in enumerate(("a", "b", "隐藏行", "x", "c", "d")):
        table.cell(place // 2, place % 2).text = text
    word.hide_row(table.rows[1])
    text = imported(site, word.content()).files
    body = next(made for path, made in text.items() if path.endswith(".md")).decode()
    assert "看得见" in body
    assert not any(words in body for words in ("按样式隐藏", "看不见", "隐藏行"))


def test_deleted_paragraph_marks_join_and_deleted_rows_go(site: SmallSite) -> None:
    word = WordFile()
    word.line("修订", TITLE_FONT, 22, CENTER)
    first = word.line("前半，")
    word.mark_deleted(first)
    word.line("后半。")
    table = word.document.add_table(2, 2)
    for place, text in enumerate(("甲", "乙", "删去的行", "丁")):
        table.cell(place // 2, place % 2).text = text
    word.delete_row(table.rows[1])
    word.line("完。")
    entry = imported(site, word.content())
    assert "前半，后半。" in body_of(entry)
    assert "删去的行" not in body_of(entry)


def test_footnotes_links_formulas_and_emphasis(site: SmallSite) -> None:
    word = WordFile()
    word.line("讲稿", TITLE_FONT, 22, CENTER)
    paragraph = word.line("请看")
    strong = paragraph.add_run("“重点”")
    strong.bold = True
    paragraph.add_run("内容，面积 m")
    paragraph.add_run("2").font.superscript = True
    word.xml(
        paragraph,
        "<m:oMath><m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath>",
    )
    paragraph.add_run(" 甲*乙_丙 [丁](戊) <b>")
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> HYPERLINK "https://example.org/a" </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>链接</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    word.xml(paragraph, field)
    entry = imported(site, word.content())
    assert body_of(entry) == (
        "请看**“重点”**内容，面积 m<sup>2</sup>$x^{2}$ 甲\\*乙_丙 \\[丁\\](戊) \\<b>[链接](https://example.org/a)"
    )


def test_a_table_of_contents_and_headers_are_told(site: SmallSite) -> None:
    word = WordFile()
    word.line("制度汇编", TITLE_FONT, 22, CENTER)
    word.line("目录", align=CENTER)
    word.document.styles.add_style("toc 1", 1)
    word.line("一、总则……1", style="toc 1")
    word.line("一、总则", HEI)
    word.line("从今天起施行。")
    word.document.sections[0].header.paragraphs[0].text = "内部资料"
    entry = imported(site, word.content())
    assert body_of(entry) == "## 一、总则\n\n从今天起施行。"
    assert "The table of contents was left out" in report_of(entry)
    assert "内部资料" in report_of(entry)


def test_kinds_that_need_more_say_what_to_fill_in(site: SmallSite) -> None:
    word = WordFile()
    word.line("读书会", TITLE_FONT, 22, CENTER)
    word.line("下午两点。")
    event = imported(site, word.content(), "alpha/events")
    assert "starts: 2026-11-23 14:00" in head_of(event)
    assert "Fill in before publishing: starts." in report_of(event)
    letter = imported(site, word.content(), "alpha/letters")
    assert 'question: "…"' in head_of(letter)


def test_a_letter_with_a_signature_is_no_policy(site: SmallSite) -> None:
    word = WordFile()
    word.line("感谢信", TITLE_FONT, 22, CENTER)
    word.line("谢谢大家。")
    word.line("2026年3月5日", align=RIGHT)
    entry = imported(site, word.content())
    assert head_of(entry) == 'title: "感谢信"\ndraft: true\n'
    assert body_of(entry) == "谢谢大家。\n\n2026年3月5日"


def test_strict_documents_are_read(site: SmallSite) -> None:
    word = WordFile()
    word.numbering(77, ("chineseCounting", "%1、"))
    word.line("标题", TITLE_FONT, 22, CENTER)
    word.numbered(word.line("总则", HEI), 77)
    word.line("正文。")
    usual = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    strict = repacked_words(word.content(), usual, b"http://purl.oclc.org/ooxml/wordprocessingml/main")
    assert body_of(imported(site, strict)) == "## 一、总则\n\n正文。"


def repacked_words(content: bytes, old: bytes, new: bytes) -> bytes:
    """A package in which other words stand in all XML."""
    import zipfile

    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as package, zipfile.ZipFile(made, "w") as other:
        for name in package.namelist():
            other.writestr(name, package.read(name).replace(old, new))
    return made.getvalue()


@pytest.mark.parametrize("change", [lambda parts: parts.pop("word/styles.xml", None)], ids=["no styles"])
def test_documents_without_a_usual_part(site: SmallSite, change: Callable[[dict[str, bytes]], object]) -> None:
    import zipfile

    word = WordFile()
    word.line("标题", HEI, 22, CENTER)
    word.line("正文。")
    with zipfile.ZipFile(io.BytesIO(word.content())) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    change(parts)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        for name, part in parts.items():
            package.writestr(name, part)
    assert body_of(imported(site, made.getvalue())) == "正文。"


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (("关于加强", "管理的通知"), "关于加强管理的通知"),
        (("关于ABC", "Plan的通知"), "关于ABC Plan的通知"),
        (("ABC关于", "Plan"), "ABC关于Plan"),
        (("Plan", "关于ABC"), "Plan关于ABC"),
        (("The Annual", "Report"), "The Annual Report"),
        (("工 作　总 结", "2026 年"), "工作总结2026 年"),
    ],
)
def test_the_lines_of_a_title_are_joined_with_a_blank_between_latin_words(
    site: SmallSite, lines: tuple[str, str], title: str
) -> None:
    word = WordFile()
    for line in lines:
        word.line(line, TITLE_FONT, 22, CENTER)
    word.line("正文。")
    assert imported(site, word.content()).title == title

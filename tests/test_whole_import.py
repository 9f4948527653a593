"""Files of other programs with a little of everything, and all that an import makes of them, word for word: the entry, the names
of its files, and the report.

Like ``tests/test_whole_site.py``: where a change is meant, ``GOLDEN=write`` writes ``tests/golden/whole/`` anew.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from conftest import SmallSite, files_of
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from test_import_html import CASES, NAMES, PICTURE
from test_import_sheet import place_of
from test_import_word import imported as imported_document
from test_import_word import official
from test_whole_site import CONTENT, compare
from word_files import CENTER, HEI, KAI, RIGHT, SONG, TITLE_FONT, WordFile

from builder.edit.imports import (
    Imported,
    ImportRefusedError,
    Programs,
    import_as_attachment,
    import_file,
    import_fragment,
    import_rows,
    write_mapping,
)
from builder.edit.imports.marks import mark
from builder.edit.imports.package import open_package, pack
from builder.edit.imports.word.number_forms import written
from builder.edit.imports.word.styles import W
from builder.messages.translation import translator

ENGLISH = translator("en")


def whole(entry: Imported) -> str:
    """An entry, the names of the files beside it, and the report."""
    files = [f"{path} ({len(content)} bytes)" for path, content in entry.files.items() if not path.endswith("xlsx")]
    return "\n".join((*files, entry.files[entry.path].decode(), *entry.report(ENGLISH)))


def pages(site: SmallSite) -> Iterator[tuple[str, str]]:
    """What pages become as entries, and where they are pasted into a text."""
    texts = files_of((CONTENT.parent / "pages.txt").read_text("utf-8"))
    cases = {f"case {name}": (CASES / f"{name}.html").read_text("utf-8").split("\n=== expected\n")[0] for name in NAMES}
    for name, page in texts.items():
        try:
            yield (
                name,
                whole(import_file(page.encode(), name, place_of(site), Programs(), {"photos/1.png": PICTURE}.get)),
            )
        except ImportRefusedError as error:
            yield name, f"refused: {error}"
    for name, page in {**texts, **cases}.items():
        try:
            part = import_fragment(page.encode(), "page.html")
            told = "\n".join(note.told(ENGLISH) for note in part.notes)
            yield f"{name} pasted", f"{part.markdown}===\n{part.html}\n===\n{told}"
        except ImportRefusedError as error:
            yield f"{name} pasted", f"refused: {error}"


@pytest.mark.slow
def test_pages_become_what_they_always_became(site: SmallSite) -> None:
    compare("imports-pages", dict(pages(site)))


def workbook() -> bytes:
    """A workbook of several sheets with values and formats of every kind."""
    book = Workbook()
    sheet = book.active
    sheet.title = "名册"
    sheet.append(["示范大学", None, None, None])
    sheet.append([])
    sheet.append(["二〇二六年\n秋季", None, "说明", None])
    sheet.append(["姓名", "数", "日期", "备注"])
    values: tuple[tuple[Any, str], ...] = (
        (True, "General"), (False, "General"), (datetime(2026, 3, 5), "General"), (datetime(2026, 3, 5, 7, 8), "General"),
        (date(2026, 1, 2), "General"), (time(9, 5), "General"), (timedelta(hours=26, minutes=7), "General"),
        (0.256, "0%"), (0.256, "0.00%"), (7, "000"), (7, "0"), (1234567.891, "#,##0.0"), (12.5, "¥#,##0.00"),
        (12.5, '"约"0'), (-3.456, "0.0;[Red]-0.0"), (5.0, "General"), (1e15, "General"), (123456789012345678, "General"),
        (0.00001234, "General"), (0.1 + 0.2, "General"), (1234, "[$€-407] 0.00"), (99, r"0\.5"),
        ("=1/0", "General"), ("#REF!", "General"),
        (" 空 白 ", "General"), ("两_x000D_\n行", "General"), (3.5, ";;;"), (0, "General"), (-7, "00"),
    )  # fmt: skip
    for number, (value, form) in enumerate(values):
        sheet.append([f"第{number}", value, None, "=A1" if number == 3 else None])
        sheet.cell(sheet.max_row, 2).number_format = form
    for value in (
        datetime(2026, 3, 5),
        datetime(2026, 3, 5, 7, 8),
        datetime(2026, 3, 5, 0, 0, 1),
        date(2026, 1, 2),
        time(9, 5),
    ):
        sheet.append(["按日期", value])
    sheet.append(["时长", timedelta(hours=26, minutes=7)])
    sheet.append(["合并", None, "右", "下"])
    last = sheet.max_row
    sheet.append(["", None, "x", "y"])
    sheet.merge_cells(start_row=last, start_column=1, end_row=last + 1, end_column=2)
    sheet.append(["藏", 1, 2, 3])
    sheet.row_dimensions[sheet.max_row].hidden = True
    sheet.append(["零高", 1, 2, 3])
    sheet.row_dimensions[sheet.max_row].height = 0
    sheet["F6"], sheet["G6"] = "藏列", "零宽"
    sheet.column_dimensions["F"].hidden = True
    sheet.column_dimensions["G"].width = 0
    sheet["A5"].comment = Comment("看", "人")
    sheet["C6"], sheet["C7"] = "白", "白底有色"
    sheet["C6"].font = sheet["C7"].font = Font(color="FFFFFFFF")
    sheet["C7"].fill = PatternFill("solid", "FF000000")
    other = book.create_sheet("Sheet 2")
    other.append(["只", "两列"])
    other.append(["=a", "-b"])
    book.create_sheet("空")
    hidden = book.create_sheet("内部")
    hidden.append(["密"])
    hidden.sheet_state = "hidden"
    return saved(book)


def few() -> bytes:
    """A workbook of which one sheet is seen, with one error more than are named, as many hidden columns as are, and a hidden
    row, of which nothing else is told."""
    book = Workbook()
    sheet = book.active
    sheet.title = "名单甲"
    sheet.append([f"头{number}" for number in range(10)])
    for _ in range(9):
        sheet.append(["#N/A", "b"])
    sheet.append(["#N/A", "藏"])
    sheet["B11"].comment = Comment("看", "人")
    sheet["A11"].comment = Comment("看", "人")
    sheet.row_dimensions[11].hidden = True
    for column in "CDEFGHIJ":
        sheet.column_dimensions[column].hidden = True
    book.create_sheet("藏着").sheet_state = "hidden"
    return saved(book)


def two() -> bytes:
    """A workbook of two sheets with names."""
    book = Workbook()
    for sheet, name in ((book.active, "名单甲"), (book.create_sheet(), "名单乙")):
        sheet.title = name
        sheet.append(["姓名", "数"])
        sheet.append([name, 1])
    return saved(book)


def saved(book: Any) -> bytes:
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


SHEETS = """
--- a.csv
姓名,数
张三,"1,2"
--- b.csv
sep=;
姓名;"a,b,c,d"
李四;="007"
--- c.txt
题目

甲	乙
一	二

三
--- d.tsv
a	b
--- e.csv
,,
--- f.ods
x
--- g.csv
只有一列
一
二
--- 2026-03-05 名单.csv
第一行,
,第二
x,y
"""
ROWS = """
--- events 活动.csv
活动名称,开始时间,结束时间,地点,主办,说明,
讲  座,2026-12-03,,甲  楼,"党 ""委"" 组",,
读书会,2026-12-01 14:00,2026-12-01 16:00,"图书馆
二楼",,"带书。

不迟到。",甲
读书会,2026-12-01,,,团委,,
无时间,,,,,,
错,下周,明天,,,,
,2026-12-02,,,,,
--- letters 信.csv
来信人,来信日期,标题,来信内容,答复时间,回复内容
学生,2026-11-01,灯,"灯坏了
怎么办？手机 13812345678",2026-11-03,已经修好
教工,2026-11-02,,一个很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长很长的问题,,
无,2026-11-02,有题无问,,,
--- members 人.csv
姓名,推荐人,标签,一句话,事迹,姓名
张三,李四,先进,好,"做了
很多",王五
,李四,,,,
"""


def sheets(site: SmallSite) -> Iterator[tuple[str, str]]:
    """What sheets become as tables, as files, and row by row."""
    found = {name: text.encode() for name, text in files_of(SHEETS).items()}
    for name, content in {
        **found,
        "名册.xlsx": workbook(),
        "few.xlsx": few(),
        "two.xlsx": two(),
        "damaged.xlsx": b"PK",
    }.items():
        for way in ("table", "file"):
            try:
                place = place_of(site)
                as_table = way == "table"
                entry = (
                    import_file(content, name, place, Programs())
                    if as_table
                    else import_as_attachment(content, name, place)
                )
            except ImportRefusedError as error:
                yield f"{name} {way}", f"refused: {error}"
                continue
            yield f"{name} {way}", whole(entry)
            for path, file in entry.files.items():
                if path.endswith(".csv"):
                    yield f"{name} {path}", repr(file.decode())
                if path.endswith(".xlsx"):
                    book = load_workbook(io.BytesIO(file))
                    rows = [(each.title, *each.merged_cells.ranges, *each.iter_rows(values_only=True)) for each in book]
                    kinds = [[cell.data_type for row in each.iter_rows() for cell in row] for each in book]
                    yield f"{name} {path}", "\n".join(str(row) for each in rows for row in each) + f"\n{kinds}"
    for name, text in files_of(ROWS).items():
        kind, _, table = name.partition(" ")
        mapping = write_mapping(text.encode(), table, kind, translator("zh"))
        place = place_of(site, f"alpha/{'news' if kind == 'members' else kind}")
        entries, notes = import_rows(text.encode(), table, mapping.encode(), "x.yml", kind, place)
        told = "\n".join(note.told(ENGLISH) for note in notes)
        yield name, "\n".join((mapping, *map(whole, entries), told))


@pytest.mark.slow
def test_sheets_become_what_they_always_became(site: SmallSite) -> None:
    compare("imports-sheets", dict(sheets(site)))


def document() -> bytes:
    """A document as an office writes it, with a little of everything that Word can say."""
    word = WordFile()
    official(word)
    word.line("为加强管理，现将有关事项通知如下，请各支部认真落实，并在月底以前把结果报送办公室。")
    word.numbering(31, ("chineseCounting", "第%1章"), ("decimal", "%1.%2"), ("bullet", "·"))
    word.numbering(32, ("decimal", "%1."), ("lowerLetter", "%2)"), start={0: 3})
    word.numbered(word.line("总则", HEI, 16), 31)
    word.numbered(word.line("有号的一段话。"), 31, 1)
    word.numbered(word.line("点。"), 31, 2)
    for level, text in ((0, "三。"), (0, "四。"), (1, "四甲。"), (1, "四乙。"), (0, "五。")):
        word.numbered(word.line(text), 32, level)
    word.numbered(word.line("粗的号。", bold=True), 32)
    word.numbering(33, ("upperLetter", "%1、"), ("decimal", "%2）"))
    style = word.document.styles.add_style("有号的样式", 1)
    style.element.get_or_add_pPr().append(word.number_properties(33))
    levels = word.document.part.numbering_part.element.xpath("w:abstractNum[@w:abstractNumId='33']/w:lvl")
    levels[1].insert(2, parse_xml(f'<w:pStyle {nsdecls("w")} w:val="{style.style_id}"/>'))
    word.line("样式在第二层。", style="有号的样式")
    word.numbered(word.line("自己在第一层。"), 33)
    word.line("一、用手写的号", HEI)
    tabbed = word.line("带", HEI)
    word.xml(tabbed, "<w:r><w:tab/><w:t>制表</w:t><w:noBreakHyphen/><w:br/><w:t>换行</w:t></w:r>")
    tabbed._p.get_or_add_pPr().append(parse_xml(f'<w:tabs {nsdecls("w")}><w:tab w:val="left" w:pos="1"/></w:tabs>'))
    word.line("（一）第二层", KAI)
    word.line("1.第三层的一句话。")
    word.line("样式的标题", style="Heading 2")
    word.line("粗的短行", bold=True)
    text = word.line("字")
    word.xml(
        text,
        '<w:r><w:rPr><w:b/></w:rPr><w:t>粗</w:t></w:r><w:r><w:rPr><w:i/></w:rPr><w:t xml:space="preserve"> 斜 </w:t></w:r>'
        '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>2</w:t></w:r>'
        "<w:r><w:rPr><w:strike/></w:rPr><w:t>划</w:t></w:r>"
        '<w:r><w:rPr><w:vanish/></w:rPr><w:t>藏的字</w:t></w:r><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>不藏</w:t></w:r>'
        '<w:ins w:author="李四" w:id="1"><w:r><w:t>插入的</w:t></w:r></w:ins>'
        '<w:del w:author="张三" w:id="2"><w:r><w:delText>删去的</w:delText></w:r></w:del>'
        '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/>'
        '<w:sym w:font="Symbol" w:char="F001"/><w:sym w:font="x" w:char="zz"/></w:r>'
        "<w:r><w:ruby><w:rt><w:r><w:t>yin</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>音</w:t></w:r></w:rubyBase></w:ruby></w:r>"
        '<w:fldSimple w:instr=" PAGE "><w:r><w:t>7</w:t></w:r></w:fldSimple>'
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> HYPERLINK "https://e.org/" </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>链</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> DATE </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>今日</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
        "<m:oMath><m:r><m:t>x+y</m:t></m:r></m:oMath>",
    )
    line = word.line("框在这里。")
    boxed = "".join(f"<w:p><w:r><w:t>{each}</w:t></w:r></w:p>" for each in ("框一", "框二", "框三"))
    word.xml(
        line,
        f"<w:r><w:pict><v:shape><v:textbox><w:txbxContent>{boxed}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>",
    )
    word.xml(
        word.line("图形。"),
        "<w:r><w:drawing><wp:inline><a:graphic><a:graphicData/></a:graphic></wp:inline></w:drawing></w:r>",
    )
    joined = word.line("前半，")
    word.mark_deleted(joined)
    word.line("后半。")
    table = word.document.add_table(3, 3)
    for place, words in enumerate("甲乙丙一二三四五六"):
        table.cell(place // 3, place % 3).text = words
    table.cell(1, 0).merge(table.cell(2, 0))
    table.cell(1, 1).merge(table.cell(1, 2))
    word.line("下面的表有一行看不见。")
    table = word.document.add_table(4, 2)
    for place, words in enumerate(("头", "头二", "藏", "藏", "删", "删", "留", "留二")):
        table.cell(place // 2, place % 2).text = words
    word.hide_row(table.rows[1])
    word.delete_row(table.rows[2])
    word.document.add_picture(io.BytesIO(PICTURE))
    word.line("图1 说明", style="Caption")
    word.line("附件：1.名单")
    word.line("示范大学委员会", align=RIGHT)
    word.line("2026年11月20日", align=RIGHT)
    return word.content()


def plain() -> bytes:
    """A document without an official head, in which each line looks like something else."""
    word = WordFile()
    word.line("居中的题目", TITLE_FONT, 22, CENTER)
    word.line("作者：李娜", KAI, 14, CENTER)
    word.line("正文的第一段，写得长一些，是仿宋，好让程序知道哪一种字体是正文，哪一种是标题。", SONG)
    for text, font, size, bold in (
        ("黑体的标题", HEI, 16, False), ("楷体的标题", KAI, 16, False), ("大的字", SONG, 22, False), ("粗的字", SONG, 16, True),
        ("黑体的一句话。", HEI, 16, False), ("第一章 总则", SONG, 16, False),
        ("第二节 细则", SONG, 16, False), ("第三条 写明", SONG, 16, False),
        ("（二）括号", SONG, 16, False), ("1、阿拉伯数字", SONG, 16, False), ("目录", HEI, 16, False),
    ):  # fmt: skip
        word.line(text, font, size, bold=bold)
        word.line("一段正文，不是标题，因为它是一句话。")
    for form in (
        "upperRoman",
        "ideographTraditional",
        "decimalEnclosedCircle",
        "chineseLegalSimplified",
        "ordinal",
        "none",
        "odd",
    ):
        number = 40 + len(form) * 3 + ord(form[0])
        word.numbering(number, (form, "%1、"), start={0: 11})
        word.numbered(word.line(f"{form} 的号。"), number)
    return word.content()


def without_theme(content: bytes) -> bytes:
    """A document in which no fonts are named for all of it."""
    return pack({name: part for name, part in open_package(content, "").items() if "theme" not in name})


def odd() -> bytes:
    """A document with a number and no red head, numbers that are none, and styles that build on many others."""
    word = WordFile()
    word.line("示大发〔2026〕5号", SONG, 16, CENTER)
    word.line("关于开会的通知", TITLE_FONT, 22, CENTER)
    word.line("各支部：")
    word.line("请各位按时到会，不要迟到，也不要早退，会后把笔记交给组织委员，由他一起送来。")
    word.numbering(61, ("decimal", "%1."))
    levels = word.document.part.numbering_part.element
    (start,) = levels.xpath("w:abstractNum[@w:abstractNumId='61']/w:lvl/w:start")
    start.set(f"{W}val", "1234567")
    word.numbered(word.line("起号太大。"), 61)
    word.numbering(62, ("decimal", "%1."), start={0: 4})
    (number,) = levels.xpath("w:num[@w:numId='62']")
    number.append(parse_xml(f'<w:lvlOverride {nsdecls("w")} w:ilvl="0"><w:startOverride/></w:lvlOverride>'))
    many = word.numbered(word.line("起号没有写，层次太深。"), 62)
    many._p.pPr.numPr.ilvl.set(f"{W}val", "9" * 5000)
    word.numbering(63, *[("decimal", f"%{level}.") for level in range(1, 10)])
    deep = word.numbered(word.line("更深的是第九层。"), 63)
    deep._p.pPr.numPr.ilvl.set(f"{W}val", "12")
    outline = word.line("层次太深的一行")
    outline._p.get_or_add_pPr().append(parse_xml(f'<w:outlineLvl {nsdecls("w")} w:val="{"9" * 5000}"/>'))
    before = word.document.styles["Heading 3"]
    for name in range(20):
        style = word.document.styles.add_style(f"s{name}", 1)
        style.base_style, before = before, style
        if name > 17:
            word.line(f"建在{name + 1}个样式上", style=style.name)
    contents = word.document.styles.add_style("toc 1", 1)
    own = word.document.styles.add_style("自己的", 1)
    own.base_style = contents
    word.line("目录里的一行", style="toc 1")
    word.line("样子像目录的一行", style="自己的")
    signs = "".join(f'<w:sym w:font="x" w:char="{code}"/>' for code in ("001F", "0020", "0021"))
    word.xml(word.line("字"), f"<w:r>{signs}<w:t>后</w:t></w:r>")
    table = word.document.add_table(2, 2)
    for place, words in enumerate(("甲", "乙", "第一章 总则", "丁")):
        table.cell(place // 2, place % 2).text = words
    word.numbered(table.cell(1, 1).paragraphs[0], 61)
    return word.content()


def wrapped() -> bytes:
    """A document with much in frames of its own, with changes at its ends, and numbers that refer to others."""
    word = WordFile()
    word.document.core_properties.author = "王五"
    word.line("框里框外", TITLE_FONT, 22, CENTER)

    def frame(content: str) -> None:
        """Puts a frame at the end of the document, beside its paragraphs."""
        holder = word.line("")
        word.xml(holder, content)
        for each in list(holder._p)[-len(parse_xml(f"<w:p {nsdecls('w')}>{content}</w:p>")) :]:
            holder._p.addprevious(each)
        holder._p.getparent().remove(holder._p)

    def text(words: str) -> str:
        return f"<w:r><w:t>{words}</w:t></w:r>"

    gallery = '<w:docPartObj><w:docPartGallery w:val="{}"/></w:docPartObj>'
    for kind, words in (("Table of Contents", "目录里的字"), ("Cover Pages", "封面上的字")):
        content = f"<w:p>{text(words)}</w:p>"
        frame(f"<w:sdt><w:sdtPr>{gallery.format(kind)}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>")
    line = word.line("段里有")
    word.xml(line, f"<w:sdt><w:sdtPr><w:alias/></w:sdtPr><w:sdtContent>{text('控件')}</w:sdtContent></w:sdt>")
    word.xml(line, f"<w:smartTag><w:smartTagPr/>{text('标签')}</w:smartTag><w:customXml>{text('标记')}</w:customXml>")
    word.xml(line, f"{text(mark('heading', 1))}<w:r><w:t>a</w:t><w:softHyphen/><w:tab/><w:t>b</w:t></w:r>")
    other = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    for inside in (
        f"<mc:Choice Requires='wps'>{text('新的')}</mc:Choice><mc:Fallback>{text('旧的')}</mc:Fallback>",
        f"<mc:Fallback>{text('只有旧的')}</mc:Fallback>",
    ):
        word.xml(line, f"<mc:AlternateContent xmlns:mc='{other}'>{inside}</mc:AlternateContent>")
    word.xml(line, "<w:r><w:fldChar w:fldCharType='end'/></w:r><w:r><w:fldChar w:fldCharType='separate'/></w:r>")
    hidden = (
        '<w:r><w:drawing><wp:inline><wp:docPr id="1" name="x" hidden="{}"/><a:graphic/></wp:inline></w:drawing></w:r>'
    )
    word.xml(line, "".join(map(hidden.format, ("1", "true", "0"))))
    word.numbering(51, ("bullet", "·"), ("decimal", "%1%2."), ("none", ""))
    for level, words in ((0, "点在第一层。"), (1, "第二层不写点。"), (2, "第三层没有号。")):
        word.numbered(word.line(words), 51, level)
    levels = word.document.part.numbering_part.element
    for number, abstract in ((52, "<w:numStyleLink w:val='有号'/>"), (53, "<w:numStyleLink w:val='绕圈'/>")):
        levels.insert(
            0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}">{abstract}</w:abstractNum>')
        )
        levels.append(
            parse_xml(f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>')
        )
    word.numbering(54, ("upperRoman", "%1："))
    for name, number in (("有号", 54), ("绕圈", 53)):
        style = word.document.styles.add_style(name, 1)
        style.element.get_or_add_pPr().append(word.number_properties(number))
    levels.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="55"><w:abstractNumId w:val="99"/></w:num>'))
    for number, words in ((52, "号在样式里。"), (53, "号绕着圈子。"), (55, "号的定义不在。"), (56, "没有这种号。")):
        word.numbered(word.line(words), number)
    word.mark_deleted(word.line("表前的话。"))
    table = word.document.add_table(1, 2)
    word.mark_deleted(table.cell(0, 0).paragraphs[0])
    table.cell(0, 1).text = "格"
    word.mark_deleted(table.cell(0, 1).paragraphs[0])
    table = word.document.add_table(2, 1)
    table.cell(0, 0).text, table.cell(1, 0).text = "藏的行", "见的行"
    word.hide_row(table.rows[0])
    word.document.add_picture(io.BytesIO(PICTURE))
    word.mark_deleted(word.document.paragraphs[-1])
    table = word.document.add_table(1, 1)
    table.cell(0, 0).text = "又一格"
    word.line("倒数第二段。")
    word.mark_deleted(
        word.xml(word.line(""), '<w:del w:author="张三" w:id="3"><w:r><w:delText>去</w:delText></w:r></w:del>')
    )
    return word.content()


FORMS = (
    "decimal decimalHalfWidth decimalZero decimalFullWidth decimalFullWidth2 decimalEnclosedCircle decimalEnclosedCircleChinese "
    "decimalEnclosedParen decimalEnclosedFullstop numberInDash ordinal hex upperRoman lowerRoman upperLetter lowerLetter "
    "chineseCounting chineseCountingThousand taiwaneseCounting taiwaneseCountingThousand japaneseCounting "
    "japaneseDigitalTenThousand taiwaneseDigital ideographDigital chineseLegalSimplified japaneseLegal "
    "ideographLegalTraditional ideographTraditional ideographZodiac ideographEnclosedCircle odd"
).split()
NUMBERS = (
    0,
    1,
    2,
    3,
    9,
    10,
    11,
    12,
    13,
    20,
    21,
    22,
    26,
    27,
    35,
    36,
    50,
    51,
    105,
    110,
    111,
    789,
    790,
    3999,
    4000,
    10_010,
    1_200_304,
)


def test_numbers_are_written_as_they_always_were() -> None:
    compare("imports-numbers", {form: "\n".join(written(number, form) for number in NUMBERS) for form in FORMS})


@pytest.mark.slow
def test_documents_become_what_they_always_became(site: SmallSite) -> None:
    made = {
        "来文.docx": whole(imported_document(site, document())),
        "来文 as policy": whole(imported_document(site, document(), "alpha/policies")),
        "plain.docx": whole(imported_document(site, plain(), name="20260305 plain.docx")),
        "wrapped.docx": whole(imported_document(site, without_theme(wrapped()))),
        "odd.docx as policy": whole(imported_document(site, odd(), "alpha/policies", name="odd.docx")),
    }
    compare("imports-documents", made)

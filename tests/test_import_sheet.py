"""``branchpress import sheet``: what can be seen of a spreadsheet, as it is shown, as a table, a file or entries."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from conftest import NOW, SmallSite
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font
from word_files import repacked, with_parts

from builder.cli.commands import main
from builder.content import read_organization
from builder.edit.imports import (
    Destination,
    Imported,
    ImportRefusedError,
    Programs,
    destination,
    import_as_attachment,
    import_file,
    import_rows,
    write_mapping,
)
from builder.messages.translation import translator


def place_of(site: SmallSite, to: str = "alpha/news") -> Destination:
    organization, _ = read_organization(site.root)
    assert organization is not None
    return destination(site.root, organization, to, datetime.fromisoformat(NOW))


def workbook(*rows: list[Any], change: Callable[[Any], None] = lambda sheet: None) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    change(book.active)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def imported(site: SmallSite, content: bytes, name: str = "名单.xlsx") -> Imported:
    return import_file(content, name, place_of(site), Programs())


def body_of(entry: Imported) -> str:
    return entry.files[entry.path].decode().split("---\n", 2)[2].strip()


def report_of(entry: Imported) -> str:
    return "\n".join(entry.report(translator("en")))


def test_cells_are_what_they_show(site: SmallSite) -> None:
    def change(sheet: Any) -> None:
        sheet["C2"].number_format = "0.0%"
        sheet["D2"].number_format = "#,##0.00"
        sheet["F2"].number_format = "000000"

    head = ["学号", "日期", "比例", "金额", "分数", "编号", "时间"]
    row = ["0012026001", date(2026, 11, 20), 0.125, 1234.5, 0.1 + 0.2, 42, datetime(2026, 11, 20, 14, 30)]
    entry = imported(site, workbook(head, row, ["李|四", None, None, None, 3.0, None, "两\n行"], change=change))
    assert body_of(entry).split("\n") == [
        "| 学号 | 日期 | 比例 | 金额 | 分数 | 编号 | 时间 |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        "| 0012026001 | 2026-11-20 | 12.5% | 1,234.50 | 0.3 | 000042 | 2026-11-20 14:30 |",
        "| 李\\|四 |  |  |  | 3 |  | 两<br>行 |",
    ]


@pytest.mark.slow
def test_what_is_hidden_is_left_out_and_told(site: SmallSite) -> None:
    def change(sheet: Any) -> None:
        sheet.column_dimensions["B"].hidden = True
        sheet.row_dimensions[4].hidden = True
        sheet["C2"].number_format = ";;;"
        sheet["C3"].font = Font(color="FFFFFFFF")
        sheet["A2"].comment = Comment("核对过", "王五")
        sheet.parent.create_sheet("内部").append(["工资", 9000])
        sheet.parent["内部"].sheet_state = "hidden"

    content = workbook(
        ["姓名", "身份证号", "得票"],
        ["张三", "11010119900307001X", 12],
        ["李四", "x", 13],
        ["隐藏的人", "y", 14],
        ["王五", "z", 15],
        change=change,
    )
    entry = imported(site, content)
    assert body_of(entry) == "| 姓名 | 得票 |\n| --- | --- |\n| 张三 |  |\n| 李四 |  |\n| 王五 | 15 |"
    assert report_of(entry).split("\n") == [
        "Hidden sheets (1) were left out: 内部.",
        "Hidden columns (1) were left out: B.",
        "Hidden rows (1) were left out.",
        "Cells whose content is hidden (2) are empty.",
        "Comments (1) were left out.",
    ]
    copy = import_as_attachment(content, "名单.xlsx", place_of(site))
    (name,) = (path for path in copy.files if path.endswith(".xlsx"))
    book = load_workbook(io.BytesIO(copy.files[name]))
    assert [list(row) for row in book.active.values] == [
        ["姓名", "得票"],
        ["张三", None],
        ["李四", None],
        ["王五", "15"],
    ]
    assert book.sheetnames == ["Sheet"]
    assert not any(words.encode() in copy.files[name] for words in ("内部", "隐藏的人", "身份证号"))
    assert import_as_attachment(content, "名单.xlsx", place_of(site)).files == copy.files
    assert 'attachments: [{file: "名单.xlsx", title: "名单"}]' in copy.files[copy.path].decode()


def test_a_text_that_begins_like_a_formula_is_none_in_the_copy(site: SmallSite) -> None:
    def as_text(sheet: Any) -> None:
        sheet["A2"].data_type = "s"

    copy = import_as_attachment(workbook(["名"], ["=1+1"], change=as_text), "名单.xlsx", place_of(site))
    (name,) = (path for path in copy.files if path.endswith(".xlsx"))
    cell = load_workbook(io.BytesIO(copy.files[name])).active["A2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_formulas_are_their_values_or_told(site: SmallSite) -> None:
    entry = imported(site, workbook(["项目", "数"], ["合计", "=SUM(B3:B4)"], ["a", 1]))
    assert "合计 |  |" in body_of(entry)
    assert "Formulas without a stored value (1) are empty: B2." in report_of(entry)
    given = workbook(["项目", "数"], ["合计", "=1+1"])
    sheet = b'<c r="B2"><f>1+1</f><v>2</v></c>'
    with_value = repacked(given, xl__worksheets__sheet1_xml=_sheet_with(given, sheet))
    assert "| 合计 | 2 |" in body_of(imported(site, with_value))


def _sheet_with(content: bytes, cell: bytes) -> bytes:
    import re
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return re.sub(rb'<c r="B2".*?</c>', cell, package.read("xl/worksheets/sheet1.xml"), flags=re.DOTALL)


def test_titles_above_the_head_and_merged_cells(site: SmallSite) -> None:
    def change(sheet: Any) -> None:
        sheet.merge_cells("A1:C1")
        sheet.merge_cells("A3:A4")

    content = workbook(
        ["第一季度经费", None, None], ["类别", "名目", "元"], ["书", "党史", 12], [None, "小说", 30], change=change
    )
    entry = imported(site, content, "x.xlsx")
    assert entry.title == "第一季度经费"
    assert body_of(entry).replace("\n", "") == (
        '<table><tr><th>类别</th><th>名目</th><th>元</th></tr><tr><td rowspan="2">书</td><td>党史</td><td>12</td></tr>'
        "<tr><td>小说</td><td>30</td></tr></table>"
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_text_files_in_every_usual_encoding(site: SmallSite, encoding: str, separator: str) -> None:
    rows = [["姓名", "学号"], ["张三", "0012026001"], ["李四的名字", '="007"']]
    text = "\r\n".join(separator.join(row) for row in rows)
    entry = imported(site, text.encode(encoding), "支部党员名单.csv")
    assert entry.title == "支部党员名单"
    assert body_of(entry).endswith("| 张三 | 0012026001 |\n| 李四的名字 | 007 |")


EVENTS = (
    ["活动名称", "开始时间", "地点", "联系电话", "说明"],
    ["读书会", datetime(2026, 12, 1, 14, 0), "图书馆", "13812345678", "带书来。\n不迟到。"],
    ["读书会", "2026年12月1日", "图书馆", "", ""],
    ["没有时间", "", "图书馆", "", ""],
    ["时间写错", "下周", "图书馆", "", ""],
)


def test_rows_become_events_by_a_mapping_that_is_written_first(
    site: SmallSite, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, mapping = tmp_path / "活动.xlsx", tmp_path / "活动.mapping.yml"
    file.write_bytes(workbook(*EVENTS))
    command = [
        "import",
        "sheet",
        str(file),
        "--as",
        "events",
        "--to",
        "alpha/events",
        "--root",
        str(site.root),
        "--now",
        NOW,
    ]
    before = sorted(site.root.rglob("*"))
    assert main(command) == 0
    assert capsys.readouterr().out.strip() == str(mapping)
    assert sorted(site.root.rglob("*")) == before
    assert mapping.read_text("utf-8").split("\n", 1)[1] == (
        'as: events\nsheet: "Sheet"\ncolumns:\n  title: "活动名称"\n  starts: "开始时间"\n  ends:\n  location: "地点"\n'
        '  organizer:\n  body: ["说明"]\n# 没有用到的列：联系电话\n'
    )
    assert main(command) == 0
    said = capsys.readouterr()
    assert "共 2 个条目" in said.err
    assert "第 4 行" in said.err
    assert "第 5 行" in said.err
    folder = site.root / "content/alpha/events"
    first = (folder / "2026-12-01-读书会/index.md").read_text("utf-8")
    assert first == (
        '---\ntitle: "读书会"\nstarts: 2026-12-01 14:00\nlocation: "图书馆"\ndraft: true\n---\n\n带书来。\n\n不迟到。\n'
    )
    assert (folder / "2026-12-01-读书会-2/index.md").is_file()
    assert [problem for problem in site.check() if problem.severity == "error"] == []
    assert main(command) == 2


def test_rows_become_letters(site: SmallSite) -> None:
    content = workbook(
        ["来信人", "来信日期", "来信内容", "回复"],
        ["学生", date(2026, 11, 1), "灯坏了\n怎么办？", "已经修好。"],
        ["教工", date(2026, 11, 2), "电话13812345678", ""],
    )
    place = place_of(site, "alpha/letters")
    mapping = write_mapping(content, "x.xlsx", "letters", translator("zh")).encode()
    entries, notes = import_rows(content, "x.xlsx", mapping, "x.mapping.yml", "letters", place)
    assert [entry.path for entry in entries] == [
        "content/alpha/letters/2026-11-01-灯坏了-怎么办/index.md",
        "content/alpha/letters/2026-11-02-电话13812345678/index.md",
    ]
    assert 'question: "灯坏了\\n怎么办？"' in entries[0].files[entries[0].path].decode()
    assert any("138******78" in note.told(translator("en")) for note in notes)


def test_a_wrong_mapping_is_one_sentence(site: SmallSite) -> None:
    content, place = workbook(*EVENTS), place_of(site, "alpha/events")
    for mapping, words in (
        ("as: events\ncolumns:\n  title: 没有这列\n  starts: 开始时间\n", "没有这列"),
        ("as: events\ncolumns:\n  title: 活动名称\n", "starts"),
        ("as: letters\ncolumns:\n  title: 活动名称\n", "letters"),
        ("columns: [", "cannot be read as a mapping"),
        ("as: events\ncolumns:\n  draft: 活动名称\n", "draft"),
    ):
        with pytest.raises(ImportRefusedError, match=words):
            import_rows(content, "x.xlsx", mapping.encode(), "x.mapping.yml", "events", place)
    columns = "columns: {title: 活动名称, starts: 开始时间}\n"
    for rows, mapping, words in (
        (EVENTS, f"as: events\nsheet: 别的\n{columns}", "has no visible sheet “别的”"),
        (EVENTS[:1], f"as: events\n{columns}", "has no row that can become an entry"),
        ((EVENTS[0], EVENTS[3]), f"as: events\n{columns}", "has no row that can become an entry"),
    ):
        with pytest.raises(ImportRefusedError, match=words):
            import_rows(workbook(*rows), "x.xlsx", mapping.encode(), "x.mapping.yml", "events", place)
    with pytest.raises(ImportRefusedError, match="needs a section of the type"):
        import_rows(content, "x.xlsx", b"", "m", "events", place_of(site, "alpha/news"))


def test_two_thousand_rows_below_the_head_are_not_too_many(site: SmallSite) -> None:
    head, letter, without_a_date = (
        "来信人,来信日期,来信内容,回复\n",
        "学生,2026-11-01,灯坏了,已经修好\n",
        "学生,,无,无\n",
    )
    place = place_of(site, "alpha/letters")
    mapping = write_mapping((head + letter).encode(), "x.csv", "letters", translator("zh")).encode()
    content = (head + letter + 1999 * without_a_date).encode()
    entries, _ = import_rows(content, "x.csv", mapping, "x.mapping.yml", "letters", place)
    assert [entry.path for entry in entries] == ["content/alpha/letters/2026-11-01-灯坏了/index.md"]
    with pytest.raises(ImportRefusedError, match="more than 2000 rows"):
        import_rows(content + without_a_date.encode(), "x.csv", mapping, "x.mapping.yml", "letters", place)


@pytest.mark.slow
def test_each_bound_is_one_sentence(site: SmallSite) -> None:
    good = workbook(["a", "b"], [1, 2])
    for content, name, words in (
        (b"", "x.csv", "is empty"),
        (workbook(), "x.xlsx", "has no cells that can be seen"),
        (b"no zip", "x.xlsx", "is damaged"),
        (repacked(good, xl__workbook_xml=b"<broken"), "x.xlsx", "is damaged"),
        (repacked(good, xl__vbaProject_bin=b"x"), "x.xlsm", "contains macros"),
        (repacked(good, xl__styles_xml=b'<!DOCTYPE x [<!ENTITY a "a">]><x>&a;</x>'), "x.xlsx", "unpacks to far more"),
        (b"\n".join([b"a,b,c,d,e"] * 10_001), "x.csv", "has more than 50000 cells"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old", "x.xlsx", "is damaged"),
        (with_parts(good, {"[Content_Types].xml": b"<Types/>"}), "x.xlsx", "is no spreadsheet that can be read"),
        (b"a," + b"x" * 131_073, "x.csv", r"could not be read: field larger than field limit \(131072\)"),
    ):
        with pytest.raises(ImportRefusedError, match=words):
            imported(site, content, name)


@pytest.mark.slow
def test_reading_a_file_has_a_deadline(site: SmallSite, capfd: pytest.CaptureFixture[str]) -> None:
    small, large = site.root / "small.csv", site.root / "large.csv"
    small.write_text("a,b\n1,2\n", "utf-8")
    large.write_text("a,b,c,d,e\n" * 10_000, "utf-8")
    arguments = ["import", "sheet", "--root", str(site.root), "--to", "alpha/news", "--now", NOW]
    before = sorted(site.root.rglob("*"))
    assert main([*arguments, "--deadline", "0.05", str(small), str(large)]) == 2
    assert "large.csv: 读取它用的时间或内存太多，已经放弃；没有改动任何内容。" in capfd.readouterr().err
    # All files are imported, or none.
    assert sorted(site.root.rglob("*")) == before
    assert main([*arguments, "--deadline", "60", str(small)]) == 0
    assert main([*arguments, "--deadline", "-1", str(small)]) == 2
    assert "--deadline" in capfd.readouterr().err
    other = site.root / "other.csv"
    other.write_text("a,b\n3,4\n", "utf-8")
    assert main([*arguments, "--deadline", "0", str(other)]) == 0, "no limit"


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        ("[$€-407]0.00", "€5.00"),
        ("[$-804]0.00", "5.00"),
        ("[$CNY] 0.00", "CNY 5.00"),
        ("[$¥-804]0.0", "¥5.0"),
        ("[Red]$0", r"\$5"),
        ('"¥"0', "¥5"),
    ],
)
def test_money_has_the_sign_that_its_format_names(site: SmallSite, form: str, shown: str) -> None:
    def change(sheet: Any) -> None:
        sheet["A2"].number_format = form

    assert f"| {shown} |" in body_of(imported(site, workbook(["款", "数"], [5, 1], change=change)))

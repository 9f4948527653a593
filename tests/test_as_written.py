"""Values as people and other programs write them: they are what readers see, or the author is told what to write."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from conftest import ORGANIZATION, SmallSite
from folders import Load, codes, entry, faults, load, only

from builder.catalogue.tags import loose, tag_slug
from builder.messages.formats import describe
from builder.messages.translation import translator

__all__ = ["load"]


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("author: 张三", ("张三",)),
        ("author: [张三, 李四]", ("张三", "李四")),
        ("authors: [张三, 李四]", ("张三", "李四")),
        ("作者:\n  - 张三\n  - 李四", ("张三", "李四")),
        ("author: [{name: 张三, url: https://example.org/}, 李四]", ("张三", "李四")),
        ("author:", ()),
        ("author: []", ()),
        ("author: [张三, '', 张三]", ("张三",)),
    ],
)
def test_authors(load: Load, written: str, names: tuple[str, ...]) -> None:
    assert entry(load, f"---\ntitle: A\n{written}\n---\n文\n").authors == names


def test_several_authors_are_on_the_page_and_in_feeds(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(ORGANIZATION)
    site.write(
        "--- content/alpha/branch.yml\nname: 甲支部\n"
        "--- content/alpha/news/2026-11-20-a.md\n---\ntitle: 文\nauthor: [张三, 李四]\n---\n正文\n"
        "--- content/beta/branch.yml\nname: Beta\nlanguage: en\n"
        "--- content/beta/news/2026-11-20-b.md\n---\ntitle: Text\nauthor: [Ann, Bob]\n---\nBody\n"
    )
    site.build()
    assert "张三、李四" in site.page("alpha/news/2026-11-20-a/index.html")
    assert "Ann, Bob" in site.page("beta/news/2026-11-20-b/index.html")
    assert (
        site.page("alpha/atom.xml").count("<name>张三</name>")
        == site.page("alpha/atom.xml").count("<name>李四</name>")
        == 1
    )
    assert [each["name"] for each in json.loads(site.page("alpha/feed.json"))["items"][0]["authors"]] == [
        "张三",
        "李四",
    ]
    entries = {each["branch"]: each for each in json.loads(site.page("data/entries.json"))["entries"]}
    assert (entries["alpha"]["author"], entries["alpha"]["authors"]) == ("张三、李四", ["张三", "李四"])
    assert entries["beta"]["author"] == "Ann, Bob"


@pytest.mark.parametrize(
    ("value", "whole"),
    [
        ("[通知] 关于放假", '"[通知] 关于放假"'),
        ("!重要 通知", '"!重要 通知"'),
        ("> 引用", '"> 引用"'),
        ("| 竖线", '"| 竖线"'),
        ("@全体 通知", '"@全体 通知"'),
        ("`代码` 说明", '"`代码` 说明"'),
        ("%50 完成", '"%50 完成"'),
        ("*重点* 工作", '"*重点* 工作"'),
        ("&重要 工作", '"&重要 工作"'),
        ("&top 工作", '"&top 工作"'),
        ("*top", '"*top"'),
        ("{草案} 征求意见", '"{草案} 征求意见"'),
        ("- 一 - 二", '"- 一 - 二"'),
        ("? 为什么", '"? 为什么"'),
        (", 逗号", '", 逗号"'),
        ("] 括号", '"] 括号"'),
        ("关于: 通知", '"关于: 通知"'),
        ('关于: "通知"', "'关于: \"通知\"'"),
        ('it\'s: "x"', "'it''s: \"x\"'"),
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_sign_at_the_start_of_a_value_is_told_with_the_line_to_copy(
    load: Load, value: str, whole: str, language: str
) -> None:
    document = only(load({"news/2026-11-20-a.md": f"---\ndate: 2026-11-20\ntitle: {value}\n---\n文\n"}))
    assert document.entry is None
    (problem,) = document.problems
    assert problem.line == 3
    told = describe(problem, translator(language)).how
    assert f"title: {whole}" in told
    line = told[told.index("title: ") :].rstrip()
    again = only(load({"news/2026-11-20-a.md": f"---\n{line}\n---\n文\n"}))
    assert again.entry is not None
    assert again.entry.title == value


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("title: 关于 #3 楼停水的通知", ["2:11 value-cut"]),
        ("title: 关于 # 三楼", ["2:11 value-cut"]),
        ("title: 通知  # 这是注释", []),
        ("title: C# 入门", []),
        ('title: "关于 #3 楼"', []),
        ("title: 文\nsummary: 明早 #3 楼", ["3:13 value-cut"]),
        ("title: 文\ntags: 党建 #学习", ["3:10 value-cut"]),
        ("title: 文\ntags:\n  - 党建\n  - 支部 #学习", ["5:8 value-cut"]),
        ("title: 文\nauthor: 后勤处 #2 组", ["3:13 value-cut"]),
        ("title: 文\nauthor: [甲, 乙] # 两位", []),
        ("title: 文\nsource: 校报 #12 期", ["3:12 value-cut"]),
        ("title: 文\nsummary: #3 楼停水", ["3:10 value-cut"]),
        ("title: 文\ndraft: false #暂定", []),
        ("title: 文\ndate: 2026-11-20 #周五", []),
    ],
)
def test_a_value_that_a_comment_cuts(load: Load, line: str, told: list[str]) -> None:
    assert faults(load, f"---\n{line}\n---\n文\n") == told


def test_line_ends_in_quotation_marks_are_blanks(load: Load) -> None:
    assert entry(load, '---\ntitle: A\nsummary: "a\\r\\nb\\rc"\n---\n文\n').summary == "a b c"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("2026-11-20 12:00:00 -4", "2026-11-21T00:00:00+08:00"),
        ("2026-11-20 12:00:00 -0400", "2026-11-21T00:00:00+08:00"),
        ("2026-11-20 12:00:00 +0800", "2026-11-20T12:00:00+08:00"),
        ("2026-11-20 12:00:00 +8", "2026-11-20T12:00:00+08:00"),
        ("2026-11-20 12:00:00 UTC", "2026-11-20T20:00:00+08:00"),
        ("2026-11-19T16:30:00.000Z", "2026-11-20T00:30:00+08:00"),
        ("2026-11-20T12:00:00+05:30", "2026-11-20T14:30:00+08:00"),
        ("2026-11-20 9:30", "2026-11-20T09:30:00+08:00"),
    ],
)
def test_times_with_a_zone_are_those_of_the_organization(load: Load, written: str, shown: str) -> None:
    assert entry(load, f"---\ntitle: A\ndate: {written}\n---\n文\n").date.isoformat() == shown


def test_pages_show_the_time_of_the_organization(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(ORGANIZATION)
    site.write(
        "--- content/alpha/branch.yml\nname: 甲支部\n--- content/alpha/events/2026-12-10-z.md\n"
        "---\ntitle: 会议\nstarts: 2026-12-10T01:30:00.000Z\ndate: 2026-11-01\n---\nx\n"
    )
    site.build()
    page = site.page("alpha/events/2026-12-10-z/index.html")
    assert "09:30" in page
    assert "01:30" not in page


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("2026-11-20 至 2026-12-01", "period: {from: 2026-11-20, to: 2026-12-01}"),
        ("2026年11月20日到2026年12月1日", "period: {from: 2026年11月20日, to: 2026年12月1日}"),
        ("2026-11-20 — 2026-12-01", "period: {from: 2026-11-20, to: 2026-12-01}"),
        ("2026-11-20/2026-12-01", "period: {from: 2026-11-20, to: 2026-12-01}"),
        ("2026-12-01", "period: {to: 2026-12-01}"),
        ("{from: 2026-11-20， to: 2026-12-01}", "period: {from: 2026-11-20, to: 2026-12-01}"),
        ("{from：2026-11-20，to：2026-12-01}", "period: {from: 2026-11-20, to: 2026-12-01}"),
        ("{from：2026-11-20, to: 2026-12-01}", "period: {from: 2026-11-20, to: 2026-12-01}"),
        ("{from: 2026-11-20，to: 2026-12-01}", "period: {from: 2026-11-20, to: 2026-12-01}"),
    ],
)
def test_a_period_in_words_is_told_with_the_line_to_copy(load: Load, written: str, line: str) -> None:
    path = "notices/2026-11-20-a.md"
    document = only(load({path: f"---\ntitle: A\nperiod: {written}\n---\n文\n"}))
    assert document.entry is None
    assert any(describe(problem, translator("zh")).how.endswith(line) for problem in document.problems), (
        document.problems
    )
    assert codes(only(load({path: f"---\ntitle: A\n{line}\n---\n文\n"}))) == []


@pytest.mark.parametrize(
    ("head", "told"),
    [
        ("updated: 2026-11-01", ["3:10 updated-before"]),
        ("updated: 2026-11-20", []),
        ("updated: 2026-11-20 08:00\ndate: 2026-11-20 09:00", ["3:10 updated-before"]),
    ],
)
def test_updated_before_the_date(load: Load, head: str, told: list[str]) -> None:
    assert faults(load, f"---\ntitle: A\n{head}\n---\n文\n") == told


def test_an_outside_attachment_is_a_link_and_the_others_stay(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(ORGANIZATION)
    folder = "content/alpha/news/2026-11-20-x"
    site.write(
        f"--- content/alpha/branch.yml\nname: 甲支部\n--- {folder}/index.md\n"
        "---\ntitle: 文件\nattachments:\n  - 报名表.docx\n"
        "  - https://pan.example.cn/s/1\n  - {file: //pan.example.cn/s/2, title: 网盘}\n"
        f"---\n正文\n--- {folder}/报名表.docx\nPK\n"
    )
    result = site.build()
    page = site.page("alpha/news/2026-11-20-x/index.html")
    assert "报名表.docx" in page
    assert 'href="https://pan.example.cn/s/1"' in page
    assert 'href="https://pan.example.cn/s/2"' in page
    assert [problem.code for problem in result.problems] == []
    (data,) = json.loads(site.page("data/entries.json"))["entries"]
    assert [each["url"].rpartition("/")[2] for each in data["attachments"]][1:] == ["1", "2"]


def test_tags_differ_by_signs_but_not_by_case_width_and_hyphens() -> None:
    different = [
        "C",
        "C++",
        "C#",
        "互联网",
        "互联网+",
        "2.11",
        "211",
        "3+2",
        "32",
        ".NET",
        "NET",
        "《论语》",
        "论语",
        "★",
        "R&D",
        "RD",
    ]
    assert len({loose(tag) for tag in different}) == len({tag_slug(tag) for tag in different}) == len(different)
    for same in (
        ["C++", "c++", "Ｃ＋＋"],
        ["open source", "open-source", "OpenSource", "Open_Source"],
        ["志愿-服务", "志愿服务"],
    ):
        assert len({loose(tag) for tag in same}) == 1
    assert all(tag_slug(tag_slug(tag)) == tag_slug(tag) for tag in different)


def test_tags_that_differ_by_signs_have_pages_of_their_own(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(ORGANIZATION).write("--- content/alpha/branch.yml\nname: 甲支部\n")
    for number, tag in enumerate(["C", "C++", "C#"]):
        site.write(f"--- content/alpha/news/2026-11-2{number}-x.md\n---\ntitle: 文{number}\ntags: ['{tag}']\n---\n文\n")
    result = site.build()
    assert [problem.code for problem in result.problems] == []
    for number, slug in enumerate(["c", "c-plus-plus", "c-sharp"]):
        page = site.page(f"alpha/tags/{slug}/index.html")
        assert f"文{number}" in page
        assert f"文{(number + 1) % 3}" not in page


def test_the_first_heading_of_any_level_is_the_title(load: Load) -> None:
    assert entry(load, "## 二级\n\n文\n").title == "二级"
    document = only(load({"news/2026-11-20-a.md": "## 二级\n\n文\n\n## 又一个\n"}))
    assert document.body is not None
    assert [each.text for each in document.body.headings] == ["又一个"]
    assert entry(load, "文\n\n### 三级\n").title == "三级"
    assert entry(load, "## 二级\n\n# 一级\n").title == "一级"


def test_a_heading_of_the_name_of_an_anchor_has_an_id_of_its_own(load: Load) -> None:
    document = only(
        load({"news/2026-11-20-a.md": '---\ntitle: A\n---\n<a name="clover">x</a>\n\n## clover\n\n## clover\n'})
    )
    assert document.body is not None
    assert [each.id for each in document.body.headings] == ["clover-1", "clover-2"]


def test_control_characters_are_left_out(load: Load) -> None:
    document = only(
        load({"news/2026-11-20-a.md": '---\ntitle: 标\x08题\nsummary: "a\\u0007b"\n---\n走\x0c访&#7;了`&#7;`\n'})
    )
    assert [(each.line, each.column, each.severity) for each in document.problems] == [
        (2, 9, "warning"),
        (3, 10, "warning"),
        (5, 4, "warning"),
    ]
    assert document.entry is not None
    assert document.body is not None
    assert (document.entry.title, document.entry.summary) == ("标题", "ab")
    assert document.body.text.startswith("走 访了")


@pytest.mark.parametrize("text", ["# A\n\nb\0c\n", "# A\n\n" + "\x01\x02x" * 20, "draft: true\n" + "\x01" * 50])
def test_a_file_full_of_control_characters_is_no_text(load: Load, text: str) -> None:
    document = only(load({"news/2026-11-20-a.md": text}))
    assert codes(document) == ["not-text"]
    assert document.subject is None


def test_keys_of_other_systems_that_mean_something_else_withhold_nothing(load: Load) -> None:
    content = load({"news/2026-11-20-a.md": "---\ntitle: A\nid: 625\nslug: 2016/11/My Page\n---\n文\n"})
    document = only(content)
    assert codes(document) == ["id-unused", "slug-unused"]
    assert document.entry is not None
    assert (document.entry.slug, document.entry.id) == ("2026-11-20-a", "")


def test_names_and_titles_are_known_for_what_they_stand_for(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(ORGANIZATION)
    site.write(
        "--- content/library/branch.yml\nname: 图书馆直属党支部\nshort_name: 图书馆\n"
        "--- content/library/notices/2026-11-20-open.md\n# 开放时间\n\n文\n"
        "--- content/hub/topics/welcome-2026.md\n# 迎新季\n\n文\n"
        "--- content/beta/branch.yml\nname: 乙\nparent: 图书馆\nsections: {hide: [通知公告]}\naccept: [图书馆直属党支部]\n"
        "--- content/beta/news/2026-11-20-a.md\n---\ntitle: 文\ntopics: [迎新季]\nshare_with: [图书馆]\n"
        "interprets: 图书馆/通知公告/2026-11-20-open\n---\n文\n"
    )
    near = {(each.code, each.arguments["near"]) for each in site.check()}
    assert near == {
        ("parent-unknown", "library"),
        ("section-unknown", "notices"),
        ("share-unknown", "library"),
        ("topic-unknown", "welcome-2026"),
        ("ref-unknown", "library/notices/2026-11-20-open"),
    }

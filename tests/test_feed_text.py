"""Items of feeds say as much as the page: the facts of the kind, the cover, the text, the attachments."""

from __future__ import annotations

import json
from datetime import UTC
from pathlib import Path

import feedparser
import pytest
from conftest import ORGANIZATION, SmallSite, codes
from picture_files import photograph

from builder.messages.translation import translator
from builder.model.dates import parse_moment
from builder.model.kinds import Event
from builder.pages.kinds import PAGES

CONTENT = """
--- content/a/branch.yml
name: 甲支部
--- content/a/events/2026-11-03-talk.yml
title: 报告会
starts: 2026-12-03 14:00
ends: 2026-12-03 16:00
location: 礼堂
online: https://meet.example.org/x
status: cancelled
--- content/a/policies/2026-11-03-rule.md
---
title: 管理办法
number: 甲发〔2026〕3号
issuer: 校党委
status: amended
replaces: [a/policies/2026-11-02-old]
---
第一条。
--- content/a/policies/2026-11-02-old.md
---
title: 旧办法
status: repealed
---
旧。
--- content/b/branch.yml
name: 乙支部
--- content/b/news/2026-11-04-words.md
---
title: 一图读懂
interprets: [a/policies/2026-11-03-rule]
topics: [labs]
source: {name: 校报, url: "https://paper.example.org/1"}
---
![讲解](讲解.mp3) ![远处](https://pictures.example.org/far.png)

<iframe src="//video.example.org/1" title="录像"></iframe>
--- content/hub/topics/labs.md
---
title: 实验室安全
---
专题。
--- content/a/voices/2026-11-04-moon.yml
text: |
  伞没有找到。
  不生气了。
person: 读者
portrait: face.jpg
--- content/a/letters/2026-11-03-water.md
---
title: 饮水机
question: |
  饮水机 <何时> 修好？
  三楼。
from: 学生
received: 2026-11-01
replied: 2026-11-03
---
已经修好。
--- content/a/notices/2026-11-20-list.md
---
title: 公示
period: {from: 2026-11-20, to: 2026-11-27}
---
名单。
--- content/a/news/2026-11-05-day/index.md
---
title: 活动
image: c.jpg
image_alt: 合影
attachments: [c.jpg, 表.pdf, 录音.mp3, 名单.docx]
---
正文。[下载](ftp://files.example.org/x) [他站](//other.example.org/y)
--- content/a/news/2026-11-05-day/表.pdf
%PDF-1.4
%%EOF
--- content/a/news/2026-11-05-day/名单.docx
x
--- content/c/branch.yml
name: 丙支部
status: closed
--- content/c/news/2026-10-01-last.md
---
title: 最后一天
updated: 2026-10-02
---
谢谢大家。
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    found = SmallSite(tmp_path_factory.mktemp("site")).write(
        f"{ORGANIZATION}markdown: {{frames_from: [video.example.org]}}\n{CONTENT}"
    )
    folder = Path(found.root) / "content/a/news/2026-11-05-day"
    (folder / "c.jpg").write_bytes(photograph(400, 300))
    (folder / "录音.mp3").write_bytes(b"\xff\xfb\x90\x00" + bytes(413) + b"\xff\xfb\x90\x00" + bytes(413))
    (folder.parents[1] / "voices/face.jpg").write_bytes(photograph(40, 40))
    (folder.parents[2] / "b/news/讲解.mp3").write_bytes((folder / "录音.mp3").read_bytes())
    assert codes(found.build()) == [
        "content/b/news/2026-11-04-words.md:7 external-file none",
        "content/c/branch.yml:2 closed-undated none",
    ]
    return found


def items(site: SmallSite) -> dict[str, dict[str, object]]:
    return {item["title"]: item for item in json.loads(site.page("a/feed.json"))["items"]}


def test_an_event_says_whether_when_and_where_first(site: SmallSite) -> None:
    html = str(items(site)["报告会"]["content_html"])
    told = [
        "已取消",
        "2026年12月3日 周四 14:00",
        "16:00 (Asia/Shanghai, UTC+08:00)",
        "礼堂",
        "https://meet.example.org/x",
    ]
    places = [html.index(text) for text in told]
    assert places == sorted(places)
    # Where there is no room for the text, the summary says it.
    assert items(site)["报告会"]["summary"] == (
        "已取消 · 2026年12月3日 周四 14:00至16:00 (Asia/Shanghai, UTC+08:00) · 礼堂 · https://meet.example.org/x"
    )


def test_an_event_that_ends_as_it_begins_has_one_time() -> None:
    moment = parse_moment("2026-12-03 14:00", UTC)
    assert moment is not None
    facts = PAGES["event"].feed_facts(translator("zh"), UTC, Event(starts=moment, ends=moment))
    assert "2026年12月3日 周四 14:00 (UTC, UTC+00:00)" in [fact.text for fact in facts]


def test_a_policy_says_its_number_its_status_and_what_it_replaces(site: SmallSite) -> None:
    html = str(items(site)["管理办法"]["content_html"])
    told = [
        "甲发〔2026〕3号",
        "校党委",
        "已修订",
        '<a href="https://example.org/a/policies/2026-11-02-old/">旧办法</a>',
        "第一条",
    ]
    places = [html.index(text) for text in told]
    assert places == sorted(places)


def test_a_repealed_policy_says_what_replaces_it_and_a_policy_what_explains_it(site: SmallSite) -> None:
    old, new = (str(items(site)[title]["content_html"]) for title in ("旧办法", "管理办法"))
    assert '<li>已由新文件替代：<a href="https://example.org/a/policies/2026-11-03-rule/">管理办法</a></li>' in old
    assert '<li>政策解读：<a href="https://example.org/b/news/2026-11-04-words/">一图读懂</a></li>' in new
    # What names it goes, and so does what is said of it.
    before = site.page("a/feed.json")
    rule = site.root / "content/a/policies/2026-11-03-rule.md"
    text = rule.read_text("utf-8")
    rule.write_text(text.replace("replaces:", "summary: 新\ntags:"), "utf-8")
    site.build()
    assert "已由新文件替代" not in site.page("a/feed.json")
    rule.write_text(text, "utf-8")
    site.build()
    assert site.page("a/feed.json") == before


def test_links_stand_in_the_place_of_what_readers_do_not_show(site: SmallSite) -> None:
    (item,) = json.loads(site.page("b/feed.json"))["items"]
    html = item["content_html"]
    assert '<a href="https://pictures.example.org/far.png">远处</a>' in html
    assert '<a href="https://example.org/b/media/_b/news/%E8%AE%B2%E8%A7%A3.mp3">讲解 <small>MP3' in html
    assert '<a href="https://video.example.org/1">录像</a>' in html
    assert not any(tag in html for tag in ("<img", "<audio", "<iframe"))
    # A recording in the text is one as well.
    assert [each["mime_type"] for each in item["attachments"]] == ["audio/mpeg"]
    assert '<li>来源：<a href="https://paper.example.org/1">校报</a></li>' in html
    assert item["tags"] == ["支部动态", "实验室安全"]


def test_a_voice_says_who_speaks(site: SmallSite) -> None:
    (voice,) = (item for item in items(site).values() if "voices/" in str(item["url"]))
    html = str(voice["content_html"])
    places = [html.index(text) for text in ("face", "伞没有找到。 不生气了。", "— 读者")]
    assert places == sorted(places)
    assert voice["authors"] == [{"name": "读者"}]


def test_a_letter_is_its_question_then_the_reply(site: SmallSite) -> None:
    (html,) = (str(item["content_html"]) for item in items(site).values() if "letters/" in str(item["url"]))
    assert html.index("饮水机 &lt;何时&gt; 修好？<br>三楼。") < html.index("已经修好")


def test_a_notice_says_its_period(site: SmallSite) -> None:
    assert "2026年11月27日" in str(items(site)["公示"]["content_html"])


def test_attachments_come_last_with_type_and_size_and_every_format_carries_all(site: SmallSite) -> None:
    item = items(site)["活动"]
    html = str(item["content_html"])
    places = [html.index(text) for text in ('alt="合影"', "正文", "ftp://files.example.org/x", "表.pdf", "PDF", "DOCX")]
    assert places == sorted(places)
    assert 'href="https://other.example.org/y"' in html
    kinds = [each["mime_type"].partition("/")[0] for each in item["attachments"]]  # type: ignore[attr-defined]
    assert kinds == ["audio", "application", "application", "image"]
    assert "c.jpg" in str(item["image"])
    atom = feedparser.parse(site.page("a/atom.xml"))
    (entry,) = (each for each in atom.entries if each.title == "活动")
    assert len(entry.enclosures) == 4
    rss = feedparser.parse(site.page("a/feed.xml"))
    (entry,) = (each for each in rss.entries if each.title == "活动")
    assert [each.type for each in entry.enclosures] == ["audio/mpeg"]
    assert entry.content[0].value == next(each for each in atom.entries if each.title == "活动").content[0].value


def test_the_last_item_of_a_closed_branch_without_a_day_has_that_of_its_last_change(site: SmallSite) -> None:
    told = json.loads(site.page("c/feed.json"))["items"]
    assert [(each["title"], each["date_published"]) for each in told] == [
        ("丙支部已关闭", "2026-10-02T00:00:00+08:00"),
        ("最后一天", "2026-10-01T00:00:00+08:00"),
    ]

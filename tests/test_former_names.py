"""A branch or a section that is called otherwise now: what names it, and what was known of it, stays."""

from __future__ import annotations

import json
from datetime import datetime

import feedparser
import icalendar
import msgspec
import pytest
from conftest import ORGANIZATION, SmallSite, codes

from builder.catalogue.reading import find_site
from builder.catalogue.renamed import versions_under_present_names
from builder.content import read_organization
from builder.content.documents import Document
from builder.model.signature import Signature
from builder.model.values import Branch
from builder.store import Store

pytestmark = pytest.mark.slow

FIRST, LATER, LATEST = "2026-11-23T09:00:00+08:00", "2026-11-24T10:30:00+08:00", "2026-11-25T08:00:00+08:00"
PAST = """
--- content/alpha/branch.yml
name: 甲支部
--- content/alpha/news/2026-11-20-a.md
---
title: 走访
---
文
--- content/alpha/events/2026-11-20-open.yml
title: 开放日
starts: 2026-12-01 14:00
location: 礼堂
"""
LATE = "--- content/alpha/news/2026-09-01-late.md\n---\ntitle: 九月的文件\nannounce: true\n---\n文\n"


def known(site: SmallSite, branch: str) -> tuple[list[tuple[str, str, str]], list[tuple[str, int, str]]]:
    """What subscribers of a branch know: id, title and date of each item; id, revision and last change of each event."""
    items = [
        (each.id, each.title, each.published) for each in feedparser.parse(site.page(f"{branch}/atom.xml")).entries
    ]
    events = icalendar.Calendar.from_ical(site.page(f"{branch}/calendar.ics")).walk("VEVENT")
    return sorted(items), [(str(e["UID"]), int(e["SEQUENCE"]), e["LAST-MODIFIED"].to_ical().decode()) for e in events]


@pytest.mark.parametrize("section", ["news", "dispatch"])
def test_a_renamed_branch_keeps_its_history(site: SmallSite, section: str) -> None:
    site.delete("content/alpha", "content/beta").write(ORGANIZATION + PAST)
    site.build(FIRST)
    event = site.root / "content/alpha/events/2026-11-20-open.yml"
    event.write_text(event.read_text("utf-8").replace("礼堂", "操场"), "utf-8")
    site.write(LATE)
    assert codes(site.build(LATER)) == []
    before = known(site, "alpha")
    assert ("tag:example.org,2026:alpha/news/2026-09-01-late", "九月的文件", "2026-11-24T10:30:00+08:00") in before[0]
    assert before[1][0][1] > 0

    (site.root / "content/alpha").rename(site.root / "content/gamma")
    site.write("--- content/gamma/branch.yml\nname: 甲支部\nformerly: [alpha]\n")
    if section != "news":
        (site.root / "content/gamma/news").rename(site.root / f"content/gamma/{section}")
        site.write(ORGANIZATION.replace("news: {", f"{section}: {{formerly: [news], "))
    store = Store(site.root / ".branchpress", site.output)
    assert [each.code for each in site.check(LATEST, store=store)] == []
    assert codes(site.build(LATEST)) == []
    assert known(site, "gamma") == known(site, "alpha") == before
    # It goes on: what changes now is above everything before, what comes late now is late.
    event = site.root / "content/gamma/events/2026-11-20-open.yml"
    event.write_text(event.read_text("utf-8").replace("操场", "广场"), "utf-8")
    site.write(LATE.replace("alpha/news", f"gamma/{section}").replace("-late", "-more"))
    site.build(LATEST, clean=True)
    after = known(site, "gamma")
    assert after[1][0][1] > before[1][0][1]
    assert [date for _, title, date in after[0] if title == "九月的文件"] == [
        "2026-11-24T10:30:00+08:00",
        "2026-11-25T08:00:00+08:00",
    ]


NAMED = """
--- content/organization.yml
name: 示范
url: https://example.org/
redirects: {/start/: old/news/2026-11-20-a}
sections:
  dispatch: {title: 动态, type: article, formerly: [news]}
  policies: {title: 政策, type: policy}
--- content/new/branch.yml
name: 甲支部
formerly: [old]
accept: [ancient]
--- content/new/about.md
---
title: 关于
---
文
--- content/new/dispatch/2026-11-20-a.md
---
title: 走访
share_with: [ancient]
---
文
--- content/new/dispatch/2026-11-21-b.md
---
title: 会议
share_with: [ancient]
---
文
--- content/new/policies/2026-11-01-rule.md
---
title: 办法
---
文
--- content/new/media/list.txt
名单
--- content/other/branch.yml
name: 乙支部
parent: old
formerly: [ancient]
accept: [old]
refuse: [old/news/2026-11-21-b]
place: {old/news/2026-11-20-a: dispatch}
--- content/other/dispatch/2026-11-20-words.md
---
title: 解读
interprets: [old/policies/2026-11-01-rule]
share_with: [old]
---
[走访](../../old/news/2026-11-20-a.md) [关于](/old/about.md) [甲](/old/) [栏目](/old/news/) [名单](/old/media/list.txt)
[自己](../news/2026-11-19-own.md)
--- content/other/dispatch/2026-11-19-own.md
---
title: 自己的
---
文
--- content/other/policies/2026-11-02-new.md
---
title: 新办法
replaces: [old/policies/2026-11-01-rule]
---
文
"""


def test_whatever_names_a_branch_or_a_section_may_use_a_former_name(make_site: object) -> None:
    site: SmallSite = make_site("--- mkdocs.yml\ntheme: {name: material}\n" + NAMED)  # type: ignore[operator]
    assert codes(site.build()) == ["content/new/dispatch/2026-11-21-b.md:3 share-refused none"]
    page = site.page("other/dispatch/2026-11-20-words/index.html")
    for path in (
        "new/dispatch/2026-11-20-a/",
        "new/about/",
        "new/dispatch/",
        "new/media/list.txt",
        "new/policies/2026-11-01-rule/",
    ):
        assert f'{path}"' in page, path
    assert 'other/dispatch/2026-11-19-own/"' in page
    rule = site.page("new/policies/2026-11-01-rule/index.html")
    assert "解读" in rule
    assert "新办法" in rule
    listed = site.page("other/dispatch/index.html")
    assert ("走访" in listed, "会议" in listed) == (True, False)
    assert "解读" in site.page("new/dispatch/index.html")
    assert "new/dispatch/2026-11-20-a/" in site.page("start/index.html")
    branches = {each["slug"]: each for each in json.loads(site.page("data/branches.json"))["branches"]}
    other = branches["other"]
    assert (other["parent"], other["accept"], other["refuse"]) == ("new", ["new"], ["new/dispatch/2026-11-21-b"])
    entries = {each["title"]: each for each in json.loads(site.page("data/entries.json"))["entries"]}
    assert entries["解读"]["interprets"] == entries["新办法"]["policy"]["replaces"] == ["new/policies/2026-11-01-rule"]
    assert entries["解读"]["share_with"] == ["new"]
    # A change there is seen wherever it is named.
    site.write(
        "--- content/new/policies/2026-11-01-rule.md\n---\ntitle: 改名的办法\nstatus: repealed\n---\n文\n"
    ).build()
    assert "改名的办法" in site.page("other/dispatch/2026-11-20-words/index.html")
    built = site.files()
    site.build(clean=True)
    assert site.files() == built


def test_a_name_that_somebody_has_again_means_that_one(make_site: object) -> None:
    site: SmallSite = make_site("--- mkdocs.yml\ntheme: {name: material}\n" + NAMED)  # type: ignore[operator]
    site.write(
        "--- content/old/branch.yml\nname: 丙支部\n"
        "--- content/old/policies/2026-11-01-rule.md\n---\ntitle: 丙的办法\n---\n文\n"
    ).build()
    page = site.page("other/dispatch/2026-11-20-words/index.html")
    assert "丙的办法" in page
    assert 'new/policies/2026-11-01-rule/"' not in page


HELD = """
--- content/alpha/media/list.txt
名单
--- content/alpha/news/2026-11-20-a.md
---
title: 走访
attachments: [../media/list.txt]
tags: [志愿]
---
去了一位老同志家,见[会议](2026-11-21-b.md)和[关于](../about.md#旧)。
--- content/alpha/news/2026-11-21-b.md
---
title: 会议
---
开了会。
--- content/alpha/about.md
---
title: 关于
---
## 旧

文
"""


@pytest.mark.parametrize("section", ["news", "dispatch"])
@pytest.mark.parametrize("broken", ["before", "after"])
@pytest.mark.parametrize("branch", ["alpha", "gamma"])
def test_a_broken_text_stays_in_its_last_good_version_under_other_names(
    site: SmallSite, section: str, broken: str, branch: str
) -> None:
    site.delete("content/alpha", "content/beta").write(ORGANIZATION + PAST).write(HELD)
    site.build(FIRST)
    text = site.root / "content/alpha/news/2026-11-20-a.md"
    good = text.read_text("utf-8")
    if broken == "before":
        text.write_text("---\ntitle: [\n---\n新\n", "utf-8")
        site.build(FIRST)
    if branch != "alpha":
        (site.root / "content/alpha").rename(site.root / f"content/{branch}")
        site.write(f"--- content/{branch}/branch.yml\nname: 甲支部\nformerly: [alpha]\n")
    if section != "news":
        (site.root / f"content/{branch}/news").rename(site.root / f"content/{branch}/{section}")
        site.write(ORGANIZATION.replace("news: {", f"{section}: {{formerly: [news], "))
    text = site.root / f"content/{branch}/{section}/2026-11-20-a.md"
    text.write_text("---\ntitle: [\n---\n新\n", "utf-8")
    for clean in (False, True):
        told = codes(site.build(LATER, clean=clean))
        assert [each for each in told if "held" in each] == [
            f"content/{branch}/{section}/2026-11-20-a.md:2 front-matter-syntax held"
        ], told
        held = site.files(branch)
        page = site.page(f"{branch}/{section}/2026-11-20-a/index.html")
        assert "去了一位老同志家" in page
        assert "media/list.txt" in page
    text.write_text(good, "utf-8")
    assert codes(site.build(LATER)) == []
    mended = site.files(branch)
    assert {path for path in held if held[path] != mended.get(path)} <= {"build.json"}
    assert set(held) == set(mended)


MANY = """
--- content/alpha/branch.yml
name: 甲支部
sections: {add: {own: {title: 自己}}}
--- content/alpha/about.md
---
title: 我们
image: media/a.png
---
见[动态](news/2026-11-20-a/index.md)。
--- content/alpha/news/2026-11-20-a/index.md
---
title: 走访
image: b.png
attachments: [../../media/a.pdf]
---
![图](b.png)，见[关于](../../about.md)。
--- content/alpha/own/2026-11-21-own.md
---
title: 自己
---
文
--- content/alpha/voices/2026-11-20-v.yml
text: 好
portrait: ../media/a.png
--- content/alpha/news/2026-11-22-other.md
---
title: 没有人要
---
文
"""


def test_what_was_known_under_former_names_is_as_if_it_had_been_read_here(site: SmallSite) -> None:
    """Branch, section and entry, and each file that they name, in texts and in settings."""

    def documents(slug: str) -> dict[str, Document]:
        organization, _ = read_organization(site.root)
        assert organization is not None
        found = find_site(site.root, slug, organization, datetime.fromisoformat(FIRST))
        nonlocal branch
        branch = found.branch
        return {
            each.path: msgspec.structs.replace(each, signature=Signature(0, 0, 0, 0))
            for each in found.content.documents
        }

    branch: Branch | None = None
    site.delete("content/alpha", "content/beta").write(ORGANIZATION + MANY)
    before = documents("alpha")
    assert len(before) == 5
    (site.root / "content/alpha").rename(site.root / "content/gamma")
    (site.root / "content/gamma/news").rename(site.root / "content/gamma/dispatch")
    (site.root / "content/gamma/own").rename(site.root / "content/gamma/ours")
    site.write(ORGANIZATION.replace("news: {", "dispatch: {formerly: [news], "))
    site.write(
        "--- content/gamma/branch.yml\nname: 甲支部\nformerly: [alpha]\nsections: {add: {ours: {title: 自己, formerly: [own]}}}\n"
    )
    after = {path: each for path, each in documents("gamma").items() if "other" not in path}
    assert branch is not None
    assert dict(versions_under_present_names(before, branch, set(after) | {"content/gamma/news/nothing.md"})) == after
    assert versions_under_present_names(after, branch, set(after)) == {}


def test_an_entry_may_say_that_it_was_where_its_branch_was(site: SmallSite) -> None:
    """Who renames a branch and writes both down has written the same thing twice, which is no mistake."""
    site.delete("content/alpha", "content/beta").write(PAST).build(FIRST)
    site.delete("content/alpha").write(PAST.replace("content/alpha", "content/gamma"))
    site.write("--- content/gamma/branch.yml\nname: 甲支部\nformerly: [alpha]\n")
    site.write(
        "--- content/gamma/news/2026-11-20-a.md\n---\ntitle: 走访\nmoved_from: alpha/news/2026-11-20-a\n---\n文\n"
    )
    assert codes(site.build(LATER)) == []
    assert "/gamma/news/2026-11-20-a/" in site.page("alpha/news/2026-11-20-a/index.html")

"""``branchpress audit``: what has gone stale, what is broken, whose turn it is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import pytest
from conftest import NOW, SmallSite
from faults import LosingExecutor
from msgspec.structs import replace

from builder.audit.branches import RuleContext, branch_breaches
from builder.audit.breach import Breach
from builder.audit.check import check_content, next_due
from builder.audit.findings import Finding, Severity, judged
from builder.audit.forms import audit_json
from builder.audit.inspection.site import Inspected, Inspector, Known
from builder.audit.run import Audit, audit
from builder.audit.telling import audit_text
from builder.audit.whole import unused_files
from builder.catalogue.reading import SiteSource, find_site, reading_of
from builder.content.workspace import open_workspace
from builder.messages.problems import Problem
from builder.messages.translation import translator
from builder.model.dates import Span
from builder.model.published import LiveSite, summary_of
from builder.model.values import Branch, Contact, Profile, RuleSetting, Section
from builder.store import Store
from builder.workers import SerialExecutor, WorkerLostError

SITE = """
--- mkdocs.yml
theme: {name: material}
--- content/organization.yml
name: 示范大学党建在线
url: https://example.org/
contact: {phone: 010-00000000}
sections:
  news: {title: 支部动态, type: article, update_within: 14 days}
  notices: {title: 通知公告, type: notice}
  policies: {title: 政策文件, type: policy, interpret_within: 30 days}
  letters: {title: 来信回应, type: letter, reply_within: 5 working days}
holidays: [2026-10-01/2026-10-07]
--- content/alpha/branch.yml
name: 甲支部
contact: {phone: 010-11111111}
sections: {hide: [notices, policies, letters]}
--- content/alpha/news/2026-11-20-visit.md
---
title: 走访慰问
summary: 上午九点出发。
author: 宣传委员
---
上午九点，党员们出发了。
"""


def seen(site: SmallSite, now: str = NOW, branches: Sequence[str] = (), *, built: bool = False) -> Audit:
    """An audit of the site, of its built pages too if there are any."""
    store = Store(site.root / ".branchpress", site.root / "sites") if built else None
    output = site.root / "sites" if built else None
    with SerialExecutor() as executor:
        return audit(site.root, datetime.fromisoformat(now), executor, store=store, output=output, branches=branches)


def of(found: Audit, rule: str) -> list[Finding]:
    """The findings of one rule."""
    return [finding for finding in found.findings if finding.code == rule]


def told(found: Audit) -> list[tuple[str, str]]:
    """Rule and branch of every finding."""
    return [(finding.code, finding.branch) for finding in found.findings]


def test_a_well_kept_branch_has_a_hundred_points(small_site: SmallSite) -> None:
    small_site.write(SITE)
    found = seen(small_site)
    assert told(found) == []
    assert [(score.branch, score.points, score.failed) for score in found.scores] == [("alpha", 100.0, False)]
    assert not found.failed


@pytest.mark.parametrize(
    ("now", "rules"),
    [
        ("2026-11-26T12:00+08:00", []),
        ("2026-11-27T12:00+08:00", ["section-due"]),
        ("2026-12-04T23:59+08:00", ["section-due"]),
        ("2026-12-05T00:00+08:00", ["section-stale"]),
        ("2027-01-20T23:59+08:00", ["section-stale"]),
        ("2027-01-21T00:00+08:00", ["site-asleep", "section-stale"]),
    ],
)
def test_the_clock_alone_makes_a_section_due_then_overdue_then_the_site_asleep(
    small_site: SmallSite, now: str, rules: list[str]
) -> None:
    # Fourteen days after 20 November the section is overdue, two months after it the site is asleep.
    small_site.write(SITE)
    assert [finding.code for finding in seen(small_site, now).findings] == rules


def test_a_finding_says_how_much_and_until_when(small_site: SmallSite) -> None:
    small_site.write(SITE)
    (stale,) = of(seen(small_site, "2026-12-10T09:00+08:00"), "section-stale")
    assert (stale.severity, stale.measure, stale.unit, stale.points) == ("deduction", 20, "days", 5)
    text = audit_text(seen(small_site, "2026-12-10T09:00+08:00"), translator("zh"))
    assert "“支部动态”已有 20 天没有更新（期限：14 天），最近一条是 2026-11-20 的。" in text
    assert "甲支部（alpha）：95 分（满分 100：栏目逾期未更新 1 条 −5）" in text


def test_days_left_are_told_of_every_section(small_site: SmallSite) -> None:
    small_site.write(SITE.replace("summary: 上午九点出发。\n", ""))
    found = seen(small_site)
    (branch,) = json.loads(audit_json(found, translator("zh")))["branches"]
    assert branch["sections"] == [
        {
            "section": "news",
            "title": "支部动态",
            "state": "fresh",
            "last": "2026-11-20",
            "limit": "14 days",
            "due": "2026-12-04",
            "left": 11,
        }
    ]
    assert "接下来：支部动态，2026-12-04 之前（还有 11 天）" in audit_text(found, translator("zh"))


def test_what_cannot_be_measured_is_said_in_a_sentence_of_its_own(small_site: SmallSite) -> None:
    small_site.write(SITE + "\n--- content/beta/branch.yml\nname: 乙支部\n")
    text = audit_text(seen(small_site, "2026-12-04T09:00+08:00"), translator("zh"))
    assert "这个支部还没有发布过任何内容（期限：2 个月）。" in text
    assert "“支部动态”今天就要更新。" in text


def test_a_section_is_measured_in_the_days_that_its_limit_counts(small_site: SmallSite) -> None:
    small_site.write(
        SITE.replace(
            "sections: {hide:",
            "sections: {add: {kept: {title: 常新, update_within: 5 working days}, "
            "week: {title: 每周, update_within: 1 week}}, hide:",
        )
        + "--- content/alpha/kept/2026-11-11-a.md\n---\ntitle: 一\n---\n文。\n"
        + "--- content/alpha/week/2026-11-11-a.md\n---\ntitle: 一\n---\n文。\n"
    )
    found = {one.section: (one.measure, one.unit) for one in of(seen(small_site), "section-stale")}
    assert found == {"kept": (8, "working days"), "week": (12, "days")}


@pytest.mark.parametrize(
    ("contact", "missing"),
    [
        ("{phone: 010-1}", []),
        ("{email: a@example.org}", []),
        ("{address: 一号楼}", ["channel-missing"]),
        ("{person: 李}", ["channel-missing", "contact-missing"]),
        ("{}", ["channel-missing", "contact-missing"]),
    ],
)
def test_a_branch_says_how_it_is_reached(small_site: SmallSite, contact: str, missing: list[str]) -> None:
    site = SITE.replace("contact: {phone: 010-00000000}\n", "").replace("{phone: 010-11111111}", contact)
    found = seen(small_site.write(site))
    assert sorted(one.code for one in found.findings if one.code in ("channel-missing", "contact-missing")) == missing


def test_core_sections_are_news_and_what_is_a_duty_whatever_else_has_a_limit(small_site: SmallSite) -> None:
    small_site.write(SITE)
    organization = open_workspace(small_site.root).organization
    profile = Profile(
        rules={"core-sections-stale": RuleSetting(severity="veto", most=1)},
        update_within={name: Span(amount=1, unit="days") for name in ("news", "stories", "notice", "article")},
    )
    sections = tuple(
        Section(slug=slug, title=slug, type=kind)
        for slug, kind in (("news", "article"), ("stories", "article"), ("told", "notice"), ("talks", "event"))
    )
    branch = Branch(slug="a", name="A", sections=sections, contact=Contact(phone="1"))
    context = RuleContext(replace(organization, profile=profile), datetime.fromisoformat(NOW), organization.zone)
    empty = LiveSite("a", branch=branch)
    breaches = branch_breaches(context, branch, summary_of(empty), Inspected(empty))
    assert [one.arguments["names"] for one in breaches if one.code == "core-sections-stale"] == [("news", "told")]


@pytest.mark.parametrize(
    ("severity", "cap", "points"),
    [
        ("deduction", 0, [5, 5, 5]),
        ("deduction", 12, [5, 5, 2]),
        ("deduction", 10, [5, 5, 0]),
        ("advice", 12, [0, 0, 0]),
    ],
)
def test_points_are_taken_for_each_breach_up_to_the_cap(severity: Severity, cap: float, points: list[float]) -> None:
    profile = Profile(name="x", rules={"link-dead": RuleSetting(severity=severity, points=5, cap=cap)})
    breaches = [Breach(code="link-dead", branch=branch, path=f"{number}.md") for number in range(3) for branch in "ab"]
    told = judged([*breaches, *breaches, Breach(code="site-asleep", branch="a")], profile)
    assert [(one.branch, one.points) for one in told] == [(branch, each) for branch in "ab" for each in points]


def test_letters_are_counted_in_working_days_without_holidays(small_site: SmallSite) -> None:
    small_site.write(
        SITE.replace("hide: [notices, policies, letters]", "hide: [notices, policies]")
        + "\n--- content/alpha/letters/2026-09-28-a.md\n---\ntitle: 问一问\nquestion: 何时开会？\nreceived: 2026-09-28\n---\n"
        + "\n--- content/alpha/letters/2026-09-01-b.md\n---\ntitle: 再问\nquestion: 在哪里？\nreceived: 2026-09-01\n"
        + "replied: 2026-09-15\nsummary: 答复。\nauthor: 书记\n---\n在三楼。\n"
    )
    # 28 September is a Monday; five working days are 29, 30 September and 8, 9, 12 October.
    assert not of(seen(small_site, "2026-10-12T23:00+08:00"), "letter-waiting")
    (waiting,) = of(seen(small_site, "2026-10-13T00:00+08:00"), "letter-waiting")
    assert (waiting.measure, waiting.unit, waiting.path) == (6, "working days", "content/alpha/letters/2026-09-28-a.md")
    (late,) = of(seen(small_site), "letter-late")
    assert (late.measure, late.unit) == (10, "working days")
    (unanswered,) = of(seen(small_site, "2026-12-29T00:00+08:00"), "letter-unanswered")
    assert unanswered.severity == "veto"
    assert "何时开会" not in audit_text(seen(small_site), translator("zh"))


LETTER = "\n--- content/alpha/letters/{day}-a.md\n---\ntitle: 问\nquestion: 何时开会？\nreceived: {day}\n{more}---\n"


@pytest.mark.parametrize(
    ("replied", "rules"),
    [
        ("2026-11-12", []),
        ("2026-11-13", []),
        # After five working days: Friday was the last.
        ("2026-11-16", ["letter-late"]),
    ],
)
def test_an_answer_on_the_last_day_is_in_time(small_site: SmallSite, replied: str, rules: list[str]) -> None:
    small_site.write(SITE.replace("hide: [notices, policies, letters]", "hide: [notices, policies]"))
    more = f"replied: {replied}\nreplier: 支部\n"
    small_site.write(LETTER.format(day="2026-11-06", more=more) + "已经办好。\n")
    assert [rule for rule, _ in told(seen(small_site)) if rule.startswith("letter")] == rules


@pytest.mark.parametrize(
    ("now", "rules"),
    [
        ("2026-04-06T12:00+08:00", ["letter-waiting"]),
        ("2026-04-07T12:00+08:00", ["letter-unanswered"]),
        ("2027-01-05T12:00+08:00", ["letter-unanswered"]),
        ("2027-01-06T12:00+08:00", ["letter-waiting"]),
    ],
)
def test_a_letter_of_the_last_year_must_be_answered(small_site: SmallSite, now: str, rules: list[str]) -> None:
    """As the official indicators ask: after three months without an answer, and of the last year."""
    small_site.write(SITE.replace("hide: [notices, policies, letters]", "hide: [notices, policies]"))
    small_site.write(LETTER.format(day="2026-01-06", more=""))
    assert [rule for rule, _ in told(seen(small_site, now)) if rule.startswith("letter")] == rules


POLICIES = """
--- content/alpha/branch.yml
name: 甲支部
contact: {phone: 010-11111111}
sections: {hide: [notices, letters]}
--- content/alpha/policies/2026-09-01-old.md
---
title: 旧办法
summary: 旧的。
author: 办公室
status: repealed
---
旧。
--- content/alpha/policies/2026-10-01-new.md
---
title: 新办法
summary: 新的。
author: 办公室
replaces: policies/2026-09-01-old
---
替换[旧办法](2026-09-01-old.md)。
--- content/alpha/news/2026-11-20-visit.md
---
title: 走访慰问
summary: 出发。
author: 宣传委员
---
按[旧办法](../policies/2026-09-01-old.md)办。
"""


def test_a_policy_needs_an_interpretation_in_time(small_site: SmallSite) -> None:
    small_site.write(SITE).write(POLICIES)
    assert not of(seen(small_site, "2026-10-31T12:00+08:00"), "policy-uninterpreted")
    (lacking,) = of(seen(small_site), "policy-uninterpreted")
    assert (lacking.path, lacking.line, lacking.measure) == ("content/alpha/policies/2026-10-01-new.md", 2, 53)
    small_site.write(
        "--- content/alpha/news/2026-11-21-read.md\n---\ntitle: 解读\nsummary: 白话。\nauthor: 办公室\n"
        "interprets: policies/2026-10-01-new\n---\n大白话。\n"
    )
    assert not of(seen(small_site), "policy-uninterpreted")


def test_a_link_to_a_repealed_policy_is_told_but_not_in_what_replaces_it(small_site: SmallSite) -> None:
    small_site.write(SITE).write(POLICIES)
    (linked,) = of(seen(small_site), "repealed-linked")
    assert (linked.path, linked.line, linked.column) == ("content/alpha/news/2026-11-20-visit.md", 6, 2)


def test_what_interprets_a_repealed_policy_may_lead_to_it(small_site: SmallSite) -> None:
    link = "policies/2026-09-01-old"
    for name, head in (("one", f"interprets: {link}\n"), ("other", "interprets: policies/2026-10-01-new\n")):
        small_site.write(
            f"--- content/alpha/news/2026-11-21-{name}.md\n---\ntitle: 解读\n{head}---\n[旧](../{link}.md)\n"
        )
    found = of(seen(small_site.write(SITE).write(POLICIES)), "repealed-linked")
    assert [one.path.rpartition("/")[2] for one in found] == ["2026-11-20-visit.md", "2026-11-21-other.md"]


def test_long_addresses_are_cut_where_they_are_told(small_site: SmallSite) -> None:
    long = "x" * 250
    small_site.write(SITE + f"--- content/alpha/news/2026-11-22-a.md\n---\ntitle: 长\n---\n[断]({long}.md)\n")
    assert [one.arguments["target"] for one in of(seen(small_site), "link-dead")] == ["x" * 200]


def test_a_replaced_policy_must_not_say_that_it_is_in_force(small_site: SmallSite) -> None:
    small_site.write(SITE).write(POLICIES.replace("status: repealed\n", ""))
    (replaced,) = of(seen(small_site), "policy-replaced")
    assert replaced.path == "content/alpha/policies/2026-09-01-old.md"


def test_links_of_texts_that_lead_nowhere_are_told_with_their_place(small_site: SmallSite) -> None:
    small_site.write(
        SITE
        + "\n--- content/alpha/news/2026-11-22-links.md\n---\ntitle: 链接\nsummary: 链接。\nauthor: 某\n"
        + "image: none.jpg\nimage_alt: 无\nattachments: [form.pdf]\n---\n"
        + "看[这里](missing.md)和[那里](2026-11-20-visit.md#nothing)，[自己](#none)。\n\n![图](lost.png)\n"
    )
    rows = {finding.code: [] for finding in seen(small_site).findings}
    for finding in seen(small_site).findings:
        rows[finding.code].append((finding.line, finding.arguments["target"]))
    assert rows["link-dead"] == [(9, "missing.md")]
    assert rows["anchor-dead"] == [(9, "2026-11-20-visit.md#nothing"), (9, "#none")]
    assert rows["picture-dead"] == [(5, "alpha/news/none.jpg"), (11, "lost.png")]
    assert rows["attachment-dead"] == [(7, "alpha/news/form.pdf")]


def test_pictures_that_settings_and_topics_name_are_looked_for_too(small_site: SmallSite) -> None:
    small_site.write(SITE).write(
        "--- content/alpha/branch.yml\nname: 甲支部\ncontact: {phone: 010-11111111}\n"
        "committee:\n  - {name: 甲, photo: media/lost.jpg}\n"
        "--- content/hub/topics/t.md\n---\ntitle: 专题\nimage: lost.png\n---\n文。\n"
    )
    found = [(one.branch, one.path, one.line, one.arguments["target"]) for one in of(seen(small_site), "picture-dead")]
    assert found == [
        ("", "content/hub/topics/t.md", 3, "hub/topics/lost.png"),
        ("alpha", "content/alpha/branch.yml", 4, "alpha/media/lost.jpg"),
    ]


def test_links_are_shown_as_people_write_them(small_site: SmallSite) -> None:
    small_site.write(SITE + "\n--- content/alpha/about.md\n---\ntitle: 我们\n---\n[看](没有.md#%E6%97%A0)\n")
    (dead,) = of(seen(small_site), "link-dead")
    assert dead.arguments["target"] == "没有.md#无"


def test_a_branch_that_cannot_be_read_is_named(small_site: SmallSite) -> None:
    small_site.write(SITE + "\n--- content/gamma/branch.yml\nname: [\n")
    found = seen(small_site)
    assert found.unread == ("gamma",)
    assert seen(small_site, branches=["alpha"]).unread == ()
    assert "gamma：读不了它的 branch.yml" in audit_text(found, translator("zh"))


def test_files_that_nobody_uses_are_told_with_their_size(small_site: SmallSite) -> None:
    small_site.write(SITE)
    (small_site.root / "content/alpha/media").mkdir()
    (small_site.root / "content/alpha/media/old.pdf").write_bytes(b"%PDF" + b"0" * 2996)
    (small_site.root / "content/alpha/media/used.pdf").write_bytes(b"%PDF")
    small_site.write(
        "--- content/alpha/news/2026-11-22-a.md\n---\ntitle: 附件\nsummary: 有附件。\nauthor: 某\ndraft: true\n---\n"
        "[表](../media/used.pdf)\n"
    )
    (unused,) = of(seen(small_site), "file-unused")
    assert (unused.path, unused.measure) == ("content/alpha/media/old.pdf", 3000)


@pytest.mark.parametrize(("broken", "unused"), [(99, ["media/old.pdf", "media/other.pdf"]), (100, [])])
def test_what_a_broken_text_may_use_is_used(small_site: SmallSite, broken: int, unused: list[str]) -> None:
    """What it names, what its last good version did, and of very many broken ones whatever lies beside them."""
    good = "--- content/alpha/news/2026-11-22-a.md\n---\ntitle: 附件\n---\n[表](../media/good.pdf)\n"
    small_site.write(SITE + good)
    (small_site.root / "content/alpha/media").mkdir()
    for name in ("good", "named", "old", "other"):
        (small_site.root / f"content/alpha/media/{name}.pdf").write_bytes(b"%PDF")
    moment, organization = datetime.fromisoformat(NOW), open_workspace(small_site.root).organization
    before = find_site(small_site.root, "alpha", organization, moment).content.documents
    small_site.write(good.replace("附件", "[附件").replace("good", "named"))
    for number in range(broken):
        small_site.write(f"--- content/alpha/news/2026-10-01-{number}.md\n---\ntitle: [\n---\n")
    found = find_site(small_site.root, "alpha", organization, moment)
    reading = reading_of(replace(found, good={each.path: each for each in before if each.entry}), moment)
    site = Inspector(small_site.root, organization, moment).inspect(reading, Known(), bare=False)
    assert [one.path for one in unused_files({"alpha": site})] == [f"content/alpha/{path}" for path in unused]


def test_what_is_missing_is_advice_with_its_line(small_site: SmallSite) -> None:
    small_site.write(SITE + "\n--- content/alpha/news/2026-11-22-a.md\n---\ntitle: 短\n---\n![](x.png)\n")
    (small_site.root / "content/alpha/news/x.png").write_bytes(b"")
    found = seen(small_site)
    assert [finding.line for finding in of(found, "summary-missing")] == [2]
    assert [finding.line for finding in of(found, "source-missing")] == [2]
    assert [finding.line for finding in of(found, "alternative-missing")] == [4]


def test_dates_that_look_typed_wrong(small_site: SmallSite) -> None:
    head = "summary: 一句。\nauthor: 某\n"
    small_site.write(
        SITE
        + f"\n--- content/alpha/news/2026-11-22-a.md\n---\ntitle: 前缀\ndate: 2026-11-12\n{head}---\n正文。\n"
        + f"--- content/alpha/news/b.md\n---\ntitle: 远\ndate: 2062-11-12\n{head}---\n正文。\n"
        + f"--- content/alpha/news/c.md\n---\ntitle: 古\ndate: 1926-11-12\n{head}---\n正文。\n"
        + f"--- content/alpha/news/d.md\n---\ntitle: 倒\ndate: 2026-11-12\nupdated: 2025-11-12\n{head}---\n正文。\n"
    )
    assert {finding.path[-4]: finding.arguments["because"] for finding in of(seen(small_site), "date-suspicious")} == {
        "a": "prefix",
        "b": "ahead",
        "c": "old",
        "d": "updated",
    }


def test_a_committee_whose_term_has_ended_and_a_branch_without_contact(small_site: SmallSite) -> None:
    small_site.write(
        SITE.replace(
            "contact: {phone: 010-11111111}\n",
            "committee: [{name: 甲, since: 2023-09}, {name: 乙, since: 2023-09}, {name: 丙, since: 2026-01}]\n",
        )
    )
    (ended,) = of(seen(small_site), "term-ended")
    assert (ended.arguments["since"], ended.arguments["due"]) == ("2023-09", "2026-09-01")
    assert of(seen(small_site), "contact-missing")
    assert not of(seen(small_site), "channel-missing"), "the organization's own telephone will do"


def test_a_section_that_most_branches_hide_concerns_the_whole(small_site: SmallSite) -> None:
    small_site.write(SITE + "\n--- content/beta/branch.yml\nname: 乙支部\nsections: {hide: [news, notices]}\n")
    rows = of(seen(small_site), "sections-hidden")
    assert [(row.section, row.measure, row.branch) for row in rows] == [("notices", 2, "")]


def test_a_closed_branch_is_not_audited(small_site: SmallSite) -> None:
    small_site.write(SITE + "\n--- content/beta/branch.yml\nname: 乙支部\nstatus: closed\nclosed: 2026-01-01\n")
    assert all(finding.branch != "beta" for finding in seen(small_site).findings)
    assert [score.branch for score in seen(small_site).scores] == ["alpha"]


def test_only_the_branches_that_were_named_are_told_of(small_site: SmallSite) -> None:
    small_site.write(SITE + "\n--- content/beta/branch.yml\nname: 乙支部\n")
    found = seen(small_site, branches=("beta",))
    assert {finding.branch for finding in found.findings} == {"beta"}
    assert [score.branch for score in found.scores] == ["beta"]


def test_the_worst_branch_comes_first_and_its_score_names_its_parts(small_site: SmallSite) -> None:
    small_site.write(SITE + "\n--- content/beta/branch.yml\nname: 乙支部\n")
    found = seen(small_site)
    worst = found.scores[0]
    assert (worst.branch, worst.failed) == ("beta", True)
    assert worst.points == 100 - sum(part.points for part in worst.parts)
    empty = next(part for part in worst.parts if part.rule == "section-empty")
    assert (empty.count, empty.points) == (4, 8.0)


def test_sites_whose_process_is_lost_are_named(small_site: SmallSite) -> None:
    small_site.write(SITE + "--- content/zeta/branch.yml\nname: 己支部\n")
    with LosingExecutor() as executor:
        found = audit(small_site.root, datetime.fromisoformat(NOW), executor)
    assert list(found.lost.items()) == [("alpha", "killed"), ("hub", "killed"), ("zeta", "killed")]
    assert "alpha 没能读完或检查完：killed" in audit_text(found, translator("zh"))


def test_a_source_over_which_a_process_is_lost_counts_as_broken_and_its_site_is_read_again(
    small_site: SmallSite,
) -> None:
    small_site.write(SITE + "--- content/alpha/news/2026-11-21-bad.md\n---\ntitle: 坏\n---\n一。\n")
    asked: list[tuple[str, list[str]]] = []

    def find(*arguments: Any, note: Callable[[str], None], failed: Mapping[str, str], **named: Any) -> SiteSource:
        def noted(path: str) -> None:
            note(path)
            if path.endswith("bad.md"):
                raise WorkerLostError("killed")

        asked.append((arguments[1], list(failed)))
        return find_site(*arguments, note=noted, failed=failed, **named)

    now, bad = datetime.fromisoformat(NOW), "content/alpha/news/2026-11-21-bad.md"
    with SerialExecutor() as executor:
        found = audit(small_site.root, now, executor, find=find)
    assert asked == [("alpha", []), ("", []), ("alpha", [bad])]
    assert (found.lost, [score.branch for score in found.scores]) == ({}, ["alpha"])
    asked.clear()
    told = check_content(small_site.root, now, find=find)
    assert asked == [("alpha", []), ("", []), ("alpha", [bad])]
    assert [(each.code, each.path) for each in told if each.severity == "error"] == [("read-failed", bad)]


@pytest.mark.slow
def test_a_check_names_them_too_and_goes_by_the_last_release(built_site: SmallSite) -> None:
    now = datetime.fromisoformat(NOW)
    store = Store(built_site.root / ".branchpress", built_site.output)

    def lost(problems: Iterable[Problem]) -> list[tuple[str, str, str]]:
        return [(each.code, each.path, each.effect) for each in problems]

    places = ("content/alpha", "content/beta", "content/hub")
    assert lost(check_content(built_site.root, now, workers=LosingExecutor)) == [
        ("render-failed", place, "missing") for place in places
    ]
    due, problems = next_due(built_site.root, now, store, LosingExecutor)
    assert lost(problems) == [("render-failed", place, "kept") for place in places]
    assert due == next_due(built_site.root, now, store)[0], "what the release has falls due all the same"
    assert next_due(built_site.root, now, None, LosingExecutor)[0] is None
    told = lost(check_content(built_site.root, now, store, workers=LosingExecutor))
    assert [(code, place) for code, place, _ in told] == [("render-failed", place) for place in places], (
        "each is told once"
    )

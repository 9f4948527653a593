"""Profiles: thresholds as data files, changed in organization.yml, extended in content/_audit/."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from conftest import SmallSite
from test_whole_site import compare

from builder.audit.run import Audit, audit
from builder.content import read_organization
from builder.content.profiles import names
from builder.messages.rules import RULES
from builder.model.dates import Span
from builder.model.values import Profile
from builder.workers import SerialExecutor

ORGANIZATION = """
--- mkdocs.yml
theme: {name: material}
--- content/organization.yml
name: 示范
url: https://example.org/
contact: {phone: 010-1}
sections:
  news: {title: 动态}
  notices: {title: 通知, type: notice}
  policies: {title: 政策, type: policy}
  studies: {title: 学习}
  people: {title: 人物}
  labs: {title: 实验室}
"""


def profile_of(site: SmallSite) -> tuple[Profile, list[str]]:
    """The profile that applies, and the problems of organization.yml and of profiles."""
    organization, problems = read_organization(site.root)
    assert organization is not None
    return organization.profile, [f"{each.path}:{each.line} {each.code}" for each in problems]


def audited(site: SmallSite, now: str) -> Audit:
    """An audit."""
    with SerialExecutor() as executor:
        return audit(site.root, datetime.fromisoformat(now), executor)


@pytest.mark.parametrize("name", ["campus", "gov-2019"])
def test_every_rule_of_a_profile_of_ours_cites_its_source(make_site: Callable[[str], SmallSite], name: str) -> None:
    profile, problems = profile_of(make_site(ORGANIZATION + f"audit: {{profile: {name}}}\n"))
    assert problems == []
    for rule, setting in profile.rules.items():
        assert setting.source, rule
        assert (setting.within is not None) == (RULES[rule].limit == "span"), rule
        assert bool(setting.most) == (RULES[rule].limit == "count"), rule
        assert (setting.points > 0) == (setting.severity == "deduction"), rule
    assert set(RULES) - set(profile.rules) <= {"core-sections-stale"}


def test_none_finds_nothing(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(ORGANIZATION + "audit: {profile: none}\n").write("--- content/a/branch.yml\nname: 甲\n")
    assert audited(site, "2026-11-23").findings == ()


def test_every_number_can_be_changed(make_site: Callable[[str], SmallSite]) -> None:
    profile, problems = profile_of(
        make_site(
            ORGANIZATION
            + "audit:\n  site-asleep: 30 天\n  section-stale: {points: 3, cap: 9}\n  summary-missing: off\n"
            + "  repealed-linked: veto\n  empty-sections: 4\n  update_within: {notice: 3 months}\n  reply_within: 2 weeks\n"
        )
    )
    assert problems == []
    assert profile.rules["site-asleep"].within == Span(amount=30, unit="days")
    assert profile.rules["site-asleep"].severity == "veto"
    assert (profile.rules["section-stale"].points, profile.rules["section-stale"].cap) == (3, 9)
    assert "summary-missing" not in profile.rules
    assert profile.rules["repealed-linked"].severity == "veto"
    assert profile.rules["empty-sections"].most == 4
    assert profile.update_within == {"notice": Span(amount=3, unit="months")}
    assert profile.reply_within == Span(amount=2, unit="weeks")


def test_a_rule_that_does_not_exist_is_told_with_the_nearest(make_site: Callable[[str], SmallSite]) -> None:
    organization, problems = read_organization(make_site(ORGANIZATION + "audit: {site-aslep: 3 days}\n").root)
    assert organization is not None
    assert [(each.code, each.arguments["near"]) for each in problems] == [("key-unknown", "site-asleep")]


def test_an_organization_may_write_its_own_profile(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(ORGANIZATION + "audit: {profile: ours, site-asleep: 10 days}\n").write(
        "--- content/_audit/ours.yml\ntitle: {zh: 本校}\nextends: gov-2019\nlink-dead: {severity: veto, source: 校办}\n"
    )
    profile, problems = profile_of(site)
    assert problems == []
    assert (profile.name, profile.title["zh"]) == ("ours", "本校")
    assert profile.rules["link-dead"].severity == "veto"
    assert profile.rules["site-asleep"].within == Span(amount=10, unit="days")
    assert profile.rules["stale-sections"].most == 10


def test_a_profile_that_is_wrong_is_told_and_the_default_applies(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(ORGANIZATION + "audit: {profile: ours}\n").write(
        "--- content/_audit/ours.yml\ntitle: {zh: 本校}\nsite-asleep: {limit: soon}\n"
    )
    profile, problems = profile_of(site)
    assert problems == ["content/_audit/ours.yml:2 value-type"]
    assert profile.name == "campus"


def test_profiles_that_extend_each_other_do_not_go_on_for_ever(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(ORGANIZATION + "audit: {profile: one}\n").write(
        "--- content/_audit/one.yml\nextends: two\n--- content/_audit/two.yml\nextends: one\n"
    )
    profile, problems = profile_of(site)
    assert profile.name == "one"
    assert problems[0].endswith("profile-unknown")


def test_the_official_indicators_hold_news_to_two_weeks_and_notices_to_six_months(
    make_site: Callable[[str], SmallSite],
) -> None:
    text = ORGANIZATION + "audit: {profile: gov-2019, core-sections-stale: 3}\n"
    site = make_site(text).write(
        "--- content/a/branch.yml\nname: 甲\n"
        + "".join(
            f"--- content/a/{section}/{day}-x.md\n---\ntitle: 一\n---\n一。\n"
            for section, day in (
                ("news", "2026-05-20"),
                ("notices", "2026-05-20"),
                ("policies", "2026-05-20"),
                ("studies", "2026-11-20"),
            )
        )
    )
    rules = {one.code for one in audited(site, "2026-11-20T12:00+08:00").findings if one.severity == "veto"}
    assert rules == set()
    found = [one for one in audited(site, "2026-11-21T12:00+08:00").findings if one.severity == "veto"]
    assert [(one.code, one.measure, one.limit) for one in found] == [("core-sections-stale", 3, 3)]


def test_profiles_are_named_in_order_the_organizations_own_last(site: SmallSite) -> None:
    added = [f"{name}{number}" for name in "dbca" for number in (9, 1, 5)]
    site.write("".join(f"--- content/_audit/{name}.yml\nextends: default\n" for name in added))
    found = names(site.root)
    assert found[-len(added) :] == tuple(sorted(added))
    assert list(found[: -len(added)]) == sorted(found[: -len(added)])


OWN = """
--- content/_audit/ours.yml
title: {zh: 本校, en: Ours}
extends: campus
site-asleep: 3 days
stale-sections: {limit: 2, source: A rule}
empty-sections: off
section-stale: veto
section-due: {severity: deduction, points: 2.5, cap: 7}
core-sections-stale: 4
reply_within: 3 days
update_within: {news: 2 days, notice: 3 days}
--- content/_audit/bare.yml
link-dead: {points: 100}
anchor-dead: advice
section-due: 1 day
--- content/_audit/itself.yml
extends: itself
--- content/_audit/lost.yml
extends: nowhere
link-dead: veto
--- content/_audit/numbers.yml
link-dead: {points: 100.1}
--- content/_audit/broken.yml
title: [a
--- content/_audit/list.yml
- a
--- content/_audit/named.yml
extends: broken
linkdead: veto
""" + "".join(f"--- content/_audit/deep{number}.yml\nextends: deep{number + 1}\n" for number in range(8))
CHANGED = """
  site-asleep: veto
  stale-sections: 否
  empty-sections: 7
  section-stale: {cap: 9}
  core-sections-stale: advice
  link-dead: "no"
  section-due: {limit: 2 weeks, source: Ours}
  update_within: {letter: 1 week}
  interpret_within: 2 weeks
"""
CHOSEN = (
    "campus gov-2019 none ours bare itself lost numbers broken list named deep0 deep2 deep3 linked our campuss".split()
)


def test_profiles_come_to_what_they_always_came_to(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(ORGANIZATION + OWN)
    (site.root / "profile.yml").write_text("link-dead: veto\n", "utf-8")
    (site.root / "content/_audit/linked.yml").symlink_to(site.root / "profile.yml")
    settings = site.root / "content/organization.yml"
    plain = settings.read_text("utf-8")
    found: dict[str, str] = {}
    for name, changes in (("", ""), *((name, "") for name in CHOSEN), ("ours", CHANGED), ("bare", CHANGED)):
        settings.write_text(f"{plain}audit:\n  profile: {name}{changes}\n" if name else plain, "utf-8")
        organization, problems = read_organization(site.root)
        assert organization is not None
        profile = organization.profile
        lines = [f"{profile.name} {dict(profile.title)} {profile.reply_within} {profile.interpret_within}"]
        lines += [f"{key} within {span}" for key, span in profile.update_within.items()]
        for rule, one in profile.rules.items():
            if name in ("ours", "bare", "lost") or rule == "link-dead":
                lines.append(f"{rule} {one.severity} {one.within} {one.most} {one.points} {one.cap} {one.source[:9]}")
        lines += [f"{each.path}:{each.line}:{each.column} {each.code} {each.arguments}" for each in problems]
        found[f"{name}{' and changes' if changes else ''}" or "of nobody"] = "\n".join(lines)
    compare("profiles", found)

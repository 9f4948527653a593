"""What does not exist is told with the nearest name that does; a cycle with all of its branches."""

from __future__ import annotations

from collections.abc import Callable

from conftest import SmallSite
from picture_files import photograph, put
from test_sharing_rules import SITE

from builder.messages.formats import describe
from builder.messages.translation import translator

NAMED = """
--- content/hub/topics/open-day.md
---
title: 开门日
---
开门。
--- content/alpha/policies/2026-03-02-lab-safety.md
---
title: 办法
---
办法。
"""


def hints(site: SmallSite) -> dict[str, str]:
    """What is advised, by code and line."""
    return {f"{each.code}:{each.line}": describe(each, translator("zh")).how for each in site.check()}


def test_references_name_what_was_probably_meant(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(SITE).write(NAMED)
    site.write(
        "--- content/beta/news/2026-11-20-a.md\n---\ntitle: 一\ntopics: [openday]\nshare_with: [alhpa]\n"
        "interprets:\n  - alpha/policies/2026-03-02-labsafety\n  - alpha/news/2026-03-02-lab-safety\n"
        "  - alfa/policies/2026-03-02-lab-safety\n  - alpha/policies/nothing-like-it\n---\n文。\n"
    )
    told = hints(site)
    assert told["topic-unknown:3"].startswith("是不是想写“open-day”？")
    assert told["share-unknown:4"].startswith("是不是想写“alpha”？")
    assert told["ref-unknown:6"].startswith("是不是想写“alpha/policies/2026-03-02-lab-safety”？")
    assert told["ref-unknown:7"].startswith("是不是想写“alpha/policies/2026-03-02-lab-safety”？")
    assert told["ref-unknown:8"].startswith("是不是想写“alpha/policies/2026-03-02-lab-safety”？")
    assert "是不是" not in told["ref-unknown:9"]


def test_branches_name_what_was_probably_meant(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(SITE).write(NAMED)
    site.write(
        "--- content/beta/branch.yml\nname: 乙支部\nparent: alphaa\naccept: [alpah]\n"
        "refuse: [alpha/policies/2026-03-02-lab]\n"
        "place:\n  alpha/policies/2026-03-02-lab: news\n  alpha/policies/2026-03-02-lab-safety: polices\n"
    )
    told = hints(site)
    assert told["parent-unknown:2"].startswith("是不是想写“alpha”？")
    assert told["share-unknown:3"].startswith("是不是想写“alpha”？")
    assert told["ref-unknown:4"].startswith("是不是想写“alpha/policies/2026-03-02-lab-safety”？")
    assert told["ref-unknown:6"].startswith("是不是想写“alpha/policies/2026-03-02-lab-safety”？")
    assert told["section-unknown:7"].startswith("是不是想写“policies”？")


def test_a_cycle_is_named_in_full_and_only_to_those_in_it(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(SITE)
    for slug, parent in (("alpha", "gamma"), ("beta", "alpha"), ("gamma", "beta"), ("delta", "alpha")):
        site.write(f"--- content/{slug}/branch.yml\nname: {slug}\nparent: {parent}\n")
    told = {each.path: describe(each, translator("zh")).what for each in site.check() if each.code == "parent-cycle"}
    assert told == {
        "content/alpha/branch.yml": "上级绕了一圈又回到自己：alpha → gamma → beta → alpha。",
        "content/beta/branch.yml": "上级绕了一圈又回到自己：beta → alpha → gamma → beta。",
        "content/gamma/branch.yml": "上级绕了一圈又回到自己：gamma → beta → alpha → gamma。",
    }
    site.build()
    # Those of the circle stand at the top, what hangs below one of them stays there.
    assert 'href="../delta/"' in site.page("alpha/index.html")


def test_a_picture_that_is_not_there_is_the_only_one_that_is(make_site: Callable[[str], SmallSite]) -> None:
    """Of two, neither is guessed."""
    site = make_site(SITE).write("--- content/beta/news/2026-11-20-a.md\n---\ntitle: 一\n---\n![门](img/portal.png)\n")
    put(site.root / "content", "beta/news/img/0001.jpg", photograph(30, 20))

    def there() -> object:
        (told,) = [each for each in site.check() if "portal.png" in str(each.arguments)]
        return told.arguments.get("there", "")

    assert there() == "img/0001.jpg"
    put(site.root / "content", "beta/news/img/0002.jpg", photograph(30, 20))
    assert there() == ""

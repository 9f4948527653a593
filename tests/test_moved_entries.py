"""An entry that was moved: what named it where it was still finds it."""

from __future__ import annotations

import json

import pytest
from conftest import ORGANIZATION, SmallSite, codes

CONTENT = """
--- content/alpha/branch.yml
name: 甲支部
--- content/alpha/policies/2026-11-01-rule.md
---
title: 办法
---
## 第一条

文
--- content/beta/branch.yml
name: 乙支部
formerly: [old]
--- content/gamma/branch.yml
name: 丙支部
--- content/gamma/news/2026-11-20-words.md
---
title: 解读
interprets: [alpha/policies/2026-11-01-rule]
---
见[办法](../../alpha/policies/2026-11-01-rule.md#第一条)。
--- content/gamma/policies/2026-11-10-new.md
---
title: 新办法
replaces: alpha/policies/2026-11-01-rule
---
文
"""
MOVED = "---\ntitle: 办法\nmoved_from: {}\n---\n## 第一条\n\n文\n"


@pytest.fixture
def moved(site: SmallSite) -> SmallSite:
    site.delete("content/alpha", "content/beta").write(ORGANIZATION + CONTENT)
    assert codes(site.build()) == []
    (site.root / "content/alpha/policies/2026-11-01-rule.md").unlink()
    site.write("--- content/beta/policies/2026-11-01-rule-two.md\n" + MOVED.format("alpha/policies/2026-11-01-rule"))
    return site


@pytest.mark.slow
@pytest.mark.parametrize("clean", [False, True])
def test_links_and_references_find_it(moved: SmallSite, clean: bool) -> None:
    assert codes(moved.build(clean=clean)) == []
    place = "/beta/policies/2026-11-01-rule-two/"
    words = moved.page("gamma/news/2026-11-20-words/index.html")
    assert f"{place}#" in words
    assert words.count(place) >= 2, "in the text and as what it interprets"
    page = moved.page("beta/policies/2026-11-01-rule-two/index.html")
    assert "gamma/news/2026-11-20-words/" in page
    assert "gamma/policies/2026-11-10-new/" in page
    before = moved.files()
    moved.build(clean=not clean)
    assert moved.files() == before


@pytest.mark.slow
def test_it_is_followed_wherever_it_goes_and_nobody_else_takes_its_place(moved: SmallSite) -> None:
    moved.build()
    # Back where it was, beside the one that claims to have come from there: whose own path it is has it.
    moved.write("--- content/alpha/policies/2026-11-01-rule.md\n---\ntitle: 旧办法\n---\n## 第一条\n\n文\n").build()
    assert "/alpha/policies/2026-11-01-rule/#" in moved.page("gamma/news/2026-11-20-words/index.html")
    moved.delete("content/alpha/policies/2026-11-01-rule.md", "content/beta/policies/2026-11-01-rule-two.md")
    assert "link-broken" in {each.partition(" ")[2].partition(" ")[0] for each in codes(moved.build())}
    moved.write("--- content/alpha/policies/2026-11-02-here.md\n" + MOVED.format("alpha/policies/2026-11-01-rule"))
    assert codes(moved.build()) == []
    before = moved.files()
    assert "/alpha/policies/2026-11-02-here/#" in moved.page("gamma/news/2026-11-20-words/index.html")
    moved.build(clean=True)
    assert moved.files() == before
    ids = [each["id"] for each in json.loads(moved.page("data/entries.json"))["entries"]]
    assert len(ids) == len(set(ids))

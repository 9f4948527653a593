"""Search as the sites have it: an index beside every site's search page, of what is published and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from conftest import ORGANIZATION, TWO_BRANCHES, SmallSite

FILL = "".join(chr(0x4E00 + place) for place in range(0, 3000, 2))
EXPIRED = "--- content/alpha/news/2026-11-01-{slug}.md\n---\ntitle: {title}\nexpires: 2026-11-20\n---\n机密过期的话\n"
DRAFT = "--- content/alpha/news/2026-11-02-{slug}.md\n---\ntitle: {title}\ndraft: true\n---\n机密草稿的话\n"


def entries(count: int, branch: str = "alpha", *, start: int = 0) -> str:
    """Entries whose texts together are too long to be read whole."""
    return "".join(
        f"--- content/{branch}/news/{2022 + number % 5}-03-{number % 28 + 1:02d}-n{number}.md\n"
        f"---\ntitle: 第{number}次活动\ntags: [记录]\n---\n摘要{number}\n\n{FILL}第{number}号木匣子\n"
        for number in range(start, start + count)
    )


def documents(site: SmallSite, folder: str) -> Mapping[str, list[Any]]:
    """What an index shows, by address."""
    rows = [
        row
        for path, content in site.files(f"{folder}/search" if folder else "search").items()
        if path.startswith("blocks/")
        for row in json.loads(content)
    ]
    return {row[1][0]: row[1] for row in rows}


def head(site: SmallSite, folder: str) -> Mapping[str, Any]:
    """An index's head."""
    found: Mapping[str, Any] = json.loads(site.page(f"{folder}/search/index.json"))
    return found


def test_a_branch_has_its_whole_texts_and_the_hub_what_lists_show(site: SmallSite) -> None:
    site.write("--- content/alpha/news/2026-11-19-long.md\n---\ntitle: 长\ntags: [标签]\n---\n第一段。\n\n第二段。\n")
    site.build()
    own = documents(site, "alpha")["/alpha/news/2026-11-19-long/"]
    assert own == [
        "/alpha/news/2026-11-19-long/",
        "2026-11-19",
        "alpha",
        "news",
        "长",
        ["标签"],
        "",
        "第一段。\n第二段。",
        "news/2026",
        [],
        "",
    ]
    over_all = documents(site, "")["/alpha/news/2026-11-19-long/"]
    assert over_all == [
        "/alpha/news/2026-11-19-long/",
        "2026-11-19",
        "alpha",
        "news",
        "长",
        ["标签"],
        "第一段。",
        "",
        "",
        [],
        "",
    ]
    assert documents(site, "")["/beta/news/2026-11-21-reading/"][9] == ["alpha"]
    assert "/alpha/about/" in documents(site, "alpha")
    assert "/alpha/about/" in documents(site, "")


def test_what_others_share_is_found_where_it_is_listed(site: SmallSite) -> None:
    site.write(
        "--- content/beta/news/2026-11-19-for-all.md\n---\ntitle: 共享\nshare_with: all\n---\n一段。\n\n全文。\n"
    )
    site.build()
    shared = documents(site, "alpha")["/beta/news/2026-11-19-for-all/"]
    assert (shared[2], shared[6], shared[7]) == ("beta", "一段。", "")


def test_what_is_not_for_the_hub_is_not_found_there(site: SmallSite) -> None:
    site.write("--- content/beta/news/2026-11-19-own.md\n---\ntitle: 只在支部\nhub: false\n---\n文\n")
    site.build()
    assert "/beta/news/2026-11-19-own/" in documents(site, "beta")
    assert "/beta/news/2026-11-19-own/" not in documents(site, "")


def test_kinds_are_found_by_what_they_say(site: SmallSite) -> None:
    site.write(
        """
--- content/alpha/voices/2026-11-18-v.yml
text: 心里话一句
person: 王一
--- content/alpha/policies/2026-11-17-p.md
---
title: 办法
number: 示大〔2026〕3 号
issuer: 党委
---
第一条
"""
    )
    site.build()
    for folder in ("alpha", ""):
        found = documents(site, folder)
        voice = next(row for url, row in found.items() if "/voices/" in url)
        assert (voice[0], voice[5], voice[6]) == ("/alpha/voices/#2026-11-18-v", ["王一"], "心里话一句")
        assert {"示大〔2026〕3 号", "党委"} <= set(found["/alpha/policies/2026-11-17-p/"][5])


def test_a_branch_with_its_own_address_is_linked_in_full(site: SmallSite) -> None:
    site.write("--- content/beta/branch.yml\nname: 乙支部\nurl: https://beta.example.net/\n")
    site.build()
    assert "https://beta.example.net/news/2026-11-21-reading/" in documents(site, "")
    assert "/news/2026-11-21-reading/" in documents(site, "beta")


@pytest.mark.parametrize("count", [0, 60], ids=["read whole", "with shards"])
@pytest.mark.parametrize("secret", [EXPIRED, DRAFT], ids=["expired", "draft"])
@pytest.mark.slow
def test_what_is_withdrawn_is_in_no_index(make_site: Callable[[str], SmallSite], count: int, secret: str) -> None:
    """Its words are looked for in the files and, since shards hold only hashes, the files compared with those of a site
    that never had it."""
    content = ORGANIZATION + TWO_BRANCHES + entries(count)
    shown = secret.replace("expires: 2026-11-20\n", "").replace("draft: true\n", "")
    site = make_site(content + shown.format(slug="s", title="机密题"))
    site.build()
    assert site.mentions("机密")
    site.write(secret.format(slug="s", title="机密题")).build()
    assert site.mentions("机密") == []
    never = make_site(content)
    never.build()
    for folder in ("alpha/search", "search"):
        assert site.files(folder) == never.files(folder)


@pytest.mark.slow
def test_a_large_index_is_brought_up_to_date(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(ORGANIZATION + TWO_BRANCHES + entries(60))
    site.build()
    assert head(site, "alpha")["shards"] > 0
    before = site.times("alpha/search")
    site.write(entries(1, start=3).replace("第3次", "第三回").replace("号木匣子", "号铁匣子"))
    site.write(entries(2, start=60)).delete("content/alpha/news/2022-03-06-n5.md")
    site.build()
    fresh = make_site(ORGANIZATION + TWO_BRANCHES + entries(62).replace("第3次", "第三回"))
    fresh.delete("content/alpha/news/2022-03-06-n5.md")
    fresh.write(entries(1, start=3).replace("第3次", "第三回").replace("号木匣子", "号铁匣子")).build()
    assert site.files("alpha/search") == fresh.files("alpha/search")
    assert site.files("search") == fresh.files("search")
    after = site.times("alpha/search")
    assert any(after[path] == before[path] for path in before if path in after)


@pytest.mark.slow
def test_one_word_changed_leaves_most_of_a_large_index_as_it_was(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(ORGANIZATION + TWO_BRANCHES + entries(60))
    site.build()
    before = site.times("alpha/search")
    site.write(entries(1, start=3).replace("第3号木匣子", "第3号木盒子")).build()
    after = site.times("alpha/search")
    changed = {path for path in after if before.get(path) != after[path]}
    assert 0 < len(changed) <= 10
    assert len(after) > 40


def test_the_page_offers_what_there_is_to_choose(site: SmallSite) -> None:
    site.write("--- content/alpha/notices/2025-11-19-n.md\n---\ntitle: 去年\n---\n文\n").build()
    hub, alpha, beta = (site.page(f"{folder}search/index.html") for folder in ("", "alpha/", "beta/"))
    for text in (
        '<option value="alpha/">甲支部及下级支部</option>',
        '<option value="alpha" data-depth="1">　甲支部</option>',
        '<option value="beta" data-depth="1">　乙支部</option>',
        '<option value="notices">通知公告</option>',
        "<option>2025</option>",
    ):
        assert text in hub
    assert 'name="branch"' not in alpha
    assert '<option value="notices">' in alpha
    assert "<option>2025</option>" in alpha
    assert "<label hidden>栏目" in beta
    assert 'name="year"' not in beta

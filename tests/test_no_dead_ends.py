"""Every page leads on: withdrawn ones, lists that no section has, years; pictures of branches elsewhere are shown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import ORGANIZATION, TWO_BRANCHES, SmallSite
from picture_files import photograph

GONE = """
--- content/alpha/notices/2026-09-01-list.md
---
title: 机密名单
period: {from: 2026-09-01, to: 2026-09-10}
expires: 2026-10-10
---
某某。
--- content/alpha/news/2026-09-02-old.md
---
title: 不要了
expires: 2026-11-01
---
旧闻。
--- content/alpha/plan.md
---
title: 旧计划
expires: 2026-11-02
---
作废。
--- content/alpha/notices/2026-11-20-new.md
---
title: 新通知
---
还在。
"""


@pytest.mark.parametrize(
    ("path", "why", "since", "leads"),
    [
        ("alpha/notices/2026-09-01-list", "公示期已满", "2026年10月11日", 'href="../../../alpha/notices/">通知公告'),
        ("alpha/news/2026-09-02-old", "已由发布者撤下", "2026年11月2日", 'href="../../../alpha/news/">支部动态'),
        ("alpha/plan", "已由发布者撤下", "2026年11月3日", 'href="../../alpha/">甲支部'),
    ],
)
def test_a_withdrawn_page_says_why_and_since_when_and_leads_on(
    site: SmallSite, path: str, why: str, since: str, leads: str
) -> None:
    site.write(GONE).build()
    page = site.page(f"{path}/index.html")
    main = page[page.index("<main") : page.index("</main>")]
    assert why in main
    assert since in main
    assert leads in main
    for secret in ("机密名单", "某某", "不要了", "旧闻", "旧计划", "作废"):
        assert site.mentions(secret) == []


def test_a_section_that_is_not_shown_is_no_place_to_lead_to(site: SmallSite) -> None:
    site.write(GONE).write("--- content/alpha/branch.yml\nname: 甲支部\nsections: {hide: [news]}\n").build()
    page = site.page("alpha/news/2026-09-02-old/index.html")
    assert "alpha/news/" not in page[page.index("<main") : page.index("</main>")]


def test_lists_that_no_section_has_are_linked_from_home(site: SmallSite) -> None:
    site.write(
        "--- content/beta/news/2026-11-22-shared.md\n---\ntitle: 分享\nshare_with: [alpha]\n---\n给大家。\n"
    ).build()
    page = site.page("alpha/index.html")
    main = page[page.index("<main") : page.index("</main>")]
    assert 'href="../alpha/all/">甲支部及下级支部' in main
    assert 'href="../alpha/shared/"' in main
    page = site.page("beta/index.html")
    assert "/beta/shared/" not in page
    assert "/beta/all/" not in page


def test_a_section_leads_to_its_years(built_site: SmallSite) -> None:
    assert 'href="../../alpha/news/archive/2026/"' in built_site.page("alpha/news/index.html")


def test_health_is_published_where_it_is_asked_for_alone(built_site: SmallSite) -> None:
    home = built_site.page("alpha/index.html")
    assert built_site.exists("health/index.html")
    assert home.index("health/branches/alpha/") > home.rindex("</section>"), "last, not among the readers' contacts"
    built_site.write(ORGANIZATION.replace("health: {public: true}\n", "")).build()
    assert not built_site.exists("health/index.html")
    assert built_site.mentions("health/branches") == []


@pytest.mark.slow
def test_the_hub_shows_pictures_of_a_branch_with_an_address_of_its_own(site: SmallSite, tmp_path: Path) -> None:
    site.write(TWO_BRANCHES.replace("parent: alpha", "url: https://beta.example.net/"))
    file = site.root / "content/beta/news/2026-11-22-lake/lake.jpg"
    file.parent.mkdir(parents=True)
    file.write_bytes(photograph(1200, 800))
    site.write("--- content/beta/news/2026-11-22-lake/index.md\n---\ntitle: 湖\n---\n![湖面](lake.jpg)\n").build()
    home = site.page("index.html")
    shown = set(re.findall(r'(?:src|srcset)="([^"]*lake[^"]*)"', home))
    assert shown
    for row in shown:
        for each in row.split(", "):
            path = each.split(" ")[0]
            assert path.startswith("./hub/media/_beta/") or path.startswith("hub/media/_beta/"), path
            assert site.exists(path.removeprefix("./")), path
    assert "lake" in site.page("sections/news/index.html")
    before = site.files()
    site.build(clean=True)
    assert site.files() == before
    site.write(
        "--- content/beta/news/2026-11-22-lake/index.md\n---\ntitle: 湖\ndraft: true\n---\n![湖面](lake.jpg)\n"
    ).build()
    assert [path for path in site.files() if "lake" in path] == []

"""Audits follow the links of built pages, wherever and however they are written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from conftest import NOW, SmallSite

from builder.audit.inspection.markup import bare, bound, ids_of, parsed_targets, targets_of
from builder.audit.run import Audit, audit
from builder.store import Store
from builder.workers import SerialExecutor

SITE = """
--- mkdocs.yml
theme: {name: material}
--- content/organization.yml
name: 示范
url: https://example.org/party/
markdown: {raw_html: allow}
sections: {news: {title: 动态}, voices: {title: 感言, type: voice}}
--- content/alpha/branch.yml
name: 甲支部
--- content/alpha/news/2026-11-20-a.md
---
title: 一
tags: [共同]
---
# 一
## 小标题
[下面](#小标题)，[乙](../../beta/news/2026-11-21-b.md)。
--- content/alpha/voices/2026-11-19-v.yml
text: 很好。
--- content/beta/branch.yml
name: 乙支部
parent: alpha
--- content/beta/news/2026-11-21-b.md
---
title: 二
---
正文。
"""
LINKS = ("link-dead", "anchor-dead", "picture-dead", "attachment-dead")


def audited(site: SmallSite, now: str = NOW) -> Audit:
    """An audit with the built pages."""
    with SerialExecutor() as executor:
        return audit(
            site.root,
            datetime.fromisoformat(now),
            executor,
            store=Store(site.root / ".branchpress", site.output),
            output=site.output,
        )


def dead(found: Audit) -> list[tuple[str, str, str]]:
    """Rule, place and target of what leads nowhere in built pages."""
    return [
        (one.code, one.path, one.arguments["target"])
        for one in found.findings
        if one.code in LINKS and one.path.startswith("sites/")
    ]


@pytest.mark.slow
def test_nothing_that_is_built_leads_nowhere(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(SITE)
    site.build()
    assert dead(audited(site)) == []
    assert dead(audited(site)) == [], "nor the second time, when it is remembered"


def put(site: SmallSite, page: str, html: str) -> None:
    """Puts HTML into a built page, as a theme would."""
    file = site.output / page
    text = file.read_text("utf-8")
    assert "</main>" in text
    file.write_text(text.replace("</main>", f"{html}\n</main>"), "utf-8")


def test_what_a_theme_writes_is_looked_at_too(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(SITE)
    site.build()
    put(
        site,
        "alpha/news/2026-11-20-a/index.html",
        "<p><a href='/party/nowhere/'>一</a> <A HREF=\"/party/alpha/#none\">二</A> <a href=/party/a.pdf>三</a>\n"
        "<a href='#小'>五</a></p>\n"
        '<p><a href="https://example.org/party/beta/none/">四</a> <a href="/elsewhere/">不归我们</a> <img src="x.png"></p>',
    )
    page = "sites/alpha/news/2026-11-20-a/index.html"
    assert sorted(dead(audited(site))) == [
        ("anchor-dead", page, "#小"),
        ("anchor-dead", page, "/party/alpha/#none"),
        ("attachment-dead", page, "/party/a.pdf"),
        ("link-dead", page, "/party/nowhere/"),
        ("link-dead", page, "https://example.org/party/beta/none/"),
        ("picture-dead", page, "x.png"),
    ]


def test_a_path_means_what_it_does_where_it_stands(make_site: Callable[[str], SmallSite]) -> None:
    """Not what the same words would mean at the top."""
    site = make_site(SITE + "--- content/hub/about.md\n---\ntitle: 关于\n---\n正文。\n")
    site.build()
    put(site, "alpha/news/2026-11-20-a/index.html", '<a href="about/">关于</a> <a href="../../../about/">关于</a>')
    assert [target for _, _, target in dead(audited(site))] == ["about/"]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<script>\nx = '<a href=\"no/\">';\n</script>", []),
        ('<script>x = \'<a href="no/">\'</script><a href="there/">无</a>', ["there/"]),
        ("<style>\na::after { content: 'href=\"no/\"' }\n</style>", []),
        ('<!--\n<a href="no/">\n-->', []),
        ('<!-- >\n<a href="no/">\n-->', []),
        ("<a\nhref='there/'\n>无</a>", ["there/"]),
        ('<a class="x"\n  href="there/">无</a>', ["there/"]),
        ("<a href\n=\n'there/'>无</a>", ["there/"]),
        (
            '<img alt="" src="/party/assets/none.png" srcset="/party/assets/none.png 1x, y.png 2x">',
            ["/party/assets/none.png", "y.png"],
        ),
    ],
)
@pytest.mark.slow
def test_what_goes_on_over_lines_is_followed_too(
    make_site: Callable[[str], SmallSite], html: str, expected: list[str]
) -> None:
    site = make_site(SITE)
    site.build()
    for page in ("alpha/news/2026-11-20-a/index.html", "alpha/tags/共同/index.html"):
        put(site, page, html)
    told = [one for one in audited(site).findings if one.code in LINKS and one.path.startswith("sites/alpha/")]
    assert sorted({one.arguments["target"] for one in told}) == sorted(expected)


def test_a_file_that_was_taken_away_is_missed_wherever_it_is_named(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(SITE)
    site.build()
    assert dead(audited(site)) == []
    (site.output / "beta/news/2026-11-21-b/index.html").unlink()
    rows = [one for one in audited(site).findings if one.path.startswith("sites/alpha/")]
    assert {one.arguments["target"].split("/")[-2] for one in rows} == {"2026-11-21-b"}
    assert len(rows) == 1
    assert int(rows[0].arguments["pages"]) > 1, "told once, with the number of pages"


def test_a_branch_with_an_address_of_its_own_is_followed_there(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(SITE).write("--- content/beta/branch.yml\nname: 乙支部\nurl: https://beta.example.net/\n")
    site.build()
    assert dead(audited(site)) == []
    put(
        site,
        "beta/news/2026-11-21-b/index.html",
        '<a href="/news/">自己的</a> <a href="/none/">没有</a> <a href="https://example.org/party/alpha/">甲</a>',
    )
    assert dead(audited(site)) == [("link-dead", "sites/beta/news/2026-11-21-b/index.html", "/none/")]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<a href="x/">', {"x/"}),
        ("<a href='x/'>", {"x/"}),
        ("<a href=x/>", {"x/"}),
        ('<A\nHREF = "x/">', {"x/"}),
        ('<img src="a.png" srcset="a.png 1x, b.png 2x">', {"a.png", "b.png"}),
        ('<!-- <a href="no/"> --><a href="x/">', {"x/"}),
        ("<pre>&lt;a href=&quot;no/&quot;&gt;</pre>", set()),
        ('<script>x = \'<a href="no/">\'</script><a href="x/">', {"x/"}),
        ('<object data="a.pdf"></object><div data="no"></div>', {"a.pdf"}),
        ('<video poster="p.jpg"></video>', {"p.jpg"}),
    ],
)
def test_addresses_are_found_however_they_are_written(html: str, expected: set[str]) -> None:
    content = html.encode()
    body = bare(content)
    found = {each.decode() for each in targets_of(body) or parsed_targets(content)}
    assert found - ({"no"} if "data=" in html else set()) == expected


def test_ids_of_a_page() -> None:
    assert ids_of(b'<p id="a&amp;b"><i id=c><a name="d">') == {"a&b", "c", "d"}


def test_a_line_is_the_same_on_all_pages_if_its_links_start_high_enough() -> None:
    page = [
        b'<a href="../../x/">',
        b'<a href="../x/">',
        b"<p>",
        b'<a href="x/"><a href="../../y/">',
        b'<a href="https://example.org/">',
        b'<img src="../../a.png" srcset="../../a.png 1x, b.png 2x">',
    ]
    assert set(bound(b"\n".join(page), 2)) == {page[1], page[3], page[5]}

"""Small input, small output: nothing that one text holds is multiplied beyond a bound by the lists in which it stands."""

from __future__ import annotations

import re

import pytest
from conftest import SmallSite

from builder.pages.months import near

LONG = "很长" * 10_000


def size(site: SmallSite) -> int:
    """The bytes of all that is published."""
    return sum(map(len, site.files().values()))


@pytest.mark.parametrize(
    "text",
    [
        f"---\ntitle: {LONG}\nshare_with: all\n---\n文\n",
        f"---\nshare_with: all\n---\n# {LONG}\n\n文\n",
        f"---\ntitle: 题\nsummary: {LONG}\nshare_with: all\n---\n文\n",
        f"---\ntitle: 题\nauthor: [{LONG}]\nshare_with: all\n---\n文\n",
        f"---\ntitle: 题\nsource: {LONG}\nshare_with: all\n---\n文\n",
        f"---\ntitle: 题\nsource: {{name: 来源, url: 'https://example.org/{'x' * 20_000}'}}\nshare_with: all\n---\n文\n",
        f"---\ntitle: 题\ntags: [{LONG}]\nshare_with: all\n---\n文\n",
        f"---\ntitle: 题\nimage_alt: {LONG}\nshare_with: all\n---\n文\n",
    ],
    ids=["title", "heading", "summary", "author", "source", "url", "tag", "image_alt"],
)
def test_what_is_too_long_for_a_list_is_told_and_published_nowhere(site: SmallSite, text: str) -> None:
    site.build()
    before = size(site)
    site.write(f"--- content/alpha/news/2026-11-22-x.md\n{text}")
    result = site.build()
    assert [each.code for each in result.problems if each.severity == "error"] == ["text-too-long"]
    assert not site.exists("alpha/news/x/index.html")
    assert size(site) - before < len(text.encode())


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("alpha/branch.yml", f"name: {LONG}"),
        ("alpha/branch.yml", f"name: 甲支部\ndescription: {LONG}"),
        ("alpha/branch.yml", f"name: 甲支部\nsections: {{add: {{own: {LONG}}}}}"),
        ("alpha/branch.yml", f"name: 甲支部\ncommittee: [{LONG}]"),
        ("alpha/events/2026-12-01-x.yml", f"title: 会\nstarts: 2026-12-01\nlocation: {LONG}"),
        ("alpha/policies/2026-11-20-x.md", f"---\ntitle: 策\nnumber: {LONG}\n---\n文"),
        ("alpha/about.md", f"---\ntitle: {LONG}\n---\n文"),
        ("hub/topics/x.md", f"# {LONG}\n\n文"),
    ],
)
def test_every_kind_of_file_has_the_limit(site: SmallSite, file: str, line: str) -> None:
    site.build()
    before = size(site)
    site.write(f"--- content/{file}\n{line}\n")
    assert "text-too-long" in {each.code for each in site.check()}
    site.build()
    assert site.mentions(LONG[:400]) == []
    assert size(site) - before < len(line.encode())


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("tags", [f"词{number}" for number in range(300)]),
        ("aliases", [f"/alpha/news/old-{number}/" for number in range(300)]),
        ("author", [f"人{number}" for number in range(300)]),
        ("topics", [f"topic-{number}" for number in range(300)]),
        ("interprets", [f"policies/policy-{number}" for number in range(300)]),
        ("attachments", [f"file-{number}.pdf" for number in range(300)]),
    ],
)
def test_the_first_values_of_a_list_count(site: SmallSite, key: str, values: list[str]) -> None:
    text = "--- content/alpha/news/2026-11-22-x.md\n---\ntitle: 题\n{0}: [{1}]\n---\n文\n"
    site.write(text.format(key, ", ".join(values[:50])))
    first = site.build()
    files = site.files()
    assert "too-many" not in {each.code for each in first.problems}
    site.write(text.format(key, ", ".join(values)))
    second = site.build()
    told = [each for each in second.problems if each.code == "too-many"]
    assert [(each.severity, dict(each.arguments)) for each in told] == [
        ("warning", {"key": key, "number": "300", "most": "50"})
    ]
    assert [each.line for each in told] == [3]
    assert set(site.files()) == set(files)


def test_pages_of_events_lead_to_few_months_and_all_are_reached(site: SmallSite) -> None:
    for year in range(2000, 2040):
        site.write(f"--- content/alpha/events/{year}-06-01-x{year}.yml\ntitle: 会\nstarts: {year}-06-01 09:00\n")
    site.build()
    reached, open_ = set(), ["events/index.html"]
    while open_:
        page = open_.pop()
        if page in reached:
            continue
        reached.add(page)
        links = set(re.findall(r'href="[^"]*?(\d{4}-\d{2})/?"', site.page(page)))
        assert len(links) <= 24 + 10
        open_ += [f"events/{month}/index.html" for month in links]
    assert len(reached) == 1 + 40


@pytest.mark.parametrize(
    ("middle", "found"), [(0, [1, 2, 3, 4]), (5, [3, 4, 5, 6]), (9, [6, 7, 8, 9]), (99, [6, 7, 8, 9])]
)
def test_values_near_one(middle: int, found: list[int]) -> None:
    assert near(range(1, 10), middle, 4) == range(found[0], found[-1] + 1)
    assert list(near([1, 2], middle, 4)) == [1, 2]

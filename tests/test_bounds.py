"""Small input, small output: nothing that one text holds is multiplied beyond a bound by the lists in which it stands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC

import msgspec
import pytest
from conftest import ORGANIZATION, SmallSite

from builder.content.schema.compound import Fields, ListOf, MapOf
from builder.content.schema.kinds import KINDS
from builder.content.schema.types import ReadContext, Type
from builder.content.yaml.nodes import Node
from builder.messages.diagnostics import Severity
from builder.messages.problems import Problem, few
from builder.model.zones import zone_of
from builder.pages.months import near

pytestmark = pytest.mark.slow

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
def test_what_is_too_long_for_a_list_is_told_and_published_nowhere(built_site: SmallSite, text: str) -> None:
    before = size(built_site)
    built_site.write(f"--- content/alpha/news/2026-11-22-x.md\n{text}")
    result = built_site.build()
    assert [each.code for each in result.problems if each.severity == "error"] == ["text-too-long"]
    assert not built_site.exists("alpha/news/x/index.html")
    assert size(built_site) - before < len(text.encode())


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
def test_every_kind_of_file_has_the_limit(built_site: SmallSite, file: str, line: str) -> None:
    before = size(built_site)
    built_site.write(f"--- content/{file}\n{line}\n")
    assert "text-too-long" in {each.code for each in built_site.check()}
    built_site.build()
    assert built_site.mentions(LONG[:400]) == []
    assert size(built_site) - before < len(line.encode())


def keys_of(what: Type, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Type]]:
    """Every key of a kind of file at any depth, with its type; ``*`` stands for any name, ``-`` for an item of a list."""
    if path:
        yield path, what
    if isinstance(what, Fields):
        for field in what.fields:
            yield from keys_of(field.type, (*path, field.key))
    elif isinstance(what, MapOf):
        yield from keys_of(what.values, (*path, "*"))
    elif isinstance(what, ListOf):
        yield from keys_of(what.item, (*path, "-"))


def written(path: tuple[str, ...], value: object) -> object:
    for name in reversed(path):
        value = [value] if name == "-" else {"name": value} if name == "*" else {name: value}
    return value


HUGE: Mapping[str, object] = {
    "text": "很长" * 20_000,
    "path": "/".join(f"part{number}" for number in range(12_000)),
    "list": [f"{'a' * 100}{number}" for number in range(1_500)],
}


def test_no_key_takes_in_a_huge_value() -> None:
    """Every key of every kind of file, at every depth: what is kept of a value is bounded, whatever is written."""
    every = {id(what): (kind, path) for kind in KINDS for path, what in keys_of(KINDS[kind]) if path != ("body",)}
    kept = {
        f"{kind}: {'.'.join(path)} as {name}": len(msgspec.json.encode(found))
        for kind, path in every.values()
        for name, value in HUGE.items()
        if (found := value_of(KINDS[kind], written(path, value)))
    }
    assert {key: size for key, size in kept.items() if size > 110_000 and "redirects" not in key} == {}


def value_of(kind: Fields, value: object) -> object:
    """What is read of a file with this content, which is not what other keys have by default."""
    reading = ReadContext(UTC, "content/alpha")
    return kind.read(node_of(value), "", reading)


def node_of(value: object) -> Node:
    if isinstance(value, Mapping):
        return Node(
            "map", 1, 1, pairs=[(Node("text", 1, 1, text=str(key)), node_of(each)) for key, each in value.items()]
        )
    if isinstance(value, list):
        return Node("list", 1, 1, items=[node_of(each) for each in value])
    return Node("text", 1, 1, text=str(value))


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


@pytest.mark.parametrize(
    "name", ["a/" * 5_000 + "b", "Asia/" + "x" * 5_000, "../../etc/passwd", "/etc/localtime", "zones\0"]
)
def test_names_of_zones_are_looked_for_nowhere_else(name: str) -> None:
    assert zone_of(name) is None


def test_folders_that_nobody_declared_are_sections_up_to_a_number(make_site: Callable[[str], SmallSite]) -> None:
    """Each stands in the navigation of every page; so do those of a branch that has a thousand."""
    site = make_site(ORGANIZATION + "--- content/alpha/branch.yml\nname: 甲支部\n")
    for number in range(103):
        site.write(f"--- content/alpha/own{number:03}/2026-11-20-a.md\n---\ntitle: 题\n---\n文\n")
    told = [each for each in site.check() if each.code in ("too-many", "section-undeclared")]
    assert len([each for each in told if each.code == "section-undeclared"]) == 100
    (many,) = [each for each in told if each.code == "too-many"]
    assert (many.path, many.arguments["number"]) == ("content/alpha", "103")


def test_of_many_problems_each_kind_and_the_first_ones_are_told() -> None:
    def told(code: str, name: str, branch: str, number: int, severity: Severity) -> list[Problem]:
        path = f"content/{branch}/{name}"
        return [
            Problem(code=code, severity=severity, path=path, line=line, branch=branch) for line in range(1, number + 1)
        ]

    found = list(
        few(
            [
                *told("link-broken", "a.md", "alpha", 150, "warning"),
                *told("title-missing", "a.md", "alpha", 120, "error"),
                *(each for file in range(30) for each in told("link-broken", f"{file}.md", "beta", 90, "warning")),
                *told("image-missing", "late.md", "beta", 3, "warning"),
                *told("link-broken", "own.md", "gamma", 100, "warning"),
            ]
        )
    )
    count = Counter((each.branch, each.code) for each in found)
    assert count == {
        ("alpha", "link-broken"): 100,
        ("alpha", "title-missing"): 100,
        ("alpha", "more-problems"): 1,
        ("beta", "link-broken"): 2_000,
        ("beta", "image-missing"): 1,
        ("beta", "more-problems"): 1,
        ("gamma", "link-broken"): 100,
    }
    assert [each.path for each in found if each.code == "more-problems"] == ["content/alpha/a.md", "content/beta"]


def test_of_many_misspelled_names_the_first_have_a_suggestion(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(ORGANIZATION + "--- content/alpha/branch.yml\nname: 甲支部\n")
    for text in range(2):
        pictures = "".join(f"![图](plan{text}{number}.png)\n" for number in range(60))
        site.write(f"--- content/alpha/news/2026-11-2{text}-a.md\n---\ntitle: 题\n---\n{pictures}")
    site.write("--- content/alpha/news/plan.png\n.\n")
    missing = [each for each in site.check() if each.code == "image-missing"]
    assert [bool(each.arguments.get("there")) for each in missing] == [True] * 100 + [False] * 20

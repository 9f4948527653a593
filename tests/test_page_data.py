"""Page data and templates: what templates read is there, and what pages give is read."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import msgspec
import pytest
from conftest import REPOSITORY
from template_types import TEXT, TRUTH, Reading, Row, Table, Thing, Types, members_of
from theme_data import EVERY_PAGE, FULL

from builder.pages.page_data import pages
from builder.pages.page_data.parts import PageData
from builder.pages.page_data.site import SiteData

THEME = REPOSITORY / "theme"
PAGES: dict[str, type[PageData]] = {
    kind.TEMPLATE: kind
    for _, kind in inspect.getmembers(pages, inspect.isclass)
    if issubclass(kind, PageData) and "TEMPLATE" in vars(kind) | vars(kind.__base__) and not kind.__subclasses__()
}
FILE = frozenset({Thing("a file of MkDocs", (("dest_uri", TEXT),))})
PLACE = frozenset(
    {Thing("a place in the navigation", (("title", TEXT), ("url", TEXT), ("active", TRUTH), ("file", FILE)))}
)


def names(kind: type[PageData]) -> Mapping[str, Types]:
    """What the renderer gives to a template, as its documentation says."""
    page = Thing("page", (("meta", frozenset({kind})), ("content", TEXT), ("file", FILE)))
    theme = frozenset({Thing("config.theme", (("language", TEXT),))})
    extra = frozenset({SiteData})
    config = Thing("config", (("extra", extra), ("extra_css", frozenset({Row(TEXT)})), ("theme", theme)))
    return {"page": frozenset({page}), "config": frozenset({config}), "nav": frozenset({Row(PLACE)})}


@cache
def reading(template: str) -> Reading:
    """The reading of a page's template."""
    return Reading(THEME, names(PAGES[template])).page(template)


def read_by() -> dict[tuple[type[msgspec.Struct], str], str]:
    """Every member that a template reads, with the one that reads least."""
    ordered = sorted(PAGES, key=lambda template: -len(reading(template).read))
    return {member: template for template in ordered for member in reading(template).read}


def test_every_template_has_its_data() -> None:
    assert {path.name for path in THEME.glob("*.html")} - {"main.html"} == set(PAGES)


@pytest.mark.parametrize("template", PAGES)
def test_templates_read_only_what_their_data_has(template: str) -> None:
    assert list(reading(template).errors) == []


def defined_in(kind: type[msgspec.Struct], name: str) -> type[msgspec.Struct]:
    """The struct that brings a member to another one."""
    return next(
        each
        for each in reversed(kind.__mro__)
        if issubclass(each, msgspec.Struct) and each is not msgspec.Struct and name in members_of(each)
    )


@pytest.mark.slow
def test_a_member_that_has_another_name_is_noticed() -> None:
    """Each member in turn, as templates would find it after it was renamed in its struct."""
    members = sorted(read_by().items(), key=lambda member: -len(reading(member[1]).read))
    every = {(defined_in(kind, name), name): template for (kind, name), template in members}
    unnoticed = []
    for (owner, name), template in every.items():

        def renamed(kind: type[msgspec.Struct], owner: type = owner, name: str = name) -> Mapping[str, Types]:
            members = members_of(kind)
            if not issubclass(kind, owner):
                return members
            return {f"{key}_" if key == name else key: of for key, of in members.items()}

        errors = Reading(THEME, names(PAGES[template]), renamed).page(template).errors
        if not any(f"has no member {name}" in error for error in errors):
            unnoticed.append(f"{owner.__name__}.{name}")
    assert unnoticed == []
    assert len(every) > 200


# What the theme here has no use for, and others may have.
FOR_OTHER_THEMES = {
    "ArchivePage": "section type dated year",
    "BranchRow": "count",
    "Child": "status",
    "DayEvent": "branch",
    "EntryPage": "type section summary pinned image expires interpreted",
    "EventFacts": "all_day",
    "Heading": "level",
    "HealthRow": "url",
    "HubHome": "contact",
    "Item": "type period_text",
    "Member": "since",
    "OrganizationNames": "description contact",
    "Pager": "current total",
    "Running": "to",
    "SectionFigures": "slug description",
    "SectionGroup": "description",
    "SectionLink": "slug",
    "SectionPage": "type dated",
    "SiteData": "frames",
    "TagCount": "lang",
}


def structs(found: Types, seen: set[type[msgspec.Struct]]) -> set[type[msgspec.Struct]]:
    """Every struct that something of these types is made of."""
    for one in found:
        if isinstance(one, Row | Table):
            structs(one.of, seen)
        elif isinstance(one, type) and one not in seen:
            seen.add(one)
            for each in members_of(one).values():
                structs(each, seen)
    return seen


def test_what_pages_give_is_read() -> None:
    every = structs(frozenset({*PAGES.values(), SiteData}), set())
    common = set(members_of(PageData))
    unread = {
        kind.__name__: " ".join(
            name
            for name in members_of(kind)
            if (kind, name) not in read_by() and not (issubclass(kind, PageData) and name in common)
        )
        for kind in sorted(every, key=lambda kind: kind.__name__)
    }
    assert {name: members for name, members in unread.items() if members} == FOR_OTHER_THEMES
    assert common == {name for kind, name in read_by() if issubclass(kind, PageData)} & common


def test_no_member_is_called_like_a_method_of_a_mapping() -> None:
    """Templates get mappings, whose methods they would read instead."""
    every = structs(frozenset({*PAGES.values(), SiteData}), set())
    assert {name for kind in every for name in members_of(kind)} & set(dir({})) == set()


def unknown(data: Any, found: Types, place: str) -> Iterator[str]:
    """The keys in ``data`` that these types do not have."""
    if isinstance(data, list | tuple):
        inner = frozenset[Any]().union(*(one.of for one in found if isinstance(one, Row)))
        for each in data:
            yield from unknown(each, inner, place)
    elif isinstance(data, dict) and not any(isinstance(one, Table) for one in found):
        members = {name: of for one in found if isinstance(one, type) for name, of in members_of(one).items()}
        yield from (f"{place}.{name}" for name in data.keys() - members.keys())
        for name in data.keys() & members.keys():
            yield from unknown(data[name], members[name], f"{place}.{name}")


@pytest.mark.parametrize("template", FULL)
def test_the_examples_of_pages_are_such_pages(template: str) -> None:
    page: Types = frozenset({PAGES[template]})
    assert sorted({each for data in FULL[template] for each in unknown({**EVERY_PAGE, **data}, page, template)}) == []


def test_the_reading_of_templates_misses_nothing(tmp_path: Any) -> None:
    """A template with each kind of mistake, and some without any."""
    (tmp_path / "macros.html").write_text("{% macro title(item) %}{{ item.titel }}{% endmacro %}", "utf-8")
    lines = {
        "{{ page.meta.titel }}": "TagsPage has no member titel",
        "{% set meta = page.meta %}{{ meta.tags[0].titel }}": "TagCount has no member titel",
        "{% for tag in page.meta.tags %}{{ tag.titel }}{% endfor %}": "TagCount has no member titel",
        "{% import 'macros.html' as bp %}{{ bp.title(page.meta.tags[0]) }}": "TagCount has no member titel",
        "{% import 'macros.html' as bp %}{{ bp.heading(page.meta) }}": "macros.html",
        "{{ page.meta.tags | map(attribute='titel') | list }}": "TagCount has no member titel",
        "{{ page.meta.tags | rejectattr('titel') | list | length }}": "TagCount has no member titel",
        "{{ page.meta['titel'] }}": "TagsPage has no member titel",
        "{% if page.meta.noindex and page.meta.titel %}{% endif %}": "TagsPage has no member titel",
        "{% set x = page.meta.tags if page.meta.tags else page.meta.titel %}": "TagsPage has no member titel",
        "{% trans name=page.meta.titel %}{{ name }}{% endtrans %}": "TagsPage has no member titel",
        "{{ config.extra.sites }}": "SiteData has no member sites",
        "{{ page.meta.tags }}": "cannot be printed",
        "{{ tag.title }}": "nothing is called tag",
        "{{ page.meta.tags | sort }}": "a filter sort is not understood",
        "{{ page.meta.title.tail }}": "has no member tail",
        "{{ page.meta.labels.PubDate }}": "has no member PubDate",
        "{{ page.meta.og.type }}{{ page.meta.tags[0].count }}{{ config.extra.site.name }}": "",
    }
    for number, (line, error) in enumerate(lines.items()):
        (tmp_path / f"{number}.html").write_text(line, "utf-8")
        errors = list(Reading(tmp_path, names(pages.TagsPage)).page(f"{number}.html").errors)
        assert error in errors[0] if error else not errors, (line, errors)

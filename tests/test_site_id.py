"""Names of sites, and where what has a page has it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from builder.model.kinds import Article, Voice
from builder.model.published import path_of
from builder.model.site_id import SiteId
from builder.model.values import Branch, Entry, Organization, Page, Section, Topic

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_a_site_knows_its_folder_its_settings_and_its_home() -> None:
    hub, branch = SiteId(""), SiteId("law")
    assert (hub.folder, hub.source, hub.settings, hub.home) == ("hub", "content/hub", "content/organization.yml", "/")
    assert (branch.folder, branch.source) == ("law", "content/law")
    assert (branch.settings, branch.home) == ("content/law/branch.yml", "/law/")


@pytest.mark.parametrize(
    ("source", "slug"), [("content/hub/about.md", ""), ("content/law/news/a.md", "law"), ("hub", ""), ("law", "law")]
)
def test_a_source_tells_its_site(source: str, slug: str) -> None:
    assert SiteId.of(source).slug == slug


def test_everything_published_has_a_path() -> None:
    entry = Entry(path="x", branch="law", section="news", slug="a", title="甲", kind=Article(), date=NOON)
    voice = Entry(path="x", branch="law", section="voices", slug="b", title="乙", kind=Voice(text="乙"), date=NOON)
    assert path_of(entry) == "/law/news/a/"
    assert path_of(voice) == "/law/voices/#b"
    assert path_of(Page(path="x", branch="law", slug="about", title="丙")) == "/law/about/"
    assert path_of(Page(path="x", branch="", slug="about", title="丙")) == "/about/"
    assert path_of(Topic(path="x", slug="study", title="丁")) == "/topics/study/"


def test_a_zone_that_nobody_knows_is_utc() -> None:
    shanghai = Organization(name="示范", url="https://example.org/", authority="example.org")
    assert str(shanghai.zone) == "Asia/Shanghai"
    odd = Organization(name="示范", url="https://example.org/", authority="example.org", timezone="Moon/Crater")
    assert odd.zone is UTC


def test_hidden_sections_are_not_visible() -> None:
    sections = (Section(slug="news", title="动态"), Section(slug="events", title="活动"))
    branch = Branch(slug="law", name="法学支部", sections=sections, hidden=("news",))
    assert [section.slug for section in branch.visible_sections] == ["events"]

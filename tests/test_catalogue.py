"""The catalogue, rule by rule: what was withdrawn, renamed and moved, who is reached, whose an id is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from conftest import NOW

from builder.catalogue.catalogue import Catalogue
from builder.catalogue.changes import EntryTrace, SiteChanges, tell_changes
from builder.catalogue.freshness import limit_of
from builder.catalogue.identity import BranchNames, resolve_feed_ids
from builder.catalogue.live_site import live_site
from builder.catalogue.reach import is_reachable
from builder.catalogue.redirects import redirects
from builder.catalogue.states import DocumentState, State
from builder.content.documents import BranchContent, Document
from builder.messages.problems import Problem
from builder.model.dates import Moment, Span
from builder.model.kinds import Article, Event
from builder.model.published import IdClaim, LiveEntry, LiveSite, summary_of
from builder.model.values import Branch, Contact, Entry, Organization, Page, Profile, Section
from builder.model.ways import Way, Ways
from builder.pages.lists import ordered


def test_what_was_withdrawn_is_not_in_the_way_of_what_has_its_address_now() -> None:
    moment = datetime.fromisoformat(NOW)
    end = Moment(at=moment, end=moment)

    def state(slug: str, path: str, name: State, kind: str = "entry") -> DocumentState:
        bare = Document(path=path, kind="entry", branch="a", slug=slug)
        if kind == "page":
            page = Page(branch="a", slug=slug, path=path, title="T", expires=end)
            return DocumentState(path, name, msgspec.structs.replace(bare, kind="page", page=page))
        values = {"path": path, "kind": Article(), "title": "T", "date": moment, "expires": end}
        return DocumentState(path, name, msgspec.structs.replace(bare, entry=Entry("a", "news", slug, **values)))

    states = [
        state("x", "content/a/news/x.md", "expired"),
        state("x", "content/a/news/x/index.md", "published"),
        state("y", "content/a/news/y.md", "expired"),
        state("y", "content/a/news/y/index.md", "expired"),
        state("z", "content/a/z.md", "expired", "page"),
        state("about", "content/a/about.md", "expired", "page"),
        state("about", "content/a/About.md", "published", "page"),
    ]
    site = live_site(BranchContent(slug="a"), states, Branch(slug="a", name="A"), moment, {})
    assert site.withdrawn == tuple(site.withdrawals) == ("/a/news/y/", "/a/z/")
    assert site.unpublished == tuple(each.path for each in states if each.state == "expired")


def test_lists_of_all_branches_are_as_they_were_whatever_is_not_for_the_hub() -> None:
    def listed(*, hub: bool) -> str:
        values = {"path": "content/a/news/x.md", "kind": Article(), "title": "T", "hub": hub}
        entry = Entry("a", "news", "x", date=datetime.fromisoformat(NOW), **values)
        return summary_of(LiveSite("a", entries=(LiveEntry(entry),))).listed

    empty = summary_of(LiveSite("a")).listed
    assert (listed(hub=False), listed(hub=True) == empty) == (empty, False)


@pytest.mark.parametrize("lives", [False, True])
def test_what_is_gone_from_a_branch_that_was_renamed_may_have_been_renamed_itself(lives: bool) -> None:
    """If it lives on under the branch's new name, it is not gone."""
    organization = Organization(name="O", url="https://example.org/", authority="example.org")
    news = (Section(slug="news", title="News"),)

    def entry(branch: str, slug: str) -> LiveEntry:
        values = {"path": f"content/{branch}/news/{slug}.md", "kind": Article(), "title": "T"}
        return LiveEntry(Entry(branch, "news", slug, date=datetime.fromisoformat(NOW), **values))

    sites = [
        LiveSite("b", branch=Branch(slug="b", name="B", sections=news), entries=(entry("b", "y"),)),
        LiveSite(
            "now",
            branch=Branch(slug="now", name="N", sections=news, formerly=("then",)),
            entries=(entry("now", "x"),) if lives else (),
        ),
    ]
    renamed = Problem(code="entry-renamed", severity="warning", path="content/b/news/y.md")
    changes = SiteChanges(
        vanished=(EntryTrace("then/news/x", "file", "text", "T"),),
        appeared=(EntryTrace("b/news/y", "file", "text", "T", renamed=renamed),),
    )
    told = list(tell_changes([changes], Catalogue.of(organization, sites)))
    assert [each.arguments for each in told] == ([] if lives else [{"target": "then/news/x"}])


@pytest.mark.parametrize(
    ("own", "organizations", "reachable"),
    [
        (Contact(email="a@example.org"), None, True),
        (Contact(phone="1"), None, True),
        (Contact(email="none", address="Here"), None, False),
        (None, Contact(email="a@example.org"), True),
        (None, Contact(phone="1"), True),
        (None, None, False),
    ],
)
def test_whose_address_is_known_can_be_reached_though_no_way_is_offered(
    own: Contact | None, organizations: Contact | None, reachable: bool
) -> None:
    closed = Way(note="Not by mail.")
    ways = Ways(letter=closed, correction=closed, topic=closed)
    organization = Organization(name="O", url="https://example.org/", authority="example.org", contact=organizations)
    assert is_reachable(organization, Branch(slug="a", name="A", contact=own, ways=ways)) is reachable


@pytest.mark.parametrize(
    ("gone", "old"),
    [
        # What is alike by its file, its text, its title; then in the same branch, section, name.
        ([("b/a/u", "file", "-", "-"), ("b/b/v", "-", "text", "T")], "b/a/u"),
        ([("a/a/u", "-", "text", "-"), ("b/b/v", "-", "-", "T")], "a/a/u"),
        ([("a/a/u", "-", "text", "-"), ("b/b/v", "-", "text", "-")], "b/b/v"),
        ([("b/a/u", "-", "-", "T"), ("b/news/v", "-", "-", "T")], "b/news/v"),
        ([("b/a/u", "-", "-", "T"), ("b/b/y", "-", "-", "T")], "b/b/y"),
        ([("b/a/y", "-", "-", "T"), ("b/news/v", "-", "-", "T")], "b/news/v"),
        ([("b/b/v", "-", "-", "T"), ("b/a/u", "-", "-", "T")], "b/a/u"),
        ([("a/a/u", "-", "-", "T"), ("b/b/v", "-", "-", "-")], ""),
    ],
)
def test_a_new_entry_is_the_one_that_it_is_most_like(gone: list[tuple[str, str, str, str]], old: str) -> None:
    organization = Organization(name="O", url="https://example.org/", authority="example.org")
    sections = tuple(Section(slug=slug, title=slug) for slug in ("a", "b", "news"))
    sites = [LiveSite(slug, branch=Branch(slug=slug, name="B", sections=sections)) for slug in ("a", "b")]
    renamed = Problem(code="entry-renamed", severity="warning", path="content/b/news/y.md")
    new = EntryTrace("b/news/y", "file", "text", "T", renamed=renamed)
    changes = SiteChanges(vanished=tuple(EntryTrace(*each) for each in gone), appeared=(new,))
    told = [each.arguments["target"] for each in tell_changes([changes], Catalogue.of(organization, sites))]
    assert told == ([old] if old else [])


@pytest.mark.parametrize(
    ("slug", "kind", "own", "days"),
    [
        ("told", "notice", None, 30),
        ("news", "article", None, 14),
        ("news", "notice", None, 14),
        ("told", "notice", 7, 7),
        ("stories", "article", None, None),
    ],
)
def test_a_section_has_its_own_limit_or_that_of_its_name_or_its_type(
    slug: str, kind: Any, own: int | None, days: int | None
) -> None:
    limits = {"news": Span(amount=14, unit="days"), "notice": Span(amount=30, unit="days")}
    organization = Organization(
        name="O", url="https://example.org/", authority="example.org", profile=Profile(update_within=limits)
    )
    section = Section(
        slug=slug, title="S", type=kind, update_within=Span(amount=own, unit="days") if own is not None else None
    )
    found = limit_of(section, organization)
    assert (found.amount if found is not None else None) == days


def test_an_old_address_is_that_of_a_folder_or_of_a_page_with_an_ending() -> None:
    organization = Organization(name="O", url="https://example.org/", authority="example.org")
    page = Page(
        branch="a", slug="p", path="content/a/p.md", title="P", aliases=("/a/old.html", "/a/older", "/a/p", "/a/p/")
    )
    site = LiveSite("a", branch=Branch(slug="a", name="A"), pages=(page,))
    found = redirects(Catalogue.of(organization, [site]))["a"]
    assert {old: new for old, new in found.items() if new == "/a/p/"} == {"/a/old.html": "/a/p/", "/a/older/": "/a/p/"}


def test_of_equal_claims_to_an_id_the_earliest_has_it() -> None:
    branch = Branch(slug="a", name="A", sections=(Section(slug="news", title="News"),))
    names = BranchNames({"a": branch})
    claims = [
        IdClaim("a/news/1", "", "a/news/old", "2026-02-01"),
        IdClaim("a/news/2", "", "a/news/old", "2026-01-01"),
        IdClaim("a/news/3", "one", "", "2026-02-01"),
        IdClaim("a/news/4", "one", "", "2026-01-01"),
        IdClaim("a/news/5", "one", "", "2026-01-01"),
    ]
    found = resolve_feed_ids("example.org", names, claims, lambda ref: False)
    assert (found.moved, found.written) == ({"a/news/2": "a/news/old"}, frozenset(["a/news/4"]))
    assert [(claim.ref, claim.owner) for claim in found.lost] == [
        ("a/news/1", "a/news/2"),
        ("a/news/3", "a/news/4"),
        ("a/news/5", "a/news/4"),
    ]


def test_entries_of_one_moment_or_of_none_stand_by_their_names() -> None:
    now = datetime.fromisoformat(NOW)
    held = Event(starts=Moment(at=now - timedelta(days=2), end=now - timedelta(days=1)))

    def live(ref: str, kind: Article | Event) -> LiveEntry:
        branch, section, slug = ref.split("/")
        return LiveEntry(Entry(branch, section, slug, path=f"content/{ref}.md", kind=kind, title="T", date=now))

    def shown(section: Section, *refs: str, kind: Article | Event) -> list[str]:
        return [each.entry.ref for each in ordered(section, [live(ref, kind) for ref in refs], now)]

    undated, events = Section("s", "S", dated=False), Section("s", "S", type="event")
    # What other branches share stands among a branch's own.
    assert shown(undated, "a/s/2", "b/s/1", "b/s/2", kind=Article()) == ["b/s/1", "a/s/2", "b/s/2"]
    assert shown(events, "a/s/y", "a/s/x", kind=held) == ["a/s/x", "a/s/y"]

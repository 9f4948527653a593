"""What the catalogue knows of an odd organization, word for word: its tree, names, moves, redirects, shares and feed ids, where
links lead, which of them are alive, what is fresh, and which names are meant by misspelled ones.

Like ``tests/test_whole_site.py``: where a change is meant, ``GOLDEN=write`` writes ``tests/golden/whole/`` anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from conftest import NOW, files_of
from test_whole_site import CONTENT, compare, shown

from builder.catalogue.catalogue import Catalogue, newest_first
from builder.catalogue.freshness import freshness, last_published
from builder.catalogue.links import resolve, source_path
from builder.catalogue.links import shown as readable
from builder.catalogue.nearest import Suggestions, nearest
from builder.catalogue.reach import is_reachable, way_to
from builder.catalogue.reading import find_site, reading_of
from builder.catalogue.redirects import former_redirects, move_fault, owner_of, place_of, redirects
from builder.catalogue.tags import chosen, loose, spellings, tag_slug
from builder.content import find_branches, read_organization
from builder.model.addresses import Addresses
from builder.model.values import Organization
from builder.model.ways import PURPOSES
from builder.pipeline.withdrawn_links import LinkLiveness

SLUGS = ("alpha", "beta", "gamma", "delta", "epsilon", "eta", "theta", "zeta", "first", "aleph", "e", "nobody")
WORDS = {
    name: tuple(line.replace("\\u200b", "\u200b") for line in text.splitlines())
    for name, text in files_of((CONTENT.parent / "words.txt").read_text("utf-8")).items()
}
"""Refs, targets of links, addresses, links in pages, tags and misspelled names."""


def read(folder: Path) -> tuple[Organization, Catalogue]:
    """Reads the organization as a build does."""
    for path, text in files_of((CONTENT.parent / "catalogue.txt").read_text("utf-8")).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    organization, problems = read_organization(folder)
    assert organization is not None, problems
    now = datetime.fromisoformat(NOW)
    sites = ("", *find_branches(folder).slugs)
    parts = [reading_of(find_site(folder, slug, organization, now), now).part for slug in sites]
    return organization, Catalogue.of(organization, parts)


def told(value: object) -> str:
    """A value in a line."""
    return " ".join(shown(msgspec.to_builtins(value)).split())


def rows(values: Mapping[str, object] | Iterable[tuple[str, object]]) -> str:
    """Values in lines, each with its name."""
    return "\n".join(f"{name}: {told(value)}" for name, value in dict(values).items())


def branches(catalogue: Catalogue) -> Iterator[tuple[str, object]]:
    for slug, branch in catalogue.branches.items():
        yield f"{slug} parent", catalogue.parent(branch)
        yield f"{slug} level", catalogue.level(branch)
        yield f"{slug} cycle", catalogue.cycle(branch)
        yield f"{slug} open", catalogue.is_open(branch)
        yield f"{slug} above", [each.slug for each in catalogue.ancestors(slug)]
        yield f"{slug} below", [each.slug for each in catalogue.descendants(slug)]
        yield f"{slug} sections below", sorted(catalogue.sections_below(slug))
        yield f"{slug} offered", catalogue.offered[slug]
        yield (
            f"{slug} shared",
            [f"{live.entry.ref} {catalogue.section_for(slug, live)}" for live in catalogue.shared(slug)],
        )
        yield f"{slug} paths", catalogue.paths_of(slug)
        yield f"{slug} former", catalogue.names.former_names(slug)
        yield f"{slug} as named", [branch.accept, branch.refuse, branch.place, branch.translations]
    yield "children", {parent: [each.slug for each in below] for parent, below in catalogue.children.items()}
    yield "nobody above", catalogue.ancestors("nobody")
    yield "nobody below", list(catalogue.descendants("nobody"))


def whole(catalogue: Catalogue) -> Iterator[tuple[str, object]]:
    yield "sections", {name: list(getattr(catalogue.sections, name)) for name in ("shown", "hidden")}
    yield "former sections", catalogue.sections.former
    yield "ids", [sorted(catalogue.feed_ids.written), catalogue.feed_ids.moved, catalogue.feed_ids.lost]
    yield "overlapping", catalogue.overlapping
    yield "translations", catalogue.translations
    yield "undated", sorted(catalogue.undated_sections)
    yield "topics", list(catalogue.topics)
    yield "pages", {slug: [page.slug for page in part.pages] for slug, part in catalogue.live_sites.items()}
    yield "interpreting", catalogue.interpreting
    yield "replacing", catalogue.replacing
    yield "concerned", {slug: sorted(slugs) for slug, slugs in catalogue.concerned.items()}
    yield "entries", sorted(catalogue.entries)
    yield "newest", [live.entry.ref for live in newest_first(catalogue.entries.values(), datetime.fromisoformat(NOW))]
    yield "stubs", [stub.ref for stub in catalogue.stubs.newest]
    yield "moves", {slug: catalogue.moves.started_in([slug]) for slug in SLUGS}
    for owner, names in (("alpha", ("all",)), ("beta", ("ancestors",)), ("alpha", ("subtree", "alpha", "nobody", "e"))):
        yield f"receivers of {owner} {' '.join(names)}", sorted(catalogue.receivers(owner, names))
    for owner, moved in sorted(redirects(catalogue).items()):
        yield f"redirects {owner}", moved
    pages = ("index.html", "404.html", "news/index.html", "about/index.html")
    yield "former redirects", list(former_redirects("first", "alpha", pages, {"/alpha/about/": "/"}))
    for live in catalogue.entries.values():
        yield f"move of {live.entry.ref}", move_fault(catalogue, live.entry)


def names(catalogue: Catalogue) -> Iterator[tuple[str, object]]:
    for slug in SLUGS:
        branch = catalogue.names.branch(slug)
        yield (
            slug,
            [catalogue.names.first_name(slug), catalogue.names.present_name(slug), branch.name if branch else None],
        )
    for ref in WORDS["refs"]:
        live = catalogue.entry_called(ref)
        found: list[object] = [
            place_of(catalogue, ref),
            catalogue.moves.present_ref(ref),
            catalogue.names.current_ref(ref),
        ]
        found += [live.entry.ref if live else None, catalogue.names.current_source(f"content/{ref}")]
        if ref.count("/") == 2:
            found += [catalogue.names.first_path(ref), catalogue.names.may_have_been_at(ref)]
        yield ref, found
    for path in WORDS["paths"]:
        yield f"owner of {path}", owner_of(catalogue, path)


def links(organization: Organization, catalogue: Catalogue) -> Iterator[tuple[str, object]]:
    source = "content/alpha/news/2026-11-20-visit/index.md"
    for target in WORDS["targets"]:
        path = source_path(target, source)
        known = [catalogue.knows(path), catalogue.is_file(path), catalogue.is_unpublished(path)] if path else []
        yield target, [resolve(target, source, ("way",), catalogue), path, known]
    for text in ("https://x.org/%E4%B8%AD", "%FF", "a%20b", "a%0Ab"):
        yield text, readable(text)
    tags = {"alpha": frozenset({"visits"}), "": frozenset({"visits"})}
    alive = LinkLiveness(catalogue, Addresses(organization, catalogue.branches.values()), tags)
    for path in WORDS["paths"]:
        yield f"alive {path}", [alive.is_live(path), alive.is_live(path, "gone"), alive.is_live(path, "2026-11-15-v")]
    for page in ("/alpha/news/2026-11-20-visit/", "/gamma/news/", "/"):
        for link in WORDS["links"]:
            yield f"{page} {link}", alive.leads_to_withdrawn(page, link.encode())


def days(organization: Organization, catalogue: Catalogue) -> Iterator[tuple[str, object]]:
    for slug in ("alpha", "beta", "zeta", "delta"):
        branch, summary = catalogue.branches[slug], catalogue.summaries[slug]
        yield f"{slug} last", last_published(branch, summary)
        for number in range(-1, 41, 2):
            now = datetime.fromisoformat(NOW) + timedelta(days=number)
            yield (
                f"{slug} {number}",
                [(each.slug, each.state, each.left) for each in freshness(branch, summary, organization, now)],
            )
        yield f"{slug} rows", freshness(branch, summary, organization, datetime.fromisoformat(NOW))
    for purpose in PURPOSES:
        for each in (None, *catalogue.branches.values()):
            yield f"{purpose} {each.slug if each else ''}", way_to(organization, each, purpose)
    silent = msgspec.structs.replace(organization, contact=None)
    for one in (organization, silent):
        yield "reachable", [slug for slug, each in catalogue.branches.items() if is_reachable(one, each)]


def suggested(catalogue: Catalogue) -> Iterator[tuple[str, object]]:
    for word in (*WORDS["words"], ""):
        yield f"tag {word[:20]}", [loose(word)[:20], tag_slug(word)[:20]]
    yield "spellings", spellings(live.entry.tags for live in catalogue.entries.values())
    yield "chosen", [chosen({"b": 1, "a": 1}), chosen({"b": 2, "a": 1})]
    suggestions = Suggestions(catalogue)
    titles = {"alpha": ["Alpha", "A"], "beta": ["Beta"]}
    for word in (*WORDS["misspelled"], ""):
        yield f"near {word}", [nearest(word, catalogue.branches, titles), suggestions.name(word, catalogue.branches)]
        yield f"ref {word}", suggestions.ref(word)
    for path in WORDS["files"]:
        yield f"file {path}", suggestions.file(path, "content/alpha/news/2026-11-20-visit/index.md")
    left = Suggestions(catalogue)
    yield "how many", sum(bool(left.name("alpah", catalogue.branches)) for _ in range(110))


@pytest.mark.slow
def test_an_odd_organization_is_known_as_it_always_was(tmp_path: Path) -> None:
    organization, catalogue = read(tmp_path)
    parts = {
        "branches": branches(catalogue),
        "whole": whole(catalogue),
        "names": names(catalogue),
        "links": links(organization, catalogue),
        "days": days(organization, catalogue),
        "suggested": suggested(catalogue),
    }
    compare("catalogue", {name: rows(found) for name, found in parts.items()})

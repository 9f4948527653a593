"""What is loaded of branches for what is made over all of them, and what is kept of it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path

from conftest import NOW
from test_whole_catalogue import read

from builder.catalogue.catalogue import Catalogue
from builder.model.addresses import Addresses
from builder.model.published import LiveSite
from builder.model.stubs import stubs_of
from builder.pages import Context
from builder.pipeline.files import search_outputs


def test_which_feeds_have_something_is_seen_by_stubs(tmp_path: Path) -> None:
    """The outlines of a thousand branches load what none of these publishes, but for what others share."""
    organization, whole = read(tmp_path)
    stubs, loaded = {slug: stubs_of(whole.live_sites[slug]) for slug in whole.branches}, set[str]()

    def load(slug: str) -> LiveSite:
        loaded.add(slug)
        return whole.live_sites[slug]

    catalogue = Catalogue(organization, whole.summaries.values(), load, stubs)
    addresses, now = Addresses(organization, whole.branches.values()), datetime.fromisoformat(NOW)
    for slug in whole.branches:
        assert Context(catalogue, addresses, slug, now).fed == Context(whole, addresses, slug, now).fed
    assert loaded == {ref.partition("/")[0] for refs in whole.offered.values() for ref in refs}


def test_an_index_of_all_branches_keeps_none_of_them(tmp_path: Path) -> None:
    """Entries take most of an organization's memory, and an index has its own of what it says of them."""
    organization, whole = read(tmp_path)
    loaded: Counter[str] = Counter()

    def load(slug: str) -> LiveSite:
        loaded[slug] += 1
        return whole.live_sites[slug]

    catalogue = Catalogue(organization, whole.summaries.values(), load)
    known = sorted(catalogue.entries)
    assert loaded == dict.fromkeys(whole.summaries, 1)
    index = list(
        search_outputs(
            Context(catalogue, Addresses(organization, whole.branches.values()), "", datetime.fromisoformat(NOW)), {}
        )
    )
    assert index
    # Each was loaded for the index again, and none is left.
    assert loaded == dict.fromkeys(whole.summaries, 2)
    assert sorted(catalogue.entries) == known
    assert loaded == {slug: 2 if not slug else 3 for slug in whole.summaries}

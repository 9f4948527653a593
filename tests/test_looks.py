"""What a build looks at when nothing changed, and that it never matters where a branch was made."""

from __future__ import annotations

import pickle
from datetime import datetime

import msgspec
import pytest
from conftest import NOW, SmallSite

from builder.content import read_organization
from builder.model.published import LiveEntry, LiveSite
from builder.pipeline.conductor import Options, build
from builder.pipeline.site_table import TURNS
from builder.workers import SerialExecutor, WorkerPool


def test_values_are_written_the_same_after_a_journey(site: SmallSite) -> None:
    organization, _ = read_organization(site.root)
    assert organization is not None
    for value in (organization, *organization.sections):
        back = pickle.loads(pickle.dumps(value))
        assert back == value
        assert msgspec.json.encode(back) == msgspec.json.encode(value)


def test_a_slice_is_written_the_same_after_a_journey(built_site: SmallSite) -> None:
    (state,) = (built_site.root / ".branchpress").iterdir()
    part = msgspec.json.decode((state / "sites/alpha/slice.json").read_bytes().partition(b"\n")[2], type=LiveSite)
    assert all(isinstance(live, LiveEntry) for live in part.entries)
    assert msgspec.json.encode(pickle.loads(pickle.dumps(part))) == msgspec.json.encode(part)


@pytest.mark.slow
def test_what_a_worker_made_is_not_made_again_here_nor_the_other_way_round(site: SmallSite) -> None:
    options = Options(site.root, site.output, site.root / ".branchpress", datetime.fromisoformat(NOW))
    build(options, lambda: WorkerPool(2))
    for factory in (SerialExecutor, lambda: WorkerPool(2), SerialExecutor):
        result = build(options, factory)
        assert set(result.sites.values()) == {"unchanged"}
        assert not any(result.why.values())
        assert result.files.written == 0


@pytest.mark.slow
def test_where_branches_are_many_changed_output_is_put_right_within_eight_builds(site: SmallSite) -> None:
    site.build(few=1)
    page = site.output / "alpha/news/2026-11-20-visit/index.html"
    good = page.read_bytes()
    page.write_bytes(b"changed by hand")
    for _ in range(TURNS):
        site.build(few=1)
    assert page.read_bytes() == good


@pytest.mark.slow
def test_a_folder_that_was_exchanged_is_put_right_at_once(site: SmallSite) -> None:
    site.build(few=1)
    (site.output / "alpha").rename(site.output / "alpha2")
    (site.output / "alpha").mkdir()
    site.build(few=1)
    assert site.exists("alpha/index.html")
    assert not site.exists("alpha2")


def test_few_branches_are_looked_at_file_by_file(built_site: SmallSite) -> None:
    page = built_site.output / "alpha/news/2026-11-20-visit/index.html"
    good = page.read_bytes()
    page.write_bytes(b"changed by hand")
    built_site.build()
    assert page.read_bytes() == good


@pytest.mark.parametrize("path", ["alpha/news/leaked.html", "alpha/leaked/index.html", "leaked.html", "gamma/x.html"])
def test_what_somebody_put_among_the_published_files_is_cleared(built_site: SmallSite, path: str) -> None:
    (built_site.output / path).parent.mkdir(exist_ok=True)
    (built_site.output / path).write_text("not ours")
    built_site.build()
    assert not built_site.exists(path)

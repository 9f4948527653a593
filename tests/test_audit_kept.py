"""What is kept from audit to audit: nothing is read twice that has not changed, and nobody can tell that it was not."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from conftest import NOW, SmallSite
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from picture_files import snapshot

from builder.audit.duplicates import shingles
from builder.audit.inspection import cache, pages, sources
from builder.audit.inspection.personal import scan
from builder.audit.run import Audit, audit
from builder.catalogue import reading
from builder.pictures import tells_position
from builder.pipeline.conductor import Options, build
from builder.store import Store
from builder.workers import SerialExecutor

_HAN = [chr(code) for code in range(0x4E00, 0x4E00 + 3000)]
LONG = "".join(_HAN[place * 7 % 3000] for place in range(400))
SITE = f"""
--- mkdocs.yml
theme: {{name: material}}
--- content/organization.yml
name: 示范
url: https://example.org/party/
markdown: {{raw_html: allow}}
sections:
  news: {{title: 动态, update_within: 14 days}}
  notices: {{title: 公告, type: notice}}
  letters: {{title: 来信, type: letter, reply_within: 5 working days}}
--- content/alpha/branch.yml
name: 甲支部
--- content/alpha/news/2026-11-20-a.md
---
title: 一
---
[乙](../../beta/news/2026-11-21-b.md)，![照片](/beta/media/photo.jpg)，[没有](../../beta/news/none.md)。
--- content/alpha/notices/2026-11-18-n.md
---
title: 公示
period: {{from: 2026-11-18, to: 2026-11-30}}
---
联系人电话13812345678。
--- content/alpha/letters/2026-11-19-l.yml
title: 问
received: 2026-11-19
question: 几点开门？
--- content/beta/branch.yml
name: 乙支部
--- content/beta/news/2026-11-21-b.md
---
title: 二
---
{LONG}
--- content/gamma/branch.yml
name: 丙支部
--- content/gamma/news/2026-11-22-c.md
---
title: 三
---
{LONG}尾
"""


def audited(site: SmallSite, now: str = NOW, state: Path | None = None) -> Audit:
    """An audit with the built pages."""
    store = Store(state or site.root / ".branchpress", site.output)
    with SerialExecutor() as executor:
        return audit(site.root, datetime.fromisoformat(now), executor, store=store, output=site.output)


def anew(site: SmallSite, now: str = NOW) -> Audit:
    """The same audit with nothing kept of earlier ones."""
    state = site.root / "elsewhere"
    shutil.rmtree(state, ignore_errors=True)
    shutil.copytree(site.root / ".branchpress", state)
    for folder in state.iterdir():
        shutil.rmtree(folder / "audit", ignore_errors=True)
    return audited(site, now, state)


def rules(found: Audit, branch: str) -> list[str]:
    """The rules that a branch breaks."""
    return [one.code for one in found.findings if one.branch == branch]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sites that audits read, the hub as ``hub``; what has just been written counts as old."""
    monkeypatch.setattr(cache, "SAFE_NS", -(1 << 62))
    found: list[str] = []

    def find_site(root: Path, slug: str, *arguments: object, **named: object) -> reading.Found:
        found.append(slug or "hub")
        return reading.find_site(root, slug, *arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(cache, "find_site", find_site)
    return found


@pytest.fixture
def site(make_site: Callable[[str], SmallSite]) -> SmallSite:
    """Three branches; one has a text of another, and links that lead nowhere."""
    made = make_site(SITE)
    (made.root / "content/beta/media").mkdir()
    (made.root / "content/beta/media/photo.jpg").write_bytes(snapshot(position=False))
    return made


def test_what_a_build_has_read_no_audit_reads_again(site: SmallSite, read: list[str]) -> None:
    site.build()
    found = audited(site)
    assert read == []
    assert {"near-duplicate", "link-dead", "notice-personal-data"} <= {one.code for one in found.findings}
    assert found == anew(site)
    assert read == ["alpha", "beta", "gamma", "hub"]


def test_a_branch_that_was_edited_is_the_only_one_to_be_read(site: SmallSite, read: list[str]) -> None:
    site.build()
    audited(site)
    site.write("--- content/beta/news/2026-11-21-b.md\n---\ntitle: 二\n---\n身份证号11010519491231002X。\n")
    found = audited(site)
    assert read == ["beta"]
    assert "identity-number" in rules(found, "beta")
    assert "near-duplicate" not in rules(found, "gamma"), "its text is no longer that of the other"
    assert found == anew(site)
    site.build()
    read.clear()
    assert audited(site) == anew(site)
    assert read == ["alpha", "beta", "gamma", "hub"], "those of the audit from nothing"


def test_what_falls_due_is_looked_at_again(site: SmallSite, read: list[str]) -> None:
    site.build()
    for now, again in (("2026-11-30T23:00:00+08:00", []), ("2026-12-01T00:00:00+08:00", ["alpha"])):
        read.clear()
        found = audited(site, now)
        assert read == again
        assert found == anew(site, now)
    assert "mobile-number" in rules(found, "alpha"), "the notice has run out"


def test_a_date_far_ahead_comes_nearer(site: SmallSite, read: list[str]) -> None:
    site.write("--- content/gamma/news/far.md\n---\ntitle: 远\ndate: 2027-11-25\n---\n正文。\n")
    site.build()
    assert "date-suspicious" in rules(audited(site), "gamma")
    assert read == []
    assert "date-suspicious" not in rules(audited(site, "2026-11-25T00:00:00+08:00"), "gamma")
    assert read == ["gamma"]


def test_a_picture_in_the_folder_of_another_branch_counts(site: SmallSite, read: list[str]) -> None:
    site.build()
    assert audited(site) == anew(site)
    read.clear()
    (site.root / "content/beta/media/photo.jpg").unlink()
    found = audited(site)
    assert read == ["alpha", "beta"]
    assert rules(found, "alpha").count("picture-dead") == 1
    assert found == anew(site)


def test_a_comment_in_organization_yml_is_no_place_for_a_number(site: SmallSite, read: list[str]) -> None:
    site.build()
    assert "mobile-number" not in rules(audited(site), "")
    with (site.root / "content/organization.yml").open("a", encoding="utf-8") as file:
        file.write("# 13912345678\n")
    assert "mobile-number" in rules(audited(site), "")
    assert read == ["hub"], "what was read with it has not changed"


def test_a_clock_that_goes_back_is_believed(site: SmallSite, read: list[str]) -> None:
    site.write("--- content/gamma/news/2026-11-23-new.md\n---\ntitle: 新\ndate: 2026-11-23T08:00\n---\n正文。\n")
    site.build()
    before = "2026-11-23T07:00:00+08:00"
    assert audited(site, before) == anew(site, before) != audited(site)


def test_a_page_of_the_hub_gives_way_to_a_branch(site: SmallSite, read: list[str]) -> None:
    site.write("--- content/hub/delta.md\n---\ntitle: 页\n---\n[没有](none.md)\n")
    site.build()
    assert "link-dead" in rules(audited(site), "")
    site.write("--- content/delta/branch.yml\nname: 丁支部\n")
    found = audited(site)
    assert read == ["delta", "hub"]
    assert found == anew(site)


def test_what_stays_because_too_much_vanished_at_once_is_not_kept(site: SmallSite, read: list[str]) -> None:
    for number in range(10):
        site.write(f"--- content/gamma/news/2026-10-{number + 10}-n.md\n---\ntitle: 第{number}篇\n---\n正文。\n")
    site.build()
    site.delete(*(f"content/gamma/news/2026-10-{number + 10}-n.md" for number in range(9)))
    # With another organization.yml the build inspects everything anew.
    site.write(SITE.partition("--- content/alpha")[0].replace("name: 示范", "name: 模范"))
    assert [each.code for each in site.build().problems if each.severity == "error"] == ["mass-deletion"]
    audited(site)
    assert read == ["gamma"]
    assert audited(site) == anew(site)


def test_a_source_is_looked_through_once_by_a_program(
    site: SmallSite, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []
    monkeypatch.setattr(sources, "scan", lambda line, **named: looked.append(line) or scan(line, **named))
    site.build()
    assert "联系人电话13812345678。" in looked
    looked.clear()
    site.write("--- content/alpha/news/other.md\n---\ntitle: 又\ndate: 2026-11-22\n---\n电话13912345678。\n")
    first = audited(site)
    assert "电话13912345678。" in looked
    assert "联系人电话13812345678。" not in looked
    looked.clear()
    monkeypatch.setattr("builder.content.folder.code_version", lambda: "another")
    site.write("--- content/alpha/news/more.md\n---\ntitle: 再\ndate: 2026-11-22\n---\n正文。\n")
    assert set(rules(audited(site), "alpha")) == set(rules(first, "alpha"))
    assert "联系人电话13812345678。" in looked


def test_another_picture_under_the_same_name_is_looked_at(
    site: SmallSite, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "SAFE_NS", -(1 << 62))
    site.build()
    assert "picture-position" not in rules(audited(site), "beta")
    looked: list[Path] = []
    monkeypatch.setattr(sources, "tells_position", lambda file: looked.append(file) or tells_position(file))
    site.write("--- content/beta/news/more.md\n---\ntitle: 再\ndate: 2026-11-22\n---\n正文。\n")
    audited(site)
    assert looked == []
    (site.root / "content/beta/media/photo.jpg").write_bytes(snapshot(position=True))
    assert "picture-position" in rules(audited(site), "beta")


def test_two_texts_are_compared_once(site: SmallSite, read: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[str] = []
    monkeypatch.setattr("builder.audit.duplicates.shingles", lambda text: counted.append(text) or shingles(text))
    site.build()
    counted.clear()
    first = audited(site)
    assert len(counted) == 2, "both texts lie in the releases"
    assert audited(site) == first
    assert len(counted) == 2
    assert read == []
    # Longer than the other and not yet built: it lies in no release.
    site.write(f"--- content/gamma/news/2026-11-22-c.md\n---\ntitle: 三\n---\n{LONG}尾巴\n")
    assert "near-duplicate" in rules(audited(site), "gamma")
    assert "near-duplicate" in rules(audited(site), "gamma")
    assert audited(site) == anew(site)


def test_pages_that_have_not_changed_are_not_followed_again(
    site: SmallSite, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []
    dead = pages._dead

    def noted(served: pages.Served, slug: str) -> object:
        looked.append(slug)
        return dead(served, slug)

    monkeypatch.setattr(pages, "_dead", noted)
    site.build()
    assert sorted(looked) == ["alpha", "beta", "gamma"], "the build does it while they are new"
    looked.clear()
    audited(site)
    assert looked == [""]
    looked.clear()
    page = site.output / "alpha/news/2026-11-20-a/index.html"
    page.write_text(page.read_text("utf-8").replace("</main>", '<a href="/party/beta/late/">晚</a></main>'), "utf-8")
    first = audited(site)
    assert looked == ["", "alpha"]
    looked.clear()
    assert audited(site) == first, "what leads nowhere is told again"
    assert looked == [""]
    looked.clear()
    (site.output / "beta/late").mkdir()
    (site.output / "beta/late/index.html").write_text("<title>晚</title>", "utf-8")
    late = [one for one in audited(site).findings if one.arguments.get("target") == "/party/beta/late/"]
    assert late == []
    assert "alpha" in looked


def test_a_build_leaves_what_leads_to_other_sites_to_the_audit(site: SmallSite, read: list[str]) -> None:
    """When a branch is published the others may not be there yet."""
    site.write(
        "--- content/alpha/news/raw.md\n---\ntitle: 写\ndate: 2026-11-02\n---\n<a href='https://example.org/party/beta/none/'>无</a>\n"
    )
    site.build()
    (one,) = [one for one in audited(site).findings if one.arguments.get("target", "").endswith("/beta/none/")]
    assert (one.code, one.path) == ("link-dead", "sites/alpha/news/raw/index.html")
    assert audited(site) == anew(site)


def test_a_build_leaves_to_the_audit_what_was_edited(
    site: SmallSite, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(10):
        site.write(f"--- content/gamma/news/2026-10-{number + 10}-n.md\n---\ntitle: 第{number}篇\n---\n正文。\n")
    site.build()
    looked: list[str] = []
    monkeypatch.setattr(cache.Inspections, "keep", lambda _, reading: looked.append(reading.slug))
    monkeypatch.setattr(pages.Outputs, "keep", lambda _, slug: looked.append(slug))
    site.write("--- content/gamma/news/2026-10-11-n.md\n---\ntitle: 第1篇\n---\n正文改了。\n")
    assert site.build().sites["gamma"] == "built"
    assert looked == []


@pytest.mark.slow
def test_what_lay_there_two_seconds_before_it_was_read_is_kept(
    site: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However short before the build it was written: of many branches most are read much later."""

    def late() -> SerialExecutor:
        time.sleep(2.2)
        return SerialExecutor()

    options = Options(site.root, site.output, site.root / ".branchpress", datetime.fromisoformat(NOW))
    build(options, late)
    files = list((site.root / ".branchpress").glob("*/audit/*.files.json"))
    assert len(files) == 4
    assert not any(b'{"listing":""' in file.read_bytes() for file in files)
    monkeypatch.setattr("builder.pipeline.stages.find_site", None)
    assert set(build(options, SerialExecutor).sites.values()) == {"unchanged"}, "nor does the next build read it again"


def test_what_was_just_written_is_not_kept(site: SmallSite) -> None:
    """It might be written once more within the same tick of the clock."""
    site.build()
    files = list((site.root / ".branchpress").glob("*/audit/*.files.json"))
    assert len(files) == 4
    assert all(b'{"listing":""' in file.read_bytes() for file in files)


def test_a_branch_that_is_gone_leaves_nothing_behind(site: SmallSite, read: list[str]) -> None:
    site.build()
    assert list(site.root.glob(".branchpress/*/audit/gamma.*.json"))
    shutil.rmtree(site.root / "content/gamma")
    site.build()
    assert not list(site.root.glob(".branchpress/*/audit/gamma.*.json"))
    assert audited(site) == anew(site)


def test_a_text_that_was_withdrawn_leaves_nothing_behind(site: SmallSite, read: list[str]) -> None:
    site.write("--- content/gamma/news/secret.md\n---\ntitle: 收回的题目\ndate: 2026-11-01\n---\n正文。\n")
    site.build()
    audited(site)
    site.delete("content/gamma/news/secret.md")
    site.build()
    state = site.root / ".branchpress"
    held = [file for file in state.glob("*/audit*/**/*") if file.is_file() and "收回".encode() in file.read_bytes()]
    assert held == []


def test_a_preview_keeps_nothing(site: SmallSite, read: list[str]) -> None:
    site.build(drafts=True)
    assert list(site.root.glob(".branchpress/*/audit/*")) == []


def test_what_cannot_be_read_back_is_looked_at_again(site: SmallSite, read: list[str]) -> None:
    site.build()
    first = audited(site)
    for file, content in zip(
        sorted(site.root.glob(".branchpress/*/audit/*.files.json")),
        (b"", b"{", b'{"listing":1}\n{}', b"\xff"),
        strict=True,
    ):
        file.write_bytes(content)
    assert audited(site) == first
    assert read == ["alpha", "beta", "gamma", "hub"]


EDITS = [
    "--- content/alpha/news/2026-11-20-a.md\n---\ntitle: 一改\n---\n[乙](../../beta/news/2026-11-21-b.md#x)\n",
    "--- content/alpha/news/new.md\n---\ntitle: 新\ndate: 2026-11-22\n---\n电话13912345678。\n",
    "--- content/alpha/news/new.md\n---\ntitle: [新\n---\n",
    "--- content/alpha/letters/2026-11-19-l.yml\n"
    "{title: 问, received: 2026-11-19, replied: 2026-11-28, question: 几点开门？, body: 八点。}\n",
    f"--- content/beta/news/copy.md\n---\ntitle: 抄\ndate: 2026-11-10\nexpires: 2026-12-05\n---\n{LONG}\n",
    "--- content/beta/branch.yml\nname: 乙支部新\nsections: {hide: [news]}\n",
    "--- content/beta/branch.yml\nname: [\n",
    "--- content/beta/news/none.md\n---\ntitle: 有了\ndate: 2026-11-12\n---\n正文。\n",
    "--- content/gamma/media/name-13812345678.txt\nx\n",
    "--- content/gamma/news/2026-11-22-c.md\n---\ntitle: 三\ndraft: true\n---\n正文。\n",
    "--- content/organization.yml\nname: 改名\nurl: https://example.org/party/\nsections: {news: {title: 动态}}\n",
    "--- content/hub/about.md\n---\ntitle: 关于\n---\n[甲](../alpha/news/2026-11-20-a.md)\n",
]
CLOCKS = ["2026-11-23T09:00:00+08:00", "2026-11-30T12:00:00+08:00", "2026-12-06T12:00:00+08:00"]


@pytest.mark.slow
@given(st.lists(st.sampled_from([*EDITS, *CLOCKS, "build"]), min_size=1, max_size=7))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nobody_can_tell_what_was_kept(
    tmp_path_factory: pytest.TempPathFactory, read: list[str], steps: list[str]
) -> None:
    """Whatever is edited, built and waited for: an audit says what one from nothing says."""
    site = SmallSite(tmp_path_factory.mktemp("kept")).write(SITE)
    now = CLOCKS[0]
    site.build(now)
    for step in steps:
        if step == "build":
            site.build(now)
        elif step in CLOCKS:
            now = max(now, step)
        else:
            site.write(step)
        assert audited(site, now) == anew(site, now)

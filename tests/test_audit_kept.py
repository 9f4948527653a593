"""What is kept from audit to audit: nothing is read twice that has not changed, and nobody can tell that it was not."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from conftest import NOW, SmallSite, examples
from faults import never
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from picture_files import snapshot

from builder.audit.inspection.cache_file import read_cache_file, write_cache_file
from builder.audit.inspection.site import Inspector, Known
from builder.audit.run import Audit, audit
from builder.catalogue.reading import SAFE_NS, SiteSource, find_site, reading_of
from builder.content.workspace import open_workspace
from builder.pipeline.conductor import Options, Result, build
from builder.pipeline.stages import STEPS, Steps
from builder.store import Store
from builder.workers import SerialExecutor, WorkerLostError

pytestmark = pytest.mark.slow

ANY_AGE = -(1 << 62)
"""The margin with which even what has just been written counts as old."""
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


class AuditedSite(SmallSite):
    """A small site with audits of its pages. What has just been written counts as old; ``read`` are the sites that audits
    have read, the hub as ``hub``."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.read: list[str] = []

    def build(self, now: str = NOW, steps: Steps = STEPS, **options: Any) -> Result:
        """Builds."""
        return super().build(now, steps, **{"margin_ns": ANY_AGE, **options})

    def audit(self, now: str = NOW, state: Path | None = None) -> Audit:
        """An audit with the built pages."""

        def find(root: Path, slug: str, *arguments: Any, **named: Any) -> SiteSource:
            self.read.append(slug or "hub")
            return find_site(root, slug, *arguments, **named)

        store = Store(state or self.root / ".branchpress", self.output)
        when = datetime.fromisoformat(now)
        with SerialExecutor() as executor:
            return audit(self.root, when, executor, store=store, output=self.output, margin_ns=ANY_AGE, find=find)

    def anew(self, now: str = NOW) -> Audit:
        """The same audit with nothing kept of earlier ones."""
        state = self.root / "elsewhere"
        shutil.rmtree(state, ignore_errors=True)
        shutil.copytree(self.root / ".branchpress", state)
        for folder in state.iterdir():
            shutil.rmtree(folder / "audit", ignore_errors=True)
        return self.audit(now, state)

    def kept(self, what: str) -> dict[str, Path]:
        """The files in which something of each site is kept, by the site's folder."""
        return {file.name.partition(".")[0]: file for file in self.root.glob(f".branchpress/*/audit/*.{what}.json")}

    def falsify(self, slug: str, what: str, pattern: str, instead: str) -> None:
        """Lets what is kept of a site say something else, so that it is known from what is found anew."""
        file = self.kept(what)[slug]
        settings = file.read_text("utf-8").partition(" ")[0]
        content, count = re.subn(pattern, instead, read_cache_file(file).decode())
        assert count, file
        write_cache_file(file, settings, content.encode())


def rules(found: Audit, branch: str) -> list[str]:
    """The rules that a branch breaks."""
    return [one.code for one in found.findings if one.branch == branch]


def arguments(found: Audit, name: str) -> set[str]:
    """What the findings in alpha say for an argument."""
    return {str(one.arguments[name]) for one in found.findings if one.branch == "alpha" and name in one.arguments}


@pytest.fixture
def site(tmp_path: Path) -> AuditedSite:
    """Three branches; one has a text of another, and links that lead nowhere."""
    made = AuditedSite(tmp_path)
    made.write(SITE)
    (made.root / "content/beta/media").mkdir()
    (made.root / "content/beta/media/photo.jpg").write_bytes(snapshot(position=False))
    return made


def test_what_a_build_has_read_no_audit_reads_again(site: AuditedSite) -> None:
    site.build()
    found = site.audit()
    assert site.read == []
    assert {"near-duplicate", "link-dead", "notice-personal-data"} <= {one.code for one in found.findings}
    assert found == site.anew()
    assert site.read == ["alpha", "beta", "gamma", "hub"]


def test_a_branch_that_was_edited_is_the_only_one_to_be_read(site: AuditedSite) -> None:
    site.build()
    site.audit()
    site.write("--- content/beta/news/2026-11-21-b.md\n---\ntitle: 二\n---\n身份证号11010519491231002X。\n")
    found = site.audit()
    assert site.read == ["beta"]
    assert "identity-number" in rules(found, "beta")
    assert "near-duplicate" not in rules(found, "gamma"), "its text is no longer that of the other"
    assert found == site.anew()
    site.build()
    site.read.clear()
    assert site.audit() == site.anew()
    assert site.read == ["alpha", "beta", "gamma", "hub"], "those of the audit from nothing"


def test_what_falls_due_is_looked_at_again(site: AuditedSite) -> None:
    site.build()
    for now, again in (("2026-11-30T23:00:00+08:00", []), ("2026-12-01T00:00:00+08:00", ["alpha"])):
        site.read.clear()
        found = site.audit(now)
        assert site.read == again
        assert found == site.anew(now)
    assert "mobile-number" in rules(found, "alpha"), "the notice has run out"


def test_a_date_far_ahead_comes_nearer(site: AuditedSite) -> None:
    site.write("--- content/gamma/news/far.md\n---\ntitle: 远\ndate: 2027-11-25\n---\n正文。\n")
    site.build()
    assert "date-suspicious" in rules(site.audit(), "gamma")
    assert site.read == []
    assert "date-suspicious" not in rules(site.audit("2026-11-25T00:00:00+08:00"), "gamma")
    assert site.read == ["gamma"]


@pytest.mark.parametrize(
    ("now", "until"),
    [
        # A year and a day before a date that is written, and a date that is a file's name alone.
        ("2026-11-23T09:00:00+08:00", "2027-11-24T00:00:00+08:00"),
        ("2027-11-23T23:59:59+08:00", "2027-11-24T00:00:00+08:00"),
        ("2027-11-24T00:00:00+08:00", "2028-10-01T00:00:00+08:00"),
        ("2028-10-01T00:00:00+08:00", "2028-11-24T00:00:00+08:00"),
        ("2028-11-24T00:00:00+08:00", None),
    ],
)
def test_what_was_found_holds_until_time_alone_changes_it(site: AuditedSite, now: str, until: str | None) -> None:
    site.write("--- content/gamma/news/far.md\n---\ntitle: 远\ndate: 2028-11-24\n---\n正文。\n")
    site.write("--- content/gamma/news/2028-10-01-named.md\n---\ntitle: 名\n---\n正文。\n")
    organization, moment = open_workspace(site.root).organization, datetime.fromisoformat(now)
    reading = reading_of(find_site(site.root, "gamma", organization, moment), moment)
    found = Inspector(site.root, organization, moment).inspect(reading, Known(), bare=False).until
    assert (found and found.isoformat()) == until


def test_a_picture_in_the_folder_of_another_branch_counts(site: AuditedSite) -> None:
    site.build()
    assert site.audit() == site.anew()
    site.read.clear()
    (site.root / "content/beta/media/photo.jpg").unlink()
    found = site.audit()
    assert site.read == ["alpha", "beta"]
    assert rules(found, "alpha").count("picture-dead") == 1
    assert found == site.anew()


def test_a_comment_in_organization_yml_is_no_place_for_a_number(site: AuditedSite) -> None:
    site.build()
    assert "mobile-number" not in rules(site.audit(), "")
    with (site.root / "content/organization.yml").open("a", encoding="utf-8") as file:
        file.write("# 13912345678\n")
    assert "mobile-number" in rules(site.audit(), "")
    assert site.read == ["hub"], "what was read with it has not changed"


def test_a_clock_that_goes_back_is_believed(site: AuditedSite) -> None:
    site.write("--- content/gamma/news/2026-11-23-new.md\n---\ntitle: 新\ndate: 2026-11-23T08:00\n---\n正文。\n")
    site.build()
    before = "2026-11-23T07:00:00+08:00"
    assert site.audit(before) == site.anew(before) != site.audit()


def test_a_page_of_the_hub_gives_way_to_a_branch(site: AuditedSite) -> None:
    site.write("--- content/hub/delta.md\n---\ntitle: 页\n---\n[没有](none.md)\n")
    site.build()
    assert "link-dead" in rules(site.audit(), "")
    site.write("--- content/delta/branch.yml\nname: 丁支部\n")
    found = site.audit()
    assert site.read == ["delta", "hub"]
    assert found == site.anew()


def test_what_stays_because_too_much_vanished_at_once_is_not_kept(site: AuditedSite) -> None:
    for number in range(10):
        site.write(f"--- content/gamma/news/2026-10-{number + 10}-n.md\n---\ntitle: 第{number}篇\n---\n正文。\n")
    site.build()
    site.delete(*(f"content/gamma/news/2026-10-{number + 10}-n.md" for number in range(9)))
    # With another organization.yml the build inspects everything anew.
    site.write(SITE.partition("--- content/alpha")[0].replace("name: 示范", "name: 模范"))
    assert [each.code for each in site.build().problems if each.severity == "error"] == ["mass-deletion"]
    site.audit()
    assert site.read == ["gamma"]
    assert site.audit() == site.anew()


def test_a_source_is_looked_through_once_by_a_program(site: AuditedSite) -> None:
    site.build()
    assert arguments(site.audit(), "value") == {"138******78"}
    site.falsify("alpha", "files", r"138\*{6}78", "000******00")
    site.write("--- content/alpha/news/other.md\n---\ntitle: 又\ndate: 2026-11-22\n---\n电话13912345678。\n")
    assert arguments(site.audit(), "value") == {"000******00", "139******78"}, "only the new text is looked through"
    site.falsify("alpha", "files", '"settings":"[^"]+"', '"settings":"of another program"')
    site.write("--- content/alpha/news/more.md\n---\ntitle: 再\ndate: 2026-11-22\n---\n正文。\n")
    assert arguments(site.audit(), "value") == {"138******78", "139******78"}


def test_another_picture_under_the_same_name_is_looked_at(site: AuditedSite) -> None:
    site.build()
    assert "picture-position" not in rules(site.audit(), "beta")
    site.falsify("beta", "files", r'(photo\.jpg":\[.*?,)false\]', r"\1true]")
    site.write("--- content/beta/news/more.md\n---\ntitle: 再\ndate: 2026-11-22\n---\n正文。\n")
    assert "picture-position" in rules(site.audit(), "beta"), "what is kept of it is believed"
    photo = site.root / "content/beta/media/photo.jpg"
    for position in (False, True):
        photo.write_bytes(snapshot(position=position))
        assert ("picture-position" in rules(site.audit(), "beta")) is position


def test_two_texts_are_compared_once(site: AuditedSite) -> None:
    site.build()
    first = site.audit()
    assert "near-duplicate" in rules(first, "gamma")
    assert site.audit() == first
    assert site.read == [], "both texts lie in the releases"
    site.falsify("hub", "alike", r":[01]\.\d+", ":0.0")
    assert "near-duplicate" not in rules(site.audit(), "gamma"), "what is kept of them is believed"
    # Longer than the other and not yet built: it lies in no release.
    site.write(f"--- content/gamma/news/2026-11-22-c.md\n---\ntitle: 三\n---\n{LONG}尾巴\n")
    assert "near-duplicate" in rules(site.audit(), "gamma")
    assert "near-duplicate" in rules(site.audit(), "gamma")
    assert site.audit() == site.anew()


def test_pages_that_have_not_changed_are_not_followed_again(site: AuditedSite) -> None:
    here = "https://example.org/party"
    site.write(
        f"--- content/alpha/news/raw.md\n---\ntitle: 写\ndate: 2026-11-02\n---\n<a href='{here}/alpha/none/'>无</a>\n"
    )
    site.build()
    assert sorted(site.kept("links")) == ["alpha", "beta", "gamma"], "the build follows them while they are new"
    none, kept, late = (f"{here}/alpha/none/", f"{here}/alpha/kept/", "/party/beta/late/")
    told = arguments(site.audit(), "target")
    assert none in told
    site.falsify("alpha", "links", none, kept)
    assert arguments(site.audit(), "target") == told - {none} | {kept}, "what is kept of them is believed"
    page = site.output / "alpha/news/2026-11-20-a/index.html"
    page.write_text(page.read_text("utf-8").replace("</main>", f'<a href="{late}">晚</a></main>'), "utf-8")
    first = site.audit()
    assert arguments(first, "target") == told | {late}
    assert site.audit() == first, "what leads nowhere is told again"
    site.falsify("alpha", "links", none, kept)
    assert kept in arguments(site.audit(), "target")
    (site.output / "beta/late").mkdir()
    (site.output / "beta/late/index.html").write_text("<title>晚</title>", "utf-8")
    assert arguments(site.audit(), "target") == told, "followed again"


def test_a_build_leaves_what_leads_to_other_sites_to_the_audit(site: AuditedSite) -> None:
    """When a branch is published the others may not be there yet."""
    site.write(
        "--- content/alpha/news/raw.md\n---\ntitle: 写\ndate: 2026-11-02\n---\n<a href='https://example.org/party/beta/none/'>无</a>\n"
    )
    site.build()
    (one,) = [one for one in site.audit().findings if one.arguments.get("target", "").endswith("/beta/none/")]
    assert (one.code, one.path) == ("link-dead", "sites/alpha/news/raw/index.html")
    assert site.audit() == site.anew()


def test_a_build_keeps_nothing_of_what_was_edited(site: AuditedSite) -> None:
    for number in range(10):
        site.write(f"--- content/gamma/news/2026-10-{number + 10}-n.md\n---\ntitle: 第{number}篇\n---\n正文。\n")
    site.build()
    files = (*site.kept("files").values(), *site.kept("links").values())
    assert len(files) == 7
    others = [file for file in files if not file.name.startswith("gamma.")]
    before = [(file.stat().st_ino, file.stat().st_mtime_ns) for file in others]
    site.write("--- content/gamma/news/2026-10-11-n.md\n---\ntitle: 第1篇\n---\n正文改了。\n")
    assert site.build().sites["gamma"] == "built"
    assert [(file.stat().st_ino, file.stat().st_mtime_ns) for file in others] == before
    assert "gamma" in site.kept("files")
    assert "gamma" not in site.kept("links")


def test_what_lay_there_two_seconds_before_it_was_read_is_kept(site: AuditedSite) -> None:
    """However short before the build it was written: of many branches most are read much later."""

    def late() -> SerialExecutor:
        time.sleep(2.2)
        return SerialExecutor()

    options = Options(site.root, site.output, site.root / ".branchpress", datetime.fromisoformat(NOW))
    build(options, late)
    files = list((site.root / ".branchpress").glob("*/audit/*.files.json"))
    assert len(files) == 4
    assert not any(b'{"listing":""' in file.read_bytes() for file in files)
    result = build(options, SerialExecutor, steps=Steps(find=never))
    assert set(result.sites.values()) == {"unchanged"}, "nor does the next build read it again"


def test_what_was_just_written_is_not_kept(site: AuditedSite) -> None:
    """It might be written once more within the same tick of the clock."""
    site.build(margin_ns=SAFE_NS)
    files = list((site.root / ".branchpress").glob("*/audit/*.files.json"))
    assert len(files) == 4
    assert all(b'{"listing":""' in file.read_bytes() for file in files)


def test_what_could_not_be_read_to_the_end_is_tried_again(site: AuditedSite) -> None:
    moment, tries = datetime.fromisoformat(NOW), []

    def find(*arguments: Any, note: Callable[[str], None], **named: Any) -> SiteSource:
        def noted(path: str) -> None:
            note(path)
            if path.endswith("-c.md") and len(tries) == 1:
                raise WorkerLostError("killed")

        tries.append(arguments[1])
        return find_site(*arguments, note=noted, **named)

    store = Store(site.root / ".branchpress", site.output)
    site.build()
    site.write("--- content/gamma/news/2026-11-22-c.md\n---\ntitle: 四\n---\n电话13912345678。\n")
    with SerialExecutor() as executor:
        first = audit(site.root, moment, executor, store=store, margin_ns=ANY_AGE, find=find)
        assert tries == ["gamma", "gamma"], "the second time without the source over which the process was lost"
        second = audit(site.root, moment, executor, store=store, margin_ns=ANY_AGE, find=find)
    assert tries == ["gamma"] * 3
    assert first.lost == second.lost == {}
    assert "mobile-number" in rules(second, "gamma")


def test_a_branch_that_is_gone_leaves_nothing_behind(site: AuditedSite) -> None:
    site.build()
    assert list(site.root.glob(".branchpress/*/audit/gamma.*.json"))
    shutil.rmtree(site.root / "content/gamma")
    site.build()
    assert not list(site.root.glob(".branchpress/*/audit/gamma.*.json"))
    assert site.audit() == site.anew()


def test_a_text_that_was_withdrawn_leaves_nothing_behind(site: AuditedSite) -> None:
    site.write("--- content/gamma/news/secret.md\n---\ntitle: 收回的题目\ndate: 2026-11-01\n---\n正文。\n")
    site.build()
    site.audit()
    site.delete("content/gamma/news/secret.md")
    site.build()
    state = site.root / ".branchpress"
    held = [file for file in state.glob("*/audit*/**/*") if file.is_file() and "收回".encode() in file.read_bytes()]
    assert held == []


def test_a_preview_keeps_nothing(site: AuditedSite) -> None:
    site.build(drafts=True)
    assert list(site.root.glob(".branchpress/*/audit/*")) == []


def test_what_cannot_be_read_back_is_looked_at_again(site: AuditedSite) -> None:
    site.build()
    first = site.audit()
    for file, content in zip(
        sorted(site.root.glob(".branchpress/*/audit/*.files.json")),
        (b"", b"{", b'{"listing":1}\n{}', b"\xff"),
        strict=True,
    ):
        file.write_bytes(content)
    assert site.audit() == first
    assert site.read == ["alpha", "beta", "gamma", "hub"]


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


@given(st.lists(st.sampled_from([*EDITS, *CLOCKS, "build"]), min_size=1, max_size=7))
@settings(max_examples=examples(8), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nobody_can_tell_what_was_kept(tmp_path_factory: pytest.TempPathFactory, steps: list[str]) -> None:
    """Whatever is edited, built and waited for: an audit says what one from nothing says."""
    site = AuditedSite(tmp_path_factory.mktemp("kept"))
    site.write(SITE)
    now = CLOCKS[0]
    site.build(now)
    for step in steps:
        if step == "build":
            site.build(now)
        elif step in CLOCKS:
            now = max(now, step)
        else:
            site.write(step)
        assert site.audit(now) == site.anew(now)

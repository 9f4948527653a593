"""What an editor may commit against all others, on purpose or not: it costs that editor's branch something, and nobody else."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest
from conftest import SmallSite, codes
from faults import overflows, unreadable
from picture_files import photograph, put

from builder.messages.formats import problems_github, problems_text
from builder.messages.translation import translator
from builder.store.publish import ForeignFolderError

pytestmark = pytest.mark.slow

HUGE = '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{0}"><path d="M0 0"/></svg>'


def loop(file: Path) -> None:
    """Replaces what is there by something that nobody can look into, not even an administrator."""
    if file.is_dir():
        shutil.rmtree(file)
    else:
        file.unlink(missing_ok=True)
    file.symlink_to(file.name)


class TestLinks:
    def test_the_folder_of_the_hub_is_not_followed_out_of_content(self, site: SmallSite, tmp_path: Path) -> None:
        private = tmp_path / "private"
        private.mkdir()
        (private / "notes.md").write_text("---\ntitle: hunter2\n---\nhunter2\n")
        (site.root / "content/hub").symlink_to(private)
        result = site.build()
        assert "content/hub:- symlink-outside none" in codes(result)
        assert site.mentions("hunter2") == []
        assert any(each.code == "symlink-outside" for each in site.check())

    @pytest.mark.parametrize("target", ["/dev/zero", "/dev/full", "/"])
    @pytest.mark.parametrize(
        "place", ["hub", "alpha/branch.yml", "alpha/news/2026-11-22-x.md", "alpha/media", "hub/x.md"]
    )
    def test_devices_and_folders_elsewhere_are_not_opened(self, site: SmallSite, place: str, target: str) -> None:
        file = site.root / "content" / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.unlink(missing_ok=True)
        file.symlink_to(target)
        result = site.build()
        assert any(each.code == "symlink-outside" for each in result.problems)
        assert result.sites["beta"] == "built"

    @pytest.mark.parametrize("place", ["alpha/branch.yml", "alpha/news/2026-11-22-x.md", "alpha/x.png", "hub/x.md"])
    def test_nobody_waits_for_a_pipe(self, site: SmallSite, place: str) -> None:
        file = site.root / "content" / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.unlink(missing_ok=True)
        os.mkfifo(file)
        assert any(each.code == "not-regular" for each in site.build().problems)


class TestUnreadable:
    @pytest.mark.parametrize("place", ["content/alpha/news", "content/alpha/news/2026-11-20-visit.md", "content/alpha"])
    def test_what_cannot_be_read_is_held_as_it_was(self, built_site: SmallSite, place: str) -> None:
        before = built_site.mentions("走访慰问")
        loop(built_site.root / place)
        result = built_site.build()
        assert any(each.code == "file-unreadable" and each.path == place for each in result.problems)
        assert any(each.effect in ("held", "kept") for each in result.problems)
        assert built_site.mentions("走访慰问") == before

    def test_what_is_seen_to_be_gone_beside_it_is_gone(self, built_site: SmallSite) -> None:
        loop(built_site.root / "content/alpha/news")
        built_site.delete("content/alpha/about.md")
        built_site.build()
        assert built_site.mentions("二〇〇一年") == []

    @pytest.mark.parametrize(
        "place",
        [
            "alpha",
            "alpha/media",
            "alpha/media/b.jpg",
            "alpha/news",
            "alpha/news/2026-11-22-x",
            "alpha/news/2026-11-22-x/a.zip",
            "alpha/news/2026-11-22-x/index.md",
        ],
    )
    @pytest.mark.parametrize("clean", [False, True])
    def test_pictures_and_attachments_of_it_stay_as_they_are(self, site: SmallSite, place: str, clean: bool) -> None:
        put(site.root, "content/alpha/news/2026-11-22-x/a.jpg", photograph(600, 400))
        put(site.root, "content/alpha/news/2026-11-22-x/a.zip", b"PK\3\4" + b"zip" * 100)
        put(site.root, "content/alpha/media/b.jpg", photograph(500, 400))
        site.write(
            "--- content/alpha/news/2026-11-22-x/index.md\n---\ntitle: 图文\nshare_with: all\nattachments: [a.zip]\n---\n"
            "![图](a.jpg)\n\n![图](../../media/b.jpg)\n"
            "--- content/beta/news/2026-11-22-y.md\n---\ntitle: 借图\n---\n![图](../../alpha/media/b.jpg)\n"
        ).build()
        before = site.files()
        loop(site.root / "content" / place)
        for _ in range(2):
            told = [(each.path, each.code, each.effect) for each in site.build(clean=clean).problems]
            assert told == [(f"content/{place}", "file-unreadable", "held")]
            assert site.files() == before

    def test_what_is_gone_from_beside_it_is_gone(self, site: SmallSite) -> None:
        folder = "content/alpha/news/2026-11-22-x"
        put(site.root, f"{folder}/a.zip", b"PK\3\4" + b"zip" * 100)
        put(site.root, f"{folder}/b.zip", b"PK\3\4" + b"zap" * 100)
        site.write(f"--- {folder}/index.md\n---\ntitle: 图文\nattachments: [a.zip, b.zip]\n---\n文\n").build()
        loop(site.root / folder / "a.zip")
        site.delete(f"{folder}/b.zip")
        site.build()
        assert site.exists("alpha/news/2026-11-22-x/a.zip")
        assert not site.exists("alpha/news/2026-11-22-x/b.zip")
        site.delete(f"{folder}/index.md")
        site.build()
        assert not site.exists("alpha/news/2026-11-22-x/a.zip")

    def test_a_branch_that_is_back_is_as_before(self, built_site: SmallSite) -> None:
        before = built_site.files()
        kept = built_site.root / "kept"
        shutil.copytree(built_site.root / "content/alpha", kept)
        loop(built_site.root / "content/alpha")
        built_site.build()
        (built_site.root / "content/alpha").unlink()
        shutil.copytree(kept, built_site.root / "content/alpha")
        assert codes(built_site.build()) == []
        assert built_site.files() == before


class TestBranchesThatCannotBeRead:
    """Where the reader fails over a whole folder, what its files say in their heads counts all the same."""

    @pytest.mark.parametrize(
        "head",
        [
            "",
            "---\ntitle: 走访慰问\ndraft: true\n---",
            "---\ntitle: 走访慰问\nexpires: 2026-11-22\n---",
            '{"title": "走访慰问", "draft": true}',
            '{"title": "走访慰问", "expires": "2026-11-22"}',
            '{\n\t"title": "走访慰问",\n\t"expires" : "2026-11-22"\n}',
        ],
    )
    def test_withdrawals_take_effect(self, built_site: SmallSite, head: str) -> None:
        if head:
            built_site.write(f"--- content/alpha/news/2026-11-20-visit.md\n{head}\n上午九点,党员们出发了。\n")
        else:
            built_site.delete("content/alpha/news/2026-11-20-visit.md")
        result = built_site.build(steps=unreadable("alpha", overflows))
        assert dict(result.sites) == {"alpha": "kept", "beta": "unchanged"} or result.sites["alpha"] == "kept"
        assert built_site.mentions("走访慰问") == []
        assert "二〇〇一年" in built_site.page("alpha/about/index.html")


class TestPictures:
    @pytest.mark.parametrize("side", ["99999999999999999999", "9" * 400, "0.0000000000001", "1e999"])
    def test_a_drawing_of_no_size_costs_nothing_but_itself(self, site: SmallSite, side: str) -> None:
        (site.root / "content/alpha/media").mkdir()
        (site.root / "content/alpha/media/x.svg").write_text(HUGE.format(side))
        site.write("--- content/alpha/news/2026-11-22-x.md\n---\ntitle: 图\n---\n![图](../media/x.svg)\n")
        result = site.build()
        assert dict(result.sites) == {"alpha": "built", "beta": "built"}
        site.delete("content/alpha/news/2026-11-20-visit.md").build()
        assert site.mentions("走访慰问") == []


class TestHiddenFiles:
    @pytest.mark.parametrize(
        "target",
        [
            "../../beta/news/2026-11-22-draft.md",
            "../../beta/news/2026-11-23-plan/plan.txt",
            "../../beta/news/2026-11-23-plan/index.md",
            "../../beta/branch.yml",
            "../../organization.yml",
            "../_private/list.txt",
            "../.env",
            "2026-11-20-visit.md",
        ],
    )
    def test_naming_what_is_not_published_publishes_nothing(self, site: SmallSite, target: str) -> None:
        site.write(
            "--- content/beta/news/2026-11-22-draft.md\n---\ntitle: 草稿\ndraft: true\n---\ngeheim\n"
            "--- content/beta/news/2026-11-23-plan/index.md\n---\ntitle: 草稿二\ndraft: true\n---\ngeheim\n"
            "--- content/beta/news/2026-11-23-plan/plan.txt\ngeheim\n"
            "--- content/alpha/_private/list.txt\ngeheim\n--- content/alpha/.env\ngeheim\n"
            f"--- content/alpha/news/2026-11-22-x.md\n---\ntitle: 题\nattachments: ['{target}']\n---\n[看]({target})\n"
        )
        result = site.build()
        assert site.mentions("geheim") == []
        assert not (site.output / "alpha/media").exists()
        assert any(each.path == "content/alpha/news/2026-11-22-x.md" for each in result.problems)


class TestOutput:
    @pytest.mark.parametrize(
        "content", ["{}", "[]", "null", '{"version": 1}', "x", '{"version": 1, "files": {}, "sites": {}}']
    )
    def test_a_folder_with_another_programs_build_json_is_not_ours(self, site: SmallSite, content: str) -> None:
        site.output.mkdir()
        (site.output / "build.json").write_text(content)
        (site.output / "keep.txt").write_text("mine")
        with pytest.raises(ForeignFolderError):
            site.build()
        assert (site.output / "keep.txt").read_text() == "mine"

    def test_ours_is_known_by_its_build_json_where_the_state_is_lost(self, built_site: SmallSite) -> None:
        shutil.rmtree(built_site.root / ".branchpress")
        assert codes(built_site.build()) == []


class TestState:
    def test_nothing_that_runs_lies_in_the_state(self, built_site: SmallSite) -> None:
        names = {file.name for file in (built_site.root / ".branchpress").rglob("*") if file.is_file()}
        assert not [
            name
            for name in names
            if not name.endswith((".json", ".gitignore", ".webp")) and not name.startswith(("pack", "lock"))
        ]


class TestNames:
    def test_a_name_in_no_encoding_costs_only_its_own_file(self, site: SmallSite) -> None:
        (site.root / "content/alpha/news/caf\udce9.md").write_text("---\ntitle: 题\n---\n文\n", "utf-8")
        result = site.build()
        assert [(each.path, each.code) for each in result.problems] == [
            ("content/alpha/news/caf?.md", "name-undecodable")
        ]
        assert dict(result.sites) == {"alpha": "built", "beta": "built"}

    def test_names_cannot_speak_to_terminals_and_logs(self, site: SmallSite) -> None:
        name = "a\x1b]0;x\x07\n::error::x\u202e\x9b"
        (site.root / "content/alpha" / f"{name}.yml").write_text("x: 1\n")
        told = site.check()
        text = translator("zh")
        for printed in (problems_text(told, (text,), verbose=True), problems_github(told, text)):
            assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", printed)
            assert "\n::error::x" not in printed
        assert "⏎" in problems_text(told, (text,), verbose=True)


class TestTrees:
    def test_a_chain_of_branches_costs_nobody_the_hub(self, site: SmallSite) -> None:
        site.write("".join(f"--- content/c{n}/branch.yml\nname: 支{n}\nparent: c{n - 1}\n" for n in range(1, 60)))
        site.write("--- content/c0/branch.yml\nname: 支零\n")
        result = site.build()
        assert set(result.sites.values()) == {"built"}
        assert [each.branch for each in result.problems if each.code == "parent-too-deep"] == ["c20", "c40"]
        assert site.exists("index.html")

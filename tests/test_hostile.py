"""Content is hostile until checked: nothing in it reaches what it should not, and nothing in it stops a build."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from conftest import SmallSite

pytestmark = pytest.mark.slow

ENTRY = "content/alpha/news/2026-11-22-x.md"


def entry(site: SmallSite, body: str, matter: str = "title: 题") -> SmallSite:
    return site.write(f"--- {ENTRY}\n---\n{matter}\n---\n{body}\n")


class TestIds:
    def test_a_heading_never_takes_an_id_of_the_theme(self, site: SmallSite) -> None:
        entry(site, '## Content\n\n## bp-content\n\n<p id="bp-content">x</p>').build()
        ids = re.findall(r' id="([^"]+)"', site.page("alpha/news/2026-11-22-x/index.html"))
        assert len(ids) == len(set(ids))


class TestScripts:
    @pytest.mark.parametrize(
        "matter",
        [
            'title: "<script>alert(1)</script>"',
            "title: '\"><img src=x onerror=alert(1)>'",
            "title: 题\nsummary: '<script>alert(1)</script>'",
            "title: 题\ntags: ['<script>alert(1)</script>']",
            "title: 题\nauthor: '<script>alert(1)</script>'",
            "title: 题\nsource: {name: '<script>alert(1)</script>'}",
            "title: '{{ config }}{% include \"x\" %}<script>alert(1)</script>'",
        ],
    )
    def test_front_matter_is_text_everywhere(self, site: SmallSite, matter: str) -> None:
        entry(site, "文", matter).build()
        for path, content in site.files().items():
            if path.endswith(".html"):
                text = content.decode()
                assert "<script>alert" not in text
                assert not re.search(r"<img[^>]*onerror", text)

    def test_templates_are_never_evaluated(self, site: SmallSite) -> None:
        entry(site, "{{ 7 * 191 }} {% for x in y %}", "title: '{{ 7 * 191 }}'").build()
        page = site.page("alpha/news/2026-11-22-x/index.html")
        assert "{{ 7 * 191 }}" in page
        assert "1337" not in page

    def test_addresses_that_run_code_are_left_out(self, site: SmallSite) -> None:
        entry(site, "[甲](javascript:alert(1)) [乙](data:text/html,x) <a href='vbscript:x'>丙</a>").build()
        page = site.page("alpha/news/2026-11-22-x/index.html")
        for scheme in ("javascript:", "data:text", "vbscript:"):
            assert scheme not in page

    @pytest.mark.parametrize("name", ["evil.html", "evil.js", "evil.svg", "evil.xml", "evil.php"])
    def test_files_that_run_are_not_published(self, site: SmallSite, name: str) -> None:
        file = site.root / f"content/alpha/media/{name}"
        file.parent.mkdir()
        file.write_text("<svg xmlns='http://www.w3.org/2000/svg'><script>evil</script></svg>")
        entry(site, f"[看](../media/{name})").build()
        assert not site.exists(f"alpha/media/{name}")

    def test_frames_are_those_of_listed_hosts_for_the_browser_too(self, site: SmallSite) -> None:
        text = (site.root / "content/organization.yml").read_text("utf-8")
        site.write(f"--- content/organization.yml\n{text}markdown: {{frames_from: [video.example.org]}}\n")
        entry(
            site, "<iframe src='https://video.example.org/1'></iframe><iframe src='https://evil.example/'></iframe>"
        ).build()
        page = site.page("alpha/news/2026-11-22-x/index.html")
        assert "frame-src https://video.example.org;" in page
        assert 'src="https://video.example.org/1"' in page
        assert page.count("<iframe") == 1
        assert '<a href="https://evil.example/" rel="noopener">' in page

    def test_a_type_error_in_yaml_tags_runs_nothing(self, site: SmallSite) -> None:
        mark = site.root / "ran"
        entry(site, "文", f'title: !!python/object/apply:os.system ["touch {mark}"]').build()
        assert not mark.exists()


class TestPaths:
    @pytest.mark.parametrize(
        "target",
        [
            "../../../../secret.txt",
            "/../../secret.txt",
            "..%2F..%2F..%2Fsecret.txt",
            "file:///etc/hostname",
            "..\\..\\..\\secret.txt",
        ],
    )
    def test_nothing_outside_content_is_published(self, site: SmallSite, target: str) -> None:
        (site.root / "secret.txt").write_text("geheim")
        entry(site, f"[看]({target}) ![图]({target})", f"title: 题\nattachments: ['{target}']").build()
        assert site.mentions("geheim") == []

    def test_links_out_of_content_are_not_followed(self, site: SmallSite, tmp_path: Path) -> None:
        secret = tmp_path / "secret.md"
        secret.write_text("---\ntitle: geheim\n---\ngeheim\n")
        (site.root / "content/alpha/news/2026-11-22-link.md").symlink_to(secret)
        (site.root / "content/alpha/media").mkdir()
        (site.root / "content/alpha/media/link.png").symlink_to(secret)
        (site.root / "content/gamma").symlink_to(tmp_path)
        entry(site, "![图](../media/link.png)").build()
        assert site.mentions("geheim") == []

    def test_links_inside_content_are(self, site: SmallSite) -> None:
        (site.root / "content/beta/about.md").symlink_to("../alpha/about.md")
        site.build()
        assert "二〇〇一年" in site.page("beta/about/index.html")

    @pytest.mark.parametrize("name", ["build.json", "calendar.ics", "feed.json"])
    def test_no_file_takes_the_place_of_ours(self, site: SmallSite, name: str) -> None:
        (site.root / "content/alpha" / name).write_text("foreign")
        entry(site, f"[看](../{name})").build()
        assert (site.output / "alpha/media/_alpha" / name).read_text() == "foreign"
        assert not site.exists(f"alpha/{name}") or "foreign" not in site.page(f"alpha/{name}")

    @pytest.mark.parametrize(
        "name",
        ['2026-11-22-"><b>.md', "2026-11-22-a\nb.md", "2026-11-22-%2e%2e.md", "2026-11-22-<x>&.md", "2026-11-22-é.md"],
    )
    def test_odd_names_make_plain_addresses(self, site: SmallSite, name: str) -> None:
        (site.root / "content/alpha/news" / name).write_text("---\ntitle: 怪名\n---\n文\n")
        site.build()
        assert "怪名" in site.page("alpha/news/index.html")
        for path in site.files():
            assert not set('"<>\n&%\\') & set(path)

    def test_an_alias_cannot_take_the_place_of_a_file(self, site: SmallSite) -> None:
        (site.root / "content/alpha/media").mkdir()
        (site.root / "content/alpha/media/x.txt").write_text("附件")
        result = entry(
            site, "[件](../media/x.txt)", "title: 题\naliases: [/alpha/media/x.txt/old/, /alpha/media/]"
        ).build()
        assert result.sites["alpha"] == "built"
        assert site.page("alpha/media/x.txt") == "附件"

    def test_an_alias_cannot_leave_its_branch(self, site: SmallSite) -> None:
        entry(site, "文", "title: 题\naliases: [/beta/news/x/, '/alpha/%2e%2e/%2e%2e/x/', /../../x/]").build()
        assert not site.exists("beta/news/x")
        assert not (site.output.parent / "x").exists()


class TestSizes:
    def test_a_yaml_bomb_costs_nothing(self, site: SmallSite) -> None:
        bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
            f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(9)
        )
        result = entry(site, "文", f"title: 题\n{bomb}".rstrip()).build()
        assert {problem.code for problem in result.problems} >= {"yaml-anchor"}

    def test_a_picture_bomb_is_no_picture(self, site: SmallSite) -> None:
        import struct
        import zlib

        def chunk(kind: bytes, data: bytes) -> bytes:
            return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

        header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
        (site.root / "content/alpha/media").mkdir()
        (site.root / "content/alpha/media/bomb.png").write_bytes(
            b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")
        )
        assert entry(site, "![图](../media/bomb.png)").build().sites["alpha"] == "built"

    def test_a_broken_picture_is_published_without_a_size(self, site: SmallSite) -> None:
        (site.root / "content/alpha/media").mkdir()
        (site.root / "content/alpha/media/x.jpg").write_bytes(b"no picture at all")
        entry(site, "![图](../media/x.jpg)").build()
        assert "width=" not in site.page("alpha/news/2026-11-22-x/index.html").split("<img")[1].split(">")[0]


class TestEverythingElse:
    def test_an_unreadable_file_stops_nobody(self, site: SmallSite) -> None:
        file = entry(site, "文").root / ENTRY
        file.chmod(0)
        if os.access(file, os.R_OK):  # the superuser reads everything
            file.unlink()
            file.symlink_to("nowhere")
        result = site.build()
        assert [problem.code for problem in result.problems] == ["file-unreadable"]
        assert site.exists("alpha/news/2026-11-20-visit/index.html")

    @pytest.mark.parametrize(
        "content", [b"", b"\n\n", b"---\n---\n", b"\xff\xfe", b"\x00" * 100, b"---", b"\xef\xbb\xbf", b"# "]
    )
    def test_any_bytes_are_told_and_stop_nobody(self, site: SmallSite, content: bytes) -> None:
        (site.root / ENTRY).write_bytes(content)
        result = site.build()
        assert result.sites == {"alpha": "built", "beta": "built"}
        assert {problem.path for problem in result.problems} == {ENTRY}

    @pytest.mark.parametrize(
        "content", [b"", b"\x00", b"- a\n", b"name:\n", b"name: [1]\n", b"parent: alpha\nname: x\n"]
    )
    def test_any_branch_file_stops_no_other_branch(self, site: SmallSite, content: bytes) -> None:
        (site.root / "content/alpha/branch.yml").write_bytes(content)
        result = site.build()
        assert result.sites["beta"] == "built"
        assert "读书会" in site.page("index.html")

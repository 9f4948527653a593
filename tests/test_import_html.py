"""``branchpress import html``: pasted and saved pages, as WeChat, Word, WPS, DingTalk and others write them.

A case is the page, then ``=== expected`` with the entry behind its first line, and ``=== report`` with the report in English.
"""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from conftest import NOW, SmallSite

from builder.cli.commands import main
from builder.cli.importing import _beside
from builder.content import read_organization
from builder.edit.imports import Imported, ImportRefusedError, Programs, destination, import_file
from builder.messages.translation import translator

CASES = Path(__file__).parent / "cases" / "html"
NAMES = sorted(file.stem for file in CASES.glob("*.html"))
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108020000009077"
    "53de0000000c4944415408d763f8cfc000000301010018dd8db00000000049454e44ae426082"
)


def imported(site: SmallSite, content: bytes) -> Imported:
    """The entry that a page becomes beside which one picture lies."""
    organization, _ = read_organization(site.root)
    assert organization is not None
    place = destination(site.root, organization, "alpha/news", datetime.fromisoformat(NOW))
    beside = {"photos/1.png": PICTURE}.get
    return import_file(content, "粘贴的文字.html", place, Programs(), beside)


@pytest.mark.parametrize("name", NAMES)
def test_case(name: str, site: SmallSite) -> None:
    page, _, rest = (CASES / f"{name}.html").read_text("utf-8").partition("\n=== expected\n")
    expected, _, report = rest.partition("=== report\n")
    entry = imported(site, page.encode())
    assert entry.files[entry.path].decode().split("---\n", 1)[1] == expected
    assert "".join(f"{sentence}\n" for sentence in entry.report(translator("en"))) == report


@pytest.mark.slow
def test_the_command_takes_what_is_pasted_and_pictures_beside_a_file(
    site: SmallSite, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["import", "html", "--to", "alpha/news", "--root", str(site.root), "--now", NOW]
    (tmp_path / "page_files").mkdir()
    (tmp_path / "page_files" / "1.png").write_bytes(PICTURE)
    (tmp_path / "secret.png").write_bytes(PICTURE)
    file = tmp_path / "page" / "一页.html"
    file.parent.mkdir()
    (tmp_path / "page_files").rename(file.parent / "files")
    file.write_text('<h1>一页</h1><p>字</p><img src="files/1.png"><img src="../secret.png">', "gb18030")
    assert main([*command, str(file)]) == 0
    assert "../secret.png" in capsys.readouterr().err
    folder = site.root / "content/alpha/news/2026-11-23-一页"
    assert sorted(each.name for each in folder.iterdir()) == ["index.md", "图-1.png"]
    pasted = "<p>只有一段话。</p>".encode()
    subprocess.run([sys.executable, "-m", "builder", *command, "-"], input=pasted, check=True, capture_output=True)
    assert (site.root / "content/alpha/news/2026-11-23-粘贴的文字/index.md").is_file()
    assert [problem for problem in site.check() if problem.severity == "error"] == []


def test_a_file_beside_a_page_has_at_most_fifty_million_bytes(tmp_path: Path) -> None:
    find = _beside(tmp_path / "page.html")
    for name, size in (("just.png", 50_000_000), ("more.png", 50_000_001), ("空 白.png", 3)):
        with (tmp_path / name).open("wb") as stream:
            stream.truncate(size)
    assert find("%E7%A9%BA%20%E7%99%BD.png?x=1") == b"\0\0\0"
    assert len(find("just.png") or b"") == 50_000_000
    assert find("more.png") is None
    (tmp_path / "page").mkdir()
    (tmp_path / "page/link.png").symlink_to(tmp_path / "just.png")
    find = _beside(tmp_path / "page/page.html")
    for name in ("none.png", "../just.png", "link.png", str(tmp_path / "just.png"), "a%00.png", ".", ""):
        assert find(name) is None, name


def test_only_what_lies_beside_a_page_is_looked_for_there(site: SmallSite) -> None:
    organization, _ = read_organization(site.root)
    assert organization is not None
    place, asked = destination(site.root, organization, "alpha/news", datetime.fromisoformat(NOW)), list[str]()
    addresses = ("https://e.org/a.png", "//e.org/b.png", "/c.png", "data:image/png;base64,AA", "file:///d.png", "e.png")
    page = "<h1>x</h1><p>y</p>" + "".join(f'<img src="{each}">' for each in addresses)
    import_file(page.encode(), "x.html", place, Programs(), asked.append)  # type: ignore[func-returns-value,arg-type]
    assert asked == ["e.png"]


def test_a_picture_counts_readers_only_if_it_is_tiny_both_ways(site: SmallSite) -> None:
    line = '<img src="photos/1.png" alt="线" width="2" height="300">'
    page = f'<p>字</p>{line}<img src="photos/1.png" alt="点" width="1" height="1"><img src="data:image/png;base64,A">'
    text = (entry := imported(site, page.encode())).files[entry.path].decode()
    assert [note.values["number"] for note in entry.notes if note.kind == "unreadable"] == ["2"]
    assert "线" in text
    assert "点" not in text


@pytest.mark.parametrize(
    "page",
    [b"", b"   ", b"<p></p>", b"<script>1</script>", b"\0\1\2", b"<p style='display:none'>x</p>", b"<!--<body>-->"],
)
def test_a_page_without_words_is_one_sentence(site: SmallSite, page: bytes) -> None:
    with pytest.raises(ImportRefusedError, match=r"is empty|has no text|is damaged"):
        imported(site, page)


@pytest.mark.parametrize(("quotes", "kept"), [(60, 60), (61, 60), (200, 60)])
def test_of_quotes_in_quotes_sixty_are_kept_with_all_words(site: SmallSite, quotes: int, kept: int) -> None:
    entry = imported(site, f"<h1>题</h1>{'<blockquote>' * quotes}深".encode())
    assert entry.files[entry.path].decode().endswith(f"\n\n{'> ' * kept}深\n")


@pytest.mark.parametrize("weight", ["²", "9" * 5000])
def test_a_weight_of_letters_that_is_no_number_is_none(site: SmallSite, weight: str) -> None:
    entry = imported(site, f"<h1>题</h1><p style='font-weight: {weight}'>字</p>".encode())
    assert entry.files[entry.path].decode().endswith("\n\n字\n")


def test_a_page_that_is_nested_too_deeply_is_one_sentence(site: SmallSite) -> None:
    page = "<div><b><span>" * 3000 + "深" + "</span></b></div>" * 3000
    with pytest.raises(ImportRefusedError, match="nested too deeply"):
        imported(site, page.encode())

"""The cards of links: drawn where there is a font for Chinese, else the organization's logo; never more than a card a section."""

from __future__ import annotations

import io
import re
from datetime import datetime
from pathlib import Path

import pytest
from conftest import NOW, ORGANIZATION, REPOSITORY, SmallSite
from PIL import Image, ImageFont
from test_logo import DRAWING, put

from builder.model.card import Card, CardFont
from builder.model.edits import Edit
from builder.pictures import COLOURS, draw_card, find_font
from builder.pipeline.conductor import Options, build
from builder.workers import WorkerPool

BETA = "--- content/beta/branch.yml\nname: 乙支部\nurl: https://beta.example.net/\naccent: teal\n"
OG = re.compile(r'<meta property="og:image" content="([^"]+)">\n<meta property="og:image:alt" content="([^"]+)">')


@pytest.fixture(scope="session")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    """A folder with Pillow's own font under the name of one for Chinese: boxes are as good as characters here."""
    folder = tmp_path_factory.mktemp("fonts")
    (folder / "deep").mkdir()
    content = ImageFont.load_default(20).font_bytes  # type: ignore[union-attr]
    (folder / "deep" / "NotoSansSC-Bold.ttf").write_bytes(content)
    return (folder,)


def card_of(site: SmallSite, page: str) -> tuple[Path, str]:
    """The file that a page names as its picture, and the words for it."""
    found = OG.search(site.page(page))
    assert found is not None, page
    home = "beta/" if "beta.example.net" in found[1] else ""
    return site.output / home / found[1].partition("://")[2].partition("/")[2], found[2]


@pytest.mark.slow
def test_each_site_and_section_has_a_card(site: SmallSite, fonts: tuple[Path, ...]) -> None:
    site.write(ORGANIZATION + BETA)
    put(site, "content/alpha/media/p.jpg", b"")
    site.build(fonts=fonts)
    names = {
        "index.html": "示范大学党建在线",
        "branches/index.html": "示范大学党建在线",
        "alpha/index.html": "甲支部",
        "alpha/about/index.html": "甲支部",
        "alpha/tags/index.html": "甲支部",
        "alpha/news/index.html": "支部动态",
        "alpha/news/2026-11-20-visit/index.html": "支部动态",
        "beta/news/2026-11-21-reading/index.html": "支部动态",
    }
    seen = {}
    for page, name in names.items():
        file, told = card_of(site, page)
        assert told == name
        with Image.open(file) as picture:
            assert (picture.format, picture.size) == ("PNG", (1200, 630))
            seen[page] = picture.convert("RGB").getpixel((5, 5))
        assert file.stat().st_size < 40_000
    assert seen["alpha/index.html"] != seen["beta/news/2026-11-21-reading/index.html"]
    for path in site.files():
        page = site.page(path) if path.endswith(".html") else ""
        assert ("og:title" in page) == ("og:image" in page), path
    cards = [path for path in site.files() if "/card/" in path]
    assert len(cards) == 1 + 2 * (1 + 6)


@pytest.mark.slow
def test_they_are_the_same_however_they_are_built(site: SmallSite, fonts: tuple[Path, ...], tmp_path: Path) -> None:
    site.write(ORGANIZATION.replace("sections:", "logo: hub/media/logo.svg\nsections:"))
    put(site, "content/hub/media/logo.svg", DRAWING.format("90 90").encode())
    site.build(fonts=fonts)
    first, times = site.files(), site.times()
    cards = [path for path in first if "/card/" in path]
    site.write("--- content/alpha/branch.yml\nname: 甲支部\naccent: green\n").build(fonts=fonts)
    changed = [path for path in site.files() if "/card/" in path]
    assert [path for path in changed if path.startswith("alpha/")] != [
        path for path in cards if path.startswith("alpha/")
    ]
    assert {
        path: time for path, time in site.times().items() if "/card/" in path and not path.startswith("alpha/")
    } == {path: times[path] for path in cards if not path.startswith("alpha/")}
    site.write("--- content/alpha/branch.yml\nname: 甲支部\n").build(fonts=fonts)
    assert site.files() == first
    options = Options(site.root, tmp_path / "out", tmp_path / "state", datetime.fromisoformat(NOW), fonts=fonts)
    build(options, lambda: WorkerPool(2, first="fork"))
    other = {file.relative_to(options.output).as_posix(): file.read_bytes() for file in options.output.rglob("*.png")}
    assert other == {path: content for path, content in first.items() if path.endswith(".png")}


@pytest.mark.slow
def test_what_the_font_has_not_and_where_there_is_none_the_logo_stands(
    site: SmallSite, fonts: tuple[Path, ...]
) -> None:
    site.write(
        ORGANIZATION.replace("sections:", "logo: hub/media/logo.svg\nsections:")
        + "--- content/alpha/branch.yml\nname: شعبة\nlanguage: ar\n"
    )
    put(site, "content/hub/media/logo.svg", DRAWING.format("90 90").encode())
    site.build(fonts=fonts)
    assert card_of(site, "alpha/index.html")[0].name.startswith("card.")
    assert card_of(site, "beta/index.html")[0].parent.name == "card"
    assert site.build().edits[""] == (Edit("this machine", ("fonts",)),)
    assert card_of(site, "beta/index.html")[0].name.startswith("card.")
    assert [path for path in site.files() if "/card/" in path] == []


@pytest.mark.parametrize(
    "title", ["甲", "一" * 300, "A" * 300, "字，" * 90, "School of Engineering " * 9, "（）《》“”……——", "a\u00a0b"]
)
def test_any_title_fits(fonts: tuple[Path, ...], title: str) -> None:
    font = find_font(fonts)
    assert font is not None
    card = Card(title, title, "indigo")
    assert card.drawable
    content = draw_card(card, font)
    assert content == draw_card(card, font)
    with Image.open(io.BytesIO(content)) as picture:
        edges = [picture.convert("RGB").crop(box).getextrema() for box in ((0, 40, 80, 630), (1120, 40, 1200, 630))]
    assert set(edges) == {((255, 255),) * 3}


@pytest.mark.parametrize("title", ["שלום", "سلام", "\U00020000", "😀", "a\u202eb", "หนึ่ง"])
def test_what_needs_another_font_is_not_drawn(title: str) -> None:
    assert not Card(title).drawable
    assert not Card("甲", title).drawable


def test_the_address_of_a_card_changes_with_all_that_it_shows() -> None:
    font = CardFont("a.ttc", 0, "first")
    cards = [Card("甲"), Card("乙"), Card("甲", "乙"), Card("甲", "", "indigo"), Card("甲", "", "", "logo")]
    files = [card.file(font) for card in cards]
    files += [Card("甲").file(CardFont("a.ttc", 0, "second"))]
    assert len(set(files)) == len(files)
    # Where the font lies is the machine's affair.
    assert Card("甲").file(CardFont("b.ttc", 2, "first")) == files[0]


def test_the_colours_are_those_of_the_theme() -> None:
    style = (REPOSITORY / "theme/assets/stylesheets/site.css").read_text("utf-8")
    assert dict(re.findall(r"\.accent-([a-z-]+) \{ --light: (#[0-9a-f]{6})", style)) == COLOURS


def test_there_need_be_no_font(tmp_path: Path) -> None:
    assert find_font(()) is None
    assert find_font((tmp_path, tmp_path / "nothing")) is None

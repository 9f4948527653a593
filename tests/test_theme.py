"""The look: every colour legible, every page type with little and with much to show."""

from __future__ import annotations

import re
from datetime import UTC

import pytest
from conftest import REPOSITORY, SmallSite

from builder.content.schema.types import Colour, ReadContext
from builder.content.yaml.nodes import read_yaml

CSS = (REPOSITORY / "theme/assets/stylesheets/site.css").read_text("utf-8")
ACCENTS = re.findall(r"^\.accent-([a-z-]+) \{ --light: (#[0-9a-f]{6}); --dark: (#[0-9a-f]{6}); \}", CSS, re.MULTILINE)
GROUNDS = [dict(re.findall(r"--([a-z]+): (#[0-9a-f]{3,6})", block)) for block in re.findall(r"--paper[^}]*", CSS)]


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    text = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(text[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("place", [0, 1, 2], ids=["light", "dark by system", "dark by choice"])
def test_every_colour_is_legible_on_its_ground(place: int) -> None:
    palette = GROUNDS[place]
    accents = [each[2 if place else 1] for each in ACCENTS]
    texts = [palette[name] for name in ("ink", "soft", "added", "number", "name", "warning", "danger")]
    for colour in (*texts, *accents):
        assert contrast(colour, palette["paper"]) >= 4.5, colour
        assert contrast(colour, palette["ground"]) >= 4.5, colour
    assert contrast(palette["ink"], palette["mark"]) >= 4.5


def test_dark_is_the_same_by_system_and_by_choice() -> None:
    assert GROUNDS[1] == GROUNDS[2]


def test_a_branch_may_choose_every_colour_that_there_is() -> None:
    reading = ReadContext(UTC, "content/a")
    for name in (*(name for name, _, _ in ACCENTS), "no-colour"):
        node, _ = read_yaml(f"accent: {name}\n")
        assert node is not None
        value = node.get("accent")
        assert value is not None
        assert Colour().read(value, "accent", reading) == name
    (fault,) = reading.diagnostics
    assert fault.arguments["value"] == "no-colour"
    assert list(fault.arguments["choices"]) == [name for name, _, _ in ACCENTS]


def test_the_style_sheet_is_small_and_loads_nothing() -> None:
    assert len(CSS.encode()) < 40_000
    assert "url(" not in CSS
    assert "@import" not in CSS


def test_no_italics_for_chinese() -> None:
    assert "italic" not in CSS


def test_a_branch_with_next_to_nothing_has_whole_pages(site: SmallSite) -> None:
    site.write("--- content/empty/branch.yml\nname: 空支部\n").build()
    home = site.page("empty/index.html")
    assert "还没有发布内容" in home
    assert "None" not in re.sub(r"<[^>]*>", "", home)
    assert "这里还没有内容" in site.page("empty/news/index.html")


def test_a_branch_in_english_is_in_english(site: SmallSite) -> None:
    site.write("--- content/abroad/branch.yml\nname: Abroad\nlanguage: en\n").build()
    home = site.page("abroad/index.html")
    assert '<html lang="en"' in home
    assert "What's new" in home
    assert "最新内容" not in home


def test_a_closed_branch_says_so(site: SmallSite) -> None:
    site.write("--- content/old/branch.yml\nname: 旧支部\nstatus: closed\nclosed: 2026-06-30\n").build()
    assert "本支部已于2026年6月30日关闭" in site.page("old/index.html")

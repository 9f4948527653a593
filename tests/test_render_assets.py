"""The theme's static files: what is published, under which names."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from conftest import REPOSITORY

from builder.formats.html import RenderError, Theme, assets


@pytest.fixture
def theme(tmp_path: Path) -> Theme:
    """Overrides with a picture and a style sheet that shows it, each address written in another way."""
    images = tmp_path / "assets" / "images"
    images.mkdir(parents=True)
    (images / "党徽 1.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (images / ".draft.svg").write_text("<svg/>")
    (tmp_path / "assets" / "site.css").write_text(
        """@import 'base.css';
a{background:url("images/%E5%85%9A%E5%BE%BD 1.svg")}
b{background:url(images/%E5%85%9A%E5%BE%BD%201.svg#top)}
i{background:url(data:image/png;base64,AAAA)}
u{background:url(images/none.svg)}"""
    )
    (tmp_path / "assets" / "base.css").write_text("p{margin:0}")
    return Theme(tmp_path)


def test_what_pages_use_is_published_and_nothing_else(theme: Theme) -> None:
    assert set(assets(theme).names) == {
        "base.css",
        "images/党徽 1.svg",
        "search/variants.txt",
        "site.css",
    }


def test_of_material_only_what_a_template_names_is_published(theme: Theme) -> None:
    (theme.directory / "main.html").write_text(
        """{% extends "base.html" %}{% block styles %}{{ config.extra.assets['stylesheets/main.css'] | url }}{% endblock %}"""
    )
    material = set(assets(theme).names) - {"base.css", "images/党徽 1.svg", "search/variants.txt", "site.css"}
    assert material == {"images/favicon.png", "stylesheets/main.css"}


def test_no_page_of_ours_brings_anything_of_material() -> None:
    ours = Theme(REPOSITORY / "theme")
    lying = {
        file.relative_to(ours.directory / "assets").as_posix() for file in (ours.directory / "assets").rglob("*.*")
    }
    assert set(assets(ours).names) == lying | {"search/variants.txt"}


def test_names_carry_the_hash_of_what_they_hold(theme: Theme) -> None:
    found = assets(theme)
    assert set(found.names.values()) == set(found.files)
    for name, content in found.files.items():
        assert f".{hashlib.sha256(content).hexdigest()[:10]}." in name


def test_style_sheets_name_the_published_files(theme: Theme) -> None:
    found = assets(theme)
    picture = f"images/%E5%85%9A%E5%BE%BD%201.{found.names['images/党徽 1.svg'].split('.')[1]}.svg"
    assert found.files[found.names["site.css"]].decode().splitlines() == [
        f'@import "{found.names["base.css"]}";',
        f'a{{background:url("{picture}")}}',
        f'b{{background:url("{picture}#top")}}',
        "i{background:url(data:image/png;base64,AAAA)}",
        "u{background:url(images/none.svg)}",
    ]


def test_the_overrides_win_over_material(theme: Theme) -> None:
    (theme.directory / "assets" / "images" / "favicon.png").write_bytes(b"ours")
    found = assets(theme)
    assert found.files[found.names["images/favicon.png"]] == b"ours"


def test_no_source_map_is_asked_for(theme: Theme) -> None:
    assert not [name for name, content in assets(theme).files.items() if b"sourceMappingURL" in content]


def test_style_sheets_importing_each_other_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "a.css").write_text('@import "b.css";')
    (tmp_path / "assets" / "b.css").write_text("@import url(a.css);")
    with pytest.raises(RenderError, match="circle"):
        assets(Theme(tmp_path))

"""The organization's logo as others show it: in feeds, in the head of each page, on cards; always PNG, from a site's own host."""

from __future__ import annotations

import io
import json
import re

import pytest
from conftest import ORGANIZATION, SmallSite
from lxml import etree
from PIL import Image

pytestmark = pytest.mark.slow

DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {}"><rect width="90" height="900" fill="#b3261e"/></svg>'
)
ATOM = "{http://www.w3.org/2005/Atom}"
BETA = "--- content/beta/branch.yml\nname: 乙支部\nurl: https://beta.example.net/\n"
NEWS = "--- content/alpha/news/2026-11-20-logo.md\n---\ntitle: 标志\n{}---\n文\n"


def put(site: SmallSite, path: str, content: bytes) -> None:
    file = site.root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def with_logo(site: SmallSite, content: bytes, name: str = "logo.svg") -> SmallSite:
    site.write(ORGANIZATION.replace("sections:", f"logo: hub/media/{name}\nsections:") + BETA)
    put(site, f"content/hub/media/{name}", content)
    site.build()
    return site


def raster(form: str, size: tuple[int, int] = (300, 120)) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", size, "#b3261e").save(content, form)
    return content.getvalue()


def opened(site: SmallSite, address: str) -> Image.Image:
    base, folder = (
        ("https://beta.example.net/", "beta/") if "beta.example.net" in address else ("https://example.org/", "")
    )
    return Image.open(site.output / folder / address.removeprefix(base))


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (DRAWING.format("90 90").encode(), "logo.svg"),
        (DRAWING.format("90 900").encode(), "logo.svg"),
        (raster("PNG"), "logo.png"),
        (raster("JPEG", (40, 40)), "logo.jpg"),
        (raster("WEBP"), "logo.webp"),
    ],
)
def test_feeds_and_pages_show_it(site: SmallSite, content: bytes, name: str) -> None:
    with_logo(site, content, name)
    for path, home in (
        ("", "https://example.org/"),
        ("alpha/", "https://example.org/"),
        ("beta/", "https://beta.example.net/"),
    ):
        image = etree.fromstring(site.page(f"{path}feed.xml").encode()).find("channel/image")
        feed = etree.fromstring(site.page(f"{path}atom.xml").encode())
        told = json.loads(site.page(f"{path}feed.json"))
        logo = str(image.findtext("url"))
        assert logo == feed.findtext(f"{ATOM}logo") == told["icon"]
        assert feed.findtext(f"{ATOM}icon") == told["favicon"]
        card = re.search(r'<meta property="og:image" content="([^"]+)">', site.page(f"{path}index.html"))
        assert card is not None
        for address, size in ((logo, (144, 144)), (told["favicon"], (192, 192)), (card[1], (1200, 630))):
            assert address.startswith(home)
            picture = opened(site, address)
            assert (picture.format, picture.size) == ("PNG", size)
            seen = {color for _, color in picture.convert("RGB").getcolors(1 << 20)}
            assert any(red > 150 and green < 90 for red, green, _ in seen)
        assert re.search(r'<link rel="icon" href="(?!data:)[^"]*/icon[.]\w+[.]png">', site.page(f"{path}index.html"))


def test_an_entry_has_its_own_picture_unless_that_is_a_drawing(site: SmallSite) -> None:
    put(site, "content/alpha/media/p.jpg", raster("JPEG"))
    put(site, "content/alpha/media/p.svg", DRAWING.format("90 90").encode())
    for name, shown in (("p.jpg", "alpha/media/p.jpg"), ("p.svg", "assets/logo/card.")):
        site.write(NEWS.format(f"image: ../media/{name}\nimage_alt: 图\n"))
        with_logo(site, DRAWING.format("90 90").encode())
        page = site.page("alpha/news/2026-11-20-logo/index.html")
        assert f'<meta property="og:image" content="https://example.org/{shown}' in page
        assert re.search(f'"image": ?"https://example.org/{re.escape(shown)}', page)


def test_every_page_to_be_found_has_a_picture(site: SmallSite) -> None:
    with_logo(site, raster("PNG"), "logo.png")
    for path in site.files():
        page = site.page(path) if path.endswith(".html") else ""
        assert ("og:title" in page) == ("og:image" in page), path


def test_another_logo_has_other_addresses(site: SmallSite) -> None:
    pages = [with_logo(site, DRAWING.format(extent).encode()).page("alpha/feed.xml") for extent in ("90 90", "90 300")]
    assert pages[0] != pages[1]
    assert len([path for path in site.files() if path.startswith("assets/logo/")]) == 3


HUGE = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400"><pattern id="p" width="1e7" height="1e7"
patternUnits="userSpaceOnUse"><rect width="1" height="1"/></pattern><rect width="400" height="400" fill="url(#p)"/></svg>"""
"""The library that draws asks for 655 TB, and ends its process."""


@pytest.mark.parametrize("content", [b"", b"<svg", b"nothing", HUGE])
def test_one_that_cannot_be_shown_is_left_out(site: SmallSite, content: bytes) -> None:
    with_logo(site, content)
    assert "<image>" not in site.page("feed.xml")
    assert "og:image" not in site.page("index.html")
    assert not [path for path in site.files() if path.startswith("assets/logo/")]


def test_one_that_cannot_be_drawn_is_told_at_every_build_and_tried_once(site: SmallSite) -> None:
    with_logo(site, HUGE)
    for _ in range(2):
        assert [each.code for each in site.build().problems] == ["logo-undrawn"]

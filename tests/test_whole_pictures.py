"""What is made of pictures of every kind, in words: formats, sizes, colours, notes and refusals; and what cards look like.

Like ``tests/test_whole_site.py``: where a change is meant, ``GOLDEN=write`` writes ``tests/golden/whole/`` anew. Colours are told
in steps, so that another version of a library that rounds otherwise changes nothing.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from random import Random

import pytest
from picture_files import (
    apng_with_more,
    bombs,
    drawing,
    gif_with_more,
    heic,
    motion_photo,
    moving,
    photograph,
    screenshot,
    secret_exif,
    snapshot,
    two_halves,
    webp_with_more,
    written,
)
from PIL import Image, ImageCms
from test_cards import fonts as fonts
from test_whole_site import compare

from builder.model.card import Card
from builder.model.media import Shape
from builder.pictures import COLOURS, Refused, develop, draw_card, draw_marks, find_font, look_at, variants
from builder.pictures.cards import _FONTS, _pieces
from builder.pictures.position import tells_position
from builder.pictures.recipe import MOVING, clean_embedded, embedded_cleaner, fitted, original_without_traces
from builder.pictures.variants import widths_of

LIMIT = 2_000_000


def modes() -> Iterator[tuple[str, bytes]]:
    """Pictures in every mode that a format has, and as a camera turns them."""
    base = two_halves(60, 40)
    clear = base.convert("RGBA")
    clear.putpixel((0, 0), (0, 0, 0, 0))
    for turn in range(10):
        yield f"turned{turn}.jpg", photograph(60, 40, orientation=turn)
    yield "turned6.tif", written(base, "TIFF", exif=secret_exif(6))
    yield "turned6.png", written(base, "PNG", exif=secret_exif(6))
    yield "turned6.webp", written(base, "WEBP", exif=secret_exif(6))
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"):
        picture = Image.new("I;16", (60, 40), 40_000) if mode == "I;16" else clear.convert(mode)
        yield f"{mode.replace(';', '')}.png", written(picture, "PNG")
    yield "opaque.png", written(base.convert("RGBA"), "PNG")
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "F"):
        yield (
            f"{mode}.tif",
            written(clear.convert("RGB").convert(mode) if mode in ("CMYK", "F") else clear.convert(mode), "TIFF"),
        )
    for mode in ("L", "RGB", "CMYK"):
        yield f"{mode}.jpg", written(base.convert(mode), "JPEG")
    yield "ink.jpg", written(base, "JPEG", icc_profile=b"broken profile")
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for mode in ("L", "RGBA", "P"):
        yield f"profile{mode}.png", written(clear.convert(mode), "PNG", icc_profile=profile)
    yield "P.gif", written(base.convert("P"), "GIF")
    yield "a.bmp", written(base, "BMP")
    yield "RGBA.bmp", written(clear, "BMP")
    yield "a.ico", written(base.convert("RGBA"), "ICO", sizes=[(16, 16), (32, 32)])
    yield "a.jp2", written(base, "JPEG2000")
    yield "a.avif", written(base, "AVIF")
    yield "RGBA.webp", written(clear, "WEBP", lossless=True)


def noise(width: int, height: int) -> Image.Image:
    """A picture that takes many bytes, always the same one."""
    return Image.frombytes("RGB", (width, height), Random(1).randbytes(3 * width * height))


def larger() -> Iterator[tuple[str, bytes]]:
    """Pictures at the sizes where something else is made of them."""
    for width, height in (
        (320, 30),
        (500, 30),
        (501, 30),
        (800, 30),
        (1000, 30),
        (1001, 30),
        (1600, 30),
        (2561, 20),
        (40, 2570),
    ):
        yield f"{width}x{height}.png", written(two_halves(width, height), "PNG")
    clear = two_halves(5200, 140).convert("RGBA")
    clear.putalpha(Image.linear_gradient("L").resize(clear.size))
    yield "clear.png", written(clear, "PNG", compress_level=1)
    yield "fine.png", written(noise(500, 400), "PNG")


def animations() -> Iterator[tuple[str, bytes]]:
    for form in ("GIF", "WEBP", "PNG"):
        yield f"moving.{form.lower()}", moving(form)
        yield f"still.{form.lower()}", moving(form, frames=1)
    yield "more.gif", gif_with_more()
    yield "more.webp", webp_with_more()
    yield "more.png", apng_with_more()
    yield "moving.jpg", moving("GIF")
    yield "moving.avif", written(two_halves(60, 40), "AVIF", save_all=True, append_images=[two_halves(60, 40)])
    content = moving("GIF")
    yield "exact.gif", content + b"\0" * (MOVING - len(content))
    yield "above.gif", content + b"\0" * (MOVING - len(content) + 1)
    yield "cut.gif", content[:-40]
    yield "cut.webp", moving("WEBP")[:-40]
    yield "cut.png", moving("PNG")[:-40]


def pages() -> Iterator[tuple[str, bytes]]:
    """Documents of several pages; and pictures with smaller ones in the same file."""
    page = two_halves(60, 40)
    for kind in range(4):
        yield f"kind{kind}.tif", written(page, "TIFF", save_all=True, append_images=[page, page], tiffinfo={254: kind})
    yield "one.tif", written(page, "TIFF")
    yield "two.mpo", written(page, "MPO", save_all=True, append_images=[page])


def header_of_png(width: int, height: int) -> bytes:
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", 13)
        + head
        + struct.pack(">I", zlib.crc32(head))
        + b"\0\0\0\0IDAT5\xaf\x06\x1e"
    )


def header_of_jpeg(width: int, height: int) -> bytes:
    return (
        b"\xff\xd8\xff\xc0\0\x11\x08"
        + struct.pack(">HH", height, width)
        + b"\x03\x01\x11\0\x02\x11\x01\x03\x11\x01\xff\xd9"
    )


STARTS = (
    *(
        b"%PDF-1.4",
        b"PK\3\4",
        b"8BPS",
        b"<!DOCTYPE html>",
        b"\xff\x0a",
        b"\x1f\x8b",
        b"\xef\xbb\xbf\n<html>",
        b"text",
        b"IIRO",
    ),
    *(
        b"\0\0\0\x18" + kind
        for kind in (b"ftypqt  ", b"ftypmp42", b"ftypheic", b"ftypcrx ", b"ftypavif", b"ftypmif1", b"JXL ")
    ),
    *(b"%!PS", b"IIU\0", b"FUJIFILMCCD-RAW", b"<svg", b"<!doctype", b"GIF89a", b"RIFF    WEBP", b"BM"),
)
"""Beginnings of files that are called pictures."""


def oddities() -> Iterator[tuple[str, bytes]]:
    """What is no picture, is one by another name, or has just as many pixels as may be, or some more."""
    yield from bombs().items()
    yield "most.png", header_of_png(8000, 8000)
    yield "more.png", header_of_png(8001, 8000)
    yield "most.jpg", header_of_jpeg(16000, 8000)
    yield "more.jpg", header_of_jpeg(16001, 8000)
    yield "named.png", photograph(60, 40)
    yield "named.JPG", screenshot(60, 40)
    yield "named.svg", screenshot(60, 40)
    yield "drawing.png", drawing()
    yield "drawing.svg", drawing()
    yield "heic.heic", heic()
    yield "heic.jpg", heic()
    yield "motion.jpg", motion_photo()
    yield "here.jpg", snapshot(position=True)
    yield "nowhere.jpg", snapshot(position=False)
    yield "empty.png", b""
    for number, start in enumerate(STARTS):
        yield f"start{number}.png", start + b" " * 60
    for ending in ("cr2", "psd", "svg", "tif", "heic"):
        yield f"start.{ending}", b"II*\0" + b" " * 60


def seen(picture: Image.Image) -> str:
    """A picture in words: its mode, its size, and the colours of its corners in steps."""
    corners = [(x, y) for y in (0, picture.height - 1) for x in (0, picture.width - 1)]
    colours = picture.convert("RGBA")
    shown = " ".join("/".join(str(round(part / 51)) for part in colours.getpixel(corner)) for corner in corners)  # type: ignore[union-attr]
    told = sorted(set(picture.info) & {"exif", "icc_profile", "comment", "xmp", "transparency", "loop"})
    return f"{picture.format} {picture.mode} {picture.width}x{picture.height} {shown} {getattr(picture, 'n_frames', 1)} {told}"


def shown(content: bytes) -> str:
    if content.lstrip().startswith(b"<"):
        return f"drawing of {len(content)} bytes"
    if not content:
        return "nothing"
    with Image.open(io.BytesIO(content)) as picture:
        picture.load()
        return seen(picture)


def tried(act: Callable[[], str]) -> str:
    try:
        return act()
    except Refused as refused:
        return f"refused {refused.code} {refused.detail if refused.code != 'picture-too-large' else ''}"


def made_of(file: Path, limit: int = LIMIT) -> Iterator[str]:
    """What is made of a picture: what is told of it, its files, and what content keeps of it."""
    found = look_at(file, limit)
    yield f"seen {found.form} {found.width}x{found.height} {found.widths} {found.trouble} {found.detail} {dict(found.notes)}"
    yield tried(lambda: "\n".join(f"{name} {shown(content)}" for name, content in develop(file, limit).items()))

    def kept() -> str:
        form, content = original_without_traces(file.read_bytes(), file.name, limit)
        return f"kept {form} {shown(content)}"

    yield tried(kept)
    yield tried(
        lambda: " ".join(
            ("embedded", clean_embedded(file.read_bytes())[0], shown(clean_embedded(file.read_bytes())[1]))
        )
    )
    yield f"position {tells_position(file)} {tells_position(Path(file.name), file.read_bytes())}"


@pytest.mark.slow
@pytest.mark.parametrize("kind", [modes, larger, animations, pages, oddities])
def test_pictures_become_what_they_always_became(
    kind: Callable[[], Iterator[tuple[str, bytes]]], tmp_path: Path
) -> None:
    found: dict[str, str] = {}
    for name, content in kind():
        (tmp_path / name).write_bytes(content)
        found[name] = "\n".join(made_of(tmp_path / name))
    compare(f"pictures-{kind.__name__}", found)


FITTED = (
    *((1, 1), (2560, 1), (2561, 1), (1, 2), (2, 5), (100, 250), (100, 251), (1600, 4000), (1600, 4001), (1601, 4003)),
    *((400, 16000), (400, 16001), (1, 60000), (60000, 1), (2560, 2560), (2561, 2562), (5120, 100)),
)


def sizes() -> Iterator[str]:
    for width, height in FITTED:
        yield f"fitted {width}x{height} {fitted(width, height)}"
    for width in (1, 399, 400, 499, 500, 501, 799, 800, 999, 1000, 1001, 1599, 1600, 1601, 1999, 2000, 2560):
        yield f"widths {width} {widths_of(width)}"
    for path in ("a/b.jpg", "a/b.webp", "a/b.png", "a/b.gif"):
        yield f"variants {path} {variants(path, Shape(1000, 500, widths_of(1000)))}"


def limits(folder: Path) -> Iterator[str]:
    """What becomes of pictures that take more bytes than they may."""
    for form in ("png", "jpg", "webp", "bmp", "gif", "tif", "avif"):
        file = folder / f"noise.{form}"
        noise(200, 150).save(file)
        made = develop(file, LIMIT)
        whole = len(made["full"])
        for limit in (whole, whole - 1, whole * 2 // 3, whole // 3, 1000):
            yield f"{form} {tried(lambda: ' '.join(sorted(develop(file, limit))))}"  # noqa: B023
        yield f"{form} smaller {tried(lambda: str(len(develop(file, whole - 1)['full']) < whole))}"  # noqa: B023


@pytest.mark.slow
def test_sizes_are_what_they_always_were(tmp_path: Path) -> None:
    compare("pictures-sizes", {"sizes": "\n".join(sizes()), "limits": "\n".join(limits(tmp_path))})


TITLES = (
    *("甲", "一" * 14, "一" * 40, "字，" * 30, "School of Engineering " * 4, "（引）“号”…… a, b", "A" * 121),
    "Donaudampfschifffahrtsgesellschaftskapitän " * 2,
)


def drawn(content: bytes) -> str:
    """A card in letters: what is paper, ink, or something between, in few rows."""
    with Image.open(io.BytesIO(content)) as picture:
        small = picture.convert("L").resize((60, 21), Image.Resampling.BOX)
        rows = [small.crop((0, row, 60, row + 1)).tobytes() for row in range(21)]
        colour = "/".join(str(round(part / 51)) for part in picture.convert("RGB").getpixel((0, 0)))  # type: ignore[union-attr]
    return "\n".join(
        [
            f"{picture.size} {colour}",
            *("".join(" .:#"[3 - min(3, value // 64)] for value in row).rstrip() for row in rows),
        ]
    )


@pytest.mark.slow
def test_cards_and_marks_look_as_they_always_did(fonts: tuple[Path, ...], tmp_path: Path) -> None:
    font = find_font(fonts)
    assert font is not None
    logo = written(two_halves(110, 110), "PNG")
    cards: Mapping[str, tuple[Card, bytes]] = {
        **{f"{title[:20]} {len(title)}": (Card(title, "Name", "teal"), b"") for title in TITLES},
        "logo": (Card("Title", "Name" * 40, "nothing", "logo"), logo),
        "no name": (Card("Title", "", "", "logo"), logo),
    }
    found = {name: drawn(draw_card(card, font, content)) for name, (card, content) in cards.items()}
    for colour in COLOURS:
        found[f"colour {colour}"] = drawn(draw_card(Card("T", "", colour), font)).partition("\n")[0]
    for title in (*TITLES[:-1], "", " a", "a  b", "a字 b，c"):
        found[f"pieces ({title[:20]})"] = "|".join(_pieces(title))
    logos = {
        "wide.png": written(two_halves(400, 100), "PNG"),
        "high.svg": SVG,
        "small.png": written(two_halves(9, 9), "PNG"),
    }
    for name, content in logos.items():
        (tmp_path / name).write_bytes(content)
        for mark, made in draw_marks(tmp_path / name, LIMIT).items():
            found[f"{name} {mark}"] = f"{shown(made)}\n{drawn(made)}"
    compare("pictures-cards", found)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="20" height="60"><rect width="20" height="60" fill="#c00"/></svg>'


def test_the_best_font_is_taken(tmp_path: Path) -> None:
    """By its name, not by where it lies; of two of one name the first folder's."""
    for path in (
        "b/simhei.ttf",
        "b/NotoSansSC-Bold.otf",
        "c/NotoSansSC-Bold.otf",
        "a/NotoSerifCJK-Bold.ttc",
        "a/other.ttf",
    ):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(path.encode())
    font = find_font((tmp_path / "b", tmp_path / "c", tmp_path / "a"))
    assert font is not None
    assert (font.file, font.number) == (str(tmp_path / "b/NotoSansSC-Bold.otf"), 0)
    (tmp_path / "b/NotoSansSC-Bold.otf").unlink()
    (tmp_path / "c/NotoSansSC-Bold.otf").unlink()
    font = find_font((tmp_path,))
    assert font is not None
    assert (font.file, font.number) == (str(tmp_path / "a/NotoSerifCJK-Bold.ttc"), 2)
    assert find_font((tmp_path / "nowhere",)) is None


def test_fonts_are_taken_in_the_order_in_which_they_always_were(tmp_path: Path) -> None:
    for name in _FONTS:
        (tmp_path / name).write_bytes(b"")
    found = []
    while (font := find_font((tmp_path,))) is not None:
        found.append(f"{Path(font.file).name} {font.number}")
        Path(font.file).unlink()
    compare("fonts", {"fonts": "\n".join(found)})


def test_pictures_in_one_text_have_a_bounded_number_of_pixels_together() -> None:
    """All that can be opened count, even those that turn out to be cut off."""

    def refused(*sizes: tuple[int, int]) -> list[tuple[str, str]]:
        clean, found = embedded_cleaner(), []
        for width, height in sizes:
            head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
            content = b"\x89PNG\r\n\x1a\n\0\0\0\x0d" + head + struct.pack(">I", zlib.crc32(head))
            content += b"\0\0\0\0IDAT" + struct.pack(">I", zlib.crc32(b"IDAT"))
            with pytest.raises(Refused) as error:
                clean(content)
            found.append((error.value.code, error.value.detail))
        return found

    cut = ("picture-unreadable", "")
    large = (10_000, 6_000)
    assert refused(large, large, (10_000, 3_000)) == [cut, cut, cut]
    assert refused(large, large, (10_000, 3_001), (10_000, 3_000)) == [
        cut,
        cut,
        ("picture-too-many-pixels", "150"),
        cut,
    ]
    assert refused(large, large, large) == [cut, cut, ("picture-too-many-pixels", "180")]

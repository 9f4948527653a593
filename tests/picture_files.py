"""Pictures made for tests: what a camera, a phone and a careless hand would upload."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageCms, ImageDraw
from PIL.ExifTags import GPS, IFD
from PIL.PngImagePlugin import PngInfo

RED, BLUE = (220, 30, 30), (30, 30, 220)
SECRET = "SECRET-GATE-3"
MARKS = (b"Exif", b"GPS", SECRET.encode(), b"xap/1.0", b"photoshop", b"ICC_PROFILE", b"iCCP", b"tEXt", b"iTXt", b"eXIf")


def two_halves(width: int, height: int) -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (width // 2, 0, width, height))
    return image


def photograph(width: int = 2000, height: int = 1500, orientation: int = 1, profile: bool = True) -> bytes:
    """A JPEG as a telephone writes it: with the place, the camera, a comment and a colour profile."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = SECRET
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = (31.0, 12.0, 5.0)
    settings = {"icc_profile": ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()} if profile else {}
    xmp = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>"
    content = io.BytesIO()
    two_halves(width, height).save(content, "JPEG", exif=exif, comment=SECRET.encode(), quality=90, xmp=xmp, **settings)
    return content.getvalue()


def snapshot(*, position: bool) -> bytes:
    """A small photograph, with or without the place where it was taken."""
    picture, exif, out = Image.new("RGB", (20, 20)), Image.Exif(), io.BytesIO()
    if position:
        exif.get_ifd(0x8825).update({1: "N", 2: (39.0, 54.0, 0.0), 3: "E", 4: (116.0, 23.0, 0.0)})
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()


def screenshot(width: int = 900, height: int = 600) -> bytes:
    """A PNG with texts in it."""
    told = PngInfo()
    told.add_text("Author", SECRET)
    told.add_itxt("Comment", SECRET)
    content = io.BytesIO()
    image = two_halves(width, height)
    ImageDraw.Draw(image).ellipse((20, 20, width - 20, height - 20), fill=(10, 200, 10))
    image.save(content, "PNG", pnginfo=told)
    return content.getvalue()


def moving(form: str, frames: int = 3, side: int = 60, noise: bool = False) -> bytes:
    """An animation with a comment or EXIF."""
    images = [
        Image.effect_noise((side, side), 90 + number) if noise else Image.new("RGB", (side, side), (90 * number, 0, 0))
        for number in range(frames)
    ]
    extra: dict[str, object] = {"comment": SECRET.encode()} if form == "GIF" else {"exif": Image.Exif()}
    if form == "WEBP":
        exif = Image.Exif()
        exif[0x010F] = SECRET
        extra = {"exif": exif}
    content = io.BytesIO()
    images[0].save(content, form, save_all=True, append_images=images[1:], duration=100, loop=0, **extra)  # type: ignore[arg-type]
    return content.getvalue()


def bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A PNG of a few bytes that says it is huge."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 10_000)) + chunk(b"IEND", b"")


def of(content: bytes) -> Image.Image:
    """The picture that bytes are, decoded."""
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def put(root: Path, path: str, content: bytes) -> None:
    """Writes a file below a folder."""
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_bytes(content)


def pictures_in(folder: Path) -> Iterator[Path]:
    """The pictures below a folder."""
    endings = {".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif", ".svg"}
    return (file for file in sorted(folder.rglob("*")) if file.suffix in endings)

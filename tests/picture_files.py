"""Pictures made for tests: what a camera, a phone and a careless hand would upload."""

from __future__ import annotations

import io
import re
import struct
import zlib
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageCms, ImageDraw
from PIL.ExifTags import GPS, IFD
from PIL.PngImagePlugin import PngInfo
from pillow_heif import register_heif_opener

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


def bombs() -> dict[str, bytes]:
    """A small picture of each format by name, of which the header says that it is huge, or that holds much in little."""
    large = struct.pack(">HH", 60_000, 60_000)
    plain = {
        form: written(Image.new("RGB", (64, 48), "#a00"), form)
        for form in ("JPEG", "GIF", "WEBP", "AVIF", "BMP", "HEIF")
    }
    jpeg, gif, webp = plain["JPEG"], plain["GIF"], plain["WEBP"]
    size, frame, key = jpeg.index(b"\xff\xc0") + 5, gif.index(b",") + 5, webp.index(b"\x9d\x01\x2a") + 3
    text = struct.pack(">I", 9_000) + b"zTXt" + (b"k\0\0" + zlib.compress(b"x" * 9_000_000))[:9_000].ljust(9_000, b"\0")
    png = written(Image.new("RGB", (64, 48)), "PNG")
    return {
        "a.jpg": jpeg[:size] + large + jpeg[size + 4 :],
        "a.gif": gif[:6]
        + struct.pack("<HH", 60_000, 60_000)
        + gif[10:frame]
        + struct.pack("<HH", 60_000, 60_000)
        + gif[frame + 4 :],
        "screen.gif": gif[:6] + struct.pack("<HH", 60_000, 60_000) + gif[10:],
        "a.webp": webp[:key] + struct.pack("<HH", 16_383, 16_383) + webp[key + 4 :],
        "a.avif": re.sub(
            rb"ispe\0{4}.{8}", b"ispe" + struct.pack(">III", 0, 60_000, 60_000), plain["AVIF"], flags=re.DOTALL
        ),
        "a.heic": re.sub(
            rb"ispe\0{4}.{8}", b"ispe" + struct.pack(">III", 0, 60_000, 60_000), plain["HEIF"], flags=re.DOTALL
        ),
        "a.bmp": plain["BMP"][:18] + struct.pack("<ii", 60_000, 60_000) + plain["BMP"][26:],
        "text.png": png[:33] + text + struct.pack(">I", zlib.crc32(text[4:])) + png[33:],
        "flat.png": written(Image.new("1", (20_000, 20_000)), "PNG"),
    }


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


def written(image: Image.Image, form: str, **settings: object) -> bytes:
    """A picture in a format."""
    content = io.BytesIO()
    image.save(content, form, **settings)
    return content.getvalue()


def secret_exif(orientation: int = 1) -> Image.Exif:
    """Exif as a telephone writes it: camera, place, notes of the maker."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = SECRET
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = (31.0, 12.0, 5.0)
    exif.get_ifd(IFD.Exif)[0x927C] = SECRET.encode()
    return exif


def heic(**settings: object) -> bytes:
    """What an iPhone writes."""
    register_heif_opener(thumbnails=False)
    return written(two_halves(640, 480), "HEIF", exif=secret_exif().tobytes(), xmp=SECRET.encode(), **settings)


def motion_photo() -> bytes:
    """A photograph with a film and a second picture behind it, as telephones write them."""
    return photograph(640, 480) + b"\0\0\0\x18ftypmp42" + SECRET.encode() + photograph(64, 48)


def webp_with_more() -> bytes:
    """An animation with pieces that no specification knows, at the end and in a frame."""
    content = moving("WEBP")
    at = content.index(b"ANMF")
    (size,) = struct.unpack_from("<I", content, at + 4)
    more = b"note" + struct.pack("<I", len(SECRET) + 1) + SECRET.encode() + b"\0" * (1 + (len(SECRET) + 1) % 2)
    content = (
        content[: at + 4]
        + struct.pack("<I", size + len(more))
        + content[at + 8 : at + 8 + size]
        + more
        + content[at + 8 + size :]
    )
    content += more
    return content[:4] + struct.pack("<I", len(content) - 8) + content[8:]


def gif_with_more() -> bytes:
    """An animation with XMP, a drawn text, an unknown extension, and something behind its end."""
    content, told = moving("GIF"), SECRET.encode()
    piece = bytes([len(told)]) + told + b"\0"
    more = b"\x21\xff\x0bXMP DataXMP" + piece + b"\x21\x01\x0c" + b"\0" * 12 + piece + b"\x21\x99" + piece
    more += b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0" + piece
    at = content.index(b"\x21\xf9")
    return content[:at] + more + content[at:] + told


def apng_with_more() -> bytes:
    """An animation with a text, and something behind its end."""
    content = moving("PNG")
    piece = b"tEXtAuthor\0" + SECRET.encode()
    chunk = struct.pack(">I", len(piece) - 4) + piece + struct.pack(">I", zlib.crc32(piece))
    return content[:33] + chunk + content[33:] + SECRET.encode()


def drawing(inside: str = "") -> bytes:
    """SVG with everything that no reader sees, and photographs in it."""
    photo = b64encode(photograph(64, 48)).decode()
    return (
        f'<?xml version="1.0"?><!DOCTYPE svg><!-- {SECRET} --><?tool {SECRET}?>'
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink" xmlns:ink="http://ink" '
        f'ink:docname="{SECRET}" data-name="{SECRET}" viewBox="0 0 40 30"><title>{SECRET}</title><desc>{SECRET}</desc>'
        f"<metadata>{SECRET}</metadata><style>/* {SECRET} */.a{{fill:red}}</style>"
        f'<image x:href="data:image/jpeg;base64,{photo}" width="40" height="30"/>'
        f'<image href="data:image/jpeg;base64,{photo[:76]}&#10; {photo[76:]}"/>{inside}</svg><!-- {SECRET} -->'
    ).encode()


CAMERAS: dict[str, tuple[bytes, str]] = {
    "a.jfif": (photograph(640, 480), "jpg"),
    "a.JPE": (photograph(640, 480), "jpg"),
    "a.pjp": (photograph(640, 480), "jpg"),
    "a.HEIC": (heic(), "jpg"),
    "a.heif": (heic(), "jpg"),
    "burst.heic": (heic(save_all=True, append_images=[two_halves(64, 48)]), "jpg"),
    "a.tif": (written(two_halves(640, 480), "TIFF", exif=secret_exif()), "jpg"),
    "a.TIFF": (written(two_halves(640, 480), "TIFF", exif=secret_exif(), compression="tiff_lzw"), "jpg"),
    "clear.tiff": (written(two_halves(640, 480).convert("RGBA").rotate(45), "TIFF", exif=secret_exif()), "png"),
    "a.jp2": (written(two_halves(640, 480), "JPEG2000", comment=SECRET), "jpg"),
    "a.png": (heic(), "jpg"),
    "b.png": (photograph(640, 480), "jpg"),
    "b.heic": (photograph(640, 480), "jpg"),
    "b.jpg": (screenshot(640, 480), "png"),
    "c.jpg": (motion_photo(), "jpg"),
    "c.webp": (webp_with_more(), "webp"),
    "d.webp": (written(two_halves(640, 480), "WEBP", exif=secret_exif(), xmp=SECRET.encode()), "webp"),
    "a.gif": (gif_with_more(), "gif"),
    "b.gif": (written(two_halves(64, 48), "GIF", comment=SECRET), "gif"),
    "a.apng": (apng_with_more(), "png"),
    "d.png": (apng_with_more(), "png"),
    "a.avif": (written(two_halves(64, 48), "AVIF", exif=secret_exif(), xmp=SECRET.encode()), "avif"),
    "b.avif": (
        written(
            two_halves(64, 48), "AVIF", save_all=True, append_images=[Image.new("RGB", (64, 48))], exif=secret_exif()
        ),
        "avif",
    ),
    "a.bmp": (written(two_halves(64, 48), "BMP") + SECRET.encode(), "bmp"),
    "a.ico": (written(two_halves(64, 64), "ICO") + SECRET.encode(), "ico"),
    "a.svg": (drawing(), "svg"),
    "e.png": (drawing(), "svg"),
    "b.svg": (photograph(640, 480), "jpg"),
}

"""What is taken out of drawings, animations, films and sounds, word for word: of drawings the text that is left, of the others
which bytes are left. Each at the bounds of what is read, and just beyond them.

Like ``tests/test_whole_site.py``: where a change is meant, ``GOLDEN=write`` writes ``tests/golden/whole/`` anew.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from pathlib import Path

from picture_files import photograph, two_halves, written
from PIL.PngImagePlugin import PngInfo
from test_recordings import box, cleaned
from test_whole_site import compare

from builder.pictures import Refused
from builder.pictures.drawing import cleaned as cleaned_drawing
from builder.pictures.drawing import extent
from builder.pictures.position import tells_position
from builder.pictures.recording import is_recording
from builder.pictures.strip import stripped

HEAD = box(b"ftyp", b"isom")
TEXT = b"<said>"
DETAIL = box(b"udta", TEXT)


def told(content: bytes) -> str:
    """Bytes in a line: letters as they are, others in hexadecimal, the same one many times by their number."""
    found: list[str] = []
    at = 0
    while at < len(content):
        end = at
        while end < len(content) and content[end] == content[at]:
            end += 1
        sign = chr(content[at]) if 0x21 <= content[at] < 0x7F else f"\\{content[at]:x}"
        found.append(sign * (end - at) if end - at < 3 else f"[{end - at} {sign}]")
        at = end
    return "".join(found)


def tried(act: Callable[[], object]) -> str:
    try:
        return str(act())
    except Refused as refused:
        return f"refused {refused.code} {refused.detail}"


def nested(depth: int) -> bytes:
    inside = DETAIL
    for _ in range(depth):
        inside = box(b"moov", inside)
    return inside


def table(name: bytes, form: str, *rows: tuple[int, ...], count: int | None = None) -> bytes:
    """A box with a table of numbers, and how many rows it says that it has."""
    packed = b"".join(struct.pack(f">{form}", *row) for row in rows)
    return box(name, struct.pack(">II", 0, len(rows) if count is None else count), packed)


def sizes(same: int, *rows: int, count: int | None = None) -> bytes:
    packed = b"".join(struct.pack(">I", row) for row in rows)
    return box(b"stsz", struct.pack(">III", 0, same, len(rows) if count is None else count), packed)


def track(handler: bytes, *tables: bytes) -> bytes:
    kind = box(b"hdlr", b"\0" * 8 + handler) if handler else b""
    return box(b"trak", box(b"mdia", kind, *([box(b"minf", box(b"stbl", *tables))] if tables else [])))


DATA = box(b"mdat", b"abcdefghijklmnopqrstuvwxyz")
FIRST = len(HEAD) + 8
"""Where the samples begin: ``a`` lies there."""
ONE = table(b"stsc", "III", (1, 1, 1))
"""One sample in each chunk."""
CHUNKS = table(b"stco", "I", (FIRST,), (FIRST + 10,), (FIRST + 20,))


def recordings() -> Iterator[tuple[str, bytes]]:
    """Boxes of every name, length and depth, and the tables of a track that no player shows."""
    for name in ("ftyp", "moov", "mdat", "wide", "free", "skip", "pnot", "moof", "abcd"):
        yield f"begins with {name}", box(name.encode(), b"1") + DETAIL
    for name in ("udta", "meta", "uuid", "free", "skip", "wide", "mvhd", "\xa9xyz"):
        yield f"has {name}", HEAD + box(name.encode("latin-1"), TEXT)
    for name in ("moov", "trak", "mdia", "minf", "stbl", "moof", "traf", "dinf", "edts"):
        yield f"has it in {name}", HEAD + box(name.encode(), DETAIL)
    for depth in (8, 9):
        yield f"has it {depth} deep", HEAD + nested(depth)
    yield "wide", HEAD + box(b"udta", TEXT, wide=True) + DETAIL
    yield "to the end", HEAD + struct.pack(">I", 0) + b"udta" + TEXT
    yield "beyond the end", HEAD + struct.pack(">I", 99) + b"udta" + TEXT
    for size in (7, 8, 9):
        yield f"of {size} bytes", HEAD + struct.pack(">I", size) + b"udta" + TEXT + DETAIL
    for cut in (7, 8, 15, 16, 17):
        yield f"wide, cut at {cut}", HEAD + box(b"udta", TEXT, wide=True)[:cut]
        yield f"cut at {cut}", HEAD + box(b"udta", TEXT + TEXT)[:cut]
    for handler in ("vide", "soun", "text", "sbtl", "subt", "clcp", "hint", "tmcd", "meta", "camm"):
        yield f"track of {handler}", HEAD + DATA + box(b"moov", track(handler.encode(), CHUNKS, sizes(0, 2)))
    yield "track of nothing", HEAD + DATA + box(b"moov", track(b""))
    for name, tables in (
        ("no tables", ()),
        ("no sizes", (CHUNKS, ONE)),
        ("no runs", (CHUNKS, sizes(0, 2, 3, 4))),
        ("no places", (ONE, sizes(0, 2, 3, 4))),
        ("one in each", (CHUNKS, ONE, sizes(0, 2, 3, 4))),
        ("wide places", (table(b"co64", "Q", (FIRST + 1,)), ONE, sizes(0, 2))),
        ("two, then one", (CHUNKS, table(b"stsc", "III", (1, 2, 1), (2, 1, 1)), sizes(0, 1, 2, 3, 4))),
        ("two, two, then one", (CHUNKS, table(b"stsc", "III", (1, 2, 1), (3, 1, 1)), sizes(0, 1, 1, 2, 2, 3))),
        ("runs at once", (CHUNKS, table(b"stsc", "III", (1, 2, 1), (1, 3, 1)), sizes(1))),
        ("all alike", (CHUNKS, table(b"stsc", "III", (1, 3, 1)), sizes(2, count=9))),
        ("too few sizes", (CHUNKS, table(b"stsc", "III", (1, 2, 1)), sizes(0, 2, 3, 4))),
        ("more said", (CHUNKS, table(b"stsc", "III", (1, 1, 1), count=9), sizes(0, 2, 3, 4, count=99))),
        ("fewer said", (CHUNKS, ONE, sizes(0, 2, 3, 4, count=1))),
        ("over each other", (table(b"stco", "I", (FIRST,), (FIRST + 1,), (FIRST + 2,)), ONE, sizes(0, 5, 2, 4))),
        ("beyond the end", (table(b"stco", "I", (FIRST,), (9_999,)), ONE, sizes(0, 2, 9))),
        ("up to the end", (table(b"stco", "I", (FIRST + 20,)), table(b"stsc", "III", (1, 2**31, 1)), sizes(2**31))),
        ("cut sizes", (CHUNKS, ONE, box(b"stsz", b"\0" * 11))),
        ("no more than sizes", (CHUNKS, ONE, box(b"stsz", b"\0\0\0\0\0\0\0\2\0\0\0\3"))),
        ("cut places", (box(b"stco", b"\0" * 7), ONE, sizes(2))),
    ):  # fmt: skip
        yield f"sensors, {name}", HEAD + DATA + box(b"moov", track(b"camm", *tables))
    yield "sensors without data", HEAD + box(b"moov", track(b"camm", CHUNKS, sizes(3), ONE), DETAIL)


def drawings() -> Iterator[tuple[str, str]]:
    """Drawings: what is said in each way that there is, what runs, what reaches out, and how much a browser has to do."""
    for name in ("script", "foreignObject", "iframe", "embed", "object", "handler", "listener", "set", "animate", "g"):
        yield f"<{name}>", f"<{name}/>"
    for attribute in ("onload", "onx", "on", "xon", "data-on", "DATA-x", "x:data-a", "xml:lang", "e:note", "class"):
        yield attribute, f'<g {attribute}="a"/>'
    for value in (
        "#a",
        " #a",
        "data:image/png,",
        "data:image/svg+xml,a",
        "https://e.org/",
        "a.png",
        "javascript:a",
        " http://e.org",
    ):
        for element, key in (("use", "href"), ("use", "x:href"), ("image", "src"), ("a", "href"), ("g", "hreflang")):
            yield f"{element} {key} {value}", f'<{element} {key}="{value}">t</{element}>'
    for value in (
        *("url(#a)", "url( '#a' )", "url(a.png)", "URL (//e)", "@import 'a'", "image-set(a)", "src (a)", "asrc(a)"),
        *("url(data:image/png,)", "url(data:image/svg+xml;a)", "\\75rl(a)", "\\75 a", "a(b)", "red"),
    ):  # fmt: skip
        yield f"style {value}", f"<style>{value}</style>"
        yield f"fill {value}", f'<g fill="{value}"/>'
    yield "comment in styles", "<style>a/* b */c/* d */e</style><style/>"
    yield "texts behind", "<text>a<title>b</title>c<desc/>d<!-- e -->f<metadata/></text>g<e:x>h</e:x>i"
    yield "first of all", "<!-- a -->b<title>c</title>d"
    yield "embedded", '<image href="data:image/png;base64,YQ=="/><image href="data:image/png,%61"/>'
    yield "embedded in more lines", '<g fill="url(data:image/gif;x=y;base64,Y&#10;Q==)"/>'
    yield "embedded in styles", "<style>a{b: url(data:image/png;base64,YQ==)}</style>"
    yield "embedded and broken", '<image href="data:image/png;base64,Y"/>'
    for key, most in (("numOctaves", 20), ("order", 25), ("radius", 250)):
        for value in (most, most + 1, f"1, {most + 1}", "many"):
            yield f"{key} {value}", f'<filter><feX {key}="{value}"/></filter>'
            yield f"{key} {value} elsewhere", f'<g {key}="{value}"/>'
    for name in ("feBlur", "feMergeNode", "feFuncA", "feDistantLight", "fePointLight", "feSpotLight"):
        yield (
            f"{name} many times",
            f'<filter id="f">{f"<{name}/>" * 201}</filter><g filter="url(#f)"/><g filter="url(#f)"/>',
        )
    for count in (400, 401):
        yield f"{count} steps", f'<filter id="f">{"<feBlur/>" * count}</filter><g filter="url(#f)"/>'
        yield f"{count} steps of nobody", f'<filter id="f">{"<feBlur/>" * count}</filter><g/>'
        yield f"{count} short steps", "<g style='filter: blur(1) '/>" * (count - 1) + '<g filter="drop-shadow(a)"/>'
    for count in (132, 133, 134):
        yield f"{count} steps of styles", f"<style>{'blur(1) ' * count}</style><g/>"
    for count in (18, 19):
        # Each of them may be that of every element.
        named = f'<filter id="f">{"<feBlur/>" * count}</filter>'
        yield f"{count} steps that styles name", f"<style>a{{filter:url(#f)}}</style>{named}"
    for count in (800, 801):
        again = f'<g id="a">{"<g/>" * 198}</g>' + '<use href="#a"/>' * 995
        yield f"drawn again, and {count}", again + "<g/>" * count
    yield "within itself", '<g id="a"><use href="#a"/><use href="#b"/></g><g id="b"><use href="#a"/></g>'
    yield "linked", '<g id="a">' + "<g/>" * 9 + '</g><a href="#a"/>'


SIDES = ("width='30' height='40'", "width='30px' height=' 40.6 '", "width='30mm' height='40'", "width='30'", "viewBox='0 0 3 4'",
         "viewBox=' 0,0,  3.6 4.4 '", "viewBox='0 0 3'", "viewBox='0 0 a b'", "viewBox='0 0 -3 4'", "width='0' height='4'",
         "width='1000000' height='1000000'", "width='1000001' height='1'", "width='1' height='1000001'", "width='0.4' height='9'",
         "width='9' height='0.4'", "width='1' height='1'", "width='0.6' height='0.6'", "")  # fmt: skip


def svg(inside: str = "", head: str = "") -> bytes:
    spaces = 'xmlns:x="http://www.w3.org/1999/xlink" xmlns:e="http://e.org/"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {spaces} {head}>{inside}</svg>'.encode()


WRITTEN = (
    *(b"", b"<svg/>", b"<a/>", b"<svg xmlns='http://www.w3.org/2000/svg'>", b"<?xml-stylesheet href='a'?>" + svg()),
    *(b"<?other a?><!-- b -->" + svg() + b"<!-- c -->", b"<!DOCTYPE svg [<!ENTITY a 'b'>]>" + svg("&a;")),
    *(b"<!DOCTYPE svg []>" + svg(), b"<?xml-stylesheet a?><!-- b --><?c d?>" + svg(), svg().replace(b"2000/svg", b"1999/svg")),
)  # fmt: skip


def clean(content: bytes) -> tuple[str, bytes]:
    return "image/x", content + b"!"


def test_drawings_keep_what_they_always_kept() -> None:
    def text(content: bytes) -> str:
        made = cleaned_drawing(content, clean).decode().strip()
        made = made.removeprefix('<svg xmlns="http://www.w3.org/2000/svg"').removesuffix("</svg>")
        return made if len(made) < 500 else f"{len(made)} characters"

    found = [f"{name}: {tried(lambda: text(svg(inside)))}" for name, inside in drawings()]  # noqa: B023
    found += [f"{sides}: {extent(svg(head=sides))}" for sides in SIDES]
    found += [f"{content!r}: {tried(lambda: text(content))}" for content in WRITTEN]  # noqa: B023
    compare("originals-drawings", {"drawings": "\n".join(found)})


def test_films_and_sounds_keep_what_they_always_kept() -> None:
    found = {name: told(cleaned(content)) for name, content in recordings()}
    for ending in "mp4 m4v m4a m4b mov qt 3gp 3g2 MP4 mp3 avi".split():
        found[f"called {ending}"] = str(is_recording(f"a.{ending}"))
    compare("originals-recordings", {"recordings": "\n".join(f"{name}: {text}" for name, text in found.items())})


def test_a_table_of_more_rows_than_any_sensor_writes_empties_the_whole() -> None:
    def made(rows: int) -> bytes:
        numbers = box(b"stsz", struct.pack(">III", 0, 0, rows), bytes(4 * rows))
        return cleaned(HEAD + box(b"moov", track(b"camm", CHUNKS, ONE, numbers)) + TEXT)

    assert made(1_000_000).startswith(HEAD)
    assert set(made(1_000_001)) == {0}


def chunk(name: bytes, content: bytes) -> bytes:
    """One of WebP, with what fills it up."""
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def part(name: bytes, content: bytes = b"") -> bytes:
    """One of PNG, with a checksum that nobody reads."""
    return struct.pack(">I", len(content)) + name + content + b"sum!"


def webp(*chunks: bytes, more: int = 0) -> bytes:
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body) + more) + body


def png(*parts: bytes) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def gif(*blocks: bytes, flags: int = 0, table: bytes = b"") -> bytes:
    return b"GIF89a\1\0\1\0" + bytes([flags]) + b"\0\0" + table + b"".join(blocks)


FRAME, ROUNDS = b"\x2c" + b"\0" * 8 + b"\0\2\1F\0", b"\x21\xff\x0bNETSCAPE2.0\3\1\5\0\0"


def animated() -> Iterator[tuple[str, str, bytes]]:
    """Each block of the three formats of animations, and what is cut or counted wrongly."""
    for name in "IHDR PLTE IDAT IEND tRNS acTL fcTL fdAT gAMA sRGB cHRM tEXt eXIf iCCP tIME".split():
        yield "PNG", name, png(part(name.encode(), b"12"), part(b"IEND"), b"more")
    yield "PNG", "no end", png(part(b"IHDR"))
    yield "PNG", "cut", png(part(b"IHDR"), part(b"IEND"))[:-1]
    yield "PNG", "longer than it is", png(struct.pack(">I", 99) + b"IDAT")
    for name in ("ANIM", "ALPH", "VP8 ", "VP8L", "EXIF", "XMP ", "ICCP"):
        yield "WEBP", name, webp(chunk(name.encode(), b"123"), chunk(b"ANIM", b"12"))
    for flags in (0xFF, 0x2C, 0x10):
        yield "WEBP", f"flags {flags}", webp(chunk(b"VP8X", bytes([flags]) + b"123456789"))
    yield "WEBP", "frame", webp(chunk(b"ANMF", b"0123456789abcdef" + chunk(b"VP8 ", b"1") + chunk(b"EXIF", b"22")))
    yield "WEBP", "more behind", webp(chunk(b"VP8 ", b"12")) + b"more"
    yield "WEBP", "one too few", webp(chunk(b"VP8 ", b"12"), more=1)
    yield "WEBP", "half a chunk", webp(b"VP8 \1")
    yield "GIF", "frame", gif(FRAME, b";more")
    for flags in (0x80, 0x81, 0x87, 0x07):
        colours = bytes(3 << (flags % 8 + 1)) if flags & 0x80 else b""
        yield "GIF", f"colours {flags}", gif(FRAME, b";", flags=flags, table=colours)
        yield "GIF", f"own colours {flags}", gif(FRAME[:9] + bytes([flags]) + colours + FRAME[10:], b";")
    for kind in (0xF9, 0xFE, 0x01, 0xFF):
        yield "GIF", f"extension {kind}", gif(b"\x21" + bytes([kind]) + b"\4text\2ab\0", FRAME, b";")
    yield "GIF", "rounds", gif(ROUNDS, ROUNDS.replace(b"NETSCAPE2.0", b"ANIMEXTS1.0"), FRAME, b";")
    yield "GIF", "rounds and more", gif(ROUNDS[:-1] + b"\3abc\0", ROUNDS.replace(b"\3\1", b"\3\2"), FRAME, b";")
    yield "GIF", "rounds of others", gif(ROUNDS.replace(b"NETSCAPE", b"XMP DATA"), FRAME, b";")
    yield "GIF", "no end", gif(FRAME)
    yield "GIF", "another block", gif(b"\x22", FRAME, b";")
    yield "BMP", "another format", b"BM"


def test_animations_keep_what_they_always_kept() -> None:
    found = [
        f"{form} {name}: {tried(lambda: told(stripped(content, form)))}"  # noqa: B023
        for form, name, content in animated()
    ]
    compare("originals-animations", {"animations": "\n".join(found)})


def places() -> Iterator[str]:
    """Pictures of every name that has a place, and how it is told."""
    here = photograph(20, 10)
    kinds = (
        "jpg jpeg jpe jfif jif pjpeg pjp mpo png webp avif tif tiff jp2 dng nef arw pef cr2 heic heif heics heifs hif"
    )
    for kind in (*kinds.split(), "JPG", "gif", "bmp", "txt"):
        yield f"{kind} {tells_position(Path(f'a.{kind}'), here)} {tells_position(Path(f'a.{kind}'), here[:200])}"
    for told_as in ("GPSLatitude", "GPSLongitude"):
        xmp = f'<x:xmpmeta xmlns:x="adobe:ns:meta/" {told_as}="1"/>'.encode()
        note = PngInfo()
        note.add_itxt("XML:com.adobe.xmp", xmp.decode())
        for form, name in (("JPEG", "a.jpg"), ("PNG", "a.png"), ("WEBP", "a.webp")):
            picture = written(two_halves(20, 10), form, xmp=xmp, pnginfo=note)
            yield f"{form} {told_as} {tells_position(Path(name), picture)}"
    yield f"nowhere {tells_position(Path('nowhere.jpg'))} {tells_position(Path('nowhere.heic'))}"
    for behind in (0, 60_000, 65_000):
        yield f"found behind {behind} {tells_position(Path('a.heic'), b'-' * behind + here[here.index(b'Exif') :])}"
    yield f"without {tells_position(Path('a.heic'), b'nothing')} {tells_position(Path('a.heic'), here.replace(b'Exif', b'Exit'))}"


def test_places_are_found_where_they_always_were() -> None:
    compare("originals-places", {"places": "\n".join(places())})

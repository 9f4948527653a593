"""Films and sounds lose what cameras add; what is seen and heard stays, bit for bit and in its place."""

from __future__ import annotations

import io
import struct

import msgspec
import pytest
from conftest import SmallSite
from hypothesis import given
from hypothesis import strategies as st
from picture_files import SECRET, put

from builder.pictures import CLEANER, cleaned_recording
from builder.store.releases import Store

PLACE = f"+31.2304+121.4737/{SECRET}".encode()
FRAMES, SENSORS = b"frame-one.frame-two.", PLACE + b"." + PLACE


def cleaned(content: bytes) -> bytes:
    return b"".join(cleaned_recording(io.BytesIO(content), len(content)))


def box(name: bytes, *inside: bytes, wide: bool = False) -> bytes:
    """A box with its length before it, in 32 or in 64 bits."""
    content = b"".join(inside)
    if wide:
        return struct.pack(">I", 1) + name + struct.pack(">Q", len(content) + 16) + content
    return struct.pack(">I", len(content) + 8) + name + content


def track(handler: bytes, offset: int, sizes: list[int], *more: bytes) -> bytes:
    """A track whose samples lie one behind the other in one chunk."""
    table = box(
        b"stbl",
        box(b"stsc", struct.pack(">IIIII", 0, 1, 1, len(sizes), 1)),
        box(b"stsz", struct.pack(f">III{len(sizes)}I", 0, 0, len(sizes), *sizes)),
        box(b"stco", struct.pack(">III", 0, 1, offset)),
    )
    kind = box(b"hdlr", b"\0" * 8 + handler + b"\0" * 13)
    return box(b"trak", box(b"tkhd", b"\0" * 84), *more, box(b"mdia", kind, box(b"minf", table)))


def film(wide: bool = False) -> bytes:
    """A film as telephones and sports cameras write it: place in three boxes, and a track of what sensors measured."""
    head = box(b"ftyp", b"qt  \0\0\0\0qt  ") + box(b"uuid", b"u" * 16 + PLACE) + box(b"wide")
    data = box(b"mdat", FRAMES + SENSORS, wide=wide)
    start = len(head) + len(data) - len(FRAMES + SENSORS)
    details = box(b"udta", box(b"\xa9xyz", PLACE), wide=wide) + box(b"meta", box(b"keys", PLACE)) + box(b"free", PLACE)
    shown = track(b"vide", start, [10, 10], box(b"udta", box(b"name", PLACE)))
    measured = track(b"meta", start + len(FRAMES), [len(PLACE), 1 + len(PLACE)])
    return head + data + box(b"moov", box(b"mvhd", b"\0" * 100), shown, measured, details)


@pytest.mark.parametrize("wide", [False, True])
def test_place_and_sensors_are_gone_and_the_film_is_the_same(wide: bool) -> None:
    given_film = film(wide)
    made = cleaned(given_film)
    assert given_film.count(PLACE) == 7
    assert len(made) == len(given_film)
    assert SECRET.encode() not in made
    assert b"121.4737" not in made
    assert made.index(FRAMES) == given_film.index(FRAMES)
    assert b"vide" in made
    assert cleaned(made) == made


def test_what_tells_nothing_stays_as_it_is() -> None:
    head = box(b"ftyp", b"isom")
    plain = head + box(b"mdat", FRAMES) + box(b"moov", track(b"soun", len(head) + 8, [20]))
    assert cleaned(plain) == plain
    assert cleaned(b"no film at all") == b"no film at all"
    assert cleaned(b"") == b""


@given(st.data())
def test_damaged_ones_keep_their_length(data: st.DataObject) -> None:
    content = bytearray(film())
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    content = content[: data.draw(st.integers(8, len(content)))]
    assert len(cleaned(bytes(content))) == len(content)


@pytest.mark.parametrize("name", ["film.mp4", "IMG_0001.MOV", "laut.m4a", "alt.3gp"])
def test_on_a_site(site: SmallSite, name: str) -> None:
    folder = "content/alpha/news/2026-11-22-x"
    put(site.root, f"{folder}/{name}", film())
    site.write(f"--- {folder}/index.md\n---\ntitle: 文\nattachments: [{name}]\n---\n![录像]({name})\n").build()
    published = (site.output / "alpha/news/2026-11-22-x" / name).read_bytes()
    assert (len(published), FRAMES in published) == (len(film()), True)
    assert not [path for path, made in site.files().items() if SECRET.encode() in made]
    record = Store(site.root / ".branchpress", site.output).manifest("alpha").media[f"news/2026-11-22-x/{name}"]
    assert record.same_bytes(record)
    assert not record.same_bytes(msgspec.structs.replace(record, cleaned=CLEANER + 1))

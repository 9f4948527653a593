"""Office files as packages (ECMA-376, part 2): opened within bounds, their XML read without entities."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any

from lxml import etree

from builder.content.encodings import decode
from builder.edit.imports.imported import ImportRefusedError
from builder.messages.translation import N_

MOST_BYTES = 100_000_000
"""The largest file that is opened."""
_MOST_UNPACKED = 400_000_000
_MOST_PART = 60_000_000
_MOST_PARTS = 5_000
_MOST_RATIO = 200
"""Text in XML packs 10 to 30 times; what packs better than this was made to fill the memory."""
_SMALL = 2_000_000
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_DEFINITIONS = tuple("<!DOCTYPE".encode(form) for form in ("utf-8", "utf-16-le", "utf-16-be"))
"""The beginning of a definition of entities, which no Office program writes, and which can unpack to anything."""
_STRICT = (
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (b"http://purl.oclc.org/ooxml/drawingml/main", b"http://schemas.openxmlformats.org/drawingml/2006/main"),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
    (
        b"http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing",
        b"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    ),
    (b"http://purl.oclc.org/ooxml/drawingml/picture", b"http://schemas.openxmlformats.org/drawingml/2006/picture"),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", b"http://schemas.openxmlformats.org/officeDocument/2006/math"),
)
"""Namespaces of the strict form (ISO/IEC 29500-1), and the usual ones, which converters read."""


def is_compound(content: bytes) -> bool:
    """Tells whether a file is of the old binary form (MS-CFB): .doc, .xls, .wps, or an encrypted newer one."""
    return content.startswith(_COMPOUND)


def damaged(name: str) -> ImportRefusedError:
    """Returns what is said of a file that is not what its name says."""
    return ImportRefusedError(
        N_("{name} is damaged, or is no such file whatever its name says; open it, save it anew, and try again."),
        name=name,
    )


def text_in(content: bytes, name: str, most: int = MOST_BYTES) -> str:
    """Returns the text of a file in whatever encoding it is. Raises ImportRefusedError as :func:`require_size` does, and for
    what is no text."""
    require_size(content, name, most)
    decoded = decode(content)
    if decoded is None or "\0" in decoded.text:
        raise damaged(name)
    return decoded.text


def require_size(content: bytes, name: str, most: int = MOST_BYTES) -> None:
    """Raises ImportRefusedError for a file that is empty, larger than ``most`` bytes, or locked with a password."""
    if not content.strip():
        raise ImportRefusedError(N_("{name} is empty."), name=name)
    if len(content) > most:
        raise ImportRefusedError(
            N_("{name} is larger than {most} MB; make its pictures smaller, or divide it."),
            name=name,
            most=str(most // 1_000_000),
        )
    if is_compound(content) and _ENCRYPTED in content:
        raise ImportRefusedError(
            N_("{name} is locked with a password; open it, take the password away, save it, and try again."), name=name
        )


def open_package(content: bytes, name: str) -> dict[str, bytes]:
    """Returns the parts of an Office file by name. Raises ImportRefusedError for what is none, is locked, holds a program, or
    unpacks to more than is good."""
    require_size(content, name)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            infos = [info for info in package.infolist() if not info.is_dir()]
            _require_bounds(infos, name)
            if any(info.filename.lower().endswith("vbaproject.bin") for info in infos):
                raise ImportRefusedError(
                    N_("{name} contains macros; save it without them (as .docx or .xlsx), and try again."), name=name
                )
            if any(info.flag_bits & 1 for info in infos):
                raise ImportRefusedError(
                    N_("{name} is locked with a password; open it, take the password away, save it, and try again."),
                    name=name,
                )
            return {info.filename: _read(package, info, name) for info in infos}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise damaged(name) from error


def _require_bounds(infos: list[zipfile.ZipInfo], name: str) -> None:
    unpacked = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos)
    tight = unpacked > _SMALL and unpacked > _MOST_RATIO * max(packed, 1)
    if len(infos) > _MOST_PARTS or unpacked > _MOST_UNPACKED or tight:
        raise ImportRefusedError(
            N_("{name} unpacks to far more than it holds, as files do that are made to do harm; it was not opened."),
            name=name,
        )


def _read(package: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bytes:
    """Returns a part; what it says of its own size is not trusted."""
    most = _MOST_PART if info.filename.endswith((".xml", ".rels")) else MOST_BYTES
    with package.open(info) as stream:
        content = stream.read(most + 1)
    if info.filename.endswith((".xml", ".rels")) and any(sign in content for sign in _DEFINITIONS):
        raise ImportRefusedError(
            N_("{name} unpacks to far more than it holds, as files do that are made to do harm; it was not opened."),
            name=name,
        )
    if len(content) > most:
        raise ImportRefusedError(N_("{name} is too long to be taken over; divide it."), name=name)
    return content


def pack(parts: Mapping[str, bytes]) -> bytes:
    """Returns a package of parts; the same parts give the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED, 1)
    return packed.getvalue()


def read_xml(content: bytes, name: str) -> Any:
    """Returns the root element of a part. Raises ImportRefusedError for what is no XML, or defines entities."""
    if b"http://purl.oclc.org/ooxml/" in content:
        for strict, usual in _STRICT:
            content = content.replace(strict, usual)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise damaged(name) from error
    if root.getroottree().docinfo.doctype:
        raise ImportRefusedError(
            N_("{name} unpacks to far more than it holds, as files do that are made to do harm; it was not opened."),
            name=name,
        )
    return root

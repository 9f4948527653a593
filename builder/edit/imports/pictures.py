"""The pictures of an imported text: cleaned, named by their place in it, told where they cannot be read."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Any

from builder.edit.imports.imported import Note
from builder.messages.codes import CATALOGUE
from builder.messages.translation import N_, Translator
from builder.model.media_types import extension
from builder.pictures import Refused, original_without_traces

METAFILES = ("emf", "wmf", "emz", "wmz")
"""Drawings of Windows, which only programs of Windows and LibreOffice read."""
_NEAR = 16
_NO_WORDS = re.compile(
    r"(?:图片|图像|图|照片|picture|image|img|grafik|截图)?[ _-]*\d*(?:\.\w{3,4})?"
    r"|(?:img|dsc|mmexport|wx|微信图片|微信截图|screenshot)[\w-]*(?:\.\w{3,4})?"
    r"|[\w-]+\.(?:jpe?g|png|gif|bmp|webp|heic|tiff?)",
    re.IGNORECASE,
)
_CAPTION_NUMBER = re.compile(
    r"^(?:图|Figure|Fig\.)\s*[\d一二三四五六七八九十]+(?:[-－.．]\d+)*[\s\u3000:：.．、]*", re.IGNORECASE
)
_MADE_BY_PROGRAM = re.compile(
    r"描述已自动生成|AI\s*生成的内容|Description automatically generated|AI-generated content", re.IGNORECASE
)


class PictureFiles:
    """The pictures of one entry: :meth:`place` puts each that an HTML element shows into a file, and says its name."""

    def __init__(
        self,
        find: Callable[[str], bytes | None],
        limit: int,
        text: Translator,
        to_png: Callable[[bytes, str], bytes | None],
    ) -> None:
        """``find`` gives the bytes for an address in the HTML, ``limit`` is the most bytes of one file, ``to_png`` converts
        a drawing of Windows."""
        self._find, self._limit, self._to_png = find, limit, to_png
        self._text = text
        self._names: dict[str, str] = {}
        self.files: dict[str, bytes] = {}
        self.notes: list[Note] = []

    def place(self, root: Any) -> None:
        """Gives every picture in an element its file, and takes out those that cannot be had; a note tells of each."""
        for number, element in enumerate(list(root.iter("img")), 1):
            address = element.get("src") or ""
            name = self._file(address, number, _before(element))
            if not name:
                element.drop_tree()
                continue
            element.set("src", name)
            words = " ".join((element.get("alt") or "").split())
            if _NO_WORDS.fullmatch(words) or _MADE_BY_PROGRAM.search(words):
                words = ""
            element.set("alt", words or _CAPTION_NUMBER.sub("", element.get("title") or ""))

    def _file(self, address: str, number: int, near: str) -> str:
        content = self._find(address)
        if content is None:
            self._tell(
                N_("Picture {number} (near “{near}”) is not in the file and was not loaded: {reason}"),
                number,
                near,
                address[:120],
            )
            return ""
        digest = hashlib.sha256(content).hexdigest()
        if digest in self._names:
            return self._names[digest]
        name = address.rpartition("/")[2]
        if extension(name) in METAFILES:
            made = self._to_png(content, name)
            if made is None:
                message = N_(
                    "Picture {number} (near “{near}”) is a drawing of Windows ({reason}), which browsers do not show; save it as "
                    "PNG and add it."
                )
                self._tell(message, number, near, extension(name).upper())
                return ""
            content, name = made, f"{name}.png"
        try:
            ending, clean = original_without_traces(content, name, self._limit)
        except (Refused, OSError) as error:
            reason = str(error)
            if isinstance(error, Refused):
                reason = self._text.gettext(CATALOGUE[error.code].what, target=name, detail=error.detail)
            self._tell(N_("Picture {number} (near “{near}”) cannot be read: {reason}"), number, near, reason)
            return ""
        word = self._text.gettext(N_("picture"))
        made_name = f"{word}-{len(self.files) + 1}.{ending}"
        self._names[digest] = made_name
        self.files[made_name] = clean
        return made_name

    def _tell(self, message: str, number: int, near: str, reason: str) -> None:
        self.notes.append(Note("unreadable", message, {"number": str(number), "near": near, "reason": reason}))


def _before(element: Any) -> str:
    """Returns the last words before a picture, or else the first after it."""
    words = ""
    for each in element.getroottree().getroot().iter():
        if each is element:
            break
        words += f"{each.text or ''}"
        words = words[-400:]
    shown = " ".join(words.split())[-_NEAR:]
    return shown or " ".join("".join(element.getroottree().getroot().itertext()).split())[:_NEAR]

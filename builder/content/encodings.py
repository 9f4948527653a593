"""The encoding of a text: UTF-8, else what its bytes show beyond doubt, else none."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

from builder.model.patterns import pattern_of

_SAMPLE = 100_000
_NAMES = {"gb18030": "GB18030", "big5": "Big5", "cp932": "Shift-JIS", "euc_jp": "EUC-JP", "cp949": "EUC-KR"}
# The library weighs these against the ones above; which of these it is, nothing in a short text can tell.
_SINGLE = ("cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "koi8_r")
_HAN = pattern_of(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003fffd]")
_KANA = pattern_of(r"[\u3041-\u30fe]")
_HANGUL = pattern_of(r"[\uac00-\ud7a3]")
_MARK = pattern_of(r"[\u2010-\u203b\u2160-\u217b\u2460-\u249b\u2500-\u25ef\u3000-\u303f\uff00-\uffef·×÷°±§]")
_MOST_BROKEN = 20


class Decoded(NamedTuple):
    """A file's text with ``\\n`` as its only line end, and the encoding it was in if that was not UTF-8."""

    text: str
    encoding: str = ""


class BrokenByte(NamedTuple):
    """The first byte of a file that keeps it from being UTF-8, with its place."""

    line: int
    column: int
    byte: str


def decode(content: bytes) -> Decoded | None:
    """Returns the text of a file's bytes; None if they are no text in an encoding that is known beyond doubt."""
    found = _decode_utf(content)
    return found._replace(text=_with_line_ends(found.text)) if found is not None else None


def _decode_utf(content: bytes) -> Decoded | None:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _try(content, "utf-16", "UTF-16")
    try:
        # The codec utf-8-sig takes three times as long.
        text = content.removeprefix(b"\xef\xbb\xbf").decode()
    except UnicodeDecodeError:
        text = None
    if text is not None and "\0" not in text:
        return Decoded(text)
    for encoding, nulls in (("utf-16-le", content[1::2]), ("utf-16-be", content[0::2])):
        if len(content) > 1 and nulls.count(0) > len(nulls) // 4:
            found = _try(content, encoding, "UTF-16")
            if found is not None:
                return found
    if text is not None:
        return Decoded(text)
    if content.count(0) or broken_byte(content) is not None:
        return None
    return _recognize(content)


def _try(content: bytes, encoding: str, name: str) -> Decoded | None:
    try:
        return Decoded(content.decode(encoding), name)
    except UnicodeDecodeError:
        return None


def broken_byte(content: bytes) -> BrokenByte | None:
    """Returns the first wrong byte of a text that is UTF-8 but for a few of them."""
    position = errors = first = 0
    while errors <= _MOST_BROKEN:
        try:
            content[position:].decode("utf-8")
        except UnicodeDecodeError as error:
            first = first if errors else position + error.start
            position += error.end
            errors += 1
        else:
            break
    whole = content.decode("utf-8", "ignore")
    beyond = sum(character > "\x7f" for character in whole)
    if not errors or errors > _MOST_BROKEN or beyond < 4 * errors:
        return None
    return BrokenByte(*first_wrong(content), f"0x{content[first]:02X}")


def first_wrong(content: bytes) -> tuple[int, int]:
    """Returns line and column of the first byte that is not UTF-8."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = _with_line_ends(content[: error.start].decode("utf-8-sig", "replace"))
        return before.count("\n") + 1, len(before) - before.rfind("\n")
    return 1, 1


def _recognize(content: bytes) -> Decoded | None:
    """Returns the text in the encoding that a library made for it takes it for, if what comes out is a text in that
    language.
    """
    from charset_normalizer import from_bytes

    texts = {encoding: found.text for encoding, name in _NAMES.items() if (found := _try(content, encoding, name))}
    said = {encoding: sign for encoding, text in texts.items() if (sign := _reads(text, encoding))}
    if not said:
        return None
    ranked = from_bytes(content[:_SAMPLE], cp_isolation=[*said, *_SINGLE], enable_fallback=False)
    chaos = {match.encoding: match.chaos for match in ranked}
    least = min(chaos.values(), default=1.0)
    sure = [encoding for encoding, sign in said.items() if sign == "sure" and chaos.get(encoding, 1.0) <= least + 0.1]
    # A few words without any frequent character: nothing else may be possible.
    only = len(said) == 1 and not any(chaos.get(each, 1.0) <= least for each in _SINGLE)
    best = (sure or [each for each in said if only and chaos.get(each) == least] or [""])[0]
    return Decoded(texts[best], _NAMES[best]) if best else None


def _reads(text: str, encoding: str) -> str:
    """Returns ``sure`` if a text reads like one in a language that is written in ``encoding``, ``perhaps`` if it may be
    one.
    """
    from charset_normalizer.constant import FREQUENCIES

    beyond = "".join(character for character in text if character > "\x7f")
    if not beyond or any(unicodedata.category(character) in ("Co", "Cn", "Cc") for character in beyond):
        return ""
    han, kana, hangul, marks = (len(each.findall(beyond)) for each in (_HAN, _KANA, _HANGUL, _MARK))
    words = len(beyond) - marks
    if encoding in ("cp932", "euc_jp"):
        return "sure" if kana >= max(2, 0.15 * words) and han + kana >= 0.95 * words else ""
    language, letters = ("Korean", hangul) if encoding == "cp949" else ("Chinese", han)
    if not words or letters < 0.9 * words:
        return ""
    frequent = sum(beyond.count(character) for character in FREQUENCIES[language][:100])
    if frequent >= 0.1 * letters and (language == "Chinese" or (letters >= 6 and frequent >= 0.2 * letters)):
        return "sure"
    return "perhaps" if encoding != "gb18030" or _is_simplified(text) else ""


def _is_simplified(text: str) -> bool:
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _with_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text

"""The words of a paragraph as Markdown: escaped, with emphasis that every reader of CommonMark sees."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from html import escape
from itertools import groupby
from typing import Any, Literal, NamedTuple

Target = Literal["text", "cell", "heading"]
"""The place of words: in a paragraph, in a row between bars, in a heading."""
Style = Literal["strong", "em", "del", "sup", "sub"]
_STYLES: dict[str, Style] = {
    "strong": "strong", "b": "strong", "em": "em", "i": "em", "del": "del", "s": "del", "strike": "del",
    "sup": "sup", "sub": "sub",
}  # fmt: skip
_SIGNS: dict[Style, str] = {"strong": "**", "em": "*", "del": "~~"}
_BY_SIGNS = tuple(map(frozenset, ({"strong"}, {"em"}, {"strong", "em"}, {"del"})))
"""The styles that signs can say: the signs of one style are punctuation to those of another."""
_ORDER: tuple[Style, ...] = ("del", "strong", "em", "sup", "sub")
_WIDE = "\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003fffd"
_BETWEEN_WIDE = re.compile(f"(?<=[{_WIDE}])[ \\t]*[\\r\\n]\\s*(?=[{_WIDE}])")
_BLANKS = re.compile(r"[ \t\r\n\u00a0\u2000-\u200a\u202f\u205f]+")
_GONE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2060\ufeff\u00ad\ufdd0-\ufdef\ufffe\uffff]")
_ESCAPED = re.compile(r"[\\`*\[\]$]|<(?=[A-Za-z/!?<])|~~+|(?<![^\W_])_|_(?![^\W_])|&(?=#|[A-Za-z]{2,31};)")
_LINE_START = re.compile(r"(#{1,6}(?=\s|$)|>|[-+](?=\s|$)|[-=]{2,}(?=\s*$)|:(?=\s)|~~~)|(\d{1,9})([.)])(?=\s|$)")
_SCHEME = re.compile(r"(?:https?|mailto|tel|ftp):", re.IGNORECASE)
_ADDRESS = re.compile(r"://|www\.|@")
_ADDRESS_AT_END = re.compile(r"(?:://|www\.|@)[^\s<]*$")
_ENTITY = re.compile(r"&(?=#|[A-Za-z]{2,31};)")
_BARE = re.compile(f"(?:https?|ftp)://[^\\s<>|{_WIDE}]+", re.IGNORECASE)
_NO_STYLE: frozenset[Style] = frozenset()


class Piece(NamedTuple):
    """Words of one style: ``raw`` ones are finished Markdown."""

    text: str
    styles: frozenset[Style] = _NO_STYLE
    raw: bool = False


def plain(text: str) -> str:
    """Returns a text without control characters and blanks in a row; a line end between Chinese characters is none."""
    return _BLANKS.sub(" ", _BETWEEN_WIDE.sub("", _GONE.sub("", text)))


def escaped(text: str) -> str:
    """Returns a text that Markdown shows as it is. An address stands between angle brackets, which say where it ends: signs in
    it are part of it, and are not escaped."""
    parts, end = [], 0
    for match in _BARE.finditer(text):
        parts += [_escaped_words(text[end : match.start()]), f"<{_ENTITY.sub('&amp;', match[0])}>"]
        end = match.end()
    return "".join((*parts, _escaped_words(text[end:])))


def _escaped_words(text: str) -> str:
    return _ESCAPED.sub(lambda match: "&amp;" if match[0] == "&" else "".join(f"\\{sign}" for sign in match[0]), text)


def line_start_escaped(line: str) -> str:
    """Returns a line that begins no heading, list, quote or rule."""
    match = _LINE_START.match(line)
    if match is None:
        return line
    return f"{match[2]}\\{line[match.end(2) :]}" if match[2] else f"\\{line}"


def words_of(element: Any, target: Target = "text") -> str:
    """Returns the inline content of an element; line breaks are backslashes at line ends, in a cell ``<br>``. Two of them in a
    row end a paragraph: a blank line follows."""
    text = _written(_joined(_pieces(element, _NO_STYLE, target)), target)
    lines = [line.strip(" \u3000") for line in text.split("\n")]
    if target == "cell":
        return re.sub(r"(?<!\\)\|", r"\\|", "<br>".join(lines)).strip().removesuffix("<br>")
    if target == "heading":
        return " ".join(line for line in lines if line)
    groups = [list(group) for filled, group in groupby(lines, bool) if filled]
    return "\n\n".join("\\\n".join(line_start_escaped(line) for line in group) for group in groups)


def _pieces(element: Any, styles: frozenset[Style], target: Target) -> Iterator[Piece]:
    yield Piece(plain(element.text or ""), styles)
    for child in element:
        yield from _piece(child, styles, target)
        yield Piece(plain(child.tail or ""), styles)


def _piece(child: Any, styles: frozenset[Style], target: Target) -> Iterator[Piece]:
    name = child.tag
    if name == "br":
        yield Piece("\n", styles, raw=True)
    elif name == "img":
        if child.get("src"):
            yield Piece(picture(child), raw=True)
    elif name == "a":
        yield from _link(child, styles, target)
    elif name == "code":
        yield Piece(_code("".join(child.itertext())), raw=True)
    elif name == "span" and "math" in (child.get("class") or "").split():
        yield Piece(f"${' '.join(''.join(child.itertext()).split())}$", raw=True)
    elif name in _STYLES and not (target == "heading" and name in ("strong", "b")):
        yield from _pieces(child, styles | {_STYLES[name]}, target)
    else:
        yield from _pieces(child, styles, target)


def picture(element: Any) -> str:
    """Returns a picture; its ``title`` is the caption."""
    words = escaped(plain(element.get("alt") or "").strip())
    caption = plain(element.get("title") or "").strip().replace("\\", "\\\\").replace('"', '\\"')
    told = f' "{caption}"' if caption else ""
    return f"![{words}]({_address(element.get('src'))}{told})"


def _link(element: Any, styles: frozenset[Style], target: Target) -> Iterator[Piece]:
    address = (element.get("href") or "").strip()
    if "footnote-ref" in (element.get("class") or "").split() and address.startswith("#"):
        yield Piece(f"[^{note_label(address)}]", raw=True)
        return
    if "footnote-back" in (element.get("class") or "").split():
        return
    pictures = element.find(".//img") is not None
    words = _written(_joined(_pieces(element, _NO_STYLE, target)), target).strip()
    shown = plain("".join(element.itertext())).strip()
    if _BARE.search(shown) and not pictures:
        # An address in the words of a link would be a link of its own.
        words = _escaped_words(shown)
    if not _SCHEME.match(address) or not words:
        yield from _pieces(element, styles, target)
    elif shown == address and not pictures:
        yield Piece(f"<{address}>" if not re.search(r"[\s<>]", address) else words, raw=True)
    else:
        yield Piece(f"[{words}]({_address(address)})", styles, raw=True)


def note_label(address: str) -> str:
    """Returns the label of a footnote from the address of its text (``#fn3``)."""
    return re.sub(r"\D+", "", address) or "1"


def _address(address: str) -> str:
    if re.search(r"[\s()<>]", address):
        return "<" + re.sub(r"[<>\n]", lambda match: f"%{ord(match[0]):02X}", address) + ">"
    return address.replace("\\", "%5C")


def _code(text: str) -> str:
    text = " ".join(text.split())
    fence = "`" * (max((len(run) for run in re.findall(r"`+", text)), default=0) + 1)
    blank = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{blank}{text}{blank}{fence}" if text else ""


def _joined(pieces: Iterator[Piece]) -> list[Piece]:
    """Joins neighbours of one style; blanks stand outside of what is emphasized."""
    spread: list[Piece] = []
    for piece in pieces:
        if piece.raw or not piece.styles:
            spread.append(piece)
            continue
        inner = piece.text.strip(" \u3000")
        if not inner:
            spread.append(
                Piece(piece.text, piece.styles if spread and spread[-1].styles == piece.styles else _NO_STYLE)
            )
            continue
        start = piece.text.index(inner)
        spread += [
            Piece(piece.text[:start], piece.styles),
            Piece(inner, piece.styles),
            Piece(piece.text[start + len(inner) :], piece.styles),
        ]
    joined: list[Piece] = []
    for piece in spread:
        if not piece.text:
            continue
        if joined and joined[-1].styles == piece.styles and not piece.raw and not joined[-1].raw:
            joined[-1] = joined[-1]._replace(text=joined[-1].text + piece.text)
        else:
            joined.append(piece)
    return [each for piece in joined for each in _outside(piece)]


def _outside(piece: Piece) -> Iterator[Piece]:
    if piece.raw or not piece.styles:
        yield piece
        return
    inner = piece.text.strip(" \u3000")
    start = piece.text.index(inner) if inner else len(piece.text)
    yield from (
        each
        for each in (Piece(piece.text[:start]), Piece(inner, piece.styles), Piece(piece.text[start + len(inner) :]))
        if each.text
    )


def _written(pieces: list[Piece], target: Target) -> str:
    text = ""
    for place, piece in enumerate(pieces):
        words = piece.text if piece.raw else escaped(piece.text)
        if not piece.raw and text.endswith(" ") and words.startswith(" "):
            words = words[1:]
        if not piece.styles or piece.text == "\n":
            text += words
            continue
        after = pieces[place + 1].text[:1] if place + 1 < len(pieces) else ""
        text += _styled(words, piece, text, after, target)
    return text


def _styled(words: str, piece: Piece, before: str, after: str, target: Target) -> str:
    ends = words if piece.raw else piece.text
    asterisks = _flanks(ends[:1], before[-1:]) and _flanks(ends[-1:], after) and piece.styles in _BY_SIGNS
    # An address goes on to the next blank, and takes asterisks with it.
    addresses = _ADDRESS.search(piece.text) is not None or _ADDRESS_AT_END.search(before) is not None
    tildes = "del" in piece.styles and "~" in words
    clash = addresses or tildes or before[-1:] in ("*", "~", "_", "\\") or after in ("*", "~", "_")
    for style in reversed(_ORDER):
        if style not in piece.styles:
            continue
        sign = _SIGNS.get(style, "")
        words = f"{sign}{words}{sign}" if sign and asterisks and not clash else f"<{style}>{words}</{style}>"
    return words


def _flanks(inside: str, outside: str) -> bool:
    """Tells whether a run of asterisks between two characters opens or closes (CommonMark 0.31, 6.2, and its amendment for
    Chinese): not between punctuation inside and a Latin letter outside."""
    return not _is_punctuation(inside) or not outside.isalnum() or re.match(f"[{_WIDE}]", outside) is not None


def _is_punctuation(sign: str) -> bool:
    return bool(sign) and unicodedata.category(sign)[0] in "PS"


def html_words(element: Any) -> str:
    """Returns the inline content of an element as HTML, for tables that Markdown cannot draw."""
    parts = [escape(plain(element.text or ""), quote=False)]
    for child in element:
        parts += [_html_piece(child), escape(plain(child.tail or ""), quote=False)]
    return "".join(parts)


def _html_piece(child: Any) -> str:
    name = child.tag
    if name == "br":
        return "<br>"
    if name == "img":
        address = child.get("src")
        return f'<img src="{escape(address)}" alt="{escape(plain(child.get("alt") or ""))}">' if address else ""
    if name == "a":
        address, words = (child.get("href") or "").strip(), html_words(child)
        return f'<a href="{escape(address)}">{words}</a>' if _SCHEME.match(address) and words else words
    if name == "code":
        return f"<code>{html_words(child)}</code>"
    inner = html_words(child)
    return f"<{_STYLES[name]}>{inner}</{_STYLES[name]}>" if name in _STYLES and inner.strip() else inner

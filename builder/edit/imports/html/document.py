"""A saved or pasted page as a text for an entry."""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote_to_bytes

from lxml import etree
from lxml import html as lxml_html

from builder.content.yaml.quoting import quoted
from builder.edit.imports.entry import ImportedText
from builder.edit.imports.html.clean import (
    mark_lists_of_word,
    with_elements_for_styles,
    with_real_sources,
    without_the_unseen,
)
from builder.edit.imports.html.looks import find_title, lines_of, mark_captions, mark_headings
from builder.edit.imports.imported import ImportRefusedError, Note
from builder.edit.imports.marked import apply_marks
from builder.edit.imports.package import text_in
from builder.messages.translation import N_

MOST_BYTES = 30_000_000
_PASTED = re.compile(r"\AVersion:[\d.]+\s+(?:\w+:[^\r\n]*\s+)*", re.IGNORECASE)
_CONDITIONAL = re.compile(
    r"<!\[(?:if|endif)[^>]{0,200}>|<!--\[if [^\]]{0,200}\]>.*?<!\[endif\]-->", re.IGNORECASE | re.DOTALL
)
_HEAD = re.compile(
    r"(?:\s*<(?:!doctype|html|head|/head|meta|link|base)\b[^>]*>|\s*<(title|style)\b[^>]*>.*?</\1\s*>)*",
    re.IGNORECASE | re.DOTALL,
)
"""The elements of a head: after one without a body, as browsers copy parts of pages, the parser takes the text for more head."""
_BODY = re.compile(r"<(?:body|frameset)\b", re.IGNORECASE)
_CONTENT = (".//*[@id='js_content']", ".//*[contains(concat(' ', @class, ' '), ' rich_media_content ')]")
_EMPTY_TITLES = ("", "微信公众平台", "untitled", "无标题文档", "新建文档", "document")
_PICTURES_LEFT = N_("Pictures ({count}) were not taken in; add each with the button for pictures.")
_DATA = re.compile(r"data:image/[\w.+-]+(;[\w=-]+)*?(;base64)?,", re.IGNORECASE)


def read_html(content: bytes, name: str, beside: Callable[[str], bytes | None]) -> ImportedText:
    """Returns what a page holds; ``beside`` gives the bytes of a file that lies where the page does. Raises
    ImportRefusedError."""
    page = _parsed(content, name)
    title = _title_of_page(page)
    author, source = _text(page, ".//*[@id='js_author_name']"), _text(page, ".//*[@id='js_name']")
    root = _content_of(page)
    notes = list(_make_plain(root))
    lines = lines_of(root)
    first = find_title(lines, title)
    if first is not None:
        title = first.words
        first.element.getparent().remove(first.element)
        lines = lines[1:]
    mark_captions(lines)
    mark_headings(lines)
    notes += _give_structure(root)
    if not "".join(root.itertext()).strip() and root.find(".//img") is None:
        raise ImportRefusedError(N_("{name} has no text that can be seen."), name=name)
    keys = {"author": author, "source": source}
    return ImportedText(
        root,
        title,
        {key: quoted(value) for key, value in keys.items() if value},
        lambda address: _picture(address, beside),
        notes=tuple(notes),
    )


def read_fragment(content: bytes, name: str) -> tuple[Any, tuple[Note, ...]]:
    """Returns the element with what was copied from a page, without pictures and with no part of it taken for a title, and
    notes of what was left out. Raises ImportRefusedError."""
    root = _content_of(_parsed(content, name))
    notes = list(_make_plain(root))
    pictures = list(root.iter("img"))
    for picture in pictures:
        picture.drop_tree()
    left = {"count": str(len(pictures))}
    if pictures:
        notes.append(Note("unreadable", _PICTURES_LEFT, left))
    mark_headings(lines_of(root))
    notes += _give_structure(root)
    if not "".join(root.itertext()).strip():
        if pictures:
            raise ImportRefusedError(_PICTURES_LEFT, **left)
        raise ImportRefusedError(N_("{name} has no text that can be seen."), name=name)
    return root, tuple(notes)


def _content_of(page: Any) -> Any:
    """Returns the element of a page that holds its text."""
    for path in _CONTENT:
        found = page.find(path) if path[5] == "@" else _first(page, path)
        if found is not None:
            break
    else:
        bodies = page.findall(".//body")
        found = bodies[-1] if bodies else page
    # WeChat shows the content by a script, and saves it hidden.
    found.attrib.pop("style", None)
    found.tag = "div"
    return found


def _make_plain(root: Any) -> Iterator[Note]:
    yield from without_the_unseen(root)
    with_real_sources(root)
    mark_lists_of_word(root)


def _give_structure(root: Any) -> Iterator[Note]:
    yield from _links_that_lead_nowhere(root)
    with_elements_for_styles(root)
    apply_marks(root)
    _level_headings(root)


def _parsed(content: bytes, name: str) -> Any:
    text = _CONDITIONAL.sub("", _PASTED.sub("", text_in(content, name, MOST_BYTES), count=1))
    if _BODY.search(text) is None:
        start = _HEAD.match(text)
        end = start.end() if start is not None else 0
        text = f"{text[:end]}<body>{text[end:]}"
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        page = lxml_html.document_fromstring(text.encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise ImportRefusedError(N_("{name} has no text that can be seen."), name=name) from error
    if any("depth" in error.message.lower() for error in parser.error_log):
        # Nothing below that was read.
        raise ImportRefusedError(N_("{name} is nested too deeply; copy its text alone."), name=name)
    return page


def _first(page: Any, path: str) -> Any:
    return next(iter(page.xpath(path)), None)


def _text(page: Any, path: str) -> str:
    found = page.find(path)
    return " ".join("".join(found.itertext()).split()) if found is not None else ""


def _title_of_page(page: Any) -> str:
    written = _text(page, ".//*[@id='activity-name']")
    if not written:
        meta = _first(page, ".//meta[@property='og:title']")
        written = " ".join((meta.get("content") or "").split()) if meta is not None else ""
    if not written:
        written = " ".join((page.findtext(".//title") or "").split())
    return "" if written.lower() in _EMPTY_TITLES else written


def _links_that_lead_nowhere(root: Any) -> Iterator[Note]:
    """Yields a note of links to files and pages that only the old place knew; their words stay."""
    words = [
        " ".join("".join(link.itertext()).split())
        for link in root.iter("a")
        if (address := (link.get("href") or "").strip())
        and not re.match(r"#|https?:|mailto:|tel:|ftp:|//", address, re.IGNORECASE)
    ]
    if words:
        yield Note(
            "moved",
            N_("Links that lead nowhere from here ({count}) became plain words: {words}."),
            {"count": str(len(words)), "words": "; ".join(each[:30] for each in words[:5] if each)},
        )


def _level_headings(root: Any) -> None:
    """Lets the highest heading be of the second level: the first is the title's."""
    headings = [each for each in root.iter("h1", "h2", "h3", "h4", "h5", "h6") if "".join(each.itertext()).strip()]
    top = min((int(each.tag[1]) for each in headings), default=2)
    for each in headings:
        each.tag = f"h{min(6, int(each.tag[1]) - top + 2)}"


def _picture(address: str, beside: Callable[[str], bytes | None]) -> bytes | None:
    match = _DATA.match(address)
    if match is None:
        return None if re.match(r"[a-zA-Z][\w+.-]*:|/", address) else beside(address)
    rest = address[match.end() :]
    if match[2] is None:
        return unquote_to_bytes(rest)
    try:
        return binascii.a2b_base64(re.sub(r"\s+", "", rest))
    except binascii.Error:
        return None

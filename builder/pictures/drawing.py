"""SVG: what runs or reaches out is refused, what only editors and machines read is taken out."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from builder.model.patterns import pattern_of
from builder.pictures.refusal import Refused

if TYPE_CHECKING:
    from lxml.etree import _Element

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_XML = "http://www.w3.org/XML/1998/namespace"
_ACTIVE = frozenset("script foreignobject iframe embed object handler listener set animate".split())
_INSIDE = pattern_of(r"\s*(?:#|data:image/(?:png|jpe?g|gif|webp)[;,])", re.IGNORECASE)
_REACHING = pattern_of(
    r"url\s*\(\s*[\"']?\s*(?!#|data:image/(?:png|jpe?g|gif|webp)[;,])|@import|javascript:|\b(?:image-set|src)\s*\(",
    re.IGNORECASE,
)
_EMBEDDED = pattern_of(r"data:image/[\w.+-]+((?:;[\w=.+-]+)*),([^\s\"')]*(?:\s+[A-Za-z0-9+/=]+)*)", re.IGNORECASE)
_OWN_PARTS = pattern_of(r"url\(\s*[\"']?#([^\"')\s]+)")
_MOST_DRAWN = 200_000
"""More elements than any drawing has; a browser takes seconds for them."""
_MOST_EFFECTS = 400
"""More steps of filters than any drawing has: each one touches every pixel, and is kept until the last one."""
_NO_STEPS = ("femergenode", "fefunc", "fedistantlight", "fepointlight", "fespotlight")
_SHORT_STEP = pattern_of(r"\b(?:blur|drop-shadow)\s*\(", re.IGNORECASE)
_MOST_OF_STEP = {"numoctaves": 20, "order": 25, "radius": 250}
"""For how much work one step of a filter may ask; browsers take larger numbers at their word."""
_COMMENT = pattern_of(r"/\*.*?\*/", re.DOTALL)
_UNSEEN = frozenset(("metadata", "title", "desc"))
"""Elements that no reader sees: a drawing is shown as a picture, whose alternative text the page has."""
_LENGTH = pattern_of(r"\s*(\d+(?:\.\d+)?)(?:px)?\s*")


def cleaned(content: bytes, clean: Callable[[bytes], tuple[str, bytes]]) -> bytes:
    """Returns the drawing without comments, metadata and the notes of its editor. ``clean`` does the same for a
    photograph that lies in it, and gives its media type. Raises Refused.
    """
    from lxml import etree

    root = _parse_checked(content)
    for element in list(root.iter()):
        parent = element.getparent()
        if parent is None:
            continue
        if not isinstance(element.tag, str) or not element.tag.startswith(f"{{{_SVG}}}") or _local(element) in _UNSEEN:
            _drop(element, parent)
    for element in root.iter():
        for name in list(element.attrib):
            namespace = str(name)[1:].partition("}")[0] if str(name).startswith("{") else ""
            if namespace not in ("", _XLINK, _XML) or str(name).lower().startswith("data-"):
                del element.attrib[name]
            elif "data:" in str(element.attrib[name]).lower():
                element.set(name, _with_clean_pictures(str(element.attrib[name]), clean))
        if _local(element) == "style" and element.text:
            element.text = _with_clean_pictures(_COMMENT.sub("", element.text), clean)
    etree.cleanup_namespaces(root, top_nsmap={None: _SVG})
    return bytes(etree.tostring(root, encoding="utf-8")) + b"\n"


def _with_clean_pictures(text: str, clean: Callable[[bytes], tuple[str, bytes]]) -> str:
    """Returns a value in which every embedded picture has been made anew."""

    def replace(match: re.Match[str]) -> str:
        written = unquote_to_bytes(match[2])
        kind, made = clean(b64decode(b"".join(written.split())) if ";base64" in match[1].lower() else written)
        return f"data:{kind};base64,{b64encode(made).decode()}"

    try:
        return _EMBEDDED.sub(replace, text)
    except ValueError as error:
        raise Refused("picture-unreadable") from error


_WIDEST = 1_000_000


def extent(content: bytes) -> tuple[int, int]:
    """Returns width and height in pixels, 0 where the drawing does not say. Raises Refused."""
    root = _parse_checked(content)
    sides = [_LENGTH.fullmatch(root.get(name, "")) for name in ("width", "height")]
    if sides[0] and sides[1]:
        return _bound(float(sides[0][1]), float(sides[1][1]))
    box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    try:
        return _bound(float(box[2]), float(box[3])) if len(box) == 4 else (0, 0)
    except ValueError:
        return 0, 0


def _bound(width: float, height: float) -> tuple[int, int]:
    """Returns width and height in whole pixels; 0 for both if no screen could have that many."""
    sides = (round(width), round(height)) if 0 < width <= _WIDEST and 0 < height <= _WIDEST else (0, 0)
    return sides if all(sides) else (0, 0)


def _parse_checked(content: bytes) -> _Element:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Refused("picture-unreadable") from error
    if root.tag != f"{{{_SVG}}}svg":
        raise Refused("picture-format", "XML")
    document = root.getroottree().docinfo
    if document.internalDTD is not None and any(document.internalDTD.entities()):
        raise Refused("svg-active", "<!ENTITY>")
    above = root.getprevious()
    while above is not None:
        if above.tag is etree.PI and above.target == "xml-stylesheet":
            raise Refused("svg-active", "<?xml-stylesheet?>")
        above = above.getprevious()
    for element in root.iter():
        _check(element)
    drawn, effects = _count_drawn(root)
    if effects > _MOST_EFFECTS:
        raise Refused("svg-effects", str(min(effects, 10 * _MOST_EFFECTS)))
    if drawn > _MOST_DRAWN:
        raise Refused("svg-copies", str(min(drawn, 10 * _MOST_DRAWN)))
    return root


def _count_drawn(root: _Element) -> tuple[int, int]:
    """Returns how many elements a browser draws, and how many steps of filters it takes: what is used again counts again,
    as often as it is.
    """
    by_id = {str(name): element for element in root.iter() if (name := element.get("id")) is not None}
    weights: dict[_Element, int] = {}
    effects: dict[_Element, int] = {}
    open_ones = {root}
    stack: list[tuple[_Element, list[_Element]]] = [(root, _drawn_by(root, by_id))]
    while stack:
        element, parts = stack[-1]
        part = next((each for each in parts if each not in weights and each not in open_ones), None)
        if part is not None:
            open_ones.add(part)
            stack.append((part, _drawn_by(part, by_id)))
            continue
        stack.pop()
        open_ones.discard(element)
        # What is within itself is drawn once.
        weights[element] = 1 + sum(weights.get(each, 0) for each in parts)
        effects[element] = _steps(element) + sum(effects.get(each, 0) for each in parts)
    # What nothing refers to is no work; what styles refer to may be that of any element.
    unused = sum(steps for each, steps in effects.items() if _local(each) == "filter")
    styled = 0
    for text in ("".join(str(part) for part in each.itertext()) for each in effects if _local(each) == "style"):
        named = [by_id[name] for name in _OWN_PARTS.findall(text) if name in by_id]
        styled += len(_SHORT_STEP.findall(text)) + sum(effects.get(each, 0) for each in named)
    return weights[root], effects[root] - unused + styled * len(effects)


def _is_step(element: _Element) -> bool:
    name = _local(element)
    return name.startswith("fe") and not name.startswith(_NO_STEPS)


def _steps(element: _Element) -> int:
    """Returns how many steps of filters an element takes by itself."""
    short = sum(len(_SHORT_STEP.findall(str(element.get(key, "")))) for key in ("style", "filter"))
    return _is_step(element) + short


def _drawn_by(element: _Element, by_id: Mapping[str, _Element]) -> list[_Element]:
    """Returns what is drawn with an element: what it holds, and what it refers to."""
    found = [child for child in element if isinstance(child.tag, str)]
    for key, value in element.attrib.items():
        text = str(value)
        if str(key).rpartition("}")[2].lower() == "href" and text.lstrip().startswith("#") and _local(element) != "a":
            named = [text.strip()[1:]]
        else:
            named = _OWN_PARTS.findall(text) if "url" in text else []
        found += [by_id[name] for name in named if name in by_id]
    return found


def _check(element: _Element) -> None:
    if not isinstance(element.tag, str):
        return
    name = _local(element)
    if name in _ACTIVE:
        raise Refused("svg-active", f"<{element.tag.rpartition('}')[2]}>")
    if name == "style":
        text = "".join(str(each) for each in element.itertext())
        if "\\" in text or _reaches(text):
            raise Refused("svg-active", "<style>")
    for key, value in element.attrib.items():
        attribute = str(key).rpartition("}")[2].lower()
        if _is_step(element) and attribute in _MOST_OF_STEP and _largest(str(value)) > _MOST_OF_STEP[attribute]:
            raise Refused("svg-effects", f'{attribute}="{str(value)[:40]}"')
        if attribute.startswith("on") or _reaches(str(value)):
            raise Refused("svg-active", attribute)
        if attribute in ("href", "src") and not _INSIDE.match(str(value)) and name != "a":
            raise Refused("svg-active", f'{attribute}="{str(value)[:40]}"')
        if (
            attribute in ("href", "src")
            and name == "a"
            and not re.match(r"\s*(?:#|https?:)", str(value), re.IGNORECASE)
        ):
            raise Refused("svg-active", f'{attribute}="{str(value)[:40]}"')


def _largest(text: str) -> float:
    try:
        return max((float(each) for each in re.split(r"[\s,]+", text[:200].strip()) if each), default=0)
    except ValueError:
        return 0


def _reaches(text: str) -> bool:
    """Returns true for styles that load something. Escapes (CSS Syntax Level 3, 4.3.7) could hide what a function is
    called.
    """
    return bool(_REACHING.search(text) or ("\\" in text and "(" in text))


def _local(element: _Element) -> str:
    return str(element.tag).rpartition("}")[2].lower()


def _drop(element: _Element, parent: _Element) -> None:
    """Takes an element out and leaves the text behind it."""
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)

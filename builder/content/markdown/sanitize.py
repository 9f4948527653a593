"""The allow-list of HTML, applied by nh3, and the diagnostics for what it removes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any
from urllib.parse import unquote

import nh3

from builder.content.markdown.embed import attributes_at
from builder.content.markdown.lines import Columns
from builder.content.markdown.masking import without_code
from builder.messages.diagnostics import Diagnostic

TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*+)([^<>]*+)>")
_OPEN = re.compile(r"<([a-zA-Z][a-zA-Z0-9-]*+)(?=[\s/>])")
_TAGS = frozenset(
    "a abbr b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption figure h1 h2 "
    "h3 h4 h5 h6 hr i img input ins kbd li mark ol p pre q rp rt ruby s samp section small span strong sub summary sup "
    "table tbody td tfoot th thead time tr u ul var wbr".split()
)
_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"id", "lang", "dir", "title", "data-sourcepos"},
    "a": {"href", "name"},
    "img": {"src", "alt", "width", "height", "data-embed"},
    "td": {"colspan", "rowspan", "align"},
    "th": {"colspan", "rowspan", "align", "scope"},
    "ol": {"start", "reversed", "type"},
    "li": {"value"},
    "code": {"class", "data-math-style"},
    "div": {"class", "align"},
    "section": {"class"},
    "sup": {"class"},
    "span": {"data-math-style"},
    "input": {"type", "checked", "disabled"},
    "p": {"class", "align"},
    **{f"h{level}": {"align"} for level in range(1, 7)},
    "time": {"datetime"},
    "blockquote": {"cite"},
    "q": {"cite"},
    "details": {"open"},
    "col": {"span"},
    "colgroup": {"span"},
}
SCHEMES = frozenset("http https mailto tel webcal ftp magnet sms geo".split())
_ONLY_PLACED = re.compile(r"( data-sourcepos=\"[\d:-]*+\")?+>")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*+):")
EMBEDDED = re.compile(r"data:image/(png|jpeg|gif|webp);base64,([A-Za-z0-9+/]*+={0,2})", re.IGNORECASE)
"""A picture that is written into the text."""
MOST_EMBEDDED = 400_000
"""Characters of one, at most."""
_CLASSES = re.compile(r"language-[^\s\"<>]{1,40}|markdown-alert[a-z-]*|footnotes|footnote-ref")
# What HTML has besides, and what it had; nothing else means anything to browsers.
_OTHER_TAGS = frozenset(
    "address acronym applet area article aside audio base basefont bgsound big blink body button canvas center data datalist "
    "dialog dir embed fieldset font footer form frame frameset head header hgroup html iframe image isindex keygen label legend "
    "link listing main map marquee math menu menuitem meta meter multicol nav nextid nobr noembed noframes noscript object "
    "optgroup option output param picture plaintext portal progress rb rtc script search select slot source spacer strike "
    "style svg template textarea title track tt video xmp".split()
)
_TAG_OR_SIGN = re.compile(
    r"</?([a-zA-Z][a-zA-Z0-9-]*+)(?=[\s/>])(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+>|<(?=/?[a-zA-Z])"
)
_UNSEEN = re.compile(r"<(\?|!\[CDATA\[|!(?=[A-Za-z]))")
# These hold no text that would be missed.
_WITH_CONTENT = frozenset({"script", "style", "noscript", "template", "applet", "svg", "math"})
_OF_ENGINE = frozenset(("data-sourcepos", "data-footnote-ref", "data-footnote-backref", "data-footnotes"))
# These have become pictures by then.
_EMBEDS = frozenset(("iframe", "frame", "video", "audio", "source", "embed", "object"))
_MOST_TOLD = 50

# What the engine writes of most texts, in the form in which the sanitizer would leave it but for quotation marks and slashes.
_PLACED_AT = r" data-sourcepos=\"[0-9:-]{1,60}\""
_HOST = r"(?:(?!xn--)[a-z0-9](?:[a-z0-9-]{0,40}[a-z0-9])?\.){1,6}[a-z]{2,20}"
_PATH = r"(?:[A-Za-z0-9_.~/%=+-]|&amp;)"
_FRAGMENT = r"(?:\#[A-Za-z0-9_.%-]*+)?+"
_PLAIN_ADDRESS = (
    rf"(?:https?://{_HOST}(?:/{_PATH}*+)?+(?:\?{_PATH}*+)?+{_FRAGMENT}"
    rf"|(?:\.\.?/)*+[A-Za-z0-9_%-][A-Za-z0-9_.~/%-]*+{_FRAGMENT}|\#[A-Za-z0-9_.%-]*+)"
)
_WORDS = r"\"[^<>&\"\r\0\xa0]*+\""
_PLAIN_HTML = re.compile(
    rf"(?:[^<>&\r\0\xa0]++|&(?:amp|lt|gt|quot);|<(?:"
    rf"/(?:p|h[1-6]|ul|ol|li|blockquote|strong|em|del|code|pre|a)"
    rf"|(?:p|h[1-6]|ul|li|blockquote|strong|em|del|code){_PLACED_AT}"
    rf"|ol{_PLACED_AT}(?: start=\"[0-9]{{1,9}}\")?+"
    rf"|(?:br|hr){_PLACED_AT} /"
    rf"|pre{_PLACED_AT}><code(?: class=\"language-[A-Za-z0-9_+#-]{{1,40}}\")?+"
    rf"|a{_PLACED_AT} href=\"{_PLAIN_ADDRESS}\"(?: title={_WORDS})?+"
    rf"|img{_PLACED_AT} src=\"{_PLAIN_ADDRESS}\" alt={_WORDS}(?: title={_WORDS})?+ /"
    rf"|input type=\"checkbox\"(?: checked=\"\")?+ disabled=\"\" /"
    rf")>)*+"
)
_NAME = re.compile(r"<(/?[a-z0-9]++)")
_INLINE = frozenset(("strong", "em", "del", "code", "a", "br", "img", "input"))
_FLOW = _INLINE | {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote", "pre", "hr"}
_HELD: Mapping[str, frozenset[str]] = {
    "": _FLOW,
    "li": _FLOW,
    "blockquote": _FLOW,
    "ul": frozenset(("li",)),
    "ol": frozenset(("li",)),
    "pre": frozenset(("code",)),
    "code": frozenset(),
}
"""The elements that may lie in each without the parser moving them; in all others those of :data:`_INLINE`."""
_EMPTY = frozenset(("br", "hr", "img", "input"))


def plain_html(html: str) -> str | None:
    """Returns what :func:`sanitized` would return for HTML with nothing in it that it takes out or moves; None for any that may
    have such a thing. Most texts have none, and this takes a tenth of the time."""
    if _PLAIN_HTML.fullmatch(html) is None:
        return None
    around = [""]
    for name in _NAME.findall(html):
        if name[0] == "/":
            if around.pop() != name[1:]:
                return None
        elif name not in _HELD.get(around[-1], _INLINE) or (name == "a" and "a" in around):
            return None
        elif name not in _EMPTY:
            around.append(name)
    return html.replace("&quot;", '"').replace(" />", ">") if len(around) == 1 else None


def sanitized(html: str, allow: bool) -> str:
    """Returns ``html`` with only what may stay, well-formed. With ``allow`` everything stays, and is made well-formed."""
    if allow:
        return _balance(html)
    return _cleaner().clean(_TAG_OR_SIGN.sub(_unwrap, html))  # type: ignore[no-any-return]


def _unwrap(match: re.Match[str]) -> str:
    """Returns nothing for a tag that is none of HTML's, like the one of ``vector<int>``: of those that SVG and MathML know
    the sanitizer would take out what follows, too. A sign that begins no whole tag is text, lest it become one.
    """
    if match[1] is None:
        return "&lt;"
    name = match[1].lower()
    return match[0] if name in _TAGS or name in _OTHER_TAGS else ""


@cache
def _cleaner() -> Any:
    return nh3.Cleaner(
        tags=set(_TAGS),
        clean_content_tags=set(_WITH_CONTENT),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        attribute_filter=_filter_attribute,
        link_rel=None,
        # Of these, the filter lets pass pictures only.
        url_schemes={*SCHEMES, "data"},
    )


def _filter_attribute(tag: str, name: str, value: str) -> str | None:
    if name in ("href", "src", "cite") and value.strip().lower().startswith("data:"):
        return value.strip() if tag == "img" and is_embedded(value.strip()) else None
    if name == "class":
        return " ".join(word for word in value.split() if _CLASSES.fullmatch(word)) or None
    if name in ("id", "name"):
        return None if value.startswith(("__", "bp-")) or re.search(r"\s", value) or not value else value
    if name in ("width", "height") and not re.fullmatch(r"\d{1,5}", value):
        return None
    if name == "align" and value not in ("left", "center", "right"):
        return None
    if name in ("colspan", "rowspan", "span") and not re.fullmatch(r"[1-9]\d{0,2}", value):
        return None
    if name == "dir" and value.lower() not in ("ltr", "rtl", "auto"):
        return None
    return value


def is_embedded(address: str) -> bool:
    """Returns true for a small picture that is written into the text itself."""
    return len(address) <= MOST_EMBEDDED and EMBEDDED.fullmatch(address) is not None


def _balance(html: str) -> str:
    from lxml import html as lxml_html

    root = lxml_html.fragment_fromstring(html, create_parent="div")
    text: str = lxml_html.tostring(root, encoding="unicode")
    return text[len("<div>") : -len("</div>")] if text.startswith("<div>") else ""


def address_code(target: str, picture: bool) -> str:
    """Returns the code of what is wrong with an address for any reader; empty if nothing is."""
    plain = re.sub(r"[\x00-\x20]", "", target)
    match = _SCHEME.match(plain)
    if match is not None and (len(match[1]) == 1 or match[1].lower() == "file"):
        return "address-local"
    if match is None:
        return "" if plain or picture else "address-nowhere"
    if match[1].lower() in SCHEMES:
        return "" if _leads_somewhere(match[1].lower(), plain[match.end() :]) else "address-nowhere"
    return "" if picture and is_embedded(plain) else "address-scheme"


def _leads_somewhere(scheme: str, rest: str) -> bool:
    """Tells whether there is anything behind a scheme that can be opened: of a website a host, which is no scheme again."""
    if scheme not in ("http", "https"):
        return rest.strip("/") != ""
    host = re.split(r"[/?#]", rest.lstrip("/\\"), maxsplit=1)[0]
    return (
        rest.startswith("//")
        and re.search(r"\w", unquote(host)) is not None
        and host.lower() not in ("http:", "https:")
    )


class Removed:
    """The parts that the sanitizer takes out of a body, each kind reported once."""

    def __init__(self, html: str, text: str, prepared: str, first_line: int) -> None:
        self.html, self.text, self.first_line = html, text, first_line
        self.columns = Columns(prepared)
        self._lines: dict[str, int] | None = None

    def diagnostics(self) -> Iterator[Diagnostic]:
        """Returns a diagnostic for each kind of element and attribute, and for each address that nobody can open."""
        told: set[str] = set()
        for match in _UNSEEN.finditer(self.html):
            yield from self._tell(f"<{match[1]}", told)
        for match in _OPEN.finditer(self.html):
            name = match[1].lower()
            if name in _TAGS and _ONLY_PLACED.match(self.html, match.end()):
                # As the engine writes nearly all of them.
                continue
            attributes, end = attributes_at(self.html, match.end())
            if end < 0:
                continue
            if name not in _TAGS and (name not in _EMBEDS or (name == "object" and not attributes.get("data"))):
                yield from self._tell(f"<{name}>", told)
                continue
            own = not _OF_ENGINE.isdisjoint(attributes) or attributes.get("class", "").startswith("markdown-alert")
            for key, value in attributes.items():
                if key in ("href", "src", "data") and (code := address_code(value, name == "img")):
                    yield from self._tell_address(code, value, attributes.get("data-sourcepos", ""), told)
                elif not own and name in _TAGS and not self._stays(name, key, value):
                    yield from self._tell(f"{key}=", told)

    @staticmethod
    def _stays(name: str, key: str, value: str) -> bool:
        if key not in _ATTRIBUTES["*"] and key not in _ATTRIBUTES.get(name, ()):
            # Where a link opens is the reader's to say; what it loads, and when, is the builder's.
            return key in ("target", "rel", "loading", "decoding")
        return _filter_attribute(name, key, value) is not None

    def _tell(self, what: str, told: set[str]) -> Iterator[Diagnostic]:
        if what not in told and len(told) < _MOST_TOLD:
            told.add(what)
            name = what.strip("<>")
            gone = name in _WITH_CONTENT or not name[0].isalpha()
            known = name in _OTHER_TAGS or what[0] != "<"
            cause = "html-gone" if gone else "html-kept" if known else "html-unknown"
            yield Diagnostic("raw-html-removed", self._line(what), arguments={"what": what, "cause": cause})

    def _tell_address(self, code: str, target: str, place: str, told: set[str]) -> Iterator[Diagnostic]:
        if target in told or len(told) >= _MOST_TOLD:
            return
        told.add(target)
        match = re.match(r"(\d+):(\d+)", place)
        line = int(match[1]) + self.first_line - 1 if match is not None else self._line_of(target)
        column = self.columns.column(int(match[1]), int(match[2])) if match is not None else None
        shown = target if len(target) <= 80 else target[:77] + "…"
        yield Diagnostic(code, line, column, {"target": _readable(shown)})

    def _line_of(self, target: str) -> int:
        position = self.text.find(target)
        return self.text.count("\n", 0, max(position, 0)) + self.first_line

    def _line(self, what: str) -> int:
        """Returns the first line of the source on which such an element or attribute stands."""
        if self._lines is None:
            self._lines = {}
            masked = without_code(self.text)
            line = position = 0
            for match in _OPEN.finditer(masked):
                line += masked.count("\n", position, match.start())
                position = match.start()
                for key in (f"<{match[1].lower()}>", *(f"{key}=" for key in attributes_at(masked, match.end())[0])):
                    self._lines.setdefault(key, line)
            for match in _UNSEEN.finditer(masked):
                self._lines.setdefault(f"<{match[1]}", masked.count("\n", 0, match.start()))
        return self._lines.get(what, 0) + self.first_line


def _readable(target: str) -> str:
    try:
        found = unquote(target, errors="strict")
    except UnicodeDecodeError:
        return target
    return found if found.isprintable() else target

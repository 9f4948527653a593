"""From sanitized HTML to a body: links cut out, headings named, code highlighted, formulas set, plain text taken."""

from __future__ import annotations

import re
import unicodedata
from html import escape, unescape
from urllib.parse import quote, unquote, urlsplit

from builder.content.markdown.anchors import anchor_of
from builder.content.markdown.body import Body, Heading, Link, Options
from builder.content.markdown.code import Highlighter
from builder.content.markdown.embed import frame_address
from builder.content.markdown.formula import as_written, formula
from builder.content.markdown.lines import Columns, Searcher
from builder.content.markdown.masking import holds
from builder.content.markdown.prepare import HAN, WIDE
from builder.content.markdown.text import lines, plain
from builder.formats.direction import direction
from builder.messages.diagnostics import Diagnostic
from builder.messages.translation import N_, translator
from builder.model.addresses import plain_host
from builder.model.media import is_picture

# The sanitizer writes every attribute in double quotes, and no bare "<" in text.
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*+)((?:\s++[^\s=\"<>/]++(?:=\"[^\"]*+\")?+)*+)\s*+/?>")
_COPIED = "p li ul ol blockquote strong em del br hr tr th td thead tbody".split()
"""The elements that are copied as they are once the first paragraph is known, where they have no attributes."""
_PLACED_START = ' data-sourcepos="'
_COPIED_PLACE = re.compile(
    rf"{_PLACED_START}(?:{'|'.join(f'(?<=<{name}{_PLACED_START})' for name in _COPIED)})[^\"]*+\"(?=>)"
)
_NOT_COPIED = re.compile(rf"<(?!/?(?:{'|'.join(_COPIED)})>){_TAG.pattern[1:]}")
_ATTRIBUTE = re.compile(r"([^\s=\"<>/]++)(?:=\"([^\"]*+)\")?+")
_FIGURE = re.compile(
    r"<p( data-sourcepos=\"[^\"]*+\")>((?:<a(?: [^\s=\"<>/]++=\"[^\"]*+\")*+>)?)"
    r"<img((?: (?!title=)[^\s=\"<>/]++=\"[^\"]*+\")*+) title=\"([^\"]++)\"((?: [^\s=\"<>/]++=\"[^\"]*+\")*+)>((?:</a>)?)</p>"
)
_NOTE_ID = re.compile(r" id=\"(fn(?:ref)?-[^\"]*%[^\"]*)\"")
_PLACE = re.compile(r"(\d+):(\d+)-(\d+):(\d+)")
_STOPS = re.compile(rf"[“”‘’…—·￥\uff01-\uff60\u3000-\u303f{HAN}\u3040-\u30ff\uac00-\ud7a3]")
_PUNCTUATION = re.compile(r"[“”‘’…—·￥\uff01-\uff60\u3000-\u3004\u3008-\u3020\u3030]")
_ADDRESS = re.compile(r"(?:https?|ftp)://(?=[\w\[])|www\.(?=[\w-]+\.)")
_SCHEME = re.compile(r"(?:https?|ftp)://")
_HOST = re.compile(r"[^/?#“”‘’…—·￥\uff01-\uff60\u3000-\u3004\u3008-\u3020\u3030]*+")
# What follows an address up to a blank or a sign of punctuation, and signs in it that prose does not have.
_RUN = re.compile(r"[^\s“”‘’…—·￥\uff01-\uff60\u3000-\u3004\u3008-\u3020\u3030,;()\[\]<>\"]+")
_GOES_ON = re.compile(r"[\w%]/[\w%]|\.[A-Za-z0-9]{2,5}$|[?&]\w+=|%[0-9A-Fa-f]{2}", re.ASCII)
_ALERTS = {
    "note": N_("Note"),
    "tip": N_("Tip"),
    "important": N_("Important"),
    "warning": N_("Warning"),
    "caution": N_("Caution"),
}
# CSS Text Module Level 3, 4.1.3: a line break between two wide characters is no space. Quotes and dashes are wide beside one.
_AMBIGUOUS = "‘’“”…—"
# It begins with a sign that is looked for in one step; what stands before it is looked at then.
_WRAPPED = re.compile(rf"\n(?:(?<=[{WIDE}]\n)(?=[{WIDE}{_AMBIGUOUS}])|(?<=[{_AMBIGUOUS}]\n)(?=[{WIDE}]))")
_PREFORMATTED = re.compile(r"(<pre\b.*?</pre>)", re.DOTALL)
_PLAIN = frozenset({"strong", "em", "ul", "ol", "br", "del", "tr", "thead", "tbody"})
"""The elements that nothing else depends on, and that mean nothing else without attributes."""
_PLACED = frozenset(("data-sourcepos",))
_VERBATIM = frozenset({"code", "kbd", "samp"})
_BLOCKS = frozenset({"p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "pre"})
_INNER = frozenset({"li", "blockquote", "table", "section", "div", "dl", "details", "figure"})
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def finish(
    html: str, source: str, first_line: int, title: str | None, options: Options, *, any_level: bool = False
) -> Body:
    """Returns the body that sanitized HTML with ``data-sourcepos`` is; ``source`` is the Markdown it came from."""
    if "<pre" in html:
        parts = _PREFORMATTED.split(html)
        parts[::2] = (_WRAPPED.sub("", part) for part in parts[::2])
        html = "".join(parts)
    else:
        html = _WRAPPED.sub("", html)
    if " title=" in html:
        html = _FIGURE.sub(r"<figure\1>\2<img\3\5>\6<figcaption>\4</figcaption></figure>", html)
    # Labels of footnotes may be in any script; an id is written as it is, an address percent-encoded.
    if ' id="fn' in html:
        html = _NOTE_ID.sub(lambda found: f' id="{escape(unquote(unescape(found[1])))}"', html)
    html, taken = _without_title(html, title, any_level=any_level)
    return _Finisher(html, source, first_line, options).body(taken)


def _without_title(html: str, title: str | None, *, any_level: bool) -> tuple[str, str]:
    """Returns the HTML less the heading that is the title, and that title."""
    taken = ""
    for match in re.finditer(r"<h1\b[^>]*>(.*?)</h1>\n?", html, re.DOTALL):
        text = plain(match[1])
        if text and (title is None or _same(text, title)):
            taken = text
            html = html[: match.start()] + html[match.end() :]
            break
    if not taken and title is None and any_level:
        # Without one of the first level, the first heading of any is the title; in the middle of the text it stays there too.
        first = re.search(r"<(h[2-6])\b[^>]*>(.*?)</\1>\n?", html, re.DOTALL)
        taken = plain(first[2]) if first is not None else ""
        if first is not None and taken and not html[: first.start()].strip():
            html = html[first.end() :]
    return html, taken


def _same(one: str, other: str) -> bool:
    def bare(text: str) -> str:
        return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()

    return bare(one) == bare(other)


class _Finisher:
    """A pass over the tags of a body that builds the finished one."""

    def __init__(self, html: str, source: str, first_line: int, options: Options) -> None:
        self.html, self.first_line, self.frames_from = html, first_line, options.frames_from
        self.text = translator(options.language).gettext
        self.segments: list[str] = []
        self.out: list[str] = []
        self.links: list[Link] = []
        self.headings: list[Heading] = []
        self.anchors: dict[str, None] = {}
        self.counts: dict[str, int] = {}
        self.diagnostics: list[Diagnostic] = []
        self.stack: list[str] = []
        # Of the headings that hold the present place: level as written, level as given. And those not yet closed.
        self.levels: list[tuple[int, int]] = []
        self.unclosed: list[str] = []
        self.in_link = self.in_code = False
        self.block, self.told_of = (1, 1), 0
        self.first = ""
        self.second = ""
        self.position = 0
        self.columns = Columns(source)
        self.searcher = Searcher(source)
        self.highlighter = Highlighter()

    def body(self, title: str) -> Body:
        if ' id="' in self.html:
            for name in re.findall(r' id="([^"]+)"', self.html):
                self.counts.setdefault(unescape(name), 0)
        tag, each = _TAG, ("*" in self.html and "**" in self.html) or "<script" in self.html
        while (match := tag.search(self.html, self.position)) is not None:
            self._text(self.html[self.position : match.start()])
            self.position = match.end()
            closing, name, attributes = match.groups()
            self._tag(closing == "/", name.lower(), self._attributes(attributes))
            if self.first and not each:
                # Where further paragraphs, lists and cells stand means nothing any more.
                self.html = self.html[: self.position] + _COPIED_PLACE.sub("", self.html[self.position :])
                tag, each = _NOT_COPIED, True
        self._text(self.html[self.position :])
        self.segments.append("".join(self.out).strip("\n"))
        return Body(
            segments=tuple(self.segments),
            links=tuple(self.links),
            headings=tuple(self.headings),
            anchors=tuple(self.anchors),
            text=lines(self.html),
            first_paragraph=self.first or self.second,
            title=title,
            diagnostics=tuple(self.diagnostics),
        )

    def _text(self, text: str) -> None:
        """Handles the text between two tags; asterisks that should have made something bold are reported once per block."""
        self.out.append(text)
        if holds(text, "**") and not self.in_code and self.block[0] != self.told_of:
            first, last = self.block
            rows = (self.columns.line(number) for number in range(first, last + 1))
            if not any("\\*" in row for row in rows):
                self.told_of = first
                around = text[max(0, text.index("**") - 10) :].strip()
                what = {"what": unescape(around)[:40].strip()}
                self.diagnostics.append(Diagnostic("emphasis-unread", first + self.first_line - 1, arguments=what))

    @staticmethod
    def _attributes(text: str) -> dict[str, str]:
        if not text:
            return {}
        return {name.lower(): unescape(value) for name, value in _ATTRIBUTE.findall(text)}

    def _tag(self, closing: bool, name: str, attributes: dict[str, str]) -> None:
        if name in _PLAIN and (closing or attributes.keys() <= _PLACED):
            self.out.append(f"</{name}>" if closing else f"<{name}>")
            return
        if closing:
            if name in self.stack:
                while self.stack.pop() != name:
                    pass
            if name == "a":
                self.in_link = False
            elif name in _VERBATIM:
                self.in_code = False
            if name in _HEADINGS and self.unclosed:
                name = self.unclosed.pop()
            self.out.append(f"</{name}></div>" if name == "table" else f"</{name}>")
            return
        place = _PLACE.match(attributes.pop("data-sourcepos", ""))
        if name in _VERBATIM:
            self.in_code = True
        if place is not None and name in _BLOCKS:
            self.block = int(place[1]), int(place[3])
        if name in _INNER:
            self.stack.append(name)
        if name in _HEADINGS:
            self._heading(name, attributes)
        elif name == "a":
            self.in_link = True
            self._link(attributes, place)
        elif name == "img":
            self._image(attributes, place)
        elif name == "pre":
            self._code(attributes, place)
        elif name in ("span", "code") and "data-math-style" in attributes:
            end = self.html.find(f"</{name}>", self.position)
            inner = self.html[self.position : end]
            self.position = end + len(f"</{name}>")
            self._formula(unescape(inner), attributes["data-math-style"] == "display", place)
        elif name == "script":
            end = self.html.find("</script>", self.position)
            self.out.append(_open(name, attributes) + self.html[self.position : end])
            self.position = max(end, self.position)
        else:
            self._plain_tag(name, attributes)

    def _plain_tag(self, name: str, attributes: dict[str, str]) -> None:
        if name == "p":
            self._paragraph()
        if "lang" in attributes:
            attributes.setdefault("dir", direction(attributes["lang"]))
        if "align" in attributes:
            attributes["class"] = f"align-{attributes.pop('align')}"
        if name == "input":
            checked = {"checked": ""} if "checked" in attributes else {}
            attributes = {
                "type": "checkbox",
                **checked,
                "disabled": "",
                "aria-label": self.text(N_("Done") if checked else N_("To do")),
            }
        alert = re.search(r"markdown-alert-(\w+)", attributes.get("class", "")) if name in ("div", "p") else None
        if alert is not None and alert[1] in _ALERTS:
            attributes["class"] = f"admonition {alert[1]}"
        elif alert is not None and name == "p":
            self._alert_title(attributes)
            return
        if name == "table":
            self.out.append('<div class="table-wrap">')
        self._anchor(attributes)
        self.out.append(_open(name, attributes))
        if name == "section" and attributes.get("class") == "footnotes":
            self.out += ["\n<h2>", escape(self.text(N_("Footnotes"))), "</h2>"]

    def _alert_title(self, attributes: dict[str, str]) -> None:
        end = self.html.find("</p>", self.position)
        words = self.html[self.position : end]
        known = _ALERTS.get(words.strip().lower())
        self.out.append('<p class="admonition-title">' + (escape(self.text(known)) if known else words))
        self.position = end

    def _anchor(self, attributes: dict[str, str]) -> None:
        """Keeps ids unique: a second one of the same name is dropped."""
        name = attributes.get("id")
        if name is not None:
            if name in self.anchors:
                del attributes["id"]
            else:
                self.anchors[name] = None

    def _level(self, name: str) -> str:
        """Returns the heading's level on the page, whose only first-level heading is the title: no level is left out on
        the way down, whatever signs the writer took for their look.
        """
        written = int(name[1])
        while self.levels and self.levels[-1][0] >= written:
            self.levels.pop()
        given = min(6, (self.levels[-1][1] if self.levels else 1) + 1)
        self.levels.append((written, given))
        self.unclosed.append(f"h{given}")
        return f"h{given}"

    def _heading(self, name: str, attributes: dict[str, str]) -> None:
        end = self.html.find(f"</{name}>", self.position)
        text = plain(self.html[self.position : end])
        if "id" not in attributes or attributes["id"] in self.anchors:
            wanted = anchor_of(text) or "section"
            # The theme's own ids begin like this.
            reserved = wanted.startswith(("bp-", "__"))
            attributes["id"] = self._free(f"section-{wanted}" if reserved else wanted)
        level = self._level(name)
        self._anchor(attributes)
        if text:
            self.headings.append(Heading(int(level[1]), attributes["id"], text))
        self.out.append(_open(level, attributes))

    def _free(self, name: str) -> str:
        """Returns ``name``, followed by the first free number if it is taken."""
        if name not in self.counts and name not in self.anchors:
            self.counts[name] = 0
            return name
        self.counts.setdefault(name, 0)
        while True:
            self.counts[name] += 1
            candidate = f"{name}-{self.counts[name]}"
            if candidate not in self.counts and candidate not in self.anchors:
                self.counts[candidate] = 0
                return candidate

    def _formula(self, source: str, display: bool, place: re.Match[str] | None) -> None:
        """Returns a formula; what cannot be converted stays readable as written, and is reported."""
        markup = formula(source, display)
        written = as_written(source, display)
        if not markup and source.strip():
            markup = f'<code class="math">{escape(written, quote=False)}</code>'
            line, column = self._where(place, source)
            shown = " ".join(written.split())
            arguments = {"formula": shown if len(shown) <= 60 else shown[:59] + "…"}
            self.diagnostics.append(Diagnostic("formula-unreadable", line, column, arguments))
        self.out.append(markup or escape(written, quote=False))

    def _cut(self, name: str, rest: dict[str, str]) -> None:
        self.out.append(f"<{name} ")
        self.segments.append("".join(self.out))
        self.out = ["".join(f' {key}="{escape(value)}"' for key, value in rest.items()) + ">"]

    def _link(self, attributes: dict[str, str], place: re.Match[str] | None) -> None:
        name = attributes.pop("name", "")
        if name:
            attributes.setdefault("id", name)
        self._anchor(attributes)
        attributes.pop("rel", None)
        href = attributes.pop("href", None)
        end = self.html.find("</a>", self.position)
        inner = self.html[self.position : end] if end >= 0 else ""
        if href is None:
            self.out.append(_open("a", attributes))
            return
        line, column = self._where(place, href)
        if place is not None and "<" not in inner and self._bare(line, column):
            self.position = end + len("</a>")
            self._bare_address(unescape(inner), href, line, column or 1, attributes)
            return
        self.links.append(Link("link", href, line, column, plain(inner)))
        if href.startswith("#fnref-") and inner.startswith("↩"):
            attributes["aria-label"] = self.text(N_("Back to the text"))
        self._cut("a", attributes)

    def _bare_address(self, shown: str, href: str, line: int, column: int, attributes: dict[str, str]) -> None:
        """Returns an address without any signs around it; what follows it without a blank may hold another one."""
        start = 0
        while True:
            end = _end_of_address(shown, start)
            kept = shown[start:end]
            target = href if end == len(shown) and start == 0 else _address_of(kept, href)
            self.links.append(Link("link", target, line, column + start, kept))
            self._cut("a", attributes)
            following = _ADDRESS.search(shown, end)
            self._report_cut(
                shown[start:end], shown[end : following.start() if following else None], line, column + start
            )
            start = following.start() if following is not None else len(shown)
            self.out.append(f"{escape(kept, quote=False)}</a>{escape(shown[end:start], quote=False)}")
            if following is None:
                return

    def _report_cut(self, address: str, rest: str, line: int, column: int) -> None:
        """Reports an address that may well go on with the Chinese characters at which it was ended."""
        run = _RUN.match(rest)
        if run is None or _PUNCTUATION.match(rest):
            return
        if address[-1] in "/=-_#&%+~." or _GOES_ON.search(run[0]):
            whole = {"target": address, "rest": run[0][:40], "line": f"<{address}{run[0]}>"[:120]}
            self.diagnostics.append(Diagnostic("address-cut", line, column, whole))

    def _image(self, attributes: dict[str, str], place: re.Match[str] | None) -> None:
        self._anchor(attributes)
        source = attributes.pop("src", None)
        if not source:
            return
        alt = " ".join(attributes.pop("alt", "").split())
        embed = attributes.pop("data-embed", "")
        line, column = self._where(place, source)
        if embed == "frame":
            self._frame(source, alt, attributes, line)
            return
        self.links.append(Link("image", source, line, column, alt))
        if not alt and not embed and _shows_picture(source):
            self.diagnostics.append(Diagnostic("image-alt-missing", line, column, {"target": source[:80]}))
        kept = {key: value for key, value in attributes.items() if key not in ("width", "height")}
        self._cut("img", {"alt": alt, **kept})

    def _frame(self, source: str, title: str, attributes: dict[str, str], line: int) -> None:
        """Returns a frame of an allowed host; any other leaves a link in its place."""
        address = frame_address(source, self.frames_from)
        if address:
            size = {key: value for key, value in attributes.items() if key in ("width", "height")}
            words = title or plain_host(urlsplit(address).hostname or "")
            shown = {"src": address, "title": words, "loading": "lazy", "allowfullscreen": "", **size}
            self.out.append(_open("iframe", shown) + "</iframe>")
            return
        target = f"https:{source}" if source.startswith("//") else source
        words = title or target
        self.diagnostics.append(Diagnostic("frame-refused", line, arguments={"target": target[:80]}))
        if self.in_link:
            self.out.append(escape(words, quote=False))
            return
        self.links.append(Link("link", target, line, None, words))
        self._cut("a", {})
        self.out.append(f"{escape(words, quote=False)}</a>")

    def _where(self, place: re.Match[str] | None, target: str) -> tuple[int, int | None]:
        """Returns line and column in the file; in raw HTML the line on which its block begins."""
        if place is not None:
            line = int(place[1])
            return line + self.first_line - 1, self.columns.column(line, int(place[2]))
        return self.searcher.block_of(target) + self.first_line - 1, None

    def _bare(self, line: int, column: int | None) -> bool:
        """Returns true for an address that stands in the source without any signs around it."""
        row = self.columns.line(line - self.first_line + 1)
        return column is not None and row[column - 1 : column] not in ("[", "<", "!")

    def _code(self, attributes: dict[str, str], place: re.Match[str] | None) -> None:
        """Returns a code block: highlighted where its language is known."""
        end = self.html.find("</pre>", self.position)
        inner = self.html[self.position : end]
        match = re.fullmatch(
            r'<code(?: class="language-([^"]*+)")?+( data-math-style="\w+")?+>([^<]*+)</code>\s*+', inner
        )
        if match is None:
            self._anchor(attributes)
            self.out.append(_open("pre", attributes))
            return
        if match[2]:
            self.out.append("<p>")
            self._formula(unescape(match[3]), True, place)
            self.out.append("</p>")
        else:
            self.out.append(self.highlighter.html(unescape(match[3]), unescape(match[1] or "")))
        self.position = end + len("</pre>")

    def _paragraph(self) -> None:
        if self.first:
            return
        end = self.html.find("</p>", self.position)
        text = plain(self.html[self.position : end])
        if not text:
            return
        if not self.stack:
            self.first = text
        elif not self.second and "section" not in self.stack:
            self.second = text


def _open(name: str, attributes: dict[str, str]) -> str:
    if not attributes:
        return f"<{name}>"
    return f"<{name}" + "".join(f' {key}="{escape(value)}"' for key, value in attributes.items()) + ">"


def _shows_picture(target: str) -> bool:
    return target.startswith("data:") or is_picture(target.partition("?")[0].partition("#")[0])


def _end_of_address(shown: str, start: int) -> int:
    """Finds the end of the address that begins at ``start``: there Chinese text begins. The host itself may be Chinese."""
    scheme = _SCHEME.match(shown, start)
    begins = scheme.end() if scheme is not None else start
    if _STOPS.match(shown, begins) and not _PUNCTUATION.match(shown, begins):
        host = _HOST.match(shown, begins)
        begins = host.end() if host is not None else begins
    match = _STOPS.search(shown, begins)
    return match.start() if match is not None else len(shown)


def _address_of(shown: str, href: str) -> str:
    """Returns the address that a shown one stands for; ``href`` is that of all that it was cut from."""
    before = "http://" if shown.startswith("www.") else "mailto:" if href.startswith("mailto:") else ""
    return before + quote(shown, safe="/:@!$&'()*+,;=~-._?#%")

"""From sanitized HTML to a body: links cut out, headings named, code highlighted, formulas set, plain text taken."""

from __future__ import annotations

import re
import unicodedata
from html import escape, unescape
from urllib.parse import quote

from builder.messages.translation import N_, translator
from builder.content.markdown.body import Body, Heading, Link
from builder.messages.diagnostics import Diagnostic
from builder.content.markdown.code import highlighted
from builder.content.markdown.formula import formula

# The sanitizer writes every attribute in double quotes, and no bare "<" or ">" in text.
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)((?:\s+[^\s=\"<>/]+(?:=\"[^\"]*\")?)*)\s*/?>")
_ATTRIBUTE = re.compile(r"([^\s=\"<>/]+)(?:=\"([^\"]*)\")?")
_ANY_TAG = re.compile(r"<[^<>]*>")
_BREAK = re.compile(r"</(?:p|li|h[1-6]|tr|pre|div|dd|dt|figcaption|summary)>|<br\s*/?>|<hr\s*/?>")
_PLACE = re.compile(r"(\d+):(\d+)-(\d+):(\d+)")
_STOPS = re.compile(r"[，。；：！？、（）《》「」『』【】“”‘’…\u3000]")
_ALERTS = {
    "note": N_("Note"),
    "tip": N_("Tip"),
    "important": N_("Important"),
    "warning": N_("Warning"),
    "caution": N_("Caution"),
}
# CSS Text Module Level 3, 4.1.3: a line break between two wide characters is no space. Quotes and dashes are wide beside one.
_WIDE = "\u2e80-\u312f\u3190-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff60\U00020000-\U0003fffd"
_AMBIGUOUS = "‘’“”…—"
_WRAPPED = re.compile(
    rf"<pre\b.*?</pre>|(?<=[{_WIDE}])\n(?=[{_WIDE}{_AMBIGUOUS}])|(?<=[{_AMBIGUOUS}])\n(?=[{_WIDE}])", re.DOTALL
)
_INNER = frozenset({"li", "blockquote", "table", "section", "div", "dl", "details", "figure"})
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def finish(html: str, source: str, first_line: int, title: str | None, language: str) -> Body:
    """The body that sanitized HTML with ``data-sourcepos`` is; ``source`` is the Markdown it came from."""
    html = _WRAPPED.sub(lambda found: "" if found[0] == "\n" else found[0], html)
    html, taken = _without_title(html, title)
    return _Finisher(html, source, first_line, language).body(taken)


def plain(html: str) -> str:
    """The text of HTML on one line."""
    return " ".join(unescape(_ANY_TAG.sub("", html)).split())


def _without_title(html: str, title: str | None) -> tuple[str, str]:
    """The HTML less the heading that is the title, and that title."""
    taken = ""
    for match in re.finditer(r"<h1\b[^>]*>(.*?)</h1>\n?", html, re.DOTALL):
        text = plain(match[1])
        if text and (title is None or _same(text, title)):
            taken = text
            html = html[: match.start()] + html[match.end() :]
            break
    return html, taken


def _same(one: str, other: str) -> bool:
    def bare(text: str) -> str:
        return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()

    return bare(one) == bare(other)


class _Finisher:
    """One pass over the tags of a body."""

    def __init__(self, html: str, source: str, first_line: int, language: str) -> None:
        self.html, self.source, self.first_line = html, source, first_line
        self.text = translator(language).gettext
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
        self.first = ""
        self.second = ""
        self.position = 0
        self.columns = _Columns(source)
        self.searcher = _Searcher(source)

    def body(self, title: str) -> Body:
        for name in re.findall(r' id="([^"]+)"', self.html):
            self.counts.setdefault(unescape(name), 0)
        while (match := _TAG.search(self.html, self.position)) is not None:
            self.out.append(self.html[self.position : match.start()])
            self.position = match.end()
            self._tag(match[1] == "/", match[2].lower(), self._attributes(match[3]))
        self.out.append(self.html[self.position :])
        self.segments.append("".join(self.out).strip("\n"))
        return Body(
            segments=tuple(self.segments),
            links=tuple(self.links),
            headings=tuple(self.headings),
            anchors=tuple(self.anchors),
            text=_lines(self.html),
            first_paragraph=self.first or self.second,
            title=title,
            diagnostics=tuple(self.diagnostics),
        )

    @staticmethod
    def _attributes(text: str) -> dict[str, str]:
        return {name.lower(): unescape(value) for name, value in _ATTRIBUTE.findall(text)}

    def _tag(self, closing: bool, name: str, attributes: dict[str, str]) -> None:
        if closing:
            if name in self.stack:
                while self.stack.pop() != name:
                    pass
            if name in _HEADINGS and self.unclosed:
                name = self.unclosed.pop()
            self.out.append(f"</{name}></div>" if name == "table" else f"</{name}>")
            return
        place = _PLACE.match(attributes.pop("data-sourcepos", ""))
        if name in _INNER:
            self.stack.append(name)
        if name in _HEADINGS:
            self._heading(name, attributes)
        elif name == "a":
            self._link(attributes, place)
        elif name == "img":
            self._image(attributes, place)
        elif name == "pre":
            self._code(attributes)
        elif name == "span" and "data-math-style" in attributes:
            end = self.html.find("</span>", self.position)
            inner = self.html[self.position : end]
            self.out.append(formula(unescape(inner), attributes["data-math-style"] == "display"))
            self.position = end + len("</span>")
        elif name == "script":
            end = self.html.find("</script>", self.position)
            self.out.append(_open(name, attributes) + self.html[self.position : end])
            self.position = max(end, self.position)
        else:
            self._plain_tag(name, attributes)

    def _plain_tag(self, name: str, attributes: dict[str, str]) -> None:
        if name == "p":
            self._paragraph()
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
        """Ids are unique: a second of the same name is dropped."""
        name = attributes.get("id")
        if name is not None:
            if name in self.anchors:
                del attributes["id"]
            else:
                self.anchors[name] = None

    def _level(self, name: str) -> str:
        """The heading's level on the page, whose only first-level heading is the title: no level is left out on the way
        down, whatever signs the writer took for their look."""
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
        """``name``, or with the first number behind it that nobody has."""
        if name not in self.counts:
            self.counts[name] = 0
            return name
        while True:
            self.counts[name] += 1
            candidate = f"{name}-{self.counts[name]}"
            if candidate not in self.counts:
                self.counts[candidate] = 0
                return candidate

    def _cut(self, name: str, rest: dict[str, str]) -> None:
        self.out.append(f"<{name} ")
        self.segments.append("".join(self.out))
        self.out = ["".join(f' {key}="{escape(value)}"' for key, value in rest.items()) + ">"]

    def _link(self, attributes: dict[str, str], place: re.Match[str] | None) -> None:
        self._anchor(attributes)
        attributes.pop("rel", None)
        href = attributes.pop("href", None)
        end = self.html.find("</a>", self.position)
        inner = self.html[self.position : end] if end >= 0 else ""
        if href is None:
            self.out.append(_open("a", attributes))
            return
        line, column = self._where(place, href)
        tail = ""
        if place is not None and "<" not in inner and self._bare(line, column):
            shown, href, tail = _ended(unescape(inner), href)
            self.position = end
            inner = escape(shown, quote=False)
        self.links.append(Link("link", href, line, column, plain(inner)))
        if href.startswith("#fnref-") and inner.startswith("↩"):
            attributes["aria-label"] = self.text(N_("Back to the text"))
        self._cut("a", attributes)
        if tail:
            self.out.append(f"{inner}</a>{escape(tail, quote=False)}")
            self.position = end + len("</a>")
        elif place is not None and self.position == end:
            self.out.append(inner)

    def _image(self, attributes: dict[str, str], place: re.Match[str] | None) -> None:
        self._anchor(attributes)
        source = attributes.pop("src", None)
        if not source:
            return
        alt = " ".join(attributes.pop("alt", "").split())
        line, column = self._where(place, source)
        self.links.append(Link("image", source, line, column, alt))
        if not alt:
            self.diagnostics.append(Diagnostic("image-alt-missing", line, column, {"target": source[:80]}))
        kept = {key: value for key, value in attributes.items() if key not in ("width", "height")}
        self._cut("img", {"alt": alt, **kept})

    def _where(self, place: re.Match[str] | None, target: str) -> tuple[int, int | None]:
        """Line and column in the file; in raw HTML the line on which its block begins."""
        if place is not None:
            line = int(place[1])
            return line + self.first_line - 1, self.columns.column(line, int(place[2]))
        return self.searcher.block_of(target) + self.first_line - 1, None

    def _bare(self, line: int, column: int | None) -> bool:
        """True for an address that stands in the source without any signs around it."""
        row = self.columns.line(line - self.first_line + 1)
        return column is not None and row[column - 1 : column] not in ("[", "<", "!")

    def _code(self, attributes: dict[str, str]) -> None:
        """A code block: highlighted where its language is known."""
        end = self.html.find("</pre>", self.position)
        inner = self.html[self.position : end]
        match = re.fullmatch(r'<code(?: class="language-([^"]*)")?>([^<]*)</code>\s*', inner)
        if match is None:
            self._anchor(attributes)
            self.out.append(_open("pre", attributes))
            return
        self.out.append(highlighted(unescape(match[2]), unescape(match[1] or "")))
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


class _Columns:
    """Columns in characters. The engine gives bytes, since counting characters costs it the square of a line's length;
    here each line is counted once, from left to right."""

    def __init__(self, source: str) -> None:
        self.lines = source.split("\n")
        self.counted = (0, b"", 0, 0)

    def line(self, number: int) -> str:
        """A line of the source by its 1-based number."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def column(self, number: int, byte: int) -> int:
        """The 1-based column of a 1-based byte of a line."""
        at, content, bytes_done, characters = self.counted
        if at != number or byte - 1 < bytes_done:
            content, bytes_done, characters = self.line(number).encode("utf-8", "surrogatepass"), 0, 0
        characters += len(content[bytes_done : byte - 1].decode("utf-8", "ignore"))
        self.counted = (number, content, byte - 1, characters)
        return characters + 1


class _Searcher:
    """Where raw HTML stands in the source: targets are looked for in order, each from where the last one was."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.position = 0

    def block_of(self, target: str) -> int:
        """The 1-based line on which the block begins that holds ``target`` next."""
        found = self.source.find(target, self.position)
        if found < 0:
            found = self.source.find(escape(target), self.position)
        if found < 0:
            found = self.position
        else:
            self.position = found
        start = self.source.rfind("\n\n", 0, found)
        start = 0 if start < 0 else start + 2
        return self.source.count("\n", 0, start) + 1


def _open(name: str, attributes: dict[str, str]) -> str:
    return f"<{name}" + "".join(f' {key}="{escape(value)}"' for key, value in attributes.items()) + ">"


def _ended(shown: str, href: str) -> tuple[str, str, str]:
    """A bare address cut at the first Chinese punctuation mark: what is shown, where it leads, what follows."""
    match = _STOPS.search(shown)
    if match is None or match.start() == 0:
        return shown, href, ""
    kept, tail = shown[: match.start()], shown[match.start() :]
    lost = quote(tail, safe="/:@!$&'()*+,;=~-._?#%")
    return kept, href[: -len(lost)] if href.endswith(lost) else kept, tail


def anchor_of(text: str) -> str:
    """The id of a heading as GitHub gives it: letters, marks, digits, ``_`` and ``-`` stay, spaces become hyphens, all else
    goes, in any script."""
    kept = "".join(
        character
        for character in unicodedata.normalize("NFC", text).lower()
        if unicodedata.category(character)[0] in "LMN" or character in "_- "
    )
    return kept.strip().replace(" ", "-")


def _lines(html: str) -> str:
    """The text of a body, a line for each block."""
    html = re.sub(r'<a [^>]*href="#fnref-[^>]*>.*?</a>', "", html)
    lines = (" ".join(line.split()) for line in unescape(_ANY_TAG.sub("", _BREAK.sub("\n", html))).split("\n"))
    return "\n".join(line for line in lines if line)

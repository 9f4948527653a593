"""Markup that was meant as Markdown but is not: syntax of other tools, full-width characters, unclosed notes and comments.

It stays text, and the author is shown the correct form.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Set
from html import unescape
from itertools import accumulate

from builder.content.markdown.masking import holds, without_code
from builder.content.markdown.prepare import WIDE, without_formulas
from builder.messages.diagnostics import Diagnostic

Rules = tuple[tuple[tuple[str, ...], re.Pattern[str], str | Callable[[str, str], str]], ...]
"""Markup that is told: the signs of which a line must have one, the pattern, and what to write instead."""
_NARROW = str.maketrans("［］（）【】！＃＊～＞：／｜＂“”‘’", '[]()[]!#*~>:/|"""\'\'')
_PICTURE, _ALERT = "![…](…)", "> [!NOTE]"
# Causes with a cure of their own: what it would have shown is to be written, or the list of contents comes by itself.
_EMPTY, _CONTENTS, _WIDE_BLANKS = "foreign-empty", "foreign-contents", "foreign-wide-blanks"


def _narrow(found: str, _: str) -> str:
    """Returns the same with English signs, and no blank before the address."""
    return re.sub(r"\][ \t]+\(", "](", found.translate(_NARROW))


def _turned(found: str, _: str) -> str:
    """Returns a link whose brackets were taken for each other."""
    match = re.match(r"([!！]?)[(（]([^()（）]*)[)）]\[([^\]]*)\]", found)
    return f"{'!' if match[1] else ''}[{match[2]}]({match[3]})" if match is not None else found


def _quoted(found: str, _: str) -> str:
    """Returns a link with the second quotation mark of its title."""
    address = found.partition("](")[2]
    mark = next(sign for sign in address if sign in "\"'")
    return f"{found[:-1]}{mark})"


def _ended(found: str, _: str) -> str:
    """Returns a link with its last bracket, behind what can be an address."""
    words, _, rest = found.partition("](")
    address = re.match(r"<?([^\s<>，。；、！？：“”（）]*)", rest)
    return f"{words}]({address[1] if address else rest})"


def _begun(found: str, _: str) -> str:
    """Returns a link with its first bracket, before the last of its words."""
    words, _, rest = found.partition("](")
    last = re.split(r"[\s，。；、！？：“”（）]", words)[-1]
    return f"[{last}]({rest}"


def _task(found: str, _: str) -> str:
    """Returns the sign of a task as it is read, with the blanks that it needs."""
    done = re.search(r"[xX√✓✔]", found) is not None
    return f"- [{'x' if done else ' '}] …"


def _left_out(found: str, line: str) -> str:
    """Returns the rest of the line."""
    return " ".join(line.replace(found, " ").split())[:60]


def _shortcode(found: str, _: str) -> str:
    """Returns how a picture is written; of all others nobody knows what they would have shown."""
    return _PICTURE if re.match(r"\{\{?[<%]\s*(?:figure|img|image|picture|photo)\b", found) else _EMPTY


def _tab(found: str, _: str) -> str:
    """Returns a tab's name as a heading."""
    return f"## {found.partition(chr(34))[2].rstrip(chr(34))}"


def _add_space(found: str) -> str:
    """Returns a heading with the blank behind its signs."""
    signs = re.match(r"\s*#+", found)
    return f"{signs[0].strip()} {found[signs.end() :].strip()}" if signs is not None else found


def _wiki_link(found: str, _: str) -> str:
    target, _, words = found[2:-2].partition("|")
    return f"[{words or target}]({target}.md)"


FOREIGN: Rules = tuple(
    (tuple(signs.split()), re.compile(pattern), instead)
    for signs, pattern, instead in (
        ("{{", r"\{\{[<%][^\n]{0,200}?[>%]\}\}", _shortcode),
        ("{%", r"\{%[^%\n]{0,200}%\}", _shortcode),
        # In an address of a link they are told with the address.
        ("{{", r"(?<!\()\{\{-?[ \t]*(?:site|page|post|include|layout|jekyll)\.[^}\n]{1,100}\}\}", _EMPTY),
        ("!!! ???", r"^[ \t]*+(?:!!!|\?\?\?\+?)[ \t]++\S.*", _ALERT),
        ("===", r'^[ \t]*+===[ \t]++".*"', _tab),
        ("TOC toc", r"^[ \t]*+(?:@?\[(?:TOC|toc)\]|\[\[_?(?:TOC|toc)_?\]\]|\$?\{\{?toc\}?\})[ \t]*+$", _CONTENTS),
        ("--8<--", r"^[ \t]*+--8<--.*", _EMPTY),
        (
            "![[",
            r"!\[\[[^\]\n|]{1,200}(?:\|[^\]\n]{0,200})?\]\]",
            lambda found, _: f"![]({found[3:-2].partition('|')[0]})",
        ),
        ("[[", r"(?<!!)\[\[[^\]\n|]{1,200}(?:\|[^\]\n]{0,200})?\]\](?!\()", _wiki_link),
        ("@[", r"@\[[^\]\n]{0,100}\]\([^)\n]{0,300}\)", lambda found, _: found[1:]),
        ("！[", r"！\[[^\]\n]{0,200}\](?:[(（][^)）\n]{0,300}[)）])?", _narrow),
        ("![", r"!\[[^\]\n]{0,200}\](?:（[^）\n]{0,300}）|[ \t]{1,9}\([^)\n]{1,300}\))", _narrow),
        ("］（ ］(", r"[!！]［[^］\n]{0,200}］[（(][^）)\n]{0,300}[）)]", _narrow),
        (
            "](",
            r"!\[[^\]\n]{0,200}\]\([^)\n]{1,300}[ \t]=\d{0,5}(?:px|%)?x?\d{0,5}(?:px|%)?[ \t]{0,9}\)",
            lambda found, _: re.sub(r"[ \t]+=[\dpx%]*[ \t]*\)", ")", found),
        ),
        ("](", r"!?\[[^\]\n]{0,200}\]\([^)\n]{1,300}[ \t][“”‘’＂][^)\n]{0,200}\)", _narrow),
        ("］", r"(?<![!！])［[^］\n]{0,100}］[ \t]?(?:\([^)\n]{1,300}\)|（[^）\n]{0,300}）)", _narrow),
        (
            "】",
            r"【[^】\n]{0,100}】[ \t]?(?:\([^)\n]{0,300}[./][^)\n]{0,300}\)|（[^）\n]{0,300}\.[A-Za-z0-9]{2,5}）)",
            _narrow,
        ),
        # Of the four brackets, one or another is a Chinese one.
        (
            "] ］ 】",
            r"(?!!?\[[^\[\]［］【】\n]*\][ \t]?\([^()（）\n]*\))[!！]?[\[［【](?!\^)[^\[\]［］【】\n]{0,200}[\]］】][ \t]?"
            r"[(（][^()（）\n]{0,300}[./#][^()（）\n]{0,300}[)）](?![^()\s]*\))",
            _narrow,
        ),
        (
            "[",
            r"!?\[[^\[\]()\n]{1,100}\([^()\s]{1,300}\.[A-Za-z0-9]{2,5}\)(?![^\n]*\])",
            lambda found, _: found.replace("(", "](", 1),
        ),
        ("[", r"(?<!!)\[[^\]\n^]{1,200}\][ \t]{0,9}（[^）\n]{0,300}[./#][^）\n]{0,300}）", _narrow),
        (
            "[",
            r"(?<!!)\[[^\]\n^]{2,200}\][ \t]{1,9}\((?:[^)\s]{0,300}/[^)\s]{0,300}|[^)\s]{1,300}\.[A-Za-z0-9]{2,5})\)",
            _narrow,
        ),
        (
            ")[ ）[",
            r"[!！]?[(（][^()（）\n]{1,60}[)）]\[(?:https?://|www\.)?[^\]\n\s]{1,200}\.[A-Za-z0-9]{2,5}(?:/[^\]\n\s]{0,200})?\](?![(\[])",
            _turned,
        ),
        (
            "](",
            r"!?\[[^\]\n]{0,200}\]\([^()\n\s]{1,300}[ \t]+(?:\"[^\"\n)]{0,100}|'[^'\n)]{0,100})\)",
            _quoted,
        ),
        (
            "- * +",
            r"^[ \t>]*+[-*+](?:[ \t]*+(?:\[\]|[【［][ xX√✓✔]?[】］])|\[[ xX]\]|[ \t]++\[[ xX]\](?=[^\s(\[:]))[^\n]{0,60}",
            _task,
        ),
        (
            "- * + # > |",
            r"^[ \t]*+\u3000[ \t\u3000]*+(?:[-*+][ \t]|#{1,6}[ \t]|>[ \t]?|\|[^|\n]*\|)[^\n]{0,60}",
            _WIDE_BLANKS,
        ),
        ("［^ 【^", r"[［【]\^[^］】\n]{1,60}[］】]", _narrow),
        ("]：", r"^[ \t>]*+\[\^[^\]\n]{1,60}\]：", lambda found, _: found.strip()[:-1] + ": …"),
        (
            "{",
            r"(?<=[)\]}`\w*])[ \t]*+\{[ \t]*+(?:[#.][\w-]|:|[A-Za-z-]{1,30}=)[^}\n]{0,200}\}|^[ \t]*+\{:[^}\n]{0,200}\}",
            _left_out,
        ),
        (":::", r"^[ \t]*+:::+[ \t]*+\w+", _ALERT),
        ("＃", r"^[ \t]*+＃{1,6}[ \t\u3000]*+\S.{0,60}", lambda found, _: _add_space(found.translate(_NARROW))),
        ("#", rf"^ {{0,3}}#{{1,6}}(?=[{WIDE}“‘])[^\n]{{1,80}}", lambda found, _: _add_space(found)),
        ("＊＊", r"＊＊[^\n＊]{1,100}＊＊", _narrow),
        ("～～", r"～～[^\n～]{1,100}～～", _narrow),
        ("··· ｀｀｀", r"^[ \t]*+(?:·{3}|｀{3})[\w-]*+[ \t]*+$", "```"),
        ("＞", r"^[ \t]*+＞[ \t\u3000]*+\S.{0,60}", lambda found, _: found.translate(_NARROW)),
        ("==", r"(?<![=\w])==(?![=\s])[^=\n]{1,100}(?<!\s)==(?!=)", lambda found, _: f"**{found[2:-2]}**"),
        ("~", r"(?<=[A-Za-z])~\d{1,3}~", lambda found, _: f"<sub>{found[1:-1]}</sub>"),
        ("^", r"(?<=[\w)])\^[\w+-]{1,10}\^(?!\^)", lambda found, _: f"<sup>{found[1:-1]}</sup>"),
        (
            "](",
            r"\]\((?![^()\n]*\.[A-Za-z0-9]{1,5}(?:#\S*)?(?:[ \t]+[\"'][^\n]*)?\))"
            r"[^()\n\"'<>\s=“”]+[ \t]+[^()\n\"'<>=“”]*[^()\n\"'<>=“”\s]\)",
            lambda found, _: found.replace(" ", "%20"),
        ),
        ("++", r"(?<![+\w])\+\+(?![+\s])[^+\n]{1,100}(?<!\s)\+\+(?!\+)", lambda found, _: f"**{found[2:-2]}**"),
        (":", r"(?<![\w:]):(?:material|fontawesome|octicons|simple)-[\w-]{1,60}:", _left_out),
        (":", r"(?<![\w:/]):(?![\d_])[a-z0-9_+-]{2,40}:(?![\w:/])", _left_out),
        ("*[", r"^[ \t]*+\*\[[^\]\n]{1,60}\]:.{0,60}", _left_out),
        (":", r"^:[ \t]{2,9}\S.{0,60}", lambda found, _: f"- {found[1:].strip()}"),
        ("::", r"^\.\.[ \t]{1,9}[\w-]{1,40}::.{0,60}", _EMPTY),
        ("::", r"^(?:image|include|video)::[^\s\[]{1,200}\[", _PICTURE),
        ("#+", r"^#\+[A-Za-z_]{2,20}:.{0,60}", _EMPTY),
        (
            "]",
            r"\[/?(?:b|i|u|s|img|url|color|size|font|center|quote|caption|gallery|embed|audio|video)(?:[= ][^\]\n]{0,200})?\]"
            r"(?!\(|\[|:)",
            _left_out,
        ),
        (
            "\\( \\[",
            r"\\[(\[](?=[^\n]{0,200}(?:\\[a-zA-Z]|[\^_=+]))[^\n]{1,200}?\\[)\]]",
            lambda found, _: f"${found[2:-2].strip()}$" if found[1] == "(" else f"$${found[2:-2].strip()}$$",
        ),
        ("：// ：／／ :／／", r"(?:https?|ftp)(?:：(?://|／／)|:／／)\S{1,60}", _narrow),
    )
)
"""Markup of other tools, in the order in which a line is searched; where a sign is, only the first of them is told."""
UNREAD: Rules = tuple(
    (("](",), re.compile(pattern), instead)
    for pattern, instead in (
        (r"!?\[[^\[\]\n]{0,200}\]\((?=[^()\n]*[./#])[^()\n]{1,300}$", _ended),
        (r"!?\[[^\[\]\n]{0,200}\]\(<[^<>()\n]{1,300}\)", lambda found, _: found.replace("(<", "(")),
        (r"^[^\[\]\n]{1,300}\]\([^()\s]{0,300}[./#][^()\s]{0,300}\)", _begun),
    )
)
"""Links of which one bracket is missing, likewise; some are right where the rest of the link is on another line."""
_UNREAD = frozenset(pattern for _, pattern, _ in UNREAD)
_MIDDLE = re.compile(r"\]\((?:<a [^>]{0,300}>)?(<?\w*)")
_SIGNS = re.compile(r"[{~^!?=\[:！［【（＃＊～｀·＞+@.：\u3000]")
_TIGHT_HEADING = re.compile(rf"#[{WIDE}“‘]")
_ROW = re.compile(r"[ \t>]*+\|[^\n]*\|[^\n]*+")
_COMMENT = re.compile(r"(?:^|\n)(?:[ \t>]|[-+*][ \t]|\d{1,9}[.)][ \t])*+(<!--|<\?|<!\[CDATA\[)")
_ENDS = {"<!--": "-->", "<?": "?>", "<![CDATA[": "]]>"}
_RAW = re.compile(
    r"(?:^|\n) {0,3}<(script|style|textarea|pre|title|xmp|template|noscript|svg|math)(?=[\s>])", re.IGNORECASE
)
_BLOCK = re.compile(r"[ \t]*+(?:[#>`~<]|[-+*][ \t]|\d{1,9}[.)][ \t]|(?:[-*_][ \t]*+){3,}$)")
_BAR = re.compile(r"(?<!\\)\|")
_NO_ROW = re.compile(r"[ \t>]|[-+*#•·▪■◆○●Ø§–—]+[ \t]|[\d(（]{1,4}[.)）、]?[ \t]")
"""The beginning of a line that may have tabs although it is no row of a table: an item of a list, a block within another."""
_WIDE_ROW = re.compile(r"[ \t]*+｜[^｜\n]+｜[^\n]*｜[ \t]*+$|[ \t]*+｜[^｜\n]+｜[ \t]*+$")
_FENCE = re.compile(r" {0,3}(`{3,}+|~{3,}+)([^\n]*)")
_NO_COMMENT = re.compile(
    r"(?:<!(?!--|\[|[A-Za-z])|<！|[＜〈][!！])[ \t]?[-－—–‒―‐]+.{0,40}|"
    r"^[ \t]*%%(?!%).{0,40}|\{#[^\n#}]{1,40}#\}|\{\{-? ?/\*.{0,40}"
)
"""The beginning of what is nearly a comment of HTML, and comments of other programs."""
_NO_DEFINITION = re.compile(r"[ \t]*+\[//\]:.{0,40}")
_DEFINITION = re.compile(
    r"[ \t>]*+(?:(?:[-+*]|\d{1,9}[.)])[ \t]+)?\[([^\]\n^][^\]\n]{0,200})\]:[ \t]*(?:$|<[^>\n]*>|\S+[ \t]*$|\S+[ \t]+[\"'(])"
)
_REFERENCE = re.compile(
    r"(?<![A-Za-z0-9_\])}!\\])!?\[(?!\w-\w)([^\[\]\n^][^\[\]\n]{0,200})\]\[([^\[\]\n]{0,100})\](?![\[(:])"
)
_NOTE = re.compile(r"\[\^([^\]\n]{1,100})\](:?)")


def misread(text: str, first_line: int, html: str = "") -> Iterator[Diagnostic]:
    """Returns a diagnostic for each place of a text whose markup readers see, or whose words they do not see."""
    masked = without_formulas(without_code(text))
    lines = masked.split("\n")
    shown = [line if "`" not in line or line.strip("`") else "" for line in lines] if "`" in masked else lines
    if _may_be_foreign(masked):
        middles = frozenset(_MIDDLE.findall(unescape(html))) if "](" in html else frozenset()
        for number, line in enumerate(shown, first_line):
            if _may_be_foreign(line) and not line.startswith(("    ", "\t")):
                yield from _foreign(line, number, middles)
    if "|" in masked:
        yield from _tables(shown, first_line)
    if "\t" in masked or "｜" in masked:
        yield from _pasted(shown, first_line)
    if "```" in text or "~~~" in text:
        fence = _open_fence(text)
        if fence is not None:
            yield Diagnostic("code-unclosed", first_line + fence, 1)
    if any(signs in masked for signs in ("<!", "<！", "＜", "〈", "%%", "{#", "/*", "[//]:")):
        yield from _shown_comments(shown, first_line, html)
    if "<" in masked:
        starts = [0, *accumulate(len(line) + 1 for line in lines)]
        open_comment = "<!--" in html and html.find("-->", html.rfind("<!--")) < 0
        yield from _find_unclosed(masked, starts, first_line, open_comment)
    if "[" in masked:
        if "[^" in masked:
            yield from _notes(shown, first_line)
        if "][" in masked:
            yield from _references(shown, first_line)


def _may_be_foreign(line: str) -> bool:
    """Tells whether a line, or any line of a text, has any sign of what :data:`FOREIGN` finds."""
    if _SIGNS.search(line) is not None:
        return True
    if ("8" in line and "--8" in line) or ("\\" in line and ("\\(" in line or "\\[" in line)):
        return True
    if "#" in line and _TIGHT_HEADING.search(line) is not None:
        return True
    return holds(line, "](")


def _foreign(line: str, number: int, middles: Set[str]) -> Iterator[Diagnostic]:
    """Yields a diagnostic for the first place of each kind, each piece of markup reported once. ``middles`` is what follows
    the brackets in the middle of links that readers see: those links are none."""
    told: list[tuple[int, int]] = []
    for signs, pattern, instead in FOREIGN + UNREAD if middles else FOREIGN:
        found = pattern.search(line) if any(sign in line for sign in signs) else None
        if found is None or any(found.start() < end and start < found.end() for start, end in told):
            continue
        if pattern in _UNREAD and middles.isdisjoint(_MIDDLE.findall(found[0])):
            continue
        told.append(found.span())
        column = found.start() + len(found[0]) - len(found[0].lstrip()) + 1
        better = (instead if isinstance(instead, str) else instead(found[0], line)).strip()[:60]
        cause = (
            better if better in (_EMPTY, _CONTENTS, _WIDE_BLANKS) else "foreign-instead" if better else "foreign-alone"
        )
        words = {"what": found[0].strip()[:60], "cause": cause, "instead": "" if cause == better else better}
        yield Diagnostic("foreign-syntax", number, column, words)


def _references(lines: list[str], first_line: int) -> Iterator[Diagnostic]:
    """Finds links whose address is to be on a line of its own, where no such line can be read: each address once."""
    known = {" ".join(match[1].casefold().split()) for line in lines if (match := _DEFINITION.match(line)) is not None}
    for number, line in enumerate(lines, first_line):
        for match in _REFERENCE.finditer(line):
            label = " ".join((match[2] or match[1]).casefold().split())
            if label not in known and sum(map(str.isalpha, match[1])) > 1:
                known.add(label)
                words = {"what": match[0].lstrip()[:60], "label": (match[2] or match[1])[:40]}
                yield Diagnostic("reference-unread", number, match.start() + 1, words)


def _tables(lines: list[str], first_line: int) -> Iterator[Diagnostic]:
    """Finds rows between bars that are not a table, or not the one that is meant: their second line is missing, wrong, or between
    empty lines; and the line that became the last row of a table although it has no bar.
    """
    row = 0
    for number, line in enumerate([*lines, ""]):
        if _ROW.fullmatch(line):
            row += 1
            continue
        first = number - row
        if row > 1 and not _rules(lines[first + 1]) and not _rules(lines[first]):
            yield Diagnostic("table-rule-missing", first_line + first, 1)
        elif row > 1 and _rules(lines[first + 1]) and _cells(lines[first]) != _cells(lines[first + 1]):
            rule = f"|{' --- |' * min(_cells(lines[first]), 20)}"
            yield Diagnostic("table-rule-columns", first_line + first + 1, 1, {"rule": rule})
        elif row > 1 and _rules(lines[first + 1]) and line.strip() and "|" not in line and not _BLOCK.match(line):
            yield Diagnostic("table-swallows", first_line + number, 1, {"line": " ".join(line.split())[:60]})
        elif row == 1 and _rules(lines[first]) and first > 1 and _is_row(lines[first - 2], lines[first - 1]):
            yield Diagnostic("table-split", first_line + first, 1)
        row = 0


def _is_row(line: str, following: str) -> bool:
    """Tells whether a line is the first row of a table that an empty line follows."""
    return not following.strip() and _ROW.fullmatch(line) is not None


def _cells(line: str) -> int:
    """Counts the cells of a row."""
    inner = line.strip(" \t>").removeprefix("|")
    return len(_BAR.findall(inner.removesuffix("|"))) + 1


def _pasted(lines: list[str], first_line: int) -> Iterator[Diagnostic]:
    """Finds the first of several lines that have the same number of tabs within them, or bars as wide as Chinese characters:
    a table, which readers see as running text.
    """
    row, last = 0, 0
    for number, line in enumerate([*lines, ""]):
        tabs = 0 if "\t" not in line or "|" in line or _NO_ROW.match(line) else line.rstrip().count("\t")
        if tabs and (not row or tabs == last):
            row, last = row + 1, tabs
            continue
        if row > 1:
            yield _table_of(lines[number - row], "\t", first_line + number - row)
        row, last = (1, tabs) if tabs else (0, 0)
    bars = next((number for number, line in enumerate(lines) if _WIDE_ROW.match(line)), None)
    if bars is not None:
        yield _table_of(lines[bars], "｜", first_line + bars)


def _table_of(line: str, sign: str, number: int) -> Diagnostic:
    cells = [cell.strip() for cell in line.strip().strip("｜").split(sign)]
    words = {
        "line": " ".join(line.split())[:60],
        "row": f"| {' | '.join(cells)} |"[:80],
        "rule": f"|{' --- |' * min(len(cells), 20)}",
    }
    return Diagnostic("table-pasted", number, 1, words)


def _open_fence(text: str) -> int | None:
    """Returns the line, from 0 on, of a fence at the margin behind which all is code because no other closes it."""
    fence, start = "", 0
    lines = text.split("\n")
    for number, line in enumerate(lines):
        match = _FENCE.match(line)
        if match is None:
            continue
        if fence:
            if match[1].startswith(fence) and not match[2].strip():
                fence = ""
        elif not (match[1][0] == "`" and "`" in match[2]):
            fence, start = match[1], number
    return start if fence and any(line.strip() for line in lines[start + 1 :]) else None


def _shown_comments(lines: list[str], first_line: int, html: str) -> Iterator[Diagnostic]:
    """Finds the first comment that is none, so that readers see it."""
    for number, line in enumerate(lines):
        match = _NO_COMMENT.search(line)
        if match is None and "[//]:" in html:
            match = _NO_DEFINITION.match(line)
        if match is not None:
            yield Diagnostic("comment-shown", first_line + number, match.start() + 1, {"what": match[0].strip()[:40]})
            return


def _rules(line: str) -> bool:
    return "-" in line and not line.strip(" \t>|:-")


def _find_unclosed(masked: str, starts: list[int], first_line: int, comment: bool) -> Iterator[Diagnostic]:
    """Yields the first comment or element of raw text that is never closed: nobody sees the text after it."""
    found: list[tuple[int, str]] = []
    position = 0
    while (match := _COMMENT.search(masked, position)) is not None:
        end = masked.find(_ENDS[match[1]], match.end())
        if end < 0:
            found.append((match.start(1), match[1]))
            break
        position = end
    lower = masked.lower()
    for match in _RAW.finditer(masked):
        if lower.find(f"</{match[1].lower()}", match.end()) < 0:
            found.append((match.start(1) - 1, f"<{match[1].lower()}>"))
            break
    if comment and not found and "<!--" in masked:
        # It begins behind another one, on the same line.
        found.append((masked.rindex("<!--"), "<!--"))
    for place, what in sorted(found)[:1]:
        line = _line_of(starts, place)
        yield Diagnostic("html-unclosed", line + first_line, place - starts[line] + 1, {"what": what})


def _line_of(starts: list[int], place: int) -> int:
    return bisect_right(starts, place) - 1


def _notes(lines: list[str], first_line: int) -> Iterator[Diagnostic]:
    """Marks without a footnote, footnotes without a mark, and a second footnote of one name."""
    marks: dict[str, tuple[str, int, int]] = {}
    notes: dict[str, tuple[str, int, int]] = {}
    for number, line in enumerate(lines, first_line):
        for match in _NOTE.finditer(line):
            label, place = match[1].casefold(), (match[1], number, match.start() + 1)
            if line[: match.start()].endswith("\\"):
                continue
            if match[2] and not any(sign.isspace() for sign in label) and not line[: match.start()].strip(" \t>"):
                if label in notes:
                    yield Diagnostic("footnote-duplicate", number, place[2], {"label": match[1][:40]})
                notes.setdefault(label, place)
            else:
                marks.setdefault(label, place)
    for label, (written, number, column) in marks.items():
        if label not in notes:
            yield Diagnostic("footnote-missing", number, column, {"label": written[:40]})
    for label, (written, number, column) in notes.items():
        if label not in marks:
            yield Diagnostic("footnote-unused", number, column, {"label": written[:40]})

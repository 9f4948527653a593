"""The split of a file into front matter and text; unreadable front matter is found, since nothing in it may be published."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from os.path import commonprefix
from typing import Literal, NamedTuple

from builder.content.markdown.masking import holds
from builder.content.schema.hiding import EFFECTS
from builder.content.schema.names import CHINESE_NAMES, normal_name
from builder.content.setting_lines import (
    Setting,
    clean_line,
    is_fence,
    is_table_head,
    may_be_fence,
    setting_of,
    shown_line,
)
from builder.content.yaml.nodes import Node, read_yaml
from builder.messages.diagnostics import Diagnostic
from builder.model.patterns import pattern_of

_CODE = pattern_of(r"[ \t>]*(`{3,}|~{3,})")
_INSIDE = pattern_of(
    r"(?:^|[^\w])(is_?draft|draft|草稿)[\"'”’*`_]{0,4}\s*[:=∶꞉|]\s*[\"'“‘*`_]{0,4}(\w+)", re.IGNORECASE
)
_MEMBER = pattern_of(
    r"[{,]\s*[\"'](?:is_?draft|draft|草稿)[\"']\s*:\s*[\"']?(?:true|yes|1|是)\b|[{,]\s*[\"']published[\"']\s*:\s*[\"']?false",
    re.IGNORECASE,
)
_TIGHT = pattern_of(r"^\W*(draft|草稿)\W*(true|yes|是)\W*$", re.IGNORECASE)
_ENDING = pattern_of(
    r"(?<![A-Za-z`])(?:draft|草稿)[\"'”’*_]{0,4}\s*[:=]\s*[\"'“‘*_]{0,4}(?:true|yes|是)\W*$", re.IGNORECASE
)
# The whole first line: 【草稿】, (draft), <!-- 草稿 -->.
_STAMP = pattern_of(r"[^\w#]*(?:\[[xX]\]\s*)?(?:draft|草稿)[^\w:]*", re.IGNORECASE)
_BESIDE = pattern_of(r"(?:\s\s|[;；,，、|])\s*(?:draft|草稿)\s*[:：=]\s*(?:true|yes|是)\W*$", re.IGNORECASE)
_ROW = pattern_of(r"<tr[\s>].{0,400}?</tr>|<dt[\s>].{0,200}?</dd>", re.IGNORECASE | re.DOTALL)
_CELLS = pattern_of(r"</t[dh]>\s*<t[dh](?:\s[^<>]{0,200})?>|</dt>\s*<dd(?:\s[^<>]{0,200})?>", re.IGNORECASE)
_DRAFT_TAG = pattern_of(
    r"<draft\s*/?>|<[A-Za-z][\w-]{0,40}(?:\s+[\w:.-]{1,40}(?:=(?:\"[^\"]{0,200}\"|'[^']{0,200}'|[^\s\"'<>]{1,200}))?){0,20}?"
    r"\s+(?:data-)?(?:is-)?draft(?:=[\"']?(?:true|yes|1|draft)[\"']?)?[\s/>]",
    re.IGNORECASE,
)
_BARE = pattern_of(r"^\W*(?:date|expires)[\W_]+(?:19|20|21)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\S{0,20}\W*$")
_TABLE = pattern_of(r"^[^\S\n]*+(?:[\w.\"'-]++[^\S\n]*+=|\[)", re.MULTILINE)
_MARKED = pattern_of(r"\s*(?:[#>|<*+\-!`~=]|\d{1,3}[.)、])")
_SEPARATOR = pattern_of(r"[:：=＝∶꞉ː﹕︓|｜]")
_MAY_SET = pattern_of("[:=∶꞉ː：﹕︓＝﹦⁼₌⩴⩵⩶\U00010781&<＜﹤]")
"""The signs in a line that may be a setting once it is cleaned: those between key and value, and those that become one."""
_SIGNS = pattern_of(f"[{_SEPARATOR.pattern[1:-1]}{_MAY_SET.pattern[1:-1]}]")
_OF_A_HEAD = frozenset(("title", "author", "tags"))
_MOST_LENGTH = 200
"""A longer line is prose."""
_MOST_SETTINGS = 60

_DAY = "日期"
# What minutes and announcements name beside their date.
_RECORD = frozenset(
    "地点 会议地点 活动地点 时间 会议时间 主持 主持人 参加 参加人 参加人员 参会 参会人员 出席 出席人员 列席 列席人员 缺席 "
    "缺席人员 请假 请假人员 记录 记录人 主讲 主讲人 议题 会议议题 主题 会议主题 对象 参加对象 联系人 联系电话 电话".split()
)


class Split(NamedTuple):
    """Front matter (None where there is none) and body, each with the line of the file that it begins on."""

    matter: str | None
    matter_line: int
    body: str
    body_line: int
    syntax: Literal["yaml", "toml", "json"] = "yaml"
    opened: bool = True
    """False for a head whose first fence is missing."""


def split(text: str) -> tuple[Split, Diagnostic | None]:
    """Returns front matter and body. A head that is not closed, or not read, is a diagnostic."""
    lines = text.split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip()), None)
    nothing = Split(None, 1, text, 1)
    if first is None:
        return nothing, None
    opener = lines[first].rstrip()
    if opener.startswith("{") and (found := _json_head(lines, first)) is not None:
        return found, _second(found.matter or "", found.body.split("\n"), found.body_line)
    if opener not in ("---", "+++"):
        opened = _open_head(lines, first)
        if opened is not None:
            return opened, _second(opened.matter or "", opened.body.split("\n"), opened.body_line)
        return nothing, _unread(lines, first)
    closers = ("---", "...") if opener == "---" else ("+++",)
    for number in range(first + 1, len(lines)):
        if lines[number].rstrip() in closers:
            matter = "\n".join(lines[first + 1 : number])
            if opener == "+++" and _TABLE.search(matter) is None and matter.strip():
                return nothing, _unread(lines, first)
            body = lines[number + 1 :]
            parts = Split(matter, first + 2, "\n".join(body), number + 2, "toml" if opener == "+++" else "yaml")
            return parts, _second(matter, body, number + 2)
    if opener == "+++":
        return nothing, _unread(lines, first)
    return nothing, Diagnostic("front-matter-unclosed", first + 1, 1)


def _open_head(lines: list[str], first: int) -> Split | None:
    """Returns a file whose head lacks its first fence, as Hexo takes it: lines with title and date up to a fence, none of
    which hides or ends the text; None for any other."""
    if setting_of(clean_line(lines[first])) is None or lines[first][0] in " \t#-":
        return None
    end = next((number for number in range(first, len(lines)) if lines[number].rstrip() == "---"), None)
    if end is None or end - first > _MOST_SETTINGS:
        return None
    head = lines[first:end]
    matter = "\n".join(head)
    root, problems = read_yaml(matter)
    if root is None or problems:
        return None
    keys = [key for line in head if (key := setting_of(clean_line(line))) is not None]
    if not {"title", "date"} <= {normal_name(name.text) for name, _ in root.pairs} or any(
        key.ends_a_text(written=False) or key.withholds or key.name in ("draft", "expires") for key in keys
    ):
        return None
    return Split(matter, first + 1, "\n".join(lines[end + 1 :]), end + 2, opened=False)


_DECODER = json.JSONDecoder(parse_int=str, parse_float=str)
_PAIR = pattern_of(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")


def _json_head(lines: list[str], first: int) -> Split | None:
    """Returns a file whose head is an object of JSON (RFC 8259), as Hugo has it, with the head as YAML, of which JSON is a part;
    None for what is none, names no key of a head, or goes on behind the object's last line."""
    text = "\n".join(lines[first:])
    try:
        values, end = _DECODER.raw_decode(text)
    except (ValueError, RecursionError):
        return None
    names = {normal_name(key) for key in values}
    matter, rest = text[:end], text[end:]
    after, _, body = rest.partition("\n")
    if after.strip() or not any(Setting(name, name, "").known for name in names):
        return None
    # YAML takes no tabs between values, and half a sign beyond U+FFFF for a sign.
    matter = _PAIR.sub(_joined, matter.replace("\t", " "))
    return Split(matter, first + 1, body, first + matter.count("\n") + 2, "json")


def _joined(pair: re.Match[str]) -> str:
    return (chr(int(pair[1], 16)) + chr(int(pair[2], 16))).encode("utf-16", "surrogatepass").decode("utf-16")


def says_draft(text: str) -> bool:
    """Tells whether a line outside code says that the text is a draft, in a file whose head cannot be read."""
    lines = text.split("\n")
    if text.lstrip().startswith("{") and any(_MEMBER.search(line) for line in lines[:_MOST_SETTINGS]):
        return True
    return any(_conceals(line) for _, line in _outside_code(lines)) or any(
        _conceals(line) for line in lines[:_MOST_SETTINGS]
    )


def draft_line(body: str, first_line: int) -> Diagnostic | None:
    """Returns a diagnostic for a line of a text, outside code, that says it is a draft; of a first line a mark will do."""
    lines = body.split("\n")
    stamp = next(((number, line) for number, line in enumerate(lines) if line.strip()), None)
    if stamp is not None and len(stamp[1]) < 30 and _STAMP.fullmatch(stamp[1]):
        return Diagnostic("draft-in-text", stamp[0] + first_line, 1, {"line": shown_line(stamp[1])})
    signs = _SIGNS.search(body) is not None
    for number, line in _outside_code(lines) if signs or _names_a_draft(body) else ():
        if "`" not in line and not line.startswith(("    ", "\t")) and _conceals(line):
            return Diagnostic("draft-in-text", number + first_line, 1, {"line": shown_line(line)})
    later = _hiding_block(lines) if signs else None
    if later is not None:
        return Diagnostic("draft-in-text", later + first_line, 1, {"line": shown_line(lines[later])})
    return None


def swallowed_line(node: Node, text: str) -> Diagnostic | None:
    """Returns a diagnostic for a setting that became part of the value before it, which goes on over several lines.

    ``text`` is the whole file's.
    """
    lines: list[str] = []
    for _, value in node.pairs:
        if (
            value.kind == "text"
            and value.plain
            and not value.last_line
            and _MAY_SET.search(value.text) is not None
            and _BESIDE.search(clean_line(value.text[-60:]))
        ):
            lines = text.split("\n")
            return Diagnostic("draft-in-text", value.line, 1, {"line": shown_line(lines[value.line - 1].strip())})
    for value in _long_values(node):
        lines = lines or text.split("\n")
        if value.block:
            found = _outside_code([line.lstrip() for line in lines[value.line : value.last_line]])
            inner = next(
                (number for number, line in found if "`" not in line and (_conceals(line) or _ends(line))), None
            )
            if inner is not None:
                place = value.line + inner
                return Diagnostic("draft-in-text", place + 1, 1, {"line": shown_line(lines[place].strip())})
            continue
        for number in range(value.line, min(value.last_line, len(lines))):
            key = setting_of(clean_line(lines[number]))
            if key is not None and (key.settles or key.name in EFFECTS):
                near = key.name if key.name in ("date", "expires") else "draft"
                return Diagnostic("key-misplaced", number + 1, 1, {"key": key.written, "near": near})
    return None


def _long_values(node: Node) -> Iterator[Node]:
    if node.last_line:
        yield node
    for item in node.items:
        yield from _long_values(item)
    for _, value in node.pairs:
        yield from _long_values(value)


def _unread(lines: list[str], first: int, prefixes: int = 3) -> Diagnostic | None:
    """Returns a diagnostic for a head that is not read as one: the first line before any ordinary paragraph, or behind a
    fence, that is a setting. Up to so many ``prefixes`` may stand before all lines, one after the other."""
    begun = [line for line in lines if line.strip()][:3]
    shared = commonprefix(begun) if len(begun) == 3 else ""  # noqa: RUF071 - characters, not paths
    if prefixes and shared.strip() and len(set(begun)) > 1:
        bare = [line.removeprefix(shared) for line in lines]
        found = _unread(bare, first, prefixes - 1)
        if found is not None:
            shown = shown_line(lines[found.position[0] - 1])
            return Diagnostic(found.code, found.line, 1, {**found.arguments, "fence": shown})
    if lines[first].count("\\n") > 1:
        # A program wrote the signs for line ends instead of line ends.
        found = _unread(lines[first].split("\\n"), 0)
        if found is not None:
            return found.at((first + 1, 1))
    in_table = _setting_in_table(lines)
    if in_table is not None:
        return in_table
    fence: int | None = None
    ordinary = _first_paragraph(lines)
    end = next((number for number in range(ordinary, len(lines)) if not lines[number].strip()), len(lines))
    for number, line, zone in _zones(lines):
        if number < end and (_BARE.match(line) or _DRAFT_TAG.search(line)):
            return _diagnose_line(lines, number, first, fence)
        if not zone and fence is None and not _may_conceal(line) and not may_be_fence(line):
            continue
        clean = clean_line(line)
        if is_fence(clean):
            fence = number
            if zone and number > first and _loose_settings(lines[max(first, number - _MOST_SETTINGS) : number]):
                return _diagnose_line(lines, number, first, fence)
            continue
        if not clean:
            continue
        key = setting_of(clean)
        if number < end and clean[0] == ":" and number > first:
            # In a list of terms the key stands on the line before its value.
            term = setting_of(clean_line(lines[number - 1]) + clean)
            if term is not None and (term.settles or term.conceals):
                return _diagnose_line(lines, number - 1, first, None)
        if key is not None and fence is None and key.name == _DAY and _is_record(lines, number):
            continue
        if key is not None and (key.settles if zone or fence is not None else False):
            return _diagnose_line(lines, number, first, fence)
        if key is not None and key.known and fence is not None:
            return _diagnose_line(lines, number, first, fence)
        if zone and (_INSIDE.search(clean) or is_table_head(clean)):
            return _diagnose_line(lines, number, first, fence)
        if (zone or not line.startswith(("    ", "\t"))) and (_conceals(line) or _ENDING.search(clean) is not None):
            return _diagnose_line(lines, number, first, fence)
        if key is None or not zone:
            fence = None
    found_later = _hiding_block(lines)
    return _diagnose_line(lines, found_later, first, None) if found_later is not None else None


def _hiding_block(lines: list[str]) -> int | None:
    """Returns the number of a line that hides the text, among lines outside code that are all settings and name the text's
    title, author or tags: a head, wherever it stands.
    """
    if not _names_its_text(lines):
        return None
    block: list[tuple[int, Setting]] = []
    prose = False
    for number, line in (*_outside_code(lines), (len(lines), "")):
        clean = clean_line(line) if len(line) <= _MOST_LENGTH else line
        if not clean or clean[0] == "#" or is_fence(clean) or not any(map(str.isalnum, clean)):
            heads = {CHINESE_NAMES.get(key.name, (key.name,))[0] for _, key in block}
            if not prose and heads & _OF_A_HEAD and len(block) > 1:
                written = any(key.is_setting and key.name in _OF_A_HEAD for _, key in block)
                found = next((place for place, key in block if key.ends_a_text(written)), None)
                if found is not None:
                    return found
            block, prose = [], False
        else:
            key = setting_of(clean) if not line.startswith(("    ", "\t")) and "`" not in line else None
            prose = prose or key is None or not (key.known or key.hides or key.is_setting)
            if key is not None:
                block.append((number, key))
    return None


def _names_its_text(lines: list[str]) -> bool:
    """Tells whether any line is a setting of a title, an author or tags."""
    found = (
        setting_of(clean_line(line) if len(line) <= _MOST_LENGTH else line) for line in lines if _MAY_SET.search(line)
    )
    return any(CHINESE_NAMES.get(key.name, (key.name,))[0] in _OF_A_HEAD for key in found if key is not None)


def _setting_in_table(lines: list[str]) -> Diagnostic | None:
    """Returns a diagnostic for a head that became a table in HTML, before the first ordinary paragraph."""
    text = "\n".join(lines)
    if "<tr" not in text and "<dt" not in text:
        return None
    ordinary = _first_paragraph(lines)
    for match in _ROW.finditer(text):
        number = text.count("\n", 0, match.start())
        clean = clean_line(_CELLS.sub(": ", match[0]).replace("\n", " "))
        key = setting_of(clean)
        if key is not None and number <= ordinary and key.name != _DAY and (key.conceals or key.settles):
            return Diagnostic(
                "front-matter-fence", number + 1, 1, {"cause": "fence-missing", "fence": shown_line(clean)}
            )
    return None


def _second(matter: str, body: list[str], line: int) -> Diagnostic | None:
    """Returns a diagnostic for a second head at the beginning of a text."""
    keys = [key for each in matter.split("\n") if (key := _setting_in(each)) is not None]
    names = {CHINESE_NAMES.get(key.name, (key.name,))[0] for key in keys}
    read = any(key.known for key in keys) or "{" in matter
    first = next((number for number, each in enumerate(body) if each.strip()), None)
    if first is None:
        return None
    if not read:
        found = _unread(body, first)
        return found.at((found.position[0] + line - 1, 1)) if found is not None else None
    fence = False
    for number, each, zone in _zones(body):
        if not zone:
            return None
        if _code_fence(each) is not None:
            return None
        clean = clean_line(each)
        key = setting_of(clean)
        tagged = _DRAFT_TAG.search(each) is not None and "`" not in each
        if tagged or (
            key is not None and ((fence and key.settles) or key.withholds or key.ends_or_delays(dated="date" in names))
        ):
            return Diagnostic(
                "front-matter-fence", number + line, 1, {"cause": "fence-second", "fence": shown_line(each)}
            )
        if clean:
            fence = is_fence(clean)
    return None


def _diagnose_line(lines: list[str], number: int, first: int, fence: int | None) -> Diagnostic:
    if fence is not None and lines[fence].rstrip() == "---":
        before = next((line for line in lines[first:fence] if line.strip()), "")
        if before:
            return Diagnostic("front-matter-fence", first + 1, 1, {"cause": "fence-later", "fence": shown_line(before)})
    if fence is not None and fence < number:
        return Diagnostic("front-matter-fence", fence + 1, 1, {"cause": "fence", "fence": shown_line(lines[fence])})
    where = (
        number
        if setting_of(clean_line(lines[number])) is not None or not is_fence(clean_line(lines[number]))
        else first
    )
    return Diagnostic("front-matter-fence", where + 1, 1, {"cause": "fence-missing", "fence": shown_line(lines[where])})


def _is_record(lines: list[str], number: int) -> bool:
    """Tells whether a line with a date is the head of minutes or of an announcement: with place or chair beside it, and
    no setting.
    """
    near = [line for line in lines[max(0, number - 8) : number + 9] if line.strip()]
    keys = [key for line in near if (key := _setting_in(line[:_MOST_LENGTH])) is not None]
    return any(key.name in _RECORD for key in keys) and not any(key.settles and key.name != _DAY for key in keys)


def _loose_settings(lines: list[str]) -> bool:
    """Returns true for lines that end with a fence and are settings by their small letters or Chinese names."""
    found = False
    for line in reversed(lines):
        if not line.strip():
            break
        key = setting_of(clean_line(line))
        if key is None or not (key.known or key.written.islower()):
            return False
        found = True
    return found


def _zones(lines: list[str]) -> Iterator[tuple[int, str, bool]]:
    """Yields every line with its number, and whether it stands before, or in, nothing but headings, code, marks and
    settings.

    Behind the first ordinary paragraph lines of code are left out.
    """
    zone, code = True, ""
    ordinary = _first_paragraph(lines)
    for number, line in enumerate(lines):
        zone = zone and number < ordinary
        match = _code_fence(line)
        if code:
            if match is not None and match[1].startswith(code) and not line.strip(" \t>").strip(code[0]):
                code = ""
            if zone:
                yield number, line, True
            continue
        if match is not None:
            code = match[1]
            if zone:
                yield number, line, True
            continue
        yield number, line, zone


def _first_paragraph(lines: list[str]) -> int:
    """Returns the number of the line on which the first ordinary paragraph begins."""
    start, number, code, comment = 0, 0, "", False
    block: list[str] = []
    for number, line in enumerate([*lines, ""]):
        match = _code_fence(line)
        if code:
            if match is not None and match[1].startswith(code):
                code = ""
            continue
        if match is not None:
            code, block = match[1], []
            continue
        if comment or line.lstrip().startswith("<!--"):
            comment, block = "-->" not in line, []
            continue
        if line.strip():
            if not block:
                start = number
            block.append(line)
            continue
        if block and not any(_is_setting(each) for each in block) and not all(_is_marked(each) for each in block):
            return start
        block = []
    return len(lines)


def _is_setting(line: str) -> bool:
    key = _setting_in(line[:_MOST_LENGTH])
    return key is not None and (
        key.known or key.hides or re.fullmatch(r"[A-Za-z][\w-]*", key.written, re.ASCII) is not None
    )


def _setting_in(line: str) -> Setting | None:
    """Reads a line as a setting; None if it is none."""
    return setting_of(clean_line(line)) if _MAY_SET.search(line) is not None else None


def _is_marked(line: str) -> bool:
    if _MARKED.match(line) is not None:
        return True
    clean = clean_line(line)
    return not clean or is_fence(clean)


def _code_fence(line: str) -> re.Match[str] | None:
    """Returns the fence with which a line begins or ends a block of code."""
    return _CODE.match(line) if "```" in line or "~~~" in line else None


def _outside_code(lines: list[str]) -> Iterator[tuple[int, str]]:
    code = ""
    for number, line in enumerate(lines):
        match = _code_fence(line)
        if code:
            if match is not None and match[1].startswith(code) and not line.strip(" \t>").strip(code[0]):
                code = ""
        elif match is not None:
            code = match[1]
        else:
            yield number, line


def _may_conceal(line: str) -> bool:
    """Tells whether a line has a sign or a word of one that says that a text is a draft."""
    return _SEPARATOR.search(line) is not None or _names_a_draft(line)


def _names_a_draft(text: str) -> bool:
    # Texts in Chinese have hardly any Latin letters.
    return holds(text, "草稿") or (("f" in text or "F" in text) and "draft" in text.lower())


def _conceals(line: str) -> bool:
    if len(line) > _MOST_LENGTH or not _may_conceal(line):
        return False
    clean = clean_line(line)
    key = setting_of(clean)
    return (key is not None and key.conceals) or _TIGHT.match(clean) is not None


def _ends(line: str) -> bool:
    key = setting_of(clean_line(line)) if line.startswith("expires") else None
    return key is not None and key.ends_or_delays(dated=True)

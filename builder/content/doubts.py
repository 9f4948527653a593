"""Marks and settings that may have been meant to hide a text and do not: warnings, since they are as likely meant for readers.

What was clearly meant so is an error that withholds the text: :mod:`builder.content.front_matter`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from builder.content.schema.hiding import DRAFT_NAMES, surely_conceals
from builder.content.schema.names import normal_name
from builder.messages.diagnostics import Diagnostic
from builder.model.patterns import pattern_of

_WORDS = (
    r"draft|wip|草稿|未定稿|待审核?|待审批|未审核|未审批|"
    r"请勿发布|不要发布|勿发布?|先不发布?|暂不发布|暂缓发布|暂不公开|不公开"
)
_STAMPED = pattern_of(rf"\s*[\[(（【［〔〖<]\s*(?:{_WORDS})\s*[\])）】］〕〗>]", re.IGNORECASE)
_ENDED = pattern_of(
    rf"[\[(（【［〔〖]\s*(?:{_WORDS}|初稿|待定稿)\s*\d?\s*[\])）】］〕〗]\s*$|"
    rf"[-_—–·|\s](?:{_WORDS}|初稿|待定稿)[-_\s]?\d{{0,2}}\s*$",
    re.IGNORECASE,
)
_INSIDE = pattern_of(
    r"[\[(（【［〔〖]\s*(?:内部|内部资料|内部文件|内部使用|仅供内部\w{0,4}|仅限内部\w{0,4}|保密|机密|请勿外传|不得外传)\s*[\])）】］〕〗]"
)
_HEADING = pattern_of(r"\s*#{1,6}[ \t]+(.+)")
_BEGUN = pattern_of(
    r"^\s*(?:🚧|🔒|⛔|[「『](?:draft|wip|草稿|未定稿)[」』]|(?:draft|wip|todo|草稿|初稿|未定稿|待定|待审核?|请勿发布|暂不发布)\s*[:：\-—|·])",
    re.IGNORECASE,
)
_SETTING = pattern_of(r"^\s*#+\s*([\w-]{1,30})\s*[:：=]\s*(\S.{0,60})$")
_SECRET = pattern_of(
    r"^\W{0,4}(?:访问密码|阅读密码|查看密码|密码|口令|password|passwd|passcode)\W{0,3}[:：=]\s*\S", re.IGNORECASE
)
_KEPT = pattern_of(
    r"请勿外传|不得外传|请勿外泄|请勿转发|请勿发布|暂不发布|暂不公开|暂勿发布|仅供内部|内部资料|内部文件|注意保密|🚧|"
    r"do not (?:publish|share|distribute)|not for (?:publication|distribution)|internal use only|strictly confidential",
    re.IGNORECASE,
)
_CODE = pattern_of(r"^[ \t]*(`{3,}|~{3,})")
_SHORT = 40


def stamp(title: str, body: str) -> str:
    """Returns the mark of a draft between brackets with which a title, or the heading that stands for it, begins."""
    heading = _HEADING.match(body)
    found = _STAMPED.match(unicodedata.normalize("NFKC", title or (heading[1] if heading is not None else "")))
    return found[0].strip() if found is not None else ""


def doubts(
    name: str, matter: str, matter_line: int, body: str, body_line: int, values: Mapping[str, Any]
) -> Iterator[Diagnostic]:
    """Yields a warning for each place of a text by which it may have been meant to be hidden; ``name`` is the file's."""
    words = [normal_name(word) for word in re.split(r"[\W_\d]+", name.rpartition(".")[0] or name) if word]
    if words and not DRAFT_NAMES.isdisjoint((words[0], words[-1])):
        yield _doubt(1, name)
    for number, line in enumerate(matter.split("\n"), matter_line):
        # A setting behind the sign of a comment: switched off, or a slip of the hand.
        found = _SETTING.match(line) if "#" in line else None
        if found is not None and surely_conceals(normal_name(found[1]), found[2].strip()):
            yield _doubt(number, line)
    title, tags = values.get("title", ""), values.get("tags", ())
    if title and (_BEGUN.match(title) or _ENDED.search(title) or _INSIDE.search(title)):
        yield _doubt(_line_with(matter, matter_line, title), title)
    marked = next((tag for tag in tags if normal_name(tag) in DRAFT_NAMES), None)
    if marked is not None:
        yield _doubt(_line_with(matter, matter_line, marked), f"tags: {marked}")
    lines = body.split("\n")
    for number in islice((number for number, line in enumerate(lines) if line.strip()), 2):
        line = lines[number].strip()
        heading = line.startswith("#")
        if (
            (len(line) <= _SHORT and _KEPT.search(line))
            or _SECRET.match(line)
            or (heading and _BEGUN.match(line.lstrip("# ")))
        ):
            yield _doubt(number + body_line, line)
            break
    if not matter.strip():
        yield from _heads_in_code(lines, body_line)


def _heads_in_code(lines: list[str], body_line: int) -> Iterator[Diagnostic]:
    """Yields the line that hides, of a head in a block of code, in a file that has no other head."""
    fence, titled = "", False
    for number, line in enumerate(lines):
        match = _CODE.match(line)
        if match is not None:
            fence, titled = ("" if fence and match[1].startswith(fence) else fence or match[1]), False
        elif fence:
            key, _, value = line.strip().partition(":")
            titled = titled or normal_name(key) in ("title", "标题")
            if titled and surely_conceals(normal_name(key), value.strip()):
                yield _doubt(number + body_line, line)
                return


def _line_with(matter: str, first: int, words: str) -> int:
    start = words[:20]
    return next((number for number, line in enumerate(matter.split("\n"), first) if start in line), first)


def _doubt(line: int, written: str) -> Diagnostic:
    return Diagnostic("hiding-doubtful", line, 1, {"line": " ".join(written.split())[:60]})

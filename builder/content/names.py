"""Names of files as people and programs write them: copies that a program left, dates in other forms, files of other
kinds.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

from builder.messages.diagnostics import Diagnostic
from builder.model.dates import FIRST_YEAR, LAST_YEAR
from builder.model.media import is_picture
from builder.model.media_types import extension, media_type
from builder.model.patterns import pattern_of
from builder.model.slugs import slugify
from builder.model.values import Section

_CERTAIN_COPY = pattern_of(
    "|".join(
        (
            r"[(（][^()（）]*"
            r"(?:conflicted copy|conflict copy|SFConflict|case conflict|冲突副本|冲突文件|冲突版本)[^()（）]*[)）]",
            r"\.sync-conflict-\d{8}-\d{6}",
            r"\[conflict\w*[^\]]*\]",
            r"[-_ .]冲突(?:副本|文件|版本)(?:[-_ ].{0,60})?$",
            r"[-_ ](?:副本|复件)[-_ ]?(?:[(（]?\d{1,3}[)）]?)?$",
            r" - (?:copy|kopie|copie|copia)(?: ?\(\d{1,3}\))?$",
            r"的副本 ?(?:[(（]?\d{1,3}[)）]?)?$",
            r"^(?:copy of|复件|副本)[-_ ]",
            r"\.(?:bak|backup|orig|old|tmp|temp)$",
            r"-(?:DESKTOP|LAPTOP)-[0-9A-Z]{6,8}$",
            r"_(?:BASE|LOCAL|REMOTE|BACKUP)_\d+$",
            r"^~\$",
            r"~$",
        )
    ),
    re.IGNORECASE,
)
"""As Windows, macOS, Office, Dropbox, Nextcloud, Syncthing, Seafile, Google Drive, OneDrive, Nutstore, WPS and git
write them.
"""
_LIKELY_COPY = pattern_of(
    r"(?: ?[(（]\d{1,3}[)）]|[-_ ]?(?:copy|bak|backup|副本|复制|拷贝|备份)[-_ ]?(?:[(（]?\d{1,3}[)）]?)?|"
    r"[-_ ]?[(（\[【]?(?:已?自动(?:恢复|保存)|已恢复|autorecovered|autosaved|recovered)[)）\]】]?)$",
    re.IGNORECASE,
)
_COPY_FIRST = pattern_of(r"(?:副本|复件)(?=.)")
"""Words that may also be part of a title: the file is a copy only if the original is next to it."""

_WEEKDAY = pattern_of(r"^[\s\-_.,，、(（]*(?:周|星期|礼拜)[一二三四五六日天][)）]?")
_DATES = tuple(
    pattern_of(pattern, re.ASCII)
    for pattern in (
        r"(?<!\d)(?P<y>\d{4})\s*[-./_年 ]\s*(?P<m>\d{1,2})\s*[-./_月 ]\s*(?P<d>\d{1,2})(?!\d)\s*[日号]?",
        r"(?<!\d)(?P<y>(?:19|20|21)\d{2})(?P<m>\d{2})(?P<d>\d{2})(?!\d)",
        r"^(?P<y>\d{2})\s*[-./_年]\s*(?P<m>\d{1,2})\s*[-./_月]\s*(?P<d>\d{1,2})(?!\d)\s*[日号]?",
        r"^(?P<y>\d{2})(?P<m>\d{2})(?P<d>\d{2})(?!\d)",
        r"^(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*[日号]",
    )
)

_OFFICE = frozenset(
    "doc docx docm dot dotx wps wpt rtf odt pages ppt pptx pps ppsx dps key odp xls xlsx et ods numbers".split()
)
_MARKDOWN = frozenset(
    "mdx mkd mkdn mdown mdwn mdtxt mdtext mdc qmd rmd rst adoc asciidoc org textile typ tex ipynb m md_".split()
)
_WEB = frozenset("html htm xhtml mht mhtml shtml url webloc".split())
_ARCHIVES = frozenset("zip rar 7z gz tgz tar bz2 xz".split())
_LEFTOVERS = frozenset("bak orig old tmp temp rej swp swo crdownload part download backup".split())
_DOUBLE = pattern_of(r"\.(?:md|markdown|ya?ml)\.[^.]+$", re.IGNORECASE)


def is_copy(stem: str, beside: Collection[str]) -> bool:
    """Tells whether a name without its ending is that of a copy which a program made; ``beside`` are the names in its folder."""
    plain = unicodedata.normalize("NFC", stem)
    if _CERTAIN_COPY.search(plain):
        return True
    first = _COPY_FIRST.match(plain)
    if first is not None and plain[first.end() :] in beside:
        return True
    match = _LIKELY_COPY.search(plain)
    return match is not None and plain[: match.start()].rstrip(" -_") in beside


class DatedName(NamedTuple):
    """A date that stands in a name in another form than ``YYYY-MM-DD-``: as it is written, and the name as it should be,
    empty if there is no such day."""

    written: str
    name: str


def date_in_name(name: str) -> DatedName | None:
    """Returns the date that people wrote into a name, if there is one."""
    plain = unicodedata.normalize("NFKC", name)
    for pattern in _DATES:
        match = pattern.search(plain)
        if match is None:
            continue
        parts = match.groupdict()
        year = int(parts.get("y") or 0)
        short = len(parts.get("y") or "") == 2
        try:
            # Without a year any leap year tells whether there is such a day.
            day = date(2000 + year if short else year or 2000, int(parts["m"]), int(parts["d"]))
        except ValueError:
            if short:
                continue
            return DatedName(match[0].strip(), "")
        if short and not 10 <= year <= 45:
            continue
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            return DatedName(match[0].strip(), "")
        rest = slugify(_WEEKDAY.sub("", plain[: match.start()] + "-" + plain[match.end() :], count=1))
        rest = re.sub("-{2,}", "-", rest).lstrip("-")
        prefix = f"{day:%Y-%m-%d}" if "y" in parts else f"YYYY-{day:%m-%d}"
        return DatedName(match[0].strip(), f"{prefix}-{rest}" if rest else prefix)
    return None


def is_readme(name: str) -> bool:
    """Tells whether a file is a README, for the people who work on the folder, not for readers."""
    lower = unicodedata.normalize("NFKC", name).lower()
    return re.fullmatch(r"read[-_ ]?me(?:[-_.][\w-]+)?(?:\.(?:md|markdown|mdx|rst|txt|html?))?", lower) is not None


def unread_file(name: str) -> Diagnostic:
    """Returns the problem of a file that is published nowhere, with the advice for its kind."""
    ending = extension(name)
    stem = name[: -len(ending) - 1] if ending else name
    kind, rename = "other", ""
    if name.startswith("~$"):
        kind = "lock"
    elif ending in _LEFTOVERS or name.endswith("~"):
        kind, rename = "leftover", stem if ending else name.rstrip("~")
    elif _DOUBLE.search(name) and ending in ("txt", "text", "doc", "docx", "rtf", "html"):
        kind, rename = "hidden-ending", stem
    elif ending in _MARKDOWN:
        kind, rename = "other-markup", f"{stem}.md"
    elif ending in ("txt", "text", "log"):
        kind, rename = "plain-text", f"{stem}.md"
    elif not ending or not re.fullmatch(r"[a-z0-9]{1,8}", ending):
        kind, rename = "no-ending", f"{name}.md"
    elif ending in _OFFICE:
        kind = "office"
    elif ending in _WEB:
        kind = "web-page"
    elif ending in _ARCHIVES:
        kind = "archive"
    elif is_picture(name):
        kind = "picture"
    elif media_type(name).partition("/")[0] in ("audio", "video"):
        kind = "medium"
    return Diagnostic(
        "file-unread", arguments={"name": name, "cause": f"unread-{kind}", "rename": rename, "ending": f".{ending}"}
    )


def settings_misnamed(name: str, rename: str) -> Diagnostic:
    """Returns the problem of a settings file with the wrong name."""
    return Diagnostic("file-unread", arguments={"name": name, "cause": "unread-settings", "rename": rename})


_WORDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("notice", pattern_of("通知|公告|公示|启事|notice|announce", re.IGNORECASE)),
    ("policy", pattern_of("办法|规定|条例|细则|意见|方案|policy|rules", re.IGNORECASE)),
    ("event", pattern_of("活动安排|日程|讲座预告|event", re.IGNORECASE)),
    ("letter", pattern_of("来信|回复|letter", re.IGNORECASE)),
)


def fitting_section(name: str, sections: Sequence[Section]) -> str:
    """Returns the slug of the section that an entry seems to belong to, by the words of its name; else the first of
    articles.
    """
    for section in sections:
        if section.title in name or section.slug in name.lower():
            return section.slug
    kinds = [kind for kind, pattern in _WORDS if pattern.search(name)]
    for kind in (*kinds, "article"):
        for section in sections:
            if section.type == kind:
                return section.slug
    return sections[0].slug if sections else "news"

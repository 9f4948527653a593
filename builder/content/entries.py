"""The conversion of a file's values into a typed entry, page or topic."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from datetime import date as day
from datetime import datetime, tzinfo
from typing import Any

import msgspec

from builder.content.kinds import READERS, Context
from builder.content.markdown.body import Body
from builder.content.names import date_in_name
from builder.content.schema.types import SHORT, old_path
from builder.messages.codes import severity_of
from builder.messages.diagnostics import Diagnostic
from builder.model.dates import Moment, moment_of, name_prefix
from builder.model.patterns import pattern_of
from builder.model.sources import is_bundle
from builder.model.values import Branch, Credit, Discussion, Entry, File, Page, Section, Topic

SUMMARY_LENGTH = 160
_TITLE_LENGTH = 40
_UNDATED = day(2000, 1, 1)
_SENTENCE = pattern_of(r"[。！？!?…]+[”’」』）)\"']*|\.(?=\s|$)[\"')]*")


class ParsedDocument(msgspec.Struct, frozen=True):
    """The outcome of reading a file: the entry, page or topic, or None, and diagnostics by the key at whose place they
    are shown.
    """

    subject: Entry | Page | Topic | None
    diagnostics: tuple[tuple[str, Diagnostic], ...] = ()


def cut(text: str, most: int = SUMMARY_LENGTH) -> str:
    """Returns ``text`` on one line, cut at the last sentence end within ``most`` characters, else with an ellipsis."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    ends = [match.end() for match in _SENTENCE.finditer(line) if match.end() <= most]
    if ends:
        return line[: ends[-1]]
    head = line[: most - 1]
    space = head.rfind(" ")
    return (head[:space] if space > most // 2 else head).rstrip("，,、;；:： ") + "…"


def _has_error(diagnostics: list[tuple[str, Diagnostic]]) -> bool:
    return any(severity_of(diagnostic.code) == "error" for _, diagnostic in diagnostics)


def make_entry(
    values: Mapping[str, Any],
    body: Body | None,
    path: str,
    name: str,
    slug: str,
    branch: Branch,
    section: Section,
    zone: tzinfo,
) -> ParsedDocument:
    """Returns the entry that a file stands for. ``name`` is its file's or folder's name, which may begin with its date."""
    context = Context(branch.slug, body)
    diagnostics = context.diagnostics
    date, explicit = _date(values, name, path, section, zone, diagnostics)
    reader = READERS[section.type]
    title = values.get("title") or (body.title if body is not None else "")
    if not title and reader.title_key:
        title = cut(values.get(reader.title_key, ""), _TITLE_LENGTH)
    elif not title:
        context.report("title", "title-missing", title=_proposed_title(path))
    diagnostics += _long_title(title)
    aliases = _aliases(values, branch.slug, diagnostics)
    whole = all(field.key in values for field in reader.fields if field.required)
    kind = reader.read(values, context) if whole else None
    if _has_error(diagnostics) or date is None or kind is None:
        return ParsedDocument(None, tuple(diagnostics))
    updated: Moment | None = values.get("updated")
    if updated is not None and section.dated and updated.end < date.at:
        args = {"updated": f"{updated.at:%Y-%m-%d}", "date": f"{date.at:%Y-%m-%d}"}
        diagnostics.append(("updated", Diagnostic("updated-before", arguments=args)))
    expires: Moment | None = values.get("expires")
    if expires is not None and section.dated and expires.end < date.at:
        args = {"expires": f"{expires.at:%Y-%m-%d}", "date": f"{date.at:%Y-%m-%d}"}
        diagnostics.append(("expires", Diagnostic("expires-before", arguments=args)))
    pinned = values.get("pinned", False)
    credit = values.get("source")
    entry = Entry(
        branch=branch.slug,
        section=section.slug,
        slug=slug,
        path=path,
        kind=kind,
        title=title,
        date=date.at,
        date_explicit=explicit,
        updated=_at(values.get("updated")),
        summary=_summary(values, body, reader.summary_of(values)),
        summary_written=bool(values.get("summary")),
        authors=values.get("author", ()),
        credit=Credit(**credit) if credit else None,
        tags=values.get("tags", ()),
        image=values.get("image", ""),
        image_alt=values.get("image_alt", ""),
        attachments=_files(values),
        draft=values.get("draft", False),
        expires=expires_of(values, section, zone),
        pinned=pinned is True,
        pinned_until=pinned if isinstance(pinned, Moment) else None,
        topics=values.get("topics", ()),
        share_with=values.get("share_with", ()),
        hub=values.get("hub", True),
        announce=values.get("announce", False),
        moved_from=context.full_ref(values.get("moved_from", "")),
        aliases=aliases,
        id=values.get("id", ""),
        lang=values.get("lang") or branch.language,
        interprets=tuple(context.full_ref(ref) for ref in values.get("interprets", ())),
        anchors=body.anchors if body is not None else (),
    )
    return ParsedDocument(entry, tuple(diagnostics))


def _proposed_title(path: str) -> str:
    """Returns the words of a file's name, or its folder's, as a title to write; an ellipsis where it has none."""
    parts = path.split("/")
    name = parts[-2] if is_bundle(path) else posixpath.splitext(parts[-1])[0]
    words = re.sub(r"^[\W\d_]+", "", name).replace("_", " ").replace("-", " ")[:_TITLE_LENGTH].strip()
    return words if any(map(str.isalpha, words)) else "…"


def _long_title(title: str) -> list[tuple[str, Diagnostic]]:
    """Returns what is told of a title that is too long for lists: a heading of the text may be the title, too."""
    if len(title) <= SHORT:
        return []
    words = {"key": "title", "most": str(SHORT), "length": str(len(title))}
    return [("title", Diagnostic("text-too-long", arguments=words))]


def _date(
    values: Mapping[str, Any],
    name: str,
    path: str,
    section: Section,
    zone: tzinfo,
    diagnostics: list[tuple[str, Diagnostic]],
) -> tuple[Moment | None, bool]:
    """Returns the moment at which an entry was published, and whether that is written in it."""
    prefixed, named = name_prefix(name)
    written: Moment | None = values.get("date")
    if written is not None:
        # A time that was written in another zone may be a day off from the name that was given there.
        apart = abs((written.at.astimezone(zone).date() - named).days) if named is not None else 0
        if named is not None and apart > (0 if written.day else 1):
            args = {"written": f"{written.at.astimezone(zone):%Y-%m-%d}", "name": named.isoformat()}
            diagnostics.append(("date", Diagnostic("date-mismatch", arguments=args)))
        return written, True
    if named is not None:
        return moment_of(named, zone), False
    if prefixed:
        diagnostics.append(("", Diagnostic("name-date-invalid", arguments={"value": name[:10]})))
        return None, False
    starts: Moment | None = values.get("starts")
    if section.kind.takes_place and starts is not None:
        return starts, False
    if not section.dated:
        return values.get("updated") or moment_of(_UNDATED, zone), False
    dated = date_in_name(name)
    if dated is not None:
        if not dated.name:
            diagnostics.append(("", Diagnostic("name-date-invalid", arguments={"value": dated.written})))
            return None, False
        ending = "" if is_bundle(path) else posixpath.splitext(path)[1]
        args = {"value": dated.written, "name": f"{name}{ending}", "rename": f"{dated.name}{ending}"}
        diagnostics.append(("", Diagnostic("date-in-name", arguments=args)))
        return None, False
    if not section.kind.takes_place or "starts" in values:
        diagnostics.append(("date", Diagnostic("date-missing", arguments={"name": name[:60]})))
    return None, False


def _summary(values: Mapping[str, Any], body: Body | None, otherwise: str = "") -> str:
    written: str = values.get("summary", "")
    if written:
        return written
    text = (body.first_paragraph if body is not None else "") or otherwise
    return cut(text) if text else ""


def _at(moment: Moment | None) -> datetime | None:
    return moment.at if moment is not None else None


def _files(values: Mapping[str, Any]) -> tuple[File, ...]:
    found: list[File] = []
    for each in values.get("attachments", ()):
        file, title = each["file"], each.get("title", "")
        found.append(File(url=file, title=title) if "://" in file else File(path=file, title=title))
    return tuple(found)


def expires_of(values: Mapping[str, Any], section: Section | None, zone: tzinfo) -> Moment | None:
    """Returns the last moment that is written, else the one that follows from the kind of entry."""
    written: Moment | None = values.get("expires")
    return written if written is not None or section is None else READERS[section.type].expires(values, zone)


def _aliases(values: Mapping[str, Any], branch: str, diagnostics: list[tuple[str, Diagnostic]]) -> tuple[str, ...]:
    """Returns the old paths of a page, percent-decoded: in the branch's own folder; for the hub's pages anywhere
    outside the branches.
    """
    found: list[str] = []
    for number, written in enumerate(values.get("aliases", ())):
        path = old_path(written)
        if path is not None and (not branch or path.startswith(f"/{branch}/")) and path.strip("/") != branch:
            found.append(path)
        else:
            code = "alias-outside" if path is not None and path.strip("/") != branch else "alias-invalid"
            args = {"value": written[:80], "folder": f"/{branch}/" if branch else "/"}
            diagnostics.append((f"aliases.{number}", Diagnostic(code, arguments=args)))
    return tuple(dict.fromkeys(found))


def make_page(
    values: Mapping[str, Any], body: Body | None, path: str, slug: str, branch: str, language: str
) -> ParsedDocument:
    """Returns the undated page that a file stands for; ``branch`` is empty for the hub's."""
    diagnostics: list[tuple[str, Diagnostic]] = []
    title = values.get("title") or (body.title if body is not None else "")
    if not title:
        diagnostics.append(("title", Diagnostic("title-missing", arguments={"title": _proposed_title(path)})))
    diagnostics += _long_title(title)
    aliases = _aliases(values, branch, diagnostics)
    if _has_error(diagnostics):
        return ParsedDocument(None, tuple(diagnostics))
    return ParsedDocument(
        Page(
            branch=branch,
            slug=slug,
            path=path,
            title=title,
            summary=_summary(values, body),
            image=values.get("image", ""),
            image_alt=values.get("image_alt", ""),
            attachments=_files(values),
            draft=values.get("draft", False),
            date=_at(values.get("date")),
            updated=_at(values.get("updated")),
            expires=values.get("expires"),
            aliases=aliases,
            lang=values.get("lang") or language,
            order=values.get("order"),
            anchors=body.anchors if body is not None else (),
            for_editors=values.get("for_editors", False),
        ),
        tuple(diagnostics),
    )


def make_topic(values: Mapping[str, Any], body: Body | None, path: str, slug: str, language: str) -> ParsedDocument:
    """Returns the special topic that a file stands for."""
    title = values.get("title") or (body.title if body is not None else "")
    if not title:
        missing = Diagnostic("title-missing", arguments={"title": _proposed_title(path)})
        return ParsedDocument(None, (("title", missing),))
    if long := _long_title(title):
        return ParsedDocument(None, tuple(long))
    talk = values.get("discussion")
    return ParsedDocument(
        Topic(
            slug=slug,
            path=path,
            title=title,
            summary=_summary(values, body),
            image=values.get("image", ""),
            image_alt=values.get("image_alt", ""),
            date=_at(values.get("date")),
            closed=values.get("closed"),
            discussion=Discussion(**talk) if talk is not None else None,
            draft=values.get("draft", False),
            expires=values.get("expires"),
            lang=values.get("lang") or language,
            anchors=body.anchors if body is not None else (),
        )
    )

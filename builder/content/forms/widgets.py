"""The fields of a form: one for each key of the schema that people fill in, with its label, its help and its choices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from builder.content.forms.context import Choice, FormContext
from builder.content.schema.compound import Field, Fields, FilePath, ListOf, Names, Words
from builder.content.schema.kinds import BODY, BRANCH_PROFILE
from builder.content.schema.types import PARAGRAPH, Date, Flag, FlagOrDate, OneOf, Ref, Text, Type, Url, Whole
from builder.messages.translation import N_, Translator
from builder.model.kinds import KindClass

Json = dict[str, Any]
_FIRST = (
    "title",
    "text",
    "person",
    "portrait",
    "date",
    "starts",
    "ends",
    "all_day",
    "question",
    "received",
    "replied",
    "from",
)
_LAST = (
    "body image image_alt attachments summary author source tags topics share_with interprets updated pinned expires "
    "hub order draft"
).split()
_LEFT_OUT = frozenset(("slug", "id", "moved_from", "aliases", "lang", "announce"))
"""Keys that few texts ever need; whoever does writes them into the file, where forms leave them as they are."""
_OF_A_PAGE = frozenset("title body image image_alt attachments summary author source interprets updated".split())
"""Keys that show on the page of an entry only: a kind without pages has no use for them."""
_HELP: Mapping[str, str] = {
    "title": N_("Title of the text, as readers see it in lists."),
    "date": N_("The day of publication. Left empty, it is today; a later day, and it is published then."),
    "body": N_("The text. Headings, lists, links and pictures come from the buttons above it."),
    "image": N_("A picture for lists; left empty, the first one of the text is taken."),
    "photo": N_("A portrait."),
    "portrait": N_("A picture of the person."),
    "attachments": N_("Files for readers to download."),
    "file": N_("The file to download."),
    "author": N_("Name of the author."),
    "source": N_("If it was taken from elsewhere: the name of the source."),
    "share_with": N_("Other branches that also list it."),
    "topics": N_("Special topics that it belongs to."),
    "pinned": N_("The last day on which it stays at the top of its list, like 2026-12-31; or true, without an end."),
    "hub": N_("No: it is only on the site of this branch."),
    "draft": N_("Yes: nobody sees it until this is changed."),
    "all_day": N_("Yes: the event takes whole days, and times do not count."),
    "status": "",
}
"""The help of keys that a form asks for in another way than a file does."""
_ON_BY_DEFAULT = frozenset(("hub",))
_WITH_TIME = frozenset(("starts", "ends"))
_WORDS: Mapping[str, str] = {
    "confirmed": N_("confirmed"),
    "tentative": N_("tentative"),
    "cancelled": N_("cancelled"),
    "in force": N_("in force"),
    "amended": N_("amended"),
    "repealed": N_("repealed"),
}
_AUDIENCES: Mapping[str, str] = {
    "all": N_("All branches"),
    "ancestors": N_("All branches above"),
    "subtree": N_("All branches below"),
}
_MOST_CHOICES = 200
"""Beyond so many branches a form that is a file on a host has a line to write in instead of a list to choose from: the list
would be in each of them for each section."""


def form_fields(
    kind: Fields,
    ctx: FormContext,
    text: Translator,
    *,
    entry: KindClass | None = None,
    dated: bool = True,
    body: str = "markdown",
) -> list[Json]:
    """Returns the fields of the form for texts with the keys of ``kind``: entries of a kind, or pages of a branch (None).

    ``body`` is ``text`` where the text is a key of YAML.
    """
    hidden = _LEFT_OUT if dated else _LEFT_OUT | {"date", "updated"}
    if entry is not None and not entry.has_page:
        hidden |= _OF_A_PAGE
    found = []
    for field in _in_order((*kind.fields, BODY)):
        if field.key not in hidden:
            widget = _body(ctx) if field.key == "body" and body == "markdown" else _widget(field, ctx, text)
            found.append(_named(field, widget, text))
    return found


def profile_fields(ctx: FormContext, text: Translator) -> list[Json]:
    """Returns the fields of the form for what branch.yml says of a branch."""
    return [_named(field, _widget(field, ctx, text), text) for field in BRANCH_PROFILE.fields]


def _in_order(fields: Sequence[Field]) -> Iterator[Field]:
    known = {field.key: field for field in fields}
    special = {*_FIRST, *_LAST}
    middle = [key for key in known if key not in special]
    return (known[key] for key in (*_FIRST, *middle, *_LAST) if key in known)


def _named(field: Field, widget: Json, text: Translator) -> Json:
    # Forms need a title, by which they find and name a text.
    head: Json = {
        "name": field.key,
        "label": text.gettext(field.title),
        "required": field.required or field.key == "title",
    }
    hint = _HELP.get(field.key, field.description)
    return head | ({"hint": text.gettext(hint)} if hint else {}) | widget


def _body(ctx: FormContext) -> Json:
    # What is written by hand (footnotes, tables, alerts) outlives only the plain editor; our own host keeps it anyway.
    modes = ["rich_text", "raw"] if ctx.hosted else ["raw", "rich_text"]
    widget: Json = {"widget": "markdown", "modes": modes, "editor_components": ["code-block", "image"]}
    return widget | ({"linked_images": False} if ctx.program == "sveltia" else {})


def _widget(field: Field, ctx: FormContext, text: Translator) -> Json:
    kind = field.type
    if field.key == "topics":
        return _several(ctx.topics, ctx, text)
    if field.key == "share_with":
        return _audience(ctx, text)
    if isinstance(kind, ListOf):
        return _list(field, kind, ctx, text)
    if isinstance(kind, Fields):
        return _mapping(field, kind, ctx, text)
    if isinstance(kind, Words) or (isinstance(kind, Names) and ctx.hosted):
        return {"widget": "list"}
    return _scalar(field.key, kind, ctx, text)


def _scalar(key: str, kind: Type, ctx: FormContext, text: Translator) -> Json:
    match kind:
        case Date():
            return _date(ctx, with_time=key in _WITH_TIME)
        case Flag():
            # A choice without a default writes nothing that nobody chose; a switch of Sveltia's would write “no” everywhere.
            # Decap's writes only what somebody switched, and its choices are texts; what is on by default is chosen there.
            if ctx.program == "decap" and key not in _ON_BY_DEFAULT:
                return {"widget": "boolean"}
            yes, no = (True, False) if ctx.program == "sveltia" and not ctx.hosted else ("true", "false")
            return _select([(yes, text.gettext(N_("Yes"))), (no, text.gettext(N_("No")))])
        case FlagOrDate():
            return {"widget": "string"}
        case OneOf():
            return _select([(word, text.gettext(_WORDS.get(word, word))) for word in kind.words])
        case FilePath():
            return _file("file" if key == "file" else "image", ctx)
        case Whole():
            return {"widget": "string", "pattern": [r"^-?\d*$", text.gettext(kind.expected)]}
        case Url():
            return {"widget": "string", "pattern": [r"^(https?://\S+)?$", text.gettext(kind.expected)]}
        case Text():
            return _text(kind, text)
        case _:
            return {"widget": "string"}


def _text(kind: Text, text: Translator) -> Json:
    short = not kind.lines and 0 < kind.longest < PARAGRAPH and kind.longest != _SENTENCES
    widget: Json = {"widget": "string" if short else "text"}
    if kind.longest:
        told = text.gettext(N_("At most {most} characters."), most=kind.longest)
        widget["pattern"] = [rf"^[\s\S]{{0,{kind.longest}}}$", told]
    return widget


_SENTENCES = 200
"""The length of a voice, which is written in a field of several lines."""


def _date(ctx: FormContext, *, with_time: bool) -> Json:
    form = "YYYY-MM-DD HH:mm" if with_time else "YYYY-MM-DD"
    if ctx.program == "decap":
        clock = "HH:mm" if with_time else False
        return {"widget": "datetime", "format": form, "date_format": "YYYY-MM-DD", "time_format": clock}
    return {"widget": "datetime", "format": form, "type": "datetime-local" if with_time else "date"}


def _file(widget: str, ctx: FormContext) -> Json:
    return {"widget": widget, "choose_url": False}


def _select(choices: Sequence[tuple[str | bool, str]]) -> Json:
    return {"widget": "select", "options": [{"label": label, "value": value} for value, label in choices]}


def _several(choices: Sequence[Choice], ctx: FormContext, text: Translator) -> Json:
    if not choices:
        return {"widget": "list"}
    return _select([(each.value, each.label) for each in choices]) | {"multiple": True}


def _audience(ctx: FormContext, text: Translator) -> Json:
    if not ctx.hosted and len(ctx.branches) > _MOST_CHOICES:
        return {"widget": "list"}
    general = tuple(Choice(value=word, label=text.gettext(name)) for word, name in _AUDIENCES.items())
    return _several((*general, *ctx.branches), ctx, text)


def _list(field: Field, kind: ListOf, ctx: FormContext, text: Translator) -> Json:
    if isinstance(kind.item, Ref):
        return _policies(ctx)
    if isinstance(kind.item, Fields):
        short = next((each for each in kind.item.fields if each.key == kind.item.short), None)
        if short is not None and not ctx.hosted:
            # The short form is the one that people write; a form of another host can show one of both.
            return {"widget": "list", "field": _named(short, _scalar(short.key, short.type, ctx, text), text)}
        return {"widget": "list", "fields": _inner(kind.item, ctx, text)}
    return {"widget": "list"}


def _policies(ctx: FormContext) -> Json:
    section = next((each for each in ctx.branch.visible_sections if each.type == "policy"), None)
    if section is None:
        return {"widget": "list"}
    return {
        "widget": "relation",
        "collection": section.slug,
        "value_field": f"{section.slug}/{{{{slug}}}}",
        "display_fields": ["title"],
        "search_fields": ["title"],
        "multiple": True,
    }


def _mapping(field: Field, kind: Fields, ctx: FormContext, text: Translator) -> Json:
    short = next((each for each in kind.fields if each.key == kind.short), None)
    if short is not None and not ctx.hosted:
        return _scalar(short.key, short.type, ctx, text)
    return {"widget": "object", "collapsed": True, "fields": _inner(kind, ctx, text)}


def _inner(kind: Fields, ctx: FormContext, text: Translator) -> list[Json]:
    # A key that is required inside something that may be left out would block every form without it.
    fields = (_named(each, _widget(each, ctx, text), text) for each in kind.fields)
    return [field | {"required": False} for field in fields]

"""The full text of a feed item: the facts of its kind, its cover, its text, its attachments with type and size. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from html import escape

from builder.catalogue.bodies import Resolved, html
from builder.catalogue.catalogue import LiveEntry, path_of
from builder.formats.feeds import Enclosure
from builder.messages.translation import N_, Translator, translator
from builder.model.media import is_picture, published_at, size_text
from builder.model.media_types import extension, media_type
from builder.pages.context import Context
from builder.pages.kinds import PAGES

_COLON = N_(": ")


def item_html(ctx: Context, live: LiveEntry, body: Resolved, file: Callable[[str], str]) -> str:
    """Return the HTML of an entry, as its own page has it, with full addresses; ``file`` gives that of a source file, empty if it
    is not published."""
    entry = live.entry
    text = translator(ctx.catalogue.branches[entry.branch].language)
    kind = PAGES[entry.type]
    parts = [*_facts(ctx, live, text), kind.feed_opening(text, entry.kind, file), _cover(live, body, file)]
    parts.append(html(body, ctx.addresses.absolute, file, feed=True, sizes=ctx.sizes))
    parts.append(_attachments(ctx, live, text, file))
    return "\n".join(part for part in parts if part)


def html_sources(ctx: Context, live: LiveEntry, body: Resolved | None, file: Callable[[str], str]) -> object:
    """Return what the text and the files of an entry are made of beside the entry, its branch and the organization: cheaper than
    making them."""
    entry, catalogue = live.entry, ctx.catalogue
    absolute = ctx.addresses.absolute
    others = (
        catalogue.replacements(entry.ref),
        catalogue.entries_called(entry.kind.replaces),
        catalogue.entries_called(entry.interprets),
        catalogue.interpretations(entry.ref),
    )
    told = [[(absolute(path_of(other.entry)), other.entry.title) for other in each] for each in others]
    text = translator(catalogue.branches[entry.branch].language)
    opening = PAGES[entry.type].feed_opening(text, entry.kind, file)
    sources = [entry.image, live.picture, *(each.path for each in entry.attachments)]
    if body is None:
        return told, opening, _published(ctx, sources, file)
    pages = [absolute(target.place.partition("#")[0]) for target in body.targets if target.kind == "page"]
    sources += body.files()
    return told, opening, body.body.segments, body.body.links, body.targets, pages, _published(ctx, sources, file)


def _published(ctx: Context, sources: Iterable[str], file: Callable[[str], str]) -> object:
    return [(source, file(source), ctx.sizes[source]) for source in sources if source in ctx.sizes]


def facts_line(ctx: Context, live: LiveEntry) -> str:
    """Return the facts of an entry's kind on one line, for what has no summary."""
    text = translator(ctx.catalogue.branches[live.entry.branch].language)
    facts = PAGES[live.entry.type].feed_facts(text, ctx.organization.zone, live.entry.kind)
    return " · ".join(fact.text for fact in facts if fact.text)


def enclosures(
    ctx: Context, live: LiveEntry, body: Resolved | None, file: Callable[[str], str]
) -> tuple[Enclosure, ...]:
    """Return the files of an entry: recordings first, those that its text shows too, then documents, then its picture. RSS has
    room for the first alone."""
    cover = live.entry.image or live.picture
    sources = [each.path for each in live.entry.attachments if each.path]
    sources += [source for source in (body.files() if body is not None else ()) if _rank(media_type(source)) == 0]
    sources += [cover] if is_picture(cover) else []
    found = {address: source for source in sources if (address := file(source))}
    made = (Enclosure(url=url, type=media_type(url), length=ctx.sizes[source]) for url, source in found.items())
    return tuple(sorted(made, key=lambda each: _rank(each.type)))


def _rank(kind: str) -> int:
    family = kind.partition("/")[0]
    return {"audio": 0, "video": 0, "image": 2}.get(family, 1)


def _facts(ctx: Context, live: LiveEntry, text: Translator) -> Iterator[str]:
    entry, catalogue = live.entry, ctx.catalogue
    colon = text.gettext(_COLON)
    rows = [
        f"<li>{escape(text.gettext(fact.label))}{colon}{_linked(fact.url, fact.text)}</li>"
        for fact in PAGES[entry.type].feed_facts(text, ctx.organization.zone, entry.kind)
        if fact.text
    ]
    pairs = (
        (N_("Replaced by"), catalogue.replacements(entry.ref)),
        (N_("Replaces"), catalogue.entries_called(entry.kind.replaces)),
        (N_("Interprets"), catalogue.entries_called(entry.interprets)),
        (N_("Interpretations"), catalogue.interpretations(entry.ref)),
    )
    for label, others in pairs:
        shown = (_linked(ctx.addresses.absolute(path_of(other.entry)), other.entry.title) for other in others)
        rows += [f"<li>{escape(text.gettext(label))}{colon}{other}</li>" for other in shown]
    if entry.credit is not None:
        credit = _linked(entry.credit.url, entry.credit.name)
        rows.append(f"<li>{escape(text.gettext(N_('Source')))}{colon}{credit}</li>")
    if rows:
        yield f"<ul>{''.join(rows)}</ul>"


def _linked(address: str, words: str) -> str:
    shown = escape(words, quote=False).replace("\n", "<br>")
    web = address.startswith(("https://", "http://"))
    return f'<a href="{escape(address)}">{shown}</a>' if web else shown


def _cover(live: LiveEntry, body: Resolved, file: Callable[[str], str]) -> str:
    source = live.entry.image
    address = file(source) if is_picture(source) and source not in body.pictures() else ""
    return f'<p><img src="{escape(address)}" alt="{escape(live.entry.image_alt)}"></p>' if address else ""


def _attachments(ctx: Context, live: LiveEntry, text: Translator, file: Callable[[str], str]) -> str:
    rows = []
    bundles = ctx.catalogue.live_sites[live.entry.branch].bundles
    for each in live.entry.attachments:
        address = each.url or file(each.path)
        if not address:
            continue
        title = each.title or each.url or each.path.rpartition("/")[2]
        told = ""
        if not each.url:
            kind = extension(published_at(each.path, live.entry.branch, bundles)).upper()
            told = f" ({', '.join(part for part in (kind, size_text(ctx.sizes[each.path])) if part)})"
        rows.append(f"<li>{_linked(address, title)}{told}</li>")
    return f"<p>{escape(text.gettext(N_('Attachments')))}</p>\n<ul>{''.join(rows)}</ul>" if rows else ""

"""Pages that say one sentence: withdrawn, moved, not found; and the plain pages of a site that cannot be rendered."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from html import escape

from builder.catalogue.bodies import Resolved, html
from builder.catalogue.catalogue import LiveEntry, LiveSite, path_of
from builder.formats.content_policy import PLAIN_POLICY
from builder.formats.direction import language_attributes
from builder.formats.html.site import SitePage
from builder.messages.date_texts import date_text
from builder.model.addresses import output_file
from builder.model.published import Withdrawal
from builder.pages.context import ROOT, Context, section_link
from builder.pages.frame import alternates
from builder.pages.page_data.pages import NotFoundPage, RedirectPage, WithdrawnPage
from builder.pages.page_data.parts import Link


def withdrawn_pages(ctx: Context, part: LiveSite) -> Iterator[SitePage]:
    """Makes the pages at the addresses of expired entries and pages: they show neither title nor text, but why, since when,
    and the list that it was in."""
    for path in part.withdrawn:
        yield ctx.page(path, ctx.text.gettext("Withdrawn"), _withdrawn(ctx, part.withdrawals.get(path)))


def _withdrawn(ctx: Context, why: Withdrawal | None) -> WithdrawnPage:
    text = ctx.text.gettext
    if why is None:
        return WithdrawnPage(noindex=True, reason=text("This page has been withdrawn."))
    branch, slug = ctx.branch, why.home.strip("/").partition("/")[2]
    shown = next((each for each in branch.visible_sections if each.slug == slug), None) if branch else None
    topics = Link(title=text("Topics"), url=ctx.link(why.home)) if why.home == "/topics/" else None
    return WithdrawnPage(
        noindex=True,
        reason=text("The period of this public notice is over, and its page has been withdrawn.")
        if why.period
        else text("Its publisher has withdrawn this page."),
        since=why.since,
        since_text=date_text(date.fromisoformat(why.since), ctx.language) if why.since else "",
        home=section_link(ctx, branch, slug) if branch is not None and shown is not None else topics,
    )


def not_found_page(ctx: Context) -> SitePage:
    """Makes the error page; its links are absolute paths, since it is shown at any address."""
    data = NotFoundPage(noindex=True, root=ctx.addresses.prefix(ctx.site), alternates=alternates(ctx))
    return ctx.page(f"{ctx.home}404.html", ctx.text.gettext("Page not found"), data)


def redirect_pages(ctx: Context, taken: Collection[str]) -> Iterator[SitePage]:
    """Makes a page at each old address that redirects; none where ``taken`` (output files of the site) has a page."""
    moved = {**dict(_former_parts(ctx, taken)), **ctx.moved}
    files = {path.casefold() for path in (*taken, *ctx.files)}
    folders = {folder for path in files for folder in _above(path)}
    for path, target in sorted(moved.items()):
        page = ctx.page(
            path,
            ctx.text.gettext("This page has moved"),
            RedirectPage(noindex=True, target=ctx.link(target), canonical=ctx.addresses.absolute(target)),
        )
        own = page.path.casefold()
        if _safe(page.path) and own not in files and own not in folders and not files & set(_above(own)):
            files.add(own)
            folders.update(_above(own))
            yield page


def _former_parts(ctx: Context, taken: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yields the old and the new address of each part of a list whose section has another name now: of its further pages and
    its years."""
    branch = ctx.branch
    former = {section.slug: branch.former_names(section) for section in branch.sections} if branch is not None else {}
    for path in taken:
        name, _, rest = path.removesuffix("index.html").partition("/")
        if rest.startswith(("page/", "archive/")):
            yield from ((f"{ctx.home}{old}/{rest}", f"{ctx.home}{name}/{rest}") for old in former.get(name, ()))


def _above(path: str) -> Iterator[str]:
    """Returns the folders that contain a file."""
    parts = path.split("/")
    return ("/".join(parts[:depth]) for depth in range(1, len(parts)))


def _safe(path: str) -> bool:
    return output_file(f"/{path}") == path and all(part not in ("", ".", "..") for part in path.split("/"))


def plain_withdrawn_page(ctx: Context, place: str, why: Withdrawal | None) -> bytes:
    """Makes the page at ``place``, the address of something withdrawn, without the theme: it says what the other says."""
    data, root, text = _withdrawn(ctx, why), ctx.addresses.root(place), ctx.text.gettext
    since = text("Withdrawn since {date}", date=data.since_text) if data.since_text else ""
    lines = (f"<p>{escape(line)}</p>" for line in (data.reason, since) if line)
    doors = [data.home] if data.home else []
    doors.append(Link(title=ctx.title, url=ctx.link(ctx.home)))
    links = "".join(
        f'<li><a href="{escape(door.url.replace(ROOT, root))}">{escape(door.title)}</a></li>' for door in doors
    )
    return _plain(ctx.language, text("Withdrawn"), f"{''.join(lines)}<ul>{links}</ul>", noindex=True)


def plain_page(ctx: Context, place: str, part: LiveSite, bodies: Mapping[str, Resolved]) -> bytes:
    """Makes the page at the path ``place`` without the theme: its title, its body (by source path), and the entries below it."""
    what = next((each for each in part.subjects if path_of(each) == place), None)
    root = ctx.addresses.root(place)

    def link(target: str) -> str:
        return ctx.link(target).replace(ROOT, root)

    rows = "".join(
        f'<li><a href="{escape(link(path_of(live.entry).partition("#")[0]))}">{escape(live.entry.title)}</a> '
        f"{live.entry.date:%Y-%m-%d}</li>"
        for live in _below(part, place, listed=what is None)
        if live.entry.has_page
    )
    body = html(bodies[what.path], link, lambda _: "") if what is not None and what.path in bodies else ""
    title = what.title if what is not None else ctx.title
    home = f'<p><a href="{escape(link(ctx.home))}">{escape(ctx.title)}</a></p>'
    return _plain(ctx.language, title, f"{home}{body}" + (f"<ul>{rows}</ul>" if rows else ""))


def _below(part: LiveSite, place: str, *, listed: bool) -> list[LiveEntry]:
    """Returns the entries below ``place``, the newest first; if there are none, all of the site for a list."""
    lives = [live for live in part.entries if live.listed]
    inside = [live for live in lives if path_of(live.entry).startswith(place)]
    return sorted(inside or (lives if listed else []), key=lambda live: live.entry.date, reverse=True)


def _plain(language: str, title: str, body: str, *, noindex: bool = False) -> bytes:
    robots = '<meta name="robots" content="noindex">' if noindex else ""
    return (
        f'<!DOCTYPE html><html {language_attributes(language)}><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{PLAIN_POLICY}">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1">{robots}<title>{escape(title)}</title></head>'
        f"<body><main><h1>{escape(title)}</h1>{body}</main></body></html>\n"
    ).encode()

"""Pages that say one sentence: withdrawn, moved, not found."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from builder.formats.html.site import SitePage
from builder.model.addresses import output_file
from builder.pages.context import Context, Data
from builder.pages.frame import alternates


def withdrawn_pages(ctx: Context, paths: Iterable[str]) -> Iterator[SitePage]:
    """Makes the pages at the addresses of expired entries and pages: they show neither title nor text."""
    title = ctx.text.gettext("Withdrawn")
    for path in sorted(paths):
        yield ctx.page(path, title, "withdrawn.html", {"noindex": True})


def not_found_page(ctx: Context) -> SitePage:
    """Makes the error page; its links are absolute paths, since it is shown at any address."""
    data: Data = {"noindex": True, "root": ctx.addresses.prefix(ctx.site), "alternates": alternates(ctx)}
    return ctx.page(f"{ctx.home}404.html", ctx.text.gettext("Page not found"), "notfound.html", data)


def redirect_pages(ctx: Context, taken: Collection[str]) -> Iterator[SitePage]:
    """Makes a page at each old address that redirects; none where ``taken`` (output files of the site) has a page."""
    files = {path.casefold() for path in (*taken, *ctx.files)}
    folders = {folder for path in files for folder in _above(path)}
    for path, target in sorted(ctx.moved.items()):
        page = ctx.page(
            path,
            ctx.text.gettext("This page has moved"),
            "redirect.html",
            {"noindex": True, "target": ctx.link(target), "canonical": ctx.addresses.absolute(target)},
        )
        own = page.path.casefold()
        if _safe(page.path) and own not in files and own not in folders and not files & set(_above(own)):
            yield page


def _above(path: str) -> Iterator[str]:
    """Returns the folders that contain a file."""
    parts = path.split("/")
    return ("/".join(parts[:depth]) for depth in range(1, len(parts)))


def _safe(path: str) -> bool:
    return output_file(f"/{path}") == path and all(part not in ("", ".", "..") for part in path.split("/"))

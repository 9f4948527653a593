"""The OPML outline of all feeds, in the order of the branch tree. Pure."""

from __future__ import annotations

from builder.formats.feeds import Outline
from builder.model.values import Branch
from builder.pages.context import Context
from builder.pages.hub import hub_sections


def outlines(ctx: Context) -> tuple[Outline, ...]:
    """Returns the hub's feeds, then each branch's in its place in the tree."""
    text = ctx.text.gettext
    organization = ctx.organization
    over_all = tuple(
        _outline(ctx, f"{ctx.title} · {section.title}", f"/feeds/{section.slug}/", f"/sections/{section.slug}/")
        for section in hub_sections(ctx)
    )
    topics = tuple(
        _outline(ctx, f"{ctx.title} · {topic.title}", f"/topics/{slug}/", f"/topics/{slug}/", topic.summary)
        for slug, topic in sorted(ctx.catalogue.topics.items())
    )
    top = _outline(ctx, organization.name, "/", "/", organization.description)
    folder = (Outline(title=text("Topics"), children=topics),) if topics else ()
    return (top, *over_all, *folder, *(_branch(ctx, branch) for branch in ctx.catalogue.children.get("", ())))


def _branch(ctx: Context, branch: Branch) -> Outline:
    home = f"/{branch.slug}/"
    language = branch.language
    below = tuple(_branch(ctx, child) for child in ctx.catalogue.children.get(branch.slug, ()))
    own = [_outline(ctx, branch.name, home, home, branch.description, language)]
    if below:
        title = ctx.text.gettext("{name} and its branches", name=branch.title)
        own.append(_outline(ctx, title, f"{home}all/", f"{home}all/", "", language))
    for section in branch.visible_sections:
        path = f"{home}{section.slug}/"
        own.append(_outline(ctx, f"{branch.title} · {section.title}", path, path, section.description, language))
    return Outline(title=branch.title, children=(*own, *below))


def _outline(ctx: Context, title: str, path: str, page: str, description: str = "", language: str = "") -> Outline:
    return Outline(
        title=title,
        rss_url=ctx.addresses.absolute(f"{path}feed.xml"),
        html_url=ctx.addresses.absolute(page),
        description=description,
        language=language or ctx.language,
    )

"""Every page of the hub: what is new over all branches, by section, by tag, the tree, topics, events, letters, feeds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from builder.catalogue import LiveEntry
from builder.media import Shape, published_at
from builder.model import Branch, EntryType, Section, Topic
from builder.render.site import SitePage
from builder.views.branch import about_link, newest_listed, running
from builder.views.common import (
    Context,
    Data,
    branch_link,
    coming,
    items,
    over,
    picture,
    section_language,
    topic_link,
)
from builder.views.entries import undated_page
from builder.views.frame import alternates, contact_data, feed_links
from builder.views.health import health_page
from builder.views.lists import tag_pages, visible_sections
from builder.views.notes import not_found_page, redirect_pages, withdrawn_pages
from builder.views.search import search_page
from builder.views.structured import column_labels, home_nodes
from builder.views.subscribe import subscribe_page
from builder.views.texts import date_text, moment_text, month_text

MOST = 100
_LATEST, _BLOCK, _EVENTS, _VOICES = 12, 5, 6, 4


def hub_pages(ctx: Context) -> Iterator[SitePage]:
    """The pages of the hub, in a fixed order."""
    pages = list(_pages(ctx))
    yield from pages
    yield from redirect_pages(ctx, [page.path for page in pages])


def hub_entries(ctx: Context) -> list[LiveEntry]:
    """What the hub lists: of all branches, newest first, less what says ``hub: false``; pins hold in their branch only."""
    lives = [live for ref, live in sorted(ctx.catalogue.entries.items()) if live.entry.hub]
    return sorted(lives, key=lambda live: live.entry.date, reverse=True)


def hub_sections(ctx: Context) -> tuple[Section, ...]:
    """The organization's sections, then those that branches added, by slug."""
    known = {section.slug: section for section in ctx.organization.sections}
    added: dict[str, Section] = {}
    for _, branch in sorted(ctx.catalogue.branches.items()):
        for section in visible_sections(branch):
            if section.slug not in known:
                added.setdefault(section.slug, section)
    return (*known.values(), *(added[slug] for slug in sorted(added)))


def _pages(ctx: Context) -> Iterator[SitePage]:
    part = ctx.catalogue.slices[ctx.site]
    every = hub_entries(ctx)
    shown = [live for live in every if live.listed]
    crumbs = [{"title": ctx.title, "url": ctx.link("/")}]
    yield _home(ctx, every, shown)
    for section in hub_sections(ctx):
        yield _section(ctx, section, every, crumbs)
    for page in part.pages:
        yield undated_page(ctx, page, crumbs)
    yield from _topics(ctx, shown, crumbs)
    yield from tag_pages(ctx, shown, "/", crumbs)
    yield from _events(ctx, every, crumbs)
    yield _letters(ctx, shown, crumbs)
    yield _branches(ctx, crumbs)
    yield subscribe_page(ctx, _feed_rows(ctx), crumbs, branches=tuple(in_tree_order(ctx)))
    yield _search(ctx, crumbs)
    if ctx.organization.health_public:
        yield health_page(ctx, crumbs)
    yield from withdrawn_pages(ctx, part.withdrawn)
    yield not_found_page(ctx)


def _of(lives: Iterable[LiveEntry], kind: EntryType) -> list[LiveEntry]:
    return [live for live in lives if live.entry.type == kind]


def _home(ctx: Context, every: Sequence[LiveEntry], shown: Sequence[LiveEntry]) -> SitePage:
    mixed = partial(items, ctx, mixed=True)
    part = ctx.catalogue.slices[ctx.site]
    about = next((page for page in part.pages if page.slug == "about"), None)
    stories = [live for live in shown if live.entry.type in ("article", "policy")]
    data: Data = {
        "description": ctx.organization.description,
        "alternates": alternates(ctx),
        "latest": mixed(stories[:_LATEST]),
        "notices": mixed(_of(shown, "notice")[:_BLOCK]),
        "running": mixed([live for live in _of(shown, "notice") if running(ctx, live)]),
        "events": mixed(coming(every, ctx.now)[:_EVENTS]),
        "letters": mixed(_of(shown, "letter")[:_BLOCK]),
        "voices": mixed(_of(shown, "voice")[:_VOICES]),
        "sections": [
            {
                "section": _section_link(ctx, section),
                "entries": mixed([live for live in shown if live.entry.section == section.slug][:_BLOCK]),
            }
            for section in ctx.organization.sections
        ],
        "topics": [_topic_link(ctx, topic, shown) for topic in _running_topics(ctx)],
        "tree": [_branch_row(ctx, branch) for branch in ctx.catalogue.children.get("", ())],
        "about": about_link(ctx, about),
        "more": _more(ctx),
        "contact": contact_data(ctx.organization.contact),
        "og": {"type": "website"},
    }
    return ctx.page("/", ctx.title, "hub-home.html", data, about=home_nodes(ctx))


def _more(ctx: Context) -> Data:
    """Where the whole of each of the home page's lists is."""
    of_type = {section.type: f"/sections/{section.slug}/" for section in reversed(ctx.organization.sections)}
    own = {"event": "/events/", "letter": "/letters/", "topic": "/topics/", "branches": "/branches/"}
    return {kind: ctx.link(path) for kind, path in (of_type | own).items()}


def _section(ctx: Context, section: Section, every: Sequence[LiveEntry], crumbs: list[Data]) -> SitePage:
    lives = [live for live in every if live.entry.section == section.slug]
    if section.type == "event":
        lives = coming(lives, ctx.now) + [live for live in lives if over(live.entry, ctx.now)]
    else:
        lives = [live for live in lives if live.listed]
    home = f"/feeds/{section.slug}/"
    data: Data = {
        "crumbs": crumbs,
        "section": _section_link(ctx, section) | {"description": section.description},
        "type": section.type,
        "dated": section.dated,
        "entries": items(ctx, lives[:MOST], mixed=True),
        "feeds": feed_links(ctx, home, section.title),
        "alternates": alternates(ctx, (home, f"{ctx.title} · {section.title}")),
        "description": section.description,
        "labels": column_labels(ctx, section),
    }
    return ctx.page(f"/sections/{section.slug}/", section.title, "section.html", data)


def _running_topics(ctx: Context) -> list[Topic]:
    return [topic for _, topic in sorted(ctx.catalogue.topics.items()) if not _closed(ctx, topic)]


def _closed(ctx: Context, topic: Topic) -> bool:
    return topic.closed is not None and topic.closed.over(ctx.now)


def _topic_link(ctx: Context, topic: Topic, shown: Sequence[LiveEntry]) -> Data:
    shape = ctx.shapes.get(topic.image, Shape()) if topic.image in ctx.sizes else None
    return topic_link(ctx, topic) | {
        "summary": topic.summary,
        "image": picture(ctx, published_at(topic.image, "", {}), topic.image_alt, shape) if shape else None,
        "closed": _closed(ctx, topic),
        "count": sum(topic.slug in live.entry.topics for live in shown),
    }


def _topics(ctx: Context, shown: Sequence[LiveEntry], crumbs: list[Data]) -> Iterator[SitePage]:
    text = ctx.text.gettext
    topics = [topic for _, topic in sorted(ctx.catalogue.topics.items())]
    rows = sorted((_topic_link(ctx, topic, shown) for topic in topics), key=lambda row: row["closed"])
    index: Data = {"crumbs": crumbs, "alternates": alternates(ctx), "topics": rows}
    yield ctx.page("/topics/", text("Topics"), "topics.html", index)
    above = [*crumbs, {"title": text("Topics"), "url": ctx.link("/topics/")}]
    titles = {section.slug: _section_link(ctx, section) for section in hub_sections(ctx)}
    for topic in topics:
        lives = [live for live in shown if topic.slug in live.entry.topics]
        groups = [slug for slug in titles if any(live.entry.section == slug for live in lives)]
        home = f"/topics/{topic.slug}/"
        data: Data = {
            "crumbs": above,
            "description": topic.summary,
            "lead": topic.summary,
            "alternates": alternates(ctx, (home, topic.title)),
            "feeds": feed_links(ctx, home, topic.title),
            "closed": _closed(ctx, topic),
            "lang": topic.lang if topic.lang != ctx.language else None,
            "sections": [
                {
                    **titles[slug],
                    "entries": items(ctx, [live for live in lives if live.entry.section == slug], mixed=True),
                }
                for slug in groups
            ],
            "discussion": _discussion(ctx, topic),
        }
        yield ctx.page(home, topic.title, "topic.html", data, ctx.written.get(topic.path))


def _discussion(ctx: Context, topic: Topic) -> Data | None:
    talk = topic.discussion
    if talk is None:
        return None
    begun = talk.opens is None or talk.opens.at <= ctx.now
    return {
        "question": talk.question,
        "opens_text": moment_text(talk.opens, ctx.language),
        "closes_text": moment_text(talk.closes, ctx.language),
        "open": begun and (talk.closes is None or not talk.closes.over(ctx.now)),
    }


def _events(ctx: Context, every: Sequence[LiveEntry], crumbs: list[Data]) -> Iterator[SitePage]:
    events = [live for live in every if live.entry.event is not None]
    text = ctx.text.gettext
    by_month: dict[tuple[int, int], list[LiveEntry]] = {}
    for live in sorted(events, key=lambda live: (_start(live), live.entry.ref)):
        at = live.entry.event.starts.at if live.entry.event else live.entry.date
        by_month.setdefault((at.year, at.month), []).append(live)
    past = [live for live in events if over(live.entry, ctx.now)]
    past.sort(key=_start, reverse=True)
    webcal = ctx.addresses.absolute("/calendar.ics")
    common: Data = {"alternates": alternates(ctx), "calendar_url": "webcal:" + webcal.partition(":")[2]}

    def links(current: tuple[int, int] | None) -> list[Data]:
        return [
            {
                "title": month_text(year, month, ctx.language),
                "url": ctx.link(f"/events/{year}-{month:02d}/"),
                "current": (year, month) == current,
            }
            for year, month in sorted(by_month, reverse=True)
        ]

    index = {
        **common,
        "crumbs": crumbs,
        "coming": items(ctx, coming(events, ctx.now), mixed=True),
        "past": items(ctx, past[:MOST], mixed=True),
        "months": links(None),
    }
    yield ctx.page("/events/", text("Events"), "events.html", index)
    above = [*crumbs, {"title": text("Events"), "url": ctx.link("/events/")}]
    for (year, month), lives in sorted(by_month.items()):
        data = {
            **common,
            "crumbs": above,
            "coming": items(ctx, coming(lives, ctx.now), mixed=True),
            "past": items(ctx, [live for live in lives if over(live.entry, ctx.now)], mixed=True),
            "months": links((year, month)),
        }
        title = text("Events in {month}", month=month_text(year, month, ctx.language))
        yield ctx.page(f"/events/{year}-{month:02d}/", title, "events.html", data)


def _start(live: LiveEntry) -> float:
    return live.entry.event.starts.at.timestamp() if live.entry.event else 0


def _letters(ctx: Context, shown: Sequence[LiveEntry], crumbs: list[Data]) -> SitePage:
    lives = _of(shown, "letter")
    data: Data = {
        "crumbs": crumbs,
        "alternates": alternates(ctx),
        "entries": items(ctx, lives[:MOST], mixed=True),
        "waiting": sum(part.waiting for part in ctx.catalogue.slices.values()),
        "statistics": _quarters(ctx, lives),
    }
    return ctx.page("/letters/", ctx.text.gettext("Letters and replies"), "letters.html", data)


def _quarters(ctx: Context, lives: Iterable[LiveEntry]) -> list[Data]:
    """Replies per quarter of the year in which the letter came, with the mean of the days that they took."""
    found: dict[tuple[int, int], list[int]] = {}
    for live in lives:
        letter = live.entry.letter
        if letter is not None:
            came = letter.received.at.date()
            replied = letter.replied.at.date() if letter.replied else live.entry.date.date()
            found.setdefault((came.year, (came.month + 2) // 3), []).append(max(0, (replied - came).days))
    text = ctx.text.gettext
    return [
        {
            "title": text("{year}, quarter {quarter}", year=year, quarter=quarter),
            "replied": len(days),
            "days": str(round(sum(days) / len(days))),
        }
        for (year, quarter), days in sorted(found.items(), reverse=True)
    ]


def _branch_row(ctx: Context, branch: Branch) -> Data:
    newest = newest_listed(ctx, branch.slug)
    last = items(ctx, [newest])[0] if newest else None
    return branch_link(ctx, branch) | {
        "name": branch.name,
        "description": branch.description,
        "status": branch.status,
        "count": len(ctx.catalogue.slices[branch.slug].entries),
        "last": {key: last[key] for key in ("title", "url", "date", "date_text", "lang") if key in last}
        if last
        else None,
        "last_text": date_text(newest.entry.date.date(), ctx.language) if newest else "",
        "all_url": ctx.link(f"/{branch.slug}/all/") if ctx.catalogue.children.get(branch.slug) else "",
        "children": [_branch_row(ctx, child) for child in ctx.catalogue.children.get(branch.slug, ())],
    }


def _branches(ctx: Context, crumbs: list[Data]) -> SitePage:
    data: Data = {
        "crumbs": crumbs,
        "alternates": alternates(ctx),
        "branches": [_branch_row(ctx, branch) for branch in ctx.catalogue.children.get("", ())],
    }
    return ctx.page("/branches/", ctx.text.gettext("All branches"), "tree.html", data)


def _feed_rows(ctx: Context) -> Iterator[tuple[Data, str]]:
    yield {"title": ctx.text.gettext("Everything"), "url": ctx.link("/")}, "/"
    for section in hub_sections(ctx):
        yield _section_link(ctx, section), f"/feeds/{section.slug}/"
    for slug, topic in sorted(ctx.catalogue.topics.items()):
        yield topic_link(ctx, topic), f"/topics/{slug}/"


def _section_link(ctx: Context, section: Section) -> Data:
    """A section's title and its page over all branches; one that a branch has added is named in that branch's language."""
    owners = (branch for _, branch in sorted(ctx.catalogue.branches.items()) if section in branch.sections)
    link: Data = {"title": section.title, "url": ctx.link(f"/sections/{section.slug}/"), "slug": section.slug}
    return link | ctx.spoken(section_language(ctx, next(owners, None), section))


def in_tree_order(ctx: Context) -> Iterator[Branch]:
    """All branches, each followed by those below it."""
    yield from ctx.catalogue.descendants("")


def _search(ctx: Context, crumbs: list[Data]) -> SitePage:
    text = ctx.text.gettext
    links = [
        {"title": text("All branches"), "url": ctx.link("/branches/")},
        {"title": text("Topics"), "url": ctx.link("/topics/")},
        {"title": text("Tags"), "url": ctx.link("/tags/")} if any(True for _ in _tags(ctx)) else None,
        {"title": text("Events"), "url": ctx.link("/events/")},
        {"title": text("Letters and replies"), "url": ctx.link("/letters/")},
    ]
    return search_page(ctx, crumbs, [link for link in links if link])


def _tags(ctx: Context) -> Iterator[str]:
    return (tag for live in ctx.catalogue.entries.values() if live.entry.hub and live.listed for tag in live.entry.tags)

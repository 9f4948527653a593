"""Special topics: the contributions of all branches by time, each once, and the discussion."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from builder.formats.html.site import SitePage
from builder.messages.date_texts import moment_text
from builder.model.media import Shape
from builder.model.published import path_of
from builder.model.stubs import Listed
from builder.model.values import Discussion as Talk
from builder.model.values import Topic
from builder.pages.context import Context, picture, topic_link, undated
from builder.pages.frame import alternates, feed_links
from builder.pages.items import items
from builder.pages.lists import months
from builder.pages.page_data.pages import TopicPage, TopicsPage
from builder.pages.page_data.parts import Link, SectionLink
from builder.pages.page_data.rows import Discussion, SectionGroup, TopicRow
from builder.pages.paging import MOST_AT_ONCE, PAGE
from builder.pages.ways import to_join


def running_topics(ctx: Context) -> list[Topic]:
    """Returns the topics that are not closed, by slug."""
    return [topic for _, topic in sorted(ctx.catalogue.topics.items()) if not _closed(ctx, topic)]


def _closed(ctx: Context, topic: Topic) -> bool:
    return topic.closed is not None and topic.closed.over(ctx.now)


def topic_row(ctx: Context, topic: Topic, shown: Sequence[Listed]) -> TopicRow:
    """Returns the data of a topic in lists."""
    shape = ctx.shapes.get(topic.image, Shape()) if topic.image in ctx.sizes else None
    link = topic_link(ctx, topic)
    return TopicRow(
        title=link.title,
        url=link.url,
        lang=link.lang,
        summary=topic.summary,
        image=picture(ctx, ctx.published(topic.image), topic.image_alt, shape) if shape else None,
        closed=_closed(ctx, topic),
        count=sum(topic.slug in live.entry.topics for live in shown),
    )


def topic_pages(
    ctx: Context, shown: Sequence[Listed], crumbs: tuple[Link, ...], titles: Mapping[str, SectionLink]
) -> Iterator[SitePage]:
    """Makes the list of topics and a page for each; ``titles`` are the sections over all branches, in their order."""
    text = ctx.text.gettext
    topics = [topic for _, topic in sorted(ctx.catalogue.topics.items())]
    rows = sorted((topic_row(ctx, topic, shown) for topic in topics), key=lambda row: row.closed)
    index = TopicsPage(crumbs=crumbs, alternates=alternates(ctx), topics=tuple(rows[:PAGE]), others=tuple(rows[PAGE:]))
    yield ctx.page("/topics/", text("Topics"), index)
    above = (*crumbs, Link(title=text("Topics"), url=ctx.link("/topics/")))
    for topic in topics:
        lives = [live for live in shown if topic.slug in live.entry.topics]
        late = [live for live in lives if _is_late(topic, live)]
        in_time = [live for live in lives if not _is_late(topic, live)]
        by_time = [live for live in in_time if not undated(ctx, live.entry)]
        home = path_of(topic)
        data = TopicPage(
            crumbs=above,
            description=topic.summary,
            lead=topic.summary,
            alternates=alternates(ctx, (home, topic.title)),
            feeds=feed_links(ctx, home, topic.title),
            closed=_closed(ctx, topic),
            lang=ctx.spoken(topic.lang),
            image=topic_row(ctx, topic, ()).image,
            sections=tuple(_groups(ctx, [live for live in in_time if undated(ctx, live.entry)], titles)),
            discussion=_discussion(ctx, topic),
            late=items(ctx, late, mixed=True),
            join=to_join(ctx, topic) if _is_open(ctx, topic) else None,
            timeline=months(ctx, by_time, mixed=True),
            folded=len(by_time) > MOST_AT_ONCE,
        )
        yield ctx.page(home, topic.title, data, ctx.written.get(topic.path))


def _groups(ctx: Context, lives: Sequence[Listed], titles: Mapping[str, SectionLink]) -> Iterator[SectionGroup]:
    """Returns the sections that there are entries of, in their order, with these."""
    for slug, link in titles.items():
        own = [live for live in lives if live.entry.section == slug]
        if own:
            entries = items(ctx, own, mixed=True)
            yield SectionGroup(title=link.title, url=link.url, lang=link.lang, slug=slug, entries=entries)


def _is_late(topic: Topic, live: Listed) -> bool:
    """Tells whether a contribution came after the discussion had closed."""
    closes = topic.discussion.closes if topic.discussion is not None else None
    return closes is not None and closes.over(live.entry.date)


def _is_open(ctx: Context, topic: Topic) -> bool:
    """Tells whether a topic takes contributions: it is not closed, nor is its discussion, which has begun."""
    talk = topic.discussion
    return not _closed(ctx, topic) and (talk is None or _goes_on(ctx, talk))


def _goes_on(ctx: Context, talk: Talk) -> bool:
    begun = talk.opens is None or talk.opens.at <= ctx.now
    return begun and (talk.closes is None or not talk.closes.over(ctx.now))


def _discussion(ctx: Context, topic: Topic) -> Discussion | None:
    talk = topic.discussion
    if talk is None:
        return None
    return Discussion(
        question=talk.question,
        opens_text=moment_text(talk.opens, ctx.language),
        closes_text=moment_text(talk.closes, ctx.language),
        open=not _closed(ctx, topic) and _goes_on(ctx, talk),
    )

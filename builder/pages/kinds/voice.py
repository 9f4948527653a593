"""The list of voices: the words, and who says them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape

from builder.catalogue.catalogue import LiveEntry
from builder.messages.translation import N_, Translator
from builder.model import kinds as model
from builder.model.media import published_at, thumbnail
from builder.pages import data_types
from builder.pages.context import Context
from builder.pages.kinds.kind_pages import KindPages
from builder.pages.page_data.parts import Part


class VoiceFacts(Part, frozen=True, kw_only=True):
    """The words of a person; ``portrait`` is the address of a small picture."""

    text: str
    person: str = ""
    portrait: str = ""


class VoiceCard(Part, frozen=True, kw_only=True):
    """The data that only a voice has; ``slug`` is its anchor in its section's list."""

    slug: str = ""
    voice: VoiceFacts | None = None


class Voice(data_types.Data, frozen=True, kw_only=True):
    """The fields that only a voice has."""

    text: str
    person: str = ""
    portrait: str = ""


class VoicePages(KindPages[model.Voice]):
    """Voices, as readers see them."""

    column_type = N_("Voices")
    card_type = VoiceCard
    data_key = "voice"
    data_type = Voice

    def card(self, ctx: Context, live: LiveEntry, kind: model.Voice) -> Part:
        """Return its words."""
        facts = VoiceFacts(text=kind.text, person=kind.person, portrait=_portrait(ctx, live))
        return VoiceCard(slug=live.entry.slug, voice=facts)

    def data(self, ctx: Context, kind: model.Voice, file: Callable[[str], str]) -> Voice:
        """Return its words."""
        return Voice(text=kind.text, person=kind.person, portrait=file(kind.portrait))

    def feed_opening(self, text: Translator, kind: model.Voice, file: Callable[[str], str]) -> str:
        """Return the portrait, the words, and who says them."""
        words = escape(kind.text.strip(), quote=False).replace("\n", "<br>")
        portrait, person = file(kind.portrait) if kind.portrait else "", escape(kind.person)
        parts = [
            f'<p><img src="{escape(portrait)}" alt="{person}"></p>' if portrait else "",
            f"<blockquote><p>{words}</p></blockquote>",
            f"<p>— {person}</p>" if person else "",
        ]
        return "\n".join(part for part in parts if part)

    def author(self, kind: model.Voice) -> str:
        """Return who says the words."""
        return kind.person

    def said(self, kind: model.Voice) -> str:
        """Return the words."""
        return kind.text

    def keywords(self, kind: model.Voice) -> Iterator[str]:
        """Return who says them."""
        yield kind.person


def _portrait(ctx: Context, live: LiveEntry) -> str:
    branch, source = live.entry.branch, live.entry.kind.portrait
    path = published_at(source, branch, ctx.catalogue.live_sites[branch].bundles) if source else ""
    return ctx.link(thumbnail(path, live.portrait_shape)) if path and ctx.near(path) else ""


PAGES = VoicePages()

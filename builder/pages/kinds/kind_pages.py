"""The base of what readers see of a kind: in lists, on its page, in feeds, in the search, in data for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import tzinfo
from typing import Any, ClassVar, Generic, TypeVar

from builder.catalogue.catalogue import LiveEntry
from builder.messages.translation import Translator
from builder.model.kinds import Kind
from builder.model.values import Entry
from builder.pages.context import Context
from builder.pages.data_types import Data
from builder.pages.page_data.parts import Fact, FeedFact, Part

K = TypeVar("K", bound=Kind)
JsonLd = dict[str, Any]


class KindPages(Generic[K]):
    """The pages of the entries of one kind; whatever a kind does not define, it shares with all entries."""

    column_type: ClassVar[str]
    """The name of its sections in the labels that Chinese public sites have."""
    card_type: ClassVar[type[Part]] = Part
    """The data that its entries have in lists and on their pages beside the common data: each member becomes one of
    ``Item``'s."""
    data_key: ClassVar[str] = ""
    """The key in data files under which an entry has :attr:`data_type`."""
    data_type: ClassVar[type[Data] | None] = None

    def card(self, ctx: Context, live: LiveEntry, kind: K) -> Part:
        """Return the entry's :attr:`card_type`."""
        return self.card_type()

    def state(self, ctx: Context, kind: K) -> Part:
        """Return the part of the card that is shown wherever something leads to the entry."""
        return self.card_type()

    def facts(self, ctx: Context, kind: K) -> Iterator[Fact]:
        """Return facts that the entry's page lists, for a kind that the template of entries does not know."""
        yield from ()

    def feed_facts(self, text: Translator, zone: tzinfo, kind: K) -> Iterator[FeedFact]:
        """Return the facts that the text of a feed item begins with, in the language of ``text``; times are in ``zone``."""
        yield from ()

    def feed_opening(self, text: Translator, kind: K, file: Callable[[str], str]) -> str:
        """Return HTML between the facts and the text of a feed item; ``file`` gives the address of a source file."""
        return ""

    def author(self, kind: K) -> str:
        """Return who speaks in the entry, if that is somebody else than the one who published it."""
        return ""

    def json_ld(self, ctx: Context, entry: Entry, kind: K, owner: JsonLd) -> JsonLd | None:
        """Return the entry in the schema.org vocabulary, ``owner`` being its branch; None for an article."""
        return None

    def data(self, ctx: Context, kind: K, file: Callable[[str], str]) -> Data | None:
        """Return the entry's :attr:`data_type`; ``file`` gives the address of a source file."""
        return None

    def said(self, kind: K) -> str:
        """Return what its entries say themselves, which feeds and the search show in place of a summary."""
        return ""

    def keywords(self, kind: K) -> Iterator[str]:
        """Return the words that the search finds an entry by, beside its title and text."""
        yield from ()

"""An entry as lists show it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec

from builder.model.kinds import KINDS
from builder.pages.kinds import PAGES
from builder.pages.page_data.parts import Link, Part, Picture, SectionLink


class BaseItem(Part, frozen=True, kw_only=True):
    """An entry in a list. ``branch`` is there in lists over several branches, ``origin`` where another branch shares the entry.
    ``mark`` is there in a preview, of what is not published yet. The members of every kind's card come beside these: ``event``
    is there for events alone, and so on."""

    title: str = ""
    url: str = ""
    lang: str = ""
    date: str = ""
    date_text: str = ""
    summary: str = ""
    section: SectionLink | None = None
    type: str = ""
    pinned: bool = False
    mark: str = ""
    image: Picture | None = None
    branch: Link | None = None
    origin: Link | None = None


def with_cards(base: type[Part], name: str, kinds: Iterable[str]) -> type[msgspec.Struct]:
    """Return the class ``base`` with the members of the cards of these kinds, of which it can have one."""
    fields = [
        (field.name, field.type, field.default)
        for kind in kinds
        for field in msgspec.structs.fields(PAGES[kind].card_type)
    ]
    namespace = {"__doc__": base.__doc__}
    return msgspec.defstruct(
        name, fields, bases=(base,), namespace=namespace, module=base.__module__, frozen=True, kw_only=True
    )


if TYPE_CHECKING:
    Item = BaseItem
else:
    Item = with_cards(BaseItem, "Item", KINDS)

"""The pages of a policy: its number, its status, and its interpretations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import tzinfo
from typing import Literal

from builder.catalogue.catalogue import LiveEntry
from builder.messages.date_texts import iso, moment_text
from builder.messages.translation import N_, Translator
from builder.model import kinds as model
from builder.pages import data_types
from builder.pages.context import Context
from builder.pages.kinds.kind_pages import KindPages
from builder.pages.page_data.parts import FeedFact, Part

POLICY_STATES = {
    "in force": N_("in force"),
    "amended": N_("amended"),
    "repealed": N_("repealed"),
}


class PolicyFacts(Part, frozen=True, kw_only=True):
    """The facts about a policy."""

    status: str
    status_text: str
    number: str = ""
    issuer: str = ""
    issued_text: str = ""
    effective_text: str = ""


class PolicyCard(Part, frozen=True, kw_only=True):
    """The data that only a policy has; ``interpreted`` is true if something explains it."""

    policy: PolicyFacts | None = None
    interpreted: bool = False


class Policy(data_types.Data, frozen=True, kw_only=True):
    """The fields that only a policy has."""

    number: str = ""
    issuer: str = ""
    issued: data_types.Moment = ""
    effective: data_types.Moment = ""
    status: Literal["in force", "amended", "repealed"]
    replaces: tuple[data_types.Ref, ...] = ()


class PolicyPages(KindPages[model.Policy]):
    """Policies, as readers see them."""

    column_type = N_("Policies")
    card_type = PolicyCard
    data_key = "policy"
    data_type = Policy

    def card(self, ctx: Context, live: LiveEntry, kind: model.Policy) -> Part:
        """Return its facts."""
        facts = PolicyFacts(
            number=kind.number,
            issuer=kind.issuer,
            status=kind.status,
            status_text=ctx.text.gettext(POLICY_STATES[kind.status]),
            issued_text=moment_text(kind.issued, ctx.language),
            effective_text=moment_text(kind.effective, ctx.language),
        )
        return PolicyCard(policy=facts, interpreted=bool(ctx.catalogue.interpreting.get(live.entry.ref)))

    def state(self, ctx: Context, kind: model.Policy) -> Part:
        """Return whether it is in force."""
        text = ctx.text.gettext(POLICY_STATES[kind.status])
        return PolicyCard(policy=PolicyFacts(status=kind.status, status_text=text))

    def data(self, ctx: Context, kind: model.Policy, file: Callable[[str], str]) -> Policy:
        """Return its facts, and the published policies that it takes the place of."""
        return Policy(
            number=kind.number,
            issuer=kind.issuer,
            issued=iso(kind.issued),
            effective=iso(kind.effective),
            status=kind.status,
            replaces=tuple(live.entry.ref for live in ctx.catalogue.entries_called(kind.replaces)),
        )

    def feed_facts(self, text: Translator, zone: tzinfo, kind: model.Policy) -> Iterator[FeedFact]:
        """Return its number, who issued it, when, and whether it is in force."""
        yield FeedFact(label=N_("Document number"), text=kind.number)
        yield FeedFact(label=N_("Issuer"), text=kind.issuer)
        yield FeedFact(label=N_("Issued"), text=moment_text(kind.issued, text.language))
        yield FeedFact(label=N_("In force from"), text=moment_text(kind.effective, text.language))
        yield FeedFact(label=N_("Status"), text=text.gettext(POLICY_STATES[kind.status]))

    def keywords(self, kind: model.Policy) -> Iterator[str]:
        """Return its number and its issuer."""
        yield from (kind.number, kind.issuer)


PAGES = PolicyPages()

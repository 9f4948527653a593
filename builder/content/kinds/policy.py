"""Keys of a policy: its number, its issuer, its status."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from builder.content.kinds.reader import Context, KindReader
from builder.content.schema.compound import TEXT, Field, ListOf
from builder.content.schema.types import Date, OneOf, Ref
from builder.messages.translation import N_
from builder.model.kinds import AnyKind, Policy

_STATES = {
    "有效": "in force",
    "现行有效": "in force",
    "已修订": "amended",
    "已修改": "amended",
    "废止": "repealed",
    "已废止": "repealed",
    "失效": "repealed",
    "已失效": "repealed",
}


class PolicyReader(KindReader):
    """The reader of policies."""

    title = N_("A policy")
    fields = (
        Field("number", TEXT, N_("Document number"), N_("Official number of the document.")),
        Field("issuer", TEXT, N_("Issuer"), N_("The body that issued it.")),
        Field("issued", Date(), N_("Issued"), N_("The date of issue.")),
        Field("effective", Date(), N_("Effective"), N_("The date from which it is in force.")),
        Field(
            "status",
            OneOf(("in force", "amended", "repealed"), _STATES),
            N_("Status"),
            N_("in force, amended or repealed."),
        ),
        Field("replaces", ListOf(Ref(), split=True), N_("Replaces"), N_("The policy that it replaces.")),
    )
    placed = ("replaces",)

    def read(self, values: Mapping[str, Any], context: Context) -> AnyKind:
        """Returns a policy."""
        return Policy(
            number=values.get("number", ""),
            issuer=values.get("issuer", ""),
            issued=values.get("issued"),
            effective=values.get("effective"),
            status=values.get("status", "in force"),
            replaces=tuple(context.full_ref(ref) for ref in values.get("replaces", ())),
        )


READER = PolicyReader()

"""The base class of the readers of kinds: the keys of a kind, and the conversion of their values into its part of an
entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any, ClassVar

import msgspec

from builder.content.markdown.body import Body
from builder.content.schema.compound import Field
from builder.messages.diagnostics import Diagnostic
from builder.model.dates import Moment
from builder.model.kinds import AnyKind


class Context(msgspec.Struct, frozen=True):
    """The rest of an entry, for the reader of its kind: the branch's slug, the text, and the diagnostics so far, by key."""

    branch: str
    body: Body | None
    diagnostics: list[tuple[str, Diagnostic]] = msgspec.field(default_factory=list)

    def report(self, at: str, code: str, **arguments: str) -> None:
        """Reports what is wrong with the value of a key."""
        self.diagnostics.append((at, Diagnostic(code, arguments=arguments)))

    def full_ref(self, ref: str) -> str:
        """Returns a reference with its branch."""
        return f"{self.branch}/{ref}" if ref.count("/") == 1 else ref


class KindReader:
    """The reader of one kind: :attr:`fields` are the keys that only entries of this kind have, :attr:`title` names the
    kind.
    """

    title: ClassVar[str]
    fields: ClassVar[tuple[Field, ...]] = ()
    placed: ClassVar[tuple[str, ...]] = ()
    """Those of the keys whose place in the file is remembered: what they name may turn out to be missing."""
    title_key: ClassVar[str] = ""
    """The key whose value stands for a title; without one, an entry has to have a title."""
    is_yaml: ClassVar[bool] = False
    """True: ``branchpress new`` writes an entry without a body, as YAML."""
    examples: ClassVar[Mapping[str, str]] = {}
    """The values that ``branchpress new`` writes for required keys; ``{date}`` stands for the day."""

    def read(self, values: Mapping[str, Any], context: Context) -> AnyKind:
        """Returns the kind's part of an entry. ``values`` has all of the keys that are required."""
        raise NotImplementedError

    def summary_of(self, values: Mapping[str, Any]) -> str:
        """Returns what a summary is taken from where neither a summary nor a text is written."""
        return ""

    def expires(self, values: Mapping[str, Any], zone: tzinfo) -> Moment | None:
        """Returns the last moment of an entry that has none written."""
        return None

"""The kinds of entries, and their one registry.

To add a kind: its class here, in a file and in the list below; what authors write of it, in a file of the same name in
:mod:`builder.content.kinds`; what readers see of it, in a file of the same name in :mod:`builder.pages.kinds`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from builder.model.kinds.article import Article
from builder.model.kinds.event import Event
from builder.model.kinds.kind import Kind
from builder.model.kinds.letter import Letter
from builder.model.kinds.notice import Notice, Period
from builder.model.kinds.policy import Policy
from builder.model.kinds.voice import Voice

AnyKind = Article | Notice | Policy | Event | Letter | Voice

KindClass = type[Kind]
KINDS: Mapping[str, KindClass] = {kind.type_name(): kind for kind in get_args(AnyKind)}

__all__ = ["KINDS", "AnyKind", "Article", "Event", "Kind", "KindClass", "Letter", "Notice", "Period", "Policy", "Voice"]

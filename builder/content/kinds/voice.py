"""Keys of a voice: a few words, and the person who says them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from builder.content.kinds.reader import Context, KindReader
from builder.content.schema.compound import TEXT, Field, FilePath
from builder.content.schema.types import Text
from builder.messages.translation import N_
from builder.model.kinds import AnyKind, Voice


class VoiceReader(KindReader):
    """The reader of voices."""

    title = N_("A voice")
    fields = (
        Field("text", Text(longest=200), N_("Words"), N_("The person's words, at most 200 characters."), required=True),
        Field("person", TEXT, N_("Person"), N_("The name of the person.")),
        Field("portrait", FilePath(), N_("Portrait"), N_("Path to a picture of the person.")),
    )
    placed = ("portrait",)
    is_yaml = True
    title_key = "text"

    def read(self, values: Mapping[str, Any], context: Context) -> AnyKind:
        """Returns a voice."""
        return Voice(text=values["text"], person=values.get("person", ""), portrait=values.get("portrait", ""))


READER = VoiceReader()

"""Types of what leads to people and hosts: addresses of e-mail, names of hosts, codes of sites."""

from __future__ import annotations

import re
import unicodedata

from builder.content.schema.types import SHORT, ReadContext, Text
from builder.content.yaml.nodes import Node
from builder.messages.translation import N_
from builder.model.dates import halved
from builder.model.patterns import pattern_of

_MAIL = pattern_of(r"(?:mailto:)?[^@\s<>]{1,64}@[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
_SITE_CODE = pattern_of(r"[A-Za-z]{2}[0-9]{8}|[0-9]{10}")


class Email(Text, frozen=True):
    """An e-mail address, or several with commas between; wide signs are read as narrow ones."""

    longest: int = SHORT

    def parse(self, text: str, node: Node, key: str, reading: ReadContext) -> str | None:
        written = super().parse(unicodedata.normalize("NFKC", text), node, key, reading)
        if written is None or all(_MAIL.fullmatch(each) for each in re.split(r"[,;、\s]+", written.strip()) if each):
            return written
        reading.report("email-unread", node, value=text[:60])
        return None


class HostName(Text, frozen=True):
    """The name of a host; of an address, the host that is in it."""

    longest: int = SHORT

    def parse(self, text: str, node: Node, key: str, reading: ReadContext) -> str | None:
        written = super().parse(text, node, key, reading)
        return None if written is None else re.sub(r"^[a-z]+://([^/?#]+).*", r"\1", written, flags=re.IGNORECASE)


class SiteCode(Text, frozen=True):
    """The code under which the authorities list a site."""

    longest: int = SHORT
    expected = N_("ten digits, or two letters and eight digits")

    def parse(self, text: str, node: Node, key: str, reading: ReadContext) -> str | None:
        code = halved(text)
        if not code or _SITE_CODE.fullmatch(code):
            return super().parse(code, node, key, reading)
        reading.report("site-code-unread", node, key=key, value=text[:60])
        return None

"""The keys of ``ways:``: how readers take part. An address that pages must not lead to is told and left out."""

from __future__ import annotations

from builder.content.schema.compound import DESCRIPTION, Field, Fields, Length
from builder.content.schema.hiding import FALSE, TRUE
from builder.content.schema.names import normal_name
from builder.content.schema.types import ADDRESS, SHORT, Json, ReadContext, Type
from builder.content.yaml.nodes import Node
from builder.messages.translation import N_
from builder.model.addresses import ascii_host
from builder.model.ways import PLACEHOLDERS, is_mail_address, is_safe, wrong_placeholder


def _report(cause: str, text: str, node: Node, key: str, reading: ReadContext, what: str = "") -> None:
    names = tuple(f"{{{name}}}" for name in PLACEHOLDERS)
    reading.report("way-invalid", node, key=key, value=text[:80], cause=cause, what=what[:40], choices=names)


class Mail(Type, frozen=True):
    """Yes or no to mail from readers, or the address that they write to."""

    expected = N_("true, false, or an e-mail address")
    longest = SHORT

    def parse(self, text: str, node: Node, key: str, reading: ReadContext) -> bool | str | None:
        """Returns yes, no, or the address."""
        word = normal_name(text)
        if word in TRUE or word in FALSE:
            return word in TRUE
        address = text.removeprefix("mailto:")
        if is_mail_address(address):
            return address
        _report("way-mail", text, node, key, reading)
        return None

    def json(self) -> Json:
        """Returns the JSON Schema of the type."""
        return {"type": ["boolean", "string"]}


class FormAddress(Type, frozen=True):
    """The address of a form on another site: over https, with placeholders or without."""

    expected = N_("a web address like https://example.org/?from={branch}")
    longest = ADDRESS

    def parse(self, text: str, node: Node, key: str, reading: ReadContext) -> bool | str | None:
        """Returns the address."""
        wrong = wrong_placeholder(text)
        if wrong:
            _report("way-placeholder", text, node, key, reading, wrong)
            return None
        address = ascii_host(text)
        if not is_safe(address):
            _report("way-address", text, node, key, reading)
            return None
        return address

    def json(self) -> Json:
        """Returns the JSON Schema of the type."""
        return {"type": "string", "pattern": "^https://"}


class IssueAddress(FormAddress, frozen=True):
    """Yes or no to issues from readers, or the address of a new one."""

    expected = N_("true, false, or a web address like https://example.org/issues/new")

    def parse(self, text: str, node: Node, key: str, reading: ReadContext) -> bool | str | None:
        """Returns yes, no, or the address."""
        word = normal_name(text)
        return word in TRUE if word in TRUE or word in FALSE else super().parse(text, node, key, reading)

    def json(self) -> Json:
        """Returns the JSON Schema of the type."""
        return {"anyOf": [{"type": "boolean"}, super().json()]}


_WAY = Fields(
    (
        Field("mail", Mail(), N_("E-mail"), N_("true: to the contact's address; or another address.")),
        Field(
            "form",
            FormAddress(),
            N_("Form"),
            N_("Address of a form; {branch}, {section}, {entry}, {title}, {topic} and {url} are filled in."),
        ),
        Field(
            "issue",
            IssueAddress(),
            N_("Issue"),
            N_("true: in the tracker of the repository; readers of the tracker see what is written there."),
        ),
        Field("note", DESCRIPTION, N_("Note"), N_("One sentence for readers, such as when letters are looked at.")),
        Field("reply_within", Length(), N_("Reply within"), N_("When readers may expect an answer.")),
    ),
    short="mail",
)
WAYS = Fields(
    (
        Field("letter", _WAY, N_("Letters"), N_("How readers ask a question.")),
        Field("correction", _WAY, N_("Corrections"), N_("How readers tell that something on a page is wrong.")),
        Field("topic", _WAY, N_("Topics"), N_("How readers take part in a special topic.")),
    )
)

"""digest.yml beside content/: who is told of the sites, and through which server. It is the operator's; branches have no say in
it, and secrets are not in it: it names the variables of the environment that hold them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC
from pathlib import Path
from typing import Any, Literal

import msgspec

from builder.content.decoding import read_settings
from builder.content.schema.compound import TEXT, Field, Fields, ListOf, MapOf
from builder.content.schema.types import OneOf, Pattern, ReadContext, SlugText, Type, Whole
from builder.content.yaml.nodes import Node
from builder.messages.codes import severity_of
from builder.messages.problems import Problem, problems_of
from builder.messages.translation import N_

MAILING_FILE = "digest.yml"
Security = Literal["starttls", "tls", "none"]
GroupKind = Literal["dingtalk", "wecom", "feishu"]
MAIL_ADDRESS = r"(?!.*=\?)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"  # noqa: E501
"""An address that may stand in a header as it is: a local part without quotes, a host name (RFC 5321), nothing that begins like
an encoded word (RFC 2047)."""
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]{0,99}")


class Variable(Type, frozen=True):
    """The name of a variable of the environment. What stands there instead may be a secret, so it is never repeated."""

    expected = N_("the name of a variable of the environment, like SMTP_PASSWORD, never the secret itself")

    def parse(self, text: str, node: Node, key: str, reading: ReadContext) -> str | None:
        if _VARIABLE.fullmatch(text):
            return text
        reading.report("value-type", node, key=key, expected=self.expected, value="…")
        return None


_MAIL = Pattern(MAIL_ADDRESS, N_("an e-mail address like web@example.org"))
_HOST = Pattern(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?", N_("a host name like example.org"))
_SMTP = Fields(
    (
        Field("host", _HOST, N_("Host"), N_("The mail server (default: localhost).")),
        Field("port", Whole(1, 65535), N_("Port"), N_("Its port (default: 587; with tls 465, with none 25).")),
        Field("security", OneOf(("starttls", "tls", "none")), N_("Security"), N_("starttls (default), tls or none.")),
        Field("user", TEXT, N_("User"), N_("The name to sign in with.")),
        Field(
            "password_env", Variable(), N_("Password"), N_("The variable of the environment that holds the password.")
        ),
    )
)
_GROUP = Fields(
    (
        Field(
            "kind", OneOf(("dingtalk", "wecom", "feishu")), N_("Kind"), N_("dingtalk, wecom or feishu."), required=True
        ),
        Field("url_env", Variable(), N_("Webhook"), N_("The variable that holds the robot's address."), required=True),
        Field("secret_env", Variable(), N_("Secret"), N_("The variable that holds the key to sign with.")),
        Field("branch", SlugText(), N_("Branch"), N_("The branch that the group is told of (default: all).")),
    )
)
MAILING = Fields(
    (
        Field("from", _MAIL, N_("Sender"), N_("The address that mails come from.")),
        Field("operator", ListOf(_MAIL), N_("Operator"), N_("Who is told of all branches.")),
        Field("smtp", _SMTP, N_("Mail server"), N_("The server that takes the mails.")),
        Field("groups", MapOf(SlugText(), _GROUP), N_("Groups"), N_("Chat groups with a robot, each by a name.")),
    )
)


class Smtp(msgspec.Struct, frozen=True):
    """The mail server; ``password_env`` names a variable of the environment."""

    host: str = "localhost"
    port: int = 0
    security: Security = "starttls"
    user: str = ""
    password_env: str = ""


class Group(msgspec.Struct, frozen=True):
    """A chat group with a robot: its kind, the variables that hold the robot's address and the key to sign with, and the branch
    that it is told of; empty for all."""

    name: str
    kind: GroupKind
    url_env: str
    secret_env: str = ""
    branch: str = ""


class Mailing(msgspec.Struct, frozen=True):
    """digest.yml. Without a ``sender`` no mails are sent; without ``operator`` nobody is told of all branches."""

    sender: str = ""
    operator: tuple[str, ...] = ()
    smtp: Smtp = Smtp()
    groups: tuple[Group, ...] = ()


def read_mailing(root: Path) -> tuple[Mailing | None, tuple[Problem, ...]]:
    """Returns what digest.yml says, and its problems: with an error among them, nothing."""
    node, diagnostics = read_settings(root / MAILING_FILE, root)
    reading = ReadContext(UTC, "")
    values: Mapping[str, Any] = (MAILING.read(node, "", reading) or {}) if node is not None else {}
    problems = problems_of([*diagnostics, *reading.diagnostics], MAILING_FILE)
    if node is None or any(severity_of(each.code) == "error" for each in problems) or reading.broken:
        return None, problems
    groups = tuple(Group(name, **told) for name, told in values.get("groups", {}).items())
    smtp = Smtp(**values.get("smtp", {}))
    return Mailing(values.get("from", ""), tuple(values.get("operator", ())), smtp, groups), problems

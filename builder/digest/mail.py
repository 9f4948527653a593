"""Mails: who may get one, how it is written, and handing it to a mail server."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from builder.content.mailing import MAIL_ADDRESS, Smtp
from builder.content.owners import Members
from builder.messages.translation import N_
from builder.messages.visible import visible

_SECONDS = 60
_LONGEST = 254
_SUBJECT = 200
_PORTS = {"starttls": 587, "tls": 465, "none": 25}


class MailError(Exception):
    """No mail can be handed over; ``message`` is an English msgid, ``values`` fill its names."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message.format(**values))
        self.message, self.values = message, values


def mail_addresses(names: Iterable[str], members: Members = Members()) -> tuple[str, ...]:  # noqa: B008 - frozen
    """Returns the mail addresses among names as content writes them, and those of the members of teams among them; what is not an
    address and nothing else is none."""
    found: dict[str, str] = {}
    left = list(names)
    seen: set[str] = set()
    while left:
        name = left.pop(0).strip()
        if name in seen:
            continue
        seen.add(name)
        left += members.teams.get(name.removeprefix("@").lower(), ())
        local, at, host = name.rpartition("@")
        if at and not host.isascii():
            try:
                host = host.encode("idna").decode("ascii")
            except UnicodeError:
                continue
        address = f"{local}@{host}"
        if len(address) <= _LONGEST and re.fullmatch(MAIL_ADDRESS, address):
            found.setdefault(address.lower(), address)
    return tuple(found.values())


def compose(
    sender: str,
    name: str,
    to: Sequence[str],
    subject: str,
    body: str,
    now: datetime,
    key: str,
    reply_to: Sequence[str] = (),
) -> EmailMessage:
    """Writes a mail, the same for the same arguments. ``name`` stands beside the sender's address, ``key`` is in the
    message's id.

    ``to`` and ``reply_to`` are addresses as :func:`mail_addresses` gives them. No text can begin a header of its own.
    """
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(_header_words(name), addr_spec=sender)
    mail["To"] = [Address(addr_spec=each) for each in to]
    if reply_to:
        mail["Reply-To"] = [Address(addr_spec=each) for each in reply_to]
    mail["Subject"] = _header_words(subject)
    mail["Date"] = now
    host = sender.rpartition("@")[2]
    mail["Message-ID"] = f"<digest.{re.sub('[^a-z0-9.-]', '-', key)}.{now:%Y%m%d}@{host}>"
    # RFC 3834: no answer of a machine is wanted; RFC 2369: how to be left alone.
    mail["Auto-Submitted"] = "auto-generated"
    mail["List-Unsubscribe"] = f"<mailto:{(*reply_to, sender)[0]}?subject=unsubscribe>"
    mail.set_content(body)
    return mail


def _header_words(text: str) -> str:
    """Returns a text as words of a header: in one line, and with no encoded word (RFC 2047), which the library would decode, so
    that what it hides began headers of its own."""
    return visible(text).replace("=?", "= ?")[:_SUBJECT]


class Mailer:
    """Hands mails to the server that ``settings`` name; a connection that breaks is opened again for the next mail."""

    def __init__(self, settings: Smtp, environment: Mapping[str, str]) -> None:
        self._settings, self._environment = settings, environment
        self._open: smtplib.SMTP | None = None

    def send(self, mail: EmailMessage, sender: str, to: Sequence[str]) -> Sequence[str]:
        """Hands over a mail; returns the addresses that the server refused. Raises MailError."""
        try:
            if self._open is None:
                self._open = self._connection()
            return tuple(self._open.send_message(mail, sender, list(to)))
        except smtplib.SMTPRecipientsRefused as error:
            return tuple(error.recipients)
        except OSError as error:
            self.close()
            raise MailError(N_("{name} failed: {reason}."), name=self._settings.host, reason=_reason(error)) from error

    def close(self) -> None:
        """Ends the connection."""
        server, self._open = self._open, None
        if server is not None:
            with suppress(OSError):
                server.quit()

    def _connection(self) -> smtplib.SMTP:
        settings = self._settings
        password = ""
        if settings.password_env:
            password = self._environment.get(settings.password_env, "")
            if not password:
                raise MailError(N_("The variable {name} of the environment is not set."), name=settings.password_env)
        if password and settings.security == "none" and settings.host not in ("localhost", "127.0.0.1", "::1"):
            raise MailError(
                N_("A password is only sent over an encrypted connection: set security to starttls or tls.")
            )
        port = settings.port or _PORTS[settings.security]
        trusted = ssl.create_default_context()
        if settings.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(settings.host, port, timeout=_SECONDS, context=trusted)
        else:
            server = smtplib.SMTP(settings.host, port, timeout=_SECONDS)
        try:
            if settings.security == "starttls":
                server.starttls(context=trusted)
            if settings.user and password:
                server.login(settings.user, password)
        except BaseException:
            server.close()
            raise
        return server


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        told = error.smtp_error.decode("utf-8", "replace") if isinstance(error.smtp_error, bytes) else error.smtp_error
        return visible(f"{error.smtp_code} {told}")[:_SUBJECT].rstrip(".")
    return visible(str(error))[:_SUBJECT].rstrip(".")

"""The mails of ``branchpress digest``: passwords and certificates, and what no text may make of a header."""

from __future__ import annotations

import email
import email.policy
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import servers
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from conftest import NOW, examples
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from digest_run import Box, Operator, body
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.content.mailing import Smtp
from builder.content.owners import Members
from builder.digest.mail import Mailer, MailError, compose, mail_addresses


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost with its key, which nobody trusts unless told to."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    start = datetime(2020, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(start).not_valid_after(start.replace(year=2200))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    file = tmp_path_factory.mktemp("tls") / "localhost.pem"
    coding = serialization.Encoding.PEM
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    file.write_bytes(key.private_bytes(coding, *plain) + made.public_bytes(coding))
    return file


class TestEncrypted:
    """A password is sent to a server that proves its name, and to no other."""

    @pytest.fixture
    def secure(self, certificate: Path) -> Iterator[tuple[Box, int]]:
        """A mail server with STARTTLS that wants a password."""

        def signed_in(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
            # Not handled: the server is to say so itself.
            return AuthResult(success=(data.login, data.password) == (b"sites", b"hunter2"), handled=False)

        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
        box, port = Box(), servers.free_port()
        controller = Controller(
            box, hostname="127.0.0.1", port=port, tls_context=context, require_starttls=True, auth_required=True,
            authenticator=signed_in,
        )  # fmt: skip
        controller.start()
        try:
            yield box, port
        finally:
            controller.stop()

    @pytest.mark.slow
    def test_it_signs_in_to_a_server_that_is_trusted(
        self, operator: Operator, secure: tuple[Box, int], certificate: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        server = f"smtp: {{host: localhost, port: {secure[1]}, user: sites, password_env: SMTP_PASSWORD}}"
        operator.write(f"from: sites@example.org\n{server}\n")
        monkeypatch.setenv("SMTP_PASSWORD", "hunter2")
        assert operator.run() == 2
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        monkeypatch.setenv("SMTP_PASSWORD", "wrong")
        assert operator.run() == 2
        assert secure[0].mails == []
        monkeypatch.setenv("SMTP_PASSWORD", "hunter2")
        assert operator.run() == 0
        assert secure[0].to("wang@example.org")

    def test_a_line_that_is_encrypted_from_its_beginning(
        self, certificate: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
        box, port = Box(), servers.free_port()
        controller = Controller(box, hostname="127.0.0.1", port=port, ssl_context=context)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        controller.start()
        try:
            assert handed(port, ["b@example.org"], host="localhost", security="tls") == ()
            monkeypatch.delenv("SSL_CERT_FILE")
            assert "certificate" in handed(port, ["c@example.org"], host="localhost", security="tls")
        finally:
            controller.stop()
        assert [to for _, to, _ in box.mails] == [["b@example.org"]]


def handed(port: int, to: list[str], environment: dict[str, str] | None = None, **server: str) -> Any:
    """What comes of a mail that a server of this machine is given: the addresses that it refused, or why it did not take it."""
    mailer = Mailer(Smtp(**{"host": "127.0.0.1", "port": port, "security": "none", **server}), environment or {})
    mail = compose("a@example.org", "A", to, "Words", "Text.", datetime.fromisoformat(NOW), "key")
    try:
        return mailer.send(mail, "a@example.org", to)
    except MailError as error:
        return error.message.format(**error.values)
    finally:
        mailer.close()


class TestHandedOver:
    """What a server says of a mail, and what is not even tried."""

    def test_refused_addresses_are_named(self, box: tuple[Box, int]) -> None:
        box[0].refused = {"b@example.org", "c@example.org"}
        assert handed(box[1], ["b@example.org", "d@example.org"]) == ("b@example.org",)
        assert handed(box[1], ["b@example.org", "c@example.org"]) == ("b@example.org", "c@example.org")
        assert len(box[0].mails) == 1

    def test_nobody_signs_in_without_a_password(self, box: tuple[Box, int]) -> None:
        assert handed(box[1], ["b@example.org"], user="sites") == ()
        told = handed(box[1], ["b@example.org"], user="sites", password_env="KEY")
        assert told == "The variable KEY of the environment is not set."

    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
    def test_an_open_line_within_this_machine_may_carry_one(self, box: tuple[Box, int], host: str) -> None:
        told = handed(box[1], ["b@example.org"], {"KEY": "k"}, host=host, user="sites", password_env="KEY")
        assert told == f"{host} failed: SMTP AUTH extension not supported by server."

    def test_what_a_server_cannot_do_is_told_in_a_sentence(self, box: tuple[Box, int]) -> None:
        told = handed(box[1], ["b@example.org"], security="starttls")
        assert told == "127.0.0.1 failed: STARTTLS extension not supported by server."
        assert box[0].mails == []

    def test_a_server_that_hangs_up_is_called_again_for_the_next_mail(self, box: tuple[Box, int]) -> None:
        mailer = Mailer(Smtp("127.0.0.1", box[1], "none"), {})
        mail = compose("a@example.org", "A", ["b@example.org"], "Words", "Text.", datetime.fromisoformat(NOW), "key")
        box[0].answer = "421 Back\x1b[31m soon."
        with pytest.raises(MailError) as told:
            mailer.send(mail, "a@example.org", ["b@example.org"])
        assert told.value.values["reason"] == r"421 Back\x1b[31m soon"
        box[0].answer = "250 OK"
        assert mailer.send(mail, "a@example.org", ["b@example.org"]) == ()
        mailer.close()
        mailer.close()
        assert len(box[0].mails) == 2


class TestInjection:
    """Nothing that content writes begins a header, a recipient or a line that looks like ours."""

    @settings(max_examples=examples(20))
    @given(st.text(st.characters(exclude_categories=()), max_size=60), st.text(max_size=60))
    def test_no_text_makes_a_header(self, subject: str, name: str) -> None:
        subject, name = f"{subject}\r\nBcc: victim@example.org", f"{name}\nBcc: victim@example.org"
        mail = compose("a@example.org", name, ["b@example.org"], subject, "Text.", datetime.fromisoformat(NOW), subject)
        parsed = email.message_from_bytes(mail.as_bytes(), policy=email.policy.default)
        assert parsed["Bcc"] is None
        assert sorted(parsed.keys()) == sorted(
            "From To Subject Date Message-ID Auto-Submitted List-Unsubscribe MIME-Version Content-Type "
            "Content-Transfer-Encoding".split()
        )
        assert [each.addr_spec for each in parsed["To"].addresses] == ["b@example.org"]
        assert [each.addr_spec for each in parsed["From"].addresses] == ["a@example.org"]

    @pytest.mark.parametrize(
        "hidden", ["=?utf-8?q?a=0D=0ABcc:_v@example.org?=", "=?utf-8?b?DQpCY2M6IHZAZXhhbXBsZS5vcmc=?="]
    )
    def test_no_encoded_word_hides_one(self, hidden: str) -> None:
        """The library decodes such words where it is given them."""
        now = datetime.fromisoformat(NOW)
        for text in (hidden, f"支 {hidden}", f"=?{hidden}"):
            mail = compose("a@example.org", text, ["b@example.org"], text, "Text.", now, "key")
            assert email.message_from_bytes(mail.as_bytes(), policy=email.policy.default)["Bcc"] is None
            assert "=?utf-8?" not in mail["Subject"] + mail["From"].addresses[0].display_name
        assert mail_addresses([f"{hidden}@example.org", "a@example.org"]) == ("a@example.org",)

    @pytest.mark.parametrize(
        "name",
        [
            "a@example.org\nBcc: b@example.org", "a@example.org, b@example.org", "A <a@example.org>", '"a b"@example.org',
            "a@example.org\r", "@wang", "team", "a@", "@example.org", "a@exa mple.org", "a@[127.0.0.1]", "ä@example.org",
            "a@example.org>", f"a@{'例' * 70}.org", "a..b@example.org", "-oX@-example.org", "a@" + "b." * 140 + "org",
        ],
    )  # fmt: skip
    def test_what_is_no_plain_address_is_none(self, name: str) -> None:
        assert mail_addresses([name]) in ((), ("a@example.org",) if name.strip() == "a@example.org" else ())

    def test_addresses_are_told_once(self) -> None:
        names = ["a@example.org", "A@Example.org", "张@例子.org", "z@例子.org", "t"]
        assert mail_addresses(names, Members(teams={"t": ("t", "a@example.org", "c@example.org")})) == (
            "a@example.org", "z@xn--fsqu00a.org", "c@example.org",
        )  # fmt: skip

    def test_teams_are_named_in_any_letters_and_may_name_each_other(self) -> None:
        members = Members(teams={"press": (" a@example.org ", "@Web"), "web": ("press", "b@example.org")})
        assert mail_addresses(["@PRESS", "c@example.org"], members) == (
            "c@example.org",
            "a@example.org",
            "b@example.org",
        )

    def test_an_address_has_at_most_254_characters(self) -> None:
        name = f"a@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}"
        assert [len(found) for end in (".org12345", ".org123456") for found in mail_addresses([name + end])] == [254]

    @pytest.mark.slow
    def test_a_hostile_title_stays_one_line(self, editor: Operator, box: tuple[Box, int]) -> None:
        editor.site.write(
            '--- content/alpha/news/2026-11-22-x.md\n---\ntitle: "A\\nBcc: v@example.org\\u202e <at user_id=\\"all\\">"\n'
            "date: 2026-11-22 22:00\n---\n文\n"
        )
        editor.build()
        editor.run()
        (mail,) = box[0].to("wang@example.org")
        assert mail["Bcc"] is None
        assert all(not line.startswith("Bcc:") for line in body(mail).splitlines())
        assert "\u202e" not in body(mail)

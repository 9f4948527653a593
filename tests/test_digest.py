"""``branchpress digest``: who is told what, by a mail server and robots of our own on this machine; at most once a day."""

from __future__ import annotations

import base64
import email
import email.policy
import hashlib
import hmac
import http.server
import json
import shutil
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import servers
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from conftest import NOW, ORGANIZATION, SmallSite, examples
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st
from web import QuietHandler, serve

from builder.cli.commands import main
from builder.content.mailing import Group, read_mailing
from builder.content.owners import Members
from builder.digest.groups import request_of, shortened
from builder.digest.mail import compose, mail_addresses
from builder.messages.translation import translator
from builder.store.lock import locked

NEXT_DAY = "2026-11-24T09:00:00+08:00"
CONTENT = """
--- content/alpha/branch.yml
name: 甲支部
contact: {email: alpha@example.org}
owners: [wang@example.org, "@li", alpha@example.org, team]
--- content/alpha/news/2026-11-20-visit.md
---
title: 走访慰问
---
文
--- content/alpha/news/2026-11-22-fresh.md
---
title: 刚发布的消息
date: 2026-11-22 20:00
expires: 2026-11-26
---
文
--- content/alpha/news/2026-11-21-bad.md
---
title: 坏
date: 2026-11-31
---
文
--- content/alpha/news/2026-12-05-later.md
---
title: 还没公开的消息
---
文
--- content/alpha/letters/2026-11-10-noise.md
---
title: 噪声
question: 晚上很吵。
received: 2026-11-10
---
--- content/alpha/news/2026-11-19-hidden.md
---
title: 绝密草稿
draft: true
---
文
--- content/beta/branch.yml
name: Beta branch
language: en
parent: alpha
owners: [beta@example.org]
--- content/beta/news/2026-11-01-old.md
---
title: Old
---
Text.
--- content/gamma/branch.yml
name: 丙支部
parent: beta
--- content/gamma/news/2026-11-22-fresh.md
---
title: 丙的消息
date: 2026-11-22 21:00
---
文
--- content/quiet/branch.yml
name: 静支部
owners: ["@nobody"]
--- content/quiet/news/2026-11-22-fresh.md
---
title: 静的消息
date: 2026-11-22 21:00
---
文
"""


class Box:
    """A mail server that keeps what it is given; it refuses the addresses in ``refused``."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, list[str], bytes]] = []
        self.refused: set[str] = set()

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if address in self.refused:
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.mails.append((envelope.mail_from, list(envelope.rcpt_tos), envelope.content))
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        """The mails that somebody got."""
        found = [content for _, to, content in self.mails if address in to]
        return [email.message_from_bytes(content, policy=email.policy.default) for content in found]  # type: ignore[misc]


class Operator:
    """A site with digest.yml, and commands as its operator types them; ``output`` is where it was built."""

    def __init__(self, site: SmallSite, output: Path, port: int) -> None:
        self.site, self.output = site, output
        self.write(
            f"from: sites@example.org\noperator: web@example.org\nsmtp: {{host: 127.0.0.1, port: {port}, security: none}}\n"
        )

    def write(self, settings: str) -> None:
        """Writes digest.yml."""
        self.site.write(f"--- digest.yml\n{settings}")

    def build(self, now: str = NOW) -> int:
        return main(["build", "--executor", "serial", *self._places, "--now", now])

    def run(self, *words: str, now: str = NOW) -> int:
        return main(["digest", *words, *self._places, "--now", now])

    @property
    def _places(self) -> list[str]:
        return ["--root", str(self.site.root), "--output", str(self.output)]


@pytest.fixture
def box() -> Iterator[tuple[Box, int]]:
    box = Box()
    port = servers.free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box, port
    finally:
        controller.stop()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    """The site, built once; nobody builds it again."""
    site = SmallSite(tmp_path_factory.mktemp("digest")).write(ORGANIZATION + CONTENT)
    assert main(["build", "--executor", "serial", "--root", str(site.root), "--now", NOW]) == 1
    return site


@pytest.fixture
def operator(built: SmallSite, tmp_path: Path, box: tuple[Box, int]) -> Operator:
    """A copy of what was built, to send digests of."""
    root = tmp_path / "copy"
    root.mkdir()
    for name in ("content", ".branchpress"):
        shutil.copytree(built.root / name, root / name)
    return Operator(SmallSite(root), built.output, box[1])


@pytest.fixture
def editor(make_site: Callable[[str], SmallSite], box: tuple[Box, int]) -> Operator:
    """A site to change and to build."""
    site = make_site(ORGANIZATION + CONTENT)
    return Operator(site, site.output, box[1])


def body(mail: EmailMessage) -> str:
    return str(mail.get_content()).replace("\r\n", "\n")


class TestWhoIsToldWhat:
    """Contacts and owners are told of their branch, the operator of all."""

    def test_a_branch_is_told_everything_of_it(self, operator: Operator, box: tuple[Box, int]) -> None:
        assert operator.run() == 0
        (mail,) = box[0].to("wang@example.org")
        said = body(mail)
        assert "content/alpha/news/2026-11-21-bad.md:3" in said
        assert "2026-11-31" in said
        assert "来信回应，2026年11月10日" in said
        assert "2026年12月5日  还没公开的消息" in said
        assert "刚发布的消息\n  https://example.org/alpha/news/2026-11-22-fresh/" in said
        assert "2026年11月26日  刚发布的消息" in said
        assert "走访慰问" not in said
        assert "绝密草稿" not in said
        assert "晚上很吵" not in said
        assert "噪声" not in said
        assert "丙的消息" not in said
        assert mail["Subject"].startswith("[党建在线] 甲支部：1 处暂不更新、1 封来信待回复")

    def test_only_addresses_that_settings_name_are_written_to(self, operator: Operator, box: tuple[Box, int]) -> None:
        operator.run()
        to = sorted(tuple(sorted(each)) for _, each, _ in box[0].mails)
        # gamma names nobody and has the owners of its parent; quiet has no mail address.
        own = [("beta@example.org",), ("beta@example.org",)]
        assert to == [("alpha@example.org", "wang@example.org"), *own, ("web@example.org",)]

    @pytest.mark.slow
    def test_a_branch_is_told_in_its_language(self, editor: Operator, box: tuple[Box, int]) -> None:
        bad = "--- content/beta/news/2026-11-21-bad.md\n---\ntitle: Bad\ndate: 2026-11-31\n---\nText.\n"
        editor.site.write(bad)
        editor.build()
        editor.run()
        said = [body(mail) for mail in box[0].to("beta@example.org")]
        assert [text for text in said if text.startswith("Held back until it is fixed:\n- content/beta/")] != [], said

    def test_the_operator_is_told_of_all(
        self, operator: Operator, box: tuple[Box, int], capsys: pytest.CaptureFixture[str]
    ) -> None:
        operator.run()
        (mail,) = box[0].to("web@example.org")
        said = body(mail)
        assert "== 甲支部 ==" in said
        assert "== 丙支部 ==" in said
        assert "2026年11月15日  “支部动态”该更新了" in said
        assert "没有写邮箱：quiet" in said
        assert "没有写邮箱：quiet" in capsys.readouterr().err

    def test_members_of_teams_are_told(self, operator: Operator, box: tuple[Box, int], tmp_path: Path) -> None:
        members = tmp_path / "members.yml"
        members.write_text("team: [zhao@example.org, other]\nother: [qian@example.org, '@sun']\n", "utf-8")
        operator.run("--members", str(members))
        assert box[0].to("zhao@example.org")
        assert box[0].to("qian@example.org")

    def test_headers_are_those_of_a_machine(self, operator: Operator, box: tuple[Box, int]) -> None:
        operator.run()
        (mail,) = box[0].to("wang@example.org")
        assert mail["Auto-Submitted"] == "auto-generated"
        assert mail["List-Unsubscribe"] == "<mailto:web@example.org?subject=unsubscribe>"
        assert mail["Reply-To"] == "web@example.org"
        assert mail["Message-ID"] == "<digest.alpha.20261123@example.org>"
        assert mail["From"].addresses[0].addr_spec == "sites@example.org"
        assert box[0].mails[0][0] == "sites@example.org"

    @pytest.mark.slow
    def test_what_lies_ahead_is_told_from_seven_days_before(
        self, make_site: Callable[[str], SmallSite], box: tuple[Box, int]
    ) -> None:
        """A section that wants an entry every fourteen days, and texts that end; what has not begun is no news."""
        site = make_site(
            ORGANIZATION
            + """
--- content/near/branch.yml
name: 近支部
owners: [near@example.org]
--- content/near/news/2026-11-16-a.md
---
title: 十一月十六日
expires: 2026-11-29
---
文
--- content/near/events/fair.yml
title: 年底的活动
starts: 2026-12-20
--- content/far/branch.yml
name: 远支部
owners: [far@example.org]
--- content/far/news/2026-11-17-b.md
---
title: 十一月十七日
expires: 2026-12-01
---
文
--- content/far/news/2026-11-23-c.md
---
title: 今天的消息
date: 2026-11-23 08:00
---
文
"""
        )
        operator = Operator(site, site.output, box[1])
        operator.build()
        operator.run()
        (near,), (far,) = (list(map(body, box[0].to(f"{name}@example.org"))) for name in ("near", "far"))
        assert "2026年11月30日  “支部动态”该更新了" in near
        assert "2026年11月29日  十一月十六日" in near
        assert "年底的活动" not in near
        assert "今天的消息" in far
        assert "十一月十七日" not in far
        assert "该更新了" not in far


class TestOnceADay:
    """Nobody is told twice on a day, and what was told is not news again."""

    @pytest.mark.slow
    def test_a_second_run_tells_nobody(self, editor: Operator, box: tuple[Box, int]) -> None:
        editor.build()
        editor.run()
        count = len(box[0].mails)
        editor.build("2026-11-23T18:00:00+08:00")
        assert editor.run(now="2026-11-23T23:59:00+08:00") == 0
        assert len(box[0].mails) == count
        editor.run(now="2026-11-24T00:01:00+08:00")
        assert len(box[0].to("wang@example.org")) == 2

    @pytest.mark.slow
    def test_news_is_told_once(self, editor: Operator, box: tuple[Box, int]) -> None:
        editor.build()
        editor.run()
        late = "--- content/alpha/news/2026-10-01-late.md\n---\ntitle: 迟到的消息\n---\n文\n"
        editor.site.write(late)
        editor.build(NEXT_DAY)
        editor.run(now=NEXT_DAY)
        said = body(box[0].to("wang@example.org")[-1])
        assert "迟到的消息" in said
        assert "刚发布的消息\n  https" not in said

    def test_without_something_to_tell_there_is_no_mail(self, operator: Operator, box: tuple[Box, int]) -> None:
        operator.run()
        operator.run(now=NEXT_DAY)
        assert sum("丙支部" in mail["Subject"] for mail in box[0].to("beta@example.org")) == 1

    def test_who_could_not_be_told_is_told_later(
        self, operator: Operator, box: tuple[Box, int], capsys: pytest.CaptureFixture[str]
    ) -> None:
        box[0].refused |= {"beta@example.org"}
        assert operator.run() == 1
        assert "beta@example.org" in capsys.readouterr().err
        assert "beta@example.org" in body(box[0].to("web@example.org")[0])
        box[0].refused.clear()
        count = len(box[0].mails)
        assert operator.run() == 0
        assert [to for _, to, _ in box[0].mails[count:]] == [["beta@example.org"]]

    def test_what_was_told_leaves_no_names_in_the_state(self, operator: Operator) -> None:
        operator.run()
        notes = [file.read_bytes() for file in operator.site.root.glob(".branchpress/*/digests/*.json")]
        assert any(b"2026-11-23" in note for note in notes)
        assert not any(b"fresh" in note or b"alpha" in note for note in notes)

    def test_two_at_once_do_not_tell_twice(
        self, operator: Operator, box: tuple[Box, int], capsys: pytest.CaptureFixture[str]
    ) -> None:
        (state,) = (operator.site.root / ".branchpress").glob("*/sites")
        with locked(state.parent / "digest.lock"):
            assert operator.run() == 2
        assert "已经在发送摘要" in capsys.readouterr().err
        assert box[0].mails == []

    def test_without_a_server_nothing_is_noted(self, operator: Operator, capsys: pytest.CaptureFixture[str]) -> None:
        operator.write("from: a@example.org\nsmtp: {host: 127.0.0.1, port: 1, security: none}\n")
        assert operator.run() == 2
        assert "Traceback" not in capsys.readouterr().err
        notes = [file.read_bytes() for file in operator.site.root.glob(".branchpress/*/digests/*.json")]
        assert not any(b"2026-11-23" in note for note in notes)

    def test_a_dry_run_writes_what_would_be_sent(
        self, operator: Operator, box: tuple[Box, int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        capsys.readouterr()
        assert operator.run("--dry-run", "--eml", str(tmp_path / "mails")) == 0
        assert box[0].mails == []
        assert sorted(file.name for file in (tmp_path / "mails").iterdir()) == [
            "alpha.eml",
            "beta.eml",
            "gamma.eml",
            "operator.eml",
        ]
        first = (tmp_path / "mails/alpha.eml").read_bytes()
        mail = email.message_from_bytes(first, policy=email.policy.default)
        assert "刚发布的消息" in mail.get_content()  # type: ignore[attr-defined]
        assert str(tmp_path / "mails/alpha.eml") in capsys.readouterr().out.splitlines()
        operator.run("--dry-run", "--eml", str(tmp_path / "mails"))
        assert (tmp_path / "mails/alpha.eml").read_bytes() == first
        assert operator.run() == 0
        assert box[0].mails != []


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
        "name",
        [
            "a@example.org\nBcc: b@example.org", "a@example.org, b@example.org", "A <a@example.org>", '"a b"@example.org',
            "a@example.org\r", "@wang", "team", "a@", "@example.org", "a@exa mple.org", "a@[127.0.0.1]", "ä@example.org",
            "a@example.org>", "a..b@example.org", "-oX@-example.org", "a@" + "b." * 140 + "org",
        ],
    )  # fmt: skip
    def test_what_is_no_plain_address_is_none(self, name: str) -> None:
        assert mail_addresses([name]) in ((), ("a@example.org",) if name.strip() == "a@example.org" else ())

    def test_addresses_are_told_once(self) -> None:
        names = ["a@example.org", "A@Example.org", "张@例子.org", "z@例子.org", "t"]
        assert mail_addresses(names, Members(teams={"t": ("t", "a@example.org", "c@example.org")})) == (
            "a@example.org", "z@xn--fsqu00a.org", "c@example.org",
        )  # fmt: skip

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


class Robot(http.server.ThreadingHTTPServer):
    """A robot of a chat group that notes what it is told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.told: list[tuple[str, dict[str, Any]]] = []
        self.answer: tuple[int, bytes] = (200, b'{"errcode": 0, "errmsg": "ok"}')

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/robot/send?access_token=very-secret"


class _Handler(QuietHandler):
    server: Robot

    def do_POST(self) -> None:  # noqa: N802
        content = self.rfile.read(int(self.headers["Content-Length"]))
        assert self.headers["Content-Type"] == "application/json; charset=utf-8"
        self.server.told.append((self.path, json.loads(content)))
        status, answer = self.server.answer
        self.send_response(status)
        self.send_header("Location", "http://127.0.0.1:1/")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)


@pytest.fixture
def robot() -> Iterator[Robot]:
    robot = Robot()
    with serve(robot):
        yield robot


class TestGroups:
    """Robots are off unless they are configured; each gets one POST as its documentation says."""

    def test_a_group_hears_of_its_branch_and_nothing_that_is_not_public(
        self, operator: Operator, robot: Robot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("DING", robot.url)
        monkeypatch.setenv("DING_KEY", "SEC1")
        operator.write("groups:\n  a: {kind: dingtalk, url_env: DING, secret_env: DING_KEY, branch: alpha}\n")
        assert operator.run() == 0
        ((path, told),) = robot.told
        assert told["msgtype"] == "text"
        assert "刚发布的消息" in told["text"]["content"]
        assert "还没公开的消息" not in told["text"]["content"]
        query = parse_qs(urlsplit(path).query)
        stamp = query["timestamp"][0]
        sign = base64.b64encode(hmac.new(b"SEC1", f"{stamp}\nSEC1".encode(), hashlib.sha256).digest()).decode()
        assert query == {"access_token": ["very-secret"], "timestamp": [stamp], "sign": [sign]}
        operator.run()
        assert len(robot.told) == 1

    @pytest.mark.parametrize(
        "answer",
        [
            (200, b'{"errcode": 310000, "errmsg": "keywords not in content"}'), (500, b""), (200, b"<html>"),
            (302, b'{"errcode": 0}'), (200, b'{"code": 9499, "msg": "Bad Request"}'), (200, b"[]"),
        ],
    )  # fmt: skip
    def test_a_refusal_is_told_without_the_address(
        self,
        operator: Operator,
        robot: Robot,
        answer: tuple[int, bytes],
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        robot.answer = answer
        monkeypatch.setenv("ROBOT", robot.url)
        operator.write("groups:\n  a: {kind: wecom, url_env: ROBOT}\n")
        assert operator.run() == 2
        said = capsys.readouterr()
        assert "very-secret" not in said.err + said.out
        robot.answer = (200, b'{"errcode": 0}')
        assert operator.run() == 0
        assert len(robot.told) == 2

    @pytest.mark.parametrize("address", ["", "http://example.org/hook", "ftp://example.org", "file:///etc/passwd", "x"])
    def test_an_address_has_to_be_encrypted(
        self, operator: Operator, address: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("ROBOT", address)
        operator.write("groups:\n  a: {kind: feishu, url_env: ROBOT}\n")
        assert operator.run() == 2
        assert "ROBOT" in capsys.readouterr().err

    def test_bodies_are_as_documented(self) -> None:
        address = "https://open.feishu.cn/open-apis/bot/v2/hook/x"
        group = Group("a", "feishu", "URL", "KEY")
        key = b"1700000000\nsecret"
        sign = base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()
        sent, content = request_of(group, address, "secret", 'A <at user_id="all">x</at>', 1_700_000_000)
        assert sent == address
        assert json.loads(content) == {
            "timestamp": "1700000000", "sign": sign, "msg_type": "text",
            "content": {"text": 'A ＜at user_id="all">x＜/at>'},
        }  # fmt: skip
        wecom = request_of(Group("a", "wecom", "URL"), "https://x/?key=1", "", "文", 0)
        assert wecom == ("https://x/?key=1", '{"msgtype": "text", "text": {"content": "文"}}'.encode())

    def test_texts_are_as_short_as_a_robot_wants_them(self) -> None:
        text = "\n".join(f"第{number}行" for number in range(1000))
        short = shortened(text, 2000)
        assert len(short.encode()) <= 2000
        assert short.endswith("行\n…")
        assert len(shortened("长" * 5000, 2000).encode()) <= 2000
        assert shortened("短", 2000) == "短"


class TestSettings:
    """digest.yml is the operator's; secrets are not in it."""

    @pytest.mark.parametrize(
        "written",
        [
            "smtp: {password_env: hunter2}", "groups: {a: {kind: wecom, url_env: 'https://x/?key=hunter2'}}",
            "from: A <a@example.org>", "groups: {a: {kind: telegram, url_env: URL}}", "groups: {a: {kind: wecom}}",
            "smtp: {security: maybe}", "smtp: {port: 99999}", "operator: [nobody]", "from: [",
        ],
    )  # fmt: skip
    def test_what_cannot_be_used_is_told_and_never_repeats_a_secret(
        self, operator: Operator, written: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        operator.write(f"{written}\n")
        assert operator.run() == 2
        said = capsys.readouterr().err
        assert "digest.yml:1" in said
        assert "hunter2" not in said

    def test_a_check_tells_of_it_too(self, make_site: Callable[[str], SmallSite]) -> None:
        site = make_site(ORGANIZATION + "--- digest.yml\nsmtp: {security: maybe}\n")
        assert [problem.code for problem in site.check() if problem.path == "digest.yml"] == ["value-choice"]

    @pytest.mark.parametrize("written", ["", "operator: web@example.org\n"])
    def test_settings_that_reach_nobody_are_refused(self, operator: Operator, written: str) -> None:
        operator.write(written)
        assert operator.run() == 2

    def test_without_settings_or_a_build_nothing_is_done(
        self, site: SmallSite, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["digest", "--root", str(site.root)]) == 2
        assert "digest.yml" in capsys.readouterr().err
        site.write("--- digest.yml\nfrom: a@example.org\n")
        assert main(["digest", "--root", str(site.root)]) == 2

    def test_a_password_goes_over_no_open_line(
        self, operator: Operator, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("PASSWORD", "hunter2")
        operator.write(
            "from: a@example.org\nsmtp: {host: smtp.invalid, security: none, user: u, password_env: PASSWORD}\n"
        )
        assert operator.run() == 2
        said = capsys.readouterr().err
        assert "starttls" in said
        assert "hunter2" not in said

    def test_everything_is_read(self, site: SmallSite) -> None:
        site.write(
            "--- digest.yml\nfrom: a@example.org\noperator: [b@example.org, c@example.org]\n"
            "smtp: {host: smtp.example.org, port: 465, security: tls, user: u, password_env: P}\n"
            "groups:\n  x: {kind: dingtalk, url_env: U, secret_env: S, branch: alpha}\n"
        )
        mailing, problems = read_mailing(site.root)
        assert problems == ()
        assert mailing is not None
        assert mailing.operator == ("b@example.org", "c@example.org")
        assert mailing.smtp.password_env == "P"
        assert mailing.groups == (Group("x", "dingtalk", "U", "S", "alpha"),)


def test_words_of_both_languages_are_there() -> None:
    assert translator("zh").gettext("Held back until it is fixed:") != "Held back until it is fixed:"

"""``branchpress digest`` in chat groups: robots of our own, which want what the real ones want."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import http.server
import json
import urllib.error
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, quote_plus, urlsplit

import pytest
from digest_run import Operator
from web import QuietHandler, serve

from builder.content.mailing import Group
from builder.digest.groups import post, request_of, shortened, tell_group
from builder.digest.mail import MailError


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

    def test_each_robot_gets_as_much_as_it_takes_and_a_signature_of_its_own_kind(self) -> None:
        def asked(
            kind: str, text: str, secret: str = "", address: str = "https://robot.example/send"
        ) -> tuple[str, Any]:
            sent, content = request_of(Group("a", kind, "URL"), address, secret, text, 1_700_000_000)
            return sent, json.loads(content)

        for kind, most in (("dingtalk", 18_000), ("wecom", 2_000), ("feishu", 18_000)):
            key = "content" if kind == "feishu" else "text"
            told = asked(kind, "x" * most)[1][key]
            assert next(iter(told.values())) == "x" * most
            told = asked(kind, "x" * (most + 1))[1][key]
            assert next(iter(told.values())) == "x" * (most - 4) + "\n…"
        message = b"1700000000000\nSEC"
        sign = quote_plus(base64.b64encode(hmac.new(b"SEC", message, hashlib.sha256).digest()))
        body = {"msgtype": "text", "text": {"content": "<文>"}}
        signed = f"timestamp=1700000000000&sign={sign}"
        assert asked("dingtalk", "<文>", "SEC") == (f"https://robot.example/send?{signed}", body)
        with_query = "https://robot.example/send?access_token=1"
        assert asked("dingtalk", "<文>", "SEC", with_query) == (f"{with_query}&{signed}", body)
        for kind, secret in (("dingtalk", ""), ("wecom", ""), ("wecom", "SEC")):
            assert asked(kind, "<文>", secret) == ("https://robot.example/send", body)
        plain = {"msg_type": "text", "content": {"text": "＜文>"}}
        assert asked("feishu", "<文>") == ("https://robot.example/send", plain)

    @pytest.mark.parametrize(
        ("answer", "reason"),
        [
            ((200, b'{"errcode": 0}'), None),
            ((200, b'{"code": 0}'), None),
            ((200, b'{"StatusCode": 0}'), None),
            ((200, b'{"errcode": 7, "errmsg": "no key", "code": 0}'), "HTTP 200 7 no key"),
            ((200, b'{"code": 9, "msg": "bad"}'), "HTTP 200 9 bad"),
            ((200, b'{"StatusCode": 3}'), "HTTP 200 3"),
            ((201, b'{"errcode": 0, "errmsg": "ok"}'), "HTTP 201 0 ok"),
            ((200, b"{}"), "HTTP 200"),
            ((200, b"[" * 100_000), "HTTP 200"),
            ((200, b"\xff"), "HTTP 200"),
            ((200, b'{"errcode": 1, "errmsg": "' + b"x" * 300 + b'"}'), "HTTP 200 1 " + "x" * 189),
            (OSError("no route"), "OSError"),
            (urllib.error.URLError("no route"), "no route"),
            (http.client.BadStatusLine("x" * 300), "BadStatusLine"),
            (ValueError("odd"), "ValueError"),
        ],
    )
    def test_what_a_robot_answers_is_told_by_its_reason(
        self, answer: tuple[int, bytes] | Exception, reason: str | None
    ) -> None:
        def send(address: str, body: bytes) -> tuple[int, bytes]:
            if isinstance(answer, Exception):
                raise answer
            return answer

        group, environment = Group("组", "feishu", "URL", "KEY"), {"URL": "https://robot.example/secret", "KEY": "s"}
        if reason is None:
            tell_group(group, "文", environment, 0, send)
            return
        with pytest.raises(MailError) as told:
            tell_group(group, "文", environment, 0, send)
        assert (told.value.message, told.value.values) == ("{name} failed: {reason}.", {"name": "组", "reason": reason})

    def test_what_the_environment_lacks_is_named_before_anything_is_sent(self) -> None:
        for environment, names, reason in (
            ({}, ("URL", "KEY"), "URL"),
            ({"URL": "https://x.example/"}, ("URL", "KEY"), "KEY"),
            ({"URL": "http://x.example/"}, ("URL", ""), "URL"),
        ):
            with pytest.raises(MailError) as told:
                tell_group(Group("a", "feishu", *names), "文", environment, 0, lambda *_: pytest.fail("sent"))
            assert told.value.values == {"name": reason}
        for host in ("127.0.0.1", "[::1]", "localhost"):
            tell_group(
                Group("a", "wecom", "URL"), "文", {"URL": f"http://{host}/"}, 0, lambda *_: (200, b'{"code": 0}')
            )

    def test_a_long_answer_is_read_in_part(self, robot: Robot) -> None:
        for status in (200, 500):
            robot.answer = (status, b"x" * 100_001)
            assert post(robot.url, b"{}") == (status, b"x" * 100_000)

    def test_texts_are_as_short_as_a_robot_wants_them(self) -> None:
        text = "\n".join(f"第{number}行" for number in range(1000))
        short = shortened(text, 2000)
        assert len(short.encode()) <= 2000
        assert short.endswith("行\n…")
        assert shortened("长" * 5000, 2000) == "长" * 665 + "\n…"
        assert [shortened("短\nx", most) for most in (5, 4)] == ["短\nx", "\n…"]
        lines = [shortened("ab\ncd\nef", most) for most in (8, 7)]
        assert lines == ["ab\ncd\nef", "ab\n…"]

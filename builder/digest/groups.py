"""Chat groups with a robot: one JSON POST each, as the documentation of DingTalk, WeCom and Feishu gives it.

DingTalk: https://open.dingtalk.com/document/robots/custom-robot-access
WeCom: https://developer.work.weixin.qq.com/document/path/91770
Feishu: https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote_plus, urlsplit

from builder import __version__
from builder.content.mailing import Group
from builder.digest.mail import MailError
from builder.messages.translation import N_
from builder.messages.visible import visible

_SECONDS = 20.0
_MOST_ANSWER = 100_000
_LIMITS = {"dingtalk": 18_000, "wecom": 2_000, "feishu": 18_000}
"""The most bytes of a text: WeCom takes 2,048; the whole of a request may have 20,000 on the others."""
Post = Callable[[str, bytes], tuple[int, bytes]]


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: the address is a secret, and is for nobody else."""

    def redirect_request(self, *_: Any) -> None:
        return None


def post(address: str, body: bytes) -> tuple[int, bytes]:
    """Sends JSON. Returns the status and the answer. Raises OSError, ValueError, HTTPException."""
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": f"Branchpress/{__version__}"}
    request = urllib.request.Request(address, body, headers)
    try:
        with urllib.request.build_opener(_Stay).open(request, timeout=_SECONDS) as answer:
            return answer.status, answer.read(_MOST_ANSWER)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read(_MOST_ANSWER)


def tell_group(group: Group, text: str, environment: Mapping[str, str], seconds: int, send: Post = post) -> None:
    """Says a text in a group, at a time in ``seconds`` since 1970. Raises MailError, which never names the robot's address."""
    address = environment.get(group.url_env, "")
    secret = environment.get(group.secret_env, "") if group.secret_env else ""
    for name, value in ((group.url_env, address), (group.secret_env, secret)):
        if name and not value:
            raise MailError(N_("The variable {name} of the environment is not set."), name=name)
    parts = urlsplit(address)
    if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "::1", "localhost"):
        raise MailError(N_("The variable {name} has to hold an address that begins with https://."), name=group.url_env)
    address, body = request_of(group, address, secret, text, seconds)
    try:
        status, answer = send(address, body)
    except (OSError, ValueError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", None) or type(error).__name__
        raise MailError(N_("{name} failed: {reason}."), name=group.name, reason=visible(str(reason))[:200]) from None
    said = _said(answer)
    code = said.get("errcode", said.get("code", said.get("StatusCode")))
    if status != 200 or code != 0:
        reason = f"HTTP {status} {code if code is not None else ''} {said.get('errmsg') or said.get('msg') or ''}"
        raise MailError(N_("{name} failed: {reason}."), name=group.name, reason=visible(reason).strip()[:200])


def request_of(group: Group, address: str, secret: str, text: str, seconds: int) -> tuple[str, bytes]:
    """Returns the address and the body of a request, signed if there is a ``secret``."""
    text = shortened(text, _LIMITS[group.kind])
    if group.kind == "feishu":
        # <at user_id="all"> in a text would call everybody.
        body: dict[str, Any] = {"msg_type": "text", "content": {"text": text.replace("<", "＜")}}
        if secret:
            key = f"{seconds}\n{secret}".encode()
            body = {"timestamp": str(seconds), "sign": _signature(key, b"")} | body
        return address, _json(body)
    body = {"msgtype": "text", "text": {"content": text}}
    if group.kind == "dingtalk" and secret:
        stamp = str(seconds * 1000)
        sign = quote_plus(_signature(secret.encode(), f"{stamp}\n{secret}".encode()))
        address = f"{address}{'&' if urlsplit(address).query else '?'}timestamp={stamp}&sign={sign}"
    return address, _json(body)


def shortened(text: str, most: int) -> str:
    """Returns a text in at most so many bytes of UTF-8, cut between lines, with a sign that it goes on."""
    if len(text.encode()) <= most:
        return text
    kept, left = [], most - 4
    for line in text.split("\n"):
        left -= len(line.encode()) + 1
        if left < 0:
            break
        kept.append(line)
    short = "\n".join(kept) or text.encode()[: most - 4].decode("utf-8", "ignore")
    return f"{short}\n…"


def _signature(key: bytes, message: bytes) -> str:
    return base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode("ascii")


def _json(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


def _said(answer: bytes) -> Mapping[str, Any]:
    try:
        said = json.loads(answer)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}

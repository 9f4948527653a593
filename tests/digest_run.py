"""``branchpress digest`` as a test runs it: a small organization, its operator, and a mail server that keeps what it is sent."""

from __future__ import annotations

import email
import email.policy
import shutil
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import servers
from aiosmtpd.controller import Controller
from conftest import NOW, ORGANIZATION, SmallSite

from builder.cli.commands import main

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
    """A mail server that keeps what it is given, and gives that ``answer``; it refuses the addresses in ``refused``. ``left``
    counts those who said goodbye."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, list[str], bytes]] = []
        self.refused: set[str] = set()
        self.answer = "250 OK"
        self.left = 0

    async def handle_QUIT(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.left += 1
        return "221 Bye"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if address in self.refused:
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.mails.append((envelope.mail_from, list(envelope.rcpt_tos), envelope.content))
        return self.answer

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

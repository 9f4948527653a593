"""Addresses that are none, wherever an address may stand: told or shown, and never the end of a build, a check or an audit."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

import pytest
from conftest import NOW, SmallSite

from builder.audit.run import audit
from builder.content.workspace import UnusableError
from builder.workers import SerialExecutor

pytestmark = pytest.mark.slow
NO_ADDRESSES = (
    "https://例子.example:alert(1)/",
    "https://例子.example:99999/",
    "https://example.org:x/",
    "https://[x/",
    "https://[::1/a",
    "https://[::例]/",
    "https://a℀b.example/",
    "https://xn--a.example/",
    f"https://{'例' * 300}.example/",
    "https://.例/",
    "https://@:/",
    "//[例",
    "https://例@例:例/",
    "mailto:例@[例",
)


def test_texts_with_addresses_that_are_none_are_built_checked_and_audited(site: SmallSite) -> None:
    for place, address in enumerate(NO_ADDRESSES):
        site.write(f"""
--- content/alpha/news/2026-11-22-body{place}.md
---
title: 正文
---
<{address}> [字]({address}) ![图]({address}) {address}
<iframe src="{address}"></iframe> <a href="{address}">字</a> <img src="{address}" alt="图"> <video src="{address}"></video>
""")
        for key in ("source: {name: 来源, url: '%s'}", "attachments: [{file: '%s'}]", "id: '%s'", "aliases: ['%s']"):
            name = f"2026-11-21-{key.partition(':')[0]}{place}"
            site.write(f"--- content/alpha/news/{name}.md\n---\ntitle: 键\n{key % address}\n---\n文\n")
    assert "render-failed" not in {each.code for each in site.check()}
    assert set(site.build().sites.values()) == {"built"}
    found = audit(site.root, datetime.fromisoformat(NOW), SerialExecutor(), output=site.output)
    assert dict(found.lost) == {}


@pytest.mark.parametrize("address", NO_ADDRESSES)
def test_settings_with_an_address_that_is_none_are_told(site: SmallSite, address: str) -> None:
    ways = f'{{letter: {{form: "{address}", mail: "{address}"}}, correction: {{issue: "{address}"}}}}'
    site.write(f"""
--- content/alpha/branch.yml
name: 甲支部
url: "{address}"
ways: {ways}
contact: {{email: "{address}"}}
""")
    told = {each.code for each in site.check()}
    assert "render-failed" not in told
    assert told
    organization = site.root / "content/organization.yml"
    organization.write_text(f'{organization.read_text()}edit_url: "{address}"\nways: {ways}\n', "utf-8")
    with suppress(UnusableError):
        site.check()

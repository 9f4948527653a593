"""What is published when: to the very instant."""

from __future__ import annotations

import pytest
from conftest import SmallSite

PAGE = "alpha/news/2026-11-22-x/index.html"


def text(*lines: str) -> str:
    head = "".join(f"{line}\n" for line in lines)
    return f"--- content/alpha/news/2026-11-22-x.md\n---\ntitle: 准时\n{head}---\n正文。\n"


@pytest.mark.slow
def test_a_text_is_there_from_its_very_date(site: SmallSite) -> None:
    site.write(text("date: 2026-11-23 09:00"))
    result = site.build("2026-11-23T08:59:59+08:00")
    assert not site.exists(PAGE)
    assert result.next_due is not None
    assert result.next_due.isoformat() == "2026-11-23T09:00:00+08:00"
    site.build(result.next_due.isoformat())
    assert site.exists(PAGE)
    assert "准时" in site.page("alpha/feed.xml")


@pytest.mark.slow
def test_a_text_is_there_until_its_time_is_over(site: SmallSite) -> None:
    site.write(text("expires: 2026-11-24 12:00")).build("2026-11-24T12:00:00+08:00")
    assert site.exists(PAGE)
    site.build("2026-11-24T12:00:01+08:00")
    assert "准时" not in site.page(PAGE)

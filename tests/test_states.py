"""What is published when: to the very instant."""

from __future__ import annotations

from datetime import datetime

import pytest
from conftest import SmallSite

from builder.audit.check import next_due

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


MOMENTS = """
--- content/alpha/news/2026-01-01-a.md
---
title: 文章
date: 2026-01-02 08:30
expires: 2026-01-04
pinned: 2026-01-03
---
文
--- content/alpha/events/a.md
---
title: 活动
date: 2026-02-03
starts: 2026-02-20 14:00
ends: 2026-02-20 16:00
---
文
--- content/alpha/notices/2026-04-01-a.md
---
title: 公示
period: {from: 2026-04-02 09:00, to: 2026-04-08 17:00}
---
文
--- content/alpha/about.md
---
title: 关于
date: 2026-05-01
expires: 2026-05-31
---
文
--- content/hub/topics/a.md
---
title: 专题
date: 2026-06-01
closed: 2026-06-30
expires: 2026-07-31 12:00
discussion:
  question: 怎么办？
  opens: 2026-06-05
  closes: 2026-06-20
---
文
"""


def test_whoever_waits_for_each_moment_in_turn_misses_none(site: SmallSite) -> None:
    """``next`` names each moment at which something changes by itself, once, and at that moment the one after it."""
    site.write(MOMENTS)
    moments: list[str] = []
    now: datetime | None = datetime.fromisoformat("2026-01-01T00:00:00+08:00")
    while now is not None and len(moments) < 50:
        now, problems = next_due(site.root, now)
        assert not problems
        moments.append(f"{now:%m-%d %H:%M:%S.%f}"[:17] if now is not None else "none")
    assert moments == [
        *("01-02 08:30:00.00", "01-04 00:00:00.00", "01-05 00:00:00.00"),  # an article is there, not on top, over
        *("02-01 00:00:00.00", "02-03 00:00:00.00"),  # the month of an event begins; lists by date have it
        *("02-13 00:00:00.00", "02-20 14:00:00.00", "02-20 16:00:00.00"),  # it is soon, begins, ends
        "03-01 00:00:00.00",  # its month is over
        *("04-01 00:00:00.00", "04-02 09:00:00.00", "04-08 17:00:00.00"),  # a notice is there, runs, has run
        "05-01 00:00:00.00",  # a page is there
        "05-09 00:00:00.00",  # the notice is over, thirty days after it has run
        "06-01 00:00:00.00",  # the page is over, a topic is there
        *("06-05 00:00:00.00", "06-21 00:00:00.00", "07-01 00:00:00.00"),  # it is talked of, no more, it is closed
        "07-31 12:00:00.00",  # it is over
        *("11-20 00:00:00.00", "11-21 00:00:00.00"),  # what the two branches have written
        "none",
    ]

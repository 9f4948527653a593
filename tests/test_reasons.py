"""Why a site or a text was not made, in the reader's language: limits, processes that were lost, damaged state."""

from __future__ import annotations

import pickle
import re
import signal

import pytest

from builder.messages.formats import describe
from builder.messages.problems import Problem
from builder.messages.reasons import reason_text
from builder.messages.translation import translator
from builder.workers.pool import answer, how_it_ended

TIME, MEMORY = "limits.branch_seconds", "limits.worker_memory"


def wants_too_much() -> None:
    raise MemoryError


def told_of_memory(memory: int) -> str:
    fine, error = pickle.loads(answer(pickle.dumps((wants_too_much, ())), memory))
    assert not fine
    return str(error)


@pytest.mark.parametrize(
    ("reason", "chinese", "cure"),
    [
        ("took longer than 120 seconds", "用时超过 120 秒", TIME),
        ("took longer than 120.6 seconds", "用时超过 120.6 秒", TIME),
        ("took longer than 1200 seconds in all", "总共用时超过 1200 秒", TIME),
        (told_of_memory(700), "需要的内存超过 700 MB", MEMORY),
        ("wanted more memory than there is", "内存不够用", "too little memory"),
        (how_it_ended(-signal.SIGKILL), "生成程序被中止（SIGKILL）", "too little memory"),
        (how_it_ended(1), "生成程序中途退出（1）", "too little memory"),
        (how_it_ended(None), "生成程序中途退出（None）", "too little memory"),
        ("the worker was lost", "生成程序中途退出", "too little memory"),
        ("its state is damaged", "上次保存的数据已损坏", "disk"),
        ("the state of 党-1 is damaged", "上次为 党-1 保存的数据已损坏", "disk"),
    ],
)
def test_a_reason_is_told_in_the_readers_language_with_what_to_do(reason: str, chinese: str, cure: str) -> None:
    assert reason_text(reason, translator("en"))[0] == reason
    said, how = reason_text(reason, translator("zh"))
    assert said == chinese
    assert cure in how
    assert not re.search(
        r"[A-Za-z]{3}", translator("zh").gettext(how).replace("organization.yml", "").replace(cure, "")
    )
    place = "news/2026-11-20-visit/index.html"
    assert reason_text(f"{place}: {reason}", translator("zh")) == (f"{place}: {chinese}", how)


@pytest.mark.parametrize(
    "reason",
    [
        "ValueError: took longer than 3 seconds or so",
        "ValueError: ended with 3",
        "OSError: [Errno 5] x",
        "",
        "ended with",
    ],
)
def test_what_others_say_stays_as_it_is(reason: str) -> None:
    assert reason_text(reason, translator("zh")) == (reason, "")


@pytest.mark.parametrize(
    ("path", "what"), [("content/alpha", "网站"), ("content/alpha/news/2026-11-20-visit.md", "文章")]
)
def test_of_a_text_it_is_not_said_that_its_site_cannot_be_built(path: str, what: str) -> None:
    def told(reason: str) -> tuple[str, str]:
        problem = Problem(
            code="render-failed", severity="error", path=path, branch="alpha", arguments={"reason": reason}
        )
        words = describe(problem, translator("zh"))
        return words.what, words.how

    assert (
        told("took longer than 9 seconds")[0]
        == f"这{'个' if what == '网站' else '篇'}{what}无法生成{'或发布' if what == '网站' else '网页'}：用时超过 9 秒。"
    )
    assert TIME in told("took longer than 9 seconds")[1]
    assert told("ValueError: odd") == (told("x")[0].replace("：x", "：ValueError: odd"), told("x")[1])

"""How the program words dates, lengths, lists and problems in both languages, word for word.

Like ``tests/test_whole_site.py``: where a change is meant, ``GOLDEN=write`` writes ``tests/golden/whole/`` anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec
from test_whole_site import compare, shown

from builder.messages.codes import CATALOGUE, CAUSES
from builder.messages.date_texts import date_text, iso, moment_text, month_name, month_text, weekday_name
from builder.messages.diagnostics import Diagnostic
from builder.messages.formats import (
    MOST_OF_A_KIND,
    problem_object,
    problems_github,
    problems_gitlab,
    problems_json,
    problems_sarif,
    problems_text,
)
from builder.messages.lengths import amount
from builder.messages.locales import language_title, locale_of
from builder.messages.problems import Problem, problem_of
from builder.messages.terms import words
from builder.messages.translation import Translator, translator
from builder.messages.visible import escaped, visible
from builder.model.dates import Moment
from builder.model.values import Terms

LANGUAGES = ("zh", "en", "zh-Hant", "fr")
UNITS = ("days", "working days", "weeks", "months", "years", "moons")
TAGS = "ar de en es fr it ja kk ko mn pt ru th vi zh zh-CN zh-Hant zh-Hans ZH-hant-HK en-GB en-x tlh sr-Latn-RS de-1996".split()
SIGNS = "a\n\t\0\x1f\x7f\x9f\xa0\u061c\u200e\u200f\u2028\u2029\u202a\u202e\u2066\u2069\ufeff\ud800é字\\"
EXPECTED = "a date like 2026-11-20 or 2026-11-20 09:30"


def worded(language: str) -> Iterator[str]:
    """Dates and measures in a language."""
    text = translator(language)
    for month in range(1, 13):
        day = date(2026, month, month * 2)
        yield f"{date_text(day, language)} | {month_text(2026, month, language)} | {month_name(month, language)}"
        yield weekday_name(day, language)
    for moment in (None, *moments()):
        yield f"{moment_text(moment, language)} | {moment_text(moment, language, weekday=True)} | {iso(moment)}"
    for unit in UNITS:
        yield " | ".join(amount(number, unit, text) for number in (None, 0, 1, 2, 21))
    yield text.joined(("a", "b", "c")) + " | " + text.joined(()) + " | " + text.joined("a, b")
    for terms in (
        {},
        {"zh": Terms(branch="团支部"), "en": Terms(branch="cell")},
        {text.language: Terms("a", "b", "c", "d")},
    ):
        yield str(dict(words(terms, text)))
    own = Translator(text.language, ("团支部", "团委"))
    yield own.in_own_words("支部、党支部、总支部、支部委员会、支部委员会书记、支部书记、第一支部")


def moments() -> Iterator[Moment]:
    """A day, and a time of it."""
    at = datetime(2026, 3, 5, 7, 8, tzinfo=ZoneInfo("Asia/Shanghai"))
    yield Moment(at, at, True)
    yield Moment(at, at, False)


def test_dates_and_measures_are_worded_as_they_always_were() -> None:
    found = {language: "\n".join(worded(language)) for language in LANGUAGES}
    found["tags"] = "\n".join(f"{tag} {locale_of(tag)} {language_title(tag)}" for tag in TAGS)
    found["signs"] = f"{visible(SIGNS)}\n{escaped(SIGNS)!r}"
    compare("messages", found)


def problems() -> tuple[Problem, ...]:
    """Problems of each kind: many of one, the same one in several places, with words that a terminal would obey."""
    said = Diagnostic("value-type", 3, 5, {"key": "title", "expected": EXPECTED, "value": "x\x1b[31m\n::error::,%"})
    one = problem_of(said, "content/a/x:1,2%.md", "a")
    near = [
        problem_of(Diagnostic("key-unknown", 2, 1, {"key": "titel", "near": near}), "content/a/y.md", "a")
        for near in ("", "title")
    ]
    many = [
        problem_of(Diagnostic("file-local", number, arguments={"target": f"{number}.jpg"}), "content/a/z.md", "a")
        for number in range(MOST_OF_A_KIND + 2)
    ]
    same = [problem_of(Diagnostic("yaml-not-mapping", 1, 1), f"content/a/{name}.yml", "a") for name in "defghi"]
    choices = Diagnostic(
        "value-choice", None, None, {"key": "status", "choices": ("a", "b"), "near": "a", "value": "x"}
    )
    cause = Diagnostic("front-matter-fence", 2, 1, {"cause": "fence-missing", "fence": "draft: true"})
    odd = Diagnostic("front-matter-syntax", 2, 1, {"cause": "no such cause"})
    others = [problem_of(each, "content/a/w.md", "a") for each in (choices, cause, odd)]
    effects = [
        msgspec.structs.replace(one, effect=effect, severity=severity)
        for effect, severity in (("held", "error"), ("missing", "warning"), ("kept", "note"))
    ]
    return (*many, one, *near, *same[:4], *others, *effects, *same[4:])


def test_problems_are_told_as_they_always_were() -> None:
    zh, en = translator("zh"), translator("en")
    found = problems()
    told = {
        "text": problems_text(found, (zh, en)),
        "colour": problems_text(found[-5:], (en,), color=True).replace("\033", "ESC"),
        "verbose": problems_text(found, (zh,), verbose=True),
        "few": problems_text([found[MOST_OF_A_KIND + 5]] * 4, (en,)),
        "several": problems_text([found[MOST_OF_A_KIND + 5]] * 5, (en,)),
        "object": shown([problem_object(each, en) for each in found[-6:]]),
        "json": problems_json(found[-6:], zh),
        "github": problems_github(found[-9:], zh),
        "gitlab": problems_gitlab(found[-9:], zh),
        "sarif": problems_sarif(found[-9:], zh),
    }
    compare("problems", told)


def test_every_code_has_the_severity_that_it_always_had() -> None:
    """A program that reads reports relies on them."""
    codes = {"codes": "\n".join(f"{name} {code.severity}" for name, code in sorted(CATALOGUE.items()))}
    compare("codes", codes | {"causes": "\n".join(sorted(CAUSES))})

"""Languages, catalogues, the words of organizations, and how much is told of one file, word for word.

Like ``tests/test_whole_site.py``: where a change is meant, ``GOLDEN=write`` writes ``tests/golden/whole/`` anew.
"""

from __future__ import annotations

import gettext
import importlib
import os
import pkgutil
import shutil
from itertools import product
from pathlib import Path

import msgspec
from test_whole_site import GOLDEN, compare
from test_whole_texts import readable
from test_whole_values import plain, table

import builder.content
import builder.formats
import builder.messages
from builder.messages.diagnostics import Diagnostic
from builder.messages.locales import language_title, locale_of
from builder.messages.problems import MOST_OF_FILE, MOST_OF_SITE, Problem, few, in_order, problem_of, problems_of
from builder.messages.sarif import SarifResult, SarifRule, sarif_log
from builder.messages.terms import neutral, translator_of, words
from builder.messages.translation import Translator, translator
from builder.messages.update import Domain, msgids, untranslated, update
from builder.messages.visible import escaped, visible
from builder.model.values import Organization, Terms

TAGS = (
    *"ar de en es fr it ja kk ko mn pt ru th vi zh xx".split(),
    *"zh-Hant zh-hans zh-Hant-HK zh-TW EN-gb en-Latn en-1234 sr-Latn-RS xx-YY de-1901 ar-Hant zh-Hans1".split(),
    "",
)
SOURCE = '''"""A module."""

from words import N_, gettext, ngettext

FIRST = N_("First")
text = gettext("Second {name}", name=FIRST)
several = ngettext("one thing", "{n} things", 3)
empty = gettext("")
again = _("First")
other = other("No msgid")
'''


def test_catalogues_are_kept_as_they_always_were(tmp_path: Path) -> None:
    sources, catalogues = tmp_path / "sources", tmp_path / "locale"
    sources.mkdir()
    (sources / "a.py").write_text(SOURCE, "utf-8")
    (sources / "b.txt").write_text('gettext("No source")', "utf-8")
    (sources / "c.html").write_text("{% trans %}\n  In a\n  template{% endtrans %}{{ _('Short') }}", "utf-8")
    code = Domain("words", catalogues, sources, (("**.py", "python"),))
    page = Domain("pages", catalogues, sources, (("**.html", "jinja2.ext:babel_extract"),))
    found = {"msgids": plain(msgids(code)), "msgids of templates": plain(msgids(page))}
    update(code, "zh", msgids(code))
    folder = catalogues / "zh" / "LC_MESSAGES"
    found["fresh"] = (folder / "words.po").read_text("utf-8")
    found["untranslated"] = " | ".join(untranslated(code, "zh", ["First", "one thing", "gone"]))
    filled = found["fresh"].replace('msgid "First"\nmsgstr ""', 'msgid "First"\nmsgstr "第一"')
    filled = filled.replace('msgstr[0] ""', 'msgstr[0] "{n} 件"') + '\nmsgid "Gone"\nmsgstr "没了"\n'
    (folder / "words.po").write_text(filled, "utf-8")
    update(code, "zh", msgids(code))
    found["again"] = (folder / "words.po").read_text("utf-8")
    found["untranslated now"] = " | ".join(untranslated(code, "zh", [*msgids(code), "gone"]))
    read = gettext.translation("words", catalogues, ["zh"])
    found["compiled"] = f"{read.gettext('First')} {read.ngettext('one thing', '{n} things', 2)} {read.gettext('Gone')}"
    before = (folder / "words.mo").read_bytes()
    shutil.copy(folder / "words.po", tmp_path / "words.po")
    update(code, "zh", msgids(code))
    assert (folder / "words.po").read_bytes() == (tmp_path / "words.po").read_bytes()
    assert (folder / "words.mo").read_bytes() == before
    compare("catalogues", found)


def test_languages_and_words_are_called_what_they_always_were() -> None:
    signs = [
        chr(number) for number in (0, 9, 10, 13, 27, 31, 32, 127, 128, 159, 160, 0x61C, 0x200D, 0x200E, 0x200F, 0x2010)
    ]
    signs += [
        chr(number)
        for number in (0x2028, 0x2029, 0x202A, 0x202E, 0x202F, 0x2065, 0x2066, 0x2069, 0x206A, 0xFEFF, 0xD800)
    ]
    zh, own = translator("zh"), Translator("zh", ("分会", "理事会"))
    terms = {
        "zh": Terms(branch="分会"),
        "en": Terms(branch="chapter", branches="chapters", committee="board", members="people"),
    }
    texts = ("支部", "党支部", "总支部", "支部书记", "支部委员会", "支部委员会书记", "各支部的支部委员会", "无")
    organization = Organization(name="O", url="https://e.org/", authority="e.org", terms=terms)
    found = {
        "locales": table(locale_of, TAGS),
        "titles": table(language_title, TAGS),
        "visible": table(visible, (f"a{sign}b" for sign in signs)),
        "escaped": table(escaped, (f"a{sign}b\nc" for sign in signs)),
        "in own words": table(own.in_own_words, texts),
        "in others'": table(Translator("en", ("x", "y")).in_own_words, texts[:1]),
        "in no words": table(zh.in_own_words, texts[:1]),
        "joined": table(
            lambda names: (zh.joined(names), translator("en").joined(names)), (("ab",), (("a", "b"),), (("a",),), ((),))
        ),
        "said": table(
            lambda message: (zh.gettext(message), own.gettext(message), own.gettext(message, branch=("a", "b"))),
            ("{branch}s", "branch", "", "committee", "支部", "About us"),
        ),
        "languages": table(lambda tag: translator(tag).language, ("zh-CN", "EN", "xx", "en-GB")),
        "words": "\n".join(
            plain(words(each, translator(language)))
            for each, language in product((terms, {}, {"zh": Terms(branches="各会")}), ("zh", "en"))
        ),
        "words of an organization": plain(
            [translator_of(organization, each).gettext("branch") for each in ("", "zh", "en")]
        ),
        "in its own words": translator_of(organization).in_own_words(texts[6]),
        "neutral": plain([neutral(each).in_own_words(texts[6]) for each in ("zh", "en")]),
    }
    compare("languages", {name: readable(text) for name, text in found.items()})


def problem(code: str, number: int = 0, path: str = "content/a/x.md", branch: str = "a") -> Problem:
    return problem_of(Diagnostic(code, number or None, 1 if number else None), path, branch)


def test_as_much_is_told_of_a_file_and_a_site_as_always() -> None:
    assert problem_of(Diagnostic("title-missing"), "x").branch == ""
    assert problems_of([Diagnostic("title-missing")], "x")[0].branch == ""
    assert [each.effect for each in problems_of([Diagnostic("title-missing")], "x", "a")] == ["none"]

    def told(problems: list[Problem]) -> tuple[int, list[tuple[str, str, str]]]:
        found = list(few(problems))
        return len(found), [(each.path, each.branch, each.severity) for each in found if each.code == "more-problems"]

    errors = [problem("yaml-key", number) for number in range(1, MOST_OF_FILE + 3)]
    warnings = [problem("title-missing", number) for number in range(1, MOST_OF_FILE + 3)]
    assert told(errors[:MOST_OF_FILE]) == (MOST_OF_FILE, [])
    assert told(errors[: MOST_OF_FILE + 1]) == (MOST_OF_FILE + 1, [("content/a/x.md", "a", "warning")])
    assert told(errors[:MOST_OF_FILE] + warnings[:MOST_OF_FILE])[1] == (
        [] if errors[0].severity != warnings[0].severity else told(errors[:MOST_OF_FILE] + warnings[:MOST_OF_FILE])[1]
    )
    assert told([*errors[:MOST_OF_FILE], problem("yaml-tag", 1), problem("yaml-tag", 2)]) == (
        MOST_OF_FILE + 2,
        [("content/a/x.md", "a", "warning")],
    )
    many = [problem("yaml-key", 1, f"content/a/{number}.md") for number in range(MOST_OF_SITE + 2)]
    assert told(many[:MOST_OF_SITE]) == (MOST_OF_SITE, [])
    assert told(many) == (MOST_OF_SITE + 1, [("content/a", "a", "warning")])
    of_hub = [msgspec.structs.replace(each, branch="") for each in many]
    assert told(of_hub)[1] == [("content/hub", "", "warning")]
    assert told([*many[:MOST_OF_SITE], *[problem("yaml-key", 1, "content/b/x.md", "b")] * 3]) == (MOST_OF_SITE + 3, [])
    rows = [
        problem("yaml-key", 2),
        problem("yaml-key", 1),
        problem("title-missing", 1),
        problem("yaml-key"),
        problem("yaml-key", 2),
    ]
    rows += [
        problem("yaml-key", 1, "content/a/a.md"),
        msgspec.structs.replace(rows[0], arguments={"a": "b"}),
        msgspec.structs.replace(rows[0], column=2),
    ]
    assert [(each.path[-4:], each.line, each.column, each.code, each.arguments) for each in in_order(rows)] == [
        ("a.md", 1, 1, "yaml-key", {}),
        ("x.md", None, None, "yaml-key", {}),
        ("x.md", 1, 1, "title-missing", {}),
        ("x.md", 1, 1, "yaml-key", {}),
        ("x.md", 2, 1, "yaml-key", {"a": "b"}),
        ("x.md", 2, 1, "yaml-key", {}),
        ("x.md", 2, 2, "yaml-key", {}),
    ]


def test_a_log_for_code_hosts_is_what_it_always_was() -> None:
    rules = [SarifRule("a", "error", "Short", "Help"), SarifRule("b", "note", "Short b", "Help b", "Full", ("t", "u"))]
    results = [
        SarifResult(Diagnostic("b", 3, 4), "content/甲/a b.md", "note", "Said", {"x": 1}),
        SarifResult(Diagnostic("a", 3), "content/x.md", "error", "Said"),
        SarifResult(Diagnostic("a"), "content/x.md", "warning", "“Said”"),
    ]
    compare("sarif", {"log": sarif_log("tool", rules, results), "empty": sarif_log("tool", [], [])})


def test_limits_are_what_they_always_were() -> None:
    """Numbers by which something is too long, too deep, too many or too large."""
    found: set[str] = set()
    for room in (builder.content, builder.formats, builder.messages):
        for each in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            module = importlib.import_module(each.name)
            for name, value in sorted(vars(module).items()):
                numbers = value if isinstance(value, tuple) else (value,)
                if name.lstrip("_").isupper() and numbers and all(type(number) in (int, float) for number in numbers):
                    found.add(f"{name} {value}")
    # One that is new has a test of its own to tell of it.
    known = set((GOLDEN / "limits.txt").read_text("utf-8").splitlines())
    told = found if os.environ.get("GOLDEN") == "write" else found & known
    compare("limits", {"numbers": "\n".join(sorted(told))})

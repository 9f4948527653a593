"""Every text for people has its Chinese, and what is compiled is what stands in the source."""

from __future__ import annotations

import ast
import gettext
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from conftest import REPOSITORY

from builder.messages.update import DOMAINS, KEYWORDS, LANGUAGES, Domain, msgids, untranslated


@pytest.fixture(scope="module")
def texts() -> dict[str, set[str]]:
    """Every text for people in the sources of each domain, by its name."""
    return {domain.name: set(msgids(domain)) for domain in DOMAINS}


@pytest.mark.parametrize("domain", DOMAINS, ids=lambda domain: domain.name)
def test_every_text_has_its_chinese(domain: Domain, texts: dict[str, set[str]]) -> None:
    assert list(untranslated(domain, "zh", texts[domain.name])) == []


@pytest.mark.parametrize("domain", DOMAINS, ids=lambda domain: domain.name)
@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogues_are_up_to_date(domain: Domain, language: str, texts: dict[str, set[str]]) -> None:
    folder = domain.catalogues / language / "LC_MESSAGES"
    with (folder / f"{domain.name}.po").open("rb") as file:
        source = read_po(file, locale=language)
    ids = [message.id if isinstance(message.id, str) else message.id[0] for message in source if message.id]
    assert set(ids) == texts[domain.name]
    compiled = gettext.GNUTranslations((folder / f"{domain.name}.mo").open("rb"))
    for message in source:
        if isinstance(message.id, tuple) and all(message.string):
            assert {compiled.ngettext(*message.id, n) for n in range(1, 5)} == set(message.string)
        elif isinstance(message.id, str) and message.id and message.string:
            assert compiled.gettext(message.id) == message.string


@pytest.mark.parametrize("domain", DOMAINS, ids=lambda domain: domain.name)
def test_translations_keep_the_names_to_be_filled_in(domain: Domain) -> None:
    with (domain.catalogues / "zh" / "LC_MESSAGES" / f"{domain.name}.po").open("rb") as file:
        for message in read_po(file, locale="zh"):
            # Chinese has one form where English has two; the word for a branch is said as often as each language needs it.
            branches = re.compile(r"\bbranches\b")
            names = re.findall(r"(?<!\{)\{\w+\}(?!\})|%\(\w+\)s", branches.sub("branch", str(message.id)))
            filled = re.findall(r"(?<!\{)\{\w+\}(?!\})|%\(\w+\)s", branches.sub("branch", str(message.string)))
            word = {"%(branch)s", "{branch}"} & set(names)
            once = message.pluralizable or word
            assert set(names) - word == set(filled) - word if once else sorted(names) == sorted(filled)


def test_templates_hold_no_chinese(request: pytest.FixtureRequest) -> None:
    for file in Path(request.config.rootpath, "theme").rglob("*.html"):
        assert not any("\u4e00" <= character <= "\u9fff" for character in file.read_text("utf-8")), file


def test_no_text_hides_where_nobody_looks_for_it(texts: dict[str, set[str]]) -> None:
    """What collects the texts does not look into f-strings."""
    (program,) = (domain for domain in DOMAINS if domain.name == "branchpress")
    known = texts[program.name]
    called = re.compile(rf"\b({'|'.join(KEYWORDS)})\s*\(")
    sources = {file: file.read_text("utf-8") for file in sorted(program.sources.rglob("*.py"))}
    for file, source in sources.items():
        for node in ast.walk(ast.parse(source)) if called.search(source) else ():
            if (
                isinstance(node, ast.Call)
                and (getattr(node.func, "attr", "") or getattr(node.func, "id", "")) in KEYWORDS
            ):
                first = node.args[0] if node.args else None
                if isinstance(first, ast.Constant) and isinstance(first.value, str) and first.value:
                    assert first.value in known, f"{file}:{node.lineno}"


def test_what_readers_are_told_leaves_the_word_for_branches_to_the_organization() -> None:
    """A library has no 支部: its word comes in as %(branch)s or %(branches)s (``terms:`` of organization.yml)."""
    with (REPOSITORY / "theme/locales/zh/LC_MESSAGES/messages.po").open("rb") as file:
        catalogue = read_po(file)
    said = {str(message.id): str(message.string) for message in catalogue if message.id}
    assert [text for text in said.values() if re.search("支部|单位|党", text)] == []
    assert [text for text in said if re.search(r"(?<!\()\bbranch(es)?\b(?!\))", text, re.IGNORECASE)] == []

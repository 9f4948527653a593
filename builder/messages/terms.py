"""The words that an organization has for its parts, as the texts of its sites use them. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from builder.messages.translation import N_, Translator, translator
from builder.model.values import Organization, Terms


def words(terms: Mapping[str, Terms], text: Translator) -> Mapping[str, str]:
    """Returns ``branch``, ``branches``, ``committee`` and ``members`` in the language of ``text``: as the organization writes
    them there, else the words that suit any. One that is only named gets the plural that the language gives it."""
    own = terms.get(text.language, Terms())
    branch = own.branch or text.gettext(N_("branch"))
    several = N_("{branch}s") if own.branch else N_("branches")
    return {
        "branch": branch,
        "branches": own.branches or text.gettext(several, branch=branch),
        "committee": own.committee or text.gettext(N_("committee")),
        "members": own.members or text.gettext(N_("members")),
    }


def neutral(language: str) -> Translator:
    """Returns the texts for staff of an organization that is not known, with words that suit any."""
    return _in_words({}, translator(language))


def translator_of(organization: Organization, language: str = "") -> Translator:
    """Returns the texts for the staff of an organization, with its own words for its parts; in its language, if no other is
    named."""
    return _in_words(organization.terms, translator(language or organization.language))


def _in_words(terms: Mapping[str, Terms], text: Translator) -> Translator:
    own = words(terms, text)
    return Translator(text.language, (own["branch"], own["committee"]))

"""The locale that a language tag stands for, as Open Graph names it. Pure."""

from __future__ import annotations

_REGIONS = {
    "ar": "AR",
    "de": "DE",
    "en": "US",
    "es": "ES",
    "fr": "FR",
    "it": "IT",
    "ja": "JP",
    "kk": "KZ",
    "ko": "KR",
    "mn": "MN",
    "pt": "PT",
    "ru": "RU",
    "th": "TH",
    "vi": "VN",
    "zh": "CN",
}
"""The region that stands for a language whose tag names none (ogp.me, ``language_TERRITORY``)."""
_SCRIPTS = {("zh", "hant"): "TW", ("zh", "hans"): "CN"}


def locale_of(tag: str) -> str:
    """Returns the locale of a language tag (BCP 47): ``zh-Hant`` gives ``zh_TW``, ``en-GB`` ``en_GB``; empty for a language whose
    region is not known."""
    language, *rest = tag.lower().split("-")
    region = next((part for part in rest if len(part) == 2 and part.isalpha()), "")
    script = next((part for part in rest if len(part) == 4 and part.isalpha()), "")
    region = region or _SCRIPTS.get((language, script), "") or _REGIONS.get(language, "")
    return f"{language}_{region.upper()}" if region else ""


_TITLES = {
    "ar": "العربية",
    "de": "Deutsch",
    "en": "English",
    "es": "Español",
    "fr": "Français",
    "it": "Italiano",
    "ja": "日本語",
    "kk": "Қазақша",
    "ko": "한국어",
    "mn": "Монгол",
    "pt": "Português",
    "ru": "Русский",
    "th": "ไทย",
    "vi": "Tiếng Việt",
    "zh": "中文",
}
"""The name of a language in that language (CLDR)."""


def language_title(tag: str) -> str:
    """Returns what speakers of a language call it; the tag itself for a language without a known name."""
    return _TITLES.get(tag.lower().partition("-")[0], tag)

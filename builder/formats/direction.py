"""The direction of writing of a language."""

from __future__ import annotations

from markupsafe import Markup

_RIGHT_TO_LEFT = frozenset(
    "ar aeb aii ajp apc apd arc arq ars ary arz azb bal bcc bej bft bgn bqi brh ckb cja cop-arab dcc dv fa gju glk hbo he "
    "hnd hno iw ji jpr jrb khw ks ku-arab kvx lad lki lrc luz man-nkoo mzn nqo oru ota phv pnb prd prs ps rhg rmt sd sdh skr "
    "sgr shu smp syc syr tly-arab trw ug ur wni yi".split()
)
_SCRIPTS = frozenset("adlm arab aran hebr mand mend nkoo rohg samr sogd sogo syrc syrn thaa yezi".split())


def direction(language: str) -> str:
    """Returns ``rtl`` or ``ltr`` for a language tag (BCP 47): its script decides, else the usual one of its language."""
    name, *subtags = language.lower().replace("_", "-").split("-")
    script = next((each for each in subtags if len(each) == 4 and each.isalpha()), "")
    if script:
        return "rtl" if script in _SCRIPTS else "ltr"
    return "rtl" if name in _RIGHT_TO_LEFT else "ltr"


def language_attributes(language: str, within: str = "") -> Markup:
    """Returns the attributes ``lang`` and, unless that of the page ``within`` is the same, ``dir`` of what is in ``language``."""
    if not language:
        return Markup("")
    own = direction(language)
    named = Markup('lang="{}"').format(language)
    return named if within and direction(within) == own else named + Markup(' dir="{}"').format(own)

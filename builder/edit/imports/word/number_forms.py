"""The forms in which Word writes the numbers of paragraphs (ECMA-376, part 1, 17.18.59, ST_NumberFormat). Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

_DIGITS = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"),
    (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip


def written(number: int, form: str) -> str:
    """Returns a number as a form writes it; in a form that is not known, or does not reach so far, in digits."""
    make = _FORMS.get(form)
    return (make(number) if make is not None and number > 0 else "") or str(number)


def chinese(number: int, digits: str = _DIGITS, units: str = "十百千") -> str:
    """Returns a number below 100,000,000 as Chinese counts: 十一, 二十, 一百〇五."""
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        rest = (digits[0] if low < 1000 else "") + chinese(low, digits, units) if low else ""
        return f"{chinese(high, digits, units)}万{rest}" if high < 10_000 else str(number)
    signs, gap = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            signs += (digits[0] if gap and signs else "") + digits[digit] + (units[place - 1] if place else "")
        gap = not digit
    return signs[1:] if 10 <= number < 20 and units[0] == "十" else signs


def _roman(number: int) -> str:
    signs = ""
    if number < 4000:
        for value, sign in _ROMAN:
            signs += sign * (number // value)
            number %= value
    return signs


def _letters(number: int) -> str:
    """Returns a letter, repeated after the last one: z, aa, bb."""
    times, place = divmod(number - 1, 26)
    return chr(ord("a") + place) * (times + 1) if times < 30 else ""


def _cycle(signs: str) -> Callable[[int], str]:
    return lambda number: signs[(number - 1) % len(signs)]


def _row(*rows: tuple[int, int, int]) -> Callable[[int], str]:
    """Returns the form whose signs stand in rows of Unicode: from which number, to which, and the first sign."""

    def make(number: int) -> str:
        return next((chr(sign + number - first) for first, last, sign in rows if first <= number <= last), "")

    return make


def _ordinal(number: int) -> str:
    ends = {1: "st", 2: "nd", 3: "rd"}
    return f"{number}{'th' if number % 100 in (11, 12, 13) else ends.get(number % 10, 'th')}"


_CIRCLED = _row((1, 20, 0x2460), (21, 35, 0x3251), (36, 50, 0x32B1))
_FORMS: Mapping[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalHalfWidth": str,
    "decimalZero": lambda number: f"{number:02d}",
    "decimalFullWidth": lambda number: str(number).translate({0x30 + digit: 0xFF10 + digit for digit in range(10)}),
    "decimalFullWidth2": lambda number: str(number).translate({0x30 + digit: 0xFF10 + digit for digit in range(10)}),
    "decimalEnclosedCircle": _CIRCLED,
    "decimalEnclosedCircleChinese": _CIRCLED,
    "decimalEnclosedParen": _row((1, 20, 0x2474)),
    "decimalEnclosedFullstop": _row((1, 20, 0x2488)),
    "numberInDash": lambda number: f"- {number} -",
    "ordinal": _ordinal,
    "hex": lambda number: f"{number:X}",
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerLetter": _letters,
    "chineseCounting": chinese,
    "chineseCountingThousand": chinese,
    "taiwaneseCounting": chinese,
    "taiwaneseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "japaneseDigitalTenThousand": lambda number: "".join(_DIGITS[int(digit)] for digit in str(number)),
    "taiwaneseDigital": lambda number: "".join(_DIGITS[int(digit)] for digit in str(number)),
    "ideographDigital": lambda number: "".join(_DIGITS[int(digit)] for digit in str(number)),
    "chineseLegalSimplified": lambda number: chinese(number, _LEGAL, "拾佰仟"),
    "japaneseLegal": lambda number: chinese(number, _LEGAL, "拾佰仟"),
    "ideographLegalTraditional": lambda number: chinese(number, "零壹貳參肆伍陸柒捌玖", "拾佰仟"),
    "ideographTraditional": _cycle(_STEMS),
    "ideographZodiac": _cycle(_BRANCHES),
    "ideographEnclosedCircle": _row((1, 10, 0x3280)),
}

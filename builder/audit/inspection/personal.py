"""Personal data in what was written: identity numbers, bank cards, mobile telephones, e-mail addresses of persons.

Identity numbers are checked as GB 11643-1999 says (a day of birth that exists, the check character of ISO 7064 MOD 11-2),
cards by Luhn (ISO/IEC 7812-1), so that other long numbers are not reported. Everything that is found is masked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from builder.audit.inspection.addressees import personal

_WIDE = {0xFF10 + number: 0x30 + number for number in range(10)} | {
    0xFF38: 0x58,
    0xFF58: 0x78,
    0xFF0D: 0x2D,
    0xFF20: 0x40,
}
_WIDE |= {0x3000: 0x20, 0x2010: 0x2D, 0x2011: 0x2D, 0x2013: 0x2D, 0xFF0E: 0x2E}
_IDENTITY = re.compile(r"[1-9]\d{5}[ -]?(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])[ -]?\d{3}[\dXx]")
_OLD_IDENTITY = re.compile(r"[1-9]\d{5}\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}")
_MOBILE = re.compile(r"(?:(?:\+|00)?86[ -]?)?(1[3-9]\d)([ -]?)(\d{4})\2(\d{4})")
_CARD = re.compile(r"\d{4}([ -]?)\d{4}\1\d{4}\1\d{3,4}(?:\1\d{1,3})?|3[47]\d{2}([ -]?)\d{6}\2\d{5}")
# UnionPay, Visa, Mastercard, American Express, JCB; 9558 and 4 are older cards of Chinese banks.
_ISSUERS = re.compile(r"62\d{14,17}|4\d{15}|4\d{18}|5[1-5]\d{14}|3[47]\d{13}|35[2-8]\d{13}|9558\d{15}")
_NUMBER = re.compile(
    r"(?<![0-9A-Za-z_])(?<!\d\.)(?:"
    r"[1-9]\d{5}[ -]?(?:18|19|20)\d{6}[ -]?\d{3}[\dXx]"
    r"|3[47]\d{2}(?P<x>[ -]?)\d{6}(?P=x)\d{5}"
    r"|[2-69]\d{3}(?P<y>[ -]?)\d{4}(?P=y)\d{4}(?P=y)\d{3,4}(?:(?P=y)\d{1,3})?"
    r"|[1-9]\d{14}"
    r"|(?:(?:\+|00)?86[ -]?)?1[3-9]\d(?P<z>[ -]?)\d{4}(?P=z)\d{4}"
    r")(?![0-9A-Za-z_])"
)
_EMAIL = re.compile(r"(?<![\w.+-])([A-Za-z0-9][\w.+-]{0,63})@((?:[A-Za-z0-9-]{1,63}\.){1,6}[A-Za-z]{2,24})", re.ASCII)
_ADDRESS = re.compile(r"(?:https?|ftp|webcal)://[^\s<>\"'）)\]]+")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_NAMED = re.compile(r"身份证|证件号|公民身份")


class Hit(NamedTuple):
    """Personal data at a column (1-based, in code points) of a line: the rule that it breaks, and the masked value."""

    rule: str
    column: int
    value: str


def scan(line: str, *, addresses: bool = True) -> Iterator[Hit]:
    """Finds personal data in one line of a source; e-mail addresses only with ``addresses``."""
    plain = line.translate(_WIDE)
    if sum(character.isdigit() for character in plain) >= 11:
        shown = _ADDRESS.sub(lambda match: " " * len(match[0]), plain)
        for match in _NUMBER.finditer(shown):
            hit = _number(match[0], match.start(), shown)
            if hit is not None:
                yield hit
    if addresses and "@" in plain:
        for match in _EMAIL.finditer(plain):
            if personal(match[1], match[2]):
                yield Hit("personal-email", match.start() + 1, masked_email(match[0]))


def name_hits(name: str) -> Iterator[Hit]:
    """Finds personal data in the name of a file or a folder."""
    for match in _NUMBER.finditer(name.replace("_", "-")):
        if (hit := _number(match[0], match.start(), "")) is not None:
            yield hit


def masked(text: str) -> str:
    """Returns ``text`` with every personal number and address in it masked."""
    if not re.search(r"\d{10}|@|\d[ -]\d{4}", text.translate(_WIDE)):
        return text

    parts, end = [], 0
    for match in _NUMBER.finditer(text.translate(_WIDE)):
        hit = _number(match[0], match.start(), text)
        parts += [text[end : match.start()], hit.value if hit is not None else text[match.start() : match.end()]]
        end = match.end()
    return _EMAIL.sub(
        lambda match: masked_email(match[0]) if personal(match[1], match[2]) else match[0], "".join(parts) + text[end:]
    )


def masked_email(address: str) -> str:
    """Masks an address except for its first letter and the host."""
    return f"{address[0]}***@{address.rpartition('@')[2]}"


def _number(text: str, start: int, line: str) -> Hit | None:
    digits = re.sub(r"[ +-]", "", text)
    match = _IDENTITY.fullmatch(text)
    if match is not None and is_identity(digits):
        return Hit("identity-number", start + 1, _mask(digits, 3, 2))
    if _OLD_IDENTITY.fullmatch(text) and _NAMED.search(line[max(0, start - 12) : start]):
        return Hit("identity-number", start + 1, _mask(digits, 3, 2))
    mobile = _MOBILE.fullmatch(text)
    if mobile is not None:
        return Hit("mobile-number", start + 1, _mask(mobile[1] + mobile[3] + mobile[4], 3, 2))
    if _CARD.fullmatch(text) and _ISSUERS.fullmatch(digits) and is_card(digits):
        return Hit("bank-card", start + 1, _mask(digits, 4, 2))
    return None


def _mask(digits: str, head: int, tail: int) -> str:
    return f"{digits[:head]}{'*' * (len(digits) - head - tail)}{digits[-tail:]}"


def is_identity(digits: str) -> bool:
    """Tells whether 18 characters can be an identity number: its day of birth exists, its check character is right."""
    try:
        born = date(int(digits[6:10]), int(digits[10:12]), int(digits[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits[:17], _WEIGHTS, strict=True))
    return born.year >= 1850 and digits[17].upper() == _CHECKS[total % 11]


def is_card(digits: str) -> bool:
    """Tells whether the last digit is the check digit of the others (Luhn)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        number = int(digit) * (1 + place % 2)
        total += number - 9 if number > 9 else number
    return total % 10 == 0

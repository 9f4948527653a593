"""QR codes (ISO/IEC 18004), made when the site is built."""

from __future__ import annotations

import re
from typing import NamedTuple

_BORDER = 4
_PATH = re.compile(r'\bd="([^"]+)"')


class Code(NamedTuple):
    """A QR code: ``path`` is the data of an SVG path, a line per row of modules, one unit wide; ``size`` is the width of
    its view box, the quiet zone included."""

    path: str
    size: int


def qr_code(text: str) -> Code:
    """The code of a text, with error correction M or better.

    The mask is given, not chosen: any of the eight can be read, and trying them all takes five times as long.
    """
    import segno

    made = segno.make_qr(text, error="m", mask=2)
    found = _PATH.search(made.svg_inline(border=_BORDER, omitsize=True))
    assert found is not None
    return Code(found[1], int(made.symbol_size(border=_BORDER)[0]))

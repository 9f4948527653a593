"""Pictures as readers get them: turned the right way, scaled, in several widths, in WebP too, and with nothing in them
but what is seen. The only room that knows Pillow.

- A photograph or a screenshot comes in its own format in full (:data:`LONGEST` pixels at most on its longer side; long
  strips of text keep their width) and in the widths of :func:`builder.pictures.variants.widths_of`, there also in WebP.
- What it is counts, not what it is called: HEIC, TIFF and JPEG 2000 become JPEG (PNG where there is transparency), a JPEG that
  is called .png stays one. What no browser shows and cannot be converted (RAW, PSD, JPEG XL) is refused.
- What moves (GIF, WebP, APNG) stays as it is, frame by frame, if it has at most :data:`MOVING` bytes; a larger one and
  an AVIF become their first frame. GIF, ICO and SVG come in one piece.
- EXIF, GPS, XMP, colour profiles (after conversion to sRGB), comments and texts are gone from all of them, and from
  photographs that lie in drawings.

What is made is kept in a :class:`Cache` by the hash of the original, and is the same for all branches.
"""

from __future__ import annotations

from builder.pictures.cache import LATE, Cache, cache_key
from builder.pictures.cards import COLOURS, draw_card, find_font
from builder.pictures.look import look_at
from builder.pictures.marks import MARKS, draw_marks
from builder.pictures.position import tells_position
from builder.pictures.recipe import (
    FULL,
    LONGEST,
    MOVING,
    clean_embedded,
    develop,
    embedded_cleaner,
    original_without_traces,
)
from builder.pictures.recording import CLEANER, cleaned_recording, is_recording
from builder.pictures.refusal import Refused
from builder.pictures.variants import variants

__all__ = [
    "CLEANER",
    "COLOURS",
    "FULL",
    "LATE",
    "LONGEST",
    "MARKS",
    "MOVING",
    "Cache",
    "Refused",
    "cache_key",
    "clean_embedded",
    "cleaned_recording",
    "develop",
    "draw_card",
    "draw_marks",
    "embedded_cleaner",
    "find_font",
    "is_recording",
    "look_at",
    "original_without_traces",
    "tells_position",
    "variants",
]

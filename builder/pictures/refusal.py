"""The refusal of a picture that cannot be published."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager


class Refused(Exception):  # noqa: N818 - it is the problem's name that counts
    """The picture cannot be published: the code of the problem, and what it says of it."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


@contextmanager
def decoding() -> Iterator[None]:
    """Turns any failure of a decoder inside it into a damaged picture. A file that cannot be read is none, nor is a lack of
    memory."""
    try:
        with warnings.catch_warnings():
            # What Pillow would warn of is no news: this room decides by itself, and what is odd in EXIF goes anyway.
            warnings.simplefilter("ignore")
            yield
    except (Refused, MemoryError):
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise Refused("picture-unreadable") from error

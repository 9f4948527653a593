"""What is said of a picture that cannot be published."""

from __future__ import annotations


class Refused(Exception):  # noqa: N818 - it is the problem's name that counts
    """The picture cannot be published: the code of the problem, and what it says of it."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.detail = code, detail

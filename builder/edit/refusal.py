"""The refusal of what somebody asked for: a status of HTTP, and sentences for people."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from http import HTTPStatus

from builder.messages.translation import Translator


class RefusalError(Exception):
    """Nothing was changed. ``message`` is an English msgid, ``values`` fill its names."""

    def __init__(self, status: HTTPStatus, message: str, **values: object) -> None:
        super().__init__(message)
        self.status, self.message, self.values = status, message, values

    def __reduce__(self) -> tuple[Callable[[], RefusalError], tuple[()]]:
        # It may come from another process.
        return partial(RefusalError, self.status, self.message, **self.values), ()

    def sentence(self, text: Translator) -> str:
        """Returns the sentence in a language."""
        return text.gettext(self.message, **self.values)


class ContentRefusalError(RefusalError):
    """The content has errors; ``sentences`` say which, what for, and what to do, in the organization's language."""

    def __init__(self, sentences: tuple[str, ...]) -> None:
        super().__init__(HTTPStatus.UNPROCESSABLE_ENTITY, "")
        self.sentences = sentences

    def __reduce__(self) -> tuple[Callable[[], RefusalError], tuple[()]]:
        return partial(ContentRefusalError, self.sentences), ()

    def sentence(self, text: Translator) -> str:
        """Returns the sentences."""
        return "\n".join(self.sentences)

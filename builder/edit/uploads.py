"""Files that somebody puts into an entry, as they are committed: pictures turned, scaled and with nothing in them but what is
seen; recordings without places and devices."""

from __future__ import annotations

import io
from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from builder.edit.places import clean_file_name
from builder.edit.refusal import RefusalError
from builder.messages.problems import Problem
from builder.messages.translation import N_
from builder.model.media import is_picture, size_text
from builder.model.media_types import extension, may_be_published
from builder.pictures import FULL, Refused, cleaned_recording, develop, is_recording
from builder.pictures.opening import FORMATS, form_of, is_drawing, opened

MOST_BYTES = 20_000_000
"""Of one uploaded file."""


class Upload(NamedTuple):
    """A file as it is kept: its clean name and its bytes."""

    name: str
    content: bytes


def clean_uploads(given: Sequence[tuple[str, bytes]], limit: int) -> list[Upload | Problem]:
    """Returns uploaded files, by name and bytes, as they are committed; a picture has at most ``limit`` bytes then. One that
    cannot be published has its problem instead. Raises RefusalError."""
    return [_clean_upload(name, content, limit) for name, content in given]


def _clean_upload(name: str, content: bytes, limit: int) -> Upload | Problem:
    if len(content) > MOST_BYTES:
        message = N_("“{name}” has {size}; the largest file that can be put in here has {most}.")
        shown = {"name": name, "size": size_text(len(content)), "most": size_text(MOST_BYTES)}
        raise RefusalError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, message, **shown)
    clean = clean_file_name(name)
    if not clean or not (is_picture(clean) or may_be_published(clean)):
        message = N_("“{name}” cannot be put in here: files of that kind are published nowhere.")
        raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, message, name=name)
    if is_picture(clean):
        return _picture(clean, content, limit)
    if is_recording(clean):
        return Upload(clean, b"".join(cleaned_recording(io.BytesIO(content), len(content))))
    return Upload(clean, content)


def _picture(name: str, content: bytes, limit: int) -> Upload | Problem:
    with TemporaryDirectory(prefix="branchpress-") as folder:
        file = Path(folder) / name
        file.write_bytes(content)
        try:
            made = develop(file, limit)[FULL]
            ending = extension(name)
            if not is_drawing(file):
                with opened(file) as picture:
                    form = form_of(ending, picture)
                same = ending in FORMATS and FORMATS[form][0] == FORMATS[ending][0]
                ending = ending if same else form
            return Upload(f"{name.rpartition('.')[0]}.{ending}", made)
        except Refused as refused:
            arguments = {"target": name, "detail": _detail(refused)}
            return Problem(code=refused.code, severity="error", path=name, arguments=arguments)


def _detail(refused: Refused) -> str:
    return size_text(int(refused.detail)) if refused.detail.isdecimal() and "large" in refused.code else refused.detail

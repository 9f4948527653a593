"""The check of an entry before it is there, as ``branchpress check`` will do it: in a folder of its own, beside the texts
that could be in its way."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from builder.content import read_branch, read_hub
from builder.content.documents import Document
from builder.edit.places import HUB
from builder.messages.formats import describe
from builder.messages.problems import Problem
from builder.messages.translation import Translator
from builder.model.values import Organization


def read_files(
    organization: Organization, slug: str, files: Mapping[str, bytes], beside: Mapping[str, bytes]
) -> tuple[tuple[Document, ...], tuple[Problem, ...]]:
    """Returns the documents and the problems of ``files``, by paths under a root, in the branch ``slug``. ``beside`` are its
    settings, and texts that may have the same address."""
    with TemporaryDirectory(prefix="branchpress-") as folder:
        root = Path(folder)
        for path, content in {**beside, **files}.items():
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        read = read_hub(root, organization) if slug == HUB else read_branch(root, slug, organization)
    documents = tuple(document for document in read.documents if document.path in files)
    found = [problem for document in documents for problem in document.problems] + list(read.problems)
    return documents, tuple(each for each in found if any(_concerns(each.path, path) for path in files))


def _concerns(told: str, path: str) -> bool:
    """Tells whether a problem of a file or folder is one of a path."""
    return told == path or path.startswith(f"{told}/")


def sentence_of(problem: Problem, text: Translator) -> str:
    """Returns what is wrong, why it matters and what to do, in one paragraph."""
    told = describe(problem, text)
    parts = [part for part in (told.what, told.why, told.how) if part]
    return ("" if text.language == "zh" else " ").join(parts)

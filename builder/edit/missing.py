"""The links, pictures and files of a text that are not there: what the preview tells after a build, told with the saving."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from builder.catalogue.links import shown, source_path
from builder.content.documents import Document
from builder.messages.problems import Problem
from builder.model.media_types import media_type
from builder.model.sources import comparable, document_key
from builder.model.values import Branch


class Files:
    """The files of a branch as links ask for them. Of what lies in other folders nothing is known here."""

    def __init__(self, branch: Branch, paths: Iterable[str]) -> None:
        known = [comparable(path) for path in paths]
        self._paths, self._keys = set(known), {document_key(path) for path in known}
        self._home, self._folders = f"content/{branch.slug}", {section.slug for section in branch.sections} | {"media"}

    def lacks(self, path: str) -> bool:
        """Tells whether a path is one of the branch, and nothing lies there."""
        if path in self._paths or document_key(path) in self._keys or not path.startswith(f"{self._home}/"):
            return False
        parts = path.split("/")[2:]
        # A folder of another name may be the former one of a section; that of a section is its page.
        return (len(parts) == 1 and parts[0] not in self._folders) or (len(parts) > 1 and parts[0] in self._folders)


def missing(document: Document, files: Files) -> Iterator[Problem]:
    """Yields a problem for each link, picture and file of a document that the branch should have, and has not."""
    for link in document.body.links if document.body is not None else ():
        path = source_path(link.target, document.path)
        if path is None or not files.lacks(path):
            continue
        code = "link-broken"
        if link.kind == "image":
            kind = media_type(link.target.partition("?")[0].partition("#")[0])
            plays = kind.partition("/")[0] in ("audio", "video") or kind == "application/pdf"
            code = "media-missing" if plays else "image-missing"
        yield _problem(document, code, shown(link.target), link.line)
    subject, entry = document.entry or document.page, document.entry
    if subject is None:
        return
    named = [("image-missing", subject.image), ("portrait-missing", entry.kind.portrait if entry is not None else "")]
    named += [("attachment-missing", each.path) for each in subject.attachments]
    for code, path in named:
        if files.lacks(comparable(path)):
            yield _problem(document, code, path.removeprefix("content/"), None)


def _problem(document: Document, code: str, target: str, line: int | None) -> Problem:
    words = {"target": target}
    return Problem(
        code=code, severity="warning", path=document.path, line=line, arguments=words, branch=document.branch
    )

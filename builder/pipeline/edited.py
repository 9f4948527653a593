"""A branch in which nothing but the texts of some documents was edited: what that reaches, and what stays as it was released.

A text is shown on its own page, in feeds and in the search. All else that a site shows of its documents is in its live site,
and everything around it in the ``frame`` of its inputs: if that is the frame of the last release, the rest of the release is
taken over without being derived, however large the branch is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from builder.catalogue.bodies import Resolved, resolved, used_files
from builder.catalogue.catalogue import Catalogue
from builder.content.documents import Document
from builder.formats.html.site import SitePage
from builder.model.media import is_embedded
from builder.pages import Context, edited_pages
from builder.pipeline.site_build import SiteBuild
from builder.store import Manifest


class Bodies(Mapping[str, Resolved]):
    """The documents of a site by source path, each resolved when it is asked for."""

    def __init__(self, documents: Mapping[str, Document], catalogue: Catalogue) -> None:
        self._documents = documents
        self._catalogue = catalogue
        self._made: dict[str, Resolved] = {}

    def __getitem__(self, path: str) -> Resolved:
        if path not in self._made:
            self._made[path] = resolved(self._documents[path], self._catalogue)
        return self._made[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._documents)

    def __len__(self) -> int:
        return len(self._documents)

    def __contains__(self, path: object) -> bool:
        return path in self._documents


def texts_of(build: SiteBuild) -> Mapping[str, str]:
    """Returns the hash of the source of each document that a site publishes, by path."""
    if build.edited is not None:
        return build.edited.texts
    return {document.path: document.sha256 for document in build.reading.live}


def edited_documents(build: SiteBuild, bodies: Bodies, last: Manifest) -> frozenset[str] | None:
    """Returns the source paths of the documents whose texts are others than in the last release, if all else is as it was, the
    files that they use included; None if it may not be."""
    if not last.frame or last.frame != build.job.inputs.frame or build.reading.unrenderable:
        return None
    texts = texts_of(build)
    if texts.keys() != last.texts.keys():
        return None
    edited = frozenset(path for path, sha256 in texts.items() if last.texts[path] != sha256)
    copied = {record.source for record in last.media.values()}
    for path in edited:
        body = bodies[path]
        used = {record.source for record in last.media.values() if path in record.users}
        if used != {source for source, _ in used_files(body)} & copied:
            return None
        if any(is_embedded(link.target) for link in body.body.links):
            return None
    return edited


def pages_after(ctx: Context, edited: frozenset[str], last: Manifest) -> tuple[SitePage, ...]:
    """Returns all pages of a site in which only those documents were edited: theirs, and the others as they are known."""
    made = {page.path: page for page in edited_pages(ctx, edited)}
    known = (SitePage(path, "", "", inputs=key.inputs, known=True) for path, key in last.pages.items())
    return tuple(made.get(page.path, page) for page in known)


def untouched(last: Manifest, written: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yields path and key of each file of the last release that no edit of a text reaches, unless it is ``written``. Those of
    the search are not among them."""
    done = frozenset(written)
    yield from (
        (path, key) for path, key in last.outputs.items() if path not in done and not path.startswith("search/")
    )

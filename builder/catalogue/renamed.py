"""Last good versions of texts whose branch or section is called otherwise now. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import msgspec

from builder.catalogue.identity import BranchNames
from builder.content.documents import Document
from builder.model.values import Branch


def versions_under_present_names(
    good: Mapping[str, Document], branch: Branch, wanted: Collection[str]
) -> Mapping[str, Document]:
    """Returns those of the versions ``good`` (by source path) that are of texts which are now at one of the ``wanted`` paths,
    under former names of the branch or its sections: as they would have been read there."""
    names = BranchNames({branch.slug: branch})
    found: dict[str, Document] = {}
    for path, document in good.items():
        present = names.current_source(path)
        if present != path and present in wanted:
            found[present] = _moved(document, branch, names)
    return found


def _moved(document: Document, branch: Branch, names: BranchNames) -> Document:
    """Returns a version whose own source path, and all that it names in its branch, are those of now."""
    section = branch.section_called(document.section)
    slug = section.slug if section is not None else document.section
    told = _renamed(msgspec.to_builtins(document), names)
    moved = msgspec.convert(told, Document)
    subject = moved.subject
    own = {"branch": branch.slug, "section": slug} if moved.entry is not None else {"branch": branch.slug}
    return msgspec.structs.replace(
        moved,
        branch=branch.slug,
        section=slug,
        **(
            {moved.kind: msgspec.structs.replace(subject, **own)} if subject is not None and moved.topic is None else {}
        ),
    )


def _renamed(value: Any, names: BranchNames) -> Any:
    match value:
        case str() if value.startswith("content/"):
            return names.current_source(value)
        case dict():
            return {key: _renamed(each, names) for key, each in value.items()}
        case list() | tuple():
            return [_renamed(each, names) for each in value]
        case _:
            return value

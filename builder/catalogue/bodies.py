"""Bodies prepared for a page or a feed: links are resolved, pictures have their address and size. Pure."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping
from html import escape

import msgspec

from builder.catalogue.catalogue import Catalogue
from builder.catalogue.links import Target, resolve, shown, source_path
from builder.catalogue.nearest import Suggestions
from builder.content.documents import Document
from builder.content.markdown.body import Body, Link
from builder.messages.problems import Problem
from builder.model.addresses import encoded
from builder.model.media import NO_PICTURE, Shape, is_picture, offered, size_text
from builder.model.media_types import extension, media_type

# The text's column: 41 rem, or what a narrow screen has beside its margins.
_MISSING = frozenset({"link-broken", "image-missing", "media-missing"})
_COLUMN = 656
"""The width of the text in pixels (41 rem): wider pictures lead to their full size."""
_SIZES = "(min-width: 45rem) 41rem, calc(100vw - 2.5rem)"


class Resolved(msgspec.Struct, frozen=True):
    """A document with the target of each link in its body."""

    document: Document
    targets: tuple[Target, ...] = ()

    @property
    def body(self) -> Body:
        """The document's body; empty if it has none."""
        return self.document.body or Body()

    def files(self) -> Iterator[str]:
        """The source paths of the files that the body links or shows."""
        return (target.place for target in self.targets if target.kind == "file")

    def pictures(self) -> frozenset[str]:
        """The source paths of the pictures that the body shows."""
        return frozenset(
            target.place
            for link, target in zip(self.body.links, self.targets, strict=True)
            if link.kind == "image" and target.kind == "file" and is_picture(target.place)
        )


def resolved(document: Document, catalogue: Catalogue) -> Resolved:
    """Returns ``document`` with its links looked up in ``catalogue``."""
    if document.body is None:
        return Resolved(document)
    anchors, path = document.body.anchors, document.path
    return Resolved(document, tuple(resolve(link.target, path, anchors, catalogue) for link in document.body.links))


def html(
    what: Resolved,
    link: Callable[[str], str],
    file: Callable[[str], str],
    *,
    place: Callable[[str], str] | None = None,
    shapes: Mapping[str, Shape] = {},
    eager: bool = False,
    feed: bool = False,
    mark: Callable[[str], str] = lambda _: "",
    sizes: Mapping[str, int] = {},
) -> str:
    """Makes the finished HTML.

    ``link`` gives the address of a path of the organization, ``file`` that of a source file, empty if it is not
    published. ``shapes`` has the sizes of pictures by source path; with ``place``, which gives the path at which a source file is
    published, they are offered in several widths and formats. With ``eager`` the first picture is loaded at once.
    A link stands in the place of pictures of other hosts, since nothing may load anything from elsewhere. Films and sounds
    become players, in a ``feed`` links, since few readers have players; other files cards that tell their kind and size;
    ``sizes`` has the bytes of files by source path. ``mark`` gives finished HTML that follows a link to a path of the
    organization.
    """
    instead = dict(_replaced(what, file, feed, sizes))
    attributes: list[Mapping[str, str]] = []
    sources: list[str] = []
    whole: dict[int, str] = {}
    linked = what.body.linked()
    for number, (written, target) in enumerate(zip(what.body.links, what.targets, strict=True)):
        given = dict(_attributes(written, target, link, file, shapes, feed))
        row, webp = "", ""
        if place is not None and target.kind == "file" and target.place in shapes and given.get("width"):
            row, webp = offered(place(target.place), shapes[target.place], link)
        # A link needs a name, which is the picture's.
        if place is not None and written.text and number not in linked and int(given.get("width", 0)) > _COLUMN:
            whole[number] = f'<a class="whole" href="{escape(given["src"])}">'
        if row:
            given |= {"srcset": row, "sizes": _SIZES}
        if "loading" in given:
            given |= {"loading": "eager", "fetchpriority": "high"} if eager else {"decoding": "async"}
            eager = False
        attributes.append(given)
        sources.append(webp and f'<source type="image/webp" srcset="{escape(webp)}" sizes="{_SIZES}">')
    pages = ((number, mark(target.place)) for number, target in enumerate(what.targets) if target.kind == "page")
    marks = {number: behind for number, behind in pages if behind}
    return what.body.html(attributes, sources, marks, instead, whole)


def _replaced(
    what: Resolved, file: Callable[[str], str], feed: bool, sizes: Mapping[str, int]
) -> Iterator[tuple[int, str]]:
    """The numbers of what is written like a picture and is none that can be shown here, and what stands in its place."""
    linked = what.body.linked()
    for number, (written, target) in enumerate(zip(what.body.links, what.targets, strict=True)):
        if written.kind == "link":
            continue
        if target.kind == "external":
            words = written.text or shown(target.place)
            rel = "" if feed else ' rel="noopener"'
            yield number, _linked(target.place, escape(words, quote=False), number in linked, rel)
        elif target.kind == "file" and not is_picture(target.place):
            size = sizes.get(target.place, 0)
            yield number, _medium(written.text, target, file(target.place), number in linked, size, feed)


def _medium(words: str, target: Target, address: str, linked: bool, size: int, feed: bool) -> str:
    """A player for a film or a sound, a card for any other file; words alone for what is not published."""
    name = escape(words or posixpath.basename(target.place), quote=False)
    if not address or linked:
        return name
    kind = media_type(target.place).partition("/")[0]
    if kind in ("video", "audio") and not feed:
        label = f' aria-label="{escape(words)}"' if words else ""
        return f'<{kind} controls preload="metadata" src="{escape(address)}"{label}>{_linked(address, name, False)}</{kind}>'
    told = ", ".join(part for part in (extension(target.place).upper(), size_text(size) if size else "") if part)
    return _linked(address, f"{name} <small>{told}</small>", False, ' class="file-card"')


def _linked(address: str, inner: str, linked: bool, attributes: str = "") -> str:
    """A link; within another one only its words."""
    return inner if linked else f'<a{attributes} href="{escape(address)}">{inner}</a>'


def _attributes(
    written: Link,
    target: Target,
    link: Callable[[str], str],
    file: Callable[[str], str],
    shapes: Mapping[str, Shape],
    feed: bool,
) -> Mapping[str, str]:
    if written.kind == "image":
        address = file(target.place) if target.kind == "file" and is_picture(target.place) else ""
        if not address:
            return {"src": NO_PICTURE}
        shape = shapes.get(target.place, Shape()) if target.kind == "file" else Shape()
        size = {"width": str(shape.width), "height": str(shape.height)} if shape.width and shape.height else {}
        return {"src": address, **size, "loading": "lazy"}
    tail = (f"?{target.query}" if target.query else "") + (f"#{encoded(target.fragment)}" if target.fragment else "")
    if target.kind == "external":
        web = target.place.startswith(("http:", "https:"))
        return {"href": target.place} | ({"rel": "noopener"} if web and not feed else {})
    if target.kind == "anchor":
        return {"href": tail or "#"}
    if target.kind == "page":
        path, _, fragment = target.place.partition("#")
        return {"href": link(path) + (f"#{encoded(fragment)}" if fragment else tail)}
    address = file(target.place) if target.kind == "file" else ""
    return {"href": address + tail} if address else {}


def _is_picture_or_unclear(target: str) -> bool:
    kind = media_type(target.partition("?")[0].partition("#")[0])
    return kind.partition("/")[0] not in ("audio", "video") and kind != "application/pdf"


def link_problems(what: Resolved, suggestions: Suggestions) -> Iterator[Problem]:
    """Returns a warning for each link and picture that leads nowhere, at its place."""
    for link, target in zip(what.body.links, what.targets, strict=True):
        code = target.reason
        if link.kind == "image" and target.kind == "external":
            code = "external-file"
        elif link.kind == "image" and (code == "link-broken" or target.kind in ("page", "anchor")):
            code = "image-missing" if _is_picture_or_unclear(link.target) else "media-missing"
        if code:
            arguments = {"target": shown(link.target)}
            path = source_path(link.target, what.document.path) if code in _MISSING else None
            if path is not None and (there := suggestions.file(path, what.document.path)):
                arguments["there"] = there
            yield Problem(
                code=code,
                severity="warning",
                path=what.document.path,
                line=link.line,
                column=link.column,
                arguments=arguments,
                branch=what.document.branch,
            )


def used_files(what: Resolved) -> Iterable[tuple[str, str]]:
    """Returns the source path of each file that a document uses, with the place of the reference: a key, or empty in the body."""
    yield from ((path, "") for path in what.files())
    document = what.document
    subject = document.entry or document.page
    if subject is not None:
        if subject.image:
            yield subject.image, "image"
        yield from ((file.path, f"attachments.{place}") for place, file in enumerate(subject.attachments) if file.path)
    if document.entry is not None and document.entry.kind.portrait:
        yield document.entry.kind.portrait, "portrait"
    if document.topic is not None and document.topic.image:
        yield document.topic.image, "image"

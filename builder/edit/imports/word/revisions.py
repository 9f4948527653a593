"""A document as it reads when all its changes are accepted, without comments, and without what is hidden in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from builder.edit.imports.imported import Note
from builder.edit.imports.word.styles import Styles, W, is_on, value
from builder.messages.translation import N_

_DELETED = ("del", "moveFrom")
_INSERTED = ("ins", "moveTo")
_GONE = (
    "rPrChange pPrChange sectPrChange tblPrChange tblGridChange tcPrChange trPrChange tblPrExChange numberingChange "
    "moveFromRangeStart moveFromRangeEnd moveToRangeStart moveToRangeEnd customXmlDelRangeStart customXmlDelRangeEnd "
    "customXmlInsRangeStart customXmlInsRangeEnd commentRangeStart commentRangeEnd annotationRef proofErr permStart permEnd "
    "lastRenderedPageBreak"
).split()
_CONTAINERS = ("smartTag", "customXml", "sdt", "sdtContent")
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_NEAR = 12


def drop(element: Any) -> None:
    """Takes an element out of its parent."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def unwrap(element: Any) -> None:
    """Puts the children of an element in its place."""
    parent = element.getparent()
    if parent is not None:
        place = parent.index(element)
        for child in reversed(list(element)):
            parent.insert(place, child)
        parent.remove(element)


def text_of(element: Any) -> str:
    """Returns the characters of a paragraph or run, tabs and line breaks as blanks."""
    signs: list[str] = []
    for each in element.iter(f"{W}t", f"{W}tab", f"{W}br", f"{W}noBreakHyphen"):
        if each.tag == f"{W}t":
            signs.append(each.text or "")
        elif each.getparent().tag == f"{W}r":
            signs.append("-" if each.tag == f"{W}noBreakHyphen" else " ")
    return "".join(signs)


def accept_changes(root: Any) -> Iterator[Note]:
    """Accepts insertions, drops deletions and comments; yields a note of each kind that there was, with the authors."""
    changes = list(root.iter(*(W + name for name in (*_DELETED, *_INSERTED))))
    authors = tuple(dict.fromkeys(value(each, "author") for each in changes if value(each, "author")))
    count = len(changes)
    for row in list(root.iter(f"{W}tr")):
        if row.find(f"{W}trPr/{W}del") is not None:
            drop(row)
    for paragraph in list(root.iter(f"{W}p")):
        if any(paragraph.find(f"{W}pPr/{W}rPr/{W}{name}") is not None for name in _DELETED):
            _join_with_next(paragraph)
    for element in list(root.iter(*(W + name for name in _DELETED))):
        drop(element)
    for element in list(root.iter(*(W + name for name in _INSERTED))):
        unwrap(element)
    comments = {value(each, "id") for each in root.iter(f"{W}commentReference")}
    for element in list(root.iter(f"{W}commentReference", *(W + name for name in _GONE))):
        drop(element)
    for element in list(root.iter(*(W + name for name in _CONTAINERS))):
        if element.find(f"{W}sdtPr//{W}docPartGallery[@{W}val='Table of Contents']") is not None:
            drop(element)
            yield Note("moved", N_("The table of contents was left out; pages make their own from the headings."))
            continue
        for name in ("sdtPr", "sdtEndPr", "smartTagPr", "customXmlPr"):
            for each in element.findall(W + name):
                element.remove(each)
        unwrap(element)
    if count:
        yield Note(
            "tracked",
            N_("Tracked changes ({count}) were accepted, and what was deleted was left out. By: {authors}."),
            {"count": str(count), "authors": tuple(authors) or "?"},
        )
    if comments:
        yield Note("commented", N_("Comments ({count}) were left out."), {"count": str(len(comments))})


def _join_with_next(paragraph: Any) -> None:
    """Gives what is left of a paragraph whose end was deleted to the next one; one with nothing left just goes."""
    following = paragraph.getnext()
    kept = [each for each in paragraph if each.tag not in (f"{W}pPr", *(W + name for name in _DELETED))]
    if following is None or following.tag != f"{W}p":
        if not any(text_of(each) or each.find(f".//{W}drawing") is not None for each in kept):
            drop(paragraph)
        return
    place = 1 if following.find(f"{W}pPr") is not None else 0
    for each in reversed(kept):
        following.insert(place, each)
    drop(paragraph)


def drop_hidden(root: Any, styles: Styles) -> Iterator[Note]:
    """Takes out what nobody sees in Word: hidden text and rows, hidden drawings, white text on white. Yields a note."""
    signs = passages = drawings = 0
    near = ""
    for row in list(root.iter(f"{W}tr")):
        if is_on(row.find(f"{W}trPr/{W}hidden")):
            signs, passages = signs + len(text_of(row)), passages + 1
            drop(row)
    for paragraph in list(root.iter(f"{W}p")):
        runs = [run for run in paragraph.iter(f"{W}r") if _owner(run) is paragraph]
        hidden = [run for run in runs if _is_hidden(run, paragraph, styles)]
        gone = sum(len(text_of(run)) for run in hidden)
        for run in hidden:
            drop(run)
        if hidden and gone:
            signs, passages = signs + gone, passages + 1
            near = near or text_of(paragraph).strip()[:_NEAR]
            if len(hidden) == len(runs) and paragraph.getparent().tag != f"{W}tc":
                drop(paragraph)
    for shown in list(root.iter(f"{_DRAWING}docPr")):
        if shown.get("hidden") in ("1", "true"):
            drawings += 1
            # Without what it draws, a drawing would count as a chart that is lost.
            drop(next(shown.iterancestors(f"{W}drawing"), shown.getparent()))
    if passages and near:
        yield Note(
            "hidden",
            N_("Hidden text ({count} passages, {signs} characters) was left out, the first near “{near}”."),
            {"count": str(passages), "signs": str(signs), "near": near},
        )
    elif passages:
        yield Note(
            "hidden",
            N_("Hidden text ({count} passages, {signs} characters) was left out."),
            {"count": str(passages), "signs": str(signs)},
        )
    if drawings:
        yield Note("hidden", N_("Hidden pictures ({count}) were left out."), {"count": str(drawings)})


def _owner(run: Any) -> Any:
    return next(run.iterancestors(f"{W}p"), None)


def _is_hidden(run: Any, paragraph: Any, styles: Styles) -> bool:
    if is_on(styles.of_run(run, paragraph, "vanish")):
        return True
    if (
        value(styles.of_run(run, paragraph, "color")).upper() != "FFFFFF"
        or next(run.iterancestors(f"{W}tbl"), None) is not None
    ):
        return False
    # White on a coloured ground is seen.
    grounds = (
        styles.of_run(run, paragraph, "shd"),
        styles.of_paragraphs(paragraph, "shd"),
        run.find(f"{W}rPr/{W}highlight"),
    )
    return (
        all(each is None or value(each, "fill").upper() in ("", "AUTO", "FFFFFF") for each in grounds[:2])
        and grounds[2] is None
    )

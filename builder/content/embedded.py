"""Pictures that are written into a text itself, as ``data:`` addresses: the bounds of those in files hold for them, too."""

from __future__ import annotations

import msgspec

from builder.content.markdown.body import Body
from builder.messages.diagnostics import Diagnostic
from builder.model.media import NO_PICTURE, embedded_content
from builder.pictures import Refused, embedded_cleaner

MOST = 50
"""Pictures that one text may hold."""


def with_checked_pictures(body: Body) -> tuple[Body, list[Diagnostic]]:
    """Returns the body without the pictures that are damaged or too large, alone or together, or beyond the number that one
    text may hold, and what there is to tell of them."""
    written = dict.fromkeys(link.target for link in body.links if link.target.startswith("data:"))
    if not written:
        return body, []
    clean, refused = embedded_cleaner(), dict[str, Refused]()
    for address in list(written)[:MOST]:
        try:
            clean(embedded_content(address))
        except Refused as error:
            refused[address] = error
    over = frozenset(list(written)[MOST:])
    told: list[Diagnostic] = []
    links = list(body.links)
    for number, link in enumerate(links):
        place = (link.line, link.column)
        if link.target in over:
            if not any(each.code == "pictures-embedded" for each in told):
                arguments = {"number": str(len(written)), "most": str(MOST)}
                told.append(Diagnostic("pictures-embedded", *place, arguments))
        elif link.target in refused:
            why = refused[link.target]
            told.append(Diagnostic(why.code, *place, {"target": f"{link.target[:30]}…", "detail": why.detail}))
        else:
            continue
        links[number] = msgspec.structs.replace(link, target=NO_PICTURE)
    return msgspec.structs.replace(body, links=tuple(links)), told

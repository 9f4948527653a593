"""``_headers``: what hosts of static files read of response headers (Netlify, Cloudflare Pages). Pure."""

from __future__ import annotations

from collections.abc import Iterator

from builder.formats.servers.facts import (
    DRAWING,
    IMMUTABLE,
    NUMBER,
    OPEN,
    REVALIDATE,
    SANDBOX,
    ServerFacts,
    Types,
)


def headers_file(facts: ServerFacts) -> str:
    """Returns the text of ``_headers``."""
    return "\n".join(_lines(facts, Types.of(facts.types))) + "\n"


def _lines(facts: ServerFacts, types: Types) -> Iterator[str]:
    # Patterns are those of the whole address, of which `base` is a part.
    base = facts.base
    yield "/*"
    yield from (f"  {name}: {value}" for name, value in facts.headers.items())
    yield f"  Cache-Control: {REVALIDATE}"
    for folder in (place for name in facts.immutable for place in (f"{base}{name}/*", f"{base}*/{name}/*")):
        # A value for a path is added to that for all, unless that is taken away first.
        yield from (folder, "  ! Cache-Control", f"  Cache-Control: {IMMUTABLE}")
    for ending in facts.saved:
        yield from (f"/*.{ending}", "  ! Content-Security-Policy", f"  Content-Security-Policy: {SANDBOX}")
        yield "  Content-Disposition: attachment"
    yield from (f"/*.{DRAWING}", "  ! Content-Security-Policy", f"  Content-Security-Policy: {SANDBOX}")
    for ending, kind in types.endings.items():
        yield from (f"/*.{ending}", f"  Content-Type: {kind}; charset=utf-8", f"  {OPEN}: *")
    for kind, names in types.names.items():
        for name in names:
            # Each pattern may hold one splat; a placeholder takes what is left of the name of one folder or file.
            plain = name.replace(NUMBER, ":number")
            for place in (f"{base}{plain}", f"{base}*/{plain}"):
                yield from (place, f"  Content-Type: {kind}; charset=utf-8", f"  {OPEN}: *")
    yield from (line for folder in facts.shared for line in (f"{base}{folder}/*", f"  {OPEN}: *"))
    for folder, policy in facts.policies:
        yield from (f"{base}{folder}/*", "  ! Content-Security-Policy", f"  Content-Security-Policy: {policy}")

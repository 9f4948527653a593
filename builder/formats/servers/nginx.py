"""Settings for nginx: one file for its ``http`` block (moved and withdrawn pages, error pages), one for the ``server``. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from builder.formats.servers.facts import (
    COMPRESSED,
    DRAWING,
    IMMUTABLE,
    OPEN,
    PRIVATE,
    REVALIDATE,
    SANDBOX,
    ServerFacts,
    Types,
)


def maps_file(facts: ServerFacts) -> str:
    """Returns what belongs into the ``http`` block: maps from a path to its new address, to being gone, to its error page."""
    base = facts.base
    lines = [
        "# Inside the http block: include /srv/sites/hub/headers/nginx-maps.conf;",
        # As long as the longest path, and a power of two (module ngx_http_map_module).
        "map_hash_bucket_size 4096;",
        "map_hash_max_size 65536;",
        'map $uri $branchpress_moved {\n    default "";',
        *(f"    {_quoted(old)} {_quoted(_literal(new))};" for old, new in facts.plain_moves),
        "}",
        "map $uri $branchpress_gone {\n    default 0;",
        *(f"    {_quoted(path)} 1;" for path in facts.plain_gone),
        "}",
        'map $uri $branchpress_branch {\n    default "";',
        f'    "~^{re.escape(base)}(?<branchpress_folder>[^/]+)/" $branchpress_folder;',
        "}",
        f"map $branchpress_branch $branchpress_404 {{\n    default {_quoted(f'{base}404.html')};",
        *(f"    {_quoted(slug)} {_quoted(f'{base}{slug}/404.html')};" for slug in facts.branches),
        "}",
    ]
    return "\n".join(lines) + "\n"


def server_file(facts: ServerFacts) -> str:
    """Returns what belongs into the ``server`` block."""
    return "\n".join(_server(facts)) + "\n"


def _server(facts: ServerFacts) -> Iterator[str]:
    base, types = facts.base, Types.of(facts.types)
    place = "the folder of the sites" if base == "/" else f"the folder in which {base} is the folder of the sites"
    yield f"# Inside the server block, after `root`, which is {place}:"
    yield "# include /srv/sites/hub/headers/nginx.conf;   (and nginx-maps.conf in the http block)"
    yield "index index.html;"
    # A folder is answered with an address that holds behind a proxy too.
    yield "absolute_redirect off;"
    yield "charset utf-8;"
    yield f"charset_types {' '.join(kind for kind in COMPRESSED if not kind.startswith('image/'))};"
    yield f"gzip on;\ngzip_vary on;\ngzip_min_length 512;\ngzip_types {' '.join(COMPRESSED)};"
    yield "types {"
    yield from (f"    {kind} {' '.join(endings)};" for kind, endings in facts.media_types.items())
    yield "}\ndefault_type application/octet-stream;"
    yield "error_page 404 $branchpress_404;\nerror_page 410 @branchpress_gone;"
    yield 'if ($branchpress_moved != "") {\n    return 301 $branchpress_moved;\n}'
    start = re.escape(base)
    private = "|".join(re.escape(name) + ("" if name.endswith("/") else "$") for name in PRIVATE)
    yield f"location ~ ^{start}(?:[^/]+/)?(?:{private}) {{\n    return 404;\n}}"
    yield from _location(facts, base, REVALIDATE, "if ($branchpress_gone) {\n        return 410;\n    }")
    yield from _location(facts, "@branchpress_gone", REVALIDATE, "try_files ${uri}index.html =404;")
    yield from _location(facts, f"~ ^{start}(?:[^/]+/)?(?:{'|'.join(facts.immutable)})/", IMMUTABLE)
    # An expression would lose to one that stands before it; this prefix wins over all of them.
    for folder, policy in facts.policies:
        yield from _location(facts, f"^~ {base}{folder}/", REVALIDATE, policy=policy)
    opened = f'add_header {OPEN} "*" always;'
    yield from _location(facts, f"~ ^{start}(?:{'|'.join(facts.shared)})/", REVALIDATE, opened)
    for pattern, kind in (*types.patterns(), *((rf"\.{ending}$", kind) for ending, kind in types.endings.items())):
        yield from _location(
            facts, f"~ {pattern}", REVALIDATE, "types { }", f'default_type "{kind}; charset=utf-8";', opened
        )
    saved = 'add_header Content-Disposition "attachment" always;'
    yield from _location(facts, rf"~ \.(?:{'|'.join(facts.saved)})$", REVALIDATE, saved, policy=SANDBOX)
    yield from _location(facts, rf"~ \.{DRAWING}$", REVALIDATE, policy=SANDBOX)


def _location(facts: ServerFacts, pattern: str, cache: str, *more: str, policy: str = "") -> Iterator[str]:
    # A location that adds a header loses those from outside it, so each has them all.
    headers = {**facts.headers, **({"Content-Security-Policy": policy} if policy else {}), "Cache-Control": cache}
    yield f"location {pattern} {{"
    yield from (f"    {line}" for line in more)
    yield from (f'    add_header {name} "{value}" always;' for name, value in headers.items())
    yield "}"


def _quoted(text: str) -> str:
    """Returns a text as nginx reads it between quotation marks."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _literal(address: str) -> str:
    """Returns an address in which ``$`` begins no variable."""
    return address.replace("$", "%24")

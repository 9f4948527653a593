"""Settings for Apache 2.4. Pure."""

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


def server_file(facts: ServerFacts) -> str:
    """Returns what belongs into the virtual host."""
    return "\n".join(_lines(facts)) + "\n"


def _lines(facts: ServerFacts) -> Iterator[str]:
    base, types = facts.base, Types.of(facts.types)
    start = re.escape(base)
    yield "# Inside the virtual host: Include /srv/sites/hub/headers/apache.conf"
    yield "# Needs mod_headers, mod_mime, mod_dir, mod_alias and, for compression, mod_filter and mod_deflate."
    if base != "/":
        yield f"# DocumentRoot is the folder in which {base} is the folder of the sites."
    yield f"ErrorDocument 404 {base}404.html"
    # The page at the address itself says that it was withdrawn (expressions: since 2.4.13).
    yield "ErrorDocument 410 /%{REQUEST_URI}index.html"
    yield "DirectoryIndex index.html\nDirectorySlash On\nAddDefaultCharset utf-8"
    yield from (
        f"AddType {kind} {' '.join(f'.{each}' for each in endings)}" for kind, endings in facts.media_types.items()
    )
    yield f"<IfModule mod_deflate.c>\n    AddOutputFilterByType DEFLATE text/html {' '.join(COMPRESSED)}\n</IfModule>"
    yield from (f'Header always set {name} "{value}"' for name, value in facts.headers.items())
    yield f'Header always set Cache-Control "{REVALIDATE}"'
    yield from _where(
        f"^{start}([^/]+/)?({'|'.join(facts.immutable)})/", f'Header always set Cache-Control "{IMMUTABLE}"'
    )
    yield from (f'AddType "{kind}; charset=utf-8" .{ending}' for ending, kind in types.endings.items())
    opened = [*(rf"\.{ending}$" for ending in types.endings), *(pattern for pattern, _ in types.patterns())]
    opened += [f"^{start}{folder}/" for folder in facts.shared]
    for pattern in opened:
        yield from _where(pattern, f'Header always set {OPEN} "*"')
    for pattern, kind in types.patterns():
        yield from _where(pattern, f'ForceType "{kind}; charset=utf-8"')
    sandbox = f'Header always set Content-Security-Policy "{SANDBOX}"'
    saved = 'Header always set Content-Disposition "attachment"'
    yield from _where(rf"\.({'|'.join(facts.saved)})$", sandbox, saved)
    yield from _where(rf"\.{DRAWING}$", sandbox)
    for folder, policy in facts.policies:
        yield from _where(f"^{start}{folder}/", f'Header always set Content-Security-Policy "{policy}"')
    for slug in facts.branches:
        yield f'<Location "{base}{slug}/">\n    ErrorDocument 404 {base}{slug}/404.html\n</Location>'
    private = "|".join(re.escape(name) + ("" if name.endswith("/") else "$") for name in PRIVATE)
    yield f'RedirectMatch 404 "^{start}([^/]+/)?({private})"'
    yield from (f"RedirectMatch 301 {_quoted(_exactly(old))} {_quoted(_target(new))}" for old, new in facts.plain_moves)
    yield from (f"RedirectMatch 410 {_quoted(_exactly(path))}" for path in facts.plain_gone)


def _where(pattern: str, *lines: str) -> Iterator[str]:
    yield f'<LocationMatch "{pattern}">'
    yield from (f"    {line}" for line in lines)
    yield "</LocationMatch>"


def _exactly(path: str) -> str:
    return f"^{re.escape(path)}$"


def _target(address: str) -> str:
    """Returns an address in which nothing refers to a part of the pattern; ``%`` is not encoded again."""
    return address.replace("$", "%24")


def _quoted(text: str) -> str:
    """Returns a text as Apache reads it between quotation marks. A variable of the server would begin with ``${``."""
    return '"' + text.replace('"', '\\"').replace("${", "%24{") + '"'

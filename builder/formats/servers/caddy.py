"""Settings for Caddy 2: a snippet to import inside the site's block. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from builder.formats.servers.facts import DRAWING, IMMUTABLE, OPEN, PRIVATE, REVALIDATE, SANDBOX, ServerFacts, Types


def server_file(facts: ServerFacts) -> str:
    """Returns what belongs into the site's block of a Caddyfile, after ``root``."""
    return "\n".join(_lines(facts)) + "\n"


def _lines(facts: ServerFacts) -> Iterator[str]:
    base, types = facts.base, Types.of(facts.types)
    start = re.escape(base)
    yield "# Inside the site's block, after `root * /srv/sites`: import /srv/sites/hub/headers/caddy.conf"
    if base != "/":
        yield f"# The root is the folder in which {base} is the folder of the sites."
    # In a route, directives take effect in the order in which they stand.
    yield "encode zstd gzip\nroute {"
    yield "header {"
    yield from (f"    {name} {_quoted(value)}" for name, value in facts.headers.items())
    yield f"    Cache-Control {_quoted(REVALIDATE)}\n}}"
    number = 0

    def only(pattern: str, *lines: str) -> Iterator[str]:
        nonlocal number
        number += 1
        yield f"@branchpress{number} path_regexp {_quoted(pattern)}"
        yield from (f"header @branchpress{number} {line}" for line in lines)

    for kind, endings in facts.media_types.items():
        charset = "; charset=utf-8" if kind.startswith("text/") or kind.endswith(("json", "/xml")) else ""
        yield from only(rf"\.(?:{'|'.join(endings)})$", f"Content-Type {_quoted(kind + charset)}")
    yield from only(f"^{start}(?:[^/]+/)?(?:{'|'.join(facts.immutable)})/", f"Cache-Control {_quoted(IMMUTABLE)}")
    opened = f'{OPEN} "*"'
    yield from only(f"^{start}(?:{'|'.join(facts.shared)})/", opened)
    for pattern, kind in (*((rf"\.{ending}$", kind) for ending, kind in types.endings.items()), *types.patterns()):
        yield from only(pattern, f"Content-Type {_quoted(f'{kind}; charset=utf-8')}", opened)
    sandbox = f"Content-Security-Policy {_quoted(SANDBOX)}"
    yield from only(rf"\.(?:{'|'.join(facts.saved)})$", sandbox, 'Content-Disposition "attachment"')
    yield from only(rf"\.{DRAWING}$", sandbox)
    for folder, policy in facts.policies:
        yield from only(f"^{start}{folder}/", f"Content-Security-Policy {_quoted(policy)}")
    private = "|".join(re.escape(name) + ("" if name.endswith("/") else "$") for name in PRIVATE)
    yield f"@branchpress_private path_regexp {_quoted(f'^{start}(?:[^/]+/)?(?:{private})')}"
    yield "handle @branchpress_private {\n    error 404\n}"
    if moves := [pair for pair in facts.plain_moves if _is_plain(*pair)]:
        yield 'map {path} {branchpress_moved} {\n    default "-"'
        yield from (f"    {_quoted(old)} {_quoted(new)}" for old, new in moves)
        yield "}\n@branchpress_moved expression {branchpress_moved} != '-'"
        yield "redir @branchpress_moved {branchpress_moved} 301"
    if gone := [path for path in facts.plain_gone if _is_plain(path)]:
        yield 'map {path} {branchpress_gone} {\n    default "-"'
        yield from (f'    {_quoted(path)} "yes"' for path in gone)
        yield "}\n@branchpress_gone expression {branchpress_gone} != '-'"
        yield "handle @branchpress_gone {\n    file_server {\n        status 410\n    }\n}"
    yield "handle {\n    file_server\n}\n}"
    yield "handle_errors {"
    yield f"    @branchpress_branch path_regexp branchpress {_quoted(f'^{start}({_any(facts.branches)})/')}"
    yield f"    handle @branchpress_branch {{\n        rewrite * {base}{{re.branchpress.1}}/404.html\n        file_server\n    }}"
    yield f"    handle {{\n        rewrite * {base}404.html\n        file_server\n    }}\n}}"


def _any(slugs: tuple[str, ...]) -> str:
    # Where there is no branch, a name that none can have.
    return "|".join(map(re.escape, slugs)) or "-"


def _quoted(text: str) -> str:
    """Returns a text as Caddy reads it between backquotes, in which nothing is escaped."""
    return f"`{text}`"


def _is_plain(*paths: str) -> bool:
    """Tells whether nothing in paths ends the quotation or begins a placeholder."""
    return not any(sign in path for path in paths for sign in "`{}")

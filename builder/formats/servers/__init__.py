"""Settings for web servers that serve the sites: nginx, Apache, Caddy, and hosts that read ``_headers``."""

from __future__ import annotations

from collections.abc import Mapping

from builder.formats.servers import apache, caddy, nginx
from builder.formats.servers.facts import ServerFacts
from builder.formats.servers.plain import headers_file

__all__ = ["ServerFacts", "server_files"]


def server_files(facts: ServerFacts) -> Mapping[str, bytes]:
    """Returns the files by path in the hub's output."""
    return {
        "_headers": headers_file(facts).encode(),
        "hub/headers/nginx.conf": nginx.server_file(facts).encode(),
        "hub/headers/nginx-maps.conf": nginx.maps_file(facts).encode(),
        "hub/headers/apache.conf": apache.server_file(facts).encode(),
        "hub/headers/caddy.conf": caddy.server_file(facts).encode(),
    }

"""The Git hosts on which forms save: how each is signed in to, and asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from builder.content.forms.context import Program
from builder.model.values import Editing

_PUBLIC = {"github": "https://github.com", "gitlab": "https://gitlab.com"}
_API = {"github": "/api/v3", "gitlab": "/api/v4", "gitea": "/api/v1", "forgejo": "/api/v1"}


def backend_of(editing: Editing, program: Program) -> Mapping[str, Any]:
    """Returns ``backend:`` of the forms' settings for a Git host."""
    address = (editing.url or _PUBLIC[editing.host]).rstrip("/")
    api = address + _API[editing.host]
    name = "gitea" if editing.host == "forgejo" and program == "sveltia" else editing.host
    backend: dict[str, Any] = {"name": name, "repo": editing.repo, "branch": editing.branch}
    if editing.host == "github":
        if editing.url:
            backend |= {"api_root": api, "base_url": address}
        # Signing in through GitHub takes a server that keeps a secret; a personal token takes none.
        return backend | ({"auth_methods": ["token"]} if program == "sveltia" else {})
    backend |= {"api_root": api, "base_url": address}
    if editing.host == "gitlab":
        backend |= {"graphql_api_root": f"{address}/api/graphql"}
        if editing.app_id:
            backend |= {"auth_type": "pkce"}
    if editing.app_id:
        backend["app_id"] = editing.app_id
    elif program == "sveltia":
        backend["auth_methods"] = ["token"]
    return backend


def can_review(editing: Editing, program: Program) -> bool:
    """Tells whether the forms can keep what is saved as a proposal on this host."""
    return editing.host in ("github", "gitlab") or (editing.host == "forgejo" and program == "decap")


def origins_of(editing: Editing) -> tuple[str, ...]:
    """Returns the origins that the forms talk to, for their Content-Security-Policy."""
    if editing.host == "github" and not editing.url:
        return ("https://api.github.com", "https://github.com", "https://raw.githubusercontent.com")
    parts = urlsplit(editing.url or _PUBLIC[editing.host])
    return (f"{parts.scheme}://{parts.netloc}",)

"""The part of Gitea's API, version 1, that the form speaks: as Gitea's own description publishes it (``/swagger.v1.json``), so
that the form takes this server for a Gitea with one repository a branch.

The form's version is pinned in ``forms/package.json``; ``tests/test_edit_browser.py`` holds it to these requests.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Literal, cast
from urllib.parse import quote

from builder.edit.desk import Desk, Saved, Worker
from builder.edit.document import EntryFile, NotEditableError
from builder.edit.drafting import Operation, mark_of
from builder.edit.places import BranchFiles, FormFile
from builder.edit.refusal import RefusalError
from builder.messages.translation import N_
from builder.model.media_types import media_type
from builder.model.struct import Struct

VERSION = "1.26.0"
"""The version of Gitea whose description this follows."""
OWNER = "branchpress"
"""The owner of every repository, as the form knows them: a branch is one."""
_PAGE = 1000
_MOST_FILES = 500
_MOST_BLOB = 10_485_760
_MOST_RESPONSE = 104_857_600
_OPERATIONS = ("create", "update", "delete")


class Found(Struct, frozen=True):
    """A file for the browser: its bytes and its media type."""

    content: bytes
    media_type: str


class Host:
    """Gitea's API over a desk. Answers are what becomes JSON, or a file."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def get(self, worker: Worker, path: Sequence[str], query: Mapping[str, str]) -> Any:
        """Answers a GET of ``path`` below ``/api/v1/``. Raises RefusalError."""
        match path:
            case ["version"]:
                return {"version": VERSION}
            case ["user"]:
                return _user(worker)
            case ["settings", "api"]:
                return {
                    "max_response_items": _MOST_FILES,
                    "default_paging_num": _MOST_FILES,
                    "default_git_trees_per_page": _PAGE,
                    "default_max_blob_size": _MOST_BLOB,
                    "default_max_response_size": _MOST_RESPONSE,
                }
            case ["repos", owner, slug, *rest] if owner == OWNER:
                self._require_branch(worker, slug)
                return self._repository(worker, slug, rest, query)
        raise _unknown()

    def _repository(self, worker: Worker, slug: str, path: Sequence[str], query: Mapping[str, str]) -> Any:
        match path:
            case []:
                return self._repo(slug)
            case ["branches", name] if name == self._desk.copy.branch:
                return self._branch(worker)
            case ["git", "trees", _]:
                return self._tree(worker, slug, query)
            case ["raw", *parts] | ["media", _, *parts] if parts:
                return self._file(worker, slug, "/".join(parts))
            case ["commits"]:
                return self._commits(worker, slug, query)
        raise _unknown()

    def post(self, worker: Worker, path: Sequence[str], body: Any) -> tuple[HTTPStatus, Any]:
        """Answers a POST of JSON. Raises RefusalError."""
        match path:
            case ["repos", owner, slug, "file-contents"] if owner == OWNER:
                self._require_branch(worker, slug)
                return HTTPStatus.OK, self._contents(worker, slug, body)
            case ["repos", owner, slug, "contents"] if owner == OWNER:
                self._require_branch(worker, slug)
                return HTTPStatus.CREATED, self._change(worker, slug, body)
        raise _unknown()

    def _require_branch(self, worker: Worker, slug: str) -> None:
        if not self._desk.writes_for(worker, slug):
            raise RefusalError(HTTPStatus.FORBIDDEN, N_("You may not change {path}."), path=f"content/{slug[:200]}/")

    def _repo(self, slug: str) -> Any:
        return {
            "id": 1,
            "name": slug,
            "full_name": f"{OWNER}/{slug}",
            "owner": {"id": 1, "login": OWNER},
            "private": True,
            "empty": False,
            "default_branch": self._desk.copy.branch,
            "permissions": {"admin": False, "push": True, "pull": True},
        }

    def _branch(self, worker: Worker) -> Any:
        view = self._desk.view(worker)
        return {
            "name": self._desk.copy.branch,
            "commit": {"id": view.id, "message": ""},
            "protected": False,
            "user_can_push": True,
        }

    def _tree(self, worker: Worker, slug: str, query: Mapping[str, str]) -> Any:
        files = self._desk.files(worker, slug)
        page = int(query.get("page", "1")) if query.get("page", "1").isdecimal() else 1
        rows = [each for _, each in sorted(files.by_shown.items())]
        shown = rows[(page - 1) * _PAGE : page * _PAGE]
        return {
            "sha": self._desk.view(worker).id,
            "tree": [
                {
                    "path": each.shown,
                    "mode": "100644",
                    "type": "blob",
                    "size": each.size,
                    "sha": mark_of(each.path, each.blob),
                }
                for each in shown
            ],
            "truncated": page * _PAGE < len(rows),
            "page": page,
            "total_count": len(rows),
        }

    def _contents(self, worker: Worker, slug: str, body: Any) -> Any:
        wanted = body.get("files") if isinstance(body, dict) else None
        if (
            not isinstance(wanted, list)
            or len(wanted) > _MOST_FILES
            or not all(isinstance(each, str) for each in wanted)
        ):
            raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, NOT_UNDERSTOOD)
        files = self._desk.files(worker, slug)
        found = [files.by_shown.get(path) for path in wanted]
        contents = self._desk.copy.blobs(each.blob for each in found if each is not None)
        return [_content(each, self._shown(each, contents[each.blob])) if each is not None else None for each in found]

    def _shown(self, file: FormFile, content: bytes) -> bytes:
        """Returns a file's bytes as the form gets them."""
        if file.fields is None:
            return content
        zone = self._desk.organization().zone
        try:
            return EntryFile(content, file.fields, zone, only_yaml=file.only_yaml).form().text().encode()
        except NotEditableError:
            # Whoever opens it sees it as it is; saving it says why that cannot be.
            return content

    def _file(self, worker: Worker, slug: str, path: str) -> Found:
        file = self._desk.files(worker, slug).by_shown.get(path)
        if file is None:
            raise _unknown()
        content = self._desk.copy.blobs([file.blob])[file.blob]
        if file.fields is not None:
            return Found(self._shown(file, content), "text/plain; charset=utf-8")
        return Found(content, media_type(file.path))

    def _commits(self, worker: Worker, slug: str, query: Mapping[str, str]) -> Any:
        files = self._desk.files(worker, slug)
        file = files.by_shown.get(query.get("path", ""))
        if file is None:
            return []
        return [
            {
                "sha": each.id,
                "created": each.time,
                "commit": {
                    "author": {"name": each.name, "email": "", "date": each.time},
                    "message": each.message.partition("\n")[0],
                },
                "author": None,
            }
            for each in self._desk.copy.log(self._desk.copy.head(), file.path)
        ]

    def _change(self, worker: Worker, slug: str, body: Any) -> Any:
        rows = body.get("files") if isinstance(body, dict) else None
        if not isinstance(rows, list):
            raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, NOT_UNDERSTOOD)
        operations = tuple(_operation(row) for row in rows)
        saved = self._desk.save(worker, slug, operations)
        files = self._desk.files(worker, slug)
        return _files_response(saved, operations, files, self._desk.view(worker).id)


NOT_UNDERSTOOD = N_("What the form sent cannot be read.")


def _operation(row: Any) -> Operation:
    if not isinstance(row, dict) or row.get("from_path"):
        raise RefusalError(
            HTTPStatus.UNPROCESSABLE_ENTITY, N_("A text cannot be moved here: its address would change.")
        )
    kind, path, sha = row.get("operation"), row.get("path"), row.get("sha") or ""
    content = row.get("content") or ""
    if kind not in _OPERATIONS or not all(isinstance(each, str) for each in (path, sha, content)):
        raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, NOT_UNDERSTOOD)
    try:
        decoded = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError) as error:
        raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, NOT_UNDERSTOOD) from error
    return Operation(cast("Literal['create', 'update', 'delete']", kind), str(path), decoded, sha)


def _files_response(saved: Saved, operations: Sequence[Operation], files: BranchFiles, commit: str) -> Any:
    shown = {}
    for path, mark in saved.files.items():
        known = files.by_shown.get(path)
        shown[path] = mark or (mark_of(known.path, known.blob) if known is not None else "")
    return {
        "files": [
            None
            if each.kind == "delete"
            else {"path": each.path, "name": each.path.rpartition("/")[2], "sha": shown.get(each.path, "")}
            for each in operations
        ],
        "commit": {"sha": commit, "created": saved.time},
        "branchpress": {"notes": list(saved.notes), "address": quote(saved.address), "proposed": saved.proposed},
    }


def _content(file: FormFile, content: bytes) -> Any:
    return {
        "name": file.shown.rpartition("/")[2],
        "path": file.shown,
        "sha": mark_of(file.path, file.blob),
        "type": "file",
        "size": len(content),
        "encoding": "base64",
        "content": base64.b64encode(content).decode(),
    }


def _user(worker: Worker) -> Any:
    return {
        "id": 1,
        "login": worker.person.name,
        "full_name": worker.author.name,
        "email": worker.author.email,
        "avatar_url": "",
        "html_url": "",
    }


def _unknown() -> RefusalError:
    return RefusalError(HTTPStatus.NOT_FOUND, N_("There is nothing here."))

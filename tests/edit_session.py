"""People who write in the browser, as requests: a small site in a Git working copy, and what each of them asks and sends."""

from __future__ import annotations

import base64
import json
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

from conftest import NOW, SmallSite

from builder.content.owners import Members
from builder.edit.accounts import Account, Accounts
from builder.edit.bundle import Bundle
from builder.edit.desk import Desk
from builder.edit.git import Author, WorkingCopy
from builder.edit.rates import Rates
from builder.edit.settings import form_settings
from builder.edit.signing_in import Door
from builder.edit.site import EditingSite
from builder.preview import Answer, Request

HOST = "127.0.0.1:8000"
LOCAL = Author("本机", "local@example.org")


def git(root: Path, *arguments: str) -> str:
    """What Git says in a folder."""
    who = ["-c", "user.name=网管", "-c", "user.email=op@example.org", "-c", "core.quotepath=off"]
    done = subprocess.run(["git", *who, *arguments], cwd=root, capture_output=True, text=True, check=True)
    return done.stdout


def committed(site: SmallSite) -> SmallSite:
    """A site whose content is committed in a working copy of its own."""
    (site.root / ".gitignore").write_text(".branchpress/\nsites/\ntheme\n")
    git(site.root, "init", "-q", "-b", "main")
    git(site.root, "add", "-A")
    git(site.root, "commit", "-q", "-m", "start")
    return site


def small_bundle(folder: Path) -> Bundle:
    """A bundle with nothing in it that runs: pages need its names only."""
    assets = folder / "bundle" / "assets"
    assets.mkdir(parents=True, exist_ok=True)
    (assets / "main-1.js").write_text("1;")
    (folder / "bundle" / "manifest.json").write_text(json.dumps({"src/main.js": {"file": "assets/main-1.js"}}))
    return Bundle(folder / "bundle")


class Office:
    """An editing server, asked without a network; ``times`` is what its clock says."""

    def __init__(self, site: SmallSite, *, remote: str = "", rates: Rates | None = None, **door: Any) -> None:
        self.site = site
        self.times = [1_000_000.0]
        self.state = site.root / ".branchpress"
        self.accounts = Accounts(self.state / "edit", lambda: self.times[-1])
        self.copy = WorkingCopy(site.root)
        self.desk = Desk(self.copy, lambda _: datetime.fromisoformat(NOW), remote)
        self.door = Door(self.accounts, LOCAL, Members, host="example.org", **door)
        self.server = EditingSite(self.desk, self.door, small_bundle(site.root / ".branchpress"), form_settings, rates)

    def sign_in(self, name: str, *branches: str, **account: str) -> Person:
        """Somebody who was invited and has opened the link."""
        token = self.accounts.invite(Account(name, branches=branches, **account))
        answer = Person(self).send(f"/admin/join/{token}", b"")
        return Person(self, cookie=dict(answer.headers)["Set-Cookie"].partition(";")[0])

    def head(self) -> str:
        """The commit that is checked out."""
        return self.status()[0]

    def is_clean(self) -> bool:
        """True if the files and the index are what is committed."""
        return self.status()[1]

    def status(self) -> tuple[str, bool]:
        """The commit that is checked out, and whether the files and the index are what it has."""
        lines = git(self.site.root, "status", "--porcelain=v2", "--branch").splitlines()
        commit = next(line.removeprefix("# branch.oid ") for line in lines if line.startswith("# branch.oid "))
        return commit, all(line.startswith("#") for line in lines)


class Person:
    """A browser of somebody's."""

    def __init__(self, office: Office, cookie: str = "") -> None:
        self.office, self.cookie = office, cookie
        self._form = ""

    def ask(self, path: str, **headers: str) -> Answer:
        """The answer to a GET; None of the preview's is shown as 200."""
        return self._request("GET", path, b"", headers)

    def send(self, path: str, content: bytes, **headers: str) -> Answer:
        """The answer to a POST from a page of the server."""
        return self._request("POST", path, content, {"origin": f"http://{HOST}"} | headers)

    def sees(self, site: str) -> bool:
        """Whether the preview shows a site to this person."""
        return self.office.server.sees(self._made("GET", "/", b"", {}))(site)

    def withheld(self, path: str) -> Answer:
        """The page in place of one that this person may not look at."""
        return self.office.server.withheld(self._made("GET", path, b"", {}))

    def _request(self, method: str, path: str, content: bytes, headers: dict[str, str]) -> Answer:
        answer = self.office.server.answer(self._made(method, path, content, headers))
        return answer if answer is not None else Answer(200)  # type: ignore[arg-type]

    def _made(self, method: str, path: str, content: bytes, headers: dict[str, str]) -> Request:
        length = {"content-length": str(len(content))} if method == "POST" else {}
        own = {"host": HOST, **({"cookie": self.cookie} if self.cookie else {}), **length}
        sent = {name.replace("_", "-"): value for name, value in (own | headers).items() if value}
        place, _, query = path.partition("?")
        return Request(method, place, query, sent, lambda size: content[:size])

    @property
    def form(self) -> str:
        """The secret that pages of this person bring."""
        if not self._form:
            page = self.ask("/admin/review/").content.decode()
            self._form = page.partition('name="form" value="')[2].partition('"')[0]
        return self._form

    def api(self, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """Status and JSON of an answer of the form's host."""
        sent = {"authorization": f"token {self.form}", **headers}
        if body is None:
            answer = self.ask(f"/admin/api/v1/{path}", **sent)
        else:
            content = json.dumps(body).encode()
            answer = self.send(f"/admin/api/v1/{path}", content, **{"content-type": "application/json", **sent})
        kind = answer.media_type.partition(";")[0]
        return int(answer.status), json.loads(answer.content) if kind == "application/json" else answer.content

    def press(self, path: str, **fields: str) -> Answer:
        """The answer to a button."""
        from urllib.parse import urlencode

        return self.send(path, urlencode({"form": self.form, **fields}).encode())

    def tree(self, branch: str) -> dict[str, str]:
        """The files of a branch as the form lists them, with their marks."""
        _, listed = self.api(f"repos/branchpress/{branch}/git/trees/main?recursive=1&page=1")
        return {each["path"]: each["sha"] for each in listed["tree"]}

    def open(self, branch: str, path: str) -> str:
        """The text of a file as the form shows it."""
        _, found = self.api(f"repos/branchpress/{branch}/file-contents?ref=main", {"files": [path]})
        return base64.b64decode(found[0]["content"]).decode()

    def save(self, branch: str, *files: tuple[str, str, str | bytes], sha: str | None = None) -> tuple[int, Any]:
        """Sends files, each with what is done, its path and what is in it; ``sha`` stands in for the marks that are known."""
        marks = self.tree(branch) if sha is None else {}
        rows = [
            {
                "operation": kind,
                "path": path,
                "content": base64.b64encode(content if isinstance(content, bytes) else content.encode()).decode(),
                "sha": marks.get(path, "") if sha is None else sha,
            }
            for kind, path, content in files
        ]
        return self.api(f"repos/branchpress/{branch}/contents", {"branch": "main", "files": rows, "message": "x"})

"""What each kind of target has after each publication, word for word: files, releases, what was sent in which order, and what is
refused.

Like ``tests/test_whole_site.py``: where a change is meant, ``GOLDEN=write`` writes ``tests/golden/whole/`` anew.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import pytest
from conftest import NOW
from test_whole_site import compare

from builder.publishing.bucket import BucketDestination
from builder.publishing.commands import run
from builder.publishing.folder import FolderDestination
from builder.publishing.git import GitDestination
from builder.publishing.listing import OutputChangedError, Source
from builder.publishing.plan import TooManyRemovedError, steps
from builder.publishing.releases import Destination, TargetError
from builder.publishing.run import publish, roll_back
from builder.publishing.ssh import SshDestination

KEEP = 3
PAGES = tuple(f"a/news/p{number:02}/index.html" for number in range(12))
FIRST = {
    **dict.fromkeys(("index.html", "404.html", "feed.xml", "atom.xml", "feed.json", "assets/a.css", "data/x.json"), "1"),
    **dict.fromkeys(("sitemap.xml", "feeds.opml", "robots.txt", "中 文.txt", "_headers", "hub/headers/nginx.conf"), "1"),
    **dict.fromkeys(PAGES, "1"),
    **{f"a/{name}": "1" for name in ("index.html", "media/a.docx", "media/a.PDF", "media/a.png", "calendar.ics", "assets/o.js")},
    **{f"a/{name}": "1" for name in ("media/a.zip", "media/a.txt", "media/a.json", "search/index.json", "feed.xml")},
    "b/index.html": "1",
}  # fmt: skip
SECOND = {path: text for path, text in FIRST.items() if path not in ("assets/a.css", "a/media/a.png", PAGES[0])} | {
    "assets/b.css": "2", "index.html": "2", "a/media/a.docx": "22", "a/news/new/index.html": "2",
}  # fmt: skip
VERSIONS: tuple[Mapping[str, str], ...] = (
    FIRST,
    SECOND,
    SECOND,
    {path: text for path, text in SECOND.items() if not path.startswith("b/")},
    {path: text for path, text in SECOND.items() if path not in PAGES[1:8]},
    {path: text for path, text in SECOND.items() if path not in PAGES[1:7]},
    {"index.html": "3"},
)


def built(folder: Path, files: Mapping[str, str]) -> Source:
    """Lays down files with their build.json, as a build does."""
    shutil.rmtree(folder, ignore_errors=True)
    sites: dict[str, dict[str, str]] = {}
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
        slug, _, inside = path.partition("/")
        slug, inside = (slug, inside) if slug in ("a", "b") else ("", path)
        sites.setdefault(slug, {})[inside] = hashlib.sha256(text.encode()).hexdigest()
    hashes: dict[str, str] = {}
    for slug in sorted(sites, reverse=True):
        data: dict[str, object] = {"version": 1, "files": sites[slug]} | ({} if slug else {"sites": hashes})
        content = msgspec.json.encode(data, order="deterministic")
        (folder / slug / "build.json").write_bytes(content)
        hashes[slug] = hashlib.sha256(content).hexdigest()
    source = Source.at(folder)
    assert source is not None
    return source


def files(folder: Path) -> str:
    """The files of a folder in a line, each with what it says."""
    found = sorted(file for file in folder.rglob("*") if file.is_file() and ".git" not in file.parts)
    return " ".join(
        f"{file.relative_to(folder).as_posix()}={'…' if file.name == 'build.json' else file.read_text('utf-8').strip()}"
        for file in found
    )


class AbsentError(Exception):
    """There is no such file in the store."""

    response: Mapping[str, Any] = {"Error": {"Code": "NoSuchKey"}}


class Shop:
    """A store of objects, which notes what is asked of it. It lists few at a time."""

    def __init__(self) -> None:
        self.objects: dict[str, tuple[bytes, str]] = {}
        self.lost_at = ""
        self.asked: list[str] = []

    def get_object(self, Bucket: str, Key: str) -> Mapping[str, Any]:  # noqa: N803
        assert Bucket == "sites"
        if Key not in self.objects:
            raise AbsentError
        return {"Body": BytesIO(self.objects[Key][0])}

    def put_object(self, Bucket: str, Key: str, Body: bytes, **headers: str) -> Mapping[str, Any]:  # noqa: N803
        assert Bucket == "sites"
        if Key == self.lost_at:
            raise OSError("the line is dead")
        self.objects[Key] = Body, " ".join(f"{name}={value}" for name, value in sorted(headers.items()))
        self.asked.append(f"put {Key}")
        return {}

    def list_objects_v2(self, Bucket: str, Prefix: str, ContinuationToken: str = "") -> Mapping[str, Any]:  # noqa: N803
        assert Bucket == "sites"
        keys = [key for key in sorted(self.objects) if key.startswith(Prefix) and key > ContinuationToken]
        self.asked.append(f"list after {ContinuationToken}")
        return {
            "Contents": [{"Key": key} for key in keys[:20]],
            "IsTruncated": len(keys) > 20,
            "NextContinuationToken": keys[:20][-1] if keys else "",
        }

    def delete_objects(self, Bucket: str, Delete: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: N803
        assert Bucket == "sites"
        for each in Delete["Objects"]:
            self.objects.pop(each["Key"], None)
        self.asked.append(f"delete {' '.join(each['Key'] for each in Delete['Objects'])}")
        return {}


SSH = """#!/bin/sh
# The other machine is this one.
printf '%s\\n' "$*" >> "$0.log"
while :; do case "$1" in -o | -F) shift 2 ;; --) shift ;; *) break ;; esac; done
shift
exec sh -c "$*"
"""
Look = Callable[[], str]


def opened_folder(folder: Path, _: pytest.MonkeyPatch) -> tuple[Callable[[], Destination], Look]:
    def look() -> str:
        (folder / "there").mkdir(exist_ok=True)
        links = [file.name for file in (folder / "there").rglob("*") if file.is_file() and file.stat().st_nlink > 1]
        names = " ".join(sorted(each.name for each in (folder / "there").iterdir()))
        return f"{files(folder / 'there/current')}\nlinked {len(links)}\n{names}"

    return lambda: FolderDestination(folder / "there", KEEP), look


def opened_git(folder: Path, _: pytest.MonkeyPatch) -> tuple[Callable[[], Destination], Look]:
    remote = folder / "remote.git"
    run(["git", "init", "-q", "--bare", str(remote)])

    def look() -> str:
        if not run(["git", f"--git-dir={remote}", "for-each-ref"]):
            return "(nothing)"
        shutil.rmtree(folder / "out", ignore_errors=True)
        run(["git", "-c", "core.autocrlf=false", "clone", "-q", "-b", "pages", str(remote), str(folder / "out")])
        log = run(["git", f"--git-dir={remote}", "log", "--format=%an <%ae> %cn <%ce>%n%B", "pages"]).decode()
        return f"{files(folder / 'out')}\n{log.strip()}"

    return lambda: GitDestination(str(remote), "pages", KEEP, folder / "memory", "www.example.org"), look


def opened_bucket(folder: Path, _: pytest.MonkeyPatch) -> tuple[Callable[[], Destination], Look]:
    shop = Shop()

    def look() -> str:
        asked, shop.asked = shop.asked, []
        objects = "\n".join(f"{key} {headers}" for key, (_, headers) in sorted(shop.objects.items()))
        return f"{objects}\n" + "\n".join(in_groups(asked))

    def open_it() -> Destination:
        return BucketDestination("sites", "", "", "/www/", FolderDestination(folder / "kept", KEEP), shop)

    return open_it, look


def in_groups(asked: list[str]) -> Iterator[str]:
    """What was asked of a store; files of one group are sent at once, in no order."""
    left = list(asked)
    while left:
        paths = [
            each[8:]
            for each in left[: next((n for n, each in enumerate(left) if not each.startswith("put")), len(left))]
        ]
        for group in steps(paths):
            here, left = left[: len(group)], left[len(group) :]
            yield "put " + " ".join(sorted(each[8:] for each in here))
        if left:
            yield left.pop(0)


def opened_ssh(folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Callable[[], Destination], Look]:
    program = folder / "bin/ssh"
    program.parent.mkdir()
    program.write_text(SSH)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")

    def look() -> str:
        log = Path(f"{program}.log")
        asked = log.read_text("utf-8") if log.exists() else ""
        log.unlink(missing_ok=True)
        # How rsync speaks to its like is another matter in each version.
        asked = re.sub(r"rsync --server.*", "rsync", asked).replace(str(folder), "FOLDER")
        usual = "-o BatchMode=yes -F FOLDER/settings -- host mkdir -p FOLDER/there && cd FOLDER/there && { "
        asked = "".join(
            f"in its folder: {line[len(usual) : -3]}\n"
            if line.startswith(usual) and line.endswith("; }")
            else f"{line}\n"
            for line in asked.splitlines()
        )
        return f"{files(folder / 'there/current')}\n{asked}"

    return lambda: SshDestination(f"host:{folder}/there", KEEP, str(folder / "settings")), look


KINDS = {"folder": opened_folder, "git": opened_git, "bucket": opened_bucket, "ssh": opened_ssh}


def tried(act: Callable[[], object]) -> str:
    """What came of something, or why it was refused."""
    try:
        return str(act())
    except TooManyRemovedError as error:
        return f"too many: {error.gone} of {error.total} {error.branch}"
    except OutputChangedError as error:
        return f"changed: {error}"
    except TargetError as error:
        return f"{error.message} {dict(error.values)}"


def published(folder: Path, there: Callable[[], Destination], look: Look) -> Iterator[tuple[str, str]]:
    """What comes of versions that are published one after the other, and of going back."""
    at = datetime.fromisoformat(NOW)
    yield "history of nothing", tried(lambda: there().history())
    yield "back to nothing", tried(lambda: roll_back(there(), None))
    for number, version in enumerate(VERSIONS):
        source = built(folder / "sites", version)
        yield f"{number} would be", tried(lambda: publish(source, there(), KEEP, at, dry_run=True))  # noqa: B023
        yield f"{number} is", tried(lambda: publish(source, there(), KEEP, at))  # noqa: B023
        yield f"{number} has", look()
        yield f"{number} releases", "\n".join(map(str, there().history()))
    yield "back", tried(lambda: roll_back(there(), None))
    yield "back to none", tried(lambda: roll_back(there(), 99))
    yield "has then", look()
    yield "releases then", "\n".join(map(str, there().history()))
    source = built(folder / "sites", VERSIONS[4])
    yield "all the same", tried(lambda: publish(source, there(), KEEP, at, allow_deletions=True))
    (folder / "sites/a/index.html").write_text("by hand")
    (folder / "sites/index.html").write_text("by hand")
    changed = built(folder / "sites", VERSIONS[0])
    (folder / "sites/index.html").write_text("by hand")
    yield "changed by hand", tried(lambda: publish(changed, there(), KEEP, at, allow_deletions=True))
    yield "has at last", look()
    yield "releases at last", "\n".join(map(str, there().history()))


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_target_has_what_it_always_had(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if kind == "ssh" and not shutil.which("rsync"):
        pytest.skip("rsync is not on this machine")
    there, look = KINDS[kind](tmp_path, monkeypatch)
    found = {name: text.replace(str(tmp_path), "FOLDER") for name, text in published(tmp_path, there, look)}
    compare(f"target-{kind}", found)


@pytest.mark.parametrize("way", ["published", "rolled back"])
def test_what_a_run_left_that_was_broken_off_is_seen(way: str, tmp_path: Path) -> None:
    """It had written over a page, put a new one there, and not told of it yet: going back takes both away."""
    shop, at = Shop(), datetime.fromisoformat(NOW)
    there = BucketDestination("sites", "", "", "", FolderDestination(tmp_path / "kept", KEEP), shop)
    first = {"index.html": "1", "assets/a.css": "1", "a/index.html": "1", "feed.xml": "1"}
    publish(built(tmp_path / "sites", first), there, KEEP, at)
    before = dict(shop.objects)
    shop.lost_at = "feed.xml"
    second = first | {"index.html": "2", "a/news/new/index.html": "2", "feed.xml": "2"}
    with pytest.raises(TargetError, match="dead"):
        publish(built(tmp_path / "sites", second), there, KEEP, at)
    assert shop.objects.keys() - before.keys() == {".publishing", "a/news/new/index.html"}
    shop.lost_at, shop.asked = "", []
    if way == "published":
        publish(built(tmp_path / "sites", first), there, KEEP, at)
    else:
        roll_back(there, 1)
    assert shop.objects == before
    assert "put assets/a.css" not in shop.asked, "it cannot be another one"
    assert not publish(built(tmp_path / "sites", first), there, KEEP, at).counts


def test_a_program_that_is_missing_or_fails_is_named(tmp_path: Path) -> None:
    (tmp_path / "odd").write_bytes(b"\x7fELF")
    (tmp_path / "odd").chmod(0o755)
    commands = (
        [str(tmp_path / "odd")],
        ["no-such-program"],
        ["sh", "-c", "exit 3"],
        ["sh", "-c", "echo first >&2; echo 'last.' >&2; exit 1"],
    )
    odd, *told = [tried(lambda: run(command)) for command in commands]  # noqa: B023
    assert "Exec format error" in odd
    assert told == [
        "The program {name} is not installed on this machine. {'name': 'no-such-program'}",
        "{name} failed: {reason}. {'name': 'sh', 'reason': '3'}",
        "{name} failed: {reason}. {'name': 'sh', 'reason': 'last'}",
    ]
    assert run(["cat"], b"x") == b"x"
    assert run(["sh", "-c", "echo $A"], environment={**os.environ, "A": "b"}) == b"b\n"


@pytest.mark.parametrize(
    "place", ["host", "host:folder", ":/folder", "-oProxyCommand=x:/folder", "host:", "user@host:/folder", "host:/a b"]
)
def test_a_place_on_another_machine_is_a_host_and_a_folder(place: str) -> None:
    right = place in ("user@host:/folder", "host:/a b")
    told = tried(lambda: SshDestination(place, KEEP))
    assert ("is not written like" not in told) is right


@pytest.mark.parametrize(
    ("remote", "branch", "right"),
    [
        ("r.git", "pages", True), ("r.git", "a/b.c-d_1", True), ("-r", "pages", False), ("r.git", "-b", False),
        ("r.git", "a..b", False), ("r.git", "", False), ("r.git", "a b", False), ("r.git", "支", False),
    ],
)  # fmt: skip
def test_a_branch_is_called_as_git_lets_it(tmp_path: Path, remote: str, branch: str, right: bool) -> None:
    told = tried(lambda: GitDestination(remote, branch, KEEP, tmp_path))
    assert ("is not a repository" not in told) is right

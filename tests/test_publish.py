"""``branchpress publish``: from the built sites to readers, at every kind of target, one edit at a time, and back again."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import servers
from conftest import SmallSite

from builder.cli.commands import main
from builder.publishing.listing import Listing, read_listing
from builder.publishing.plan import difference, steps

pytestmark = pytest.mark.slow

EDIT = """
--- content/alpha/news/2026-11-20-visit.md
---
title: 走访慰问
---
第二次写下的话。
"""


class Place:
    """A site with one target, and the command as its operator types it."""

    def __init__(self, site: SmallSite, target: str) -> None:
        self.site = site
        site.write(f"--- publish.yml\nweb: {target}\n").build()
        self.said: Any = None

    def run(self, *words: str, now: str = "2026-11-23T10:00:00+08:00") -> int:
        """Run ``branchpress publish``."""
        return main(["publish", *words, "--root", str(self.site.root), "--now", now])


@pytest.fixture
def folder(site: SmallSite) -> Place:
    """A target that is a folder."""
    return Place(site, "{folder: www, keep: 3}")


def shown(place: Place) -> Path:
    return place.site.root / "www/current"


def files(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def built(site: SmallSite) -> dict[str, bytes]:
    return {path: content for path, content in site.files().items() if path != "README.md"}


class TestFolder:
    """Releases beside each other, and a link that is replaced in one step."""

    def test_readers_see_what_was_built(self, folder: Place) -> None:
        (folder.site.root / "www").mkdir()
        assert folder.run() == 0, "an empty folder is nobody's"
        assert files(shown(folder)) == built(folder.site)

    def test_one_edit_writes_only_what_changed(self, folder: Place, capsys: pytest.CaptureFixture[str]) -> None:
        folder.run()
        before = {path: (shown(folder) / path).stat().st_ino for path in built(folder.site)}
        folder.site.write(EDIT).build()
        assert folder.run("--dry-run") == 0
        rows = capsys.readouterr().out.splitlines()
        assert {row.split("\t")[1] for row in rows} == {"alpha", "hub"}
        folder.run()
        assert files(shown(folder)) == built(folder.site)
        now = {path: (shown(folder) / path).stat().st_ino for path in built(folder.site)}
        same = [path for path in now if before.get(path) == now[path]]
        changed = set(before) - set(same)
        assert "alpha/news/2026-11-20-visit/index.html" in changed
        assert not [path for path in changed if path.startswith(("beta/news/", "assets/"))]

    def test_nothing_new_makes_no_release(self, folder: Place, capsys: pytest.CaptureFixture[str]) -> None:
        folder.run()
        folder.run()
        capsys.readouterr()
        folder.run("history")
        assert len(capsys.readouterr().out.splitlines()) == 1

    def test_a_bad_release_is_undone_in_one_command(self, folder: Place, capsys: pytest.CaptureFixture[str]) -> None:
        folder.run()
        good = files(shown(folder))
        folder.site.write(EDIT).build()
        folder.run()
        assert files(shown(folder)) != good
        assert folder.run("rollback") == 0
        assert files(shown(folder)) == good
        capsys.readouterr()
        folder.run("history")
        assert [line.endswith("*") for line in capsys.readouterr().out.splitlines()] == [True, False]
        assert folder.run("rollback", "2") == 0
        assert files(shown(folder)) == built(folder.site)
        assert folder.run("rollback", "9") == 2

    def test_old_styles_stay_for_open_pages_and_no_longer(self, folder: Place) -> None:
        folder.run()
        old = folder.site.output / "assets/old.12345678.css"
        style = next((folder.site.output / "assets").rglob("*.css")).relative_to(folder.site.output)
        theme = folder.site.root / "theme"
        source = theme.resolve()
        theme.unlink()
        shutil.copytree(source, theme)
        with next(theme.rglob("*.css")).open("a") as sheet:
            sheet.write("\n.never { color: inherit; }\n")
        folder.site.build()
        gone = [path for path in files(shown(folder)) if path.startswith("assets/") and not folder.site.exists(path)]
        assert gone or style
        folder.run()
        assert all((shown(folder) / path).is_file() for path in gone)
        for number in range(5):
            folder.site.write(EDIT.replace("第二次", f"第 {number} 次")).build()
            folder.run()
        assert files(shown(folder)) == built(folder.site)
        assert not old.exists()

    def test_only_so_many_releases_are_kept(self, folder: Place) -> None:
        for number in range(5):
            folder.site.write(EDIT.replace("第二次", f"第 {number} 次")).build()
            folder.run()
        assert len(list((folder.site.root / "www/releases").glob("*/build.json"))) == 3

    def test_what_a_killed_run_left_is_repaired(self, folder: Place) -> None:
        folder.run()
        releases = folder.site.root / "www/releases"
        (releases / ".new/alpha").mkdir(parents=True)
        (releases / ".new/alpha/index.html").write_text("half")
        (releases / "000002").mkdir()
        (releases / "000003.json").write_text("{")
        folder.site.write(EDIT).build()
        assert folder.run() == 0
        assert files(shown(folder)) == built(folder.site)
        assert not (releases / ".new").exists()

    def test_what_would_vanish_at_once_stays(self, folder: Place, capsys: pytest.CaptureFixture[str]) -> None:
        folder.run()
        before = files(shown(folder))
        folder.site.delete("content/beta")
        folder.site.build(allow_deletions=True)
        folder.site.delete("content/alpha")
        folder.site.write("--- content/gamma/branch.yml\nname: 丙支部\n").build(allow_deletions=True)
        assert folder.run() == 2
        assert "--allow-deletions" in capsys.readouterr().err
        assert files(shown(folder)) == before
        assert folder.run("--allow-deletions") == 0
        assert files(shown(folder)) == built(folder.site)

    def test_a_file_that_no_build_wrote_is_not_published(
        self, folder: Place, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (folder.site.output / "alpha/index.html").write_text("changed by hand")
        assert folder.run() == 2
        assert "alpha/index.html" in capsys.readouterr().err
        assert not shown(folder).exists()

    def test_a_folder_of_others_is_left_alone(self, folder: Place) -> None:
        (folder.site.root / "www").mkdir()
        (folder.site.root / "www/thesis.doc").write_text("mine")
        assert folder.run() == 2
        assert [file.name for file in (folder.site.root / "www").iterdir()] == ["thesis.doc"]

    def test_a_release_that_was_damaged_is_not_linked_on(self, folder: Place) -> None:
        folder.run()
        (shown(folder) / "beta/news/index.html").write_text("")
        folder.site.write(EDIT).build()
        folder.run()
        assert files(shown(folder)) == built(folder.site)


def test_every_mistake_in_the_settings_is_told(site: SmallSite, capsys: pytest.CaptureFixture[str]) -> None:
    place = Place(site, "{folder: www}")
    for text, word in (
        ("web: {folder: a, git: b}", "target-place"),
        ("web: {}", "target-place"),
        ("web: {foldr: a}", "foldr"),
        ("web: {folder: [", "publish.yml"),
        ("web: {ssh: nowhere}", "user@host:/folder"),
        ("web: {git: --upload-pack=x}", "--upload-pack=x"),
    ):
        (site.root / "publish.yml").write_text(text + "\n")
        assert place.run() == 2, text
        assert word in capsys.readouterr().err, text
    assert place.run("elsewhere") == 2
    (site.root / "publish.yml").unlink()
    assert place.run() == 2
    assert "publish.yml" in capsys.readouterr().err


def test_one_target_that_cannot_be_used_stops_no_other(site: SmallSite, capsys: pytest.CaptureFixture[str]) -> None:
    place = Place(site, "{folder: www}")
    (site.root / "publish.yml").write_text("bad: {git: /nowhere/at/all}\nweb: {folder: www}\n")
    assert place.run() == 1
    assert files(shown(place)) == built(site)
    assert place.run("bad") == 2
    capsys.readouterr()
    assert place.run("rollback", "1") == 2
    assert "bad" in capsys.readouterr().err, "which one is meant has to be said"
    assert place.run("7", "web") == 2
    assert "7" in capsys.readouterr().err, "a number of a release is one only where somebody goes back"


def test_a_thousand_requests_during_ten_switches(folder: Place, tmp_path_factory: pytest.TempPathFactory) -> None:
    """What a reader gets is whole at every moment: one of the two texts, each with the style sheet that it names."""
    if not servers.find("nginx"):
        pytest.skip("nginx is not on this machine")
    folder.run()
    answers: list[tuple[int, bytes]] = []
    done = threading.Event()
    own = tmp_path_factory.mktemp("nginx")
    with servers.nginx(own, shown(folder), folder.site.output) as address:

        def ask() -> None:
            while not done.is_set() or len(answers) < 1000:
                try:
                    with urllib.request.urlopen(f"{address}/alpha/news/2026-11-20-visit/", timeout=10) as answer:
                        answers.append((answer.status, hashlib.sha256(answer.read()).digest()))
                except urllib.error.HTTPError as error:
                    answers.append((error.code, b""))

        reader = threading.Thread(target=ask)
        reader.start()
        texts = set()
        for number in range(10):
            page = folder.site.output / "alpha/news/2026-11-20-visit/index.html"
            texts.add(hashlib.sha256(page.read_bytes()).digest())
            folder.site.write(EDIT.replace("第二次", "第一次" if number % 2 else "第二次")).build()
            folder.run()
        texts.add(hashlib.sha256(page.read_bytes()).digest())
        done.set()
        reader.join()
    assert len(answers) >= 1000
    assert {status for status, _ in answers} == {200}
    assert {text for _, text in answers} <= texts


class TestGit:
    """A branch of a repository, one commit a release."""

    @pytest.fixture
    def remote(self, tmp_path: Path) -> Path:
        remote = tmp_path / "remote.git"
        subprocess.run(["git", "init", "-q", "--bare", str(remote)], check=True)
        return remote

    @staticmethod
    def tree(remote: Path, branch: str = "pages") -> dict[str, bytes]:
        out = remote.parent / "checkout"
        shutil.rmtree(out, ignore_errors=True)
        subprocess.run(["git", "clone", "-q", "-b", branch, str(remote), str(out)], check=True)
        shutil.rmtree(out / ".git")
        return files(out)

    def test_publish_edit_and_go_back(self, site: SmallSite, remote: Path, capsys: pytest.CaptureFixture[str]) -> None:
        place = Place(site, f"{{git: {remote}, domain: www.example.org}}")
        assert place.run() == 0
        first = self.tree(remote)
        assert first == built(site) | {".nojekyll": b"", "CNAME": b"www.example.org\n"}
        site.write(EDIT).build()
        assert place.run() == 0
        changed = subprocess.run(
            ["git", "-C", str(remote), "diff", "--name-only", "pages~", "pages"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        assert "alpha/news/2026-11-20-visit/index.html" in changed
        assert not [path for path in changed if path.startswith(("assets/", "beta/news/"))]
        assert place.run("rollback") == 0
        assert self.tree(remote) == first
        capsys.readouterr()
        place.run("history")
        assert len(capsys.readouterr().out.splitlines()) == 3
        assert place.run() == 0
        assert self.tree(remote) == built(site) | {".nojekyll": b"", "CNAME": b"www.example.org\n"}

    def test_somebody_elses_push_is_not_overwritten(self, site: SmallSite, remote: Path) -> None:
        place = Place(site, f"{{git: {remote}}}")
        place.run()
        (remote / "hooks/pre-receive").write_text("#!/bin/sh\nexit 1\n")
        (remote / "hooks/pre-receive").chmod(0o755)
        before = self.tree(remote)
        site.write(EDIT).build()
        assert place.run() == 2
        assert self.tree(remote) == before


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, Any]]:
    """The address of an S3 server of this machine with a bucket, and a client of it."""
    boto3 = pytest.importorskip("boto3")
    server = pytest.importorskip("moto.server")
    for name, value in (
        ("AWS_ACCESS_KEY_ID", "x"),
        ("AWS_SECRET_ACCESS_KEY", "x"),
        ("AWS_DEFAULT_REGION", "us-east-1"),
    ):
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_CA_BUNDLE", raising=False)
    running = server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    client = boto3.client("s3", endpoint_url=f"http://{host}:{port}")
    client.create_bucket(Bucket="sites")
    yield f"http://{host}:{port}", client
    running.stop()


def objects(client: Any) -> dict[str, str]:
    """What lies in the bucket: the hash of each file, which a bucket tells of its own, by path."""
    pages = client.get_paginator("list_objects_v2").paginate(Bucket="sites")
    return {each["Key"]: each["ETag"].strip('"') for page in pages for each in page.get("Contents", ())}


def wanted(files: dict[str, bytes]) -> dict[str, str]:
    return {f"www/{path}": hashlib.md5(content).hexdigest() for path, content in files.items()}


def test_a_bucket(site: SmallSite, bucket: tuple[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    address, client = bucket
    site.write("--- content/alpha/news/2026-11-19-file.md\n---\ntitle: 表\n---\n[表](../media/a.docx)\n")
    site.write("--- content/alpha/media/a.docx\nPK\n")
    place = Place(site, f"{{s3: sites, endpoint: {address}, prefix: www/}}")
    assert place.run() == 0
    first = built(site)
    assert objects(client) == wanted(first)
    for path, kind, caching in (
        ("index.html", "text/html; charset=utf-8", "no-cache"),
        ("feed.xml", "application/xml; charset=utf-8", "no-cache"),
        ("alpha/calendar.ics", "text/calendar; charset=utf-8", "no-cache"),
        (
            next(path for path in first if path.endswith(".css") and path.startswith("assets/")),
            "text/css; charset=utf-8",
            "immutable",
        ),
    ):
        head = client.head_object(Bucket="sites", Key=f"www/{path}")
        assert head["ContentType"] == kind, path
        assert caching in head["CacheControl"]
    assert client.head_object(Bucket="sites", Key="www/alpha/media/a.docx")["ContentDisposition"] == "attachment"
    times = {each["Key"]: each["LastModified"] for each in client.list_objects_v2(Bucket="sites")["Contents"]}
    site.delete("content/alpha/news/2026-11-19-file.md")
    site.write(EDIT).build()
    assert place.run() == 0
    assert objects(client) == wanted(built(site))
    after = {each["Key"]: each["LastModified"] for each in client.list_objects_v2(Bucket="sites")["Contents"]}
    assert len([key for key in after if times.get(key) != after[key]]) < len(after) or len(after) < 5
    assert place.run("rollback") == 0
    assert objects(client) == wanted(first)
    # A run that was broken off leaves its mark, and files that no build.json lists.
    client.put_object(Bucket="sites", Key="www/.publishing", Body=b"")
    client.put_object(Bucket="sites", Key="www/alpha/news/withdrawn/index.html", Body=b"secret")
    assert place.run() == 0
    assert objects(client) == wanted(built(site))


def test_a_host_over_ssh(site: SmallSite, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for program in ("sshd", "rsync", "ssh-keygen"):
        if not servers.find(program):
            pytest.skip(f"{program} is not on this machine")
    with servers.ssh_host(tmp_path) as settings:
        root = tmp_path / "far away"
        place = Place(site, f"{{ssh: 'host:{root}', ssh_config: '{settings}', keep: 2}}")
        assert place.run() == 0, capsys.readouterr().err
        first = built(site)
        assert files(root / "current") == first
        site.delete("content/alpha/about.md")
        site.write(EDIT).build()
        assert place.run() == 0
        assert files(root / "current") == built(site)
        assert not (root / "current/alpha/about").exists()
        assert place.run("rollback") == 0
        assert files(root / "current") == first
        (root / "releases/.new").mkdir()
        (root / "releases/.new/x").write_text("half")
        site.write(EDIT.replace("第二次", "第三次")).build()
        assert place.run() == 0
        assert files(root / "current") == built(site)
        capsys.readouterr()
        assert place.run("history") == 0
        assert len(capsys.readouterr().out.splitlines()) == 2


class TestPlan:
    """The order in which files go up."""

    def test_no_page_is_seen_before_what_it_needs(self) -> None:
        paths = [
            "index.html",
            "build.json",
            "a/build.json",
            "assets/x.css",
            "a/media/p.jpg",
            "feed.xml",
            "a/news/index.html",
        ]
        assert [list(group) for group in steps(paths)] == [
            ["assets/x.css"],
            ["a/media/p.jpg"],
            ["a/news/index.html", "index.html"],
            ["feed.xml"],
            ["a/build.json"],
            ["build.json"],
        ]

    def test_a_listing_names_nothing_outside(self) -> None:
        hub = b'{"version": 1, "files": {"../../etc/passwd": "0", "a%2f..%2f..%2fb": "0", "c": "0"}, "sites": {}}'
        listing = read_listing(lambda path: hub if path == "build.json" else None)
        assert listing is not None
        assert set(listing.files) == {"build.json", "c"}

    @pytest.mark.parametrize("slug", ["../x", "..", "", ".", "a/../../x", "a\n../x"])
    def test_nor_do_the_names_of_sites(self, slug: str) -> None:
        """What a target says of itself may have been written by others; what is only there is removed there."""
        hub = msgspec.json.encode({"version": 1, "files": {}, "sites": {slug: "0"}})
        own = b'{"version": 1, "files": {"c": "0"}}'
        listing = read_listing(lambda path: hub if path == "build.json" else own)
        assert listing is not None
        assert (set(listing.files), listing.branches) == ({"build.json"}, ())

    def test_old_styles_are_carried_for_so_many_releases(self) -> None:
        old, new = Listing({"assets/a.css": "1", "b": "1"}), Listing({"b": "1"})
        plan = difference(new, old, {}, number=2, keep=2)
        assert dict(plan.carried) == {"assets/a.css": 1}
        assert plan.removed == ()
        assert difference(new, new, plan.carried, number=3, keep=2).removed == ()
        assert difference(new, new, plan.carried, number=4, keep=2).removed == ("assets/a.css",)

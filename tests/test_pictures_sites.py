"""Whole sites with pictures: what is in the HTML, what is published, what is made once and what is taken away."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from conftest import NOW, ORGANIZATION, SmallSite, codes
from faults import never
from lxml import html
from picture_files import BLUE, CAMERAS, MARKS, RED, SECRET, moving, of, photograph, pictures_in, put, screenshot
from PIL import Image

from builder.pictures import Cache, Refused, develop
from builder.pipeline.conductor import Options, build
from builder.pipeline.stages import Steps
from builder.workers import WorkerPool

pytestmark = pytest.mark.slow

ALBUM = """
--- content/alpha/branch.yml
name: 甲支部
committee:
  - {name: 李, role: 书记, photo: media/li.jpg}
--- content/alpha/news/2026-11-20-visit/index.md
---
title: 走访
image: cover.jpg
attachments: [plan.png]
---
上午出发。

![门](gate.jpg)

![图](plan.png)
--- content/alpha/news/2026-11-21-walk.md
---
title: 散步
---
![河](../media/river.jpg)
![河](../media/river.jpg)
--- content/alpha/voices/2026-11-22-a.yml
text: 很好。
person: 王
portrait: ../media/li.jpg
--- content/beta/branch.yml
name: 乙支部
--- content/beta/news/2026-11-19-same.md
---
title: 同一张
---
![河](../media/copy.jpg)
"""
VISIT = "alpha/news/2026-11-20-visit/"
RIVER = photograph(1300, 900, 6)


def uploaded(site: SmallSite) -> SmallSite:
    """Two branches whose people upload what their telephones made."""
    site.write(ORGANIZATION + ALBUM)
    for path, content in {
        "alpha/news/2026-11-20-visit/cover.jpg": photograph(3000, 2000),
        "alpha/news/2026-11-20-visit/gate.jpg": photograph(900, 600, 6),
        "alpha/news/2026-11-20-visit/plan.png": screenshot(),
        "alpha/media/river.jpg": RIVER,
        "alpha/media/li.jpg": photograph(1200, 1200),
        "beta/media/copy.jpg": RIVER,
    }.items():
        put(site.root / "content", path, content)
    return site


@pytest.fixture
def album(make_site: Callable[[str], SmallSite]) -> SmallSite:
    """Their folders, before anything was built."""
    return uploaded(make_site(""))


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    """Their sites, to be read; nobody edits them."""
    site = uploaded(SmallSite(tmp_path_factory.mktemp("album")))
    assert codes(site.build()) == []
    return site


@pytest.fixture
def edited(shown: SmallSite, tmp_path: Path) -> SmallSite:
    """Their sites, to be edited."""
    root = tmp_path / "edited"
    root.mkdir()
    return shown.copy(root)


def images(site: SmallSite, path: str) -> list[html.HtmlElement]:
    """The ``<img>`` elements of a page's main part."""
    return list(html.fromstring(site.page(path)).findall(".//main//img"))


def sources(image: html.HtmlElement) -> list[html.HtmlElement]:
    """The ``<source>`` elements of a picture's ``<picture>``; to libxml2 those are not empty, and hold what follows."""
    return [each for picture in image.iterancestors("picture") for each in picture.iter("source")]


def made(site: SmallSite) -> dict[str, int]:
    """When each picture in the cache was made."""
    (cache,) = site.root.glob(".branchpress/*/pictures")
    return {folder.name: folder.stat().st_mtime_ns for folder in cache.iterdir() if len(folder.name) == 32}


class TestPages:
    def test_a_picture_in_a_text(self, shown: SmallSite) -> None:
        gate = images(shown, f"{VISIT}index.html")[1]
        assert (gate.get("width"), gate.get("height")) == ("600", "900")
        folder = "../../../alpha/news/2026-11-20-visit"
        assert gate.get("srcset") == f"{folder}/gate.jpg.400.jpg 400w, {folder}/gate.jpg 600w"
        (source,) = sources(gate)
        assert source.get("srcset") == f"{folder}/gate.jpg.400.webp 400w, {folder}/gate.jpg.600.webp 600w"
        assert (source.get("type"), source.get("sizes")) == ("image/webp", gate.get("sizes"))

    def test_every_address_is_published(self, shown: SmallSite) -> None:
        seen = 0
        for file in shown.output.rglob("*.html"):
            root = html.fromstring(file.read_text("utf-8"))
            for element in [*root.iter("img"), *root.iter("source")]:
                listed = [each.split()[0] for each in (element.get("srcset") or "").split(", ") if each]
                for address in [*listed, element.get("src")]:
                    if address:
                        seen += 1
                        assert (file.parent / address).resolve().is_file(), (file, address)
        assert seen > 40

    def test_widths_tell_the_truth(self, shown: SmallSite) -> None:
        for image in images(shown, f"{VISIT}index.html"):
            for row in [image.get("srcset"), *(each.get("srcset") for each in sources(image))]:
                for address, width in (each.split() for each in (row or "").split(", ") if each):
                    file = (shown.output / VISIT / address).resolve()
                    assert f"{of(file.read_bytes()).width}w" == width

    def test_the_first_picture_is_loaded_at_once_the_others_when_they_are_near(self, shown: SmallSite) -> None:
        assert [each.get("loading") for each in images(shown, f"{VISIT}index.html")][:3] == ["eager", "lazy", "lazy"]
        walk = [each.get("loading") for each in images(shown, "alpha/news/2026-11-21-walk/index.html")]
        assert walk[:2] == ["eager", "lazy"]

    def test_lists_of_other_sites_offer_widths_too(self, shown: SmallSite) -> None:
        found = [each for each in images(shown, "index.html") if sources(each)]
        assert found
        assert all(each.get("width") and each.get("srcset") and each.get("sizes") for each in found)

    def test_faces_are_small_files(self, shown: SmallSite) -> None:
        face = html.fromstring(shown.page("alpha/index.html")).find(".//ul[@class='people']//img")
        assert face is not None
        assert face.get("src", "").endswith("li.jpg.400.jpg")
        assert "li.jpg.400.jpg" in shown.page("alpha/voices/index.html")


class TestWhatIsPublished:
    def test_nobody_learns_where_it_was_taken(self, shown: SmallSite) -> None:
        files = list(pictures_in(shown.output / "alpha")) + list(pictures_in(shown.output / "beta"))
        assert len(files) > 20
        for file in files:
            content = file.read_bytes()
            assert not any(mark in content for mark in (*MARKS, SECRET.encode())), file

    def test_feeds_and_previews_tell_of_the_published_file(self, shown: SmallSite) -> None:
        cover = shown.output / VISIT / "cover.jpg"
        feed = shown.page("alpha/atom.xml")
        enclosure = re.search(r"<link [^>]*cover\.jpg[^>]*>", feed)
        assert enclosure is not None
        assert f'length="{cover.stat().st_size}"' in enclosure[0]
        assert 'type="image/jpeg"' in enclosure[0]
        assert "srcset" not in feed
        assert '<meta property="og:image" content="https://example.org/alpha/news/2026-11-20-visit/cover.jpg">' in (
            shown.page(f"{VISIT}index.html")
        )

    def test_attachments_tell_their_published_size(self, shown: SmallSite) -> None:
        size = (shown.output / VISIT / "plan.png").stat().st_size
        assert f"<span>{size / 1000:.0f} kB</span>" in shown.page(f"{VISIT}index.html")

    def test_a_photograph_over_the_limit_is_made_smaller(self, album: SmallSite) -> None:
        settings = album.root / "content/organization.yml"
        settings.write_text(settings.read_text("utf-8") + "limits: {image_bytes: 40 kB}\n", "utf-8")
        assert len(RIVER) < 40_000 < (album.root / "content/alpha/news/2026-11-20-visit/cover.jpg").stat().st_size
        assert codes(album.build()) == []
        assert all(file.stat().st_size <= 40_000 for file in pictures_in(album.output / "alpha"))


class TestOnce:
    def test_equal_pictures_are_made_once(self, shown: SmallSite) -> None:
        assert len(made(shown)) == 5
        assert shown.exists("alpha/media/river.jpg.900.webp")
        assert shown.exists("beta/media/copy.jpg.900.webp")

    def test_a_second_build_makes_nothing(self, edited: SmallSite) -> None:
        before, times = made(edited), edited.times()
        edited.write(
            "--- content/alpha/news/2026-11-22-new.md\n---\ntitle: 新\n---\n![河](../media/river.jpg)\n"
        ).build(steps=Steps(develop=never))
        assert made(edited) == before
        assert {path: time for path, time in edited.times().items() if ".jpg" in path}.items() <= times.items()

    def test_another_picture_of_the_same_size_renders_no_page(self, edited: SmallSite) -> None:
        put(edited.root / "content", "alpha/media/river.jpg", photograph(1300, 900, 8))
        before = edited.page("alpha/news/2026-11-21-walk/index.html")
        old = (edited.output / "alpha/media/river.jpg").read_bytes()
        assert edited.build().why == {}
        assert edited.page("alpha/news/2026-11-21-walk/index.html") == before
        assert (edited.output / "alpha/media/river.jpg").read_bytes() != old

    def test_another_size_renders_the_pages_that_show_it(self, edited: SmallSite) -> None:
        put(edited.root / "content", "alpha/media/river.jpg", photograph(700, 900))
        why = edited.build().why
        assert "news/2026-11-21-walk/index.html" in why["alpha"]
        assert "news/2026-11-20-visit/index.html" not in why["alpha"]
        assert images(edited, "alpha/news/2026-11-21-walk/index.html")[0].get("width") == "700"

    def test_a_lost_cache_is_made_again(self, edited: SmallSite) -> None:
        before = edited.files()
        (cache,) = edited.root.glob(".branchpress/*/pictures")
        shutil.rmtree(cache)
        edited.write("--- content/alpha/about.md\n---\ntitle: 关于\n---\n字\n").build()
        after = edited.files()
        assert {
            path: each for path, each in after.items() if ".jpg" in path or ".png" in path
        }.items() <= before.items()


class TestGone:
    def test_a_withdrawn_picture_is_nowhere(self, edited: SmallSite) -> None:
        secret = (edited.output / VISIT / "gate.jpg").read_bytes()[200:400]
        edited.delete("content/alpha/news/2026-11-20-visit")
        edited.build()
        assert not list((edited.output / VISIT).glob("gate*"))
        assert len(made(edited)) == 2
        state = [file for file in (edited.root / ".branchpress").rglob("*") if file.is_file()]
        assert not [file for file in state if secret in file.read_bytes()]

    def test_so_is_one_that_was_replaced(self, edited: SmallSite) -> None:
        old = (edited.output / VISIT / "gate.jpg").read_bytes()[200:400]
        put(edited.root / "content", "alpha/news/2026-11-20-visit/gate.jpg", screenshot(300, 200))
        result = edited.build()
        assert [each.split(" ")[1] for each in codes(result)] == ["picture-misnamed"]
        state = [file for file in (edited.root / ".branchpress").rglob("*") if file.is_file()]
        assert not [file for file in state if old in file.read_bytes()]
        assert "gate.jpg.png" in edited.page(f"{VISIT}index.html")

    def test_a_removed_branch_takes_its_pictures_along(self, edited: SmallSite) -> None:
        edited.delete("content/alpha")
        edited.build(allow_deletions=True)
        assert len(made(edited)) == 1


class TestFailing:
    @pytest.mark.parametrize("error", [Refused("picture-unreadable"), MemoryError()])
    def test_what_cannot_be_made_is_told_and_left_out(self, album: SmallSite, error: Exception) -> None:
        def failing(file: Path, limit: int) -> dict[str, bytes]:
            if file.name == "river.jpg":
                raise error
            return develop(file, limit)

        steps = Steps(develop=failing)
        result = album.build(steps=steps)
        assert "content/alpha/news/2026-11-21-walk.md:4 picture-unreadable none" in codes(result)
        assert "river" not in album.page("alpha/news/2026-11-21-walk/index.html")
        assert "river" not in album.page("index.html")
        assert codes(album.build(steps=steps)) == codes(result)

    def test_a_broken_logo_is_told(self, album: SmallSite) -> None:
        settings = album.root / "content/organization.yml"
        settings.write_text(settings.read_text("utf-8") + "logo: hub/media/logo.png\n", "utf-8")
        put(album.root / "content", "hub/media/logo.png", b"none")
        assert [each.code for each in album.build().problems] == ["picture-unreadable"]

    def test_what_moves_is_shown_in_one_piece(self, album: SmallSite) -> None:
        put(album.root / "content", "alpha/media/moving.gif", moving("GIF"))
        album.write("--- content/alpha/news/2026-11-22-m.md\n---\ntitle: 动\n---\n![动](../media/moving.gif)\n")
        album.build()
        (image,) = images(album, "alpha/news/2026-11-22-m/index.html")
        assert sources(image) == []
        assert (image.get("width"), image.get("srcset")) == ("60", None)


class TestLaws:
    def test_workers_make_the_same(self, edited: SmallSite, tmp_path: Path) -> None:
        other = Options(
            root=edited.root, now=datetime.fromisoformat(NOW), output=tmp_path / "other", state=tmp_path / "state"
        )
        build(other, lambda: WorkerPool(2))
        assert files_in(tmp_path / "other") == files_in(edited.output)

    def test_step_by_step_is_the_same_as_at_once(self, edited: SmallSite, tmp_path: Path) -> None:
        put(edited.root / "content", "alpha/media/river.jpg", photograph(1000, 800))
        edited.build()
        edited.delete("content/alpha/news/2026-11-20-visit/gate.jpg")
        put(edited.root / "content", "beta/media/copy.jpg", screenshot())
        edited.build()
        put(edited.root / "content", "beta/media/copy.jpg", RIVER)
        edited.build()
        edited.build(output=tmp_path / "other", state=tmp_path / "state", clean=True)
        assert files_in(tmp_path / "other") == files_in(edited.output)

    def test_an_edited_text_needs_no_picture_engine(self, edited: SmallSite) -> None:
        old = 1_700_000_000
        for file in pictures_in(edited.root / "content"):
            os.utime(file, (old, old))
        edited.build()
        edited.write("--- content/alpha/about.md\n---\ntitle: 关于\n---\n字\n")
        assert "PIL" not in loaded_by_a_build(edited)

    def test_without_pictures_none_is_loaded_either(self, site: SmallSite) -> None:
        assert "PIL" not in loaded_by_a_build(site)
        assert not list(site.root.glob(".branchpress/*/pictures/*"))
        assert Cache(site.root / "none").sweep(()) == 0


def loaded_by_a_build(site: SmallSite) -> set[str]:
    """The packages that a build in a process of its own loads."""
    script = (
        "import sys; from builder.cli.commands import main;"
        f"main(['build', '--root', {str(site.root)!r}, '--output', {str(site.output)!r}, '--now', {NOW!r},"
        f"'--executor', 'serial', '--fonts', '/proc/nowhere', '--state', {str(site.root / '.branchpress')!r}]);"
        "print(*(name.split('.')[0] for name in sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(run.stdout.splitlines()[-1].split())


def files_in(folder: Path) -> dict[str, bytes]:
    """All files below a folder."""
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


class TestFormats:
    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("gate.HEIC", CAMERAS["a.HEIC"][0]),
            ("gate.tif", CAMERAS["a.tif"][0]),
            ("gate.jfif", CAMERAS["a.jfif"][0]),
            ("gate.png", CAMERAS["b.png"][0]),
        ],
    )
    def test_become_what_browsers_show(self, site: SmallSite, name: str, content: bytes) -> None:
        folder = "content/alpha/news/2026-11-22-gate"
        put(site.root, f"{folder}/{name}", content)
        site.write(
            f"--- {folder}/index.md\n---\ntitle: 校门\nimage: {name}\nattachments: [{name}]\nshare_with: all\n---\n"
            f"![校门]({name}) [原图]({name})\n"
        ).build()
        published = {path for path in site.files() if "/gate." in path and "/2026-11-22-gate/" in path}
        base = f"alpha/news/2026-11-22-gate/{name}.jpg"
        assert published == {base, f"{base}.400.jpg", f"{base}.400.webp", f"{base}.640.webp"}
        page = site.page("alpha/news/2026-11-22-gate/index.html")
        shown = re.findall(rf'(?:src|href|srcset|content)="[^"]*?({name}[^" ]*)', page)
        assert shown
        assert all(each.startswith(f"{name}.jpg") for each in shown)
        for path in (
            "alpha/news/index.html",
            "index.html",
            "alpha/feed.xml",
            "feed.json",
            "data/entries.json",
            "beta/shared/index.html",
        ):
            found = re.findall(rf"2026-11-22-gate/{name}(\S{{4}})", site.page(path))
            assert set(found) <= {".jpg"}, path
        assert not [path for path, made in site.files().items() if SECRET.encode() in made]

    def test_a_name_that_a_file_has_is_not_taken(self, site: SmallSite) -> None:
        folder = "content/alpha/news/2026-11-22-gate"
        put(site.root, f"{folder}/gate.HEIC", CAMERAS["a.HEIC"][0])
        put(site.root, f"{folder}/gate.HEIC.jpg", photograph(64, 48))
        site.write(f"--- {folder}/index.md\n---\ntitle: 校门\n---\n![一](gate.HEIC)\n![二](gate.HEIC.jpg)\n").build()
        home = site.output / "alpha/news/2026-11-22-gate"
        assert of((home / "gate.HEIC.jpg").read_bytes()).size == (64, 48)
        assert of((home / "gate.HEIC.picture.jpg").read_bytes()).size == (640, 480)

    def test_a_name_that_leaves_no_room_is_cut(self, site: SmallSite) -> None:
        folder, name = "content/alpha/news/2026-11-22-gate", f"{'校' * 83}.heic"
        put(site.root, f"{folder}/{name}", CAMERAS["a.HEIC"][0])
        site.write(f"--- {folder}/index.md\n---\ntitle: 校门\n---\n![门]({name})\n")
        assert codes(site.build()) == []
        made = [path.rpartition("/")[2] for path in site.files("alpha/news/2026-11-22-gate") if path.startswith("校")]
        assert len(made) == 4
        assert all(len(each.encode()) <= 255 and each.endswith((".jpg", ".webp")) for each in made)

    def test_what_no_browser_shows_is_told_and_never_published(self, site: SmallSite) -> None:
        folder = "content/alpha/news/2026-11-22-gate"
        for name in ("a.dng", "b.psd", "c.jxl", "d.NEF", "e.heic"):
            put(site.root, f"{folder}/{name}", b"II*\0" + SECRET.encode())
        result = site.write(
            f"--- {folder}/index.md\n---\ntitle: 校门\nimage: d.NEF\nattachments: [a.dng, b.psd]\n---\n"
            "![照片](a.dng) [下载](b.psd)\n\n![照片](c.jxl) ![照片](e.heic)\n"
        ).build()
        told = {each.split(" ")[1] for each in codes(result)}
        assert told == {"picture-unshown", "picture-unreadable"}
        assert not [path for path, made in site.files().items() if SECRET.encode() in made]


class TestReplaced:
    @pytest.mark.parametrize("name", ["table.csv", "gate.png"])
    @pytest.mark.parametrize("way", ["in place", "moved over"])
    def test_a_file_of_the_same_size_and_time_is_seen(self, site: SmallSite, name: str, way: str) -> None:
        """As ``cp -p``, ``rsync -t``, archives and machines with a fixed clock leave it."""
        contents = {
            "table.csv": (b"a,10\n", b"a,99\n"),
            "gate.png": tuple(of_one_size(Image.new("RGB", (40, 30), colour)) for colour in (RED, BLUE)),
        }[name]
        file = site.root / "content/alpha/news/2026-11-22-gate" / name
        put(file.parent, name, contents[0])
        os.utime(file, (1_700_000_000, 1_700_000_000))
        site.write(f"--- {file.parent}/index.md\n---\ntitle: 校门\n---\n![校门]({name}) [表]({name})\n").build(
            margin_ns=0
        )
        site.build(margin_ns=0)
        place = site.output / "alpha/news/2026-11-22-gate" / name
        before = place.read_bytes()
        target = file if way == "in place" else file.with_name("new")
        target.write_bytes(contents[1])
        os.utime(target, (1_700_000_000, 1_700_000_000))
        target.replace(file)
        site.build(margin_ns=0)
        assert place.read_bytes() != before
        site.build(output=site.root / "other", state=site.root / "state")
        assert (site.root / "other/alpha/news/2026-11-22-gate" / name).read_bytes() == place.read_bytes()


def of_one_size(image: Image.Image) -> bytes:
    """A PNG of exactly 1,000 bytes."""
    content = io.BytesIO()
    image.save(content, "PNG")
    return content.getvalue().ljust(1000, b"\0")


def test_pictures_that_take_too_long_together_are_made_by_the_next_builds(
    make_site: Callable[[str], SmallSite],
) -> None:
    """In each build one picture of alpha has its time, and what others show does not wait for it."""

    def albums() -> SmallSite:
        site = make_site(ORGANIZATION)
        for branch, number in (("alpha", 4), ("beta", 1)):
            shown = "".join(f"![图](p{place}.png)\n\n" for place in range(number))
            site.write(
                f"--- content/{branch}/branch.yml\nname: 支部\n"
                f"--- content/{branch}/news/2026-11-20-a/index.md\n---\ntitle: 题\n---\n{shown}"
            )
            for place in range(number):
                put(site.root / "content", f"{branch}/news/2026-11-20-a/p{place}.png", screenshot(50 + place, 50))
        return site

    site, late = albums(), []
    for _ in range(4):
        result = site.build(picture_seconds=1e-9)
        late.append([each.line for each in result.problems if each.code == "picture-late"])
        assert site.exists("beta/news/2026-11-20-a/p0.png")
    assert [len(lines) for lines in late] == [3, 2, 1, 0]
    assert site.build(picture_seconds=1e-9).sites["alpha"] == "unchanged"
    at_once = albums()
    at_once.build()
    assert site.files() == at_once.files()

"""Old addresses, tags and names: whatever one branch writes takes nothing from the hub, from others, or from itself."""

from __future__ import annotations

import pytest
from conftest import SmallSite
from picture_files import photograph

LONG = "党" * 81 + ".png"
TEXT = "--- content/alpha/news/2026-11-22-x.md\n---\ntitle: 新\n{}\n---\n正文。\n"


@pytest.fixture
def built(site: SmallSite) -> SmallSite:
    site.build()
    return site


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("moved_from: data/entries.json/x", "moved-from-nowhere"),
        ("moved_from: search/blocks/0.json", "moved-from-nowhere"),
        ("moved_from: assets/stylesheets/main.css", "moved-from-nowhere"),
        ("moved_from: hub/headers/nginx.conf", "moved-from-nowhere"),
        ("moved_from: sections/news/page", "moved-from-nowhere"),
        ("moved_from: topics/x/y", "moved-from-nowhere"),
        ("moved_from: events/2026-12/x", "moved-from-nowhere"),
        ("moved_from: beta/news/feed.xml", "moved-from-nowhere"),
        ("moved_from: beta/search/index.json", "moved-from-nowhere"),
        ("moved_from: beta/nowhere/x", "moved-from-nowhere"),
        ("moved_from: beta/news/archive-1.json", "moved-from-nowhere"),
        (f"moved_from: alpha/news/{'a' * 300}", "moved-from-nowhere"),
        ("moved_from: beta/news/2026-11-21-reading", "moved-from-living"),
        ("aliases: [/alpha/search/index.json/]", "alias-invalid|address-reserved"),
        ("aliases: [/alpha/search/blocks/0.json/]", "address-reserved"),
        ("aliases: [/alpha/assets/x/]", "address-reserved"),
        ("aliases: [/alpha/media/a.png]", "address-reserved"),
        ("aliases: [/alpha/feeds/feed.css/]", "alias-invalid|address-reserved"),
        ("aliases: [/alpha/news/page/2/]", "address-reserved"),
        ("aliases: [/alpha/news/archive/2020/]", "address-reserved"),
        ("aliases: [/alpha/build.json/x/]", "alias-invalid"),
        (f"aliases: ['/alpha/{'/'.join(['x' * 100] * 12)}/']", "alias-invalid"),
        ("aliases: [/beta/old/]", "alias-outside"),
        ("aliases: [/data/entries.json]", "alias-outside"),
        ("tags: [index.html]", "tag-without-page"),
        ("tags: [INDEX.HTML]", "tag-without-page"),
        ("tags: [ｉｎｄｅｘ.ｈｔｍｌ]", "tag-without-page"),
        ("tags: [feed.xml]", "tag-without-page"),
        ("tags: [archive-3.xml]", "tag-without-page"),
        (f"tags: [{'党' * 86}]", "tag-without-page"),
        ("tags: ['！！']", "tag-without-page"),
        ("attachments: [/notes.txt]", "attachment-missing"),
        ("attachments: [../../organization.yml]", "attachment-missing"),
        ("attachments: [../../../mkdocs.yml]", "path-outside"),
    ],
)  # fmt: skip
def test_a_line_takes_nothing_and_is_told(built: SmallSite, line: str, code: str) -> None:
    before = built.files()
    built.write(TEXT.format(line) + "--- content/notes.txt\n清单\n")
    told = {each.code for each in built.check() if each.path.endswith("2026-11-22-x.md")}
    assert told & set(code.split("|"))
    result = built.build()
    assert result.sites["alpha"] == "built"
    assert result.sites["beta"] in ("built", "unchanged")
    after = built.files()
    assert [path for path in before if path not in after] == []
    # A path that leads out of content/ withholds the text; everything else costs the line alone.
    assert built.exists("alpha/news/2026-11-22-x/index.html") or code == "path-outside"
    # Nothing of the other branch changes but what lists this entry.
    assert {path for path in after if path.startswith("beta/")} == {path for path in before if path.startswith("beta/")}
    assert built.build().files.written == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    "files",
    [
        "--- content/alpha/branch.yml\nname: 甲\n"
        "sections: {add: {labs: {title: L, type: article, formerly: [feed.xml, search]}}}\n",
        "--- content/alpha/branch.yml\nname: 甲\ncommittee: [{name: 张, role: 书记, photo: /p.png}]\n--- content/p.png\nx\n",
        "--- content/alpha/voices/2026-11-01-v.yml\ntext: 好\nportrait: /p.png\n--- content/p.png\nx\n",
        TEXT.format("aliases: [/alpha/x.html]") + TEXT.format("aliases: [/alpha/x.html/y/]").replace("-x.md", "-y.md"),
        "--- content/alpha/news/2026-11-22-x/index.md\n---\ntitle: 新\n---\n[表](index.html/x.txt)\n"
        "--- content/alpha/news/2026-11-22-x/index.html/x.txt\n清单\n",
    ],
    ids=["formerly", "committee-photo", "portrait", "alias-file-and-folder", "folder-called-index.html"],
)
def test_other_ways_to_one_path_stop_nobody(built: SmallSite, files: str) -> None:
    built.write(files)
    assert [each for each in built.check() if each.severity in ("error", "warning")] != []
    result = built.build()
    assert set(result.sites) == {"alpha", "beta"}
    assert not {"kept", "missing"} & set(result.sites.values())
    assert built.exists("alpha/index.html")
    assert built.build().files.written == 0


@pytest.mark.slow
def test_a_picture_with_a_long_name_is_published_in_all_widths(built: SmallSite) -> None:
    folder = built.root / "content/alpha/media"
    folder.mkdir()
    (folder / LONG.replace(".png", ".jpg")).write_bytes(photograph(900, 600))
    built.write(TEXT.format("image_alt: 合影\nimage: ../media/" + LONG.replace(".png", ".jpg")))
    result = built.build()
    assert result.sites["alpha"] == "built"
    names = [path.rpartition("/")[2] for path in built.files("alpha/media")]
    assert len(names) == 4
    assert all(len(name.encode()) <= 255 for name in names)
    assert len(set(names)) == 4


def test_moving_within_a_branch_and_from_one_that_is_gone_go_on(built: SmallSite) -> None:
    built.delete("content/alpha/news/2026-11-20-visit.md", "content/beta")
    built.write(TEXT.format("moved_from: alpha/notices/2026-11-20-visit"))
    built.write(TEXT.format("moved_from: beta/news/2026-11-21-reading").replace("-x.md", "-y.md"))
    result = built.build(allow_deletions=True)
    assert [each for each in result.problems if "moved" in each.code] == []
    assert "/alpha/news/2026-11-22-x/" in built.page("alpha/notices/2026-11-20-visit/index.html")
    assert "alpha/news/2026-11-22-y/" in built.page("beta/news/2026-11-21-reading/index.html")
    assert "tag:example.org,2026:beta/news/2026-11-21-reading" in built.page("alpha/feed.xml")


def test_nobody_takes_the_feed_id_of_a_living_entry(built: SmallSite) -> None:
    built.write(TEXT.format("moved_from: beta/news/2026-11-21-reading"))
    built.build()
    feed = built.page("feed.xml")
    assert feed.count("tag:example.org,2026:beta/news/2026-11-21-reading<") == 1
    assert "tag:example.org,2026:alpha/news/2026-11-22-x<" in feed
    assert "读书会" in built.page("beta/news/2026-11-21-reading/index.html")

"""Old addresses, tags and names: whatever one branch writes takes nothing from the hub, from others, or from itself."""

from __future__ import annotations

import pytest
from conftest import SmallSite
from picture_files import photograph

LONG = "党" * 81 + ".png"
TEXT = "--- content/alpha/news/2026-11-22-x.md\n---\ntitle: 新\n{}\n---\n正文。\n"


# Each in an entry of its own, with what it is told.
LINES = [
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
]  # fmt: skip


@pytest.mark.slow
def test_lines_take_nothing_and_are_told(built_site: SmallSite) -> None:
    before = built_site.files()
    names = [f"2026-11-22-{number}" for number in range(len(LINES))]
    for name, (line, _) in zip(names, LINES, strict=True):
        built_site.write(TEXT.format(line).replace("2026-11-22-x", name))
    built_site.write("--- content/notes.txt\n清单\n")
    problems = built_site.check()
    told = {name: {each.code for each in problems if each.path.endswith(f"/{name}.md")} for name in names}
    assert [
        (line, told[name])
        for name, (line, code) in zip(names, LINES, strict=True)
        if not told[name] & set(code.split("|"))
    ] == []
    result = built_site.build()
    assert result.sites["alpha"] == "built"
    assert result.sites["beta"] in ("built", "unchanged")
    after = built_site.files()
    assert [path for path in before if path not in after] == []
    # A path that leads out of content/ withholds the text; everything else costs the line alone.
    published = [code for name, (_, code) in zip(names, LINES, strict=True) if f"alpha/news/{name}/index.html" in after]
    assert published == [code for _, code in LINES if code != "path-outside"]
    # Nothing of the other branch changes but what lists these entries.
    assert {path for path in after if path.startswith("beta/")} == {path for path in before if path.startswith("beta/")}
    assert built_site.build().files.written == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    "files",
    [
        "--- content/alpha/branch.yml\nname: 甲\n"
        "sections: {add: {labs: {title: L, type: article, formerly: [feed.xml, search]}}}\n",
        "--- content/alpha/branch.yml\nname: 甲\ncommittee: [{name: 张, role: 书记, photo: /p.png}]\n--- content/p.png\nx\n",
        "--- content/alpha/voices/2026-11-01-v.yml\ntext: 好\nportrait: /p.png\n--- content/p.png\nx\n",
        TEXT.format("aliases: [/alpha/x.html]")
        + TEXT.format("aliases: [/alpha/x.html/y/]").replace("-x.md", "-y.md")
        + TEXT.format("aliases: [/alpha/news/2026-11-22-z.html]").replace("-x.md", "-z.html.md"),
        "--- content/alpha/news/2026-11-22-x/index.md\n---\ntitle: 新\n---\n[表](index.html/x.txt)\n"
        "--- content/alpha/news/2026-11-22-x/index.html/x.txt\n清单\n",
    ],
    ids=["formerly", "committee-photo", "portrait", "alias-file-and-folder", "folder-called-index.html"],
)
def test_other_ways_to_one_path_stop_nobody(built_site: SmallSite, files: str) -> None:
    built_site.write(files)
    assert [each for each in built_site.check() if each.severity in ("error", "warning")] != []
    result = built_site.build()
    assert set(result.sites) == {"alpha", "beta"}
    assert not {"kept", "missing"} & set(result.sites.values())
    assert built_site.exists("alpha/index.html")
    assert built_site.build().files.written == 0


@pytest.mark.slow
def test_a_picture_with_a_long_name_is_published_in_all_widths(built_site: SmallSite) -> None:
    folder = built_site.root / "content/alpha/media"
    folder.mkdir()
    (folder / LONG.replace(".png", ".jpg")).write_bytes(photograph(900, 600))
    built_site.write(TEXT.format("image_alt: 合影\nimage: ../media/" + LONG.replace(".png", ".jpg")))
    result = built_site.build()
    assert result.sites["alpha"] == "built"
    names = [path.rpartition("/")[2] for path in built_site.files("alpha/media")]
    assert len(names) == 4
    assert all(len(name.encode()) <= 255 for name in names)
    assert len(set(names)) == 4


def test_moving_within_a_branch_and_from_one_that_is_gone_go_on(built_site: SmallSite) -> None:
    built_site.delete("content/alpha/news/2026-11-20-visit.md", "content/beta")
    built_site.write(TEXT.format("moved_from: alpha/notices/2026-11-20-visit"))
    built_site.write(TEXT.format("moved_from: beta/news/2026-11-21-reading").replace("-x.md", "-y.md"))
    result = built_site.build(allow_deletions=True)
    assert [each for each in result.problems if "moved" in each.code] == []
    assert "/alpha/news/2026-11-22-x/" in built_site.page("alpha/notices/2026-11-20-visit/index.html")
    assert "alpha/news/2026-11-22-y/" in built_site.page("beta/news/2026-11-21-reading/index.html")
    assert "tag:example.org,2026:beta/news/2026-11-21-reading" in built_site.page("alpha/feed.xml")


def test_nobody_takes_the_feed_id_of_a_living_entry(built_site: SmallSite) -> None:
    built_site.write(TEXT.format("moved_from: beta/news/2026-11-21-reading"))
    built_site.build()
    feed = built_site.page("feed.xml")
    assert feed.count("tag:example.org,2026:beta/news/2026-11-21-reading<") == 1
    assert "tag:example.org,2026:alpha/news/2026-11-22-x<" in feed
    assert "读书会" in built_site.page("beta/news/2026-11-21-reading/index.html")

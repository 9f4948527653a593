"""organization.yml, branch.yml, mkdocs.yml, and which folders are branches."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path

import pytest
from conftest import SmallSite
from folders import Load, codes, load, organization_of

from builder.content import find_branches, read_branch, read_organization, read_theme_settings
from builder.model.dates import Span
from builder.model.values import Contact, Limits, Member

__all__ = ["load"]


def test_an_organization_with_everything(tmp_path: Path) -> None:
    found = organization_of(
        tmp_path,
        "name: 示范大学党建在线\nshort_name: 党建在线\nurl: https://例子.example.org/party\nlanguage: zh\n"
        "contact: {email: a@example.org, phone: 010-00000000}\nlogo: hub/media/logo.svg\nsite_id: 1100000000\n"
        "sections:\n  news: {title: 动态, update_within: 14 days}\n"
        "  letters: {title: 来信, type: letter, reply_within: 5 working days}\n"
        "  events: {title: 活动, type: event, formerly: activities}\n"
        "feeds: {items: 20, full_text: false, websub: https://hub.example.org/}\nmarkdown: {frames_from: video.example.org}\n"
        "limits: {page_bytes: 500 kB, branch_pages: 10}\nredirects: {/old/%E4%B8%AD/: a/news/b}\n"
        "holidays: [2026-10-01/2026-10-07, 2026-05-01]\nhealth: {public: yes}\naudit: {profile: campus, site-asleep: 30 days}\n",
    )
    assert found.url == "https://xn--fsqu00a.example.org/party/"
    assert found.authority == "xn--fsqu00a.example.org"
    assert found.contact == Contact(email="a@example.org", phone="010-00000000")
    assert (found.logo, found.site_id) == ("content/hub/media/logo.svg", "1100000000")
    assert found.sections[0].update_within == Span(amount=14, unit="days")
    assert found.sections[1].reply_within == Span(amount=5, unit="working days")
    assert found.sections[2].formerly == ("activities",)
    assert (found.feeds.items, found.feeds.full_text, found.feeds.websub) == (20, False, ("https://hub.example.org/",))
    assert found.markdown.frames_from == ("video.example.org",)
    assert found.limits == Limits(page_bytes=500_000, branch_pages=10)
    assert found.redirects == (("/old/中/", "a/news/b"),)
    assert found.holidays == ((date(2026, 10, 1), date(2026, 10, 7)), (date(2026, 5, 1), date(2026, 5, 1)))
    assert found.health_public
    assert found.profile.name == "campus"
    assert found.profile.rules["site-asleep"].within == Span(amount=30, unit="days")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("url: https://example.org/\n", ["1:1 key-missing"]),
        ("name: ''\nurl: https://example.org/\n", ["1:1 key-missing"]),
        ("name: A\nurl: example.org\n", ["2:6 value-type"]),
        ("name: A\nurl: https://example.org/\nsections: {media: {title: M}}\n", ["3:12 name-reserved"]),
        ("name: A\nurl: https://example.org/\nsections: {My News: {title: M}}\n", ["3:12 slug-invalid"]),
        ("name: A\nurl: https://example.org/\nid: a b\n", ["3:5 value-type"]),
        ("name: A\nurl: https://example.org/\nlogo: ../logo.svg\n", ["3:7 path-outside"]),
        ("name: A\nurl: https://example.org/\nredirects: {../x: a}\n", ["3:13 value-type"]),
        ("name: A\nurl: https://example.org/\ntimezone: Mars\nlanguage: fr\n", ["3:11 value-type", "4:11 value-type"]),
        ("name: [\n", ["1:7 yaml-syntax"]),
    ],
)
def test_an_organization_that_cannot_be_used(tmp_path: Path, text: str, told: list[str]) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "content/organization.yml").write_text(text, "utf-8")
    organization, problems = read_organization(tmp_path)
    assert organization is None
    assert [f"{each.line}:{each.column} {each.code}" for each in problems] == told


def test_no_organization_at_all(tmp_path: Path) -> None:
    organization, problems = read_organization(tmp_path)
    assert organization is None
    assert [problem.code for problem in problems] == ["organization-missing"]


def test_a_branch_with_everything(load: Load) -> None:
    content = load(
        {
            "branch.yml": "name: 机械一支部\nshort_name: 机械一\nparent: mechanical\ndescription: 我们\ncontact: 小王\n"
            "committee: [{name: 李四, role: 支部书记, photo: media/l.jpg, since: 2025-09}, 王五]\nurl: https://m.example.org\n"
            "accent: indigo\nowners: ['@a', b@example.org]\naccept: [b, c]\nrefuse: news/x\nplace: {b/news/y: events}\n"
            "order: -1\nstatus: closed\nclosed: 2026-06-30\n"
        }
    )
    branch = content.branch
    assert branch is not None
    keys = ("parent", "url", "committee.0.photo", "refuse.0", "accept.1", "place.0")
    assert [content.places[key] for key in keys] == [(3, 9), (7, 6), (6, 43), (11, 9), (10, 13), (12, 9)]
    assert (branch.name, branch.title, branch.parent, branch.order) == ("机械一支部", "机械一", "mechanical", -1)
    assert branch.contact == Contact(person="小王")
    member = Member(name="李四", role="支部书记", photo="content/a/media/l.jpg", since="2025-09")
    assert branch.committee == (member, Member(name="王五"))
    assert (branch.url, branch.accept, branch.refuse) == ("https://m.example.org/", ("b", "c"), ("a/news/x",))
    assert branch.place == (("b/news/y", "events"),)
    assert branch.status == "closed"
    assert branch.closed is not None


def test_the_entries_of_a_branch_with_a_broken_file_are_read_as_before(load: Load) -> None:
    files = {"branch.yml": "name: 甲\nlanguage: en\nsections: {add: {labs: 实验室}}\n", "labs/2026-11-20-a.md": "# A\n"}
    good = load(files).branch
    content = load({**files, "branch.yml": "name: 甲: 乙\n"}, good=good)
    assert content.branch is None
    assert codes(content) == ["yaml-syntax"]
    entry = content.documents[0].entry
    assert entry is not None
    assert (entry.section, entry.lang) == ("labs", "en")


def test_which_folders_are_branches(tmp_path: Path) -> None:
    organization_of(tmp_path)
    content = tmp_path / "content"
    for name in ("b", "a", "hub", "_old", ".git", "甲支部", "Big", "tags", "empty", "e\u0301"):
        (content / name).mkdir()
        (content / name / "branch.yml").write_text("name: A\n", "utf-8")
    (content / "empty" / "branch.yml").unlink()
    (content / "no-file").mkdir()
    (content / "no-file" / "about.md").write_text("# A\n", "utf-8")
    (content / "stray.md").write_text("# A\n", "utf-8")
    (content / "Thumbs.db").write_bytes(b"")
    (content / "outside").symlink_to(tmp_path)
    (content / "inside").symlink_to("a")
    found = find_branches(tmp_path)
    assert found.slugs == ("a", "b", "inside", "no-file", "甲支部")
    assert found.refused == ("Big", "e\u0301", "outside", "tags")
    assert sorted((each.path, each.code) for each in found.problems) == [
        ("content/Big", "folder-name"),
        ("content/e\u0301", "folder-name"),
        ("content/outside", "symlink-outside"),
        ("content/stray.md", "file-misplaced"),
        ("content/tags", "name-reserved"),
    ]
    missing = read_branch(tmp_path, "no-file", organization_of(tmp_path))
    assert codes(missing) == ["branch-file-missing"]
    assert missing.branch is None


def test_links_and_devices(load: Load, tmp_path: Path) -> None:
    good = "# A\n"
    folder = tmp_path / "content" / "a" / "news"
    (tmp_path / "secret.md").write_text("# Secret\n", "utf-8")
    load({"news/2026-11-20-a.md": good, "media/b.md": good})
    (folder / "2026-11-21-b.md").symlink_to("../media/b.md")
    (folder / "2026-11-22-c.md").symlink_to("../../../secret.md")
    (folder / "2026-11-23-d.md").symlink_to("nowhere.md")
    (folder / "2026-11-24-e").symlink_to("..")
    os.mkfifo(folder / "2026-11-25-f.md")
    (folder / "2026-11-26-g.md").mkdir()
    content = read_branch(tmp_path, "a", organization_of(tmp_path))
    assert [each.slug for each in content.documents if each.subject is not None] == ["2026-11-20-a", "2026-11-21-b"]
    told = {each.path.rpartition("/")[2]: each.code for each in content.problems}
    assert told["2026-11-22-c.md"] == "symlink-outside"
    assert told["2026-11-23-d.md"] == "file-unreadable"
    assert told["2026-11-25-f.md"] == "not-regular"
    assert "folder-too-deep" in told.values()


def test_mkdocs_yml_holds_the_theme_and_nothing_else(tmp_path: Path) -> None:
    assert read_theme_settings(tmp_path) == (b"{}", ())
    file = tmp_path / "mkdocs.yml"
    file.write_text(
        "theme: {name: material, custom_dir: x, font: false, features: [a], palette: {primary: red}}\n", "utf-8"
    )
    settings, problems = read_theme_settings(tmp_path)
    assert settings is not None
    assert json.loads(settings) == {"theme": {"features": ["a"], "palette": {"primary": "red"}}}
    assert problems == ()
    file.write_text("site_name: A\nplugins: [search]\nnav: []\nhooks: [x.py]\n", "utf-8")
    settings, problems = read_theme_settings(tmp_path)
    assert settings is None
    assert [(each.code, each.arguments["key"]) for each in problems] == [
        ("mkdocs-key", key) for key in ("site_name", "plugins", "nav", "hooks")
    ]
    assert problems[2].arguments["instead"] == "content/organization.yml: sections"


def test_a_host_has_one_spelling(site: SmallSite) -> None:
    text = (site.root / "content/organization.yml").read_text("utf-8")
    site.write(
        "--- content/organization.yml\n" + text.replace("https://example.org/", "https://党建.example.org:8443/校/")
    )
    site.write("--- content/beta/branch.yml\nname: 乙支部\nurl: https://乙.example.net/\n").build()
    for path in ("index.html", "atom.xml", "alpha/index.html", "beta/index.html", "beta/atom.xml", "sitemap.xml"):
        page = site.page(path)
        assert "党建.example" not in page
        assert "乙.example" not in page
    assert "https://xn--" in site.page("alpha/index.html")

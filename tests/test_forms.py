"""The forms of a branch: one list a section, one field a key of our schema, with names for people."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from conftest import ORGANIZATION, TWO_BRANCHES, SmallSite

from builder.cli.commands import main
from builder.content import read_organization
from builder.content.forms import Program, backend_of, form_config, read_form_context
from builder.content.schema.kinds import KINDS
from builder.model.kinds import KINDS as ENTRY_KINDS
from builder.model.values import Editing

HOST = Editing(host="gitea", repo="party/sites", url="https://git.example.edu.cn/")
MORE = """
--- content/hub/topics/reading.md
---
title: 读书月
---
--- content/alpha/policies/2026-01-01-hours/index.md
---
title: 开放时间
---
正文
--- content/alpha/voices/2026-11-01-a.yml
text: 书很好。
--- content/alpha/events/2026-11-02-b.yml
title: 读书会
starts: 2026-11-02 15:00
"""


def config(
    site: SmallSite, slug: str = "alpha", program: Program = "sveltia", *, hosted: bool = False
) -> dict[str, Any]:
    organization, _ = read_organization(site.root)
    assert organization is not None
    ctx = read_form_context(site.root, organization, slug, program, hosted=hosted)
    return form_config(ctx, backend_of(HOST, program))


def lists(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {each["name"]: each for each in settings["collections"]}


def fields(collection: Mapping[str, Any]) -> dict[str, Any]:
    return {each["name"]: each for each in collection["fields"]}


def all_fields(found: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for each in found:
        yield each
        yield from all_fields(each.get("fields", []))
        yield from all_fields([each["field"]] if "field" in each else [])


@pytest.fixture
def rich(site: SmallSite) -> SmallSite:
    return site.write(MORE)


def test_every_visible_section_has_a_list_with_its_chinese_name(rich: SmallSite) -> None:
    rich.write("--- content/alpha/branch.yml\nname: 甲支部\nsections: {hide: [letters], add: {labs: 实验室}}\n")
    found = lists(config(rich, hosted=True))
    assert [(name, each["label"]) for name, each in found.items()] == [
        ("news", "支部动态"),
        ("notices", "通知公告"),
        ("policies", "政策文件"),
        ("voices", "微感言"),
        ("events", "活动日程"),
        ("labs", "实验室"),
        ("_pages", "单独的页面"),
    ]


@pytest.mark.parametrize("kind", sorted(ENTRY_KINDS))
def test_the_fields_are_those_of_the_schema(rich: SmallSite, kind: str) -> None:
    """All keys are there but those of which few texts ever have need; for each its own name and type."""
    section = next(each for each in config(rich, hosted=True)["collections"] if _kind(each["name"]) == kind)
    schema = {field.key: field for field in KINDS[kind].fields}
    found = fields(section)
    assert found.keys() <= schema.keys()
    rare = {"slug", "id", "moved_from", "aliases", "lang", "announce"}
    page = {
        "title",
        "body",
        "image",
        "image_alt",
        "attachments",
        "summary",
        "author",
        "source",
        "interprets",
        "updated",
    }
    assert schema.keys() - found.keys() == (rare | page if kind == "voice" else rare)
    for key, field in found.items():
        assert field["required"] is (schema[key].required or key == "title")
        assert field["label"]


def _kind(section: str) -> str:
    return {"news": "article", "notices": "notice", "policies": "policy", "voices": "voice", "events": "event"}.get(
        section, "letter"
    )


@pytest.mark.parametrize("program", ["sveltia", "decap"])
@pytest.mark.parametrize("hosted", [True, False])
def test_dates_choices_and_flags(rich: SmallSite, program: Program, hosted: bool) -> None:
    found = lists(config(rich, program=program, hosted=hosted))
    news, events = fields(found["news"]), fields(found["events"])
    assert news["date"]["format"] == "YYYY-MM-DD"
    assert events["starts"]["format"] == "YYYY-MM-DD HH:mm"
    assert events["starts"]["required"]
    # A flag that nobody chose is not written: there is no default.
    assert [each["label"] for each in news["hub"]["options"]] == ["是", "否"]
    assert not any("default" in field for each in found.values() for field in each["fields"])
    values = [each["value"] for each in news["hub"]["options"]]
    assert values == ([True, False] if program == "sveltia" and not hosted else ["true", "false"])
    assert news["draft"]["widget"] == ("select" if program == "sveltia" else "boolean")
    assert {each["value"]: each["label"] for each in events["status"]["options"]} == {
        "confirmed": "已确定",
        "tentative": "待定",
        "cancelled": "已取消",
    }
    assert news["topics"]["options"] == [{"label": "读书月", "value": "reading"}]
    assert {"label": "乙支部", "value": "beta"} in news["share_with"]["options"]
    assert {"label": "甲支部", "value": "alpha"} not in news["share_with"]["options"]
    assert news["interprets"]["collection"] == "policies"
    assert news["interprets"]["value_field"] == "policies/{{slug}}"


def test_nothing_inside_an_optional_group_is_required(rich: SmallSite) -> None:
    """Decap blocks every save where a required field is in an object that was left out."""
    for section in config(rich, hosted=True)["collections"]:
        for field in section["fields"]:
            if not field["required"]:
                assert not any(each["required"] for each in all_fields(field.get("fields", [])))


def test_our_own_host_shows_every_entry_as_a_folder(rich: SmallSite) -> None:
    found = lists(config(rich, hosted=True))
    assert all(each["path"] == "{{slug}}/index" for name, each in found.items() if name != "_pages")
    assert all(each["extension"] == "md" for each in found.values())


def test_another_host_has_a_list_for_each_shape_that_is_there(rich: SmallSite) -> None:
    found = lists(config(rich))
    assert found["news-files"]["path"] == "{{slug}}"
    assert not found["news-files"]["create"]
    assert found["news"]["path"] == "{{slug}}/index"
    assert found["news"]["create"]
    assert "policies-files" not in found
    assert (found["events-yml"]["extension"], found["events-yml"]["create"]) == ("yml", False)
    # A voice is a few lines of YAML.
    assert (found["voices"]["extension"], found["voices"]["create"], found["voices"]["identifier_field"]) == (
        "yml",
        True,
        "text",
    )
    # Decap lists single files together with folders.
    assert "news-files" not in lists(config(rich, program="decap"))


def test_pictures_lie_beside_an_entry_in_a_folder_and_in_media_for_others(rich: SmallSite) -> None:
    found = lists(config(rich))
    assert (found["news"]["media_folder"], found["news"]["public_folder"]) == ("", "")
    assert (found["news-files"]["media_folder"], found["news-files"]["public_folder"]) == (
        "/content/alpha/media",
        "../media",
    )
    assert (found["_pages"]["media_folder"], found["_pages"]["public_folder"]) == ("/content/alpha/media", "media")


def test_an_undated_section_asks_for_no_date(rich: SmallSite) -> None:
    rich.write(
        "--- content/alpha/branch.yml\nname: 甲支部\nsections: {add: {about-us: {title: 组织机构, dated: false}}}\n"
    )
    found = lists(config(rich, hosted=True))
    assert "date" not in fields(found["about-us"])
    assert found["about-us"]["slug"] == "{{slug}}"
    assert found["news"]["slug"] == "{{year}}-{{month}}-{{day}}-{{slug}}"


@pytest.mark.parametrize(
    ("editing", "program", "name", "more"),
    [
        (Editing(host="github", repo="a/b"), "sveltia", "github", {"auth_methods": ["token"]}),
        (
            Editing(host="gitlab", repo="a/b/c", app_id="x1"),
            "decap",
            "gitlab",
            {"auth_type": "pkce", "app_id": "x1", "api_root": "https://gitlab.com/api/v4"},
        ),
        (HOST, "sveltia", "gitea", {"api_root": "https://git.example.edu.cn/api/v1", "auth_methods": ["token"]}),
        (
            Editing(host="forgejo", repo="a/b", url="https://git.example.org/forge/", app_id="x"),
            "sveltia",
            "gitea",
            {"base_url": "https://git.example.org/forge", "app_id": "x"},
        ),
        (Editing(host="forgejo", repo="a/b", url="https://git.example.org/"), "decap", "forgejo", {}),
    ],
)
def test_hosts(editing: Editing, program: Program, name: str, more: Mapping[str, Any]) -> None:
    backend = backend_of(editing, program)
    assert (backend["name"], backend["repo"], backend["branch"]) == (name, editing.repo, "main")
    assert more.items() <= backend.items()


def test_the_command_prints_the_settings(rich: SmallSite, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["edit", "config", "alpha", "--for", "decap", "--root", str(rich.root)]
    assert main(arguments) == 2
    assert "editing:" in capsys.readouterr().err
    settings = rich.root / "content/organization.yml"
    whole = settings.read_text("utf-8")
    settings.write_text(
        whole + "editing: {host: gitea, repo: party/sites, url: 'https://git.example.edu.cn', review: true}\n", "utf-8"
    )
    assert main(arguments) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["backend"]["repo"] == "party/sites"
    assert json.loads(told.out)["publish_mode"] == "simple"
    assert "gitea" in told.err
    assert main(["edit", "config", "gamma", "--root", str(rich.root)]) == 2
    assert main(["edit", "config", "--root", str(rich.root)]) == 2
    assert "alpha" in capsys.readouterr().err


@pytest.mark.parametrize(
    "wrong",
    [
        "{host: gitea, repo: a/b}",
        "{host: svn, repo: a/b}",
        "{host: github, repo: ../b}",
        "{host: github}",
        "{host: github, repo: a/b, branch: '../main'}",
        "{host: gitlab, repo: a/b, url: 'javascript:alert(1)'}",
    ],
)
def test_settings_that_lead_nowhere_are_told(rich: SmallSite, wrong: str) -> None:
    settings = rich.root / "content/organization.yml"
    settings.write_text(settings.read_text("utf-8") + f"editing: {wrong}\n", "utf-8")
    organization, problems = read_organization(rich.root)
    assert organization is None
    assert [each.line for each in problems] == [settings.read_text("utf-8").count("\n")]


def test_two_branches_have_forms_of_their_own(make_site: Any) -> None:
    site = make_site(ORGANIZATION + TWO_BRANCHES)
    assert lists(config(site, "beta"))["news"]["folder"] == "content/beta/news"
    assert config(site, "beta")["media_folder"] == "content/beta/media"

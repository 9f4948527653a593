"""The hub's pages and topics in a form, for those who administer it."""

from __future__ import annotations

import json

import pytest
from conftest import SmallSite
from edit_session import Office, Person, committed, git

TOPIC = "content/hub/topics/spring.md"
SHOWN = "content/hub/topics/spring/index.md"
WRITTEN = """---
# 头注
title: 春天的故事
discussion: {question: 怎样过春天？, opens: 2026-03-01, closes: 2026-05-01}
---
欢迎投稿。
"""


@pytest.fixture
def office(site: SmallSite) -> Office:
    """A server whose administrator is called web."""
    organization = site.root / "content/organization.yml"
    organization.write_text(organization.read_text() + "admins: [web]\n")
    site.write(f"--- {TOPIC}\n{WRITTEN}--- content/hub/about.md\n---\ntitle: 关于本站\n---\n说明。\n")
    return Office(committed(site))


def test_administrators_have_it_and_nobody_else(office: Office) -> None:
    admin, person = office.sign_in("web"), office.sign_in("zhang", "alpha", "beta")
    assert "/admin/edit/hub/" in admin.ask("/admin/").content.decode()
    assert "/admin/edit/hub/" not in person.ask("/admin/").content.decode()
    assert admin.ask("/admin/edit/hub/").status == 200
    assert "没有能放外来文章的栏目" in admin.ask("/admin/new/hub/").content.decode()
    assert person.ask("/admin/edit/hub/").status == 403
    assert person.ask("/admin/edit/hub/settings.json").status == 403
    assert person.api("repos/branchpress/hub/git/trees/main")[0] == 403
    assert Person(office).ask("/admin/edit/hub/").status == 401
    # Who was invited to a branch called so has no more of it.
    assert office.sign_in("li", "hub").ask("/admin/edit/hub/").status == 403
    settings = json.loads(admin.ask("/admin/edit/hub/settings.json").content)
    lists = {each["name"]: [field["name"] for field in each["fields"]] for each in settings["collections"]}
    assert set(lists) == {"_topics", "_pages"}
    assert {"title", "body", "closed", "discussion"} <= set(lists["_topics"])


@pytest.mark.slow
def test_a_topic_keeps_its_hand(office: Office) -> None:
    admin = office.sign_in("web")
    shown = admin.open("hub", SHOWN)
    assert "怎样过春天？" in shown
    assert admin.save("hub", ("update", SHOWN, shown))[0] == 201
    file = office.site.root / TOPIC
    assert file.read_text() == WRITTEN
    status, told = admin.save("hub", ("update", SHOWN, shown.replace("春天的故事", "夏天的故事")))
    assert (status, told["branchpress"]["address"]) == (201, "/topics/spring/")
    assert file.read_text() == WRITTEN.replace("春天", "夏天", 1)
    assert office.is_clean()


@pytest.mark.slow
def test_a_new_topic_is_a_single_file(office: Office) -> None:
    admin = office.sign_in("web")
    path = "content/hub/topics/Autumn Days/index.md"
    status, told = admin.save("hub", ("create", path, "---\ntitle: 秋天\n---\n文\n"))
    assert status == 201, told
    assert (office.site.root / "content/hub/topics/autumn-days.md").read_text() == "---\ntitle: 秋天\n---\n\n文\n"
    assert not [each for each in office.site.check() if each.path.startswith("content/hub/topics/autumn")]
    assert git(office.site.root, "log", "-1", "--format=%an %s").strip() == "web 新增：秋天"
    # The form goes on with its own name for it.
    assert admin.save("hub", ("update", path, '---\ntitle: "秋天里"\n---\n\n文\n'))[0] == 201
    assert admin.save("hub", ("delete", path, ""))[0] == 201
    assert not (office.site.root / "content/hub/topics/autumn-days.md").exists()


@pytest.mark.slow
def test_pages_are_checked_like_those_of_branches(office: Office) -> None:
    admin, head = office.sign_in("web"), office.head()
    status, told = admin.save("hub", ("create", "content/hub/help.md", "---\ntitle: 帮助\ndate: 2026-02-30\n---\n文\n"))
    assert status == 422, told
    assert office.head() == head
    assert admin.save("hub", ("create", "content/hub/help.md", "---\ntitle: 帮助\n---\n文\n"))[0] == 201
    assert "帮助" in (office.site.root / "content/hub/help.md").read_text()
    for outside in ("content/organization.yml", "content/alpha/about.md", "content/hub/../alpha/x.md", "mkdocs.yml"):
        assert admin.save("hub", ("create", outside, "---\ntitle: x\n---\n"), sha="")[0] in (403, 422), outside
    assert office.is_clean()

"""What branch.yml says of a branch, in a form: for its owners, line by line, without the keys that give rights."""

from __future__ import annotations

import json

import pytest
from conftest import SmallSite
from edit_session import Office, Person, committed, git

pytestmark = pytest.mark.slow

PATH = "content/alpha/branch.yml"
SHOWN = f"{PATH}.md"
WRITTEN = """# 头注
name: 甲支部   # 全称
owners: ["@chen"]
contact: {person: 王芳, phone: "010-0000"}
committee:
  - {name: 王芳, role: 书记}
  - {name: 李明, role: 委员}
sections: {hide: [voices]}
accent: teal
"""


@pytest.fixture
def office(site: SmallSite) -> Office:
    """A server for a branch that has an owner."""
    site.write(f"--- {PATH}\n{WRITTEN}")
    return Office(committed(site))


def file_of(office: Office) -> str:
    """The settings as they are."""
    return (office.site.root / PATH).read_text("utf-8")


def collections(person: Person) -> dict[str, dict[str, object]]:
    """The lists of somebody's form."""
    settings = json.loads(person.ask("/admin/edit/alpha/settings.json").content)
    return {each["name"]: each for each in settings["collections"]}


def test_owners_have_the_form_with_the_words_of_the_schema(office: Office) -> None:
    profile = collections(office.sign_in("chen"))["_profile"]
    (file,) = profile["files"]
    labels = {each["name"]: each["label"] for each in file["fields"]}
    assert file["file"] == SHOWN
    assert labels["name"] == "名称"
    assert labels["committee"]
    assert not labels.keys() & {"owners", "parent", "url", "status", "closed", "formerly", "sections"}
    assert "_profile" not in collections(office.sign_in("zhang", "alpha"))


def test_what_changed_is_one_line_and_nothing_else(office: Office) -> None:
    person = office.sign_in("chen")
    shown = person.open("alpha", SHOWN)
    assert person.save("alpha", ("update", SHOWN, shown))[0] == 201
    assert file_of(office) == WRITTEN
    status, told = person.save("alpha", ("update", SHOWN, shown.replace("010-0000", "010-1234").replace("teal", "red")))
    assert status == 201, told
    assert file_of(office) == WRITTEN.replace("010-0000", "010-1234").replace("teal", "red")
    assert git(office.site.root, "log", "-1", "--format=%an %s").strip() == "chen 修改：甲支部的资料"
    assert office.is_clean()


def test_rights_and_places_are_not_written_through_it(office: Office) -> None:
    person, head = office.sign_in("chen"), office.head()
    shown = person.open("alpha", SHOWN)
    assert "owners" not in shown
    more = shown.replace("---\n", '---\nowners: ["@evil"]\nparent: "beta"\nstatus: "closed"\nformerly: ["beta"]\n', 1)
    person.save("alpha", ("update", SHOWN, more))
    assert file_of(office) == WRITTEN
    assert person.save("alpha", ("delete", SHOWN, ""))[0] == 403
    assert person.save("alpha", ("update", PATH, "name: x\n"))[0] in (403, 409, 422)
    assert office.head() == head
    assert office.is_clean()


def test_who_was_invited_to_write_does_not_change_it(office: Office) -> None:
    person, head = office.sign_in("zhang", "alpha"), office.head()
    shown = person.open("alpha", SHOWN)
    assert person.save("alpha", ("update", SHOWN, shown.replace("teal", "red")))[0] == 403
    assert office.head() == head


def test_what_check_calls_an_error_is_refused(office: Office) -> None:
    person, head = office.sign_in("chen"), office.head()
    shown = person.open("alpha", SHOWN)
    status, told = person.save("alpha", ("update", SHOWN, shown.replace('name: "甲支部"', 'name: ""')))
    assert status == 422, told
    assert "name" in told["message"]
    assert office.head() == head


def test_it_is_reviewed_like_a_text(site: SmallSite) -> None:
    organization = site.root / "content/organization.yml"
    organization.write_text(organization.read_text() + "admins: [web]\nediting: {review: true}\n")
    site.write(f"--- {PATH}\n{WRITTEN}")
    office = Office(committed(site))
    person = office.sign_in("chen")
    status, told = person.save("alpha", ("update", SHOWN, person.open("alpha", SHOWN).replace("010-0000", "010-1234")))
    assert (status, told["branchpress"]["proposed"]) == (201, True)
    (proposal,) = office.desk.proposals.all()
    admin = office.sign_in("web")
    page = admin.ask(f"/admin/review/{proposal.name}").content.decode()
    assert "010-1234" in page
    assert "联系" in page
    assert admin.press(f"/admin/review/{proposal.name}/release").status == 303
    assert file_of(office) == WRITTEN.replace("010-0000", "010-1234")

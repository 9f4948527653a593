"""What somebody may ask of a server for writing, and what is refused: sessions, forged and foreign requests, places, sizes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from conftest import NOW, ORGANIZATION, SmallSite
from edit_session import Office, Person, committed, git

from builder.content.owners import Person as Somebody
from builder.edit.desk import Desk, Worker
from builder.edit.git import Author, WorkingCopy
from builder.edit.rates import Rate, Rates
from builder.edit.settings import form_settings

pytestmark = pytest.mark.slow

VISIT = "content/alpha/news/2026-11-20-visit/index.md"


@pytest.fixture
def office(site: SmallSite) -> Office:
    """A server for two branches."""
    return Office(committed(site))


def test_one_person_at_this_machine_writes_for_every_branch(office: Office) -> None:
    page = Person(office).ask("/admin/")
    assert page.status == 200
    assert "甲支部" in page.content.decode()
    assert "乙支部" in page.content.decode()


def test_a_machine_that_nobody_was_invited_to_is_not_for_others(office: Office) -> None:
    assert Person(office).ask("/admin/", x_forwarded_for="203.0.113.9").status == 403
    assert Person(office).ask("/", host="edit.example.org").status == 403


def test_a_link_signs_in_once(office: Office) -> None:
    from builder.edit.accounts import Account

    token = office.accounts.invite(Account("张三", branches=("alpha",)))
    nobody = Person(office)
    assert nobody.ask("/admin/").status == 401
    assert nobody.ask("/").status == 401
    sent = nobody.send("/admin/edit/alpha/", b"x")
    assert (sent.status, sent.ends) == (401, True), "nobody reads what was sent"
    assert not nobody.ask("/admin/api/v1/user").ends
    assert "登录" in nobody.ask(f"/admin/join/{token}").content.decode()
    # Looking at the link, as mail programs do, does not use it up.
    answer = nobody.send(f"/admin/join/{token}", b"")
    cookie = dict(answer.headers)["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert nobody.send(f"/admin/join/{token}", b"").status == 410
    person = Person(office, cookie.partition(";")[0])
    # One branch: its form opens at once.
    assert dict(person.ask("/admin/").headers)["Location"] == "/admin/edit/alpha/"
    assert person.ask("/alpha/").status == 200
    assert not person.ask("/admin/api/v1/user", authorization=f"token {person.form}").ends, "forms ask again and again"
    stored = (office.state / "edit" / "accounts.json").read_text()
    assert token not in stored
    assert cookie.partition("=")[2].partition(";")[0] not in stored
    assert (office.state / "edit" / "accounts.json").stat().st_mode & 0o077 == 0


def test_links_and_sessions_end(office: Office) -> None:
    from builder.edit.accounts import DAY, Account

    token = office.accounts.invite(Account("张三"))
    office.times.append(office.times[-1] + 8 * DAY)
    assert Person(office).send(f"/admin/join/{token}", b"").status == 410
    person = office.sign_in("张三", "alpha")
    office.times.append(office.times[-1] + 29 * DAY)
    assert person.ask("/admin/edit/alpha/").status == 200
    office.times.append(office.times[-1] + 29 * DAY)
    assert person.ask("/admin/edit/alpha/").status == 200
    office.times.append(office.times[-1] + 31 * DAY)
    assert person.ask("/admin/edit/alpha/").status == 401


def test_who_is_revoked_is_out_at_once(office: Office) -> None:
    person, other = office.sign_in("张三", "alpha"), office.sign_in("李四", "beta")
    assert office.accounts.revoke("张三")
    assert person.ask("/admin/").status == 401
    assert other.ask("/admin/edit/beta/").status == 200
    office.accounts.revoke("李四")
    # Nobody is left, and nobody gets in: a machine does not fall back to one person who may do everything.
    assert Person(office).ask("/admin/").status == 401


def test_signing_out_ends_the_session(office: Office) -> None:
    person = office.sign_in("张三", "alpha")
    answer = person.press("/admin/sign-out")
    assert "Max-Age=0" in dict(answer.headers)["Set-Cookie"]
    assert person.ask("/admin/").status == 401


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "https://evil.example"}, 403),
        ({"origin": ""}, 403),
        ({"origin": "null"}, 403),
        ({"authorization": "token 0000"}, 403),
        ({"authorization": ""}, 401),
        ({"authorization": "Basic eDp5"}, 401),
        ({"content-type": "text/plain"}, 415),
        ({"content-length": ""}, 411),
        ({"content-length": "-1"}, 411),
        ({"content-length": "999999999999"}, 413),
        ({"transfer-encoding": "chunked"}, 411),
        ({"host": "evil.example"}, 403),
        ({"host": "[::1"}, 403),
        ({"cookie": "branchpress=guessed"}, 401),
    ],
)
def test_forged_and_foreign_requests_change_nothing(office: Office, headers: dict[str, str], status: int) -> None:
    person, before = office.sign_in("张三", "alpha"), office.head()
    body = {"files": [{"operation": "delete", "path": VISIT, "sha": person.tree("alpha")[VISIT]}]}
    answer, told = person.api("repos/branchpress/alpha/contents", body, **headers)
    assert answer == status, told
    assert office.head() == before
    assert office.is_clean()


def test_more_fields_than_any_page_has_are_refused_in_words(office: Office) -> None:
    many = "&".join(f"a{number}=1" for number in range(50))
    person = office.sign_in("张三", "alpha")
    assert person.send("/admin/sign-out", many.encode()).status == 400
    assert person.api(f"repos/branchpress/alpha/commits?{many}")[0] == 400
    sent = {"authorization": f"token {person.form}", "content-type": "application/json"}
    for body in (b"{", b"\xff", b"[" * 100_000):
        assert person.send("/admin/api/v1/repos/branchpress/alpha/contents", body, **sent).status == 400


def test_links_are_not_guessed(office: Office) -> None:
    nobody = Person(office)
    statuses = [int(nobody.send(f"/admin/join/{number}", b"").status) for number in range(22)]
    assert (set(statuses[:20]), statuses[-1]) == ({410}, 429)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"content-length": ""}, 411),
        ({"content-length": "x"}, 411),
        ({"content-length": "-1"}, 411),
        ({"content-length": "１"}, 411),
        ({"transfer-encoding": "chunked"}, 411),
        ({"content-length": "0" * 13}, 413),
        ({"content-length": "999999999999"}, 413),
    ],
)
def test_a_request_says_how_long_it_is(office: Office, headers: dict[str, str], status: int) -> None:
    person = office.sign_in("张三", "alpha")
    assert person.send("/admin/review/", f"form={person.form}".encode(), **headers).status == status


def test_nobody_else_may_frame_pages(office: Office) -> None:
    headers = dict(Person(office).ask("/admin/").headers)
    assert headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe-inline'" not in headers["Content-Security-Policy"].partition("style-src")[0]
    assert dict(office.server.headers())["X-Frame-Options"] == "SAMEORIGIN"


def test_too_many_requests_are_put_off(office: Office) -> None:
    person = office.sign_in("张三", "alpha")
    statuses = [person.save("alpha", ("update", VISIT, "x"), sha="0")[0] for _ in range(30)]
    assert 429 in statuses


@pytest.mark.parametrize(
    "path",
    [
        "content/beta/news/2026-11-21-reading/index.md",
        "content/organization.yml",
        "content/hub/about.md",
        "content/alpha/../beta/news/2026-11-21-reading/index.md",
        "content/alpha/news/../../beta/about.md",
        "content/alpha/.git/config",
        ".git/hooks/pre-commit",
        "mkdocs.yml",
        "/etc/passwd",
        "content/alpha/news/x\\..\\y/index.md",
        "content/alpha//news/x/index.md",
        "content/alpha/_secret/x/index.md",
        "content/alpha/news/\x00/index.md",
        "content/alpha",
        "content/Alpha/news/x/index.md",
        "",
    ],
)
def test_nothing_outside_of_ones_branch_is_written(office: Office, path: str) -> None:
    person, before = office.sign_in("张三", "alpha"), office.head()
    status, told = person.save("alpha", ("create", path, "---\ntitle: x\n---\n"), sha="")
    assert status in (403, 422), told
    assert person.save("alpha", ("update", path, "---\ntitle: x\n---\n"), sha="0" * 42)[0] in (403, 409, 422)
    assert office.head() == before
    assert office.is_clean()


def test_another_branch_cannot_be_asked_for(office: Office) -> None:
    person = office.sign_in("张三", "alpha")
    for path in (
        "git/trees/main",
        "branches/main",
        "raw/content/beta/branch.yml",
        "commits?path=content/beta/branch.yml",
    ):
        assert person.api(f"repos/branchpress/beta/{path}")[0] == 403
    assert person.api("repos/branchpress/beta/contents", {"files": []})[0] == 403
    assert person.api("repos/branchpress/beta/file-contents", {"files": []})[0] == 403
    assert person.ask("/admin/edit/beta/").status == 403
    assert person.ask("/admin/edit/beta/settings.json").status == 403


def test_links_in_the_repository_are_not_followed(site: SmallSite) -> None:
    (site.root / "content/alpha/media").symlink_to(site.root.parent)
    (site.root / "content/alpha/news/2026-11-01-linked.md").symlink_to("/etc/hostname")
    office = Office(committed(site))
    person = office.sign_in("张三", "alpha")
    assert not [path for path in person.tree("alpha") if "linked" in path or "media" in path]
    status, told = person.save("alpha", ("create", "content/alpha/media/a.txt", "x"))
    assert status >= 400, told
    assert not (site.root.parent / "a.txt").exists()


@pytest.mark.parametrize(
    "body",
    [None, [], "x", 1, {"files": "x"}, {"files": [1]}, {"files": [{}]}, {"files": []},
     {"files": [{"operation": "create", "path": 1}]},
     {"files": [{"operation": "create", "path": VISIT, "content": "###"}]},
     {"files": [{"operation": "run", "path": VISIT}]},
     {"files": [{"operation": "update", "path": VISIT, "from_path": "content/alpha/about.md"}]},
     {"files": [{"operation": "create", "path": f"content/alpha/news/{n}/index.md"} for n in range(100)]}],
)  # fmt: skip
def test_what_no_form_sends_is_refused_in_words(office: Office, body: object) -> None:
    person, before = office.sign_in("张三", "alpha"), office.head()
    status, told = person.api("repos/branchpress/alpha/contents", body if body is not None else {"x": 1})
    assert status == 422
    assert told["message"]
    assert office.head() == before


def test_an_address_of_its_own(site: SmallSite) -> None:
    office = Office(committed(site), address="https://edit.example.org")
    person = office.sign_in("张三", "alpha")
    assert person.cookie.startswith("__Host-branchpress=")
    own = {"host": "edit.example.org", "origin": "https://edit.example.org"}
    assert person.ask("/admin/edit/alpha/", host="edit.example.org").status == 200
    assert person.ask("/admin/edit/alpha/", host="other.example.org").status == 403
    status, _ = person.api("repos/branchpress/alpha/contents", {"files": []}, **own)
    assert status == 422
    foreign = own | {"origin": "https://example.org"}
    assert person.api("repos/branchpress/alpha/contents", {"files": []}, **foreign)[0] == 403


def test_a_web_server_vouches_for_people(site: SmallSite) -> None:
    site.write('--- content/alpha/branch.yml\nname: 甲支部\nowners: ["@zhang"]\n')
    office = Office(committed(site), trust_header="X-Remote-User")
    nobody = Person(office)
    assert nobody.ask("/admin/").status == 401
    assert "甲支部" in nobody.ask("/admin/", x_remote_user="zhang").content.decode()
    assert nobody.ask("/admin/edit/alpha/", x_remote_user="zhang").status == 200
    assert nobody.ask("/admin/edit/alpha/", x_remote_user="wang").status == 403
    assert nobody.ask("/admin/", x_remote_user="bad\nname").status == 401
    # Servers write names in UTF-8, and the standard library reads them as Latin-1.
    named = nobody.ask("/admin/", x_remote_user="张三".encode().decode("latin-1")).content.decode()
    assert "张三" in named


def test_owners_write_and_administrators_write_everywhere(site: SmallSite) -> None:
    site.write('--- content/beta/branch.yml\nname: 乙支部\nparent: alpha\nowners: ["@li", "chen@example.org"]\n')
    organization = site.root / "content/organization.yml"
    organization.write_text(organization.read_text() + 'admins: ["@web"]\n')
    office = Office(committed(site))
    assert office.sign_in("li").ask("/admin/edit/beta/").status == 200
    assert office.sign_in("chen", email="chen@example.org").ask("/admin/edit/beta/").status == 200
    assert office.sign_in("li").ask("/admin/edit/alpha/").status == 403
    assert office.sign_in("web").ask("/admin/edit/alpha/").status == 200
    assert office.sign_in("nobody").ask("/admin/edit/beta/").status == 403


class CountingCopy(WorkingCopy):
    """A working copy that counts how often it asks Git."""

    asked = 0

    def _git(self, *arguments: Any, **options: Any) -> bytes:
        self.asked += 1
        return super()._git(*arguments, **options)


def test_many_branches_are_asked_for_at_once(make_site: Any) -> None:
    """Of a thousand branches each one would take a process of its own."""

    def asked(number: int) -> list[int]:
        site = make_site(ORGANIZATION + "admins: [web]\n")
        for each in range(number):
            site.write(f'--- content/b{each}/branch.yml\nname: 第{each}支部\nowners: ["@u{each}"]\n')
        copy = CountingCopy(committed(site).root)
        desk = Desk(copy, lambda _: datetime.fromisoformat(NOW))
        counts = []
        for name, branches in (("u0", 1), ("web", number)):
            worker = Worker(Somebody.of([name]), Author(name, f"{name}@example.org"))
            before = copy.asked
            assert len(desk.branches_of(worker)) == branches
            assert len(form_settings(desk, "b0")["collections"]) > 3
            assert len(desk.names_of(desk.branches_of(worker))) == branches
            counts.append(copy.asked - before)
        return counts

    assert asked(40) == asked(2)


def test_settings_that_changed_are_read_again_and_no_others(site: SmallSite) -> None:
    office = Office(committed(site))
    assert office.sign_in("li").ask("/admin/edit/beta/").status == 403
    site.write('--- content/beta/branch.yml\nname: 乙支部（新）\nparent: alpha\nowners: ["@li"]\n')
    git(site.root, "commit", "-q", "-a", "-m", "owners")
    li = office.sign_in("li")
    assert li.ask("/admin/edit/beta/").status == 200
    assert office.desk.organization() is office.desk.organization(), "read once, until something is committed"
    assert "乙支部（新）" in office.sign_in("王五", "alpha", "beta").ask("/admin/").content.decode()
    site.write("--- content/beta/branch.yml\nname: 乙支部\nparent: alpha\n")
    git(site.root, "commit", "-q", "-a", "-m", "none")
    assert li.ask("/admin/edit/beta/").status == 403


def test_who_was_away_for_long_may_ask_no_more_at_once() -> None:
    times = [0.0]
    rates, rate = Rates(lambda: times[-1]), Rate(burst=3, minute=60)
    assert [rates.allows("zhang", rate) for _ in range(4)] == [True, True, True, False]
    times.append(2)
    assert [rates.allows("zhang", rate) for _ in range(3)] == [True, True, False]
    times.append(86_400)
    assert [rates.allows("zhang", rate) for _ in range(4)] == [True, True, True, False]
    assert rates.allows("li", rate)

"""Review: what is saved waits until somebody who owns the branch releases it."""

from __future__ import annotations

import socket
import subprocess
import threading
import time
from datetime import datetime
from pathlib import Path

import pytest
from conftest import NOW, SmallSite
from edit_session import Office, Person, committed, git

from builder.edit.start import EditPreview, ProposedFolder
from builder.preview import PreviewSettings
from builder.workers import SerialExecutor

pytestmark = pytest.mark.slow

VISIT = "content/alpha/news/2026-11-20-visit/index.md"
NEW = "content/alpha/notices/2026-11-28-tea/index.md"
NOTICE = "---\ntitle: 茶话会\n---\n\n周五下午三点。\n"


@pytest.fixture
def office(site: SmallSite) -> Office:
    """A server for two branches, whose texts are reviewed: alpha is owned by chen."""
    organization = site.root / "content/organization.yml"
    organization.write_text(organization.read_text() + "editing: {review: true}\n")
    site.write('--- content/alpha/branch.yml\nname: 甲支部\nowners: ["@chen"]\n')
    return Office(committed(site))


def pending(office: Office) -> str:
    """The name of the one proposal."""
    (name,) = git(office.site.root, "for-each-ref", "--format=%(refname:short)", "refs/heads/edit/").split()
    return name


def test_a_saving_is_a_proposal(office: Office) -> None:
    zhang, before = office.sign_in("zhang", "alpha", full_name="张三"), office.head()
    status, answer = zhang.save("alpha", ("create", NEW, NOTICE))
    assert status == 201
    assert answer["branchpress"]["proposed"] is True
    assert office.head() == before
    assert office.is_clean()
    # Its author sees it and goes on with it; others see the branch as it is.
    assert NEW in zhang.tree("alpha")
    assert NEW not in office.sign_in("li", "alpha").tree("alpha")
    assert zhang.save("alpha", ("update", NEW, NOTICE.replace("三点", "四点")))[0] == 201
    assert git(office.site.root, "show", f"{pending(office)}:{NEW}").endswith("周五下午四点。\n")


def test_whoever_is_alone_at_the_machine_releases_what_they_wrote(office: Office) -> None:
    alone = Person(office)
    assert "content/alpha/branch.yml.md" in alone.tree("alpha"), "and writes settings"
    assert alone.save("alpha", ("create", NEW, NOTICE))[0] == 201
    assert alone.press(f"/admin/review/{pending(office)}/release").status == 303
    assert (office.site.root / NEW).read_text() == NOTICE


def test_an_owner_releases_it(office: Office) -> None:
    zhang = office.sign_in("zhang", "alpha", full_name="张三", email="zhang@example.org")
    chen = office.sign_in("chen", full_name="陈四")
    zhang.save("alpha", ("create", NEW, NOTICE), ("create", NEW.replace("index.md", "a.txt"), "x"))
    listed = chen.ask("/admin/review/").content.decode()
    assert "茶话会" in listed
    assert "张三" in listed
    page = chen.ask(f"/admin/review/{pending(office)}").content.decode()
    assert "周五下午三点" in page
    assert "发布" in page
    assert page.index("周五下午三点") < page.index("a.txt"), "texts first"
    assert chen.press(f"/admin/review/{pending(office)}/release").status == 303
    assert git(office.site.root, "log", "-1", "--format=%an %cn %s").strip() == "张三 陈四 新增：茶话会"
    assert (office.site.root / NEW).read_text() == NOTICE
    assert office.is_clean()
    assert "没有待审核" in chen.ask("/admin/review/").content.decode()


def test_it_is_given_back_with_a_remark(office: Office) -> None:
    zhang, chen = office.sign_in("zhang", "alpha"), office.sign_in("chen")
    zhang.save("alpha", ("create", NEW, NOTICE))
    assert chen.press(f"/admin/review/{pending(office)}/give-back", remark="").status == 422
    assert chen.press(f"/admin/review/{pending(office)}/give-back", remark="请写地点。\n谢谢").status == 303
    page = zhang.ask(f"/admin/review/{pending(office)}").content.decode()
    assert "请写地点。" in page
    assert "已退回" in zhang.ask("/admin/review/").content.decode()
    # Sent again it waits again.
    zhang.save("alpha", ("update", NEW, NOTICE.replace("。", "，在会议室。")))
    assert "已退回" not in zhang.ask("/admin/review/").content.decode()
    assert chen.press(f"/admin/review/{pending(office)}/release").status == 303
    assert "在会议室" in (office.site.root / NEW).read_text()


def test_what_was_given_back_comes_last_and_is_its_authors_again(office: Office) -> None:
    zhang, wang, chen = office.sign_in("zhang", "alpha"), office.sign_in("wang", "alpha"), office.sign_in("chen")
    wang.save("alpha", ("update", VISIT, wang.open("alpha", VISIT).replace("慰问", "记")))
    first = pending(office)
    chen.press(f"/admin/review/{first}/give-back", remark="x" * 3000)
    assert [len(each.remark) for each in office.desk.proposals.all()] == [2000]
    zhang.save("alpha", ("create", NEW, NOTICE))
    other = next(
        one for one in git(office.site.root, "branch", "--format=%(refname:short)").split() if "/zhang/" in one
    )
    listed = chen.ask("/admin/review/").content.decode()
    assert 0 < listed.index("茶话会") < listed.index("走访记")
    released = [f"{name}/release" in chen.ask(f"/admin/review/{name}").content.decode() for name in (first, other)]
    assert released == [False, True]


def test_a_proposal_that_goes_on_takes_nothing_back(office: Office) -> None:
    """Meanwhile another one was released: what is sent after that is a change of today's state."""
    zhang, wang, chen = office.sign_in("zhang", "alpha"), office.sign_in("wang", "alpha"), office.sign_in("chen")
    wang.save("alpha", ("update", VISIT, wang.open("alpha", VISIT).replace("慰问", "记")))
    first = pending(office)
    zhang.save("alpha", ("create", NEW, NOTICE))
    assert chen.press(f"/admin/review/{first}/release").status == 303
    zhang.save("alpha", ("update", NEW, NOTICE.replace("三点", "四点")))
    changed = git(office.site.root, "diff", "--name-only", "main", pending(office)).split()
    assert changed == [NEW]
    assert "走访记" not in chen.ask(f"/admin/review/{pending(office)}").content.decode()


@pytest.mark.parametrize("message", ["x", "x\n\nProposed-on: nonsense", f"x\n\nProposed-on: {'0' * 39}1"])
def test_a_branch_that_is_called_like_a_proposal_and_is_none(office: Office, message: str) -> None:
    tree, head = (git(office.site.root, "rev-parse", name).strip() for name in ("HEAD^{tree}", "HEAD"))
    commit = git(office.site.root, "commit-tree", tree, "-p", head, "-m", message).strip()
    git(office.site.root, "update-ref", "refs/heads/edit/somebody/something", commit)
    assert office.desk.proposals.all() == ()
    assert "没有待审核" in office.sign_in("chen").ask("/admin/review/").content.decode()


def test_the_oldest_proposal_comes_first(office: Office) -> None:
    root, names = office.site.root, []
    tree, head = (git(root, "rev-parse", name).strip() for name in ("HEAD^{tree}", "HEAD"))
    for name, at in (("b", 1_700_000_000), ("a", 1_700_000_060)):
        who = f"x <x@example.org> {at} +0000"
        made = f"tree {tree}\nparent {head}\nauthor {who}\ncommitter {who}\n\nx\n\nProposed-on: {head}\n"
        command = ["git", "hash-object", "-w", "-t", "commit", "--stdin"]
        commit = subprocess.run(command, cwd=root, input=made.encode(), capture_output=True, check=True).stdout
        git(root, "update-ref", f"refs/heads/edit/x/{name}", commit.decode().strip())
        names.append(f"edit/x/{name}")
    assert [each.name for each in office.desk.proposals.all()] == names


def test_somebody_whose_name_is_signs_alone_can_propose(office: Office) -> None:
    assert office.sign_in("zhang", "alpha", full_name="（！）").save("alpha", ("create", NEW, NOTICE))[0] == 201
    assert pending(office).startswith("edit/x/")


def test_nobody_follows_proposals_once_the_server_has_ended(office: Office) -> None:
    organization = office.desk.organization()
    settings = PreviewSettings(
        office.site.root, office.state, organization, lambda _: datetime.fromisoformat(NOW), SerialExecutor, str, list
    )
    with pytest.raises(socket.gaierror):
        EditPreview(office.desk, office.server, settings).run("no.such.host.invalid", 0)
    for thread in threading.enumerate():
        if "follow" in thread.name:
            thread.join(30)
            assert not thread.is_alive()


def test_who_may_not_release(office: Office) -> None:
    zhang, wang = office.sign_in("zhang", "alpha"), office.sign_in("wang", "alpha")
    stranger, chen = office.sign_in("liu", "beta"), office.sign_in("chen")
    before = office.head()
    zhang.save("alpha", ("create", NEW, NOTICE))
    name = pending(office)
    assert zhang.press(f"/admin/review/{name}/release").status == 403
    assert wang.press(f"/admin/review/{name}/release").status == 403
    assert stranger.press(f"/admin/review/{name}/release").status == 404
    assert stranger.ask(f"/admin/review/{name}").status == 404
    assert "茶话会" not in stranger.ask("/admin/review/").content.decode()
    assert stranger.press(f"/admin/review/{name}/withdraw").status == 404
    assert chen.send(f"/admin/review/{name}/release", b"form=guessed").status == 403
    assert office.head() == before
    # An owner does not release what they wrote.
    chen.save("alpha", ("update", VISIT, chen.open("alpha", VISIT).replace("慰问", "记")))
    own = next(one for one in git(office.site.root, "branch", "--format=%(refname:short)").split() if "/chen/" in one)
    assert chen.press(f"/admin/review/{own}/release").status == 403
    assert zhang.press(f"/admin/review/{name}/withdraw").status == 303
    assert "茶话会" not in zhang.ask("/admin/review/").content.decode()


def test_two_proposals_for_one_text(office: Office) -> None:
    zhang, wang, chen = office.sign_in("zhang", "alpha"), office.sign_in("wang", "alpha"), office.sign_in("chen")
    for person, word in ((zhang, "记"), (wang, "事")):
        assert person.save("alpha", ("update", VISIT, person.open("alpha", VISIT).replace("慰问", word)))[0] == 201
    names = git(office.site.root, "for-each-ref", "--format=%(refname:short)", "refs/heads/edit/").split()
    assert len(names) == 2
    office.accounts.revoke("zhang")
    listed = office.sign_in("zhang", "beta").ask("/admin/review/").content.decode()
    assert ("走访记" in listed, "走访事" in listed) == (True, False), "what is one's own, one sees wherever it was for"
    assert chen.press(f"/admin/review/{names[0]}/release").status == 303
    answer = chen.press(f"/admin/review/{names[1]}/release")
    assert answer.status == 409
    assert "请退回" in answer.content.decode()
    assert office.is_clean()


def test_a_proposal_that_is_saved_again_takes_nothing_back(office: Office) -> None:
    """Whoever goes on with a proposal does not know what others have changed in the same text meanwhile."""
    zhang, chen = office.sign_in("zhang", "alpha"), office.sign_in("chen")
    text = zhang.open("alpha", VISIT)
    assert zhang.save("alpha", ("update", VISIT, text.replace("慰问", "记")))[0] == 201
    file = office.site.root / "content/alpha/news/2026-11-20-visit.md"
    file.write_text(file.read_text("utf-8").replace("党员们", "同志们"), "utf-8")
    git(office.site.root, "commit", "-q", "-a", "-m", "other")
    assert zhang.save("alpha", ("update", VISIT, text.replace("慰问", "手记")))[0] in (201, 409)
    assert chen.press(f"/admin/review/{pending(office)}/release").status == 409
    assert "同志们" in file.read_text("utf-8")


def test_a_proposal_that_is_saved_again_counts_from_what_its_author_sees_now(office: Office) -> None:
    """What others changed beside it meanwhile is no obstacle, not even once the author goes on with that, too."""
    zhang, chen = office.sign_in("zhang", "alpha"), office.sign_in("chen")
    office.site.write(f"--- {NEW}\n{NOTICE}\n--- {NEW.replace('index.md', 'a.txt')}\n一\n")
    committed(office.site)
    assert zhang.save("alpha", ("update", NEW, NOTICE.replace("三点", "四点")))[0] == 201
    office.site.write(f"--- {NEW.replace('index.md', 'a.txt')}\n二\n")
    git(office.site.root, "commit", "-q", "-a", "-m", "other")
    rows = (("update", NEW, NOTICE.replace("三点", "五点")), ("delete", NEW.replace("index.md", "a.txt"), ""))
    assert zhang.save("alpha", *rows)[0] == 201
    assert chen.press(f"/admin/review/{pending(office)}/release").status == 303
    assert "五点" in (office.site.root / NEW).read_text("utf-8")
    assert not (office.site.root / NEW).with_name("a.txt").exists()


def test_names_from_outside_name_no_other_branch(office: Office) -> None:
    chen = office.sign_in("chen")
    for name in ("main", "../main", "edit/../main", "edit", "edit/x/y", "-d", "edit/zhang/--all"):
        assert chen.press(f"/admin/review/{name}/release").status == 404
        assert chen.press(f"/admin/review/{name}/withdraw").status == 404
    assert Person(office).ask("/admin/review/").status == 401


def test_forms_of_our_own_are_no_part_of_the_sites(office: Office) -> None:
    """Pages for editors are built for a Git host alone."""
    assert office.site.build().problems == ()
    assert not office.site.exists("admin")


def test_the_preview_of_proposals_follows_them(office: Office, tmp_path: Path) -> None:
    proposed = ProposedFolder(office.desk, tmp_path / "proposed")
    theme = office.site.root / "theme"
    if not theme.exists():
        theme.mkdir()
    root = proposed.bring()
    assert (root / "theme").resolve() == theme.resolve(), "it is not in the repository, and is there all the same"
    assert not (root / "mkdocs.yml").is_symlink(), "this one is"
    assert not (root / NEW).exists()
    zhang = office.sign_in("zhang", "alpha")
    following = threading.Thread(target=proposed.follow, daemon=True)
    following.start()
    office.desk.when_moved(proposed.tell)
    assert zhang.save("alpha", ("create", NEW, NOTICE))[0] == 201
    for _ in range(600):
        if (root / NEW).exists():
            break
        time.sleep(0.05)
    assert (root / NEW).read_text() == NOTICE
    proposed.end()
    following.join(20)
    assert not following.is_alive()
    assert zhang.press(f"/admin/review/{pending(office)}/withdraw").status == 303
    assert (proposed.bring(), (root / NEW).exists()) == (root, False)

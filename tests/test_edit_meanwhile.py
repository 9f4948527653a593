"""What others do while somebody saves, adds or releases a text: another try, and in the end a sentence; and what is not there any
more when it is asked for."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from conftest import NOW, SmallSite
from edit_session import LOCAL, Office, Person, committed, git

from builder.content.owners import Person as Somebody
from builder.edit.desk import Desk, Saved, Worker
from builder.edit.drafting import NewEntry, Operation
from builder.edit.git import Author, MovedError, WorkingCopy
from builder.edit.places import BranchFiles
from builder.edit.refusal import RefusalError
from builder.edit.reviewing import differences_of, shown_to

pytestmark = pytest.mark.slow

HOME = "content/alpha/notices"
NEW = f"{HOME}/2026-11-28-tea/index.md"
NOTICE = b"---\ntitle: tea\n---\n\nFriday.\n"
ALONE = Worker(Somebody.of([LOCAL.name]), LOCAL, everything=True)
WAYS = ("save", "add", "release")


class Contested(WorkingCopy):
    """A working copy whose branch is elsewhere so many times just when it is to be moved."""

    times = 0

    def advance(self, old: str, new: str) -> None:
        """See WorkingCopy."""
        if self.times:
            self.times -= 1
            raise MovedError
        super().advance(old, new)


def entry(path: str) -> NewEntry:
    """A text from elsewhere."""
    return NewEntry(path, "tea", {path: NOTICE})


def ways(desk: Desk) -> dict[str, Callable[[], Saved]]:
    """The ways in which a text comes to be published; what is released was sent in before."""
    return {
        "save": lambda: desk.save(ALONE, "alpha", (Operation("create", NEW, NOTICE),)),
        "add": lambda: desk.add(ALONE, "alpha", lambda files: entry(NEW))[0],
        "release": lambda: desk.release(ALONE, desk.proposals.all()[0].name),
    }


def opened(site: SmallSite, way: str, remote: str = "") -> Desk:
    """A desk at which a text may be published in one of the ways."""
    if way == "release":
        organization = site.root / "content/organization.yml"
        organization.write_text(organization.read_text("utf-8") + "editing: {review: true}\n", "utf-8")
    copy = Contested(committed(site).root)
    if remote:
        git(site.root, "push", "-q", remote, "main")
    desk = Desk(copy, lambda _: datetime.fromisoformat(NOW), remote)
    if way == "release":
        assert ways(desk)["save"]().proposed
    return desk


@pytest.mark.parametrize("way", WAYS)
def test_whoever_is_overtaken_three_times_is_told(site: SmallSite, way: str) -> None:
    desk = opened(site, way)
    assert isinstance(desk.copy, Contested)
    desk.copy.times, before = 3, desk.copy.head()
    with pytest.raises(RefusalError, match="Too many people are saving at once") as refused:
        ways(desk)[way]()
    assert (refused.value.status, desk.copy.times, desk.copy.head()) == (409, 0, before)
    desk.copy.times = 2
    ways(desk)[way]()
    assert (site.root / NEW).read_bytes() == NOTICE


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    """An empty repository to push to."""
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", tmp_path / "remote.git"], check=True)
    return tmp_path / "remote.git"


def push(remote: Path, path: str) -> None:
    """Has somebody else push a file."""
    other = remote.parent / "other"
    if not other.exists():
        git(remote.parent, "clone", "-q", str(remote), str(other))
    git(other, "pull", "-q", "origin", "main")
    (other / path).parent.mkdir(parents=True, exist_ok=True)
    (other / path).write_text("x\n", "utf-8")
    git(other, "add", "-A")
    git(other, "commit", "-qm", "other")
    git(other, "push", "-q", "origin", "main")


@pytest.mark.parametrize("way", WAYS)
def test_what_others_pushed_is_there_beside_it(site: SmallSite, remote: Path, way: str) -> None:
    desk = opened(site, way, str(remote))
    push(remote, "content/beta/other.txt")
    ways(desk)[way]()
    assert (site.root / "content/beta/other.txt").exists()
    assert (site.root / NEW).read_bytes() == NOTICE
    assert git(remote, "rev-parse", "main").strip() == desk.copy.head()


def test_where_both_have_gone_on_a_person_has_to_bring_them_together(site: SmallSite, remote: Path) -> None:
    desk = opened(site, "save", str(remote))
    push(remote, "content/beta/other.txt")
    site.write("--- content/beta/own.txt\nx\n")
    git(site.root, "add", "-A")
    git(site.root, "commit", "-qm", "by hand")
    before = desk.copy.head()
    with pytest.raises(RefusalError, match="have both gone on") as refused:
        ways(desk)["save"]()
    assert (refused.value.status, desk.copy.head()) == (409, before)


def test_whoever_opens_a_form_sees_what_others_pushed_though_not_twice_in_a_moment(
    site: SmallSite, remote: Path
) -> None:
    committed(site)
    git(site.root, "push", "-q", str(remote), "main")
    office = Office(site, remote=str(remote))
    for name, there in (("first", True), ("second", False)):
        push(remote, f"content/beta/{name}.txt")
        assert Person(office).ask("/admin/edit/alpha/").status == 200
        assert (site.root / f"content/beta/{name}.txt").exists() is there
    remote.rename(remote.with_name("away"))
    away = Office(site, remote=str(remote))
    assert Person(away).ask("/admin/edit/alpha/").status == 200, "a form opens without it"


def test_a_text_from_elsewhere_takes_nobodys_place(site: SmallSite) -> None:
    desk, author = opened(site, "add"), Author("o", "o@example.org")
    asked: list[int] = []

    def make(files: BranchFiles) -> NewEntry:
        asked.append(len(files.by_path))
        if len(asked) > 1:
            return entry(NEW.replace("tea", "tea-2"))
        head = desk.copy.head()
        desk.copy.advance(head, desk.copy.make([head], {NEW: b"theirs\n"}, author, author, "theirs"))
        return entry(NEW)

    assert desk.add(ALONE, "alpha", make)[1].path.endswith("tea-2/index.md"), "made anew for what is there now"
    assert asked == [asked[0], asked[0] + 1]
    assert (site.root / NEW).read_bytes() == b"theirs\n"
    for path in ("news/2026-11-20-visit/index.md", "news/2026-11-20-Visit/index.md", "notices/2026-11-28-TEA/index.md"):
        with pytest.raises(RefusalError, match="There is an entry of this name already"):
            desk.add(ALONE, "alpha", lambda files: entry(f"content/alpha/{path}"))  # noqa: B023
    assert desk.add(ALONE, "alpha", lambda files: entry(f"{HOME}/2026-11-28-te/index.md"))


def test_while_settings_cannot_be_read_it_is_told_in_words(site: SmallSite) -> None:
    office = Office(committed(site))
    zhang = office.sign_in("zhang", "alpha", "beta")
    site.write("--- content/beta/branch.yml\nname: [乙\n")
    git(site.root, "commit", "-qam", "broken")
    answer = zhang.ask("/admin/new/beta/")
    assert (answer.status, "branch.yml" in answer.content.decode()) == (503, True)
    assert zhang.ask("/admin/new/alpha/").status == 200
    site.write("--- content/organization.yml\nname: [甲\n")
    git(site.root, "commit", "-qam", "broken, too")
    answer = zhang.ask("/admin/")
    assert (answer.status, "organization.yml" in answer.content.decode()) == (503, True)
    assert not zhang.sees("alpha")
    assert zhang.withheld("/beta/").status == 403


def test_a_proposal_for_a_branch_that_cannot_be_read_any_more_is_shown(site: SmallSite) -> None:
    desk = opened(site, "release")
    site.write("--- content/alpha/branch.yml\nname: [甲\n")
    git(site.root, "commit", "-qam", "broken")
    (proposal,) = desk.proposals.all()
    (change,) = differences_of(desk, proposal)
    assert (change.title, [value.new for value in change.values]) == (NEW, ["tea"])
    assert [each.branch for each in shown_to(desk, ALONE)] == ["alpha"]


def test_a_repository_that_is_damaged_is_told_of_and_shows_nothing(site: SmallSite) -> None:
    office = Office(committed(site))
    zhang = office.sign_in("zhang", "alpha")
    assert zhang.sees("alpha")
    assert zhang.form
    git(site.root, "commit", "-q", "--allow-empty", "-m", "next")
    (site.root / ".git/objects").rename(site.root / ".git/away")
    (site.root / ".git/objects").mkdir()
    answer = zhang.ask("/admin/edit/alpha/")
    assert (answer.status, "CalledProcessError" in answer.content.decode()) == (503, True)
    assert not zhang.sees("alpha")
    assert zhang.withheld("/alpha/").status == 403
    assert zhang.save("alpha", ("create", NEW, NOTICE), sha="")[0] == 503

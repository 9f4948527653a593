"""Saving from a form: one commit in the person's name, or a sentence and nothing."""

from __future__ import annotations

import io
import json
import subprocess
import threading
from pathlib import Path

import pytest
from conftest import SmallSite
from edit_session import Office, committed, git
from PIL import Image

from builder.edit.git import Author

pytestmark = pytest.mark.slow

VISIT = "content/alpha/news/2026-11-20-visit/index.md"


@pytest.fixture
def office(site: SmallSite) -> Office:
    """A server for two branches."""
    return Office(committed(site))


def photo(width: int = 3000, height: int = 1000, form: str = "JPEG") -> bytes:
    """A photograph that a telephone took on its side, with its place."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Camera 9"
    exif.get_ifd(0x8825).update({1: "N", 2: (39.0, 54.0, 0.0), 3: "E", 4: (116.0, 23.0, 0.0)})
    stream = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(stream, form, exif=exif)
    return stream.getvalue()


def test_a_changed_title_is_one_line_and_one_commit(office: Office) -> None:
    person = office.sign_in("zhang", "alpha", full_name="张三", email="zhang@example.org")
    shown = person.open("alpha", VISIT)
    assert 'title: "走访慰问"' in shown
    status, answer = person.save("alpha", ("update", VISIT, shown.replace("走访慰问", "走访三位老党员")))
    assert status == 201, answer
    log = git(office.site.root, "log", "-1", "--format=%an <%ae> %s", "--stat")
    assert log.startswith("张三 <zhang@example.org> 修改：走访三位老党员")
    diff = git(office.site.root, "diff", "HEAD~1", "-U0")
    assert [line for line in diff.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")] == [
        "-title: 走访慰问",
        "+title: 走访三位老党员",
    ]
    assert office.is_clean()
    assert answer["branchpress"]["address"] == "/alpha/news/2026-11-20-visit/"
    assert answer["files"][0]["sha"] == person.tree("alpha")[VISIT]


def test_saving_without_a_change_makes_no_commit(office: Office) -> None:
    person, before = office.sign_in("zhang", "alpha"), office.head()
    status, answer = person.save("alpha", ("update", VISIT, person.open("alpha", VISIT)))
    assert status == 201
    assert office.head() == before
    assert answer["files"][0]["sha"] == person.tree("alpha")[VISIT]
    # With a file beside it a flat text becomes that of a folder, be it as it was.
    flat = office.site.root / "content/alpha/news/2026-11-20-visit.md"
    written, sent = flat.read_text(), ("create", VISIT.replace("index.md", "a.txt"), "x")
    assert person.save("alpha", sent, ("update", VISIT, person.open("alpha", VISIT)))[0] == 201
    assert ((office.site.root / VISIT).read_text(), flat.exists()) == (written, False)


def test_a_new_entry_is_a_folder_with_its_date_and_a_clean_name(office: Office) -> None:
    person = office.sign_in("zhang", "alpha")
    text = "---\ntitle: “新”标题：第 1 次（试）\n---\n\n![合影](照片 一.jpg)\n"
    folder = "content/alpha/news/2026-11-28-“新”标题：第-1-次（试）"
    status, answer = person.save(
        "alpha", ("create", f"{folder}/照片 一.jpg", photo()), ("create", f"{folder}/index.md", text)
    )
    assert status == 201, answer
    names = git(office.site.root, "show", "--name-status", "--format=").splitlines()
    home = "content/alpha/news/2026-11-28-新-标题-第-1-次-试"
    assert sorted(names) == [f"A\t{home}/index.md", f"A\t{home}/照片-一.jpg"]
    assert "![合影](照片-一.jpg)" in (office.site.root / home / "index.md").read_text()
    # The form goes on with the name that it made up.
    shown = person.open("alpha", f"{folder}/index.md")
    again = shown.replace("第 1 次", "第 2 次").replace("照片-一.jpg", "照片 一.jpg")
    assert person.save("alpha", ("update", f"{folder}/index.md", again))[0] == 201
    written = (office.site.root / home / "index.md").read_text()
    assert "第 2 次" in written
    assert "照片-一.jpg" in written
    assert office.site.check() == ()
    # In another folder a file of that name is another one.
    shown = person.open("alpha", VISIT).rstrip() + "\n\n![别的](照片 一.jpg)\n"
    assert person.save("alpha", ("update", VISIT, shown))[0] == 201
    assert "![别的](照片 一.jpg)" in (office.site.root / "content/alpha/news/2026-11-20-visit.md").read_text()


def test_pictures_are_turned_scaled_and_stripped(office: Office) -> None:
    person = office.sign_in("zhang", "alpha")
    folder = "content/alpha/news/2026-11-28-a"
    sent = photo(5000, 3000)
    text = "---\ntitle: 一\n---\n\n![合影](IMG_1.JPG)\n"
    assert (
        person.save("alpha", ("create", f"{folder}/IMG_1.JPG", sent), ("create", f"{folder}/index.md", text))[0] == 201
    )
    kept = (office.site.root / folder / "img-1.jpg").read_bytes()
    with Image.open(io.BytesIO(kept)) as picture:
        assert picture.size == (1536, 2560)
        assert dict(picture.getexif()) == {}
    assert b"Camera" not in kept
    assert "(img-1.jpg)" in (office.site.root / folder / "index.md").read_text()


def test_a_picture_for_a_flat_file_makes_it_a_folder(office: Office) -> None:
    office.site.write(
        "--- content/alpha/news/2026-11-01-flat.md\n---\ntitle: 平\nimage: ../media/a.png\n---\n见[通知](../about.md)。\n"
    )
    stream = io.BytesIO()
    Image.new("RGB", (9, 9)).save(stream, "PNG")
    (office.site.root / "content/alpha/media").mkdir()
    (office.site.root / "content/alpha/media/a.png").write_bytes(stream.getvalue())
    git(office.site.root, "add", "-A")
    git(office.site.root, "commit", "-qm", "flat")
    person = office.sign_in("zhang", "alpha")
    shown = "content/alpha/news/2026-11-01-flat"
    text = person.open("alpha", f"{shown}/index.md").rstrip() + "\n\n![图](new.jpg)\n"
    status, told = person.save("alpha", ("create", f"{shown}/new.jpg", photo()), ("update", f"{shown}/index.md", text))
    assert status == 201, told
    written = (office.site.root / shown / "index.md").read_text()
    assert "image: ../../media/a.png" in written
    assert "[通知](../../about.md)" in written
    assert "![图](new.jpg)" in written
    assert not (office.site.root / "content/alpha/news/2026-11-01-flat.md").exists()
    assert office.is_clean()
    assert office.site.check() == ()


@pytest.mark.parametrize(
    ("path", "text", "words"),
    [
        (VISIT, "---\ntitle: 走访慰问\ndate: 2026-02-30\n---\n\n上午。\n", "2026-02-30"),
        (VISIT, "---\ntitle: 走访慰问\nslug: 不 合法 x\n---\n\n上午。\n", ""),
        ("content/alpha/events/2026-11-28-x/index.md", "---\ntitle: 讲座\n---\n", "starts"),
    ],
)  # fmt: skip
def test_what_check_calls_an_error_is_refused_with_its_sentence(
    office: Office, path: str, text: str, words: str
) -> None:
    person, before = office.sign_in("zhang", "alpha"), office.head()
    kind = "update" if path == VISIT else "create"
    status, answer = person.save("alpha", (kind, path, text))
    if not words:
        # A slug that will not do is a warning: it is saved, and said.
        assert status == 201
        assert answer["branchpress"]["notes"]
        return
    assert status == 422
    assert words in answer["message"]
    assert "→" not in answer["message"]
    assert office.head() == before
    assert office.is_clean()


def test_two_entries_of_one_address_are_refused(office: Office) -> None:
    office.site.write("--- content/alpha/news/2026-11-19-other.md\n---\ntitle: 另\nslug: taken\n---\n文。\n")
    git(office.site.root, "add", "-A")
    git(office.site.root, "commit", "-qm", "other")
    person = office.sign_in("zhang", "alpha")
    text = "---\ntitle: 走访慰问\nslug: taken\n---\n\n上午。\n"
    # Forms leave the address out; a program may send it all the same.
    status, answer = person.save("alpha", ("create", "content/alpha/news/2026-11-28-b/index.md", text))
    assert status == 422, answer
    assert "2026-11-19-other" in answer["message"]


def test_somebody_else_was_faster(office: Office) -> None:
    first, second = office.sign_in("zhang", "alpha"), office.sign_in("li", "alpha")
    mark, shown = first.tree("alpha")[VISIT], first.open("alpha", VISIT)
    assert second.save("alpha", ("update", VISIT, shown.replace("走访", "看望")))[0] == 201
    status, answer = first.save("alpha", ("update", VISIT, shown.replace("慰问", "记")), sha=mark)
    assert status == 409
    assert "别人刚刚改过" in answer["message"]
    assert "看望" in (office.site.root / "content/alpha/news/2026-11-20-visit.md").read_text()


def test_what_never_became_the_state_is_not_brought(office: Office) -> None:
    """A process was killed after it had written down what it was about to do, and before it did."""
    head, author = office.head(), Author("张", "z@example.org")
    about = office.site.root / "content/alpha/about.md"
    texts = {"content/alpha/new.md": b"# New\n", "content/alpha/about.md": about.read_bytes() + b"\nMore.\n"}
    made = office.copy.make([head], texts, author, author, "new")
    note = office.site.root / ".git/branchpress/moving.json"
    note.write_text(json.dumps({"old": head, "new": made}))
    assert office.copy.recover()
    assert (office.head(), office.is_clean(), note.exists()) == (head, True, False)
    assert not office.copy.recover()
    office.copy.advance(head, made)
    left = [office.site.root / ".git" / name for name in ("branchpress/index-1", "branchpress/new-1", "index.lock")]
    for file in left:
        file.write_bytes(b"half")
    for path in texts:
        (office.site.root / path).unlink()
    note.write_text(json.dumps({"old": head, "new": made}))
    assert office.copy.recover()
    assert (office.head(), office.is_clean()) == (made, True)
    assert not any(file.exists() for file in left)


def test_two_people_at_once(office: Office) -> None:
    names = ["zhang", "li", "wang", "chen"]
    people = [office.sign_in(name, "alpha") for name in names]
    results: dict[str, int] = {}

    def write(name: str, number: int) -> None:
        path = f"content/alpha/news/2026-11-28-{name}/index.md"
        results[name], _ = people[number].save("alpha", ("create", path, f"---\ntitle: {name}\n---\n\n文。\n"))

    threads = [threading.Thread(target=write, args=(name, number)) for number, name in enumerate(names)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == dict.fromkeys(names, 201)
    assert sorted(git(office.site.root, "log", "--format=%an", "-4").split()) == sorted(names)
    assert office.is_clean()


def test_what_is_changed_by_hand_is_not_overwritten(office: Office) -> None:
    file = office.site.root / "content/alpha/news/2026-11-20-visit.md"
    person = office.sign_in("zhang", "alpha")
    shown, by_hand = person.open("alpha", VISIT), file.read_text() + "手写的一行。\n"
    file.write_text(by_hand)
    status, answer = person.save("alpha", ("update", VISIT, shown.replace("慰问", "记")))
    assert (status, file.read_text()) == (409, by_hand)
    assert "没有提交" in answer["message"] or "还没有提交" in answer["message"]
    # Other files of the branch can be saved, and the hand's work stays.
    path = "content/alpha/news/2026-11-28-c/index.md"
    assert person.save("alpha", ("create", path, "---\ntitle: 新\n---\n\n文。\n"))[0] == 201
    assert git(office.site.root, "status", "--porcelain") == " M content/alpha/news/2026-11-20-visit.md\n"


def test_an_entry_is_deleted_with_its_files(office: Office) -> None:
    person = office.sign_in("zhang", "alpha")
    folder = "content/alpha/news/2026-11-28-a"
    text = "---\ntitle: 一\n---\n\n![合影](a.jpg)\n"
    assert (
        person.save("alpha", ("create", f"{folder}/a.jpg", photo()), ("create", f"{folder}/index.md", text))[0] == 201
    )
    assert person.save("alpha", ("delete", f"{folder}/index.md", ""))[0] == 201
    assert not (office.site.root / folder).exists()
    assert office.is_clean()
    # A file of the media that is called like a text is none: what lies beside it stays.
    office.site.write("--- content/alpha/media/x/index.md\nx\n--- content/alpha/media/x/y.txt\ny\n")
    git(office.site.root, "add", "-A")
    git(office.site.root, "commit", "-qm", "media")
    assert person.save("alpha", ("delete", "content/alpha/media/x/index.md", ""))[0] == 201
    assert [file.name for file in (office.site.root / "content/alpha/media/x").iterdir()] == ["y.txt"]


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [
        ("page.html", b"<script>", 422),
        ("run.js", b"1", 422),
        ("noending", b"1", 422),
        ("broken.jpg", b"not a picture", 422),
        ("large.pdf", b"%PDF" + b"0" * 20_000_001, 413),
        ("文件 一.pdf", b"%PDF-1.4 x", 201),
    ],
)
def test_files_that_may_be_put_in(office: Office, name: str, content: bytes, status: int) -> None:
    person, before = office.sign_in("zhang", "alpha"), office.head()
    folder = "content/alpha/news/2026-11-28-a"
    text = f"---\ntitle: 一\nattachments:\n  - file: {name}\n---\n\n文。\n"
    got, told = person.save("alpha", ("create", f"{folder}/{name}", content), ("create", f"{folder}/index.md", text))
    assert got == status, told
    assert (office.head() == before) is (status != 201)
    assert office.is_clean()


# Another repository.


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    """An empty repository to push to."""
    folder = tmp_path / "remote.git"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", folder], check=True)
    return folder


def test_a_saving_is_pushed(site: SmallSite, remote: Path) -> None:
    committed(site)
    git(site.root, "push", "-q", str(remote), "main")
    office = Office(site, remote=str(remote))
    person = office.sign_in("zhang", "alpha")
    shown = person.open("alpha", VISIT)
    assert person.save("alpha", ("update", VISIT, shown.replace("慰问", "记")))[0] == 201
    assert git(remote, "rev-parse", "main").strip() == office.head()


def test_what_others_pushed_is_taken_in_or_told(site: SmallSite, remote: Path, tmp_path: Path) -> None:
    committed(site)
    git(site.root, "push", "-q", str(remote), "main")
    other = tmp_path / "other"
    git(tmp_path, "clone", "-q", str(remote), str(other))

    def push(path: str, text: str) -> None:
        (other / path).parent.mkdir(parents=True, exist_ok=True)
        (other / path).write_text(text)
        git(other, "add", "-A")
        git(other, "commit", "-qm", "other")
        git(other, "push", "-q", "origin", "main")

    office = Office(site, remote=str(remote))
    person = office.sign_in("zhang", "alpha")
    mark, shown = person.tree("alpha")[VISIT], person.open("alpha", VISIT)
    push("content/beta/news/2026-11-22-x.md", "---\ntitle: 他\n---\n文。\n")
    # Another text: both are there.
    assert person.save("alpha", ("update", VISIT, shown.replace("慰问", "记")), sha=mark)[0] == 201
    assert (site.root / "content/beta/news/2026-11-22-x.md").exists()
    assert git(remote, "rev-parse", "main").strip() == office.head()
    assert office.is_clean()
    # The same text: told, and nothing is lost.
    git(other, "pull", "-q", "origin", "main")
    mark, shown = person.tree("alpha")[VISIT], person.open("alpha", VISIT)
    push("content/alpha/news/2026-11-20-visit.md", "---\ntitle: 别人的\n---\n文。\n")
    status, answer = person.save("alpha", ("update", VISIT, shown.replace("走访记", "我的")), sha=mark)
    assert status == 409
    assert "别人刚刚改过" in answer["message"]
    assert "别人的" in (site.root / "content/alpha/news/2026-11-20-visit.md").read_text()
    assert office.is_clean()


def test_what_the_operator_committed_and_did_not_push_goes_with_the_next_saving(site: SmallSite, remote: Path) -> None:
    committed(site)
    git(site.root, "push", "-q", str(remote), "main")
    office = Office(site, remote=str(remote))
    person = office.sign_in("zhang", "alpha")
    site.write("--- content/beta/news/2026-11-22-x.md\n---\ntitle: 他\n---\n文。\n")
    git(site.root, "add", "-A")
    git(site.root, "commit", "-qm", "by hand")
    office.desk.take_in()
    assert person.save("alpha", ("update", VISIT, person.open("alpha", VISIT).replace("慰问", "记")))[0] == 201
    assert git(remote, "rev-parse", "main").strip() == office.head()
    assert "content/beta/news/2026-11-22-x.md" in git(remote, "ls-tree", "-r", "--name-only", "main")


def test_pages_whose_names_differ_in_case_alone_are_one(site: SmallSite) -> None:
    """Windows and macOS have one file for both."""
    site.write("--- content/alpha/Plan.md\n---\ntitle: 计划\n---\n文。\n")
    committed(site)
    office = Office(site)
    person, before = office.sign_in("zhang", "alpha"), office.head()
    status, answer = person.save("alpha", ("create", "content/alpha/plan.md", "---\ntitle: 新计划\n---\n文。\n"))
    assert (status, answer["message"]) == (409, "已经有同名的页面。")
    assert office.head() == before


def test_a_repository_that_cannot_be_reached_is_told(site: SmallSite, remote: Path) -> None:
    committed(site)
    office = Office(site, remote=str(remote.parent / "nowhere.git"))
    person, before = office.sign_in("zhang", "alpha"), office.head()
    status, answer = person.save("alpha", ("update", VISIT, person.open("alpha", VISIT).replace("慰问", "记")))
    assert status == 503
    assert "nowhere.git" in answer["message"]
    assert office.head() == before
    assert office.is_clean()


def test_what_is_not_there_is_told_with_the_saving(office: Office) -> None:
    person = office.sign_in("张三", "alpha")
    path = "content/alpha/news/2026-11-23-x/index.md"
    there = "[走访](../2026-11-20-visit.md) [关于](/alpha/about.md) [动态](/alpha/news/) [别处](/beta/news/none.md) ![](照.png)"
    gone = "![合影](没有.jpg) ![录像](没有.mp4) [通知](../../notices/2026-01-01-none.md) [网](https://example.org/)"
    head = "title: 文\nimage: 封面.jpg\nattachments:\n  - {file: 表.docx}\n"
    picture = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(picture, "PNG")
    status, told = person.save(
        "alpha",
        ("create", path, f"---\n{head}---\n{there} {gone}\n"),
        ("create", "content/alpha/news/2026-11-23-x/照.png", picture.getvalue()),
    )
    assert status == 201, told
    notes = told["branchpress"]["notes"]
    for name in ("没有.jpg", "没有.mp4", "2026-01-01-none.md", "封面.jpg", "表.docx"):
        assert [note for note in notes if name in note], (name, notes)
    for name in ("visit", "about", "照.png", "beta", "example.org", "/alpha/news/"):
        assert not [note for note in notes if name in note], notes
    # What is mended is told no more. The form goes on with the name that it gave.
    shown = person.open("alpha", path).replace(f" {gone}", "").partition("---\n\n")[2]
    status, told = person.save("alpha", ("update", path, f'---\ntitle: "文"\n---\n\n{shown}'))
    assert status == 201, told
    assert not [note for note in told["branchpress"]["notes"] if "不存在" in note]

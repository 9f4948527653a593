"""New entries from Word, from sheets and from what was copied, at a server for writing: the same import as on the command line,
a draft, a report, and nothing that is there touched."""

from __future__ import annotations

import contextlib
import gc
import io
import json
import os
import re
import sys
import time
import zipfile
from html import unescape
from typing import Any
from urllib.parse import quote

import pytest
from conftest import REPOSITORY, SmallSite
from edit_session import Office, Person, committed, git
from word_files import WordFile

from builder.content.owners import Person as Somebody
from builder.edit import pages
from builder.edit.bounded import BoundedCalls
from builder.edit.desk import Worker
from builder.edit.git import Author
from builder.edit.importing import Importing
from builder.edit.imports import ImportRefusedError, Programs
from builder.edit.imports.word.prepare import prepare_document
from builder.edit.refusal import RefusalError
from builder.edit.uploads import clean_uploads
from builder.messages.translation import translator

pytestmark = pytest.mark.slow

PHOTO = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEklEQVR42mNkYPhfz8DAwMAAAAoDAQGbHmOa"
    "AAAAAElFTkSuQmCC"
)
FRAGMENT = f"""<meta charset="utf-8"><section style="color:red"><p><strong>走访慰问记</strong></p>
<section><p>上午九点出发。</p></section><p style="display:none">藏起来的字</p>
<img data-src="https://mmbiz.qpic.cn/x.png"><p><img src="{PHOTO}"></p><script>alert(1)</script>
<p onclick="alert(1)">联系电话 13800138000。</p></section>"""
"""What a browser puts into the clipboard: a part of a page, without the page around it."""
COPIED = f"<title>走访慰问记</title>{FRAGMENT}"


@pytest.fixture
def office(site: SmallSite) -> Office:
    """A server for two branches."""
    return Office(committed(site))


def hand_in(person: Person, place: str, name: str, content: bytes, **headers: str) -> tuple[int, Any]:
    """Status and JSON of the answer to a file that somebody hands in."""
    sent = {"authorization": f"token {person.form}", "content-type": "application/octet-stream", **headers}
    answer = person.send(f"/admin/new/{place}?name={quote(name)}", content, **sent)
    return int(answer.status), json.loads(answer.content)


def document() -> bytes:
    """A notice as an office writes it."""
    word = WordFile()
    word.line("关于清明节放假的通知", "方正小标宋简体", 22)
    word.line("一、时间", "黑体")
    word.line("四月四日至六日。")
    word.line("内部说明", hidden=True)
    return word.content()


def test_the_page_names_the_sections_that_take_texts(office: Office) -> None:
    page = office.sign_in("张三", "alpha").ask("/admin/new/alpha/").content.decode()
    assert "甲支部" in page
    assert '<option value="news">支部动态</option>' in page
    assert "voices" not in page
    assert "/admin/own/new.js" in page
    assert office.sign_in("张三", "alpha").ask("/admin/own/new.js").status == 200
    assert office.sign_in("李四", "beta").ask("/admin/new/alpha/").status == 403
    assert "/admin/new/alpha/" in office.sign_in("王五", "alpha", "beta").ask("/admin/").content.decode()


def test_a_document_becomes_a_draft_in_ones_name(office: Office) -> None:
    person = office.sign_in("张三", "alpha")
    status, told = hand_in(person, "alpha/notices", "通知 终稿.docx", document())
    assert status == 201, told
    name = "2026-11-23-关于清明节放假的通知"
    assert told["form"] == f"/admin/edit/alpha/#/collections/notices/entries/{quote(name)}/index"
    assert told["address"] == quote(f"/alpha/notices/{name}/")
    assert "关于清明节放假的通知" in told["made"]
    assert any("隐藏" in note for note in told["notes"])
    text = (office.site.root / f"content/alpha/notices/{name}/index.md").read_text()
    assert "draft: true" in text
    assert "## 一、时间" in text
    assert "内部说明" not in text
    assert git(office.site.root, "log", "-1", "--format=%an %s").strip() == "张三 新增：关于清明节放假的通知"
    assert office.is_clean()
    # The form has it at once.
    assert f"content/alpha/notices/{name}/index.md" in person.tree("alpha")


def test_what_was_copied_is_cleaned_and_its_pictures_come_along(office: Office) -> None:
    person = office.sign_in("张三", "alpha")
    status, told = hand_in(person, "alpha/news", "粘贴的文字.html", COPIED.encode())
    assert status == 201, told
    folder = office.site.root / "content/alpha/news/2026-11-23-走访慰问记"
    text = (folder / "index.md").read_text()
    for gone in ("alert", "藏起来", "<section", "style", "color", "mmbiz"):
        assert gone not in text
    assert "上午九点出发。" in text
    assert [each.suffix for each in folder.iterdir() if each.name != "index.md"] == [".png"]
    notes = "\n".join(told["notes"])
    assert "mmbiz.qpic.cn" in notes
    assert "138" in notes
    assert "13800138000" not in notes


def test_a_title_of_ones_own_stands_before_what_was_copied(office: Office) -> None:
    person = office.sign_in("张三", "alpha")
    titled = f"<title>X &amp; Y</title>{FRAGMENT}".encode()
    status, told = hand_in(person, "alpha/news", "粘贴.html", titled)
    assert status == 201, told
    assert 'title: "X & Y"' in (office.site.root / "content/alpha/news/2026-11-23-x-y/index.md").read_text()


def test_a_sheet_becomes_a_table(office: Office) -> None:
    person = office.sign_in("张三", "alpha")
    assert hand_in(person, "alpha/news", "值班表.csv", "姓名,电话\n王一,0012\n".encode())[0] == 201
    assert "| 王一 | 0012 |" in (office.site.root / "content/alpha/news/2026-11-23-值班表/index.md").read_text()


def test_a_long_name_keeps_its_ending(office: Office) -> None:
    status, answer = hand_in(
        office.sign_in("zhang", "alpha"), "alpha/news", f"folder\\{'长' * 300}.csv", "甲,乙\n1,2\n".encode()
    )
    assert status == 201
    assert "长" * 190 in answer["made"]
    assert "folder" not in answer["made"]


def test_nothing_that_is_there_is_overwritten(office: Office) -> None:
    office.site.write("--- content/alpha/news/2026-11-23-走访慰问记.md\n---\ntitle: 原来的\n---\n文\n")
    git(office.site.root, "add", "-A")
    git(office.site.root, "commit", "-q", "-m", "flat")
    person = office.sign_in("张三", "alpha")
    names = [hand_in(person, "alpha/news", "x.html", COPIED.encode())[1]["address"] for _ in range(2)]
    assert names == [quote(f"/alpha/news/2026-11-23-走访慰问记-{number}/") for number in (2, 3)]
    assert "原来的" in (office.site.root / "content/alpha/news/2026-11-23-走访慰问记.md").read_text()
    # What somebody has laid there by hand is not in Git yet.
    office.site.write("--- content/alpha/news/2026-11-23-走访慰问记-4/index.md\n---\ntitle: 手放的\n---\n文\n")
    status, told = hand_in(person, "alpha/news", "x.html", COPIED.encode())
    assert status == 422
    assert "走访慰问记-4" in told["message"]


def test_where_texts_are_reviewed_it_is_a_proposal(site: SmallSite) -> None:
    organization = site.root / "content/organization.yml"
    organization.write_text(organization.read_text() + "editing: {review: true}\n")
    office = Office(committed(site))
    person, before = office.sign_in("张三", "alpha"), office.head()
    status, told = hand_in(person, "alpha/news", "x.html", COPIED.encode())
    assert (status, told["proposed"]) == (201, True)
    assert office.head() == before
    assert any("走访慰问记" in path for path in person.tree("alpha"))
    # A second one does not touch the first, though neither is in the working copy.
    assert hand_in(person, "alpha/news", "x.html", COPIED.encode())[1]["address"].endswith("-2/")
    assert len(office.desk.proposals.all()) == 2


@pytest.mark.parametrize(
    ("place", "name", "content", "headers", "status"),
    [
        ("beta/news", "x.html", COPIED, {}, 403),
        ("alpha/nowhere", "x.html", COPIED, {}, 422),
        ("alpha/voices", "x.html", COPIED, {}, 422),
        ("alpha/../beta/news", "x.html", COPIED, {}, 404),
        ("alpha", "x.html", COPIED, {}, 404),
        ("alpha/news", "x.exe", COPIED, {}, 422),
        ("alpha/news", "", COPIED, {}, 422),
        ("alpha/news", "../../x.docx", "no zip", {}, 422),
        ("alpha/news", "x.html", "", {}, 422),
        ("alpha/news", "x.html", "<div>" * 3000 + "x", {}, 422),
        ("alpha/news", "x.html", COPIED, {"authorization": "token 0"}, 403),
        ("alpha/news", "x.html", COPIED, {"authorization": ""}, 401),
        ("alpha/news", "x.html", COPIED, {"origin": "https://evil.example"}, 403),
        ("alpha/news", "x.html", COPIED, {"content-length": "60000001"}, 413),
        ("alpha/news", "x.html", COPIED, {"content-length": ""}, 411),
        ("alpha/news", "x.html", COPIED, {"transfer-encoding": "chunked"}, 411),
        ("alpha/news", "x.html", COPIED, {"cookie": "branchpress=guessed"}, 401),
    ],
)
def test_what_cannot_be_taken_over_is_told_and_changes_nothing(
    office: Office, place: str, name: str, content: str, headers: dict[str, str], status: int
) -> None:
    person, before = office.sign_in("张三", "alpha"), office.head()
    answer, told = hand_in(person, place, name, content.encode(), **headers)
    assert answer == status, told
    assert told["message"]
    assert office.head() == before
    assert office.is_clean()


def paste(person: Person, place: str, content: bytes, **headers: str) -> tuple[int, Any]:
    """Status and JSON of the answer to what somebody pastes into the form."""
    sent = {"authorization": f"token {person.form}", "content-type": "text/html; charset=utf-8", **headers}
    answer = person.send(f"/admin/paste/{place}", content, **sent)
    return int(answer.status), json.loads(answer.content)


def test_what_is_pasted_into_a_text_comes_back_clean(office: Office) -> None:
    person, before = office.sign_in("张三", "alpha"), office.head()
    status, told = paste(person, "alpha", FRAGMENT.encode())
    assert status == 200, told
    assert told["markdown"] == "## 走访慰问记\n\n上午九点出发。\n\n联系电话 13800138000。\n"
    assert re.sub(r' id="[^"]*"', "", told["html"]) == (
        "<h2>走访慰问记</h2>\n<p>上午九点出发。</p>\n<p>联系电话 13800138000。</p>"
    )
    assert [re.findall(r"\d+", note) for note in told["notes"]] == [["1", "5"], ["2"]]
    # Signs of Markdown are words, and what would run is neither an element nor an address.
    hostile = "<p># 一</p><p>&lt;script&gt;alert(1)&lt;/script&gt; <a href='javascript:alert(1)'>二</a></p><script>三</script>"
    status, told = paste(person, "alpha", hostile.encode())
    assert (status, told["markdown"]) == (200, "\\# 一\n\n\\<script>alert(1)\\</script> 二\n")
    assert told["html"] == "<p># 一</p>\n<p>&lt;script&gt;alert(1)&lt;/script&gt; 二</p>"
    assert office.head() == before
    assert office.is_clean()


@pytest.mark.parametrize(
    ("place", "content", "headers", "status"),
    [
        ("beta", FRAGMENT, {}, 403),
        ("alpha/news", FRAGMENT, {}, 403),
        ("", FRAGMENT, {}, 403),
        ("alpha", "", {}, 422),
        ("alpha", '<p hidden>藏</p><img src="x.png">', {}, 422),
        ("alpha", "<p hidden>藏</p>", {}, 422),
        ("alpha", "<div>" * 3000 + "x", {}, 422),
        ("alpha", FRAGMENT, {"authorization": "token 0"}, 403),
        ("alpha", FRAGMENT, {"authorization": ""}, 401),
        ("alpha", FRAGMENT, {"origin": "https://evil.example"}, 403),
        ("alpha", FRAGMENT, {"content-length": "5000001"}, 413),
        ("alpha", FRAGMENT, {"cookie": "branchpress=guessed"}, 401),
    ],
)
def test_what_cannot_be_pasted_is_told(
    office: Office, place: str, content: str, headers: dict[str, str], status: int
) -> None:
    answer, told = paste(office.sign_in("张三", "alpha"), place, content.encode(), **headers)
    assert answer == status, told
    assert told["message"]


def test_pasting_too_often_is_put_off(office: Office) -> None:
    person = office.sign_in("张三", "alpha")
    assert [paste(person, "alpha", b"<p>x</p>")[0] for _ in range(22)][-3:].count(429) > 0


def test_without_pandoc_the_sentence_says_how_to_get_it(office: Office) -> None:
    importing = Importing(office.desk, Programs)
    local = Worker(Somebody.of(["x"]), Author("x", "x@example.org"), everything=True)
    with pytest.raises(RefusalError) as refused:
        importing.make(local, "alpha", "news", "通知.docx", document())
    assert "branchpress[word]" in refused.value.sentence(office.desk.text())


def test_too_many_are_put_off(office: Office) -> None:
    person = office.sign_in("张三", "alpha")
    assert 429 in [hand_in(person, "alpha/news", "x.html", b"")[0] for _ in range(8)]


@pytest.mark.parametrize(("language", "own"), [("zh", {"新建", "创建新条目", "保存"}), ("en", {"New", "Save"})])
def test_the_guide_says_what_stands_on_the_buttons(language: str, own: set[str]) -> None:
    """``own`` are the words of the form's program, which the tests with a browser press."""
    text = translator(language)
    shown = pages.form_page("", text, "", (), "", "alpha", "/admin/new/alpha/").decode()
    shown += pages.importing(text, "alpha", "", [("news", "")], "").body + pages.branches(text, [("alpha", "")]).body
    folder = REPOSITORY / "builder/content/data/guide" / language
    written = [
        re.findall(r"“([^”]+)”", part)
        for part in (
            (folder / "start.md").read_text("utf-8").split("\n## ")[1],
            (folder / "import.md").read_text("utf-8").split("\n## ")[0],
        )
    ]
    assert all(written)
    labels = {unescape(each) for each in re.findall(r'[>"]([^<>"]+)(?=[<"])', shown)} | own
    assert [each for words in written for each in words if each not in labels] == []


def test_what_takes_too_long_or_too_much_memory_is_refused_and_the_next_one_is_served() -> None:
    calls = BoundedCalls(seconds=2, megabytes=600)
    for function, given in ((time.sleep, 600), (bytearray, 900_000_000)):
        with pytest.raises(RefusalError, match="too long or too much"):
            calls.call(function, given)
    assert calls.call(len, "abc") == 3
    with pytest.raises(RefusalError) as refused:
        calls.call(clean_uploads, [("a.exe", b"x")], 1000)
    assert refused.value.sentence(translator("en")).startswith("“a.exe” cannot be put in here")


@pytest.mark.skipif(sys.platform == "win32", reason="asks for a process by its number")
def test_the_processes_end_with_whoever_holds_the_calls() -> None:
    calls = BoundedCalls()
    process = calls.call(os.getpid)
    assert process != os.getpid()
    os.kill(process, 0)
    del calls
    gc.collect()

    def is_there() -> bool:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, 0)
            return True
        return False

    for _ in range(600):
        if not is_there():
            break
        time.sleep(0.1)
    assert not is_there()


def test_a_document_that_names_one_part_thousands_of_times_is_read_at_once() -> None:
    """What is inside an Office file is XML, and is read as that."""
    names = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override ' + b" ".join(
        b'a%d="PartName="' % number for number in range(100)
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        package.writestr("[Content_Types].xml", names + b'PartName="x" ' * 60_000)
    before = time.process_time()
    with pytest.raises(ImportRefusedError):
        prepare_document(packed.getvalue(), "a.docx", official=False)
    assert time.process_time() - before < 10

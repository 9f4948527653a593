"""The whole way in a real browser: sign in by a link, write on a telephone, be refused, correct, look, propose; another person
releases it, and a build publishes it. The form is the real one; its requests are the contract with our host."""

from __future__ import annotations

import io
import os
import re
import signal
import subprocess
import sys
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Queue
from typing import Any
from urllib.parse import unquote

import forms
import pytest
from conftest import NOW, SmallSite
from edit_session import committed, git
from PIL import Image
from programs import are_required
from test_edit_importing import FRAGMENT, PHOTO, document

WAIT = 60.0
ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)/")
SPOKEN = {
    "GET user",
    "GET version",
    "GET settings/api",
    "GET repos/branchpress/alpha",
    "GET repos/branchpress/alpha/branches/main",
    "GET repos/branchpress/alpha/git/trees/*",
    "GET repos/branchpress/alpha/media/*",
    "GET repos/branchpress/alpha/commits",
    "POST repos/branchpress/alpha/file-contents",
    "POST repos/branchpress/alpha/contents",
}
"""Every request that the pinned form may make of its host."""


@pytest.fixture(scope="module", autouse=True)
def bundle() -> None:
    """The form, as ``make forms`` built it."""
    if not forms.is_built():
        if are_required(os.environ, "BROWSER"):
            pytest.fail(forms.REQUIRED, pytrace=False)
        pytest.skip(forms.MISSING)


def run(site: SmallSite, *arguments: str) -> str:
    """What a command prints."""
    command = [sys.executable, "-m", "builder", *arguments, "--root", str(site.root)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@contextmanager
def editing(site: SmallSite) -> Iterator[str]:
    """The address of a running ``branchpress edit``."""
    command = [
        sys.executable,
        "-m",
        "builder",
        "edit",
        "--root",
        str(site.root),
        "--now",
        NOW,
        "--jobs",
        "1",
        "--port",
        "0",
    ]
    process = subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    said: Queue[str] = Queue()
    assert process.stderr is not None
    threading.Thread(
        target=lambda stream: [said.put(line) for line in stream], args=(process.stderr,), daemon=True
    ).start()
    try:
        while (found := ADDRESS.search(said.get(timeout=WAIT))) is None:
            pass
        yield f"http://127.0.0.1:{found[1]}"
    finally:
        process.kill()
        process.wait()


class Phone:
    """A telephone of somebody's; ``asked`` is what its form asked of the host, ``foreign`` what left this machine."""

    def __init__(self, browser: Any, address: str) -> None:
        self.address = address
        self.context = browser.new_context(
            viewport={"width": 390, "height": 844},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            has_touch=True,
            is_mobile=True,
        )
        self.context.set_default_timeout(WAIT * 1000)
        self.page = self.context.new_page()
        self.page.on("request", self._note)
        self.asked: set[str] = set()
        self.foreign: list[str] = []

    def _note(self, request: Any) -> None:
        if request.url.startswith(("blob:", "data:")):
            return
        if not request.url.startswith(self.address + "/"):
            self.foreign.append(request.url)
        place = unquote(request.url.removeprefix(self.address).partition("?")[0])
        if place.startswith("/admin/api/v1/"):
            short = re.sub(r"/(trees|media)/.*", r"/\1/*", place.removeprefix("/admin/api/v1/"))
            self.asked.add(f"{request.method} {short}")

    def sign_in(self, link: str) -> None:
        """Opens the link of an invitation."""
        self.page.goto(link)
        self.page.get_by_role("button", name="登录").click()
        self.page.wait_for_load_state()

    def field(self, key: str) -> Any:
        """The part of the form for a key; what is below the screen is made when it comes up."""
        part = self.page.locator(f'[data-key-path="{key}"]').first
        self.page.locator("[data-key-path]").first.wait_for()
        for _ in range(40):
            if part.count():
                break
            self.page.mouse.wheel(0, 600)
            self.page.wait_for_timeout(100)
        part.evaluate("element => element.scrollIntoView()")
        return part

    def follow(self, name: str) -> None:
        """Follows a link beside the form, which opens a page of its own."""
        with self.page.expect_popup() as opened:
            self.page.get_by_role("link", name=name).click()
        self.page = opened.value
        self.page.on("request", self._note)

    def save(self) -> None:
        """Presses the button."""
        self.page.get_by_role("button", name="保存", exact=True).click()


def photograph() -> bytes:
    """A photograph that a telephone took on its side, with its place."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825).update({1: "N", 2: (39.0, 54.0, 0.0), 3: "E", 4: (116.0, 23.0, 0.0)})
    stream = io.BytesIO()
    Image.new("RGB", (1200, 800), "red").save(stream, "JPEG", exif=exif)
    return stream.getvalue()


def faults_of(page: Any) -> list[str]:
    """The serious faults that axe finds."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:150]}" for each in found if each["impact"] in ("serious", "critical")
    ]


@pytest.mark.browser
@pytest.mark.slow
def test_the_whole_way(site: SmallSite, browser: Any) -> None:
    organization = site.root / "content/organization.yml"
    organization.write_text(organization.read_text() + "editing: {review: true}\n")
    site.write('--- content/alpha/branch.yml\nname: 甲支部\nowners: ["@chen"]\n')
    committed(site)
    links = {}
    with editing(site) as address:
        for name, *branches in (("zhang", "alpha"), ("chen",), ("liu", "beta")):
            links[name] = run(site, "edit", "invite", name, *branches, "--address", address).strip()
        writer = Phone(browser, address)
        writer.sign_in(links["zhang"])
        writer.page.get_by_text("通知公告").first.wait_for()
        assert faults_of(writer.page) == []

        # A notice with a picture, and a date that does not exist.
        writer.page.goto(f"{address}/admin/edit/alpha/#/collections/notices/new")
        writer.field("title").get_by_role("textbox").fill("“茶话会”通知（一）")
        writer.field("date").locator("input").first.fill("2026-11-23")
        writer.field("body").locator("[contenteditable]").click()
        writer.page.keyboard.type("周五下午三点，在会议室。")
        writer.field("image").locator("input[type=file]").first.set_input_files(
            {"name": "照片 一.jpg", "mimeType": "image/jpeg", "buffer": photograph()}
        )
        writer.field("pinned").get_by_role("textbox").fill("2026-02-30")
        assert faults_of(writer.page) == []
        before = git(site.root, "for-each-ref")
        writer.save()
        writer.page.get_by_text("2026-02-30").first.wait_for()
        told = writer.page.get_by_role("alertdialog").or_(writer.page.get_by_role("dialog")).first
        assert "pinned" in told.inner_text() or "置顶" in told.inner_text()
        assert git(site.root, "for-each-ref") == before
        told.get_by_role("button").first.click()
        writer.field("pinned").get_by_role("textbox").fill("2026-12-31")
        writer.save()
        writer.page.get_by_text("已送审。", exact=True).wait_for()
        (name,) = git(site.root, "for-each-ref", "--format=%(refname:short)", "refs/heads/edit/").split()
        folder = "content/alpha/notices/2026-11-23-茶话会-通知-一"
        assert set(git(site.root, "diff", "--name-only", f"main...{name}").split()) == {
            f"{folder}/index.md",
            f"{folder}/照片-一.jpg",
        }

        # As it will be, in the preview.
        look = writer.page.get_by_role("link", name="看看页面").get_attribute("href")
        assert unquote(look) == f"/{folder.removeprefix('content/')}/"
        until_shown(writer.page, address + look, "周五下午三点")
        assert not writer.foreign
        assert writer.asked <= SPOKEN

        # A third person is refused, the owner releases.
        stranger = Phone(browser, address)
        stranger.sign_in(links["liu"])
        assert stranger.page.goto(f"{address}/admin/edit/alpha/").status == 403
        assert stranger.page.goto(f"{address}/admin/review/{name}").status == 404
        owner = Phone(browser, address)
        owner.sign_in(links["chen"])
        owner.page.goto(f"{address}/admin/review/")
        owner.page.get_by_role("link", name="茶话会").click()
        owner.page.get_by_text("周五下午三点").first.wait_for()
        assert faults_of(owner.page) == []
        owner.page.get_by_role("button", name="发布").click()
        owner.page.get_by_text("没有待审核的稿件").wait_for()
    assert git(site.root, "log", "-1", "--format=%an %cn").strip() == "zhang chen"
    assert git(site.root, "status", "--porcelain") == ""
    site.build()
    assert "周五下午三点" in site.page("alpha/notices/2026-11-23-茶话会-通知-一/index.html")
    assert "茶话会" in site.page("alpha/notices/feed.xml")


def until_shown(page: Any, address: str, words: str) -> None:
    """Opens a page of the preview, again until it has some words."""
    for _ in range(int(WAIT)):
        answer = page.goto(address)
        if answer is not None and answer.status == 200 and words in page.content():
            return
        page.wait_for_timeout(1000)
    raise AssertionError(address)


@pytest.mark.browser
@pytest.mark.slow
def test_a_text_that_nobody_touched_keeps_its_hand(site: SmallSite, browser: Any) -> None:
    """The editor that shows a text as it will look writes all of it anew: of that nothing is kept but what somebody changed."""
    body = """第一段，2*3*4，**“重点”**内容[^1]。

| 名 | 数 |
| :--- | ---: |
| 甲 | 1 |

- 一
  - 二

> [!NOTE]
> 注意

- [ ] 任务
- [x] 完成

```python
print(2 * 3)
```

公式 $a^2$ 与 <span lang="en">hi</span>。

[^1]: 注释内容。
"""
    head = (
        "---\n# 头注\ntitle: \"手写的 题目\"   # 行注\ndate: 2026/11/22\ntags: [甲, '乙']\nhub: yes\nother: 1.10\n---\n"
    )
    site.write("")
    file = site.root / "content/alpha/news/2026-11-22-hand.md"
    file.write_text(head + body)
    committed(site)
    with editing(site) as address:
        phone = Phone(browser, address)
        phone.page.goto(f"{address}/admin/edit/alpha/#/collections/news/entries/2026-11-22-hand/index")
        title = phone.field("title").get_by_role("textbox")
        title.wait_for()
        phone.field("body").get_by_text("注意").first.wait_for()
        title.fill("改过的 题目")
        phone.save()
        phone.page.get_by_text("已保存。", exact=True).wait_for()
        assert not phone.foreign
    assert file.read_text() == head.replace("手写的", "改过的") + body
    assert git(site.root, "status", "--porcelain") == ""


@pytest.mark.browser
@pytest.mark.slow
def test_a_document_and_what_was_copied_become_drafts_in_the_form(site: SmallSite, browser: Any) -> None:
    """From the page of a branch: a Word file, then a part of a page as WeChat gives it, each opened in the form with the report;
    and the entry that is open goes into the clipboard for an official account."""
    committed(site)
    with editing(site) as address:
        phone = Phone(browser, address)
        phone.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
        phone.page.goto(f"{address}/admin/edit/alpha/#/collections/notices")
        # As the guide calls them: on a telephone, and on a desk.
        phone.page.get_by_role("button", name="创建新条目").wait_for()
        phone.page.set_viewport_size({"width": 1280, "height": 800})
        phone.page.goto(f"{address}/admin/edit/alpha/#/collections/news")
        phone.page.get_by_role("button").get_by_text("新建", exact=True).wait_for()
        phone.page.set_viewport_size({"width": 390, "height": 844})
        phone.follow("从 Word 新建")
        assert faults_of(phone.page) == []
        phone.page.get_by_label("栏目").select_option(label="通知公告")
        phone.page.get_by_role("button", name="用这个文件新建草稿").click()
        phone.page.get_by_text("请先选一个文件。").wait_for()
        notice = {"name": "通知.docx", "mimeType": "application/octet-stream", "buffer": b"no document"}
        phone.page.get_by_label("Word、WPS").set_input_files(notice)
        phone.page.get_by_role("button", name="用这个文件新建草稿").click()
        phone.page.get_by_text("通知.docx 已损坏").wait_for()
        phone.page.get_by_label("Word、WPS").set_input_files(notice | {"buffer": document()})
        phone.page.get_by_role("button", name="用这个文件新建草稿").click()
        report = phone.page.locator("#branchpress-said")
        report.get_by_text("草稿《关于清明节放假的通知》").wait_for()
        assert "隐藏" in report.inner_text()
        assert phone.field("title").get_by_role("textbox").input_value() == "关于清明节放假的通知"
        assert faults_of(phone.page) == []
        report.get_by_role("button", name="关闭").click()

        # What is open in the form, for WeChat.
        phone.page.get_by_role("button", name="复制到公众号").click()
        phone.page.get_by_text("已复制最近保存的内容").wait_for()
        copied = """async () => {
            const item = (await navigator.clipboard.read())[0];
            return (await item.getType("text/html")).text();
        }"""
        assert "四月四日至六日。" in phone.page.evaluate(copied)

        # What was copied in WeChat.
        phone.follow("从 Word 新建")
        phone.page.get_by_label("栏目").select_option(label="支部动态")
        paste = """(field, html) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/html", html);
            field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
        }"""
        phone.page.locator("#paste[contenteditable=true]").evaluate(paste, FRAGMENT)
        phone.page.get_by_role("button", name="用粘贴的内容新建草稿").click()
        report = phone.page.locator("#branchpress-said")
        report.get_by_text("草稿《走访慰问记》").wait_for()
        assert "mmbiz.qpic.cn" in report.inner_text()
        phone.field("body").get_by_text("上午九点出发。").first.wait_for()
        assert not phone.foreign
        phone.page.get_by_role("link", name="看看页面").wait_for()
        until_shown(
            phone.page, address + phone.page.get_by_role("link", name="看看页面").get_attribute("href"), "上午九点"
        )
        phone.page.get_by_role("button", name="复制到公众号").wait_for()
    folder = site.root / "content/alpha/news/2026-11-23-走访慰问记"
    assert sorted(each.name for each in folder.iterdir()) == ["index.md", "图-1.png"]
    assert "draft: true" in (folder / "index.md").read_text()
    assert git(site.root, "status", "--porcelain") == ""


@pytest.mark.browser
@pytest.mark.slow
def test_what_is_pasted_into_the_form_is_cleaned(site: SmallSite, browser: Any) -> None:
    """In the editor that shows the text as it will look, and in the plain one."""
    folder = site.root / "content/alpha/news/2026-11-22-open"
    site.write("--- content/alpha/news/2026-11-22-open/index.md\n---\ntitle: 打开的\n---\n")
    committed(site)
    paste = """(field, html) => {
        const clipboardData = new DataTransfer();
        clipboardData.setData("text/html", html);
        clipboardData.setData("text/plain", "原样");
        field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    }"""
    with editing(site) as address:
        phone = Phone(browser, address)
        phone.page.goto(f"{address}/admin/edit/alpha/#/collections/news/entries/2026-11-22-open/index")
        body = phone.field("body")
        rich = body.locator(".lexical-root")
        rich.click()
        phone.page.keyboard.type("开头。")
        phone.page.keyboard.press("Enter")
        jpeg = b64encode(photograph()).decode()
        rich.evaluate(paste, FRAGMENT.replace(PHOTO, f"data:image/jpeg;base64,{jpeg}"))
        rich.get_by_text("上午九点出发。").wait_for()
        told = phone.page.locator("#branchpress-said")
        told.get_by_text("图片（1 张）没有带入").wait_for()
        told.get_by_text("图片（1 张）放在了粘贴内容的后面").wait_for()
        assert "隐藏" in told.inner_text()
        assert faults_of(phone.page) == []
        told.get_by_role("button", name="关闭").click()
        phone.save()
        phone.page.get_by_text("已保存。", exact=True).wait_for()
        (picture,) = folder.glob("*.jpg")
        assert (folder / "index.md").read_text().partition("\n---\n")[2] == (
            f"\n开头。\n\n## 走访慰问记\n\n上午九点出发。\n\n联系电话 13800138000。\n\n![]({picture.name})\n"
        )
        assert not phone.foreign

        phone.page.goto(f"{address}/admin/edit/alpha/#/collections/news/entries/2026-11-22-open/index")
        body = phone.field("body")
        # The plain editor gets Markdown.
        body.get_by_role("button", name="以 Markdown 编辑").click()
        plain = body.locator("textarea")
        plain.fill("首段。\n末段。")
        plain.evaluate("area => area.setSelectionRange(3, 3)")
        plain.evaluate(paste, "<ul><li style='color:red'><b>一</b></li><li>二</li></ul><p style='opacity:0'>藏</p>")
        told.get_by_text("隐藏").first.wait_for()
        assert plain.input_value() == "首段。\n\n- **一**\n- 二\n\n末段。"
        # Where nothing answers, it is pasted as it was copied.
        phone.page.route("**/admin/paste/**", lambda route: route.abort())
        plain.evaluate("area => area.setSelectionRange(0, 0)")
        plain.evaluate(paste, "<p>x</p>")
        told.get_by_text("没能整理").wait_for()
        assert plain.input_value().startswith("原样首段。")
        body.get_by_role("button", name="以 Markdown 编辑").click()
        rich.get_by_text("原样首段。").click()
        rich.evaluate(paste, "<p>没有整理的字</p>")
        rich.get_by_text("没有整理的字").wait_for()

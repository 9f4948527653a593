"""The forms in real Decap CMS, over its real server in Git mode and a real repository: listed, opened, refused, saved."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import decap
import pytest
from conftest import NOW, REPOSITORY
from programs import are_required

from builder.audit.check import check_content
from builder.content import read_organization
from builder.content.forms import form_config, read_form_context
from builder.model.dates import parse_moment
from builder.model.values import Organization

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.slow, pytest.mark.browser]


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves a folder and says nothing."""

    def log_message(self, format: str, *args: object) -> None:
        """Drop the line."""


class Forms:
    """Decap in a browser, over the repository of the demo organization, for one of its branches."""

    def __init__(self, browser: Browser, repository: Path, address: str) -> None:
        self.repository, self.address = repository, address
        self.asked: set[str] = set()
        self.page: Page = browser.new_page(viewport={"width": 1280, "height": 900})
        self.page.on("request", lambda request: self.asked.add(request.url.split("/")[2].partition(":")[0]))
        self.page.goto(address)
        self.page.get_by_role("button", name="登录").click()
        self.page.get_by_test_id("news").wait_for()

    def open(self, path: str) -> Page:
        """Open a form afresh."""
        self.page.goto("about:blank")
        self.page.goto(f"{self.address}#/collections/{path}")
        self.page.get_by_label(re.compile("^标题")).wait_for()
        return self.page

    def save(self) -> None:
        """Publish what is in the form, and wait for the commit."""
        before = self.git("rev-parse", "HEAD")
        self.publish()
        for _ in range(100):
            if self.git("rev-parse", "HEAD") != before:
                return
            self.page.wait_for_timeout(100)
        raise AssertionError("nothing was committed")

    def publish(self) -> None:
        """Press the button."""
        self.page.get_by_role("button", name=re.compile("^发布")).first.click()
        self.page.get_by_role("menuitem", name="立即发布").click()

    def git(self, *arguments: str) -> str:
        """Run Git in the repository."""
        return subprocess.run(
            ["git", *arguments], cwd=self.repository, check=True, capture_output=True, text=True
        ).stdout


@pytest.fixture(scope="module")
def forms(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forms]:
    """One server and one page for all tests; each saves texts of its own."""
    if not decap.is_there():
        pytest.fail(decap.MISSING) if are_required(os.environ, "PROGRAM") else pytest.skip(decap.MISSING)
    home = tmp_path_factory.mktemp("decap")
    repository, web = home / "repository", home / "web"
    shutil.copytree(REPOSITORY / "content", repository / "content")
    for line in (
        "init -q -b main",
        # Decap's server reads the names that Git prints.
        "config core.quotepath off",
        "config user.name test",
        "config user.email test@example.org",
        "add -A",
        "commit -q -m first",
    ):
        subprocess.run(["git", *line.split()], cwd=repository, check=True)
    port = _free_port()
    shutil.copytree(decap.PROGRAM, web)
    settings = {"name": "proxy", "proxy_url": f"http://localhost:{port}/api/v1", "branch": "main"}
    context = read_form_context(repository, _organization(repository), "mechanical-1", "decap")
    (web / "config.yml").write_text(json.dumps(form_config(context, settings), ensure_ascii=False), "utf-8")
    (web / "index.html").write_text(
        '<!doctype html><meta charset="utf-8"><title>forms</title><link rel="cms-config-url" type="text/yaml" '
        'href="config.yml"><body><script src="decap-cms.js"></script>',
        "utf-8",
    )
    environment = {**os.environ, "MODE": "git", "PORT": str(port), "GIT_REPO_DIRECTORY": str(repository)}
    server = subprocess.Popen(
        ["node", str(decap.SERVER)], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    pages = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(web)))
    threading.Thread(target=pages.serve_forever, daemon=True).start()
    try:
        _wait_for(port)
        yield Forms(browser, repository, f"http://localhost:{pages.server_port}/")
    finally:
        pages.shutdown()
        server.terminate()
        server.wait()


def _organization(root: Path) -> Organization:
    organization, problems = read_organization(root)
    assert organization is not None, problems
    return organization


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("localhost", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("Decap's server does not answer")


def errors(forms: Forms) -> list[str]:
    """The errors of the content as it is now."""
    (forms.repository / "mkdocs.yml").write_text("theme: {name: material}\n", "utf-8")
    now = parse_moment(NOW, _organization(forms.repository).zone)
    assert now is not None
    return [f"{each.path} {each.code}" for each in check_content(forms.repository, now.at) if each.severity == "error"]


def test_it_takes_the_settings_and_asks_nobody_else(forms: Forms) -> None:
    forms.page.get_by_text("工坊向新生开放：四十把起子，四十个人").wait_for()
    listed = forms.page.inner_text("body")
    for title in ("支部动态", "工坊日记", "通知公告", "活动日程", "理论学习", "微感言", "来信回应", "单独的页面"):
        assert title in listed
    # Single files and folders are in one list.
    for title in ("走廊里的一面公式墙", "工坊向新生开放：四十把起子，四十个人"):
        assert title in listed
    assert forms.asked <= {"localhost", ""}


@pytest.mark.parametrize(
    "path",
    ["news/entries/2026-11-20-workshop-open-day/index", "events/entries/2026-11-15-open-workshop"],
)
def test_a_corrected_title_changes_no_other_value(forms: Forms, path: str) -> None:
    page = forms.open(path)
    title = page.get_by_label(re.compile("^标题"))
    title.fill(f"{title.input_value()}（改）")
    forms.save()
    changed = forms.git("show", "--format=", "--unified=0", "HEAD")
    assert "（改）" in changed
    # Decap writes lists in its own way; the text below the front matter is untouched.
    body = [line for line in changed.splitlines() if re.match(r"[+-](?![+-])", line)]
    assert all(re.match(r"[+-](?:\s|- |\w+:)", line) for line in body), changed
    assert errors(forms) == []


def test_a_new_notice_is_a_folder_that_the_check_accepts(forms: Forms) -> None:
    page = forms.open("notices/new")
    page.get_by_label(re.compile("^标题")).fill("“十二月”值班：第 1 周")
    forms.save()
    path = forms.git("show", "--format=", "--name-only", "-z", "HEAD").strip("\0")
    assert re.fullmatch(r"content/mechanical-1/notices/\d{4}-\d\d-\d\d-[^/]+/index\.md", path)
    # Nothing is written that nobody filled in.
    assert (forms.repository / path).read_text("utf-8").strip() == "---\ntitle: “十二月”值班：第 1 周\n---"
    assert errors(forms) == []


def test_an_event_without_its_time_is_refused_by_the_form(forms: Forms) -> None:
    page = forms.open("events/new")
    before = forms.git("rev-parse", "HEAD")
    page.get_by_label(re.compile("^标题")).fill("没有时间的活动")
    forms.publish()
    page.get_by_text("必填项").first.wait_for()
    assert forms.git("rev-parse", "HEAD") == before

"""The pages for editors on a published site: one for each branch, with a policy of its own, only where a Git host is named."""

from __future__ import annotations

import json
import os
import re
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import forms
import pytest
from conftest import NOW, SmallSite
from programs import are_required

from builder.cli.commands import main
from builder.content.forms.page import form_page, form_policy, form_program
from builder.model.values import Editing

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.slow

HOST = "editing: {host: gitea, repo: party/sites, url: 'https://git.example.edu.cn/'}\n"
EDITING = Editing(host="gitea", repo="party/sites", url="https://git.example.edu.cn/")


def with_host(site: SmallSite, line: str = HOST) -> SmallSite:
    file = site.root / "content/organization.yml"
    file.write_text(file.read_text("utf-8").partition("editing:")[0] + line, "utf-8")
    return site


def test_without_a_host_there_are_no_forms(built_site: SmallSite) -> None:
    assert not built_site.exists("admin")
    assert "admin" not in built_site.page("_headers")


def test_each_branch_has_settings_of_its_own(site: SmallSite) -> None:
    with_host(site).build()
    for slug in ("alpha", "beta"):
        settings = json.loads(site.page(f"admin/{slug}/config.yml"))
        assert settings["backend"]["repo"] == "party/sites"
        assert {each["folder"].split("/")[1] for each in settings["collections"]} == {slug}
    with_host(site, "").build()
    assert not site.exists("admin")


def test_only_what_changed_is_written_again(site: SmallSite) -> None:
    with_host(site).build()
    before = site.times("admin")
    (site.root / "content/alpha/news/2026-11-22-more.md").write_text("---\ntitle: 又一篇\n---\n", "utf-8")
    site.build()
    assert site.times("admin") == before
    site.write("--- content/alpha/branch.yml\nname: 甲支部\nsections: {add: {labs: 实验室}}\n").build()
    assert "实验室" in site.page("admin/alpha/config.yml")
    assert site.times("admin")["beta/config.yml"] == before["beta/config.yml"]
    talk = "2026-11-22-talk.yml\ntitle: 谈\nbody: 文\n"
    for section, other in (("news", "notices"), ("notices", "news")):
        site.write(f"--- content/alpha/{section}/{talk}").build()
        assert [f"{each}-yml" in site.page("admin/alpha/config.yml") for each in (section, other)] == [True, False]
        site.delete(f"content/alpha/{section}/2026-11-22-talk.yml")


def test_nothing_hidden_is_in_the_settings(site: SmallSite) -> None:
    site.write("""
--- content/hub/topics/secret.md
---
title: 未公开的专题
draft: true
---
""")
    with_host(site).build()
    assert site.mentions("未公开的专题") == []


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """What ``make forms`` leaves, with the names that matter."""
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "assets/host-a1.js").write_text("start()", "utf-8")
    (folder / "assets/host-a1.css").write_text("body {}", "utf-8")
    manifest = {"src/host.js": {"file": "assets/host-a1.js", "css": ["assets/host-a1.css"]}}
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return folder


def test_the_page_runs_the_program_and_nothing_else(program: Path) -> None:
    found = form_program(program)
    assert found is not None
    page = form_page('甲 <支部> "一"', "zh", found, EDITING).decode()
    assert re.findall(r"<script[^>]*>", page) == ['<script type="module" src="../forms/assets/host-a1.js">']
    assert "甲 &lt;支部&gt; &quot;一&quot;" in page
    assert 'href="../forms/assets/host-a1.css"' in page
    assert 'href="config.yml"' in page
    assert "noindex" in page
    assert found.read("assets/host-a1.js") == b"start()"
    assert form_program(program / "elsewhere") is None
    (program / "manifest.json").write_text('{"src/other.js": {"file": "assets/host-a1.js"}}', "utf-8")
    assert form_program(program) is None


def test_the_policy_lets_it_talk_to_the_git_host_alone() -> None:
    rules = dict(part.split(" ", 1) for part in form_policy(EDITING).split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert rules["connect-src"] == "'self' blob: data: https://git.example.edu.cn"
    assert "https://api.github.com" in form_policy(Editing(host="github", repo="a/b"))
    assert "https://gitlab.com" in form_policy(Editing(host="gitlab", repo="a/b"))


def test_headers_of_the_pages_for_editors_take_the_place_of_the_general_ones(site: SmallSite) -> None:
    with_host(site).build()
    plain = site.page("_headers")
    own = plain[plain.index("/admin/*") :].splitlines()
    assert own[1] == "  ! Content-Security-Policy"
    assert "https://git.example.edu.cn" in own[2]
    assert own[2].endswith("frame-ancestors 'none'")
    nginx = site.page("hub/headers/nginx.conf")
    block = nginx[nginx.index("location ^~ /admin/ {") :].partition("}")[0]
    assert block.count("Content-Security-Policy") == 1
    assert "nosniff" in block
    assert '<LocationMatch "^/admin/">' in site.page("hub/headers/apache.conf")
    assert "path_regexp `^/admin/`" in site.page("hub/headers/caddy.conf")


def test_a_build_says_how_to_get_the_program(site: SmallSite, capsys: pytest.CaptureFixture[str]) -> None:
    with_host(site)
    main(["build", "--executor", "serial", "--now", NOW, "--root", str(site.root)])
    assert ("make forms" in capsys.readouterr().err) is not site.exists("admin/alpha/index.html")


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves a folder and says nothing."""

    def log_message(self, format: str, *args: object) -> None:
        """Drop the line."""


@pytest.mark.browser
def test_the_published_page_shows_the_forms_and_asks_nobody_else(site: SmallSite, browser: Browser) -> None:
    if not forms.is_built():
        pytest.fail(forms.REQUIRED) if are_required(os.environ, "BROWSER") else pytest.skip(forms.MISSING)
    with_host(site, HOST.replace("}", ", app_id: abc}")).build()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(site.output)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    context = browser.new_context(locale="zh-CN", viewport={"width": 390, "height": 844})
    page, asked, said = context.new_page(), set[str](), list[str]()
    page.on("request", lambda request: asked.add(request.url.split("/")[2].partition(":")[0]))
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    try:
        page.goto(f"http://127.0.0.1:{server.server_port}/admin/alpha/")
        page.get_by_text("使用访问令牌登录").wait_for()
        assert "甲支部 · 党建在线" in page.inner_text("body")
    finally:
        context.close()
        server.shutdown()
    assert asked == {"127.0.0.1"}
    # Neither the settings nor the policy of the page are found wanting.
    assert said == []

"""An entry for WeChat: ``branchpress wechat``, the button in the preview, and what the editor leaves of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime

import pytest
from conftest import NOW, SmallSite
from lxml import html as lxml_html
from playwright.sync_api import Browser, Page, expect
from preview_session import Served, served

from builder.cli.commands import main
from builder.content import read_organization
from builder.formats.wechat import wechat_html
from builder.pipeline.wechat import wechat_of

GONE_ELEMENTS = frozenset(
    "script style link meta base head title iframe frame object embed applet form input button select textarea video audio "
    "source track canvas template noscript dialog slot".split()
)
"""Elements that the editor takes out."""
GONE_ATTRIBUTES = frozenset(
    "id class name srcset sizes loading decoding contenteditable draggable tabindex role dir".split()
)
"""Attributes that it takes out, besides all that begin with ``on``, ``data-`` or ``aria-``."""
GONE_STYLES = frozenset(
    "position z-index top right bottom left inset float-reference animation transition filter cursor content behavior".split()
)
"""Properties of inline styles that it takes out, besides custom ones and whatever has ``var()`` or ``url()``."""
ENTRY = """
--- content/alpha/news/2026-11-22-walk/index.md
---
title: 走访
draft: true
attachments: [gone.pdf]
---
上午**出发**，见[方案](../../about.md)和[新闻](https://news.example.org/a?b=1&c=2)，再看[新闻](https://news.example.org/a?b=1&c=2)[^1]。

## 一、经过

![南门](1.png "图 1 南门")

1. 第一
   - 里面
2. 第二 `code`

> 引用

| 姓名 | 票 |
| --- | --- |
| 甲 | 1 |

```
a  = 1
  b
```

见 https://example.com/x 和[往期](https://mp.weixin.qq.com/s/abc)，公式 $x^2$。<br><details><summary>更多</summary>藏着</details>

[^1]: 注释一。
"""
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108020000009077"
    "53de0000000c4944415408d763f8cfc000000301010018dd8db00000000049454e44ae426082"
)


@pytest.fixture
def walk(site: SmallSite) -> SmallSite:
    """A site with a draft that has everything."""
    site.write(ENTRY)
    (site.root / "content/alpha/news/2026-11-22-walk/1.png").write_bytes(PICTURE)
    return site


def html_of(site: SmallSite, entry: str = "alpha/news/2026-11-22-walk") -> str:
    organization, _ = read_organization(site.root)
    assert organization is not None
    text = wechat_of(site.root, organization, entry, datetime.fromisoformat(NOW))
    assert text is not None
    return text


def test_every_element_carries_its_look_and_nothing_that_is_taken_out(walk: SmallSite) -> None:
    root = lxml_html.fragment_fromstring(html_of(walk))
    for element in root.iter():
        assert element.tag not in GONE_ELEMENTS
        assert not GONE_ATTRIBUTES & set(element.attrib)
        assert not any(name.startswith(("on", "data-", "aria-")) for name in element.attrib)
        properties = {part.partition(":")[0].strip() for part in (element.get("style") or "").split(";")}
        assert not GONE_STYLES & properties
        assert "url(" not in (element.get("style") or "")
    assert root.tag == "section"
    assert all(
        element.get("style")
        for element in root.iter("p", "h2", "ul", "ol", "li", "td", "th", "blockquote", "pre", "img")
    )
    assert [link.get("href") for link in root.iter("a")] == ["https://mp.weixin.qq.com/s/abc"]


def test_links_are_numbers_and_their_addresses_stand_at_the_end(walk: SmallSite) -> None:
    root = lxml_html.fragment_fromstring(html_of(walk))
    words = root.text_content()
    assert "见方案[2]和新闻[3]，再看新闻[3][1]。" in words
    assert "见 https://example.com/x 和往期" in words
    assert words.index("注释一。") < words.index("[2] https://example.org/alpha/about/")
    assert "[3] https://news.example.org/a?b=1&c=2" in words
    assert words.endswith("首发：https://example.org/alpha/news/2026-11-22-walk/")
    assert "↩" not in words


def test_pictures_are_full_addresses_and_code_keeps_its_blanks(walk: SmallSite) -> None:
    text = html_of(walk)
    assert 'src="https://example.org/alpha/news/2026-11-22-walk/1.png"' in text
    assert "图 1 南门" in text
    assert "a\u00a0\u00a0=\u00a01<br>\u00a0\u00a0b" in text
    assert re.search(r"</li>\s*<ul[^>]*>\s*<li[^>]*>里面</li>\s*</ul>\s*<li", text)


def test_the_command_takes_a_ref_a_path_and_a_folder(
    walk: SmallSite, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(walk.root)
    said = set()
    for entry in (
        "alpha/news/2026-11-22-walk",
        "content/alpha/news/2026-11-22-walk/index.md",
        "content/alpha/news/2026-11-22-walk",
    ):
        assert main(["wechat", entry, "--now", NOW]) == 0
        said.add(capsys.readouterr().out)
    assert said == {html_of(walk) + "\n"}
    assert "党员们出发了" in html_of(walk, "alpha/news/2026-11-20-visit")
    for entry in (
        "alpha/news/none",
        "nobody/news/x",
        "alpha",
        "../../etc/passwd",
        "content/alpha/branch.yml",
        "alpha/../beta/x",
    ):
        assert main(["wechat", entry, "--now", NOW]) == 2
        assert capsys.readouterr().out == ""


def test_an_empty_text_and_what_runs_are_nothing() -> None:
    assert lxml_html.fragment_fromstring(wechat_html("", "")).text_content() == ""
    text = wechat_html('<p onclick="x()">a<script>b</script><img src="data:image/png;base64,AA" alt="图"></p>', "")
    assert "script" not in text
    assert "onclick" not in text
    assert "data:" not in text


EDITOR = """<!DOCTYPE html><meta charset="utf-8"><div id="editor" contenteditable="true" style="min-height:200px"></div><script>
const gone = %s;
document.getElementById("editor").addEventListener("paste", (event) => {
  event.preventDefault();
  const page = new DOMParser().parseFromString(event.clipboardData.getData("text/html"), "text/html");
  for (const element of [...page.body.querySelectorAll("*")]) {
    if (gone.elements.includes(element.localName)) { element.remove(); continue; }
    for (const { name } of [...element.attributes]) {
      if (gone.attributes.includes(name) || /^(on|data-|aria-)/.test(name)) element.removeAttribute(name);
    }
    for (const name of [...element.style]) {
      const value = element.style.getPropertyValue(name);
      if (gone.styles.includes(name) || name.startsWith("--") || /var\\(|url\\(/.test(value)) element.style.removeProperty(name);
    }
    const address = element.getAttribute(element.localName === "img" ? "src" : "href") || "";
    if (element.localName === "a" && !address.startsWith("https://mp.weixin.qq.com/")) element.replaceWith(...element.childNodes);
    if (element.localName === "img" && !/^https?:/.test(address)) element.remove();
  }
  for (const inner of [...page.body.querySelectorAll("li > ul, li > ol")].reverse()) inner.parentNode.after(inner);
  for (const block of page.body.querySelectorAll("pre")) {
    for (const text of block.childNodes) if (text.nodeType === 3) text.data = text.data.replace(/[ \\t\\n]+/g, " ");
  }
  event.target.closest("#editor").innerHTML = page.body.innerHTML;
});
</script>"""


@pytest.fixture
def preview(walk: SmallSite) -> Iterator[Served]:
    with served(walk) as running:
        running.state()
        yield running


@pytest.mark.browser
def test_what_is_copied_in_the_preview_survives_the_editor(walk: SmallSite, preview: Served, browser: Browser) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.goto(f"http://127.0.0.1:{preview.port}/alpha/news/2026-11-22-walk/")
    page.get_by_role("button", name="复制到公众号").click()
    expect(page.get_by_role("status").filter(has_text="已复制")).to_be_visible()
    gone = {"elements": sorted(GONE_ELEMENTS), "attributes": sorted(GONE_ATTRIBUTES), "styles": sorted(GONE_STYLES)}
    # Pictures at the addresses that they will have are not to be asked for by a test.
    context.route("https://example.org/**", lambda route: route.fulfill(body=PICTURE, content_type="image/png"))
    pasted = _pasted(page, EDITOR % json.dumps(gone))
    before = _looks(page, html_of(walk))
    assert [each["words"] for each in pasted] == [each["words"] for each in before]
    assert pasted == before
    assert any(each["tag"] == "img" for each in pasted)
    home = context.new_page()
    home.goto(f"http://127.0.0.1:{preview.port}/alpha/")
    expect(home.locator("#branchpress-preview")).to_be_visible()
    expect(home.get_by_role("button", name="复制到公众号")).to_have_count(0)
    context.close()


LOOKS = """(root) => [...root.querySelectorAll("*")].map((element) => {
  const look = getComputedStyle(element);
  const names = ["fontSize", "fontWeight", "color", "backgroundColor", "marginBottom", "borderLeftWidth", "textAlign"];
  return { tag: element.localName, words: element.textContent, look: names.map((name) => look[name]) };
})"""


def _pasted(page: Page, editor: str) -> list[dict[str, object]]:
    page.route("**/editor.html", lambda route: route.fulfill(body=editor, content_type="text/html; charset=utf-8"))
    address = page.url
    page.goto(re.sub(r"(//[^/]+/).*", r"\1editor.html", address))
    page.locator("#editor").click()
    page.keyboard.press("Control+V")
    expect(page.locator("#editor")).to_contain_text("注释一")
    found: list[dict[str, object]] = page.locator("#editor").evaluate(LOOKS)
    return found


def _looks(page: Page, html: str) -> list[dict[str, object]]:
    """The look of every element of the text as it was made, on a page without any style of its own."""
    page.locator("#editor").evaluate("(editor, html) => { editor.innerHTML = html; }", html)
    found: list[dict[str, object]] = page.locator("#editor").evaluate(LOOKS)
    return found

"""Films, sounds and files that are written like pictures; frames; what lies on other hosts; captions."""

from __future__ import annotations

import io
from base64 import b64encode
from collections.abc import Callable

import pytest
from conftest import SmallSite
from PIL import Image

from builder.content.markdown import Options, render
from builder.content.markdown.embed import frame_address

MakeSite = Callable[[str], SmallSite]
SITE = """
--- mkdocs.yml
--- content/organization.yml
name: 示范大学
url: https://example.org/
sections:
  news: {title: 动态}
--- content/a/branch.yml
name: 甲支部
--- content/a/news/2026-11-20-x/index.md
---
title: 标题
---
"""
FILES = """\
--- content/a/news/2026-11-20-x/v.mp4
film
--- content/a/news/2026-11-20-x/s.mp3
sound
--- content/a/news/2026-11-20-x/t.pdf
%PDF
"""
WITH_FILES = SITE.replace("--- content/a/news", f"{FILES}--- content/a/news")
BASE = "../../../a/news/2026-11-20-x/"
PAGE, FEED = "a/news/2026-11-20-x/index.html", "a/feed.xml"


def test_a_film_and_a_sound_are_played_and_a_file_is_a_card(make_site: MakeSite) -> None:
    site = make_site(WITH_FILES + "![开幕式](v.mp4)\n\n![歌曲](s.mp3)\n\n![通知全文](t.pdf)\n")
    assert site.check() == ()
    site.build()
    page = site.page(PAGE)
    assert (
        f'<video controls preload="metadata" src="{BASE}v.mp4" aria-label="开幕式"><a href="{BASE}v.mp4">开幕式</a></video>'
        in page
    )
    assert (
        f'<audio controls preload="metadata" src="{BASE}s.mp3" aria-label="歌曲"><a href="{BASE}s.mp3">歌曲</a></audio>'
        in page
    )
    assert f'<a class="file-card" href="{BASE}t.pdf">通知全文 <small>PDF, 5 B</small></a>' in page
    assert all(site.exists(f"a/news/2026-11-20-x/{name}") for name in ("v.mp4", "s.mp3", "t.pdf"))
    assert "https://example.org/a/news/2026-11-20-x/v.mp4" in site.page(FEED)


def test_a_player_written_as_html_is_one_too(make_site: MakeSite) -> None:
    site = make_site(WITH_FILES + '<video controls width="300"><source src="v.mp4" type="video/mp4">无法播放</video>\n')
    site.build()
    assert f'<video controls preload="metadata" src="{BASE}v.mp4">' in site.page(PAGE)
    assert "无法播放" not in site.page(PAGE)


def test_inside_a_link_they_are_words(make_site: MakeSite) -> None:
    site = make_site(WITH_FILES + "[![开幕式](v.mp4)](t.pdf) [![外](https://o.example/x.png)](t.pdf)\n")
    site.build()
    assert f'<a href="{BASE}t.pdf">开幕式</a> <a href="{BASE}t.pdf">外</a>' in site.page(PAGE)


def test_what_lies_on_other_hosts_leaves_a_link_with_its_words(make_site: MakeSite) -> None:
    site = make_site(SITE + "![外站图片](https://other.example/a.png)\n\n![](https://other.example/v.mp4)\n")
    assert {each.code for each in site.check()} == {"external-file"}
    site.build()
    page = site.page(PAGE)
    assert '<a rel="noopener" href="https://other.example/a.png">外站图片</a>' in page
    assert '<a rel="noopener" href="https://other.example/v.mp4">https://other.example/v.mp4</a>' in page
    assert "<img" not in page.partition('class="prose"')[2].partition("</article>")[0]


def test_a_caption_stands_under_a_picture_that_stands_alone() -> None:
    body = render('![合影](a.jpg "全体党员")\n\n文中 ![合影](a.jpg "全体党员") 不算')
    assert "".join(body.segments).count("<figcaption>全体党员</figcaption>") == 1
    assert body.text == "全体党员\n文中 不算"


HOSTS = ("player.bilibili.com", "视频.中国", "V.QQ.com")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("https://player.bilibili.com/p?a=1", "https://player.bilibili.com/p?a=1"),
        ("//player.bilibili.com/p", "https://player.bilibili.com/p"),
        ("https://PLAYER.BiliBili.com./p", "https://player.bilibili.com/p"),
        ("HTTPS://player.bilibili.com:443/p", "https://player.bilibili.com/p"),
        ("https://视频.中国/p", "https://xn--cy2a840a.xn--fiqs8s/p"),
        ("https://XN--CY2A840A.xn--fiqs8s/p", "https://xn--cy2a840a.xn--fiqs8s/p"),
        ("https://v.qq.com/p", "https://v.qq.com/p"),
        ("https://player。bilibili。com/p", "https://player.bilibili.com/p"),
        ("https://player.bilibili.com", "https://player.bilibili.com"),
    ],
)
def test_an_allowed_host_counts_in_any_spelling(written: str, shown: str) -> None:
    assert frame_address(written, HOSTS) == shown


@pytest.mark.parametrize(
    "written",
    [
        "http://player.bilibili.com/p",
        "https://player.bilibili.com:8443/p",
        "https://player.bilibili.com:x/p",
        "https://u@player.bilibili.com/p",
        "https://player.bilibili.com@evil.example/p",
        "https://player.bilibili.com:443@evil.example/",
        "https://evil.example\\@player.bilibili.com/",
        "https://evil.example\\.player.bilibili.com/",
        "https:\\\\player.bilibili.com/p",
        "https:player.bilibili.com/p",
        "https:///player.bilibili.com/p",
        "https://player.bilibili.com%2eevil.example/",
        "https://player.bilibili.com.evil.example/",
        "https://xplayer.bilibili.com/",
        "https://evil.example/#https://player.bilibili.com/",
        "https://evil.example?//player.bilibili.com/",
        " https://evil.example/",
        "https://player.bilibili.com\n.evil.example/",
        "https://player.bilibili.com\t.evil.example/",
        "https://[player.bilibili.com]/",
        "javascript:alert(1)",
        "data:text/html,x",
        "/p",
        "p",
        "",
        "//",
    ],
)
def test_tricks_with_hosts_are_refused(written: str) -> None:
    assert frame_address(written, HOSTS) == ""


def test_a_frame_of_any_other_host_leaves_a_link_and_is_told() -> None:
    body = render(
        '<iframe src="//other.example/e?a=1&amp;b=2" title="讲座">x</iframe>', options=Options(frames_from=HOSTS)
    )
    assert [(link.kind, link.target, link.text) for link in body.links] == [
        ("link", "https://other.example/e?a=1&b=2", "讲座")
    ]
    assert [each.code for each in body.diagnostics] == ["frame-refused"]


PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def test_a_small_picture_that_is_written_into_the_text_is_taken_in_as_a_file(make_site: MakeSite) -> None:
    site = make_site(SITE + f"![二维码](data:image/png;base64,{PNG})\n")
    assert site.check() == ()
    site.build()
    address = site.page(PAGE).partition('<img src="')[2].partition('"')[0]
    name = address.rpartition("/")[2]
    assert address == f"../../../a/media/_embedded/{name}"
    assert (site.output / "a/media/_embedded" / name).read_bytes().startswith(b"\x89PNG")
    assert f"https://example.org/a/media/_embedded/{name}" in site.page(FEED)
    site.write("--- content/a/news/2026-11-20-x/index.md\n---\ntitle: 标题\n---\n没有图\n").build()
    assert not (site.output / "a/media/_embedded" / name).exists()


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("data:image/png;base64,iVBORw0KGgo=", "picture-unreadable"),
        ("data:image/png;base64,AAAAA", "picture-unreadable"),
        ("data:image/svg+xml;base64,PHN2Zy8+", "address-scheme"),
        ("data:text/html,x", "address-scheme"),
        ("data:image/png;base64," + "A" * 500_000, "address-scheme"),
    ],
    ids=["cut", "odd", "drawing", "page", "large"],
)
def test_what_is_no_small_picture_is_told(make_site: MakeSite, written: str, code: str) -> None:
    site = make_site(SITE + f"![图]({written})\n")
    assert [each.code for each in site.check()] == [code]
    site.build()
    assert "data:image" not in site.page(PAGE)


def written_in(size: tuple[int, int], colour: int = 1) -> str:
    """A PNG of one colour as it is written into a text."""
    content = io.BytesIO()
    Image.new("1", size, colour).save(content, "PNG")
    return f"data:image/png;base64,{b64encode(content.getvalue()).decode()}"


@pytest.mark.slow
def test_pictures_in_a_text_have_the_bounds_of_those_in_files(make_site: MakeSite) -> None:
    small = "".join(f"![图]({written_in((9, 9 + number))})\n" for number in range(55))
    site = make_site(f"{SITE}![大]({written_in((9_000, 9_000))})\n\n![中]({written_in((60, 60))})\n\n{small}")
    told = [(each.code, each.line, dict(each.arguments)) for each in site.build().problems]
    first = {"target": "data:image/png;base64,iVBORw0K…", "detail": "81"}
    assert told == [
        ("picture-too-many-pixels", 4, first),
        ("pictures-embedded", 56, {"number": "57", "most": "50"}),
    ]
    assert len(list((site.output / "a/media/_embedded").iterdir())) == 49
    assert [(each.code, each.line) for each in site.check()] == [(code, line) for code, line, _ in told]


@pytest.mark.slow
def test_pictures_in_a_text_have_a_bound_together(make_site: MakeSite) -> None:
    large = [written_in((8_000, 7_900), 0), written_in((8_000, 7_900)), written_in((8_000, 7_800))]
    site = make_site(SITE + "".join(f"![图]({picture})\n\n" for picture in (*large, written_in((60, 60)))))
    assert [(each.code, each.line, each.arguments["detail"]) for each in site.build().problems] == [
        ("picture-too-many-pixels", 8, "189")
    ]
    assert len(list((site.output / "a/media/_embedded").iterdir())) == 3

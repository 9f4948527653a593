"""How readers take part: by mail, by a form, by an issue, and where pages say so."""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from conftest import NOW, ORGANIZATION, TWO_BRANCHES, SmallSite

from builder.audit.run import audit
from builder.formats.qr import qr_code
from builder.model.ways import MOST_IN_MAIL, filled, is_safe, mail_link, new_issue, wrong_placeholder
from builder.workers import SerialExecutor

LETTER = """
--- content/alpha/letters/2026-11-18-lamp.yml
title: 楼道的灯
question: 三楼的灯不亮。
received: 2026-11-18
replied: 2026-11-19
body: 换好了。
"""
ENTRY = "alpha/news/2026-11-20-visit/index.html"


def mails(page: str) -> list[dict[str, str]]:
    """The mails that a page offers: to whom, with which subject and body."""
    found = []
    for href in re.findall(r'<a class="act" href="(mailto:[^"]+)"', page):
        parts = urlsplit(unescape(href))
        found.append({"to": unquote(parts.path)} | {name: value[0] for name, value in parse_qs(parts.query).items()})
    return found


def acts(page: str) -> list[str]:
    """Where the buttons of a page lead."""
    return [unescape(href) for href in re.findall(r'<a class="act" href="([^"]+)"', page)]


def unreachable(site: SmallSite) -> set[str]:
    """The branches of which the audit says that nobody can reach them."""
    with SerialExecutor() as executor:
        found = audit(site.root, datetime.fromisoformat(NOW), executor).findings
    return {each.branch for each in found if each.code == "channel-missing"}


def site_with(site: SmallSite, organization: str = "", alpha: str = "") -> SmallSite:
    """The small organization with more lines in its settings and in those of a branch."""
    site.write(ORGANIZATION + organization + TWO_BRANCHES + LETTER)
    return site.write(f"--- content/alpha/branch.yml\nname: 甲支部\n{alpha}")


def test_an_address_is_enough(site: SmallSite) -> None:
    site_with(site, alpha="contact: {email: jia@example.org}\n").build()
    told = mails(site.page(ENTRY))[0]
    assert told["to"] == "jia@example.org"
    assert told["subject"] == "[纠错] 走访慰问"
    assert "https://example.org/alpha/news/2026-11-20-visit/\r\n" in told["body"]
    for page in ("alpha/index.html", "alpha/letters/index.html", "alpha/letters/2026-11-18-lamp/index.html"):
        assert 'data-copy="jia@example.org"' in site.page(page), "for whom no program opens a mail"
        assert "[来信] 甲支部" in [each["subject"] for each in mails(site.page(page))]
    assert mails(site.page("alpha/about/index.html"))[0]["subject"] == "[纠错] 关于我们"
    assert mails(site.page("letters/index.html")) == [], "the organization has no address"
    assert mails(site.page("beta/news/2026-11-21-reading/index.html")) == []


def test_home_pages_lead_to_it_at_once(site: SmallSite) -> None:
    site_with(site, alpha="contact: {email: jia@example.org}\n").build()
    for home, open in (("alpha/index.html", True), ("beta/index.html", False)):
        page = site.page(home)
        head = page.partition('<header class="standfirst">')[2].partition("</header>")[0]
        assert ('<a href="#write">写信给我们</a>' in head) == ('id="write"' in page) == open


def test_nothing_is_offered_where_nothing_is_given_and_the_audit_says_so(site: SmallSite) -> None:
    site_with(site, alpha="contact: {person: 值班同志, email: 请到办公室}\n").build()
    for path, content in site.files().items():
        if path.endswith(".html"):
            assert b'class="act"' not in content, path
            assert b'class="wrong"' not in content, path
    assert unreachable(site) == {"alpha", "beta"}


@pytest.mark.parametrize(
    ("organization", "alpha"),
    [
        ("contact: {email: all@example.org}\n", ""),
        ("", "contact: {phone: 010-1}\n"),
        ("", 'ways: {letter: {form: "https://wj.example.org/1"}}\n'),
        ("ways: {correction: {mail: web@example.org}}\n", ""),
    ],
    ids=["the organization's mail", "a telephone", "a form", "an office for corrections"],
)
def test_one_way_is_enough_for_the_audit(site: SmallSite, organization: str, alpha: str) -> None:
    site_with(site, organization, alpha)
    assert "alpha" not in unreachable(site)


def test_forms_and_issues_know_where_the_reader_comes_from(site: SmallSite) -> None:
    site_with(
        site,
        "edit_url: https://git.example.org/party/sites/edit/main/content/\n"
        "ways:\n"
        '  letter: {mail: true, form: "https://wj.example.org/s?from={branch}", note: 每天下午查看}\n'
        '  correction: {issue: true, form: "https://wj.example.org/e?in={section}&of={entry}&at={url}&called={title}"}\n',
    ).build()
    form, issue = acts(site.page(ENTRY))
    asked = {name: value[0] for name, value in parse_qs(urlsplit(form).query).items()}
    assert asked == {
        "in": "news",
        "of": "2026-11-20-visit",
        "at": "https://example.org/alpha/news/2026-11-20-visit/",
        "called": "走访慰问",
    }
    assert issue.startswith("https://git.example.org/party/sites/issues/new?title=")
    assert parse_qs(urlsplit(issue).query)["title"] == ["[纠错] 走访慰问"]
    page = site.page("alpha/letters/index.html")
    assert acts(page) == ["https://wj.example.org/s?from=alpha"], "without an address no mail"
    assert "每天下午查看" in page
    assert qr_code("https://wj.example.org/s?from=alpha").path in page
    assert acts(site.page("letters/index.html")) == ["https://wj.example.org/s?from=hub"]


def test_a_branch_has_ways_of_its_own(site: SmallSite) -> None:
    site_with(
        site,
        "contact: {email: all@example.org}\nways:\n  letter: {mail: true, reply_within: 5 working days}\n",
        "contact: {email: jia@example.org}\n"
        "ways: {letter: {mail: false}, correction: {mail: jiu@example.org, reply_within: 2 days}}\n",
    ).build()
    assert mails(site.page("alpha/letters/index.html")) == []
    assert [each["to"] for each in mails(site.page(ENTRY))] == ["jiu@example.org"]
    assert "我们在 2 天内答复。" in site.page(ENTRY)
    assert [each["to"] for each in mails(site.page("letters/index.html"))] == ["all@example.org"]
    assert "我们在 5 个工作日内答复。" in site.page("letters/index.html")
    assert [each["to"] for each in mails(site.page("beta/news/2026-11-21-reading/index.html"))] == ["all@example.org"]


def test_letters_say_the_time_of_their_section(site: SmallSite) -> None:
    site.write(ORGANIZATION.replace("type: letter}", "type: letter, reply_within: 3 working days}"))
    site.write(TWO_BRANCHES.replace("name: 甲支部", "name: 甲支部\ncontact: {email: jia@example.org}")).build()
    assert "我们在 3 个工作日内答复。" in site.page("alpha/letters/index.html")
    assert "个工作日" not in site.page(ENTRY)


@pytest.mark.slow
def test_a_closed_branch_gets_no_letters_and_the_organization_its_corrections(site: SmallSite) -> None:
    site_with(
        site,
        "contact: {email: all@example.org}\n",
        "contact: {email: jia@example.org}\nstatus: closed\nclosed: 2026-11-01\n",
    ).build()
    assert mails(site.page("alpha/letters/index.html")) == []
    assert [each["to"] for each in mails(site.page(ENTRY))] == ["all@example.org"]


TOPIC = """
--- content/hub/topics/safety.md
---
title: 实验室安全
discussion: {question: 先改什么？, opens: 2026-11-09, closes: 2026-12-18}
---
写一条。
"""


@pytest.mark.parametrize(
    ("topic", "now", "open"),
    [
        (TOPIC, "2026-11-23", True),
        (TOPIC, "2026-11-01", False),
        (TOPIC, "2026-12-19", False),
        (TOPIC.replace("discussion:", "closed: 2026-11-20\ndiscussion:"), "2026-11-23", False),
        (re.sub("discussion:.*\n", "", TOPIC), "2026-11-23", True),
    ],
    ids=["open", "not yet", "no more", "the topic is closed", "without a discussion"],
)
def test_a_topic_says_how_to_take_part_while_it_goes_on(site: SmallSite, topic: str, now: str, open: bool) -> None:
    site_with(site, 'ways: {topic: {form: "https://wj.example.org/t?about={topic}"}}\n').write(topic)
    site.build(f"{now}T09:00:00+08:00")
    page = site.page("topics/safety/index.html")
    assert acts(page) == (["https://wj.example.org/t?about=safety"] if open else [])
    assert page.count('href="#take-part"') == page.count('id="take-part"') == open


@pytest.mark.parametrize("title", ["短", "很长" * 150, "&body=<b>\"'%0D%0ABcc:evil@example.org?" * 8])
def test_a_mail_is_short_enough_and_only_what_it_says(title: str) -> None:
    for body in ("", "https://example.org/a/\n\n", "长" * 300):
        link = mail_link("a+b@example.org", f"[纠错] {title}", body)
        assert len(link) <= MOST_IN_MAIL
        assert set(parse_qs(urlsplit(link).query)) <= {"subject", "body"}
        assert re.fullmatch(r"mailto:[A-Za-z0-9@%._~?&=-]+", link)


@pytest.mark.parametrize(
    ("edit", "issue"),
    [
        ("https://github.com/a/b/edit/main/content/", "https://github.com/a/b/issues/new?title={title}&body={url}"),
        (
            "https://code.example.org/a/b/_edit/main/",
            "https://code.example.org/a/b/issues/new?title={title}&body={url}",
        ),
        (
            "https://gitlab.example.org/g/h/b/-/edit/main/content/",
            "https://gitlab.example.org/g/h/b/-/issues/new?issue[title]={title}&issue[description]={url}",
        ),
        ("https://example.org/editor/", ""),
        ("", ""),
    ],
)
def test_the_tracker_of_a_repository(edit: str, issue: str) -> None:
    assert new_issue(edit) == issue


def test_what_is_filled_in_stays_one_value() -> None:
    address = filled(
        "https://e.org/问?a={title}&b={url}&c={topic}", {"title": "a&b=c#d 好", "url": "https://x.org/?q=1"}
    )
    assert address == "https://e.org/%E9%97%AE?a=a%26b%3Dc%23d%20%E5%A5%BD&b=https%3A%2F%2Fx.org%2F%3Fq%3D1&c="
    assert filled("https://e.org/?issue[title]={title}", {"title": "x"}) == "https://e.org/?issue%5Btitle%5D=x"


@pytest.mark.parametrize(
    "address",
    [
        "http://e.org/",
        "javascript:alert(1)",
        "//e.org/",
        "data:text/html,x",
        "https://{branch}.org/",
        "https://a:b@e.org/",
        "https://e.org/\n",
        "https://",
        "https://e.org:99999/",
        'https://e.org/"onclick="',
    ],
)
def test_pages_lead_to_no_unsafe_address(address: str) -> None:
    assert not is_safe(address)


@pytest.mark.parametrize(
    ("address", "wrong"),
    [
        ("https://e.org/{branch}/{url}", ""),
        ("https://e.org/{name}", "{name}"),
        ("https://e.org/{}", "{}"),
        ("https://e.org/{{branch}}", "{"),
        ("https://e.org/branch}", "}"),
    ],
)
def test_placeholders_are_known(address: str, wrong: str) -> None:
    assert wrong_placeholder(address) == wrong


def test_a_mail_has_its_text_where_there_is_room_for_a_subject_too() -> None:
    start, text = "mailto:a@example.org?subject=", "x" * 300
    for most, there in ((len(start) + 300 + 200, False), (len(start) + 300 + 201, True)):
        link = mail_link("a@example.org", "s", text, most)
        assert (link.removeprefix(start), len(link) <= most) == (f"s&body={text}" if there else "s", True)
    whole = len(start) + 20
    assert mail_link("a@example.org", "s" * 20, "", whole) == start + "s" * 20
    assert mail_link("a@example.org", "s" * 21, "", whole) == start + "s" * 11 + "%E2%80%A6"

"""Personal data: what is found, what is left in peace, and that nothing of it is told unmasked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from conftest import NOW, SmallSite
from hypothesis import given
from hypothesis import strategies as st
from picture_files import snapshot

from builder.audit.forms import audit_csv, audit_json, audit_sarif
from builder.audit.inspection.addressees import personal
from builder.audit.inspection.personal import is_card, is_identity, masked, scan
from builder.audit.run import Audit, audit
from builder.audit.telling import audit_text
from builder.messages.translation import translator
from builder.workers import SerialExecutor

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
SITE = """
--- mkdocs.yml
theme: {name: material}
--- content/organization.yml
name: 示范
url: https://example.org/
sections: {news: {title: 动态}, notices: {title: 通知, type: notice}}
--- content/alpha/branch.yml
name: 甲支部
contact: {phone: 010-11111111, email: zhangwei@example.org}
"""


def identity(first: str) -> str:
    """A made-up identity number from its first seventeen digits."""
    return first + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(first, WEIGHTS, strict=True)) % 11]


ID = identity("11010119900307771")


def rules(line: str) -> list[tuple[str, int]]:
    """Rule and column of everything found in a line."""
    return [(hit.rule, hit.column) for hit in scan(line)]


def found_in(site: SmallSite, now: str = NOW) -> Audit:
    """The audit of a site."""
    with SerialExecutor() as executor:
        return audit(site.root, datetime.fromisoformat(now), executor)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (f"身份证号：{ID}。", [("identity-number", 6)]),
        (f"证件 {ID[:6]} {ID[6:14]} {ID[14:]}", [("identity-number", 4)]),
        ("身份证 110101900307771", [("identity-number", 5)]),
        ("编号 110101900307771", []),
        (f"{ID[:-1]}{(int(ID[-1]) + 1) % 10}", []),
        ("电话13812345678，传真010-62345678", [("mobile-number", 3)]),
        ("+86 138-1234-5678 或 13912345678", [("mobile-number", 1), ("mobile-number", 21)]),
        ("１３８１２３４５６７８", [("mobile-number", 1)]),
        ("13812345678 13912345678", [("mobile-number", 1), ("mobile-number", 13)]),
        ("卡号 6222 0212 3456 7890 128", [("bank-card", 4)]),
        ("4111111111111111", [("bank-card", 1)]),
        ("4111111111111112", []),
        ("378282246310005", [("bank-card", 1)]),
        ("订单号 20261123000012345，文号〔2026〕19 号", []),
        ("https://example.org/13812345678.html", []),
        ("版本 1.13812345678", []),
        ("Tel.13812345678", [("mobile-number", 5)]),
        ("a13812345678", []),
        ("写信到 12345678@qq.com", [("personal-email", 5)]),
        ("写信到 dangjian@example.edu.cn 或 zhangwei@example.edu.cn", [("personal-email", 31)]),
    ],
)
def test_what_is_found_and_where(line: str, expected: list[tuple[str, int]]) -> None:
    assert rules(line) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("zhangwei@example.edu.cn", True),
        ("li.ming@example.edu.cn", True),
        ("ouyangxiu2026@example.edu.cn", True),
        ("anything@163.com", True),
        ("office@163.com", False),
        ("xuesheng@example.edu.cn", False),
        ("zhaosheng@example.edu.cn", False),
        ("library@example.edu.cn", False),
        ("public.affairs@example.org", True),
        ("contact@example.org", False),
    ],
)
def test_addresses_of_persons_and_of_offices(address: str, expected: bool) -> None:
    assert personal(*address.split("@")) is expected


@given(st.integers(10**16, 10**17 - 1))
def test_a_wrong_check_character_is_never_an_identity_number(first: int) -> None:
    number = identity(str(first))
    assert sum(is_identity(number[:17] + last) for last in "0123456789X") <= 1


@given(st.integers(10**14, 10**15 - 1), st.integers(0, 8), st.integers(1, 9))
def test_luhn_finds_every_single_wrong_digit(first: int, place: int, more: int) -> None:
    digits = next(f"{first}{last}" for last in range(10) if is_card(f"{first}{last}"))
    wrong = digits[:place] + str((int(digits[place]) + more) % 10) + digits[place + 1 :]
    assert not is_card(wrong)


@given(st.text(alphabet="0123456789 -Xx年电话@.abc", max_size=60))
def test_what_was_masked_holds_nothing_more_to_be_found(line: str) -> None:
    assert not [hit for hit in scan(masked(line)) if hit.rule != "personal-email"]


def test_sources_are_searched_whole_with_their_lines(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(SITE).write(
        f"--- content/alpha/news/2026-11-20-a.md\n---\ntitle: 名单\nauthor: 张三 13812345678\n---\n第一行\n\n身份证 {ID}\n"
        "--- content/alpha/news/2026-11-21-b.yml\ntitle: 二\nbody: 请打 13912345678。\n"
        "--- content/alpha/news/2026-11-22-13712345678.md\n---\ntitle: 三\ndraft: true\n---\n正文。\n"
        "--- content/alpha/news/2026-11-23-broken.md\n---\ntitle: [\n---\n13612345678\n"
    )
    rows = [(one.code, one.line, one.column) for one in found_in(site).findings if one.code.endswith("number")]
    assert sorted(rows, key=str) == sorted(
        [
            ("identity-number", 7, 5),
            ("mobile-number", 3, 12),
            ("mobile-number", 2, 10),
            ("mobile-number", None, None),
            ("mobile-number", 4, 1),
        ],
        key=str,
    )


def test_names_of_folders_and_files_and_other_encodings(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(SITE).write(
        "--- content/alpha/news/2026-11-20-13812345678/index.md\n---\ntitle: 一\n---\n文。\n"
        "--- content/alpha/media/名单-13912345678.txt\n名单\n"
    )
    gbk = "---\ntitle: 二\n---\n电话：１３７１２３４５６７８。有事请在上班的时间来电话。\n".encode("gb18030")
    (site.root / "content/alpha/news/2026-11-21-gbk.md").write_bytes(gbk)
    rows = [(one.path, one.line, one.column) for one in found_in(site).findings if one.code == "mobile-number"]
    assert rows == [
        ("content/alpha/media/名单-13912345678.txt", None, None),
        ("content/alpha/news/2026-11-20-13812345678/index.md", None, None),
        ("content/alpha/news/2026-11-21-gbk.md", 4, 4),
    ]


def test_a_branchs_own_contact_is_meant_to_be_read(make_site: Callable[[str], SmallSite]) -> None:
    assert not [one for one in found_in(make_site(SITE)).findings if one.code == "personal-email"]


NOTICE = f"""
--- content/alpha/notices/2026-11-20-list.md
---
title: 公示
summary: 名单。
period: {{from: 2026-11-20, to: 2026-11-26}}
---
张三，{ID}，电话 13812345678。
"""


def test_in_a_running_public_notice_one_number_is_a_veto(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(SITE).write(NOTICE)
    running = found_in(site)
    assert [
        (one.severity, one.arguments["kind"]) for one in running.findings if one.code == "notice-personal-data"
    ] == [
        ("veto", "identity-number"),
        ("veto", "mobile-number"),
    ]
    assert running.failed
    over = found_in(site, "2026-11-27T00:00+08:00")
    assert {one.code for one in over.findings} >= {"identity-number", "mobile-number"}
    assert not [one for one in over.findings if one.code == "notice-personal-data"]


def test_no_output_holds_what_was_found(make_site: Callable[[str], SmallSite]) -> None:
    site = (
        make_site(SITE)
        .write(NOTICE)
        .write(
            f"--- content/alpha/news/2026-11-20-{ID}.md\n---\ntitle: 张三 13812345678\n---\n12345678@qq.com "
            "![](13912345678.png)\n"
            "[x](15812345678.md)\n"
        )
    )
    found = found_in(site)
    for form in (audit_text, audit_json, audit_csv, audit_sarif):
        for language in ("zh", "en"):
            text = form(found, translator(language))
            for number in (ID, "13812345678", "13912345678", "15812345678", "12345678@qq.com"):
                assert number not in text, (form.__name__, number)


def test_pictures_with_a_position_are_told_whether_used_or_not(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(SITE)
    media = site.root / "content/alpha/media"
    media.mkdir()
    (media / "with.jpg").write_bytes(snapshot(position=True))
    (media / "without.jpg").write_bytes(snapshot(position=False))
    (media / "broken.jpg").write_bytes(b"\xff\xd8\xff nothing")
    # What telephones write: a container in which the Exif of the photograph stands as it is.
    exif = snapshot(position=True)[6:]
    (media / "phone.heic").write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 40 + exif)
    (media / "plain.heic").write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + snapshot(position=False)[6:])
    rows = [one.path for one in found_in(site).findings if one.code == "picture-position"]
    assert rows == ["content/alpha/media/phone.heic", "content/alpha/media/with.jpg"]


@pytest.mark.parametrize("target", ["/dev/zero", "../../outside.yml"])
def test_settings_that_were_refused_are_not_opened(make_site: Callable[[str], SmallSite], target: str) -> None:
    site = make_site(SITE)
    (site.root / "outside.yml").write_text(f"name: {ID}\n", "utf-8")
    settings = site.root / "content/alpha/branch.yml"
    settings.unlink()
    settings.symlink_to(target)
    assert not [
        each for each in found_in(site).findings if each.path.endswith("branch.yml") and each.code == "identity-number"
    ]

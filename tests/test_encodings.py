"""Files in other encodings than UTF-8: read as what they are beyond doubt, or refused; never read as something else."""

from __future__ import annotations

import pytest

from builder.content.encodings import broken_byte, decode

TEXTS = {
    "gb18030": ("通知：明天上午九点开会。", "---\ntitle: 张三\n---\n李四王五", "name: 甲支部\n", "北京 大会 北方 大学"),
    "big5": ("各位同學：明天上午九點開會，請準時參加。", "---\ntitle: 通知\n---\n明天開會"),
    "shift_jis": ("明日の午後、図書館で学習会を開きます。", "---\ntitle: お知らせ\n---\n休館"),
    "euc_jp": ("図書館のお知らせです。",),
    "euc_kr": ("---\ntitle: 도서관 소식\n---\n내일 오후 모임이 있습니다.\n",),
    "utf-16": ("通知：开会。",),
    "utf-8-sig": ("通知：开会。",),
}
REFUSED = {
    "cp1252": ("The Dean’s visit", "It’s a café, naïve façade.", "Müller"),
    "cp1250": ("Dobrý den, příští týden",),
    "cp1251": ("Уважаемые студенты! Собрание завтра.",),
    "cp1253": ("Καλημέρα σας φίλοι",),
    "cp1254": ("Değerli öğrenciler, toplantı",),
    "cp1255": ("שלום לכולם",),
    "cp1256": ("مرحبا بالطلاب الجدد",),
    "koi8-r": ("Уважаемые студенты! Собрание завтра.",),
    "cp874": ("สวัสดีครับ นักเรียน",),
    "gb18030": ("王",),
    "euc_kr": ("회의",),
}


@pytest.mark.parametrize(("encoding", "text"), [(name, text) for name, texts in TEXTS.items() for text in texts])
def test_what_is_read_is_what_was_written(encoding: str, text: str) -> None:
    found = decode(text.encode(encoding))
    assert found is not None
    assert found.text == text
    assert bool(found.encoding) == (encoding != "utf-8-sig")


@pytest.mark.parametrize(("encoding", "text"), [(name, text) for name, texts in REFUSED.items() for text in texts])
def test_what_may_be_anything_is_refused(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding)) is None
    assert broken_byte(text.encode(encoding)) is None


@pytest.mark.parametrize(
    ("content", "line", "column", "byte"),
    [
        ("第一行\r\n第二".encode() + b"\xff" + "行文字".encode(), 2, 3, "0xFF"),
        ("\ufeff标题文字".encode() + b"\x92", 1, 5, "0x92"),
        ("第一行\n第二行文字".encode()[:-1], 2, 5, "0xE5"),
        ("标题文\n".encode() * 1000 + b"\xc0" + "文".encode(), 1001, 1, "0xC0"),
        ("这里少了半个".encode() + "字".encode()[:2] + "，后面都对。".encode(), 1, 7, "0xE5"),
    ],
)
def test_a_single_wrong_byte_is_told_with_its_place(content: bytes, line: int, column: int, byte: str) -> None:
    assert broken_byte(content) == (line, column, byte)
    assert decode(content) is None

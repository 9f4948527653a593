"""Opening a text in a form and saving it keeps its bytes: every text of the demo, and texts as people write them."""

from __future__ import annotations

import difflib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import REPOSITORY, SmallSite
from edit_session import Office, committed, git
from hypothesis import example, given
from hypothesis import strategies as st

from builder.content import read_organization
from builder.content.schema.compound import Fields
from builder.content.schema.kinds import ENTRIES, PAGE, TOPIC
from builder.edit.blocks import merged
from builder.edit.document import EntryFile, EntryForm, NotEditableError, read_form
from builder.model.zones import zone_of

ZONE = zone_of("Asia/Shanghai")
KINDS = (*ENTRIES, "page", "topic")
DATES = frozenset("date updated expires starts ends received replied issued effective closed pinned".split())


def fields_of(kind: str) -> Fields:
    """The keys of a kind."""
    return {"page": PAGE, "topic": TOPIC}.get(kind) or ENTRIES[kind]


def texts_of_the_demo() -> Iterator[tuple[Path, Fields]]:
    """Every text of the demo with the keys that it may have."""
    organization, _ = read_organization(REPOSITORY)
    assert organization is not None
    types = {section.slug: section.type for section in organization.sections}
    for file in sorted((REPOSITORY / "content").rglob("*")):
        parts = file.relative_to(REPOSITORY / "content").parts
        named = file.name.startswith(("_", "branch.", "organization.", "README"))
        if file.suffix not in (".md", ".yml") or named or "media" in parts or len(parts) < 2:
            continue
        if parts[0] == "hub":
            yield file, TOPIC if "topics" in parts else PAGE
        else:
            yield file, ENTRIES[types.get(parts[1], "article")] if len(parts) > 2 else PAGE


def lines_between(old: bytes, new: bytes) -> list[str]:
    """The lines that go and come."""
    rows = difflib.unified_diff(old.decode().split("\n"), new.decode().split("\n"), n=0, lineterm="")
    return [row for row in list(rows)[2:] if not row.startswith("@@")]


def test_every_text_of_the_demo_keeps_its_bytes() -> None:
    changed, count = [], 0
    for file, fields in texts_of_the_demo():
        content = file.read_bytes()
        text = EntryFile(content, fields, ZONE, only_yaml=file.suffix == ".yml")
        form = read_form(text.form().text(), fields, ZONE)
        if text.with_form(form) != content:
            changed.append(file)
        count += 1
    assert changed == []
    assert count > 200


def test_one_changed_value_is_one_changed_line() -> None:
    for file, fields in texts_of_the_demo():
        content = file.read_bytes()
        text = EntryFile(content, fields, ZONE, only_yaml=file.suffix == ".yml")
        form = text.form()
        for key, value in form.values.items():
            if isinstance(value, str):
                new = "2027-01-02" if key in DATES else f"{value}改"
                made = text.with_form(EntryForm({**form.values, key: new}, form.body))
                assert [row[0] for row in lines_between(content, made)] == ["-", "+"], (file, key)


HOSTILE = """---
# 头注

title: '手写的 "题目"'   # 行注
Date: 2026/11/22
标签: [甲, '乙',"丙"]
hub: yes
number: 010
unknown: {a: 1.10}
attachments:
- a.pdf
-   file: b.pdf
    title: 乙
summary: >-
  折行的
  摘要
---

正文。
"""


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", ["", "\ufeff", "crlf"])
def test_a_hostile_text_of_every_kind_keeps_its_bytes(kind: str, form: str) -> None:
    fields = fields_of(kind)
    content = HOSTILE.replace("\n", "\r\n").encode() if form == "crlf" else (form + HOSTILE).encode()
    text = EntryFile(content, fields, ZONE)
    shown = text.form()
    assert text.with_form(read_form(shown.text(), fields, ZONE)) == content
    made = text.with_form(EntryForm({**shown.values, "title": "新"}, shown.body))
    assert made == content.replace("'手写的 \"题目\"'".encode(), "'新'".encode())
    longer = text.with_form(EntryForm(shown.values, shown.body + "\n\n又一段。"))
    assert longer.startswith(content.rstrip())
    assert (b"\r\n" in longer) is (form == "crlf")
    assert b"\n" not in longer.replace(b"\r\n", b"") or form != "crlf"


VALUES = st.text("甲乙丙ab01 .:#-[]{}'\"|>&*!%@`", max_size=20).map(str.strip)


@given(st.sampled_from(KINDS), VALUES, st.lists(VALUES.filter(bool), max_size=3, unique=True), st.booleans())
@example("article", "", ["]#"], False)
def test_what_somebody_writes_into_a_form_is_what_it_shows_again(
    kind: str, title: str, tags: list[str], again: bool
) -> None:
    fields = fields_of(kind)
    text = EntryFile(HOSTILE.encode(), fields, ZONE)
    keys = {field.key for field in fields.fields}
    wanted = {**text.form().values, "title": title}
    if "tags" in keys:
        words = [
            " ".join(part.split()) for word in tags for part in word.replace("、", ",").replace("，", ",").split(",")
        ]
        wanted["tags"] = [word for word in words if word]
    content = text.with_form(EntryForm(wanted, text.form().body))
    shown = EntryFile(content, fields, ZONE).form()
    assert shown.values.get("title", "") == " ".join(title.split())
    assert {key: value for key, value in shown.values.items() if key != "title"} == {
        key: value for key, value in wanted.items() if value and key != "title"
    }
    if again:
        assert EntryFile(content, fields, ZONE).with_form(shown) == content


@pytest.mark.parametrize(
    ("tags", "written"),
    [
        (["乙"], "tags: 乙"),
        (["乙", "丙"], "tags: [乙, 丙]"),
        (["乙, 丙"], 'tags: ["乙, 丙"]'),
        (["[乙"], 'tags: ["[乙"]'),
    ],
)
def test_one_word_stays_without_brackets_while_it_is_one(tags: list[str], written: str) -> None:
    text = EntryFile("---\ntitle: 题\ntags: 甲\n---\n文\n".encode(), fields_of("article"), ZONE)
    made = text.with_form(EntryForm({**text.form().values, "tags": list(tags)}, text.form().body))
    assert made.decode() == f"---\ntitle: 题\n{written}\n---\n文\n"
    assert EntryFile(made, fields_of("article"), ZONE).form().values["tags"] == tags


@pytest.mark.parametrize(
    ("head", "values", "written"),
    [
        ("title: 题\nsummary: 话\ntags: 甲\n", {"tags": []}, "title: 题\nsummary: 话\n"),
        ("title: 题\nsummary: 话\ntags: 甲\n", {"tags": [], "summary": ""}, "title: 题\n"),
        ("title: 题\ntags: 甲\n\n", {"tags": []}, "title: 题\n\n"),
        ("tags:\n  - 甲\n", {"tags": []}, ""),
        ("", {"title": "题"}, "title: 题\n"),
        ("# 说明\n", {"title": "题"}, "# 说明\ntitle: 题\n"),
    ],
)
def test_a_head_gets_no_blank_line(head: str, values: dict[str, str | list[str]], written: str) -> None:
    text = EntryFile(f"---\n{head}---\n文\n".encode(), fields_of("article"), ZONE)
    form = text.form()
    made = text.with_form(EntryForm({**form.values, **values}, form.body)).decode()
    assert made == f"---\n{written}---\n文\n"


def test_files_that_no_form_can_change_say_so() -> None:
    for content in (b"+++\ntitle = 'x'\n+++\nText.\n", b"---\ntitle: [x\n---\nText.\n", b"---\ntitle: x\nText.\n"):
        with pytest.raises(NotEditableError):
            EntryFile(content, PAGE, ZONE)


@pytest.mark.parametrize(
    ("old", "new", "kept"),
    [
        ("2*3*4 和\n", "2_3_4 和", True),
        ("| 名 | 数 |\n| :--- | ---: |\n| 甲 | 1 |", "| 名 | 数 |\n| --- | --- |\n| 甲 | 1 |", True),
        ("| 名 | 数 |\n| :--- | ---: |\n| 甲 | 1 |", "| 名 | 数 |\n| --- | --- |\n| 甲 | 2 |", False),
        ("- 一\n  - 二", "- 一\n    - 二", True),
        ("- 一\n  - 二", "- 一\n- 二", False),
        ("* 一\n* 二", "- 一\n- 二", True),
        ("**重点**", "*重点*", False),
        ("```\na  b\n```", "```\na b\n```", False),
        ("一\n\n\n二", "一\n\n二", True),
    ],
)
def test_blocks_that_say_the_same(old: str, new: str, kept: bool) -> None:
    assert (merged(old, new) == old) is kept
    assert merged(f"{old}\n\n末段。", f"{new}\n\n末段，改。").endswith("末段，改。")


def test_blocks_end_where_code_ends() -> None:
    old, new = "```\na\n\nb\n```\n\n2*3*4\n\n末段。", "```\na\n\nb\n```\n\n2_3_4\n\n末段，改。"
    assert merged(old, new) == "```\na\n\nb\n```\n\n2*3*4\n\n末段，改。"


WRITER = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from conftest import SmallSite
from edit_session import Office, Person
class Root(SmallSite):
    def __init__(self, root): self.root = root
office = Office(Root(Path({root!r})))
person = Person(office)
print("ready", flush=True)
for number in range(1000):
    path = f"content/alpha/news/2026-11-28-n{{number}}/index.md"
    text = "---\\ntitle: x\\n---\\n\\nText.\\n"
    person.save("alpha", ("create", path, text), ("create", path.replace("index.md", "a.txt"), "x"))
"""


@pytest.mark.slow
def test_a_kill_leaves_a_clean_working_copy(site: SmallSite) -> None:
    """Killed at any moment: the next start finishes what had begun, and nothing is half there."""
    committed(site)
    script = WRITER.format(tests=str(REPOSITORY / "tests"), root=str(site.root))
    for pause in (0.05, 0.12, 0.31, 0.47):
        process = subprocess.Popen(
            [sys.executable, "-c", script], stdout=subprocess.PIPE, start_new_session=True,
            env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        )  # fmt: skip
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(pause)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        office = Office(site)
        office.copy.recover()
        assert office.is_clean()
        for line in git(site.root, "log", "--format=%H").split():
            git(site.root, "cat-file", "-e", line)

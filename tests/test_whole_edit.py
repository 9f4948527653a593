"""The whole site of ``tests/cases/whole`` in the forms of the browser, word for word: what forms show of each text, what is
written when somebody changes it there, and what the server for writing answers to two people.

Like ``tests/test_whole_site.py``: where a change is meant, ``GOLDEN=write`` writes ``tests/golden/whole/`` anew.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from conftest import SmallSite, files_of
from edit_session import Office, Person, committed
from test_edit_hand import ZONE, fields_of
from test_whole_site import BESIDE, CONTENT, compare, shown

from builder.content.schema.compound import Fields
from builder.edit.document import EntryFile, EntryForm, NotEditableError, new_file, read_form
from builder.preview import Answer

SECTIONS = {"labs": "article", "extra": "article", "drop": "article", "about-us": "article"}
KINDS = {"notices": "notice", "policies": "policy", "voices": "voice", "events": "event", "letters": "letter"}


def texts() -> Iterator[tuple[str, str, Fields]]:
    """Every text of the two cases, with the keys that it may have."""
    for case in ("site", "reading"):
        for path, text in files_of((CONTENT.parent / f"{case}.txt").read_text("utf-8")).items():
            parts = path.removeprefix("content/").split("/")
            if parts[-1].startswith(("branch.", "organization.", "README", "_")) or not path.endswith((".md", ".yml")):
                continue
            if parts[0] == "hub":
                yield path, text, fields_of("topic" if "topics" in parts else "page")
            elif len(parts) > 1:
                yield path, text, fields_of(KINDS.get(parts[1], "article") if len(parts) > 2 else "page")


def changed(form: EntryForm) -> EntryForm:
    """A form after somebody has changed a little of everything in it."""
    values = {
        key: f"{value}（改）" if key in ("title", "text", "location") else value for key, value in form.values.items()
    }
    values |= {"tags": ["新", *(tag for tag in values.get("tags", ()) if tag)], "pinned": "2026-12-31", "summary": ""}
    lines = form.body.split("\n")
    return EntryForm(values, "\n".join((*lines[:1], "", "新的一段。", *lines[2:], "", "末尾。")))


def edited(path: str, text: str, fields: Fields) -> str:
    """What a form shows of a text, and the lines that go and come when it is saved with changes and when it is emptied."""
    try:
        file = EntryFile(text.encode(), fields, ZONE, only_yaml=path.endswith(".yml"))
    except NotEditableError as error:
        return error.message
    form = file.form()
    told = [form.text()]
    for other in (changed(form), EntryForm({"title": "只有题目"}, "")):
        try:
            rows = difflib.unified_diff(text.split("\n"), file.with_form(other).decode().split("\n"), n=0, lineterm="")
            told.append("\n".join(list(rows)[2:]))
        except NotEditableError as error:
            told.append(error.message)
    again = read_form(form.text(), fields, ZONE)
    told.append(new_file(again, fields).decode())
    return "\n======\n".join(told)


def test_forms_show_and_write_texts_as_they_always_did() -> None:
    compare("edited", {f"{path} {number}": edited(path, *of) for number, (path, *of) in enumerate(texts())})


def unnamed(text: str) -> str:
    """A text without names of commits and secrets."""
    return re.sub(
        r"\b[0-9a-f]{16,64}\b|(?<![\w-])[\w-]{43}(?![\w-])|(?<=\.md-)[0-9a-f]{8}|\d{4}-\d\d-\d\d \d\d:\d\d(?=<)",
        "…",
        text,
    )


def readable(answer: Answer) -> str:
    """An answer as text, without what is another one each time: secrets, names of commits, their times."""
    headers = [f"{name}: {value}" for name, value in answer.headers]
    kind = answer.media_type.partition(";")[0]
    if kind == "application/json":
        body = shown(json.loads(answer.content))
    else:
        body = answer.content.decode() if kind.startswith("text/") else f"{len(answer.content)} bytes"
    # Of what was sent in the same second, any may stand first.
    body = re.sub(r"(?<=<ul class=\"rows\">).*?(?=</ul>)", lambda rows: "".join(sorted(rows[0].split("<li>"))), body)
    told = f"{int(answer.status)} {answer.media_type}\n" + "\n".join(headers) + f"\n\n{body}"
    told = re.sub(r'(?<="created": ")[^"]+|(?<="date": ")[^"]+|(?<=branchpress=)[^;"]+', "…", told)
    return unnamed(told)


ASKED = """
/admin/
/admin/edit/alpha
/admin/edit/alpha/
/admin/edit/beta/
/admin/edit/hub/
/admin/edit/alpha/settings.json
/admin/new/alpha/
/admin/new/beta/
/admin/review/
/admin/review/edit/none
/admin/nothing/
/admin/join/none
/admin/forms/assets/main-1.js
/admin/forms/assets/none.js
/alpha/news/
/beta/
/admin/api/v1/version
/admin/api/v1/user
/admin/api/v1/settings/api
/admin/api/v1/nothing
/admin/api/v1/repos/branchpress/alpha
/admin/api/v1/repos/branchpress/beta
/admin/api/v1/repos/other/alpha
/admin/api/v1/repos/branchpress/alpha/branches/main
/admin/api/v1/repos/branchpress/alpha/branches/other
/admin/api/v1/repos/branchpress/alpha/git/trees/main?recursive=1&page=1
/admin/api/v1/repos/branchpress/alpha/git/trees/main?recursive=1&page=2
/admin/api/v1/repos/branchpress/alpha/git/trees/main?recursive=1&page=x
/admin/api/v1/repos/branchpress/alpha/raw/content/alpha/about.md
/admin/api/v1/repos/branchpress/alpha/raw/content/alpha/news/2026-11-20-visit/list.pdf
/admin/api/v1/repos/branchpress/alpha/raw/content/alpha/none.md
/admin/api/v1/repos/branchpress/alpha/media/main/content/alpha/media/li.jpg
/admin/api/v1/repos/branchpress/alpha/commits?path=content/alpha/about.md
/admin/api/v1/repos/branchpress/alpha/commits?path=none
""".strip().splitlines()
VISIT = "content/alpha/news/2026-11-20-visit/index.md"
NEW = "content/alpha/notices/2026-12-01-茶话会/index.md"


ALPHA = "repos/branchpress/alpha"


def posts() -> Iterator[tuple[str, object]]:
    """What no form sends: bodies of other shapes, too many files, what is not there, what may not be changed."""
    one = {"operation": "update", "path": VISIT, "content": "eA==", "sha": "0"}
    for body in ([], {}, {"files": "x"}, {"files": [1]}, {"files": ["none.md", VISIT]}, {"files": ["x"] * 501}, "x", 1):
        yield f"{ALPHA}/file-contents?ref=main", body
    for row in (
        1,
        {**one, "from_path": "x"},
        {**one, "operation": "move"},
        {**one, "path": 1},
        {**one, "content": "x"},
        {**one, "content": 1},
        {**one, "sha": "0" * 40},
        {**one, "path": "content/alpha/none.md"},
        {**one, "operation": "create"},
        {**one, "operation": "create", "path": "content/alpha/news/../x.md"},
        {**one, "operation": "create", "path": "content/alpha/news/_x.md"},
        {**one, "operation": "create", "path": "content/alpha/news//x.md"},
        {**one, "operation": "create", "path": "content/alpha/branch.yml"},
        {**one, "operation": "create", "path": "content/alpha/news/a.md/b.md"},
        {**one, "operation": "delete", "path": "content/alpha/none.md"},
    ):
        yield f"{ALPHA}/contents", {"files": [row]}
    for body in ([], {}, {"files": []}, {"files": [one, one]}):
        yield f"{ALPHA}/contents", body
    for path in ("contents", "repos/other/alpha/contents", "repos/branchpress/beta/contents", f"{ALPHA}/none"):
        yield path, {"files": []}


def session(site: SmallSite) -> Iterator[tuple[str, str]]:
    """What the server answers to somebody who writes for one branch, and to somebody who reviews it."""
    office = Office(committed(site))
    zhang = office.sign_in("zhang", "alpha", full_name="张三", email="zhang@example.org")
    chief = office.sign_in("web-team", full_name="网管")
    for who, person in (("zhang", zhang), ("chief", chief), ("nobody", Person(office, "branchpress=no"))):
        for path in ASKED if who == "chief" else [path for path in ASKED if not path.endswith("settings.json")]:
            token = {"authorization": f"token {person.form}"} if "/api/" in path and who != "nobody" else {}
            yield f"{who} {path}", readable(person.ask(path, **token))

    made: list[str] = []

    def saved(name: str, *files: tuple[str, str, str]) -> tuple[str, str]:
        status, answer = zhang.save("alpha", *files)
        made.extend(each for each in proposals(chief) if each not in made)
        return name, unnamed(f"{status} {shown(answer)}")

    text = zhang.open("alpha", VISIT)
    yield saved("no change", ("update", VISIT, text))
    yield saved("a title", ("update", VISIT, text.replace("走访慰问", "走访老党员")))
    yield saved("a new one", ("create", NEW, "---\ntitle: 茶话会\n---\n\n周五，电话 13800138000。\n"))
    yield saved("a false date", ("update", VISIT, text.replace('date: "2026-11-20', 'date: "2026-11-31')))
    yield saved("another branch", ("create", NEW.replace("alpha", "beta"), "---\ntitle: 茶\n---\n"))
    yield saved("a program", ("create", NEW.replace("index.md", "run.exe"), "x"))
    yield saved("gone", ("delete", "content/alpha/how.md", ""))
    senders = [office.sign_in(f"writer{number}", "alpha") for number in range(4)]
    for number, (path, body) in enumerate(posts()):
        # Nobody sends so much that the rate of what one may send decides.
        sender = senders[number // 8]
        yield f"sent {number}", unnamed(shown(sender.api(path, body)))
    for number, (path, body) in enumerate(posts()):
        if number % 4 == 0:
            yield (
                f"sent by another {number}",
                unnamed(shown(Person(office, "branchpress=no").api(path, body, authorization=""))),
            )
    for number, path in enumerate(("/admin/review/", *(f"/admin/review/{name}" for name in made))):
        yield f"chief reviews {number}", readable(chief.ask(path))
        yield f"zhang reviews {number}", readable(zhang.ask(path))
    yield "give back", readable(chief.press(f"/admin/review/{made[0]}/give-back", remark="请改题目"))
    yield "after it", readable(zhang.ask("/admin/review/"))


def proposals(person: Person) -> list[str]:
    """The names of the proposals that somebody sees."""
    listed = person.ask("/admin/review/").content.decode()
    return list(dict.fromkeys(re.findall(r'href="/admin/review/([^"]+)"', listed)))


@pytest.mark.slow
def test_the_server_answers_as_it_always_did(tmp_path: Path) -> None:
    site = SmallSite(tmp_path).write(CONTENT.read_text("utf-8"))
    for path, content in BESIDE.items():
        file = tmp_path / "content" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    organization = tmp_path / "content/organization.yml"
    organization.write_text(organization.read_text("utf-8") + "editing: {review: true}\n", "utf-8")
    answers: Mapping[str, str] = dict(session(site))
    compare("server", answers)

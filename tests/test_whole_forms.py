"""Forms of sites that are seldom, and the hosts on which they save, word for word.

Like ``tests/test_whole_site.py``: where a change is meant, ``GOLDEN=write`` writes ``tests/golden/whole/`` anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import msgspec
from test_whole_site import compare

from builder.content.forms.config import form_config
from builder.content.forms.context import Choice, FormContext
from builder.content.forms.hosts import backend_of, can_review, origins_of
from builder.content.forms.page import FormProgram, form_page, form_program
from builder.content.forms.reading import read_form_context
from builder.content.forms.widgets import form_fields, profile_fields
from builder.content.schema.kinds import KINDS
from builder.messages.translation import translator
from builder.model.values import Branch, Editing, Organization, Section

KINDS_OF_SECTIONS = ("article", "notice", "policy", "event", "letter", "voice")
SECTIONS = tuple(
    Section(slug=f"{kind}s", title=kind, type=kind, dated=kind != "policy", description="D")
    for kind in KINDS_OF_SECTIONS
)  # type: ignore[arg-type]
ORGANIZATION = Organization(
    name="O", url="https://example.org/", authority="example.org", short_name="S", language="en", sections=SECTIONS
)
ALPHA = Branch(slug="alpha", name="A", url="https://a.example.org/", sections=SECTIONS)
CHOICES = tuple(Choice(value=f"b{number}", label=f"B {number}") for number in range(201))
BASE = FormContext(ORGANIZATION, ALPHA, branches=CHOICES[:1], topics=CHOICES[:1])
EDITING = Editing(host="github", repo="o/r")
EDITINGS = tuple(
    msgspec.structs.replace(EDITING, host=host, url=url, app_id=app)
    for host, url, app in product(
        ("github", "gitlab", "gitea", "forgejo"), ("", "https://git.example.org/x/"), ("", "app")
    )
    if url or host in ("github", "gitlab")
)


def one_line(value: Any) -> str:
    """A part of the settings on one line."""
    return json.dumps(value, ensure_ascii=False)


def in_short(config: dict[str, Any]) -> Iterator[str]:
    """Settings of forms: each list, with the names of its fields and how they are shown."""
    yield one_line({key: value for key, value in config.items() if key != "collections"})
    for each in config["collections"]:
        fields = each.get("fields") or each["files"][0]["fields"]
        yield one_line({key: value for key, value in each.items() if key not in ("fields", "files")})
        yield "    " + " ".join(f"{field['name']}:{field['widget']}" for field in fields)


def test_forms_of_seldom_sites_are_what_they_always_were() -> None:
    text = translator("en")
    contexts = {
        "others": BASE,
        "Decap": msgspec.structs.replace(BASE, program="decap"),
        "hosted": msgspec.structs.replace(BASE, hosted=True, profile=True),
        "hosted, Decap": msgspec.structs.replace(BASE, hosted=True, program="decap"),
    }
    found = {
        f"{name}, {kind}": "\n".join(map(one_line, form_fields(KINDS[kind], ctx, text)))
        for name, ctx in contexts.items()
        for kind in (("article", "event", "voice") if name == "others" else ("article", "event"))
    }
    found |= {f"{name}, profile": "\n".join(map(one_line, profile_fields(ctx, text))) for name, ctx in contexts.items()}
    voice = SECTIONS[-1].kind
    found["of a kind without pages"] = "\n".join(
        one_line(each["name"])
        for dated in (True, False)
        for each in form_fields(KINDS["voice"], BASE, text, entry=voice, dated=dated)
    )
    found["a text in YAML"] = "\n".join(map(one_line, form_fields(KINDS["event"], BASE, text, body="text")))
    many = {
        "200 branches": msgspec.structs.replace(BASE, branches=CHOICES[:200]),
        "201 branches": msgspec.structs.replace(BASE, branches=CHOICES),
        "201 branches, hosted": msgspec.structs.replace(BASE, branches=CHOICES, hosted=True),
        "no topics": msgspec.structs.replace(BASE, topics=()),
        "no policies": msgspec.structs.replace(BASE, branch=msgspec.structs.replace(ALPHA, sections=SECTIONS[:2])),
        "hidden policies": msgspec.structs.replace(BASE, branch=msgspec.structs.replace(ALPHA, hidden=("policys",))),
    }
    for name, ctx in many.items():
        fields = {each["name"]: one_line(each) for each in form_fields(KINDS["article"], ctx, text)}
        found[name] = "\n".join(
            fields[key][:300] + f" … {len(fields[key])}" for key in ("share_with", "topics", "interprets")
        )
    shapes = {
        "no files": (),
        "Markdown": ("articles/a.md", "articles/b.MD", "events/c.md", "letters/d/index.md", "other/e.md"),
        "YAML": (
            "articles/a.yml",
            "events/b.yaml",
            "letters/c.yml",
            "letters/d.yaml",
            "voices/e.YAML",
            "notices/f/g.yml",
        ),
    }
    for (shape, files), (name, ctx) in product(shapes.items(), contexts.items()):
        of_files = msgspec.structs.replace(ctx, files=tuple(f"content/alpha/{file}" for file in files))
        found[f"lists, {shape}, {name}"] = "\n".join(
            in_short(form_config(of_files, {"name": "x"}, review=shape == "YAML"))
        )
    hub = msgspec.structs.replace(
        BASE,
        branch=Branch(slug="hub", name="Hub"),
        organization=msgspec.structs.replace(ORGANIZATION, short_name="", language="zh"),
        program="decap",
    )
    found["lists of the hub"] = "\n".join(in_short(form_config(hub, {})))
    compare("forms-odd", found)


def test_hosts_are_asked_as_they_always_were(tmp_path: Path) -> None:
    found = {
        " ".join(filter(None, (each.host, each.url, each.app_id))): "\n".join(
            (
                *(
                    f"{program}: {one_line(backend_of(each, program))} {can_review(each, program)}"
                    for program in ("sveltia", "decap")
                ),
                " ".join(origins_of(each)),
            )
        )
        for each in EDITINGS
    }
    program = FormProgram(
        folder=str(tmp_path), script='assets/"a.js', styles=("assets/a.css", "assets/b.css"), files={}
    )
    found["page"] = form_page('A & "B"', "zh", program, EDITING).decode()
    found["page of another host"] = form_page(
        "A", "en", msgspec.structs.replace(program, styles=()), EDITINGS[-1]
    ).decode()
    compare("hosts", found)
    assert form_program(tmp_path) is None
    manifest = tmp_path / "manifest.json"
    for text in ("x", "{}", '{"other": {}}'):
        manifest.write_text(text)
        assert form_program(tmp_path) is None
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets/a.js").write_text("abc")
    manifest.write_text('{"src/host.js": {"file": "assets/a.js"}}')
    assert form_program(tmp_path) == FormProgram(folder=str(tmp_path), script="assets/a.js", files={"assets/a.js": 3})
    manifest.write_text('{"src/host.js": {"file": "assets/a.js", "css": ["assets/a.css"]}}')
    made = form_program(tmp_path)
    assert made is not None
    assert made.styles == ("assets/a.css",)
    assert made.read("assets/a.js") == b"abc"


def test_branches_and_topics_are_offered_as_they_always_were(tmp_path: Path) -> None:
    files = {
        "a/branch.yml": "name: Long A\nshort_name: A\n",
        "b/branch.yml": "名称: 乙支部\n简称: 乙\n",
        "c/branch.yml": "name: C\n",
        "d/branch.yml": "name: [broken\n",
        "e/branch.yml": "short_name: ''\nname: ' E '\n",
        "f/about.md": "# F",
        "hub/topics/t.md": "# Topic T",
        "hub/topics/u.md": "---\ntitle: U\n---\n",
        "hub/topics/v.md": "text",
    }
    for path, text in files.items():
        file = tmp_path / "content" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    ctx = read_form_context(tmp_path, ORGANIZATION, "c", "decap", hosted=True)
    assert [(each.value, each.label) for each in ctx.branches] == [
        ("a", "A"),
        ("b", "乙"),
        ("d", "d"),
        ("e", "E"),
        ("f", "f"),
    ]
    assert [(each.value, each.label) for each in ctx.topics] == [("t", "Topic T"), ("u", "U")]
    assert (ctx.branch.name, ctx.hosted, ctx.program, ctx.profile, ctx.folder) == (
        "C",
        True,
        "decap",
        False,
        "content/c",
    )
    other = read_form_context(tmp_path, ORGANIZATION, "f", "sveltia")
    assert (other.branch.name, other.hosted, other.files) == ("f", False, ("content/f/about.md",))

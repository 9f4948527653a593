"""The guide and the READMEs: what they tell people to write is right, word for word."""

from __future__ import annotations

import re
import shlex
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from datetime import UTC
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from conftest import NOW, REPOSITORY, SmallSite
from PIL import Image

from builder.cli.arguments import parser
from builder.cli.commands import main
from builder.content import read_organization
from builder.content.guide import guide_pages
from builder.content.mailing import read_mailing
from builder.content.schema.compound import Fields
from builder.content.schema.kinds import KINDS
from builder.content.schema.profile import PROFILE
from builder.content.schema.reference import keys_of
from builder.content.schema.types import ReadContext
from builder.content.targets import read_targets
from builder.content.yaml.nodes import read_yaml
from builder.messages.formats import SEVERITIES
from builder.messages.translation import translator
from builder.preview.board import panel_labels

READMES = tuple(
    f"{page}{language}.md"
    for page in ("README", "docs/writing", "docs/settings", "docs/operating")
    for language in ("", ".zh-CN")
)
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"`(content/[^`\s]+\.(?:md|yml))`")
SECTIONS = """
--- mkdocs.yml
theme:
  name: material
--- content/organization.yml
name: 示范
url: https://example.org/
language: {}
sections:
  news: {{title: 动态}}
  notices: {{title: 通知, type: notice}}
  policies: {{title: 政策, type: policy}}
  study: {{title: 学习}}
  events: {{title: 活动, type: event}}
  letters: {{title: 来信, type: letter}}
  voices: {{title: 感言, type: voice}}
--- content/library/branch.yml
name: 图书馆
"""


def pages(language: str) -> dict[str, str]:
    """The guide's pages in a language, as any organization gets them."""
    organization, _ = read_organization(REPOSITORY)
    assert organization is not None
    return dict(guide_pages(organization, translator(language)))


def texts() -> Iterator[tuple[str, str]]:
    """Every page that tells people what to write."""
    for language in ("zh", "en"):
        for name, text in pages(language).items():
            yield f"{language}/{name}", text
    for name in READMES:
        yield name, (REPOSITORY / name).read_text("utf-8")


TEXTS = dict(texts())


def examples(text: str) -> Iterator[tuple[str, str]]:
    """Each file that a sentence says to save, with the block behind it; then, without a name, blocks of YAML that are a
    part of one."""
    for match in _FENCE.finditer(text):
        before = text[: match.start()].rstrip().rpartition("\n\n")[2]
        path = (_FILE.findall(before) or [""])[-1]
        if path or match[1] == "yaml":
            yield path, match[2]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_example_can_be_copied(language: str, make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(SECTIONS.format(language))
    copied: list[str] = []
    for text in pages(language).values():
        for path, example in examples(text):
            if path:
                site.write(f"--- {path}\n{example}")
                copied.append(path.split("/")[2])
    picture = BytesIO()
    Image.new("RGB", (8, 8), "red").save(picture, "JPEG")
    folder = site.root / "content/mechanical/news/2026-11-21-lathe-day"
    (folder / "lathe.jpg").write_bytes(picture.getvalue())
    (folder / "form.docx").write_bytes(b"PK\x03\x04")
    assert {"news", "notices", "policies", "study", "events", "letters", "voices", "topics", "branch.yml"} <= set(
        copied
    )
    assert [f"{each.path}:{each.line} {each.code}" for each in site.check()] == []
    result = site.build()
    assert (result.counts["published"], result.counts["waiting"]) == (len(copied) - 4, 1)


@pytest.fixture(scope="module")
def places() -> tuple[Fields, ...]:
    """Everything that lines of YAML may be a part of: each kind of file, and each key that stands inside another, as if it
    stood alone."""
    inner = (Fields((key.field,)) for kind in KINDS for key in keys_of(kind) if "." in key.path)
    return (*KINDS.values(), PROFILE, *inner)


@pytest.mark.parametrize("name", TEXTS)
def test_parts_of_files_are_right_wherever_they_stand(name: str, places: tuple[Fields, ...]) -> None:
    """Lines between backticks that look like ``key: value``, and blocks without a file that they belong to."""
    prose = _FENCE.sub("", TEXTS[name])
    parts = re.findall(r"`([a-z_]+: [^`\n]+)`", prose)
    parts += [example for path, example in examples(TEXTS[name]) if not path and not example.startswith("- ")]
    for part in parts:
        assert any(_reads(part, fields) for fields in places) or _is_the_operators(part), part


def _is_the_operators(part: str) -> bool:
    """True for the targets of publish.yml, and for what digest.yml says."""
    with TemporaryDirectory() as folder:
        for name in ("publish.yml", "digest.yml"):
            (Path(folder) / name).write_text(part, "utf-8")
        targets, problems = read_targets(Path(folder))
        mailing, others = read_mailing(Path(folder))
    return (bool(targets) and not problems) or (mailing is not None and not others)


def _reads(part: str, fields: Fields) -> bool:
    node, faults = read_yaml(part)
    reading = ReadContext(UTC, "content/mechanical/news")
    if node is None or faults:
        return False
    fields.read(node, "", reading)
    return {each.code for each in reading.diagnostics} <= {"key-missing"}


@pytest.fixture(scope="module")
def arguments() -> ArgumentParser:
    """The command line, as it is read."""
    return parser(translator("en"))


@pytest.mark.parametrize("name", TEXTS)
def test_commands_are_there_as_they_are_written(name: str, arguments: ArgumentParser) -> None:
    text = TEXTS[name]
    lines = [line for match in _FENCE.finditer(text) if match[1] == "sh" for line in match[2].splitlines()]
    lines += re.findall(r"`((?:\.venv/bin/)?branchpress [^`]+)`", _FENCE.sub("", text))
    for line in lines:
        # What follows upon its status is the shell's.
        program, *rest = shlex.split(re.split(r" (?:&&|\|\|) ", line)[0], comments=True)
        if program.endswith("branchpress"):
            arguments.parse_args(rest)
        else:
            assert program in ("make", "git", "python3", "export", "cd"), line


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_words_of_messages_are_those_that_the_preview_shows(language: str) -> None:
    text, page = translator(language), pages(language)["messages.md"]
    for severity in SEVERITIES.values():
        assert f"**{text.gettext(severity)}**" in page
    labels = panel_labels(text)
    assert f"**{labels['stopped']}**" in page
    assert f"“{labels['none']}”" in page
    assert f"“{labels['elsewhere']}”" in page


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_reference_has_every_key_of_every_kind(language: str) -> None:
    found = pages(language)
    for kind in KINDS:
        page = found[f"keys-{kind}.md" if kind in ("branch", "organization") else "keys.md"]
        for key in keys_of(kind):
            row = next((line for line in page.splitlines() if line.startswith(f"| {key.shown} ")), "")
            assert len(re.split(r"(?<!\\)\|", row)) == 7, f"{kind}:{key.path}"


def test_the_demo_has_the_guide_as_it_is() -> None:
    """`make guide` brings it up to date."""
    folder = REPOSITORY / "content/hub/guide"
    assert {file.name: file.read_text("utf-8") for file in folder.iterdir()} == pages("zh")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_new_organization_gets_the_guide(
    language: str, make_site: Callable[[str], SmallSite], capsys: pytest.CaptureFixture[str]
) -> None:
    site = make_site(SECTIONS.format(language) + "--- content/hub/guide/write.md\n---\ntitle: Ours\n---\nOurs.\n")
    assert main(["new", "guide", "--root", str(site.root)]) == 0
    written = capsys.readouterr()
    assert len(written.out.split()) == len(pages(language)) - 1
    assert "write.md" in written.err
    assert "Ours." in (site.root / "content/hub/guide/write.md").read_text("utf-8")
    assert site.check() == ()
    assert main(["new", "guide", "--root", str(site.root), "--lang", "en", "--now", NOW]) == 0

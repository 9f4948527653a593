"""The reader, fed with what nobody would write: every text of the cases, damaged at random from a fixed seed.

A longer run of the same kind, led by coverage (atheris), is for whoever changes the reader.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import files_of
from folders import ORGANIZATION, organization_of
from test_markup_laws import outlaws, shown

from builder.content import read_branch

pytestmark = pytest.mark.slow
CASES = Path(__file__).parent / "cases" / "problems"
TOKENS = tuple(
    "--- +++ { } [ ] :~ -~ ?~ &a~ *a~ !!python/name:x | >- # [^1] ![]( ]( < <details> <!-- --> ``` $$ \\frac{ |-|-| === 1e400 "
    "0x ~ "
    "“true” draft:~true title:~ attachments:~[ moved_from:~ period:~{from:~ 2026-02-30 -1".replace("~", "\xa0").split(
        " "
    )
)
SIGNS = (
    "\t",
    "\n",
    "\n\n",
    "\r",
    "\0",
    "\ufeff",
    "\u202e",
    "\u2028",
    "🏳️\u200d🌈",
    "9" * 400,
    "---\n",
    "draft: true\n",
    "\ud800",
)


def sources() -> Iterator[tuple[str, bytes]]:
    """The files of all cases, each at a place in one branch where files of its kind are."""
    for case in sorted(CASES.glob("*.txt")):
        for path, text in files_of(case.read_text("utf-8").partition("=== expected")[0]).items():
            section, _, name = path.rpartition("/")[0].rpartition("/")[2], "", path.rpartition("/")[2]
            if path.endswith("branch.yml"):
                yield "branch.yml", text.encode()
            elif path.endswith((".md", ".yml")) and path.count("/") > 1:
                known = section in ("news", "notices", "policies", "voices", "events", "letters")
                yield f"{section}/{name}" if known else f"news/2026-11-20-a{name[-4:]}", text.encode()


def damaged(content: bytes, other: bytes, chance: random.Random) -> bytes:
    """A text with a few damages."""
    text = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        at, end = sorted(chance.randint(0, len(text)) for _ in range(2))
        match chance.randrange(6):
            case 0:
                token = chance.choice((*TOKENS, *SIGNS)).replace("\xa0", " ")
                text[at:at] = token.encode("utf-8", "surrogatepass")
            case 1:
                del text[at : min(end, at + 40)]
            case 2:
                text[at:at] = text[at:end][:200] * chance.randint(1, 3)
            case 3:
                start = chance.randint(0, len(other))
                text[at:at] = other[start : start + 80]
            case 4 if text:
                text[at % len(text)] = chance.randrange(256)
            case _:
                text[at:end] = text[at:end][::-1] if end - at < 30 else text[at:end].replace(b" ", b"")
    return bytes(text)


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_is_read_is_told_and_nothing_gets_out_that_is_not_on_the_list(tmp_path: Path, seed: int) -> None:
    organization = organization_of(tmp_path, ORGANIZATION + "markdown: {frames_from: [video.example.org]}\n")
    chance, every = random.Random(seed), list(sources())
    assert len(every) > 150
    branch = tmp_path / "content" / "a"
    for path, content in every:
        files = {"branch.yml": b"name: x\n", path: damaged(content, chance.choice(every)[1], chance)}
        for name, text in files.items():
            (branch / name).parent.mkdir(parents=True, exist_ok=True)
            (branch / name).write_bytes(text)
        read = read_branch(tmp_path, "a", organization)
        for document in read.documents:
            assert document.subject is not None or document.problems, files
            if document.body is not None:
                assert list(outlaws(shown(document.body))) == [], files
        (branch / path).unlink()

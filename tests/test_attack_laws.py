"""Two laws under attack. Withdrawal: whatever else is broken, what is deleted, expired or made a draft is in no file after the
next build, in any site. Isolation: whatever one folder holds, no byte of another branch changes."""

from __future__ import annotations

import os
import shutil
from base64 import b64encode
from collections.abc import Callable, Mapping

import pytest
from conftest import ORGANIZATION, TWO_BRANCHES, SmallSite, examples
from faults import unreadable
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from picture_files import bomb
from test_attacks import HUGE, loop

from builder.pipeline.stages import STEPS

pytestmark = pytest.mark.slow
SECRET = "content/alpha/news/2026-11-19-secret/index.md"
TEXT = "---\ntitle: 机密标题\nsummary: 机密摘要\nshare_with: all\ntags: [机密标签]\nattachments: [list.txt]\n{}---\n机密正文\n"
FILE = SECRET.replace("index.md", "list.txt")
MARK = "机密"


def lay(site: SmallSite, path: str, content: str | bytes) -> None:
    file = site.root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())


def pipe(site: SmallSite, path: str) -> None:
    (site.root / path).unlink(missing_ok=True)
    os.mkfifo(site.root / path)


def drawing(site: SmallSite, branch: str) -> None:
    lay(site, f"content/{branch}/media/x.svg", HUGE.format("9" * 40))
    lay(site, f"content/{branch}/news/2026-11-22-x.md", "---\ntitle: 图\n---\n![图](../media/x.svg)\n")


def theirs(site: SmallSite, branch: str, path: str, content: str | bytes) -> None:
    lay(site, f"content/{branch}/{path}", content)


def laid(site: SmallSite, branch: str, path: str) -> str:
    """The path of a file in a branch, whose folder is there."""
    file = f"content/{branch}/{path}"
    (site.root / file).parent.mkdir(parents=True, exist_ok=True)
    return file


def entry_of(site: SmallSite, branch: str, head: str) -> None:
    theirs(site, branch, f"news/2026-11-22-{len(head)}.md", f"---\ntitle: 题\n{head}\n---\n文\n")


BREAKAGES: Mapping[str, Callable[[SmallSite, str], object]] = {
    "huge drawing": drawing,
    "broken settings": lambda site, at: theirs(site, at, "branch.yml", "name: [\n"),
    "settings are a pipe": lambda site, at: pipe(site, f"content/{at}/branch.yml"),
    "settings are a loop": lambda site, at: loop(site.root / f"content/{at}/branch.yml"),
    "unreadable page": lambda site, at: theirs(site, at, "bad.md", b"\xff\xfe\x00\xd8---"),
    "a loop as an entry": lambda site, at: loop(site.root / f"content/{at}/news/2026-11-22-loop.md"),
    "a link to a device": lambda site, at: (site.root / f"content/{at}/zero.md").symlink_to("/dev/zero"),
    "a long tag": lambda site, at: theirs(
        site, at, "news/2026-11-22-t.md", f"---\ntitle: 题\ntags: [{'标' * 90}]\n---\n文\n"
    ),
    "the hub is a loop": lambda site, _: loop(site.root / "content/hub"),
    "an old address of the hub": lambda site, at: theirs(
        site, at, "news/2026-11-22-m.md", "---\ntitle: 题\nmoved_from: data/entries.json/x\n---\n文\n"
    ),
    "a deep name": lambda site, at: theirs(site, at, "/".join(["d" * 60] * 11) + "/x.md", "文\n"),
    "deep nesting": lambda site, at: theirs(
        site, at, "news/2026-11-22-n.md", "---\ntitle: 题\n---\n" + "> " * 3000 + "x\n"
    ),
    "a worker that fails": lambda site, at: None,
    "a bomb of a picture": lambda site, at: theirs(site, at, "media/x.png", bomb()),
    "a pipe among pictures": lambda site, at: pipe(site, laid(site, at, "news/2026-11-22-p/x.jpg")),
    "a text that takes long": lambda site, at: theirs(site, at, "slow.md", "<div\n<" + "a" * 200_000),
    "a head that takes long": lambda site, at: theirs(site, at, "news/2026-11-22-s.md", "---\nt: [\na" + " " * 200_000),
    "names that speak to machines": lambda site, at: theirs(
        site, at, "news/2026-11-22-\x1b]0;x\x07\n::error::x.md", "文\n"
    ),
    "another's id": lambda site, at: entry_of(
        site, at, "id: 'tag:example.org,2026:gamma/news/2026-11-18-own'\nmoved_from: gamma/news/2026-11-18-own"
    ),
    "another's addresses": lambda site, at: entry_of(
        site, at, "aliases: [/gamma/, /gamma/news/2026-11-18-own/, /index.html]"
    ),
    "another's files": lambda site, at: entry_of(
        site, at, "attachments: [../../gamma/branch.yml, ../../gamma/news/2026-11-18-own.md, ../../organization.yml]"
    ),
    "another's former name": lambda site, at: theirs(
        site,
        at,
        "branch.yml",
        "name: 支部\nformerly: [gamma, hub, alpha]\nsections: {add: {x: {title: x, formerly: [news]}}}\n",
    ),
    "another's own address": lambda site, at: theirs(
        site, at, "branch.yml", "name: 支部\nurl: https://example.org/gamma/\n"
    ),
    "pictures in a text": lambda site, at: theirs(
        site,
        at,
        "news/2026-11-22-d.md",
        f"---\ntitle: 题\n---\n![图](data:image/png;base64,{b64encode(bomb()).decode()})\n",
    ),
    "many bombs": lambda site, at: [
        theirs(site, at, "album.md", "".join(f"![图](media/b{number}.png)\n\n" for number in range(40))),
        *(theirs(site, at, f"media/b{number}.png", bomb(60_000 + number)) for number in range(40)),
    ],
    "no addresses": lambda site, at: theirs(
        site, at, "branch.yml", "name: 支部\nways: {letter: {form: 'https://例子.example:x/'}}\n"
    ),
    "a long list": lambda site, at: entry_of(site, at, f"x: [{'{a: [1]}, ' * 20_000}]"),
    "much of everything": lambda site, at: entry_of(
        site, at, f"title: {'长' * 100_000}\ntags: [{', '.join(map(str, range(5000)))}]\nshare_with: all"
    ),
    "a folder of its own name": lambda site, at: theirs(site, at, f"{at}/{at}/branch.yml", "name: x\n"),
    "two spellings of one name": lambda site, at: [
        theirs(site, at, f"news/2026-11-22-{name}.md", "---\ntitle: 题\n---\n文\n") for name in ("é", "é", "É")
    ],
}
WITHDRAWALS: Mapping[str, Callable[[SmallSite], object]] = {
    "delete": lambda site: shutil.rmtree((site.root / SECRET).parent),
    "draft": lambda site: lay(site, SECRET, TEXT.format("draft: true\n")),
    "expired": lambda site: lay(site, SECRET, TEXT.format("expires: 2026-11-20\n")),
}


def with_secret(site: SmallSite) -> SmallSite:
    lay(site, SECRET, TEXT.format(""))
    lay(site, FILE, "机密附件")
    (site.root / "content/hub").mkdir()
    return site


@settings(max_examples=examples(8), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    withdrawal=st.sampled_from(sorted(WITHDRAWALS)),
    breakages=st.sets(
        st.tuples(st.sampled_from(sorted(BREAKAGES)), st.sampled_from(["alpha", "beta"])), min_size=1, max_size=3
    ),
)
def test_withdrawal_takes_effect_whatever_else_is_broken(
    make_site: Callable[[str], SmallSite], withdrawal: str, breakages: set[tuple[str, str]]
) -> None:
    site = with_secret(make_site(ORGANIZATION + TWO_BRANCHES))
    site.build()
    assert site.mentions(MARK)
    WITHDRAWALS[withdrawal](site)
    steps = STEPS
    for name, branch in sorted(breakages):
        BREAKAGES[name](site, branch)
        steps = unreadable(branch) if name == "a worker that fails" else steps
    site.build(steps=steps)
    assert site.mentions(MARK) == []


@settings(max_examples=examples(8), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(breakages=st.sets(st.sampled_from(sorted(set(BREAKAGES) - {"the hub is a loop"})), min_size=1, max_size=4))
def test_a_hostile_folder_changes_no_byte_of_another_branch(
    make_site: Callable[[str], SmallSite], breakages: set[str]
) -> None:
    """Gamma shares nothing and has no relatives, so nothing that beta does may show there."""
    site = make_site(ORGANIZATION + TWO_BRANCHES).write(
        "--- content/gamma/branch.yml\nname: 丙支部\naccept: none\n"
        "--- content/gamma/news/2026-11-18-own.md\n---\ntitle: 自己的\n---\n文\n"
    )
    site.build()
    before = site.files("gamma")
    for name in sorted(breakages):
        BREAKAGES[name](site, "beta")
    result = site.build(steps=unreadable("beta") if "a worker that fails" in breakages else STEPS)
    assert site.files("gamma") == before
    assert site.exists("data/entries.json")
    assert site.exists("index.html")
    assert result.sites["gamma"] in ("built", "unchanged")

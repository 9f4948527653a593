"""Digests word for word: what each branch, the operator and the groups are told, at each bound and just beyond it.

Like ``tests/test_whole_site.py``: where a change is meant, ``GOLDEN=write`` writes ``tests/golden/whole/`` anew.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from conftest import NOW, ORGANIZATION, SmallSite
from test_whole_site import compare

from builder.cli.commands import main
from builder.content import read_organization
from builder.content.mailing import Group, Mailing
from builder.content.owners import Members
from builder.digest.contents import BranchDigest, News, Waiting, branch_digests
from builder.digest.memory import Sent, last_sent, mark, note_sent
from builder.digest.prepare import Digests, Letter
from builder.digest.texts import headline
from builder.messages.problems import Problem
from builder.messages.translation import translator
from builder.model.dates import Moment
from builder.model.sealed import write_sealed
from builder.model.values import Branch
from builder.pages.dues import Due
from builder.store import Store
from builder.store.notes import last_build

AT = datetime.fromisoformat(NOW)
pytestmark = pytest.mark.slow
WHOLE = ORGANIZATION.replace("type: letter", "type: letter, reply_within: 20 days").replace(
    "type: policy", "type: policy, interpret_within: 10 days"
)


def several(slug: str, number: int) -> str:
    """So many news of a branch, of one day."""
    return "".join(
        f"--- content/{slug}/news/2026-11-22-{each:02}.md\n---\ntitle: 第{each}条\ndate: 2026-11-22 10:{each}\n---\n文\n"
        for each in range(10, 10 + number)
    )


CONTENT = f"""
--- content/alpha/branch.yml
name: 甲支部
contact: {{email: alpha@example.org}}
owners: [wang@example.org, "@li", team]
--- content/alpha/news/2026-11-22-just-not.md
---
title: 恰好一天以前
date: 2026-11-22 09:00
---
文
--- content/alpha/news/2026-11-22-b.md
---
title: 同时之二
date: 2026-11-22 09:01
---
文
--- content/alpha/news/2026-11-22-a.md
---
title: 同时之一
date: 2026-11-22 09:01
expires: 2026-11-30 09:00
---
文
--- content/alpha/news/2026-11-10-ends-later.md
---
title: 一周多以后结束
expires: 2026-11-30 09:01
---
文
--- content/alpha/news/2026-11-10-ends-first.md
---
title: 今天结束
expires: 2026-11-23
---
文
--- content/alpha/news/2026-11-10-over.md
---
title: 已经结束
expires: 2026-11-22
---
文
--- content/alpha/news/2026-12-05-z.md
---
title: 丙
---
文
--- content/alpha/news/2026-12-05-y.md
---
title: 乙
---
文
--- content/alpha/news/soon.md
---
title: 最早
date: 2026-11-24 09:00:30
---
文
--- content/alpha/news/2026-11-19-draft.md
---
title: 草稿
draft: true
---
文
--- content/alpha/news/2026-11-21-bad.md
---
title: 坏
date: 2026-11-31
---
文
--- content/alpha/policies/2026-11-20-near.md
---
title: 一周以后该解读
---
文
--- content/alpha/policies/2026-11-21-far.md
---
title: 一周多以后该解读
---
文
--- content/alpha/letters/2026-11-10-noise.md
---
title: 噪声
question: 晚上很吵。
received: 2026-11-10
---
--- content/alpha/letters/2026-11-11-light.md
---
title: 路灯
question: 不亮。
received: 2026-11-11
---
--- content/alpha/events/fair.yml
title: 年底的活动
starts: 2026-12-20
--- content/beta/branch.yml
name: Beta branch
language: en
parent: alpha
owners: [beta@example.org]
--- content/beta/news/2026-11-22-fresh.md
---
title: Fresh
date: 2026-11-22 20:00
---
Text.
--- content/beta/news/2026-11-21-bad.md
---
title: Bad
date: 2026-11-31
---
Text.
--- content/calm/branch.yml
name: 静支部
owners: ["@nobody"]
--- content/calm/pages.md
---
title: 关于
---
文
--- content/many/branch.yml
name: 多支部
owners: ["@nobody"]
{several("many", 20)}--- content/more/branch.yml
name: 更多支部
owners: ["@nobody"]
{several("more", 21)}--- content/near/branch.yml
name: 近支部
--- content/near/news/2026-11-16-due.md
---
title: 一周以后该更新
---
文
--- content/far/branch.yml
name: 远支部
--- content/far/news/2026-11-17-due.md
---
title: 一周多以后该更新
---
文
--- content/never/branch.yml
name: [坏
--- content/hub/rules.md
---
title: 规则
date: 2026-11-31
---
文
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    """The organization, built once; nobody edits it."""
    site = SmallSite(tmp_path_factory.mktemp("digests")).write(WHOLE + CONTENT)
    main(["build", "--executor", "serial", "--root", str(site.root), "--now", NOW])
    return site


def told(
    site: SmallSite, now: datetime = AT, known: Callable[[str], Collection[str] | None] = lambda slug: None
) -> tuple[BranchDigest, ...]:
    """The digests of the organization at a time."""
    organization, _ = read_organization(site.root)
    store = Store(site.root / ".branchpress", site.output)
    build = last_build(store)
    assert organization is not None
    assert build is not None
    return branch_digests(organization, store, build, now, known)


def digests(
    site: SmallSite,
    found: Sequence[BranchDigest],
    operator: tuple[str, ...] = ("web@example.org",),
    name: str | None = None,
) -> Digests:
    """What is made of digests; every branch has the owners that it names, the organization the short ``name`` that is given."""
    organization, _ = read_organization(site.root)
    assert organization is not None
    if name is not None:
        organization = msgspec.structs.replace(organization, name=f"{name} in full", short_name=name)
    owners = {"alpha": ("wang@example.org", "@li", "team"), "beta": ("beta@example.org",), "": ("hub@example.org",)}
    mailing = Mailing(sender="sites@example.org", operator=operator)
    members = Members(teams={"team": ("zhao@example.org",)})
    return Digests(organization, mailing, found, lambda slug: owners.get(slug, ("@nobody",)), members, AT)


def lines(digest: BranchDigest) -> Iterator[str]:
    """What a digest holds, in order."""
    yield f"{digest.title!r} {bool(digest)}"
    yield from (f"held {each.path}:{each.line} {each.code}" for each in digest.held)
    yield from (f"letter {section} {day}" for section, day in digest.letters)
    for name, several in (("scheduled", digest.scheduled), ("ending", digest.ending)):
        yield from (f"{name} {each.title} {each.at.at} {each.at.end} {each.at.day}" for each in several)
    yield from (f"due {due.day} {due.kind} {due.section} {text}" for due, text in digest.due)
    yield from (f"news {each.title} {each.path}" for each in digest.news)
    yield f"{len(digest.marks)} marks"


def written(letter: Letter) -> str:
    """A mail as its reader sees it."""
    headers = "\n".join(f"{name}: {value}" for name, value in letter.mail.items())
    return f"{letter.to}\n{headers}\n\n{letter.mail.get_content()}"


def test_digests_hold_what_they_always_held(site: SmallSite) -> None:
    found = {digest.slug or "hub": "\n".join(lines(digest)) for digest in told(site)}
    for name, digests in {
        "a minute later": told(site, AT + timedelta(minutes=1)),
        "with nothing known": told(site, known=lambda slug: ()),
        "with one known": told(site, known=lambda slug: [mark("alpha/news/2026-11-22-a")]),
    }.items():
        found[f"alpha {name}"] = "\n".join(lines(digests[0]))
    compare("digests", found)


def test_digests_say_what_they_always_said(site: SmallSite) -> None:
    made = digests(site, told(site))
    found = {f"mail {each.name}": written(each) for each in made.letters()}
    whole = made.whole(("a failure\n", "another"))
    assert whole is not None
    found["mail operator"] = written(whole)
    for slug in ("", "alpha", "beta", "calm", "never", "none"):
        found[f"group of {slug or 'all'}"] = made.group_text(Group("g", "wecom", "URL", branch=slug))
    found["nobody"] = str(made.nobody)
    compare("digests-said", found)


def test_whoever_has_nothing_to_be_told_gets_no_mail(site: SmallSite) -> None:
    nothing = digests(site, [BranchDigest("calm", None), BranchDigest("", None)])
    assert list(nothing.letters()) == []
    assert (nothing.nobody, nothing.whole(()), nothing.group_text(Group("g", "wecom", "URL"))) == ((), None, "")
    failed = nothing.whole(("alpha: failed",))
    assert failed is not None
    assert failed.mail.get_content() == "- alpha: failed\n"
    assert digests(site, told(site), operator=()).whole(("alpha: failed",)) is None


def test_a_site_of_which_nothing_is_known_any_more_has_what_the_last_build_told(
    site: SmallSite, tmp_path: Path
) -> None:
    shutil.copytree(site.root / ".branchpress", tmp_path / "state")
    organization, _ = read_organization(site.root)
    store = Store(tmp_path / "state", site.output)
    build = last_build(store)
    assert organization is not None
    assert build is not None
    for record in store.folder.glob("sites/*/record.json"):
        record.unlink()
    found = branch_digests(organization, store, build, AT, lambda slug: None)
    assert {each.slug: len(each.held) for each in found if each} == {"": 1, "alpha": 1, "beta": 1, "never": 1}
    assert not any(each.marks or each.news for each in found)


def test_nothing_that_hides_in_a_name_is_sent(site: SmallSite) -> None:
    odd, moment = "甲\u202e\n乙", Moment(at=AT, end=AT)
    held = Problem(
        code="date-invalid", severity="error", path=f"content/{odd}.md", arguments={"value": odd, "key": odd}
    )
    digest = BranchDigest(
        "alpha",
        Branch(slug="alpha", name=odd),
        (held,),
        letters=((odd, AT.date()),),
        scheduled=(Waiting(odd, moment),),
        ending=(Waiting(odd, moment),),
        due=((Due(AT.date(), "section", "news", "news", AT), odd),),
        news=(News(odd, f"alpha/{odd}/"),),
    )
    made = digests(site, [digest, BranchDigest("", None, (held,))], name=odd)
    whole = made.whole((odd,))
    assert whole is not None
    said = [text for each in (*made.letters(), whole) for text in (each.mail.get_content(), each.mail["Subject"])]
    said += [made.group_text(Group("g", "wecom", "URL", branch=slug)) for slug in ("", "alpha")]
    assert [text.count("乙") > 0 for text in said].count(True) >= 5
    assert not any("\u202e" in text or "\n乙" in text for text in said)
    for name, shown in (("甲", "[甲] "), ("", "[ in full] ")):
        letters = list(digests(site, [digest], name=name).letters())
        assert [each.mail["Subject"][: len(shown)] for each in letters] == [shown]


def test_what_was_sent_is_forgotten_where_it_was_not_sent_or_cannot_be_read(site: SmallSite) -> None:
    store = Store(site.root / ".branchpress", site.output)
    note_sent(store, "alpha", None)
    note_sent(store, "alpha", Sent("2026-11-23", ("a",)))
    assert last_sent(store, "alpha") == Sent("2026-11-23", ("a",))
    assert last_sent(store, "beta") is None
    (file,) = (store.folder / "digests").iterdir()
    write_sealed(file, b'{"day": 3}')
    assert last_sent(store, "alpha") is None
    note_sent(store, "alpha", None)
    assert not file.exists()


def test_what_lies_ahead_alone_is_not_urgent() -> None:
    digest = BranchDigest("a", None, scheduled=(Waiting("x", Moment(at=AT, end=AT)),))
    assert headline(digest, translator("en")) == "a: nothing urgent"

"""``branchpress digest``: who is told what, by a mail server and robots of our own on this machine; at most once a day."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ORGANIZATION, SmallSite
from digest_run import NEXT_DAY, Box, Operator, body

from builder.cli.commands import main
from builder.content.mailing import Group, read_mailing
from builder.messages.translation import translator
from builder.store.lock import locked


class TestWhoIsToldWhat:
    """Contacts and owners are told of their branch, the operator of all."""

    def test_a_branch_is_told_everything_of_it(self, operator: Operator, box: tuple[Box, int]) -> None:
        assert operator.run() == 0
        (mail,) = box[0].to("wang@example.org")
        said = body(mail)
        assert "content/alpha/news/2026-11-21-bad.md:3" in said
        assert "2026-11-31" in said
        assert "来信回应，2026年11月10日" in said
        assert "2026年12月5日  还没公开的消息" in said
        assert "刚发布的消息\n  https://example.org/alpha/news/2026-11-22-fresh/" in said
        assert "2026年11月26日  刚发布的消息" in said
        assert "走访慰问" not in said
        assert "绝密草稿" not in said
        assert "晚上很吵" not in said
        assert "噪声" not in said
        assert "丙的消息" not in said
        assert mail["Subject"].startswith("[党建在线] 甲支部：1 处暂不更新、1 封来信待回复")

    def test_only_addresses_that_settings_name_are_written_to(self, operator: Operator, box: tuple[Box, int]) -> None:
        operator.run()
        to = sorted(tuple(sorted(each)) for _, each, _ in box[0].mails)
        # gamma names nobody and has the owners of its parent; quiet has no mail address.
        own = [("beta@example.org",), ("beta@example.org",)]
        assert to == [("alpha@example.org", "wang@example.org"), *own, ("web@example.org",)]

    @pytest.mark.slow
    def test_a_branch_is_told_in_its_language(self, editor: Operator, box: tuple[Box, int]) -> None:
        bad = "--- content/beta/news/2026-11-21-bad.md\n---\ntitle: Bad\ndate: 2026-11-31\n---\nText.\n"
        editor.site.write(bad)
        editor.build()
        editor.run()
        said = [body(mail) for mail in box[0].to("beta@example.org")]
        assert [text for text in said if text.startswith("Held back until it is fixed:\n- content/beta/")] != [], said

    def test_the_operator_is_told_of_all(
        self, operator: Operator, box: tuple[Box, int], capsys: pytest.CaptureFixture[str]
    ) -> None:
        operator.run()
        (mail,) = box[0].to("web@example.org")
        said = body(mail)
        assert "== 甲支部 ==" in said
        assert "== 丙支部 ==" in said
        assert "2026年11月15日  “支部动态”该更新了" in said
        assert "没有写邮箱：quiet" in said
        assert "没有写邮箱：quiet" in capsys.readouterr().err

    @pytest.mark.slow
    def test_what_is_wrong_in_the_hub_is_told_to_the_operator_alone(
        self, editor: Operator, box: tuple[Box, int]
    ) -> None:
        editor.site.write("--- content/hub/rules.md\n---\ntitle: 规则\ndate: 2026-11-31\n---\n文\n")
        editor.build()
        editor.run()
        said = [tuple(to) for _, to, _ in box[0].mails]
        assert [to for to in said if "rules.md" in body(box[0].to(to[0])[0])] == [("web@example.org",)]
        (mail,) = box[0].to("web@example.org")
        assert "没有写邮箱：quiet\n" in body(mail), "the hub has no address to write"

    def test_members_of_teams_are_told(self, operator: Operator, box: tuple[Box, int], tmp_path: Path) -> None:
        members = tmp_path / "members.yml"
        members.write_text("team: [zhao@example.org, other]\nother: [qian@example.org, '@sun']\n", "utf-8")
        operator.run("--members", str(members))
        assert box[0].to("zhao@example.org")
        assert box[0].to("qian@example.org")

    def test_headers_are_those_of_a_machine(self, operator: Operator, box: tuple[Box, int]) -> None:
        operator.run()
        (mail,) = box[0].to("wang@example.org")
        assert mail["Auto-Submitted"] == "auto-generated"
        assert mail["List-Unsubscribe"] == "<mailto:web@example.org?subject=unsubscribe>"
        assert mail["Reply-To"] == "web@example.org"
        assert mail["Message-ID"] == "<digest.alpha.20261123@example.org>"
        assert mail["From"].addresses[0].addr_spec == "sites@example.org"
        assert box[0].mails[0][0] == "sites@example.org"

    @pytest.mark.slow
    def test_what_lies_ahead_is_told_from_seven_days_before(
        self, make_site: Callable[[str], SmallSite], box: tuple[Box, int]
    ) -> None:
        """A section that wants an entry every fourteen days, and texts that end; what has not begun is no news."""
        site = make_site(
            ORGANIZATION
            + """
--- content/near/branch.yml
name: 近支部
owners: [near@example.org]
--- content/near/news/2026-11-16-a.md
---
title: 十一月十六日
expires: 2026-11-29
---
文
--- content/near/events/fair.yml
title: 年底的活动
starts: 2026-12-20
--- content/far/branch.yml
name: 远支部
owners: [far@example.org]
--- content/far/news/2026-11-17-b.md
---
title: 十一月十七日
expires: 2026-12-01
---
文
--- content/far/news/2026-11-23-c.md
---
title: 今天的消息
date: 2026-11-23 08:00
---
文
"""
        )
        operator = Operator(site, site.output, box[1])
        operator.build()
        operator.run()
        (near,), (far,) = (list(map(body, box[0].to(f"{name}@example.org"))) for name in ("near", "far"))
        assert "2026年11月30日  “支部动态”该更新了" in near
        assert "2026年11月29日  十一月十六日" in near
        assert "年底的活动" not in near
        assert "今天的消息" in far
        assert "十一月十七日" not in far
        assert "该更新了" not in far


class TestOnceADay:
    """Nobody is told twice on a day, and what was told is not news again."""

    @pytest.mark.slow
    def test_a_second_run_tells_nobody(self, editor: Operator, box: tuple[Box, int]) -> None:
        editor.build()
        editor.run()
        count = len(box[0].mails)
        editor.build("2026-11-23T18:00:00+08:00")
        assert editor.run(now="2026-11-23T23:59:00+08:00") == 0
        assert len(box[0].mails) == count
        editor.run(now="2026-11-24T00:01:00+08:00")
        assert len(box[0].to("wang@example.org")) == 2

    @pytest.mark.slow
    def test_news_is_told_once(self, editor: Operator, box: tuple[Box, int]) -> None:
        editor.build()
        editor.run()
        late = "--- content/alpha/news/2026-10-01-late.md\n---\ntitle: 迟到的消息\n---\n文\n"
        editor.site.write(late)
        editor.build(NEXT_DAY)
        editor.run(now=NEXT_DAY)
        said = body(box[0].to("wang@example.org")[-1])
        assert "迟到的消息" in said
        assert "刚发布的消息\n  https" not in said

    def test_without_something_to_tell_there_is_no_mail(self, operator: Operator, box: tuple[Box, int]) -> None:
        operator.run()
        operator.run(now=NEXT_DAY)
        assert sum("丙支部" in mail["Subject"] for mail in box[0].to("beta@example.org")) == 1

    def test_who_could_not_be_told_is_told_later(
        self, operator: Operator, box: tuple[Box, int], capsys: pytest.CaptureFixture[str]
    ) -> None:
        box[0].refused |= {"beta@example.org"}
        assert operator.run() == 1
        assert "beta@example.org" in capsys.readouterr().err
        assert "beta@example.org" in body(box[0].to("web@example.org")[0])
        box[0].refused.clear()
        count = len(box[0].mails)
        assert operator.run() == 0
        assert [to for _, to, _ in box[0].mails[count:]] == [["beta@example.org"]]

    def test_who_of_several_was_refused_is_told_apart(
        self, operator: Operator, box: tuple[Box, int], capsys: pytest.CaptureFixture[str]
    ) -> None:
        box[0].refused |= {"wang@example.org"}
        capsys.readouterr()
        assert operator.run() == 1
        said = capsys.readouterr()
        assert "alpha\talpha@example.org" in said.out.splitlines()
        assert "wang@example.org" not in said.out
        assert "alpha: " in said.err
        assert "wang@example.org" in said.err
        assert operator.run() == 0, "the others were told, so nobody is told again today"

    def test_what_was_told_leaves_no_names_in_the_state(self, operator: Operator) -> None:
        operator.run()
        notes = [file.read_bytes() for file in operator.site.root.glob(".branchpress/*/digests/*.json")]
        assert any(b"2026-11-23" in note for note in notes)
        assert not any(b"fresh" in note or b"alpha" in note for note in notes)

    def test_two_at_once_do_not_tell_twice(
        self, operator: Operator, box: tuple[Box, int], capsys: pytest.CaptureFixture[str]
    ) -> None:
        (state,) = (operator.site.root / ".branchpress").glob("*/sites")
        with locked(state.parent / "digest.lock"):
            assert operator.run() == 2
        assert "已经在发送摘要" in capsys.readouterr().err
        assert box[0].mails == []

    def test_without_a_server_nothing_is_noted(self, operator: Operator, capsys: pytest.CaptureFixture[str]) -> None:
        smtp = "{host: 127.0.0.1, port: 1, security: none}"
        operator.write(f"from: a@example.org\noperator: web@example.org\nsmtp: {smtp}\n")
        operator.site.write("--- content/quiet/branch.yml\nname: 静支部\nowners: [quiet@example.org]\n")
        capsys.readouterr()
        assert operator.run() == 2
        told = capsys.readouterr().err.splitlines()
        assert [line.partition(":")[0] for line in told] == ["alpha", "beta", "gamma"], "after three it gives up"
        notes = [file.read_bytes() for file in operator.site.root.glob(".branchpress/*/digests/*.json")]
        assert not any(b"2026-11-23" in note for note in notes)

    def test_three_that_are_refused_one_here_and_one_there_stop_nothing(
        self, operator: Operator, box: tuple[Box, int]
    ) -> None:
        for slug, name in (("gamma", "丙支部\nparent: beta"), ("quiet", "静支部")):
            operator.site.write(f"--- content/{slug}/branch.yml\nname: {name}\nowners: [{slug}@example.org]\n")
        box[0].refused = {f"{name}@example.org" for name in ("alpha", "wang", "gamma", "quiet")}
        assert operator.run() == 1
        assert box[0].to("beta@example.org")
        assert box[0].to("web@example.org")
        assert box[0].left == 1, "the server is told goodbye"

    def test_a_dry_run_writes_what_would_be_sent(
        self, operator: Operator, box: tuple[Box, int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        capsys.readouterr()
        assert operator.run("--dry-run", "--eml", str(tmp_path / "mails")) == 0
        assert box[0].mails == []
        assert sorted(file.name for file in (tmp_path / "mails").iterdir()) == [
            "alpha.eml",
            "beta.eml",
            "gamma.eml",
            "operator.eml",
        ]
        first = (tmp_path / "mails/alpha.eml").read_bytes()
        mail = email.message_from_bytes(first, policy=email.policy.default)
        assert "刚发布的消息" in mail.get_content()  # type: ignore[attr-defined]
        assert str(tmp_path / "mails/alpha.eml") in capsys.readouterr().out.splitlines()
        operator.run("--dry-run", "--eml", str(tmp_path / "mails"))
        assert (tmp_path / "mails/alpha.eml").read_bytes() == first
        assert operator.run() == 0
        assert box[0].mails != []


class TestSettings:
    """digest.yml is the operator's; secrets are not in it."""

    @pytest.mark.parametrize(
        "written",
        [
            "smtp: {password_env: hunter2}", "groups: {a: {kind: wecom, url_env: 'https://x/?key=hunter2'}}",
            "from: A <a@example.org>", "groups: {a: {kind: telegram, url_env: URL}}", "groups: {a: {kind: wecom}}",
            "smtp: {security: maybe}", "smtp: {port: 99999}", "operator: [nobody]", "from: [",
        ],
    )  # fmt: skip
    def test_what_cannot_be_used_is_told_and_never_repeats_a_secret(
        self, operator: Operator, written: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        operator.write(f"{written}\n")
        assert operator.run() == 2
        said = capsys.readouterr().err
        assert "digest.yml:1" in said
        assert "hunter2" not in said

    def test_a_check_tells_of_it_too(self, make_site: Callable[[str], SmallSite]) -> None:
        site = make_site(ORGANIZATION + "--- digest.yml\nsmtp: {security: maybe}\n")
        assert [problem.code for problem in site.check() if problem.path == "digest.yml"] == ["value-choice"]

    @pytest.mark.parametrize("written", ["", "operator: web@example.org\n"])
    def test_settings_that_reach_nobody_are_refused(self, operator: Operator, written: str) -> None:
        operator.write(written)
        assert operator.run() == 2

    def test_without_settings_or_a_build_nothing_is_done(
        self, site: SmallSite, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["digest", "--root", str(site.root)]) == 2
        assert "digest.yml" in capsys.readouterr().err
        site.write("--- digest.yml\nfrom: a@example.org\n")
        assert main(["digest", "--root", str(site.root)]) == 2

    def test_a_password_goes_over_no_open_line(
        self, operator: Operator, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("PASSWORD", "hunter2")
        operator.write(
            "from: a@example.org\nsmtp: {host: smtp.invalid, security: none, user: u, password_env: PASSWORD}\n"
        )
        assert operator.run() == 2
        said = capsys.readouterr().err
        assert "starttls" in said
        assert "hunter2" not in said

    def test_everything_is_read(self, site: SmallSite) -> None:
        site.write(
            "--- digest.yml\nfrom: a@example.org\noperator: [b@example.org, c@example.org]\n"
            "smtp: {host: smtp.example.org, port: 465, security: tls, user: u, password_env: P}\n"
            "groups:\n  x: {kind: dingtalk, url_env: U, secret_env: S, branch: alpha}\n"
        )
        mailing, problems = read_mailing(site.root)
        assert problems == ()
        assert mailing is not None
        assert mailing.operator == ("b@example.org", "c@example.org")
        assert mailing.smtp.password_env == "P"
        assert mailing.groups == (Group("x", "dingtalk", "U", "S", "alpha"),)


def test_words_of_both_languages_are_there() -> None:
    assert translator("zh").gettext("Held back until it is fixed:") != "Held back until it is fixed:"

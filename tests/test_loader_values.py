"""Front matter: short forms, types of entries, what is missing and what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from folders import Load, codes, entry, faults, load, only, organization_of

from builder.content import read_hub
from builder.content.entries import cut
from builder.model.kinds import Event, Letter, Period, Policy, Voice
from builder.model.values import Credit, Discussion

__all__ = ["load"]


@pytest.mark.parametrize(
    ("written", "tags"),
    [
        ("党建", ("党建",)),
        ("党建, 读书", ("党建", "读书")),
        ("党建，读书、志愿服务", ("党建", "读书", "志愿服务")),
        ("[党建, '', 1.10, no, 党建]", ("党建", "1.10", "no")),
        ("\n  - a b\n  -\n  - 2026", ("a b", "2026")),
        ("，、", ()),
        ("", ()),
    ],
)
def test_tags(load: Load, written: str, tags: tuple[str, ...]) -> None:
    assert entry(load, f"---\ntitle: A\ntags: {written}\n---\n").tags == tags


@pytest.mark.parametrize("written", ["true", "yes", "on", "1", "是", "True", "TRUE", '"true"', "１"])
def test_a_draft_in_any_words(load: Load, written: str) -> None:
    document = only(load({"news/2026-11-20-a.md": f"---\ntitle: A\ndraft: {written}\n---\n"}))
    assert document.draft
    assert document.entry is not None
    assert document.entry.draft


def test_a_draft_that_is_not_understood_is_an_error(load: Load) -> None:
    assert faults(load, "---\ntitle: A\ndraft: later\n---\n") == ["3:8 draft-unclear"]


def test_a_broken_draft_is_known_as_one(load: Load) -> None:
    document = only(
        load({"news/2026-11-20-a.md": "---\ntitle: A\ndraft: true\nupdated: x\nexpires: 2026-11-01\n---\n"})
    )
    assert document.subject is None
    assert document.draft
    assert document.expires is not None


def test_words_that_yaml_would_turn_into_something_else(load: Load) -> None:
    found = entry(load, "---\ntitle: 1.10\nauthor: no\nsource: 2026-02-30\n---\n")
    assert (found.title, found.authors, found.credit) == ("1.10", ("no",), Credit(name="2026-02-30"))


def test_a_key_without_a_value_is_not_written(load: Load) -> None:
    assert entry(load, "---\ntitle:\nauthor: ~\nsource: ''\ntags:\n---\n# Heading\n").title == "Heading"


def test_a_date_in_both_places(load: Load) -> None:
    content = load({"news/2026-11-20-a.md": "---\ntitle: A\ndate: 2026-11-21\n---\n"})
    document = only(content)
    assert codes(document) == ["date-mismatch"]
    assert document.entry is not None
    assert document.entry.date.day == 21


def test_one_mistake_is_one_problem(load: Load) -> None:
    assert faults(load, "---\ntitle: A\ndate: 2026-02-30\n---\n", "news/a.md") == ["3:7 date-invalid"]
    assert faults(load, "---\ntitle: [A, B]\n---\n") == ["2:8 value-type"]
    assert faults(load, "---\ntitle: A\nsource: {name: [x]}\n---\n") == ["3:16 value-type"]


def test_all_mistakes_of_a_file_at_once(load: Load) -> None:
    text = "---\ndate: 2026-13-01\ntags: {a: b}\nhub: maybe\nlang: 中文\nid: x y\naliases: [/b/x/]\n标题: A\n---\n"
    assert faults(load, text, "events/a.md") == [
        "2:7 date-invalid",
        "3:7 value-type",
        "4:6 value-type",
        "5:7 value-type",
        "6:5 id-unused",
        "2:1 key-missing",
        "7:11 alias-outside",
    ]


@pytest.mark.parametrize(
    ("written", "near"),
    [("tilte", "title"), ("keywords", "tags"), ("categories", "tags"), ("lastmod", "updated"), ("xyzzy", "")],
)
def test_the_key_that_was_meant(load: Load, written: str, near: str) -> None:
    (problem,) = only(load({"news/2026-11-20-a.md": f"---\n{written}: A\n---\n# A\n"})).problems
    assert (problem.code, problem.arguments) == ("key-unknown", {"key": written, "near": near})


def test_the_branchs_defaults_are_where_entries_start(load: Load) -> None:
    files = {
        "branch.yml": "name: 甲\nlanguage: en\ndefaults: {author: 宣传委员, image: media/a.jpg, hub: false}\n",
        "news/2026-11-20-a.md": "---\ntitle: A\n---\n",
        "news/2026-11-20-b.md": "---\ntitle: B\nauthor: 小王\nhub: true\n---\n",
    }
    first, second = (document.entry for document in load(files).documents)
    assert first is not None
    assert second is not None
    assert (first.authors, first.image, first.hub, first.lang) == (("宣传委员",), "content/a/media/a.jpg", False, "en")
    assert (second.authors, second.hub) == (("小王",), True)


def test_a_public_notice_expires_thirty_days_after_its_end(load: Load) -> None:
    text = "---\ntitle: 公示\nperiod: {from: 2026-11-01, to: 2026-11-07}\n---\n"
    found = entry(load, text, "notices/2026-11-01-a.md")
    assert isinstance(found.period, Period)
    assert found.expires is not None
    assert found.expires.end.isoformat() == "2026-12-08T00:00:00+08:00"
    assert only(load({"notices/2026-11-01-a.md": text})).expires == found.expires


def test_a_policy(load: Load) -> None:
    text = "---\ntitle: 制度\nnumber: 校党〔2026〕1 号\nissuer: 党委\nstatus: Repealed\nreplaces: policies/old\n---\n"
    document = only(load({"policies/2026-01-02-a.md": text}))
    assert document.entry is not None
    policy = document.entry.policy
    assert isinstance(policy, Policy)
    assert (policy.number, policy.status, policy.replaces) == ("校党〔2026〕1 号", "repealed", ("a/policies/old",))
    assert document.places["replaces.0"] == (6, 11)


def test_an_event_without_a_date_has_that_of_its_beginning(load: Load) -> None:
    found = entry(
        load, "title: 读书会\nstarts: 2026-12-01 14:00\nends: 2026-12-01 16:00\nlocation: 图书馆\n", "events/a.yml"
    )
    assert isinstance(found.event, Event)
    assert (found.date, found.date_explicit) == (found.event.starts.at, False)
    found = entry(load, "title: 读书会\nstarts: 2026-12-01\n", "events/2026-11-20-a.yml")
    assert (found.date.day, found.date_explicit) == (20, False)
    found = entry(load, "title: 读书会\ndate: 2026-11-19\nstarts: 2026-12-01\n", "events/a.yml")
    assert (found.date.day, found.date_explicit) == (19, True)


@pytest.mark.parametrize(
    ("reply", "answered"),
    [("body: 八点开门。\n", True), ("body: '![时间表](t.png)'\n", True), ("body: ''\n", False), ("", False)],
)
def test_a_letter_is_answered_by_its_body(load: Load, reply: str, answered: bool) -> None:
    found = entry(
        load,
        f"title: 几点开门\nquestion: 几点开门？\nreceived: 2026-11-01\nfrom: 一位读者\n{reply}",
        "letters/2026-11-01-a.yml",
    )
    assert isinstance(found.letter, Letter)
    assert (found.letter.answered, found.letter.sender, found.waiting) == (answered, "一位读者", not answered)


def test_a_voice_needs_no_title(load: Load) -> None:
    found = entry(
        load, "text: 读书，是一个人的远行。\nperson: 小王\nportrait: ../media/w.jpg\n", "voices/2026-11-01-a.yml"
    )
    assert found.voice == Voice(text="读书，是一个人的远行。", person="小王", portrait="content/a/media/w.jpg")
    assert found.title == "读书，是一个人的远行。"


def test_undated_sections_need_no_dates(load: Load) -> None:
    found = entry(load, "# 机构\n", "about-us/structure.md")
    assert (found.date.isoformat(), found.date_explicit) == ("2000-01-01T00:00:00+08:00", False)
    found = entry(load, "---\nupdated: 2026-05-01\n---\n# 机构\n", "about-us/structure.md")
    assert (found.date.isoformat(), found.date_explicit) == ("2026-05-01T00:00:00+08:00", False)


def test_pages_and_topics(load: Load, tmp_path: Path) -> None:
    content = load({"about.md": "---\norder: 2\naliases: [/a/old/index.html]\n---\n# 关于我们\n\n我们。\n"})
    page = only(content).page
    assert page is not None
    assert (page.ref, page.title, page.order, page.summary, page.aliases) == (
        "a/about",
        "关于我们",
        2,
        "我们。",
        ("/a/old/",),
    )
    (tmp_path / "content/hub/topics").mkdir(parents=True)
    (tmp_path / "content/hub/topics/reading.md").write_text(
        "---\ntitle: 读书月\ndiscussion: {question: 读什么, opens: 2026-11-01}\n---\n", "utf-8"
    )
    topic = only(read_hub(tmp_path, organization_of(tmp_path))).topic
    assert topic is not None
    assert (topic.slug, topic.title) == ("reading", "读书月")
    assert isinstance(topic.discussion, Discussion)


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("一句话。", "一句话。"),
        ("好" * 100 + "。" + "坏" * 100 + "。", "好" * 100 + "。"),
        ("好" * 300, "好" * 159 + "…"),
        ("Short one. " + "word " * 60, "Short one."),
        ("He paid 3.5 yuan for " + "a" * 100 + ". Then " + "b" * 80, "He paid 3.5 yuan for " + "a" * 100 + "."),
        ("他说：“走吧！”" + "好" * 200, "他说：“走吧！”"),
        ("a\n b", "a b"),
    ],
)
def test_a_summary_is_cut_at_the_end_of_a_sentence(text: str, short: str) -> None:
    assert cut(text) == short
    assert len(cut(text)) <= 160


@pytest.mark.parametrize(
    ("head", "place", "cause"),
    [
        ("tags: [党建 #1, b]", "3:11", "comment-inside"),
        ("source: {name: 校报 #3, url: https://example.org/}", "3:19", "comment-inside"),
        ('source: "校报": 一版', "3:13", "after-quote"),
        ("source: [校报] 一版", "3:9", "special"),
    ],
)
def test_the_cause_of_a_head_that_is_not_understood(load: Load, head: str, place: str, cause: str) -> None:
    (found,) = only(load({"news/2026-11-20-a.md": f"---\ntitle: 标题\n{head}\n---\n文\n"})).problems
    assert (f"{found.line}:{found.column}", found.arguments["cause"]) == (place, cause)


def test_a_list_where_none_may_stand_is_shown_as_written(load: Load) -> None:
    (found,) = only(load({"news/2026-11-20-a.md": "---\ntitle: 标题\nsummary: [一, 二]\n---\n文\n"})).problems
    assert found.arguments["value"] == "[一, 二]"


@pytest.mark.parametrize("key", ["math", "comments", "toc", "mathjax"])
def test_a_key_that_is_like_none_gets_no_hint(load: Load, key: str) -> None:
    (found,) = only(load({"news/2026-11-20-a.md": f"---\ntitle: 标题\n{key}: 1\n---\n文\n"})).problems
    assert (found.code, found.arguments["near"]) == ("key-unknown", "")


def test_states_have_chinese_names(load: Load) -> None:
    assert (
        entry(load, "---\ntitle: 办法\nstatus: 已废止\n---\n", "policies/2026-11-20-a.md").policy.status == "repealed"
    )
    found = entry(load, "---\ntitle: 讲座\nstarts: 2026-12-01\nstatus: 已取消\n---\n", "events/2026-11-20-a.md").event
    assert found.status == "cancelled"


@pytest.mark.parametrize(
    ("path", "text", "missing"),
    [
        ("news/2026-11-20-a.md", "---\ntitle: A\nattachments: [{title: 表}]\n---\n", "3:15 key-missing"),
        ("news/2026-11-20-a.md", "---\ntitle: A\nattachments:\n  - a.txt\n  - {file: }\n---\n", "5:6 key-missing"),
        ("news/2026-11-20-a.md", "---\ntitle: A\nsource: {url: 'https://a.b/'}\n---\n", "3:9 key-missing"),
        ("notices/2026-11-20-a.md", "---\ntitle: A\nperiod: {from: 2026-11-20}\n---\n", "3:9 key-missing"),
        ("branch.yml", "name: 甲\ncommittee: [{role: 书记}]\n", "2:13 key-missing"),
        ("branch.yml", "name: 甲\ndefaults: {source: {url: 'https://a.b/'}}\n", "2:20 key-missing"),
        ("branch.yml", "name: 甲\ndefaults: {attachments: [{title: 表}]}\n", "2:26 key-missing"),
    ],
)
def test_what_a_value_within_another_lacks_is_told(load: Load, path: str, text: str, missing: str) -> None:
    assert missing in faults(load, text, path)

"""What belongs together across branches: topics and their contributions, policies and interpretations, questions and replies."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from conftest import NOW, ORGANIZATION, TWO_BRANCHES, SmallSite, codes

pytestmark = pytest.mark.slow

POLICY = """
--- content/alpha/policies/2026-11-01-rule.md
---
title: 借阅办法
number: 〔2026〕7号
{}---
第一条。
"""
READ = """
--- content/beta/news/2026-11-02-read.md
---
title: 读办法
interprets: alpha/policies/2026-11-01-rule
---
见[办法](../../alpha/policies/2026-11-01-rule.md)。
"""


@pytest.fixture
def site(make_site: Callable[[str], SmallSite]) -> SmallSite:
    """An organization with two branches, beta below alpha."""
    return make_site(ORGANIZATION + TWO_BRANCHES)


def above_the_text(page: str) -> str:
    """What stands on an entry's page before its text."""
    return page.split('<article class="entry">')[1].split('<div class="prose"')[0]


class TestPolicies:
    def test_both_pages_lead_to_each_other_at_the_top(self, site: SmallSite) -> None:
        site.write(POLICY.format("") + READ).build()
        rule = above_the_text(site.page("alpha/policies/2026-11-01-rule/index.html"))
        assert re.search(r'beta/news/2026-11-02-read/">读办法</a>.*乙支部', rule, re.DOTALL)
        read = above_the_text(site.page("beta/news/2026-11-02-read/index.html"))
        assert re.search(r'alpha/policies/2026-11-01-rule/">借阅办法</a>.*甲支部', read, re.DOTALL)

    def test_a_policy_lists_all_interpretations_with_their_branches(self, site: SmallSite) -> None:
        more = READ.replace("beta/news/2026-11-02-read", "alpha/news/2026-11-03-more").replace("读办法", "再读办法")
        voice = (
            "--- content/beta/voices/2026-11-04-v.yml\ntext: 办法好懂\ninterprets: [alpha/policies/2026-11-01-rule]\n"
        )
        site.write(POLICY.format("") + READ + more + voice).build()
        rule = above_the_text(site.page("alpha/policies/2026-11-01-rule/index.html"))
        assert all(title in rule for title in ("读办法", "再读办法", "办法好懂"))
        assert rule.count("乙支部") >= 2

    def test_lists_show_which_still_lack_one(self, site: SmallSite) -> None:
        lists = ("alpha/policies/index.html", "sections/policies/index.html")
        site.write(POLICY.format("")).build()
        assert all("待解读" in site.page(path) for path in lists)
        why = site.write(READ).build().why
        assert not any("待解读" in site.page(path) for path in lists)
        assert {"policies/index.html", "policies/2026-11-01-rule/index.html"} <= set(why["alpha"])
        site.write(READ.replace("title: 读办法", "title: 读办法\ndraft: true")).build()
        assert all("待解读" in site.page(path) for path in lists)
        site.write(POLICY.format("status: repealed\n")).build()
        assert not any("待解读" in site.page(path) for path in lists)

    def test_what_replaces_and_what_is_replaced_lead_to_each_other(self, site: SmallSite) -> None:
        new = "title: 新办法\nreplaces: alpha/policies/2026-11-01-rule\n"
        site.write(POLICY.format("") + f"--- content/beta/policies/2026-11-05-new.md\n---\n{new}---\n新。\n").build()
        old_page = site.page("alpha/policies/2026-11-01-rule/index.html")
        assert re.search(r"已由新文件替代.*新办法.*乙支部", above_the_text(old_page), re.DOTALL)
        assert "借阅办法" in site.page("beta/policies/2026-11-05-new/index.html")

    def test_a_repealed_one_says_so_on_every_page_that_links_to_it(self, site: SmallSite) -> None:
        tags = "tags: [同]\n"
        site.write(POLICY.format(tags) + READ)
        site.write(
            f"--- content/alpha/policies/2026-11-05-new.md\n---\ntitle: 新办法\n{tags}"
            "replaces: [policies/2026-11-01-rule]\n---\n新。\n"
            "--- content/alpha/about.md\n---\ntitle: 关于\n---\n"
            "[**旧**办法](policies/2026-11-01-rule.md)和[![图](media/p.svg)](policies/2026-11-01-rule.md)。\n"
            "--- content/alpha/media/p.svg\n<svg xmlns='http://www.w3.org/2000/svg' width='2' height='1'/>\n"
            "--- content/hub/topics/t.md\n---\ntitle: 专题\n---\n[办法](../../alpha/policies/2026-11-01-rule.md)\n"
        ).build()

        def leading() -> list[str]:
            pages = [path for path in site.files() if path.endswith(".html")]
            own = "alpha/policies/2026-11-01-rule/index.html"
            return [path for path in pages if path != own and 'policies/2026-11-01-rule/"' in site.page(path)]

        before = leading()
        assert {"alpha/about/index.html", "beta/news/2026-11-02-read/index.html", "topics/t/index.html"} <= set(before)
        assert not any("已废止" in site.page(path) for path in before)
        site.write(POLICY.format(f"{tags}status: repealed\n")).build()
        assert [path for path in leading() if "已废止" not in site.page(path)] == []
        about = site.page("alpha/about/index.html")
        assert len(re.findall(r"</a> <span class=\"state state-off\"[^>]*>已废止</span>", about)) == 2
        new = site.page("alpha/policies/2026-11-05-new/index.html")
        # In what it replaces, among its neighbours, among what is related.
        assert new.count("已废止") == new.count('policies/2026-11-01-rule/"')


class TestTopics:
    TOPIC = """
--- content/hub/topics/open-day.md
---
title: 开门日
summary: 一句话导语
{}---
专题的导语。
--- content/alpha/news/2026-11-10-a.md
---
title: 甲的来稿
topics: [open-day]
---
稿。
--- content/beta/voices/2026-11-12-v.yml
text: 乙的微感言
topics: [open-day]
--- content/beta/events/2026-11-11-e.md
---
title: 乙的活动
starts: 2026-12-01
topics: [open-day]
---
活动。
"""

    def test_introduction_sections_timeline_and_feeds_of_its_own(self, site: SmallSite) -> None:
        site.write(self.TOPIC.format("")).build()
        page = site.page("topics/open-day/index.html")
        for text in ("一句话导语", "专题的导语", "支部动态", "微感言", "活动日程", "时间线", "甲的来稿", "乙的微感言"):
            assert text in page
        for name in ("feed.xml", "atom.xml", "feed.json"):
            feed = site.page(f"topics/open-day/{name}")
            assert "甲的来稿" in feed
            assert "乙的微感言" in feed
        assert "乙的活动" in site.page("topics/open-day/calendar.ics")
        assert "topics/open-day/feed.xml" in site.page("feeds.opml") + site.page("feeds/index.html")
        assert 'topics/open-day/">开门日</a>' in site.page("alpha/news/2026-11-10-a/index.html")

    @pytest.mark.parametrize(
        ("now", "state"),
        [("2026-11-04", "已结束"), ("2026-11-05", "进行中"), ("2026-11-20T23:59", "进行中"), ("2026-11-21", "已结束")],
    )
    def test_a_discussion_opens_and_closes(self, site: SmallSite, now: str, state: str) -> None:
        site.write(self.TOPIC.format("discussion: {opens: 2026-11-05, closes: 2026-11-20, question: 改什么？}\n"))
        site.build(now=f"{now}+08:00" if "T" in now else f"{now}T00:00+08:00")
        page = site.page("topics/open-day/index.html")
        assert "改什么？" in page
        assert re.search(rf'<span class="state[^"]*">{state}</span>', page), page[page.index("改什么") :][:600]

    def test_the_home_of_a_branch_shows_its_own_contributions_while_the_topic_runs(self, site: SmallSite) -> None:
        site.write(self.TOPIC.format("closed: 2026-11-25\n")).build()
        for slug, own, other in (("alpha", "甲的来稿", "乙的微感言"), ("beta", "乙的微感言", "甲的来稿")):
            block = site.page(f"{slug}/index.html").split("开门日</b></a>")[1].split("</section>")[0]
            assert own in block
            assert other not in block
        why = site.build(now="2026-11-26T00:00+08:00").why
        assert "开门日" not in site.page("alpha/index.html") + site.page("index.html")
        assert "本专题已结束" in site.page("topics/open-day/index.html")
        assert "index.html" in why["alpha"]

    def test_a_topic_that_is_withdrawn_is_named_nowhere(self, site: SmallSite) -> None:
        site.write(self.TOPIC.format("")).build()
        site.write(self.TOPIC.format("expires: 2026-11-20\n"))
        assert "content/alpha/news/2026-11-10-a.md:3 topic-unknown none" in codes(site.build())
        assert site.mentions("开门日") == []
        assert "撤下" in site.page("topics/open-day/index.html")


class TestLetters:
    LETTER = "--- content/{}/letters/2026-11-{}.md\n---\ntitle: 来信{}\nquestion: 问题{}？\nreceived: 2026-11-{}\n{}---\n{}\n"

    def test_question_reply_and_days_in_branch_and_over_all(self, site: SmallSite) -> None:
        site.write(self.LETTER.format("alpha", "05-a", "甲", "甲", "03", "replied: 2026-11-05\n", "回复甲。"))
        site.write(self.LETTER.format("beta", "06-b", "乙", "乙", "06", "replied: 2026-11-06\n", "回复乙。"))
        site.write(self.LETTER.format("beta", "19-c", "丙", "丙", "19", "", "")).build()
        for path, shown in (
            ("alpha/letters/index.html", "甲"),
            ("beta/letters/index.html", "乙"),
            ("letters/index.html", "甲乙"),
        ):
            page = site.page(path)
            for name in shown:
                assert f"问题{name}？" in page, path
                assert f"回复{name}。" in page, path
        assert "2 天答复" in site.page("alpha/letters/index.html")
        assert "当天答复" in site.page("letters/index.html")
        for path in ("beta/letters/index.html", "letters/index.html"):
            assert "1 封来信" in site.page(path), path
        assert 'url=../../letters/"' in site.page("sections/letters/index.html"), "one page of all letters"
        assert site.mentions("问题丙") == []
        assert site.mentions("来信丙") == []


class TestEvents:
    def test_archives_go_by_when_events_are(self, site: SmallSite) -> None:
        event = "--- content/alpha/events/{}.md\n---\ntitle: {}\nstarts: {}\n{}---\n文\n"
        site.write(event.format("2025-12-20-a", "跨年", "2026-01-03", ""))
        site.write(event.format("2026-11-01-b", "将来", "2027-01-05", ""))
        site.write(event.format("2026-11-02-c", "取消了", "2026-11-10", "status: cancelled\n")).build()
        page = site.page("alpha/events/index.html")
        ahead, past = page.split("往期")
        assert "将来" in ahead
        assert "跨年" not in ahead
        assert "跨年" in past
        archive = site.page("alpha/events/archive/2026/index.html")
        assert "2026年1月" in archive
        assert "跨年" in archive
        assert "将来" not in archive
        assert not site.exists("alpha/events/archive/2025")
        assert "将来" in site.page("alpha/events/archive/2027/index.html"), "the month after leads there"
        site.build(now="2027-01-06T00:00+08:00")
        assert "将来" in site.page("alpha/events/archive/2027/index.html")

    def test_a_cancelled_one_stays_visible_as_cancelled(self, site: SmallSite) -> None:
        head = "title: 郊游\nstarts: 2026-12-10 09:00\nshare_with: all\n"
        event = f"--- content/beta/events/2026-11-02-c.md\n---\n{head}{{}}---\n文\n"
        site.write(event.format("")).build()
        site.write(event.format("status: cancelled\n")).build(now=NOW)
        pages = [
            *(f"beta/{path}" for path in ("index.html", "events/index.html", "events/2026-11-02-c/index.html")),
            *(f"alpha/{path}" for path in ("events/index.html", "all/index.html")),
            *("events/index.html", "events/2026-12/index.html", "index.html"),
        ]
        for path in pages:
            assert "郊游" in site.page(path), path
            assert "已取消" in site.page(path), path
        for path in ("calendar.ics", "beta/calendar.ics", "beta/events/calendar.ics", "alpha/all/calendar.ics"):
            assert "STATUS:CANCELLED" in site.page(path), path


class TestRefs:
    def test_what_is_named_and_does_not_exist_is_a_problem_with_its_place(self, site: SmallSite) -> None:
        site.write(
            "--- content/alpha/policies/2026-11-05-new.md\n---\ntitle: 新\ninterprets: beta/news/2026-11-21-readin\n"
            "replaces: [news/2026-11-20-visi]\ntopics: [safty]\nshare_with: [betta]\nmoved_from: nobody/news/x\n---\n文\n"
            "--- content/hub/topics/safety.md\n---\ntitle: 安全\n---\n文\n"
            "--- content/beta/branch.yml\nname: 乙支部\nparent: alhpa\nrefuse: [alpha/news/2026-11-20-vist]\n"
            "place: {alpha/news/nothing: news}\naccept: [alpa]\n"
        )
        problems = [each for each in site.build().problems if each.severity == "warning"]
        found = {
            f"{each.path.split('/')[-1]}:{each.line}:{each.column} {each.code}": each.arguments.get("near")
            for each in problems
        }
        assert found == {
            "2026-11-05-new.md:3:13 ref-unknown": "beta/news/2026-11-21-reading",
            "2026-11-05-new.md:4:12 ref-unknown": "alpha/news/2026-11-20-visit",
            "2026-11-05-new.md:5:10 topic-unknown": "safety",
            "2026-11-05-new.md:6:14 share-unknown": "beta",
            "branch.yml:2:9 parent-unknown": "alpha",
            "branch.yml:3:10 ref-unknown": "alpha/news/2026-11-20-visit",
            "branch.yml:4:9 ref-unknown": "",
            "branch.yml:5:10 share-unknown": "alpha",
        }

    def test_a_cycle_is_named_in_full(self, site: SmallSite) -> None:
        site.write(
            "--- content/alpha/branch.yml\nname: 甲支部\nparent: beta\n"
            "--- content/beta/branch.yml\nname: 乙支部\nparent: gamma\n"
            "--- content/gamma/branch.yml\nname: 丙支部\nparent: alpha\n"
        )
        cycles = {each.path: each.arguments["cycle"] for each in site.build().problems if each.code == "parent-cycle"}
        assert cycles == {
            "content/alpha/branch.yml": "alpha → beta → gamma → alpha",
            "content/beta/branch.yml": "beta → gamma → alpha → beta",
            "content/gamma/branch.yml": "gamma → alpha → beta → gamma",
        }
        assert all(f"{name}支部" in site.page("branches/index.html") for name in "甲乙丙")

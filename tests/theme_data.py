"""Everything that a page's data may hold, for each template of the theme."""

from __future__ import annotations

from typing import Any

Data = dict[str, Any]

BRANCH: Data = {"title": "机械学生一支部", "url": "/mechanical-1/"}
SECTION: Data = {"title": "支部动态", "url": "/mechanical/news/", "slug": "news"}
PICTURE: Data = {"url": "/mechanical/media/a.jpg", "alt": "一排书架", "width": 1200, "height": 800}
ITEM: Data = {
    "title": "三栋楼的灭火器，一个下午看完",
    "url": "/mechanical/news/2026-11-19-a/",
    "date": "2026-11-19",
    "date_text": "2026年11月19日",
    "summary": "一共一百四十七具，过期九具。",
    "section": SECTION,
    "branch": BRANCH,
    "type": "article",
    "image": PICTURE,
    "pinned": True,
}
ENGLISH: Data = {**ITEM, "title": "First frost", "url": "/international/news/b/", "lang": "en", "image": None}
SHARED: Data = {key: value for key, value in ITEM.items() if key != "branch"} | {"origin": BRANCH, "url": "/c/"}
RUNNING: Data = {
    "title": "拟接收预备党员公示",
    "url": "/mechanical/notices/d/",
    "date": "2026-11-18",
    "date_text": "2026年11月18日",
    "type": "notice",
    "running": {"to": "2026-11-26", "to_text": "2026年11月26日", "until": "2026-11-27T00:00:00+08:00"},
}
ENDED: Data = {**RUNNING, "url": "/mechanical/notices/e/", "running": None, "over": True}
POLICY: Data = {
    **ITEM,
    "url": "/mechanical/policies/f/",
    "type": "policy",
    "image": None,
    "policy": {
        "number": "示大机党〔2026〕2 号",
        "issuer": "机械工程学院党委",
        "status": "in force",
        "status_text": "现行有效",
        "issued_text": "2026年2月27日",
        "effective_text": "2026年3月9日",
    },
    "interpreted": False,
}
REPEALED: Data = {**POLICY, "policy": {**POLICY["policy"], "status": "repealed", "status_text": "已废止"}}
EVENT: Data = {
    **ITEM,
    "url": "/mechanical/events/g/",
    "type": "event",
    "event": {
        "starts": "2026-11-27T15:00:00+08:00",
        "starts_text": "2026年11月27日（周五）15:00",
        "starts_short": "2026年11月27日 15:00",
        "day": "27",
        "month_text": "11月",
        "weekday_text": "周五",
        "ends": "2026-11-27T17:00:00+08:00",
        "ends_text": "2026年11月27日（周五）17:00",
        "ends_short": "2026年11月27日 17:00",
        "all_day": False,
        "location": "金工楼一层大厅",
        "online": "https://meeting.example.edu.cn/1",
        "organizer": "机械学院",
        "status": "cancelled",
        "status_text": "已取消",
        "over": False,
        "calendar_url": "/mechanical/events/g/event.ics",
    },
}
LETTER: Data = {
    **ITEM,
    "url": "/mechanical/letters/h/",
    "type": "letter",
    "letter": {
        "question": "东侧车棚漏雨。\n不知道该找谁。",
        "received_text": "2026年11月8日",
        "replied_text": "2026年11月12日",
        "days": "4",
        "from": "骑车的人",
    },
}
VOICE: Data = {
    "title": "",
    "url": "/mechanical/voices/#i",
    "slug": "i",
    "date": "2026-11-06",
    "date_text": "2026年11月6日",
    "type": "voice",
    "voice": {"text": "原来公差就在我手边。", "person": "一名大二同学", "portrait": "/mechanical/media/p.jpg"},
}
LIST = [ITEM, ENGLISH, SHARED, RUNNING, ENDED, POLICY, REPEALED, EVENT, LETTER, VOICE]
FEEDS = [
    {"title": "支部动态 · RSS", "url": "/mechanical/news/feed.xml", "type": "application/rss+xml"},
    {"title": "支部动态 · Atom", "url": "/mechanical/news/atom.xml", "type": "application/atom+xml"},
]
YEARS = [
    {"title": "2026", "url": "/mechanical/news/archive/2026/", "current": True},
    {"title": "2025", "url": "/mechanical/news/archive/2025/", "current": False},
]
PAGES: Data = {
    "current": 2,
    "total": 3,
    "prev_url": "/mechanical/news/",
    "next_url": "/mechanical/news/page/3/",
    "links": [
        {"title": "1", "url": "/mechanical/news/", "current": False},
        {"title": "2", "url": "/mechanical/news/page/2/", "current": True},
    ],
}
CONTACT: Data = {"person": "秦川", "phone": "010-0000 0000", "email": "a@example.edu.cn", "address": "机械楼 205 室"}
WAY: Data = {
    "mail": "mailto:a@example.edu.cn?subject=%5B1%5D&body=%0D%0A",
    "address": "a@example.edu.cn",
    "form": "https://wj.example.edu.cn/s?from=mechanical",
    "issue": "https://git.example.edu.cn/issues/new?title=a",
    "note": "Every day.",
    "lang": "en",
    "reply_text": "我们在 5 个工作日内答复。",
    "qr": {"address": "https://wj.example.edu.cn/s", "text": "二维码：https://wj.example.edu.cn/s"},
}
TOPIC: Data = {
    "title": "实验室安全",
    "url": "/topics/lab/",
    "summary": "人人一条",
    "image": PICTURE,
    "closed": True,
    "count": 3,
}
LEAF: Data = {
    "title": "机械学生一支部",
    "name": "机械工程学院学生第一党支部",
    "url": "/mechanical-1/",
    "description": "四十六个人。",
    "last": {"title": "陀螺", "url": "/j/", "date": "2026-11-21", "date_text": "2026年11月21日"},
    "count": 9,
    "status": "closed",
    "children": [],
}
TREE = [{**LEAF, "title": "机械学院", "url": "/mechanical/", "children": [LEAF, {**LEAF, "last": None}]}]
HOME: Data = {
    "latest": [ITEM, ENGLISH, SHARED, POLICY, REPEALED],
    "notices": [RUNNING, ENDED],
    "running": [RUNNING],
    "soon": [{**EVENT, "url": "/mechanical/events/soon/"}],
    "events": [EVENT],
    "voices": [VOICE, VOICE],
    "letters": [LETTER],
    "about": {"text": "管着一件简单的事。", "url": "/mechanical/about/", "lang": "en"},
    "contact": CONTACT,
    "topics": [TOPIC],
    "write": WAY,
}
GROUPS = [{"section": SECTION, "entries": [{**ITEM, "url": "/k/"}, ITEM]}]
EVERY_PAGE: Data = {
    "root": "../..",
    "canonical": "https://x.edu.cn/mechanical/",
    "description": "一句话",
    "crumbs": [
        {"title": "党建在线", "url": "/"},
        {"title": "机械学院", "url": "/mechanical/"},
        {"title": "支部动态", "url": "/mechanical/news/"},
    ],
    "alternates": FEEDS,
    "labels": {"ArticleTitle": "标题", "PubDate": "2026-11-19 00:00"},
    "og": {"type": "article", "image": "https://x.edu.cn/a.jpg"},
    "published": "2026-11-19T00:00:00+08:00",
    "modified": "2026-11-20T00:00:00+08:00",
    "edit_url": "https://git.example.edu.cn/a.md",
}
ENTRY: Data = {
    **{key: value for key, value in ITEM.items() if key not in ("title", "url", "branch")},
    "tags": [{"title": "实验室安全", "url": "/tags/a/"}],
    "facts": [{"label": "学时", "text": "16"}],
    "lang": "en",
    "author": "党办",
    "source": {"title": "校报", "url": "https://news.example.edu.cn/"},
    "updated_text": "2026年11月20日",
    "updated": "2026-11-20",
    "attachments": [{"title": "检查单", "url": "/mechanical/media/a.pdf", "type": "PDF", "size_text": "4 kB"}],
    "newer": {"title": "较新的", "url": "/l/"},
    "older": {"title": "较早的", "url": "/m/"},
    "related": [POLICY],
    "topics": [{"title": "实验室安全", "url": "/topics/lab/"}],
    "cover": PICTURE,
    "correction": WAY,
}

SPARK: Data = {"path": "M92 20v-18h3v18z", "text": "两年共 1 篇，最近三个月 1 篇", "total": 1}
FIGURES: Data = {
    "entries": 44,
    "replies": 2,
    "mean": "3",
    "policies": 1,
    "interpreted": 1,
    "interpretations": 1,
}
MONTHS = [
    {
        "title": "2026年11月",
        "before": {"title": "2026年10月", "url": "/events/2026-10/"},
        "after": {"title": "2026年12月", "url": "/events/2026-12/"},
        "days": ["周一", "周二", "周三", "周四", "周五", "周六", "周日"],
        "weeks": [
            [
                None,
                *(
                    {
                        "day": day,
                        "date": f"2026-11-0{day}",
                        "events": [{"title": "故事课", "url": "/events/a/", "cancelled": day == 2}] if day < 3 else [],
                    }
                    for day in range(1, 7)
                ),
            ]
        ],
    }
]
HEALTH: list[Data] = [
    {
        "title": "机械学院",
        "url": "/mechanical/",
        "own_url": "/health/branches/mechanical/",
        "depth": depth,
        "state": "stale",
        "state_text": "已超期",
        "last_text": "2026年11月19日",
        "section": "支部动态",
        "left": -3,
        "left_text": "逾期 3 天",
        "last": "2026-11-19",
        "waiting": 1,
        "spark": SPARK,
    }
    for depth in (0, 1, 7)
]
GROUP: Data = {"title": "机械学院", "lang": "en", "count": 3, "late_text": "3 个超期", "rows": HEALTH}
DAYS: list[Data] = [
    {"title": "2026年11月28日 周六", "anchor": "day-2026-11-28", "entries": [EVENT, {**EVENT, "url": "/m/"}]}
]
UNITS: list[Data] = [
    {
        "title": "机械学院",
        "url": "/mechanical/",
        "words": "机械工程学院党总支",
        "note": "2026年11月21日",
        "below": [{"title": "一支部", "url": "/mechanical-1/", "depth": depth, "lang": "en"} for depth in (1, 7)],
    },
    {"title": "机关", "url": "/office/"},
    {"title": "甲 – 乙", "url": "", "below": [{"title": name, "url": f"/{name}/", "depth": 1} for name in "ab"]},
]
FILTERS = [
    {"title": "按组织", "units": UNITS, "many": True},
    {"title": "按栏目", "links": [{"title": "全部内容", "url": "/", "current": True}]},
]
FULL: dict[str, list[Data]] = {
    "entry.html": [
        ENTRY,
        {**ENTRY, **{key: EVENT[key] for key in ("event", "type")}},
        {**ENTRY, "write": WAY, **{key: LETTER[key] for key in ("letter", "type")}},
        {**ENTRY, "type": "notice", "running": RUNNING["running"], "period_text": "2026年11月18日 至 11月26日"},
        {
            **ENTRY,
            "type": "policy",
            "policy": POLICY["policy"],
            "interprets": [POLICY],
            "interpretations": [ITEM],
            "replaces": [REPEALED],
            "replaced_by": [POLICY],
        },
    ],
    "page.html": [
        {"updated_text": "2026年11月20日", "attachments": ENTRY["attachments"], "lang": "en", "correction": WAY}
    ],
    "home.html": [
        {
            **HOME,
            "news_sections": GROUPS,
            "members": 46,
            "committee": [{"name": "秦怀远", "role": "书记", "photo": "/mechanical/media/p.jpg"}, {"name": "某人"}],
            "children": [{**BRANCH, "date_text": "2026年11月21日", "status": "active"}],
            "from_branches": [ITEM],
            "elsewhere": [{"title": "共享给我们", "url": "/mechanical/shared/"}],
            "more": {"notice": "/mechanical/notices/", "event": "/e/", "branches": "/mechanical/all/"},
        }
    ],
    "hub-home.html": [{**HOME, "filters": FILTERS, "sections": GROUPS, "tree": UNITS, "many": True}],
    "section.html": [
        {
            "section": {"title": "支部动态", "description": "会议与活动。"},
            "filters": FILTERS,
            "waiting": 2,
            "write": WAY,
            "statistics": [{"title": "2026 年第 4 季度", "replied": 1, "days": "3"}],
            "entries": LIST,
            "years": YEARS,
            "pages": PAGES,
            "feeds": FEEDS,
            "dated": True,
            "type": "article",
        }
    ],
    "archive.html": [
        {
            "years": YEARS,
            "months": [{"title": "2026年11月", "anchor": "month-2026-11", "grid": MONTHS[0], "entries": LIST}],
            "feeds": FEEDS,
            "folded": folded,
        }
        for folded in (False, True)
    ],
    "tag.html": [{"tag": "实验室安全", "entries": LIST, "pages": {**PAGES, "search_url": "/search/?q=a"}}],
    "tags.html": [
        {
            "tags": [{"title": "实验室安全", "url": "/tags/a/", "count": 12}],
            "others": [{"title": "消防", "url": "/tags/b/", "count": 1}],
        }
    ],
    "list.html": [
        {
            "coming_days": DAYS,
            "sections": [{"title": "支部动态", "slug": "news", "url": "/search/", "count": 9, "entries": LIST}],
        },
        {"entries": LIST, "grids": MONTHS, "lead": "全部内容。", "pages": PAGES, "feeds": FEEDS},
    ],
    "withdrawn.html": [
        {"noindex": True, "reason": reason, "since": "2026-11-01", "since_text": "2026年11月1日", "home": BRANCH}
        for reason in ("公示期已满，本页已撤下。", "本页已由发布者撤下。")
    ],
    "redirect.html": [{"noindex": True, "target": "/mechanical/news/a/"}],
    "notfound.html": [{"noindex": True, "root": ""}],
    "tree.html": [{"branches": TREE}, {"branches": [{**LEAF, "members": 1}]}, {"units": UNITS}],
    "feeds.html": [
        {
            "opml": "/feeds.opml",
            "opml_branches": "/branches.opml",
            "readers": [{"label": "Windows", "text": "甲 · 乙"}],
            "calendars": True,
            "mail": "https://news.example.edu.cn/",
            "qr": {"address": "https://x.edu.cn/feeds/", "text": "本页的二维码：https://x.edu.cn/feeds/"},
            "branches": [*UNITS],
            "groups": [
                {
                    "title": "机械学院",
                    "url": "/mechanical/",
                    "feeds": [
                        {
                            "title": "全部内容",
                            "url": "/mechanical/",
                            "anchor": "list-everything",
                            "formats": [
                                {
                                    "title": "RSS",
                                    "url": "/mechanical/feed.xml",
                                    "type": "application/rss+xml",
                                },
                                {
                                    "title": "日历",
                                    "url": "webcal://x.edu.cn/mechanical/calendar.ics",
                                    "type": "text/calendar",
                                },
                            ],
                        }
                    ],
                }
            ],
        }
    ],
    "events.html": [
        {
            "lead": "可以订阅。",
            "filters": FILTERS,
            "feeds": FEEDS,
            "years": YEARS,
            "coming": [EVENT],
            "grids": MONTHS,
            "past": [{**EVENT, "event": {**EVENT["event"], "over": True}}],
            "months": [{"title": "2026年11月", "url": "/events/2026-11/", "current": True}],
            "calendar_url": "webcal://x.edu.cn/calendar.ics",
        },
        {"coming_days": DAYS, "past_days": [{**DAYS[0], "anchor": "past-2026-11-01"}], "calendar_url": "webcal://x/"},
    ],
    "letters.html": [
        {
            "entries": [{**LETTER, "letter": {**LETTER["letter"], "days": days}} for days in ("0", "1", "4")],
            "statistics": [{"title": "2026 年第四季度", "replied": 9, "days": "3"}],
            "waiting": waiting,
            "write": WAY,
            "pages": PAGES,
        }
        for waiting in (1, 2)
    ],
    "topics.html": [
        {"topics": [TOPIC, {**TOPIC, "closed": False, "image": None}], "others": [{**TOPIC, "url": "/t/", "count": 3}]}
    ],
    "topic.html": [
        {
            "image": PICTURE,
            "lead": "人人一条。",
            "lang": "en",
            "join": WAY,
            "late": LIST,
            "timeline": [{"title": "2026年11月", "entries": LIST}],
            "folded": True,
            "sections": [{"title": "支部动态", "entries": LIST}],
            "discussion": {
                "question": "先改哪件小事?",
                "opens_text": "11月9日",
                "closes_text": "12月18日",
                "open": True,
            },
            "feeds": FEEDS,
            "closed": True,
        }
    ],
    "search.html": [{"links": [{"title": "全部支部", "url": "/branches/"}]}],
    "health.html": [
        {
            "rows": HEALTH,
            "today_text": "2026年11月23日",
            "years": [{"title": "2026", "url": "/health/years/2026/", "current": True}],
        },
        {"today_text": "2026年11月23日", "groups": [GROUP]},
    ],
    "health-branch.html": [
        {
            "branch": {"title": "机械学院", "url": "/mechanical/"},
            "state": "due",
            "state_text": "即将到期",
            "today_text": "2026年11月23日",
            "calendar_url": "webcal://example.org/health/branches/mechanical/health.ics",
            "spark": SPARK,
            "dues": [
                {
                    "text": "「支部动态」该更新了",
                    "date": "2026-11-25",
                    "date_text": "2026年11月25日",
                    "left_text": "还有 2 天",
                    "over": over,
                }
                for over in (True, False)
            ],
            "sections": [
                {
                    "title": "支部动态",
                    "last_text": "2026年11月11日",
                    "due_text": "2026年11月25日",
                    "left_text": "还有 2 天",
                    "state": "due",
                    "state_text": "即将到期",
                }
            ],
        }
    ],
    "figures.html": [
        {
            "years": [{"title": "2026", "url": "/health/years/2026/", "current": True}],
            "sections": [{"title": "支部动态", "url": "/sections/news/", "count": 44, "before": 40}],
            "branches": [
                {"title": "机械学院", "url": "/mechanical/", "depth": depth, **FIGURES} for depth in (0, 1, 7)
            ],
            "total": {**FIGURES, "before": 9},
            "year": "2026",
            "before": "2025",
            "table": "/health/years/2026/figures.csv",
            "months": [
                {"title": f"{month}月", "count": month, "before": 3, "x": 60 * month - 20, "y": 90}
                for month in range(1, 13)
            ],
            "bars": "M30 150v-50h20v50z",
            "before_bars": "M6 150v-20h20v20z",
        }
    ],
}
"""Each template with much to show: one or more pages' data, without what every page has."""

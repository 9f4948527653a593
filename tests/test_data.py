"""Data files: what another program needs to show every list itself, and nothing that is not public."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import jsonschema
import pytest
from conftest import SmallSite

from builder.pipeline.files import site_outputs
from builder.pipeline.release import build_site
from builder.pipeline.stages import Steps

MORE = """
--- content/organization.yml
name: 示范大学
url: https://example.org/
sections:
  news: {title: 支部动态, type: article}
  policies: {title: 政策文件, type: policy}
  events: {title: 活动日程, type: event}
  voices: {title: 微感言, type: voice}
  letters: {title: 来信回应, type: letter}
--- content/hub/topics/safety.md
---
title: 安全
---
--- content/hub/topics/later.md
---
title: 以后
draft: true
---
--- content/alpha/policies/2026-11-01-p.md
---
title: 办法
topics: [safety, later]
share_with: [subtree]
policy: {number: 〔2026〕1号, replaces: alpha/policies/2026-10-01-secret}
---
文
--- content/alpha/policies/2026-10-01-secret.md
---
title: 内部
draft: true
---
文
--- content/beta/news/2026-11-02-i.md
---
title: 解读
interprets: [alpha/policies/2026-11-01-p, alpha/policies/2026-10-01-secret]
share_with: [all]
hub: false
---
文
--- content/gamma/branch.yml
name: 丙支部
parent: alpha
accept: [alpha]
refuse: [alpha/policies/2026-10-01-secret]
order: 1
--- content/gamma/events/2026-11-03-e.yml
title: 开放日
starts: 2026-12-01 14:00
--- content/gamma/voices/2026-11-04-v.yml
text: 一句话
"""


def data(site: SmallSite, name: str) -> Any:
    return json.loads(site.page(f"data/{name}.json"))


@pytest.mark.slow
def test_every_file_is_what_its_schema_says(site: SmallSite) -> None:
    site.write(MORE).build()
    for name in ("entries", "branches"):
        schema = data(site, f"{name}.schema")
        jsonschema.Draft202012Validator.check_schema(schema)
        jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker()).validate(data(site, name))
        assert schema["$id"] == f"https://example.org/data/{name}.schema.json"
    broken = data(site, "entries")
    del broken["entries"][0]["title"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, data(site, "entries.schema"))


@pytest.mark.slow
def test_lists_can_be_made_from_them(site: SmallSite) -> None:
    site.write(MORE).build()
    entries = data(site, "entries")["entries"]
    branches = {branch["slug"]: branch for branch in data(site, "branches")["branches"]}

    def above(slug: str) -> list[str]:
        parent = branches[slug].get("parent", "")
        return [parent, *above(parent)] if parent else []

    def receives(slug: str, entry: Any) -> bool:
        owner, accept = entry["branch"], branches[slug].get("accept", "all")
        names = {"all", slug, *(["subtree"] if owner in above(slug) else []),
                 *(["ancestors"] if slug in above(owner) else [])}  # fmt: skip
        offered = slug != owner and names & set(entry.get("share_with", []))
        return bool(offered) and (accept == "all" or owner in accept)

    def expected(lives: list[Any]) -> list[str]:
        return [entry["id"] for entry in lives]

    def feed(path: str) -> list[str]:
        return [item["id"] for item in json.loads(site.page(f"{path}feed.json"))["items"]]

    assert feed("") == expected([entry for entry in entries if entry["hub"]])
    assert feed("topics/safety/") == expected([entry for entry in entries if "safety" in entry.get("topics", [])])
    for slug in branches:
        own = [entry for entry in entries if entry["branch"] == slug or receives(slug, entry)]
        assert feed(f"{slug}/") == expected(own)
        for section in branches[slug]["sections"]:
            part = [entry for entry in own if entry["section"] == section["slug"]]
            assert feed(f"{slug}/{section['slug']}/") == expected(part)


@pytest.mark.slow
def test_names_of_what_is_not_published_are_left_out(site: SmallSite) -> None:
    site.write(MORE).build()
    for name in ("entries", "branches"):
        assert "secret" not in site.page(f"data/{name}.json")
        assert "later" not in site.page(f"data/{name}.json")


@pytest.mark.slow
def test_a_new_entry_rewrites_the_first_file_alone(site: SmallSite) -> None:
    pairs = Steps(make=partial(build_site, outputs=partial(site_outputs, data_size=2)))
    for day in range(1, 6):
        site.write(f"--- content/alpha/news/2026-10-0{day}-n.md\n---\ntitle: 第{day}篇\n---\n文\n")
    site.build(steps=pairs)
    before, times = site.files("data"), site.times("data")
    assert sorted(before) == [
        "branches.json", "branches.schema.json", "entries-1.json", "entries-2.json", "entries-3.json", "entries.json",
        "entries.schema.json",
    ]  # fmt: skip
    titles = []
    name = "entries"
    while name:
        page = data(site, name)
        titles += [entry["title"] for entry in page["entries"]]
        name = page.get("next", "").rpartition("/")[2].removesuffix(".json")
    assert titles == ["读书会", "走访慰问", "第5篇", "第4篇", "第3篇", "第2篇", "第1篇"]
    site.write("--- content/alpha/news/2026-11-22-n.md\n---\ntitle: 新\n---\n文\n").build(steps=pairs)
    after = site.times("data")
    assert {path for path in after if after[path] != times[path]} == {"branches.json", "entries.json"}
    assert [entry["title"] for entry in data(site, "entries")["entries"]] == ["新", "读书会"]

"""A new kind of entry: three files of its own and a line in the registry, in a copy of the program, and it is everywhere."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import NOW, ORGANIZATION, REPOSITORY, SmallSite, files_of

COURSE = '''
--- builder/model/kinds/course.py
"""Courses: what somebody teaches for some hours."""

from __future__ import annotations

from builder.model.kinds.kind import Kind


class Course(Kind, frozen=True):
    """The part of an entry that only a course has."""

    teacher: str
    hours: int = 0
--- builder/content/kinds/course.py
"""What authors write of a course: who teaches it, for how long."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from builder.content.kinds.reader import Context, KindReader
from builder.content.schema.compound import TEXT, Field
from builder.content.schema.types import Whole
from builder.messages.translation import N_
from builder.model.kinds import AnyKind, Course


class CourseReader(KindReader):
    """The reader of courses."""

    title = N_("A course")
    fields = (
        Field("teacher", TEXT, N_("Teacher"), N_("Who teaches it."), required=True),
        Field("hours", Whole(1), N_("Hours"), N_("How long it takes.")),
    )
    examples: ClassVar[Mapping[str, str]] = {"teacher": "Somebody"}

    def read(self, values: Mapping[str, Any], context: Context) -> AnyKind:
        """Return a course."""
        return Course(teacher=values["teacher"], hours=values.get("hours", 0))


READER = CourseReader()
--- builder/pages/kinds/course.py
"""What readers see of a course: its teacher and its hours."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from builder.messages.translation import N_
from builder.model import kinds as model
from builder.model.values import Entry
from builder.pages import data_types
from builder.pages.context import Context
from builder.pages.kinds.kind_pages import JsonLd, KindPages
from builder.pages.page_data.parts import Fact


class Course(data_types.Data, frozen=True, kw_only=True):
    """The fields that only a course has."""

    teacher: str
    hours: int = 0


class CoursePages(KindPages[model.Course]):
    """Courses, as readers see them."""

    column_type = N_("Courses")
    data_key = "course"
    data_type = Course

    def facts(self, ctx: Context, kind: model.Course) -> Iterator[Fact]:
        """Return its teacher."""
        yield Fact(label="Teacher", text=kind.teacher)

    def json_ld(self, ctx: Context, entry: Entry, kind: model.Course, owner: JsonLd) -> JsonLd:
        """Return it as ``Course``."""
        return {"@type": "Course", "name": entry.title, "provider": owner}

    def data(self, ctx: Context, kind: model.Course, file: Callable[[str], str]) -> Course:
        """Return its teacher and its hours."""
        return Course(teacher=kind.teacher, hours=kind.hours)

    def keywords(self, kind: model.Course) -> Iterator[str]:
        """Return its teacher."""
        yield kind.teacher


PAGES = CoursePages()
'''
REGISTRY = "builder/model/kinds/__init__.py"
EVENT_LINE, COURSE_LINE = (f"from builder.model.kinds.{name} import {name.title()}\n" for name in ("event", "course"))

CONTENT = """
--- content/alpha/branch.yml
name: 甲支部
--- content/alpha/courses/2026-11-20-first-aid.md
---
title: 急救入门
teacher: 沈默言
hours: 16
tags: [健康]
---
先学心肺复苏。
--- content/beta/branch.yml
name: 乙支部
parent: alpha
"""


class Copy:
    """A copy of the program to which a kind was added, and a small organization that has a section of it."""

    def __init__(self, program: Path, site: SmallSite) -> None:
        self.program, self.site = program, site

    def run(self, *arguments: str, code: int = 0) -> str:
        """Run a command of the copy; return what it says."""
        environment = {**os.environ, "PYTHONPATH": str(self.program), "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, "-m", "builder", *arguments]
        done = subprocess.run(
            command, cwd=self.site.root, env=environment, capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout + done.stderr

    def build(self, code: int = 0) -> str:
        """Build the site."""
        return self.run("build", "--now", NOW, "--jobs", "1", code=code)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """The copy, its site built once."""
    root = tmp_path_factory.mktemp("kind")
    program = root / "program"
    shutil.copytree(REPOSITORY / "builder", program / "builder", ignore=shutil.ignore_patterns("__pycache__"))
    for path, content in files_of(COURSE).items():
        (program / path).write_text(content, "utf-8")
    registry = program / REGISTRY
    text = registry.read_text("utf-8")
    registry.write_text(
        text.replace(EVENT_LINE, COURSE_LINE + EVENT_LINE).replace("| Voice\n", "| Voice | Course\n"), "utf-8"
    )
    (root / "site").mkdir()
    sections = ORGANIZATION + "  courses: {title: 课程, type: course, update_within: 1 month}\n"
    copy = Copy(program, SmallSite(root / "site").write(sections + CONTENT))
    copy.build()
    return copy


pytestmark = pytest.mark.slow


def test_it_is_in_lists(copy: Copy) -> None:
    lists = ["alpha/courses/", "alpha/", "alpha/all/", "alpha/tags/健康/", "alpha/courses/archive/2026/"]
    for path in [*lists, "", "sections/courses/"]:
        assert "急救入门" in copy.site.page(f"{path}index.html"), path


def test_it_has_a_page_with_its_facts(copy: Copy) -> None:
    page = copy.site.page("alpha/courses/2026-11-20-first-aid/index.html")
    assert "<dt>Teacher</dt><dd>沈默言</dd>" in page
    assert '"@type":"Course"' in page


def test_it_is_in_feeds(copy: Copy) -> None:
    for folder in ("alpha/courses/", "alpha/", "alpha/all/", "", "feeds/courses/"):
        for name in ("feed.xml", "atom.xml", "feed.json"):
            assert "急救入门" in copy.site.page(folder + name), folder + name
    assert "alpha/courses/feed.xml" in copy.site.page("feeds.opml")
    assert any("sitemap" in path for path in copy.site.mentions("alpha/courses/2026-11-20-first-aid/"))


def test_the_search_finds_it(copy: Copy) -> None:
    for folder in ("alpha/search", "search"):
        index = "\n".join(content.decode("utf-8", "replace") for content in copy.site.files(folder).values())
        assert "急救入门" in index
        assert "沈默言" in index


def test_it_is_in_the_data(copy: Copy) -> None:
    (entry,) = json.loads(copy.site.page("data/entries.json"))["entries"]
    assert (entry["type"], entry["course"]) == ("course", {"teacher": "沈默言", "hours": 16})
    schema = json.loads(copy.site.page("data/entries.schema.json"))["$defs"]
    assert schema["Course"]["required"] == ["teacher"]
    assert "course" in schema["Entry"]["properties"]["type"]["enum"]
    assert "course" in schema["Entry"]["properties"]


def test_it_has_a_schema(copy: Copy) -> None:
    schema = json.loads(copy.run("schema", "course"))
    assert (schema["title"], schema["required"]) == ("A course", ["teacher"])
    assert {"teacher", "hours", "tags", "body"} <= schema["properties"].keys()
    assert "course" in json.dumps(json.loads(copy.run("schema", "organization"))["properties"]["sections"])


def test_editors_are_helped_with_it(copy: Copy) -> None:
    copy.run("new", "entry", "alpha/courses", "木工", "--now", NOW)
    (written,) = (copy.site.root / "content/alpha/courses").glob("*木工*")
    assert "teacher: Somebody" in written.read_text("utf-8")
    written.unlink()
    copy.site.write("--- content/beta/courses/2026-11-21-choir.md\n---\ntitle: 合唱\nhours: many\n---\n周三。\n")
    said = copy.run("check", "--now", NOW, code=1)
    assert "teacher" in said
    assert "many" in said
    copy.site.delete("content/beta/courses")


def test_it_is_audited(copy: Copy) -> None:
    # Code 1: there is something to be done, as everywhere here.
    found = json.loads(copy.run("audit", "--now", "2027-03-01T09:00:00+08:00", "--format", "json", code=1))["findings"]
    rules = {(each["rule"], each["section"]) for each in found if each["branch"] == "alpha"}
    assert {("section-stale", "courses"), ("summary-missing", "courses")} <= rules
    assert "课程" in copy.site.page("health/branches/alpha/index.html")


def test_it_is_kept_and_withdrawn_like_all_others(copy: Copy) -> None:
    source = copy.site.root / "content/alpha/courses/2026-11-20-first-aid.md"
    good = source.read_text("utf-8")
    source.write_text(good.replace("teacher: 沈默言\n", ""), "utf-8")
    assert "content/alpha/courses/2026-11-20-first-aid.md:2" in copy.build(code=1)
    assert "沈默言" in copy.site.page("alpha/courses/2026-11-20-first-aid/index.html")
    source.write_text(good.replace("hours: 16", "expires: 2026-11-21"), "utf-8")
    copy.build()
    assert copy.site.mentions("沈默言") == []
    source.write_text(good, "utf-8")
    copy.build()
    assert "沈默言" in copy.site.page("alpha/courses/2026-11-20-first-aid/index.html")

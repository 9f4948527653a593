"""A small organization with everything in it, and all that it comes to, word for word: what its pages are given to show, its
feeds, calendars, data, search index and header files, the forms in which it is edited, and what commands say of it.

Other tests say why something is so; these only notice that it has become something else. Where that is meant,
``GOLDEN=write make test ARGS=tests/test_whole_site.py`` writes the files in ``tests/golden/whole/`` anew, and whoever reads the
change reads what has become different for readers.
"""

from __future__ import annotations

import difflib
import email
import email.policy
import io
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import msgspec
import pytest
from conftest import SmallSite, codes, files_of
from folders import ORGANIZATION
from picture_files import photograph, screenshot
from test_forms import HOST
from test_problems import told

from builder import __version__
from builder.cli.commands import main
from builder.content import read_branch, read_organization
from builder.content.forms import Program, backend_of, form_config, read_form_context
from builder.content.schema.names import CHINESE_NAMES, FOREIGN_NAMES
from builder.formats.html.site import Site
from builder.pipeline.conductor import Result
from builder.pipeline.job import Job, Outcome
from builder.pipeline.release import build_site, derive
from builder.pipeline.site_build import SiteBuild
from builder.pipeline.stages import Steps

CONTENT = Path(__file__).parent / "cases" / "whole" / "site.txt"
GOLDEN = Path(__file__).parent / "golden" / "whole"
LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><circle cx="32" cy="32" r="30" fill="#c00"/></svg>'
)
BESIDE = {
    "alpha/media/li.jpg": photograph(200, 200),
    "alpha/news/2026-11-20-visit/photo.jpg": photograph(1000, 750),
    "alpha/news/2026-11-20-visit/list.pdf": b"%PDF-1.4\n%%EOF\n",
    "beta/media/steps.png": screenshot(300, 200),
    "hub/media/logo.svg": LOGO.encode(),
}
FEEDS = re.compile(r"(alpha/|beta/)?(all/|events/|feeds/news/)?(feed\.(xml|json)|atom\.xml|archive-1\.(xml|json))")
FILES = re.compile(
    r".*\.(ics|opml|csv)|hub/headers/.*|(alpha/|beta/)?(sitemap\.xml|robots\.txt|_headers)|data/[a-z.]+\.json|.*/search/.*\.json"
)


class Whole(SmallSite):
    """The organization, built once; ``staged`` is what the renderer was given of each site, by slug."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.write(CONTENT.read_text("utf-8"))
        for path, content in BESIDE.items():
            file = root / "content" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        self.staged: dict[str, Site] = {}

        def make(job: Job) -> Outcome:
            outcome = build_site(job)
            self.staged[job.slug] = derive(SiteBuild(job)).site
            return outcome

        self.result: Result = self.build(steps=Steps(make=make))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    """The organization; nobody edits it."""
    return Whole(tmp_path_factory.mktemp("whole"))


def shown(value: object) -> str:
    """A value as readable text, the same on every machine."""
    return unhashed(json.dumps(value, ensure_ascii=False, indent=1))


def unhashed(text: str) -> str:
    """A text without the hashes of style sheets and scripts."""
    return re.sub(r"(?<=\.)[0-9a-f]{10}(?=\.)|(?<=sha256-)[\w+/=]+", "HASH", text)


def pages_of(site: Site) -> Mapping[str, str]:
    """What each page of a site is given, by path; what all its pages have in common is at an empty path."""
    extra = {name: value for name, value in json.loads(site.extra).items() if name not in ("assets", "policy")}
    common = {"name": site.name, "url": site.url, "language": site.language, "assets": site.assets, "extra": extra}
    nav = msgspec.to_builtins(site.nav)
    pages = {
        page.path: shown(
            {"title": page.title, "template": page.template, "headings": page.headings, **json.loads(page.meta)}
        )
        + f"\n{page.html}"
        for page in site.pages
    }
    return {"(all)": shown(common | {"nav": nav}), **pages}


def files_matching(whole: Whole, wanted: re.Pattern[str]) -> Mapping[str, str]:
    """The output files whose path is wanted; JSON in lines."""
    found = {path: content.decode() for path, content in sorted(whole.files().items()) if wanted.fullmatch(path)}
    return {path: shown(json.loads(text)) if path.endswith(".json") else unhashed(text) for path, text in found.items()}


SETTINGS = """
--- digest.yml
from: sites@example.org
operator: web@example.org
smtp: {host: mail.example.org, port: 2525, security: none}
--- publish.yml
web: {folder: ../www}
--- .gitignore
sites
"""
LATER = "2026-12-24T09:00:00+08:00"
COMMANDS = """
check
check --duplicates --format json
check --format github
check --format gitlab
check --format sarif
check content/beta
audit
audit --format json
audit --format csv
audit --format sarif
audit beta
next
build --executor serial --verbose --report report.json
status
status --format json
status --format prometheus
owners --for github
owners --for gitlab
owners --for gitea
wechat content/alpha/news/2026-11-20-visit/index.md
wechat alpha/policies/2026-03-02-rules
publish --dry-run
digest --dry-run --eml mails
new branch zeta
new entry alpha/news Title
new entry alpha/events
new entry alpha/nothing Title
"""


def said(whole: Whole, copy: Path) -> Mapping[str, str]:
    """What commands say of a copy of the organization a month later, with their exit status; and the mails of a digest."""
    site = whole.copy(copy).write(SETTINGS)
    found = {}
    for command in COMMANDS.strip().splitlines():
        out, err = io.StringIO(), io.StringIO()
        words = command.replace("mails", str(copy / "mails")).replace("report.json", str(copy / "report.json")).split()
        with redirect_stdout(out), redirect_stderr(err):
            status = main([*words, "--root", str(site.root), "--now", LATER])
        found[command] = f"status {status}\n{out.getvalue()}\n{err.getvalue()}".replace(str(copy), "ROOT")
    for file in sorted((copy / "mails").rglob("*.eml")):
        mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        found[file.name] = f"{dict(mail)}\n{mail.get_content()}"
    for file in (copy / "content/zeta/branch.yml", copy / "content/alpha/news/2026-12-24-title.md"):
        found[file.name] = file.read_text("utf-8")
    found["report.json"] = (copy / "report.json").read_text("utf-8").replace(str(copy), "ROOT")
    return {name: text.replace("\r", "").replace(f'"{__version__}"', "VERSION") for name, text in found.items()}


FORMS: tuple[tuple[str, Program, bool], ...] = (
    ("alpha", "sveltia", True),
    ("beta", "sveltia", False),
    ("beta", "decap", False),
    ("hub", "sveltia", True),
)
"""Sites, the programs whose settings are written for them, and whether our own server has them."""


def forms(whole: Whole) -> Mapping[str, str]:
    """The settings of the forms of three sites."""
    organization, _ = read_organization(whole.root)
    assert organization is not None
    return {
        f"{slug} {program} {hosted}": shown(
            form_config(
                read_form_context(whole.root, organization, slug, program, hosted=hosted), backend_of(HOST, program)
            )
        )
        for slug, program, hosted in FORMS
    }


PARTS: Mapping[str, Callable[[Whole], Mapping[str, str]]] = {
    "pages-hub": lambda whole: pages_of(whole.staged[""]),
    "pages-alpha": lambda whole: pages_of(whole.staged["alpha"]),
    "pages-beta": lambda whole: pages_of(whole.staged["beta"]),
    "pages-gamma": lambda whole: pages_of(whole.staged["gamma"]),
    "feeds": lambda whole: files_matching(whole, FEEDS),
    "files": lambda whole: files_matching(whole, FILES),
    "forms": forms,
    "paths": lambda whole: {
        "(files)": unhashed("\n".join(sorted(whole.files()))),
        "(problems)": "\n".join(codes(whole.result)),
        "(counts)": shown(dict(whole.result.counts)),
    },
}


def compare(name: str, texts: Mapping[str, str]) -> None:
    """Compares texts with those in the file of that name."""
    made = {path: text.rstrip("\n") + "\n" for path, text in texts.items()}
    golden = GOLDEN / f"{name}.txt"
    if os.environ.get("GOLDEN") == "write":
        golden.write_text("".join(f"--- {path}\n{text}" for path, text in made.items()), "utf-8")
    known = files_of(golden.read_text("utf-8"))
    for path in known | made:
        before, now = (each.get(path, "").splitlines() for each in (known, made))
        what = f"{golden.name}: {path}"
        assert before == now, "\n".join(difflib.unified_diff(before, now, what, "now", lineterm="", n=1))


@pytest.mark.slow
@pytest.mark.parametrize("part", PARTS)
def test_it_comes_to_what_it_always_came_to(whole: Whole, part: str) -> None:
    compare(part, PARTS[part](whole))


@pytest.mark.slow
def test_commands_say_of_it_what_they_always_said(whole: Whole, tmp_path: Path) -> None:
    compare("commands", said(whole, tmp_path))


LENGTHS: Mapping[str, Callable[[str], str]] = {
    "title": lambda text: f"title: {text}",
    "summary": lambda text: f"title: x\nsummary: {text}",
    "author": lambda text: f"title: x\nauthor: [{text}]",
    "tag": lambda text: f"title: x\ntags: [{text}]",
    "source": lambda text: f"title: x\nsource: {text}",
    "image_alt": lambda text: f"title: x\nimage_alt: {text}",
    "id": lambda text: f"title: x\nid: 'a:{text[2:]}'",
    "address": lambda text: f"title: x\nsource: {{name: x, url: 'https://e.org/{text[14:]}'}}",
    "old": lambda text: f"title: x\naliases: ['/{text[1:]}']",
    "slug": lambda text: f"title: x\nslug: {text}",
    "tags": lambda text: f"title: x\ntags: [{', '.join(map(str, range(len(text))))}]",
    "authors": lambda text: f"title: x\nauthor: [{', '.join(map(str, range(len(text))))}]",
    "key": lambda text: f"title: x\n{text}: y",
}
"""Front matter of which one value has the length of a text."""
BOUNDS = (50, 51, 60, 61, 100, 101, 200, 201, 300, 301, 1000, 1001, 2000, 2001)


def read_lengths(folder: Path) -> Iterator[tuple[str, str]]:
    """The problems that values have which are just short enough, or one sign too long."""
    for name, head in LENGTHS.items():
        for number in BOUNDS:
            file = folder / "content/a/news" / f"2026-01-01-{name}-{number}.md"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(f"---\n{head('a' * number)}\n---\nText.\n", "utf-8")
    (folder / "content/organization.yml").write_text(ORGANIZATION, "utf-8")
    (folder / "content/a/branch.yml").write_text("name: A\n", "utf-8")
    organization, _ = read_organization(folder)
    assert organization is not None
    for each in read_branch(folder, "a", organization).documents:
        yield each.path, "\n".join(re.sub(r"a{20,}", "a…", told(problem)) for problem in each.problems)


@pytest.mark.slow
def test_values_are_as_long_as_they_always_could_be(tmp_path: Path) -> None:
    compare("lengths", dict(read_lengths(tmp_path)))


READ = ("kind", "section", "slug", "entry", "page", "topic", "body", "places", "draft", "expires")


def read_texts(folder: Path) -> Iterator[tuple[str, str]]:
    """What the loader makes of texts written in every way: each with its values and problems; and of settings."""
    texts = files_of((CONTENT.parent / "reading.txt").read_text("utf-8"))
    for path, text in {**texts, "organization.yml": ORGANIZATION}.items():
        name, _, rest = path.partition("/")
        file = folder / name / "content" / rest if name.startswith("organization-") else folder / "content" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    organization, _ = read_organization(folder)
    assert organization is not None
    for slug in ("a", "b", "c", "d"):
        content = read_branch(folder, slug, organization)
        problems = [told(each) for each in content.problems]
        yield slug, shown({"branch": msgspec.to_builtins(content.branch), "problems": problems})
        for each in content.documents:
            values = {name: value for name, value in msgspec.to_builtins(each).items() if name in READ}
            yield each.path, shown(values | {"problems": [told(problem) for problem in each.problems]})
    for name in sorted(path.name for path in folder.glob("organization-*")):
        found, problems = read_organization(folder / name)
        yield name, shown({"read": msgspec.to_builtins(found), "problems": [told(each) for each in problems]})


def test_keys_are_called_what_they_always_were() -> None:
    """A word that is read today is read for ever."""
    tables = {"own": CHINESE_NAMES, "foreign": FOREIGN_NAMES}
    rows = {
        name: "\n".join(f"{key}: {' '.join(words)}" for key, words in table.items()) for name, table in tables.items()
    }
    compare("names", rows)


def test_texts_are_read_as_they_always_were(tmp_path: Path) -> None:
    compare("reading", dict(read_texts(tmp_path)))

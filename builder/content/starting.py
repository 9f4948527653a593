"""The first files of a new organization: the smallest content that builds, by its answers to a few questions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from builder.content.scaffold import quoted
from builder.model.shipped import shipped_folder
from builder.model.version import CONTENT_FORMAT

_TEXTS = Path(__file__).parent / "data" / "start"
_PLACE = re.compile(r"\{\{(\w+)\}\}")


class Words(msgspec.Struct, frozen=True):
    """The words of an organization for its parts and for those who lead them, and the name of a first part."""

    branch: str
    branches: str
    committee: str
    first: str


class Preset(msgspec.Struct, frozen=True):
    """A kind of organization: the folder of its first branch, and its words by language. Its sections are in data/start/."""

    slug: str
    words: Mapping[str, Words]


PRESETS: Mapping[str, Preset] = {
    "party": Preset(
        "first",
        {
            "zh": Words("支部", "全部支部", "支部委员会", "第一支部"),
            "en": Words("branch", "branches", "committee", "First Branch"),
        },
    ),
    "union": Preset(
        "first",
        {
            "zh": Words("分工会", "全部分工会", "工会委员会", "第一分工会"),
            "en": Words("local", "locals", "committee", "Local 1"),
        },
    ),
    "library": Preset(
        "central",
        {
            "zh": Words("分馆", "全部分馆", "馆务会", "总馆"),
            "en": Words("library", "libraries", "management", "Central Library"),
        },
    ),
    "association": Preset(
        "first",
        {
            "zh": Words("分会", "全部分会", "理事会", "第一分会"),
            "en": Words("chapter", "chapters", "board", "First Chapter"),
        },
    ),
}
"""The kinds of organizations that a new one may start from."""


class Answers(msgspec.Struct, frozen=True):
    """The answers of a new organization. ``url`` is where its sites are to be, ``admins`` may be nobody."""

    name: str
    url: str
    language: str
    preset: str
    words: Words
    slug: str
    timezone: str
    email: str = ""
    admins: Sequence[str] = ()


def first_files(answers: Answers, day: str) -> Mapping[str, str]:
    """Returns the files of a new organization, text by path under its root: settings, one branch with a page about it, and one
    entry of ``day`` (ISO 8601)."""
    texts, words = _TEXTS / answers.language, answers.words
    told = {"branch": words.branch, "branches": words.branches, "committee": words.committee}
    host = (urlsplit(answers.url).hostname or "").lower()
    values = {
        "format": str(CONTENT_FORMAT),
        "name": quoted(answers.name),
        "url": quoted(answers.url),
        "id": quoted(host),
        "timezone": answers.timezone,
        "contact": f"contact: {{email: {quoted(answers.email)}}}\n" if answers.email else "",
        "admins": f"admins: [{', '.join(map(quoted, answers.admins))}]\n" if answers.admins else "",
        "first": quoted(words.first),
        "slug": answers.slug,
        "name_text": " ".join(answers.name.split()),
        "first_text": " ".join(words.first.split()),
        "branch_text": words.branch,
        **{key: quoted(value) for key, value in told.items()},
    }
    values["sections"] = _filled((texts / f"{answers.preset}.yml").read_text("utf-8"), values).rstrip()
    files = {
        "content/organization.yml": "organization.yml",
        f"content/{answers.slug}/branch.yml": "branch.yml",
        f"content/{answers.slug}/about.md": "about.md",
        f"content/{answers.slug}/news/{day}-welcome.md": "welcome.md",
        "mkdocs.yml": "mkdocs.yml",
        "README.md": "README.md",
    }
    found = {path: _filled((texts / name).read_text("utf-8"), values) for path, name in files.items()}
    return {**found, ".gitignore": "/sites/\n/.branchpress/\n/.venv/\n"}


def timer_files() -> Mapping[str, str]:
    """Returns the services and timers by which systemd builds and publishes, text by path, to be filled in by the operator."""
    folder = shipped_folder("deploy") / "systemd"
    return {
        f"deploy/systemd/{file.name}": file.read_text("utf-8") for file in sorted(folder.iterdir()) if file.is_file()
    }


def host_files(host: str) -> Mapping[str, str]:
    """Returns the files by which a Git host checks proposals, builds and publishes, text by path; none for a host that is not
    known."""
    place = _PIPELINES.get(host)
    if place is None:
        return {}
    return {place[1]: (shipped_folder("deploy") / "ci" / place[0]).read_text("utf-8")}


_PIPELINES: Mapping[str, tuple[str, str]] = {
    "github": ("actions.yml", ".github/workflows/sites.yml"),
    "gitea": ("actions.yml", ".gitea/workflows/sites.yml"),
    "gitlab": ("gitlab.yml", ".gitlab-ci.yml"),
}


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda place: values[place[1]], text)

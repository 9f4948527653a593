"""What is made of settings, folders and rights, and of what a new organization, branch or entry begins with, word for word.

Like ``tests/test_whole_site.py``: where a change is meant, ``GOLDEN=write`` writes ``tests/golden/whole/`` anew.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

import msgspec
import pytest
from conftest import NOW, REPOSITORY, files_of
from test_problems import told
from test_whole_site import CONTENT, compare
from test_whole_values import plain, table

from builder.cli.commands import main
from builder.content import read_branch, read_hub, read_organization
from builder.content.folder import _MOST_FOLDERS, _MOST_TAGS, shared_settings
from builder.content.mailing import MAILING, read_mailing
from builder.content.owners import check, people, rights
from builder.content.owners.codeowners import codeowners
from builder.content.owners.git import NOTHING, Change
from builder.content.owners.hook import hook_script
from builder.content.owners.people import Members, Person
from builder.content.owners.rights import Rights
from builder.content.owners.tree import FolderTree
from builder.content.profiles import names
from builder.content.scaffold import ScaffoldError, new_branch, new_entry
from builder.content.schema.profile import AUDIT, PROFILE
from builder.content.settings import find_branches, organization_places, read_theme_settings, settings_written
from builder.content.starting import PRESETS, Answers, first_files, host_files
from builder.content.targets import TARGET, read_targets
from builder.content.walk import diagnostic_of, listing, walk
from builder.messages.translation import translator
from builder.model.values import Organization, Section

ORGANIZATION = Organization(name="O", url="https://example.org/", authority="example.org")


def written(root: Path, files: Mapping[str, str]) -> Path:
    """Writes files below a root folder."""
    for path, text in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return root


def rows(value: object) -> str:
    """A value as text, a line a part."""
    if isinstance(value, msgspec.Struct):
        parts = ((field.name, getattr(value, field.name)) for field in msgspec.structs.fields(type(value)))
        return "\n".join(f"{name}: {plain(each)}" for name, each in parts)
    return (
        "\n".join(f"{key}: {plain(each)}" for key, each in value.items())
        if isinstance(value, Mapping)
        else plain(value)
    )


def test_forms_of_the_operators_files_are_what_they_always_were() -> None:
    files = {"publish.yml": TARGET, "digest.yml": MAILING, "a profile": PROFILE, "audit": AUDIT}
    found = {
        f"{name}: {key}": json.dumps(each, ensure_ascii=False)
        for name, fields in files.items()
        for key, each in fields.json()["properties"].items()
    }
    compare("operators-files", {"keys": "\n".join(f"{key}: {text}" for key, text in found.items())})


def settings_of(root: Path) -> Iterator[tuple[str, str]]:
    """What a root folder says."""
    organization, problems = read_organization(root)
    yield "organization", "\n".join((rows(organization), *map(told, problems)))
    yield "places", rows(organization_places(root))
    values, places = settings_written(root)
    yield "written", "\n".join((rows(values), *(f"{key} {place}" for key, place in sorted(places.items()))))
    theme, problems = read_theme_settings(root)
    yield "theme", "\n".join((theme.decode() if theme is not None else "none", *map(told, problems)))
    targets, problems = read_targets(root)
    yield "targets", "\n".join((rows(targets), *map(told, problems)))
    mailing, problems = read_mailing(root)
    yield "branches of problems", plain([each.branch for each in problems])
    yield "mailing", "\n".join((rows(mailing), *map(told, problems)))
    yield "profiles", " ".join(names(root))
    if not (root / "content").exists():
        return
    found = find_branches(root)
    yield "branches", "\n".join((" ".join(found.slugs), " ".join(found.refused), *map(told, found.problems)))
    for slug in found.slugs:
        content = read_branch(root, slug, organization or ORGANIZATION)
        whole = (rows(content.branch), plain(content.files), content.settings_path, plain(content.places))
        yield f"branch {slug}", "\n".join((*whole, *map(told, content.problems)))


def test_settings_are_read_as_they_always_were(tmp_path: Path) -> None:
    written(tmp_path, files_of((CONTENT.parent / "roots.txt").read_text("utf-8")))
    found = {}
    for root in sorted(each for each in tmp_path.iterdir()):
        found |= {f"{root.name}: {name}": text for name, text in settings_of(root)}
    compare("settings", found)


def test_files_are_found_where_they_always_were(tmp_path: Path) -> None:
    """Links of every kind, pipes, names that are no text, folders that are too deep, and what may not be opened."""
    root = written(
        tmp_path / "root",
        dict.fromkeys(
            (
                "content/a/b.md",
                "content/a/c/d.md",
                "content/a/_e/f.md",
                "content/a/.g",
                "content/b/x.md",
                "content/a/Thumbs.DB",
            ),
            "x",
        ),
    )
    outside = written(tmp_path / "outside", {"secret.md": "x"})
    branch = root / "content/a"
    deep = branch.joinpath(*"123456789")
    deep.mkdir(parents=True)
    for names_ in ("ab", "abc", "abcd"):
        written(deep.joinpath(*names_), {"end.md": "x"})
    for name, target in {
        "file.md": "b.md", "folder": "c", "self": ".", "above": "../..", "other": "../b", "nothing": "gone", "outside": outside,
        "outside.md": outside / "secret.md", "c/back": "..",
    }.items():  # fmt: skip
        (branch / name).symlink_to(target)
    os.mkfifo(branch / "pipe")
    os.mkdir(os.fsencode(branch) + b"/\xff")  # noqa: PTH102 - a name that is no text
    (root / "content/link").symlink_to("b")
    (root / "content/out").symlink_to(outside)

    def found(folder: str) -> str:
        return "\n".join(
            f"{each.path} {'/'.join(each.parts)} {each.signature.size if not each.refused else plain(diagnostic_of(each))}"
            for each in walk(root, folder)
        )

    folders = ("content/a", "content/b", "content/link", "content/out", "content/gone", "content/a/b.md")
    compare("walked", {folder: found(folder) for folder in folders})
    assert listing(root, "content/link")[:2] == ("", 1 << 63)
    assert listing(root, "content/a")[1] == 1 << 63, "a link to a folder is looked at each time"
    same = listing(root, "content/b")
    assert listing(root, "content/b") == same
    assert same[1] == (root / "content/b/x.md").stat().st_ctime_ns
    seen = {same[0]}
    for change in (
        lambda: (root / "content/b/y.md").write_text("y"),
        lambda: (root / "content/b/y.md").write_text("yy"),
        lambda: os.utime(root / "content/b/y.md", ns=(1, 1)),
        lambda: (root / "content/b/y.md").chmod(0o600),
        lambda: (root / "content/b/empty").mkdir(),
        lambda: (root / "content/b/l").symlink_to("x.md"),
        lambda: ((root / "content/b/l").unlink(), (root / "content/b/l").symlink_to("y.md")),
        lambda: (root / "content/b/y.md").unlink(),
    ):
        change()
        digest, _, _ = listing(root, "content/b")
        assert digest not in seen, seen
        seen.add(digest)
    (root / "content/b/l").unlink()
    (root / "content/b/_ignored").write_text("x")
    (root / "content/b/.ignored").write_text("x")
    (root / "content/b/empty").rmdir()
    before = listing(root, "content/b")
    assert before == same
    assert listing(root, "content/b", ["mkdocs.yml"])[0] != same[0]
    (root / "mkdocs.yml").write_text("x")
    os.utime(root / "mkdocs.yml", ns=(1 << 62, 1 << 62))
    assert listing(root, "content/b", ["mkdocs.yml"])[1] == 1 << 62
    many = written(tmp_path / "many", {f"content/a/{number}.md": "x" for number in range(3)})
    (many / "content/a/l").mkdir()
    for number in range(4):
        (many / f"content/a/l/{number}").symlink_to("..")
    assert any(each.refused == "folder-too-deep" for each in walk(many, "content/a"))


@pytest.mark.slow
def test_as_many_folders_tags_and_pages_count_as_always(tmp_path: Path) -> None:
    organization = ORGANIZATION
    for number in (_MOST_FOLDERS, _MOST_FOLDERS + 1):
        root = written(
            tmp_path / str(number),
            {f"content/a/s{each:03}/2026-01-01-x.md": "---\ntitle: x\n---\nx" for each in range(number)},
        )
        content = read_branch(root, "a", organization)
        assert len(content.documents) == _MOST_FOLDERS
        told_of = [each.arguments for each in content.problems if each.code == "too-many"]
        assert told_of == [{"key": "sections", "number": "101", "most": "100"}] * (number - _MOST_FOLDERS)
    for number in (_MOST_TAGS, _MOST_TAGS + 1):
        rows_ = [
            [f"t{each}" for each in range(start, min(start + 40, number - 1))] for start in range(0, number - 1, 40)
        ]
        texts = {
            f"content/a/news/2026-01-01-{place:04}.md": f"---\ntitle: x\ntags: [every, {', '.join(row)}]\n---\nx"
            for place, row in enumerate(rows_)
        }
        content = read_branch(written(tmp_path / f"tags{number}", texts), "a", organization)
        tags = {tag for each in content.documents if each.entry is not None for tag in each.entry.tags}
        problems = [problem for each in content.documents for problem in each.problems if problem.code == "tags-many"]
        assert len(tags) == _MOST_TAGS
        assert len(problems) == number - _MOST_TAGS
        assert "every" in tags
        assert all(each.line == 3 and each.column == 8 for each in problems)
    few = msgspec.structs.replace(
        organization, limits=msgspec.structs.replace(organization.limits, branch_pages=2, page_bytes=30)
    )
    root = written(
        tmp_path / "few",
        {"content/hub/a.md": "# a", "content/hub/b.md": "x" * 30, "content/hub/c.md": "c", "content/hub/_d.md": "d"},
    )
    assert [(each.path, [problem.code for problem in each.problems]) for each in read_hub(root, few).documents] == [
        ("content/hub/a.md", []),
        ("content/hub/b.md", ["title-missing"]),
        ("content/hub/c.md", ["too-many-pages"]),
    ]
    (root / "content/hub/b.md").write_text("x" * 31)
    assert [problem.code for problem in read_hub(root, few).documents[1].problems] == ["file-too-large"]


OWNED = """
--- content/organization.yml
name: O
url: https://example.org/
admins: ["@Web", "web@example.org", "Not an account"]
--- content/alpha/branch.yml
name: A
owners: ["@alice", Team/One, "甲", "@alice"]
--- content/beta/Branch.yaml
name: B
parent: old-alpha
--- content/gamma/branch.yml
name: C
parent: beta
owners: bob
formerly: [old-gamma, alpha]
--- content/delta/branch.yml
name: [x
--- content/epsilon/branch.yml
name: E
parent: delta
--- content/zeta/branch.yml
name: Z
parent: zeta
owners: [1, {a: b}]
--- content/eta.x/branch.yml
name: H
parent: gamma
owners: ["a.b@example.org"]
--- content/hub/branch.yml
name: H
--- content/search/branch.yml
name: S
--- content/folder/about.md
x
--- content/Alpha/about.md
x
"""
PATHS = (
    "content/alpha/branch.yml",
    "content/alpha/news/a.md",
    "content/alpha",
    "content/alpha/",
    "content/beta/x.md",
    "content/gamma/x.md",
    "content/delta/x",
    "content/epsilon/x",
    "content/zeta/x",
    "content/eta.x/x",
    "content/hub/x",
    "content/search/x",
    "content/folder/x",
    "content/Alpha/x",
    "content/organization.yml",
    "mkdocs.yml",
    "contents/alpha/x",
    "x/content/alpha/x",
    "content/none/x",
)


class History:
    """A repository of states that a test names: each commit is a folder, and what it changed."""

    def __init__(self, root: Path, commits: Mapping[str, tuple[Change, ...]]) -> None:
        self._root = root
        self._commits = commits
        self.ancestor = True

    def is_ancestor(self, old: str, new: str) -> bool:
        return self.ancestor

    def tree(self, commit: str) -> FolderTree:
        return FolderTree(self._root / commit)

    def changes(self, old: str, new: str) -> tuple[Change, ...]:
        return self._commits.get("", ())

    def commits(self, old: str, new: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        yield from ((commit, ("before",)) for commit in self._commits if commit)

    def own_changes(self, commit: str, parents: Iterable[str]) -> tuple[Change, ...]:
        return self._commits[commit]


def test_rights_are_what_they_always_were(tmp_path: Path) -> None:
    root = written(tmp_path / "before", files_of(OWNED))
    tree = FolderTree(root)
    members = Members(teams={"team/one": ("carol", "team/two"), "team/two": ("dave",), "ring": ("ring",)})
    persons = {
        name: Person.of(name.split(","), members)
        for name in (
            "alice",
            "@ALICE ",
            "bob",
            "carol",
            "dave",
            "team/one",
            "eve,Team/One",
            "eve,team/two",
            "甲",
            "web",
            "Web@Example.org",
            "",
            "ring",
            "a.b@example.org",
            "1",
        )
    }
    found = {"people": rows({name: sorted(each.accounts) for name, each in persons.items()})}
    for kind, inherits in (("own", ""), ("inherited", "owners_inherit: true\n")):
        (root / "content/organization.yml").write_text(files_of(OWNED)["content/organization.yml"] + inherits, "utf-8")
        has = Rights(tree, ("extra",))
        slugs = (*has.branches(), "Alpha", "old-alpha", "none", "")
        found[f"branches, {kind}"] = table(
            lambda slug, has=has: (has.owners_of(slug), has.depth_of(slug), has.has_branch(slug), has.namesake(slug)),
            slugs,
        )
        found[f"paths, {kind}"] = "\n".join(
            f"{path} ({has.branch_of(path)}): {' '.join(name for name, each in persons.items() if has.may_change(each, path))}"
            for path in PATHS
        )
        found[f"persons, {kind}"] = rows({name: list(has.branches_of(each)) for name, each in persons.items()})
        for language in ("en", "zh"):
            for host in ("github", "gitlab", "gitea"):
                text, left = codeowners(has, host, translator(language))  # type: ignore[arg-type]
                found[f"{host}, {kind}, {language}"] = f"{text}\nleft out: {left}"
    (root / "content/organization.yml").write_text("name: O\nurl: https://example.org/\nlanguage: en\n", "utf-8")
    for host in ("github", "gitea"):
        found[f"{host}, without administrators"] = codeowners(Rights(tree), host, translator("en"))[0]  # type: ignore[arg-type]
    found["language"] = rights.language_of(tree)
    found["hook"] = hook_script("/usr/bin/py thon", ["--members", "a b"], translator("en"))
    found["accounts"] = table(people.account, ("@Alice", " alice ", "ÉCOLE", "e\u0301", "@@a", ""))
    guarded = (
        b"name: A\nowners: [a]\n",
        b"name: B\nowners: [a]\n",
        b"name: A\nowners: [a, b]\n",
        b"name: A\n",
        b"name: A\nparent: x\nurl: https://e.org\n",
        b"name: [A\n",
        b"name: A\nowners: {a: b}\n",
        b"name: A\nowners: [a]\nparent: [x]\n",
        b"name: A\nstatus: closed\nclosed: 2026-01-01\nformerly: [x]\n",
        b"name: A\nurl: 1\n",
        b"name: A\nurl: 2\n",
        b"name: A\nowners: [a]\nowners: [b]\n",
        b"",
    )
    found["guarded"] = table(
        rights.guarded_changes, [(one, other) for one in guarded[:3] + guarded[8:9] for other in guarded]
    )
    team_file = tmp_path / "teams.yml"
    team_file.write_text("'@Team/A': [x, '@Y', {z: w}]\nb: c\nd: {e: f}\nf:\n", "utf-8")
    found["teams"] = plain(people.read_members(team_file))
    team_file.write_text("- a", "utf-8")
    found["no teams"] = plain(people.read_members(team_file))
    compare("rights", found)


def test_changes_are_refused_as_they_always_were(tmp_path: Path) -> None:
    before = written(tmp_path / "before", files_of(OWNED))
    after = written(tmp_path / "after", files_of(OWNED))
    file, link, module, program = "100644", "120000", "160000", "100755"
    changes = [Change(path, file, file) for path in PATHS]
    changes += [Change("content/alpha/a.md", NOTHING, mode) for mode in (file, link, module, program)]
    changes += [Change("content/alpha/b.md", program, mode) for mode in (file, program, NOTHING)]
    odd = (
        ".git/x",
        "a/.GIT/x",
        "git~1",
        "a\x01b",
        "a\\b",
        "..",
        "a//b",
        ".git\u200b/x",
        "a\udcffb",
        ".gitx",
        "x. ",
        "C:a",
    )
    changes += [Change(f"content/alpha/{name}", NOTHING, file) for name in odd]
    changes += [Change(f"content/alpha/{name}", file, NOTHING) for name in odd[:2]]
    changes += [
        Change(path, file, file)
        for path in ("CONTENT/alpha/x", "content/ALPHA/x", "Content/beta", "content", "../x", "content/GAMMA")
    ]

    def said(who: str, *rows_: Change, admins: tuple[str, ...] = (), commits: bool = False) -> str:
        history = History(tmp_path, {"after": rows_} if commits else {"": rows_})
        person, has = Person.of([who]), Rights(FolderTree(before), admins)
        return " ".join(told(each) for each in check.check_range(history, "before", "after", person, has)) or "-"  # type: ignore[arg-type]

    found = {
        who: "\n".join(f"{each.path!r} {each.before} {each.after}: {said(who, each)}" for each in changes)
        for who in ("alice", "bob", "web")
    }
    found["commits"] = said("alice", *changes[3:8], changes[4], commits=True)
    settings = (
        ("alpha/branch.yml", "name: A2\nowners: ['@alice', Team/One, 甲]\n"),
        ("alpha/branch.yml", "name: A\nowners: ['@alice', Team/One, 甲, eve]\n"),
        ("alpha/branch.yml", "name: [A\n"),
        ("alpha/branch.yaml", "name: A\nowners: ['@alice', Team/One, 甲]\nparent: beta\nstatus: closed\n"),
        ("alpha/BRANCH.YML", "name: A\nowners: ['@alice', Team/One, 甲, '@alice']\n"),
        ("alpha/branch.yml.", "name: A\n"),
        ("alpha/br\u200banch.yml", "owners: [x]\n"),
        ("alpha/branch.yml:x", ""),
        ("alpha/news/branch.yml", "owners: [x]\n"),
    )
    for number, (path, text) in enumerate(settings):
        with_file = (after / "content" / path).parent
        with_file.mkdir(exist_ok=True)
        kept = (after / "content" / path).read_bytes() if (after / "content" / path).exists() else None
        (after / "content" / path).write_text(text, "utf-8")
        found[f"settings {number}: {path!r}"] = said("alice", Change(f"content/{path}", file, file))
        if kept is None:
            (after / "content" / path).unlink()
        else:
            (after / "content" / path).write_bytes(kept)
    (after / "content/alpha/branch.yml").unlink()
    found["settings gone"] = said("alice", Change("content/alpha/branch.yml", file, NOTHING))
    (before / "content/organization.yml").write_text("name: O\n", "utf-8")
    found["no administrators"] = said("alice", Change("mkdocs.yml", file, file), Change("content/delta/x", file, file))
    found["an administrator by argument"] = said("alice", Change("mkdocs.yml", file, file), admins=("alice",))
    history = History(tmp_path, {})
    history.ancestor = False
    rewritten = check.check_range(history, "before", "a" * 20, Person.of(["alice"]), Rights(FolderTree(before)))  # type: ignore[arg-type]
    found["rewritten"] = " ".join(map(told, rewritten))
    compare("changes", found)


def test_new_organizations_branches_and_entries_begin_as_they_always_did(tmp_path: Path) -> None:
    found = {}
    for language in ("zh", "en"):
        for name, preset in PRESETS.items():
            answers = Answers(
                '示范 "大学"', "https://E.org/x/", language, name, preset.words[language], preset.slug, "Asia/Shanghai"
            )
            files = first_files(answers, "2026-11-20")
            found[f"{name}, {language}"] = (
                files["content/organization.yml"] + files[f"content/{preset.slug}/branch.yml"]
            )
        whole = msgspec.structs.replace(answers, email="a@e.org", admins=("@a", "b"))
        found |= {
            f"{path}, {language}": "\n".join(f"> {line}" for line in text.split("\n"))
            for path, text in first_files(whole, "2026-11-20").items()
        }
    found["hosts"] = rows({host: list(host_files(host)) for host in ("github", "gitea", "gitlab", "other")})
    kinds = ("article", "notice", "policy", "event", "letter", "voice")
    organization = msgspec.structs.replace(
        ORGANIZATION, sections=tuple(Section(slug=f"{kind}s", title=kind.title(), type=kind) for kind in kinds)
    )
    moment = datetime.fromisoformat(NOW)
    for language in ("zh", "en"):
        text, root = translator(language), tmp_path / language
        made = [*new_branch(root, "alpha", 'A "b"', text)]
        made += [new_entry(root, "alpha", f"{kind}s", "Title: x", organization, moment, text) for kind in kinds]
        for file in made:
            found[f"{file.relative_to(tmp_path)}"] = "\n".join(
                f"> {line}" for line in file.read_text("utf-8").split("\n")
            )
    sections = "sections: {add: {own: {title: 自己, type: event}, odd: x, bad: {type: z}}}"
    beta = {"branch.yml": f"name: 贝塔支部\nshort_name: 贝塔\n{sections}\n", "about.md": "x"}
    written(root / "content/beta", beta)

    def refused(action: str, *arguments: str) -> str:
        try:
            if action == "branch":
                return " ".join(each.relative_to(root).as_posix() for each in new_branch(root, arguments[0], "X", text))
            return new_entry(root, *arguments, organization, moment, text).relative_to(root).as_posix()  # type: ignore[call-arg, arg-type]
        except ScaffoldError as error:
            return str(error).replace(str(root), "")

    found["asked for"] = "\n".join(
        f"{' '.join(each)}: {refused(*each)}"
        for each in (
            ("branch", "alpha"),
            ("branch", "Bad Name"),
            ("branch", "search"),
            ("branch", "！"),
            ("branch", "Search"),
            ("branch", "delta"),
            ("entry", "alpha", "articles", "Title: x"),
            ("entry", "alpha", "articles", "！"),
            ("entry", "alpha", "article", "x"),
            ("entry", "alpha", "Article", "x"),
            ("entry", "alpha", "zzz", "x"),
            ("entry", "alhpa", "articles", "x"),
            ("entry", "贝塔", "articles", "x"),
            ("entry", "贝塔支", "articles", "x"),
            ("entry", "zzzzzz", "articles", "x"),
            ("entry", "beta", "own", "x"),
            ("entry", "beta", "odd", "x"),
            ("entry", "beta", "bad", "y"),
            ("entry", "beta", "自己", "x"),
        )
    )
    compare("beginnings", found)


def test_each_source_is_named_before_it_is_read(tmp_path: Path) -> None:
    """So that a worker that is lost has said what it read."""
    files = ("branch.yml", "b.md", "news/2026-01-01-a.md", "news/2026-01-02-b/index.md", "news/2026-01-02-b/photo.jpg")
    root = written(tmp_path, {f"content/a/{name}": "name: A" for name in files} | {"content/hub/x.md": "# X"})
    told_of: list[str] = []
    content = read_branch(root, "a", ORGANIZATION, note=told_of.append)
    texts = ["content/a/b.md", "content/a/news/2026-01-01-a.md", "content/a/news/2026-01-02-b/index.md"]
    assert told_of == ["content/a/branch.yml", *texts, ""]
    told_of.clear()
    later = 1 << 62
    read_branch(root, "a", ORGANIZATION, content, later, note=told_of.append)
    assert told_of == ["content/a/branch.yml", ""]
    told_of.clear()
    (root / "content/a/b.md").write_text("name: B, longer", "utf-8")
    again = read_branch(root, "a", ORGANIZATION, content, later, failed={texts[1]: "killed"}, note=told_of.append)
    assert told_of == ["content/a/branch.yml", texts[0], ""]
    read_branch(
        root,
        "a",
        ORGANIZATION,
        None,
        failed={texts[1]: "killed", "content/a/branch.yml": "too long"},
        note=told_of.append,
    )
    assert told_of[3:] == ["content/a/branch.yml", texts[0], texts[2], ""]
    assert again.documents[0].signature.size == 15
    told_of.clear()
    read_hub(root, ORGANIZATION, note=told_of.append)
    assert told_of == ["content/hub/x.md", ""]


@pytest.mark.parametrize("kind", ["organization", "branch", "event", "letter", "voice"])
def test_editors_are_told_of_the_keys_that_there_are(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    """``.vscode/schemas`` has what ``branchpress schema`` says."""
    assert main(["schema", kind, "--root", str(REPOSITORY)]) == 0
    assert capsys.readouterr().out == (REPOSITORY / ".vscode" / "schemas" / f"{kind}.json").read_text("utf-8")


def test_what_all_folders_are_read_with_is_told_apart_from_what_one_is(tmp_path: Path) -> None:
    root = written(tmp_path, {"content/a/branch.yml": "name: A", "content/b/branch.yml": "name: B\nlanguage: en"})
    one, other = (read_branch(root, slug, ORGANIZATION) for slug in ("a", "b"))
    assert one.settings != other.settings
    assert shared_settings(one) == shared_settings(other)
    elsewhere = read_branch(root, "a", msgspec.structs.replace(ORGANIZATION, timezone="Europe/Berlin"))
    assert shared_settings(one) != shared_settings(elsewhere)

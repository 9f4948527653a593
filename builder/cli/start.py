"""``branchpress start``: a new organization from a few answers; ``branchpress new theme``: a copy of the theme to change."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from builder.cli.console import OK, ask, now_of, organization_of, root_of, say
from builder.cli.errors import CommandError, refusals
from builder.messages.terms import neutral
from builder.messages.translation import N_, Translator

if TYPE_CHECKING:
    from builder.content.owners.codeowners import Host
    from builder.content.starting import Answers

_LANGUAGES = ("zh", "en")
_TOLERATED = frozenset({".git"})
"""An empty repository that was cloned is empty."""


def run(parsed: argparse.Namespace) -> int:
    """Runs what the command line names; returns the exit status."""
    return _new_theme(parsed) if parsed.what == "theme" else _start(parsed)


def _start(parsed: argparse.Namespace) -> int:
    from builder.content.starting import first_files, host_files, timer_files

    target: Path = parsed.folder
    with refusals(target):
        _require_empty(target)
        language = parsed.language or _choose("语言 / Language", _LANGUAGES, "zh")
        text = neutral(language)
        answers = _answers(parsed, language, text)
        host = parsed.host or _choose(text.gettext("Git host"), ("github", "gitlab", "gitea", "none"), "none")
        target.absolute().parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".branchpress-", dir=target.absolute().parent) as beside:
            root = Path(beside) / "new"
            day = f"{_today(parsed, answers.timezone):%Y-%m-%d}"
            _lay(root, first_files(answers, day))
            _check(root, parsed)
            _lay(root, timer_files())
            _lay(root, host_files(host))
            _lay(root, _owners_file(root, host, text))
            made = sorted(file.relative_to(root).as_posix() for file in root.rglob("*") if file.is_file())
            _bring(root, target)
    print(*(target / path for path in made), sep="\n")
    say(text.gettext(_NEXT, folder=target))
    return OK


_NEXT = N_(
    "Next: go to {folder}, run “branchpress serve”, and open http://localhost:8000/ to see it while you write. "
    "“branchpress build” makes the sites."
)


def _require_empty(target: Path) -> None:
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise CommandError(N_("{folder} is no folder."), folder=target)
    if target.is_dir() and {each.name for each in target.iterdir()} - _TOLERATED:
        raise CommandError(
            N_("{folder} is not empty, so nothing was written there. Name a new folder, or an empty one."),
            folder=target,
        )


def _answers(parsed: argparse.Namespace, language: str, text: Translator) -> Answers:
    """Returns what the options say, and what they do not say from the terminal. Raises CommandError for what has to be said
    and is not."""
    from builder.content.starting import PRESETS, Answers, Words

    name = parsed.name or ask(text.gettext("Name of the organization:"), "")
    url = parsed.url or ask(text.gettext("Address of its website, like https://www.example.org/:"), "")
    if not name or not url:
        raise CommandError(N_("Say what it is called and where it will be: --name NAME --url ADDRESS."))
    if "://" not in url:
        url = f"https://{url}"
    preset = parsed.preset or _choose(text.gettext("Kind of organization"), tuple(PRESETS), "party")
    known = PRESETS[preset].words[language]
    branch = parsed.branch_term or _ask(text.gettext("One part of it is called"), known.branch)
    committee = parsed.committee_term or _ask(text.gettext("Those who lead a part are called"), known.committee)
    first = parsed.branch_name or _ask(text.gettext("Full name of the first of them"), known.first)
    slug = parsed.branch_slug or _ask(text.gettext("Its folder, a permanent part of the address"), PRESETS[preset].slug)
    many = known.branches if branch == known.branch else f"全部{branch}" if language == "zh" else f"{branch}s"
    email = parsed.email or ask(text.gettext("E-mail address for readers (may be left empty):"), "")
    admins = (
        parsed.admin or ask(text.gettext("Accounts of the administrators, like @wang (may be left empty):"), "").split()
    )
    return Answers(
        name=name,
        url=url if url.endswith("/") else f"{url}/",
        language=language,
        preset=preset,
        words=Words(branch, many, committee, first),
        slug=slug,
        timezone=parsed.timezone or ("Asia/Shanghai" if language == "zh" else "UTC"),
        email=email,
        admins=tuple(dict.fromkeys(admins)),
    )


def _ask(question: str, otherwise: str) -> str:
    return ask(f"{question} [{otherwise}]:", otherwise)


def _choose(question: str, choices: tuple[str, ...], otherwise: str) -> str:
    """Asks until the answer is one of the choices."""
    while (answer := ask(f"{question} ({' / '.join(choices)}) [{otherwise}]:", otherwise)) not in choices:
        pass
    return answer


def _today(parsed: argparse.Namespace, timezone: str) -> datetime:
    from builder.model.dates import parse_moment
    from builder.model.zones import zone_of

    zone = zone_of(timezone) or UTC
    moment = parse_moment(parsed.now, zone) if parsed.now is not None else None
    return moment.at if moment is not None else datetime.now(zone)


def _lay(root: Path, files: Mapping[str, str]) -> None:
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(content, encoding="utf-8", newline="\n")
        if content.startswith("#!"):
            (root / path).chmod(0o755)


def _check(root: Path, parsed: argparse.Namespace) -> None:
    """Raises CommandError with the problems that the new content has: answers that will not do."""
    from builder.audit.check import check_content

    with refusals(root):
        organization = organization_of(root)
        problems = check_content(root, now_of(parsed, organization))
    if told := tuple(problem for problem in problems if problem.severity != "note"):
        raise CommandError(N_("With these answers there would be problems; nothing was written."), told)


def _owners_file(root: Path, host: str, text: Translator) -> Mapping[str, str]:
    """Returns the file by which a Git host knows whom to ask for a review, by its path; nothing without administrators."""
    from builder.content.owners import FolderTree, Rights
    from builder.content.owners.codeowners import codeowners

    place = _CODEOWNERS.get(host)
    rights = Rights(FolderTree(root))
    if place is None or not rights.admins:
        return {}
    path, known = place
    file, left = codeowners(rights, known, text)
    if left:
        message = N_("Left out, because no account on the host can be called so: {names}.")
        say(text.gettext(message, names=left))
    return {path: file}


_CODEOWNERS: Mapping[str, tuple[str, Host]] = {
    "github": (".github/CODEOWNERS", "github"),
    "gitlab": (".gitlab/CODEOWNERS", "gitlab"),
    "gitea": ("CODEOWNERS", "gitea"),
}


def _bring(root: Path, target: Path) -> None:
    """Puts what was made in its place, all of it or nothing. Raises OSError."""
    if not target.exists():
        root.rename(target)
        return
    brought: list[Path] = []
    try:
        for each in sorted(root.iterdir()):
            each.rename(target / each.name)
            brought.append(target / each.name)
    except OSError:
        _remove(brought)
        raise


def _remove(brought: Iterable[Path]) -> None:
    for each in brought:
        shutil.rmtree(each) if each.is_dir() else each.unlink()


def _new_theme(parsed: argparse.Namespace) -> int:
    from builder.model.shipped import shipped_folder

    root = root_of(parsed)
    with refusals(root):
        own = root / "theme"
        if own.exists():
            raise CommandError(N_("{file} already exists; nothing was written."), file=own)
        shutil.copytree(shipped_folder("theme"), own)
    sys.stdout.write(f"{own}\n")
    return OK

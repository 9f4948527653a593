"""The commands: parse, call one function, print, exit. Texts for people go to stderr, results to stdout."""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from builder.cli.arguments import parser
from builder.cli.errors import CommandError, refusals
from builder.messages.translation import N_, Translator, translator

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from builder.messages.problems import Problem
    from builder.model.values import Organization
    from builder.pipeline.stages import Steps

OK, PROBLEMS, NOTHING_DONE, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None, steps: Steps | None = None) -> int:
    """Runs a command; returns the exit status. Builds take ``steps``, if they are given, instead of their own."""
    parsed = parser().parse_args(arguments, argparse.Namespace(steps=steps))
    try:
        _check_yaml()
        return _COMMANDS[parsed.command](parsed)
    except CommandError as error:
        if error.problems:
            _say_problems(error.problems, _languages(None))
        _say("\n".join(text.gettext(error.message, **error.values) for text in _languages(None)))
        return NOTHING_DONE
    except BrokenPipeError:
        # Whoever read the output has gone; nobody is left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except KeyboardInterrupt:
        return INTERRUPTED


def _build(parsed: argparse.Namespace) -> int:
    from builder.cli.progress import ProgressBar
    from builder.cli.report import exit_status, report_json, summary
    from builder.pipeline.conductor import Options, build
    from builder.pipeline.stages import STEPS

    root = _root(parsed)
    with refusals(root):
        organization = _organization(root)
        options = Options(
            root=root,
            output=parsed.output or root / "sites",
            state=parsed.state or root / ".branchpress",
            now=_now(parsed, organization),
            branches=tuple(dict.fromkeys(parsed.branches)),
            clean=parsed.clean,
            allow_deletions=parsed.allow_deletions,
            deadline=parsed.deadline,
        )
        text = translator(organization.language)
        bar = ProgressBar(sys.stderr, text) if sys.stderr.isatty() else None
        try:
            steps = parsed.steps or STEPS
            result = build(options, _executor(parsed, organization), bar or (lambda _: None), steps)
        finally:
            if bar is not None:
                bar.clear()
        status = exit_status(result, strict=parsed.strict)
        if result.problems:
            _say_problems(result.problems, (text,), verbose=parsed.verbose)
        if parsed.explain:
            for site, pages in result.why.items():
                for page, parts in sorted(pages.items()):
                    print(f"{site}/{page}: {', '.join(parts)}")
        if parsed.report is not None:
            _write(parsed.report, report_json(result, text, status))
        _say(summary(result, text, options.output))
        return status


def _serve(parsed: argparse.Namespace) -> int:
    from builder.preview import Preview

    root = _root(parsed)
    with refusals(root):
        organization = _organization(root)
        preview = Preview(
            root,
            parsed.state or root / ".branchpress",
            organization,
            lambda known: _now(parsed, known),
            _executor(parsed, organization),
            _say,
            lambda problems: _say_problems(problems, _languages(organization)),
        )
        preview.run(parsed.host, parsed.port)
    return OK


def _check(parsed: argparse.Namespace) -> int:
    from builder.audit.check import check_content, within
    from builder.messages.formats import problems_github, problems_json, problems_sarif, problems_text
    from builder.store import Store

    root = _root(parsed)
    with refusals(root):
        organization = _organization(root)
        store = Store(parsed.state or root / ".branchpress", parsed.output or root / "sites")
        known = store if store.folder.is_dir() else None
        now, workers = _now(parsed, organization), _executor(parsed, organization)
        problems = check_content(root, now, known, duplicates=parsed.duplicates, workers=workers)
    shown = within(problems, tuple(_under(root, path) for path in parsed.paths))
    text = translator(organization.language)
    if parsed.format == "text":
        sys.stdout.write(problems_text(shown, (text,), color=sys.stdout.isatty(), verbose=parsed.verbose))
        if not shown:
            _say(text.gettext("No problems found."))
    else:
        writers = {"json": problems_json, "github": problems_github, "sarif": problems_sarif}
        sys.stdout.write(writers[parsed.format](shown, text))
    severities = {problem.severity for problem in shown}
    return PROBLEMS if "error" in severities or (parsed.strict and "warning" in severities) else OK


def _audit(parsed: argparse.Namespace) -> int:
    from builder.audit.external import external_breaches
    from builder.audit.forms import audit_csv, audit_json, audit_sarif
    from builder.audit.history import HistoryError, changes_since, dated_back
    from builder.audit.run import More, audit
    from builder.audit.telling import audit_text, changes_text
    from builder.store import Store

    root = _root(parsed)
    with refusals(root):
        organization = _organization(root)
        now = _now(parsed, organization)
        output = parsed.output or root / "sites"
        known = Store(parsed.state or root / ".branchpress", output)
        store = known if known.folder.is_dir() else None
        named = tuple(dict.fromkeys(parsed.branches))
        more: list[More] = []
        if parsed.since is not None:
            more.append(lambda inventory: dated_back(root, parsed.since, inventory))
        if parsed.external:
            memory = known.folder / "external.json"
            more.append(lambda inventory: external_breaches(inventory, memory, now))
        built = output if (output / "build.json").is_file() else None
        with _without_collector(), _executor(parsed, organization)() as executor:
            try:
                found = audit(root, now, executor, store=store, output=built, branches=named, more=more)
                changes = (
                    changes_since(root, parsed.since, found, executor, named) if parsed.since is not None else None
                )
            except HistoryError as error:
                raise CommandError(error.message, **error.values) from error
    text = translator(organization.language)
    color = sys.stdout.isatty()
    if parsed.format == "text":
        sys.stdout.write(audit_text(found, text, color=color))
        if changes is not None:
            sys.stdout.write("\n" + changes_text(found, changes, text, color=color))
    elif parsed.format == "json":
        sys.stdout.write(audit_json(found, text, changes))
    else:
        sys.stdout.write((audit_csv if parsed.format == "csv" else audit_sarif)(found, text))
    return PROBLEMS if found.failed or found.lost else OK


@contextmanager
def _without_collector() -> Iterator[None]:
    """Leave garbage alone for a while: an audit holds hundreds of thousands of objects, all needed to its end, and looking for
    garbage among them takes a third of its time."""
    import gc

    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _next(parsed: argparse.Namespace) -> int:
    from builder.audit.check import next_due
    from builder.cli.report import moment_line, whole
    from builder.store import Store

    root = _root(parsed)
    with refusals(root):
        organization = _organization(root)
        store = Store(parsed.state or root / ".branchpress", parsed.output or root / "sites")
        now, workers = _now(parsed, organization), _executor(parsed, organization)
        due, problems = next_due(root, now, store if store.folder.is_dir() else None, workers)
    text = translator(organization.language)
    if problems:
        _say_problems(problems, (text,))
    if due is None:
        _say(text.gettext("Nothing is due."))
    else:
        _say(moment_line(due, organization, text))
        print(whole(due).isoformat())
    return PROBLEMS if problems else OK


def _ping(parsed: argparse.Namespace) -> int:
    import time

    from builder.store import Store
    from builder.store.websub import ping

    root = _root(parsed)
    with refusals(root):
        organization = _organization(root)
        text = translator(organization.language)
        if not organization.feeds.websub:
            _say(text.gettext("organization.yml does not name a WebSub hub, so there is nothing to notify."))
            return OK
        store = Store(parsed.state or root / ".branchpress", parsed.output or root / "sites")
        if not store.folder.is_dir():
            raise CommandError(N_("Nothing has been built here yet."))
        results = ping(organization, store, time.sleep)
    for told in results:
        sys.stdout.write("".join(f"{address}\n" for address in told.taken))
        _say(text.gettext("{hub}: changed feeds reported: {count}.", hub=told.hub, count=len(told.taken)))
        if told.refused:
            missed = text.gettext("Not accepted, to be reported again next time: {count}.", count=len(told.refused))
            _say(f"{told.hub}: {missed} ({told.reason})")
    return PROBLEMS if any(told.refused for told in results) else OK


def _new_branch(parsed: argparse.Namespace) -> int:
    from builder.content.scaffold import new_branch

    root = _root(parsed)
    with refusals(root):
        text = translator(_organization(root).language)
        name = parsed.name or _ask(text.gettext("Full name of the branch."), parsed.slug)
        print(new_branch(root, parsed.slug, name, text))
    return OK


def _new_entry(parsed: argparse.Namespace) -> int:
    from builder.content.scaffold import new_entry

    root = _root(parsed)
    branch, slash, section = parsed.place.partition("/")
    if not slash or not section or "/" in section:
        raise CommandError(N_("Write where the entry belongs as BRANCH/SECTION, for example mechanical/news."))
    with refusals(root):
        organization = _organization(root)
        text = translator(organization.language)
        title = parsed.title or _ask(text.gettext("Title"), "")
        if not title:
            raise CommandError(N_("An entry needs a title."))
        print(new_entry(root, branch, section, title, organization, _now(parsed, organization), text))
    return OK


def _ask(question: str, otherwise: str) -> str:
    """Asks on a terminal; returns ``otherwise`` anywhere else."""
    if not sys.stdin.isatty():
        return otherwise
    sys.stderr.write(f"{question} ")
    sys.stderr.flush()
    return sys.stdin.readline().strip() or otherwise


def _schema(parsed: argparse.Namespace) -> int:
    from builder.content import read_organization
    from builder.content.schema.document import json_schema
    from builder.content.schema.kinds import KINDS

    organization, _ = read_organization(_root(parsed))
    if parsed.kind is not None and parsed.kind not in KINDS:
        raise CommandError(
            N_("There is no kind “{kind}”. The kinds are: {kinds}."), kind=parsed.kind, kinds=tuple(KINDS)
        )
    language = organization.language if organization is not None else "en"
    print(json.dumps(json_schema(parsed.kind, language), ensure_ascii=False, indent=2))
    return OK


def _organization(root: Path) -> Organization:
    from builder.content import read_organization
    from builder.content.workspace import UnusableError

    organization, problems = read_organization(root)
    if organization is None:
        raise UnusableError(problems)
    return organization


def _executor(parsed: argparse.Namespace, organization: Organization) -> Callable[[], Executor]:
    """Returns the factory of the executor that ``--executor`` and ``--jobs`` name."""
    from builder.workers import executor_named

    if parsed.jobs is not None and parsed.jobs < 1:
        raise CommandError(N_("--jobs must be 1 or more."))
    limits = organization.limits
    seconds = limits.branch_seconds if parsed.deadline is None else parsed.deadline
    # Megabytes in full: a limit that is not 0 must not become 0, which is none.
    megabytes = -(-limits.worker_memory // 1_000_000) if parsed.memory is None else parsed.memory
    for option, value in (("--deadline", seconds), ("--memory", megabytes)):
        if not 0 <= value < math.inf:
            raise CommandError(N_("{option} must be 0 (no limit) or more."), option=option)
    try:
        return executor_named(parsed.executor, parsed.jobs or os.cpu_count() or 1, seconds, megabytes)
    except LookupError as error:
        raise CommandError(N_("{name} is not an executor: {reason}."), name=parsed.executor, reason=error) from error


def _root(parsed: argparse.Namespace) -> Path:
    root: Path = parsed.root
    if not (root / "content").is_dir():
        raise CommandError(N_("There is no folder content/ in {folder}."), folder=root.resolve())
    return root


def _now(parsed: argparse.Namespace, organization: Organization) -> datetime:
    """Returns the build's time: ``--now``, else the present, in the organization's zone."""
    from builder.model.dates import parse_moment

    zone = organization.zone
    if parsed.now is None:
        return datetime.now(zone).replace(microsecond=0)
    moment = parse_moment(parsed.now, zone)
    if moment is None:
        raise CommandError(
            N_("--now {text} is not a valid date; write it like 2026-11-20T09:30+08:00."), text=parsed.now
        )
    return moment.at


def _under(root: Path, path: Path) -> str:
    """Returns a path from the command line as problems write it: relative to the root."""
    full = path if path.is_absolute() or path.exists() else root / path
    if not full.exists():
        raise CommandError(N_("There is no file or folder {path}."), path=path)
    try:
        return full.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        raise CommandError(N_("{path} is not in {folder}."), path=path, folder=root.resolve()) from None


def _check_yaml() -> None:
    import yaml

    if not yaml.__with_libyaml__:
        raise CommandError(N_("PyYAML was installed without libyaml; install a version that includes it."))


def _languages(organization: Organization | None) -> tuple[Translator, ...]:
    """Returns the language of the organization; both languages while it is not known."""
    return (translator(organization.language),) if organization is not None else (translator("zh"), translator("en"))


def _say_problems(problems: Sequence[Problem], languages: tuple[Translator, ...], *, verbose: bool = False) -> None:
    from builder.messages.formats import problems_text

    sys.stderr.write(problems_text(problems, languages, color=sys.stderr.isatty(), verbose=verbose))


def _say(text: str) -> None:
    sys.stderr.write(text if text.endswith("\n") else text + "\n")


def _write(file: Path, content: bytes) -> None:
    beside = file.with_name(file.name + ".new")
    beside.write_bytes(content)
    beside.replace(file)


_COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "build": _build,
    "serve": _serve,
    "check": _check,
    "audit": _audit,
    "next": _next,
    "ping": _ping,
    "new_branch": _new_branch,
    "new_entry": _new_entry,
    "schema": _schema,
}

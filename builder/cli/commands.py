"""The commands: parse, call one function, print, exit. Texts for people go to stderr, results to stdout."""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from builder.cli.arguments import parser
from builder.cli.console import (
    INTERRUPTED,
    NOTHING_DONE,
    OK,
    PROBLEMS,
    ask,
    executor_of,
    languages_of,
    now_of,
    organization_of,
    path_below,
    preview_settings,
    root_of,
    say,
    say_problems,
    write_whole,
)
from builder.cli.errors import CommandError, StoppedError, refusals
from builder.cli.help import language_in
from builder.messages.terms import neutral, translator_of
from builder.messages.translation import N_

if TYPE_CHECKING:
    from builder.pipeline.stages import Steps


def main(arguments: Sequence[str] | None = None, steps: Steps | None = None) -> int:
    """Runs a command; returns the exit status. Builds take ``steps``, if they are given, instead of their own."""
    _speak_utf8()
    text = neutral(language_in(os.environ))
    parsed = parser(text).parse_args(arguments, argparse.Namespace(steps=steps))
    try:
        _check_yaml()
        if "module" in parsed:
            run: Callable[[argparse.Namespace], int] = import_module(f"builder.cli.{parsed.module}").run
            return run(parsed)
        return _COMMANDS[parsed.command](parsed)
    except CommandError as error:
        if error.problems:
            say_problems(error.problems, languages_of(None))
        say("\n".join(text.gettext(error.message, **error.values) for text in languages_of(None)))
        return PROBLEMS if isinstance(error, StoppedError) else NOTHING_DONE
    except BrokenPipeError:
        # Whoever read the output has gone; nobody is left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except KeyboardInterrupt:
        return INTERRUPTED


def _build(parsed: argparse.Namespace) -> int:
    from builder.cli.progress import ProgressBar
    from builder.cli.report import build_note, exit_status, explained, report_json, summary
    from builder.content.forms.page import form_program
    from builder.model.card import FONT_FOLDERS
    from builder.pipeline.conductor import Options, build
    from builder.pipeline.stages import STEPS
    from builder.store import Store
    from builder.store.notes import note_build

    root = root_of(parsed)
    with refusals(root):
        organization = organization_of(root)
        if parsed.report is not None and (parsed.report.is_dir() or not parsed.report.absolute().parent.is_dir()):
            raise CommandError(N_("The report cannot be written: {file} is no file in a folder."), file=parsed.report)
        options = Options(
            root=root,
            output=parsed.output or root / "sites",
            state=parsed.state or root / ".branchpress",
            now=now_of(parsed, organization),
            branches=tuple(dict.fromkeys(parsed.branches)),
            clean=parsed.clean,
            allow_deletions=parsed.allow_deletions,
            deadline=parsed.deadline,
            fonts=FONT_FOLDERS if parsed.fonts is None else (parsed.fonts,),
        )
        text = translator_of(organization)
        bar = ProgressBar(sys.stderr, text) if sys.stderr.isatty() else None
        try:
            steps = parsed.steps or STEPS
            result = build(options, executor_of(parsed, organization), bar or (lambda _: None), steps)
        finally:
            if bar is not None:
                bar.clear()
    status = exit_status(result, strict=parsed.strict)
    if result.problems:
        say_problems(result.problems, (text,), verbose=parsed.verbose)
    store = Store(options.state, options.output)
    place: object = store.folder
    try:
        note_build(store, build_note(result, status, options.now))
        place = "stdout"
        if parsed.explain:
            for line in explained(result):
                print(line)
            sys.stdout.flush()
        if parsed.report is not None:
            place = parsed.report
            write_whole(parsed.report, report_json(result, text, status))
    except BrokenPipeError:
        raise
    except OSError as error:
        # What was built stays built.
        message = N_("The sites are built, but {file} cannot be written: {reason}.")
        raise StoppedError(message, file=place, reason=error.strerror or error) from error
    say(summary(result, text, options.output))
    if organization.forms_host is not None and form_program() is None:
        say(text.gettext(_NO_FORMS))
    return status


_NO_FORMS = N_(
    "The pages for editing in admin/ are not there: run “make forms” once, which needs Node.js, and build again."
)


def _serve(parsed: argparse.Namespace) -> int:
    from builder.preview import Preview

    root = root_of(parsed)
    with refusals(root):
        organization = organization_of(root)
        Preview(preview_settings(parsed, root, organization)).run(parsed.host, parsed.port)
    return OK


def _check(parsed: argparse.Namespace) -> int:
    from builder.audit.check import check_content, within
    from builder.content.markdown import load_engine
    from builder.messages.formats import PROBLEM_FORMATS, problems_text
    from builder.store import Store

    root = root_of(parsed)
    with refusals(root):
        organization = organization_of(root)
        store = Store(parsed.state or root / ".branchpress", parsed.output or root / "sites")
        known = store if store.folder.is_dir() else None
        now, workers = now_of(parsed, organization), executor_of(parsed, organization)
        if known is None:
            load_engine()
        problems = check_content(root, now, known, duplicates=parsed.duplicates, workers=workers)
    shown = within(problems, tuple(path_below(root, path) for path in parsed.paths))
    text = translator_of(organization)
    if parsed.format == "text":
        sys.stdout.write(problems_text(shown, (text,), color=sys.stdout.isatty(), verbose=parsed.verbose))
        if not shown:
            say(text.gettext("No problems found."))
    else:
        sys.stdout.write(PROBLEM_FORMATS[parsed.format](shown, text))
    severities = {problem.severity for problem in shown}
    return PROBLEMS if "error" in severities or (parsed.strict and "warning" in severities) else OK


def _audit(parsed: argparse.Namespace) -> int:
    from builder.audit.external import external_breaches
    from builder.audit.forms import audit_csv, audit_json, audit_sarif
    from builder.audit.history import HistoryError, changes_since, dated_back
    from builder.audit.run import More, audit
    from builder.audit.telling import audit_text, changes_text
    from builder.content.markdown import load_engine
    from builder.store import Store
    from builder.workers import without_collector

    root = root_of(parsed)
    with refusals(root):
        organization = organization_of(root)
        now = now_of(parsed, organization)
        output = parsed.output or root / "sites"
        known = Store(parsed.state or root / ".branchpress", output)
        store = known if known.folder.is_dir() else None
        if store is None:
            load_engine()
        named = tuple(dict.fromkeys(parsed.branches))
        more: list[More] = []
        if parsed.since is not None:
            more.append(lambda inventory: dated_back(root, parsed.since, inventory))
        if parsed.external:
            memory = known.folder / "external.json"
            more.append(lambda inventory: external_breaches(inventory, memory, now))
        built = output if (output / "build.json").is_file() else None
        with without_collector(), executor_of(parsed, organization)() as executor:
            try:
                found = audit(
                    root,
                    now,
                    executor,
                    store=store,
                    output=built,
                    branches=named,
                    more=more,
                )
                changes = (
                    changes_since(root, parsed.since, found, executor, named) if parsed.since is not None else None
                )
            except HistoryError as error:
                raise CommandError(error.message, **error.values) from error
    text = translator_of(organization)
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


def _next(parsed: argparse.Namespace) -> int:
    from builder.audit.check import next_due
    from builder.cli.report import moment_line, whole
    from builder.store import Store

    root = root_of(parsed)
    with refusals(root):
        organization = organization_of(root)
        store = Store(parsed.state or root / ".branchpress", parsed.output or root / "sites")
        now, workers = now_of(parsed, organization), executor_of(parsed, organization)
        known = store if store.folder.is_dir() else None
        due, problems = next_due(root, now, known, workers)
    text = translator_of(organization)
    say_problems(problems, (text,))
    if due is None:
        say(text.gettext("Nothing is due."))
    else:
        say(moment_line(due, organization, text))
        print(whole(due).isoformat())
    return PROBLEMS if problems else OK


def _ping(parsed: argparse.Namespace) -> int:
    import time

    from builder.store import Store
    from builder.store.websub import ping

    root = root_of(parsed)
    with refusals(root):
        organization = organization_of(root)
        text = translator_of(organization)
        if not organization.feeds.websub:
            say(text.gettext("organization.yml does not name a WebSub hub, so there is nothing to notify."))
            return OK
        store = Store(parsed.state or root / ".branchpress", parsed.output or root / "sites")
        if not store.folder.is_dir():
            raise CommandError(N_("Nothing has been built here yet."))
        results = ping(organization, store, time.sleep)
    for told in results:
        sys.stdout.write("".join(f"{address}\n" for address in told.taken))
        say(text.gettext("{hub}: changed feeds reported: {count}.", hub=told.hub, count=len(told.taken)))
        if told.refused:
            missed = text.gettext("Not accepted, to be reported again next time: {count}.", count=len(told.refused))
            say(f"{told.hub}: {missed} ({told.reason})")
    return PROBLEMS if any(told.refused for told in results) else OK


def _new_branch(parsed: argparse.Namespace) -> int:
    from builder.content.scaffold import new_branch

    root = root_of(parsed)
    with refusals(root):
        text = translator_of(organization_of(root))
        name = parsed.name or ask(text.gettext("Full name of the branch."), parsed.slug)
        print(*new_branch(root, parsed.slug, name, text), sep="\n")
    return OK


def _new_entry(parsed: argparse.Namespace) -> int:
    from builder.content.scaffold import new_entry

    root = root_of(parsed)
    branch, slash, section = parsed.place.partition("/")
    if not slash or not section or "/" in section:
        raise CommandError(N_("Write where the entry belongs as BRANCH/SECTION, for example mechanical/news."))
    with refusals(root):
        organization = organization_of(root)
        text = translator_of(organization)
        title = parsed.title or ask(text.gettext("Title"), "")
        if not title:
            raise CommandError(N_("An entry needs a title."))
        print(new_entry(root, branch, section, title, organization, now_of(parsed, organization), text))
    return OK


def _schema(parsed: argparse.Namespace) -> int:
    from builder.content import read_organization
    from builder.content.schema.document import json_schema
    from builder.content.schema.kinds import KINDS

    organization, _ = read_organization(root_of(parsed))
    if parsed.kind is not None and parsed.kind not in KINDS:
        raise CommandError(
            N_("There is no kind “{kind}”. The kinds are: {kinds}."), kind=parsed.kind, kinds=tuple(KINDS)
        )
    language = organization.language if organization is not None else "en"
    print(json.dumps(json_schema(parsed.kind, language), ensure_ascii=False, indent=2))
    return OK


def _speak_utf8() -> None:
    """Makes what is written into a pipe or a file UTF-8 on Windows too, where it would be in the code page of the machine."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if sys.platform == "win32" and isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")


def _check_yaml() -> None:
    import yaml

    if not yaml.__with_libyaml__:
        raise CommandError(N_("PyYAML was installed without libyaml; install a version that includes it."))


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
"""The commands of this module by name. Others are modules beside it, named by ``module`` in the parser's defaults and loaded
only when they are called: each has a function ``run``."""

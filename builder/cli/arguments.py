"""The command line: what may be written after ``branchpress``."""

from __future__ import annotations

import argparse
from pathlib import Path

_FORMATS = ("text", "json", "github", "sarif")
_REPORTS = ("text", "json", "csv", "sarif")


def parser() -> argparse.ArgumentParser:
    """The parser of the command line; ``command`` is the name of what is to be done."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--root", type=Path, default=Path(), metavar="DIR", help="the folder that holds content/ (default: this one)"
    )
    common.add_argument("--now", metavar="TIME", help="the build's clock, ISO 8601 (default: the real one)")
    common.add_argument("--state", type=Path, metavar="DIR", help="where builds remember (default: .branchpress)")
    common.add_argument("--output", type=Path, metavar="DIR", help="where the sites go (default: sites)")
    parser = argparse.ArgumentParser(
        prog="branchpress", description="One shared repository, every branch's website, always current."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    one = commands.add_parser("build", parents=[common], help="render what changed into sites/")
    one.add_argument("branches", nargs="*", metavar="BRANCH", help="build only these branches and the hub")
    one.add_argument("--jobs", type=int, metavar="N", help="how many processes build at once")
    one.add_argument("--executor", default="process", metavar="NAME", help="serial, process, or MODULE:FACTORY")
    one.add_argument("--deadline", type=float, default=300.0, metavar="SECONDS", help="how long one site may take")
    one.add_argument("--memory", type=int, default=2048, metavar="MB", help="how much memory one process may have")
    one.add_argument("--strict", action="store_true", help="exit with 1 if there are warnings")
    one.add_argument("--clean", action="store_true", help="trust no cache; last good versions are kept")
    one.add_argument("--allow-deletions", action="store_true", help="let many entries or branches vanish at once")
    one.add_argument("--report", type=Path, metavar="FILE", help="write what was done as JSON")
    one.add_argument("--explain", action="store_true", help="say why each page was rendered")
    one.set_defaults(command="build")

    one = commands.add_parser("serve", parents=[common], help="show a live preview in the browser")
    one.add_argument(
        "--host", default="127.0.0.1", metavar="ADDRESS", help="where to listen (default: this machine only)"
    )
    one.add_argument("--port", type=int, default=8000, metavar="N", help="first port to try (default: 8000)")
    one.add_argument("--jobs", type=int, metavar="N", help="how many processes build at once")
    one.set_defaults(command="serve", executor="process", deadline=300.0, memory=2048)

    one = commands.add_parser("check", parents=[common], help="report every problem, build nothing")
    one.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="report only on these files and folders")
    one.add_argument("--format", choices=_FORMATS, default="text", help="how to report (default: text)")
    one.add_argument("--strict", action="store_true", help="exit with 1 if there are warnings")
    one.add_argument("--duplicates", action="store_true", help="tell of texts that are nearly the same, too")
    one.set_defaults(command="check", jobs=None, executor="process", deadline=300.0, memory=2048)

    one = commands.add_parser(
        "audit", parents=[common], help="tell what has gone stale, what is broken, whose turn it is"
    )
    one.add_argument("branches", nargs="*", metavar="BRANCH", help="tell of these branches only")
    one.add_argument("--format", choices=_REPORTS, default="text", help="how to report (default: text)")
    one.add_argument("--since", metavar="REF", help="what has changed since a revision of the repository (Git)")
    one.add_argument("--external", action="store_true", help="ask other hosts whether links to them still work")
    one.add_argument("--jobs", type=int, metavar="N", help="how many processes look at once")
    one.set_defaults(command="audit", executor="process", deadline=300.0, memory=2048)

    one = commands.add_parser("next", parents=[common], help="when the next scheduled or expiring thing falls due")
    one.set_defaults(command="next")

    one = commands.add_parser("ping", parents=[common], help="tell the WebSub hub which feeds have changed")
    one.set_defaults(command="ping")

    one = commands.add_parser("new", help="write a valid, commented file to start from")
    kinds = one.add_subparsers(required=True, metavar="WHAT")
    two = kinds.add_parser("branch", parents=[common], help="a branch's folder with its branch.yml")
    two.add_argument("slug", metavar="SLUG", help="name of the folder, part of the address for ever")
    two.add_argument("name", nargs="?", metavar="NAME", help="full name of the branch")
    two.set_defaults(command="new_branch")
    two = kinds.add_parser("entry", parents=[common], help="an entry of today in a section of a branch")
    two.add_argument("place", metavar="BRANCH/SECTION", help="where it belongs")
    two.add_argument("title", nargs="?", metavar="TITLE", help="its title")
    two.set_defaults(command="new_entry")

    one = commands.add_parser("schema", parents=[common], help="print the JSON Schema of what authors write")
    one.add_argument("kind", nargs="?", metavar="KIND", help="organization, branch, topic, page, article, notice …")
    one.set_defaults(command="schema")
    return parser

"""The arguments of the command line."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TypeAlias

_FORMATS = ("text", "json", "github", "sarif")
_VERBOSE = "write out every problem, the same one in many places too"
_DEADLINE = "how long one site may take (0: for ever)"
_SHEETS = ("table", "attachments", "members", "letters", "events")
_REPORTS = ("text", "json", "csv", "sarif")
_Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def parser() -> argparse.ArgumentParser:
    """Makes the parser of the command line; the result's ``command`` is the name of the command."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--root", type=Path, default=Path(), metavar="DIR", help="the folder that holds content/ (default: this one)"
    )
    common.add_argument("--now", metavar="TIME", help="the build's clock, ISO 8601 (default: the real one)")
    common.add_argument(
        "--state", type=Path, metavar="DIR", help="the folder for the state of builds (default: .branchpress)"
    )
    common.add_argument("--output", type=Path, metavar="DIR", help="the folder for the sites (default: sites)")
    parser = argparse.ArgumentParser(
        prog="branchpress", description="One shared repository, every branch's website, always current."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    one = commands.add_parser("build", parents=[common], help="render what changed into sites/")
    one.add_argument("branches", nargs="*", metavar="BRANCH", help="build only these branches and the hub")
    one.add_argument("--jobs", type=int, metavar="N", help="the number of processes that build at once")
    one.add_argument("--executor", default="process", metavar="NAME", help="serial, process, or MODULE:FACTORY")
    one.add_argument("--deadline", type=float, metavar="SECONDS", help=_DEADLINE)
    one.add_argument("--memory", type=int, metavar="MB", help="how much memory one process may have (0: any)")
    one.add_argument("--strict", action="store_true", help="exit with 1 if there are warnings")
    one.add_argument("--clean", action="store_true", help="use no cache; last good versions are kept")
    one.add_argument(
        "--allow-deletions", action="store_true", help="allow many entries or branches to be deleted at once"
    )
    one.add_argument("--report", type=Path, metavar="FILE", help="write a report of the build as JSON")
    one.add_argument("--explain", action="store_true", help="say why each page was rendered")
    one.add_argument("--verbose", action="store_true", help=_VERBOSE)
    one.set_defaults(command="build")

    one = commands.add_parser("serve", parents=[common], help="show a live preview in the browser")
    one.add_argument(
        "--host", default="127.0.0.1", metavar="ADDRESS", help="where to listen (default: this machine only)"
    )
    one.add_argument("--port", type=int, default=8000, metavar="N", help="first port to try (default: 8000)")
    one.add_argument("--jobs", type=int, metavar="N", help="the number of processes that build at once")
    one.add_argument("--deadline", type=float, metavar="SECONDS", help=_DEADLINE)
    one.set_defaults(command="serve", executor="process", memory=None)

    one = commands.add_parser("check", parents=[common], help="report every problem without building")
    one.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="report only on these files and folders")
    one.add_argument("--format", choices=_FORMATS, default="text", help="how to report (default: text)")
    one.add_argument("--strict", action="store_true", help="exit with 1 if there are warnings")
    one.add_argument("--verbose", action="store_true", help=_VERBOSE)
    one.add_argument("--duplicates", action="store_true", help="also report texts that are nearly the same")
    one.add_argument("--deadline", type=float, metavar="SECONDS", help=_DEADLINE)
    one.set_defaults(command="check", jobs=None, executor="process", memory=None)

    one = commands.add_parser(
        "audit", parents=[common], help="report what is out of date or broken, and who has to act"
    )
    one.add_argument("branches", nargs="*", metavar="BRANCH", help="report only on these branches")
    one.add_argument("--format", choices=_REPORTS, default="text", help="how to report (default: text)")
    one.add_argument("--since", metavar="REF", help="also report what has changed since a Git revision")
    one.add_argument("--external", action="store_true", help="also check links to other websites")
    one.add_argument("--jobs", type=int, metavar="N", help="the number of processes that work at once")
    one.add_argument("--deadline", type=float, metavar="SECONDS", help=_DEADLINE)
    one.set_defaults(command="audit", executor="process", memory=None)

    one = commands.add_parser("next", parents=[common], help="print when the next scheduled or expiring item is due")
    one.add_argument("--deadline", type=float, metavar="SECONDS", help=_DEADLINE)
    one.set_defaults(command="next", jobs=None, executor="process", memory=None)

    one = commands.add_parser("ping", parents=[common], help="notify the WebSub hub of changed feeds")
    one.set_defaults(command="ping")

    one = commands.add_parser("publish", parents=[common], help="bring the built sites to readers, or go back")
    one.add_argument(
        "words",
        nargs="*",
        metavar="TARGET",
        help="targets in publish.yml (default: all); or: history, rollback [N] [TARGET]",
    )
    one.add_argument("--dry-run", action="store_true", help="show what would change, for each branch")
    one.add_argument("--allow-deletions", action="store_true", help="allow many pages or branches to vanish at once")
    one.add_argument("--no-ping", action="store_true", help="do not notify the WebSub hub afterwards")
    one.set_defaults(module="publish")

    one = commands.add_parser("new", help="create a valid file with comments to start from")
    kinds = one.add_subparsers(required=True, metavar="WHAT")
    two = kinds.add_parser("branch", parents=[common], help="a branch's folder with its branch.yml")
    two.add_argument("slug", metavar="SLUG", help="the name of the folder, a permanent part of the address")
    two.add_argument("name", nargs="?", metavar="NAME", help="the full name of the branch")
    two.set_defaults(command="new_branch")
    two = kinds.add_parser("entry", parents=[common], help="an entry with today's date in a section of a branch")
    two.add_argument("place", metavar="BRANCH/SECTION", help="the branch and the section of the entry")
    two.add_argument("title", nargs="?", metavar="TITLE", help="the title of the entry")
    two.set_defaults(command="new_entry")
    two = kinds.add_parser("guide", parents=[common], help="the guide for those who write, as pages of the hub")
    two.add_argument("--lang", choices=("zh", "en"), help="its language (default: the organization's)")
    two.set_defaults(module="guide")

    _add_imports(commands, common)
    one = commands.add_parser("wechat", parents=[common], help="print an entry as the editor of WeChat takes it")
    one.add_argument("entry", metavar="ENTRY", help="its file, or branch/section/entry")
    one.set_defaults(module="wechat")
    _add_edit(commands, common)
    _add_owners(commands, common)

    one = commands.add_parser("schema", parents=[common], help="print the JSON Schema of a kind of file")
    one.add_argument("kind", nargs="?", metavar="KIND", help="organization, branch, topic, page, article, notice …")
    one.set_defaults(command="schema")
    return parser


def _add_owners(commands: _Commands, common: argparse.ArgumentParser) -> None:
    one = commands.add_parser("owners", parents=[common], help="who may change what, for Git hosts and servers")
    one.add_argument(
        "--for", dest="host", choices=("github", "gitlab", "gitea"), help="print CODEOWNERS as this host reads it"
    )
    one.set_defaults(command="owners", module="owners", what="print")
    kinds = one.add_subparsers(required=False, metavar="WHAT")
    rights = argparse.ArgumentParser(add_help=False)
    rights.add_argument("--members", type=Path, metavar="FILE", help="teams and their members, outside the repository")
    rights.add_argument(
        "--admin", action="append", default=[], metavar="NAME", help="somebody who counts as an administrator, too"
    )
    who = argparse.ArgumentParser(add_help=False)
    who.add_argument(
        "--as",
        dest="who",
        required=True,
        metavar="WHO[,TEAM…]",
        help="who makes the change, as the host has authenticated them",
    )
    two = kinds.add_parser("check", parents=[common, rights, who], help="check a change, in CI")
    two.add_argument("range", metavar="BASE..HEAD", help="the commits; BASE...HEAD for those since both went apart")
    two.add_argument("--format", choices=("text", "github", "sarif"), default="text", help="how to report")
    two.set_defaults(module="owners", what="check")
    two = kinds.add_parser("hook", parents=[common, rights], help="print a pre-receive script for a Git server")
    two.set_defaults(module="owners", what="hook")
    two = kinds.add_parser("receive", parents=[common, rights, who], help="check a push (called by the hook)")
    two.set_defaults(module="owners", what="receive")


def _add_edit(commands: _Commands, common: argparse.ArgumentParser) -> None:
    one = commands.add_parser("edit", parents=[common], help="write in the browser, in forms")
    one.add_argument(
        "--host", default="127.0.0.1", metavar="ADDRESS", help="where to listen (default: this machine only)"
    )
    one.add_argument("--port", type=int, default=8000, metavar="N", help="first port to try (default: 8000)")
    one.add_argument("--address", metavar="URL", help="where people open it, if a web server stands before it")
    one.add_argument("--push", metavar="REMOTE", help="the Git repository to which every saving is pushed")
    one.add_argument("--trust-header", metavar="NAME", help="the header in which a web server says who is signed in")
    one.add_argument("--members", type=Path, metavar="FILE", help="the members of teams, as YAML")
    one.add_argument("--jobs", type=int, metavar="N", help="the number of processes that build at once")
    one.add_argument("--deadline", type=float, metavar="SECONDS", help=_DEADLINE)
    one.set_defaults(command="edit", module="edit", what="serve", executor="process", memory=None)
    kinds = one.add_subparsers(metavar="WHAT")
    two = kinds.add_parser("invite", parents=[common], help="print a link with which somebody signs in once")
    two.add_argument("name", metavar="NAME", help="the account, as “owners:” name it")
    two.add_argument(
        "branches", nargs="*", metavar="BRANCH", help="branches for which they may write, beside their own"
    )
    two.add_argument("--full-name", metavar="NAME", help="the name in commits (default: the account)")
    two.add_argument("--email", metavar="ADDRESS", help="their e-mail address, for commits and “owners:”")
    two.add_argument("--days", type=int, default=7, metavar="N", help="how long the link can be used (default: 7)")
    two.add_argument("--address", metavar="URL", help="where people open the server")
    two.set_defaults(what="invite")
    two = kinds.add_parser("revoke", parents=[common], help="sign somebody out everywhere and void their links")
    two.add_argument("name", metavar="NAME", help="the account")
    two.set_defaults(what="revoke")
    two = kinds.add_parser("people", parents=[common], help="list who is invited")
    two.set_defaults(what="people")
    two = kinds.add_parser("config", parents=[common], help="print the settings of a branch's forms for a Git host")
    two.add_argument("branch", nargs="?", metavar="BRANCH", help="the branch")
    two.add_argument(
        "--for",
        dest="program",
        choices=("sveltia", "decap"),
        default="sveltia",
        help="the program that shows the forms",
    )
    two.set_defaults(command="edit_config", module="edit_config")


def _add_imports(commands: _Commands, common: argparse.ArgumentParser) -> None:
    one = commands.add_parser("import", help="turn documents from elsewhere into entries")
    kinds = one.add_subparsers(required=True, metavar="WHAT")
    place = argparse.ArgumentParser(add_help=False)
    place.add_argument(
        "--to", required=True, metavar="BRANCH/SECTION", help="the branch and the section of the new entries"
    )
    place.add_argument("--date", metavar="DATE", help="the date of the new entries (default: today)")
    place.add_argument("--publish", action="store_true", help="publish at once; without this, new entries are drafts")
    two = kinds.add_parser("word", parents=[common, place], help="Word documents, an entry each")
    two.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help=".docx; with LibreOffice also .doc, .wps, .odt, .rtf"
    )
    two.set_defaults(module="importing", what="word")
    two = kinds.add_parser("html", parents=[common, place], help="saved or pasted pages: WeChat, Word, WPS, DingTalk")
    two.add_argument("files", nargs="+", type=Path, metavar="FILE", help=".html; - reads what is pasted")
    two.set_defaults(module="importing", what="html")
    two = kinds.add_parser("sheet", parents=[common, place], help="spreadsheets, as a table or an entry for each row")
    two.add_argument("files", nargs="+", type=Path, metavar="FILE", help=".xlsx or .csv")
    two.add_argument("--as", dest="form", choices=_SHEETS, default="table", help="what it becomes (default: a table)")
    two.add_argument(
        "--mapping", type=Path, metavar="FILE", help="which column is which (default: FILE.mapping.yml, written first)"
    )
    two.set_defaults(module="importing", what="sheet")

"""The arguments of the command line."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TypeAlias

from builder import __version__
from builder.cli.help import Parser
from builder.messages.translation import N_, Translator

_FORMATS = ("text", "json", "github", "gitlab", "sarif")
_VERBOSE = N_("write out every problem, the same one in many places too")
_DEADLINE = N_("how long one site may take (0: for ever)")
_SHEETS = ("table", "attachments", "members", "letters", "events")
_PRESETS = ("party", "union", "library", "association")
_HOSTS = ("github", "gitlab", "gitea", "none")
_REPORTS = ("text", "json", "csv", "sarif")
_Commands: TypeAlias = "argparse._SubParsersAction[Parser]"


def parser(text: Translator) -> Parser:
    """Makes the parser of the command line, which speaks the language of ``text``; the result's ``command`` is the name of
    the command."""
    _ = text.gettext
    common = Parser(text=text, add_help=False)
    common.add_argument(
        "--root", type=Path, default=Path(), metavar="DIR", help=_("the folder that holds content/ (default: this one)")
    )
    common.add_argument("--now", metavar="TIME", help=_("the build's clock, ISO 8601 (default: the real one)"))
    common.add_argument(
        "--state", type=Path, metavar="DIR", help=_("the folder for the state of builds (default: .branchpress)")
    )
    common.add_argument("--output", type=Path, metavar="DIR", help=_("the folder for the sites (default: sites)"))
    parser = Parser(
        text=text, prog="branchpress", description=_("One shared repository, every branch's website, always current.")
    )
    parser.add_argument(
        "--version", action="version", version=f"branchpress {__version__}", help=_("print the version and exit")
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND", title=_("commands"))

    one = commands.add_parser("build", parents=[common], help=_("render what changed into sites/"))
    one.add_argument("branches", nargs="*", metavar="BRANCH", help=_("build only these branches and the hub"))
    one.add_argument("--jobs", type=int, metavar="N", help=_("the number of processes that build at once"))
    one.add_argument(
        "--executor",
        default="process",
        metavar="NAME",
        help=_("serial, process, dask:ADDRESS, dask:local:N, or MODULE:FACTORY"),
    )
    one.add_argument("--deadline", type=float, metavar="SECONDS", help=_(_DEADLINE))
    one.add_argument("--memory", type=int, metavar="MB", help=_("how much memory one process may have (0: any)"))
    fonts = _("folder with a font for the cards that links are shown with (default: the fonts of this system)")
    one.add_argument("--fonts", type=Path, metavar="FOLDER", help=fonts)
    one.add_argument("--strict", action="store_true", help=_("exit with 1 if there are warnings"))
    one.add_argument("--clean", action="store_true", help=_("use no cache; last good versions are kept"))
    one.add_argument(
        "--allow-deletions", action="store_true", help=_("allow many entries or branches to be deleted at once")
    )
    one.add_argument("--report", type=Path, metavar="FILE", help=_("write a report of the build as JSON"))
    one.add_argument("--explain", action="store_true", help=_("say why each page was rendered"))
    one.add_argument("--verbose", action="store_true", help=_(_VERBOSE))
    one.set_defaults(command="build")

    one = commands.add_parser("serve", parents=[common], help=_("show a live preview in the browser"))
    one.add_argument(
        "--host", default="127.0.0.1", metavar="ADDRESS", help=_("where to listen (default: this machine only)")
    )
    one.add_argument("--port", type=int, default=8000, metavar="N", help=_("first port to try (default: 8000)"))
    one.add_argument("--jobs", type=int, metavar="N", help=_("the number of processes that build at once"))
    one.add_argument("--deadline", type=float, metavar="SECONDS", help=_(_DEADLINE))
    one.set_defaults(command="serve", executor="process", memory=None)

    one = commands.add_parser("check", parents=[common], help=_("report every problem without building"))
    one.add_argument("paths", nargs="*", type=Path, metavar="PATH", help=_("report only on these files and folders"))
    one.add_argument("--format", choices=_FORMATS, default="text", help=_("how to report (default: text)"))
    one.add_argument("--strict", action="store_true", help=_("exit with 1 if there are warnings"))
    one.add_argument("--verbose", action="store_true", help=_(_VERBOSE))
    one.add_argument("--duplicates", action="store_true", help=_("also report texts that are nearly the same"))
    one.add_argument("--deadline", type=float, metavar="SECONDS", help=_(_DEADLINE))
    one.set_defaults(command="check", jobs=None, executor="process", memory=None)

    one = commands.add_parser(
        "audit", parents=[common], help=_("report what is out of date or broken, and who has to act")
    )
    one.add_argument("branches", nargs="*", metavar="BRANCH", help=_("report only on these branches"))
    one.add_argument("--format", choices=_REPORTS, default="text", help=_("how to report (default: text)"))
    one.add_argument("--since", metavar="REF", help=_("also report what has changed since a Git revision"))
    one.add_argument("--external", action="store_true", help=_("also check links to other websites"))
    one.add_argument("--jobs", type=int, metavar="N", help=_("the number of processes that work at once"))
    one.add_argument("--deadline", type=float, metavar="SECONDS", help=_(_DEADLINE))
    one.set_defaults(command="audit", executor="process", memory=None)

    one = commands.add_parser("next", parents=[common], help=_("print when the next scheduled or expiring item is due"))
    one.add_argument("--deadline", type=float, metavar="SECONDS", help=_(_DEADLINE))
    one.set_defaults(command="next", jobs=None, executor="process", memory=None)

    one = commands.add_parser("ping", parents=[common], help=_("notify the WebSub hub of changed feeds"))
    one.set_defaults(command="ping")

    one = commands.add_parser("publish", parents=[common], help=_("bring the built sites to readers, or go back"))
    one.add_argument(
        "words",
        nargs="*",
        metavar="TARGET",
        help=_("targets in publish.yml (default: all); or: history, rollback [N] [TARGET]"),
    )
    one.add_argument("--dry-run", action="store_true", help=_("show what would change, for each branch"))
    one.add_argument("--allow-deletions", action="store_true", help=_("allow many pages or branches to vanish at once"))
    one.add_argument("--no-ping", action="store_true", help=_("do not notify the WebSub hub afterwards"))
    one.set_defaults(module="publish")

    one = commands.add_parser(
        "digest", parents=[common], help=_("tell each branch's people by mail or in a chat group, once a day")
    )
    one.add_argument("--dry-run", action="store_true", help=_("write the mails as .eml files, and send nothing"))
    one.add_argument(
        "--eml", type=Path, metavar="DIR", help=_("the folder for --dry-run (default: digest/ in the state's folder)")
    )
    one.add_argument("--members", type=Path, metavar="FILE", help=_("teams and their members, outside the repository"))
    one.add_argument("--deadline", type=float, metavar="SECONDS", help=_(_DEADLINE))
    one.set_defaults(module="digest", jobs=None, executor="process", memory=None)

    one = commands.add_parser(
        "status", parents=[common], help=_("show the last build, what is held, and what readers see")
    )
    one.add_argument(
        "--format", choices=("text", "json", "prometheus"), default="text", help=_("how to report (default: text)")
    )
    one.add_argument(
        "--max-age", type=int, metavar="MINUTES", help=_("how long ago the last build may be (default: any time)")
    )
    one.set_defaults(module="status")

    one = commands.add_parser("new", help=_("create a valid file with comments to start from"))
    kinds = one.add_subparsers(required=True, metavar="WHAT")
    two = kinds.add_parser("branch", parents=[common], help=_("a branch's folder with its branch.yml"))
    two.add_argument("slug", metavar="SLUG", help=_("the name of the folder, a permanent part of the address"))
    two.add_argument("name", nargs="?", metavar="NAME", help=_("the full name of the branch"))
    two.set_defaults(command="new_branch")
    two = kinds.add_parser("entry", parents=[common], help=_("an entry with today's date in a section of a branch"))
    two.add_argument("place", metavar="BRANCH/SECTION", help=_("the branch and the section of the entry"))
    two.add_argument("title", nargs="?", metavar="TITLE", help=_("the title of the entry"))
    two.set_defaults(command="new_entry")
    two = kinds.add_parser("guide", parents=[common], help=_("the guide for those who write, as pages of the hub"))
    two.add_argument("--lang", choices=("zh", "en"), help=_("its language (default: the organization's)"))
    two.set_defaults(module="guide")

    two = kinds.add_parser("theme", parents=[common], help=_("a copy of the theme to change, in theme/"))
    two.set_defaults(module="start", what="theme")

    _add_imports(commands, common, text)
    one = commands.add_parser("wechat", parents=[common], help=_("print an entry as the editor of WeChat takes it"))
    one.add_argument("entry", metavar="ENTRY", help=_("its file, or branch/section/entry"))
    one.set_defaults(module="wechat")
    _add_edit(commands, common, text)
    _add_owners(commands, common, text)
    _add_start(commands, text)

    one = commands.add_parser(
        "upgrade-check", parents=[common], help=_("report what is not read any more as by an earlier version")
    )
    one.add_argument(
        "--from",
        dest="since",
        metavar="VERSION",
        help=_("the version before (default: by “format” in organization.yml)"),
    )
    one.add_argument("--format", choices=_FORMATS, default="text", help=_("how to report (default: text)"))
    one.add_argument("--deadline", type=float, metavar="SECONDS", help=_(_DEADLINE))
    one.set_defaults(module="upgrade_check", jobs=None, executor="process", memory=None)

    one = commands.add_parser("schema", parents=[common], help=_("print the JSON Schema of a kind of file"))
    one.add_argument("kind", nargs="?", metavar="KIND", help=_("organization, branch, topic, page, article, notice …"))
    one.set_defaults(command="schema")
    return parser


def _add_start(commands: _Commands, text: Translator) -> None:
    _ = text.gettext
    one = commands.add_parser("start", help=_("make the folder of a new organization; what no option says is asked"))
    one.add_argument("folder", type=Path, metavar="DIR", help=_("a new folder, or an empty one"))
    one.add_argument("--name", metavar="NAME", help=_("the name of the organization"))
    one.add_argument("--url", metavar="ADDRESS", help=_("the address at which its sites are to be"))
    one.add_argument("--language", choices=("zh", "en"), help=_("the language of pages and messages (default: zh)"))
    one.add_argument("--preset", choices=_PRESETS, help=_("words and sections to begin with (default: party)"))
    one.add_argument("--branch-term", metavar="WORD", help=_("what one part of the organization is called"))
    one.add_argument("--committee-term", metavar="WORD", help=_("what those who lead a part are called"))
    one.add_argument("--branch-name", metavar="NAME", help=_("the full name of the first part"))
    one.add_argument("--branch-slug", metavar="SLUG", help=_("its folder, a permanent part of the address"))
    one.add_argument("--email", metavar="ADDRESS", help=_("the e-mail address for readers"))
    one.add_argument("--admin", action="append", metavar="NAME", help=_("an administrator's account; may be repeated"))
    one.add_argument("--timezone", metavar="ZONE", help=_("the time zone of dates (default: by the language)"))
    one.add_argument("--host", choices=_HOSTS, help=_("the Git host for which to write files (default: none)"))
    one.add_argument("--now", metavar="TIME", help=_("the date of the first entry (default: today)"))
    one.set_defaults(module="start", what="organization")


def _add_owners(commands: _Commands, common: Parser, text: Translator) -> None:
    _ = text.gettext
    one = commands.add_parser("owners", parents=[common], help=_("who may change what, for Git hosts and servers"))
    one.add_argument(
        "--for", dest="host", choices=("github", "gitlab", "gitea"), help=_("print CODEOWNERS as this host reads it")
    )
    one.set_defaults(command="owners", module="owners", what="print")
    kinds = one.add_subparsers(required=False, metavar="WHAT")
    rights = Parser(text=text, add_help=False)
    rights.add_argument(
        "--members", type=Path, metavar="FILE", help=_("teams and their members, outside the repository")
    )
    rights.add_argument(
        "--admin", action="append", default=[], metavar="NAME", help=_("somebody who counts as an administrator, too")
    )
    who = Parser(text=text, add_help=False)
    who.add_argument(
        "--as",
        dest="who",
        required=True,
        metavar="WHO[,TEAM…]",
        help=_("who makes the change, as the host has authenticated them"),
    )
    two = kinds.add_parser("check", parents=[common, rights, who], help=_("check a change, in CI"))
    two.add_argument("range", metavar="BASE..HEAD", help=_("the commits; BASE...HEAD for those since both went apart"))
    two.add_argument("--format", choices=("text", "github", "sarif"), default="text", help=_("how to report"))
    two.set_defaults(module="owners", what="check")
    two = kinds.add_parser("hook", parents=[common, rights], help=_("print a pre-receive script for a Git server"))
    two.set_defaults(module="owners", what="hook")
    two = kinds.add_parser("receive", parents=[common, rights, who], help=_("check a push (called by the hook)"))
    two.set_defaults(module="owners", what="receive")


def _add_edit(commands: _Commands, common: Parser, text: Translator) -> None:
    _ = text.gettext
    one = commands.add_parser("edit", parents=[common], help=_("write in the browser, in forms"))
    one.add_argument(
        "--host", default="127.0.0.1", metavar="ADDRESS", help=_("where to listen (default: this machine only)")
    )
    one.add_argument("--port", type=int, default=8000, metavar="N", help=_("first port to try (default: 8000)"))
    one.add_argument("--address", metavar="URL", help=_("where people open it, if a web server stands before it"))
    one.add_argument("--push", metavar="REMOTE", help=_("the Git repository to which every saving is pushed"))
    one.add_argument("--trust-header", metavar="NAME", help=_("the header in which a web server says who is signed in"))
    one.add_argument("--members", type=Path, metavar="FILE", help=_("the members of teams, as YAML"))
    one.add_argument("--jobs", type=int, metavar="N", help=_("the number of processes that build at once"))
    one.add_argument("--deadline", type=float, metavar="SECONDS", help=_(_DEADLINE))
    one.set_defaults(command="edit", module="edit", what="serve", executor="process", memory=None)
    kinds = one.add_subparsers(metavar="WHAT")
    two = kinds.add_parser("invite", parents=[common], help=_("print a link with which somebody signs in once"))
    two.add_argument("name", metavar="NAME", help=_("the account, as “owners:” name it"))
    two.add_argument(
        "branches", nargs="*", metavar="BRANCH", help=_("branches for which they may write, beside their own")
    )
    two.add_argument("--full-name", metavar="NAME", help=_("the name in commits (default: the account)"))
    two.add_argument("--email", metavar="ADDRESS", help=_("their e-mail address, for commits and “owners:”"))
    two.add_argument("--days", type=int, default=7, metavar="N", help=_("how long the link can be used (default: 7)"))
    two.add_argument("--address", metavar="URL", help=_("where people open the server"))
    two.set_defaults(what="invite")
    two = kinds.add_parser("revoke", parents=[common], help=_("sign somebody out everywhere and void their links"))
    two.add_argument("name", metavar="NAME", help=_("the account"))
    two.set_defaults(what="revoke")
    two = kinds.add_parser("people", parents=[common], help=_("list who is invited"))
    two.set_defaults(what="people")
    two = kinds.add_parser("config", parents=[common], help=_("print the settings of a branch's forms for a Git host"))
    two.add_argument("branch", nargs="?", metavar="BRANCH", help=_("the branch"))
    two.add_argument(
        "--for",
        dest="program",
        choices=("sveltia", "decap"),
        default="sveltia",
        help=_("the program that shows the forms"),
    )
    two.set_defaults(command="edit_config", module="edit_config")


def _add_imports(commands: _Commands, common: Parser, text: Translator) -> None:
    _ = text.gettext
    one = commands.add_parser("import", help=_("turn documents from elsewhere into entries"))
    kinds = one.add_subparsers(required=True, metavar="WHAT")
    place = Parser(text=text, add_help=False)
    place.add_argument(
        "--to", required=True, metavar="BRANCH/SECTION", help=_("the branch and the section of the new entries")
    )
    place.add_argument("--date", metavar="DATE", help=_("the date of the new entries (default: today)"))
    place.add_argument(
        "--publish", action="store_true", help=_("publish at once; without this, new entries are drafts")
    )
    place.add_argument(
        "--deadline",
        type=float,
        default=90.0,
        metavar="SECONDS",
        help=_("how long reading one file may take (0: for ever; default: %(default)g)"),
    )
    two = kinds.add_parser("word", parents=[common, place], help=_("Word documents, an entry each"))
    two.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help=_(".docx; with LibreOffice also .doc, .wps, .odt, .rtf")
    )
    two.set_defaults(module="importing", what="word")
    two = kinds.add_parser(
        "html", parents=[common, place], help=_("saved or pasted pages: WeChat, Word, WPS, DingTalk")
    )
    two.add_argument("files", nargs="+", type=Path, metavar="FILE", help=_(".html; - reads what is pasted"))
    two.set_defaults(module="importing", what="html")
    two = kinds.add_parser(
        "sheet", parents=[common, place], help=_("spreadsheets, as a table or an entry for each row")
    )
    two.add_argument("files", nargs="+", type=Path, metavar="FILE", help=_(".xlsx or .csv"))
    two.add_argument(
        "--as", dest="form", choices=_SHEETS, default="table", help=_("what it becomes (default: a table)")
    )
    two.add_argument(
        "--mapping",
        type=Path,
        metavar="FILE",
        help=_("which column is which (default: FILE.mapping.yml, written first)"),
    )
    two.set_defaults(module="importing", what="sheet")

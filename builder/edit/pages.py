"""The pages around the form: signing in, one's branches, review."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple

from builder.edit.differences import Difference
from builder.edit.proposals import Proposal
from builder.messages.translation import N_, Translator


class Sheet(NamedTuple):
    """A page: its title, and what is in it as HTML."""

    title: str
    body: str


class Shown(NamedTuple):
    """A proposal as a page shows it: the branch's name, and what its reader may do."""

    proposal: Proposal
    branch: str
    releases: bool
    own: bool


def html(sheet: Sheet, text: Translator, *, who: str = "", form: str = "", several: bool = True) -> bytes:
    """Returns a page with its frame; ``who`` is signed in, ``form`` the secret of their pages."""
    language = "zh-CN" if text.language == "zh" else "en"
    ways = ""
    if who:
        links = [("/admin/", text.gettext(N_("Write")))] if several else []
        links += [("/admin/review/", text.gettext(N_("To be reviewed"))), ("/", text.gettext(N_("Preview")))]
        items = "".join(f'<li><a href="{escape(address)}">{escape(label)}</a></li>' for address, label in links)
        out = button("/admin/sign-out", form, text.gettext(N_("Sign out")), quiet=True)
        ways = f'<nav><ul>{items}</ul></nav><p class="who">{escape(who)}</p>{out}'
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>{escape(sheet.title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        '<link rel="stylesheet" href="/admin/own/admin.css"></head>'
        f"<body><header>{ways}</header><main><h1>{escape(sheet.title)}</h1>{sheet.body}</main></body></html>"
    ).encode()


def form_page(title: str, text: Translator, script: str, styles: Iterable[str], form: str, site: str) -> bytes:
    """Returns the page of a branch's form, which its program fills."""
    language = "zh-CN" if text.language == "zh" else "en"
    said = {
        "form": form,
        "site": site,
        "locale": language,
        "saved": text.gettext(N_("Saved.")),
        "proposed": text.gettext(N_("Sent for review.")),
        "look": text.gettext(N_("See the page")),
        "review": text.gettext(N_("To be reviewed")),
        "close": text.gettext(N_("Close")),
    }
    data = "".join(f' data-{key}="{escape(value)}"' for key, value in said.items())
    blank = text.gettext(N_("The form needs JavaScript."))
    sheets = "".join(f'<link rel="stylesheet" href="/admin/forms/{escape(each)}">' for each in styles)
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        f'{sheets}<script type="module" id="branchpress-form"{data} src="/admin/forms/{escape(script)}"></script></head>'
        f"<body><noscript>{escape(blank)}</noscript></body></html>"
    ).encode()


def message(title: str, sentences: Iterable[str]) -> Sheet:
    """Returns a page that says something."""
    return Sheet(title, "".join(f"<p>{escape(each)}</p>" for each in sentences))


def joining(text: Translator, token: str) -> Sheet:
    """Returns the page that a link opens: signing in takes a click, since mail programs open links by themselves."""
    label, told = text.gettext(N_("Sign in")), text.gettext(N_("With this button you sign in on this device."))
    way = f'<form method="post" action="/admin/join/{escape(token)}"><button>{escape(label)}</button></form>'
    return Sheet(label, f"<p>{escape(told)}</p>{way}")


def branches(text: Translator, named: Sequence[tuple[str, str]]) -> Sheet:
    """Returns the list of one's branches."""
    title = text.gettext(N_("Write for"))
    if not named:
        return message(title, [text.gettext(N_("There is no branch that you may write for. Ask whoever invited you."))])
    rows = "".join(f'<li><a href="/admin/edit/{escape(slug)}/">{escape(name)}</a></li>' for slug, name in named)
    return Sheet(title, f'<ul class="rows">{rows}</ul>')


def reviews(text: Translator, shown: Sequence[Shown]) -> Sheet:
    """Returns the list of proposals."""
    title = text.gettext(N_("To be reviewed"))
    if not shown:
        return message(title, [text.gettext(N_("Nothing waits to be released."))])
    rows = "".join(_row(each, text) for each in shown)
    return Sheet(title, f'<ul class="rows">{rows}</ul>')


def _row(shown: Shown, text: Translator) -> str:
    proposal = shown.proposal
    state = text.gettext(N_("Given back")) if proposal.remark else text.gettext(N_("Waits"))
    about = _about(shown)
    return (
        f'<li><a href="/admin/review/{escape(proposal.name)}">{escape(proposal.title)}</a>'
        f'<p class="about"><strong>{escape(state)}</strong> {escape(about)}</p></li>'
    )


def _about(shown: Shown) -> str:
    time = shown.proposal.time[:16].replace("T", " ")
    return f"{shown.branch} · {shown.proposal.author.name} · {time}"


def review(text: Translator, shown: Shown, differences: Sequence[Difference], form: str) -> Sheet:
    """Returns the page of one proposal: its page, what changes, and what can be done."""
    proposal = shown.proposal
    parts = [f'<p class="about">{escape(_about(shown))}</p>']
    if proposal.remark:
        told = text.gettext(N_("{name} gave this back:"), name=proposal.returned_by)
        parts.append(f'<div class="remark"><p>{escape(told)}</p><p>{escape(proposal.remark)}</p></div>')
    if proposal.address:
        look = escape(text.gettext(N_("The page as it will be")))
        parts.append(
            f'<h2>{look}</h2><p><a href="{escape(proposal.address)}" target="_blank">{escape(proposal.address)}</a></p>'
        )
        parts.append(f'<iframe src="{escape(proposal.address)}" title="{look}" sandbox="allow-same-origin"></iframe>')
    changed = text.gettext(N_("What changes"))
    parts.append(f"<h2>{escape(changed)}</h2>")
    parts += [_difference(each, text) for each in differences]
    if shown.releases:
        release = button(f"/admin/review/{proposal.name}/release", form, text.gettext(N_("Release")))
        back, remark = text.gettext(N_("Give back")), text.gettext(N_("What has to be changed"))
        parts.append(
            f'<div class="ways">{release}<form method="post" action="/admin/review/{escape(proposal.name)}/give-back">'
            f'<input type="hidden" name="form" value="{escape(form)}"><label for="remark">{escape(remark)}</label>'
            f'<textarea id="remark" name="remark" rows="3" maxlength="2000" required></textarea>'
            f'<button class="quiet">{escape(back)}</button></form></div>'
        )
    if shown.own:
        parts.append(
            button(f"/admin/review/{proposal.name}/withdraw", form, text.gettext(N_("Take it away")), quiet=True)
        )
    if not shown.releases:
        told = N_("Somebody who owns the branch, and did not write the text, releases it.")
        parts.append(f"<p>{escape(text.gettext(told))}</p>")
    return Sheet(proposal.title, "".join(parts))


def _difference(difference: Difference, text: Translator) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escape(each.label)}</th><td><del>{escape(each.old)}</del></td>'
        f"<td><ins>{escape(each.new)}</ins></td></tr>"
        for each in difference.values
    )
    heads = (text.gettext(N_("Part")), text.gettext(N_("Before")), text.gettext(N_("After")))
    columns = "".join(f'<th scope="col">{escape(each)}</th>' for each in heads)
    table = f"<table><thead><tr>{columns}</tr></thead><tbody>{rows}</tbody></table>" if rows else ""
    marks = {"+": "ins", "-": "del", " ": "span"}
    lines = "".join(
        f"<p><{marks[mark]}>{escape(line) or '&nbsp;'}</{marks[mark]}></p>" for mark, line in difference.lines
    )
    body = f'<div class="text">{lines}</div>' if lines else ""
    return f"<section><h3>{escape(difference.title)}</h3>{table}{body}</section>"


def button(address: str, form: str, label: str, *, quiet: bool = False) -> str:
    """Returns a button that sends something."""
    kind = ' class="quiet"' if quiet else ""
    return (
        f'<form method="post" action="{escape(address)}"><input type="hidden" name="form" value="{escape(form)}">'
        f"<button{kind}>{escape(label)}</button></form>"
    )

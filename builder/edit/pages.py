"""The pages around the form: signing in, one's branches, review."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple
from urllib.parse import quote

from builder.edit.differences import Difference
from builder.edit.places import HUB
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


def html(sheet: Sheet, text: Translator, *, who: str = "", form: str = "") -> bytes:
    """Returns a page with its frame; ``who`` is signed in, ``form`` the secret of their pages."""
    language = "zh-CN" if text.language == "zh" else "en"
    ways = ""
    if who:
        labels = N_("Write"), N_("To be reviewed"), N_("Preview")
        links = zip(("/admin/", "/admin/review/", "/"), map(text.gettext, labels), strict=True)
        items = "".join(f'<li><a href="{address}">{escape(label)}</a></li>' for address, label in links)
        out = button("/admin/sign-out", form, text.gettext(N_("Sign out")), quiet=True)
        ways = f'<nav><ul>{items}</ul></nav><p class="who">{escape(who)}</p>{out}'
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>{escape(sheet.title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        '<link rel="stylesheet" href="/admin/own/admin.css"></head>'
        f"<body><header>{ways}</header><main><h1>{escape(sheet.title)}</h1>{sheet.body}</main></body></html>"
    ).encode()


def form_page(
    title: str, text: Translator, script: str, styles: Iterable[str], form: str, slug: str, importing: str
) -> bytes:
    """Returns the page of a branch's form, which its program fills; ``importing`` is where texts from elsewhere become drafts,
    if they can."""
    language = "zh-CN" if text.language == "zh" else "en"
    said = {
        "form": form,
        "site": "/" if slug == HUB else f"/{quote(slug)}/",
        "importing": importing,
        "locale": language,
        "saved": text.gettext(N_("Saved.")),
        "proposed": text.gettext(N_("Sent for review.")),
        "look": text.gettext(N_("See the page")),
        "ways": text.gettext(N_("Around the form")),
        "import": text.gettext(N_("New from Word")),
        "review": text.gettext(N_("To be reviewed")),
        "preview": text.gettext(N_("Preview")),
        "copy": text.gettext(N_("Copy for WeChat")),
        "copied": text.gettext(N_("Copied as it was last saved. Paste it into the editor of your official account.")),
        "notcopied": text.gettext(N_("It could not be copied; save the text and try again.")),
        "branch": slug,
        "pasted": text.gettext(N_("Pasted, without what cannot stand in an entry:")),
        "behind": text.gettext(
            N_("Pictures ({count}) stand behind the pasted text; move each to its place."), count="{count}"
        ),
        "unread": text.gettext(N_("Pictures ({count}) cannot be read and were left out."), count="{count}"),
        "unclean": text.gettext(
            N_("Pasted as it was copied, for the server could not clean it. Look through it before you save.")
        ),
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
    new = escape(text.gettext(N_("New from Word")))
    rows = "".join(
        f'<li><a href="/admin/edit/{escape(slug)}/">{escape(name)}</a>'
        + (f' <a class="beside" href="/admin/new/{escape(slug)}/">{new}</a></li>' if slug != HUB else "</li>")
        for slug, name in named
    )
    return Sheet(title, f'<ul class="rows">{rows}</ul>')


def previews(text: Translator, named: Sequence[tuple[str, str]]) -> Sheet:
    """Returns the list of the previews of one's branches."""
    rows = "".join(f'<li><a href="/{escape(slug)}/">{escape(name)}</a></li>' for slug, name in named)
    told = text.gettext(N_("There is no branch that you may write for. Ask whoever invited you."))
    return Sheet(text.gettext(N_("Preview")), f'<ul class="rows">{rows}</ul>' if rows else f"<p>{escape(told)}</p>")


def withheld(text: Translator, sentence: str, address: str) -> Sheet:
    """Returns the page in place of one that somebody may not look at; at ``address`` readers see it."""
    title = text.gettext(N_("The preview of another branch"))
    link = f'<a href="{escape(address)}" rel="noreferrer">{escape(address)}</a>'
    return Sheet(title, f"<p>{escape(sentence)}</p><p>{link}</p>")


def importing(text: Translator, slug: str, name: str, sections: Sequence[tuple[str, str]], form: str) -> Sheet:
    """Returns the page on which a file, or what was copied elsewhere, becomes a draft in one of ``sections``.

    Nothing on it can be pressed or pasted into until its script is there: what came before would be lost without a word.
    """
    title = text.gettext(N_("New from Word, a table or what was copied"))
    if not sections:
        return message(title, [text.gettext(N_("None of the branch's sections takes texts from elsewhere."))])
    told = N_("It becomes a draft of {branch}: nobody else sees it until you have looked through it and released it.")
    blank, where = text.gettext(N_("The form needs JavaScript.")), text.gettext(N_("Section"))
    file, kinds = text.gettext(N_("A file")), text.gettext(KINDS)
    upload, copied = text.gettext(N_("Make a draft of this file")), text.gettext(N_("What was copied"))
    first, paste = text.gettext(N_("Title; left empty, it is the first line")), text.gettext(N_("Paste here"))
    take = text.gettext(N_("Make a draft of what was pasted"))
    options = "".join(f'<option value="{escape(each)}">{escape(label)}</option>' for each, label in sections)
    labels = {
        "form": form,
        "branch": slug,
        "working": text.gettext(N_("It is being taken over …")),
        "failed": text.gettext(N_("The server cannot be reached. What you chose is still here; try again.")),
        "nofile": text.gettext(N_("Choose a file first.")),
        "nothing": text.gettext(N_("There is nothing pasted yet.")),
        "pasted": text.gettext(N_("Pasted text")),
        "picture": text.gettext(N_("A picture")),
    }
    data = "".join(f' data-{key}="{escape(value)}"' for key, value in labels.items())
    return Sheet(
        title,
        f"<p>{escape(text.gettext(told, branch=name))}</p>"
        f'<noscript><p class="remark">{escape(blank)}</p></noscript><div id="new"{data}>'
        f'<p><label for="section">{escape(where)}</label><select id="section">{options}</select></p>'
        f'<h2>{escape(file)}</h2><p><label for="file">{escape(kinds)}</label>'
        f'<input type="file" id="file" accept="{FILES}"></p>'
        f'<button type="button" id="upload" disabled>{escape(upload)}</button>'
        f"<h2>{escape(copied)}</h2><p>{escape(text.gettext(PASTING))}</p>"
        f'<p><label for="title">{escape(first)}</label><input type="text" id="title" maxlength="200"></p>'
        f'<p class="label" id="paste-label">{escape(paste)}</p>'
        '<div id="paste" role="textbox" aria-disabled="true" aria-multiline="true" aria-labelledby="paste-label"></div>'
        f'<button type="button" id="take" disabled>{escape(take)}</button>'
        '<p id="told" class="remark" role="alert" hidden></p></div>'
        '<script type="module" src="/admin/own/new.js"></script>',
    )


FILES = ".docx,.doc,.wps,.odt,.rtf,.xlsx,.csv,.html,.htm"
KINDS = N_("Word, WPS, Excel, CSV or a saved web page, at most 60 MB")
PASTING = N_(
    "Copy the text in WeChat, Word, WPS or DingTalk and paste it below. Colours and fonts are left out; pictures that lie in "
    "what was copied are taken in, others are named afterwards."
)


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

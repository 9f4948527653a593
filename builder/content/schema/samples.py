"""An example of each key as it is written, and what holds where it is not: for the reference and for new files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from builder.content.schema.compound import (
    AllOr,
    Days,
    Field,
    Fields,
    FilePath,
    Length,
    ListOf,
    Names,
    Size,
    Words,
)
from builder.content.schema.types import Date, Flag, FlagOrDate, Language, OneOf, Text, Type, Url
from builder.messages.translation import N_, Translator


class Sample(NamedTuple):
    """A value as it stands behind the key, and a few words on what holds without the key; both English msgids."""

    value: str
    default: str = ""


def example_of(kind: str, path: str, field: Field, text: Translator) -> str:
    """Returns a value as it may stand behind a key; empty if none is known. ``path`` is where that stands in a file of a
    ``kind``, as ``period.to``."""
    sample = _sample(kind, path)
    if isinstance(field.type, OneOf):
        # The words of a choice are themselves in every language, whatever else is called so.
        return sample.value if sample is not None else field.type.words[0]
    return text.gettext(sample.value if sample is not None else _of_type(field.type))


def default_of(kind: str, path: str, field: Field, text: Translator) -> str:
    """Returns in a few words what holds where a key is not written; empty if nothing is known of it."""
    sample = _sample(kind, path)
    if sample is None:
        return ""
    return sample.default if isinstance(field.type, OneOf) else text.gettext(sample.default)


def has_own_sample(kind: str, path: str) -> bool:
    """Tells whether a key that several kinds have is another one in this kind."""
    return f"{kind}:{path}" in _SAMPLES


def _sample(kind: str, path: str) -> Sample | None:
    # What stands in one of several mappings of a kind, like the settings of a section, is the same in each.
    first, _, rest = path.partition(".")
    short = f"{first}.{rest.rpartition('.')[2]}"
    names = (path, short) if rest else (path,)
    found = next((_SAMPLES[each] for name in names for each in (f"{kind}:{name}", name) if each in _SAMPLES), None)
    return _RULE if found is None and path.startswith("audit.") else found


def form_of(of: Type, text: Translator) -> str:
    """Returns the form of values in words."""
    if isinstance(of, OneOf):
        return text.gettext("one of: {words}", words=of.words)
    if isinstance(of, Language) and of.only:
        return text.gettext("one of: {words}", words=of.only)
    if isinstance(of, Fields):
        keys = tuple(each.key for each in of.fields)
        if of.short:
            return text.gettext("a text, or the keys {keys}", keys=keys)
        return (
            text.gettext("the keys {keys}", keys=keys)
            if len(keys) <= _FEW
            else text.gettext("keys and values, one per line")
        )
    if isinstance(of, ListOf):
        return text.gettext("a list; of each: {item}", item=form_of(of.item, text))
    if isinstance(of, Text):
        if of.lines:
            return text.gettext("a text of any number of lines, after “|”")
        return (
            text.gettext("a text of at most {n} characters", n=of.longest) if of.longest else text.gettext(of.expected)
        )
    return text.gettext(of.expected)


_FEW = 8
_RULE = Sample("off", N_("what the audit's profile says"))
"""The sample of each rule of the audit."""


def _of_type(of: Type) -> str:
    """Returns a value that any key of the type may have; empty if that differs from key to key."""
    return next((value for known, value in _TYPES.items() if isinstance(of, known)), "")


_TYPES: Mapping[type[Type], str] = {
    Date: "2026-11-20",
    FlagOrDate: "2026-12-01",
    Flag: "true",
    Length: "14 days",
    Size: "2 MB",
    Days: "2026-10-01/2026-10-07",
    FilePath: "media/photo.jpg",
    Url: "https://example.org/",
    Language: "en",
    Names: N_("Li Na"),
    Words: N_("[visits, reading]"),
    AllOr: "all",
}

_SAMPLES: Mapping[str, Sample] = {
    # Texts
    "title": Sample(N_("The workshop is open on Friday"), N_("the first heading of the text")),
    "voice:title": Sample(N_("Words of a reader"), N_("the words themselves")),
    "letter:title": Sample(N_("Opening hours of the reading room"), N_("the question")),
    "date": Sample("2026-11-20 09:30", N_("the date at the beginning of the file's name")),
    "page:date": Sample("2026-11-20", N_("published at once")),
    "topic:date": Sample("2026-11-20", N_("published at once")),
    "summary": Sample(N_("Forty students made their first screwdriver."), N_("the first paragraph of the text")),
    "image": Sample("workshop.jpg", N_("the first picture of the text")),
    "image_alt": Sample(N_("Two students watch a lathe"), N_("none")),
    "attachments": Sample(N_("[{file: form.docx, title: Application form}]"), N_("none")),
    "attachments.file": Sample("form.docx"),
    "attachments.title": Sample(N_("Application form"), N_("the file's name")),
    "draft": Sample("true", N_("false: it is published")),
    "expires": Sample("2026-12-31", N_("never")),
    "notice:expires": Sample("2026-12-31", N_("30 days after the last day of the period; without one: never")),
    "updated": Sample("2026-11-22", N_("the date")),
    "page:updated": Sample("2026-11-22", N_("not shown")),
    "aliases": Sample("[/mechanical/old-page/]", N_("none")),
    "lang": Sample("en", N_("the branch's language")),
    "slug": Sample("open-day", N_("the name of the file or folder")),
    "author": Sample(N_("[Li Na, Wang Lei]"), N_("what the branch's defaults say")),
    "source": Sample(N_("{name: University news, url: https://news.example.edu/1}"), N_("the branch")),
    "source.name": Sample(N_("University news")),
    "source.url": Sample("https://news.example.edu/1", N_("none")),
    "tags": Sample(N_("[visits, reading]"), N_("none")),
    "pinned": Sample("2026-12-01", N_("no")),
    "topics": Sample("[lab-safety]", N_("none")),
    "share_with": Sample("[library]", N_("only the own branch")),
    "hub": Sample("false", N_("true: the hub lists it")),
    "announce": Sample("true", N_("false: feeds have it at its date")),
    "moved_from": Sample("mechanical/news/2026-11-20-visit", N_("none")),
    "id": Sample("tag:example.edu,2026:visit", N_("made from the place of the file")),
    "interprets": Sample("policies/2026-03-02-lab-safety-rules", N_("none")),
    "body": Sample(N_("|\n  The text, in as many lines as it takes."), N_("none")),
    # Kinds of entries
    "period": Sample("{from: 2026-11-18, to: 2026-11-24}", N_("an ordinary notice")),
    "period.from": Sample("2026-11-18", N_("the date of the notice")),
    "period.to": Sample("2026-11-24"),
    "number": Sample(N_("No. 12 (2026)"), N_("none")),
    "issuer": Sample(N_("Laboratory Office"), N_("none")),
    "issued": Sample("2026-03-02", N_("none")),
    "effective": Sample("2026-04-01", N_("none")),
    "policy:status": Sample("in force", "in force"),
    "replaces": Sample("policies/2020-05-06-old-rules", N_("none")),
    "starts": Sample("2026-12-05 14:00"),
    "ends": Sample("2026-12-05 17:00", N_("open")),
    "all_day": Sample("true", N_("false; true where the times are left out")),
    "location": Sample(N_("Library, ground floor"), N_("none")),
    "online": Sample("https://meeting.example.edu/123", N_("none")),
    "organizer": Sample(N_("The reading circle"), N_("the branch")),
    "event:status": Sample("cancelled", "confirmed"),
    "question": Sample(N_("When does the reading room open on Sundays?")),
    "received": Sample("2026-11-18"),
    "replied": Sample("2026-11-20", N_("not shown")),
    "from": Sample(N_("A student"), N_("none")),
    "text": Sample(N_("Reading together, we got to know each other.")),
    "person": Sample(N_("Li Na, class of 2024"), N_("none")),
    "portrait": Sample("li-na.jpg", N_("none")),
    # Pages and topics
    "page:order": Sample("10", N_("by name")),
    "for_editors": Sample("true", N_("false: readers' search finds it")),
    "topic:closed": Sample("2026-12-31", N_("open")),
    "discussion": Sample(
        N_("{question: What would you change first?, opens: 2026-11-09, closes: 2026-12-18}"), N_("none")
    ),
    "discussion.question": Sample(N_("What would you change first?"), N_("none")),
    "discussion.opens": Sample("2026-11-09", N_("open at once")),
    "discussion.closes": Sample("2026-12-18", N_("open for ever")),
    # branch.yml and organization.yml
    "name": Sample(N_("First Students' Branch of Mechanical Engineering")),
    "organization:name": Sample(N_("Example University Online")),
    "short_name": Sample(N_("Mechanical 1"), N_("the name")),
    "parent": Sample("mechanical", N_("directly under the organization")),
    "description": Sample(N_("Forty-six people and a workshop."), N_("none")),
    "contact": Sample(
        N_(
            "\n  person: Li Na\n  email: mech1@example.edu\n"
            '  phone: "010-00000000"\n  address: Workshop Building, room 112'
        ),
        N_("none"),
    ),
    "contact.person": Sample(N_("Li Na"), N_("none")),
    "contact.email": Sample("mech1@example.edu", N_("none")),
    "contact.phone": Sample('"010-00000000"', N_("none")),
    "contact.address": Sample(N_("Workshop Building, room 112"), N_("none")),
    "committee": Sample(
        N_(
            "\n  - {name: Li Na, role: Secretary, photo: media/li-na.jpg, since: 2025-09}\n"
            "  - {name: Wang Lei, role: Organization}"
        ),
        N_("none"),
    ),
    "committee.name": Sample(N_("Li Na")),
    "committee.role": Sample(N_("Secretary"), N_("none")),
    "committee.photo": Sample("media/li-na.jpg", N_("none")),
    "committee.since": Sample("2025-09", N_("none")),
    "members": Sample("46", N_("not said")),
    "branch:url": Sample("https://mech1.example.edu/", N_("a folder of the organization's address")),
    "organization:url": Sample("https://example.edu/"),
    "branch:language": Sample("en", N_("the organization's")),
    "organization:language": Sample("en", "zh"),
    "translations": Sample("{en: library-en}", N_("none")),
    "accent": Sample("indigo", N_("the theme's")),
    "branch:sections": Sample(
        N_(
            "\n  hide: [policies]\n  add:\n    workshop: {title: Workshop diary, type: article}\n  order: [news, workshop]"
        ),
        N_("the organization's"),
    ),
    "branch:sections.hide": Sample("[policies]", N_("none")),
    "branch:sections.add": Sample(N_("{workshop: {title: Workshop diary, type: article}}"), N_("none")),
    "branch:sections.order": Sample("[news, workshop]", N_("the organization's")),
    "organization:sections": Sample(
        N_("\n  news: {title: News, type: article}\n  notices: {title: Notices, type: notice}"), N_("none")
    ),
    "sections.title": Sample(N_("News"), N_("the folder's name")),
    "sections.type": Sample("notice", "article"),
    "sections.dated": Sample("false", "true"),
    "sections.description": Sample(N_("Meetings and events."), N_("none")),
    "sections.update_within": Sample("14 days", N_("what the audit's profile says")),
    "sections.interpret_within": Sample("30 days", N_("what the audit's profile says")),
    "sections.reply_within": Sample("5 working days", N_("what the audit's profile says")),
    "sections.formerly": Sample("[activities]", N_("none")),
    "defaults": Sample(N_("{author: Li Na}"), N_("none")),
    "owners": Sample('["@mech-editors", "mech1@example.edu"]', N_("the administrators")),
    "accept": Sample("[library, mechanical]", "all"),
    "refuse": Sample("[library/news/2026-11-20-visit]", N_("none")),
    "place": Sample("{library/news/2026-11-20-visit: study}", N_("the section of the same name")),
    "branch:order": Sample("10", N_("by the folder's name")),
    "branch:status": Sample("closed", "active"),
    "branch:closed": Sample("2026-06-30", N_("none")),
    "formerly": Sample("[old-name]", N_("none")),
    "format": Sample("2", "1"),
    "organization:id": Sample("example.edu", N_("the host of url")),
    "timezone": Sample("Asia/Shanghai", "Asia/Shanghai"),
    "logo": Sample("hub/media/logo.svg", N_("none")),
    "site_id": Sample('"1100000000"', N_("none")),
    "edit_url": Sample("https://git.example.edu/sites/edit/main/content/", N_("no link to edit a page")),
    "feeds": Sample("{items: 50, full_text: true}", N_("as below")),
    "feeds.items": Sample("50", "50"),
    "feeds.full_text": Sample("true", "true"),
    "feeds.websub": Sample("https://hub.example.org/", N_("none")),
    "feeds.mail": Sample("https://mail.example.edu/", N_("none")),
    "markdown": Sample("{raw_html: sanitize}", N_("as below")),
    "markdown.raw_html": Sample("sanitize", "sanitize"),
    "markdown.frames_from": Sample("[video.example.edu]", N_("none")),
    "limits": Sample("{page_bytes: 2 MB, image_bytes: 20 MB}", N_("as below")),
    "limits.page_bytes": Sample("2 MB", "2 MB"),
    "limits.image_bytes": Sample("20 MB", "20 MB"),
    "limits.file_bytes": Sample("100 MB", "100 MB"),
    "limits.branch_pages": Sample("20000", "20000"),
    "limits.branch_seconds": Sample("120", "120"),
    "limits.worker_memory": Sample("1 GB", "1 GB"),
    "redirects": Sample("{/old/page.html: mechanical/news/2026-11-20-visit}", N_("none")),
    "holidays": Sample("[2026-10-01/2026-10-07]", N_("only weekends")),
    "health": Sample("{public: true}", N_("as below")),
    "health.public": Sample("true", "true"),
    "admins": Sample('["@web-team"]', N_("none")),
    "owners_inherit": Sample("true", "false"),
    "editing": Sample("{host: gitea, repo: party/sites, url: https://git.example.edu}", N_("none")),
    "editing.host": Sample("gitea"),
    "editing.repo": Sample("party/sites"),
    "editing.branch": Sample("main", "main"),
    "editing.url": Sample("https://git.example.edu", N_("github.com or gitlab.com")),
    "editing.app_id": Sample("0123abcd", N_("none")),
    "editing.review": Sample("true", "false"),
    "ways": Sample(N_("{letter: {mail: true, note: Read on Mondays}}"), N_("by mail to the contact's address")),
    "ways.letter": Sample(N_("{mail: true, note: Read on Mondays}"), N_("by mail to the contact's address")),
    "ways.correction": Sample("{mail: true}", N_("by mail to the contact's address")),
    "ways.topic": Sample("{mail: true}", N_("by mail to the contact's address")),
    "ways.mail": Sample("true", N_("false, if another way is named")),
    "ways.form": Sample("https://forms.example.edu/1/?from={branch}", N_("none")),
    "ways.issue": Sample("true", N_("none")),
    "ways.note": Sample(N_("Read on Mondays"), N_("none")),
    "ways.reply_within": Sample("5 working days", N_("what the section says")),
    "audit": Sample("{profile: campus}", N_("the profile campus")),
    "audit.update_within": Sample("{news: 14 days}", N_("what the audit's profile says")),
    "audit.reply_within": Sample("5 working days", N_("what the audit's profile says")),
    "audit.interpret_within": Sample("30 days", N_("what the audit's profile says")),
    "audit.profile": Sample("campus", "campus"),
}

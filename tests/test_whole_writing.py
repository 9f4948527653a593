"""Two days of writing in the browser at the organization of ``tests/cases/whole``: everything that a form can send, one after the
other, with what was answered and what was committed; then the same where texts are reviewed. Word for word.

Like ``tests/test_whole_site.py``: where a change is meant, ``GOLDEN=write`` writes ``tests/golden/whole/`` anew.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from datetime import date
from itertools import count
from pathlib import Path

import pytest
from conftest import SmallSite, files_of
from edit_session import LOCAL, Office, Person, committed, git
from PIL import Image
from test_whole_edit import proposals, readable, unnamed
from test_whole_site import BESIDE, CONTENT, compare, shown
from test_whole_values import ZONE, plain, table

from builder.content.owners import Members
from builder.edit.accounts import DAY, Account, Accounts
from builder.edit.blocks import merged
from builder.edit.git import TreeFile
from builder.edit.places import BranchFiles, clean_file_name, is_settings, new_name
from builder.edit.rates import Rate, Rates
from builder.edit.refusal import RefusalError
from builder.edit.signing_in import Door
from builder.edit.uploads import Upload, clean_uploads
from builder.model.values import Branch, Section
from builder.preview import Request

ALPHA = "content/alpha"
VISIT = f"{ALPHA}/news/2026-11-20-visit/index.md"
Sent = tuple[str, str, str | bytes]


def picture(colour: str = "red", form: str = "PNG") -> bytes:
    """A small picture."""
    stream = io.BytesIO()
    Image.new("RGB", (30, 20), colour).save(stream, form)
    return stream.getvalue()


def written(site: SmallSite) -> SmallSite:
    """The organization, and some odd texts."""
    site.write(CONTENT.read_text("utf-8")).write((CONTENT.parent / "writing.txt").read_text("utf-8"))
    for path, content in BESIDE.items():
        file = site.root / "content" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    (site.root / f"{ALPHA}/news/2026-01-06-latin.md").write_bytes("---\ntitle: caf\xe9\n---\nx\n".encode("latin-1") * 2)
    return site


def patient() -> Rates:
    """The rates of people who wait for a minute between two requests."""
    return Rates(count(0, 60).__next__)


class Story:
    """What is told of everything that was sent, by the name of the step."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.head = office.head()
        self.told: dict[str, str] = {}

    def save(self, step: str, person: Person, branch: str, *files: Sent, sha: str | None = None) -> None:
        """Sends files, and writes down what is answered and what was committed."""
        self._tell(step, lambda: shown(list(person.save(branch, *files, sha=sha))))

    def change(self, step: str, person: Person, path: str, old: str, new: str) -> None:
        """Sends a text in which something was changed."""
        branch = path.split("/")[1]
        self.save(step, person, branch, ("update", path, person.open(branch, path).replace(old, new)))

    def press(self, step: str, person: Person, path: str, **fields: str) -> None:
        """Presses a button."""
        self._tell(step, lambda: readable(person.press(path, **fields)))

    def look(self, step: str, person: Person, path: str) -> None:
        """Looks at a page."""
        self.told[step] = readable(person.ask(path))

    def _tell(self, step: str, send: Callable[[], str]) -> None:
        before = self.head
        told = unnamed(send())
        self.head, is_clean = self.office.status()
        if self.head != before:
            log = git(
                self.office.site.root, "log", "--format=%an <%ae> %cn <%ce>%n%B", "-p", "--no-renames", f"{before}.."
            )
            lines = (re.sub(r"^(---|\+\+\+) ", "file ", line) for line in log.splitlines())
            told += "\n" + "\n".join(line for line in lines if not line.startswith(("index ", "diff ")))
        assert is_clean or "by hand" in step, step
        self.told[step] = told


def texts(story: Story, zhang: Person) -> None:
    """New texts, and changes of those that are there."""
    home = f"{ALPHA}/news/2026-12-01-茶话会"
    body = "![一](照片 一.png) ![二](<照片 一.png>) [表](%E8%A1%A8.pdf) <img src='照片 一.png'>"
    head = "title: 茶话会\nimage: 照片 一.png\nattachments:\n  - {file: 表.pdf, title: 表}\n"
    story.save(
        "a new text with files",
        zhang,
        "alpha",
        ("create", f"{home}/照片 一.png", picture()),
        ("create", f"{home}/表.pdf", b"%PDF-1.4"),
        ("create", f"{home}/Song.JPEG", picture("blue")),
        ("create", f"{home}/index.md", f"---\n{head}---\n\n{body}\n"),
    )
    story.change(
        "its names are known", zhang, f"{home}/index.md", "![一](照片-一.png)", "![一](照片 一.png) 和 ![三](Song.JPEG)"
    )
    story.save("one more of a name", zhang, "alpha", ("create", f"{home}/照片 一.png", picture("green")))
    story.save("another one instead", zhang, "alpha", ("update", f"{home}/表.pdf", b"%PDF-1.5"))
    story.save("a file is taken away", zhang, "alpha", ("delete", f"{home}/表.pdf", ""))
    story.save("a file that is not there", zhang, "alpha", ("delete", f"{home}/无.pdf", ""))
    text = zhang.open("alpha", f"{home}/index.md")
    story.save(
        "a picture is taken away that the text shows",
        zhang,
        "alpha",
        ("delete", f"{home}/照片-一.png", ""),
        ("update", f"{home}/index.md", text.replace("和", "与")),
    )
    flat = f"{ALPHA}/news/2026-01-05-flat"
    text = zhang.open("alpha", f"{flat}/index.md")
    story.save(
        "a flat text gets a file",
        zhang,
        "alpha",
        ("create", f"{flat}/new.png", picture()),
        ("update", f"{flat}/index.md", text.rstrip() + "\n\n![新](new.png)\n"),
    )
    for name, path, content in (
        ("a page", "My Page.md", "---\ntitle: 页\n---\n\n页。\n"),
        ("a page of the same name", "my-page.md", "---\ntitle: 页\n---\n"),
        ("a page without a name", "！！.md", "---\ntitle: 页\n---\n"),
        ("no such section", "none/2026-12-01-x/index.md", "---\ntitle: x\n---\n"),
        ("no title", "news/2026-12-02-x/index.md", "---\nsummary: x\n---\n"),
        ("a date of its own", "news/2026-12-02-y/index.md", "---\ntitle: y\ndate: 2026-12-24\n---\n\ny\n"),
        ("no date in its name", "news/Only Words/index.md", "---\ntitle: z\n---\n\nz\n"),
        ("the same name", "news/Only Words/index.md", "---\ntitle: z\n---\n\nz\n"),
        ("no date where there are none", "about-us/2026-12-02-teams/index.md", "---\ntitle: 小组\n---\n\n组。\n"),
        ("a name that is taken", "about-us/index/index.md", "---\ntitle: 小组\n---\n\n组。\n"),
        (
            "an event",
            "events/2026-12-03-talk/index.md",
            "---\ntitle: 讲座\nstarts: 2026-12-10 14:00\nall_day: false\n---\n",
        ),
        ("an event without its time", "events/2026-12-03-x/index.md", "---\ntitle: 讲座\n---\n"),
        ("a voice", "voices/2026-12-03-v/index.md", "---\ntext: |\n  一句。\n  两句。\nperson: 李\n---\n"),
        ("a letter", "letters/2026-12-03-q/index.md", "---\nquestion: 几点？\nreceived: 2026-12-01\n---\n"),
        ("not to be read", "news/2026-12-04-x/index.md", "---\ntitle: [x\n---\n"),
        ("no front matter", "news/2026-12-04-y/index.md", "只有字。\n"),
        (
            "what is missing",
            "news/2026-12-04-z/index.md",
            "---\ntitle: z\nimage: 无.png\n---\n\n![](无.mp4) [无](none.md) [社](../none/)\n",
        ),
    ):
        story.save(name, zhang, "alpha", ("create", f"{ALPHA}/{path}", content))
    story.save("bytes that are no text", zhang, "alpha", ("create", f"{ALPHA}/news/2026-12-05-x/index.md", b"\xff\xfe"))
    for name, path, old, new in (
        ("a title", VISIT, "走访慰问", "走访老党员"),
        ("an event is moved", f"{ALPHA}/events/2026-12-05-open/index.md", "14:00", "15:00"),
        ("its text", f"{ALPHA}/events/2026-12-05-open/index.md", "带上证件。", "带上证件和水。"),
        ("a voice is changed", f"{ALPHA}/voices/2026-11-16-one/index.md", "彼此认识了", "都认识了"),
        ("a page is changed", f"{ALPHA}/about.md", "成立于", "我们成立于"),
        ("toml", f"{ALPHA}/news/2026-01-07-toml/index.md", "toml", "TOML"),
        ("windows", f"{ALPHA}/news/2026-01-08-windows/index.md", "第二行", "第二行改"),
    ):
        story.change(name, zhang, path, old, new)
    latin = f"{ALPHA}/news/2026-01-06-latin/index.md"
    story.save("latin", zhang, "alpha", ("update", latin, "---\ntitle: x\n---\n"))
    story.save("somebody was faster", zhang, "alpha", ("update", VISIT, "---\ntitle: x\n---\n"), sha="0" * 42)
    story.save(
        "not there", zhang, "alpha", ("update", f"{ALPHA}/news/2026-01-01-none/index.md", "---\ntitle: x\n---\n")
    )
    for name in (
        "news/2026-01-09-gone/index.md",
        "news/2026-12-01-茶话会/index.md",
        "how.md",
        "news/2026-11-20-visit/list.pdf",
    ):
        story.save(f"gone {name}", zhang, "alpha", ("delete", f"{ALPHA}/{name}", ""))
    story.save("the settings are not taken away", zhang, "alpha", ("delete", f"{ALPHA}/branch.yml.md", ""))


def places(story: Story, zhang: Person) -> None:
    """Files in all places, and more than may be sent at once."""
    for name, path in (
        ("among the media", "media/A B/Ｃ.txt"),
        ("among the media, without a name", "media/！/x.txt"),
        ("in a section", "news/x.txt"),
        ("beside a flat text", "news/2026-01-05-x/x.txt"),
        ("beside a text", "news/2026-11-20-visit/X 1.TXT"),
        ("hidden", "news/.x/index.md"),
        ("not composed", "media/e\u0301.txt"),
        ("with a bar", "media/a\\b.txt"),
        ("too long", f"media/{'a/' * 480}x.txt"),
        ("too long in bytes", f"media/{'字' * 330}.txt"),
        ("a program", "media/x.php"),
        ("a page", "media/x.html"),
        ("a page of a server", "media/x.php.txt"),
    ):
        story.save(name, zhang, "alpha", ("create", f"{ALPHA}/{path}", b"x"))
    story.save("another branch", zhang, "alpha", ("create", "content/beta/media/x.txt", b"x"))
    story.save("the branch itself", zhang, "alpha", ("create", ALPHA, b"x"))
    many: list[Sent] = [("create", f"{ALPHA}/media/many/{number}.txt", b"x") for number in range(61)]
    story.save("nothing", zhang, "alpha")
    story.save("sixty files", zhang, "alpha", *many[:60])
    story.told["sixty files"] = story.told["sixty files"][:200]
    story.save("one more", zhang, "alpha", *many)


def hub(story: Story, chief: Person) -> None:
    """Pages and topics of the hub, and settings."""
    topic = "content/hub/topics/safety/index.md"
    story.change("a topic", chief, topic, "一学期的安全检查。", "两学期的安全检查。")
    story.save(
        "a topic with a picture",
        chief,
        "hub",
        ("create", "content/hub/topics/safety/p.png", picture()),
        ("update", topic, chief.open("hub", topic).rstrip() + "\n\n![图](p.png)\n"),
    )
    story.save(
        "a new topic",
        chief,
        "hub",
        ("create", "content/hub/topics/2026-12-01-New One/index.md", "---\ntitle: 新\n---\n\n新。\n"),
    )
    story.change("a page of the hub", chief, "content/hub/about.md", "各支部", "各个支部")
    story.save("a topic is closed", chief, "hub", ("delete", "content/hub/topics/old/index.md", ""))
    settings = f"{ALPHA}/branch.yml.md"
    story.change("a profile", chief, settings, "车间 112", "车间 113")
    story.change("a profile that is wrong", chief, settings, '"46"', '"many"')
    story.change("english", chief, "content/beta/news/2026-11-19-frost/index.md", "First frost", "Frost: the first")


def looks(story: Story, *people: Person) -> None:
    """The pages that people see."""
    for number, person in enumerate(people):
        for path in (
            "/admin/",
            "/",
            "/admin/new/alpha/",
            "/admin/edit/alpha",
            "/admin/review/",
            "/admin/edit/gamma/settings.json",
        ):
            story.look(f"{number} sees {path}", person, path)


@pytest.mark.slow
def test_what_is_sent_becomes_what_it_always_became(tmp_path: Path) -> None:
    office = Office(committed(written(SmallSite(tmp_path))), rates=patient())
    zhang = office.sign_in("zhang", "alpha", full_name="张三", email="zhang@example.org")
    chief = office.sign_in("web-team", full_name="网管")
    story = Story(office)
    texts(story, zhang)
    places(story, office.sign_in("li", "alpha"))
    hub(story, chief)
    looks(
        story, zhang, office.sign_in("wang", "alpha", "beta"), office.sign_in("nobody"), office.sign_in("alpha-editors")
    )
    story.change("a profile of others", zhang, f"{ALPHA}/branch.yml.md", "车间", "车站")
    file = office.site.root / f"{ALPHA}/about.md"
    file.write_text(file.read_text("utf-8") + "手写。\n", "utf-8")
    story.change("by hand", zhang, f"{ALPHA}/about.md", "成立于", "早已成立于")
    file.write_text(git(office.site.root, "show", f"HEAD:{ALPHA}/about.md"), "utf-8")
    story.press("signed out", zhang, "/admin/sign-out")
    story.look("after it", zhang, "/admin/")
    compare("writing", story.told)


@pytest.mark.slow
def test_what_is_reviewed_is_shown_as_it_always_was(tmp_path: Path) -> None:
    site = written(SmallSite(tmp_path))
    organization = tmp_path / "content/organization.yml"
    organization.write_text(organization.read_text("utf-8") + "editing: {review: true}\n", "utf-8")
    office = Office(committed(site), rates=patient())
    zhang = office.sign_in("zhang", "alpha", full_name="张三", email="zhang@example.org")
    owner, chief = office.sign_in("alpha-editors", full_name="主编"), office.sign_in("web-team", full_name="网管")
    stranger = office.sign_in("liu", "beta")
    story = Story(office)
    names: list[str] = []

    def propose(step: str, person: Person, branch: str, *files: Sent) -> None:
        story.save(step, person, branch, *files)
        names.extend(each for each in proposals(chief) if each not in names)

    def change(step: str, person: Person, path: str, old: str, new: str) -> None:
        story.change(step, person, path, old, new)
        names.extend(each for each in proposals(chief) if each not in names)

    change("a title", zhang, VISIT, "走访慰问", "走访老党员")
    change("an event", zhang, f"{ALPHA}/events/2026-12-05-open/index.md", "14:00", "15:00")
    change("a page", zhang, f"{ALPHA}/about.md", "成立于", "我们成立于")
    change("a profile", owner, f"{ALPHA}/branch.yml.md", "车间 112", "车间 113")
    change("a topic", chief, "content/hub/topics/safety/index.md", "大家一起查。", "大家来查。\n\n## 新的")
    propose(
        "files",
        zhang,
        "alpha",
        ("create", f"{ALPHA}/news/2026-12-01-a/p.png", picture()),
        (
            "create",
            f"{ALPHA}/news/2026-12-01-a/index.md",
            "---\ntitle: 一\npinned: true\ntags: [一, 二]\n---\n\n![图](p.png)\n",
        ),
    )
    propose("a file that is gone", zhang, "alpha", ("delete", f"{ALPHA}/news/2026-11-20-visit/notes.txt", ""))
    propose("another file", zhang, "alpha", ("update", f"{ALPHA}/news/2026-11-20-visit/list.pdf", b"%PDF-1.5 more"))
    propose("a text that is gone", zhang, "alpha", ("delete", f"{ALPHA}/news/2026-01-09-gone/index.md", ""))
    propose("a text that no form shows", zhang, "alpha", ("delete", f"{ALPHA}/news/2026-01-06-latin/index.md", ""))
    for number, name in enumerate(names):
        for who, person in (("author", zhang), ("owner", owner), ("chief", chief), ("stranger", stranger)):
            story.look(f"{number} by the {who}", person, f"/admin/review/{name}")
    title, event, page = names[:3]
    story.press("released by its author", zhang, f"/admin/review/{title}/release")
    story.press("released by a stranger", stranger, f"/admin/review/{title}/release")
    story.press("released", owner, f"/admin/review/{title}/release")
    story.press("released again", owner, f"/admin/review/{title}/release")
    story.press("given back without a word", owner, f"/admin/review/{event}/give-back", remark=" ")
    story.press("given back", owner, f"/admin/review/{event}/give-back", remark="一行\n又一行\n")
    story.look("it is read by its author", zhang, f"/admin/review/{event}")
    story.look("it is read by the owner", owner, f"/admin/review/{event}")
    story.look("the list has it last", zhang, "/admin/review/")
    change("sent again", zhang, f"{ALPHA}/events/2026-12-05-open/index.md", "15:00", "16:00")
    story.look("it waits again", owner, f"/admin/review/{event}")
    story.press("taken away by another", owner, f"/admin/review/{event}/withdraw")
    story.press("taken away", zhang, f"/admin/review/{event}/withdraw")
    other = office.sign_in("wang", "alpha", full_name="王五")
    change("the same page by another", other, f"{ALPHA}/about.md", "成立于", "建立于")
    story.press("the first is released", chief, f"/admin/review/{page}/release")
    story.press("the second is not", chief, f"/admin/review/{names[-1]}/release")
    story.press("no such button", chief, f"/admin/review/{names[-1]}/none")
    story.press("no such proposal", chief, "/admin/review/edit/none/release")
    compare("review", story.told)


MERGED = (
    ("", "a"),
    ("a", ""),
    ("a\n\nb", "a\n\nb\n\nc"),
    ("a\n\n\n\nb", "a\n\nb"),
    ("a\n\n\n\nb\n\n\nc", "a\n\nx\n\nc"),
    ("* a\n* b", "- a\n- b"),
    ("1) a\n2) b", "1. a\n2. b"),
    ("1. a\n1. b", "1. a\n2. b"),
    ("# A #\n\nb", "# A\n\nb\n\nc"),
    ("| a | b |\n|:--|--:|\n| 1 | 2 |\n\nx", "|a|b|\n|---|---|\n|1|2|\n\ny"),
    ("| a | b |\n|:--|--:|\n| 1 | 2 |\n\nx", "|a|b|\n|---|---|\n|1|3|\n\nx"),
    ("*a* b", "_a_ b"),
    ("2\\*3", "2*3"),
    ("a\\\nb", "a\nb"),
    ("```\na\n\nb\n```\n\nc", "```\na\n\nb\n```\n\nd"),
    ("```\n* a\n```\n\nc", "```\n- a\n```\n\nc"),
    ("~~~~\na\n\n~~~\n\nb\n~~~~\n\nc", "~~~~\na\n\n~~~\n\nb\n~~~~\n\nd"),
    ("- a\n    - b", "- a\n  - b"),
    ("- a\n    - b", "- a\n- b"),
    ("a  \nb", "a\nb"),
)
NEW_NAMES = tuple(
    (wanted, day, dated, taken)
    for wanted, day in (
        ("2026-11-20-a b", ""),
        ("2026-11-20-a", "2026-12-24"),
        ("a", ""),
        ("a", "2026-12-24 23:30"),
        ("！", ""),
        ("index", ""),
        ("2026-11-20", "never"),
        ("a" * 150, ""),
    )
    for dated in (True, False)
    for taken in ((), ("2026-11-20-A-b", "A", "entry"))
)
FILE_NAMES = (
    "A B.JPG",
    "照片 一.jpeg",
    "noending",
    ".jpg",
    "a.b.c",
    "！.png",
    "x." + "y" * 5,
    "a." + "！",
    "a" * 150 + ".png",
)


def test_names_and_blocks_are_made_as_they_always_were() -> None:
    section = Section(slug="news", title="N")

    def named(wanted: str, day: str, dated: bool, taken: tuple[str, ...]) -> str:
        one = section if dated else Section(slug="news", title="N", dated=False)
        return new_name(wanted, day, one, ZONE, date(2026, 11, 25), taken)

    def uploaded(name: str, size: int) -> object:
        try:
            made = clean_uploads([(name, b"x" * size)], 1000)
            return [(each.name, len(each.content)) if isinstance(each, Upload) else each for each in made]
        except RefusalError as error:
            return int(error.status), error.message, error.values

    found = {
        "merged": table(merged, MERGED),
        "names": table(named, NEW_NAMES),
        "files": table(clean_file_name, FILE_NAMES),
        "settings": table(
            is_settings,
            ("content/a/branch.yml", "content/a/x/branch.yml", "content/a/branch.yaml", "content/branch.yml"),
        ),
        "uploads": table(
            uploaded, (("a.pdf", 20_000_000), ("a.pdf", 20_000_001), ("a.exe", 1), ("a", 1), ("a.png", 1), ("a.svg", 1))
        ),
        "files of a branch": plain(branch_files("alpha", "news")),
        "files of the hub": plain(branch_files("hub", "topics")),
    }
    compare("writing-names", found)


def branch_files(slug: str, section: str) -> object:
    """What a form is shown of the paths in a branch."""
    sections = (Section(slug="news", title="N", formerly=("old",)), Section(slug="events", title="E", type="event"))
    paths = files_of((CONTENT.parent / "writing-paths.txt").read_text("utf-8"))["paths"].split("\n")
    listed = [TreeFile(f"content/{slug}/{path}", f"{number}", number) for number, path in enumerate(paths) if path]
    files = BranchFiles(Branch(slug=slug, name="A", sections=sections), listed, {f"content/{slug}/about.md": "known"})
    rows = [
        (
            each.path,
            each.shown,
            each.only_yaml,
            each.section,
            len(each.fields.fields) if each.fields is not None else None,
        )
        for each in files.by_path.values()
    ]
    return (
        rows,
        sorted((shown, each.path) for shown, each in files.texts().items()),
        [len(files.fields_of(name).fields) for name in ("", section, "none", "events", "old")],
    )


def test_accounts_and_rates_hold_as_long_as_they_always_did(tmp_path: Path) -> None:
    now = [0.0]
    accounts = Accounts(tmp_path, lambda: now[0])
    told: list[object] = [accounts.exist, accounts.people()]
    link = accounts.invite(Account("b", "B", "b@example.org", ("x",)))
    accounts.invite(Account("a"))
    accounts.invite(Account("b", branches=("y", "x")), days=1)
    told += [accounts.exist, accounts.people(), accounts.account("none"), accounts.is_open("x")]
    for at in (7 * DAY - 1, 7 * DAY):
        now[0] = at
        told.append(accounts.is_open(link))
    told.append(accounts.open_session(link))
    secrets = []
    for number in range(21):
        now[0] = 8 * DAY + number
        secret = accounts.open_session(accounts.invite(Account("b")))
        assert secret is not None
        secrets.append(secret)
    told += [[accounts.session(secret) is not None for secret in secrets], accounts.open_session("x")]
    last = secrets[-1]
    for days in (9, 38, 67, 97, 97.9999, 98.001):
        now[0] = days * DAY
        told.append((days, accounts.session(last) is not None))
    fresh = [accounts.open_session(accounts.invite(Account("b"))) or "" for _ in range(2)]
    for secret, days in zip(fresh, (98.001 + 29.9999, 98.001 + 30), strict=True):
        now[0] = days * DAY
        told.append((days, Accounts(tmp_path, lambda: now[0]).session(secret) is not None))
    told += [accounts.revoke("none"), accounts.revoke("b"), accounts.people(), accounts.revoke("a"), accounts.exist]
    closed = accounts.open_session(accounts.invite(Account("c")))
    assert closed is not None
    accounts.close_session("x")
    told.append(accounts.session(closed) is not None)
    accounts.close_session(closed)
    told.append(accounts.session(closed))
    told.append(oct((tmp_path / "accounts.json").stat().st_mode & 0o777))
    rates, rate = Rates(lambda: now[0]), Rate(2, 60)
    for wait in (0, 0, 0, 0.5, 0.5, 10, 0, 0):
        now[0] += wait
        told.append((wait, rates.allows("a", rate), rates.allows("b", Rate(1, 1))))
    many, once = Rates(lambda: 0.0), Rate(1, 0)
    told.append(
        [many.allows(str(number % 9_999), once) for number in (0, 0, *range(1, 9_999), 0, *range(10_000), 0)].count(
            True
        )
    )
    told.append([many.allows(str(number), once) for number in (*range(10_001), 0)].count(True))
    compare("accounts", {"told": "\n".join(map(plain, told))})


HOSTS = (
    "127.0.0.1:8000",
    "localhost",
    "[::1]:8000",
    "write.example.org",
    "other.example.org",
    "",
    "[broken",
    "evil.localhost.example",
)
ORIGINS = ("", "http://127.0.0.1:8000", "https://127.0.0.1:8000", "https://write.example.org", "null")


def test_the_door_opens_to_whom_it_always_did(tmp_path: Path) -> None:
    accounts = Accounts(tmp_path / "accounts")
    doors = {
        "local": Door(accounts, LOCAL, Members, host="example.org"),
        "behind": Door(accounts, LOCAL, Members, address="https://write.example.org/", host="example.org"),
        "trusting": Door(accounts, LOCAL, Members, trust_header="X-User", host="example.org"),
    }

    def request(**headers: str) -> Request:
        return Request(
            "POST",
            "/",
            "",
            {name.replace("_", "-"): value for name, value in headers.items() if value},
            lambda size: b"",
        )

    def refused(ask: Callable[[Request], object], one: Request) -> str:
        try:
            found = ask(one)
        except RefusalError as error:
            return f"{int(error.status)} {error.message} {error.values}"
        return re.sub(r"form='[0-9a-f]{64}'", "form", plain(found))

    def rows() -> Iterator[tuple[str, str]]:
        for name, door in doors.items():
            yield (
                f"{name} addresses",
                "\n".join(f"{host}: {refused(door.require_address, request(host=host))}" for host in HOSTS),
            )
            here = "127.0.0.1:8000"
            told = [
                f"{origin} {site}: {refused(door.require_origin, request(host=here, origin=origin, sec_fetch_site=site))}"
                for origin in ORIGINS
                for site in ("", "same-origin", "cross-site")
            ]
            yield f"{name} origins", "\n".join(told)
            who = [
                {},
                *({header: "x"} for header in ("forwarded", "x_forwarded_for", "x_forwarded_host", "x_real_ip", "via")),
                *(
                    {"x_user": user}
                    for user in (" li ", "a" * 100, "a" * 101, "a\tb", "å".encode().decode("latin-1"), "a@b.org")
                ),
                {"cookie": "branchpress=x"},
                {"cookie": "bad cookie; =;"},
            ]
            yield f"{name} visitors", "\n".join(f"{each}: {refused(door.visitor, request(**each))}" for each in who)

    compare("door", dict(rows()))
    accounts.invite(Account("a@b.org", email="c@d.org", branches=("x",)))
    assert doors["local"].visitor(request()) is None
    kept = doors["behind"].sign_in(accounts.invite(Account("li")))
    assert kept is not None
    assert re.fullmatch(
        r"__Host-branchpress=[\w-]{43}; Path=/; Max-Age=7776000; HttpOnly; SameSite=Lax; Secure", kept[1]
    )
    visitor = doors["behind"].visitor(request(cookie=f"a(b=1; {kept[1].partition(';')[0]}; other=2"))
    assert visitor is not None, "cookies of others at the same host are passed over"
    assert doors["local"].visitor(request(cookie=kept[1].partition(";")[0])) is None
    assert (
        doors["behind"].sign_out(visitor)[1] == "__Host-branchpress=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure"
    )
    assert doors["behind"].visitor(request(cookie=kept[1].partition(";")[0])) is None
    assert "c@d.org" in plain(doors["trusting"].visitor(request(x_user="a@b.org")))

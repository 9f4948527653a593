"""An organization in which everything is wrong that an audit looks for, each thing once on the last day on which it is fine and
once on the day after: what the audit says of it in every form, word for word.

Like ``tests/test_whole_site.py``: where a change is meant, ``GOLDEN=write`` writes ``tests/golden/whole/`` anew.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from urllib.parse import quote

import pytest
from conftest import SmallSite, files_of
from picture_files import snapshot
from test_audit_documents import CORE, office, pdf
from test_audit_history import git, kept
from test_audit_personal import identity
from test_whole_site import CONTENT, compare
from test_whole_values import NOW, plain, table

from builder.audit.breach import Breach, few_breaches
from builder.audit.duplicates import compare as compare_texts
from builder.audit.duplicates import shingles, sketch_of
from builder.audit.external import Answer, external_breaches, is_public
from builder.audit.findings import Finding, Severity, score
from builder.audit.forms import audit_csv, audit_json, audit_sarif
from builder.audit.history import changes_since
from builder.audit.inspection.addressees import personal
from builder.audit.inspection.documents import document_details
from builder.audit.inspection.markup import (
    bare,
    bound,
    hiding,
    ids_of,
    parsed_targets,
    portable,
    targets_of,
    torn,
)
from builder.audit.inspection.personal import is_card, is_identity, masked, name_hits, scan
from builder.audit.inspection.served import Served
from builder.audit.inspection.site import Inspector, Known
from builder.audit.run import Audit, Inventory, audit
from builder.audit.telling import audit_text, changes_text, what
from builder.audit.upgrade import format_of
from builder.catalogue.reading import find_site, reading_of
from builder.content.workspace import open_workspace
from builder.messages.translation import translator
from builder.model.values import Branch, Organization
from builder.workers import SerialExecutor

LAST = datetime.fromisoformat("2026-11-25T23:59:59+08:00")
NEXT = datetime.fromisoformat("2026-11-26T00:00:00+08:00")
HAN = [chr(code) for code in range(0x4E00, 0x4E00 + 3000)]
COPIED = "".join(Random(1).choices(HAN, k=400))
BESIDE: Mapping[str, bytes] = {
    "alpha/news/broken.jpg": b"\xff\xd8\xff no picture",
    "alpha/news/list.docx": office(
        docProps__core_xml=CORE.format("张三", "李四"),
        word__document_xml='<w:del w:id="1"/>',
        word__media__image1_jpg=snapshot(position=True),
    ),
    "alpha/news/unused.docx": office(docProps__core_xml=CORE.format("王五", "")),
    "alpha/media/unused.jpg": snapshot(position=True),
    "alpha/media/13812345678.pdf": b"%PDF-1.4\n%%EOF\n",
    "alpha/media/LICENSE.txt": b"x",
    "alpha/media/README.pdf": b"x",
    "beta/news/latin.md": b"---\ntitle: caf\xe9\n---\n13812345678\n",
    "beta/media/named.png": b"x",
    "beta/media/large.pdf": b"x" * 1_500,
    "closed/media/unused.pdf": b"x",
    "hub/media/unused.pdf": b"x",
}
COPIES = {
    "alpha/news/2026-11-01-copied.md": COPIED,
    "alpha/news/2026-11-02-own.md": COPIED[:-20],
    "beta/news/2026-11-03-copy.md": COPIED + COPIED[:20],
    "closed/news/2026-11-04-copy.md": COPIED,
}


def organization(site: SmallSite) -> SmallSite:
    """Writes the organization into an empty folder."""
    site.write((CONTENT.parent / "audit.txt").read_text("utf-8"))
    texts = {
        path: f"---\ntitle: 抄\nsummary: 一句。\nauthor: 某\n---\n{text}\n".encode() for path, text in COPIES.items()
    }
    for path, content in (BESIDE | texts).items():
        file = site.root / "content" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return site


def audited(site: SmallSite, now: datetime, branches: Sequence[str] = ()) -> Audit:
    """An audit of what was written."""
    with SerialExecutor() as executor:
        return audit(site.root, now, executor, branches=branches)


def different(before: str, after: str) -> str:
    """The lines that go and come from one text to another."""
    rows = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return "\n".join(row for row in list(rows)[2:] if not row.startswith("@@"))


def reports(site: SmallSite) -> Iterator[tuple[str, str]]:
    """What is said on the last day and on the next, in all forms."""
    english, chinese = translator("en"), translator("zh")
    now, later = audited(site, LAST), audited(site, NEXT)
    yield "text", audit_text(now, english)
    yield "text later", different(audit_text(now, english), audit_text(later, english))
    yield "text zh", audit_text(later, chinese, color=True)
    yield "json", audit_json(now, english)
    yield "json later", different(audit_json(now, english), audit_json(later, english))
    yield "csv", audit_csv(later, english)
    yield "sarif", audit_sarif(later, english)
    some = audited(site, NEXT, ["beta", "damaged"])
    yield "beta", plain([(one.code, one.path) for one in some.findings])
    yield "beta and damaged", plain((some.scores, some.unread, some.names, some.sections, some.looked, some.failed))


@pytest.mark.slow
def test_an_audit_says_what_it_always_said(tmp_path: Path) -> None:
    compare("audit", dict(reports(organization(SmallSite(tmp_path)))))


@pytest.mark.slow
def test_each_entry_is_found_wrong_as_it_always_was(tmp_path: Path) -> None:
    site = SmallSite(tmp_path).write((CONTENT.parent / "audit-entries.txt").read_text("utf-8"))
    organization = open_workspace(site.root).organization
    reading = reading_of(find_site(site.root, "alpha", organization, LAST), LAST)
    found = Inspector(site.root, organization, LAST).inspect(reading, Known(), bare=False)
    told = "\n".join(
        f"{one.path.removeprefix('content/alpha/')}:{one.line}:{one.column} {one.code} {plain(one.arguments)}"
        for one in found.seen
    )
    compare("audit-entries", {"seen": told, "rest": plain((found.waiting, found.links, found.external, found.heads))})


PAGES = files_of((CONTENT.parent / "audit-pages.txt").read_text("utf-8"))


@pytest.mark.slow
def test_links_of_pages_lead_where_they_always_did(tmp_path: Path) -> None:
    site = organization(SmallSite(tmp_path))
    for path, html in PAGES.items():
        file = site.output / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(html, "utf-8")
    listed = [path.removeprefix("alpha/") for path in PAGES if path.startswith("alpha/") and "unlisted" not in path]
    files = {quote(path): "0" for path in (*listed, "listed.html")}
    (site.output / "alpha/build.json").write_text(json.dumps({"files": files}), "utf-8")
    with SerialExecutor() as executor:
        found = audit(site.root, LAST, executor, output=site.output)
    rows = [one for one in found.findings if one.path.startswith("sites/")]
    told = {"pages": "\n".join(map(plain, rows)), "text": audit_text(found, translator("en")).rpartition("\n\n")[2]}
    compare("audit-pages", told | dict(served(site.output)))


def test_what_is_kept_of_the_links_of_a_site_holds_for_the_files_that_it_lists(tmp_path: Path) -> None:
    organization = Organization(name="O", url="https://example.org/", authority="example.org")
    page = tmp_path / "alpha" / "index.html"
    page.parent.mkdir()
    page.write_text("<p>")

    def build(slug: str = "alpha") -> str:
        return Served(tmp_path, organization, [Branch(slug="alpha", name="A")]).build(slug)

    assert build() == "", "it lists nothing"
    listed = tmp_path / "alpha" / "build.json"
    listed.write_text('{"files": {')
    assert build() == "", "what it lists cannot be read"
    listed.write_text('{"files": {"index.html": "0"}}')
    first = build()
    assert first
    page.with_name("other.html").write_text("x")
    assert build() == first, "what it does not list is no matter"
    page.write_text("<pp>")
    assert build() != first
    page.unlink()
    assert build() == "", "somebody has taken away a file"
    listed.write_text('{"files": {"b%20c.html": "0", "a/index.html": "0", "x.css": "0", "B.html": "0"}}')
    pages = Served(tmp_path, organization, [Branch(slug="alpha", name="A")]).pages("alpha")
    assert pages == [("alpha", "B.html"), ("alpha/a", "index.html"), ("alpha", "b c.html")]


def test_pages_of_the_hub_are_those_in_no_branch_in_order(tmp_path: Path) -> None:
    organization = Organization(name="O", url="https://example.org/", authority="example.org")
    folders = ("alpha", "topics/alpha", "z", "b/d", "b/c", "m", "a", "topics")
    for folder in folders:
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        for name in ("index.html", "a.html", "b.css"):
            (tmp_path / folder / name).write_text("")
    pages = Served(tmp_path, organization, [Branch(slug="alpha", name="A")]).pages("")
    shown = ["a", "b/c", "b/d", "m", "topics", "topics/alpha", "z"]
    assert pages == [(folder, name) for folder in shown for name in ("a.html", "index.html")]


def test_what_lies_below_the_address_of_another_site_is_looked_for_first(tmp_path: Path) -> None:
    """Of two that are meant by one address the one counts where something is."""
    organization = Organization(name="O", url="https://example.org/party/", authority="example.org")
    branches = [
        Branch(slug=slug, name="A", url=f"https://example.org/party/{place}")
        for slug, place in (("a", "own"), ("b", "own"))
    ]
    (tmp_path / "own").mkdir()
    (tmp_path / "b").mkdir()
    (tmp_path / "own/hub.html").write_text("")
    (tmp_path / "b/b.html").write_text("")
    server = Served(tmp_path, organization, branches)
    address = "https://example.org/party/own/"
    assert [server.place("", f"{address}{name}.html", "") for name in ("hub", "b", "c")] == [
        "own/hub.html",
        "b/b.html",
        "a/c.html",
    ]
    assert server.place("", "https://example.org/party/own", "") == "own"


WRITTEN = """
none/
../
../../
..
.
./
/party/alpha/
/party
/alpha/
//example.org/party/x
https://example.org/party/
https://EXAMPLE.org/party/alpha
https://own.example.org/at/news/
https://own.example.org/
http://example.org:80/party/
ftp://example.org/party/
mailto:x
https://[broken
../../../../../x
x%20y/
index.html
""".strip().splitlines()


def served(output: Path) -> Iterator[tuple[str, str]]:
    """What a server would find at addresses, of sites with an address of their own and without."""
    one = Organization(name="O", url="https://example.org/party/", authority="example.org")
    branches = [Branch(slug="alpha", name="A"), Branch(slug="beta", name="B", url="https://own.example.org/at/")]
    server = Served(output, one, branches)

    def look(base: str, written: str, slug: str) -> object:
        path = server.place(base, written, slug)
        return path if path is None else (path, server.there(path), server.has(path, "none"), server.leads(path, ""))

    for base, slug in (("", ""), ("alpha/news", "alpha"), ("beta/news", "beta")):
        yield f"at /{base}", table(look, ((base, written, slug) for written in WRITTEN))
    for slug in ("", "beta", "delta"):
        yield f"pages of {slug or 'hub'}", plain([f"{folder} {name}" for folder, name in server.pages(slug)])
    trusting = Served(output, one, branches, trusting="alpha/")
    paths = ("alpha/", "alpha/none/", "beta/none/", "alpha/news", "alpha/feed.xml", "alpha/news/index.html", "")
    yield (
        "trusting",
        table(lambda path: (trusting.there(path), trusting.has(path, "none"), trusting.leads(path, "x")), paths),
    )


def test_what_is_on_several_pages_and_what_could_not_be_read_is_told_once() -> None:
    organization = Organization(name="O", url="https://example.org/", authority="example.org")
    text = translator("en")

    def told(pages: str) -> str:
        return what(Finding(code="link-dead", severity="veto", arguments={"target": "x", "pages": pages}), text)

    assert [told(pages).removeprefix(told("1")) for pages in ("1", "2", "3")] == [
        "",
        " The same on 2 pages of the site.",
        " The same on 3 pages of the site.",
    ]
    found = Audit(LAST, organization, (), (), {}, {}, ("a", "b"), looked=True, lost={"a": "killed"})
    assert audit_text(found, text).splitlines()[:3] == [
        "a could not be read or looked at to the end: killed",
        "",
        "b: its branch.yml cannot be read; run branchpress check to see why",
    ]


@pytest.mark.parametrize(("severity", "most"), [("veto", 50), ("deduction", 20), ("advice", 3)])
def test_of_one_rule_so_many_findings_are_written_out(severity: Severity, most: int) -> None:
    organization = Organization(name="O", url="https://example.org/", authority="example.org")
    text = translator("en")

    def told(number: int) -> list[str]:
        findings = [
            Finding(code="link-dead", severity=severity, path=f"content/a/{each}.md", arguments={"target": "x"})
            for each in range(number)
        ]
        found = audit_text(Audit(LAST, organization, tuple(findings), (), {}, {}, (), looked=True), text)
        return [line for line in found.splitlines() if "content/a/" in line or " more like this" in line]

    assert len(told(most)) == most
    assert told(most + 1)[most:] == ["      and 1 more like this; use --format csv to list them all."]


@pytest.mark.parametrize(
    ("files", "rules", "told", "over"),
    [
        ([100], 1, 100, []),
        ([101], 1, 100, ["a"]),
        ([100] * 20, 1, 2_000, []),
        ([100] * 20 + [1], 1, 2_000, ["a"]),
        # Of each rule so many.
        ([100] * 20, 2, 4_000, []),
        ([101, 1], 2, 202, ["a"]),
    ],
)
def test_of_one_rule_so_many_breaches_are_told(files: list[int], rules: int, told: int, over: list[str]) -> None:
    breaches = [
        Breach(code=f"rule{rule}", branch="a", path=f"{file}.md", line=line)
        for rule in range(rules)
        for file, count in enumerate(files)
        for line in range(count)
    ]
    of_others = [Breach(code="rule0", branch="b", path="0.md")]
    few, found = few_breaches([*breaches, *of_others])
    assert (len(few) - 1, found) == (told, over)
    assert few[-1:] == of_others


LINES = """
<a href="x/">
<a HREF="x/">
<a href='x/'>
<a href=x/>
<a href = "x/">
<a href>
<a data-href="x/">
<a href="">
<a href="../../x/"><a href="../y/">
<a href="../../x/">
<a href="https://example.org/">
<a href="/x/">
<a href="#x">
<img src="a.png" srcset="a.png 1x, b.png 2x">
<img srcset="../../a.png">
<img srcset="../../a.png, b.png">
<link imagesrcset="a.png 1x, b.png" href="c">
<video poster="p.jpg" src="v.mp4">
<object data="a.pdf"></object><div data="no">
<!-- <a href="no/"> --><a href="x/">
<!----><a href="x/">
<!-- <a href="no/">
<script src="s.js">x = '<a href="no/">'</script><a href="x/">
<script>x
</style>
<style>a</style><style>b</style>
<p
a > b
<pre>&lt;a href=&quot;no/&quot;&gt;</pre>
<p id="a" class="b">
<p id=a>
<p id="a"><a name="b">
<meta name="x"><p id="a&amp;b">
<p ID="a">
x/"> <a href="y/
<img srcset="a.png 1x, ,b.png, ">
""".strip().splitlines()


def test_addresses_and_ids_are_found_as_they_always_were() -> None:
    def names(found: Iterable[bytes] | None) -> object:
        return sorted(each.decode() for each in found) if found is not None else None

    lines = [line.encode() for line in LINES]
    whole = b"\n".join(lines)
    found = {
        "targets": table(lambda line: (names(targets_of(bare(line))), names(parsed_targets(line))), lines),
        "lines": table(lambda line: (bare(line), torn(line), sorted(ids_of(line))), lines),
        "bound": "\n".join(f"{steps}: {names(bound(whole, steps))}" for steps in (0, 1, 2)),
        "hiding": plain(list(hiding(b"<!-- first -->\n" + whole))),
        "portable": table(
            portable, ((each, n) for each in (b"../../x", b"../x", b"x", b"/x", b"a:b", b"A:b") for n in (0, 1, 2))
        ),
    }
    compare("audit-markup", found)


ID = identity("11010119900307771")
PERSONAL = f"""
{ID} {ID.lower()}
{ID[:6]}-{ID[6:14]}-{ID[14:]}
{ID[:6]} {ID[6:14]}{ID[14:]}
{identity("11010118500307771")} {identity("11010118490307771")}
{identity("11010119900230771")} {identity("11010119901307771")}
身份证110101900307771
证件号码为一二三四五六七：110101900307771
证件号码为一二三四五六七八九：110101900307771
公民身份 110101901307771
13012345678 12912345678 12812345678 19912345678
138 1234 5678，138-1234-5678，138-1234 5678
+8613812345678，008613812345678，86-13812345678
6222021234567890128 6222 0212 3456 7890 128
5105105105105100 2223003122003222 3530111333300000 378282246310005 3782 822463 10005
9558801234567890123 4222222222222
4111111111111111 4111-1111-1111-1111 4111 1111 1111 1112
https://example.org/13812345678 ftp://13812345678 x13812345678 _13812345678
1.13812345678 13812345678.5 13812345678
１３８　１２３４　５６７８ ａ＠qq.com zhang＠qq.com
a@qq.com A.B@163.com wang.wei@example.org info@qq.com info2024@qq.com news@example.org
li@example.org liming@example.org liming123456789@example.org office.li@example.org li_ming@example.org
li.office@e.org wang_news2@e.org a@vip.163.com a@foxmail.com a@gmail.com.cn x@sub.yeah.net ouyangfeng@e.org smith@e.org
""".strip().splitlines()


def test_personal_data_is_found_as_it_always_was(tmp_path: Path) -> None:
    files = {
        "author.docx": office(docProps__core_xml=CORE.format("张三", "python-docx")),
        "many.docx": office(
            docProps__core_xml="".join(CORE.format(f"n{number}", f"n{number % 3}") for number in range(9))
        ),
        "manager.pptx": office(docProps__app_xml="<Manager>李&amp;四</Manager>"),
        "long.docx": office(docProps__core_xml=CORE.format("x" * 90, "  Zhang \n San ")),
        "moved.docx": office(word__document_xml="<w:moveFrom w:id='1'/>"),
        "formats.odt": office(content_xml="<text:format-change/>"),
        "elsewhere.docx": office(custom_xml=CORE.format("张三", ""), word__other_xml="<w:ins />"),
        "thread.xlsx": office(xl__threadedComments__a_xml="<threadedComment ref='A1'/>"),
        "slides.pptx": office(ppt__comments__a_xml="<p:cm id='1'/>"),
        "macro.docm": office(word__document_xml="<w:ins w:id='1'>"),
        "note.pdf": pdf("张三", note=True),
        "user.pdf": pdf("Administrator"),
        "other.txt": b"<dc:creator>x</dc:creator>",
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    found = {
        "lines": table(lambda line: list(scan(line)), PERSONAL),
        "without addresses": table(lambda line: list(scan(line, addresses=False)), PERSONAL[-4:]),
        "masked": table(masked, PERSONAL),
        "names": table(
            lambda name: list(name_hits(name)), (f"{ID}.pdf", "138_1234_5678.jpg", "a_13812345678_b", "x13812345678")
        ),
        "addresses": table(personal, (tuple(each.split("@")) for line in PERSONAL[-3:] for each in line.split())),
        "numbers": table(
            is_identity, (ID, ID[:-1] + "0", identity("11010119900230771"), identity("11010118500101771"))
        ),
        "cards": table(is_card, ("0", "18", "19", "4111111111111111", "91", "59")),
        "documents": table(lambda name: document_details(tmp_path / name), files),
    }
    compare("audit-personal", found)


def test_answers_and_addresses_of_hosts_count_as_they_always_did() -> None:
    day = timedelta(days=1)
    held = ((status, age) for status in (200, 404) for age in (-1, 0, 1, 86399, 86400, 604799, 604800))
    hosts = (
        "8.8.8.8 10.0.0.1 127.0.0.1 169.254.169.254 192.168.1.1 0.0.0.0 224.0.0.1 100.64.0.1 2001:4860:4860::8888 ::1 "
        "fe80::1%eth0 64:ff9b::808:808 64:ff9b::a00:1 ::ffff:10.0.0.1 2002:a00:1:: ff0e::1"
    )
    found = {
        "statuses": plain([status for status in (*range(100, 600), 0, 999) if Answer(status, "", NOW).dead]),
        "held": table(lambda status, age: Answer(status, "", NOW - age * day / 86400).holds(NOW), held),
        "hosts": table(is_public, hosts.split()),
        "formats": table(format_of, ("0.1.0", "0.2.5", "0.3", "1", "0.1")),
    }
    compare("audit-hosts", found)


def test_scores_and_copies_are_counted_as_they_always_were() -> None:
    def findings(*rows: tuple[str, str, float]) -> list[Finding]:
        return [Finding(code=code, severity=severity, points=points) for code, severity, points in rows]  # type: ignore[arg-type]

    texts = {
        "words": "Word, word_two 2 x\nЖук naïve",
        "pairs": "一二三 四五、六 a七八",
        "single": "一 二 三",
        "both": "甲乙word丙丁",
        "none": "",
    }
    words = " ".join(f"w{number}" for number in range(119))
    found = {
        "scores": plain(
            (
                score(
                    "a",
                    findings(
                        ("link-dead", "deduction", 0.1), ("site-asleep", "veto", 0), ("link-dead", "deduction", 0.2)
                    ),
                ),
                score("b", findings(("link-dead", "deduction", 60), ("section-stale", "deduction", 60.55))),
                score("c", []),
            )
        ),
        "shingles": table(lambda name: sorted(each.decode() for each in shingles(texts[name])), texts),
        "sketches": table(
            lambda text: len(sketch_of(text)), (words, f"{words} more", f"{words} w1 w2 w3", f"{words} more " * 5)
        ),
        "none": plain(compare_texts([])),
    }
    compare("audit-scores", found)


@pytest.mark.slow
def test_changes_since_a_revision_are_told_as_they_always_were(tmp_path: Path) -> None:
    site = organization(SmallSite(tmp_path))
    git(site, "init", "-q", "-b", "main")
    kept(site, "2026-11-21T12:00:00+08:00")
    site.write("--- content/beta/news/2026-11-12-prefix.md\n---\ntitle: Prefix\n---\nText.\n")
    site.write("--- content/epsilon/branch.yml\nname: 戊支部\n")
    (site.root / "content/alpha/media/unused.jpg").unlink()

    def look(inventory: Inventory) -> Iterator[Breach]:
        return external_breaches(inventory, None, LAST, asks=lambda url: (404, url) if "dead" in url else (200, ""))

    with SerialExecutor() as executor:
        now = audit(site.root, LAST, executor, more=[look])
        changes = changes_since(site.root, "HEAD", now, executor)
        some = changes_since(site.root, "HEAD", now, executor, ["alpha"])
    told = {language: changes_text(now, changes, translator(language)) for language in ("en", "zh")}
    told["elsewhere"] = plain([one for one in now.findings if one.code == "external-dead"])
    told["alpha"] = plain([(one.code, one.path) for one in some.gone])
    told["json"] = audit_json(now, translator("en"), changes).partition('"changes"')[2]
    compare("audit-changes", told)

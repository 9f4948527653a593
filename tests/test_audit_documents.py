"""What documents for download tell without showing it, as the audit finds it: by name, within bounds."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from conftest import NOW, SmallSite
from picture_files import put, snapshot
from pypdf import PdfWriter
from pypdf.annotations import Text

from builder.audit.inspection.documents import document_details
from builder.audit.run import audit
from builder.audit.telling import what
from builder.messages.translation import translator
from builder.workers import SerialExecutor

CORE = "<cp:coreProperties><dc:creator>{}</dc:creator><cp:lastModifiedBy>{}</cp:lastModifiedBy></cp:coreProperties>"


def office(**pieces: str | bytes) -> bytes:
    """An office document of pieces; two underscores stand for a slash, one before the ending for a dot."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in pieces.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), text)
    return content.getvalue()


def pdf(author: str = "", note: bool = False) -> bytes:
    """A PDF of one page."""
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    if author:
        writer.add_metadata({"/Author": author})
    if note:
        writer.add_annotation(0, Text(rect=(1, 1, 9, 9), text="删去这段"))
    content = io.BytesIO()
    writer.write(content)
    return content.getvalue()


PLAIN = CORE.format("", "Microsoft Office User")
DOCUMENTS = {
    "author.docx": (office(docProps__core_xml=CORE.format("张三", "李四")), ["document-author"]),
    "author.xlsx": (office(docProps__core_xml=CORE.format("张三", "admin")), ["document-author"]),
    "author.odt": (office(meta_xml="<meta:initial-creator>张三</meta:initial-creator>"), ["document-author"]),
    "author.pdf": (pdf("张三"), ["document-author"]),
    "plain.docx": (office(docProps__core_xml=PLAIN, word__document_xml="<w:p>字</w:p>"), []),
    "plain.pdf": (pdf(), []),
    "changes.docx": (
        office(word__document_xml='<w:del w:id="1"><w:delText>旧</w:delText></w:del>'),
        ["document-comments"],
    ),
    "comments.docx": (
        office(word__comments_xml='<w:comments><w:comment w:id="0"/></w:comments>'),
        ["document-comments"],
    ),
    "comments.xlsx": (office(xl__comments1_xml='<comments><comment ref="A1"/></comments>'), ["document-comments"]),
    "comments.odt": (office(content_xml="<office:annotation>甲</office:annotation>"), ["document-comments"]),
    "comments.pdf": (pdf(note=True), ["document-comments"]),
    "place.docx": (office(word__media__image1_jpg=snapshot(position=True)), ["document-position"]),
    "place.pptx": (office(ppt__media__image1_jpg=snapshot(position=False)), []),
    "broken.docx": (b"PK\3\4 nothing", []),
    "broken.pdf": (b"%PDF-1.7 nothing", []),
    "empty.pdf": (b"", []),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_is_told_by_name(site: SmallSite, name: str) -> None:
    content, rules = DOCUMENTS[name]
    folder = "content/alpha/news/2026-11-22-x"
    put(site.root, f"{folder}/{name}", content)
    put(site.root, f"{folder}/other-{name}", content)
    site.write(f"--- {folder}/index.md\n---\ntitle: 文\nattachments: [{name}]\n---\n字\n")
    found = audited(site)
    assert [(each.code, each.path) for each in found] == [(rule, f"{folder}/{name}") for rule in rules]
    for each in found:
        assert all(name in what(each, translator(language)) for language in ("zh", "en"))
    if rules == ["document-author"]:
        assert "张三" in what(found[0], translator("zh"))


def audited(site: SmallSite) -> list[object]:
    """The findings about documents, with the profile of a campus."""
    organization = site.root / "content/organization.yml"
    if "audit:" not in organization.read_text("utf-8"):
        organization.write_text(organization.read_text("utf-8") + "audit: {profile: campus}\n", "utf-8")
    with SerialExecutor() as executor:
        found = audit(site.root, datetime.fromisoformat(NOW), executor).findings
    return [each for each in found if each.code.startswith("document-")]


@pytest.mark.slow
def test_an_archive_that_unpacks_to_much_costs_little(tmp_path: Path) -> None:
    bomb = office(**{f"word__header{number}_xml": b"\0" * 30_000_000 for number in range(10)})
    (tmp_path / "bomb.docx").write_bytes(bomb)
    assert document_details(tmp_path / "bomb.docx").authors == ()


def test_what_a_library_thinks_of_a_file_is_printed_nowhere(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    put(tmp_path, "a.pdf", b"\x1b]0;x\x07::error::%PDF")
    document_details(tmp_path / "a.pdf")
    assert caplog.records == []
    assert capfd.readouterr() == ("", "")

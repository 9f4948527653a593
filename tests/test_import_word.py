"""``branchpress import word``: what Word shows is what the entry says, what Word hides is not in it, and all else is told."""

from __future__ import annotations

import io
import os
import sys
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from conftest import NOW, SmallSite
from lxml import html
from PIL import Image
from word_files import CENTER, HEI, KAI, RIGHT, TITLE_FONT, WordFile, repacked, with_parts

from builder.cli.commands import main
from builder.content import read_organization
from builder.edit.imports import (
    Destination,
    Imported,
    ImportRefusedError,
    Programs,
    destination,
    find_programs,
    import_file,
    write_files,
)
from builder.edit.imports.programs import to_png
from builder.edit.imports.word.document import _missing
from builder.edit.imports.word.prepare import MOST_PAGES, PreparedDocument
from builder.messages.translation import translator

FOLDER = "content/alpha/{}/2026-11-23-{}/index.md"


def imported(
    site: SmallSite, content: bytes, to: str = "alpha/news", name: str = "来文.docx", office: Path | None = None
) -> Imported:
    """The entry that a file becomes; without ``office`` whether this machine has LibreOffice or not."""
    return import_file(content, name, place_of(site, to), Programs(find_programs().pandoc, office))


def place_of(site: SmallSite, to: str = "alpha/news") -> Destination:
    organization, _ = read_organization(site.root)
    assert organization is not None
    return destination(site.root, organization, to, datetime.fromisoformat(NOW))


def body_of(entry: Imported) -> str:
    return entry.files[entry.path].decode().split("---\n", 2)[2].strip()


def head_of(entry: Imported) -> str:
    return entry.files[entry.path].decode().split("---\n", 2)[1]


def report_of(entry: Imported) -> str:
    return "\n".join(entry.report(translator("en")))


def official(word: WordFile) -> None:
    """The head of an official document, and its signature will follow."""
    word.line("示范大学委员会文件", TITLE_FONT, 36, CENTER, red=True)
    word.line("示大党〔2026〕12号", align=CENTER)
    word.line("关于加强实验室安全管理", TITLE_FONT, 22, CENTER)
    word.line("工作的通知", TITLE_FONT, 22, CENTER)
    word.line("各党支部：")
    word.line("　　为了加强实验室安全，现通知如下。")


def test_automatic_numbers_are_written_out_and_make_headings(site: SmallSite) -> None:
    word = WordFile()
    word.numbering(
        77,
        ("chineseCounting", "%1、"),
        ("chineseCounting", "（%2）"),
        ("decimal", "%3."),
        ("decimalEnclosedCircle", "%4"),
    )
    official(word)
    word.numbered(word.line("总体要求", HEI), 77)
    word.numbered(word.line("指导思想", KAI), 77, 1)
    word.numbered(word.line("第一件事要做。"), 77, 2)
    word.numbered(word.line("小项"), 77, 3)
    word.numbered(word.line("小项"), 77, 3)
    word.line("中间一句。")
    word.numbered(word.line("第二件事要做。"), 77, 2)
    word.numbered(word.line("工作原则", KAI), 77, 1)
    word.numbered(word.line("重新数。"), 77, 2)
    word.numbered(word.line("保障措施", HEI), 77)
    word.line("完。")
    entry = imported(site, word.content(), "alpha/policies")
    assert entry.path == FOLDER.format("policies", "关于加强实验室安全管理工作的通知")
    assert body_of(entry) == (
        "各党支部：\n\n为了加强实验室安全，现通知如下。\n\n## 一、总体要求\n\n### （一）指导思想\n\n1. 第一件事要做。\n\n"
        "   ① 小项\n\n"
        "   ② 小项\n\n中间一句。\n\n2. 第二件事要做。\n\n### （二）工作原则\n\n1. 重新数。\n\n## 二、保障措施\n\n完。"
    )


def test_a_red_head_fills_the_front_matter_of_a_policy(site: SmallSite) -> None:
    word = WordFile()
    official(word)
    word.line("示范大学委员会", align=RIGHT)
    word.line("二〇二六年十一月二十日", align=RIGHT)
    entry = imported(site, word.content(), "alpha/policies")
    assert head_of(entry) == (
        'title: "关于加强实验室安全管理工作的通知"\nnumber: "示大党〔2026〕12号"\nissuer: "示范大学委员会"\n'
        "issued: 2026-11-20\ndraft: true\n"
    )
    assert "示大党" not in body_of(entry)
    assert "示大党〔2026〕12号" in report_of(entry)
    elsewhere = imported(site, word.content(), "alpha/news")
    assert head_of(elsewhere) == 'title: "关于加强实验室安全管理工作的通知"\ndraft: true\n'
    assert "示大党〔2026〕12号" in body_of(elsewhere)


@pytest.mark.slow
def test_what_word_hides_is_not_in_the_entry(site: SmallSite) -> None:
    word = WordFile()
    word.line("走访慰问", HEI, 22, CENTER)
    paragraph = word.line("上午出发。")
    paragraph.add_run("隐藏的电话13900000000").font.hidden = True
    word.xml(paragraph, '<w:ins w:author="张三" w:id="1"><w:r><w:t>加上的。</w:t></w:r></w:ins>')
    word.xml(paragraph, '<w:del w:author="李四" w:id="2"><w:r><w:delText>删掉的。</w:delText></w:r></w:del>')
    word.document.add_comment(paragraph.runs[0], text="这里要改", author="王五")
    word.line("整段隐藏", hidden=True)
    entry = imported(site, word.content())
    assert body_of(entry) == "上午出发。加上的。"
    text = entry.files[entry.path].decode()
    assert not any(words in text for words in ("13900000000", "删掉", "这里要改", "整段隐藏"))
    told = report_of(entry)
    assert "Hidden text (2 passages" in told
    assert "By: 张三, 李四." in told
    assert "Comments (1)" in told


def test_what_the_converter_does_not_find_is_told(site: SmallSite) -> None:
    word = WordFile()
    word.line("走访慰问", HEI, 22, CENTER)
    word.line("看图。")
    made = io.BytesIO()
    Image.new("RGB", (9, 9), "red").save(made, "PNG")
    word.document.add_picture(made)
    with zipfile.ZipFile(io.BytesIO(word.content())) as package:
        document = package.read("word/document.xml")
    linked = document.replace(b"r:embed=", b"r:link=")
    entry = imported(site, repacked(word.content(), word__document_xml=linked))
    assert body_of(entry) == "看图。"
    assert "Pictures (1) could not be taken out" in report_of(entry)


def test_footnotes_are_footnotes(site: SmallSite) -> None:
    word = WordFile()
    word.line("讲稿", HEI, 22, CENTER)
    paragraph = word.line("正文")
    word.xml(paragraph, '<w:r><w:footnoteReference w:id="2"/></w:r>')
    paragraph.add_run("。")
    content = word.content()
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    notes = (
        f'<w:footnotes {space}><w:footnote w:id="2"><w:p><w:r><w:t>注释。</w:t></w:r>'
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>藏着</w:t></w:r></w:p></w:footnote></w:footnotes>"
    )
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        types = package.read("[Content_Types].xml")
        links = package.read("word/_rels/document.xml.rels")
    kind = b"application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    types = types.replace(
        b"</Types>", b'<Override PartName="/word/footnotes.xml" ContentType="' + kind + b'"/></Types>'
    )
    relation = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    target = b'<Relationship Id="rId99" Type="' + relation + b'" Target="footnotes.xml"/></Relationships>'
    parts = {
        "[Content_Types].xml": types,
        "word/_rels/document.xml.rels": links.replace(b"</Relationships>", target),
        "word/footnotes.xml": notes.encode(),
    }
    entry = imported(site, with_parts(content, parts))
    assert body_of(entry) == "正文[^1]。\n\n[^1]: 注释。"
    assert "Hidden text (1 passages, 2 characters)" in report_of(entry)


def refused(site: SmallSite, content: bytes, name: str = "来文.docx") -> str:
    before = sorted(site.root.rglob("*"))
    with pytest.raises(ImportRefusedError) as caught:
        imported(site, content, name=name)
    assert sorted(site.root.rglob("*")) == before
    return translator("en").gettext(caught.value.message, **caught.value.values)


@pytest.mark.slow
def test_each_bound_is_one_sentence(site: SmallSite) -> None:
    word = WordFile()
    word.line("正文")
    good = word.content()
    assert refused(site, b"") == "来文.docx is empty."
    assert refused(site, WordFile().content()) == "来文.docx has no text that can be seen."
    assert "is damaged" in refused(site, good[: len(good) // 2])
    assert "is damaged" in refused(site, b"not a zip")
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
    assert "is locked with a password" in refused(site, locked)
    assert "contains macros" in refused(site, repacked(good, word__vbaProject_bin=b"Attribute"), "来文.docm")
    assert "unpacks to far more" in refused(site, repacked(good, word__bomb_xml=b" " * 30_000_000))
    bomb = b'<!DOCTYPE w [<!ENTITY a "aaaa">]><w:document xmlns:w="x">&a;</w:document>'
    assert "unpacks to far more" in refused(site, repacked(good, word__document_xml=bomb))
    long = WordFile()
    long.line("字" * 500_000)
    long.line("字" * 500_000)
    assert "has about 625 pages" in refused(site, long.content())
    long = WordFile()
    breaks = '<w:r><w:t>字</w:t><w:br w:type="page"/><w:br/></w:r>'
    long.xml(long.line("字"), breaks * (MOST_PAGES + 1))
    assert f"has about {MOST_PAGES + 1} pages" in refused(site, long.content())
    assert "LibreOffice" in refused(site, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old", "旧.doc")
    assert "LibreOffice" in refused(site, rb"{\rtf1 text}", "旧.rtf")


def test_without_pandoc_one_sentence_says_how_to_get_it(site: SmallSite) -> None:
    word = WordFile()
    word.line("正文")
    with pytest.raises(ImportRefusedError, match="pandoc"):
        import_file(word.content(), "x.docx", place_of(site), Programs())


@pytest.mark.skipif(sys.platform == "win32", reason="the program is a script")
def test_what_pandoc_says_is_told_in_its_first_line(
    site: SmallSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    word, place, pandoc = WordFile(), place_of(site), tmp_path / "pandoc"
    word.line("正文")

    def told() -> str:
        with pytest.raises(ImportRefusedError) as caught:
            import_file(word.content(), "x.docx", place, find_programs())
        return str(caught.value)

    monkeypatch.setitem(sys.modules, "pypandoc", None)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.defpath}")
    for script, reason in (
        ("echo first. >&2; echo second >&2; exit 3", "first"),
        ("exit 3", "3"),
        (f"echo {'x' * 201} >&2; exit 3", "x" * 200),
    ):
        pandoc.write_text(f"#!/bin/sh\ncat > /dev/null; {script}\n")
        pandoc.chmod(0o755)
        assert told() == f"x.docx could not be read: {reason}."
    pandoc.write_bytes(b"\x7fELF")
    assert told().startswith("x.docx could not be read: [Errno 8]")


@pytest.mark.parametrize(
    ("words", "shown", "pictures", "told"),
    [
        ("一二三四", "四", 0, []), ("一二三四", "", 0, ["4"]), ("一 二\n三四", " 一二\u3000三四", 0, []),
        ("字" * 1000, "字" * 995, 0, []), ("字" * 1000, "字" * 994, 0, ["6"]), ("四", "一二三四", 0, []),
        ("一二三四", "<img title='一二三四'>", 1, []), ("一二三四", "<img>", 1, ["4"]), ("", "<img>", 2, ["1"]),
        ("", "<img>", 0, []),
    ],
)  # fmt: skip
def test_words_and_pictures_that_a_converter_loses_are_counted(
    words: str, shown: str, pictures: int, told: list[str]
) -> None:
    made = PreparedDocument(b"", {}, "", words=words, pictures=pictures)
    root = html.fragment_fromstring(f"<p>{shown}</p>", create_parent="div")
    assert [note.values["count"] for note in _missing(root, made)] == told


@pytest.mark.slow
def test_the_command_writes_a_draft_and_never_over_anything(
    site: SmallSite, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    word = WordFile()
    word.line("走访慰问", HEI, 22, CENTER)
    word.line("电话13812345678。")
    file = tmp_path / "走访.docx"
    file.write_bytes(word.content())
    command = ["import", "word", str(file), "--to", "alpha/news", "--root", str(site.root), "--now", NOW]
    assert main(command) == 0
    said = capsys.readouterr()
    path = site.root / FOLDER.format("news", "走访慰问")
    assert said.out.strip() == str(path)
    assert "第 6 行有手机号码：138******78" in said.err
    assert "draft: true" in path.read_text("utf-8")
    assert [problem for problem in site.check() if problem.severity == "error"] == []
    before = path.read_bytes()
    assert main(command) == 2
    assert "已经有了" in capsys.readouterr().err
    assert path.read_bytes() == before
    assert main([*command, "--date", "2026-11-01", "--publish"]) == 0
    dated = site.root / "content/alpha/news/2026-11-01-走访慰问/index.md"
    assert "draft" not in dated.read_text("utf-8")
    site.build()
    assert "138" in site.page("alpha/news/2026-11-01-走访慰问/index.html")


def test_of_several_files_all_are_written_or_none(site: SmallSite, tmp_path: Path) -> None:
    word = WordFile()
    word.line("一件事", HEI, 22, CENTER)
    word.line("正文。")
    good, bad = tmp_path / "好.docx", tmp_path / "坏.docx"
    good.write_bytes(word.content())
    bad.write_bytes(b"nothing")
    before = sorted(site.root.rglob("*"))
    for files in ([good, bad], [good, good]):
        assert main(["import", "word", *map(str, files), "--to", "alpha/news", "--root", str(site.root)]) == 2
        assert sorted(site.root.rglob("*")) == before


def test_what_was_begun_is_taken_away_where_a_file_cannot_be_written(site: SmallSite) -> None:
    folder = "content/alpha/new-section/2026-11-22-a"
    files = {f"{folder}/index.md": b"one", f"{folder}/a.pdf": b"two", f"{folder}/{'long' * 100}.pdf": b"three"}
    before = sorted(site.root.rglob("*"))
    with pytest.raises(ImportRefusedError, match="could not be written"):
        write_files(site.root, [Imported(f"{folder}/index.md", "一", files)])
    assert sorted(site.root.rglob("*")) == before


OFFICE = """#!{python}
import shutil, sys
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

source = Path(sys.argv[-1])
assert sys.argv[2:-1] == ["--headless", "--norestore", "--convert-to", "docx", "--outdir", str(source.parent)]
profile = Path(unquote(urlsplit(sys.argv[1].partition("=")[2]).path))
settings = ElementTree.parse(profile / "user/registrymodifications.xcu").getroot()
name = "{{http://openoffice.org/2001/registry}}name"
true = {{each.get(name) for each in settings.iter("prop") if each.findtext("value") == "true"}}
if true == {{"BlockUntrustedRefererLinks", "DisableMacrosExecution"}}:
    assert source.read_bytes() == b"{{\\\\rtf1 text}}"
    shutil.copyfile({made!r}, source.with_suffix(".docx"))
"""
"""Stands for LibreOffice: it works only where it would show no window, load nothing that a document links, and run none of its
macros."""


def test_documents_of_other_kinds_are_converted_by_a_program_that_loads_nothing(
    site: SmallSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    word = WordFile()
    word.line("走访慰问", HEI, 22, CENTER)
    word.line("上午出发。")
    made, office = tmp_path / "made.docx", tmp_path / "soffice"
    made.write_bytes(word.content())
    office.write_text(OFFICE.format(python=sys.executable, made=str(made)))
    office.chmod(0o755)
    entry = imported(site, rb"{\rtf1 text}", name="旧.rtf", office=office)
    assert (entry.title, body_of(entry)) == ("走访慰问", "上午出发。")
    assert "converted by LibreOffice" in report_of(entry)
    # What is none is not given to it: it takes everything for a text of signs.
    for content in (b"text", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old"):
        with pytest.raises(ImportRefusedError) as caught:
            imported(site, content, name="旧.doc", office=office)
        assert "is damaged" in str(caught.value)
    assert to_png(b"x", "a.emf", Programs(office=Path("/nowhere"))) is None
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_programs().office == office
    office.unlink()
    assert find_programs().office is None


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("spreadsheetml.sheet", "is a spreadsheet"),
        ("presentationml.presentation", "is a presentation"),
        ("x", "is damaged"),
    ],
)
def test_what_is_no_document_is_told_by_its_kind(site: SmallSite, kind: str, told: str) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            f'<Override PartName="/a.xml" ContentType="application/vnd.openxmlformats-officedocument.{kind}.main+xml"/></Types>',
        )
    with pytest.raises(ImportRefusedError) as caught:
        imported(site, stream.getvalue())
    assert told in str(caught.value)

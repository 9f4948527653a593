"""The programs that an import calls: pandoc, which reads what was made ready, and LibreOffice for older kinds of documents."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import msgspec

from builder.edit.imports.imported import ImportRefusedError
from builder.edit.imports.package import damaged, is_compound
from builder.messages.translation import N_

_SECONDS = 120
_OFFICE_NAMES = ("soffice", "libreoffice")
_BEGINNINGS = (b"PK\x03\x04", b"{\\rtf", b"<?xml", b"\xef\xbb\xbf<?xml", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
"""Of packages, RTF, Word's XML of 2003, and the old binary form."""
_STREAMS = tuple(name.encode("utf-16-le") for name in ("WordDocument", "CONTENTS"))
"""The streams with the text of a document of Word or WPS, and of Microsoft Works."""
_OFFICE_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
</item>
</oor:items>
"""
"""LibreOffice asks no server for pictures that a document only links, and runs no macros:
https://github.com/LibreOffice/core/blob/master/officecfg/registry/schema/org/openoffice/Office/Common.xcs"""


class Programs(msgspec.Struct, frozen=True):
    """The programs that are there; None for one that is not."""

    pandoc: Path | None = None
    office: Path | None = None


def find_programs() -> Programs:
    """Returns the programs of this machine: pandoc of the optional extra ``word``, else that of the system."""
    try:
        import pypandoc

        pandoc: str | None = pypandoc.get_pandoc_path()
    except (ImportError, OSError):
        pandoc = shutil.which("pandoc")
    office = next((found for name in _OFFICE_NAMES if (found := shutil.which(name))), None)
    return Programs(Path(pandoc) if pandoc else None, Path(office) if office else None)


def to_html(document: bytes, programs: Programs, name: str) -> str:
    """Returns the HTML that pandoc makes of a .docx; it reads nothing else, and writes no file. Raises ImportRefusedError."""
    if programs.pandoc is None:
        raise ImportRefusedError(
            N_("Word documents are read by pandoc, which is not on this machine; install it with: {command}"),
            command="pip install 'branchpress[word]'",
        )
    command = [
        str(programs.pandoc),
        "--sandbox",
        "-f",
        "docx",
        "-t",
        "html",
        "--wrap=none",
        "--katex",
        "+RTS",
        "-M1500M",
        "-RTS",
    ]
    try:
        done = subprocess.run(command, input=document, capture_output=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ImportRefusedError(
            N_("{name} could not be read: {reason}."), name=name, reason=str(error)[:200]
        ) from error
    if done.returncode:
        reason = done.stderr.decode("utf-8", "replace").strip().split("\n")[0][:200].rstrip(".")
        raise ImportRefusedError(
            N_("{name} could not be read: {reason}."), name=name, reason=reason or str(done.returncode)
        )
    return done.stdout.decode("utf-8", "replace")


def to_docx(content: bytes, name: str, programs: Programs) -> bytes:
    """Returns the .docx that LibreOffice makes of another kind of document. Raises ImportRefusedError."""
    if programs.office is None:
        raise ImportRefusedError(
            N_(
                "{name} is of a kind that LibreOffice reads, which is not on this machine; save it as .docx, and try again."
            ),
            name=name,
        )
    # LibreOffice takes whatever it does not know for a text of signs.
    if not content.startswith(_BEGINNINGS) or (is_compound(content) and not any(each in content for each in _STREAMS)):
        raise damaged(name)
    return _converted(content, name, "docx", programs.office)


def to_png(content: bytes, name: str, programs: Programs) -> bytes | None:
    """Returns the PNG that LibreOffice makes of a drawing of Windows (EMF, WMF); None where it cannot."""
    if programs.office is None:
        return None
    try:
        return _converted(content, name, "png", programs.office)
    except ImportRefusedError:
        return None


def _converted(content: bytes, name: str, form: str, office: Path) -> bytes:
    with tempfile.TemporaryDirectory(prefix="branchpress-") as scratch:
        folder = Path(scratch)
        source = folder / f"source.{name.rpartition('.')[2].lower()}"
        source.write_bytes(content)
        settings = folder / "profile" / "user" / "registrymodifications.xcu"
        settings.parent.mkdir(parents=True)
        settings.write_text(_OFFICE_SETTINGS, "utf-8")
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = [
            str(office),
            profile,
            "--headless",
            "--norestore",
            "--convert-to",
            form,
            "--outdir",
            scratch,
            str(source),
        ]
        try:
            subprocess.run(
                command, capture_output=True, timeout=_SECONDS, check=True, env={"HOME": scratch, "PATH": os.defpath}
            )
            return (folder / f"source.{form}").read_bytes()
        except (OSError, subprocess.SubprocessError) as error:
            raise ImportRefusedError(
                N_("{name} could not be read: {reason}."), name=name, reason="LibreOffice"
            ) from error

"""The page that shows a branch's forms on a published site: the program that ``make forms`` built, and a policy of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from pathlib import Path

from builder.content.forms.hosts import origins_of
from builder.messages.translation import N_, translator
from builder.model.reading import read_file
from builder.model.struct import Struct
from builder.model.values import Editing

_FOLDER = Path(__file__).parents[2] / "edit" / "forms" / "dist"
_ENTRY = "src/host.js"
_MOST_BYTES = 20_000_000


class FormProgram(Struct, frozen=True):
    """The files of the program that shows forms, by path in their folder, with their sizes; ``script`` starts it."""

    folder: str
    script: str
    styles: tuple[str, ...] = ()
    files: Mapping[str, int] = {}

    def read(self, path: str) -> bytes:
        """Returns the bytes of a file."""
        return read_file(Path(self.folder) / path, _MOST_BYTES, Path(self.folder))


def form_program(folder: Path = _FOLDER) -> FormProgram | None:
    """Returns the program that ``make forms`` built; None where it was not run."""
    try:
        entry = json.loads(read_file(folder / "manifest.json", _MOST_BYTES)).get(_ENTRY)
        files = {file.relative_to(folder).as_posix(): file.stat().st_size for file in sorted(folder.glob("assets/*"))}
    except (OSError, ValueError):
        return None
    if entry is None:
        return None
    return FormProgram(folder=str(folder), script=entry["file"], styles=tuple(entry.get("css", ())), files=files)


def form_policy(editing: Editing) -> str:
    """Returns the Content-Security-Policy (W3C, level 3) of the page: it talks to the Git host, and to nobody else."""
    origins = " ".join(origins_of(editing))
    parts = {
        "default-src": "'none'",
        "script-src": "'self' 'wasm-unsafe-eval'",
        # The program sets styles on its own elements.
        "style-src": "'self' 'unsafe-inline'",
        "img-src": f"'self' blob: data: {origins}",
        "media-src": f"'self' blob: data: {origins}",
        "font-src": "'self' data:",
        "connect-src": f"'self' blob: data: {origins}",
        "worker-src": "'self' blob:",
        "frame-src": "'self' blob:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in parts.items())


def form_page(title: str, language: str, program: FormProgram, editing: Editing) -> bytes:
    """Returns the page; its settings lie beside it in ``config.yml``, the program in ``../forms/``."""
    text = translator(language)
    styles = "".join(f'<link rel="stylesheet" href="../forms/{escape(path)}">\n' for path in program.styles)
    heading = text.gettext(N_("Write: {title}"), title=title)
    needed = text.gettext(N_("The forms need JavaScript."))
    return f"""<!doctype html>
<html lang="{escape(language)}">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{escape(form_policy(editing))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="referrer" content="same-origin">
<title>{escape(heading)}</title>
<link rel="cms-config-url" type="application/yaml" href="config.yml">
{styles}<script type="module" src="../forms/{escape(program.script)}"></script>
<noscript>{escape(needed)}</noscript>
</html>
""".encode()

"""Compiled templates are kept with the program's own bytecode, and used only for what they were compiled from."""

from __future__ import annotations

import hashlib
import marshal
from pathlib import Path

from jinja2 import DictLoader, Environment, FileSystemLoader, Template

from builder.formats.html.bytecode import TemplateCache


def _said(folder: Path, source: str, key: str = "theme", *, writes: bool = True) -> str:
    environment = Environment(loader=DictLoader({"page": source}), autoescape=False)
    environment.bytecode_cache = TemplateCache(key, folder, writes=writes)
    return environment.get_template("page").render(title="One")


def _replace_code(file: Path, text: str) -> None:
    """Puts other code in the place of a kept template, as it would be kept."""
    code = Environment(autoescape=False).compile(text, "page", None)
    made = marshal.dumps(code)
    file.write_bytes(hashlib.sha256(made).digest() + made)


def test_a_template_is_compiled_once(tmp_path: Path) -> None:
    assert _said(tmp_path, "{{ title }}!") == "One!"
    [kept] = tmp_path.iterdir()
    _replace_code(kept, "kept {{ title }}")
    assert _said(tmp_path, "{{ title }}!") == "kept One"


def test_another_text_theme_or_language_has_its_own(tmp_path: Path) -> None:
    _said(tmp_path, "{{ title }}!")
    [kept] = tmp_path.iterdir()
    _replace_code(kept, "kept")
    assert _said(tmp_path, "{{ title }}?") == "One?"
    assert _said(tmp_path, "{{ title }}!", "other theme") == "One!"


def test_a_theme_in_another_folder_is_not_compiled_again_and_its_errors_name_that_folder(tmp_path: Path) -> None:
    def template(folder: str) -> Template:
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "page").write_text("{{ title }}!")
        environment = Environment(loader=FileSystemLoader(tmp_path / folder), autoescape=False)
        environment.bytecode_cache = TemplateCache("theme", tmp_path / "kept", writes=True)
        return environment.get_template("page")

    assert template("one").render(title="One") == "One!"
    [kept] = (tmp_path / "kept").iterdir()
    _replace_code(kept, "kept {{ title }}")
    other = template("other")
    assert other.render(title="One") == "kept One"
    assert other.filename == str(tmp_path / "other" / "page")


def test_what_is_not_as_it_was_kept_is_compiled_again(tmp_path: Path) -> None:
    _said(tmp_path, "{{ title }}!")
    [kept] = tmp_path.iterdir()
    whole = kept.read_bytes()
    for damaged in (b"", whole[:40], whole[:-1], whole[:-1] + b"?", hashlib.sha256(b"x").digest() + b"x"):
        kept.write_bytes(damaged)
        assert _said(tmp_path, "{{ title }}!") == "One!"
    assert kept.read_bytes() == whole


def test_nothing_is_kept_where_python_keeps_nothing(tmp_path: Path) -> None:
    assert _said(tmp_path / "none", "{{ title }}!", writes=False) == "One!"
    assert not (tmp_path / "none").exists()
    (tmp_path / "file").write_text("no folder")
    assert _said(tmp_path / "file", "{{ title }}!") == "One!"


def test_few_are_kept(tmp_path: Path) -> None:
    for number in range(510):
        (tmp_path / f"{number}.code").write_bytes(b"")
    _said(tmp_path, "{{ title }}!")
    assert len(list(tmp_path.iterdir())) == 250
    assert _said(tmp_path, "{{ title }}!") == "One!"

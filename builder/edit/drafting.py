"""The changes of files that follow from what a form sent: names made clean, values written where they differ, pictures
cleaned, all of it checked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Literal
from urllib.parse import quote, unquote

from builder.content.documents import Document
from builder.content.schema.compound import Fields
from builder.content.schema.kinds import PAGE
from builder.edit.bounded import BoundedCalls
from builder.edit.checking import read_files, sentence_of
from builder.edit.document import EntryFile, EntryForm, NotEditableError, new_file, read_form
from builder.edit.missing import Files, missing
from builder.edit.places import HUB, BranchFiles, FormFile, address_of, clean_file_name, is_settings, new_name
from builder.edit.refusal import ContentRefusalError, RefusalError
from builder.edit.trees import View
from builder.edit.uploads import Upload, clean_uploads
from builder.edit.values import FormValue
from builder.messages.problems import Problem
from builder.messages.translation import N_, Translator
from builder.model.slugs import folded, slugify
from builder.model.struct import Struct
from builder.model.values import Organization

FORM_VERSION = "01"
"""To be raised when forms show the same file in another way: browsers keep what they were shown."""
_MOST_OPERATIONS = 60
_MOST_BESIDE = 2000
_LINK = re.compile(
    r"(\]\(\s*<?|^ {0,3}\[[^\]\n]+\]:\s*<?|\b(?:src|href|poster)=[\"'])(?![a-zA-Z][a-zA-Z0-9+.-]*:|[/#])", re.MULTILINE
)
_FILE_NAME = re.compile(r"(?<=[(<\"' ])[^()<>\"'\n/\\]{1,200}\.[A-Za-z0-9]{2,5}(?=[)>\"'\s]|$)", re.MULTILINE)
_ODD = re.compile(r"[\x00-\x1f\x7f\\]")


class Operation(Struct, frozen=True):
    """One file that a form sends: what is to be done with it, its path for forms, its bytes, and the mark of the version that
    the form had."""

    kind: Literal["create", "update", "delete"]
    path: str
    content: bytes = b""
    sha: str = ""


class Draft(Struct, frozen=True):
    """Changes of files, by path (None: gone). ``entry`` names the text that they belong to, ``shown`` maps paths for forms to
    those in the repository."""

    changes: Mapping[str, bytes | None]
    message: str
    entry: str
    address: str = ""
    notes: tuple[str, ...] = ()
    shown: Mapping[str, str] = {}

    @property
    def aliases(self) -> dict[str, str]:
        """The names by which the form knows texts that have been called otherwise, by their paths."""
        return {path: shown for shown, path in self.shown.items() if shown.endswith("/index.md") and shown != path}

    def files_of(self, blobs: Mapping[str, str]) -> dict[str, str]:
        """Returns the marks of new versions by the paths that the form has sent."""
        return {shown: blobs.get(path, "") and mark_of(path, blobs[path]) for shown, path in self.shown.items()}


class NewEntry(Struct, frozen=True):
    """An entry that was made elsewhere: the path of its text, its title, all of its files by path, and what there is to tell."""

    path: str
    title: str
    files: Mapping[str, bytes]
    notes: tuple[str, ...] = ()


FASTER = N_(
    "Somebody else saved this text meanwhile. Keep what you wrote (copy it), open the text again, and put it in there."
)


def mark_of(path: str, blob: str) -> str:
    """Returns the mark of a file's version, as forms bring it back."""
    return blob + (FORM_VERSION if path.lower().endswith((".md", ".markdown", ".yml", ".yaml")) else "")


class Drafting:
    """Makes a draft of what one form sent."""

    def __init__(
        self,
        organization: Organization,
        files: BranchFiles,
        view: View,
        now: datetime,
        text: Translator,
        calls: BoundedCalls,
    ) -> None:
        self._calls = calls
        self._organization, self._files, self._view, self._now, self._text = organization, files, view, now, text
        self._slug = files.branch.slug
        self._changes: dict[str, bytes | None] = {}
        self._shown: dict[str, str] = {}
        self._folders: dict[str, str] = {}
        self._names: dict[str, str] = {}

    def draft(self, operations: Sequence[Operation]) -> Draft:
        """Returns the draft. Raises RefusalError."""
        if not 0 < len(operations) <= _MOST_OPERATIONS:
            raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, N_("A form sends one entry with its files at a time."))
        for each in operations:
            self._require_place(each.path)
        texts = [each for each in operations if self._is_text(each.path)]
        uploads = [each for each in operations if not self._is_text(each.path)]
        for each in texts:
            self._find_folder(each, uploads)
        cleaned = self._cleaned([each for each in uploads if each.kind != "delete"])
        for each in uploads:
            self._upload(each, cleaned)
        for each in texts:
            self._text_file(each)
        entry = next(iter(self._shown[each.path] for each in texts), operations[0].path)
        documents, notes = self._check()
        return Draft(
            self._changes,
            self._message(texts or uploads, documents),
            entry,
            address_of(documents[0]) if documents else "",
            notes,
            dict(self._shown),
        )

    def new(self, entry: NewEntry) -> Draft:
        """Returns the draft of an entry that was made elsewhere, which takes the place of nothing. Raises RefusalError."""
        home = folded(entry.path.rpartition("/")[0])
        for path in entry.files:
            self._require_place(path)
        if any(f"{folded(path)}/".startswith((f"{home}/", f"{home}.")) for path in self._files.by_path):
            raise RefusalError(HTTPStatus.CONFLICT, N_("There is an entry of this name already."))
        self._changes = dict(entry.files)
        documents, _ = self._check()
        message = self._text.gettext(N_("New: {title}"), title=" ".join(entry.title.split()))
        return Draft(self._changes, message, entry.path, address_of(documents[0]) if documents else "", entry.notes)

    def _require_place(self, path: str) -> None:
        parts = path.split("/")
        odd = any(not part or part.startswith((".", "_")) or _ODD.search(part) for part in parts)
        if odd or unicodedata.normalize("NFC", path) != path or len(path.encode("utf-8", "replace")) > 1000:
            raise RefusalError(HTTPStatus.FORBIDDEN, N_("“{path}” is no place for a file."), path=path[:200])
        if parts[:2] != ["content", self._slug] or len(parts) < 3:
            raise RefusalError(HTTPStatus.FORBIDDEN, N_("You may not change {path}."), path=path[:200])

    @staticmethod
    def _is_text(path: str) -> bool:
        parts = path.split("/")
        return path.endswith(".md") and (len(parts) == 3 or (len(parts) == 5 and parts[4] == "index.md"))

    def _find_folder(self, operation: Operation, uploads: Iterable[Operation]) -> None:
        """Finds out where a text lies, or will lie."""
        path, known = operation.path, self._files.by_shown.get(operation.path)
        folder, _, _ = path.rpartition("/")
        if known is not None and operation.kind != "create":
            self._require_version(operation, known)
            real = known.path
            inside = any(each.path.startswith(f"{folder}/") for each in uploads)
            if self._slug != HUB and inside and real.rpartition("/")[0].count("/") == 2:
                # A flat file gets files beside it: it becomes the text of a folder; its address stays.
                stem, _, ending = real.rpartition(".")
                real = f"{stem}/index.{ending}"
            self._shown[path] = real
        elif operation.kind == "create":
            self._shown[path] = self._new_place(operation)
        else:
            raise RefusalError(
                HTTPStatus.CONFLICT, N_("This text is no longer there; somebody took it away or renamed it.")
            )
        self._folders[folder] = self._shown[path].rpartition("/")[0]

    def _new_place(self, operation: Operation) -> str:
        parts = operation.path.split("/")
        if len(parts) == 3:
            name = slugify(parts[2].removesuffix(".md")) or "page"
            real = f"content/{self._slug}/{name}.md"
            if any(folded(real) == folded(path) for path in self._files.by_path):
                raise RefusalError(HTTPStatus.CONFLICT, N_("There is a page of this name already."))
            return real
        section = self._files.branch.section(parts[2])
        if section is None:
            message = N_("The branch has no section “{name}”.")
            raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, message, name=parts[2])
        values = self._form(operation, self._files.fields_of(section.slug)).values
        taken = {path.split("/")[3].rpartition(".")[0] or path.split("/")[3] for path in self._beside(parts[2])}
        taken |= {path.split("/")[3] for path in self._beside(parts[2])}
        wanted = unicodedata.normalize("NFC", parts[3])
        day = str(values.get("date", ""))
        name = new_name(wanted, day, section, self._organization.zone, self._now.date(), taken)
        ending = ".md" if self._slug == HUB else "/index.md"
        return f"content/{self._slug}/{section.slug}/{name}{ending}"

    def _beside(self, section: str) -> list[str]:
        return [path for path in self._files.by_path if path.startswith(f"content/{self._slug}/{section}/")]

    @staticmethod
    def _require_version(operation: Operation, known: FormFile) -> None:
        if operation.sha != mark_of(known.path, known.blob):
            raise RefusalError(HTTPStatus.CONFLICT, FASTER)

    # Files beside texts.

    def _cleaned(self, uploads: Sequence[Operation]) -> Mapping[str, Upload]:
        """Returns the files that are put in, by path, as they are kept."""
        given = [(each.path.rpartition("/")[2], each.content) for each in uploads]
        made = self._calls.call(clean_uploads, given, self._organization.limits.image_bytes) if given else []
        wrong = [each for each in made if isinstance(each, Problem)]
        if wrong:
            raise ContentRefusalError(tuple(sentence_of(each, self._text) for each in wrong))
        return {each.path: clean for each, clean in zip(uploads, made, strict=True) if isinstance(clean, Upload)}

    def _upload(self, operation: Operation, cleaned: Mapping[str, Upload]) -> None:
        folder, _, name = operation.path.rpartition("/")
        known = self._files.by_shown.get(operation.path)
        if operation.kind == "delete":
            if known is None or known.fields is not None:
                raise RefusalError(HTTPStatus.CONFLICT, N_("This file is no longer there."))
            self._shown[operation.path] = known.path
            self._changes[known.path] = None
            return
        real = self._folders.get(folder) or self._asset_folder(folder)
        upload = cleaned[operation.path]
        new = upload.name
        if operation.kind == "create":
            stem, _, ending = upload.name.rpartition(".")
            number = 2
            while f"{real}/{new}" in self._changes or f"{real}/{new}" in self._files.by_path:
                new = f"{stem}-{number}.{ending}"
                number += 1
        if new != name:
            self._names[name] = new
        self._shown[operation.path] = f"{real}/{new}"
        self._changes[f"{real}/{new}"] = upload.content

    def _asset_folder(self, folder: str) -> str:
        parts = folder.split("/")
        if len(parts) > 2 and parts[2] == "media":
            return "/".join((*parts[:3], *(slugify(part) or "files" for part in parts[3:])))
        known = self._files.by_shown.get(f"{folder}/index.md")
        if known is not None and known.path.rpartition("/")[0] == folder:
            return folder
        raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, N_("“{path}” is no place for a file."), path=folder)

    # Texts.

    def _text_file(self, operation: Operation) -> None:
        real, known = self._shown[operation.path], self._files.by_shown.get(operation.path)
        if operation.kind == "delete" and known is not None:
            if is_settings(known.path):
                raise RefusalError(
                    HTTPStatus.FORBIDDEN, N_("A branch cannot be taken away here; ask an administrator.")
                )
            folder = known.path.rpartition("/")[0]
            bundle = known.section and folder.count("/") == 3
            gone = [path for path in self._files.by_path if bundle and path.startswith(f"{folder}/")]
            self._changes |= dict.fromkeys((known.path, *gone))
            return
        try:
            if known is None or operation.kind == "create":
                fields = self._files.fields_of(real.split("/")[2] if real.count("/") > 2 else "")
                self._changes[real] = new_file(self._form(operation, fields), fields)
                return
            fields = known.fields or PAGE
            content = self._view.read(known.path) or b""
            form = self._form(operation, fields)
            if real != known.path:
                form = _moved_deeper(form, {path.rpartition("/")[2] for path in self._changes})
                self._changes[known.path] = None
            made = EntryFile(content, fields, self._organization.zone, only_yaml=known.only_yaml).with_form(form)
        except NotEditableError as error:
            raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, error.message) from error
        if made != content or real != known.path:
            self._changes[real] = made

    def _form(self, operation: Operation, fields: Fields) -> EntryForm:
        try:
            text = self._with_kept_names(operation, operation.content.decode("utf-8-sig"))
            for old, new in self._names.items():
                for written in {old, quote(old), quote(old, safe="!'()*;,/?:@&=+$#")}:
                    text = text.replace(written, new)
            return read_form(text.replace("\r\n", "\n"), fields, self._organization.zone)
        except (UnicodeDecodeError, NotEditableError) as error:
            raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, N_("What the form sent cannot be read.")) from error

    def _with_kept_names(self, operation: Operation, text: str) -> str:
        """Returns a text whose files have the names that they were given here; a form may know them by those it sent."""
        folder = self._folders.get(operation.path.rpartition("/")[0], "")
        there = {path.rpartition("/")[2] for path in self._files.by_path if path.rpartition("/")[0] == folder}

        def kept(match: re.Match[str]) -> str:
            name = unquote(match[0])
            clean = clean_file_name(name) if name not in there else ""
            stem = clean.rpartition(".")[0]
            found = [clean] if clean in there else [each for each in there if clean and each == f"{stem}.jpg"]
            return found[0] if found else match[0]

        return _FILE_NAME.sub(kept, text) if there else text

    # Whether it can be published.

    def _check(self) -> tuple[list[Document], tuple[str, ...]]:
        made = {path: content for path, content in self._changes.items() if content is not None}
        texts = {path for path in made if path.lower().endswith((".md", ".yml", ".markdown", ".yaml"))}
        if not texts:
            return [], ()
        beside = self._near(texts)
        documents, problems = self._calls.call(read_files, self._organization, self._slug, made, beside)
        errors = [each for each in problems if each.severity == "error"]
        if errors:
            raise ContentRefusalError(tuple(dict.fromkeys(sentence_of(each, self._text) for each in errors)))
        own = [each for each in documents if each.path in texts]
        there = [path for path in self._files.by_path if self._changes.get(path, b"") is not None]
        files = Files(self._files.branch, (*there, *made))
        told = [each for each in problems if each.severity == "warning"]
        told += [each for document in own for each in missing(document, files)]
        return own, tuple(dict.fromkeys(sentence_of(each, self._text) for each in told))

    def _near(self, texts: Iterable[str]) -> dict[str, bytes]:
        """Returns the branch's settings, and the texts that may have the address of one of ``texts``."""
        wanted: list[str] = [
            path for path in self._files.by_path if path.count("/") == 2 and path.lower().endswith((".yml", ".yaml"))
        ]
        for path in texts:
            section = path.split("/")[2] if path.count("/") > 2 else ""
            others = (
                self._beside(section) if section else [each for each in self._files.by_path if each.count("/") == 2]
            )
            wanted += [each for each in others[:_MOST_BESIDE] if self._files.by_path[each].fields is not None]
        blobs = {path: self._files.by_path[path].blob for path in wanted if path not in self._changes}
        contents = self._view.copy.blobs(blobs.values())
        near = {_name_key(path) for path in texts}
        return {
            path: contents[blob]
            for path, blob in blobs.items()
            if path.count("/") == 2 or _name_key(path) in near or _names_itself(contents[blob])
        }

    def _message(self, operations: Sequence[Operation], documents: Sequence[Document]) -> str:
        subject = documents[0].subject if documents else None
        path = operations[0].path
        if is_settings(path.removesuffix(".md")):
            return self._text.gettext(N_("Changed: profile of {branch}"), branch=self._files.branch.title)
        title = (subject.title if subject is not None else "") or path.split("/")[
            -2 if path.endswith("/index.md") else -1
        ]
        form = {
            "create": N_("New: {title}"),
            "update": N_("Changed: {title}"),
            "delete": N_("Removed: {title}"),
        }[operations[0].kind]
        return self._text.gettext(form, title=" ".join(title.split()))


def _names_itself(content: bytes) -> bool:
    """Tells whether a text may name its own address."""
    return b"slug" in content or "网址名".encode() in content


def _name_key(path: str) -> str:
    """Returns what the address of a text follows from, unless the text itself names it."""
    name = path.rpartition("/")[2].rpartition(".")[0]
    return folded(slugify(path.split("/")[-2] if name.lower() == "index" and path.count("/") > 3 else name))


def _moved_deeper(form: EntryForm, own: Iterable[str]) -> EntryForm:
    """Returns a form whose relative paths still lead where they led, one folder further down. ``own`` are files of its new
    folder."""
    names = tuple(own)

    def deeper(target: str) -> str:
        plain = target.lstrip("<")
        away = bool(re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:|[/#]", plain))
        return (
            target
            if away or not plain or any(plain.startswith((name, quote(name))) for name in names)
            else f"../{target}"
        )

    def value(key: str, one: FormValue) -> FormValue:
        if key in ("image", "portrait", "file") and isinstance(one, str):
            return deeper(one)
        if key == "attachments" and isinstance(one, list):
            return [
                {**each, "file": value("file", each["file"])} if isinstance(each, dict) and "file" in each else each
                for each in one
            ]
        return one

    body = _LINK.sub(lambda match: match[0] + ("" if _stays(form.body[match.end() :], names) else "../"), form.body)
    return EntryForm({key: value(key, one) for key, one in form.values.items()}, body)


def _stays(rest: str, names: Iterable[str]) -> bool:
    return not rest or any(rest.startswith((name, quote(name))) for name in names)

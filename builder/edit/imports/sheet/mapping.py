"""The mapping between the columns of a spreadsheet and the keys of entries: guessed, written to a file, read back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from builder.content.encodings import decode
from builder.content.yaml.nodes import Node, read_yaml
from builder.content.yaml.quoting import quoted
from builder.edit.imports.imported import ImportRefusedError
from builder.edit.imports.sheet.cells import Sheet
from builder.messages.translation import N_, Translator

ROW_KINDS: Mapping[str, str] = {"members": "article", "letters": "letter", "events": "event"}
"""The kinds of entries that rows can become, and the type of the section that each needs."""
KEYS: Mapping[str, tuple[str, ...]] = {
    "members": ("title", "author", "tags", "summary", "body"),
    "letters": ("title", "question", "received", "replied", "from", "body"),
    "events": ("title", "starts", "ends", "location", "organizer", "body"),
}
_REQUIRED: Mapping[str, tuple[str, ...]] = {
    "members": ("title",),
    "letters": ("question", "received"),
    "events": ("title", "starts"),
}
_WORDS: Mapping[str, tuple[str, ...]] = {
    "starts": ("开始时间", "活动时间", "开始", "时间", "日期", "starts", "start", "date"),
    "ends": ("结束时间", "结束", "截止", "ends", "end"),
    "location": ("地点", "场地", "位置", "location", "place"),
    "organizer": ("主办", "承办", "组织", "负责", "organizer"),
    "question": ("问题", "来信内容", "内容", "诉求", "question"),
    "received": ("来信时间", "来信日期", "收到", "日期", "时间", "received", "date"),
    "replied": ("回复时间", "回复日期", "答复时间", "答复日期", "replied"),
    "from": ("来信人", "写信人", "姓名", "from"),
    "author": ("推荐人", "作者", "author"),
    "tags": ("标签", "类别", "tags"),
    "summary": ("一句话", "摘要", "推荐理由", "summary"),
    "title": ("标题", "主题", "活动名称", "活动", "名称", "姓名", "事项", "title", "name", "subject"),
    "body": ("回复内容", "答复内容", "回复", "答复", "事迹", "简介", "介绍", "内容", "说明", "备注", "reply", "text"),
}
_MOST_BYTES = 100_000


class Columns(msgspec.Struct, frozen=True):
    """Which column each key comes from; ``body`` may have several. ``sheet`` is the name of the sheet, empty for the first."""

    kind: str
    keys: Mapping[str, str]
    body: tuple[str, ...] = ()
    sheet: str = ""

    @property
    def missing(self) -> tuple[str, ...]:
        """The keys that an entry needs and no column gives."""
        return tuple(key for key in _REQUIRED[self.kind] if key not in self.keys)


def names_of(sheet: Sheet) -> list[str]:
    """Returns the names of a sheet's columns, a number for one without a name."""
    return ["".join(cell.split()) or str(place + 1) for place, cell in enumerate(sheet.rows[sheet.head])]


def guessed(sheet: Sheet, kind: str) -> Columns:
    """Returns the likely mapping: each column is used at most once, exact names before names that hold a word."""
    free = list(dict.fromkeys(names_of(sheet)))
    keys: dict[str, str] = {}
    order = [*(key for key in _REQUIRED[kind]), *KEYS[kind]]
    for test in (lambda name, word: name.lower() == word, lambda name, word: word in name.lower()):
        for key in dict.fromkeys(order):
            found = next((name for word in _WORDS[key] for name in free if key not in keys and test(name, word)), None)
            if found is not None:
                keys[key] = found
                free.remove(found)
    body = keys.pop("body", "")
    return Columns(kind, keys, (body,) if body else (), sheet.name)


def mapping_text(columns: Columns, sheet: Sheet, text: Translator) -> str:
    """Returns the file that a mapping is kept in, with a comment that says how to change it."""
    names = names_of(sheet)
    used = {*columns.keys.values(), *columns.body}
    lines = [
        *_comment(
            text.gettext(
                N_(
                    "Behind each key stands the column that it comes from; a key without one is not written. Change it, save "
                    "it, and run the same command again."
                )
            )
        ),
        f"as: {columns.kind}",
        f"sheet: {quoted(columns.sheet)}" if columns.sheet else "",
        "columns:",
    ]
    for key in KEYS[columns.kind]:
        if key == "body":
            lines.append(f"  body: [{', '.join(map(quoted, columns.body))}]")
        else:
            lines.append(f"  {key}: {quoted(columns.keys[key])}" if key in columns.keys else f"  {key}:")
    left = [name for name in dict.fromkeys(names) if name not in used]
    if left:
        lines += _comment(text.gettext(N_("Columns that are not used: {names}"), names=tuple(left)))
    return "\n".join(line for line in lines if line) + "\n"


def _comment(words: str) -> list[str]:
    return [f"# {line}" for line in words.split("\n")]


def read_mapping(content: bytes, name: str, kind: str) -> Columns:
    """Returns the mapping in a file. Raises ImportRefusedError."""
    decoded = decode(content[: _MOST_BYTES + 1]) if len(content) <= _MOST_BYTES else None
    root, problems = read_yaml(decoded.text) if decoded is not None else (None, [])
    columns = root.get("columns") if root is not None and root.kind == "map" else None
    if root is None or columns is None or columns.kind != "map" or problems:
        raise ImportRefusedError(
            N_("{name} cannot be read as a mapping; delete it, and the command writes it anew."), name=name
        )
    written = _text(root.get("as"))
    if written and written != kind:
        raise ImportRefusedError(
            N_("{name} is a mapping for --as {other}; delete it, or name another one with --mapping."),
            name=name,
            other=written,
        )
    unknown = [key.text for key, _ in columns.pairs if key.text not in KEYS[kind]]
    if unknown:
        raise ImportRefusedError(
            N_("{name} has keys that entries do not get from a sheet: {keys}. These can be used: {known}."),
            name=name,
            keys=tuple(unknown),
            known=tuple(KEYS[kind]),
        )
    body = columns.get("body")
    several = tuple(
        _texts([body] if body is not None and body.kind != "list" else body.items if body is not None else [])
    )
    keys = {key.text: _text(value) for key, value in columns.pairs if key.text != "body" and _text(value)}
    return Columns(kind, keys, several, _text(root.get("sheet")))


def _text(node: Node | None) -> str:
    return "".join(node.text.split()) if node is not None and node.kind == "text" else ""


def _texts(nodes: Iterable[Node]) -> Iterable[str]:
    return (text for node in nodes if (text := _text(node)))

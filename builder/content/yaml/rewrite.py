"""A text of YAML with some of its values changed: all that was not changed stays as it was written, sign by sign.

Values are put where the old ones stood, in the old ones' quotation marks; new keys and items follow the file's own way of
writing lists. Comments, blank lines, order and unknown keys are never touched.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import TypeAlias

import yaml
from yaml.resolver import Resolver

Value: TypeAlias = "str | Sequence[Value] | Mapping[str, Value | None]"
"""Texts, lists and mappings of them. In a mapping that is a change, None takes a key out, and keys that are not there stay."""
_STR = "tag:yaml.org,2002:str"
_LONGEST_LIST = 100


class Plain(str):
    """A text that stands for something else, such as a number or yes and no: it is written without quotation marks."""


class RewriteError(Exception):
    """Raised where a text cannot be changed without changing more of it."""


def rewrite(text: str, changes: Mapping[str, Value | None], order: Sequence[str] = ()) -> str:
    """Returns the mapping in a YAML text with other values for some of its keys, which are named as they are written there.

    ``order`` is that of the keys which a new key finds its place by. Raises RewriteError.
    """
    if not changes:
        return text
    try:
        root = yaml.compose(_plain_breaks(text), Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError) as error:
        raise RewriteError(str(error)) from error
    if root is None:
        body = text if not text or text.endswith("\n") else f"{text}\n"
        fresh = _Rewriter(text, None)
        new = body + "".join(fresh.pair(key, value, 0) + "\n" for key, value in changes.items() if value is not None)
        return new if body == text else new.removesuffix("\n")
    if not isinstance(root, yaml.MappingNode):
        raise RewriteError("the text is no mapping")
    rewriter = _Rewriter(text, root)
    rewriter.change_mapping(root, changes, order)
    return rewriter.result()


def _plain_breaks(text: str) -> str:
    # As the reader does: libyaml takes these for line ends, editors do not.
    return text.translate({0x85: 0x20, 0x2028: 0x20, 0x2029: 0x20})


class _Rewriter:
    """Gathers the changes of one text as pieces to replace."""

    def __init__(self, text: str, root: yaml.Node | None) -> None:
        self.text = text
        self.pieces: list[tuple[int, int, str]] = []
        lists = [each for each in _inner(root) if isinstance(each, yaml.SequenceNode)] if root is not None else []
        self.flow = not lists or all(each.flow_style for each in lists)
        self.dash = next((self._dash_of(each) for each in lists if not each.flow_style), 2)

    def _dash_of(self, node: yaml.SequenceNode) -> int:
        """Returns the blanks by which a list is indented below its key."""
        start = self._line_start(node.start_mark.index)
        above = self.text[:start].rstrip("\n").rpartition("\n")[2]
        below = node.start_mark.column - (len(above) - len(above.lstrip(" ")))
        return below if 0 <= below <= 8 else 2

    def result(self) -> str:
        text = self.text
        # From the end on, so that places stay true; of several at one place the last first.
        placed = [(start, end, number, new) for number, (start, end, new) in enumerate(self.pieces)]
        for start, end, _, new in sorted(placed, reverse=True):
            text = text[:start] + new + text[end:]
        # Without its last line, a text ends with the line end before it.
        return text if self.text.endswith("\n") else text.removesuffix("\n")

    def change_mapping(
        self, node: yaml.MappingNode, changes: Mapping[str, Value | None], order: Sequence[str] = ()
    ) -> None:
        pairs = {str(key.value): (key, value) for key, value in node.value}
        gone = {key for key, value in changes.items() if value is None and key in pairs}
        added = {key: value for key, value in changes.items() if value is not None and key not in pairs}
        if node.flow_style and (gone or added):
            kept = [
                self._raw(key.start_mark.index, self._end(value)) for key, value in node.value if key.value not in gone
            ]
            new = [f"{self.scalar(key, flow=True)}: {self.in_flow(value)}" for key, value in added.items()]
            inner = {key: value for key, value in changes.items() if key in pairs and value is not None}
            if inner:
                raise RewriteError("several changes in one line")
            self._replace(node.start_mark.index, node.end_mark.index, "{" + ", ".join((*kept, *new)) + "}")
            return
        for key in gone:
            self._remove_lines(pairs[key][0].start_mark.index, self._end_of_pair(*pairs[key]))
        for key, value in changes.items():
            if key in pairs and value is not None:
                self.change_value(*pairs[key], value)
        left = [pair for pair in node.value if pair[0].value not in gone]
        for key, value in added.items():
            self._add_pair(node, left, key, value, order)

    def _add_pair(
        self,
        node: yaml.MappingNode,
        pairs: list[tuple[yaml.Node, yaml.Node]],
        key: str,
        value: Value,
        order: Sequence[str],
    ) -> None:
        before = set(order[: order.index(key)]) if key in order else set()
        after = next((pair for pair in reversed(pairs) if pair[0].value in before), None) or (
            pairs[-1] if pairs else None
        )
        column = node.start_mark.column
        line = " " * column + self.pair(key, value, column)
        if after is None:
            at = self._line_start(node.start_mark.index)
            self._replace(at, at, line + "\n")
            return
        end = self._line_end(self._end_of_pair(*after))
        self._replace(end, end, "\n" + line)

    def change_value(self, key: yaml.Node, node: yaml.Node, value: Value) -> None:
        if (
            isinstance(node, yaml.ScalarNode)
            and isinstance(value, str)
            and (node.value or node.style or self._raw_of(node))
        ):
            if node.style in ("|", ">") or ("\n" in value and not node.style):
                self._replace_whole(key, node, value)
            else:
                new = self.scalar(value, node.style or "", flow=False, plain=_resolved(node) != _STR)
                self._replace(node.start_mark.index, node.end_mark.index, new)
        elif isinstance(node, yaml.MappingNode) and isinstance(value, Mapping):
            self.change_mapping(node, value)
        elif isinstance(node, yaml.SequenceNode) and isinstance(value, Sequence) and not isinstance(value, str):
            self._change_list(key, node, list(value))
        else:
            self._replace_whole(key, node, value)

    def _change_list(self, key: yaml.Node, node: yaml.SequenceNode, new: list[Value]) -> None:
        old = [_value(each) for each in node.value]
        steps = SequenceMatcher(None, [*map(_mark, old)], [*map(_mark, new)], autojunk=False).get_opcodes()
        if node.flow_style:
            parts: list[str] = []
            for what, first, last, start, end in steps:
                if what == "equal":
                    parts += [self._raw_of(each) for each in node.value[first:last]]
                else:
                    parts += [self.in_flow(each) for each in new[start:end]]
            self._replace(node.start_mark.index, node.end_mark.index, f"[{', '.join(parts)}]")
            return
        dash = node.start_mark.column
        if any(self._dash_before(each) != dash for each in node.value):
            self._replace_whole(key, node, new)
            return
        for what, first, last, start, end in steps:
            if what == "equal":
                continue
            spot = (
                self._line_end(self._end(node.value[first - 1])) if first else self._line_start(node.start_mark.index)
            )
            for item, value in zip_longest(node.value[first:last], new[start:end]):
                if value is None:
                    self._remove_lines(item.start_mark.index, self._end(item))
                    continue
                text = " " * dash + "- " + self.item(value, dash + 2)
                if item is None:
                    self._replace(spot, spot, f"\n{text}" if first or last > first else f"{text}\n")
                elif isinstance(item, yaml.ScalarNode) and isinstance(value, str) and item.style not in ("|", ">"):
                    shown = self.scalar(value, item.style or "", flow=False, plain=_resolved(item) != _STR)
                    self._replace(item.start_mark.index, item.end_mark.index, shown)
                else:
                    spot_start = self._line_start(item.start_mark.index)
                    self._replace(spot_start, self._line_end(self._end(item)), text)
                if item is not None:
                    spot = self._line_end(self._end(item))

    def _dash_before(self, node: yaml.Node) -> int:
        line = self.text[self._line_start(node.start_mark.index) : node.start_mark.index]
        return len(line) - len(line.lstrip(" ")) if line.strip() == "-" else -1

    def _replace_whole(self, key: yaml.Node, node: yaml.Node, value: Value) -> None:
        colon = self.text.index(":", key.end_mark.index)
        indent = self._column(key)
        self._replace(
            colon + 1, self._end(node) if node.end_mark.index > colon else colon + 1, self.behind_colon(value, indent)
        )

    # How values are written.

    def pair(self, key: str, value: Value, indent: int) -> str:
        return f"{self.scalar(key)}:{self.behind_colon(value, indent)}"

    def behind_colon(self, value: Value, indent: int) -> str:
        if isinstance(value, str):
            return " " + (self._literal(value, indent + 2) or self.scalar(value))
        if isinstance(value, Mapping):
            pairs = [(key, each) for key, each in value.items() if each is not None]
            return "".join(f"\n{' ' * (indent + 2)}{self.pair(key, each, indent + 2)}" for key, each in pairs) or " {}"
        if self.flow and all(isinstance(each, str) and "\n" not in each for each in value):
            shown = self.in_flow(value)
            if len(shown) <= _LONGEST_LIST:
                return f" {shown}"
        dash = indent + self.dash
        return "".join(f"\n{' ' * dash}- {self.item(each, dash + 2)}" for each in value) or " []"

    def item(self, value: Value, indent: int) -> str:
        if isinstance(value, str):
            return self.scalar(value)
        if isinstance(value, Mapping):
            pairs = [self.pair(key, each, indent) for key, each in value.items() if each is not None]
            return f"\n{' ' * indent}".join(pairs) or "{}"
        return self.in_flow(value)

    def in_flow(self, value: Value) -> str:
        if isinstance(value, str):
            return self.scalar(value, flow=True)
        if isinstance(value, Mapping):
            pairs = (
                f"{self.scalar(key, flow=True)}: {self.in_flow(each)}"
                for key, each in value.items()
                if each is not None
            )
            return "{" + ", ".join(pairs) + "}"
        return "[" + ", ".join(self.in_flow(each) for each in value) + "]"

    def scalar(self, value: str, style: str = "", *, flow: bool = False, plain: bool = False) -> str:
        """Returns a text as YAML, in the ``style`` of the old one if that can hold it; ``plain``: without quotation marks also
        where other readers would take it for a number or a date."""
        if style == "'" and "\n" not in value and value.isprintable():
            return "'" + value.replace("'", "''") + "'"
        if (
            not style
            and (plain or isinstance(value, Plain) or _is_text(value) or _is_date(value))
            and _reads_back(value, flow=flow)
        ):
            return value
        return json.dumps(value, ensure_ascii=False)

    @staticmethod
    def _literal(value: str, indent: int) -> str:
        """Returns a text of several lines as a block; "" for one that is better in quotation marks."""
        body = value[:-1] if value.endswith("\n") else value
        if "\n" not in value or not body.strip() or body[:1] in " \n\t" or body.endswith("\n"):
            return ""
        if any(not sign.isprintable() and sign not in "\n\t" for sign in value):
            return ""
        lines = (" " * indent + line if line else "" for line in body.split("\n"))
        return ("|\n" if value.endswith("\n") else "|-\n") + "\n".join(lines)

    # Where things are in the text.

    def _replace(self, start: int, end: int, new: str) -> None:
        self.pieces.append((start, end, new))

    def _remove_lines(self, start: int, end: int) -> None:
        self._replace(self._line_start(start), min(self._line_end(end) + 1, len(self.text)), "")

    def _line_start(self, at: int) -> int:
        return self.text.rfind("\n", 0, at) + 1

    def _line_end(self, at: int) -> int:
        end = self.text.find("\n", at)
        return len(self.text) if end < 0 else end

    def _column(self, node: yaml.Node) -> int:
        column: int = node.start_mark.column
        return column

    def _raw(self, start: int, end: int) -> str:
        return self.text[start:end].strip()

    def _raw_of(self, node: yaml.Node) -> str:
        return self._raw(node.start_mark.index, node.end_mark.index)

    def _end_of_pair(self, key: yaml.Node, value: yaml.Node) -> int:
        return max(self._end(key), self._end(value))

    def _end(self, node: yaml.Node) -> int:
        """Returns the index behind the last sign of a value; comments and blank lines behind it are not part of it."""
        if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
            last = node.value[-1]
            return self._end_of_pair(*last) if isinstance(last, tuple) else self._end(last)
        end: int = node.end_mark.index
        start: int = node.start_mark.index
        return start + len(self.text[start:end].rstrip())


def _inner(node: yaml.Node) -> Iterator[yaml.Node]:
    yield node
    if isinstance(node, yaml.CollectionNode):
        for each in node.value:
            for part in each if isinstance(each, tuple) else (each,):
                yield from _inner(part)


def _value(node: yaml.Node) -> Value:
    if isinstance(node, yaml.SequenceNode):
        return [_value(each) for each in node.value]
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _value(value) for key, value in node.value}
    return str(node.value)


def _mark(value: Value) -> str:
    return json.dumps(value, sort_keys=True)


def _resolved(node: yaml.ScalarNode) -> str:
    """Returns the tag that other readers would give to a value without quotation marks."""
    return _STR if node.style else _tag_of(node.value)


def _tag_of(value: str) -> str:
    found: str = Resolver().resolve(yaml.ScalarNode, value, (True, False))  # type: ignore[no-untyped-call]
    return found


def _is_text(value: str) -> bool:
    return _tag_of(value) == _STR


def _is_date(value: str) -> bool:
    return _tag_of(value) == "tag:yaml.org,2002:timestamp"


def _reads_back(value: str, *, flow: bool) -> bool:
    """Tells whether a text without quotation marks is read as it is."""
    if not value.strip() or value != value.strip() or not value.isprintable() or " #" in value or "\t#" in value:
        return False
    try:
        root = yaml.compose(f"[{value}]" if flow else f"key: {value}\nnext: 1", Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError):
        return False
    if not isinstance(root, yaml.CollectionNode) or len(root.value) != (1 if flow else 2):
        return False
    found = root.value[0] if flow else root.value[0][1]
    plain = isinstance(found, yaml.ScalarNode) and not found.style and not found.tag.endswith("null")
    return plain and bool(found.value == value)

"""The types of everything that the theme's templates read, worked out from their syntax trees and the structs of pages.

Templates are run without data: every expression has a set of types instead of a value, every branch is taken, every macro
is run for each combination of types that it is called with. What a type does not have is an error; so is whatever this does
not understand, so that nothing passes unread.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import jinja2
import msgspec
from jinja2 import nodes

Types = frozenset[Any]
NOTHING: Types = frozenset()


@dataclass(frozen=True)
class Plain:
    """A text, a number, a truth value."""

    name: str


@dataclass(frozen=True)
class Row:
    """Elements of the same types."""

    of: Types


@dataclass(frozen=True)
class Table:
    """Values of the same types, by texts that nothing is known of."""

    of: Types


@dataclass(frozen=True)
class Pair:
    """A few values of different types."""

    parts: tuple[Types, ...]


@dataclass(frozen=True)
class Thing:
    """An object with these members that is no struct: MkDocs' own."""

    name: str
    members: tuple[tuple[str, Types], ...]


@dataclass(frozen=True)
class Method:
    """A method of a text or of a table, by its result."""

    result: Types


@dataclass(frozen=True)
class Module:
    """An imported template."""

    name: str


@dataclass(frozen=True, eq=False)
class Macro:
    """A macro, and the names that it can see."""

    template: str
    node: nodes.Macro
    scope: dict[str, Types]


@dataclass(frozen=True, eq=False)
class Loop:
    """A loop, which may be entered again with other elements."""

    node: nodes.For
    scope: dict[str, Types]
    entered: set[Types] = field(default_factory=set)


TEXT: Types = frozenset({Plain("str")})
NUMBER: Types = frozenset({Plain("int")})
TRUTH: Types = frozenset({Plain("bool")})
NAMES = {"str": TEXT, "int": NUMBER, "bool": TRUTH}
METHODS: Mapping[str, Types] = {"startswith": TRUTH, "isdigit": TRUTH, "replace": TEXT}
LOOP: Mapping[str, Types] = {"index": NUMBER, "first": TRUTH, "last": TRUTH}
TEXT_FILTERS = {"replace", "truncate", "lang", "url", "string", "e"}


def types_of(annotation: Any) -> Types:
    """Return the types that an annotation allows; None counts as nothing."""
    if annotation in (None, type(None)):
        return NOTHING
    if annotation in (str, int, bool):
        return NAMES[annotation.__name__]
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType):
        return frozenset[Any]().union(*map(types_of, parts))
    if origin is typing.Literal:
        return frozenset[Any]().union(*(NAMES[type(part).__name__] for part in parts))
    if origin is tuple and len(parts) == 2 and parts[1] is ...:
        return frozenset({Row(types_of(parts[0]))})
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return frozenset({Table(types_of(parts[1]))})
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return frozenset({annotation})
    raise TypeError(f"no template can read {annotation}")


@cache
def members_of(kind: type[msgspec.Struct]) -> Mapping[str, Types]:
    """Return the members of a struct as templates see them."""
    return {each.encode_name: types_of(each.type) for each in msgspec.structs.fields(kind)}


class Reading:
    """The reading of a template and of all that it extends, imports and includes: ``errors``, and ``read``, the members that it
    reads."""

    def __init__(
        self,
        theme: Path,
        names: Mapping[str, Types],
        members: Callable[[type[msgspec.Struct]], Mapping[str, Types]] = members_of,
    ) -> None:
        self.theme = theme
        self.names, self.members = dict(names), members
        self.errors: dict[str, None] = {}
        self.read: set[tuple[type[msgspec.Struct], str]] = set()
        self._modules: dict[str, dict[str, Types]] = {}
        self._called: set[Any] = set()
        self._blocks: dict[str, tuple[str, nodes.Block]] = {}
        self._template = ""

    def page(self, template: str) -> Reading:
        """Read a whole page."""
        self._render(template, dict(self.names))
        return self

    def _render(self, template: str, scope: dict[str, Types]) -> None:
        tree = _parsed(self.theme, template)
        for block in tree.find_all(nodes.Block):
            self._blocks.setdefault(block.name, (template, block))
        parent = next(iter(tree.find_all(nodes.Extends)), None)
        body = [each for each in tree.body if not (parent and isinstance(each, nodes.Extends | nodes.Block))]
        self._in(template, body, scope)
        if parent is not None:
            self._render(parent.template.as_const(), scope)

    def _in(self, template: str, body: Iterable[nodes.Node], scope: dict[str, Types]) -> None:
        before, self._template = self._template, template
        self._run(body, scope)
        self._template = before

    def _fail(self, node: nodes.Node, message: str) -> Types:
        self.errors[f"{self._template}:{node.lineno}: {message}"] = None
        return NOTHING

    # Statements

    def _run(self, body: Iterable[nodes.Node], scope: dict[str, Types]) -> None:
        for node in body:
            run = getattr(self, f"_run_{type(node).__name__.lower()}", None)
            if run is None:
                self._fail(node, f"a statement {type(node).__name__} is not understood")
            else:
                run(node, scope)

    def _run_output(self, node: nodes.Output, scope: dict[str, Types]) -> None:
        for each in node.nodes:
            found = self._eval(each, scope)
            if any(not isinstance(one, Plain) for one in found):
                self._fail(each, f"{_told(found)} cannot be printed")

    def _run_if(self, node: nodes.If, scope: dict[str, Types]) -> None:
        self._eval(node.test, scope)
        branches = [dict(scope) for _ in range(2 + len(node.elif_))]
        self._run(node.body, branches[0])
        for part, branch in zip(node.elif_, branches[1:], strict=False):
            self._eval(part.test, scope)
            self._run(part.body, branch)
        self._run(node.else_, branches[-1])
        for branch in branches:
            for name, found in branch.items():
                scope[name] = scope.get(name, NOTHING) | found

    def _run_for(self, node: nodes.For, scope: dict[str, Types]) -> None:
        self._enter(Loop(node, scope), self._elements(node.iter, self._eval(node.iter, scope)))
        self._run(node.else_, dict(scope))

    def _enter(self, loop: Loop, elements: Types) -> None:
        if elements in loop.entered:
            return
        loop.entered.add(elements)
        inner = dict(loop.scope) | {"loop": frozenset({loop})}
        self._assign(loop.node.target, elements, inner)
        if loop.node.test is not None:
            self._eval(loop.node.test, inner)
        self._run(loop.node.body, inner)

    def _run_assign(self, node: nodes.Assign, scope: dict[str, Types]) -> None:
        self._assign(node.target, self._eval(node.node, scope), scope)

    def _run_assignblock(self, node: nodes.AssignBlock, scope: dict[str, Types]) -> None:
        self._run(node.body, dict(scope))
        self._assign(node.target, TEXT, scope)

    def _assign(self, target: nodes.Node, found: Types, scope: dict[str, Types]) -> None:
        if isinstance(target, nodes.Name):
            scope[target.name] = found
            return
        assert isinstance(target, nodes.Tuple)
        for place, part in enumerate(target.items):
            parts = (one.parts[place] for one in found if isinstance(one, Pair) and len(one.parts) == len(target.items))
            self._assign(part, frozenset[Any]().union(*parts), scope)
        if any(not isinstance(one, Pair) for one in found):
            self._fail(target, f"{_told(found)} has no parts")

    def _run_macro(self, node: nodes.Macro, scope: dict[str, Types]) -> None:
        scope[node.name] = frozenset({Macro(self._template, node, scope)})

    def _run_import(self, node: nodes.Import, scope: dict[str, Types]) -> None:
        name = node.template.as_const()
        if name not in self._modules:
            self._modules[name] = {}
            self._in(name, _parsed(self.theme, name).body, self._modules[name])
        scope[node.target] = frozenset({Module(name)})

    def _run_include(self, node: nodes.Include, scope: dict[str, Types]) -> None:
        name = node.template.as_const()
        self._in(name, _parsed(self.theme, name).body, dict(scope))

    def _run_block(self, node: nodes.Block, scope: dict[str, Types]) -> None:
        template, block = self._blocks[node.name]
        self._in(template, block.body, dict(scope))

    # Expressions

    def _eval(self, node: nodes.Node | None, scope: dict[str, Types]) -> Types:
        if node is None:
            return NOTHING
        evaluate = getattr(self, f"_eval_{type(node).__name__.lower()}", None)
        if evaluate is None:
            return self._fail(node, f"an expression {type(node).__name__} is not understood")
        found: Types = evaluate(node, scope)
        return found

    def _every(self, parts: Iterable[nodes.Node | None], scope: dict[str, Types]) -> Types:
        return frozenset[Any]().union(*[self._eval(part, scope) for part in parts])

    def _eval_templatedata(self, node: nodes.TemplateData, scope: dict[str, Types]) -> Types:
        return TEXT

    def _eval_const(self, node: nodes.Const, scope: dict[str, Types]) -> Types:
        return NOTHING if node.value is None else NAMES[type(node.value).__name__]

    def _eval_name(self, node: nodes.Name, scope: dict[str, Types]) -> Types:
        if node.name not in scope:
            return self._fail(node, f"nothing is called {node.name}")
        return scope[node.name]

    def _eval_list(self, node: nodes.List, scope: dict[str, Types]) -> Types:
        return frozenset({Row(self._every(node.items, scope))})

    _eval_tuple = _eval_list

    def _eval_dict(self, node: nodes.Dict, scope: dict[str, Types]) -> Types:
        return frozenset({Table(self._every((pair.value for pair in node.items), scope))})

    def _eval_condexpr(self, node: nodes.CondExpr, scope: dict[str, Types]) -> Types:
        self._eval(node.test, scope)
        return self._every((node.expr1, node.expr2), scope)

    def _eval_or(self, node: nodes.BinExpr, scope: dict[str, Types]) -> Types:
        return self._every((node.left, node.right), scope)

    _eval_and = _eval_or

    def _eval_not(self, node: nodes.Not, scope: dict[str, Types]) -> Types:
        self._eval(node.node, scope)
        return TRUTH

    def _eval_compare(self, node: nodes.Compare, scope: dict[str, Types]) -> Types:
        self._every((node.expr, *(each.expr for each in node.ops)), scope)
        return TRUTH

    def _eval_test(self, node: nodes.Test, scope: dict[str, Types]) -> Types:
        self._every((node.node, *node.args), scope)
        return TRUTH

    def _eval_concat(self, node: nodes.Concat, scope: dict[str, Types]) -> Types:
        self._every(node.nodes, scope)
        return TEXT

    def _eval_mul(self, node: nodes.BinExpr, scope: dict[str, Types]) -> Types:
        return self._eval(node.left, scope) if self._eval(node.right, scope) else NOTHING

    def _eval_mod(self, node: nodes.BinExpr, scope: dict[str, Types]) -> Types:
        self._every((node.left, node.right), scope)
        return TEXT

    def _eval_marksafeifautoescape(self, node: nodes.MarkSafeIfAutoescape, scope: dict[str, Types]) -> Types:
        return self._eval(node.expr, scope)

    def _eval_getattr(self, node: nodes.Getattr, scope: dict[str, Types]) -> Types:
        return self._member(node, self._eval(node.node, scope), node.attr)

    def _eval_getitem(self, node: nodes.Getitem, scope: dict[str, Types]) -> Types:
        owner = self._eval(node.node, scope)
        if isinstance(node.arg, nodes.Slice):
            self._every((node.arg.start, node.arg.stop, node.arg.step), scope)
            return owner
        if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
            tables = (one.of for one in owner if isinstance(one, Table))
            others = frozenset(one for one in owner if not isinstance(one, Table))
            found = self._member(node, others, node.arg.value) if others else NOTHING
            return found.union(*tables)
        self._eval(node.arg, scope)
        return self._elements(node, owner)

    def _member(self, node: nodes.Node, owner: Types, name: str) -> Types:
        found = NOTHING
        for one in owner:
            known: Mapping[str, Types] = {}
            if isinstance(one, type):
                known = self.members(one)
                self.read |= {(one, name)} & {(one, each) for each in known}
            elif isinstance(one, Thing):
                known = dict(one.members)
            elif isinstance(one, Module):
                known = self._modules[one.name]
            elif isinstance(one, Loop):
                known = LOOP
            elif isinstance(one, Plain) and one.name == "str":
                known = {each: frozenset({Method(result)}) for each, result in METHODS.items()}
            elif isinstance(one, Table):
                pairs = frozenset({Row(frozenset({Pair((TEXT, one.of))}))})
                known = {"items": frozenset({Method(pairs)}), "get": frozenset({Method(one.of)})}
                if not one.of:  # what stands for a struct that is not there
                    known |= {name: known.get(name, NOTHING)}
            if name not in known:
                self._fail(node, f"{_told({one})} has no member {name}")
            found |= known.get(name, NOTHING)
        return found

    def _elements(self, node: nodes.Node, rows: Types) -> Types:
        found = NOTHING
        for one in rows:
            if isinstance(one, Row):
                found |= one.of
            elif one == Plain("str") and isinstance(node, nodes.Getitem):
                found |= TEXT
            else:
                self._fail(node, f"{_told({one})} is no row")
        return found

    def _eval_call(self, node: nodes.Call, scope: dict[str, Types]) -> Types:
        if isinstance(node.node, nodes.Name) and node.node.name in ("gettext", "ngettext"):
            self._every((*node.args, *(each.value for each in node.kwargs)), scope)
            return TEXT
        found = NOTHING
        for one in self._eval(node.node, scope):
            arguments = [self._eval(each, scope) for each in node.args]
            named = {each.key: self._eval(each.value, scope) for each in node.kwargs}
            if isinstance(one, Macro):
                self._call(node, one, arguments, named)
                found |= TEXT
            elif isinstance(one, Method):
                found |= one.result
            elif isinstance(one, Loop) and len(arguments) == 1:
                self._enter(one, self._elements(node, arguments[0]))
                found |= TEXT
            else:
                self._fail(node, f"{_told({one})} cannot be called")
        return found

    def _call(self, node: nodes.Node, macro: Macro, given: Sequence[Types], named: Mapping[str, Types]) -> None:
        parameters = [each.name for each in macro.node.args]
        unknown = named.keys() - set(parameters)
        first = len(parameters) - len(macro.node.defaults)
        if unknown or len(given) > len(parameters):
            self._fail(node, f"the macro {macro.node.name} does not take this")
            return
        values = dict(zip(parameters, given, strict=False)) | dict(named)
        missing = [each for each in parameters[:first] if each not in values]
        if missing:
            self._fail(node, f"the macro {macro.node.name} asks for {missing[0]}")
            return
        for name, default in zip(parameters[first:], macro.node.defaults, strict=True):
            values.setdefault(name, self._eval(default, macro.scope))
        key = macro, tuple(sorted(values.items(), key=lambda pair: pair[0]))
        if key not in self._called:
            self._called.add(key)
            self._in(macro.template, macro.node.body, dict(macro.scope) | values)

    def _eval_filter(self, node: nodes.Filter, scope: dict[str, Types]) -> Types:
        subject = self._eval(node.node, scope)
        self._every((*node.args, *(each.value for each in node.kwargs)), scope)
        if node.name in TEXT_FILTERS:
            return TEXT
        if node.name == "length":
            return NUMBER
        if node.name == "qr":
            return frozenset({Thing("a QR code", (("size", NUMBER), ("path", TEXT)))})
        if node.name == "list":
            return subject
        names = [*node.args[:1], *(each.value for each in node.kwargs if each.key == "attribute")]
        if node.name in ("map", "selectattr", "rejectattr") and len(names) == 1 and isinstance(names[0], nodes.Const):
            found = self._member(node, self._elements(node, subject), names[0].value)
            return frozenset({Row(found)}) if node.name == "map" else subject
        return self._fail(node, f"a filter {node.name} is not understood")


@lru_cache(maxsize=64)
def _parsed(theme: Path, template: str) -> nodes.Template:
    environment = jinja2.Environment(extensions=["jinja2.ext.i18n"])
    return environment.parse((theme / template).read_text("utf-8"), template)


def _told(found: Iterable[Any]) -> str:
    return " or ".join(sorted(each.__name__ if isinstance(each, type) else str(each)[:60] for each in found))

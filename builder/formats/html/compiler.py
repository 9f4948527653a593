"""Jinja's compiler, told what most of a page's expressions are: a key of a plain dict, and a call of a macro.

Jinja asks its environment for every `value.name` and its context for every call, since either may be anything. Here the
compiled template looks for itself first; whatever is neither a plain dict nor a plain macro goes the way that it goes in Jinja.
The texts are the same.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from keyword import iskeyword
from types import BuiltinFunctionType
from typing import Any

from jinja2 import Environment, Undefined, nodes
from jinja2.compiler import CodeGenerator, Frame, MacroRef
from jinja2.runtime import Macro
from jinja2.utils import missing

DICT_NAMES = frozenset(dir(dict))


class Compiler(CodeGenerator):
    """The generator of the code of templates of an environment that was :func:`prepared <prepare>`."""

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 - a name of Jinja
        # A value is looked at right after it is remembered, so that one name will do however deep expressions are nested.
        name = repr(node.attr)
        if node.attr in DICT_NAMES:
            super().visit_Getattr(node, frame)
            return
        self.write(f"((v[{name}] if {name} in v else environment.unknown[{name}]) if (v := ")
        self.visit(node.node, frame)
        self.write(f").__class__ is dict else environment.getattr(v, {name}))")

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802
        reserved = any(iskeyword(argument.key) for argument in node.kwargs)
        if forward_caller or reserved or node.dyn_args is not None or node.dyn_kwargs is not None:
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        scope = "".join(
            f", {name}={name}"
            for name, held in (("_loop_vars", frame.loop_frame), ("_block_vars", frame.block_frame))
            if held
        )
        self.write("(v if (v := ")
        self.visit(node.node, frame)
        self.write(f").__class__ in environment.plain_calls else environment.partial(context.call, v{scope}))(")
        for number, argument in enumerate((*node.args, *node.kwargs)):
            self.write(", " if number else "")
            self.visit(argument, frame)
        self.write(")")

    def macro_def(self, macro_ref: MacroRef, frame: Frame) -> None:
        self.write("environment.plain_macro(")
        super().macro_def(macro_ref, frame)
        self.write(")")


class _Unknown(dict[str, Undefined]):
    """The value of each name that a dict does not have. It says no more of the dict than that it is one."""

    def __init__(self, undefined: type[Undefined]) -> None:
        super().__init__()
        self._undefined = undefined

    def __missing__(self, name: str) -> Undefined:
        value = self[name] = self._undefined(obj={}, name=name)
        return value


class PlainMacro(Macro):
    """A macro that takes arguments by their names and nothing else, where nothing is escaped: it is called as it is."""

    def __call__(self, *args: Any, **kwargs: Any) -> str:
        left = self._argument_count - len(args)
        if left > 0:
            args += tuple(kwargs.pop(name, missing) for name in self.arguments[-left:])
        if left < 0 or kwargs:
            return super().__call__(*args, **kwargs)
        return self._func(*args)


def _plain(macro: Macro) -> Macro:
    """Returns the macro as a plain one, if it is one."""
    if not (macro.catch_kwargs or macro.catch_varargs or macro.caller or macro._default_autoescape):
        macro.__class__ = PlainMacro
    return macro


def prepare(environment: Environment) -> None:
    """Lets an environment compile templates in this way."""
    made: Any = environment
    made.code_generator_class = Compiler
    # What compiled templates ask for by name. A built-in function or a method of one's values takes what it is given.
    made.plain_macro, made.partial = _plain, partial
    made.plain_calls = frozenset((PlainMacro, BuiltinFunctionType))
    made.undefined = _falsy(environment.undefined)
    made.unknown = _Unknown(environment.undefined)
    made.getattr = _lookup(environment, made.unknown)
    # What all templates know does not change any more: a plain dict, where Jinja looks through one behind the other.
    made.make_globals = lambda own: {**environment.globals, **(own or {})}


def _falsy(undefined: type[Undefined]) -> type[Undefined]:
    """Returns the class of unknown values; where these count as false, they do without a call of a function in Python."""
    return type(undefined.__name__, (undefined,), {"__bool__": bool}) if undefined is Undefined else undefined


def _lookup(environment: Environment, unknown: _Unknown) -> Callable[[Any, str], Any]:
    """Evaluates Jinja's `value.name` with the keys of a dict looked up first, since Jinja would raise and catch an AttributeError
    for each. No key is the name of a dict's method, so the result is the same."""
    slow = environment.getattr

    def lookup(value: Any, name: str) -> Any:
        if type(value) is dict and name not in DICT_NAMES:
            return value[name] if name in value else unknown[name]
        try:
            return getattr(value, name)
        except AttributeError:
            return slow(value, name)

    return lookup

"""Templates compiled in our way say what Jinja's own say: keys, what a dict does not have, macros, methods, functions."""

from __future__ import annotations

import pytest
from jinja2 import DictLoader, Environment, UndefinedError, pass_context
from jinja2.runtime import Context

from builder.formats.html.compiler import prepare

DATA = {"meta": {"title": "One", "items_html": "<b>", "deep": {"er": {"est": "down"}}, "rows": [{"n": 1}, {"n": 2}]}}
MACROS = """
{%- macro row(item, level='h3', anchor=false) %}<{{ level }}{% if anchor %} id{% endif %}>{{ item.n }}{% endmacro -%}
{%- macro open(a) %}{{ a }}{{ varargs | join }}{{ kwargs.x }}{% endmacro -%}
{%- macro around(a) %}{{ a }}[{{ caller() }}]{% endmacro -%}
{%- macro missing(a, b) %}{{ a }}{{ b }}{{ b is defined }}{% endmacro -%}
"""


@pass_context
def _seen(context: Context, name: str) -> str:
    return str(context.get(name, "nothing"))


def _said(template: str, ours: bool) -> str:
    environment = Environment(loader=DictLoader({"page": template, "macros": MACROS}), autoescape=False)
    environment.globals["seen"] = _seen
    if ours:
        prepare(environment)
    return environment.get_template("page").render(DATA)


@pytest.mark.parametrize(
    "template",
    [
        "{{ meta.title }}{{ meta.deep.er.est }}{{ meta.none }}{{ meta.none is defined }}",
        "{% if meta.none %}no{% elif meta.title %}{{ (meta.none or meta.deep).er.est }}{% endif %}",
        "{% for key, value in meta.deep.items() %}{{ key }}{{ value.get('est') }}{{ value.keys() | list }}{% endfor %}",
        "{{ meta.title.upper() }}{{ meta.title.replace('n', 'N').startswith('O') }}{{ meta.title[:2].lower() }}",
        "{% import 'macros' as m %}{% for each in meta.rows %}{{ m.row(each, anchor=loop.first) }}{% endfor %}",
        "{% import 'macros' as m %}{{ m.row(meta.rows[0], 'h2', true) }}{{ m.row(item=meta.rows[1], level='p') }}",
        "{% import 'macros' as m %}{{ m.open(1, 2, 3, x=4) }}{% call m.around('a') %}b{% endcall %}{{ m.missing(1) }}",
        "{% from 'macros' import row %}{{ row({'n': row({'n': row({'n': 3})})}) }}{{ row(*[meta.rows[0]], **{'level': 'b'}) }}",
        "{% set local = 'x' %}{% for each in [1] %}{% set inner = 'y' %}{{ seen('local') }}{{ seen('inner') }}{% endfor %}",
        "{{ range(3) | list }}{{ meta.rows | map(attribute='n') | sum }}{{ dict(title=1).title }}{{ 'a'.join(['b', 'c']) }}",
        "{% import 'macros' as m %}{{ m.row({'n': 1}, class='two') }}",
        "{% import 'macros' as m %}{{ m.row({'n': 1}, 'a', false, 'more') }}",
        "{{ meta.none.more }}",
        "{{ meta.none() }}",
    ],
)
def test_templates_say_what_they_say_in_jinja(template: str) -> None:
    told = []
    for ours in (False, True):
        try:
            told.append(_said(template, ours))
        except (UndefinedError, TypeError) as error:
            told.append(f"{type(error).__name__}: {error}")
    assert told[0] == told[1]

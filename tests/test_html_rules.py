"""The rules that pages are held to find each of the faults that they are for."""

from __future__ import annotations

import pytest
from html_rules import faults

PAGE = '<!DOCTYPE html><html lang="zh"><head><title>标题</title></head><body><main>{}</main></body></html>'


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ('<form action=""></form>', "action of form is empty"),
        ('<a href="">这里</a>', "href of a is empty"),
        ('<table><tr><td role="cell">1</td></tr></table>', "role cell of td"),
        ('<table role="table"><tr><td>1</td></tr></table>', "role table of table"),
        ('<div role="region" aria-label="表">1</div>', "div has the role of section"),
        ("<aside>1</aside>", "aside without a name"),
        ('<nav aria-label="页">1</nav><nav aria-label="页">2</nav>', "2 nav have the name '页'"),
        ('<h2 id="h">1</h2><ol aria-labelledby="h"></ol>', "ol cannot have a name"),
        ('<section aria-labelledby="h">1</section>', "aria-labelledby of section names h, which there is not"),
        ('<p id="x">1</p><p id="x">2</p>', "id x occurs 2 times"),
        ('<a href="/"><button type="button">1</button></a>', "button in a link"),
        ("<button>1</button>", "button without a type"),
        ("<p>1</div>", "end-tag"),
    ],
)
def test_a_fault_is_found(body: str, told: str) -> None:
    assert any(told in fault for fault in faults(PAGE.format(body)))


def test_a_page_without_faults_has_none() -> None:
    assert faults(PAGE.format('<form role="search"></form><aside aria-label="相关"><a href="/">首页</a></aside>')) == []

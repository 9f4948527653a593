"""Whatever is written, wherever: a page holds no element, attribute or address that is not on the list.

The pages are parsed as browsers do (html5lib; a sample in Chromium), since what matters is what they make of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import html5lib
import pytest
from conftest import SmallSite, examples
from hostile_site import write_hostile
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser

from builder.content.markdown import Body, Options, TooComplex, render
from builder.model.media import NO_PICTURE

HTML = frozenset(
    "a abbr b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption figure h2 h3 h4 "
    "h5 h6 hr i iframe img input ins kbd li mark ol p pre q rp rt ruby s samp section small span strong sub summary sup table "
    "tbody td tfoot th thead time tr u ul var wbr".split()
)
MATH = frozenset(
    "math mrow mi mn mo mtext mspace mfrac msqrt mroot mstyle mpadded mphantom msub msup msubsup munder mover munderover "
    "mmultiscripts mprescripts mtable mtr mtd".split()
)
ATTRIBUTES = frozenset(
    "id lang dir title href src alt width height colspan rowspan align scope start reversed type value class checked disabled "
    "aria-label datetime cite open span tabindex loading allowfullscreen".split()
)
MATH_ATTRIBUTES = frozenset(
    "display alttext class accent accentunder columnspan depth displaystyle fence form height largeop linethickness lspace "
    "mathsize mathvariant maxsize minsize movablelimits rowspan rspace scriptlevel separator stretchy symmetric voffset "
    "width".split()
)
CLASSES = re.compile(
    r"(language-\S{1,40}|admonition|admonition-title|note|tip|important|warning|caution|markdown-alert[a-z-]*|footnotes|"
    r"footnote-ref|highlight|table-wrap|math|align-(left|center|right)|[a-z]{1,3}[0-9]?)"
)
ADDRESS = re.compile(r"(?![a-z][a-z0-9+.-]*:)|(https?|mailto|tel|webcal|ftp|magnet|sms|geo):", re.IGNORECASE)
XHTML, MATHML = "{http://www.w3.org/1999/xhtml}", "{http://www.w3.org/1998/Math/MathML}"
FRAMES = Options(frames_from=("video.example.org",))


def shown(body: Body) -> str:
    """The HTML with every address as it was written."""
    return body.html([{"href" if link.kind == "link" else "src": link.target} for link in body.links])


def outlaws(html: str) -> Iterator[str]:
    """Everything in a piece of HTML that may not be there, as browsers read it."""
    for element in html5lib.parseFragment(html).iter():
        tag = str(element.tag)
        if not tag.startswith((XHTML, MATHML)):
            if tag not in ("DOCUMENT_FRAGMENT",):
                yield f"<{tag}>"
            continue
        math = tag.startswith(MATHML)
        name = tag.partition("}")[2]
        if name not in (MATH if math else HTML):
            yield f"<{name}>"
        for key, value in element.attrib.items():
            if key not in (MATH_ATTRIBUTES if math else ATTRIBUTES):
                yield f"{name} {key}="
            elif key == "class" and not all(CLASSES.fullmatch(word) for word in value.split()):
                yield f"class={value}"
            elif key in ("href", "cite") and not ADDRESS.match(value.strip()):
                yield f"{key}={value}"
            elif key == "src" and name == "iframe" and not value.startswith("https://video.example.org/"):
                yield f"iframe {value}"
            elif (
                key == "src" and not ADDRESS.match(value.strip()) and not value.startswith(("data:image/", NO_PICTURE))
            ):
                yield f"src={value}"


PIECES = st.sampled_from(
    [
        "<",
        ">",
        "</",
        "/>",
        '"',
        "'",
        "`",
        "&lt;",
        "&#60;",
        "&#x3c;",
        "&quot;",
        "&amp;lt;",
        "=",
        " ",
        "\n",
        "\n\n",
        "\t",
        "/",
        "\\",
        "script",
        "<script>alert(1)</script>",
        "<script",
        "</script>",
        "<style>",
        "</style>",
        "<svg onload=x>",
        "<svg/onload=x>",
        "<math><mtext><img src=x onerror=x>",
        "<img src=x onerror=x>",
        "<img/src=x/onerror=x>",
        "onerror=x",
        " onclick=x ",
        "/onfocus=x/",
        '<meta/http-equiv="refresh"/content="0;url=https://evil/">',
        '<main/tabindex="0"/autofocus/onfocus="x">',
        "<base href=//e>",
        "javascript:x",
        "JaVaScRiPt:x",
        "java\tscript:x",
        "&#106;avascript:x",
        "data:text/html,x",
        "vbscript:x",
        "style=color:red",
        "<iframe src=//e>",
        "<iframe srcdoc='<script>'>",
        "<form action=//e>",
        "<object data=x>",
        "<link rel=stylesheet href=x>",
        "<template>",
        "<noscript>",
        "</noscript>",
        "<textarea>",
        "</textarea>",
        "<title>",
        "</title>",
        "<xmp>",
        "<plaintext>",
        "<!--",
        "-->",
        "--!>",
        "<![CDATA[",
        "]]>",
        "<?x",
        "\\text{",
        "\\mbox{",
        "\\href{javascript:x}{y}",
        "\\class{a}{b}",
        "\\style{color:red}{b}",
        "\\color{red}",
        "\\tag{",
        "{",
        "}",
        "$",
        "$$",
        "\\(",
        "^",
        "_",
        "&",
        "\U00012470",
        "\U00012471",
        "%F0%92%91%B0",
        "&#x12470;",
        "~",
        "~~",
        "[^1]",
        "](",
        "![",
        "[",
        "]",
        "(",
        ")",
        "|",
        "# ",
        "- ",
        "> ",
        "    ",
        "```",
        "\u202e",
        "\u2028",
        "\ufeff",
        "字",
        "，",
        "https://a.b/",
        "www.a.b",
        "//e/",
        "data-embed=frame",
        "data-math-style=inline",
        "data-sourcepos=1:1-1:1",
        "<img data-embed=frame src=javascript:x>",
        "<code data-math-style=display>",
        "class=language-x",
        "id=bp-x",
        "<a name=x>",
    ]
)
PAYLOADS = st.lists(st.one_of(PIECES, PIECES, st.text(max_size=4)), min_size=1, max_size=7).map("".join)
PLACES = (
    "%s",
    "$%s$",
    "$\\text{%s}$",
    "文 $$%s$$ 文",
    "$`%s`$",
    "```\n%s\n```",
    "```%s\nx\n```",
    "```math\n%s\n```",
    "```python\n%s\n```",
    "> [!NOTE]\n> %s",
    "> [!NOTE] %s\n> x",
    "> [!%s]\n> x",
    "x[^1]\n\n[^1]: %s",
    "x[^%s]\n\n[^%s]: y",
    "![%s](a.png)",
    "![a](%s)",
    '![a](a.png "%s")',
    "[%s](x.md)",
    "[a](%s)",
    "[a](x.md '%s')",
    "[a][%s]\n\n[%s]: x",
    "# %s",
    "## %s",
    "| %s | b |\n|-|-|\n| c | %s |",
    "- [ ] %s",
    '<p title="%s">x</p>',
    "<p title='%s'>x</p>",
    "<p title=%s>x</p>",
    '<a href="%s">x</a>',
    "<a href=%s>x</a>",
    "<iframe src='%s' title='%s'></iframe>",
    "<iframe src='https://video.example.org/%s'></iframe>",
    '<video src="%s" title="%s"></video>',
    "<video><source src='%s'></video>",
    '<a name="%s">x</a>',
    "<div id='%s' class='%s'>x</div>",
    "<%s>",
    "<b %s>x</b>",
    '<img src="%s" alt="%s">',
    "https://a.b/%s",
    "<https://a.b/%s>",
    "`%s`",
    "    %s",
    "    字%s字",
    "**%s**",
    "<details><summary>%s</summary></details>",
    '<sup class="footnote-ref">%s</sup>',
    "<span data-math-style='inline'>%s</span>",
    "<!-- %s -->",
    "<pre>%s</pre>",
)


@given(
    st.lists(st.tuples(st.sampled_from(PLACES), PAYLOADS), min_size=1, max_size=3), st.sampled_from(("\n\n", "\n", " "))
)
@example([("$\\text{%s}$", '<meta/http-equiv="refresh"/content="0;url=https://evil/">')], "")
@example([("$\\text{%s}$", '<main/tabindex="0"/autofocus/onfocus="alert(1)">')], "")
@example([("%s", "$\\style{position:fixed}{x}$ $\\class{a}{x}$ $\\mbox{<b onx=1>}$ $\\fbox{<s>}$ $\\tag{<s>}$")], "")
@settings(max_examples=examples(200), deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_nothing_comes_out_that_is_not_on_the_list(written: list[tuple[str, str]], between: str) -> None:
    text = between.join(place.replace("%s", payload) for place, payload in written)
    try:
        body = render(text, options=FRAMES)
    except TooComplex:
        return
    html = shown(body)
    assert list(outlaws(html)) == []
    # And it closes what it opens: what follows the text on a page is no part of it.
    around = html5lib.parseFragment(f"<main>{html}</main><footer></footer>", namespaceHTMLElements=False)
    assert [child.tag for child in around] == ["main", "footer"]


MARKED = (
    "<zzz onzzz=1>",
    '"><zzz onzzz=1>',
    "'><zzz onzzz=1>",
    "</title><zzz onzzz=1>",
    "</script><zzz onzzz=1>",
    "--><zzz onzzz=1>",
    "{{ 7*7 }}<zzz>",
    '" onzzz="1',
    "' onzzz='1",
    "&lt;zzz onzzz=1&gt;",
    "`<zzz>`",
    "$\\text{<zzz/onzzz=1>}$",
)


HEAD = "---\ntitle: 标题\n---\n"
ORGANIZATION = "--- content/organization.yml\nname: 示范\nurl: https://example.org/\nsections:\n  news: {title: 动态}\n"


@pytest.mark.slow
def test_no_key_lets_markup_through(make_site: Callable[[str], SmallSite]) -> None:
    """Every key of every kind, as the schema names them."""
    site = write_hostile(make_site(""), "".join(MARKED))
    assert [each for each in site.build().problems if each.severity == "error"] == []
    found = sorted(site.output.rglob("*.html"))
    assert len(found) > 60
    for file in found:
        text = file.read_text("utf-8")
        for element in html5lib.parse(text, namespaceHTMLElements=False).iter():
            assert "zzz" not in str(element.tag), file
            assert not [key for key in element.attrib if "zzz" in str(key)], file
            assert "49" not in (element.text or ""), file
        assert '<meta http-equiv="Content-Security-Policy"' in text, file


@pytest.mark.browser
def test_chromium_runs_nothing_and_stays(make_site: Callable[[str], SmallSite], browser: Browser) -> None:
    run = "document.title='ran'"
    payloads = [
        f"<script>{run}</script>",
        f'<img src=x onerror="{run}">',
        f'<svg/onload="{run}">',
        f'$\\text{{<main/tabindex="0"/autofocus/onfocus="{run}">}}$',
        '$\\text{<meta/http-equiv="refresh"/content="0;url=https://evil.example/">}$',
        f'$\\mbox{{<img/src=x/onerror="{run}">}}$',
        f"[x](javascript:{run})",
        f'<iframe srcdoc="<script>parent.{run}</script>"></iframe>',
        f'<a name="x" autofocus onfocus="{run}">x</a>',
        f'> [!NOTE]\n> <details open ontoggle="{run}">x</details>',
        f'x[^1]\n\n[^1]: <input autofocus onfocus="{run}">',
        f'```"><img src=x onerror="{run}">\nx\n```',
        f'<math><mtext><table><mglyph><style><img src=x onerror="{run}">',
        '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
        f'![a](x.png "\'><img src=x onerror={run}>")',
    ]
    # What swallows all that follows it stands last.
    swallowing = [each for each in payloads if each.startswith(("<svg", "<math", "<script"))]
    texts = ["\n\n".join(each for each in payloads if each not in swallowing), *swallowing]
    files = "".join(f"--- content/a/news/2026-11-20-x{number}.md\n{HEAD}{text}\n" for number, text in enumerate(texts))
    site = make_site(f"--- mkdocs.yml\n{ORGANIZATION}--- content/a/branch.yml\nname: 甲\n{files}")
    site.build()
    page = browser.new_page()
    for number in range(len(texts)):
        address = (site.root / f"sites/a/news/2026-11-20-x{number}/index.html").as_uri()
        page.goto(address)
        page.wait_for_timeout(60)
        assert page.title() != "ran"
        assert page.url == address
        assert page.evaluate("document.querySelectorAll('[autofocus], [style], meta[http-equiv=refresh]').length") == 0
    page.close()

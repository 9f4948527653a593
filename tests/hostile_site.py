"""An organization in which every text that one may write is hostile: every key of every kind by the schema, every place of a
body, every kind of file, and names of files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from conftest import SmallSite
from PIL import Image

from builder.content.schema import kinds
from builder.content.schema.compound import AllOr, Fields, FilePath, ListOf, MapOf, Names, Words
from builder.content.schema.types import Text, Type, Url

RUN = "ran()"
"""What a script would do; whoever looks has to say what that is."""
MARK = (
    f"标`'\"><img src=//evil.example/i onerror={RUN}><svg/onload={RUN}></script><script>{RUN}</script></title></style>-->"
    f"<a autofocus onfocus={RUN}>{{{{7*7}}}}${{{RUN}}}"
)
"""A text that runs wherever it is taken for anything but a text."""
_PLAIN = frozenset(
    "body share_with aliases lang site_id owners admins redirects frames_from id email opinion refuse place".split()
)
"""Keys whose texts have a form of their own, or a meaning."""
PICTURE = "图'\"<>.png"
HOSTILE_URL = f"https://evil.example/'autofocus/onfocus='{RUN}'?a=javascript:{RUN}&b=`"
BODY = """
{mark}

$\\text{{{mark}}}$ $`{mark}`$ $$\\mbox{{{mark}}}$$

## {mark}

> [!NOTE] {mark}
> {mark}

注[^1] `{mark}`

[^1]: {mark}

```python
{mark}
```

```"><img src=x onerror={run}>
x
```

| {mark} | b |
|-|-|
| {mark} | c |

![{mark}](<图'"\\<>.png> "{mark}")

[a](javascript:{run}) [b](data:text/html,{mark}) [c](<x"onmouseover={run}>) [d](../../nothing/{slug}/) <vbscript:{run}>

![{mark}](data:image/svg+xml,%3Csvg%20xmlns='http://www.w3.org/2000/svg'%20onload='{run}'%3E%3Cscript%3E{run}%3C/script%3E%3C/svg%3E)
![e](data:text/html,{run}) [f](data:image/svg+xml,%3Csvg%20onload={run}%3E) <a href="&#x64;ata:text/html,{run}">g</a>
<img alt="h" src="data:image/svg+xml;base64,PHN2ZyB4bWxucz0naHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmcnIG9ubG9hZD0ncmFuKCknLz4=">
<img alt="i" src="DATA:image/png;base64,AAAA&quot; onerror={run}"><img alt="j" src="data:image/gif;base64,{mark}">

<p title="{attribute}" onclick="{run}" style="background:url(//evil.example/c)">x</p>
<iframe srcdoc="{attribute}"></iframe><iframe src="javascript:{run}"></iframe><iframe src="https://evil.example/f"></iframe>
<video src="https://evil.example/v" poster="https://evil.example/p" autoplay></video><audio src=//evil.example/a autoplay></audio>
<img src="https://evil.example/i" srcset="https://evil.example/s 2x"><img src="//evil.example/j">
<link rel=stylesheet href=//evil.example/l><link rel=prefetch href=//evil.example/l><style>@import "//evil.example/s"</style>
<meta http-equiv=refresh content="0;url=//evil.example/m"><base href="//evil.example/"><object data=//evil.example/o></object>
<embed src=//evil.example/e><form action=//evil.example/><button formaction=javascript:{run}>x</button></form>
<details open ontoggle="{run}"><summary>{mark}</summary></details><input autofocus onfocus="{run}">
<math><mtext><table><mglyph><style><img src=x onerror="{run}"></style></mglyph></table></mtext></math>
"""
DRAWING = f"""<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" onload="{RUN}"
width="9" height="9"><script>{RUN}</script><a xlink:href="javascript:{RUN}"><text y="9">x</text></a>
<image href="https://evil.example/i" width="1" height="1"/>
<foreignObject width="9" height="9"><body xmlns="http://www.w3.org/1999/xhtml"><img src="x" onerror="{RUN}"/></body>
</foreignObject><style>@import "https://evil.example/s"; * {{ fill: url(https://evil.example/u) }}</style>
<animate onbegin="{RUN}" attributeName="x" dur="1s"/><set attributeName="href" to="javascript:{RUN}"/>
<use href="data:image/svg+xml,%3Csvg id='x' xmlns='http://www.w3.org/2000/svg' onload='{RUN}'/%3E#x"/></svg>
"""
HEADS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "news/2026-11-20-x": (
        "article",
        {
            "attachments": [
                {"file": f"附件'\"<>&.{kind}", "title": MARK} for kind in ("csv", "txt", "pdf", "svg", "zip", "json")
            ],
            "topics": ["t"],
            "share_with": "all",
        },
    ),
    "notices/2026-11-20-x": ("notice", {"period": {"from": "2026-11-20", "to": "2026-12-31"}}),
    "policies/2026-11-20-x": ("policy", {}),
    "voices/2026-11-20-x": ("voice", {}),
    "events/2026-11-20-x": ("event", {"starts": "2026-12-01 09:00", "ends": "2026-12-02 10:00"}),
    "letters/2026-11-20-x": ("letter", {"received": "2026-11-01"}),
}


def hostile(kind: Type, mark: str) -> Any:
    """The value of a key that is as hostile as its type allows; None if it allows nothing of the kind."""
    match kind:
        case Fields():
            found = {
                each.key: value
                for each in kind.fields
                if each.key not in _PLAIN and (value := hostile(each.type, mark)) is not None
            }
            return found or None
        case ListOf() | AllOr():
            value = hostile(kind.item, mark)
            return [value] if value is not None else None
        case MapOf():
            value = hostile(kind.values, mark)
            return {"en": value} if value is not None and isinstance(kind.values, Text) else None
        case Words() | Names():
            return [mark]
        case Text():
            return mark
        case Url():
            return HOSTILE_URL
        case FilePath():
            return PICTURE
        case _:
            return None


def write_hostile(site: SmallSite, mark: str = MARK) -> SmallSite:
    """Writes the organization. YAML reads JSON."""
    organization = hostile(kinds.ORGANIZATION, mark) | {
        "url": "https://example.org/",
        "language": "zh",
        "sections": {
            place.partition("/")[0]: hostile(kinds.SECTION, mark) | {"type": kind} for place, (kind, _) in HEADS.items()
        },
        "health": {"public": True},
        "edit_url": HOSTILE_URL + "/{path}",
        "logo": "logo.svg",
        "feeds": {"mail": HOSTILE_URL},
    }
    for name in ("editing", "redirects", "site_id", "audit"):
        organization.pop(name, None)
    write(site, "organization.yml", json.dumps(organization))
    write(site, "logo.svg", DRAWING)
    write(site, "hub/about.md", head(hostile(kinds.PAGE, mark)) + body(mark))
    write(site, "hub/topics/t.md", head(hostile(kinds.TOPIC, mark) | {"discussion": discussion(mark)}) + body(mark))
    english = {"parent": "a", "language": "en", "translations": {"zh": "a"}}
    for branch, more in (("a", {"language": "zh", "translations": {"en": "b"}}), ("b", english)):
        settings = hostile(kinds.BRANCH, mark) | {
            "sections": {"add": {"labs": hostile(kinds.SECTION, mark)}},
            "committee": [{"name": mark, "role": mark, "since": mark, "photo": PICTURE}],
            "accept": "all",
        }
        for name in ("url", "defaults"):
            settings.pop(name, None)
        write(site, f"{branch}/branch.yml", json.dumps(settings | more))
        picture(site, f"{branch}/{PICTURE}")
        write(site, f"{branch}/about.md", head(hostile(kinds.PAGE, mark)) + body(mark))
        write(site, f"{branch}/labs/2026-11-20-x.md", head({"title": mark}) + body(mark))
        write(site, f'{branch}/news/2026-11-20-"><img src=x onerror={RUN}>.md', body(mark))
        for place, (kind, given) in HEADS.items():
            values = hostile(kinds.ENTRIES[kind], mark) | given
            folder = f"{branch}/{place}"
            picture(site, f"{folder}/{PICTURE}")
            for name in ("csv", "txt", "pdf", "zip", "json"):
                write(site, f"{folder}/附件'\"<>&.{name}", f"=HYPERLINK(1)\n{mark}")
            write(site, f"{folder}/附件'\"<>&.svg", DRAWING)
            write(site, f"{folder}/index.md", head(values) + body(mark))
    return site


def discussion(mark: str) -> dict[str, str]:
    return {"opens": "2026-11-01", "closes": "2026-12-31", "question": mark}


def head(values: Any) -> str:
    """A head with these values; JSON stands on one line each."""
    lines = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items())
    return f"---\n{lines}---\n"


def body(mark: str) -> str:
    attribute = mark.replace('"', "&quot;")
    return BODY.format(mark=mark, run=RUN, attribute=attribute, slug="x")


def write(site: SmallSite, path: str, text: str) -> None:
    file = site.root / "content" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def picture(site: SmallSite, path: str) -> None:
    file = site.root / "content" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (500, 400), "#a00").save(file)

"""The same organization for Hugo: the same Markdown, and templates that publish what Branchpress publishes of it.

Each page has the frame that ours have (labels, feeds, the way to the page, sections, footer), entries have neighbours,
tags and related entries, sections are lists in pages of twenty with RSS and Atom feeds of fifty full texts, there are
tag pages, sitemaps, and a home page for each branch and for all. What only Branchpress has is left out: a year's archive,
tags of each branch, a subtree's list, data files, search.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from memory import peak_of

_CONFIG = """
baseURL = "https://bench.example.org/"
languageCode = "zh"
title = "测量用组织"
enableRobotsTXT = true
[taxonomies]
tag = "tags"
[pagination]
pagerSize = 20
[services.rss]
limit = 50
[related]
includeNewer = true
threshold = 1
[[related.indices]]
name = "tags"
weight = 100
[mediaTypes."application/atom+xml"]
suffixes = ["xml"]
[outputFormats.Atom]
mediaType = "application/atom+xml"
baseName = "atom"
isPlainText = false
[outputs]
home = ["html", "rss", "atom"]
section = ["html", "rss", "atom"]
taxonomy = ["html"]
term = ["html"]
page = ["html"]
[markup.goldmark.renderer]
unsafe = true
"""

_BASE = """<!doctype html>
<html lang="zh"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="description" content="{{ .Summary | plainify | truncate 120 }}"><link rel="canonical" href="{{ .Permalink }}">
<meta name="SiteName" content="{{ site.Title }}"><meta name="ArticleTitle" content="{{ .Title }}"><meta name="Url" content="{{ .Permalink }}">
<meta name="PubDate" content="{{ .Date.Format "2006-01-02 15:04" }}"><meta name="Keywords" content="{{ delimit (.Params.tags | default slice) "," }}">
<meta property="og:title" content="{{ .Title }}"><meta property="og:url" content="{{ .Permalink }}"><meta property="og:type" content="article">
{{ with .CurrentSection }}<link rel="alternate" type="application/rss+xml" title="{{ .Title }} RSS" href="{{ .RelPermalink }}index.xml">
<link rel="alternate" type="application/atom+xml" title="{{ .Title }} Atom" href="{{ .RelPermalink }}atom.xml">{{ end }}
{{ with .FirstSection }}<link rel="alternate" type="application/rss+xml" title="{{ .Title }} RSS" href="{{ .RelPermalink }}index.xml">{{ end }}
<title>{{ .Title }} - {{ site.Title }}</title><link rel="stylesheet" href="/site.css"><script src="/site.js" defer></script></head><body>
<a class="skip" href="#text">跳到正文</a><header><nav class="crumbs"><ol>{{ range .Ancestors.Reverse }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ol></nav>
<p class="name"><a href="{{ .FirstSection.RelPermalink }}">{{ .FirstSection.Title }}</a></p>
<nav class="sections"><ul>{{ range .FirstSection.Sections }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul></nav></header>
<main id="text">{{ block "main" . }}{{ end }}</main>
<footer><p>{{ site.Title }}</p><ul><li><a href="/">首页</a></li><li><a href="/index.xml">订阅</a></li></ul></footer></body></html>
"""

_SINGLE = """{{ define "main" }}<article><h1>{{ .Title }}</h1><p class="byline"><time datetime="{{ .Date.Format "2006-01-02" }}">{{ .Date.Format "2006年1月2日" }}</time></p>
<nav class="toc">{{ .TableOfContents }}</nav><div class="prose">{{ .Content }}</div>
<p class="tags">{{ range .GetTerms "tags" }}<a href="{{ .RelPermalink }}" rel="tag">{{ .LinkTitle }}</a>{{ end }}</p>
<nav>{{ with .NextInSection }}<a href="{{ .RelPermalink }}" rel="prev">{{ .Title }}</a>{{ end }}{{ with .PrevInSection }}<a href="{{ .RelPermalink }}" rel="next">{{ .Title }}</a>{{ end }}</nav></article>
<aside><h2>相关内容</h2><ul>{{ range first 4 (.FirstSection.RegularPagesRecursive.Related .) }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a> <time>{{ .Date.Format "2006年1月2日" }}</time></li>{{ end }}</ul></aside>{{ end }}
"""

_LIST = """{{ define "main" }}<h1>{{ .Title }}</h1><ul class="cards">{{ range (.Paginate .RegularPagesRecursive.ByDate.Reverse).Pages }}
<li><h3><a href="{{ .RelPermalink }}">{{ .Title }}</a></h3><p class="byline"><time datetime="{{ .Date.Format "2006-01-02" }}">{{ .Date.Format "2006年1月2日" }}</time></p>
<p>{{ .Summary | plainify | truncate 90 }}</p></li>{{ end }}</ul>{{ with .Paginator }}{{ if gt .TotalPages 1 }}<nav>{{ if .HasPrev }}<a href="{{ .Prev.URL }}">前一页</a>{{ end }}{{ if .HasNext }}<a href="{{ .Next.URL }}">后一页</a>{{ end }}</nav>{{ end }}{{ end }}{{ end }}
"""

_HOME = """{{ define "main" }}<h1>{{ .Title }}</h1>{{ range .Sections }}<section><h2><a href="{{ .RelPermalink }}">{{ .Title }}</a></h2>
<ul>{{ range first 5 .RegularPagesRecursive.ByDate.Reverse }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a> <time>{{ .Date.Format "2006年1月2日" }}</time></li>{{ end }}</ul></section>{{ end }}{{ end }}
"""

_RSS = """{{ printf "<?xml version=\\"1.0\\" encoding=\\"utf-8\\"?>" | safeHTML }}<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>{{ .Title }}</title><link>{{ .Permalink }}</link><description>{{ .Title }}</description>
{{ range first 50 .RegularPagesRecursive.ByDate.Reverse }}<item><title>{{ .Title }}</title><link>{{ .Permalink }}</link><guid>{{ .Permalink }}</guid><pubDate>{{ .Date.Format "Mon, 02 Jan 2006 15:04:05 -0700" }}</pubDate>
<description>{{ .Summary | plainify }}</description><content:encoded>{{ .Content | transform.XMLEscape | safeHTML }}</content:encoded></item>{{ end }}</channel></rss>
"""

_ATOM = """{{ printf "<?xml version=\\"1.0\\" encoding=\\"utf-8\\"?>" | safeHTML }}<feed xmlns="http://www.w3.org/2005/Atom"><id>{{ .Permalink }}</id><title>{{ .Title }}</title><updated>{{ .Lastmod.Format "2006-01-02T15:04:05Z07:00" }}</updated>
{{ range first 50 .RegularPagesRecursive.ByDate.Reverse }}<entry><id>{{ .Permalink }}</id><title>{{ .Title }}</title><link href="{{ .Permalink }}"/><updated>{{ .Date.Format "2006-01-02T15:04:05Z07:00" }}</updated>
<summary>{{ .Summary | plainify }}</summary><content type="html">{{ .Content | transform.XMLEscape | safeHTML }}</content></entry>{{ end }}</feed>
"""

_LAYOUTS = {
    "baseof.html": _BASE,
    "single.html": _SINGLE,
    "list.html": _LIST,
    "rss.xml": _RSS,
    "list.atom.xml": _ATOM,
    "home.atom.xml": _ATOM,
    "section.atom.xml": _ATOM,
}


def available() -> bool:
    """True if there is a Hugo on the path."""
    return shutil.which("hugo") is not None


def prepare(root: Path) -> Path:
    """Writes Hugo's site beside the content of the organization at ``root``; gives its folder."""
    site = root / "hugo"
    shutil.copytree(root / "content", site / "content", ignore=shutil.ignore_patterns("*.yml"))
    layouts = site / "layouts"
    (layouts / "_default").mkdir(parents=True)
    for name, text in _LAYOUTS.items():
        (layouts / "_default" / name).write_text(text, encoding="utf-8")
    (layouts / "index.html").write_text(_HOME, encoding="utf-8")
    (site / "hugo.toml").write_text(_CONFIG.lstrip(), encoding="utf-8")
    for folder in sorted((site / "content").iterdir()):
        (folder / "_index.md").write_text(f"---\ntitle: {folder.name}\n---\n", encoding="utf-8")
        for section in sorted(each for each in folder.iterdir() if each.is_dir()):
            (section / "_index.md").write_text(f"---\ntitle: {section.name}\n---\n", encoding="utf-8")
            for entry in section.glob("20*.md"):
                text = entry.read_text("utf-8")
                entry.write_text(text.replace("---\n", f"---\ndate: {entry.name[:10]}\n", 1), encoding="utf-8")
    return site


def build(site: Path) -> tuple[float, float]:
    """Seconds of one build, and its peak of memory in megabytes."""
    return peak_of(["hugo", "--quiet"], site)


def edit(site: Path, number: int) -> None:
    """Adds a paragraph to an entry."""
    with next(iter(sorted(site.glob("content/b*/news/20*.md")))).open("a", encoding="utf-8") as file:
        file.write(f"\n又一段，第{number}次。\n")

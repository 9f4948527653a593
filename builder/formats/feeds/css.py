"""The style sheet of feeds, for people who open one in a browser.

Browsers show XML that is served as such (``application/xml``, ``text/xml``) with its style sheet; XSLT, which could turn
it into a page, is being removed from them. Titles, dates and summaries are shown; full texts, which are markup here, are not.
"""

CSS = """\
@namespace h "http://www.w3.org/1999/xhtml";
:root {
  color-scheme: light dark; --ink: #1f1d1a; --soft: #5d574f; --line: #d9d3ca; --page: #fff; --link: #9d1c20;
  display: block; max-width: 42rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; background: var(--page); color: var(--ink);
  font: 1rem/1.7 "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", system-ui, sans-serif; overflow-wrap: anywhere;
}
@media (prefers-color-scheme: dark) {
  :root { --ink: #ece8e1; --soft: #b3aca1; --line: #45403a; --page: #181715; --link: #ff9c94; }
}
rss > *, channel > *, feed > *, item > *, entry > * { display: none; }
rss > channel, rss, feed { display: flex; flex-direction: column; }
channel > title, feed > title { display: block; order: -3; font-size: 1.6rem; line-height: 1.35; font-weight: 700; }
channel > description, feed > subtitle { display: block; order: -2; color: var(--soft); }
channel > h|div, feed > h|div {
  display: block; order: -1; margin: 1rem 0; padding: .75rem 1rem; border: 1px solid var(--line); border-radius: .5rem;
}
h|p { display: block; margin: 0; }
h|a { color: var(--link); display: inline-block; min-height: 1.5rem; }
h|a:focus-visible { outline: 3px solid currentColor; outline-offset: 2px; }
channel > item, feed > entry { display: flex; flex-direction: column; padding: 1rem 0; border-top: 1px solid var(--line); }
item > title, entry > title { display: block; order: 1; font-size: 1.125rem; font-weight: 700; line-height: 1.45; }
item > pubDate, entry > published { display: block; order: 2; color: var(--soft); font-size: .875rem; }
item > description, entry > summary { display: block; order: 3; }
item > link { display: block; order: 4; color: var(--soft); font-size: .8125rem; }
"""

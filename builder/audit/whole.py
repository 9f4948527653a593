"""The rules that need all branches: policies, links between sources, unused files, copies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from builder.audit.branches import RuleContext
from builder.audit.breach import Breach
from builder.audit.duplicates import Pair
from builder.audit.inspection.site import Inspected, LinkUse
from builder.catalogue.catalogue import Catalogue
from builder.catalogue.links import resolve, shown
from builder.model.media import is_picture, size_text
from builder.model.periods import day_of, days_between, last_day
from builder.model.values import Entry

_SHARED = ("LICENSE", "LICENCE", "COPYING", "README", "CODEOWNERS")


def policy_breaches(context: RuleContext, catalogue: Catalogue, sites: Mapping[str, Inspected]) -> Iterator[Breach]:
    """Returns breaches for policies without interpretation in time, and for replaced ones that claim to be in force."""
    holidays = context.organization.holidays
    for site in sites.values():
        for entry in (live.entry for live in site.part.entries if live.entry.policy is not None):
            branch = catalogue.branches.get(entry.branch)
            if branch is None or branch.status == "closed" or entry.policy is None:
                continue
            if entry.policy.status == "repealed":
                continue
            line = site.heads.get(entry.path, 1)
            if entry.policy.status == "in force" and catalogue.replacing.get(entry.ref):
                other = catalogue.replacing[entry.ref][0]
                yield _at(entry, "policy-replaced", line, {"title": entry.title, "other": other})
            section = branch.section(entry.section)
            limit = section.interpret_within if section is not None else None
            limit = limit or context.organization.profile.interpret_within
            day = day_of(entry.date, context.zone)
            if limit is None or catalogue.interpreting.get(entry.ref) or entry.interprets:
                continue
            if last_day(day, limit, holidays) < context.today:
                yield Breach(
                    code="policy-uninterpreted",
                    branch=entry.branch,
                    section=entry.section,
                    path=entry.path,
                    line=line,
                    measure=days_between(day, context.today, limit, holidays),
                    unit="working days" if limit.unit == "working days" else "days",
                    limit=limit,
                    arguments={"title": entry.title, "ref": entry.ref},
                )


def _at(entry: Entry, rule: str, line: int, args: Mapping[str, str]) -> Breach:
    return Breach(code=rule, branch=entry.branch, section=entry.section, path=entry.path, line=line, arguments=args)


def link_breaches(catalogue: Catalogue, sites: Mapping[str, Inspected]) -> Iterator[Breach]:
    """Returns breaches for links and pictures of published texts that are broken or lead to a repealed policy."""
    repealed = {
        live.entry.path: live.entry
        for site in sites.values()
        for live in site.part.entries
        if live.entry.policy is not None and live.entry.policy.status == "repealed"
    }
    anchors = {live.entry.path: live.entry.anchors for site in sites.values() for live in site.part.entries}
    anchors |= {page.path: page.anchors for site in sites.values() for page in site.part.pages}
    anchors |= {topic.path: topic.anchors for site in sites.values() for topic in site.part.topics}
    related = {path: {entry.ref} for path, entry in repealed.items()}
    for site in sites.values():
        named = {live.entry.path: live.entry for live in site.part.entries}
        for link in site.links:
            target = resolve(link.target, link.path, anchors.get(link.path, ()), catalogue)
            rule = _rule(link, target.kind, target.reason)
            if rule:
                yield _breach(rule, link, {"target": shown(link.target)[:200]})
            elif target.kind == "page" and repealed:
                policy = next((one for path, one in repealed.items() if _page(one) == target.place), None)
                entry = named.get(link.path)
                if policy is not None and not _may_link(entry, policy, related):
                    yield _breach("repealed-linked", link, {"target": shown(link.target)[:200], "title": policy.title})


def _rule(link: LinkUse, kind: str, reason: str) -> str:
    """Returns the rule that a link breaks by its target; empty for none."""
    if link.kind == "image":
        return "picture-dead" if reason or kind in ("page", "anchor") else ""
    return {"": "", "anchor-missing": "anchor-dead"}.get(reason, "link-dead")


def _breach(rule: str, link: LinkUse, args: Mapping[str, str]) -> Breach:
    return Breach(code=rule, branch=link.branch, path=link.path, line=link.line, column=link.column, arguments=args)


def _page(entry: Entry) -> str:
    return f"/{entry.branch}/{entry.section}/{entry.slug}/"


def _may_link(entry: Entry | None, policy: Entry, related: Mapping[str, set[str]]) -> bool:
    """Tells whether a text has to link to a repealed policy: itself, its replacement, its interpretation."""
    if entry is None:
        return False
    return bool(related[policy.path] & {entry.ref, *entry.kind.replaces, *entry.interprets})


def unused_files(sites: Mapping[str, Inspected]) -> Iterator[Breach]:
    """Returns breaches for files in the folders of sites that no document of any site names."""
    used = {path for site in sites.values() for path in site.used}
    for slug, site in sites.items():
        for path, size in sorted(site.files.items()):
            if path not in used and not path.rpartition("/")[2].startswith(_SHARED):
                kind = "picture" if is_picture(path) else "file"
                args = {"size": size_text(size), "kind": kind}
                yield Breach(code="file-unused", branch=slug, path=path, measure=size, unit="bytes", arguments=args)


def copies(pairs: Iterable[Pair]) -> Iterator[Breach]:
    """Returns breaches for texts that are nearly the same as an older one."""
    for pair in pairs:
        yield Breach(
            code="near-duplicate",
            branch=pair.second.branch,
            path=pair.second.path,
            line=pair.second.line,
            arguments={"other": f"{pair.first.path}:{pair.first.line}", "percent": str(round(100 * pair.similarity))},
        )

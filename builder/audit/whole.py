"""The rules that need all branches: policies, links between sources, unused files, copies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from builder.audit.branches import RuleContext
from builder.audit.breach import Breach
from builder.audit.duplicates import Pair
from builder.audit.inspection.site import Inspected, LinkUse
from builder.catalogue.catalogue import Catalogue
from builder.catalogue.links import resolve, shown
from builder.catalogue.shelf import Shelf
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


def repealed_policies(sites: Iterable[Inspected]) -> Mapping[str, Entry]:
    """Returns the repealed policies of sites by the paths of their pages."""
    entries = (live.entry for site in sites for live in site.part.entries if live.entry.policy is not None)
    return {_page(entry): entry for entry in entries if entry.policy is not None and entry.policy.status == "repealed"}


def follow_sources(shelf: Shelf, repealed: Mapping[str, Entry], slugs: Sequence[str]) -> list[bytes]:
    """Returns for each site the breaches for links and pictures of its texts that are broken or lead to a repealed policy, as
    JSON. The ``shelf`` has the inspections of the sites."""
    catalogue = shelf.catalogue()
    return [msgspec.json.encode(list(_follow_site(shelf, catalogue, repealed, slug))) for slug in slugs]


class _Links(msgspec.Struct, frozen=True):
    links: tuple[LinkUse, ...] = ()


def _follow_site(shelf: Shelf, catalogue: Catalogue, repealed: Mapping[str, Entry], slug: str) -> Iterator[Breach]:
    part = catalogue.live_sites.get(slug)
    named = {live.entry.path: live.entry for live in part.entries} if part is not None else {}
    anchors = {path: entry.anchors for path, entry in named.items()}
    if part is not None:
        anchors |= {page.path: page.anchors for page in part.pages} | {one.path: one.anchors for one in part.topics}
    for link in shelf.take("part", slug, _Links).links:
        target = resolve(link.target, link.path, anchors.get(link.path, ()), catalogue)
        rule = _rule(link, target.kind, target.reason)
        if rule:
            yield _breach(rule, link, {"target": shown(link.target)[:200]})
        elif target.kind == "page" and target.place in repealed:
            policy = repealed[target.place]
            if not _may_link(named.get(link.path), policy):
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


def _may_link(entry: Entry | None, policy: Entry) -> bool:
    """Tells whether a text has to link to a repealed policy: itself, its replacement, its interpretation."""
    if entry is None:
        return False
    return policy.ref in {entry.ref, *entry.kind.replaces, *entry.interprets}


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

"""An audit as text: the findings, their size, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from builder.audit.findings import SEVERITIES, Finding, Score
from builder.audit.history import Changes
from builder.audit.inspection.personal import masked
from builder.audit.run import Audit
from builder.catalogue.freshness import Freshness
from builder.messages.lengths import amount, span_text
from builder.messages.reasons import reason_text
from builder.messages.rules import BECAUSE, RULES
from builder.messages.translation import N_, Translator
from builder.messages.visible import visible
from builder.model.dates import Span

SEVERITY_NAMES = {"veto": N_("veto"), "deduction": N_("deduction"), "advice": N_("advice")}
_COLOURS = {"veto": "\033[31m", "deduction": "\033[33m", "advice": "\033[36m"}
_MOST: Mapping[str, int] = {"veto": 50, "deduction": 20, "advice": 3}
"""The number of findings of one rule in one branch that are written out; the others are counted."""
_RANK = {name: rank for rank, name in enumerate(RULES)}


def what(finding: Finding, text: Translator) -> str:
    """Returns what was found, in a sentence or two."""
    values: dict[str, str] = {name: visible(masked(text.joined(value))) for name, value in finding.arguments.items()}
    values["measure"] = amount(finding.measure, finding.unit, text)
    values["limit"] = limit_text(finding, text)
    if "because" in values:
        reason = BECAUSE[values["because"]]
        values["because"] = text.gettext(reason).format(**values)
    if finding.code == "notice-personal-data":
        kind = RULES[values["kind"]].title
        values["kind"] = text.gettext(kind)
    rule = RULES[finding.code]
    told = text.gettext(rule.what if finding.measure or not rule.without else rule.without).format(**values)
    pages = int(values.get("pages", "1"))
    more = text.gettext("The same on {count} pages of the site.", count=pages) if pages > 1 else ""
    return f"{told} {more}".strip()


def todo(finding: Finding, text: Translator) -> str:
    """Returns what to do about a finding."""
    values = {name: visible(masked(text.joined(value))) for name, value in finding.arguments.items()}
    return text.gettext(RULES[finding.code].how).format(**values)


def place(finding: Finding) -> str:
    """Returns ``path:line:column`` as far as it is known, with personal data masked."""
    return masked(
        visible(
            ":".join(str(part) for part in (finding.path or None, finding.line, finding.column) if part is not None)
        )
    )


def limit_text(finding: Finding, text: Translator) -> str:
    """Returns a finding's limit in words; empty if it has none."""
    if isinstance(finding.limit, Span):
        return span_text(finding.limit, text)
    return "" if finding.limit is None else str(finding.limit)


def audit_text(audit: Audit, text: Translator, *, color: bool = False) -> str:
    """Returns the audit for people: the worst branch first, then the organization, each finding with what to do."""
    own = _by_branch(audit.findings)
    blocks = [_branch(audit, score, own.get(score.branch, ()), text, color) for score in audit.scores]
    blocks = [block for block in blocks if block]
    for folder, reason in audit.lost.items():
        said, _ = reason_text(reason, text)
        head = text.gettext("{site} could not be read or looked at to the end: {reason}", site=folder, reason=said)
        blocks.append(f"{head}\n")
    for slug in sorted({*audit.unread} - audit.lost.keys()):
        head = text.gettext("{slug}: its branch.yml cannot be read; run branchpress check to see why", slug=slug)
        blocks.append("\n".join([head, *_findings(own.get(slug, ()), text, color)]) + "\n")
    if own.get(""):
        lines = [text.gettext("The organization as a whole")]
        blocks.append("\n".join([*lines, *_findings(own[""], text, color)]) + "\n")
    return "\n".join([*blocks, *_summary(audit, text)]) + "\n"


def changes_text(audit: Audit, changes: Changes, text: Translator, *, color: bool = False) -> str:
    """Returns the changes since a revision: new findings, resolved ones, changed scores."""
    head = text.gettext(
        "Since {revision} ({date}): {new} new, {gone} resolved.",
        revision=changes.revision,
        date=changes.then.date().isoformat(),
        new=len(changes.new),
        gone=len(changes.gone),
    )
    lines = [head]
    if changes.new:
        lines += [text.gettext("New:"), *_findings(changes.new, text, color)]
    if changes.gone:
        lines += [text.gettext("Resolved:")]
        lines += [f"  [{one.code}] {place(one)}\n      {_title(one.code, text)}" for one in changes.gone]
    for branch, (before, now) in changes.points.items():
        if before is not None and before != now:
            name = audit.names.get(branch, branch)
            lines.append(f"{name} ({branch}): {number(before)} → {number(now)}")
    return "\n".join(lines) + "\n"


def _by_branch(findings: Iterable[Finding]) -> Mapping[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        found.setdefault(finding.branch, []).append(finding)
    return found


def score_text(score: Score, text: Translator) -> str:
    """Returns a score with the parts that it is made of."""
    told = text.gettext("{points} points", points=number(score.points))
    parts = [
        text.gettext(
            "{rule} ({count}) −{points}", rule=_title(part.rule, text), points=number(part.points), count=part.count
        )
        for part in score.parts
        if part.points
    ]
    if parts:
        told = text.gettext("{points} (out of 100: {parts})", points=told, parts=text.joined(parts))
    if score.failed:
        names = [_title(part.rule, text) for part in score.parts if part.severity == "veto"]
        told = text.gettext("failed ({names}); {points}", names=text.joined(names), points=told)
    return told


def number(points: float) -> str:
    """Returns points without needless decimals."""
    return f"{points:g}"


def _title(rule: str, text: Translator) -> str:
    return text.gettext(RULES[rule].title)


def _branch(audit: Audit, score: Score, findings: Iterable[Finding], text: Translator, color: bool) -> str:
    rows = list(findings)
    if not rows:
        return ""
    name = audit.names.get(score.branch, score.branch)
    head = text.gettext("{name} ({slug}): {score}", name=name, slug=score.branch, score=score_text(score, text))
    return "\n".join([head, *_next_due(audit.sections[score.branch], text), *_findings(rows, text, color)]) + "\n"


def _next_due(sections: Iterable[Freshness], text: Translator) -> Iterator[str]:
    """Returns the section that needs something next, if none is overdue: those have findings."""
    known = [(row.left, row) for row in sections if row.left is not None and row.due is not None]
    if not known or min(left for left, _ in known) < 0:
        return
    left, row = min(known, key=lambda pair: pair[0])
    if left > 1:
        told = text.gettext("{n} days left", n=left)
    else:
        told = text.gettext("one day left") if left else text.gettext("today")
    due = row.due.isoformat() if row.due is not None else ""
    yield "  " + text.gettext("Next due: {section}, {due} ({left})", section=row.title, due=due, left=told)


def _findings(findings: Iterable[Finding], text: Translator, color: bool) -> Iterator[str]:
    groups: dict[str, list[Finding]] = {}
    for finding in sorted(findings, key=lambda one: (SEVERITIES.index(one.severity), _RANK[one.code])):
        groups.setdefault(finding.code, []).append(finding)
    for rule, rows in groups.items():
        severity = rows[0].severity
        start, end = (_COLOURS[severity], "\033[0m") if color else ("", "")
        lost = round(sum(finding.points for finding in rows), 3)
        points = f" −{number(lost)}" if lost else ""
        yield f"  {start}{text.gettext(SEVERITY_NAMES[severity])}{points}{end} {_title(rule, text)} [{rule}]"
        shown = rows[: _MOST[severity]]
        several = len({todo(finding, text) for finding in shown}) > 1
        last = ""
        for finding in shown:
            here = place(finding)
            if here and here != last:
                yield f"    {here}"
            last = here
            yield f"      {what(finding, text)}"
            if several:
                yield f"      → {todo(finding, text)}"
        if len(rows) > len(shown):
            more = text.gettext(
                "and {count} more like this; use --format csv to list them all.", count=len(rows) - len(shown)
            )
            yield f"      {more}"
        if not several:
            yield f"      → {todo(rows[0], text)}"


def _summary(audit: Audit, text: Translator) -> Iterator[str]:
    counts = {severity: sum(1 for one in audit.findings if one.severity == severity) for severity in SEVERITIES}
    names = audit.profile.title
    title = names.get(text.language.split("-")[0]) or names.get("en") or audit.profile.name
    yield text.gettext("Profile: {name} ({title}).", name=audit.profile.name, title=title)
    yield text.gettext(
        "Branches: {total}, failed: {failed}. Vetoes: {veto}, deductions: {deduction}, advice: {advice}.",
        total=len(audit.scores),
        failed=sum(1 for score in audit.scores if score.failed),
        **counts,
    )
    if not audit.looked:
        yield text.gettext("The pages themselves were not checked: nothing has been built yet.")

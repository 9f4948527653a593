"""A second reader of iCalendar (RFC 5545), strict and small: it shares nothing with the library that writes calendars.

It takes the offset of a time from the file's own VTIMEZONE, as a program does that knows no time zone database.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone

from dateutil.rrule import rrulestr

_LINE = re.compile(r'([A-Z0-9-]+)((?:;[A-Z0-9-]+=(?:"[^"]*"|[^";:,]*))*):(.*)')
_TIME = re.compile(r"\d{8}T\d{6}Z?")
_TEXTS = frozenset("SUMMARY DESCRIPTION LOCATION UID NAME CONTACT X-WR-CALNAME X-WR-CALDESC COMMENT".split())
_ONCE = frozenset("UID DTSTAMP DTSTART DTEND SUMMARY DESCRIPTION LOCATION SEQUENCE STATUS URL LAST-MODIFIED".split())


@dataclass
class Component:
    """A component: its name, its properties (name, parameters, raw value) in order, and what it holds."""

    name: str
    properties: list[tuple[str, dict[str, str], str]] = field(default_factory=list)
    inside: list[Component] = field(default_factory=list)

    def raw(self, name: str) -> str:
        """The value as it stands; fails if there is not exactly one."""
        (found,) = [value for key, _, value in self.properties if key == name]
        return found

    def has(self, name: str) -> bool:
        """True if there is such a property."""
        return any(key == name for key, _, _ in self.properties)

    def text(self, name: str) -> str:
        """The value of a text."""
        return _unescaped(self.raw(name))

    def time(self, name: str, zones: dict[str, Component]) -> datetime | date:
        """A day, or the instant in UTC."""
        ((parameters, value),) = [(given, value) for key, given, value in self.properties if key == name]
        if parameters.get("VALUE") == "DATE":
            return datetime.strptime(value, "%Y%m%d").date()
        assert _TIME.fullmatch(value), value
        if value.endswith("Z"):
            return datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        local = datetime.strptime(value, "%Y%m%dT%H%M%S")
        return local.replace(tzinfo=timezone(_offset(zones[parameters["TZID"]], local))).astimezone(UTC)


def parsed(content: bytes) -> Component:
    """The VCALENDAR of a file. Raises AssertionError for what RFC 5545 forbids."""
    stack = [Component("")]
    for line in _unfolded(content):
        found = _LINE.fullmatch(line)
        assert found, line
        name, parameters, value = found[1], dict(_parameters(found[2])), found[3]
        if name == "BEGIN":
            stack.append(Component(value))
        elif name == "END":
            done = stack.pop()
            assert done.name == value
            names = [key for key, _, _ in done.properties]
            assert all(names.count(key) == 1 for key in names if key in _ONCE), names
            stack[-1].inside.append(done)
        else:
            if name in _TEXTS:
                _unescaped(value)
            stack[-1].properties.append((name, parameters, value))
    (calendar,) = stack[0].inside
    assert (calendar.name, calendar.raw("VERSION"), len(stack)) == ("VCALENDAR", "2.0", 1)
    assert calendar.raw("PRODID")
    return calendar


def events(calendar: Component) -> list[Component]:
    """The events, each with what it must have."""
    found = [each for each in calendar.inside if each.name == "VEVENT"]
    for each in found:
        assert each.raw("UID")
        assert re.fullmatch(r"\d{8}T\d{6}Z", each.raw("DTSTAMP"))
        assert each.has("DTSTART")
        assert not each.inside, "an alarm is the reader's own"
    uids = [each.raw("UID") for each in found]
    assert len(uids) == len(set(uids))
    return found


def zones(calendar: Component) -> dict[str, Component]:
    """The time zones that the file defines, by name."""
    return {each.raw("TZID"): each for each in calendar.inside if each.name == "VTIMEZONE"}


def _unfolded(content: bytes) -> Iterator[str]:
    assert content.endswith(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    whole = b""
    for line in content.removesuffix(b"\r\n").split(b"\r\n"):
        assert len(line) <= 75, line
        line.decode("utf-8")
        if line.startswith((b" ", b"\t")):
            whole += line[1:]
            continue
        if whole:
            yield whole.decode("utf-8")
        whole = line
    yield whole.decode("utf-8")


def _parameters(text: str) -> Iterator[tuple[str, str]]:
    for name, value in re.findall(r';([A-Z0-9-]+)=("[^"]*"|[^";:,]*)', text):
        yield name, value.strip('"')


def _unescaped(text: str) -> str:
    assert not re.search(r"(?<!\\)(?:\\\\)*[;,]", text), text
    return re.sub(r"\\([\\;,nN])", lambda found: "\n" if found[1] in "nN" else found[1], text)


def _offset(zone: Component, local: datetime) -> timedelta:
    """What the zone's clock is ahead of UTC at a local time: that of the last change before it."""
    changes: list[tuple[datetime, str]] = []
    for rule in zone.inside:
        to = _delta(rule.raw("TZOFFSETTO"))
        dates = [value for key, _, value in rule.properties if key == "RDATE"]
        assert not any("," in each for each in dates), "some programs read only the first"
        start = datetime.strptime(rule.raw("DTSTART"), "%Y%m%dT%H%M%S")
        changes += [(datetime.strptime(each, "%Y%m%dT%H%M%S"), to) for each in dates] + [(start, to)]
        if rule.has("RRULE"):
            changes += [(each, to) for each in _repeated(rule, start)]
    return max(change for change in changes if change[0] <= local)[1]


def _repeated(rule: Component, start: datetime) -> list[datetime]:
    """The onsets of a rule, by the clock that holds until then; UNTIL is an instant."""
    parts = dict(part.split("=") for part in rule.raw("RRULE").split(";"))
    until = datetime.strptime(parts.pop("UNTIL"), "%Y%m%dT%H%M%SZ") + _delta(rule.raw("TZOFFSETFROM"))
    text = ";".join(f"{key}={value}" for key, value in parts.items())
    return list(rrulestr(f"{text};UNTIL={until:%Y%m%dT%H%M%S}", dtstart=start))


def _delta(text: str) -> timedelta:
    minutes = int(text[1:3]) * 60 + int(text[3:5])
    return timedelta(minutes=-minutes if text[0] == "-" else minutes)

"""The reasons for which a site or a text was not made, in the languages of messages. Executors give them in English, since they
know no language; what others say, as a template engine does, stays as it is."""

from __future__ import annotations

import re
from typing import NamedTuple

from builder.messages.translation import N_, Translator

_TIME = N_(
    "Make it smaller, or divide it; if it has to be so large, whoever runs the builder can allow more time: "
    "limits.branch_seconds in organization.yml."
)
_MEMORY = N_(
    "Make it smaller, or divide it; if it has to be so large, whoever runs the builder can allow more memory: "
    "limits.worker_memory in organization.yml."
)
_AGAIN = N_("Build again; if it happens again, tell whoever runs the builder: the machine may have too little memory.")
_DISK = N_("Build again; if it happens again, check the disk of the builder.")


class _Reason(NamedTuple):
    """A reason: how it reads in English, and what to do about it, as msgids."""

    what: str
    how: str

    @property
    def pattern(self) -> str:
        """The regular expression of the reason, behind the file at which it happened, if that is known."""
        return r"(?:(?P<place>[^\s:]+\.\w+): )?" + re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>\\S+)", re.escape(self.what))


_REASONS = (
    _Reason(N_("took longer than {seconds} seconds"), _TIME),
    _Reason(N_("took longer than {seconds} seconds in all"), _TIME),
    _Reason(N_("wanted more than {megabytes} MB of memory"), _MEMORY),
    _Reason(N_("wanted more memory than there is"), _AGAIN),
    _Reason(N_("the worker was lost"), _AGAIN),
    _Reason(N_("was ended by {signal}"), _AGAIN),
    _Reason(N_("ended with {status}"), _AGAIN),
    _Reason(N_("its state is damaged"), _DISK),
    _Reason(N_("the state of {name} is damaged"), _DISK),
)


def reason_text(reason: str, text: Translator) -> tuple[str, str]:
    """Returns a reason in a language, and what to do about it as a msgid; empty if that is not known."""
    for known in _REASONS:
        if found := re.fullmatch(known.pattern, reason):
            values = found.groupdict()
            said = text.gettext(known.what).format(**values)
            return f"{values['place']}: {said}" if values["place"] else said, known.how
    return reason, ""

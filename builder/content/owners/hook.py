"""The pre-receive hook (githooks(5)) of a plain Git server: a script that asks this program."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from builder.messages.translation import N_, Translator

WHO = ("GL_USER", "GL_USERNAME", "GITEA_PUSHER_NAME", "REMOTE_USER", "BP_WHO")
"""Variables that say who pushes, of gitolite, GitLab, Gitea and Forgejo, web servers, and SSH keys with a forced command."""


def hook_script(python: str, options: Sequence[str], text: Translator) -> str:
    """Returns the script; ``options`` are those of ``owners receive``. It refuses everything if the program cannot run."""
    who = "".join(f"${{{name}:-" for name in WHO) + "}" * len(WHO)
    command = shlex.join([python, "-P", "-m", "builder", "owners", "receive", *options])
    unknown = shlex.quote(text.gettext(_UNKNOWN, names=", ".join(WHO)))
    comment = "\n".join(f"# {text.gettext(line)}" for line in _COMMENT)
    return f"""#!/bin/sh
{comment}
who="{who}"
if [ -z "$who" ]; then
    printf '%s\\n' {unknown} >&2
    exit 1
fi
exec {command} --as "$who"
"""


_COMMENT = (
    N_("Made by “branchpress owners hook”. Save it as hooks/pre-receive of the bare repository, executable."),
    N_("It lets through what whoever pushes may change by “owners:” and “admins:” of the published branch."),
)
_UNKNOWN = N_("Nobody can tell who pushes: the server sets none of {names}.")

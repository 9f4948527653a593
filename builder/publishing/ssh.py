"""A folder on another machine, reached by ssh and rsync: the same releases as in a folder of this machine.

The other machine needs a POSIX shell with GNU coreutils and findutils, and rsync; nothing of ours runs there.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence

import msgspec

from builder.messages.translation import N_
from builder.publishing.commands import run
from builder.publishing.listing import Listing, Source, read_listing
from builder.publishing.plan import Plan
from builder.publishing.releases import Release, TargetError, read_release

_CAT = 'while IFS= read -r file; do cat -- "$file" 2>/dev/null; printf "\\0"; done'


class SshDestination:
    """The folder of ``place`` (``user@host:/folder``); ``settings`` is a file for ``ssh -F``."""

    def __init__(self, place: str, keep: int, settings: str = "") -> None:
        self._host, colon, self._root = place.partition(":")
        if not colon or not self._root.startswith("/") or not self._host or self._host.startswith("-"):
            raise TargetError(N_("“{place}” is not written like user@host:/folder."), place=place)
        self._keep = keep
        self._ssh = ["ssh", "-o", "BatchMode=yes", *(("-F", settings) if settings else ())]

    def listing(self, known: Listing) -> Listing:
        """See Destination."""
        # All files that may be needed are fetched at once: an answer takes longer than a file.
        names = ["build.json", *(f"{slug}/build.json" for slug in known.branches)]
        found = dict(zip(names, self._cat("current", names), strict=True))

        def read(path: str) -> bytes | None:
            if path not in found:
                (found[path],) = self._cat("current", [path])
            return found[path] or None

        return read_listing(read, known) or Listing()

    def history(self) -> Sequence[Release]:
        """See Destination."""
        shown = self._shell("readlink current || true").decode().strip().rpartition("/")[2]
        listed = self._shell("ls releases 2>/dev/null || true").decode("utf-8", "replace").split("\n")
        names = sorted(name for name in listed if name.endswith(".json") and name[:-5] in listed)
        found: list[Release] = []
        for name, content in zip(names, self._cat("releases", names), strict=True):
            release = read_release(content, current=name[:-5] == shown)
            found += [release] if release is not None else []
        return found

    def publish(self, source: Source, plan: Plan, release: Release) -> None:
        """See Destination."""
        for path in plan.sent:
            source.read(path)
        name = f"{release.number:06d}"
        self._shell(
            f"mkdir -p releases && rm -rf releases/.new releases/{name} && mkdir releases/.new && "
            "if [ -e current/build.json ]; then cp -al current/. releases/.new/; fi"
        )
        if plan.sent:
            # All that is listed differs, be it of the same length and second.
            rsync = [
                "rsync",
                "--archive",
                "--ignore-times",
                "--files-from=-",
                "--from0",
                "--protect-args",
                "--chmod=D755,F644",
            ]
            shell = shlex.join(self._ssh)
            command = [*rsync, f"--rsh={shell}", "--", f"{source.folder}/", f"{self._host}:{self._root}/releases/.new/"]
            run(command, b"\0".join(path.encode() for path in plan.sent))
        if plan.removed:
            self._shell("cd releases/.new && xargs -0 rm -f --", b"\0".join(path.encode() for path in plan.removed))
            self._shell("find releases/.new -mindepth 1 -type d -empty -delete")
        stored = msgspec.json.encode(msgspec.structs.replace(release, current=False))
        self._shell(f"cat > releases/{name}.json && mv -T releases/.new releases/{name}", stored)
        self._show(name)
        self._prune()

    def roll_back(self, release: Release) -> None:
        """See Destination."""
        self._show(f"{release.number:06d}")

    def _show(self, name: str) -> None:
        self._shell(f"rm -f current.new && ln -s releases/{name} current.new && mv -T current.new current")

    def _prune(self) -> None:
        # The current one is the newest.
        old = [f"{release.number:06d}" for release in self.history()[: -self._keep]]
        if old:
            self._shell("rm -rf " + " ".join(f"releases/{name} releases/{name}.json" for name in old))

    def _cat(self, folder: str, names: Sequence[str]) -> list[bytes]:
        """Returns the bytes of files, nothing for those that are not there."""
        if not names:
            return []
        data = "".join(f"{name}\n" for name in names).encode()
        return self._shell(f"cd {folder} 2>/dev/null; {_CAT}", data).split(b"\0")[: len(names)]

    def _shell(self, script: str, data: bytes = b"") -> bytes:
        """Runs a script in the folder on the other machine."""
        root = shlex.quote(self._root)
        return run([*self._ssh, "--", self._host, f"mkdir -p {root} && cd {root} && {{ {script}; }}"], data)

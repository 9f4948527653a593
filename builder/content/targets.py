"""publish.yml beside content/: where the operator publishes the sites. It is not content: branches have no say in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from pathlib import Path
from typing import Any, Literal

import msgspec

from builder.content.decoding import read_settings
from builder.content.schema.compound import TEXT, Field, Fields
from builder.content.schema.types import ReadContext, SlugText, Whole
from builder.messages.codes import severity_of
from builder.messages.diagnostics import Diagnostic
from builder.messages.problems import Problem, problems_of
from builder.messages.translation import N_

TARGETS_FILE = "publish.yml"
TargetKind = Literal["folder", "ssh", "s3", "git"]
_KINDS: tuple[TargetKind, ...] = ("folder", "ssh", "s3", "git")
TARGET = Fields(
    (
        Field("folder", TEXT, N_("Folder"), N_("A folder of this machine; the web server serves “current” in it.")),
        Field("ssh", TEXT, N_("Host"), N_("A folder on another machine, as user@host:/folder; needs ssh and rsync.")),
        Field("s3", TEXT, N_("Bucket"), N_("The bucket of an S3-compatible store.")),
        Field(
            "git", TEXT, N_("Repository"), N_("The address of a Git repository that is served as a website (Pages).")
        ),
        Field("keep", Whole(1, 1000), N_("Keep"), N_("How many releases to keep (default: 5).")),
        Field("branch", TEXT, N_("Branch"), N_("The branch of the Git repository (default: pages).")),
        Field("domain", TEXT, N_("Domain"), N_("The domain name of the website, for the file CNAME.")),
        Field("endpoint", TEXT, N_("Endpoint"), N_("The address of the S3-compatible store.")),
        Field("region", TEXT, N_("Region"), N_("The region of the bucket.")),
        Field("prefix", TEXT, N_("Prefix"), N_("The folder in the bucket.")),
        Field(
            "ssh_config", TEXT, N_("Settings of ssh"), N_("A file that ssh reads instead of the user's own (ssh -F).")
        ),
    )
)


class Target(msgspec.Struct, frozen=True):
    """A place to publish to: its ``kind``, its ``place`` (a folder, ``user@host:/folder``, a bucket, a repository's
    address), and how
    many releases to ``keep``. ``branch`` and ``domain`` are those of a repository; ``endpoint``, ``region`` and ``prefix``
    those of a
    bucket; ``ssh_config`` is a file for ssh."""

    name: str
    kind: TargetKind
    place: str
    keep: int = 5
    branch: str = "pages"
    domain: str = ""
    endpoint: str = ""
    region: str = ""
    prefix: str = ""
    ssh_config: str = ""


def read_targets(root: Path) -> tuple[Mapping[str, Target], tuple[Problem, ...]]:
    """Returns the targets in publish.yml by name, in its order, and its problems: with an error among them, no targets."""
    node, diagnostics = read_settings(root / TARGETS_FILE, root)
    targets: dict[str, Target] = {}
    for name, value in node.pairs if node is not None else ():
        reading = ReadContext(UTC, "")
        slug = SlugText().read(name, name.text, reading)
        values: Mapping[str, Any] = TARGET.read(value, "", reading) or {}
        kinds = [kind for kind in _KINDS if values.get(kind)]
        diagnostics += reading.diagnostics
        if len(kinds) != 1:
            diagnostics.append(Diagnostic("target-place", *name.place, {"name": name.text[:60]}))
        elif slug:
            rest = {key: text for key, text in values.items() if key not in _KINDS}
            targets[slug] = Target(slug, kinds[0], values[kinds[0]], **rest)
    if any(severity_of(each.code) == "error" for each in diagnostics):
        targets = {}
    return targets, problems_of(diagnostics, TARGETS_FILE)

"""``branchpress edit``: the preview with forms before it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from datetime import datetime
from pathlib import Path

from builder.edit.desk import Desk
from builder.edit.site import EditingSite
from builder.messages.problems import Problem
from builder.model.values import Organization
from builder.preview import Preview


class EditPreview:
    """A preview in which people write."""

    def __init__(
        self,
        desk: Desk,
        site: EditingSite,
        state: Path,
        organization: Organization,
        clock: Callable[[Organization], datetime],
        executor: Callable[[], Executor],
        say: Callable[[str], None],
        tell: Callable[[Sequence[Problem]], None],
    ) -> None:
        """The arguments behind ``site`` are those of :class:`builder.preview.Preview`."""
        self._preview = Preview(desk.copy.root, state, organization, clock, executor, say, tell, site)

    def run(self, host: str, port: int) -> None:
        """Serves until it is interrupted, as a preview does."""
        self._preview.run(host, port)

"""Inspections: what one site contributes to the audit of the whole, and what is wrong with each of its files.

A build inspects what it reads, so that the next audit need not read it again.
"""

from __future__ import annotations

from builder.inspection.kept import Inspections
from builder.inspection.pages import Followed, Outputs
from builder.inspection.seen import Seen
from builder.inspection.site import Inspected, Inspector, Waiting, Written

__all__ = ["Followed", "Inspected", "Inspections", "Inspector", "Outputs", "Seen", "Waiting", "Written"]

"""What authors write: one mapping of keys for each kind of file and entry. Read by :mod:`builder.content`."""

from builder.content.schema.document import json_schema
from builder.content.schema.kinds import KINDS

__all__ = ["KINDS", "json_schema"]

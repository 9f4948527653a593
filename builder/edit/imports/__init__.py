"""Texts from elsewhere as new entries: Word documents, spreadsheets, what was copied from WeChat and other programs.

:func:`import_file` is the one way in: bytes and a name in, the files of a new entry and a report out; it writes nothing.
:func:`write_files` puts them into the content, over nothing that is there. :func:`import_fragment` is for what is pasted into a
text that somebody writes.
"""

from builder.edit.imports.destination import Destination, destination
from builder.edit.imports.fragment import Fragment, import_fragment
from builder.edit.imports.imported import Imported, ImportRefusedError, Note
from builder.edit.imports.programs import Programs, find_programs
from builder.edit.imports.sheet.rows import import_rows, write_mapping
from builder.edit.imports.upload import import_as_attachment, import_file, write_files

__all__ = [
    "Destination",
    "Fragment",
    "ImportRefusedError",
    "Imported",
    "Note",
    "Programs",
    "destination",
    "find_programs",
    "import_as_attachment",
    "import_file",
    "import_fragment",
    "import_rows",
    "write_files",
    "write_mapping",
]

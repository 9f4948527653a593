"""Search without a server: documents in, static files out; a script in the page reads a few of them at a time. Pure.

The words of a query are found anywhere in a text, in any script; ``tokens`` says how texts are compared. An index is
a folder:

``index.json``
    ``shards``, the number of shard files, ``slots``, the bits of a number's place in its day, ``blocks``, the first number
    that each block may hold, as differences, and ``version``.
``blocks/<first number in base 36>.json``
The data that results show of the documents, by number.
``grams/<n>.bin`` and ``marks/<n>.bin``
The documents that contain each piece of text, by the hash of the piece: pieces of two and three characters in ``grams``,
    single characters, branches and sections in ``marks``. A small collection has none: its texts are read whole.
``parts.json``
The input of the index, for bringing it up to date. Browsers never read it. A small collection has none.

The same documents give the same bytes, whether made at once or document by document.
"""

from __future__ import annotations

from builder.formats.search.documents import Document, Part
from builder.formats.search.index import index_files
from builder.formats.search.layout import Before, Sizes, last_digests

__all__ = ["Before", "Document", "Part", "Sizes", "index_files", "last_digests"]

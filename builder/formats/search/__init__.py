"""Search without a server: documents in, static files out, which a script in the page reads a few at a time. Pure.

What is typed is found wherever it stands in a text, in any script; how texts are compared is said in ``tokens``. An
index is a folder:

``index.json``
    ``shards``, the number of shard files, ``slots``, the bits of a number's place in its day, ``blocks``, the first number
    that each block may hold, as differences, and ``version``.
``blocks/<first number in base 36>.json``
    What is shown of the documents, by number.
``grams/<n>.bin`` and ``marks/<n>.bin``
    Which documents hold which piece of text, by the hash of the piece: pieces of two and three characters in ``grams``,
    single characters, branches and sections in ``marks``. A small collection has none: its texts are read whole.
``parts.json``
    What the index was made of, for bringing it up to date. Browsers never read it. A small collection has none.

The same documents give the same bytes, whether made at once or document by document.
"""

from __future__ import annotations

from builder.formats.search.documents import Document, Part
from builder.formats.search.index import index_files
from builder.formats.search.layout import Before, Sizes

__all__ = ["Before", "Document", "Part", "Sizes", "index_files"]

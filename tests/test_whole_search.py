"""The files of search indexes and the settings of servers, word for word.

Like ``tests/test_whole_site.py``: where a change is meant, ``GOLDEN=write`` writes ``tests/golden/whole/`` anew.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping
from itertools import product

import pytest
from test_headers import FACTS
from test_search_index import SMALL, Folder
from test_whole_site import compare
from test_whole_values import table

from builder.formats.search import Document, Sizes
from builder.formats.search.arrays import shard_files
from builder.formats.search.blocks import Leaf, block_path, covering, partition
from builder.formats.search.documents import crowds, numbered, slots_for
from builder.formats.search.postings import Postings, place_of
from builder.formats.search.tokens import Tokens, grams, hashed
from builder.formats.search.variants import simplified, variant_table
from builder.formats.servers import ServerFacts, server_files

MOST = (9, 10, 29, 30, 59, 60, 150, 279, 280, 281)
FOLDED = ("Ça Éа Ё ά", "館裡 a 我", "a\u00adb\u200bc", "Ａ１①㈱", "x\u0301y", "ﬁ İ ß", "ກໍາ", "a—b, c", " \x01 ")
MOVED = (
    ("/at.home/old/", "/at.home/new/"),
    ("/at.home/a\x01/", "/b/"),
    ('/at.home/$1 "x\\', "https://e.org/$x y"),
    ("/c/", "/\x7f/"),
)
DAYS = ("2026-11-20", "2026-11-21", "2021-07-01", "1921-07-01", "2394-05-25", "2394-05-24", "2500-01-01", "")


def documents() -> dict[str, Document]:
    """Documents of every kind: of branches, undated, repealed, of a part of its own, with all texts and with none."""
    found = {}
    for number, day in enumerate(DAYS * 4):
        branch = ("alpha", "beta", "gamma")[number % 3]
        url = f"/{branch}/{'ab'[number % 2]}/{number}/"
        found[url] = Document(
            url=url,
            date=day,
            branch=branch,
            section=("news", "notices", "")[number % 3],
            title=("走访慰问", "Open Day", "第 3 号", "")[number % 4],
            keywords=(("安全", "a"), (), ("山海经",))[number % 3],
            summary=("读书会 workshop", "")[number % 2],
            text="党员们走访了老人。 " * (number % 5) + "Ελλάδα 𠮷 ㈎",
            part=("", "own")[number % 7 == 6],
            above=(("root",), ())[number % 2],
            standing=("", "branch", "repealed")[(number % 9 == 8) + 2 * (number % 11 == 10)],
        )
    return found


def shown(files: Mapping[str, bytes]) -> dict[str, str]:
    """Files as texts: those of numbers by their bytes; without the names of parts, which are others each time."""
    return {
        path: content.hex(" ", 4) if path.endswith(".bin") else re.sub(r'"-?\d{9,}",', "", content.decode())
        for path, content in sorted(files.items())
    }


def test_an_index_is_what_it_always_was() -> None:
    folder, content = Folder(), documents()
    folder.write(content)
    found = shown(folder.files)
    steps = []
    for number, url in enumerate(list(content)[::6]):
        if number % 2:
            content[url] = Document(url=url, date="2026-11-22", branch="beta", section="news", title=f"新 {number}")
        else:
            del content[url]
        folder.write(content)
        steps.append(f"{url}: {' '.join(sorted(folder.made))}")
    content.clear()
    folder.write(content)
    steps.append(f"nothing left: {' '.join(sorted(folder.files))}")
    once = Folder()
    once.write(documents())
    keys = "\n".join(f"{path} {key}" for path, key in once.keys.items() if path != "parts.json")
    compare("search", {**found, "(steps)": "\n".join(steps), "(keys)": keys})


def test_numbers_and_blocks_are_where_they_always_were() -> None:
    many = [Document(url=f"/{number}/", date="2026-11-20", branch="a", section="", title="") for number in range(300)]
    counts = (0, 1, 192, 193, 1535, 1536, 1537, 12288, 12289, 98304, 98305)
    starts = [0, 1, 35, 36, 1295, 1296, (1 << 41) - 1]
    leaves = [Leaf(start, weight) for start, weight in zip(starts, (10, 20, 30, 40, 50, 60, 70), strict=True)]
    found = {
        "days": "\n".join(f"{each.url} {each.date} {each.standing}: {each.day} {each.weight}" for each in documents().values()),
        "numbers": "\n".join(f"{number} {each.url}" for number, each in numbered(5, many[:250], 8).items()),
        "crowds": table(crowds, counts),
        "slots": table(lambda *crowded: slots_for(crowded), product((0, 1, 2), (0, 1), (0, 3), (0, 1))),
        "shards": table(Sizes().shards, (0, 127_999, 128_000, 128_001, 255_999, 256_000, 511_999, 512_000, 10_000_000)),
        "small shards": table(SMALL.shards, (0, 499, 500, 501, 799, 800, 1599, 1600, 3199, 3200, 6400)),
        "paths": table(block_path, starts),
        "blocks": table(lambda most: [(start, len(inside)) for start, inside in partition(leaves, most)], MOST),
        "no blocks": table(lambda most: list(partition([], most)), (1,)),
        "covering": table(lambda number: covering(leaves[1:], number), (0, 1, 2, 34, 35, 36, 1296, 1 << 42)),
        "folded": table(Tokens().fold, FOLDED),
        "pieces": table(lambda text: sorted(map(hashed, grams(text))), ("a", "ab", "abc", "abcd", "党", "党支", "a 党 b", "")),
        "variants": table(simplified().get, ("館", "裡", "乾", "幹", "干", "𠮷", "后", "後")),
        "variants in all": f"{len(simplified())} {len(variant_table())} {variant_table().decode()[:40]}",
    }  # fmt: skip
    compare("search-numbers", found)


@pytest.mark.slow
def test_shards_of_long_texts_hold_what_one_by_one_gives() -> None:
    """Texts that are not all looked at together."""
    words = [
        f"{chr(0x4E00 + 7 * number % 3000)}{chr(0x4E00 + 11 * number % 3000)} w{number % 800}"
        for number in range(30_000)
    ]
    held = {
        1000 * number + 3: Document(
            url=f"/{number}/",
            date="",
            branch=f"b{number % 3}",
            section="news",
            title=words[number],
            text=" ".join(words[number * 3000 : number * 3000 + 3000]),
        )
        for number in range(10)
    }
    postings, tokens = Postings(), Tokens()
    rows: dict[str, dict[int, list[int]]] = {}
    for number, document in held.items():
        for field, pieces in enumerate(document.pieces(tokens)):
            for piece in pieces:
                path, key = place_of(piece, 16)
                rows.setdefault(path, {}).setdefault(key + field, []).append(number)
    wanted = {
        path: postings.shard({key: postings.encode(numbers) for key, numbers in each.items()})
        for path, each in rows.items()
    }
    assert dict(shard_files(list(held), deque(held.values()), 16)) == wanted


def test_settings_of_servers_are_what_they_always_were() -> None:
    facts = ServerFacts(
        policy="default-src 'self'",
        types=(*FACTS.types, ("own.json", "application/x-own"), ("feed.own", "application/x-own"), ("other.own", "text/x-other")),
        immutable=FACTS.immutable,
        shared=FACTS.shared,
        base="/at.home/",
        branches=("alpha", "b.c", 'd"e'),
        moved=MOVED,
        gone=("/at.home/gone/", "/at.home/g\x02/", "/at.home/甲 乙/"),
        shown={"jpg": "image/jpeg", "svg": "image/svg+xml", "pdf": "application/pdf"},
        downloaded={"zip": "application/zip", "ics": "text/calendar", "docx": "application/x-docx", "csv": "text/csv"},
        policies=(("preview", "default-src 'none'"), ("edit", "script-src 'self'")),
    )  # fmt: skip
    found = {
        f"{name}, {path}": content.decode()
        for name, each in (("bare", FACTS), ("whole", facts))
        for path, content in server_files(each).items()
    }
    compare("servers", found)

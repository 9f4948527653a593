"""What near-duplicates cost: ``python tests/benchmarks/duplicates.py [ENTRIES …]``.

Prints a table in Markdown: entries of 800 Han characters, of which every twentieth is a copy with some edits, the seconds
for all of them, the microseconds for each, and how many copies were found.
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from builder.audit.duplicates import Text, duplicates

_HAN = [chr(0x4E00 + place) for place in range(2500)]


def texts(count: int) -> list[Text]:
    """Texts of which every twentieth is a copy of the one before."""
    random, found = Random(1), list[Text]()
    body: list[str] = []
    for number in range(count):
        if number % 20 or not body:
            body = random.choices(_HAN, k=800)
        else:
            for place in random.sample(range(800), 20):
                body[place] = random.choice(_HAN)
        date = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(hours=number)
        found.append(Text(f"content/b{number % 1000}/news/{number}.md", 2, f"b{number % 1000}", date, "".join(body)))
    return found


def main() -> None:
    """Prints the table."""
    sys.stdout.write("| entries | seconds | µs each | copies found |\n| ---: | ---: | ---: | ---: |\n")
    for count in [int(each) for each in sys.argv[1:]] or [5_000, 20_000]:
        given = texts(count)
        start = time.perf_counter()
        found = len(duplicates(given))
        seconds = time.perf_counter() - start
        sys.stdout.write(
            f"| {count:,} | {seconds:.1f} | {1e6 * seconds / count:.0f} | {found:,} of {(count - 1) // 20:,} |\n"
        )


if __name__ == "__main__":
    main()

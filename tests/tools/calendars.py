"""The instants that two JavaScript libraries find in calendars, against the true ones: not part of the tests, since it needs npm.

    npm install --prefix /tmp/calendars ical.js node-ical
    PYTHONPATH=tests python tests/tools/calendars.py /tmp/calendars/node_modules

ical.js reads the rules in the file; node-ical takes a zone by its name from the database of Node.js, which
dates Ramadan in Morocco otherwise in a few years ahead.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from test_feeds_zones import ZONES, made


def main() -> int:
    """Print how many events each library has at another instant; return 1 if there is any."""
    wrong = 0
    for name in ZONES:
        content, starts = made(name, range(1988, 2036))
        content = content.replace(b"Test/" + name.replace("/", "").encode(), name.encode())
        with tempfile.NamedTemporaryFile(suffix=".ics") as file:
            file.write(content)
            file.flush()
            script = Path(__file__).with_name("read_calendar.cjs")
            # In another zone than any of these: a time that is taken for the machine's own is found out.
            environment = {**os.environ, "NODE_PATH": sys.argv[1], "TZ": "Pacific/Kiritimati"}
            done = subprocess.run(["node", script, file.name], env=environment, capture_output=True, check=True)
        for library, found in json.loads(done.stdout).items():
            read = {uid: datetime.fromisoformat(at) for uid, at in found.items()}
            off = [uid for uid, at in starts.items() if read.get(uid) != at.astimezone(UTC)]
            print(f"{name}: {library} {len(starts) - len(off)} of {len(starts)} right", *off[:3])
            wrong += len(off)
    return wrong > 0


if __name__ == "__main__":
    sys.exit(main())

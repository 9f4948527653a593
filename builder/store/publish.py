"""The output folder: releases made public. Branch folders are exchanged whole, the hub's files one by one.

What lies in the output folder is not trusted: files are compared with their release by size and modification time, and
what does not belong is removed, but for dot-files and a README at the top.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from builder.model.reading import BINARY, read_file
from builder.store import Manifest, Packed, Store, replace_folder, settle_folder
from builder.workers import is_fatal

STAGING = ".staging"
_MOST_BYTES = 1_000_000_000
_TOLERATED = frozenset({"README.md"})


Stamp = tuple[int, int, int]


class FileCounts(msgspec.Struct, frozen=True):
    """The numbers of files written, left unchanged, and removed."""

    written: int = 0
    unchanged: int = 0
    removed: int = 0

    def __add__(self, other: FileCounts) -> FileCounts:
        return FileCounts(self.written + other.written, self.unchanged + other.unchanged, self.removed + other.removed)


class Publication(msgspec.Struct, frozen=True):
    """The outcome of publishing a site: what became of its files, and why not all are as its release says, if so; it may
    be ``damaged``."""

    files: FileCounts = FileCounts()
    failed: str = ""
    damaged: bool = False


class StoppedBuildError(Exception):
    """A build could not go on, as when the disk is full, after it had changed something. Its cause is the OSError."""


class ForeignFolderError(Exception):
    """The output folder holds something that no build has written."""


def check_output(output: Path, ours: bool) -> None:
    """Raises ForeignFolderError if the output folder holds something and was never ours, OSError if it is none."""
    names = _names_in(output) if os.path.lexists(output) else []
    if names and not ours and not _is_ours(output / "build.json"):
        raise ForeignFolderError(str(output))


def _names_in(output: Path) -> list[str]:
    return [entry.name for entry in output.iterdir() if not _is_tolerated(entry.name)]


def prepare(output: Path, ours: bool) -> None:
    """Makes the output folder ready. Raises ForeignFolderError if it holds something and was never ours, OSError."""
    check_output(output, ours)
    output.mkdir(parents=True, exist_ok=True)
    names = _names_in(output)
    _clear(output / STAGING)
    (output / STAGING).mkdir()
    for name in sorted(names):
        if name.endswith(".old"):
            settle_folder(output / name.removesuffix(".old"))


def has_changed(folder: Path, since_ns: int) -> bool:
    """Tells whether anything below a folder of the output or the state was written or removed at or after a moment, but for
    what builds write in while they run."""
    for place, inner, names in os.walk(folder):
        top = place == os.fspath(folder)
        if top:
            inner[:] = [name for name in inner if name not in (STAGING, "staging")]
        each = [os.path.join(place, name) for name in names if not (top and name == "lock")]  # noqa: PTH118
        with contextlib.suppress(FileNotFoundError):
            if any(os.lstat(path).st_ctime_ns >= since_ns for path in ([] if top else [place]) + each):
                return True
    return False


class _BuildJson(msgspec.Struct, frozen=True):
    """The part of the hub's build.json by which an output folder is recognized."""

    version: int
    files: dict[str, str]
    sites: dict[str, str]


def _is_ours(file: Path) -> bool:
    try:
        return bool(msgspec.json.decode(read_file(file, _MOST_BYTES), type=_BuildJson).files)
    except (OSError, ValueError, RecursionError, msgspec.MsgspecError):
        return False


def is_published(output: Path, slug: str, manifest: Manifest) -> bool:
    """Tells whether ``<output>/<slug>/`` holds the branch's release and nothing else: the size and time of each file
    are as they should be, and no folder has been touched since.
    """
    base = os.fspath(output / slug)
    touched, lstat, is_file, is_folder = _folder_time(manifest), os.lstat, stat.S_ISREG, stat.S_ISDIR
    try:
        for path, file in manifest.files.items():
            status = lstat(f"{base}/{path}")
            if status.st_size != file.size or status.st_mtime_ns != file.mtime_ns or not is_file(status.st_mode):
                return False
        for folder in manifest.folders:
            status = lstat(f"{base}/{folder}")
            if status.st_mtime_ns != touched or not is_folder(status.st_mode):
                return False
    except OSError:
        return False
    return True


def place_of(output: Path, slug: str) -> Stamp | None:
    """Returns a mark that tells the present folder of a branch in the output from earlier and later ones; None without one.

    A release is published by exchanging the whole folder, so that it is another one each time.
    """
    try:
        status = os.lstat(f"{output}/{slug}")
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_ctime_ns


def _above(folder: str) -> Iterator[str]:
    while folder:
        folder = folder.rpartition("/")[0]
        yield folder


def _folder_time(manifest: Manifest) -> int:
    """Returns the modification time that all folders of a published branch have: that of its newest file."""
    return max((file.mtime_ns for file in manifest.files.values()), default=0)


def publish_branch(
    output: Path,
    slug: str,
    store: Store,
    manifest: Manifest,
    exchange: Callable[[Path, Path], None] = replace_folder,
) -> FileCounts:
    """Makes ``<output>/<slug>/`` what the branch's release says, in one step if anything differs; file by file where the
    system does not let ``exchange`` put one folder in the place of another. Raises OSError, DamagedStateError."""
    target = output / slug
    if is_published(output, slug, manifest):
        return FileCounts(unchanged=len(manifest.files))
    present = dict(_files(target))
    same = {path for path, file in manifest.files.items() if present.get(path) == (file.size, file.mtime_ns)}
    staged = output / STAGING / slug
    release = store.packed(slug)
    try:
        _clear(staged)
        folders = _make_folders(staged, manifest.files)
        old, new = os.fspath(target), os.fspath(staged)
        for path, file in manifest.files.items():
            if path in same:
                os.link(f"{old}/{path}", f"{new}/{path}")
            else:
                _write(f"{new}/{path}", release.pieces(file), file.mtime_ns)
        _touch_folders(folders, manifest)
        if not target.is_dir() or target.is_symlink():
            target.unlink(missing_ok=True)
        exchange(staged, target)
    except OSError as error:
        if is_fatal(error):
            raise
        _clear(staged)
        published = _update_files(output, f"{slug}/", release, manifest, is_fatal=is_fatal)
        if published.failed:
            raise
        _touch_folders([os.fspath(target / folder) for folder in manifest.folders], manifest)
        return published.files
    finally:
        release.close()
    gone = sum(path not in manifest.files for path in present)
    return FileCounts(len(manifest.files) - len(same), len(same), gone)


def _touch_folders(folders: Iterable[str], manifest: Manifest) -> None:
    touched = _folder_time(manifest)
    for folder in folders:
        os.utime(folder, ns=(touched, touched))


def _make_folders(base: Path, paths: Iterable[str]) -> list[str]:
    """Makes the folders that ``paths`` lie in; gives all of them, the deeper ones last."""
    base.mkdir(parents=True)
    known = {""}
    made = [os.fspath(base)]
    for path in paths:
        folder = path.rpartition("/")[0]
        for above in sorted({folder, *_above(folder)} - known, key=len):
            known.add(above)
            os.mkdir(f"{made[0]}/{above}")  # noqa: PTH102 - many folders
            made.append(f"{made[0]}/{above}")
    return made


def _write(target: str, content: Iterable[bytes], mtime_ns: int) -> None:
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | BINARY, 0o666)
    try:
        for piece in content:
            left = memoryview(piece)
            while left:
                left = left[os.write(handle, left) :]
        if os.utime in os.supports_fd:
            os.utime(handle, ns=(mtime_ns, mtime_ns))
    finally:
        os.close(handle)
    if os.utime not in os.supports_fd:
        os.utime(target, ns=(mtime_ns, mtime_ns))


def publish_hub(
    output: Path,
    store: Store,
    manifest: Manifest,
    branches: Iterable[str],
    is_fatal: Callable[[BaseException], bool] = lambda _: False,
) -> Publication:
    """Brings the hub's files up to date: new ones first, pages after what they need, then what is gone is removed.

    A file that cannot be written or removed keeps none of the others from it, but build.json stays as it was then. Raises
    OSErrors that are fatal: none of the others could be written either.
    """
    release = store.packed("")
    try:
        return _update_files(output, "", release, manifest, frozenset(branches), is_fatal)
    finally:
        release.close()


def _update_files(
    output: Path,
    home: str,
    release: Packed,
    manifest: Manifest,
    keep: frozenset[str] | None = None,
    is_fatal: Callable[[BaseException], bool] = lambda _: False,
) -> Publication:
    """Brings the files below ``home`` in the output folder up to date one by one, but for the folders ``keep`` in it."""
    base = output / home
    present = dict(_files(base, keep))
    written = unchanged = 0
    failed: list[str] = []
    # build.json says that all the rest is there, so it comes last; pages come after the files that they load.
    for path in sorted(manifest.files, key=lambda path: (path == "build.json", path.endswith(".html"), path)):
        file = manifest.files[path]
        if present.get(path) == (file.size, file.mtime_ns):
            unchanged += 1
            continue
        if failed and path == "build.json":
            continue
        with _collecting(failed, is_fatal):
            _replace(release.pieces(file), output, home + path, file.mtime_ns)
            written += 1
    gone = [path for path in present if path not in manifest.files]
    for path in gone:
        with _collecting(failed, is_fatal):
            # It may have made room for a file already.
            if os.path.lexists(base / path) and (not (base / path).is_dir() or (base / path).is_symlink()):
                (base / path).unlink()
    if gone:
        with _collecting(failed, is_fatal):
            _prune(base, keep or frozenset())
    return Publication(FileCounts(written, unchanged, len(gone)), failed[0] if failed else "")


@contextmanager
def _collecting(failed: list[str], is_fatal: Callable[[BaseException], bool]) -> Iterator[None]:
    """Adds what fails here to ``failed``, unless it is fatal."""
    try:
        yield
    except OSError as error:
        if is_fatal(error):
            raise
        failed.append(f"{type(error).__name__}: {error}")


def clear_staging(output: Path) -> None:
    """Removes the temporary files of publishing."""
    shutil.rmtree(output / STAGING, ignore_errors=True)


def remove_branch(output: Path, slug: str) -> FileCounts:
    """Removes a branch's folder."""
    gone = sum(1 for _ in _files(output / slug))
    shutil.rmtree(output / slug, ignore_errors=True)
    return FileCounts(removed=gone)


def _clear(place: Path) -> None:
    """Removes whatever is at a place. Raises OSError."""
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)


def _is_tolerated(name: str) -> bool:
    return name.startswith(".") or name in _TOLERATED


def _files(folder: Path, skip: frozenset[str] | None = None) -> Iterator[tuple[str, tuple[int, int]]]:
    """Returns size and modification time of each regular file, by path; others have sizes that match nothing."""
    stack = [("", os.fspath(folder))]
    while stack:
        prefix, place = stack.pop()
        try:
            entries = list(os.scandir(place))
        except OSError:
            continue
        for entry in entries:
            if not prefix and skip is not None and (entry.name in skip or _is_tolerated(entry.name)):
                continue
            if entry.is_dir(follow_symlinks=False):
                stack.append((f"{prefix}{entry.name}/", entry.path))
            else:
                status = entry.stat(follow_symlinks=False)
                regular = entry.is_file(follow_symlinks=False)
                yield f"{prefix}{entry.name}", (status.st_size if regular else -1, status.st_mtime_ns)


def _replace(content: Iterable[bytes], output: Path, path: str, mtime_ns: int) -> None:
    """Puts a file at ``path`` in the output folder in one step."""
    beside, target = output / STAGING / "file", output / path
    beside.parent.mkdir(parents=True, exist_ok=True)
    _write(os.fspath(beside), content, mtime_ns)
    for folder in reversed(target.relative_to(output).parents):
        place = output / folder
        if place != output and os.path.lexists(place) and (place.is_symlink() or not place.is_dir()):
            place.unlink()
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_dir() and not target.is_symlink():
        shutil.rmtree(target)
    beside.replace(target)


def _prune(output: Path, keep: frozenset[str]) -> None:
    """Removes folders of the hub that hold nothing any more."""
    for top in sorted(output.iterdir()):
        if top.name in keep or _is_tolerated(top.name) or not top.is_dir():
            continue
        for place, _, _ in os.walk(top, topdown=False):
            if not any(os.scandir(place)):
                Path(place).rmdir()

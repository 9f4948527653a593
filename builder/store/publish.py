"""The output folder: releases made public. Branch folders are exchanged whole, the hub's files one by one.

What lies in the output folder is not trusted: files are compared with their release by size and modification time, and
what does not belong is removed, but for dot-files and a README at the top.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import msgspec

from builder.model.reading import BINARY, read_file
from builder.store import FileRecord, Manifest, Packed, Store, exchange_folder, settle_folder
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
    return [entry.name for entry in os.scandir(output) if not _is_tolerated(entry.name)]


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
    lstat, is_file, is_folder = os.lstat, stat.S_ISREG, stat.S_ISDIR
    try:
        for path, file in manifest.files.items():
            status = lstat(f"{base}/{path}")
            if status.st_size != file.size or status.st_mtime_ns != file.mtime_ns or not is_file(status.st_mode):
                return False
        for folder, touched in _folder_times(manifest).items():
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


def _folder_times(manifest: Manifest) -> dict[str, int]:
    """Returns the modification time that each folder of a published branch has: that of the newest file below it."""
    times = dict.fromkeys(manifest.folders, 0)
    for path, file in manifest.files.items():
        folder = path.rpartition("/")[0]
        if times[folder] < file.mtime_ns:
            times[folder] = file.mtime_ns
    for folder in reversed(manifest.folders):
        # The folders that lie in it have been seen: their names come after its own.
        above = folder.rpartition("/")[0]
        if times[above] < times[folder]:
            times[above] = times[folder]
    return times


class _Tree(NamedTuple):
    """The contents of a folder: the size and the modification time of each file, and the modification time of each folder, by
    path. What is neither has a size that matches nothing."""

    files: dict[str, tuple[int, int]]
    folders: dict[str, int]

    def counts(self, manifest: Manifest) -> FileCounts:
        """Returns what becomes of its files when a release takes their place."""
        kept = sum(self.files.get(path) == (file.size, file.mtime_ns) for path, file in manifest.files.items())
        gone = sum(path not in manifest.files for path in self.files)
        return FileCounts(len(manifest.files) - kept, kept, gone)


def publish_branch(
    output: Path,
    slug: str,
    store: Store,
    manifest: Manifest,
    exchange: Callable[[Path, Path], bool] = exchange_folder,
    spare_from: int = 300,
) -> FileCounts:
    """Makes ``<output>/<slug>/`` what the branch's release says, in one step if anything differs; file by file where the
    system does not let ``exchange`` put one folder in the place of another. Raises OSError, DamagedStateError.

    A branch of ``spare_from`` folders or more keeps the folder that it had: brought up to date in its turn, it is the one that
    is put in the place of the other next time, so that a branch of any size costs what has changed of it.
    """
    target, staged, spare = output / slug, output / STAGING / slug, store.spare(slug)
    if is_published(output, slug, manifest):
        return FileCounts(unchanged=len(manifest.files))
    times = _folder_times(manifest)
    before = _look(target, manifest, times)
    counts = before.counts(manifest)
    release = store.packed(slug)
    try:
        _clear(staged)
        # A spare folder is one only while it is what readers see: nothing that was withdrawn may outlive a kill in it.
        if len(manifest.folders) < spare_from or not _is_moved(spare, staged):
            _clear(spare)
            staged.mkdir(parents=True)
        _bring_up(staged, _look(staged, manifest, times), manifest, times, target, release)
        if not target.is_dir() or target.is_symlink():
            target.unlink(missing_ok=True)
        is_left = exchange(staged, target)
    except OSError as error:
        if is_fatal(error):
            raise
        _clear(staged)
        published = _update_files(output, f"{slug}/", release, manifest, is_fatal=is_fatal)
        if published.failed:
            raise
        _touch_folders(target, manifest)
        return published.files
    finally:
        release.close()
    if is_left:
        with contextlib.suppress(OSError):
            # When most files are new the next time is far, and as much work as this one.
            if len(manifest.folders) >= spare_from and counts.written <= counts.unchanged:
                _bring_up(staged, before, manifest, times, target)
                spare.parent.mkdir(exist_ok=True)
                _is_moved(staged, spare)
        shutil.rmtree(staged, ignore_errors=True)
    return counts


def publish_touched(output: Path, slug: str, store: Store, manifest: Manifest, most: int = 1_000) -> FileCounts | None:
    """Brings ``<output>/<slug>/`` up to date in its place, where it says to hold the release before this one and nothing of that
    is gone: what has come or changed since is written, and nothing else is looked at. For previews, which somebody waits for, and
    which look at all of it a moment later. Returns None if it is not that release, more than ``most`` files are to be written, or
    that cannot be done; raises DamagedStateError.
    """
    target = output / slug
    if not manifest.prior or target.is_symlink() or _said(target) != manifest.prior:
        return None
    newest = max({file.pack for file in manifest.files.values()}, key=lambda name: (len(name), name))
    fresh = [path for path, file in manifest.files.items() if file.pack == newest]
    if len(fresh) > most:
        return None
    release, made, times, spare = store.packed(slug), set[str](), _folder_times(manifest), store.spare(slug)
    try:
        if spare.is_dir():
            # It holds nothing that readers do not see: no text that was taken out, at no moment.
            for path in fresh:
                (spare / path).unlink(missing_ok=True)
        # build.json says that all the rest is there, so it comes last.
        for path in sorted(fresh, key=lambda path: (path == "build.json", path)):
            file = manifest.files[path]
            _replace(release.pieces(file), output, f"{slug}/{path}", file.mtime_ns, made)
        for folder in sorted({folder for path in fresh for folder in _above(path)}, reverse=True):
            os.utime(target / folder, ns=(times[folder], times[folder]))
    except OSError:
        return None
    finally:
        release.close()
    return FileCounts(len(fresh), len(manifest.files) - len(fresh))


def _is_moved(folder: Path, place: Path) -> bool:
    """Moves a folder, if that can be done in one step. Returns false where it cannot: from one file system to another."""
    try:
        folder.rename(place)
    except OSError:
        return False
    return True


def _bring_up(
    folder: Path,
    present: _Tree,
    manifest: Manifest,
    times: Mapping[str, int],
    other: Path,
    release: Packed | None = None,
) -> None:
    """Makes a folder, in which ``present`` lies, hold a branch's release: files come from ``other``, where that has them as they
    should be, or from the ``release``; folders get their ``times``. Raises OSError, DamagedStateError."""
    here, there = os.fspath(folder), os.fspath(other)
    wrong = {path for path, file in manifest.files.items() if present.files.get(path) != (file.size, file.mtime_ns)}
    gone = [path for path in present.files if path in wrong or path not in manifest.files]
    for path in gone:
        os.unlink(f"{here}/{path}")  # noqa: PTH108 - many files
    touched = {path.rpartition("/")[0] for path in (*gone, *wrong)}
    for path in sorted(present.folders.keys() - times.keys(), reverse=True):
        os.rmdir(f"{here}/{path}")  # noqa: PTH106 - many folders
        touched.add(path.rpartition("/")[0])
    for path in sorted(times.keys() - present.folders.keys()):
        os.mkdir(f"{here}/{path}")  # noqa: PTH102 - many folders
        touched |= {path, path.rpartition("/")[0]}
    for path in sorted(wrong):
        file = manifest.files[path]
        if release is None or _is_file(f"{there}/{path}", file):
            os.link(f"{there}/{path}", f"{here}/{path}")
        else:
            _write(f"{here}/{path}", release.pieces(file), file.mtime_ns)
    for path, time in times.items():
        if path in touched or present.folders[path] != time:
            os.utime(f"{here}/{path}", ns=(time, time))


def _is_file(place: str, file: FileRecord) -> bool:
    """Tells whether there is a file of the size and time of a published one."""
    try:
        status = os.lstat(place)
    except OSError:
        return False
    same = status.st_size == file.size and status.st_mtime_ns == file.mtime_ns
    return same and stat.S_ISREG(status.st_mode)


def _touch_folders(base: Path, manifest: Manifest) -> None:
    for folder, time in _folder_times(manifest).items():
        os.utime(base / folder, ns=(time, time))


def _look(folder: Path, manifest: Manifest, times: Mapping[str, int]) -> _Tree:
    """Looks at what lies below a folder; nothing if it is none. One that says to hold a release or the one before it is not
    listed where nothing has been added or removed since, which the times of folders tell."""
    base = os.fspath(folder)
    if not os.path.isdir(base) or os.path.islink(base):  # noqa: PTH112, PTH114
        return _Tree({}, {})
    said = _said(folder)
    known = said in (manifest.files["build.json"].sha256, manifest.prior)
    tree = _Tree({}, {"": os.lstat(base).st_mtime_ns})
    _list(base, tree, _compare(base, tree, manifest, times) if said and known else [""])
    return tree


def _said(folder: Path) -> str:
    """Returns the hash of the build.json in a folder, which says which release it holds; empty if there is none."""
    try:
        return hashlib.sha256(read_file(folder / "build.json", _MOST_BYTES)).hexdigest()
    except OSError:
        return ""


def _compare(base: str, tree: _Tree, manifest: Manifest, times: Mapping[str, int]) -> list[str]:
    """Looks for the folders and files of a release below a folder; returns the folders that have to be listed, since they were
    touched."""
    files, folders, calm = tree.files, tree.folders, set[str]()
    lstat, is_file, is_folder = os.lstat, stat.S_ISREG, stat.S_ISDIR
    for path, time in times.items():
        if path and path.rpartition("/")[0] not in folders:
            continue
        try:
            status = lstat(f"{base}/{path}")
        except OSError:
            continue
        if is_folder(status.st_mode):
            folders[path] = status.st_mtime_ns
            if status.st_mtime_ns == time:
                calm.add(path)
    for path in manifest.files:
        above = path.rpartition("/")[0]
        if above in calm:
            try:
                status = lstat(f"{base}/{path}")
            except OSError:
                continue
            if is_folder(status.st_mode):
                calm.discard(above)
            else:
                files[path] = status.st_size if is_file(status.st_mode) else -1, status.st_mtime_ns
    return [path for path in folders if path not in calm]


def _list(base: str, tree: _Tree, stack: list[str]) -> None:
    """Lists folders below another one, and those in them that are not known yet."""
    files, folders = tree.files, tree.folders
    while stack:
        place = stack.pop()
        prefix = f"{place}/" if place else ""
        with contextlib.suppress(OSError), os.scandir(f"{base}/{place}") as entries:
            for entry in entries:
                path = prefix + entry.name
                if path in folders and entry.is_dir(follow_symlinks=False):
                    continue
                status = entry.stat(follow_symlinks=False)
                if stat.S_ISDIR(status.st_mode):
                    folders[path] = status.st_mtime_ns
                    stack.append(path)
                else:
                    files[path] = status.st_size if stat.S_ISREG(status.st_mode) else -1, status.st_mtime_ns


def _above(path: str) -> Iterator[str]:
    """Yields the folders above a path, the lowest first; the top is empty."""
    while path:
        path = path.rpartition("/")[0]
        yield path


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
    made: set[str] = set()
    # build.json says that all the rest is there, so it comes last; pages come after the files that they load.
    for path in sorted(manifest.files, key=lambda path: (path == "build.json", path.endswith(".html"), path)):
        file = manifest.files[path]
        if present.get(path) == (file.size, file.mtime_ns):
            unchanged += 1
            continue
        if failed and path == "build.json":
            continue
        with _collecting(failed, is_fatal):
            _replace(release.pieces(file), output, home + path, file.mtime_ns, made)
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


def _replace(content: Iterable[bytes], output: Path, path: str, mtime_ns: int, made: set[str]) -> None:
    """Puts a file at ``path`` in the output folder in one step. ``made`` are the folders that are known to be there."""
    beside, target = f"{output}/{STAGING}/file", f"{output}/{path}"
    folder = path.rpartition("/")[0]
    if STAGING not in made:
        (output / STAGING).mkdir(parents=True, exist_ok=True)
        made.add(STAGING)
    _write(beside, content, mtime_ns)
    if folder not in made:
        _make_folder(output, Path(folder))
        made.add(folder)
    try:
        os.replace(beside, target)  # noqa: PTH105 - many files
    except OSError:
        place = Path(target)
        if place.is_symlink() or not place.is_dir():
            raise
        shutil.rmtree(place)
        os.replace(beside, target)  # noqa: PTH105


def _make_folder(output: Path, path: Path) -> None:
    """Makes a folder in the output, in the place of whatever else is there."""
    for folder in (*reversed(path.parents), path):
        place = output / folder
        if place != output and os.path.lexists(place) and (place.is_symlink() or not place.is_dir()):
            place.unlink()
    (output / path).mkdir(parents=True, exist_ok=True)


def _prune(output: Path, keep: frozenset[str]) -> None:
    """Removes folders of the hub that hold nothing any more."""
    for top in sorted(output.iterdir()):
        if top.name in keep or _is_tolerated(top.name) or not top.is_dir():
            continue
        for place, _, _ in os.walk(top, topdown=False):
            if not any(os.scandir(place)):
                Path(place).rmdir()

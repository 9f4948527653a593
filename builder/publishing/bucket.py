"""An S3-compatible store. Files go up in an order that shows no page without what it needs; releases are kept on this machine.

While files go up a mark lies in the store: where one is found, an earlier run was broken off, and what lies there is listed anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from itertools import islice
from typing import Any

from builder.messages.translation import N_
from builder.model.media_types import DOWNLOADED, media_type
from builder.model.site_map import media_type_of
from builder.publishing.folder import FolderDestination
from builder.publishing.listing import Listing, Source, read_listing
from builder.publishing.plan import Plan, difference, is_immutable, steps
from builder.publishing.releases import Release, TargetError

_MARK = ".publishing"
_AT_ONCE, _BATCH = 8, 1000
_SITE_TYPES = {
    "html": "text/html",
    "css": "text/css",
    "js": "text/javascript",
    "xml": "application/xml",
    "woff2": "font/woff2",
}


class BucketDestination:
    """The bucket ``name``, below ``prefix``; ``kept`` are its releases on this machine. ``client`` speaks to the store: boto3's,
    if none is given."""

    def __init__(
        self, name: str, endpoint: str, region: str, prefix: str, kept: FolderDestination, client: Any = None
    ) -> None:
        self._name, self._endpoint, self._region, self._given = name, endpoint, region, client
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self._kept = kept

    @cached_property
    def _client(self) -> Any:
        if self._given is not None:
            return self._given
        try:
            import boto3
        except ImportError as error:
            raise TargetError(N_("For a bucket, install branchpress[s3].")) from error
        return boto3.client("s3", endpoint_url=self._endpoint or None, region_name=self._region or None)

    def listing(self, known: Listing) -> Listing:
        """See Destination. What an earlier run that was broken off has left is not what build.json lists: all of it counts as
        another file, but for those that never change under their names."""
        listed = read_listing(self._get, known) or Listing()
        if self._get(_MARK) is None:
            return listed
        there = [path for path in self._keys() if path != _MARK]
        files = {path: listed.files.get(path, "") if is_immutable(path) else "" for path in there}
        return Listing(files, listed.branches)

    def history(self) -> Sequence[Release]:
        """See Destination."""
        return self._kept.history()

    def publish(self, source: Source, plan: Plan, release: Release) -> None:
        """See Destination."""
        for path in plan.sent:
            source.read(path)
        self._bring(source, plan)
        shown = self._kept.listing(source.listing)
        self._kept.publish(source, difference(source.listing, shown), release)

    def roll_back(self, release: Release) -> None:
        """See Destination."""
        source = Source.at(self._kept.folder_of(release))
        if source is None:
            raise TargetError(N_("There is no release {number}."), number=release.number)
        plan = difference(source.listing, self.listing(source.listing))
        self._bring(source, plan)
        self._kept.roll_back(release)

    def _bring(self, source: Source, plan: Plan) -> None:
        self._put(_MARK, b"", "text/plain")
        for group in steps(plan.sent):
            self._send(source, group)
        self._delete(plan.removed)
        self._delete([_MARK])

    def _send(self, source: Source, paths: Sequence[str]) -> None:
        with ThreadPoolExecutor(_AT_ONCE) as threads:
            for _ in threads.map(lambda path: self._put(path, source.read(path), _type(path)), paths):
                pass

    def _put(self, path: str, content: bytes, kind: str) -> None:
        headers = {"ContentType": kind, "CacheControl": _caching(path)}
        if _is_saved(path):
            headers["ContentDisposition"] = "attachment"
        self._call("put_object", Key=self._prefix + path, Body=content, **headers)

    def _get(self, path: str) -> bytes | None:
        try:
            answer = self._client.get_object(Bucket=self._name, Key=self._prefix + path)
        except Exception as error:
            if _code(error) in ("NoSuchKey", "404"):
                return None
            raise _failure(error) from error
        return bytes(answer["Body"].read())

    def _keys(self) -> Iterator[str]:
        token: dict[str, str] = {}
        while True:
            answer = self._call("list_objects_v2", Prefix=self._prefix, **token)
            yield from (each["Key"].removeprefix(self._prefix) for each in answer.get("Contents", ()))
            if not answer.get("IsTruncated"):
                return
            token = {"ContinuationToken": answer["NextContinuationToken"]}

    def _delete(self, paths: Iterable[str]) -> None:
        left = iter(sorted(paths))
        while batch := list(islice(left, _BATCH)):
            objects = [{"Key": self._prefix + path} for path in batch]
            self._call("delete_objects", Delete={"Objects": objects, "Quiet": True})

    def _call(self, name: str, **arguments: Any) -> Mapping[str, Any]:
        try:
            found: Mapping[str, Any] = getattr(self._client, name)(Bucket=self._name, **arguments)
        except Exception as error:
            raise _failure(error) from error
        return found


def _failure(error: Exception) -> TargetError:
    # What boto3 raises are classes made at run time, beside those of the network below it.
    if type(error).__module__.partition(".")[0] not in ("botocore", "boto3", "urllib3") and not isinstance(
        error, OSError
    ):
        raise error
    return TargetError(N_("{name} failed: {reason}."), name="S3", reason=str(error).rstrip("."))


def _code(error: Exception) -> str:
    answer = getattr(error, "response", None)
    return str(answer.get("Error", {}).get("Code", "")) if isinstance(answer, dict) else ""


def _type(path: str) -> str:
    own = media_type_of(path) or _SITE_TYPES.get(path.rpartition(".")[2].lower(), "")
    kind = own or media_type(path)
    return f"{kind}; charset=utf-8" if kind.startswith("text/") or kind.endswith(("json", "xml")) else kind


def _is_saved(path: str) -> bool:
    ending = path.rpartition(".")[2].lower()
    return ending in DOWNLOADED and ending not in ("ics", "json", "txt")


def _caching(path: str) -> str:
    return "public, max-age=31536000, immutable" if is_immutable(path) else "no-cache"

"""Bytes of photos in a bucket of an S3 store: beside `photo_bytes`, the only module that knows its protocol."""

import io
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from ssl import SSLCertVerificationError
from typing import Self
from xml.etree.ElementTree import ParseError

import structlog
from minio import Minio
from minio.deleteobjects import DeleteObject
from minio.error import MinioException, S3Error
from minio.helpers import check_bucket_name
from urllib3 import BaseHTTPResponse, PoolManager
from urllib3.exceptions import HTTPError, InvalidHeader

from cases.photo import KEPT_BYTES
from cases.store.photo_bytes import WHOLE_SECONDS, BytesAway, BytesStay, Flow, check_length
from chassis.outgoing import Deadline

MEDIA_TYPE = "application/octet-stream"
"""Whatever it is: who reaches the bucket past us is given a file to save, and no page to look at."""

ONE_PART = KEPT_BYTES + 1
"""So that every photo is one request, which is done or not; of an upload in parts some could be left behind unseen."""

log = structlog.get_logger()

PIECE = 64 * 1024
MISSING = "NoSuchKey"


class Bucket:
    """Bytes as objects, each named by its key. The bucket has to be there, and to be closed to everybody else."""

    def __init__(self, client: Minio, name: str) -> None:
        self._client, self._name = client, name

    @classmethod
    def at(cls, endpoint: str, name: str, keys: tuple[str, str], region: str, line: PoolManager) -> Self:
        """The bucket at `http://…` or `https://…`, by these keys (who we are, and the secret of that)."""
        scheme, _, host = endpoint.rstrip("/").partition("://")
        secure, (access_key, secret_key) = scheme == "https", keys
        client = Minio(
            endpoint=host,
            access_key=access_key,
            secret_key=secret_key,
            secure=secure,
            region=region,
            http_client=line,
        )
        return cls(client, name)

    def put(self, key: str, content: bytes) -> None:
        """Keep them."""
        with _reached():
            kept = self._client.put_object(
                bucket_name=self._name,
                object_name=key,
                data=io.BytesIO(content),
                length=len(content),
                content_type=MEDIA_TYPE,
                part_size=ONE_PART,
            )
        if not kept.etag:
            raise BytesAway("NoS3Store")

    def open(self, key: str, length: int | None = None) -> Flow | None:
        """Those under the key, if there are any: no more than a piece is held at a time."""
        with _reached():
            try:
                answer = self._client.get_object(bucket_name=self._name, object_name=key)
            except S3Error as error:
                if error.code == MISSING:
                    return None
                raise
            found = _length(answer, length)
        return Flow(found, _pieces(answer))

    def remove(self, keys: Collection[str]) -> None:
        """Keep nothing under these keys, 1,000 at most."""
        with _reached():
            # Asked so that the store names what is gone: an answer that names nothing may be any proxy's page.
            told = self._client._delete_objects(self._name, [DeleteObject(key) for key in keys])  # noqa: SLF001
        gone, refused = {each.name for each in told.object_list}, {each.name for each in told.error_list}
        if not (staying := set(keys) - gone):
            return
        reason = next((each.code for each in told.error_list), "NoS3Store")
        if not gone | refused:
            self.after("", 1)  # whatever answers this is a store all the same
            refused, reason = {*staying}, "NothingNamed"
        log.warning("bytes of photos stay", reason=reason, number=len(staying))
        raise BytesStay(reason, staying) if (gone | refused) & set(keys) else BytesAway(reason)

    def after(self, key: str, limit: int) -> Sequence[str]:
        """The first keys behind this one."""
        with _reached():
            found = self._client.list_objects(bucket_name=self._name, start_after=key, recursive=True)
            return [str(each.object_name) for each in islice(found, limit)]


def check_name(bucket: str) -> None:
    """Raises ValueError, with the reason, for what can be the name of no bucket."""
    check_bucket_name(bucket, strict=True)


def _length(answer: BaseHTTPResponse, expected: int | None) -> int:
    """How many bytes are coming; where they cannot be those that were kept, the answer is closed."""
    try:
        length = int(answer.headers["Content-Length"])
        check_length(length, expected)
    except (KeyError, ValueError, BytesAway):
        answer.close()
        raise InvalidHeader("another length") from None
    return length


def _pieces(answer: BaseHTTPResponse) -> Iterator[bytes]:
    try:
        with _reached(), Deadline(WHOLE_SECONDS) as deadline:
            deadline.end(answer.shutdown)
            yield from answer.stream(PIECE)
    finally:
        answer.close()
        answer.release_conn()


@contextmanager
def _reached() -> Iterator[None]:
    """Whatever keeps the store from doing it, wrong keys too, is `BytesAway`; the log says what it was.

    What is no answer of such a store, as the page of a proxy, fails where it is read.
    """
    try:
        yield
    except (MinioException, HTTPError, OSError, ParseError, ValueError, KeyError) as error:
        away = BytesAway(_told(error))
        log.warning("bytes of photos are away", reason=away.reason)
        raise away from error


def _told(error: Exception) -> str:
    """What operators are told: the store's own code for it, or what kind of error kept us from asking."""
    if isinstance(error, S3Error):
        return str(error.code)
    reason = getattr(error, "reason", None)  # a text, where bytes are none
    first = reason if isinstance(reason, Exception) else error
    not_believed = [each.verify_message for each in first.args if isinstance(each, SSLCertVerificationError)]
    return ": ".join([type(first).__name__, *not_believed])

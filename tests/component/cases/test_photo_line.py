"""The line to the S3 store: TLS for the name in the address, whatever addresses it has, and flat memory."""

import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest

from cases.photo import KEPT_BYTES
from cases.photo_settings import BucketSettings
from cases.store.bucket import Bucket
from cases.store.photo_bytes import BytesAway
from chassis.tls import Trust
from dev.ports import HOST
from dev.servers.object_store import ACCESS_KEY, READY, REGION, SECRET_KEY, ObjectStore
from tests.certificates import Authority
from tests.component.cases.bucketed import PATIENCE, content, own_bucket

BY_NAME = "localhost"


@pytest.fixture
def secure(object_store: ObjectStore) -> BucketSettings:
    """The store under TLS, with the authority of its certificate."""
    assert object_store.tls is not None
    trust = Trust(str(object_store.tls.authority))
    return BucketSettings(object_store.secure_endpoint, READY, ACCESS_KEY, SECRET_KEY, REGION, trust)


def refused(bucket: Bucket) -> str:
    with pytest.raises(BytesAway) as away:
        bucket.put("f-1", b"content")
    return away.value.reason


def test_under_tls_bytes_come_back_as_they_were(secure: BucketSettings) -> None:
    bucket = secure.opened(PATIENCE)
    bucket.put("f-tls", b"content")
    assert content(bucket, "f-tls") == b"content"
    bucket.remove(["f-tls"])
    assert content(bucket, "f-tls") is None


def test_a_store_of_another_authority_is_not_believed(secure: BucketSettings, tmp_path: Path) -> None:
    assert refused(replace(secure, trust=Trust(str(Authority(tmp_path).file))).opened()) == "SSLError"
    assert refused(replace(secure, trust=Trust()).opened()) == "SSLError"


def test_the_certificate_has_to_be_of_the_name_and_not_of_its_address(secure: BucketSettings) -> None:
    named = replace(secure, endpoint=secure.endpoint.replace(HOST, BY_NAME))
    assert refused(named.opened()) == "SSLError"


def test_a_name_is_looked_up_and_each_of_its_addresses_tried(
    object_store: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, int]] = []

    def look_up(host: str, port: int, seconds: float) -> list[str]:
        asked.append((host, port))
        return ["::1", HOST]

    monkeypatch.setattr("cases.photo_line.look_up", look_up)
    endpoint = object_store.endpoint.replace(HOST, BY_NAME)
    bucket = BucketSettings(endpoint, READY, ACCESS_KEY, SECRET_KEY, REGION).opened(PATIENCE)
    bucket.put("f-named", b"content")
    bucket.remove(["f-named"])
    assert asked == [(BY_NAME, int(endpoint.rpartition(":")[2]))]


def test_a_name_that_nobody_knows_is_a_store_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def look_up(host: str, port: int, seconds: float) -> list[str]:
        raise OSError("the look-up took too long")

    monkeypatch.setattr("cases.photo_line.look_up", look_up)
    unknown = BucketSettings("http://s3.example", READY, ACCESS_KEY, SECRET_KEY, REGION)
    assert refused(unknown.opened()) == "NameResolutionError"


def test_a_photo_on_its_way_out_takes_no_more_memory_than_a_piece(object_store: ObjectStore) -> None:
    bucket = own_bucket(object_store)
    bucket.put("f-1", bytes(KEPT_BYTES))
    tracemalloc.start()
    try:
        flow = bucket.open("f-1")
        assert flow is not None
        came = sum(len(piece) for piece in flow.pieces)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert came == flow.length == KEPT_BYTES
    assert most < KEPT_BYTES / 10


def test_a_photo_is_kept_in_one_piece_so_that_nothing_unfinished_is_left_behind(object_store: ObjectStore) -> None:
    bucket = own_bucket(object_store)
    bucket.put("f-1", bytes(KEPT_BYTES))
    kept = bucket._client.stat_object(bucket_name=bucket._name, object_name="f-1")
    # Of what came in several parts the tag ends with their number.
    assert "-" not in str(kept.etag)
    assert kept.content_type == "application/octet-stream"

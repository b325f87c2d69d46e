"""The line to the S3 store: TLS for the name in the address, whatever addresses it has, and flat memory."""

import re
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from cases.photo import KEPT_BYTES
from cases.photo_settings import BucketSettings
from cases.store.bucket import Bucket
from cases.store.photo_bytes import BytesAway, BytesStay
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
    for trust in (Trust(str(Authority(tmp_path).file)), Trust()):
        assert re.fullmatch("SSLError: .*(issuer|signature).*", refused(replace(secure, trust=trust).opened()))


def test_the_certificate_has_to_be_of_the_name_and_not_of_its_address(secure: BucketSettings) -> None:
    named = replace(secure, endpoint=secure.endpoint.replace(HOST, BY_NAME))
    assert refused(named.opened()).startswith("SSLError: Hostname mismatch")


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


class Store(BaseHTTPRequestHandler):
    """Answers with this head, or none, and these pieces, half a second after each other."""

    head: ClassVar[dict[str, str] | None] = {}
    said: ClassVar[list[bytes]] = []
    listed: ClassVar[bytes | None] = None
    """What is listed, where that is another answer."""

    def do_GET(self) -> None:
        if self.head is not None:
            self.send_response(200)
            for name, value in self.head.items():
                self.send_header(name, value)
            self.end_headers()
        with suppress(OSError):
            for piece in [self.listed] if self.listed and self.command == "GET" else self.said:
                self.wfile.write(piece)
                time.sleep(0.5)

    do_PUT = do_POST = do_GET  # noqa: N815 - named by http.server

    def log_message(self, *_: Any) -> None:
        """Nothing: the test says what it saw."""


@pytest.fixture
def odd(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    """A bucket at a store that answers as a test says, waited for by the second."""
    monkeypatch.setattr("cases.store.bucket.WHOLE_SECONDS", 1.0)
    monkeypatch.setattr("cases.photo_line.WHOLE_SECONDS", 1.0)
    server = ThreadingHTTPServer((HOST, 0), Store)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield BucketSettings(f"http://{HOST}:{server.server_port}", "bucket", ACCESS_KEY, SECRET_KEY, REGION).opened()
    server.shutdown()
    thread.join()
    server.server_close()


def answering(monkeypatch: pytest.MonkeyPatch, head: dict[str, str] | None, *said: bytes) -> None:
    monkeypatch.setattr(Store, "head", head)
    monkeypatch.setattr(Store, "said", list(said))


def away(ask: Callable[[], object]) -> str:
    with pytest.raises(BytesAway) as told:
        ask()
    return told.value.reason


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ({"Content-Length": "38"}, b"<html>The store is being mended</html>"),
        ({"Content-Length": "0"}, b""),
        ({"Content-Length": "many"}, b"bytes of a photo"),
        ({"Content-Length": str(KEPT_BYTES + 1)}, b"bytes of a photo"),
        ({"Connection": "close"}, b"bytes of a photo"),
    ],
)
def test_what_cannot_be_the_photo_is_not_given_out_for_it(
    odd: Bucket, monkeypatch: pytest.MonkeyPatch, head: dict[str, str], said: bytes
) -> None:
    answering(monkeypatch, head, said)
    assert away(lambda: odd.open("f-1", 16)) == "InvalidHeader"


@pytest.mark.parametrize("head", [{"Content-Length": "16777217"}, {"Content-Length": "many"}, {}])
def test_where_nobody_knows_how_long_it_was_it_still_has_a_length_that_a_photo_may_have(
    odd: Bucket, monkeypatch: pytest.MonkeyPatch, head: dict[str, str]
) -> None:
    answering(monkeypatch, head, b"")
    assert away(lambda: odd.open("f-1.medium")) == "InvalidHeader"
    answering(monkeypatch, {"Content-Length": "16"}, b"bytes of a photo")
    assert content(odd, "f-1.medium") == b"bytes of a photo"


def test_a_store_that_gives_a_byte_now_and_then_is_away(odd: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each byte within the time that one is waited for."""
    answering(monkeypatch, {"Content-Length": "16"}, *[b"b"] * 16)
    assert away(lambda: content(odd, "f-1")) == "TimeoutError"
    answering(monkeypatch, {"Content-Length": "16"}, b"bytes of a photo")
    assert content(odd, "f-1") == b"bytes of a photo"


def test_a_store_whose_answer_does_not_come_to_begin_is_away(odd: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    answering(monkeypatch, None, *[answer[at : at + 5] for at in range(0, len(answer), 5)])
    for ask in (lambda: odd.open("f-1"), lambda: odd.after("", 1), lambda: odd.put("f-1", b"content")):
        begun = time.monotonic()
        assert away(ask) == "TimeoutError"
        assert time.monotonic() - begun < 1.6  # for both tries together


def test_a_list_that_comes_by_the_byte_is_not_waited_for(odd: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, {"Content-Type": "application/xml"}, *[b"<"] * 8)
    assert away(lambda: odd.after("", 1)) == "TimeoutError"


PAGE = b"<html><body>The store is being mended</body></html>"


@pytest.mark.parametrize("said", [PAGE, b"", b"not even <html>", b"\xff\xfe", b"<Error><Code>SlowDown</Code></Error>"])
def test_what_is_no_answer_of_a_store_removes_nothing_and_lists_nothing(
    odd: Bucket, monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    answering(monkeypatch, {"Content-Type": "text/html", "Content-Length": str(len(said))}, said)
    for ask in (lambda: odd.remove(["f-1"]), lambda: odd.after("", 1)):
        assert away(ask) in {"NoS3Store", "ParseError", "ValueError", "UnicodeDecodeError", "SlowDown"}


def test_a_store_that_names_nothing_as_removed_has_removed_nothing_and_is_there(
    odd: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(monkeypatch, {"Content-Type": "application/xml", "Connection": "close"}, b"<DeleteResult/>")
    assert away(lambda: odd.remove(["f-1"])) != "NothingNamed"  # what lists nothing is no store
    monkeypatch.setattr(Store, "listed", b"<ListBucketResult><Name>bucket</Name></ListBucketResult>")
    with pytest.raises(BytesStay) as stay:
        odd.remove(["f-1", "f-2"])
    assert (stay.value.keys, stay.value.reason) == (frozenset({"f-1", "f-2"}), "NothingNamed")


def test_what_a_store_names_as_removed_is_and_all_else_stays(odd: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = b"<Error><Key>f-2</Key><Code>AccessDenied</Code></Error>"
    said = b"<DeleteResult><Deleted><Key>f-1</Key></Deleted>" + refused + b"</DeleteResult>"
    answering(monkeypatch, {"Content-Type": "application/xml", "Content-Length": str(len(said))}, said)
    odd.remove(["f-1"])
    with pytest.raises(BytesStay) as stay:
        odd.remove(["f-1", "f-2", "f-3"])
    assert (stay.value.keys, stay.value.reason) == (frozenset({"f-2", "f-3"}), "AccessDenied")
    with pytest.raises(BytesAway, check=lambda told: not isinstance(told, BytesStay)):
        odd.remove(["f-3"])


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

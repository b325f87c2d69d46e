"""The gateway's own port under TLS: whom it speaks with, and that nobody holds up others by how he comes under it."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
import requests

from dev.ports import HOST
from dev.servers import Broker, Mongod
from tests.certificates import Authority
from tests.component.gateway.running import Running
from tests.component.gateway.test_slow_clients import answered, until_closed
from tests.waiting import eventually

REQUEST = b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"
CLOSING = REQUEST.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
CROWD = 40
ANYTHING = "ALL:@SECLEVEL=0"
"""Whatever OpenSSL still has, so that it is the gateway that refuses."""


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def chain(authority: Authority) -> Path:
    return authority.chain(HOST)


@pytest.fixture(scope="module")
def running(broker: Broker, mongod: Mongod, chain: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A gateway under TLS that waits a second for a head and a handshake."""
    settings = {"TLS_CERT_FILE": str(chain), "TLS_KEY_FILE": str(chain), "HEAD_SECONDS": "1", "BODY_SECONDS": "1"}
    settings["BODY_RATE"] = "100000000"  # so that bytes earn nothing
    with Running(broker, mongod, tmp_path_factory.mktemp("gateway"), **settings) as started:
        started.start("cases", "gateway")
        yield started


def context(authority: Authority) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=authority.file)


def ask(running: Running, authority: Authority, path: str = "/v1/cases/c-1") -> requests.Response:
    with running.session() as client:
        return client.get(f"https://{HOST}:{running.port}{path}", timeout=15, verify=str(authority.file))


def connected(running: Running) -> socket.socket:
    return socket.create_connection((HOST, running.port), timeout=10)


def shaken(running: Running, asked: ssl.SSLContext) -> ssl.SSLSocket:
    return asked.wrap_socket(connected(running), server_hostname=HOST)


def test_it_answers_under_tls_and_says_to_stay_there(running: Running, authority: Authority) -> None:
    response = ask(running, authority)
    assert response.status_code == 200
    assert response.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_it_speaks_the_newest_version_and_no_old_one(running: Running, authority: Authority) -> None:
    with shaken(running, context(authority)) as connection:
        assert connection.version() == "TLSv1.3"
        assert connection.selected_alpn_protocol() is None
    for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_2):
        asked = context(authority)
        asked.set_ciphers(ANYTHING)
        with pytest.warns(DeprecationWarning, match="TLSVersion") if version < ssl.TLSVersion.TLSv1_2 else ExitStack():
            asked.minimum_version = asked.maximum_version = version
        if version == ssl.TLSVersion.TLSv1_2:
            with shaken(running, asked) as connection:
                assert connection.version() == "TLSv1.2"
        else:
            with pytest.raises(ssl.SSLError, match="PROTOCOL_VERSION"):
                shaken(running, asked)


def test_a_client_that_believes_another_authority_does_not_come_in(
    running: Running, authority: Authority, tmp_path: Path
) -> None:
    with pytest.raises(requests.exceptions.SSLError, match="CERTIFICATE_VERIFY_FAILED"):
        ask(running, Authority(tmp_path))
    assert eventually(lambda: "_ALERT_" in running.log("gateway"))
    assert ask(running, authority).status_code == 200


def test_who_begins_a_handshake_and_stays_silent_holds_nobody_up(running: Running, authority: Authority) -> None:
    with ExitStack() as stack:
        crowd = [stack.enter_context(connected(running)) for _ in range(CROWD)]
        for number, connection in enumerate(crowd):
            connection.sendall(b"\x16\x03\x01" if number % 2 else b"")
        assert ask(running, authority).status_code == 200
        assert {until_closed(connection) for connection in crowd} == {b""}
    assert '"reason": "TimeoutError"' in running.log("gateway")


def test_a_handshake_byte_by_byte_has_the_time_of_a_head(running: Running, authority: Authority) -> None:
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    with suppress(ssl.SSLWantReadError):
        context(authority).wrap_bio(incoming, outgoing, server_hostname=HOST).do_handshake()
    with connected(running) as connection:
        assert is_cut_off(connection, outgoing.read())


def is_cut_off(connection: socket.socket, sent: bytes) -> bool:
    """Whether the line is cut before all these bytes have come, ten a second."""
    connection.settimeout(0.1)
    for byte in sent:
        try:
            connection.sendall(bytes([byte]))
            open_still = bool(connection.recv(65536))
        except TimeoutError:
            continue
        except ConnectionError:
            open_still = False
        if not open_still:
            return True
    return False


def test_a_record_byte_by_byte_has_the_time_of_a_head(running: Running, authority: Authority) -> None:
    """Each of its bytes is something to read for the socket, and nothing for who waits for a head."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = context(authority).wrap_bio(incoming, outgoing, server_hostname=HOST)
    with connected(running) as connection:
        while True:
            try:
                client.do_handshake()
                break
            except ssl.SSLWantReadError:
                connection.sendall(outgoing.read())
                incoming.write(connection.recv(65536))
        connection.sendall(outgoing.read())
        client.write(b"GET /v1/me HTTP/1.1\r\nHost: x\r\nX-Padding: " + b"x" * 200)
        assert is_cut_off(connection, outgoing.read())


def test_a_head_that_trickles_in_gets_its_problem_under_tls_too(running: Running, authority: Authority) -> None:
    with shaken(running, context(authority)) as connection:
        connection.sendall(b"GET /v1/me HTTP/1.1\r\nHost: x\r\n")
        assert answered(until_closed(connection)) == (408, "request_timeout")


def test_who_takes_no_bytes_of_a_large_answer_loses_the_place(running: Running, authority: Authority) -> None:
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    narrow.settimeout(20)
    narrow.connect((HOST, running.port))
    with context(authority).wrap_socket(narrow, server_hostname=HOST) as connection:
        connection.sendall(b"GET /docs HTTP/1.1\r\nHost: x\r\n\r\n" * 4)
        before = running.log("gateway").count('"client gone"')
        assert eventually(lambda: running.log("gateway").count('"client gone"') > before)
    assert ask(running, authority).status_code == 200


def test_another_protocol_on_its_port_harms_nobody(running: Running, authority: Authority) -> None:
    for sent in (REQUEST, b"\x00" * 300, b"SSH-2.0-x\r\n", b"\x80\x2e\x01\x00\x02"):
        with connected(running) as connection, suppress(ConnectionError):
            connection.sendall(sent)
            assert b"HTTP/1.1 200" not in until_closed(connection)
    assert ask(running, authority).status_code == 200
    assert "connection failed" not in running.log("gateway")


def test_the_end_of_a_connection_is_said(running: Running, authority: Authority) -> None:
    """Else a client could not tell it from one that somebody on the way has cut (RFC 8446 §6.1)."""
    strict = context(authority)
    with strict.wrap_socket(connected(running), server_hostname=HOST, suppress_ragged_eofs=False) as connection:
        connection.sendall(CLOSING)
        assert until_closed(connection).startswith(b"HTTP/1.1 200")


def test_large_bodies_pass_both_ways(running: Running, authority: Authority) -> None:
    picture = b"\x89PNG" + bytes(range(256)) * 10_000
    url, ca_file = f"https://{HOST}:{running.port}/v1/photos", str(authority.file)
    with running.session() as client:
        up = client.post(url, data=picture, headers={"Content-Type": "image/png"}, timeout=15, verify=ca_file)
        down = client.get(f"{url}/ph-1", timeout=15, verify=ca_file)
    assert (up.status_code, up.json()["size"]) == (201, len(picture))
    assert down.content == picture


def test_many_come_under_tls_at_once(running: Running, authority: Authority) -> None:
    statuses: list[int] = []
    crowd = [threading.Thread(target=lambda: statuses.append(ask(running, authority).status_code)) for _ in range(20)]
    for each in crowd:
        each.start()
    for each in crowd:
        each.join(20)
    assert statuses == [200] * 20


def shown(running: Running, authority: Authority) -> bytes | None:
    with shaken(running, context(authority)) as connection:
        return connection.getpeercert(binary_form=True)


def test_a_renewed_certificate_is_shown_without_a_restart(running: Running, authority: Authority, chain: Path) -> None:
    before, fitting = shown(running, authority), chain.read_bytes()
    chain.write_bytes(b"half a certificate")
    assert shown(running, authority) == before
    assert "certificate not renewed" in running.log("gateway")
    chain.write_bytes(fitting)
    assert authority.chain(HOST) == chain
    after = shown(running, authority)
    assert after != before
    assert shown(running, authority) == after


@pytest.mark.parametrize(
    ("cert", "key", "reason"),
    [
        ("missing.pem", "key.pem", "missing.pem cannot be read"),
        ("chain.pem", "", "named together"),
        ("chain.pem", "key.pem", "KEY_VALUES_MISMATCH"),
    ],
    ids=["a file that is not there", "no key", "the key of another"],
)
def test_files_that_cannot_be_used_end_the_start_with_the_reason(
    broker: Broker, mongod: Mongod, authority: Authority, tmp_path: Path, cert: str, key: str, reason: str
) -> None:
    for name in ("chain.pem", "key.pem"):
        (tmp_path / name).write_bytes(authority.chain(f"{name}.example").read_bytes())
    files = {"TLS_CERT_FILE": str(tmp_path / cert), "TLS_KEY_FILE": str(tmp_path / key) if key else ""}
    with Running(broker, mongod, tmp_path, **files) as gateway:
        gateway.start("gateway", ready=False)
        assert gateway.processes["gateway"].wait(120) not in {0, None}
        assert "TLS_CERT_FILE, TLS_KEY_FILE: " in gateway.log("gateway")
        assert reason in gateway.log("gateway")

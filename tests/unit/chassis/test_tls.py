"""What is said of files for TLS before anybody connects, and what kombu is told of them."""

import ssl
from contextlib import suppress
from pathlib import Path

import eventlet
import pytest
from cryptography.hazmat.primitives import serialization
from environs import Env, EnvError

from chassis import tls
from chassis.settings import read
from chassis.tls import RECORD_BYTES, Certificate, Secured, Trust, Unusable
from tests.certificates import Authority

HOST = "127.0.0.1"


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


def elsewhere(tmp_path: Path) -> Authority:
    directory = tmp_path / "elsewhere"
    directory.mkdir()
    return Authority(directory)


def encrypted(chain: Path) -> Path:
    """The key of a chain, under a password."""
    key = serialization.load_pem_private_key(chain.read_bytes(), None)
    file = chain.with_name("encrypted.pem")
    under = serialization.BestAvailableEncryption(b"a password")
    file.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, under))
    return file


def test_a_broker_under_tls_has_to_show_a_certificate_of_its_host(authority: Authority) -> None:
    trust = Trust(ca_file=str(authority.file))
    told = trust.towards("amqps://guest:secret@Broker.example:5671//")
    assert told == {
        "server_hostname": "broker.example",
        "cert_reqs": ssl.CERT_REQUIRED,
        "tls_minimum_version": ssl.TLSVersion.TLSv1_2,
        "ca_certs": str(authority.file),
        "certfile": None,
        "keyfile": None,
    }


def test_without_files_the_authorities_of_the_system_are_believed() -> None:
    told = Trust().towards("amqps://broker.example//")
    assert told is not None
    assert (told["cert_reqs"], told["ca_certs"]) == (ssl.CERT_REQUIRED, None)
    assert Trust().towards("amqp://broker.example//") is None


def test_files_that_can_be_used_are_told(authority: Authority) -> None:
    chain = str(authority.chain(HOST))
    told = Trust(str(authority.file), chain, chain).towards("amqps://broker.example//")
    assert told is not None
    assert (told["certfile"], told["keyfile"]) == (chain, chain)


def test_each_file_that_cannot_be_used_is_named_with_the_reason(authority: Authority, tmp_path: Path) -> None:
    chain, other = str(authority.chain(HOST)), str(elsewhere(tmp_path).chain(HOST))
    missing, empty = str(tmp_path / "missing.pem"), tmp_path / "empty.pem"
    empty.touch()
    for files, reason in (
        ((missing,), f"{missing} cannot be read (No such file or directory)"),
        ((str(tmp_path),), f"{tmp_path} cannot be read (Is a directory)"),
        ((str(empty),), f"{empty} has no certificates of authorities"),
        (("", chain), "named together"),
        (("", "", chain), "named together"),
        (("", chain, other), "KEY_VALUES_MISMATCH"),
        (("", str(empty), chain), f"{empty} is no certificate for the key"),
        (("", chain, str(encrypted(Path(chain)))), "is encrypted"),
    ):
        with pytest.raises(Unusable) as refused:
            Trust(*files)
        assert reason in str(refused.value)


def setting(monkeypatch: pytest.MonkeyPatch, **settings: str) -> Trust:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return read(Env()).amqp_trust


def test_a_wrong_file_ends_the_start_with_the_names_of_the_settings(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(EnvError, match=r"AMQP_CA_FILE.*missing\.pem cannot be read"):
        setting(monkeypatch, AMQP_URI="amqps://broker.example//", AMQP_CA_FILE=str(tmp_path / "missing.pem"))


def test_files_that_nobody_would_look_at_end_the_start(monkeypatch: pytest.MonkeyPatch, authority: Authority) -> None:
    with pytest.raises(EnvError, match="amqps://"):
        setting(monkeypatch, AMQP_URI="amqp://broker.example//", AMQP_CA_FILE=str(authority.file))
    assert setting(monkeypatch, AMQP_URI="amqps://broker.example//")


def test_a_certificate_is_shown_until_its_files_have_changed(authority: Authority) -> None:
    chain = authority.chain(HOST)
    certificate = Certificate(str(chain), str(chain))
    first = certificate.context()
    assert certificate.context() is first
    assert authority.chain(HOST) == chain  # written anew
    assert certificate.context() is not first


def test_what_was_shown_stays_until_new_files_fit_each_other(authority: Authority, tmp_path: Path) -> None:
    chain, key = authority.chain(HOST), tmp_path / "key.pem"
    key.write_bytes(chain.read_bytes())
    certificate = Certificate(str(chain), str(key))
    first = certificate.context()
    renewed = authority.chain(HOST).read_bytes()
    assert certificate.context() is first
    chain.unlink()
    assert certificate.context() is first
    chain.write_bytes(renewed)
    key.write_bytes(renewed)
    second = certificate.context()
    assert second is not first
    assert certificate.context() is second


def test_new_files_are_shown_as_soon_as_they_may_be_read(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where they are moved to their place first, and given to us then."""
    chain = authority.chain(HOST)
    certificate = Certificate(str(chain), str(chain))
    first = certificate.context()
    authority.chain(HOST)
    with monkeypatch.context() as forbidden:  # root may read whatever the rights are
        forbidden.setattr("chassis.tls.served", refusing)
        assert certificate.context() is first
    chain.chmod(0o640)
    assert certificate.context() is not first


def refusing(*files: str) -> ssl.SSLContext:
    raise Unusable("Permission denied")


def test_nothing_below_tls_1_2_is_spoken(authority: Authority) -> None:
    chain = str(authority.chain(HOST))
    context = tls.served(chain, chain)
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2
    assert context.options & ssl.OP_NO_RENEGOTIATION


def test_of_the_protocols_that_a_client_offers_the_one_that_is_spoken_is_taken(authority: Authority) -> None:
    chain = str(authority.chain(HOST))
    client = ssl.create_default_context(cafile=str(authority.file))
    client.set_alpn_protocols(["h2", "http/1.1"])
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    ours = tls.served(chain, chain).wrap_bio(to_server, to_client, server_side=True)
    theirs = client.wrap_bio(to_client, to_server, server_hostname=HOST)
    for each in (theirs, ours, theirs, ours):
        with suppress(ssl.SSLWantReadError):
            each.do_handshake()
    assert theirs.selected_alpn_protocol() == ours.selected_alpn_protocol() == "http/1.1"


class Line:
    """A connection that takes what it is given, and waits without end for what nobody says."""

    def __init__(self) -> None:
        self.taken: list[int] = []

    def send(self, data: memoryview) -> int:
        self.taken.append(len(data))
        return len(data)

    def recv_into(self, buffer: bytearray) -> int:
        eventlet.sleep(60)
        return len(buffer)


def test_a_call_writes_one_record_and_waits_no_longer_than_it_may() -> None:
    line = Line()
    secured = Secured(line)
    assert (secured.send(b"x" * 100_000), secured.send(b"x")) == (RECORD_BYTES, 1)
    assert line.taken == [RECORD_BYTES, 1]
    secured.settimeout(0.01)
    with pytest.raises(TimeoutError):
        secured.recv_into(bytearray(1))

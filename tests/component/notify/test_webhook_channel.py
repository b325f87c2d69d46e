"""Posting to partners: within the limits of time, size and place, whatever they answer."""

from ipaddress import ip_network
from pathlib import Path
from threading import Event, Timer

import pytest

from notify.webhooks.channel import Unwelcome, WebhookChannel
from tests.certificates import Authority
from tests.component.notify.receiver import Receiver, Reply, another_protocol, drip, flood, half_a_head, receiving

LOOPBACK = (ip_network("127.0.0.0/8"),)


def channel(seconds: float = 5) -> WebhookChannel:
    return WebhookChannel(LOOPBACK, seconds=seconds)


def named(*addresses: str) -> WebhookChannel:
    return WebhookChannel(LOOPBACK, resolve=lambda _host, _port: list(addresses), seconds=5)


def test_a_post_arrives_as_it_was_sent(receiver: Receiver) -> None:
    receiver.replies = [Reply(201, {"Retry-After": "7"}, "好".encode())]
    answer = channel().post(receiver.url + "?a=1", {"webhook-id": "e1"}, b'{"a": 1}')
    assert (answer.status, answer.retry_after, answer.body, answer.error) == (201, "7", "好", None)
    [got] = receiver.got
    assert (got.path, got.body) == ("/hook?a=1", b'{"a": 1}')
    assert got.headers["webhook-id"] == "e1"
    assert got.headers["host"] == f"127.0.0.1:{receiver.port}"


def test_a_redirect_is_an_answer_and_not_followed(receiver: Receiver) -> None:
    receiver.replies = [Reply(302, {"Location": "http://169.254.169.254/latest/meta-data"})]
    assert channel().post(receiver.url, {}, b"").status == 302
    assert len(receiver.got) == 1


@pytest.mark.parametrize("speak", [drip, None], ids=["drip", "silence"])
def test_a_slow_answer_is_cut_off(speak: object) -> None:
    closing = Event()
    with receiving(Reply(speak=drip) if speak else Reply(wait=closing)) as receiver:
        answer = channel(seconds=0.5).post(receiver.url, {}, b"")
        closing.set()
    assert (answer.status, answer.error) == (None, "timeout")


def test_who_answers_late_has_the_whole_time_and_not_only_that_of_connecting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chassis.outgoing.CONNECT_SECONDS", 0.2)
    late = Event()
    with receiving(Reply(wait=late)) as receiver:
        Timer(1, late.set).start()
        answer = channel(seconds=20).post(receiver.url, {}, b"")
    assert (answer.status, answer.error) == (200, None)


def test_of_a_gigabyte_only_the_beginning_is_read(receiver: Receiver) -> None:
    receiver.replies = [Reply(speak=flood)]
    answer = channel().post(receiver.url, {}, b"")
    assert answer.status == 200
    assert len(answer.body) == 20_000
    assert not receiver.drained.wait(0.5)


def test_an_answer_that_ends_in_its_head_is_none(receiver: Receiver) -> None:
    receiver.replies = [Reply(speak=half_a_head)]
    answer = channel().post(receiver.url, {}, b"")
    assert (answer.status, answer.error) == (None, "RemoteDisconnected")


def test_nobody_there_is_a_failure_with_its_reason(receiver: Receiver) -> None:
    receiver.stop()
    answer = channel().post(receiver.url, {}, b"")
    assert (answer.status, answer.error) == (None, "ConnectionRefusedError")


def test_an_answer_that_is_no_http_is_a_failure(receiver: Receiver) -> None:
    receiver.replies = [Reply(speak=another_protocol)]
    assert channel().post(receiver.url, {}, b"").error == "BadStatusLine"


def test_a_receiver_that_does_not_speak_tls_is_a_failure(receiver: Receiver) -> None:
    answer = channel().post(receiver.url.replace("http:", "https:"), {}, b"")
    assert answer.status is None
    assert answer.error in {"SSLError", "timeout", "ConnectionResetError"}


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://10.0.0.1/hook", "address_refused"),
        ("https://10.0.0.1/hook", "address_refused"),
        ("https://169.254.169.254/latest/meta-data", "address_refused"),
        ("https://[::1]/hook", "address_refused"),
        ("https://[::ffff:10.0.0.1]/hook", "address_refused"),
        ("https://[64:ff9b::7f00:1]/hook", "address_refused"),
        ("http://223.5.5.5/hook", "https_required"),
        ("ftp://223.5.5.5/hook", "scheme"),
        ("https://me:secret@223.5.5.5/hook", "user_info"),
        ("https://223.5.5.5/hook#part", "fragment"),
        ("https://223.5.5.5/hook#", "fragment"),
        ("https:///hook", "malformed"),
        ("https://223.5.5.5:0/hook", "port"),
        ("https://223.5.5.5:99999/hook", "port"),
        ("https://223.5.5.5/ho ok", "malformed"),
        ("https://223.5.5.5/hook\r\nHost: other", "malformed"),
        ("https://" + "a" * 64 + ".example/", "malformed"),
        ("https://223.5.5.5/" + "a" * 2000, "malformed"),
    ],
)
def test_a_url_that_leads_where_we_do_not_go_is_refused(url: str, reason: str) -> None:
    with pytest.raises(Unwelcome, match=f"^{reason}$"):
        channel().check(url)
    answer = channel().post(url, {}, b"")
    assert (answer.status, answer.error) == (None, reason)


def test_every_address_of_a_name_is_checked() -> None:
    with pytest.raises(Unwelcome, match="address_refused"):
        named("223.5.5.5", "10.0.0.1").check("https://partner.example/hook")
    named("223.5.5.5", "2400:3200::1").check("https://partner.example/hook")


def test_a_name_is_resolved_once_and_that_address_is_connected_to(receiver: Receiver) -> None:
    answers = [["127.0.0.1"], ["10.0.0.1"]]
    rebinding = WebhookChannel(LOOPBACK, resolve=lambda _host, _port: answers.pop(0), seconds=5)
    answer = rebinding.post(f"http://partner.example:{receiver.port}/hook", {}, b"")
    assert answer.status == 200
    assert answers == [["10.0.0.1"]]
    assert receiver.got[0].headers["host"] == f"partner.example:{receiver.port}"


def test_the_next_address_is_tried_when_one_does_not_answer(receiver: Receiver) -> None:
    both = named("127.0.0.2", "127.0.0.1")
    assert both.post(f"http://partner.example:{receiver.port}/hook", {}, b"").status == 200


def test_a_name_that_nobody_knows_is_refused() -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise OSError

    with pytest.raises(Unwelcome, match="name_not_found"):
        WebhookChannel((), resolve=unknown).check("https://partner.example/hook")


def test_a_proxy_of_the_environment_is_not_used(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    assert channel().post(receiver.url, {}, b"").status == 200


@pytest.mark.parametrize(
    ("host", "expired", "error"),
    [
        ("partner.example", False, None),
        ("other.example", False, "SSLCertVerificationError"),
        ("partner.example", True, "SSLCertVerificationError"),
    ],
    ids=["right", "for another host", "expired"],
)
def test_the_certificate_has_to_be_valid_for_the_name_that_was_given(
    tmp_path: Path, host: str, expired: bool, error: str | None
) -> None:
    authority = Authority(tmp_path)
    posting = named("127.0.0.1")
    posting._tls.load_verify_locations(cadata=authority.pem.decode())
    with receiving(tls=authority.server(host, expired=expired)) as receiver:
        answer = posting.post(f"https://partner.example:{receiver.port}/hook", {}, b"{}")
    assert answer.error == error
    assert answer.status == (None if error else 200)


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    with receiving(tls=Authority(tmp_path).server("partner.example")) as receiver:
        answer = named("127.0.0.1").post(f"https://partner.example:{receiver.port}/hook", {}, b"{}")
    assert answer.error == "SSLCertVerificationError"
    assert receiver.got == []

"""The gateway on a real broker: what the application cannot show by itself."""

import json
import os
import signal
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from gateway.app import BODY_LIMIT
from tests.component.gateway.running import CALLER, Running
from tests.waiting import eventually

JSON = "application/json"


def code(response: requests.Response) -> tuple[int, str]:
    assert response.headers["Content-Type"] == "application/problem+json"
    return response.status_code, response.json()["code"]


def test_a_request_reaches_the_service_with_its_id_and_its_caller(running: Running) -> None:
    response = running.ask(headers={"X-Request-ID": "r-17"})
    assert response.status_code == 200
    answer = response.json()
    assert answer["caller"] == CALLER
    assert (answer["request_id"], answer["correlation_id"]) == ("r-17", "r-17")
    assert response.headers["X-Request-ID"] == "r-17"


def test_a_refusal_arrives_with_its_details(running: Running) -> None:
    response = running.ask("/v1/cases/missing")
    assert code(response) == (404, "case_not_found")
    assert response.json()["details"] == {"case_id": "missing"}


def test_a_service_that_does_not_run_is_503(running: Running) -> None:
    response = running.ask("/v1/me")
    assert code(response) == (503, "unavailable")
    assert int(response.headers["Retry-After"]) >= 1


def test_an_answer_that_takes_too_long_is_504(running: Running) -> None:
    response = running.ask("/v1/cases/6000")
    assert code(response) == (504, "deadline_exceeded")
    assert response.json()["request_id"] == response.headers["X-Request-ID"]


def test_many_requests_are_answered_at_once(running: Running) -> None:
    began = time.monotonic()
    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(running.ask, ["/v1/cases/1000"] * 20))
    assert {answer.status_code for answer in answers} == {200}
    assert time.monotonic() - began < 20  # what one after the other would take at least


def test_a_connection_serves_many_requests_also_after_an_error(running: Running) -> None:
    with running.session() as client:
        for path, status in (
            ("/v1/cases/c-1", 200),
            ("/nothing", 404),
            ("/v1/cases/missing", 404),
            ("/v1/cases/c-2", 200),
        ):
            assert client.get(running.url + path, timeout=10).status_code == status


def test_a_chunked_body_is_read(running: Running) -> None:
    with running.session() as client:
        chunks = iter([b'{"text": ', b'"\xe7\x81\xaf"}'])
        response = client.post(f"{running.url}/v1/cases", data=chunks, headers={"Content-Type": JSON}, timeout=10)
    assert response.status_code == 201
    assert response.json()["body"] == {"text": "灯"}


def test_a_body_over_the_limit_is_refused_and_the_client_sees_it(running: Running) -> None:
    body = b'{"text": "' + b"x" * (BODY_LIMIT * 12) + b'"}'
    with running.session() as client:
        headers = {"Content-Type": JSON}
        whole = client.post(f"{running.url}/v1/cases", data=body, headers=headers, timeout=10)
        chunked = client.post(f"{running.url}/v1/cases", data=iter([body]), headers=headers, timeout=10)
        after = client.get(f"{running.url}/v1/cases/c-1", timeout=10)
    assert code(whole) == code(chunked) == (413, "body_too_large")
    assert after.status_code == 200


def test_a_gigantic_body_is_cut_off_without_being_read(running: Running) -> None:
    head = f"POST /v1/cases HTTP/1.1\r\nHost: x\r\nContent-Type: {JSON}\r\nContent-Length: 99999999999\r\n\r\n"
    answer = running.raw(head.encode() + b"x" * 1000, until_closed=True)
    assert answer.startswith(b"HTTP/1.1 401")
    assert b"Connection: close" in answer


def test_a_photo_passes_through_both_ways(running: Running) -> None:
    picture = os.urandom(3 * 1024 * 1024)
    with running.session() as client:
        up = client.post(f"{running.url}/v1/photos", data=picture, headers={"Content-Type": "image/png"}, timeout=15)
        down = client.get(f"{running.url}/v1/photos/ph-1", timeout=15)
    assert (up.status_code, up.json()["size"]) == (201, len(picture))
    assert (down.status_code, down.content == picture) == (200, True)


def test_a_broken_request_gets_a_problem_and_harms_nobody(running: Running) -> None:
    for garbage in (b"\x00\xff\xfe\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n"):
        head, _, body = running.raw(garbage, until_closed=True).partition(b"\r\n\r\n")
        assert b"Content-Type: application/problem+json" in head
        assert json.loads(body)["status"] >= 400
    framing = running.raw(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", until_closed=True)
    assert b" 501 " in framing.splitlines()[0]
    assert json.loads(framing.partition(b"\r\n\r\n")[2])["status"] == 501
    assert running.ask().status_code == 200


def test_a_client_that_goes_away_harms_nobody(running: Running) -> None:
    for sent in (
        b"",
        b"GET /v1",
        b"GET /v1/me HTTP/1.1\r\nHost: x\r\nX-",
        b"POST /v1/photos HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nContent-Length: 5000\r\n\r\nabc",
        b"GET /v1/cases/800 HTTP/1.1\r\nHost: x\r\n\r\n",
    ):
        connection = socket.create_connection(("127.0.0.1", running.port), timeout=5)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        connection.sendall(sent)
        time.sleep(0.05)
        connection.close()
    time.sleep(1.0)
    assert running.processes["gateway"].alive()
    assert running.ask().status_code == 200


def test_every_log_line_is_json_and_holds_no_query(running: Running) -> None:
    running.ask("/v1/cases?tag=12000000001")
    running.raw(b"12000000001\r\n\r\n")
    lines = [json.loads(line) for line in running.log("gateway").splitlines()]
    answered = [line for line in lines if line["event"] == "answered"]
    assert answered
    assert "12000000001" not in running.log("gateway")
    assert all(line["request_id"] for line in answered)


def test_requests_are_counted_on_the_internal_port(running: Running) -> None:
    running.ask()
    counted = 'sandan_http_requests_total{method="GET",route="/v1/cases/<case_id>",status="200"}'
    assert counted in running.metrics("gateway")


def test_the_public_port_is_ready_when_the_services_are(running: Running) -> None:
    response = requests.get(f"{running.url}/health/ready", timeout=10)
    assert response.json() == {"status": "ready", "services": {"cases": "ready", "members": "ready", "notify": "ready"}}


def test_it_listens_on_this_machine_only(running: Running) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.2", running.port))  # which 0.0.0.0 would have taken
        assert other.getsockname() == ("127.0.0.2", running.port)


def test_a_request_in_flight_is_answered_before_the_process_ends(fresh: Running) -> None:
    answers: list[requests.Response] = []
    thread = threading.Thread(target=lambda: answers.append(fresh.ask("/v1/cases/1500")))
    thread.start()
    time.sleep(0.4)
    gateway = fresh.processes["gateway"]
    gateway.signal(signal.SIGTERM)
    thread.join(10)
    assert [answer.status_code for answer in answers] == [200]
    assert answers[0].headers["Connection"] == "close"
    assert gateway.wait(5) == 0


def test_it_waits_for_no_connection_that_is_idle(fresh: Running) -> None:
    with fresh.session() as idle:
        assert idle.get(f"{fresh.url}/v1/cases/c-1", timeout=5).status_code == 200
        gateway = fresh.processes["gateway"]
        gateway.signal(signal.SIGTERM)
        assert gateway.wait(20) == 0


def test_without_the_broker_it_says_so_and_recovers(fresh: Running) -> None:
    fresh.broker.kill()
    try:
        response = fresh.ask()
        assert code(response) == (503, "unavailable")
        assert requests.get(f"{fresh.url}/health/live", timeout=5).status_code == 200
        assert requests.get(f"{fresh.url}/health/ready", timeout=10).status_code == 503
    finally:
        fresh.broker.restart()
    assert eventually(lambda: fresh.ask().status_code == 200)


def test_it_ends_in_time_also_without_the_broker(fresh: Running) -> None:
    gateway = fresh.processes["gateway"]
    fresh.broker.kill()
    try:
        gateway.signal(signal.SIGTERM)
        assert eventually(lambda: not gateway.alive(), 6)
    finally:
        fresh.broker.restart()


@pytest.mark.parametrize(
    ("setting", "value"), [("GATEWAY_HOST", "999.1.1.1"), ("PERSON_RATE", "0 per minute"), ("TOKEN_KEY", "x")]
)
def test_a_setting_that_cannot_be_ends_the_start_with_a_sentence_that_names_it(
    running: Running, setting: str, value: str
) -> None:
    done = running.sandan("run", "gateway", **{setting: value})
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("Error: ")
    assert setting in done.stderr

"""The routes of streams: what they ask, what they refuse, and that a refused one holds no place."""

import time
from typing import Any

import pytest
from flask.testing import FlaskClient

from chassis.errors import Refusal
from chassis.rpc import Unreachable
from tests.unit.gateway.fakes import FakeServices, said

WATCH = {"clauses": [{"key": "area:360704", "none": ["restricted"]}]}
NOTHING_MISSED = {"updates": [], "position": 10, "cursor": "c-10", "more": False}
PATHS = ("/v1/streams/desk", "/v1/streams/cases/c-1", "/v1/streams/inbox")


@pytest.fixture
def live(services: FakeServices) -> FakeServices:
    services.outcomes |= {
        "cases.watch_desk": WATCH,
        "cases.watch_case": WATCH,
        "notify.watch_inbox": WATCH,
        "notify.missed": NOTHING_MISSED,
    }
    return services


def begin(client: FlaskClient, path: str, **headers: str) -> Any:
    """The answer, with its first piece read."""
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200
    return answer, next(iter(answer.iter_encoded()))


@pytest.mark.parametrize("path", PATHS)
def test_a_stream_is_server_sent_events_that_nobody_keeps_or_holds_back(
    client: FlaskClient, live: FakeServices, path: str
) -> None:
    answer, piece = begin(client, path)
    assert answer.content_type == "text/event-stream"
    assert (answer.headers["Cache-Control"], answer.headers["X-Accel-Buffering"]) == ("no-store", "no")
    assert b"event: begin\n" in piece
    answer.close()


def test_the_desk_is_asked_of_cases_for_the_caller_and_what_was_missed_of_notify(
    client: FlaskClient, live: FakeServices, caller: dict[str, Any]
) -> None:
    begin(client, "/v1/streams/desk?area=360704100&after=c-3")[0].close()
    asked = [
        ("cases.watch_desk", {"caller": caller, "area": "360704100"}),
        ("notify.missed", {"strand": "cases", "clauses": WATCH["clauses"], "after": "c-3"}),
    ]
    assert live.calls == asked


def test_one_case_is_asked_of_cases(client: FlaskClient, live: FakeServices, caller: dict[str, Any]) -> None:
    begin(client, "/v1/streams/cases/c-1")[0].close()
    assert live.calls[0] == ("cases.watch_case", {"caller": caller, "case_id": "c-1"})


def test_the_inbox_is_asked_of_notify(client: FlaskClient, live: FakeServices, caller: dict[str, Any]) -> None:
    begin(client, "/v1/streams/inbox")[0].close()
    assert live.calls[0] == ("notify.watch_inbox", {"caller": caller})
    assert live.last["strand"] == "inbox"


def test_the_header_counts_before_the_parameter(client: FlaskClient, live: FakeServices) -> None:
    begin(client, "/v1/streams/desk?after=c-3", **{"Last-Event-ID": "c-7"})[0].close()
    assert live.last["after"] == "c-7"


@pytest.mark.parametrize(
    ("path", "call", "refusal", "status"),
    [
        (PATHS[0], "notify.missed", Refusal("stream_too_far_behind"), 410),
        (PATHS[1], "notify.missed", Refusal("invalid_cursor"), 400),
        (PATHS[1], "notify.missed", Unreachable("away"), 503),
        (PATHS[0], "cases.watch_desk", Refusal("not_permitted", act="watch_desk"), 403),
        (PATHS[1], "cases.watch_case", Refusal("case_not_found"), 404),
    ],
    ids=["too far behind", "no cursor of ours", "away", "no desk", "no case"],
)
def test_a_refused_stream_is_a_problem_and_holds_no_place(
    client: FlaskClient, live: FakeServices, path: str, call: str, refusal: Exception, status: int
) -> None:
    live.outcomes[call] = refusal
    for _ in range(4):
        assert client.get(path).status_code == status
    live.outcomes |= {"notify.missed": NOTHING_MISSED, "cases.watch_desk": WATCH, "cases.watch_case": WATCH}
    begin(client, path)[0].close()


def test_one_person_may_have_so_many_open(client: FlaskClient, live: FakeServices) -> None:
    opened = [begin(client, "/v1/streams/desk")[0] for _ in range(3)]
    refused = client.get("/v1/streams/desk", headers={"Accept-Language": "en"})
    assert (refused.status_code, said(refused)["code"]) == (429, "too_many_streams")
    assert int(refused.headers["Retry-After"]) >= 1
    assert "3" in said(refused)["detail"]
    opened[0].close()
    opened.append(begin(client, "/v1/streams/desk")[0])
    for each in opened:
        each.close()


def test_while_nothing_can_be_heard_one_is_told_to_come_again(client: FlaskClient, live: FakeServices) -> None:
    live.live.connected = False
    refused = client.get("/v1/streams/desk")
    assert (refused.status_code, said(refused)["code"]) == (503, "unavailable")
    assert int(refused.headers["Retry-After"]) >= 1


def test_a_question_for_the_head_alone_holds_no_place(client: FlaskClient, live: FakeServices) -> None:
    for _ in range(4):
        answer = client.head("/v1/streams/desk")
        assert (answer.status_code, answer.data) == (200, b"")
        answer.close()
    begin(client, "/v1/streams/desk")[0].close()


def test_a_stream_ends_with_the_token_that_opened_it(
    client: FlaskClient, live: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends: list[float] = []

    def noted(*given: Any, **_: Any) -> list[bytes]:
        ends.append(given[4])
        return [b":\n\n"]

    monkeypatch.setattr("gateway.routes.streams.Stream", noted)
    client.get("/v1/streams/desk")
    assert 890 < ends[0] - time.time() <= 900


def test_without_a_token_there_is_no_stream(anyone: FlaskClient, live: FakeServices) -> None:
    assert anyone.get("/v1/streams/desk").status_code == 401
    assert live.calls == []

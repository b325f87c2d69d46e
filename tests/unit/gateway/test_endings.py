"""Access tokens that are void before their time: whose session is over, and who has lost a role since."""

import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client import REGISTRY

from chassis.errors import Refusal
from chassis.rpc import DeadlineExceeded
from gateway.endings.ended import MARGIN_SECONDS, Ended
from gateway.endings.ending_ear import OVERLAP_SECONDS, EndingEar
from gateway.settings import Settings
from gateway.tokens import Identity, Tokens
from tests.unit.gateway.conftest import CALLER
from tests.unit.gateway.fakes import SEED, FakeServices, said

LIFETIME = 900


class Watch:
    """A clock that a test moves on, and an `Ended` that goes by it."""

    def __init__(self) -> None:
        self.at = 1_000.0
        self.ended = Ended(LIFETIME, lambda: self.at)


@pytest.fixture
def watch() -> Watch:
    return Watch()


def session(id: str) -> dict[str, Any]:
    return {"id": id, "narrowed": None}


def narrowed(id: str, times: int) -> dict[str, Any]:
    return {"id": id, "narrowed": times}


def refused(ended: Ended, session_id: str = "s-1", person: str = "p-1", times: int = 0) -> str | None:
    """Why such a token is refused, if it is."""
    try:
        ended.check(Identity(session_id, {"id": person, "grants": [], "unit": None}, 0, times))
    except Refusal as refusal:
        return refusal.code
    return None


def test_of_a_session_that_is_over_no_token_is_good_and_of_others_all_are(watch: Watch) -> None:
    watch.ended.hear([session("s-1")])
    assert (refused(watch.ended), refused(watch.ended, "s-2")) == ("token_revoked", None)


def test_a_token_that_was_given_out_before_something_was_taken_is_outdated_and_the_next_one_is_not(
    watch: Watch,
) -> None:
    watch.ended.hear([narrowed("p-1", 2)])
    assert [refused(watch.ended, times=n) for n in range(4)] == ["token_outdated", "token_outdated", None, None]
    assert refused(watch.ended, person="p-2") is None


def test_what_comes_late_takes_nothing_back(watch: Watch) -> None:
    watch.ended.hear([narrowed("p-1", 3)])
    watch.ended.hear([narrowed("p-1", 2)])
    assert refused(watch.ended, times=2) == "token_outdated"


def test_a_session_and_a_person_of_one_id_are_two_things(watch: Watch) -> None:
    """A program has the id of its key, and so has its session."""
    watch.ended.hear([session("k-1"), narrowed("s-1", 9)])
    assert refused(watch.ended, "s-1", "k-1") is None
    assert refused(watch.ended, "k-1", "k-1") == "token_revoked"


def test_a_session_that_is_over_counts_before_a_lost_role(watch: Watch) -> None:
    watch.ended.hear([narrowed("p-1", 1), session("s-1")])
    assert refused(watch.ended) == "token_revoked"


def test_it_is_known_as_long_as_a_token_may_live_and_no_longer(watch: Watch) -> None:
    watch.ended.hear([session("s-1"), narrowed("p-2", 1)])
    watch.at += LIFETIME + MARGIN_SECONDS - 1
    watch.ended.hear([session("s-3")])
    assert (refused(watch.ended), refused(watch.ended, "s-2", "p-2")) == ("token_revoked", "token_outdated")
    watch.at += 1
    watch.ended.hear([])
    assert (refused(watch.ended), refused(watch.ended, "s-2", "p-2")) == (None, None)
    assert refused(watch.ended, "s-3") == "token_revoked"


def test_who_loses_another_role_is_known_of_for_longer_and_nobody_else_is(watch: Watch) -> None:
    watch.ended.hear([narrowed("p-1", 1), narrowed("p-2", 1), session("s-1")])
    watch.at += LIFETIME
    watch.ended.hear([narrowed("p-1", 2)])
    watch.at += MARGIN_SECONDS
    watch.ended.hear([])
    assert (refused(watch.ended, times=1), refused(watch.ended, person="p-2")) == ("token_outdated", None)
    kept = [REGISTRY.get_sample_value("sandan_endings_kept", {"kind": kind}) for kind in ("person", "session")]
    assert kept == [1, 0]


def test_whoever_holds_on_to_tokens_is_told_of_what_is_new_alone(watch: Watch) -> None:
    told: list[int] = []
    watch.ended.changed = lambda: told.append(1)
    for items in ([session("s-1")], [session("s-1")], [narrowed("p-1", 1)], [narrowed("p-1", 1)], []):
        watch.ended.hear(items)
    watch.ended.end_session("s-1")
    assert len(told) == 2
    watch.ended.end_session("s-2")
    assert len(told) == 3


@pytest.mark.parametrize(
    ("ending", "code", "advice"),
    [
        (session("s-1"), "token_revoked", "Sign in again and repeat the request."),
        (narrowed("p-1", 1), "token_outdated", "Get a new one with the refresh token."),
    ],
    ids=["session over", "role lost"],
)
def test_a_void_token_is_refused_before_any_service_is_asked_and_says_what_to_do(
    client: FlaskClient, services: FakeServices, ending: dict[str, Any], code: str, advice: str
) -> None:
    services.endings.hear([ending])
    answered = client.get("/v1/cases", headers={"Accept-Language": "en"})
    assert (answered.status_code, said(answered)["code"], said(answered)["detail"]) == (401, code, advice)
    assert 'error="invalid_token"' in answered.headers["WWW-Authenticate"]
    assert services.calls == []
    chinese = client.get("/v1/cases", headers={"Accept-Language": "zh-CN"})
    assert not said(chinese)["title"].isascii()


def test_a_public_page_refuses_it_too_where_it_is_shown(client: FlaskClient, services: FakeServices) -> None:
    services.endings.hear([session("s-1")])
    assert client.get("/v1/categories").status_code == 401


def test_after_a_refresh_a_lost_role_is_no_obstacle(app: Flask, anyone: FlaskClient, services: FakeServices) -> None:
    services.endings.hear([narrowed("p-1", 1)])
    services.outcomes |= {
        "members.refresh": {
            "session_id": "s-1",
            "caller": CALLER,
            "narrowed": 1,
            "refresh_token": "s-1.1.x",
            "person_id": "p-1",
        },
        "cases.cases": {"items": [], "next": None},
    }
    token = said(anyone.post("/v1/sessions/refresh", json={"refresh_token": "s-1.0.x"}))["access_token"]
    assert anyone.get("/v1/cases", headers={"Authorization": f"Bearer {token}"}).status_code == 200


def test_who_signs_in_to_a_members_of_before_has_lost_nothing(anyone: FlaskClient, services: FakeServices) -> None:
    """During an upgrade the gateway may be the newer one."""
    services.outcomes["members.refresh"] = {
        "session_id": "s-1",
        "caller": CALLER,
        "refresh_token": "s-1.1.x",
        "person_id": "p-1",
    }
    assert anyone.post("/v1/sessions/refresh", json={"refresh_token": "s-1.0.x"}).status_code == 200


def sign_out(client: FlaskClient) -> Any:
    return client.delete("/v1/sessions/current")


def end_it(client: FlaskClient) -> Any:
    return client.delete("/v1/sessions/s-1")


@pytest.mark.parametrize("end", [sign_out, end_it])
def test_who_ends_a_session_here_need_not_wait_until_it_is_heard_of(
    client: FlaskClient, services: FakeServices, end: Callable[[FlaskClient], Any]
) -> None:
    services.outcomes |= {"members.sign_out": {"ended": True}, "members.end_session": {"session_id": "s-1"}}
    assert end(client).status_code == 204
    assert said(client.get("/v1/sessions"))["code"] == "token_revoked"


def test_a_program_that_signs_out_ends_none_of_its_tokens(client: FlaskClient, services: FakeServices) -> None:
    services.outcomes |= {"members.sign_out": {"ended": False}, "members.sessions": {"items": []}}
    assert sign_out(client).status_code == 204
    assert client.get("/v1/sessions").status_code == 200


def test_who_ends_a_session_of_somebody_else_ends_nothing(client: FlaskClient, services: FakeServices) -> None:
    services.outcomes |= {"members.end_session": Refusal("sign_in_not_found"), "members.sessions": {"items": []}}
    assert client.delete("/v1/sessions/s-1").status_code == 404
    assert client.get("/v1/sessions").status_code == 200


def test_a_token_carries_how_often_something_was_taken(tokens: Tokens) -> None:
    now = time.time()
    assert tokens.verify(tokens.issue("s-1", CALLER, now, 3), now).narrowed == 3
    assert tokens.verify(tokens.issue("s-1", CALLER, now), now).narrowed == 0


WATCHED = {
    "cases.watch_desk": {"clauses": [{"key": "area:360704", "none": []}]},
    "notify.missed": {"updates": [], "position": 10, "cursor": "c-10", "more": False},
}


@pytest.mark.parametrize(
    ("ending", "reason"),
    [(session("s-1"), "session_ended"), (narrowed("p-1", 1), "token_ended")],
    ids=["session over", "role lost"],
)
def test_an_open_stream_ends_at_once_and_says_why(
    client: FlaskClient, services: FakeServices, ending: dict[str, Any], reason: str
) -> None:
    services.outcomes |= WATCHED
    services.endings.changed = services.live.end_void
    pieces = client.get("/v1/streams/desk").iter_encoded()
    assert b"event: begin\n" in next(pieces)
    next(pieces)
    services.endings.hear([session("s-2"), narrowed("p-2", 1)])
    services.endings.hear([ending])
    assert next(pieces) == f'event: end\ndata: {{"reason":"{reason}"}}\n\n'.encode()


def test_a_stream_whose_session_ended_while_the_services_were_asked_does_not_begin(
    client: FlaskClient, services: FakeServices
) -> None:
    def ended_meanwhile(**_: Any) -> Any:
        services.endings.hear([session("s-1")])
        return WATCHED["cases.watch_desk"]

    services.outcomes |= {**WATCHED, "cases.watch_desk": ended_meanwhile}
    services.endings.changed = services.live.end_void
    refused = client.get("/v1/streams/desk")
    assert (refused.status_code, said(refused)["code"]) == (401, "token_revoked")
    assert not services.live._open


def test_a_gateway_asks_for_as_long_as_a_token_lives_and_then_for_what_ended_since_it_last_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now, asked, broken = [1_000.0], list[tuple[int, str]](), list[Exception]()

    def endings(within: int, after: str) -> dict[str, Any]:
        asked.append((within, after))
        now[0] += 5
        if broken:
            raise broken.pop()
        return {"items": [session(f"s-{len(asked)}")], "next": None if after else "sessions/s-1"}

    ear = EndingEar(lambda: Settings("127.0.0.1", 8000, SEED, (), (), ()))
    for name, value in {"_lifetime": LIFETIME, "ended": Ended(LIFETIME), "_answered": None}.items():
        monkeypatch.setattr(ear, name, value, raising=False)
    monkeypatch.setattr(ear, "_service", SimpleNamespace(endings=endings), raising=False)
    monkeypatch.setattr("gateway.endings.ending_ear.monotonic", lambda: now[0])
    ear.catch_up()
    assert asked == [(LIFETIME, ""), (LIFETIME, "sessions/s-1")]
    assert [refused(ear.ended, id) for id in ("s-1", "s-2", "s-3")] == ["token_revoked", "token_revoked", None]
    now[0], broken[:] = 1_030.0, [DeadlineExceeded("members")]
    with pytest.raises(DeadlineExceeded):
        ear.catch_up()
    now[0] = 1_040.5
    ear.catch_up()
    assert [within for within, _ in asked[2:]] == [30 + OVERLAP_SECONDS, 41 + OVERLAP_SECONDS, 41 + OVERLAP_SECONDS]
    now[0] += 10 * LIFETIME
    ear.catch_up()
    assert asked[-1] == (LIFETIME, "sessions/s-1")

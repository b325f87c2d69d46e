"""A session that is over is over at every gateway: one that hears it, one just started, one that was cut off."""

from collections.abc import Iterator

import pytest

from dev.servers import Broker, Mongod
from tests.component.gateway.signing import Signing
from tests.waiting import eventually

pytestmark = pytest.mark.timeout(240)

BOTH = ("gateway", "gateway.2")
KEY = {"Idempotency-Key": "take"}


@pytest.fixture(scope="module")
def signing(broker: Broker, mongod: Mongod, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Signing]:
    with Signing(broker, mongod, tmp_path_factory.mktemp("signing")) as started:
        started.module("chassis", "setup", "members")
        started.start("members")
        started.open_account("admin", "district_admin")
        started.open(*BOTH)
        yield started


@pytest.fixture(scope="module")
def desk(signing: Signing) -> str:
    """The id of somebody at a desk, who signs in as `desk`."""
    return signing.open_account("desk", "dispatcher")


def everywhere(signing: Signing, token: str, said: str) -> bool:
    """Whether every gateway comes to say this of the token."""
    return bool(eventually(lambda: all(signing.said(each, token) == said for each in BOTH)))


def test_who_signs_out_at_one_gateway_is_out_at_both(signing: Signing, desk: str) -> None:
    here, other = (signing.sign_in("desk")["access_token"] for _ in range(2))
    assert everywhere(signing, here, "ok")
    assert signing.ask("gateway", "DELETE", "/v1/sessions/current", here).status_code == 204
    assert signing.said("gateway", here) == "token_revoked"  # without waiting, where it was asked
    assert everywhere(signing, here, "token_revoked")
    assert everywhere(signing, other, "ok")


def test_who_loses_a_role_refreshes_at_either_gateway_and_goes_on_without_it(signing: Signing, desk: str) -> None:
    session = signing.sign_in("desk")
    admin = signing.sign_in("admin")["access_token"]
    role = {"role": "dispatcher", "scope": "360704"}
    path = f"/v1/people/{desk}/roles"
    assert signing.ask("gateway.2", "POST", f"{path}/revoke", admin, json=role, headers=KEY).ok
    assert everywhere(signing, session["access_token"], "token_outdated")
    again = signing.ask("gateway", "POST", "/v1/sessions/refresh", json={"refresh_token": session["refresh_token"]})
    assert again.ok, again.text
    assert everywhere(signing, again.json()["access_token"], "ok")
    assert signing.said("gateway", admin) == "ok"


def test_a_gateway_that_has_just_started_asks_what_ended_before(signing: Signing, desk: str) -> None:
    token = signing.sign_in("desk")["access_token"]
    signing.processes["gateway.2"].stop()
    assert signing.ask("gateway", "DELETE", "/v1/sessions/current", token).status_code == 204
    assert eventually(lambda: signing.said("gateway", token) == "token_revoked")
    signing.open("gateway.2")
    assert eventually(lambda: signing.said("gateway.2", token) == "token_revoked")


def test_a_gateway_that_was_cut_off_asks_what_it_missed(signing: Signing, desk: str) -> None:
    token, goes_on = (signing.sign_in("desk")["access_token"] for _ in range(2))
    assert everywhere(signing, token, "ok")
    signing.cut()
    try:
        assert signing.ask("gateway", "DELETE", "/v1/sessions/current", token).status_code == 204
        assert eventually(lambda: signing.said("gateway", token) == "token_revoked")
        # It goes on with what it knows, and reaches nothing that it could tell anybody.
        assert signing.said("gateway.2", token) == "unavailable"
    finally:
        signing.mend()
    assert everywhere(signing, token, "token_revoked")
    assert everywhere(signing, goes_on, "ok")


def test_what_members_did_not_live_to_tell_another_one_tells(signing: Signing, desk: str) -> None:
    session = signing.sign_in("desk")
    signing.processes["members"].kill()
    sessions = signing.database("members")["sessions"]
    open_one = {"person_id": desk, "ended_at": None}
    latest = sessions.find_one(open_one, sort=[("opened_at", -1)])
    assert latest is not None
    sessions.update_one({"_id": latest["_id"]}, [{"$set": {"ended_at": "$$NOW", "ended_by": "elsewhere"}}])
    signing.start("members")
    assert everywhere(signing, session["access_token"], "token_revoked")

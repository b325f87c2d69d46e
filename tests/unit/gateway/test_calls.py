"""How a call stands, also while nobody can say how far its messages have come."""

import pytest
from flask.testing import FlaskClient

from chassis.errors import Refusal
from chassis.rpc import DeadlineExceeded, RemoteFault, Unreachable
from tests.unit.gateway.fakes import FakeServices, said

COUNTS = {"told": 300, "waiting": 1, "delivered": 299, "read": 3}


@pytest.fixture(autouse=True)
def call(services: FakeServices) -> None:
    services.outcomes["members.call"] = {"call_id": "c-1", "called": 300, "coming": 2, "not_coming": 1}


def test_both_halves_are_told_together(client: FlaskClient, services: FakeServices) -> None:
    services.outcomes["notify.call_counts"] = COUNTS
    seen = said(client.get("/v1/calls/c-1"))
    assert {name: seen[name] for name in (*COUNTS, "counted", "coming")} == COUNTS | {"counted": True, "coming": 2}


@pytest.mark.parametrize("trouble", [Unreachable("notify"), DeadlineExceeded("notify"), RemoteFault("notify")])
def test_while_notify_is_away_the_half_of_members_is_told_and_that_the_rest_is_missing(
    client: FlaskClient, services: FakeServices, trouble: Exception
) -> None:
    services.outcomes["notify.call_counts"] = trouble
    answer = client.get("/v1/calls/c-1")
    assert answer.status_code == 200
    seen = said(answer)
    assert (seen["counted"], seen["called"], seen["coming"], seen["not_coming"]) == (False, 300, 2, 1)
    assert [seen[name] for name in COUNTS] == [None] * 4


def test_what_notify_refuses_is_refused(client: FlaskClient, services: FakeServices) -> None:
    services.outcomes["notify.call_counts"] = Refusal("not_permitted")
    assert client.get("/v1/calls/c-1").status_code == 403

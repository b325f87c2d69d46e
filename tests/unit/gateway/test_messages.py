"""The log of messages over HTTP: pages by cursor, and what is sent once more has an address."""

from typing import Any

from flask.testing import FlaskClient

from chassis.errors import Refusal
from tests.unit.gateway.fakes import FakeServices, said

ID = "0198c0de:p-1:registered>p-1"
MESSAGE: dict[str, Any] = {"message_id": ID, "state": "failed", "attempts": []}


def test_a_list_goes_on_from_its_cursor_with_the_same_filters(client: FlaskClient, services: FakeServices) -> None:
    services.outcomes["notify.messages"] = {"items": [MESSAGE], "next": ["2026-03-12T11:40:00Z", ID]}
    asked = "/v1/messages?state=failed&channel=sms&since=2026-03-12T08:00:00%2B08:00"
    cursor = said(client.get(asked))["next"]
    client.get(f"{asked}&after={cursor}")
    assert services.last["after"] == ["2026-03-12T11:40:00Z", ID]
    assert (services.last["state"], services.last["channel"]) == ("failed", "sms")
    other = client.get(f"/v1/messages?state=sent&after={cursor}")
    assert said(other)["code"] == "invalid_cursor"


def test_one_is_sent_once_more_by_its_id(client: FlaskClient, services: FakeServices) -> None:
    services.outcomes["notify.resend_message"] = {**MESSAGE, "state": "due"}
    answer = client.post("/v1/messages/0198c0de:p-1:registered%3Ep-1/resend", headers={"Idempotency-Key": "k"})
    assert (answer.status_code, services.last["message_id"]) == (200, ID)


def test_what_has_not_failed_is_a_problem_that_tells_its_state(client: FlaskClient, services: FakeServices) -> None:
    services.outcomes["notify.resend_message"] = Refusal("message_not_failed", state="sent")
    answer = client.post("/v1/messages/x/resend")
    assert (answer.status_code, said(answer)["details"]) == (409, {"state": "sent"})


def test_many_sent_once_more_have_an_address_that_tells_how_far_it_has_come(
    client: FlaskClient, services: FakeServices
) -> None:
    services.outcomes["notify.resend_failed"] = services.outcomes["notify.resending"] = {"resending_id": "r-1"}
    answer = client.post("/v1/message-resends", json={"template": "registered"})
    assert (answer.status_code, services.last["template"]) == (201, "registered")
    assert client.get(answer.headers["Location"]).status_code == 200
    assert services.last["resending_id"] == "r-1"

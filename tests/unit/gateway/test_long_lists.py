"""What is far too long costs no more than what is a little too long: of neither all is looked at, nor told."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from marshmallow import ValidationError, fields, validate

from chassis.schema import MOST_TOLD
from gateway.schemas.fields import Strict
from tests.unit.gateway.fakes import FakeServices, said

VERY_MANY = 100_000

REPORT = {"text": "路灯不亮", "location": {"lon": 115.0058, "lat": 25.8672}}
SESSION = {"kind": "evening_talk", "area": "360704100002", "held_at": "2026-03-12T19:00:00+08:00"}


class Counted(fields.String):
    """Counts how often one is looked at."""

    def __init__(self) -> None:
        super().__init__()
        self.looked_at = 0

    def _deserialize(self, *given: Any, **more: Any) -> Any:
        self.looked_at += 1
        return super()._deserialize(*given, **more)


@pytest.mark.parametrize(
    ("length", "fault"),
    [
        (validate.Length(max=3), "Longer than maximum length 3."),
        (validate.Length(1, 3), "Length must be between 1 and 3."),
        (validate.Length(equal=3), "Length must be 3."),
    ],
)
def test_of_a_list_that_is_too_long_no_more_is_looked_at_than_shows_it(length: validate.Length, fault: str) -> None:
    word = Counted()
    schema = Strict.from_dict({"words": fields.List(word, data_key="said", validate=length)})()
    assert schema.load({"said": ["x"] * 3}) == {"words": ["x"] * 3}
    counted = schema.fields["words"].inner  # type: ignore[attr-defined]  # marshmallow copies what it is given
    counted.looked_at = 0
    with pytest.raises(ValidationError) as refused:
        schema.load({"said": ["x"] * VERY_MANY})
    assert refused.value.messages == {"said": [fault]}
    assert counted.looked_at == 4


@pytest.mark.parametrize(
    ("path", "body", "most"),
    [
        ("/v1/anonymous-reports", {**REPORT, "photos": [7] * VERY_MANY}, 10),
        ("/v1/anonymous-reports", {**REPORT, "tags": [None] * VERY_MANY}, 30),
        ("/v1/intake-sessions/check", {**SESSION, "items": [{}] * VERY_MANY}, 501),
        ("/v1/intake-sessions/check", {**SESSION, "items": [{"text": "x", "skills": [7] * VERY_MANY}]}, 21),
    ],
)
def test_nobody_is_kept_waiting_by_somebody_elses_list(
    client: FlaskClient, services: FakeServices, path: str, body: dict[str, Any], most: int
) -> None:
    """Some of these need no account, and one gateway has one thread for all that is asked."""
    refused = client.post(path, json=body)
    assert (refused.status_code, said(refused)["code"], services.calls) == (422, "invalid", [])
    assert 1 <= len(said(refused)["errors"]) <= most


def test_of_very_many_faults_so_many_are_told(anyone: FlaskClient) -> None:
    refused = anyone.post("/v1/anonymous-reports", json=REPORT | {f"n{n}": n for n in range(MOST_TOLD + 1_000)})
    assert (refused.status_code, len(said(refused)["errors"])) == (422, MOST_TOLD)

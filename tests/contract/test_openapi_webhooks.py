"""What the specification says of deliveries to partners is what notify posts."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from gateway.webhooks import CASE_EVENT, WEBHOOKS, WITH_TEST
from notify.events.logged_event import WITHHELD, LoggedEvent, cloud_headers, partner_body
from notify.webhooks.webhook import secret, signed_headers

SAMPLES = sorted((Path(__file__).parent / "events").glob("case.*.json"))
NOW = datetime(2026, 3, 12, 11, 46, tzinfo=UTC)


def logged(sample: dict[str, Any]) -> LoggedEvent:
    return LoggedEvent(
        id=sample["id"],
        type=sample["type"],
        source=sample["source"],
        subject=sample["subject"],
        sequence=sample["sequence"],
        time=NOW,
        correlation_id=None,
        body=json.dumps(sample["data"]).encode(),
        case_id=sample["data"]["case_id"],
        grid_code=sample["data"]["grid_code"],
        restricted=False,
        complained_unit_id=None,
        registered=True,
    )


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_the_body_of_every_event_is_as_written(path: Path) -> None:
    body = json.loads(partner_body(logged(json.loads(path.read_text(encoding="utf-8")))))
    assert [error.message for error in Draft202012Validator(CASE_EVENT).iter_errors(body)] == []
    assert set(CASE_EVENT["properties"]) <= set(body)


def test_nothing_is_promised_that_partners_never_get() -> None:
    assert not WITHHELD & set(CASE_EVENT["properties"])


def test_the_headers_are_those_that_are_sent() -> None:
    event = logged(json.loads(SAMPLES[0].read_text(encoding="utf-8")))
    signed = signed_headers(event.id, NOW, partner_body(event), [secret(bytes(32))])
    written = {each["name"] for each in WEBHOOKS["caseEvent"]["post"]["parameters"]}
    assert written == {*cloud_headers(event), *signed} - {"content-type"}
    assert set(WITH_TEST) == {"ce-type", *signed}

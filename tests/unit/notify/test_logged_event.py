import json
from datetime import UTC, datetime
from typing import Any

from notify.events.logged_event import LoggedEvent, cloud_event, cloud_headers, parties, partner_body

LAMP_TEAM = {"id": "u-lighting", "kind": "unit", "lead": True, "accepted": True}
ELECTRICIAN = {"id": "p-electrician", "kind": "person", "lead": False, "accepted": False}


def logged(**data: Any) -> LoggedEvent:
    return LoggedEvent(
        id="e-1",
        type="case.dispatched",
        source="/services/cases",
        subject="case/c-1",
        sequence=7,
        time=datetime(2026, 3, 12, 11, 40, tzinfo=UTC),
        correlation_id="chosen by the caller",
        body=json.dumps({"case_id": "c-1", **data}, ensure_ascii=False).encode(),
        case_id="c-1",
        grid_code="360704100002001",
        restricted=False,
        complained_unit_id=None,
        registered=True,
    )


def posted(**data: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(partner_body(logged(**data)))
    return found


def test_a_partner_reads_units_by_id_and_people_without() -> None:
    data = posted(assignees=[LAMP_TEAM, ELECTRICIAN])
    assert data["assignees"] == [LAMP_TEAM, {"kind": "person", "lead": False, "accepted": False}]


def test_a_partner_reads_in_which_role_something_was_done_and_not_by_whom() -> None:
    assert posted(by={"id": "p-desk", "role": "dispatcher"})["by"] == {"role": "dispatcher"}
    assert posted(by=None)["by"] is None


def test_a_partner_reads_neither_who_reported_nor_whom_it_is_about() -> None:
    data = posted(
        reporter_id="p-xie", followers=["p-a"], complained_unit_id="u-other", relieved=["p-worker"], number="编号"
    )
    assert data == {"case_id": "c-1", "number": "编号", "assignees": []}


def test_a_partner_reads_how_many_reports_a_case_stands_for_and_not_which() -> None:
    data = posted(joined_case_id="c-2", joined_number="编号", reports=2)
    assert data == {"case_id": "c-1", "reports": 2, "assignees": []}


def test_the_assignee_who_acted_is_named_when_it_is_a_unit() -> None:
    assert posted(assignees=[LAMP_TEAM], assignee_id="u-lighting")["assignee_id"] == "u-lighting"
    assert "assignee_id" not in posted(assignees=[ELECTRICIAN], assignee_id="p-electrician")
    assert "assignee_id" not in posted(assignees=[], assignee_id="p-electrician")


def test_minutes_are_told_as_long_as_they_name_nobody() -> None:
    assert posted(minutes=25)["minutes"] == 25
    assert "minutes" not in posted(minutes={"p-electrician": 125})


def test_the_same_event_always_gives_the_same_bytes_and_keeps_its_own() -> None:
    event = logged(reporter_id="p-xie", number="编号")
    assert partner_body(event) == partner_body(event) == partner_body(logged(reporter_id="p-xie", number="编号"))
    assert b"p-xie" in event.body


def test_what_a_caller_chose_to_correlate_by_does_not_go_to_partners() -> None:
    headers = cloud_headers(logged())
    assert "chosen by the caller" not in headers.values()
    assert (headers["ce-id"], headers["ce-subject"], headers["ce-sequence"]) == ("e-1", "case/c-1", "7")


def test_an_event_of_the_feed_has_the_id_the_attributes_and_the_bytes_of_a_webhook() -> None:
    event = logged(number="编号", assignees=[LAMP_TEAM])
    text = cloud_event(event)
    found = json.loads(text)
    headers = cloud_headers(event)
    assert found.pop("datacontenttype") == headers.pop("content-type")
    assert found.pop("data") == json.loads(partner_body(event))
    assert {f"ce-{name}": value for name, value in found.items()} == headers
    assert text.encode().endswith(b',"data":' + partner_body(event) + b"}")


def test_units_that_have_a_case_or_are_relieved_of_it_take_part() -> None:
    assert parties({"assignees": [LAMP_TEAM, ELECTRICIAN], "relieved": ["u-water", "u-lighting"]}) == (
        "u-lighting",
        "u-water",
    )
    assert parties({"assignees": None, "relieved": None}) == parties({}) == ()

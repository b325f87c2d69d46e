"""The rules of intake sessions, and what their events say, held to the samples that subscribers read."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cases.intake_sessions.intake_session import (
    EVENT_TYPES,
    HELD,
    LATEST_ENTRY,
    PROGRESSED,
    Attendee,
    Form,
    IntakeSession,
    Item,
    Kind,
    Stage,
    Standing,
    check_host,
    check_time,
    is_further,
    placed,
    reached,
    told,
)
from chassis.errors import Refusal
from tests.unit.cases.play import AT, CONTACT, DISPATCHER, GRID, RESIDENT, WORKER, caller

SAMPLES = Path(__file__).parents[2] / "contract" / "events"
USUAL = {"session_id", "version", "at", "by"}
LEFT_PHONE = {"consent": True, "name": "谢测009", "phone": "12000000009"}
TALK = IntakeSession(
    id="0195f3c0-0000-7000-8000-0000000000a1",
    kind=Kind.EVENING_TALK,
    area=GRID[:12],
    host_id="p-worker",
    held_at=AT,
    opened_at=AT,
    source="SESSION",
    attendance=23,
    attendees=(
        Attendee(consent=True, person_id="p-xie"),
        Attendee.said(LEFT_PHONE),
    ),
    items=(Item(Form.CASE, "case-1", "n-1"), Item(Form.NEED, "demand-1")),
    compound_id="c-dongyuan",
)
OPEN, DECIDED, ENDED = Standing(False, False), Standing(True, False), Standing(True, True)


@pytest.mark.parametrize(
    ("standings", "stage"),
    [
        ([OPEN, ENDED], Stage.HELD),
        ([DECIDED, ENDED], Stage.DECIDED),
        ([ENDED, ENDED], Stage.DONE),
    ],
)
def test_a_session_is_as_far_as_the_last_of_its_items(standings: list[Standing], stage: Stage) -> None:
    assert reached(standings) is stage


def test_nobody_is_told_of_a_stage_that_lies_behind() -> None:
    assert [is_further(stage, Stage.DECIDED) for stage in Stage] == [False, False, True]


@pytest.mark.parametrize(
    ("ago", "code"), [(-1, "session_not_held_yet"), (LATEST_ENTRY.days + 1, "session_too_long_ago")]
)
def test_a_session_is_typed_in_after_it_was_held_and_while_people_remember(ago: int, code: str) -> None:
    with pytest.raises(Refusal, match=code):
        check_time(AT - timedelta(days=ago), AT)
    check_time(AT, AT)
    check_time(AT - LATEST_ENTRY, AT)


def test_workers_and_dispatchers_hold_sessions_where_they_work() -> None:
    assert (check_host(GRID, WORKER), check_host(GRID[:12], DISPATCHER)) == ("community_worker", "dispatcher")
    for who in (RESIDENT, CONTACT):
        with pytest.raises(Refusal, match="not_permitted"):
            check_host(GRID, who)
    with pytest.raises(Refusal, match="out_of_scope"):
        check_host(GRID[:12], caller("p-grid", "grid_worker", scope="360704100001001"))
    assert check_host(GRID[:12], caller("p-grid", "grid_worker")) == "grid_worker"


@pytest.mark.parametrize(
    ("item", "session", "place"),
    [
        ({"grid_code": GRID}, {"area": GRID[:12], "compound_id": "c"}, {"grid_code": GRID}),
        ({}, {"area": GRID[:12], "compound_id": "c"}, {"compound_id": "c"}),
        ({}, {"area": GRID}, {"grid_code": GRID}),
        ({}, {"area": GRID[:12]}, {}),
    ],
)
def test_an_item_is_where_it_says_or_where_the_session_was_held(
    item: dict[str, Any], session: dict[str, Any], place: dict[str, Any]
) -> None:
    assert placed(item, session) == place


@pytest.mark.parametrize(("type", "session"), [(HELD, TALK), (PROGRESSED, replace(TALK, stage=Stage.DECIDED))])
def test_the_events_are_those_of_the_samples(type: str, session: IntakeSession) -> None:
    data = json.loads((SAMPLES / f"{type}.json").read_text("utf-8"))["data"]
    assert {name: value for name, value in data.items() if name not in USUAL} == told(session)


def test_every_event_has_its_sample_and_none_names_anybody() -> None:
    assert {path.stem for path in SAMPLES.glob("session.*.json")} == EVENT_TYPES
    assert "12000000009" not in repr(told(TALK))
    assert "谢测009" not in repr(told(TALK))

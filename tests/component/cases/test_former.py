"""Whoever was two entries goes on as one: lists, work, repeated commands and photos under the former id."""

from dataclasses import replace

import pytest

from cases.service import CasesService
from tests.component.cases.test_service import LAMP, Desk, code_of
from tests.component.set_clock import SetClock
from tests.unit.cases.play import NEIGHBOUR, OTHER_WORKER, RESIDENT, WORKER

MERGED = replace(NEIGHBOUR, former=(RESIDENT.id,))


@pytest.fixture
def desk(service: CasesService, clock: SetClock) -> Desk:
    return Desk(service, clock)


def test_whoever_was_another_entry_goes_on_where_that_one_stopped(desk: Desk) -> None:
    left = replace(OTHER_WORKER, former=(RESIDENT.id, WORKER.id))
    desk.dispatched()
    for filters in ({"reported_by": "me"}, {"assignee": "me"}):
        rows = desk.service.cases(left.dump(), filters=filters)["items"]
        assert [row["case_id"] for row in rows] == [desk.case_id]
    desk.do(left, "accept")
    desk.do(left, "arrive", location=LAMP["location"])
    desk.do(left, "feedback", text="已更换", photos=[desk.upload(left)["photo_id"]])
    for who in (left, WORKER):
        assert code_of(desk.do, who, "inspect_pass") == "handler_inspects"


def test_a_command_that_was_asked_under_a_former_id_is_not_carried_out_again(desk: Desk) -> None:
    first = desk.service.report(RESIDENT.dump(), "key-1", **LAMP)
    assert desk.service.report(MERGED.dump(), "key-1", **LAMP) == first
    assert code_of(desk.service.report, MERGED.dump(), "key-1", **(LAMP | {"text": "x"})) == "command_id_reused"
    left = desk.service.move(RESIDENT.dump(), "key-2", first["case_id"], "withdraw", {})
    assert desk.service.move(MERGED.dump(), "key-2", first["case_id"], "withdraw", {}) == left


def test_a_photo_that_the_former_entry_uploaded_can_be_shown(desk: Desk) -> None:
    photo = desk.upload(RESIDENT)["photo_id"]
    desk.service.report(MERGED.dump(), "key-1", **LAMP, photos=[photo])
    other = desk.upload(RESIDENT)["photo_id"]
    asked = [NEIGHBOUR.dump(), "key-2"]
    assert code_of(desk.service.report, *asked, **LAMP, photos=[other]) == "unknown_photo"

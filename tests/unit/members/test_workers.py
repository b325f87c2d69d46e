"""The census of new-employment workers: who is known by which nickname, and how many there may be."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from marshmallow import Schema, ValidationError

from chassis.errors import Refusal
from members.workers.census import Estimate, census, estimated
from members.workers.schemas import ChangeWorkerSchema, NeedsSchema, WorkerSchema
from members.workers.worker import Kind, Worker, changed, followed, left, registered

GRID, NEXT = "360704100007001", "360704100007002"
NOW = datetime(2026, 3, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
RIDER = {"nickname": "阿测", "kind": "rider", "platform": "美团", "grid_code": GRID}
TODAY = date(2026, 3, 12)


def known(**told: Any) -> Worker:
    return registered("w-1", {**RIDER, **told}, NOW)


def names(schema: Schema) -> set[str]:
    return set(schema.fields)


def test_f08_no_field_takes_an_identity_number() -> None:
    """F08: of a worker are kept a nickname, a kind, a platform and a place; there is no field for an identity."""
    kept = {each.name for each in fields(Worker)}
    asked = names(WorkerSchema(demo=True)) | names(ChangeWorkerSchema(demo=True)) | names(NeedsSchema())
    places = {"grid_code", "station_id", "consent", "needs"}
    assert asked == {"nickname", "kind", "platform", "phone", "person_id"} | places
    assert not {name for name in kept | asked if "identity" in name or name in {"id_number", "name", "card"}}


def test_a_phone_is_taken_with_consent_alone() -> None:
    schema = WorkerSchema(demo=True)
    assert schema.load({**RIDER, "phone": "12000000001", "consent": True})
    for told in ({"phone": "12000000001"}, {"phone": "12000000001", "consent": False}):
        with pytest.raises(ValidationError, match="consent"):
            schema.load({**RIDER, **told})
    with pytest.raises(ValidationError, match="phone"):
        WorkerSchema(demo=False).load({**RIDER, "phone": "12000000001", "consent": True})


def test_who_moves_is_linked_to_each_place_in_its_time() -> None:
    moved = changed(known(station_id="s-1"), {"grid_code": NEXT}, LATER)
    first, second = moved.links
    assert (first.grid_code, first.station_id, first.until) == (GRID, "s-1", LATER)
    assert (second.grid_code, second.station_id, second.since, second.until) == (NEXT, None, LATER, None)
    assert moved.tenant == "360704"


def test_a_change_that_changes_nothing_is_refused() -> None:
    same = known(phone="sealed", phone_print="print")
    with pytest.raises(Refusal, match="nothing_changed"):
        changed(same, {"nickname": "阿测", "phone": "sealed anew", "phone_print": "print"}, LATER)
    assert changed(same, {"kind": "courier"}, LATER).kind is Kind.COURIER
    assert changed(same, {"phone": None}, LATER).phone is None


def test_of_who_leaves_the_phone_is_forgotten() -> None:
    gone = left(known(phone="sealed", phone_print="print"), LATER)
    assert (gone.phone, gone.phone_print, gone.consented_at) == (None, None, None)
    assert (gone.left_at, gone.link.until) == (LATER, LATER)
    with pytest.raises(Refusal, match="worker_left"):
        left(gone, LATER)
    with pytest.raises(Refusal, match="worker_left"):
        changed(gone, {"nickname": "x"}, LATER)


def test_the_latest_estimate_counts_that_is_not_of_a_later_day() -> None:
    entered = [Estimate(GRID, date(2026, 1, 1), 60), Estimate(GRID, date(2026, 4, 1), 90)]
    assert estimated(GRID, entered, TODAY) == 60
    assert estimated(GRID, entered, date(2026, 4, 1)) == 90
    assert estimated(GRID, entered, date(2025, 12, 31)) is None
    assert estimated(NEXT, entered, TODAY) is None


def test_without_its_own_an_area_has_the_estimates_of_its_parts_each_counted_once() -> None:
    day = date(2026, 1, 1)
    parts = [Estimate(GRID, day, 60), Estimate("360704100002", day, 40), Estimate("360704100002001", day, 25)]
    assert estimated("360704", parts, TODAY) == 100
    assert estimated("360704", [*parts, Estimate("360704", day, 300)], TODAY) == 300


def test_h6_is_known_of_estimated_with_two_decimals() -> None:
    counts = {GRID: 40, "360704100002001": 7, "360704100009001": 5}
    entered = [Estimate("360704100007", date(2026, 1, 1), 60), Estimate("360704100009", date(2026, 1, 1), 0)]
    found = census("360704100007", counts, {}, entered, TODAY)
    assert (found.known, found.linked, found.estimated, found.share) == (40, 40, 60, "66.67")
    assert census("360704100002", counts, {"w-1": "阿**"}, entered, TODAY).linked == 6
    assert census("360704100002", {}, {}, [], TODAY).share is None
    assert census("360704100009", counts, {}, entered, TODAY).share is None


def test_a_worker_is_equal_to_itself_however_it_was_made() -> None:
    assert replace(known()) == known()


def test_who_came_to_a_grid_after_its_end_follows_from_then_on() -> None:
    after = followed(known(), GRID, [NEXT], NOW - timedelta(days=1))
    assert [(each.grid_code, each.since, each.until) for each in after.links] == [(NEXT, NOW, None)]

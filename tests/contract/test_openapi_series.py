"""What the interface offers of series and attendance is what members takes: the same fields, codes and limits."""

import pytest
from marshmallow import Schema

from gateway.schemas import attendance as offered_attendance
from gateway.schemas import series as offered
from gateway.schemas.activities import Task
from members.activities.schemas import TaskSchema
from members.attendance import schemas as attendance
from members.attendance.attendance import Act, How
from members.series import schemas
from members.series.series import Fate


@pytest.mark.parametrize(
    ("face", "service"),
    [
        (offered.NewSeries(), schemas.SeriesSchema()),
        (offered.SeriesChange(), schemas.ChangeSeriesSchema()),
        (offered.NewRecurrence(), schemas.RecurrenceSchema()),
        (Task(), TaskSchema()),
    ],
    ids=lambda schema: type(schema).__name__,
)
def test_a_body_is_what_members_takes(face: Schema, service: Schema) -> None:
    assert needed(face) == needed(service)


def needed(schema: Schema) -> dict[str, bool]:
    return {name: each.required for name, each in schema.fields.items()}


def test_the_parts_of_a_body_are_those_that_members_takes() -> None:
    paths = {"day", "act", "activity_id", "command_id"}
    for face, service in (
        (offered.MoveDate(), schemas.MoveDateSchema()),
        (offered.Why(), schemas.DropDateSchema()),
        (offered.Why(), schemas.EndSeriesSchema()),
        (offered_attendance.Scan(), attendance.ScanSchema()),
    ):
        assert set(face.fields) == set(service.fields) - paths
    for line, name, taken in (
        (offered_attendance.KeptScan(), "scan_id", attendance.KeptScanSchema()),
        (offered_attendance.ListLine(), "line_id", attendance.ListLineSchema()),
    ):
        assert set(line.fields) - {name} == set(taken.fields) - {"command_id"}


def test_the_codes_and_limits_are_the_same() -> None:
    assert list(offered.FATES) == [each.value for each in Fate]
    assert list(offered_attendance.ACTS) == [each.value for each in Act]
    assert list(offered_attendance.HOW) == [each.value for each in How]
    assert offered_attendance.MOST_AT_ONCE == attendance.MOST_AT_ONCE
    assert offered.MOST_MINUTES == schemas.MOST_MINUTES

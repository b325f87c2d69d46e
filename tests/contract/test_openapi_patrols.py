"""What the interface takes of patrols is what members takes."""

import pytest
from marshmallow import Schema

from gateway.schemas import patrols as offered
from members.patrols import schemas
from tests.contract.test_openapi_cases import shape


@pytest.mark.parametrize(
    ("face", "service"),
    [
        (offered.PatrolStart(), schemas.StartSchema()),
        (offered.PatrolStop(), schemas.StopSchema()),
        (offered.TrackPoint(), schemas.PointSchema()),
    ],
)
def test_a_body_is_what_members_takes(face: Schema, service: Schema) -> None:
    assert shape(face) == shape(service)


def test_that_a_reason_is_missing_is_said_by_members() -> None:
    """With a code of its own, so the gateway lets a body without one through."""
    optional, needed = (shape(each)["reason"] for each in (offered.TrackReason(), schemas.ReasonSchema()))
    assert (optional, needed) == (["text", False, []], ["text", True, []])


def test_as_many_points_are_taken_at_once() -> None:
    assert offered.MOST_AT_ONCE == schemas.MOST_AT_ONCE

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
        (offered.TrackReason(), schemas.ReasonSchema()),
    ],
)
def test_a_body_is_what_members_takes(face: Schema, service: Schema) -> None:
    assert shape(face) == shape(service)


def test_as_many_points_are_taken_at_once() -> None:
    assert offered.MOST_AT_ONCE == schemas.MOST_AT_ONCE

"""What the interface takes of rest stations is what members takes."""

import pytest
from marshmallow import Schema

from gateway.schemas import stations as offered
from members.stations import schemas
from tests.contract.test_openapi_cases import shape


@pytest.mark.parametrize(
    ("face", "service"),
    [(offered.StationUse(), schemas.UseSchema()), (offered.OwnStationUse(), schemas.OwnUseSchema())],
)
def test_a_body_is_what_members_takes(face: Schema, service: Schema) -> None:
    assert shape(face) == {name: field for name, field in shape(service).items() if name != "station_id"}

"""What the interface offers of the census and of rounds is what members takes: the same fields, codes and limits."""

import pytest
from marshmallow import Schema

from gateway.schemas import rounds as offered_rounds
from gateway.schemas import workers as offered
from gateway.sheets import workers as worker_sheets
from members.needs.need import Progress
from members.needs.schemas import MOST_NEEDS
from members.rounds import schemas as rounds
from members.rounds.round import Result, Standing
from members.workers import schemas
from members.workers.worker import Kind
from tests.contract.test_openapi_cases import shape


@pytest.mark.parametrize(
    ("face", "service"),
    [
        (offered.NewWorker(), schemas.WorkerSchema(demo=True)),
        (offered.WorkerChange(), schemas.ChangeWorkerSchema(demo=True)),
        (offered.WorkerNeeds(), schemas.NeedsSchema()),
        (offered.NewEstimate(), schemas.EstimateSchema()),
        (offered_rounds.NewRound(), rounds.RoundSchema()),
        (offered_rounds.NewVisit(), rounds.VisitSchema()),
    ],
    ids=lambda schema: type(schema).__name__,
)
def test_a_body_is_what_members_takes(face: Schema, service: Schema) -> None:
    assert shape(face) == shape(service)


def test_the_codes_and_limits_are_the_same() -> None:
    assert list(offered.KINDS) == list(worker_sheets.KINDS) == [each.value for each in Kind]
    assert list(offered.PROGRESS) == [each.value for each in Progress]
    assert list(offered_rounds.RESULTS) == [each.value for each in Result]
    assert list(offered_rounds.STANDINGS) == [each.value for each in Standing]
    assert offered.MOST_NEEDS == MOST_NEEDS
    limits = (rounds.MOST_ADDRESSES, rounds.MOST_DOORS, schemas.MOST_WORKERS)
    assert limits == (offered_rounds.MOST_ADDRESSES, offered_rounds.MOST_DOORS, offered.MOST_WORKERS)


def test_no_identity_number_has_a_field_anywhere() -> None:
    """F08: neither the interface nor the service has one."""
    for schema in (offered.NewWorker(), offered.WorkerView(), schemas.WorkerSchema(demo=True), rounds.AddressSchema()):
        assert not {name for name in schema.fields if "identity" in name or name in {"id_number", "id_card", "name"}}

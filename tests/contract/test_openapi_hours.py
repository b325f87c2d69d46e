"""What the interface takes of volunteer hours and certificates is what members takes."""

import pytest
from marshmallow import Schema

from gateway.schemas import certificates as offered_certificates
from gateway.schemas import hours as offered
from gateway.schemas import rosters as offered_rosters
from members.certificates import schemas as certificates
from members.hours import schemas
from members.hours.record import Kind, State
from members.rosters import schemas as rosters
from members.stars import schemas as stars
from members.stars.star import HOURS
from tests.contract.test_openapi_cases import shape

PAIRS: tuple[tuple[Schema, Schema, set[str]], ...] = (
    (offered.RecordsToApprove(), schemas.ApproveSchema(), set()),
    (offered.RecordReason(), schemas.ReasonSchema(), {"record_id"}),
    (offered.CorrectionWanted(), schemas.AskSchema(), {"record_id"}),
    (offered.Correction(), schemas.CorrectSchema(), {"record_id"}),
    (offered_rosters.RosterWanted(), rosters.RosterSchema(), {"activity_id"}),
    (offered.StarAccepted(), stars.StarSchema(), set()),
    (offered.StarAgreed(), stars.AgreeSchema(), set()),
    (offered_certificates.CertificateWanted(), certificates.AskSchema(), set()),
    (offered_certificates.CertificateReason(), certificates.RevokeSchema(), {"number"}),
)


@pytest.mark.parametrize(("given", "taken", "of_path"), PAIRS, ids=lambda each: type(each).__name__)
def test_a_body_is_what_members_takes(given: Schema, taken: Schema, of_path: set[str]) -> None:
    assert shape(given) == {name: field for name, field in shape(taken).items() if name not in of_path}


def test_the_states_and_kinds_and_stars_are_those_of_members() -> None:
    assert set(offered.STATES) == {each.value for each in State}
    assert set(offered.KINDS) == {each.value for each in Kind}
    assert list(offered.STARS) == list(HOURS)

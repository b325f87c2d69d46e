"""What the interface takes of calls is what members takes."""

import pytest
from marshmallow import Schema

from gateway.schemas import calls as offered
from members.calls import schemas
from members.people.skill import SKILLS
from tests.contract.test_openapi_cases import shape


@pytest.mark.parametrize(
    ("face", "service"),
    [
        (offered.CallAudience(), schemas.AudienceSchema()),
        (offered.NewCall(), schemas.CallSchema()),
        (offered.CallReply(), schemas.ReplySchema()),
        (offered.CallWithdrawal(), schemas.WithdrawalSchema()),
    ],
)
def test_a_body_is_what_members_takes(face: Schema, service: Schema) -> None:
    assert shape(face) == shape(service)


def test_as_much_is_taken_at_once() -> None:
    assert (offered.MOST_GRIDS, offered.MOST_SKILLS) == (schemas.MOST_GRIDS, schemas.MOST_SKILLS)
    assert len(SKILLS) <= schemas.MOST_SKILLS

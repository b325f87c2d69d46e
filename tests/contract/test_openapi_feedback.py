"""What the interface takes of feedback is what members takes."""

from gateway.schemas import feedback as offered
from members.feedback import feedback, schemas
from tests.contract.test_openapi_cases import shape


def test_a_body_and_its_limits_are_what_members_takes() -> None:
    taken = shape(schemas.FeedbackSchema())
    assert shape(offered.NewFeedback()) == {name: field for name, field in taken.items() if name != "activity_id"}
    assert (offered.WORST, offered.BEST) == (feedback.WORST, feedback.BEST)

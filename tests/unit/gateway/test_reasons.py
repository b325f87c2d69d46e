"""That a reason is missing is said by the service that shows something for one; the gateway lets the body through."""

import pytest

from gateway.schemas.cases import Reveal
from gateway.schemas.fields import Strict
from gateway.schemas.intake_sessions import AttendeesAsked
from gateway.schemas.match_lists import AskerReveal
from gateway.schemas.patrols import TrackReason
from gateway.schemas.registry import PhoneWanted
from gateway.schemas.workers import WorkerPhoneWanted

BODIES = (Reveal, AskerReveal, AttendeesAsked, TrackReason, PhoneWanted, WorkerPhoneWanted)


@pytest.mark.parametrize("body", BODIES, ids=lambda each: each.__name__)
@pytest.mark.parametrize(
    "said", [{}, {"reason": None}, {"reason": ""}, {"reason": "  "}, {"reason": "\u3000"}], ids=ascii
)
def test_a_body_without_a_reason_is_passed_on(body: type[Strict], said: dict[str, str | None]) -> None:
    assert body().load(said) == said


@pytest.mark.parametrize("body", BODIES, ids=lambda each: each.__name__)
def test_a_reason_is_of_lines_and_no_longer_than_any_text(body: type[Strict]) -> None:
    assert body().validate({"reason": "核\x00对"}).keys() == {"reason"}
    assert body().validate({"reason": "核" * 4_001}).keys() == {"reason"}

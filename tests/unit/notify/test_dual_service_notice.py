"""Members and units hear how far registrations and evaluations have come, from the samples that members makes."""

from pathlib import Path
from typing import Any

import pytest

from chassis.event import Malformed
from notify.notices.dual_service_notice import TOLD, notices
from notify.notices.dual_service_schemas import dual_service_event
from notify.wording.wording import texts
from tests.unit.notify.samples import sample

SAMPLES = Path(__file__).parents[2] / "contract" / "events"
KINDS = ("registration", "evaluation")


def told(type: str, **changes: Any) -> set[tuple[str, str]]:
    event = dual_service_event(sample(SAMPLES / f"{type}.json", **changes))
    return {(draft.recipient, draft.template) for draft in notices(event)}


def test_every_event_is_told_for_what_nobody_hears_is_not_sent() -> None:
    assert {path.stem for kind in KINDS for path in SAMPLES.glob(f"{kind}.*.json")} == TOLD.keys()


def test_the_member_alone_hears_of_an_evaluation_before_it_is_final() -> None:
    assert told("evaluation.shown") == {("p-member", "evaluation_shown")}
    assert told("evaluation.finalised") == {
        ("p-member", "evaluation_final"),
        ("u-housing-bureau", "evaluation_results"),
    }


def test_both_hear_of_a_slip_and_a_unit_of_its_own_once() -> None:
    assert told("registration.accepted") == {
        ("p-member", "registration_accepted"),
        ("u-housing-bureau", "registration_slip"),
    }
    assert told("registration.accepted", person_id=None) == {("u-housing-bureau", "registration_accepted")}
    assert told("evaluation.shown", person_id=None) == {("u-housing-bureau", "evaluation_shown")}


@pytest.mark.parametrize("type", sorted(TOLD))
def test_every_message_can_be_read_in_both_languages(type: str) -> None:
    for draft in notices(dual_service_event(sample(SAMPLES / f"{type}.json"))):
        for each in texts(draft.template, draft.facts, {}).values():
            assert each["title"]
            assert "None" not in each["title"] + each["body"]
    [first] = notices(dual_service_event(sample(SAMPLES / "evaluation.shown.json")))
    found = texts(first.template, first.facts, {})
    assert all("2025" in each["body"] and "2026-01-12 18:00" in each["body"] for each in found.values())


def test_an_event_that_does_not_say_whose_it_is_is_parked() -> None:
    with pytest.raises(Malformed):
        dual_service_event(sample(SAMPLES / "evaluation.shown.json", unit_id=None))

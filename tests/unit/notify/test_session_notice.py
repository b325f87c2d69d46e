"""Those who were at an intake session hear how far it has come, from the samples that cases makes."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chassis.event import Malformed
from notify.notices.session_notice import BY_HAND, TEMPLATES, notices
from notify.notices.session_schemas import session_event
from notify.wording.wording import texts
from tests.unit.notify.samples import sample

SAMPLE = Path(__file__).parents[2] / "contract" / "events" / "session.progressed.json"


def told(**changes: Any) -> set[tuple[str, str]]:
    return {(draft.recipient, draft.template) for draft in notices(session_event(sample(SAMPLE, **changes)))}


@pytest.mark.parametrize("stage", ["decided", "done"])
def test_each_attendee_hears_of_a_stage_and_the_host_whom_to_call(stage: str) -> None:
    assert told(stage=stage, attendees=["p-xie", "p-two", "p-xie"]) == {
        ("p-xie", TEMPLATES[stage]),
        ("p-two", TEMPLATES[stage]),
        ("p-worker", BY_HAND[stage]),
    }


def test_without_a_phone_nobody_is_to_be_called() -> None:
    assert told(by_hand=0, attendees=[]) == set()


@pytest.mark.parametrize("stage", ["decided", "done"])
def test_the_messages_can_be_read_in_both_languages(stage: str) -> None:
    for draft in notices(session_event(sample(SAMPLE, stage=stage))):
        found = texts(draft.template, draft.facts, {"c-dongyuan": "东源胜景小区"})
        assert all("东源胜景小区" in each["body"] and "1" in each["body"] for each in found.values())
        assert "2026-03-12 19:40" in found["zh-CN"]["body"]
        assert ("社区夜话" in found["zh-CN"]["body"], "evening talk" in found["en"]["body"]) == (True, True)


def test_a_stage_that_nobody_knows_is_parked_rather_than_told_wrongly() -> None:
    with pytest.raises(Malformed):
        session_event(sample(SAMPLE, stage="finished"))


def test_a_notice_is_known_by_event_and_recipient() -> None:
    first, second = (list(notices(session_event(sample(SAMPLE)))) for _ in range(2))
    assert [draft.id for draft in first] == [draft.id for draft in second]
    assert first[0].at == datetime(2026, 3, 12, 11, 40, tzinfo=UTC)

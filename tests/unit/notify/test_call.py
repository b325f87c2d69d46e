"""A call to action becomes one message to each, from the sample that members makes; and says nothing when too late."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chassis.event import Malformed
from notify.calls.call import Told, moot, notices, off_notices, over
from notify.calls.schemas import call_in_hand, withdrawn_call
from notify.notices.notice import BULK
from notify.notices.rule import Reach
from notify.preferences.kinds import KIND_OF, Kind
from notify.wording.wording import texts
from tests.unit.notify.samples import SAMPLES, sample

CALL = call_in_hand(sample(SAMPLES / "call.issued.json"))
BEGINS = datetime(2026, 3, 20, 0, 30, tzinfo=UTC)


def test_everybody_reads_what_is_asked_and_for_when_in_both_languages() -> None:
    """F41: 咱们先把楼道清理干净！ for the next morning."""
    one, other = notices(CALL, ["p-1", "p-2"])
    assert (one.recipient, other.recipient, one.lane, one.urgent, one.mandatory) == ("p-1", "p-2", BULK, False, False)
    assert KIND_OF[one.template] is Kind.CALL
    found = texts(one.template, one.facts, {})
    assert found["zh-CN"]["title"] == "一呼百应：2026-03-20 08:30"
    assert found["en"]["title"] == "Call to action: 2026-03-20 08:30"
    for each in found.values():
        assert all(fact in each["body"] for fact in ("咱们先把楼道清理干净！", "2026-03-20 08:30"))


def test_what_the_caller_writes_is_text_and_no_template() -> None:
    [draft] = notices(replace(CALL, text="{{ 7 * 6 }} {% raise %}"), ["p-1"])
    assert "{{ 7 * 6 }} {% raise %}" in texts(draft.template, draft.facts, {})["en"]["body"]


def test_an_emergency_wakes_people_and_says_so() -> None:
    [draft] = notices(call_in_hand(sample(SAMPLES / "call.issued.json", emergency=True)), ["p-1"])
    assert draft.urgent
    assert texts(draft.template, draft.facts, {})["zh-CN"]["title"].startswith("紧急召集")


def test_nobody_is_told_twice_of_a_call() -> None:
    assert len({draft.id for draft in notices(CALL, ["p-1", "p-2", "p-1"])}) == 2


def test_whoever_has_answered_is_asked_no_more_and_nobody_once_it_is_time() -> None:
    [draft] = notices(CALL, ["p-1"])
    early, just = BEGINS - timedelta(seconds=1), BEGINS
    assert not moot(draft.facts, "p-1", {(CALL.id, "p-2"), ("another", "p-1")}, {"another"}, early)
    assert moot(draft.facts, "p-1", {(CALL.id, "p-1")}, (), early)
    assert moot(draft.facts, "p-1", (), (), just)
    assert not moot({"activity_id": "a"}, "p-1", {(CALL.id, "p-1")}, {CALL.id}, just)
    assert moot(draft.facts, "p-1", (), {CALL.id}, early)
    assert (over(CALL, early), over(CALL, just)) == (False, True)


@pytest.mark.parametrize("missing", ["call_id", "grids", "text", "for"])
def test_a_call_that_does_not_say_what_is_needed_is_parked(missing: str) -> None:
    with pytest.raises(Malformed, match=missing):
        call_in_hand(sample(SAMPLES / "call.issued.json", **{missing: None}))


def test_that_a_call_is_withdrawn_is_told_with_the_reason_also_to_who_has_answered() -> None:
    call = withdrawn_call(sample(SAMPLES / "call.withdrawn.json"))
    assert call.off is not None
    assert (call.id, call.begins) == (CALL.id, CALL.begins)
    had, unread = off_notices(call, call.off, [Told("n-1", "p-1", had=True), Told("n-2", "p-2", had=False)])
    assert (had.recipient, had.reach, unread.recipient, unread.reach) == ("p-1", Reach.OUTSIDE, "p-2", Reach.INBOX)
    assert (had.lane, had.mandatory, KIND_OF[had.template]) == (BULK, False, Kind.CALL)
    for each in texts(had.template, had.facts, {}).values():
        assert all(fact in each["body"] for fact in ("暴雨红色预警", "2026-03-20 08:30", "咱们先把楼道清理干净！"))
    early, just = BEGINS - timedelta(seconds=1), BEGINS
    assert not moot(had.facts, "p-1", {(CALL.id, "p-1")}, {CALL.id}, early)
    assert moot(had.facts, "p-1", (), (), just)


def test_a_withdrawal_without_a_reason_is_parked() -> None:
    with pytest.raises(Malformed, match="reason"):
        withdrawn_call(sample(SAMPLES / "call.withdrawn.json", reason=None))

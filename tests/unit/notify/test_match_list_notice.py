"""Who hears what becomes of a demand or a resource, from the samples that cases makes."""

from dataclasses import replace
from typing import Any

import pytest

from chassis.event import Malformed
from notify.notices.audience import Audience
from notify.notices.match_list_notice import GIVEN_UP, TOLD, UNTOLD, MatchListEvent, calls_by_hand, notices
from notify.notices.match_list_schemas import match_list_event
from notify.wording import wording
from notify.wording.catalogue import codes
from tests.unit.notify.samples import SAMPLES, sample

AROUND = Audience(grid_workers=("p-grid", "p-grid-2"), dispatchers=("p-desk",))


EVENTS = {
    event.type: event
    for kind in ("demand", "resource", "project")
    for event in map(sample, sorted(SAMPLES.glob(f"{kind}.*.json")))
}


def heard(type: str, **changes: Any) -> MatchListEvent:
    return match_list_event(sample(SAMPLES / f"{type}.json", **changes))


def told(event: MatchListEvent, audience: Audience = AROUND) -> set[tuple[str, str]]:
    return {(draft.recipient, draft.template) for draft in notices(event, audience)}


def test_every_event_is_either_told_or_untold_for_a_reason() -> None:
    assert set(EVENTS) == TOLD.keys() | UNTOLD.keys()


@pytest.mark.parametrize("type", sorted(TOLD))
@pytest.mark.parametrize("by_hand", [False, True])
def test_every_notice_can_be_read_in_every_language(type: str, by_hand: bool) -> None:
    asker = {"asker_id": None, "callback": "visit"} if by_hand and type.startswith("demand") else {}
    for draft in notices(heard(type, **asker), AROUND):
        for language in wording.LANGUAGES:
            found = wording.text(draft.template, language, draft.facts, {"360704100007001": "广场社区"})
            assert found.title
            assert "None" not in found.title + found.body


def test_who_asked_hears_that_it_is_met() -> None:
    """F09: each asker is told once, whoever completed the project."""
    assert told(heard("demand.met")) == {("p-xie", "demand_met")}
    [draft] = notices(heard("demand.met"), AROUND)
    assert (draft.mandatory, draft.facts["demand_id"]) == (True, EVENTS["demand.met"].data["demand_id"])
    assert "驿站设施/物资需求" in wording.text(draft.template, "zh-CN", draft.facts, {}).body


def test_for_an_asker_with_a_phone_and_no_account_the_grid_workers_are_asked_to_call() -> None:
    """F09: also whoever has no account."""
    event = heard("demand.met", asker_id=None, callback="voice")
    assert told(event) == {("p-grid", "demand_met_by_hand"), ("p-grid-2", "demand_met_by_hand")}
    assert told(event, Audience(dispatchers=("p-desk",))) == {("p-desk", "demand_met_by_hand")}


def test_of_a_demand_without_an_asker_nobody_is_told() -> None:
    assert told(heard("demand.met", asker_id=None)) == set()


def test_who_gave_it_up_himself_is_not_told_of_it() -> None:
    own = {"reason_code": GIVEN_UP, "by": {"id": "p-xie", "role": "resident"}}
    assert told(heard("demand.unmet", **own)) == set()
    written_down = heard("demand.unmet", asker_id=None, callback="voice", reason_code=GIVEN_UP)
    assert not calls_by_hand(written_down)
    assert told(written_down) == set()
    assert told(heard("demand.unmet", asker_id=None, callback="voice")) != set()


@pytest.mark.parametrize("reason", ["no_resource", "not_feasible", "out_of_jurisdiction", "other", GIVEN_UP])
def test_the_reason_for_which_it_is_unmet_is_worded(reason: str) -> None:
    assert reason in codes("reason", "en")


def test_a_unit_hears_what_becomes_of_its_resource() -> None:
    for type in ("resource.reserved", "resource.released", "resource.used"):
        assert told(heard(type)) == {("u-lighting", type.replace(".", "_"))}


def test_whoever_does_it_himself_knows() -> None:
    event = heard("resource.reserved")
    assert told(replace(event, by_id=event.owner_id)) == set()


def test_an_event_that_does_not_fit_is_given_up() -> None:
    with pytest.raises(Malformed):
        heard("demand.met", callback=["voice"])

"""Who sees how much of a case: the reading rows of docs/domain.md §5, and every mask."""

import json
from dataclasses import replace
from typing import Any

import pytest

from cases.act import Act
from cases.assignment import Assignee, Assignment
from cases.case import Status
from cases.repeat import Earlier, Repeat
from cases.showing.contact import role_that_corrects, role_that_is_told, role_that_views
from cases.showing.sight import SEES, Sight, sight
from cases.showing.view import listed, places_and_units, shown, visible_photos
from chassis.caller import Caller, Grant
from chassis.errors import Refusal
from tests.unit.cases.play import (
    ADMIN,
    CONTACT,
    DISPATCHER,
    ELECTRICIAN,
    GRID,
    INSPECTOR,
    LAMP,
    NEIGHBOUR,
    OTHER_WORKER,
    RESIDENT,
    VOLUNTEER,
    WORKER,
    Play,
    accepted,
    caller,
    closed,
    code_of,
    dispatched,
    in_progress,
    joined,
    offered,
    opened,
    registered,
    resolved,
    unsealed,
)

ROLES = {role for roles, *_ in SEES for role in roles}
"""Roles that see cases without having a part in them."""

AUDITOR = caller("p-auditor", "auditor", scope="360704")
PARTY = caller("p-party", "party_office", scope="360704")
LEADER = caller("p-leader", "union_leader")
PHONE = "12012345678"
TEXT = f"灯不亮,电话{PHONE},身份证999999199001010016"


def seen(play: Play, who: Caller) -> dict[str, Any]:
    return shown(play.case, play.history, who, sight(play.case, who), play.now, unsealed)


@pytest.mark.parametrize("role", sorted(ROLES))
@pytest.mark.parametrize("scope", ["", "36", "3607"])
def test_whoever_oversees_several_districts_sees_no_case_also_where_they_live(role: str, scope: str) -> None:
    """F57: sums and no personal data; a role elsewhere in the district opens nothing."""
    both = Caller("p-province", (Grant(role, scope), Grant("resident", "360704")))
    for play in (registered(), offered(), closed()):
        assert sight(play.case, both) is Sight.NONE


@pytest.mark.parametrize(
    ("who", "ordinary", "restricted"),
    [
        (RESIDENT, Sight.OWN, Sight.OWN),
        (NEIGHBOUR, Sight.NONE, Sight.NONE),
        (DISPATCHER, Sight.FULL, Sight.FULL),
        (INSPECTOR, Sight.FULL, Sight.FULL),
        (WORKER, Sight.FULL, Sight.OUTLINE),
        (LEADER, Sight.MASKED, Sight.OUTLINE),
        (PARTY, Sight.MASKED, Sight.OUTLINE),
        (ADMIN, Sight.MASKED, Sight.OUTLINE),
        (AUDITOR, Sight.MASKED, Sight.OUTLINE),
        (ELECTRICIAN, Sight.NONE, Sight.NONE),
        (caller("p-far", "dispatcher", scope="360704100007"), Sight.NONE, Sight.NONE),
    ],
    ids=lambda value: value.id if isinstance(value, Caller) else value.name,
)
def test_how_much_each_role_sees(who: Caller, ordinary: Sight, restricted: Sight) -> None:
    assert sight(registered().case, who) is ordinary
    assert sight(registered(category="0801").case, who) is restricted


def test_an_assignee_sees_everything_that_the_work_needs() -> None:
    assert sight(dispatched().case, ELECTRICIAN) is Sight.FULL
    unit = registered().do(Act.DISPATCH, DISPATCHER, assignees=["u-lighting"]).case
    assert sight(unit, CONTACT) is Sight.FULL


def test_an_open_offer_is_shown_masked_to_who_may_claim_it_until_it_is_taken() -> None:
    assert sight(offered().case, VOLUNTEER) is Sight.MASKED
    assert sight(offered().do(Act.ACCEPT, ELECTRICIAN).case, VOLUNTEER) is Sight.NONE


def test_who_follows_a_case_sees_how_it_goes() -> None:
    assert sight(registered().case, NEIGHBOUR) is Sight.NONE
    assert sight(joined().case, NEIGHBOUR) is Sight.OUTLINE


def test_who_follows_a_case_goes_on_following_when_it_is_merged_into_another() -> None:
    filed = opened(OTHER_WORKER, on_behalf_of={"person_id": NEIGHBOUR.id, "consent": True})
    end = joined(joined(filed.case).case).case
    elsewhere = replace(OTHER_WORKER, grants=())
    assert {sight(end, who) for who in (NEIGHBOUR, elsewhere)} == {Sight.OUTLINE}


def test_the_timeline_tells_that_a_report_was_joined_and_nothing_of_who_is_behind_it() -> None:
    for who in (DISPATCHER, ELECTRICIAN, RESIDENT):
        view = seen(joined(), who)
        line = view["timeline"][-1]
        assert (line["act"], line["status"], line["details"]["reports"]) == ("join", "DISPATCHED", 2)
        assert NEIGHBOUR.id not in json.dumps(view)


def test_phones_and_identity_numbers_in_words_are_masked_until_the_case_is_accepted() -> None:
    play = dispatched(text=TEXT)
    for who in (DISPATCHER, ELECTRICIAN, PARTY):
        assert seen(play, who)["text"] == "灯不亮,电话120****5678,身份证999999********0016"
    assert seen(play, RESIDENT)["text"] == TEXT
    play.do(Act.ACCEPT, ELECTRICIAN)
    assert seen(play, ELECTRICIAN)["text"] == f"灯不亮,电话{PHONE},身份证999999********0016"
    assert seen(play, WORKER)["text"] == "灯不亮,电话120****5678,身份证999999********0016"


def test_where_nothing_but_an_identity_number_is_written_nobody_is_shown_anything_in_full() -> None:
    play = accepted(text="身份证999999199001010016")
    assert role_that_views(play.case, ELECTRICIAN) is None
    assert role_that_views(accepted(text=TEXT).case, ELECTRICIAN) == "in_service_member"


def test_a_worker_who_has_accepted_asks_for_the_phone_so_that_it_is_written_down() -> None:
    play = accepted(text=TEXT)
    assert PHONE not in json.dumps(seen(play, WORKER))
    assert PHONE in json.dumps(seen(play, ELECTRICIAN))
    assert role_that_is_told(play.case, WORKER, None) == "community_worker"


def test_who_has_to_call_somebody_without_an_account_is_told_where_to_at_any_time() -> None:
    """F56: a worker of the place, also once it is merged or closed; nobody who works elsewhere or is no worker."""
    contact = {"name": "谢测009", "phone": PHONE, "callback": "visit", "consent": True}
    play = opened(OTHER_WORKER, on_behalf_of=contact)
    play.facts = replace(play.facts, target=registered().case)
    merged = play.do(Act.MERGE, DISPATCHER, target_case_id="case-target").case
    assert role_that_is_told(merged, WORKER, None) == "community_worker"
    elsewhere = caller("p-far", "community_worker", scope="360704100001")
    for who in (elsewhere, VOLUNTEER, NEIGHBOUR):
        with pytest.raises(Refusal, match="not_permitted"):
            role_that_is_told(merged, who, None)
    with pytest.raises(Refusal):
        role_that_is_told(registered().case, WORKER, None)  # who has an account is written to


def test_after_the_end_even_the_handler_sees_masks() -> None:
    assert PHONE not in json.dumps(seen(closed(text=TEXT), ELECTRICIAN))


def test_the_contact_of_a_reporter_without_account_is_masked_until_accepted() -> None:
    contact = {"name": "谢测009", "phone": PHONE, "callback": "visit", "consent": True}
    play = opened(OTHER_WORKER, on_behalf_of=contact).do(Act.REGISTER, DISPATCHER).do(Act.DISPATCH, DISPATCHER)
    masked = {"name": "谢**", "phone": "120****5678", "callback": "visit", "consent": True}
    for who in (DISPATCHER, ELECTRICIAN):
        assert seen(play, who)["reporter"]["contact"] == masked
    assert seen(play.do(Act.ACCEPT, ELECTRICIAN), ELECTRICIAN)["reporter"]["contact"] == contact


def test_onlookers_get_no_photos_no_point_and_nobody() -> None:
    play = closed(photos=["f-1"])
    view = seen(play, AUDITOR)
    assert (view["photos"], view["location"], view["reporter"], view["ratings"]) == ([], None, None, [])
    assert visible_photos(play.case, RESIDENT, Sight.MASKED) == frozenset()
    assert all(line["by"]["id"] is None and line["photos"] == [] for line in view["timeline"])
    assert not [name for name in ("p-xie", "p-electrician", "p-worker") if name in json.dumps(view)]


def test_a_sensitive_case_shows_onlookers_no_word() -> None:
    play = registered(category="0801", text="老人独居")
    play.do(Act.NOTE, DISPATCHER, text="已联系家属")
    for who in (WORKER, AUDITOR):
        view = seen(play, who)
        assert view["text"] is None
        assert all(line["text"] is None for line in view["timeline"])
        assert listed(play.case, who, sight(play.case, who), play.now)["text"] is None


def test_the_reporter_is_told_of_units_and_of_no_person() -> None:
    play = registered().do(Act.DISPATCH, DISPATCHER, assignees=["p-electrician", "u-lighting"], lead="u-lighting")
    assert [one["id"] for one in seen(play, RESIDENT)["assignees"]] == [None, "u-lighting"]
    assert [one["id"] for one in seen(play, DISPATCHER)["assignees"]] == ["p-electrician", "u-lighting"]
    assert {line["by"]["id"] for line in seen(play, RESIDENT)["timeline"]} == {None}


def test_an_internal_note_is_not_for_the_reporter() -> None:
    play = in_progress().do(Act.NOTE, ELECTRICIAN, text="钥匙在物业", photos=["f-9"], internal=True)
    assert seen(play, DISPATCHER)["timeline"][-1]["text"] == "钥匙在物业"
    assert seen(play, RESIDENT)["timeline"][-1]["text"] is None
    assert "f-9" not in visible_photos(play.case, RESIDENT, Sight.OWN)
    assert "f-9" in visible_photos(play.case, RESIDENT, Sight.FULL)


def test_the_unit_that_a_case_is_about_never_learns_who_reported_it() -> None:
    play = registered(complained_unit_id="u-committee")
    own = caller("p-worker", "community_worker", scope="360704100002", unit="u-committee")
    assert sight(play.case, own) is Sight.NONE
    assert "p-xie" not in json.dumps(seen(play, own))
    assert seen(play, own)["acts"] == []
    assert seen(play, DISPATCHER)["reporter"]["id"] == "p-xie"


def test_who_of_that_unit_filed_for_somebody_is_not_shown_whom() -> None:
    own = replace(WORKER, unit="u-committee")
    told = {"person_id": "p-xie", "consent": True}
    play = opened(own, complained_unit_id="u-committee", on_behalf_of=told)
    assert (seen(play, own)["sight"], seen(play, own)["reporter"]) == ("own", None)
    assert seen(play, DISPATCHER)["reporter"]["id"] == "p-xie"


def test_who_of_that_unit_follows_the_case_is_not_told_how_to_reach_who_reported_it() -> None:
    play = joined()
    play.case = replace(play.case, complained_unit_id="u-committee")
    both = caller(NEIGHBOUR.id, "dispatcher", "inspector", scope="360704", unit="u-committee")
    assert code_of(role_that_is_told, play.case, both, "回访") == "reporter_confidential"
    assert code_of(role_that_corrects, play.case, both) == "not_permitted"


def test_minutes_and_requests_are_for_those_who_work_with_them() -> None:
    play = in_progress().do(Act.ASK_EXTEND, ELECTRICIAN).at("03-12 20:50").do(Act.LEAVE, ELECTRICIAN)
    assert seen(play, DISPATCHER)["minutes"] == {"p-electrician": 30}
    assert [one["act"] for one in seen(play, DISPATCHER)["requests"]] == ["ask_extend"]
    assert (seen(play, RESIDENT)["minutes"], seen(play, RESIDENT)["requests"]) == ({}, [])


def test_the_acts_that_are_open_to_a_caller_are_listed() -> None:
    assert seen(opened(), RESIDENT)["acts"] == ["answer", "note", "withdraw"]
    assert "register" in seen(opened(), DISPATCHER)["acts"]
    assert {"merge"} == {"merge", "join"} & set(seen(dispatched(), DISPATCHER)["acts"])
    assert seen(resolved(), INSPECTOR)["acts"] == ["inspect_pass", "note", "rework"]
    assert seen(accepted(), PARTY)["acts"] == []


def test_what_only_a_dispute_or_an_enquiry_can_see_is_offered_for_no_lamp() -> None:
    mediating = {"mediate", "meet", "settle"}
    assert not mediating & set(seen(accepted(), ELECTRICIAN)["acts"])
    assert mediating <= set(seen(accepted(category="0701"), ELECTRICIAN)["acts"])
    assert "answer_directly" not in seen(registered(), DISPATCHER)["acts"]
    assert "answer_directly" in seen(registered(category="1001"), DISPATCHER)["acts"]


def test_overdue_is_what_should_be_solved_and_is_not() -> None:
    for at, overdue in (("03-17 18:00", False), ("03-17 18:01", True)):
        assert seen(in_progress().at(at), DISPATCHER)["overdue"] is overdue
    assert seen(closed().at("04-17 18:01"), DISPATCHER)["overdue"] is False


@pytest.mark.parametrize("solved", ["03-13 18:30", "03-18 09:00"])
def test_what_is_solved_is_not_overdue_while_it_waits_for_its_inspection_however_late_it_was(solved: str) -> None:
    """Else the sums of the ledger, which ask for time that runs, would not be those of its lines."""
    play = in_progress().at(solved).do(Act.FEEDBACK, ELECTRICIAN)
    assert (play.case.status, seen(play.at("03-19 09:00"), DISPATCHER)["overdue"]) == (Status.RESOLVED, False)
    play.do(Act.REWORK, INSPECTOR, reason_code="not_solved")
    assert seen(play, DISPATCHER)["overdue"] is True


def test_the_timeline_has_every_act_with_what_it_told() -> None:
    view = seen(closed().do(Act.RATE, RESIDENT), DISPATCHER)
    assert [line["act"] for line in view["timeline"]] == [
        *("report", "register", "dispatch", "accept", "accept", "arrive", "feedback", "inspect_pass", "rate")
    ]
    assert view["timeline"][-1]["details"]["satisfaction"] == 4
    assert view["timeline"][6]["text"] == "已修好"


@pytest.mark.parametrize("role", ["dispatcher", "inspector", "community_worker", "auditor"])
def test_the_people_of_the_unit_that_a_case_is_about_see_nothing_of_it(role: str) -> None:
    about = replace(dispatched(text=TEXT).case, complained_unit_id="u-committee")
    assert sight(about, caller("p-own", role, scope="360704", unit="u-committee")) is Sight.NONE
    assert sight(about, caller("p-worker", role, scope="360704", unit="u-committee")) is Sight.NONE
    assert sight(about, caller("p-xie", role, scope="360704", unit="u-committee")) is Sight.OWN
    followed = replace(joined().case, complained_unit_id="u-committee")
    assert sight(followed, caller(NEIGHBOUR.id, role, scope="360704", unit="u-committee")) is Sight.OUTLINE
    assert sight(about, caller("p-own", role, scope="360704", unit="u-other")) > Sight.OUTLINE


def test_until_a_category_is_named_onlookers_see_an_outline() -> None:
    case = opened(category=None).case
    assert {sight(case, who) for who in (AUDITOR, PARTY, ADMIN, LEADER)} == {Sight.OUTLINE}
    assert {sight(case, who) for who in (DISPATCHER, INSPECTOR, WORKER)} == {Sight.FULL}


def test_who_filed_for_another_is_told_no_phone_but_the_one_that_he_gave() -> None:
    for phone, code in (({}, "nobody_to_ask"), ({"phone": PHONE}, None)):
        other = {"person_id": "p-xie", "callback": "voice", "consent": True, **phone}
        case = opened(DISPATCHER, on_behalf_of=other).case
        if code:
            assert code_of(role_that_is_told, case, DISPATCHER, "回访") == code
        else:
            assert role_that_is_told(case, DISPATCHER, "回访") == "dispatcher"
        assert role_that_is_told(case, INSPECTOR, "回访") == "inspector"


def test_the_people_of_the_unit_that_a_case_is_about_have_no_hand_in_it_but_complain_themselves() -> None:
    """Else whoever sits at the desk could strike the unit out of the case, and read who complained."""
    play = registered(complained_unit_id="u-committee")
    desk = replace(DISPATCHER, unit="u-committee")
    for act, fields in ((Act.CORRECT, {"complained_unit_id": None}), (Act.DISPATCH, {}), (Act.NOTE, {"text": "无"})):
        assert code_of(play.do, act, desk, **fields) == "out_of_scope"
    assert play.do(Act.NOTE, replace(RESIDENT, unit="u-committee"), text="仍未解决").case.version == 3
    own = opened(replace(RESIDENT, unit="u-committee"), complained_unit_id="u-committee")
    assert sight(own.case, replace(RESIDENT, unit="u-committee")) is Sight.OWN


def test_nobody_who_sees_an_outline_is_told_how_to_reach_who_reported_a_sensitive_matter() -> None:
    """A worker of the place calls who has no account (F56); of what is sensitive the desk does."""
    contact = {"name": "谢测009", "phone": PHONE, "callback": "visit", "consent": True}
    play = opened(OTHER_WORKER, on_behalf_of=contact, category="0801").do(Act.REGISTER, DISPATCHER, category="0801")
    assert sight(play.case, WORKER) is Sight.OUTLINE
    assert code_of(role_that_is_told, play.case, WORKER, "回访") == "not_permitted"
    assert role_that_is_told(play.case, DISPATCHER, "回访") == "dispatcher"


def test_where_a_sensitive_matter_came_up_before_is_told_to_nobody_who_sees_an_outline_of_it() -> None:
    earlier = Earlier("case-before", "360704-20260301-7K3F9Q", LAMP)
    case = replace(registered(category="0801").case, repeat=Repeat(2, (earlier,)))
    play = Play(case, registered().now)
    handling = replace(play, case=replace(case, assignment=Assignment((Assignee("p-worker", "person", lead=True),))))
    assert sight(handling.case, WORKER) is Sight.FULL
    told = seen(handling, WORKER)["repeat"]
    assert (told["count"], told["earlier"]) == (2, [])
    assert seen(play, DISPATCHER)["repeat"]["earlier"] == [{"case_id": "case-before", "number": earlier.number}]


def test_an_outline_tells_of_the_place_the_grid_alone_and_names_no_unit() -> None:
    play = registered(category="0801").do(Act.CORRECT, DISPATCHER, category="0802")
    unit = Assignment((Assignee("u-lighting", "unit", lead=True),))
    play.case = replace(play.case, assignment=unit)
    for who in (AUDITOR, ADMIN, PARTY, OTHER_WORKER):
        told = json.dumps(seen(play, who))
        assert seen(play, who)["sight"] == "outline"
        assert (GRID in told, "c-dongyuan" in told, "u-lighting" in told) == (True, False, False), who.id
        assert places_and_units(seen(play, who)) == ([GRID], [], [])
        assert listed(play.case, who, Sight.OUTLINE, play.now)["compound_id"] is None
    assert {"c-dongyuan", "u-lighting"} <= set(json.dumps(seen(play, DISPATCHER)).split('"'))

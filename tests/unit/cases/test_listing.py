"""Lists: what a caller asks for, within what the caller may see."""

from cases.showing.listing import Part, tenants, wanted
from tests.unit.cases.play import AT, CONTACT, DISPATCHER, GRID, RESIDENT, VOLUNTEER, WORKER, caller


def test_who_oversees_an_area_lists_it() -> None:
    assert wanted({}, DISPATCHER, AT).areas == ("360704",)
    assert wanted({}, WORKER, AT).areas == ("360704100002",)


def test_scopes_within_another_are_not_asked_twice() -> None:
    both = caller("p-both", "grid_worker", "dispatcher", scope=GRID)
    wide = caller("p-both", "dispatcher", scope="360704")
    joined = type(both)("p-both", (*both.grants, *wide.grants))
    assert wanted({}, joined, AT).areas == ("360704",)


def test_a_grid_narrows_a_list_and_never_widens_it() -> None:
    assert wanted({"grid": GRID}, DISPATCHER, AT).areas == (GRID,)
    assert wanted({"grid": "360704"}, WORKER, AT).areas == ("360704100002",)
    elsewhere = wanted({"grid": "360704100007"}, WORKER, AT)
    assert (elsewhere.areas, elsewhere.impossible) == ((), True)


def test_a_number_widens_no_list() -> None:
    number = "360704-20260312-7K3F9Q"
    desk, resident = wanted({"number": number}, DISPATCHER, AT), wanted({"number": number}, RESIDENT, AT)
    assert (desk.number, desk.areas, desk.own) == (number, ("360704",), None)
    assert (resident.number, resident.areas, resident.own) == (number, None, Part(("p-xie",), ("p-xie",)))


def test_who_oversees_nothing_lists_own_and_assigned_cases() -> None:
    assert wanted({}, RESIDENT, AT).own == Part(("p-xie",), ("p-xie",))
    assert wanted({}, CONTACT, AT).own == Part(("p-contact",), ("p-contact",), "u-lighting", (GRID,))


def test_a_desk_can_ask_for_its_own_cases_alone() -> None:
    mine = wanted({"reported_by": "me", "assignee": "me"}, DISPATCHER, AT)
    assert (mine.areas, mine.reported, mine.assigned) == (None, Part(("p-desk",)), Part(assigned=("p-desk",)))


def test_open_offers_are_listed_where_they_may_be_claimed() -> None:
    assert wanted({"offered": True}, VOLUNTEER, AT).offered_in == ("360704",)
    assert wanted({"offered": True}, RESIDENT, AT).impossible


def test_open_offers_about_the_own_unit_are_not_listed() -> None:
    assert wanted({"offered": True}, CONTACT, AT).not_about == "u-lighting"
    assert wanted({}, CONTACT, AT).not_about is None


def test_a_caller_finds_cases_of_own_districts_only() -> None:
    assert tenants(WORKER) == ("360704",)
    assert tenants(caller("p-province", "auditor", scope="36")) == ()
    assert wanted({}, caller("p-province", "auditor", scope=""), AT).impossible


def test_overdue_cases_are_those_whose_time_runs() -> None:
    late = wanted({"overdue": True}, DISPATCHER, AT)
    assert late.overdue_at == AT
    assert late.statuses
    assert not {"SUSPENDED", "RESOLVED", "CLOSED"} & set(late.statuses)
    assert wanted({"overdue": True, "status": "ACCEPTED"}, DISPATCHER, AT).statuses == ("ACCEPTED",)
    for rests in ("SUSPENDED", "RESOLVED", "CLOSED"):
        assert wanted({"overdue": True, "status": rests}, DISPATCHER, AT).statuses == (), rests

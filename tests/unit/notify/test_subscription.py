from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from chassis.errors import Refusal
from notify.events.subject import Subject
from notify.partners.subscription import LISTENING, MOVES, Interest, State, Subscription, in_force, next_state, wants

NOW = datetime(2026, 3, 12, tzinfo=UTC)

GRID = "360704100002001"
INTEREST = Interest(types=("case.dispatched", "case.closed"), grid_prefix="360704100002", unit="u-lighting")


def subject(
    type: str = "case.closed",
    *,
    grid: str | None = GRID,
    restricted: bool = False,
    complained: str | None = None,
    registered: bool = True,
) -> Subject:
    return Subject(type, grid, restricted, complained, registered)


def test_an_event_goes_to_who_asked_for_its_type_and_place() -> None:
    assert wants(INTEREST, subject())
    assert not wants(INTEREST, subject("case.noted"))
    assert not wants(INTEREST, subject(grid="360704100007001"))
    assert not wants(INTEREST, subject(grid=None))


def test_everything_is_every_type_and_still_only_the_own_place() -> None:
    everything = Interest(("case.*",), "360704100002", None)
    assert wants(everything, subject("case.noted"))
    assert not wants(everything, subject("case.noted", grid="360704100007001"))


def test_a_complaint_about_the_partner_never_reaches_it() -> None:
    assert not wants(INTEREST, subject(complained="u-lighting"))
    assert wants(INTEREST, subject(complained="u-other"))


def test_a_unit_hears_nothing_of_a_case_before_it_is_registered() -> None:
    assert not wants(INTEREST, subject(registered=False))
    assert wants(INTEREST, subject(registered=True))


def test_who_speaks_for_no_unit_hears_of_a_case_from_its_report_on() -> None:
    assert wants(Interest(("case.*",), "360704", None), subject("case.reported", registered=False))


def test_a_restricted_case_never_leaves() -> None:
    assert not wants(INTEREST, subject(restricted=True))
    assert not wants(Interest(("case.*",), "360704", None), subject(restricted=True))


def test_what_the_table_does_not_name_is_refused() -> None:
    for state, act in product(State, {act for _, act in MOVES}):
        if (state, act) in MOVES:
            assert next_state(state, act) is MOVES[state, act]
        else:
            with pytest.raises(Refusal) as refused:
                next_state(state, act)
            assert refused.value.code == "subscription_state"
            assert refused.value.details == {"act": act, "status": state.value}


def test_a_removed_subscription_stays_removed() -> None:
    assert not [act for state, act in MOVES if state is State.REMOVED]


def test_a_disabled_subscription_has_to_prove_itself_again() -> None:
    assert next_state(State.DISABLED, "resume") is State.PENDING
    assert State.DISABLED not in LISTENING


def test_categories_are_codes_or_their_beginnings() -> None:
    some = Interest(("case.*",), "360704", None, ("01", "0303"))
    codes = ("0101", "0199", "0303", "0304", "1001", None)
    assert [wants(some, replace(subject(), category=code)) for code in codes] == [True, True, True, False, False, False]


def test_a_unit_can_ask_for_the_cases_alone_in_which_it_takes_part() -> None:
    own = Interest(("case.*",), "360704", "u-lighting", participant="u-lighting")
    assert wants(own, replace(subject(), parties=frozenset({"u-lighting", "u-water"})))
    assert not wants(own, replace(subject(), parties=frozenset({"u-water"})))
    assert not wants(own, subject())
    assert not wants(own, replace(subject(complained="u-lighting"), parties=frozenset({"u-lighting"})))


def test_both_secrets_sign_until_the_old_one_is_over() -> None:
    plain = {"id": "s", "version": 1, "owner_id": "p", "owner_role": "unit_contact", "unit": None, "url": "https://x"}
    more = {"types": (), "grid_prefix": "", "state": State.ACTIVE, "created_at": NOW}
    rotated = Subscription(**plain, **more, secrets=("new", "old"), retiring_at=NOW + timedelta(hours=1))  # type: ignore[arg-type]
    assert in_force(rotated, NOW) == ("new", "old")
    assert in_force(rotated, NOW + timedelta(hours=1)) == ("new",)
    assert in_force(replace(rotated, secrets=("only",), retiring_at=None), NOW) == ("only",)


def test_a_new_address_is_verified_and_what_happens_meanwhile_is_kept() -> None:
    assert next_state(State.ACTIVE, "redirect") is State.VERIFYING
    assert next_state(State.PAUSED, "redirect") is State.VERIFYING
    assert next_state(State.VERIFYING, "activate") is State.ACTIVE
    assert State.VERIFYING in LISTENING
    assert next_state(State.PENDING, "redirect") is State.PENDING
    assert next_state(State.DISABLED, "redirect") is State.PENDING

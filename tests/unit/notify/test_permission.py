"""Every act with every role: who is not in the row is refused, and nobody reaches beyond a scope (domain.md §5)."""

import pytest

from chassis.caller import Caller, Grant
from chassis.errors import Refusal
from notify.permission import (
    PERMISSIONS,
    ROLES,
    Inboxes,
    audited,
    everywhere,
    inboxes,
    message_scopes,
    permit,
    permit_in,
    place,
)

DISTRICT, COMMUNITY, GRID, ELSEWHERE = "360704", "360704100002", "360704100002001", "360703"
EVERYBODY = set(ROLES)
OFFICE = {"dispatcher", "district_admin"}
PARTNERS = {"unit_contact", "district_admin"}

ALLOWED: dict[str, set[str]] = {
    **dict.fromkeys(("see_inbox", "mark_read", "see_preferences", "choose_preferences", "see_own_data"), EVERYBODY),
    **dict.fromkeys(("see_messages", "resend_messages"), OFFICE),
    **dict.fromkeys(("subscribe", "see_subscription", "change_subscription", "read_events"), PARTNERS),
    "count_call": OFFICE | {"community_worker"},
    "oversee_subscriptions": {"district_admin"},
    "see_audit_trail": {"auditor", "district_admin"},
    "see_templates": {"party_office", "district_admin", "auditor"},
    "change_templates": {"district_admin"},
    "change_templates_of_members": {"party_office", "district_admin"},
}


def of(role: str, scope: str = DISTRICT, unit: str | None = None) -> Caller:
    return Caller("p-1", (Grant(role, scope),), unit)


def test_the_table_has_no_row_that_is_not_tested() -> None:
    assert set(PERMISSIONS) == set(ALLOWED)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("act", ALLOWED)
def test_a_role_may_do_what_its_row_says_and_nothing_else(act: str, role: str) -> None:
    for who, asked in ((of(role), permit), (of(role), everywhere)):
        if role in ALLOWED[act]:
            asked(who, act)
        else:
            with pytest.raises(Refusal, match="not_permitted"):
                asked(who, act)
    if role in ALLOWED[act]:
        permit_in(of(role), act, [GRID])
        with pytest.raises(Refusal, match="not_permitted"):
            permit_in(of(role, ELSEWHERE), act, [GRID])


@pytest.mark.parametrize("role", sorted(ALLOWED["see_templates"]))
def test_what_holds_for_a_district_is_not_for_a_part_of_it(role: str) -> None:
    with pytest.raises(Refusal, match="not_permitted"):
        everywhere(of(role, COMMUNITY), "see_templates")


@pytest.mark.parametrize("role", ROLES)
def test_the_inbox_is_ones_own_and_that_of_a_unit_its_contacts(role: str) -> None:
    speaks = role == "unit_contact"
    assert inboxes(of(role, unit="u-1")) == (Inboxes(("p-1",), "u-1", (DISTRICT,)) if speaks else Inboxes(("p-1",)))
    assert inboxes(of(role)).unit is None
    with pytest.raises(Refusal, match="not_permitted"):
        inboxes(Caller("p-1", (), "u-1"))


@pytest.mark.parametrize("role", ROLES)
def test_the_trail_is_read_by_auditor_and_administrator_and_by_nobody_else(role: str) -> None:
    if role not in {"auditor", "district_admin"}:
        with pytest.raises(Refusal, match="not_permitted"):
            audited(of(role), None)
        return
    assert audited(of(role), None) == (DISTRICT,)
    assert audited(of(role), GRID) == (GRID,)
    assert audited(of(role, COMMUNITY), DISTRICT) == (COMMUNITY,)
    for who, code in ((of(role, ELSEWHERE), "out_of_scope"), (of(role, "36"), "not_permitted")):
        with pytest.raises(Refusal, match=code):
            audited(who, GRID)


@pytest.mark.parametrize("role", ROLES)
def test_a_subscription_is_opened_where_the_own_role_reaches(role: str) -> None:
    who = of(role, unit="u-1")
    if role not in PARTNERS:
        with pytest.raises(Refusal, match="not_permitted"):
            place(who, None)
        return
    assert place(who, None) == DISTRICT
    assert place(who, GRID) == GRID
    with pytest.raises(Refusal, match="out_of_scope"):
        place(who, ELSEWHERE)


def test_an_administrator_is_shown_no_message_about_a_sensitive_case() -> None:
    assert message_scopes(of("dispatcher"), "see_messages") == ([DISTRICT], [], None)
    assert message_scopes(of("district_admin", unit="u-1"), "see_messages") == ([], [DISTRICT], "u-1")

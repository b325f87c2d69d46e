"""Wrong passwords are put up with five times in a quarter of an hour; passwords are kept as argon2id."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chassis.errors import Refusal
from members.accounts import password
from members.accounts.account import (
    FROM_ONE_ADDRESS,
    WRONG_FACTORS,
    WRONG_FACTORS_OF_A_DAY,
    WRONG_PASSWORDS,
    Account,
    Limit,
    check_failures,
    closed,
    factor_limits,
    for_login,
    limits,
    logins,
    moved_to_phone,
    with_first_password,
    with_password,
)

NOW = datetime(2026, 3, 12, 11, 40, tzinfo=UTC)
OWN = Limit("place", FROM_ONE_ADDRESS)


def test_four_failures_are_put_up_with_and_a_fifth_is_not() -> None:
    failures = [NOW - timedelta(minutes=minutes) for minutes in (14, 10, 5, 1)]
    check_failures(failures, OWN, NOW)
    with pytest.raises(Refusal, match="too_many_sign_ins") as refusal:
        check_failures([*failures, NOW], OWN, NOW)
    assert refusal.value.details == {"retry_after": 60}


def test_failures_are_forgotten_after_a_quarter_of_an_hour() -> None:
    check_failures([NOW - timedelta(minutes=15)] * 9, OWN, NOW)


def test_wrong_second_factors_are_few_in_a_quarter_of_an_hour_and_in_a_day() -> None:
    day, quarter = factor_limits("quarter", "day")
    failures = [NOW - timedelta(minutes=20 * n) for n in reversed(range(WRONG_FACTORS_OF_A_DAY))]
    check_failures(failures[1:], day, NOW)
    check_failures(failures, quarter, NOW)
    with pytest.raises(Refusal, match="too_many_sign_ins") as refusal:
        check_failures(failures, day, NOW)
    assert refusal.value.details == {"retry_after": 86400 - 29 * 20 * 60}
    with pytest.raises(Refusal, match="too_many_sign_ins"):
        check_failures([NOW] * WRONG_FACTORS, quarter, NOW)


def test_only_strangers_are_counted_together() -> None:
    of_address = Limit("address", WRONG_PASSWORDS)
    given = ("login", "place", of_address)
    assert [limit.print for limit in limits(*given, familiar=False)] == ["place", "login", "address"]
    assert [limit.print for limit in limits(*given, familiar=True)] == ["place"]


def test_a_password_is_kept_as_argon2id_and_recognised() -> None:
    kept = password.hashed("correct horse")
    assert kept.startswith("$argon2id$")
    assert password.matches(kept, "correct horse")
    assert not password.matches(kept, "wrong horse")


def test_no_password_belongs_to_nobody() -> None:
    assert not password.matches(None, "the account that nobody has")


@pytest.mark.parametrize(
    ("new", "why"),
    [
        ("a" * 12, []),
        ("词" * 200, []),
        ("a" * 11, ["too_short"]),
        ("a" * 201, ["too_long"]),
        ("The.Long.Login", ["is_login"]),
        ("the one of now", ["is_current"]),
    ],
    ids=["shortest", "longest", "too-short", "too-long", "login", "current"],
)
def test_a_new_password_is_long_enough_and_neither_the_login_nor_the_one_of_now(new: str, why: list[str]) -> None:
    assert unfit(new, "the.long.login", "the one of now") == why


def test_all_that_is_wrong_with_a_password_is_said_at_once() -> None:
    assert unfit("desk", "desk", "desk") == ["too_short", "is_login", "is_current"]


def unfit(new: str, login: str, current: str) -> list[str]:
    try:
        password.check_fit(new, login, current)
    except Refusal as refused:
        return list(refused.details["why"]) if refused.code == "password_unfit" else [refused.code]
    return []


def test_of_several_accounts_with_a_password_the_one_that_is_signed_in_to_is_meant() -> None:
    first, second = (Account(id, "p-1", "360704", login=id, password_hash="x") for id in ("a-1", "a-2"))
    by_phone = Account("a-3", "p-1", "360704", phone_print="x")
    assert with_password([first, second, by_phone], "a-2") == second
    assert with_password([by_phone, first], "a-3") == first
    with pytest.raises(Refusal, match="no_password"):
        with_password([by_phone, closed(first)], "a-1")


def test_a_first_password_is_long_easily_copied_and_different_each_time() -> None:
    lowest, highest = password.first(0), password.first(password.FIRSTS - 1)
    assert (lowest, highest) == ("aaaa-aaaa-aaaa-aaaa", "9999-9999-9999-9999")
    spelled = {password.first(n * (password.FIRSTS // 997)) for n in range(997)}
    assert len(spelled) == 997
    assert not set("".join(spelled)) & set("01ilo")
    assert password.FIRSTS > 2**79


@pytest.mark.parametrize(
    ("new", "is_first", "code"),
    [
        (None, False, None),
        (None, True, "password_to_be_changed"),
        ("a long new password", True, None),
        ("short", True, "password_unfit"),
        ("a long new password", False, "no_first_password"),
    ],
    ids=["as-ever", "first", "replaced", "unfit", "not-first"],
)
def test_a_first_password_is_replaced_at_the_sign_in_and_no_other(
    new: str | None, is_first: bool, code: str | None
) -> None:
    expected = pytest.raises(Refusal, match=code) if code else nullcontext()
    with expected:
        password.check_renewal("desk", "the first one", new, is_first=is_first)


def test_a_login_is_opened_in_the_account_that_there_is() -> None:
    by_phone = Account("a-1", "p-1", "360704", phone_print="x")
    desk = with_first_password(by_phone, "desk", "hash")
    assert (desk.id, desk.phone_print, desk.login, desk.password_hash) == ("a-1", "x", "desk", "hash")
    assert desk.first_password
    assert for_login([closed(by_phone), by_phone]) == by_phone
    assert for_login([closed(desk)]) is None
    assert logins([by_phone, desk, closed(desk)]) == [desk]
    with pytest.raises(Refusal, match="login_open"):
        for_login([by_phone, desk])
    with pytest.raises(Refusal, match="no_login"):
        logins([by_phone, closed(desk)])


def test_one_of_somebodys_accounts_has_the_new_phone_and_none_a_former_one() -> None:
    first, second = (Account(f"a-{n}", "p-1", "360704", phone_print=f"phone {n}") for n in (1, 2))
    desk, gone = Account("a-3", "p-1", "360704", login="desk"), replace(closed(first), id="a-4")
    all_of_them = [desk, gone, first, second]
    assert moved_to_phone(all_of_them, "phone 3") == {
        first: replace(first, phone_print="phone 3"),
        second: replace(second, phone_print=None),
    }
    assert moved_to_phone(all_of_them, "phone 2") == {first: replace(first, phone_print=None)}
    assert moved_to_phone([first], "phone 1") == {}
    assert moved_to_phone([desk, gone], "phone 3") == {}


def test_a_damaged_hash_matches_nothing() -> None:
    assert not password.matches("no hash at all", "correct horse")

"""Codes by time as RFC 6238 has them, each good once, and recovery codes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from pyotp import TOTP

from chassis.errors import Refusal
from members.accounts import second_factor
from members.accounts.second_factor import RECOVERY_CODES, SecondFactor, is_left, mark, step_of, typed

RANDOM = b"12345678901234567890"
SECRET = second_factor.secret_of(RANDOM)
NOW = datetime(2026, 3, 12, 11, 40, 10, tzinfo=UTC)
STEP = int(NOW.timestamp()) // 30
KEY = b"a key for tests"


def code(at: datetime) -> str:
    return TOTP(SECRET).at(at)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_the_codes_are_those_of_rfc_6238_appendix_b(seconds: int, expected: str) -> None:
    assert step_of(SECRET, expected, datetime.fromtimestamp(seconds, UTC), 0) == seconds // 30


@pytest.mark.parametrize(
    ("seconds", "step"), [(-60, None), (-30, STEP - 1), (0, STEP), (30, STEP + 1), (60, None)], ids=str
)
def test_one_step_either_way_is_put_up_with(seconds: int, step: int | None) -> None:
    assert step_of(SECRET, code(NOW + timedelta(seconds=seconds)), NOW, 0) == step


def test_a_step_is_used_once_and_none_before_it() -> None:
    assert step_of(SECRET, code(NOW), NOW, STEP - 1) == STEP
    assert step_of(SECRET, code(NOW), NOW, STEP) is None
    assert step_of(SECRET, code(NOW - timedelta(seconds=30)), NOW, STEP) is None
    assert step_of(SECRET, code(NOW + timedelta(seconds=30)), NOW, STEP) == STEP + 1


@pytest.mark.parametrize("wrong", ["", "12345", "1234567", "abcdef", "七八九", "٠٠٠٠٠٠"], ids=range(6))
def test_what_is_no_code_is_wrong(wrong: str) -> None:
    assert step_of(SECRET, wrong, NOW, 0) is None


def test_blanks_and_other_digits_do_not_matter() -> None:
    plain = code(NOW)
    wide = "".join(chr(ord(each) + 0xFEE0) for each in plain)
    assert [step_of(SECRET, each, NOW, 0) for each in (f" {plain[:3]} {plain[3:]} ", wide)] == [STEP] * 2
    assert typed(" 7KQM-x3vd -a9tn") == "7kqmx3vda9tn"


def test_a_sign_in_has_passed_the_one_that_is_in_force_or_there_is_none() -> None:
    pending = SecondFactor("p-1", "sealed", (), NOW)
    passed = replace(pending, since=NOW, last_step=STEP)
    assert (second_factor.in_force(None), second_factor.in_force(pending)) == (None, None)
    now = second_factor.in_force(replace(passed, last_step=STEP + 1))
    for kept, code in ((None, None), (None, passed), (now, passed)):
        second_factor.check_passed(kept, code)
    for other in (None, replace(passed, id="p-2"), replace(passed, begun_at=NOW - timedelta(hours=1))):
        with pytest.raises(Refusal, match="second_factor_needed"):
            second_factor.check_passed(now, other)


def test_an_app_reads_from_the_address_what_the_codes_are_made_of() -> None:
    found = urlsplit(second_factor.uri(SECRET, "zhou.c"))
    assert (found.scheme, found.netloc, found.path) == ("otpauth", "totp", "/Sandan:zhou.c")
    assert {name: values[0] for name, values in parse_qs(found.query).items()} == {"secret": SECRET, "issuer": "Sandan"}


def test_recovery_codes_are_kept_as_marks_of_their_person_alone() -> None:
    codes = second_factor.recovery_codes(n * (second_factor.RECOVERIES // 11) for n in range(RECOVERY_CODES))
    assert len(set(codes)) == 10
    assert all(len(typed(each)) == 12 for each in codes)
    assert second_factor.RECOVERIES > 2**59
    marks = [mark(KEY, "p-1", each) for each in codes]
    assert is_left(marks, mark(KEY, "p-1", codes[9].upper().replace("-", " ")))
    assert not is_left(marks, mark(KEY, "p-2", codes[9]))
    assert not is_left(marks, mark(b"another key", "p-1", codes[9]))
    assert not is_left(marks[:9], marks[9])


def test_how_it_stands_says_nothing_of_its_secrets() -> None:
    pending = SecondFactor("p-1", "sealed", ("mark",) * 9, NOW)
    active = SecondFactor("p-1", "sealed", ("mark",) * 9, NOW, NOW, STEP)
    assert [second_factor.shown(each) for each in (None, pending, active)] == [
        {"state": "none", "since": None, "recovery_left": 0},
        {"state": "pending", "since": None, "recovery_left": 0},
        {"state": "active", "since": "2026-03-12T11:40:10Z", "recovery_left": 9},
    ]
    assert "sealed" not in repr(active)
    assert "mark" not in repr(active)

"""Preferences: each template has a kind, quiet hours defer in the person's zone, the digest gathers, the cap holds."""

from datetime import UTC, datetime, time, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.channels.port import DECLINABLE, ORDER
from notify.preferences.judging import AT_NIGHT, HOUR, MOST_AN_HOUR, NOW, Candidate, Verdict, verdict
from notify.preferences.kinds import KIND_OF, KINDS, Kind
from notify.preferences.preference import NIGHT, Preference, Quiet
from notify.wording.wording import templates

PLAIN, OWN = Candidate(Kind.ACTIVITY, mandatory=False, urgent=False), Candidate(Kind.OWN_CASE, True, False)
URGENT = Candidate(Kind.TASK, mandatory=True, urgent=True)
WISH = Preference("p-1")


def at(hour: int, minute: int = 0) -> datetime:
    """That time in Shanghai."""
    return datetime(2026, 3, 12, hour, minute, tzinfo=UTC) - timedelta(hours=8)


def test_every_template_of_a_notice_is_of_one_kind() -> None:
    assert templates() - {"digest", "one_time_code", "phone_changed"} == KIND_OF.keys()
    assert all(not one & other for one, other in combinations(KINDS.values(), 2))


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (at(21, 59), None),
        (at(22), at(7) + timedelta(days=1)),
        (at(23, 30), at(7) + timedelta(days=1)),
        (at(0), at(7)),
        (at(6, 59), at(7)),
        (at(7), None),
        (at(12), None),
    ],
)
def test_quiet_hours_defer_to_their_end(now: datetime, until: datetime | None) -> None:
    """F41: 22:00 to 07:00."""
    expected = NOW if until is None else Verdict(until, "quiet")
    assert verdict(PLAIN, WISH, 0, now) == expected
    assert verdict(OWN, WISH, 0, now) == expected


def test_quiet_hours_are_those_of_the_person_s_own_zone() -> None:
    abroad = Preference("p-1", zone="Europe/Berlin")
    assert verdict(PLAIN, abroad, 0, at(23)) == NOW
    assert verdict(PLAIN, abroad, 0, at(8)) == Verdict(datetime(2026, 3, 12, 6, tzinfo=UTC), "quiet")


def test_a_time_that_comes_twice_as_clocks_are_put_back_is_waited_for() -> None:
    """What is put off to a moment that is over would be looked at again and again until it is not."""
    abroad = Preference("p-1", "Europe/Berlin", Quiet(time(22), time(2, 30)), {}, frozenset({PLAIN.kind}), time(2, 30))
    first, second = datetime(2026, 10, 25, 0, 10, tzinfo=UTC), datetime(2026, 10, 25, 1, 10, tzinfo=UTC)  # 02:10
    ends = timedelta(minutes=20)
    for now in (first, second):
        assert abroad.quiet
        assert abroad.quiet.until(abroad.local(now)).astimezone(UTC) == now + ends  # type: ignore[union-attr]
        assert abroad.next_digest(now).astimezone(UTC) == now + ends
    assert abroad.next_digest(second + ends).astimezone(UTC) == second + ends + timedelta(days=1)


def test_quiet_hours_within_a_day_and_none_at_all() -> None:
    siesta = Preference("p-1", quiet=Quiet(time(12), time(14)))
    assert verdict(PLAIN, siesta, 0, at(13)) == Verdict(at(14), "quiet")
    assert verdict(PLAIN, siesta, 0, at(14)) == NOW
    assert verdict(PLAIN, Preference("p-1", quiet=None), 0, at(3)) == NOW


def test_an_emergency_passes_quiet_hours_digest_and_cap() -> None:
    wish = Preference("p-1", gathered=frozenset(Kind))
    assert verdict(URGENT, wish, MOST_AN_HOUR, at(3)) == NOW


def test_what_somebody_gathers_waits_for_the_next_digest() -> None:
    wish = Preference("p-1", gathered=frozenset({Kind.ACTIVITY}))
    assert verdict(PLAIN, wish, 0, at(17, 59)) == Verdict(at(18), "gathered", gathered=True)
    assert verdict(PLAIN, wish, 0, at(18)) == Verdict(at(18) + timedelta(days=1), "gathered", gathered=True)
    assert verdict(OWN, wish, 0, at(12)) == NOW


def test_more_than_the_cap_waits_and_what_one_has_to_hear_does_not() -> None:
    assert verdict(PLAIN, WISH, MOST_AN_HOUR - 1, at(12)) == NOW
    assert verdict(PLAIN, WISH, MOST_AN_HOUR, at(12)) == Verdict(at(13), "capped")
    assert verdict(OWN, WISH, MOST_AN_HOUR, at(12)) == NOW
    assert timedelta(hours=1) == HOUR


times = st.times().map(lambda each: each.replace(second=0, microsecond=0, tzinfo=None))


@given(
    times,
    times,
    st.timedeltas(timedelta(0), timedelta(days=365)),
    st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York"]),
)
def test_what_is_quiet_ends_within_a_day_and_is_quiet_no_more_then(
    begins: time, ends: time, passed: timedelta, zone: str
) -> None:
    wish = Preference("p-1", zone=zone, quiet=Quiet(begins, ends))
    now = datetime(2026, 1, 1, tzinfo=UTC) + passed
    found = verdict(PLAIN, wish, 0, now)
    if found.later is not None:
        assert now < found.later <= now + timedelta(hours=25)
        assert verdict(PLAIN, wish, 0, found.later) == NOW


def test_night_is_what_the_domain_says() -> None:
    assert (NIGHT.begins, NIGHT.ends) == (time(22), time(7))


@pytest.mark.parametrize(
    ("declined", "without"),
    [({"sms"}, {"sms"}), (set(DECLINABLE), set(ORDER)), (set(ORDER), set(ORDER)), (set(), set())],
)
def test_who_declines_all_that_can_be_declined_gets_nothing_by_the_console_either(
    declined: set[str], without: set[str]
) -> None:
    wish = Preference("p-1", declined={Kind.CALL: frozenset(declined)})
    assert wish.without(Kind.CALL) == without
    assert wish.without(Kind.TASK) == frozenset()


def test_changes_of_a_sign_in_wake_nobody_again_and_again() -> None:
    changed = Candidate(Kind.SIGN_IN, mandatory=True, urgent=True)
    assert verdict(changed, WISH, AT_NIGHT - 1, at(23)) == NOW
    assert verdict(changed, WISH, AT_NIGHT, at(23)).why == "quiet"
    assert verdict(changed, WISH, AT_NIGHT, at(12)) == NOW
    emergency = Candidate(Kind.CALL, mandatory=True, urgent=True)
    assert verdict(emergency, WISH, AT_NIGHT, at(23)) == NOW

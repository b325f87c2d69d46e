"""Which days people work, and what the holidays are called on which they do not."""

from datetime import date, timedelta

import pytest

from chassis.working_days import is_working_day, public_holiday


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2026-01-01", "元旦"),
        ("2026-02-17", "春节"),
        ("2026-04-05", "清明"),
        ("2026-05-01", "劳动节"),
        ("2026-06-19", "端午"),
        ("2026-09-25", "中秋"),
        ("2026-10-01", "国庆节"),
        ("2015-09-03", "中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日"),
        ("2026-03-12", None),
        ("2026-03-14", None),  # a weekend
        ("2026-02-14", None),  # a make-up day, on which people work
        ("2999-10-01", None),  # no calendar yet: a Tuesday like any other
    ],
)
def test_a_public_holiday_has_a_name(day: str, name: str | None) -> None:
    assert public_holiday(date.fromisoformat(day)) == name


def test_nobody_works_on_a_public_holiday() -> None:
    days = [date(2004, 1, 1) + timedelta(days=n) for n in range(23 * 365)]
    holidays = [day for day in days if public_holiday(day)]
    assert len(holidays) > 23 * 11
    assert not any(is_working_day(day)[0] for day in holidays)


def test_the_years_that_the_calendar_does_not_know_have_no_holiday_and_go_by_the_weekday() -> None:
    days = [date(2999, 1, 1) + timedelta(days=n) for n in range(365)]
    assert [is_working_day(day) for day in days] == [(day.weekday() < 5, True) for day in days]
    assert not any(map(public_holiday, days))

"""What the clock of cases rings for, notify has a row for, and no row waits for what never rings."""

from cases.alarm import Matter
from cases.level import Level
from cases.timer import Timer
from notify.notices.reminder import LEVELS, REMINDERS
from tests.unit.cases import play as stage

STAGES = (
    stage.opened,
    stage.verifying,
    stage.registered,
    stage.handed_back,
    stage.dispatched,
    stage.in_progress,
    stage.suspended,
    stage.resolved,
    stage.closed,
)


def test_every_alarm_that_rings_is_told_to_somebody() -> None:
    rung = {name for build in STAGES for _, name, _ in build().wait_until("06-30 18:00").alarms}
    assert rung == REMINDERS.keys()
    assert {name.partition(".")[0] for name in rung} == {each.value for each in (*Timer, *Matter)} - {
        "accept",
        "window",
    }


def test_every_level_means_somebody() -> None:
    assert set(LEVELS) == {level.value for level in Level}

"""Whom the clock's reminders are for, and what they say: the levels of an alarm, and its table."""

from collections.abc import Mapping
from dataclasses import dataclass

from notify.notices.audience import CaseEvent, To
from notify.notices.rule import Rule, result

REMINDED = "case.reminded"
"""What the clock tells of a case that does not get on; who hears of it depends on the alarm."""

LEVELS: Mapping[str, tuple[tuple[To, str | None], ...]] = {
    "grid": ((To.ASSIGNEES, None), (To.GRID_WORKERS, "unassigned")),
    "community": ((To.COMMUNITY_WORKERS, None), (To.DISPATCHERS, None)),
    "agency": ((To.AGENCY, None),),
    "district": ((To.OFFICE, None),),
}
"""Whom the level of a reminder means, each where a fact holds if one is named (docs/domain.md §2.2, Alarms)."""


@dataclass(frozen=True)
class Reminder:
    """What an alarm says to those whom its level means, and who else is told something because of it."""

    template: str
    also: tuple[Rule, ...] = ()


def _late(*also: To) -> Reminder:
    return Reminder("step_late", tuple(Rule(to, "step_late") for to in also))


REMINDERS: Mapping[str, Reminder] = {
    "resolve.50": Reminder("half_time"),
    "resolve.80": Reminder("nearly_due", (Rule(To.ASSIGNEES, "nearly_due"),)),
    "resolve.100": Reminder(
        "overdue",
        (Rule(To.ASSIGNEES, "overdue"), Rule(To.DISPATCHERS, "overdue"), Rule(To.OFFICE, "overdue")),
    ),
    "resolve.1wd": Reminder("still_overdue", (Rule(To.ASSIGNEES, "overdue"),)),
    "resolve.6wd": Reminder("still_overdue", (Rule(To.DISPATCHERS, "still_overdue"),)),
    "respond.80": Reminder("contact_please", (Rule(To.ASSIGNEES, "contact_please"),)),
    "respond.100": Reminder(
        "contact_late",
        (result("still_working"), Rule(To.DISPATCHERS, "contact_late"), Rule(To.OFFICE, "contact_late")),
    ),
    "silence.late": Reminder("silent", (Rule(To.DISPATCHERS, "silent", when="unassigned"),)),
    "silence.inspection": Reminder("to_inspect", (Rule(To.INSPECTORS, "to_inspect"),)),
    "review.due": Reminder("review_due"),
    "next.due": Reminder("nobody_has_it", (Rule(To.DISPATCHERS, "nobody_has_it"),)),
    "register.late": _late(To.DISPATCHERS),
    "verify.late": _late(),
    "dispatch.late": _late(To.DISPATCHERS),
    "inspect.late": _late(To.INSPECTORS),
    "callback.late": _late(To.DISPATCHERS),
    **dict.fromkeys(("register.later", "verify.later", "dispatch.later", "inspect.later"), _late()),
}
"""What the clock reminds people of, and who hears of it besides its level (docs/domain.md §2.2, F39)."""


def reminding(event: CaseEvent) -> tuple[Rule, ...]:
    """The rows for a reminder: whom its level means, and who else hears of it."""
    reminder = REMINDERS.get(event.facts.get("alarm", ""))
    meant = LEVELS.get(event.facts.get("level", ""), ())
    return (*(Rule(to, reminder.template, when=when) for to, when in meant), *reminder.also) if reminder else ()

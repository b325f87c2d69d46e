"""Who is told what of a summons: one table from event to notices."""

from collections.abc import Mapping

from notify.notices.audience import To
from notify.notices.rule import Reach, Rule


def _desk(to: To, template: str) -> Rule:
    return Rule(to, template, reach=Reach.INBOX)


SUMMONS: Mapping[str, tuple[Rule, ...]] = {
    "summons.asked": (Rule(To.DISPATCHERS, "summons_asked"), Rule(To.OFFICE, "summons_asked")),
    "summons.called": (
        Rule(To.UNITS, "summoned"),
        _desk(To.INITIATOR, "summons_granted"),
        Rule(To.OFFICE, "summons_led_by_office", when="office_leads"),
    ),
    "summons.declined": (Rule(To.INITIATOR, "summons_declined"),),
    "summons.acknowledged": (_desk(To.INITIATOR, "summons_acknowledged"),),
    "summons.reminded": (
        Rule(To.UNITS, "summons_unanswered", when="unanswered"),
        Rule(To.INITIATOR, "summons_due", when="overdue"),
    ),
    "summons.arrived": (_desk(To.UNITS, "summons_arrived"),),
    "summons.absent": (
        Rule(To.INITIATOR, "summons_absent"),
        Rule(To.UNITS, "summons_absent"),
        Rule(To.OFFICE, "summons_led_by_office", when="office_takes_over"),
    ),
    "summons.scored": (_desk(To.UNITS, "summons_scored"),),
}
"""Every message about a summons (docs/domain.md §2.2): to the units that the event concerns, who called, the office."""

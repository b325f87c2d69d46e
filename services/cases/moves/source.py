"""From which sources a report may come, by the role of who files it: one table, one guard."""

from collections.abc import Mapping

from cases.act import Attempt
from cases.case import Source
from cases.permission import ANYBODY, API_KEY, REPORTERS, WORKERS, Condition, holds
from chassis.errors import Refusal

OPEN_TO: Mapping[Source, tuple[str, ...]] = {
    Source.APP: (*REPORTERS, ANYBODY),
    Source.SNAP: tuple(role for role in REPORTERS if role != "resident"),
    Source.PATROL: ("rider", "volunteer", "in_service_member", *WORKERS, "dispatcher"),
    Source.PHONE: (*WORKERS, "dispatcher"),
    Source.SESSION: (*WORKERS, "dispatcher"),
    Source.HOTLINE: ("dispatcher",),
    Source.OPEN311: (API_KEY,),
}
"""Whose reports may name which source (docs/domain.md §5): the hotline's reach the desk, nobody else."""


def external_number_of_the_hotline(attempt: Attempt) -> None:
    """Refuses `external_number_not_expected`: only what the hotline transfers has a number of its own."""
    case = attempt.case
    if case.external_number is not None and case.source is not Source.HOTLINE:
        raise Refusal("external_number_not_expected", source=case.source.value)


def patrol_of_a_finding(attempt: Attempt) -> None:
    """Refuses `patrol_not_expected`: only what is found on patrol names one."""
    case = attempt.case
    if case.patrol_id is not None and case.source is not Source.PATROL:
        raise Refusal("patrol_not_expected", source=case.source.value)


def source_open_to_caller(attempt: Attempt) -> None:
    """Refuses `source_not_permitted`, whichever of the caller's roles the report is filed in."""
    source = attempt.case.source
    if not holds(Condition.DISTRICT, attempt.case, attempt.caller, OPEN_TO[source]):
        raise Refusal("source_not_permitted", source=source.value)

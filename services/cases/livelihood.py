"""The four kinds of livelihood issue: what is aimed at for each, and whether what is called urgent is urgent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cases.case import Case, Tag
from cases.category import Category, Severity
from cases.deadline import Term, due, term
from chassis.errors import Refusal
from chassis.instant import written

CONFIRMED, LOWERED = "confirmed", "lowered"

JUDGEMENTS = (CONFIRMED, LOWERED)
"""What a dispatcher may say of the tag `urgent` on a category that is not (F33)."""

URGENT = frozenset({Severity.EMERGENCY, Severity.URGENT})
"""Severities of categories on which the tag needs no word."""


@dataclass(frozen=True)
class Aim:
    """Within what a first answer and a solution are aimed at, both counted from the report."""

    respond: Term
    resolve: Term


AIMS: Mapping[Tag, Aim] = {
    Tag.URGENT: Aim(term("2h"), term("24h")),
    Tag.HARD: Aim(term("1wd"), term("10wd")),
    Tag.WORRYING: Aim(term("1wd"), term("5wd")),
    Tag.HOPED: Aim(term("2wd"), term("13wd")),
}
"""The table of docs/domain.md §2.3, livelihood issues."""


@dataclass(frozen=True)
class Target:
    """What is aimed at for one tag of a case, never later than the case's own deadlines; None where those are not set.

    `responded` and `resolved` say whether it was reached; None while that is open.
    """

    tag: Tag
    respond_due: datetime
    resolve_due: datetime
    responded: bool | None
    resolved: bool | None


def targets(case: Case, now: datetime) -> list[Target]:
    """The targets of a registered case's tags, beside its deadlines, which they never move."""
    dues, start = case.dues, case.rounds[-1].reopened_at if case.rounds else case.reported_at
    if dues.respond_due is None or dues.resolve_due is None:
        return []
    found = []
    for tag in (tag for tag in case.tags if tag in AIMS):
        respond_due = min(due(start, AIMS[tag].respond).at, dues.respond_due)
        resolve_due = min(due(start, AIMS[tag].resolve).at, dues.resolve_due)
        responded, resolved = (
            _reached(dues.responded_at, respond_due, now),
            _reached(dues.resolved_at, resolve_due, now),
        )
        found.append(Target(tag, respond_due, resolve_due, responded, resolved))
    return found


def shown(case: Case, now: datetime) -> list[dict[str, Any]]:
    """The targets as they are shown beside the deadlines."""
    return [
        {
            "tag": each.tag.value,
            "respond_due": written(each.respond_due),
            "resolve_due": written(each.resolve_due),
            "responded": each.responded,
            "resolved": each.resolved,
        }
        for each in targets(case, now)
    ]


def check_urgency(tags: Iterable[Tag], kind: Category, judgement: str | None) -> None:
    """Refuses `urgency_undecided`: called urgent on a category that is not, and nobody has said what holds.

    And `urgency_without_tag`: there is nothing to confirm or to lower.
    """
    tagged = Tag.URGENT in tags
    if judgement and not tagged:
        raise Refusal("urgency_without_tag", urgency=judgement)
    if tagged and kind.severity not in URGENT and not judgement:
        raise Refusal("urgency_undecided", category=kind.code, severity=kind.severity.value)


def judged(tags: Iterable[Tag], judgement: str | None) -> tuple[Tag, ...]:
    """The tags after the judgement: what is lowered is not urgent any more."""
    return tuple(tag for tag in tags if tag is not Tag.URGENT or judgement != LOWERED)


def _reached(at: datetime | None, by: datetime, now: datetime) -> bool | None:
    if at is None:
        return None if now <= by else False
    return at <= by

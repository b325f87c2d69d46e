"""A summons as its event tells of it and as one caller may see it."""

from collections.abc import Iterable, Mapping
from typing import Any

from cases.case import Case
from cases.rate import mean
from cases.showing.sight import Sight, sight
from cases.summons.acts import Change
from cases.summons.summons import Summoned, Summons
from chassis.caller import Caller
from chassis.instant import written, written_or_none
from chassis.privacy import masked_text


def told(change: Change, case: Case) -> dict[str, Any]:
    """What every event of a summons says: ids, codes and times; `unit_ids` are the units that it concerns."""
    summons = change.summons
    return {
        **_matter(case),
        "restricted": case.restricted,
        "complained_unit_id": case.complained_unit_id,
        **_standing(summons),
        "unit_ids": list(change.units),
        **change.data,
    }


def shown(summons: Summons, version: int, case: Case, caller: Caller, *, of_unit: bool) -> dict[str, Any]:
    """The summons as the caller sees it: a unit reads reason and score of itself alone, onlookers no words.

    Onlookers see no more than the outline of the case, which of the place has the grid alone, and of who sees to it
    nobody (docs/domain.md §5).
    """
    own = caller.unit if of_unit else None
    words = of_unit or caller.is_(summons.initiator_id) or sight(case, caller) > Sight.OUTLINE
    return {
        "summons_id": summons.id,
        "version": version,
        **_matter(case),
        "compound_id": case.place.compound_id if words else None,
        **_standing(summons),
        "lead_unit_id": summons.lead if words else None,
        "opened_at": written(summons.opened_at),
        "called_at": written_or_none(summons.called_at),
        "text": masked_text(summons.text) if summons.text and words else None,
        "units": [_unit(each, marks=own in {None, each.unit_id}) for each in summons.units if words],
        **({"mechanism_id": summons.mechanism_id} if summons.mechanism_id else {}),
    }


def scored(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The counts of each unit, with the mean of its scores to two decimals, None without any."""
    return [
        {
            **{name: row[name] for name in row if name != "points"},
            "mean_score": float(mean(row["points"], row["scored"])) if row["scored"] else None,
        }
        for row in rows
    ]


def _matter(case: Case) -> dict[str, Any]:
    return {
        "case_id": case.id,
        "number": case.number,
        "category": case.category,
        "severity": case.severity.value if case.severity else None,
        "grid_code": case.place.grid_code,
        "compound_id": case.place.compound_id,
    }


def _standing(summons: Summons) -> dict[str, Any]:
    return {
        "kind": summons.kind.value,
        "status": summons.stage.value,
        "due_on_site": written(summons.due_on_site),
        "lead_unit_id": summons.lead,
        "office_leads": summons.lead is None,
        "initiator_id": summons.initiator_id,
    }


def _unit(one: Summoned, *, marks: bool) -> dict[str, Any]:
    return {
        "unit_id": one.unit_id,
        "turnout": one.turnout.value,
        "acknowledged_at": written_or_none(one.acknowledged_at),
        "settled_at": written_or_none(one.settled_at),
        "reason_code": one.reason_code if marks else None,
        "reason": masked_text(one.reason) if one.reason and marks else None,
        "score": one.score if marks else None,
    }

"""Crews, plans and days served written as documents and read back."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from chassis.outbox import Document
from members.area import tenant_of
from members.rotation.crew import Crew
from members.rotation.plan import Change, Plan
from members.rotation.served import DayServed, Visit
from members.rotation.turn import DayPlan, Displaced, Order, Shortfall, Team, Term, Turn, Why


def from_crew(crew: Crew) -> Document:
    """The document of a crew."""
    return {
        "_id": crew.area,
        "tenant": tenant_of(crew.area),
        "since": crew.since.isoformat(),
        "teams": [{"id": team.id, "name": team.name, "people": team.people} for team in crew.teams],
    }


def crew(found: Mapping[str, Any]) -> Crew:
    """The crew that the document describes."""
    return Crew(found["_id"], date.fromisoformat(found["since"]), tuple(Team(**team) for team in found["teams"]))


def from_plan(plan: Plan) -> Document:
    """The document of a plan."""
    made = plan.made
    return {
        "_id": plan.id,
        "tenant": tenant_of(plan.area),
        "area": plan.area,
        "day": plan.day.isoformat(),
        "turns": [
            {**vars(turn), "why": turn.why.value, "terms": _terms(turn.terms), "case_ids": list(turn.case_ids)}
            for turn in made.turns
        ],
        "displaced": [{**vars(each), "why": each.why.value, "terms": _terms(each.terms)} for each in made.displaced],
        "shortfall": {**vars(made.shortfall), "compound_ids": list(made.shortfall.compound_ids)}
        if made.shortfall
        else None,
        "orders": [vars(order) for order in plan.orders],
        "changes": [vars(each) for each in plan.changes],
        "called_off": plan.called_off,
    }


def plan(found: Mapping[str, Any]) -> Plan:
    """The plan that the document describes."""
    day = date.fromisoformat(found["day"])
    turns = (
        Turn(**{**each, "why": Why(each["why"]), "terms": _read(each), "case_ids": tuple(each["case_ids"])})
        for each in found["turns"]
    )
    displaced = (Displaced(**{**each, "why": Why(each["why"]), "terms": _read(each)}) for each in found["displaced"])
    short = found["shortfall"]
    shortfall = Shortfall(**{**short, "compound_ids": tuple(short["compound_ids"])}) if short else None
    return Plan(
        found["area"],
        day,
        DayPlan(day, tuple(turns), tuple(displaced), shortfall),
        tuple(Order(**each) for each in found["orders"]),
        tuple(Change(**each) for each in found["changes"]),
        found["called_off"],
    )


def from_served(served: DayServed) -> Document:
    """The document of a day served."""
    return {
        "_id": served.id,
        "tenant": tenant_of(served.area),
        "area": served.area,
        "day": served.day.isoformat(),
        "visits": [{**vars(visit), "case_ids": list(visit.case_ids)} for visit in served.visits],
    }


def served(found: Mapping[str, Any]) -> DayServed:
    """The day served that the document describes."""
    visits = tuple(Visit(**{**visit, "case_ids": tuple(visit["case_ids"])}) for visit in found["visits"])
    return DayServed(found["_id"], found["area"], date.fromisoformat(found["day"]), visits)


def _terms(terms: tuple[Term, ...]) -> list[Document]:
    return [dict(vars(term)) for term in terms]


def _read(each: Mapping[str, Any]) -> tuple[Term, ...]:
    return tuple(Term(**term) for term in each["terms"])

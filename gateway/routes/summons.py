"""Summons: calling units to the spot, what each of them and the caller say, and how units turn out."""

from collections.abc import Callable
from typing import Any

from flask import Response, url_for
from marshmallow import Schema

from gateway.answers import answer, page, readable
from gateway.commands import command
from gateway.facade import ask
from gateway.identity import identity
from gateway.listing import continued, filters, position
from gateway.operations import Operations
from gateway.schemas.summons import (
    Summons,
    SummonsAbsence,
    SummonsAct,
    SummonsArrival,
    SummonsCall,
    SummonsExcuse,
    SummonsGrant,
    SummonsList,
    SummonsQuery,
    SummonsReceipt,
    SummonsScore,
    SummonsScores,
    SummonsScoresQuery,
)

VISIT = {
    "kind": "joint_enforcement",
    "units": ["u-housing-bureau", "u-power-co", "u-urban-mgmt"],
    "lead_unit_id": "u-housing-bureau",
    "due_on_site": "2026-03-13T15:00:00+08:00",
    "text": "请到东源胜景小区 3 栋门口集合。",
}

routes = Operations("summons", "Units that are called to the spot for a case (吹哨报到), and who came.")


@routes.does("/cases/<case_id>/summons", SummonsReceipt, status=201, takes=SummonsCall(), examples=VISIT)
def summon(body: dict[str, Any], case_id: str) -> Response:
    """Call units to the spot of a case.

    The case is registered and open. The unit that it complains of is never called. Half of the time later whoever has
    not acknowledged is reminded. Where no unit leads, or the one that does is absent, the office leads.
    """
    return _opened("summon", body, case_id)


@routes.does("/cases/<case_id>/ask-summons", SummonsReceipt, status=201, takes=SummonsCall(), examples=VISIT)
def ask_summons(body: dict[str, Any], case_id: str) -> Response:
    """Ask the office to call units; nobody is told before it does."""
    return _opened("ask_summons", body, case_id)


@routes.reads("/summons", SummonsList, query=SummonsQuery)
def list_summons(query: dict[str, Any]) -> Response:
    """The summons that the caller may see, newest first: those of the scope, and those that call the caller's unit."""
    found = ask().cases.list_summons(
        caller=identity().caller, filters=filters(query), after=position(query), limit=query["limit"]
    )
    return page(found, continued(found, query), query)


@routes.reads("/summons/scores", SummonsScores, query=SummonsScoresQuery)
def summons_scores(query: dict[str, Any]) -> Response:
    """How the units that were called in an area in a period turned out."""
    return readable(ask().cases.summons_scores(caller=identity().caller, **query))


@routes.reads("/summons/<summons_id>", Summons)
def one_summons(summons_id: str) -> Response:
    """One summons, as far as the caller may see it."""
    found = ask().cases.one_summons(caller=identity().caller, summons_id=summons_id)
    return readable(found, found["version"])


def _opened(act: str, body: dict[str, Any], case_id: str) -> Response:
    receipt = ask().cases.open_summons(**command(), case_id=case_id, act=act, **body)
    return answer(receipt, 201, {"Location": url_for("summons.one_summons", summons_id=receipt["summons_id"])})


def _moving(act: str, summary: str) -> Callable[..., Response]:
    def move(body: dict[str, Any], summons_id: str) -> Response:
        return answer(ask().cases.move_summons(**command(), summons_id=summons_id, act=act, fields=body))

    move.__name__, move.__doc__ = act, summary
    return move


MOVES: tuple[tuple[str, str, Schema, str, dict[str, Any] | None], ...] = (
    ("grant_summons", "grant", SummonsGrant(), "Call the units that were asked for, or others.", None),
    ("decline_summons", "decline", SummonsAct(), "Call nobody.", None),
    ("acknowledge_summons", "acknowledge", SummonsAct(), "The caller's unit will be there.", None),
    (
        "excuse_from_summons",
        "excuse",
        SummonsExcuse(),
        "The caller's unit cannot come, and says why.",
        {"reason_code": "no_capacity"},
    ),
    ("arrive_at_summons", "arrive", SummonsArrival(), "A unit has come.", {"unit_id": "u-power-co"}),
    (
        "miss_at_summons",
        "miss",
        SummonsAbsence(),
        "A unit is not there, once it is time.",
        {"unit_id": "u-urban-mgmt", "reason_code": "no_answer"},
    ),
    (
        "score_summons",
        "score",
        SummonsScore(),
        "Say how a unit did, whether it came or not; with the last score the summons has ended.",
        {"unit_id": "u-power-co", "score": 5},
    ),
)
"""Each act on a summons: its name, the last part of its path, what it takes, what it does, an example."""

for name, path, takes, does, example in MOVES:
    routes.does(f"/summons/<summons_id>/{path}", SummonsReceipt, takes=takes, examples=example)(_moving(name, does))

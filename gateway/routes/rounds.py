"""Door-knock rounds: the doors, the visits, and how much is done."""

from typing import Any

from flask import Response, url_for

from gateway.answers import answer, page, readable
from gateway.commands import command
from gateway.facade import ask
from gateway.identity import identity
from gateway.listing import continued, filters, position
from gateway.operations import Operations
from gateway.schemas import rounds as shapes
from gateway.sheets.exporting import FILES, Board, Source, exported, filters_of
from gateway.sheets.rounds import LISTS, listed, summed

ROUND = {
    "title": "东源胜景三月敲门行动",
    "addresses": [
        {"compound_id": "c-dongyuan", "building": "3号楼", "door": 1},
        {"compound_id": "c-dongyuan", "building": "3号楼", "door": 2},
    ],
}
VISIT = {
    "outcome": "visited",
    "at": "2026-03-12T19:40:00+08:00",
    "needs": [{"category": "0804", "text": "希望有人教用手机"}],
}

routes = Operations("rounds", "Door-knock rounds: which doors, who was met, and what is needed.")


@routes.does("/rounds", shapes.RoundReceipt, status=201, takes=shapes.NewRound(), examples=ROUND)
def open_round(body: dict[str, Any]) -> Response:
    """Open a round over a list of doors, at most 5,000.

    Every fault of the list is pointed at, and then nothing is opened.
    """
    receipt = ask().members.open_round(**command(), **body)
    return answer(receipt, 201, {"Location": url_for("rounds.round", round_id=receipt["round_id"])})


@routes.reads("/rounds", shapes.RoundList, query=shapes.RoundQuery)
def rounds(query: dict[str, Any]) -> Response:
    """The rounds in the caller's scopes, the newest first."""
    found = ask().members.rounds(
        caller=identity().caller, **filters(query), after=position(query), limit=query["limit"]
    )
    return page(found, continued(found, query), query)


@routes.reads("/rounds/form", shapes.FormView)
def visit_form() -> Response:
    """The fields of a visit, and what each is for; nothing else is asked at the door."""
    return readable(ask().members.visit_form())


@routes.reads("/rounds/<round_id>", shapes.RoundView)
def round(round_id: str) -> Response:
    """One round, and how its doors stand (check H7)."""
    return readable(ask().members.round(caller=identity().caller, round_id=round_id))


@routes.reads("/rounds/<round_id>/addresses", shapes.AddressList, query=shapes.AddressQuery)
def round_addresses(query: dict[str, Any], round_id: str) -> Response:
    """The doors of a round in the order of the list: all, or for example those that nobody has knocked at yet."""
    found = ask().members.round_addresses(
        caller=identity().caller,
        round_id=round_id,
        **filters(query),
        after=position(query) or 0,
        limit=query["limit"],
    )
    return page(found, continued(found, query), query)


@routes.operation("GET", "/rounds/<round_id>/export", None, query=shapes.RoundExportQuery, responses=FILES)
def export_round(query: dict[str, Any], round_id: str) -> Response:
    """The doors of a round as a file for an office program: all, or those that stand so.

    XLSX holds the sums too. No note and no words of a visit are in it. Headings and words are in the language of the
    request. No cell is ever a formula.
    """
    caller, chosen = identity().caller, filters_of(query)
    walked = ask().members.round(caller=caller, round_id=round_id)

    def read(_: str, after: Any, limit: int) -> dict[str, Any]:
        found = ask().members.round_addresses(caller=caller, round_id=round_id, **chosen, after=after or 0, limit=limit)
        return {**found, "area": walked["title"], "round": walked}

    source = Source("members", "round", walked["area"], round_id)
    return exported(Board(source, f"round-{round_id}", LISTS, read, listed, summed), query["format"], None)


@routes.does(
    "/rounds/<round_id>/addresses/<address_id>/visits",
    shapes.VisitReceipt,
    takes=shapes.NewVisit(),
    examples=VISIT,
)
def record_visit(body: dict[str, Any], round_id: str, address_id: str) -> Response:
    """Write down what came of a knock at a door.

    The `Idempotency-Key` is the key of the visit: a phone that was offline sends it as often as it likes. Each need
    becomes a demand under the same id. A door where nobody answered is tried a second time.
    """
    return answer(ask().members.record_visit(**command(), round_id=round_id, address_id=address_id, **body))


@routes.operation("GET", "/rounds/<round_id>/addresses/<address_id>/visits/<visit_id>/note", shapes.NoteView)
def visit_note(round_id: str, address_id: str, visit_id: str) -> Response:
    """The private note of a visit, for those who visit there."""
    told = ask().members.visit_note(
        caller=identity().caller, round_id=round_id, address_id=address_id, visit_id=visit_id
    )
    return answer(told, headers={"Cache-Control": "no-store"})


@routes.does("/rounds/<round_id>/close", shapes.RoundReceipt)
def close_round(round_id: str) -> Response:
    """The round is over: what is sent of it later is refused."""
    return answer(ask().members.close_round(**command(), round_id=round_id))

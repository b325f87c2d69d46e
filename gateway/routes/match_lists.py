"""The match lists: demands, resources, the projects that are made of both, and the board of an area."""

from typing import Any

from flask import Response, url_for

from gateway.answers import answer, page, readable
from gateway.commands import command
from gateway.facade import ask
from gateway.identity import identity
from gateway.listing import continued, filters, position
from gateway.operations import Operations
from gateway.schemas import match_list_views as views
from gateway.schemas import match_lists as shapes
from gateway.schemas.paging import PageQuery
from gateway.sheets.exporting import FILES, Board, Source, exported
from gateway.sheets.match_lists import listed, summed

STATION = {"lon": 115.0062, "lat": 25.8601}

DEMAND = {"text": "夜间充电不方便，希望驿站增设充电柜。", "category": "0901", "location": STATION}
VISIT = {
    "compound_id": "c-dongyuan",
    "asker": {"nickname": "王阿姨", "phone": "12000000009", "consent": True},
    "needs": [{"text": "希望有人教用手机。", "category": "0804"}, {"text": "想量血压。", "category": "0803"}],
}
RESOURCE = {
    "kind": "equipment",
    "text": "充电柜两台，可安装调试。",
    "serves": ["360704100007"],
    "categories": ["0901"],
    "capacity": 2,
}
PROJECT = {
    "title": "增设充电柜",
    "demands": ["0198c0de-7a10-7000-8000-0000000000d1"],
    "resources": ["0198c0de-7a10-7000-8000-0000000000e1"],
}

routes = Operations("match-lists", "What people ask for, what units and people offer, and the projects made of both.")


@routes.does("/demands", views.DemandReceipt, status=201, takes=shapes.DemandAsked(), examples=DEMAND)
def open_demand(body: dict[str, Any]) -> Response:
    """Ask for something, or write down what somebody else asks for.

    An identity number is taken nowhere: there is no field for one, and one that stands in the words is masked before
    it is kept. Staff who name no asker write down what a compound needs.
    """
    receipt = ask().cases.open_demand(**command(), **body)
    return answer(receipt, 201, {"Location": url_for("match-lists.demand", demand_id=receipt["demand_id"])})


@routes.reads("/demands", views.DemandList, query=PageQuery)
def own_demands(query: dict[str, Any]) -> Response:
    """What the caller asks for, or wrote down for others, newest first."""
    found = ask().cases.own_demands(caller=identity().caller, after=position(query), limit=query["limit"])
    return page(found, continued(found, query), query)


@routes.reads("/demands/<demand_id>", views.DemandView)
def demand(demand_id: str) -> Response:
    """One demand, as far as the caller may see it."""
    return readable(ask().cases.demand(caller=identity().caller, demand_id=demand_id))


@routes.reads("/demands/<demand_id>/matches", views.Matches, query=shapes.MatchQuery)
def matches_of_demand(query: dict[str, Any], demand_id: str) -> Response:
    """The resources that suit a demand best, with the reasons."""
    found = ask().cases.matches_of_demand(caller=identity().caller, demand_id=demand_id, limit=query["limit"])
    return readable(found)


@routes.does("/demands/<demand_id>/give-up", views.DemandReceipt, takes=shapes.Nothing())
def give_up_demand(body: dict[str, Any], demand_id: str) -> Response:
    """The asker does not need it any more."""
    return answer(ask().cases.give_up_demand(**command(), demand_id=demand_id))


@routes.does(
    "/demands/<demand_id>/unmet",
    views.DemandReceipt,
    takes=shapes.Unmet(),
    examples={"reason_code": "no_resource"},
)
def find_demand_unmet(body: dict[str, Any], demand_id: str) -> Response:
    """Nobody will meet it, for a reason; the asker is told."""
    return answer(ask().cases.find_demand_unmet(**command(), demand_id=demand_id, **body))


@routes.does(
    "/demands/<demand_id>/asker-contact",
    views.AskerContact,
    takes=shapes.AskerReveal(),
    examples={"reason": "电话告知充电柜已装好"},
)
def asker_contact(body: dict[str, Any], demand_id: str) -> Response:
    """How to reach who asks; who wanted to know and why is written down."""
    told = ask().cases.asker_contact(**command(), demand_id=demand_id, **body)
    return answer(told, headers={"Cache-Control": "no-store"})


@routes.does("/visits/<visit_id>/demands", views.DemandReceipt, status=201, takes=shapes.VisitNeeds(), examples=VISIT)
def open_demands_of_visit(body: dict[str, Any], visit_id: str) -> Response:
    """List each need that was stated at a visit, all or none.

    The visit is listed once, however often and with whichever key it is sent; other needs for the same visit are
    refused (`needs_already_listed`).
    """
    receipt = ask().cases.open_demands_of_visit(**command(), source_id=visit_id, **body)
    return answer(receipt, 201, {"Location": url_for("match-lists.demand", demand_id=receipt["demand_id"])})


@routes.does(
    "/resources", views.ResourceReceipt, status=201, takes=shapes.ResourceOffered(), examples=RESOURCE, errors=(409,)
)
def offer_resource(body: dict[str, Any]) -> Response:
    """Offer something: the contact of a unit for the unit, members and volunteers in person."""
    receipt = ask().cases.offer_resource(**command(), **body)
    return answer(receipt, 201, {"Location": url_for("match-lists.resource", resource_id=receipt["resource_id"])})


@routes.reads("/resources", views.ResourceList, query=PageQuery)
def own_resources(query: dict[str, Any]) -> Response:
    """What the caller or the caller's unit offers, newest first."""
    found = ask().cases.own_resources(caller=identity().caller, after=position(query), limit=query["limit"])
    return page(found, continued(found, query), query)


@routes.reads("/resources/<resource_id>", views.ResourceView)
def resource(resource_id: str) -> Response:
    """One resource, as far as the caller may see it."""
    return readable(ask().cases.resource(caller=identity().caller, resource_id=resource_id))


@routes.reads("/resources/<resource_id>/matches", views.Matches, query=shapes.MatchQuery)
def matches_of_resource(query: dict[str, Any], resource_id: str) -> Response:
    """The demands that a resource suits best, with the reasons."""
    found = ask().cases.matches_of_resource(caller=identity().caller, resource_id=resource_id, limit=query["limit"])
    return readable(found)


@routes.does(
    "/resources/<resource_id>/change",
    views.ResourceReceipt,
    takes=shapes.ResourceChange(),
    examples={"capacity": 3},
)
def change_resource(body: dict[str, Any], resource_id: str) -> Response:
    """Tell something anew of the own resource."""
    return answer(ask().cases.change_resource(**command(), resource_id=resource_id, **body))


@routes.does("/resources/<resource_id>/withdraw", views.ResourceReceipt, takes=shapes.Nothing())
def withdraw_resource(body: dict[str, Any], resource_id: str) -> Response:
    """Offer it no longer."""
    return answer(ask().cases.withdraw_resource(**command(), resource_id=resource_id))


@routes.does(
    "/projects", views.ProjectReceipt, status=201, takes=shapes.ProjectPlanned(), examples=PROJECT, errors=(409,)
)
def plan_project(body: dict[str, Any]) -> Response:
    """Make a project of demands, resources and cases.

    Its demands are matched and its resources reserved at the same instant, or nothing is: what somebody else took
    meanwhile is refused (`demand_taken`, `resource_taken`).
    """
    receipt = ask().cases.plan_project(**command(), **body)
    return answer(receipt, 201, {"Location": url_for("match-lists.project", project_id=receipt["project_id"])})


@routes.reads("/projects/<project_id>", views.ProjectView)
def project(project_id: str) -> Response:
    """One project."""
    return readable(ask().cases.project(caller=identity().caller, project_id=project_id))


@routes.does("/projects/<project_id>/start", views.ProjectReceipt, takes=shapes.Nothing())
def start_project(body: dict[str, Any], project_id: str) -> Response:
    """The work on it has begun."""
    return answer(ask().cases.move_project(**command(), project_id=project_id, act="start"))


@routes.does("/projects/<project_id>/complete", views.ProjectReceipt, takes=shapes.Nothing())
def complete_project(body: dict[str, Any], project_id: str) -> Response:
    """It is done: its demands are met, its resources used, and everybody who asked is told."""
    return answer(ask().cases.move_project(**command(), project_id=project_id, act="complete"))


@routes.does(
    "/projects/<project_id>/cancel",
    views.ProjectReceipt,
    takes=shapes.Cancel(),
    examples={"reason_code": "funds"},
)
def cancel_project(body: dict[str, Any], project_id: str) -> Response:
    """It is given up: its demands are open again, and its resources free."""
    return answer(ask().cases.move_project(**command(), project_id=project_id, act="cancel", **body))


@routes.reads("/match-lists/<area>", views.MatchList, query=shapes.MatchListQuery)
def match_list(query: dict[str, Any], area: str) -> Response:
    """The board of an area: the sums of its demands, resources and projects, and a page of one list, newest first.

    An area is a grid code of 15 digits, or its first 6 (district), 9 (town) or 12 (community). A resource or a project
    stands where all that it serves or is about lies: what spans several parts is counted under the area itself, so the
    parts add up to the totals. The sums count all of the area, whatever the list is filtered by.
    """
    asked = filters(query)
    which = asked.pop("list")
    found = ask().cases.match_list(
        caller=identity().caller, area=area, list=which, filters=asked, after=position(query), limit=query["limit"]
    )
    return page(found, continued(found, query), query)


@routes.operation("GET", "/match-lists/<area>/export", None, query=shapes.MatchListExportQuery, responses=FILES)
def export_match_list(query: dict[str, Any], area: str) -> Response:
    """The board of an area as a file for an office program.

    XLSX holds the sums and the lists, each on a sheet of its own; CSV holds one list. At most 10,000 lines of a list.
    Headings and words are in the language of the request. No cell is ever a formula.
    """

    def read(name: str, after: Any, limit: int) -> dict[str, Any]:
        found: dict[str, Any] = ask().cases.match_list(
            caller=identity().caller, area=area, list=name, after=after, limit=limit
        )
        return found

    board = Board(Source("cases", "match_lists", area), f"match-lists-{area}", shapes.LISTS, read, listed, summed)
    return exported(board, query["format"], query.get("list"))

"""Cases: reporting, reading, and one path for each act, generated from one table."""

from collections.abc import Callable
from typing import Any

from flask import Response, url_for

from gateway.acts import ACTS, Act
from gateway.answers import answer, page, readable
from gateway.commands import command, if_version
from gateway.facade import ask
from gateway.identity import identity, leave_unnamed, shown_identity
from gateway.listing import continued, filters, position
from gateway.operations import EITHER_WAY, IDEMPOTENCY_KEY, IF_MATCH, Operations
from gateway.routes.anonymous_reports import reported
from gateway.schemas.case_views import CaseList, CaseView, Receipt, ReporterContact
from gateway.schemas.cases import CaseQuery, CategoryQuery, ContactCorrection, Report, Reveal
from gateway.schemas.categories import Categories
from gateway.schemas.duplicates import Duplicates
from gateway.schemas.proposals import Proposal
from gateway.schemas.tracking import ReportReceipt

LAMP = {
    "text": "东源胜景小区3栋旁路灯不亮，老人晚上出门不方便。",
    "photos": ["0198c0de-7a10-7000-8000-000000000001"],
    "location": {"lon": 115.0058, "lat": 25.8672},
    "tags": ["elderly"],
}

routes = Operations("cases", "Reports, where each stands, and everything that is done about them.")


@routes.does("/cases", ReportReceipt, status=201, also=200, takes=Report(), examples=LAMP)
def report(body: dict[str, Any]) -> Response:
    """Report a problem.

    The system is not an emergency service: in danger call 110, 119 or 120 first. What the hotline transfers a second
    time under its own number opens nothing: the answer is then 200, with the first receipt and `arrived_before`. An
    anonymous report is followed by the link in the answer, which is shown this once.
    """
    if body.get("anonymous"):
        leave_unnamed()
    receipt = ask().cases.report(**command(), **body)
    status = 200 if receipt.get("arrived_before") else 201
    return reported(receipt, status, {"Location": url_for("cases.case", case_id=receipt["case_id"])})


@routes.reads("/cases", CaseList, query=CaseQuery)
def cases(query: dict[str, Any]) -> Response:
    """The cases that the caller may see, newest first.

    With `order=priority` the open cases of the caller's area, what presses most first: emergencies before urgent and
    normal cases, of these first what weighs on old people, children or people with disabilities, then what is due next.
    """
    found = ask().cases.cases(
        caller=identity().caller, filters=filters(query), after=position(query), limit=query["limit"]
    )
    return page(found, continued(found, query), query)


@routes.reads("/cases/<case_id>", CaseView)
def case(case_id: str) -> Response:
    """One case, as far as the caller may see it."""
    found = ask().cases.case(caller=identity().caller, case_id=case_id)
    return readable(found, found["version"])


@routes.reads("/cases/<case_id>/proposal", Proposal, errors=(422,))
def proposal(case_id: str) -> Response:
    """Who could take the case, and why."""
    return readable(ask().cases.proposal(caller=identity().caller, case_id=case_id))


@routes.reads("/cases/<case_id>/duplicates", Duplicates)
def duplicates(case_id: str) -> Response:
    """Open cases that may be about the same thing.

    At most ten, best first: reported within 14 days of it in the same compound, or in the same grid within 200 m, of
    the same category unless one of them has none yet. To merge them say `POST /v1/cases/{case_id}/merge`.
    """
    return readable(ask().cases.duplicates(caller=identity().caller, case_id=case_id))


@routes.reads(
    "/categories", Categories, query=CategoryQuery, public=True, security=EITHER_WAY, errors=(401, 404, 503, 504)
)
def categories(query: dict[str, Any]) -> Response:
    """The categories of reports, with their times.

    Who is signed in gets those of the own district, unless another or a version is named.
    """
    who = shown_identity()
    known = {"caller": who.caller} if who else {}
    return readable(ask().cases.categories(**query, **known))


@routes.does(
    "/cases/<case_id>/reporter-contact",
    ReporterContact,
    takes=Reveal(),
    examples={"reason": "电话核实具体位置"},
)
def reveal_contact(body: dict[str, Any], case_id: str) -> Response:
    """How to reach the reporter, for whoever handles the case or gives a reason.

    Who asked and why is written down. A person who reports for themselves is named only in part.
    """
    told = ask().cases.reporter_contact(**command(), case_id=case_id, **body)
    return answer(told, headers={"Cache-Control": "no-store"})


@routes.does(
    "/cases/<case_id>/correct-contact",
    Receipt,
    takes=ContactCorrection(),
    examples={"phone": "12000000001"},
)
def correct_contact(body: dict[str, Any], case_id: str) -> Response:
    """Put right the name, phone or way that was left with the case to reach the reporter; the old ones are not kept."""
    return answer(ask().cases.correct_contact(**command(), case_id=case_id, **body))


def view_of(act: Act) -> Callable[..., Response]:
    """The view that performs an act."""

    def perform(body: dict[str, Any], case_id: str) -> Response:
        version = if_version()
        meant = {} if version is None else {"if_version": version}
        return answer(ask().cases.move(**command(), case_id=case_id, act=act.name, fields=body, **meant))

    perform.__name__ = f"{act.name}_case"
    perform.__doc__ = act.summary
    return perform


for each in ACTS:
    routes.does(
        f"/cases/<case_id>/{each.path}",
        Receipt,
        takes=each.takes,
        examples=each.example,
        headers=(IDEMPOTENCY_KEY, IF_MATCH),
    )(view_of(each))

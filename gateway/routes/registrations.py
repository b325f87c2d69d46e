"""Dual registration (双报到): units and their members, each registered with a community."""

from typing import Any

from flask import Response, url_for

from gateway.answers import answer, page, readable
from gateway.commands import command
from gateway.facade import ask
from gateway.identity import identity
from gateway.listing import continued, filters, position
from gateway.operations import Operations
from gateway.schemas.registrations import (
    FeedbackQuery,
    MemberForm,
    RateQuery,
    RegistrationEnded,
    RegistrationExportQuery,
    RegistrationList,
    RegistrationQuery,
    RegistrationRate,
    RegistrationReceipt,
    RegistrationRefused,
    RegistrationShown,
    TransferForm,
    UnitFeedback,
    UnitForm,
)
from gateway.sheets.exporting import FILES, Board, Source, exported
from gateway.sheets.registrations import LISTS, listed, summed

UNIT = {
    "unit_id": "u-housing-bureau",
    "community": "360704100002",
    "agreement": "每季度到社区开展一次房屋安全咨询。",
    "resources": ["房屋安全咨询", "会议室"],
    "posts": ["governance", "legal"],
}
MEMBER = {"community": "360704100007", "posts": ["safety"]}

routes = Operations("registrations", "Dual registration of units and their members with communities.")


@routes.does("/registrations/units", RegistrationReceipt, status=201, takes=UnitForm(), examples=UNIT, errors=(409,))
def submit_unit_registration(body: dict[str, Any]) -> Response:
    """Submit the registration of a unit's Party organisation with a community."""
    return _submitted(ask().members.submit_unit_registration(**command(), **body))


@routes.does(
    "/registrations/members", RegistrationReceipt, status=201, takes=MemberForm(), examples=MEMBER, errors=(409,)
)
def submit_member_registration(body: dict[str, Any]) -> Response:
    """Submit the registration of a member in service.

    It is the community of the home unless another is named, and where the home is not known that of the unit.
    """
    return _submitted(ask().members.submit_member_registration(**command(), **body))


@routes.reads("/registrations", RegistrationList, query=RegistrationQuery, errors=(404,))
def registrations(query: dict[str, Any]) -> Response:
    """Registrations, the newest first: the caller's own, those of a unit, or those of an area."""
    found = ask().members.registrations(
        caller=identity().caller, filters=filters(query), after=position(query), limit=query["limit"]
    )
    return page(found, continued(found, query), query)


@routes.reads("/registrations/<registration_id>", RegistrationShown)
def registration(registration_id: str) -> Response:
    """One registration, with the number on its acceptance slip."""
    return readable(ask().members.registration(caller=identity().caller, registration_id=registration_id))


@routes.does("/registrations/<registration_id>/accept", RegistrationReceipt, errors=(409,))
def accept_registration(registration_id: str) -> Response:
    """Accept it: the acceptance slip is issued, and the registration holds from today on.

    Where it replaces another one, that one ends today.
    """
    return answer(ask().members.accept_registration(**command(), registration_id=registration_id))


@routes.does(
    "/registrations/<registration_id>/refuse",
    RegistrationReceipt,
    takes=RegistrationRefused(),
    examples={"reason_code": "other_community"},
    errors=(409,),
)
def refuse_registration(body: dict[str, Any], registration_id: str) -> Response:
    """Refuse it for a reason."""
    return answer(ask().members.refuse_registration(**command(), registration_id=registration_id, **body))


@routes.does("/registrations/<registration_id>/return-slip", RegistrationReceipt, errors=(409,))
def return_slip(registration_id: str) -> Response:
    """Note that the unit has the slip back."""
    return answer(ask().members.return_slip(**command(), registration_id=registration_id))


@routes.does(
    "/registrations/<registration_id>/end",
    RegistrationReceipt,
    takes=RegistrationEnded(),
    examples={"reason_code": "moved"},
    errors=(409,),
)
def end_registration(body: dict[str, Any], registration_id: str) -> Response:
    """End it today, for a reason."""
    return answer(ask().members.end_registration(**command(), registration_id=registration_id, **body))


@routes.does(
    "/registrations/<registration_id>/transfer",
    RegistrationReceipt,
    status=201,
    takes=TransferForm(),
    examples={"community": "360704100003"},
    errors=(409,),
)
def transfer_registration(body: dict[str, Any], registration_id: str) -> Response:
    """Register with another community instead; what holds now ends once the other one has accepted."""
    return _submitted(ask().members.transfer_registration(**command(), registration_id=registration_id, **body))


@routes.reads("/units/<unit_id>/registration-rate", RegistrationRate, query=RateQuery)
def registration_rate(query: dict[str, Any], unit_id: str) -> Response:
    """How many of a unit's members in service are registered, and how many of these have served this year."""
    return readable(ask().members.registration_rate(caller=identity().caller, unit_id=unit_id, **query))


@routes.reads("/units/<unit_id>/feedback", UnitFeedback, query=FeedbackQuery)
def unit_feedback(query: dict[str, Any], unit_id: str) -> Response:
    """What the employer is told of a quarter: sums, and nothing of anybody in particular."""
    return readable(ask().members.unit_feedback(caller=identity().caller, unit_id=unit_id, **query))


@routes.operation("GET", "/units/<unit_id>/registrations/export", None, query=RegistrationExportQuery, responses=FILES)
def export_registrations(query: dict[str, Any], unit_id: str) -> Response:
    """The registrations of a unit and its members as a file for an office program, people masked.

    XLSX holds how far the unit has come besides. No cell is ever a formula.
    """
    caller = identity().caller
    rate = ask().members.registration_rate(caller=caller, unit_id=unit_id)

    def lines(_: str, after: Any, limit: int) -> dict[str, Any]:
        found = ask().members.registrations(caller=caller, filters={"unit_id": unit_id}, after=after, limit=limit)
        names = {item["unit_id"]: item["unit_name"] for item in found["items"] if item["unit_name"]}
        return {**rate, **found, "area": unit_id, "names": names}

    source = Source("members", "registrations", id=unit_id)
    return exported(Board(source, f"registrations-{unit_id}", LISTS, lines, listed, summed), query["format"], None)


def _submitted(receipt: dict[str, Any]) -> Response:
    where = url_for("registrations.registration", registration_id=receipt["registration_id"])
    return answer(receipt, 201, {"Location": where})

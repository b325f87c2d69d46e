"""Volunteer hours: the legal records of services, who approves and corrects them, and the ledger of minutes."""

from typing import Any

from flask import Response

from gateway.answers import answer, page, readable
from gateway.commands import command
from gateway.facade import ask
from gateway.identity import identity
from gateway.listing import continued, filters, position
from gateway.operations import Operations
from gateway.schemas.hours import (
    Approved,
    Correction,
    CorrectionWanted,
    DrawnUp,
    HoursQuery,
    HoursView,
    LedgerPage,
    LedgerQuery,
    RecordList,
    RecordQuery,
    RecordReason,
    RecordReceipt,
    RecordsToApprove,
    RecordView,
)

STAYED = {
    "stints": [{"begins": "2026-03-12T09:02:00+08:00", "ends": "2026-03-12T11:05:00+08:00"}],
    "reason": "签退时间有误",
}

routes = Operations("hours", "What volunteers served, and what it counts in whole minutes.")


@routes.does("/activities/<activity_id>/service-records", DrawnUp, errors=(404, 409))
def draw_up_hours(activity_id: str) -> Response:
    """Draw up the records of everybody who came to an activity that is over, as its organiser or the office.

    Whoever did not check out is `unverified`: it counts nothing unless the organiser says within seven days when it
    was. Drawn up again, records that nobody has decided on say what is known by now. Staff have no volunteer hours.
    """
    return answer(ask().members.draw_up_hours(**command(), activity_id=activity_id))


@routes.does(
    "/service-records/approve",
    Approved,
    takes=RecordsToApprove(),
    examples={"record_ids": ["2f6c1e"]},
    errors=(404, 409),
)
def approve_hours(body: dict[str, Any]) -> Response:
    """Let records count, as the organiser or the office; nobody approves their own.

    What counts is worked out over all of a person's services of a day: overlaps once, at most eight hours.
    """
    return answer(ask().members.approve_hours(**command(), **body))


@routes.does(
    "/service-records/<record_id>/refuse",
    RecordReceipt,
    takes=RecordReason(),
    examples={"reason": "未到场"},
    errors=(404, 409),
)
def refuse_hours(body: dict[str, Any], record_id: str) -> Response:
    """Let a record not count, and say why."""
    return answer(ask().members.refuse_hours(**command(), record_id=record_id, **body))


@routes.does(
    "/service-records/<record_id>/ask-correction",
    RecordReceipt,
    takes=CorrectionWanted(),
    examples={"text": "我十一点才离开"},
    errors=(404, 409),
)
def ask_hours_correction(body: dict[str, Any], record_id: str) -> Response:
    """Ask for a correction of an own record.

    One that counts is open again until it is decided, and its certificates do not stand any more.
    """
    return answer(ask().members.ask_hours_correction(**command(), record_id=record_id, **body))


@routes.does(
    "/service-records/<record_id>/correct",
    RecordReceipt,
    takes=Correction(),
    examples=STAYED,
    errors=(404, 409),
)
def correct_hours(body: dict[str, Any], record_id: str) -> Response:
    """Correct the times of a record: what was wrong is taken back in the ledger, and entered anew with the reason."""
    return answer(ask().members.correct_hours(**command(), record_id=record_id, **body))


@routes.does(
    "/service-records/<record_id>/keep",
    RecordReceipt,
    takes=RecordReason(),
    examples={"reason": "记录无误"},
    errors=(404, 409),
)
def keep_hours(body: dict[str, Any], record_id: str) -> Response:
    """Leave a record as it is whose correction was asked for, and say why."""
    return answer(ask().members.keep_hours(**command(), record_id=record_id, **body))


@routes.reads("/service-records", RecordList, query=RecordQuery, errors=(404,))
def service_records(query: dict[str, Any]) -> Response:
    """Records, the latest day first: of an activity, of an area, or the caller's own."""
    found = ask().members.service_records(
        caller=identity().caller, **filters(query), after=position(query), limit=query["limit"]
    )
    return page(found, continued(found, query), query)


@routes.reads("/service-records/<record_id>", RecordView)
def service_record(record_id: str) -> Response:
    """One record."""
    return readable(ask().members.service_record(caller=identity().caller, record_id=record_id))


@routes.reads("/hours", HoursView, query=HoursQuery)
def hours(query: dict[str, Any]) -> Response:
    """What somebody's ledger comes to, with the star that is theirs or offered."""
    return readable(ask().members.hours(caller=identity().caller, **query))


@routes.reads("/hours/ledger", LedgerPage, query=LedgerQuery)
def hours_ledger(query: dict[str, Any]) -> Response:
    """The rows of somebody's ledger, the latest day first; none ever changes."""
    found = ask().members.hours_ledger(
        caller=identity().caller, **filters(query), after=position(query), limit=query["limit"]
    )
    return page(found, continued(found, query), query)

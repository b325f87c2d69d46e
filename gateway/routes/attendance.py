"""Attendance: checking in and out by the code of the day, scans sent later, and the organiser's list."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

import segno
from flask import Response

from gateway.answers import answer, page, readable
from gateway.commands import command, keyed
from gateway.facade import ask
from gateway.identity import identity
from gateway.listing import continued, position
from gateway.operations import Operations
from gateway.problem_answers import refusal_of_line
from gateway.schemas import attendance as shapes

SVG = "image/svg+xml"
DRAWING = {"200": {"description": "The QR code.", "content": {SVG: {"schema": {"type": "string"}}}}}
MODULE_PIXELS, QUIET_MODULES = 8, 4
"""How large a module of the QR code is drawn, and how many are left white around it (ISO/IEC 18004 §5.3.8)."""

SCAN = {"code": "M1.0198a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b.20260319.u3TqzH1n0bJcVx2YwK4e"}
KEPT = {
    "scans": [
        {
            "scan_id": "6f1c2d3e-0001",
            "activity_id": "0198a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b",
            "act": "in",
            **SCAN,
            "scanned_at": "2026-03-19T09:02:00+08:00",
        }
    ]
}
LINES = {"lines": [{"line_id": "1", "person_id": "p-1", "act": "out", "at": "2026-03-19T10:55:00+08:00"}]}

routes = Operations("attendance", "Who comes to an activity and goes.")


@routes.does("/activities/<activity_id>/check-in", shapes.ScanReceipt, takes=shapes.Scan(), examples=SCAN)
def check_in(body: dict[str, Any], activity_id: str) -> Response:
    """Check in by the code of the day.

    From an hour before the beginning until the end. A service day also takes people who have not signed up, and notes
    it; they are asked for the same age and skills as those who sign up. The same scan, by its `Idempotency-Key`, counts
    once.
    """
    return answer(ask().members.scan_muster_code(**command(), activity_id=activity_id, act="in", **body))


@routes.does("/activities/<activity_id>/check-out", shapes.ScanReceipt, takes=shapes.Scan(), examples=SCAN)
def check_out(body: dict[str, Any], activity_id: str) -> Response:
    """Check out by the code of the day, until two hours after the end.

    Without a check-out the planned end is presumed, until the organiser has said otherwise.
    """
    return answer(ask().members.scan_muster_code(**command(), activity_id=activity_id, act="out", **body))


@routes.does("/attendance/scans", shapes.CountedScans, takes=shapes.KeptScans(), examples=KEPT, headers=())
def upload_scans(body: dict[str, Any]) -> Response:
    """Send scans that a phone kept while it had no network, at most 72 hours old.

    Each is answered by itself, with its receipt or its problem: one that is wrong loses no other. A scan counts once,
    however often it is sent, also if it was sent by itself before with its `scan_id` as the `Idempotency-Key`; all of
    them together need no key.
    """
    told = ask().members.upload_scans(caller=identity().caller, items=_lines(body["scans"], "scan_id"))
    return answer({"items": _answered(body["scans"], told["items"], "scan_id")})


@routes.does(
    "/activities/<activity_id>/attendance",
    shapes.CountedLines,
    takes=shapes.AttendanceLines(),
    examples=LINES,
    headers=(),
)
def list_attendance(body: dict[str, Any], activity_id: str) -> Response:
    """Check people in or out by the organiser's list.

    Each line is answered by itself. After the end, a check-out says when somebody went of whom nobody knew; that is
    possible for seven days. Nobody enters the own attendance. Each line has a key of its own, its `line_id`.
    """
    told = ask().members.list_attendance(
        caller=identity().caller, activity_id=activity_id, items=_lines(body["lines"], "line_id")
    )
    return answer({"items": _answered(body["lines"], told["items"], "line_id")})


@routes.reads("/activities/<activity_id>/attendance", shapes.AttendanceList, query=shapes.AttendanceQuery)
def attendance_of(query: dict[str, Any], activity_id: str) -> Response:
    """Who came to an activity, for who organises it."""
    found = ask().members.attendance_of(
        caller=identity().caller, activity_id=activity_id, after=position(query), limit=query["limit"]
    )
    return page(found, continued(found, query), query)


@routes.reads("/attendance", shapes.OwnAttendance, query=shapes.AttendanceQuery)
def own_attendance(query: dict[str, Any]) -> Response:
    """Where the caller came, the latest first."""
    found = ask().members.own_attendance(caller=identity().caller, after=position(query), limit=query["limit"])
    return page(found, continued(found, query), query)


@routes.reads("/activities/<activity_id>/muster-code", shapes.MusterCode, errors=(409,))
def muster_code(activity_id: str) -> Response:
    """The code of the day, for who organises: good for this activity on this day alone."""
    return readable(ask().members.muster_code(caller=identity().caller, activity_id=activity_id))


@routes.operation("GET", "/activities/<activity_id>/muster-code/svg", None, responses=DRAWING, errors=(409,))
def muster_code_drawn(activity_id: str) -> Response:
    """The code of the day as a QR code to be shown or printed at the muster point."""
    told = ask().members.muster_code(caller=identity().caller, activity_id=activity_id)
    return Response(drawn(told["code"]), headers={"Cache-Control": "no-store"}, content_type=SVG)


def drawn(code: str) -> bytes:
    """The code as a QR code in SVG, which is still read with a seventh of it dirty (level M)."""
    out = BytesIO()
    segno.make_qr(code, error="m").save(out, kind="svg", scale=MODULE_PIXELS, border=QUIET_MODULES, light="#fff")
    return out.getvalue()


def _lines(lines: Sequence[Mapping[str, Any]], name: str) -> list[dict[str, Any]]:
    return [
        {"command_id": keyed(line[name]), **{field: value for field, value in line.items() if field != name}}
        for line in lines
    ]


def _answered(lines: Sequence[Mapping[str, Any]], told: Sequence[Mapping[str, Any]], name: str) -> list[dict[str, Any]]:
    return [
        {name: line[name], "receipt": each["receipt"]}
        if "receipt" in each
        else {name: line[name], "problem": refusal_of_line(each["refusal"])}
        for line, each in zip(lines, told, strict=True)
    ]

"""Intake sessions: typed in, or imported from a spreadsheet; kept whole or not at all."""

from collections.abc import Mapping
from typing import Any

from flask import Response, url_for

from chassis.errors import Refusal
from gateway.answers import answer, page, readable
from gateway.commands import command
from gateway.facade import ask
from gateway.identity import identity
from gateway.listing import continued, position
from gateway.operations import IDEMPOTENCY_KEY, Operations
from gateway.schemas import intake_sessions as shapes
from gateway.sheets.intake_sessions import Sheet, sheet
from gateway.sheets.reading import from_csv, from_xlsx
from gateway.sheets.receiving import BODY, CSV, Readers, by_lines, received
from gateway.sheets.spreadsheet import XLSX

READERS: Readers = {XLSX: from_xlsx, CSV: from_csv}

TALK = {
    "kind": "evening_talk",
    "area": "360704100002",
    "compound_id": "c-dongyuan",
    "held_at": "2026-03-12T19:00:00+08:00",
    "attendance": 23,
    "attendees": [{"name": "谢测009", "phone": "12000000009", "consent": True}],
    "items": [
        {"text": "3栋旁路灯不亮。", "category": "0101", "tags": ["elderly"]},
        {"form": "need", "text": "希望有人教用手机。", "category": "0804"},
    ],
}

routes = Operations("intake-sessions", "Evening talks, forums, home visits and registers, each with all that came up.")


@routes.does("/intake-sessions", shapes.IntakeSessionReceipt, status=201, takes=shapes.IntakeSession(), examples=TALK)
def open_intake_session(body: dict[str, Any]) -> Response:
    """Keep a session with everything that came up: each item opens a case or a need.

    All of it is kept, or nothing: `errors` then names every fault of every item. For each new case the open ones that
    may be about the same thing are offered for a merge.
    """
    return _kept(ask().cases.open_intake_session(**command(), **body))


@routes.asks("/intake-sessions/check", shapes.IntakeSessionCheck, takes=shapes.IntakeSession(), examples=TALK)
def check_intake_session(body: dict[str, Any]) -> Response:
    """What would become of a session, and nothing is kept."""
    return answer(ask().cases.check_intake_session(caller=identity().caller, **body))


@routes.operation(
    "POST",
    "/intake-sessions/import",
    shapes.SheetReport,
    status=201,
    also=200,
    query=shapes.SheetQuery,
    headers=(IDEMPOTENCY_KEY,),
    requestBody=BODY,
    errors=(411, 413, 415, 422),
)
def import_intake_session(query: dict[str, Any]) -> Response:
    """Keep a session whose items are the lines of a spreadsheet: XLSX or CSV, up to 500 lines, as the raw body.

    The first line holds the headings: 内容 (text, needed), 类型 (form: 案件 or 需求), 类别 (category: code or name),
    网格 (grid_code), 小区 (compound, by its name), 小区编号 (compound_id), 经度 (lon), 纬度 (lat), 标签 (tags),
    姓名 (name), 电话 (phone), 同意留电话 (consent: 是 or 否), 被反映单位 (complained_unit_id), 外部编号
    (external_number), 有效期至 (until). The answer reports line by line. One wrong line and nothing is kept: `errors`
    then names each fault by line and column. With `check=true` it is only looked at.
    """
    session = {name: value for name, value in query.items() if name != "check"}
    table = received(READERS)
    known = sheet(table)
    body = {**session, "items": known.items()}
    try:
        if query.get("check"):
            found = ask().cases.check_intake_session(caller=identity().caller, **body)
            return answer({"items": _lines(found, known)})
        receipt = ask().cases.open_intake_session(**command(), **body)
    except Refusal as refused:
        raise by_lines(refused, known) from None
    return _kept({**receipt, "items": _lines(receipt, known)})


@routes.reads("/intake-sessions", shapes.IntakeSessionList, query=shapes.SessionQuery)
def intake_sessions(query: dict[str, Any]) -> Response:
    """The sessions of an area, those held last first."""
    found = ask().cases.intake_sessions_of(
        caller=identity().caller, area=query["area"], after=position(query), limit=query["limit"]
    )
    return page(found, continued(found, query), query)


@routes.reads("/intake-sessions/<session_id>", shapes.IntakeSessionView)
def intake_session(session_id: str) -> Response:
    """One session, and where each of its items stands."""
    found = ask().cases.intake_session(caller=identity().caller, session_id=session_id)
    return readable(found, found["version"])


@routes.does(
    "/intake-sessions/<session_id>/attendee-contacts",
    shapes.AttendeeContacts,
    takes=shapes.AttendeesAsked(),
    examples={"reason": "电话告知办理进展"},
)
def reveal_attendees(body: dict[str, Any], session_id: str) -> Response:
    """How to reach those who left a phone and have no account.

    Who asked and why is written down; the host needs no reason.
    """
    told = ask().cases.attendee_contacts(**command(), session_id=session_id, **body)
    return answer(told, headers={"Cache-Control": "no-store"})


def _kept(receipt: Mapping[str, Any]) -> Response:
    where = url_for("intake-sessions.intake_session", session_id=receipt["session_id"])
    return answer(receipt, 201, {"Location": where})


def _lines(found: Mapping[str, Any], known: Sheet) -> list[dict[str, Any]]:
    return [{"line": row.line, **item} for row, item in zip(known.table.rows, found["items"], strict=True)]

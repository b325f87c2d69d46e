"""Reporting without an account: the photos first, then the report; nothing is kept of who it is."""

from typing import Any

from flask import Response, request

from gateway.answers import NOT_KEPT, address_of, answer
from gateway.commands import anybodys_command_id
from gateway.facade import ask
from gateway.operations import BINARY, IDEMPOTENCY_KEY, Operations
from gateway.routes.photos import MEDIA_TYPES, photo_bytes, received
from gateway.schemas.photos import PhotoKept
from gateway.schemas.tracking import AnonymousReport, ReportReceipt

LAMP = {
    "text": "东源胜景小区3栋旁路灯不亮，老人晚上出门不方便。",
    "location": {"lon": 115.0058, "lat": 25.8672},
}


routes = Operations("anonymous_reports", "Reporting without an account, anonymously.")


@routes.does(
    "/anonymous-reports",
    ReportReceipt,
    status=201,
    located=False,
    takes=AnonymousReport(),
    examples=LAMP,
    public=True,
    errors=(409, 422, 503, 504),
)
def report_anonymously(body: dict[str, Any]) -> Response:
    """Report a problem without an account; nothing is kept of who it was, and nobody can be called back.

    The answer has a link, this once, by which whoever has it follows the report and answers what is asked. An
    `Idempotency-Key` should be a random one: whoever sends the same is taken for the same. The system is not an
    emergency service: in danger call 110, 119 or 120 first.
    """
    return reported(ask().cases.report_by_anybody(command_id=anybodys_command_id(), **body))


@routes.operation(
    "POST",
    "/anonymous-photos",
    PhotoKept,
    status=201,
    located=False,
    headers=(IDEMPOTENCY_KEY,),
    requestBody={"required": True, "content": dict.fromkeys(MEDIA_TYPES, BINARY)},
    public=True,
    errors=(411, 413, 415, 422, 503, 504),
)
def upload_anonymously() -> Response:
    """Keep a photo for a report without an account: JPEG, PNG or WebP, up to 10 MiB, as the raw body.

    It may have 15 megapixels, a WebP 3.75. While too many are sent at once, 503 says after how many seconds to send it
    again. Its metadata is removed. Whoever knows its id may name it in a report, once; nobody can fetch it before.
    """
    with received() as (file, length):
        ticket = ask().cases.anybodys_photo_ticket(command_id=anybodys_command_id())["ticket"]
        kept = photo_bytes().keep(ticket, file, length, request.mimetype)
    return answer(kept, 201)


def reported(receipt: dict[str, Any], status: int = 201, headers: dict[str, str] | None = None) -> Response:
    """The receipt of a report; of an anonymous one with the link that leads to it, which nobody keeps."""
    if "tracking_token" not in receipt:
        return answer(receipt, status, headers)
    token = receipt["tracking_token"]
    shown = {name: value for name, value in receipt.items() if name != "tracking_token"}
    url = address_of("tracking.tracked_report", token=token) if token else ""
    tracking = {"token": token, "url": url} if token else None
    return answer({**shown, "tracking": tracking}, status, {**(headers or {}), **NOT_KEPT})

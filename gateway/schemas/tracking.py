"""Anonymous reports: filed without an account, and followed by a link."""

from typing import Any

from marshmallow import Schema, fields, pre_load

from gateway.schemas.case_views import Open, Receipt
from gateway.schemas.cases import WhatHappened
from gateway.schemas.fields import Strict, shown_instant, text
from gateway.schemas.ledgers import InBoth


class TrackingLink(Schema):
    """By which an anonymous report is followed, by whoever has it."""

    token = fields.String(required=True)
    url = fields.String(required=True, metadata={"format": "uri"})


class ReportReceipt(Receipt):
    """What became of a report; of an anonymous one with the link by which it is followed."""

    tracking = fields.Nested(
        TrackingLink,
        allow_none=True,
        metadata={
            "description": "Of an anonymous report alone, and shown this once: null where the command is repeated. It "
            "is kept nowhere, so nobody can tell it again."
        },
    )


class AnonymousReport(WhatHappened):
    """What happened and where: a text or photos, and a point, a grid, a compound or an asset."""


class LinkAnswer(Strict):
    """What is answered to what was asked."""

    text = text(required=True)


class WrittenAnswer(LinkAnswer):
    """The same as a form sends it."""

    @pre_load
    def _end_lines(self, data: Any, **_: Any) -> Any:
        """A form ends its lines with two characters (HTML, "multiline normalization"), a text with one."""
        return {name: value.replace("\r\n", "\n") for name, value in data.items()}


class Standing(Open):
    """Where something stands."""

    number = fields.String(required=True)
    status = fields.String(required=True)
    resolve_due = shown_instant(required=True, allow_none=True)
    resolved_at = shown_instant(required=True, allow_none=True)
    closed_at = shown_instant(required=True, allow_none=True)
    overdue = fields.Boolean(required=True)


class TrackedLine(Open):
    """One thing that happened; `text` where something was said to who reported: what was asked, found or answered."""

    act = fields.String(required=True)
    at = shown_instant(required=True)
    status = fields.String(required=True)
    text = fields.String(required=True, allow_none=True)


class TrackedReport(Standing):
    """What anybody reads who has the link: no persons, no point, no photos, and not the words of the report."""

    category = fields.String(required=True, allow_none=True)
    category_name = fields.Nested(InBoth, required=True, allow_none=True)
    grid_code = fields.String(required=True)
    reported_at = shown_instant(required=True)
    respond_due = shown_instant(required=True, allow_none=True)
    questions = fields.List(
        fields.Nested(TrackedLine), required=True, metadata={"description": "What was asked and waits for an answer."}
    )
    timeline = fields.List(fields.Nested(TrackedLine), required=True)
    merged_into = fields.Nested(
        Standing,
        required=True,
        allow_none=True,
        metadata={"description": "How the case stands that this report was merged into."},
    )
    acts = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "What can be done by it now: `answer` or nothing."},
    )


class LinkReceipt(Open):
    """What an answer did: the same again for the same command."""

    number = fields.String(required=True)
    version = fields.Integer(required=True)
    status = fields.String(required=True)
    act = fields.String(required=True)
    at = shown_instant(required=True)

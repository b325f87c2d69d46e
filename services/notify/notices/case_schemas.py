"""The shape of the events of cases, of which only these fields matter here."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, post_load

from chassis.event import Event, heard
from notify.notices.audience import Assignee, CaseEvent
from notify.reading import ActorSchema, AssigneeSchema, Partial

_FACTS = (
    "number",
    "source",
    "category",
    "severity",
    "grid_code",
    "compound_id",
    "respond_due",
    "resolve_due",
    "accept_due",
    "review_on",
    "rate_until",
    "office_decides",
    "asks_next",
    "target_number",
    "reports",
    "solved",
    "satisfaction",
    "alarm",
    "level",
    "repeat",
    "suggestion",
    "callback",
    "follower_callbacks",
    "due_on_site",
    "office_leads",
    "office_takes_over",
    "overdue",
    "restricted",
    "complained_unit_id",
    "unanswered",
    "score",
)


class AcceptingSchema(AssigneeSchema):
    """The same, and whether they have accepted."""

    accepted = fields.Boolean(load_default=False)

    @post_load
    def _assignee(self, data: dict[str, Any], **_: Any) -> Assignee:
        return Assignee(**data)


class CaseEventSchema(Partial):
    """What notices need of an event of a case."""

    case_id = fields.String(required=True)
    number = fields.String(required=True)
    grid_code = fields.String(load_default=None, allow_none=True)
    reporter_id = fields.String(load_default=None, allow_none=True)
    by = fields.Nested(ActorSchema, load_default=None, allow_none=True)
    complained_unit_id = fields.String(load_default=None, allow_none=True)
    assignees = fields.List(fields.Nested(AcceptingSchema), load_default=list)
    relieved = fields.List(fields.String(), load_default=list)
    followers = fields.List(fields.String(), load_default=list)
    reason_code = fields.String(load_default=None, allow_none=True)
    unit_ids = fields.List(fields.String(), load_default=list)
    initiator_id = fields.String(load_default=None, allow_none=True)


_CASE_EVENT = CaseEventSchema()
"""Making a schema costs as much as using it, and it keeps nothing of what it has read."""


def case_event(event: Event) -> CaseEvent:
    """What notices need of the event; raises `Malformed`, for trying again would not help."""
    data = heard(_CASE_EVENT, event.data)
    return CaseEvent(
        id=event.id,
        type=event.type,
        at=event.time,
        case_id=data["case_id"],
        number=data["number"],
        grid_code=data["grid_code"],
        reporter_id=data["reporter_id"],
        by_id=(data["by"] or {}).get("id"),
        complained_unit_id=data["complained_unit_id"],
        assignees=tuple(data["assignees"]),
        relieved=tuple(data["relieved"]),
        followers=tuple(data["followers"]),
        units=tuple(data["unit_ids"]),
        initiator_id=data["initiator_id"],
        facts=_facts(event, data),
    )


def _facts(event: Event, data: Mapping[str, Any]) -> dict[str, Any]:
    facts = {name: event.data[name] for name in _FACTS if event.data.get(name) is not None}
    facts["unit_ids"] = data["unit_ids"] or [one.id for one in data["assignees"] if one.kind == "unit"]
    facts["unassigned"] = not data["assignees"]
    if "alarm" in facts:
        facts["step"] = facts["alarm"].partition(".")[0]
    if data["reason_code"]:
        facts["reason"] = data["reason_code"]
    return facts

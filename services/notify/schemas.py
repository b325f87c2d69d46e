"""The shapes of what comes in: arguments of requests, other services' answers, and the fields of their events."""

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validate

from chassis.event import Event, Malformed
from notify.audience import Assignee, Audience, CaseEvent
from notify.logged_event import LoggedEvent
from notify.notice import NOTICES, SILENT
from notify.outside import Contact
from notify.reminder import REMINDED
from notify.subscription import EVERYTHING
from notify.target import LENGTH

SHORT = validate.Length(min=1, max=100)
ID = validate.Length(min=1, max=300)
EVENT_TYPES = (EVERYTHING, *NOTICES, REMINDED, *SILENT)

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
    "unanswered",
    "score",
)


class InboxSchema(Schema):
    """A page of the inbox; `after` is the `next` of the page before."""

    after = fields.String(load_default=None, allow_none=True, validate=ID)
    limit = fields.Integer(load_default=20, validate=validate.Range(1, 100))


class NoticeIdSchema(Schema):
    """One notice."""

    notice_id = fields.String(required=True, validate=ID)


class CodeSchema(Schema):
    """A one-time code on its way to a phone."""

    phone = fields.String(required=True, validate=validate.Regexp(r"\d{11}\Z"))
    code = fields.String(required=True, validate=validate.Regexp(r"\d{4,8}\Z"))
    expires_at = fields.AwareDateTime(required=True, format="iso", default_timezone=None)


class SubscribeSchema(Schema):
    """What a partner asks to be told, and where."""

    url = fields.String(required=True, validate=validate.Length(min=1, max=LENGTH))
    types = fields.List(
        fields.String(validate=validate.OneOf(EVENT_TYPES)),
        required=True,
        validate=validate.Length(min=1, max=len(EVENT_TYPES)),
    )
    grid_prefix = fields.String(load_default=None, allow_none=True, validate=validate.Regexp(r"\d{6,15}\Z"))


class SubscriptionIdSchema(Schema):
    """One subscription."""

    subscription_id = fields.String(required=True, validate=SHORT)


class DeliveriesSchema(SubscriptionIdSchema):
    """A page of a subscription's delivery log; `after` is the `next` of the page before."""

    after = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(min=0))
    limit = fields.Integer(load_default=20, validate=validate.Range(1, 100))


class ReplaySchema(SubscriptionIdSchema):
    """One delivery of a subscription."""

    delivery_id = fields.String(required=True, validate=ID)


class Partial(Schema):
    """Reads the fields that it names and passes over all others."""

    class Meta:
        """Other fields are passed over."""

        unknown = EXCLUDE


class AssigneeSchema(Partial):
    """One of those to whom a case is given."""

    id = fields.String(required=True)
    kind = fields.String(required=True)
    accepted = fields.Boolean(load_default=False)

    @post_load
    def _assignee(self, data: dict[str, Any], **_: Any) -> Assignee:
        return Assignee(**data)


class ActorSchema(Partial):
    """Who did it."""

    id = fields.String(load_default=None, allow_none=True)


class CaseEventSchema(Partial):
    """What notices and partners' filters need of an event of a case."""

    case_id = fields.String(required=True)
    number = fields.String(required=True)
    category = fields.String(load_default=None, allow_none=True)
    respond_due = fields.String(load_default=None, allow_none=True)
    resolve_due = fields.String(load_default=None, allow_none=True)
    grid_code = fields.String(load_default=None, allow_none=True)
    reporter_id = fields.String(load_default=None, allow_none=True)
    by = fields.Nested(ActorSchema, load_default=None, allow_none=True)
    complained_unit_id = fields.String(load_default=None, allow_none=True)
    restricted = fields.Boolean(required=True)
    assignees = fields.List(fields.Nested(AssigneeSchema), load_default=list)
    relieved = fields.List(fields.String(), load_default=list)
    followers = fields.List(fields.String(), load_default=list)
    reason_code = fields.String(load_default=None, allow_none=True)
    unit_ids = fields.List(fields.String(), load_default=list)
    initiator_id = fields.String(load_default=None, allow_none=True)


class SubscriptionDisabledSchema(Partial):
    """What is told to the owner of a subscription that was disabled."""

    subscription_id = fields.String(required=True)
    recipient = fields.String(required=True)
    reason = fields.String(required=True)


class NameSchema(Partial):
    """What a grid, a compound, a unit or an area is called, with the one code that it has."""

    grid_code = fields.String()
    compound_id = fields.String()
    unit_id = fields.String()
    area_id = fields.String()
    name = fields.String(required=True)


class ContactSchema(Partial):
    """Where somebody can be reached, as members says."""

    id = fields.String(required=True)
    unit_id = fields.String(load_default=None, allow_none=True)
    phone = fields.String(load_default=None, allow_none=True)
    language = fields.String(required=True)
    channels = fields.List(fields.String(), required=True)

    @post_load
    def _contact(self, data: dict[str, Any], **_: Any) -> Contact:
        return Contact(**{**data, "channels": tuple(data["channels"])})


class ResponsibleSchema(Partial):
    """The staff of a grid, as members says."""

    grid_workers = fields.List(fields.String(), load_default=list)
    community_workers = fields.List(fields.String(), load_default=list)
    dispatchers = fields.List(fields.String(), load_default=list)
    agency = fields.List(fields.String(), load_default=list)
    office = fields.List(fields.String(), load_default=list)
    inspectors = fields.List(fields.String(), load_default=list)


# Making a schema costs as much as using it, and it keeps nothing of what it has read.
_CASE_EVENT = CaseEventSchema()
_CONTACT = ContactSchema()
_RESPONSIBLE = ResponsibleSchema()


def case_event(event: Event) -> CaseEvent:
    """What notices need of the event; raises `Malformed`, for trying again would not help."""
    data = read(_CASE_EVENT, event.data)
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


def logged_event(event: Event) -> LoggedEvent:
    """The event as the log keeps it; raises `Malformed`."""
    data = read(_CASE_EVENT, event.data)
    return LoggedEvent(
        id=event.id,
        type=event.type,
        source=event.source,
        subject=event.subject,
        sequence=event.sequence,
        time=event.time,
        correlation_id=event.correlation_id,
        body=event.body,
        case_id=data["case_id"],
        grid_code=data["grid_code"],
        restricted=data["restricted"],
        complained_unit_id=data["complained_unit_id"],
        registered=_registered(data),
    )


def name(type_: str, data: Mapping[str, Any]) -> tuple[str, str]:
    """The code and the name that an event of members tells; raises `Malformed`."""
    code = {"grid": "grid_code", "compound": "compound_id", "unit": "unit_id", "area": "area_id"}[
        type_.partition(".")[0]
    ]
    found = read(NameSchema(only=(code, "name")), data)
    if code not in found:
        raise Malformed(f"the data has no {code}")
    return found[code], found["name"]


def audience(responsible: Mapping[str, Any]) -> Audience:
    """The staff around a case; where a post is not filled, whoever is nearest to it (docs/domain.md §2.2, §5)."""
    found = read(_RESPONSIBLE, responsible)
    agency = found["agency"] or found["dispatchers"]
    return Audience(
        grid_workers=tuple(found["grid_workers"] or found["community_workers"]),
        community_workers=tuple(found["community_workers"] or found["grid_workers"]),
        dispatchers=tuple(found["dispatchers"]),
        agency=tuple(agency),
        office=tuple(found["office"] or agency),
        inspectors=tuple(found["inspectors"] or found["dispatchers"]),
    )


def contact(data: Mapping[str, Any]) -> Contact:
    """Where somebody can be reached; raises `Malformed`."""
    found: Contact = read(_CONTACT, data)  # type: ignore[assignment]  # the schema makes a Contact
    return found


def read(schema: Schema, data: Mapping[str, Any]) -> dict[str, Any]:
    """What another service sent, checked; raises `Malformed` that names the fields."""
    try:
        loaded: dict[str, Any] = schema.load(data)
    except ValidationError as error:
        raise Malformed(f"the data does not fit: {error.messages}") from None
    return loaded


def _registered(data: Mapping[str, Any]) -> bool:
    # A reporter may name a category; the deadlines are set by registering (docs/domain.md §2.2).
    return data["category"] is not None and bool(data["respond_due"] or data["resolve_due"])


def _facts(event: Event, data: Mapping[str, Any]) -> dict[str, Any]:
    facts = {name: event.data[name] for name in _FACTS if event.data.get(name) is not None}
    facts["unit_ids"] = data["unit_ids"] or [one.id for one in data["assignees"] if one.kind == "unit"]
    facts["unassigned"] = not data["assignees"]
    if "alarm" in facts:
        facts["step"] = facts["alarm"].partition(".")[0]
    if data["reason_code"]:
        facts["reason"] = data["reason_code"]
    return facts

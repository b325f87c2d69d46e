"""The shapes of the events of demands and resources, of which only these fields matter here."""

from marshmallow import fields

from chassis.event import Event, heard
from notify.notices.match_list_notice import MatchListEvent
from notify.reading import ActorSchema, Partial

FACTS = ("category", "grid_code", "compound_id")


class MatchListEventSchema(Partial):
    """What a notice needs of an event of a demand or a resource."""

    by = fields.Nested(ActorSchema, load_default=None, allow_none=True)
    grid_code = fields.String(load_default=None, allow_none=True)
    asker_id = fields.String(load_default=None, allow_none=True)
    callback = fields.String(load_default=None, allow_none=True)
    owner_id = fields.String(load_default=None, allow_none=True)
    demand_id = fields.String(load_default=None, allow_none=True)
    reason_code = fields.String(load_default=None, allow_none=True)


_EVENT = MatchListEventSchema()


def match_list_event(event: Event) -> MatchListEvent:
    """What notices need of the event; raises `Malformed`, for trying again would not help."""
    data = heard(_EVENT, event.data)
    facts = {name: event.data[name] for name in FACTS if event.data.get(name) is not None}
    more = {"reason": data["reason_code"], "demand_id": data["demand_id"], "callback": data["callback"]}
    return MatchListEvent(
        id=event.id,
        type=event.type,
        at=event.time,
        by_id=(data["by"] or {}).get("id"),
        grid_code=data["grid_code"],
        asker_id=data["asker_id"],
        callback=data["callback"],
        owner_id=data["owner_id"],
        facts=facts | {name: value for name, value in more.items() if value},
    )

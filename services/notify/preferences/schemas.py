"""The shapes of what people choose."""

from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any
from zoneinfo import available_timezones

from marshmallow import Schema, fields, post_load, validate

from chassis.event import heard
from notify.channels.port import DECLINABLE
from notify.preferences.kinds import Kind
from notify.preferences.preference import Quiet
from notify.reading import Partial

KINDS = [kind.value for kind in Kind]
MINUTE = "%H:%M"


class QuietSchema(Schema):
    """The hours in which nothing is sent."""

    begins = fields.Time(required=True, format=MINUTE)
    ends = fields.Time(required=True, format=MINUTE)

    @post_load
    def _quiet(self, data: dict[str, time], **_: Any) -> Quiet:
        return Quiet(**data)


DeclinedSchema = Schema.from_dict(
    {kind: fields.List(fields.String(validate=validate.OneOf(DECLINABLE))) for kind in KINDS}, name="DeclinedSchema"
)
"""By kind of message, so that a fault is placed in it."""


ZONES = available_timezones() - {"localtime", "Factory"}
"""Without those that mean another zone on each machine, or none."""


class PreferencesSchema(Schema):
    """All that somebody chooses; what is left out is as if never chosen."""

    zone = fields.String(validate=validate.OneOf(ZONES, error="Not a time zone of the IANA database."))
    quiet = fields.Nested(QuietSchema, allow_none=True)
    declined = fields.Nested(DeclinedSchema)
    gathered = fields.List(fields.String(validate=validate.OneOf(KINDS)))
    digest_at = fields.Time(format=MINUTE)


class LinkSchema(Schema):
    """The end of a link to unsubscribe."""

    token = fields.String(required=True, validate=validate.Length(min=1, max=1_000))


class ReachedSchema(Partial):
    """Who somebody is, as members tells it of whom it can reach."""

    ids = fields.List(fields.String(), required=True, validate=validate.Length(min=1))


_REACHED = ReachedSchema()


def known_as(told: Mapping[str, Any]) -> Sequence[str]:
    """Every id of a person, that of today first; raises `Malformed`."""
    ids: list[str] = heard(_REACHED, told)["ids"]
    return ids

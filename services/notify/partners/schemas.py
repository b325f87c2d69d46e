"""The shapes of what partners ask."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from chassis.schema import Instant
from notify.notices.case_notice import NOTICES, SILENT
from notify.notices.reminder import REMINDED
from notify.partners.delivery import State
from notify.partners.subscription import EVERYTHING, Way
from notify.webhooks.target import LENGTH

SHORT = validate.Length(min=1, max=100)
ID = validate.Length(min=1, max=300)
CURSOR = validate.Length(min=1, max=200)
EVENT_TYPES = (EVERYTHING, *NOTICES, REMINDED, *SILENT)
MOST_CATEGORIES = 40
GRID = validate.Regexp(r"[0-9]{6,15}\Z", error="Not the beginning of a grid code.")
CATEGORY = validate.Regexp(r"[0-9]{1,4}\Z", error="Not a category's code of four digits, nor its beginning.")
LONGEST_OVERLAP = 168
"""Hours for which an old secret may sign beside the new one."""

USUAL_OVERLAP = 24


def grid() -> fields.String:
    """The beginning of a grid code: a district, a street, a community or a grid."""
    return fields.String(load_default=None, allow_none=True, validate=GRID)


def category() -> fields.String:
    """A category's code, or its beginning."""
    return fields.String(allow_none=False, validate=CATEGORY)


def different(values: list[Any]) -> None:
    """Refuse a list that names something twice."""
    if len(set(values)) != len(values):
        raise ValidationError("Named twice.")


def types(**options: Any) -> fields.List[Any]:
    """Types of events that exist."""
    kind = fields.String(validate=validate.OneOf(EVENT_TYPES))
    return fields.List(kind, validate=[validate.Length(min=1, max=len(EVENT_TYPES)), different], **options)


def url(**options: Any) -> fields.String:
    """Where to post; whether anything may be posted there is checked apart."""
    return fields.String(validate=validate.Length(min=1, max=LENGTH), **options)


def categories(**options: Any) -> fields.List[Any]:
    """Prefixes of categories; none are all."""
    return fields.List(category(), validate=[validate.Length(max=MOST_CATEGORIES), different], **options)


class SubscribeSchema(Schema):
    """What a partner asks to be told, and how."""

    way = fields.String(load_default=Way.WEBHOOK, validate=validate.OneOf([each.value for each in Way]))
    url = url(load_default=None, allow_none=True)
    types = types(required=True)
    grid_prefix = grid()
    categories = categories(load_default=list)
    participant_id = fields.String(load_default=None, allow_none=True, validate=SHORT)

    @validates_schema
    def url_where_posted(self, data: Mapping[str, Any], **_: Any) -> None:
        """A webhook has an address, and nothing else has."""
        posted = data.get("way") == Way.WEBHOOK
        if posted and not data.get("url"):
            raise ValidationError("A webhook needs the address that is posted to.", "url")
        if not posted and data.get("url"):
            raise ValidationError("Only a webhook has an address.", "url")


class SubscriptionIdSchema(Schema):
    """One subscription."""

    subscription_id = fields.String(required=True, validate=SHORT)


class ChangeSchema(SubscriptionIdSchema):
    """What shall be otherwise from now on; what is not named stays."""

    url = url()
    types = types()
    grid_prefix = fields.String(validate=GRID)
    categories = categories()
    participant_id = fields.String(allow_none=True, validate=SHORT)

    @validates_schema
    def something(self, data: Mapping[str, Any], **_: Any) -> None:
        """A change changes something."""
        if not data.keys() - {"subscription_id"}:
            raise ValidationError("Name what shall be otherwise.")


class RotateSchema(SubscriptionIdSchema):
    """A new secret, and for how many hours the old one signs beside it."""

    overlap_hours = fields.Integer(strict=True, load_default=USUAL_OVERLAP, validate=validate.Range(0, LONGEST_OVERLAP))


class DeliveriesSchema(SubscriptionIdSchema):
    """A page of a subscription's delivery log; `after` is the `next` of the page before."""

    after = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(min=0))
    limit = fields.Integer(load_default=20, validate=validate.Range(1, 100))
    state = fields.String(load_default=None, allow_none=True, validate=validate.OneOf([each.value for each in State]))


class ReplaySchema(SubscriptionIdSchema):
    """One delivery of a subscription."""

    delivery_id = fields.String(required=True, validate=ID)


class ReplayRangeSchema(SubscriptionIdSchema):
    """A range of the log: from an instant or after a cursor on, until an instant, in real time."""

    since = Instant(load_default=None, allow_none=True)
    until = Instant(load_default=None, allow_none=True)
    after = fields.String(load_default=None, allow_none=True, validate=CURSOR)

    @validates_schema
    def one_beginning(self, data: Mapping[str, Any], **_: Any) -> None:
        """It begins somewhere, in one way, and ends later."""
        if (data.get("since") is None) == (data.get("after") is None):
            raise ValidationError("Name either since or after.", "since")
        if data.get("since") and data.get("until") and data["until"] <= data["since"]:
            raise ValidationError("Not after `since`.", "until")


class FeedSchema(Schema):
    """A page of the feed, perhaps of less than the subscription covers."""

    subscription_id = fields.String(load_default=None, allow_none=True, validate=SHORT)
    after = fields.String(load_default=None, allow_none=True, validate=CURSOR)
    type = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(EVENT_TYPES))
    grid = grid()
    category = fields.String(load_default=None, allow_none=True, validate=CATEGORY)
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 100))

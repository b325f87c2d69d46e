"""Subscriptions of partner units to case events, delivered by webhook."""

from marshmallow import INCLUDE, Schema, fields, validate

from gateway.schemas.fields import Strict, different, id_, shown_instant
from gateway.schemas.paging import next_cursor

URL_LIMIT = 2_000
MOST_TYPES = 40


def act() -> fields.String:
    """What was done."""
    return fields.String(required=True, metadata={"description": "What was done: `subscribe`, `pause` or `resume`."})


class Subscribe(Strict):
    """Where to deliver which events; without types all of them, without a prefix the whole own scope."""

    url = fields.String(required=True, validate=validate.Length(1, URL_LIMIT), metadata={"format": "uri"})
    types = fields.List(
        id_(), required=True, validate=[validate.Length(1, MOST_TYPES), different], metadata={"examples": [["case.*"]]}
    )
    grid_prefix = id_()


class Subscribed(Schema):
    """A new subscription; its secret is shown only here."""

    class Meta:
        """Options of marshmallow."""

        unknown = INCLUDE

    subscription_id = fields.String(required=True)
    act = act()
    version = fields.Integer(required=True)
    at = shown_instant(required=True)
    secret = fields.String(
        required=True, metadata={"description": "Signs every delivery (Standard Webhooks); never shown again."}
    )
    state = fields.String(required=True)


class Attempt(Schema):
    """The last try of a delivery and how it ended."""

    at = shown_instant(required=True)
    status = fields.Integer(allow_none=True)
    error = fields.String(allow_none=True)
    answer = fields.String(allow_none=True)


class Subscription(Schema):
    """A subscription and how it stands."""

    class Meta:
        """Options of marshmallow."""

        unknown = INCLUDE

    subscription_id = fields.String(required=True)
    version = fields.Integer(required=True)
    url = fields.String(required=True)
    types = fields.List(fields.String(), required=True)
    grid_prefix = fields.String(allow_none=True)
    unit_id = fields.String(allow_none=True)
    state = fields.String(required=True)
    created_at = shown_instant()
    failing_since = shown_instant(allow_none=True)
    disabled_reason = fields.String(allow_none=True)
    last = fields.Nested(Attempt, allow_none=True)


class Subscriptions(Schema):
    """The subscriptions that the caller may see, on one page."""

    items = fields.List(fields.Nested(Subscription), required=True)
    next = next_cursor()


class SubscriptionState(Schema):
    """A subscription after it was paused or resumed."""

    class Meta:
        """Options of marshmallow."""

        unknown = INCLUDE

    subscription_id = fields.String(required=True)
    act = act()
    version = fields.Integer(required=True)
    at = shown_instant(required=True)
    state = fields.String(required=True)


class Delivery(Schema):
    """One event on its way to one subscription."""

    class Meta:
        """Options of marshmallow."""

        unknown = INCLUDE

    delivery_id = fields.String(required=True)
    event_id = fields.String(required=True)
    type = fields.String(required=True)
    case_id = fields.String(required=True)
    state = fields.String(required=True)
    tries = fields.Integer(required=True)
    next_try_at = shown_instant(allow_none=True)
    delivered_at = shown_instant(allow_none=True)
    last = fields.Nested(Attempt, allow_none=True)


class Deliveries(Schema):
    """A page of deliveries, newest first."""

    items = fields.List(fields.Nested(Delivery), required=True)
    next = next_cursor()

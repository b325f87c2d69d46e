"""Subscriptions of partner units to case events, in each of the three ways."""

from typing import Any

from marshmallow import INCLUDE, Schema, fields, validate

from gateway.schemas.fields import QueryInteger, Strict, id_, instant, shown_instant
from gateway.schemas.paging import CURSOR_LIMIT, PageQuery, next_cursor

URL_LIMIT = 2_000
MOST_TYPES = 40


MOST_CATEGORIES = 40
LONGEST_CODE = 100
"""Bounds alone: what a code is the service says, with all else that is wrong."""

CATEGORY = validate.Regexp(r"[0-9]{1,4}\Z", error="Not a category's code of four digits, nor its beginning.")
WAYS = ("webhook", "feed", "amqp")
STATES = ("pending", "delivered", "parked", "cancelled")
FEED_PAGE = 100


def act() -> fields.String:
    """What was done."""
    return fields.String(
        required=True,
        metadata={
            "description": "What was done: `subscribe`, `pause`, `resume`, `change`, `rotate_secret`, "
            "`end_old_secret` or `test`."
        },
    )


def url(**options: Any) -> fields.String:
    """Where to post."""
    return fields.String(validate=validate.Length(1, URL_LIMIT), metadata={"format": "uri"}, **options)


def types(**options: Any) -> fields.List[Any]:
    """Which events."""
    return fields.List(id_(), validate=validate.Length(1, MOST_TYPES), metadata={"examples": [["case.*"]]}, **options)


def categories(**options: Any) -> fields.List[Any]:
    """Of which categories."""
    return fields.List(
        fields.String(validate=validate.Length(1, LONGEST_CODE), metadata={"pattern": "^[0-9]{1,4}$"}),
        validate=validate.Length(max=MOST_CATEGORIES),
        metadata={"description": "Codes of categories or their beginnings; none: all.", "examples": [["0101", "03"]]},
        **options,
    )


def participant_id(**options: Any) -> fields.String:
    """Of which cases."""
    meaning = "Only events of cases in which this unit takes part; a unit's contact names the own one."
    return id_(metadata={"description": meaning}, **options)


class Subscribe(Strict):
    """Which events, and how they come; without a prefix those of the whole own scope."""

    way = fields.String(
        validate=validate.OneOf(WAYS),
        metadata={
            "description": "`webhook`: posted to `url`, the default; `feed`: fetched from `/v1/events`; `amqp`: put "
            "into a queue of the partner's own."
        },
    )
    url = url()
    types = types(required=True)
    grid_prefix = id_()
    categories = categories()
    participant_id = participant_id()


class Change(Strict):
    """What shall be otherwise from now on; what is not named stays as it is."""

    url = url()
    types = types()
    grid_prefix = id_()
    categories = categories()
    participant_id = participant_id(allow_none=True)


class Rotate(Strict):
    """For how many hours the old secret signs beside the new one; 0 ends it at once."""

    overlap_hours = fields.Integer(strict=True, validate=validate.Range(0, 168), metadata={"default": 24})


class ReplayRange(Strict):
    """Which part of the log, in real time: from `since` or after the `next` of the answer before, until `until`."""

    since = instant()
    until = instant()
    after = fields.String(validate=validate.Length(1, CURSOR_LIMIT))


class Replayed(Schema):
    """How many events were made to wait for this subscription again."""

    subscription_id = fields.String(required=True)
    replayed = fields.Integer(required=True)
    next = next_cursor()


class DeliveriesQuery(PageQuery):
    """Which deliveries."""

    state = fields.String(validate=validate.OneOf(STATES))


class EventsQuery(Strict):
    """Which events of the feed, at most so many."""

    subscription_id = id_(metadata={"description": "Which feed; needed only by who has several."})
    after = fields.String(
        validate=validate.Length(1, CURSOR_LIMIT),
        metadata={"description": "The `after` of the `Link` of the page before; without it the oldest that is kept."},
    )
    type = id_()
    grid = id_()
    category = fields.String(validate=CATEGORY)
    limit = QueryInteger(load_default=FEED_PAGE, validate=validate.Range(1, FEED_PAGE))


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
        required=True,
        allow_none=True,
        metadata={
            "description": "Signs every delivery (Standard Webhooks) or, of a queue, is the password of the partner's "
            "user; never shown again. A feed has none, nor has a further queue of the same partner, and a repeated "
            "command shows none that was replaced since."
        },
    )
    state = fields.String(required=True)


class Attempt(Schema):
    """The last try of a delivery and how it ended."""

    at = shown_instant(required=True)
    status = fields.Integer(allow_none=True)
    error = fields.String(allow_none=True)
    answer = fields.String(allow_none=True)


class Queue(Schema):
    """Where a partner reads its queue, and as whom; the password is the `secret` that was shown once."""

    url = fields.String(
        required=True, allow_none=True, metadata={"description": "The broker, with the virtual host of partners."}
    )
    queue = fields.String(required=True)
    username = fields.String(required=True)


class Subscription(Schema):
    """A subscription and how it stands."""

    class Meta:
        """Options of marshmallow."""

        unknown = INCLUDE

    subscription_id = fields.String(required=True)
    version = fields.Integer(required=True)
    way = fields.String(required=True)
    url = fields.String(required=True, allow_none=True)
    amqp = fields.Nested(Queue, allow_none=True)
    types = fields.List(fields.String(), required=True)
    grid_prefix = fields.String(allow_none=True)
    categories = fields.List(fields.String(), required=True)
    participant_id = fields.String(required=True, allow_none=True)
    unit_id = fields.String(allow_none=True)
    state = fields.String(required=True)
    created_at = shown_instant()
    failing_since = shown_instant(allow_none=True)
    disabled_reason = fields.String(allow_none=True)
    old_secret_until = shown_instant(allow_none=True)
    test_asked_at = shown_instant(allow_none=True)
    last = fields.Nested(Attempt, allow_none=True)


class Subscriptions(Schema):
    """The subscriptions that the caller may see, on one page."""

    items = fields.List(fields.Nested(Subscription), required=True)
    next = next_cursor()


class SubscriptionState(Schema):
    """A subscription after it was paused, resumed or changed, or a test was asked for."""

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

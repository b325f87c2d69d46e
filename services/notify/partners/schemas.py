"""The shapes of what partners ask."""

from marshmallow import Schema, fields, validate

from notify.notices.case_notice import NOTICES, SILENT
from notify.notices.reminder import REMINDED
from notify.partners.subscription import EVERYTHING
from notify.webhooks.target import LENGTH

SHORT = validate.Length(min=1, max=100)
ID = validate.Length(min=1, max=300)
EVENT_TYPES = (EVERYTHING, *NOTICES, REMINDED, *SILENT)


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

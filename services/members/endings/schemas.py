"""The shape of what a gateway asks that has heard nothing for a while."""

from marshmallow import Schema, fields, validate

LONGEST_SECONDS = 30 * 24 * 3600
"""As long as a session lasts at most: no access token outlives it."""


class EndingsSchema(Schema):
    """What ended within so many seconds, and where a page begins."""

    within = fields.Integer(strict=True, required=True, validate=validate.Range(1, LONGEST_SECONDS))
    after = fields.String(load_default="", validate=validate.Regexp(r"(?:(?:sessions|keys|people)/.{1,200})?\Z"))

"""The shapes that several desks share."""

from typing import Any

from marshmallow import Schema, fields, validate

from chassis.privacy import masked_text, without_identities
from chassis.schema import legible

GRID_CODE = validate.Regexp(r"\d{15}\Z", error="Not a grid code of 15 digits.")
MANY = 500
SHORT = validate.Length(min=1, max=100)
AREA = validate.Regexp(r"[0-9]{6}([0-9]{3}){0,3}\Z", error="Not a grid code of 15 digits, or its first 6, 9 or 12.")
DISTRICT = validate.Regexp(r"[0-9]{6}\Z", error="Not a district's code of 6 digits.")
COMMUNITY = validate.Regexp(r"[0-9]{12}\Z", error="Not a community's code of 12 digits.")
DAY = validate.Regexp(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z", error="Not a day like 2026-04-15.")

NAME = validate.And(SHORT, legible)


class WithoutIdentities(fields.String):
    """A longer text that people are shown: identity numbers in it are masked when it is taken (docs/domain.md §5).

    A phone stays, for who announces something may say whom to call; it is masked where everybody reads it.
    """

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        return without_identities(super()._deserialize(value, attr, data, **kwargs))


class WithoutNumbers(fields.String):
    """A line that is passed on, in events, notices and lists: phones in it are masked too when it is taken."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        return masked_text(super()._deserialize(value, attr, data, **kwargs))


class IdsSchema(Schema):
    """Ids of people or units, within one district if it is named."""

    ids = fields.List(fields.String(validate=SHORT), required=True, validate=validate.Length(max=MANY))
    tenant = fields.String(load_default=None, allow_none=True, validate=validate.Regexp(r"\d{6}\Z"))


class OnDutySchema(Schema):
    """A grid, and the unit whose people are not meant."""

    grid_code = fields.String(required=True, validate=GRID_CODE)
    not_of = fields.String(load_default=None, allow_none=True, validate=SHORT)


class PlacesSchema(Schema):
    """A page of places and organisations; `after` is the `next` of the page before."""

    after = fields.String(load_default="", validate=validate.Regexp(r"((grids|compounds|units|areas)/.+)?\Z"))
    limit = fields.Integer(load_default=200, validate=validate.Range(1, MANY))

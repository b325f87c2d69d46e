"""The shapes of what units are registered, changed and asked for with."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from chassis.schema import Instant
from members.organisations import credit_code
from members.organisations.unit import UNIT_TYPES
from members.schemas import AREA, DISTRICT, GRID_CODE, MANY, NAME, SHORT

UNIT_TYPE = validate.OneOf(tuple(UNIT_TYPES))
MOST_IN_PAGE = 200


class CreditCode(fields.String):
    """A unified social credit code; blanks, hyphens and small letters are forgiven."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        code = credit_code.compact(super()._deserialize(value, attr, data, **kwargs))
        if not credit_code.is_valid(code):
            raise ValidationError("Not a unified social credit code of 18 characters (GB 32100).")
        return code


class UnitSchema(Schema):
    """What the office may change of a unit; its grids from now on, or from another moment."""

    name = fields.String(validate=NAME)
    credit_code = CreditCode(allow_none=True)
    party_organisation = fields.String(validate=NAME, allow_none=True)
    contact_id = fields.String(validate=SHORT, allow_none=True)
    grid_codes = fields.List(fields.String(validate=GRID_CODE), validate=validate.Length(min=1, max=MANY))
    since = Instant(data_key="from")

    @post_load
    def _as_tuple(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**data, "grid_codes": tuple(data["grid_codes"])} if "grid_codes" in data else data


class NewUnitSchema(UnitSchema):
    """A unit that is registered; its district is that of its grids, or the caller's."""

    name = fields.String(required=True, validate=NAME)
    unit_type = fields.String(required=True, validate=UNIT_TYPE)
    grid_codes = fields.List(fields.String(validate=GRID_CODE), load_default=(), validate=validate.Length(max=MANY))
    district = fields.String(validate=DISTRICT)


class ClosingSchema(Schema):
    """When a unit closes: now unless a moment is named, at which it will close or has closed."""

    at = Instant()


class UnitIdSchema(Schema):
    """One unit."""

    unit_id = fields.String(required=True, validate=SHORT)


class UnitFiltersSchema(Schema):
    """Which units a list holds: those that are open unless closed ones are asked for."""

    grid = fields.String(validate=AREA)
    unit_type = fields.String(validate=UNIT_TYPE)
    name = fields.String(validate=NAME)
    active = fields.Boolean()


class UnitPageSchema(Schema):
    """Which page of the register: `after` is the `next` of the page before."""

    filters = fields.Nested(UnitFiltersSchema, load_default=dict)
    after = fields.Tuple((fields.String(), fields.String(validate=SHORT)), load_default=None, allow_none=True)
    limit = fields.Integer(strict=True, load_default=20, validate=validate.Range(1, MOST_IN_PAGE))


class UnitTotalsSchema(Schema):
    """Which area, and as of which moment: now unless another is named."""

    area = fields.String(required=True, validate=AREA)
    at = Instant()

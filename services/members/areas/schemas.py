"""The shapes of what areas are opened, changed and asked for with."""

from marshmallow import Schema, fields, validate

from chassis.schema import Instant
from members.schemas import NAME, SHORT
from members.territory.area import AreaKind

CODE = validate.Regexp(r"([0-9]{6}|[0-9]{9}|[0-9]{12})\Z", error="Not the code of an area: 6, 9 or 12 digits.")
MOST_IN_PAGE = 500


class ChangeAreaSchema(Schema):
    """What is told anew of an area: its name, its outline, and the units of the Party's and the union's line in it."""

    name = fields.String(validate=NAME)
    party_organisation = fields.String(validate=SHORT, allow_none=True)
    union_body = fields.String(validate=SHORT, allow_none=True)
    closed = Instant(data_key="to", allow_none=True)
    outline = fields.Raw(allow_none=True)  # read by `outline`, which names every fault of it


class OpenAreaSchema(ChangeAreaSchema):
    """A district, an agency or a community, by the length of its code; it exists `from` now on unless said."""

    code = fields.String(required=True, validate=CODE)
    name = fields.String(required=True, validate=NAME)
    opened = Instant(data_key="from", load_default=None, allow_none=True)


class AreaSchema(Schema):
    """Which area, and at which moment."""

    code = fields.String(required=True, validate=CODE)
    at = Instant(load_default=None, allow_none=True)


class AreasSchema(Schema):
    """Which page of which areas, at which moment."""

    within = fields.String(load_default="", validate=validate.Regexp(r"[0-9]{0,12}\Z"))
    kind = fields.Enum(AreaKind, by_value=True, load_default=None, allow_none=True)
    at = Instant(load_default=None, allow_none=True)
    after = fields.String(load_default="", allow_none=True, validate=validate.Regexp(r"[0-9]{0,12}\Z"))
    limit = fields.Integer(strict=True, load_default=20, validate=validate.Range(1, MOST_IN_PAGE))

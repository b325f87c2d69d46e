"""The shapes of what members tells of its territory: only the fields that the copy keeps."""

from marshmallow import EXCLUDE, Schema, fields, validate

from cases.schemas import GRID_CODE, ID


class Heard(Schema):
    """Something that members told, of which only these fields matter here."""

    class Meta:
        """Other fields are passed over."""

        unknown = EXCLUDE


class GridHeard(Heard):
    """A grid."""

    grid_code = fields.String(required=True, validate=GRID_CODE)
    name = fields.String(required=True)
    community = fields.String(required=True)
    level = fields.String(required=True)
    ring = fields.List(
        fields.List(fields.Float(), validate=validate.Length(equal=2)),
        required=True,
        validate=validate.Length(min=4),
    )


class CompoundHeard(Heard):
    """A compound."""

    compound_id = fields.String(required=True, validate=ID)
    name = fields.String(required=True)
    grid_code = fields.String(required=True, validate=GRID_CODE)
    lon = fields.Float(required=True)
    lat = fields.Float(required=True)
    is_old = fields.Boolean(required=True)
    has_property_mgmt = fields.Boolean(required=True)
    property_company_id = fields.String(load_default=None, allow_none=True)


class UnitHeard(Heard):
    """An organisation."""

    unit_id = fields.String(required=True, validate=ID)
    name = fields.String(required=True)
    unit_type = fields.String(required=True)
    grid_codes = fields.List(fields.String(validate=GRID_CODE), required=True)

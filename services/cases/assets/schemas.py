"""The shapes of what the register of assets is told and asked."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from cases.listing_schemas import AREA, MOST_IN_PAGE
from cases.schemas import ID, Label, LocationSchema, PlaceSchema

NUMBER = validate.Regexp(r"[A-Z]{1,4}-[0-9]{1,8}\Z", error="Not a number of an asset, like L-0007.")
KIND = validate.Regexp(r"[0-9]{4}\Z", error="Not a kind of four digits, like 0118.")
CODE = validate.Regexp(r"[0-9]{16}\Z", error="Not a component code of 16 digits.")
LABEL = validate.Length(min=1, max=100)


class AssetNumber(fields.String):
    """A number as it stands on the plate: blanks around it and small letters are forgiven."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return super()._deserialize(value, attr, data, **kwargs).strip().upper()


class ChangeAssetSchema(PlaceSchema):
    """What is told anew of an asset."""

    number = AssetNumber(validate=NUMBER)
    kind = fields.String(validate=KIND)
    code = fields.String(validate=CODE, allow_none=True)
    owner_unit_id = fields.String(validate=ID, allow_none=True)
    label = Label(validate=LABEL, allow_none=True)
    retired = fields.Boolean()


class AssetSchema(PlaceSchema):
    """An asset, and where it stands: a point, a grid or a compound."""

    number = AssetNumber(required=True, validate=NUMBER)
    kind = fields.String(required=True, validate=KIND)
    code = fields.String(validate=CODE, allow_none=True)
    owner_unit_id = fields.String(validate=ID, allow_none=True)
    label = Label(validate=LABEL, allow_none=True)

    @validates_schema
    def _place_named(self, data: Mapping[str, Any], **_: Any) -> None:
        if not {"location", "grid_code", "compound_id"} & set(data):
            raise ValidationError("Name a point, a grid or a compound.", "location")


class AssetFiltersSchema(Schema):
    """Which assets a list holds."""

    grid = fields.String(validate=AREA)
    compound_id = fields.String(validate=ID)
    kind = fields.String(validate=KIND)
    number = AssetNumber(validate=NUMBER)
    retired = fields.Boolean()


class AssetPageSchema(Schema):
    """Which page of the register: `after` is the `next` of the page before."""

    filters = fields.Nested(AssetFiltersSchema, load_default=dict)
    after = fields.Tuple((fields.String(validate=ID), fields.String(validate=ID)), load_default=None, allow_none=True)
    limit = fields.Integer(strict=True, load_default=20, validate=validate.Range(1, MOST_IN_PAGE))


class NearSchema(LocationSchema):
    """Around which point, and of which kind."""

    kind = fields.String(validate=KIND)

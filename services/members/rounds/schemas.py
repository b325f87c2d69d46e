"""The shapes of rounds and visits; each field of a visit has its purpose in `purpose.PURPOSES`."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from chassis.schema import Instant, legible
from members.needs.schemas import MOST_NEEDS, NeedSchema
from members.rounds.round import ROOM, Result, Standing, folded
from members.schemas import GRID_CODE, NAME, SHORT, WithoutNumbers

MOST_ADDRESSES = 5_000
MOST_IN_PAGE = 200
MOST_DOORS = 9_999


def building(text: str) -> None:
    """Refuse what names a flat."""
    if ROOM.search(folded(text)):
        raise ValidationError("Down to the building only, without a flat.")


class AddressSchema(Schema):
    """A door: its compound or grid, the building, and the door's running number in it."""

    compound_id = fields.String(validate=SHORT)
    grid_code = fields.String(validate=GRID_CODE)
    building = fields.String(required=True, validate=validate.And(validate.Length(min=1, max=50), legible, building))
    door = fields.Integer(required=True, strict=True, validate=validate.Range(1, MOST_DOORS))

    @validates_schema
    def _place_named(self, data: Mapping[str, Any], **_: Any) -> None:
        if not {"compound_id", "grid_code"} & set(data):
            raise ValidationError("Name a compound or a grid.", "compound_id")


class RoundSchema(Schema):
    """A round, with all its doors."""

    title = WithoutNumbers(required=True, validate=NAME)
    addresses = fields.List(
        fields.Nested(AddressSchema), required=True, validate=validate.Length(min=1, max=MOST_ADDRESSES)
    )


class VisitSchema(Schema):
    """What came of a knock at a door."""

    outcome = fields.String(required=True, validate=validate.OneOf([each.value for each in Result]))
    at = Instant(load_default=None)
    needs = fields.List(fields.Nested(NeedSchema), load_default=list, validate=validate.Length(max=MOST_NEEDS))
    private_note = fields.String(load_default=None, validate=validate.Length(min=1, max=2_000))

    @validates_schema
    def _only_of_a_visit(self, data: Mapping[str, Any], **_: Any) -> None:
        if data.get("needs") and data["outcome"] != Result.VISITED.value:
            raise ValidationError("Needs are stated by somebody who was met.", "needs")


class RoundPageSchema(Schema):
    """Which page of the rounds of an area."""

    area = fields.String(load_default=None, validate=validate.Regexp(r"([0-9]{3}){2,5}\Z"))
    after = fields.Tuple((Instant(), fields.String(validate=SHORT)), load_default=None, allow_none=True)
    limit = fields.Integer(strict=True, load_default=20, validate=validate.Range(1, MOST_IN_PAGE))


class AddressPageSchema(Schema):
    """Which page of the doors of a round, all or those that stand so."""

    standing = fields.String(validate=validate.OneOf([each.value for each in Standing]))
    after = fields.Integer(load_default=0, validate=validate.Range(0, MOST_ADDRESSES))
    limit = fields.Integer(strict=True, load_default=20, validate=validate.Range(1, MOST_IN_PAGE))

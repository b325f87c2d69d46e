"""The shapes of what units are changed with."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from members.schemas import GRID_CODE, MANY, NAME


class UnitSchema(Schema):
    """What the office may change of a unit."""

    name = fields.String(validate=NAME)
    grid_codes = fields.List(fields.String(validate=GRID_CODE), validate=validate.Length(min=1, max=MANY))

    @post_load
    def _as_tuple(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**data, "grid_codes": tuple(data["grid_codes"])} if "grid_codes" in data else data

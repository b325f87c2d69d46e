"""The shapes of a register that comes as a whole, and of its lines."""

from datetime import UTC, datetime, time
from typing import Any

from marshmallow import Schema, fields, post_load, validate

from chassis.schema import Day
from members.organisations.schemas import NewUnitSchema
from members.people.person import LOCAL
from members.registry.schemas import NewcomerSchema
from members.schemas import DISTRICT

MOST_LINES = 2_000
"""So many fit into one transaction with room to spare: 2,000 people with accounts are 4,000 documents."""


class LinesSchema(Schema):
    """The lines, and the district where the caller acts in several."""

    items = fields.List(fields.Dict(keys=fields.String()), required=True, validate=validate.Length(1, MOST_LINES))
    district = fields.String(validate=DISTRICT)
    dry_run = fields.Boolean(load_default=False)


class UnitLineSchema(NewUnitSchema):
    """A line with a unit: since when it serves its grids is a day there, from its first moment on the local clock."""

    class Meta:
        """Options of marshmallow."""

        exclude = ("district",)

    since = Day(data_key="from")  # type: ignore[assignment]  # a day, where a command names a moment

    @post_load
    def _from_midnight(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        if "since" not in data:
            return data
        return {**data, "since": datetime.combine(data["since"], time(), LOCAL).astimezone(UTC)}


class PersonLineSchema(NewcomerSchema):
    """A line with a person of the district."""

    class Meta:
        """Options of marshmallow."""

        exclude = ("tenant",)

"""The shapes of pages of holders of posts, and of what cases counts of their grids."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from chassis.event import heard
from notify.reading import Partial
from notify.weeks.week import COUNTED, Holder


class HolderSchema(Partial):
    """One of them, as members tells it."""

    person_id = fields.String(required=True)
    unit_id = fields.String(load_default=None, allow_none=True)
    grids = fields.List(fields.String(), required=True)


class HoldersSchema(Partial):
    """A page of them."""

    items = fields.List(fields.Nested(HolderSchema), required=True)
    next = fields.String(required=True, allow_none=True)


CountSchema = Partial.from_dict({name: fields.Integer(required=True) for name in COUNTED}, name="CountSchema")


class CountsSchema(Partial):
    """What is counted of each grid, as cases tells it."""

    counts = fields.Dict(keys=fields.String(), values=fields.Nested(CountSchema), required=True)


_HOLDERS, _COUNTS = HoldersSchema(), CountsSchema()


def holders(told: Mapping[str, Any]) -> tuple[list[Holder], str | None]:
    """A page of holders, and where the one after it begins, if any; raises `Malformed`."""
    data = heard(_HOLDERS, told)
    return [Holder(each["person_id"], tuple(each["grids"]), each["unit_id"]) for each in data["items"]], data["next"]


def counts(told: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """What is counted of each grid; raises `Malformed`."""
    found: dict[str, dict[str, int]] = heard(_COUNTS, told)["counts"]
    return found

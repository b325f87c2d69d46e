"""The shape of the events that tell a name."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from chassis.event import Malformed
from notify.reading import Partial, read


class NameSchema(Partial):
    """What a grid, a compound, a unit or an area is called, with the one code that it has."""

    grid_code = fields.String()
    compound_id = fields.String()
    unit_id = fields.String()
    area_id = fields.String()
    name = fields.String(required=True)


def name(type_: str, data: Mapping[str, Any]) -> tuple[str, str]:
    """The code and the name that an event of members tells; raises `Malformed`."""
    code = {"grid": "grid_code", "compound": "compound_id", "unit": "unit_id", "area": "area_id"}[
        type_.partition(".")[0]
    ]
    found = read(NameSchema(only=(code, "name")), data)
    if code not in found:
        raise Malformed(f"the data has no {code}")
    return found[code], found["name"]

"""The shape of the events that tell a name."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import fields

from chassis.event import Malformed, heard
from notify.reading import Partial
from notify.wording.words import category_code


class NameSchema(Partial):
    """What a grid, a compound, a unit or an area is called, with the one code that it has."""

    grid_code = fields.String()
    compound_id = fields.String()
    unit_id = fields.String()
    area_id = fields.String()
    name = fields.String(required=True)


class CategorySchema(Partial):
    """What a district calls a category."""

    code = fields.String(required=True)
    zh = fields.String(required=True)
    en = fields.String(required=True)


class PolicySchema(Partial):
    """A version that a district entered; one of something else names no categories."""

    area = fields.String(required=True)
    number = fields.Integer(required=True)
    valid_from = fields.Date(required=True)
    categories = fields.List(fields.Nested(CategorySchema), load_default=list)


def categories(data: Mapping[str, Any]) -> list[tuple[str, str, int, date]]:
    """The code under which a name is kept, the name in each language, which version says so, and from when on.

    Raises `Malformed`.
    """
    found = heard(PolicySchema(), data)
    return [
        (category_code(found["area"], each["code"], language), each[field], found["number"], found["valid_from"])
        for each in found["categories"]
        for language, field in (("zh-CN", "zh"), ("en", "en"))
    ]


def name(type_: str, data: Mapping[str, Any]) -> tuple[str, str]:
    """The code and the name that an event of members tells; raises `Malformed`."""
    code = {"grid": "grid_code", "compound": "compound_id", "unit": "unit_id", "area": "area_id"}[
        type_.partition(".")[0]
    ]
    found = heard(NameSchema(only=(code, "name")), data)
    if code not in found:
        raise Malformed(f"the data has no {code}")
    return found[code], found["name"]

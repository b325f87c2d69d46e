"""The shapes of what a list of cases is asked for with: its filters and its pages."""

import re
from typing import Any

from marshmallow import Schema, fields, validate

from cases.case import Source, Status, Tag
from cases.exclusion import Stage
from cases.number import PATTERN
from cases.priority import KEY
from cases.schemas import CATEGORY, EXTERNAL_NUMBER, ID, one_of
from cases.showing.listing import PRIORITY
from chassis.schema import instant

MOST_IN_PAGE = 100
MOST_COPIED = 200

AREA = validate.Regexp(r"[0-9]{6}([0-9]{3}){0,3}\Z", error="Not a grid code of 15 digits, or its first 6, 9 or 12.")
NUMBER = validate.Regexp(PATTERN, error="Not a number of a case, like 360704-20260312-7K3F9Q.")


class CaseNumber(fields.String):
    """A number as people type it: blanks around it and small letters are forgiven."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        return text.strip().upper()


class FiltersSchema(Schema):
    """Which cases a list holds."""

    number = CaseNumber(validate=NUMBER)
    external_number = fields.String(validate=EXTERNAL_NUMBER)
    status = one_of(Status)
    category = fields.String(validate=CATEGORY)
    grid = fields.String(validate=AREA)
    compound_id = fields.String(validate=ID)
    assignee = one_of(["me"])
    reported_by = one_of(["me"])
    offered = fields.Boolean()
    tag = one_of(Tag)
    source = one_of(Source)
    overdue = fields.Boolean()
    exclusion = one_of(Stage)
    order = one_of([PRIORITY])


class Position(fields.String):
    """Where a list goes on: an instant, or a place in the order of priority."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        return text if re.match(KEY, text) else instant(text)


def after() -> fields.Tuple:
    """The `next` of the page before."""
    return fields.Tuple((Position(), fields.String(validate=ID)), load_default=None, allow_none=True)


class StandingsSchema(Schema):
    """A page of where all cases stand; `after` is the `next` of the page before."""

    after = fields.String(load_default="", validate=validate.Length(max=100))
    limit = fields.Integer(strict=True, load_default=MOST_COPIED, validate=validate.Range(1, MOST_COPIED))


class PageSchema(Schema):
    """Which page of a list: `after` is the `next` of the page before."""

    filters = fields.Nested(FiltersSchema, load_default=dict)
    after = after()
    limit = fields.Integer(strict=True, load_default=20, validate=validate.Range(1, MOST_IN_PAGE))

"""The shapes of what the census is told and asked; no field takes an identity number (F08)."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from chassis.schema import Day, Instant, legible
from members.needs.schemas import MOST_NEEDS, WorkerNeedSchema
from members.people.person import is_phone
from members.schemas import GRID_CODE, SHORT
from members.workers.worker import Kind

MOST_IN_PAGE = 200
MOST_WORKERS = 10_000_000
NICKNAME = validate.And(validate.Length(min=1, max=30), legible)
WORD = validate.And(validate.Length(min=1, max=50), legible)
AREA = validate.Regexp(
    r"([0-9]{6}|[0-9]{9}|[0-9]{12}|[0-9]{15})\Z", error="Not a grid code of 15 digits, or its first 6, 9 or 12."
)


class ChangeWorkerSchema(Schema):
    """What is told anew of a worker."""

    nickname = fields.String(validate=NICKNAME)
    kind = fields.String(validate=validate.OneOf([each.value for each in Kind]))
    platform = fields.String(validate=WORD)
    grid_code = fields.String(validate=GRID_CODE)
    station_id = fields.String(validate=SHORT, allow_none=True)
    phone = fields.String(allow_none=True)
    consent = fields.Boolean()
    person_id = fields.String(validate=SHORT, allow_none=True)

    def __init__(self, *, demo: bool) -> None:
        """`demo` lets made-up phones pass."""
        super().__init__()
        self._demo = demo

    @validates_schema(skip_on_field_errors=False)
    def _phone_with_consent(self, data: Mapping[str, Any], **_: Any) -> None:
        phone = data.get("phone")
        faults: dict[str, list[str]] = {}
        if phone is not None and not is_phone(phone, demo=self._demo):
            faults["phone"] = ["Not a mobile phone number."]
        if phone is not None and data.get("consent") is not True:
            faults["consent"] = ["Not without consent."]
        if faults:
            raise ValidationError(faults)


class WorkerSchema(ChangeWorkerSchema):
    """A worker, and what is needed."""

    nickname = fields.String(required=True, validate=NICKNAME)
    kind = fields.String(required=True, validate=validate.OneOf([each.value for each in Kind]))
    platform = fields.String(required=True, validate=WORD)
    needs = fields.List(fields.Nested(WorkerNeedSchema), load_default=list, validate=validate.Length(max=MOST_NEEDS))


class NeedsSchema(Schema):
    """What a worker needs besides."""

    needs = fields.List(fields.Nested(WorkerNeedSchema), required=True, validate=validate.Length(min=1, max=MOST_NEEDS))


class WorkerFiltersSchema(Schema):
    """Which workers a list holds."""

    grid = fields.String(validate=AREA)
    kind = fields.String(validate=validate.OneOf([each.value for each in Kind]))
    platform = fields.String(validate=WORD)
    station_id = fields.String(validate=SHORT)
    left = fields.Boolean()


class WorkerPageSchema(Schema):
    """Which page of the census: `after` is the `next` of the page before."""

    filters = fields.Nested(WorkerFiltersSchema, load_default=dict)
    after = fields.Tuple((Instant(), fields.String(validate=SHORT)), load_default=None, allow_none=True)
    limit = fields.Integer(strict=True, load_default=20, validate=validate.Range(1, MOST_IN_PAGE))


class EstimateSchema(Schema):
    """How many workers there may be in an area, from a day on (today unless it is named)."""

    area = fields.String(required=True, validate=AREA)
    day = Day(load_default=None)
    number = fields.Integer(required=True, strict=True, validate=validate.Range(0, MOST_WORKERS))


class CensusSchema(Schema):
    """Of which area, and as of which day (today unless it is named)."""

    area = fields.String(required=True, validate=AREA)
    day = Day(load_default=None)

"""The shapes of what versions are entered and asked for with."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from cases.exclusion import Ground
from cases.policies.policy import Kind
from cases.schemas import CATEGORY, Label, different, one_of
from chassis.schema import Day, faults

DISTRICT = validate.Regexp(r"[0-9]{6}\Z", error="Not a district's code of 6 digits.")
BASES = ("O", "H", "T", "C", "B", "L")
"""Where a category's times come from (docs/domain.md §6.1); what a district decides itself is `O`."""

MOST_CATEGORIES, MOST_CODES, MOST_IN_PAGE = 500, 10, 100
SMALLEST, LARGEST = 5, 1000
"""Between how many answers a district may choose the smallest group: of fewer than five each would be recognised."""

DECIMALS = 4


def _fine(value: Decimal) -> None:
    exponent = value.normalize().as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -DECIMALS:
        raise ValidationError("At most 4 decimals.")


def _part(**options: Any) -> fields.Decimal:
    """A number between 0 and 1."""
    return fields.Decimal(validate=[validate.Range(0, 1), _fine], **options)


def _name() -> fields.String:
    return Label(required=True, validate=validate.Length(min=1, max=60))


def _codes(**options: Any) -> fields.List[Any]:
    length = validate.Length(min=1 if options.get("required") else 0, max=MOST_CODES)
    code = fields.String(validate=validate.Length(min=1, max=40))
    return fields.List(code, validate=[length, different], **options)


class VersionSchema(Schema):
    """For which district, and from which local day on."""

    area = fields.String(required=True, validate=DISTRICT)
    valid_from = Day(required=True)


class CategorySchema(Schema):
    """One kind of case; codes and terms are looked at by the rules, which name each fault."""

    code = fields.String(required=True, validate=CATEGORY)
    zh = _name()
    en = _name()
    near = fields.String(load_default="ext", validate=validate.Length(min=1, max=20))
    severity = fields.String(required=True)
    respond = fields.String(required=True)
    resolve = fields.String(required=True)
    basis = one_of(BASES, load_default="O")
    units = _codes(required=True)
    skills = _codes(load_default=list)
    certificates = _codes(load_default=list)
    member_eligible = fields.Boolean(required=True)
    restricted = fields.Boolean(required=True)
    physical = fields.Boolean()


class CategoriesSchema(VersionSchema):
    """A whole catalogue."""

    items = fields.List(
        fields.Nested(CategorySchema), required=True, validate=validate.Length(min=1, max=MOST_CATEGORIES)
    )


class WeightsSchema(Schema):
    """What each of the three rates counts for."""

    response = _part(required=True)
    resolution = _part(required=True)
    satisfaction = _part(required=True)


class ScoringSchema(VersionSchema):
    """How the rates are made."""

    weights = fields.Nested(WeightsSchema, required=True)
    partly = _part(required=True)
    exclusions = fields.List(one_of(Ground), required=True, validate=[validate.Length(max=len(Ground)), different])
    smallest_group = fields.Integer(required=True, strict=True, validate=validate.Range(SMALLEST, LARGEST))


class PoliciesSchema(Schema):
    """A page of the versions of a district, of one kind or of all."""

    area = fields.String(required=True, validate=DISTRICT)
    kind = one_of(Kind)
    after = fields.Tuple((fields.String(), fields.String()), load_default=None, allow_none=True)
    limit = fields.Integer(strict=True, load_default=20, validate=validate.Range(1, MOST_IN_PAGE))


class CatalogueQuerySchema(Schema):
    """Which catalogue: by its name, or the one in force in a district."""

    version = fields.String(allow_none=True)
    area = fields.String(allow_none=True, validate=DISTRICT)


def read(schema: Schema, given: Mapping[str, Any]) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """What could be read, and every fault of the form: what is wrong with one field hides nothing of the others."""
    try:
        return schema.load(given), []
    except ValidationError as error:
        readable = error.valid_data if isinstance(error.valid_data, dict) else {}
        return dict(readable), list(faults(error.messages))

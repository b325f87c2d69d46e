"""The shapes of needs as they are stated, and of what the demands' events say of them."""

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from chassis.event import Malformed
from chassis.schema import legible
from members.needs.need import BY_STATUS, CATEGORIES, OF_WORKERS
from members.schemas import SHORT

MOST_NEEDS = 20
WORDS = validate.Length(min=1, max=500)


def of_catalogue(code: str) -> None:
    """Refuse a category that there is not."""
    if code not in CATEGORIES:
        raise ValidationError("No category of the catalogue.")


def of_workers(code: str) -> None:
    """Refuse a category that is none of new-employment workers."""
    if code not in OF_WORKERS:
        raise ValidationError("No category of group 09.")


class NeedSchema(Schema):
    """What somebody needs, of any category."""

    category = fields.String(required=True, validate=of_catalogue)
    text = fields.String(required=True, validate=validate.And(WORDS, legible))


class WorkerNeedSchema(Schema):
    """What a new-employment worker needs."""

    category = fields.String(validate=of_workers)
    text = fields.String(required=True, validate=validate.And(WORDS, legible))


class NeedIdSchema(Schema):
    """One need of a district."""

    need_id = fields.String(required=True, validate=SHORT)
    tenant = fields.String(required=True, validate=validate.Regexp(r"\d{6}\Z"))


class DemandEventSchema(Schema):
    """What matters here of the event of a demand."""

    class Meta:
        """Other fields are passed over."""

        unknown = EXCLUDE

    demand_id = fields.String(required=True)
    status = fields.String(required=True, validate=validate.OneOf(sorted(BY_STATUS)))


def heard(data: Mapping[str, Any]) -> dict[str, Any]:
    """What matters here of the event of a demand; raises `Malformed`, for trying again would not help."""
    try:
        loaded: dict[str, Any] = DemandEventSchema().load(data)
    except ValidationError as error:
        raise Malformed(f"the data does not fit: {error.messages}") from None
    return loaded

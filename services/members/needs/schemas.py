"""The shapes of needs as they are stated, and of what the demands' events say of them."""

from marshmallow import EXCLUDE, Schema, fields, validate

from chassis.schema import legible
from members.needs.need import BY_STATUS, GROUP_OF_WORKERS
from members.schemas import SHORT

MOST_NEEDS = 20
WORDS = validate.Length(min=1, max=500)


CATEGORY = validate.Regexp(r"[0-9]{4}\Z", error="No category of the catalogue.")
OF_WORKERS = validate.Regexp(f"{GROUP_OF_WORKERS}[0-9]{{2}}\\Z", error="No category of group 09.")
"""Whether there is such a one in the district is known where needs are kept."""


class NeedSchema(Schema):
    """What somebody needs, of any category."""

    category = fields.String(required=True, validate=CATEGORY)
    text = fields.String(required=True, validate=validate.And(WORDS, legible))


class WorkerNeedSchema(Schema):
    """What a new-employment worker needs."""

    category = fields.String(validate=OF_WORKERS)
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


class CategoryHeard(Schema):
    """A category that a district has."""

    class Meta:
        """Other fields are passed over."""

        unknown = EXCLUDE

    code = fields.String(required=True)


class PolicyHeard(CategoryHeard):
    """What matters here of a version that a district entered."""

    code = fields.String()
    area = fields.String(required=True)
    number = fields.Integer(required=True)
    categories = fields.List(fields.Nested(CategoryHeard), load_default=list)

"""The shapes of what matching is asked for, and of the fields of the cases' events that it uses."""

from marshmallow import EXCLUDE, Schema, fields, validate

from chassis.schema import Instant
from members.schemas import GRID_CODE, MANY, SHORT


class PointSchema(Schema):
    """A point in WGS84 degrees; whatever else is known of it does not matter here."""

    class Meta:
        """Other fields are passed over."""

        unknown = EXCLUDE

    lon = fields.Float(required=True)
    lat = fields.Float(required=True)


class CandidatesSchema(Schema):
    """What a task needs, when and where."""

    grid_code = fields.String(required=True, validate=GRID_CODE)
    location = fields.Nested(PointSchema, load_default=None, allow_none=True)
    skills = fields.List(fields.String(validate=SHORT), load_default=list, validate=validate.Length(max=20))
    certificates = fields.List(fields.String(validate=SHORT), load_default=list, validate=validate.Length(max=20))
    at = Instant(required=True)
    case_id = fields.String(load_default=None, allow_none=True, validate=SHORT)
    excluded = fields.List(fields.String(), data_key="exclude", load_default=list, validate=validate.Length(max=MANY))
    units_excluded = fields.List(
        fields.String(validate=SHORT), data_key="exclude_units", load_default=list, validate=validate.Length(max=MANY)
    )
    limit = fields.Integer(load_default=10, validate=validate.Range(1, 50))


class AssigneeSchema(Schema):
    """One of those to whom a case is given."""

    class Meta:
        """Other fields are passed over."""

        unknown = EXCLUDE

    id = fields.String(required=True)
    kind = fields.String(required=True)
    accepted = fields.Boolean(required=True)


class CaseEventSchema(Schema):
    """What matching needs of an event of a case."""

    class Meta:
        """Other fields are passed over."""

        unknown = EXCLUDE

    case_id = fields.String(required=True)
    status = fields.String(required=True)
    assignees = fields.List(fields.Nested(AssigneeSchema), required=True)

"""What is accepted by the entrypoints of the trail."""

from marshmallow import Schema, fields, validate

from chassis.schema import Day

SHORT = validate.Length(1, 200)
MOST_IN_PAGE = 200


class TrailSchema(Schema):
    """A page of the trail: the newest rows first, of some days, acts, people and things."""

    first = Day(load_default=None, allow_none=True)
    last = Day(load_default=None, allow_none=True)
    act = fields.String(load_default=None, allow_none=True, validate=SHORT)
    who = fields.String(load_default=None, allow_none=True, validate=SHORT)
    what = fields.String(load_default=None, allow_none=True, validate=SHORT)
    area = fields.String(load_default=None, allow_none=True, validate=SHORT)
    after = fields.Tuple((fields.String(validate=SHORT), fields.Integer()), load_default=None, allow_none=True)
    limit = fields.Integer(strict=True, load_default=20, validate=validate.Range(1, MOST_IN_PAGE))


class DownloadSchema(Schema):
    """A file that leaves: which, in which form, how many lines it has, of which area or thing."""

    kind = fields.String(required=True, validate=SHORT)
    format = fields.String(required=True, validate=SHORT)
    lines = fields.Integer(strict=True, required=True, validate=validate.Range(0))
    area = fields.String(load_default=None, allow_none=True, validate=SHORT)
    id = fields.String(load_default=None, allow_none=True, validate=SHORT)

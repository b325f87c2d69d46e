"""The shapes of what rosters are asked for with."""

from marshmallow import Schema, fields, validate

from members.schemas import AREA, SHORT

MOST_NEEDED = 200


class RosterSchema(Schema):
    """For which activity how many people with which skills are asked, from which area; in a task if it is named."""

    activity_id = fields.String(required=True, validate=SHORT)
    needed = fields.Integer(required=True, strict=True, validate=validate.Range(1, MOST_NEEDED))
    skills = fields.List(fields.String(validate=SHORT), load_default=list, validate=validate.Length(max=10))
    area = fields.String(validate=AREA, load_default=None, allow_none=True)
    task_id = fields.String(validate=SHORT, load_default=None, allow_none=True)

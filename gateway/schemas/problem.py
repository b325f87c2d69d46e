"""The problem document (RFC 9457), as the specification shows it."""

from marshmallow import INCLUDE, Schema, fields


class FaultSchema(Schema):
    """What is wrong: of the body by `pointer` (RFC 6901), of the query by `parameter`, of a spreadsheet by its line."""

    pointer = fields.String(metadata={"examples": ["/category"]})
    parameter = fields.String(metadata={"examples": ["limit"]})
    line = fields.Integer(metadata={"description": "Of a spreadsheet, as an office program numbers it."})
    column = fields.String(metadata={"description": "Of a spreadsheet, by its letter."})
    heading = fields.String()
    code = fields.String(metadata={"description": "Of the rule that is broken, where it is not a matter of form."})
    detail = fields.String(required=True)
    advice = fields.String(metadata={"description": "What to do about it, where a rule is broken."})
    feature = fields.Integer(metadata={"description": "Of a map, counted from 0."})
    details = fields.Dict(metadata={"description": "What the rule says beyond its code."})


class ProblemSchema(Schema):
    """Why a request was refused; `code` is stable, `title` and `detail` are in the caller's language."""

    class Meta:
        """Options of marshmallow."""

        unknown = INCLUDE

    type = fields.String(required=True, metadata={"format": "uri-reference"})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    code = fields.String(required=True)
    request_id = fields.String(required=True)
    errors = fields.List(fields.Nested(FaultSchema))
    details = fields.Dict(metadata={"description": "What the refusal says beyond its code."})

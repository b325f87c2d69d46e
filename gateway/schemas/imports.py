"""Registers that come as spreadsheets: how they are asked for, and what is told of their lines."""

from marshmallow import fields, validate

from gateway.schemas.case_views import Open
from gateway.schemas.fields import QueryTruth, Strict, id_

FORMATS = ("xlsx", "csv")


class ImportQuery(Strict):
    """How the file is taken."""

    dry_run = QueryTruth(load_default=False, metadata={"description": "Only look: nothing is kept."})
    district = id_(metadata={"description": "Six digits; for who acts in several districts."})


class TemplateQuery(Strict):
    """As which file."""

    format = fields.String(load_default="xlsx", validate=validate.OneOf(FORMATS))


class LineFault(Open):
    """What is wrong in a line."""

    line = fields.Integer(required=True)
    column = fields.String()
    heading = fields.String()
    code = fields.String(required=True)
    detail = fields.String(required=True)


class Line(Open):
    """What became of a line."""

    line = fields.Integer(required=True)
    id = fields.String(required=True)


class ImportReport(Open):
    """What became of each line, or what is wrong in it; with an id where something was kept."""

    import_id = fields.String()
    lines = fields.List(fields.Nested(Line), required=True)
    faults = fields.List(fields.Nested(LineFault), required=True)
    checked = fields.Integer(required=True, metadata={"description": "How many lines there are."})

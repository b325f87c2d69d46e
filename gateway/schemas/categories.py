"""The kinds of case."""

from marshmallow import fields

from gateway.schemas.case_views import Open


class CategoryShown(Open):
    """One kind of case; `respond` and `resolve` are terms such as `2h` or `3wd` (working days)."""

    code = fields.String(required=True)
    zh = fields.String(required=True)
    en = fields.String(required=True)
    severity = fields.String(required=True)
    respond = fields.String(required=True)
    resolve = fields.String(required=True)
    units = fields.List(fields.String(), required=True)
    skills = fields.List(fields.String(), required=True)
    certificates = fields.List(fields.String())
    member_eligible = fields.Boolean(required=True)
    restricted = fields.Boolean(required=True)
    physical = fields.Boolean(required=True)


class CategoryGroup(Open):
    """The first two digits of a code."""

    code = fields.String(required=True)
    zh = fields.String(required=True)
    en = fields.String(required=True)


class Categories(Open):
    """The categories of one version."""

    version = fields.String(required=True)
    groups = fields.List(fields.Nested(CategoryGroup))
    items = fields.List(fields.Nested(CategoryShown), required=True)

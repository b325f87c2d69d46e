"""Pages of a list, as a request asks for them and as an answer shows them."""

from marshmallow import fields, validate

from gateway.schemas.fields import QueryInteger, Strict

LARGEST_PAGE = 100
USUAL_PAGE = 20
CURSOR_LIMIT = 2_000


class PageQuery(Strict):
    """Which page: `after` is the `next` of the page before."""

    limit = QueryInteger(load_default=USUAL_PAGE, validate=validate.Range(1, LARGEST_PAGE))
    after = fields.String(validate=validate.Length(1, CURSOR_LIMIT))


def next_cursor() -> fields.String:
    """The cursor of the next page."""
    return fields.String(
        required=True, allow_none=True, metadata={"description": "Cursor of the next page; null on the last one."}
    )

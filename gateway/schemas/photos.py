"""Photos."""

from marshmallow import Schema, fields, validate

from gateway.schemas.fields import Strict, shown_instant

SIZES = ("full", "medium", "thumbnail")


class PhotoKept(Schema):
    """A photo as it was kept: without the metadata of the camera."""

    photo_id = fields.String(required=True)
    media_type = fields.String(required=True)
    width = fields.Integer(required=True, metadata={"description": "Pixels."})
    height = fields.Integer(required=True, metadata={"description": "Pixels."})
    size = fields.Integer(required=True, metadata={"description": "Bytes."})


class SizeQuery(Strict):
    """In which size to get a photo."""

    size = fields.String(
        load_default="full",
        validate=validate.OneOf(SIZES),
        metadata={"description": "Within 1,280 pixels a side as `medium`, within 480 as `thumbnail`."},
    )


class PhotoLinkWanted(Strict):
    """In which size a link shall show a photo."""

    size = fields.String(load_default="medium", validate=validate.OneOf(SIZES))


class PhotoLink(Schema):
    """An address that needs no token."""

    url = fields.String(required=True, metadata={"description": "Absolute; secret, for it is all that is needed."})
    expires_at = shown_instant(required=True)

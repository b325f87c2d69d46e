"""Photos."""

from marshmallow import Schema, fields, validate

from gateway.schemas.fields import Strict, shown_instant

THUMBNAIL = "thumbnail"
SIZES = ("full", "medium", THUMBNAIL)

CHECKS = ("faces", "plates", "house_numbers")
"""What a photo that everybody sees must not show."""


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


class PublicSizeQuery(Strict):
    """In which size to get a photo that was released."""

    size = fields.String(load_default="medium", validate=validate.OneOf(SIZES[1:]))


class PhotoReleased(Strict):
    """What a photo was looked through for before it is released: all of it."""

    free_of = fields.List(
        fields.String(validate=validate.OneOf(CHECKS)),
        required=True,
        validate=validate.Length(max=len(CHECKS)),
        metadata={"description": "Each of them was looked for, and is not to be seen in the photo."},
    )


class PhotoRelease(Schema):
    """Whether a photo is shown to everybody, and since when."""

    photo_id = fields.String(required=True)
    released_at = shown_instant(required=True, allow_none=True)
    url = fields.String(required=True, allow_none=True, metadata={"description": "Where everybody sees it."})

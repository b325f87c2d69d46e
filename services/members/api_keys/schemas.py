"""The shapes of what is said about keys of programs."""

from marshmallow import EXCLUDE, Schema, fields, validate

from members.schemas import AREA, DISTRICT, NAME, SHORT, WithoutNumbers

MOST_IN_PAGE = 200


class ApiKeySchema(Schema):
    """A key that is opened."""

    district = fields.String(required=True, validate=DISTRICT)
    name = WithoutNumbers(required=True, validate=NAME)
    unit_id = fields.String(load_default=None, allow_none=True, validate=SHORT)
    area = fields.String(load_default=None, allow_none=True, validate=AREA)


class ApiKeyIdSchema(Schema):
    """Which key."""

    api_key_id = fields.String(required=True, validate=SHORT)


class ApiKeysSchema(Schema):
    """A page of the keys of the caller's districts, or of one."""

    district = fields.String(load_default=None, allow_none=True, validate=DISTRICT)
    after = fields.String(load_default=None, allow_none=True, validate=SHORT)
    limit = fields.Integer(strict=True, load_default=20, validate=validate.Range(1, MOST_IN_PAGE))


class ClientSchema(Schema):
    """With what a program signs in."""

    client_id = fields.String(required=True, validate=SHORT)
    client_secret = fields.String(required=True, validate=validate.Length(min=1, max=200))


class SecretSchema(Schema):
    """What a program shows."""

    secret = fields.String(required=True, validate=validate.Length(min=1, max=200))


class UnitClosedSchema(Schema):
    """Which unit has closed."""

    class Meta:
        """Other fields are passed over."""

        unknown = EXCLUDE

    unit_id = fields.String(required=True)

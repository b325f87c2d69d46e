"""How a program shows its key, and what it gets for it."""

from marshmallow import EXCLUDE, Schema, fields, validate

GRANT_TYPE = "client_credentials"
"""The one way in which a program signs in (RFC 6749 §4.4)."""


class TokenAsked(Schema):
    """The form of RFC 6749 §4.4; the client may show itself by HTTP Basic instead."""

    class Meta:
        """What is not known is ignored (RFC 6749 §3.2)."""

        unknown = EXCLUDE

    grant_type = fields.String(required=True, validate=validate.Equal(GRANT_TYPE))
    client_id = fields.String(validate=validate.Length(1, 100))
    client_secret = fields.String(validate=validate.Length(1, 200))


class TokenGiven(Schema):
    """An access token for a program (RFC 6749 §5.1)."""

    access_token = fields.String(required=True)
    token_type = fields.String(required=True, validate=validate.Equal("Bearer"))
    expires_in = fields.Integer(required=True, metadata={"description": "Seconds until it expires."})

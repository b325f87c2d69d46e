"""The shapes of signing in by an identity provider."""

from marshmallow import Schema, fields, validate

from members.accounts.schemas import OTP, DeviceSchema, SessionSchema
from members.schemas import SHORT

LONGEST_CODE = 2_048
LONGEST_URL = 2_000


class ProviderSchema(Schema):
    """Which provider."""

    provider = fields.String(required=True, validate=SHORT)


class BeginSchema(ProviderSchema):
    """With which provider a sign-in is begun, and on which of the pages that are known it is to go on."""

    redirect_uri = fields.String(load_default=None, validate=validate.Length(min=1, max=LONGEST_URL))


class ComeBackSchema(ProviderSchema):
    """What came back from the provider, with the secret that the browser has kept."""

    code = fields.String(required=True, validate=validate.Length(min=1, max=LONGEST_CODE))
    state = fields.String(required=True, validate=SHORT)
    secret = fields.String(required=True, validate=SHORT)
    iss = fields.String(load_default=None, validate=validate.Length(min=1, max=LONGEST_URL))


class ProviderSignInSchema(ComeBackSchema, DeviceSchema):
    """The same, and a code where there is a second factor."""

    otp = fields.String(load_default=None, validate=OTP)


class IdentitySchema(SessionSchema):
    """Which identity, and the session that asks."""

    identity_id = fields.String(required=True, validate=SHORT)

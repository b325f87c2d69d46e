"""Signing in and out."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from gateway.schemas.fields import Strict, id_, phone, shown_instant
from gateway.schemas.identity_providers import ISS, SECRET, STATE, url
from gateway.schemas.identity_providers import code as code_of_provider

PASSWORD_LIMIT = 200
OTP_LIMIT = 40
NEW_PASSWORD_LIMIT = 1000
"""More than any password may have, so that one that is too long is told what else is wrong with it."""

TOKEN_LIMIT = 500
OTP = {"description": "Where a second factor is in force: what the app shows now, 6 digits, or a recovery code."}
FIT = {"description": "12 to 200 characters; neither the login nor the password of now."}
WAYS: tuple[tuple[set[str], set[str]], ...] = (
    ({"provider", "code", "state", "secret"}, {"otp", "iss"}),
    ({"sign_in_id", "code"}, {"otp"}),
    ({"login", "password"}, {"otp", "new_password"}),
)
"""What a sign-in needs, each way, and what may come along."""


class CodeRequest(Strict):
    """Whom to send a one-time code."""

    phone = phone(required=True)


class CodeSent(Schema):
    """The answer is the same whether or not the phone is known."""

    sign_in_id = fields.String(required=True, metadata={"description": "To be sent with the code; tell nobody."})
    expires_in = fields.Integer(required=True, metadata={"description": "Seconds."})


class SignIn(Strict):
    """A sign-in that was begun with its code, of the phone or of an identity provider, or a login with its password."""

    sign_in_id = id_()
    code = code_of_provider(metadata={"description": "The one-time code, or what came back from the provider."})
    login = id_()
    password = fields.String(validate=validate.Length(1, PASSWORD_LIMIT))
    new_password = fields.String(
        validate=validate.Length(1, NEW_PASSWORD_LIMIT),
        metadata={
            "description": "Replaces a first password, one that an office has given; with any other it is refused."
        },
    )

    provider = id_()
    state = id_(metadata=STATE)
    secret = id_(metadata=SECRET)
    iss = url(metadata=ISS)
    otp = fields.String(validate=validate.Length(1, OTP_LIMIT), metadata=OTP)

    @validates_schema
    def one_way(self, data: dict[str, Any], **_: Any) -> None:
        """Exactly one of the three ways."""
        if not any(needed <= set(data) <= needed | allowed for needed, allowed in WAYS):
            raise ValidationError("Either sign_in_id and code, login and password, or provider, code, state, secret.")


class PasswordChange(Strict):
    """The password of now, and the one to come."""

    current_password = fields.String(required=True, validate=validate.Length(1, PASSWORD_LIMIT))
    new_password = fields.String(required=True, validate=validate.Length(1, NEW_PASSWORD_LIMIT), metadata=FIT)


class Refresh(Strict):
    """A refresh token, which is used up by this."""

    refresh_token = fields.String(required=True, validate=validate.Length(1, TOKEN_LIMIT))


class SessionShown(Schema):
    """One of the caller's own sessions."""

    session_id = fields.String(required=True)
    agent = fields.String(required=True, metadata={"description": "What the device has called itself; may be empty."})
    opened_at = shown_instant(required=True)
    last_used_at = shown_instant(required=True)
    expires_at = shown_instant(required=True)
    current = fields.Boolean(required=True, metadata={"description": "Whether it is the one that asks."})


class SessionList(Schema):
    """Where somebody is signed in."""

    items = fields.List(fields.Nested(SessionShown), required=True)


class SessionGiven(Schema):
    """The tokens of a session."""

    access_token = fields.String(required=True)
    token_type = fields.String(required=True, validate=validate.Equal("Bearer"))
    expires_in = fields.Integer(required=True, metadata={"description": "Seconds until the access token expires."})
    refresh_token = fields.String(required=True)
    person_id = fields.String(required=True)

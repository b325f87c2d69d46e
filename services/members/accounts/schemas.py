"""The shapes of what people sign in with."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates

from chassis.schema import legible
from members.people.person import is_phone
from members.schemas import NAME, SHORT, WithoutNumbers

LONGEST_AGENT = 200
SIX_DIGITS = validate.Regexp(r"\d{6}\Z", error="Not 6 digits.")
OTP = validate.Length(min=1, max=40)
LOGIN = validate.Regexp(r"[a-z][a-z0-9._-]{2,39}\Z", error="Not 3 to 40 of a-z, 0-9, '.', '_' and '-', a letter first.")
"""It begins with a letter, so that nobody takes it for a phone."""

PASSWORD = fields.String(required=True, validate=validate.Length(min=1, max=200))
NEW_PASSWORD = fields.String(required=True, validate=validate.Length(min=1, max=1000))


class PhoneSchema(Schema):
    """A mobile number; made-up ones only while the demo setting is on."""

    phone = fields.String(required=True)

    def __init__(self, *, demo: bool) -> None:
        super().__init__()
        self._demo = demo

    @validates("phone")
    def _is_phone(self, value: str, **_: Any) -> None:
        if not is_phone(value, demo=self._demo):
            raise ValidationError("Not a mobile phone number.")


class ClientSchema(Schema):
    """The address that a sign-in comes from; it is kept as a keyed hash alone."""

    client = fields.String(load_default="", validate=validate.Length(max=100))


class DeviceSchema(ClientSchema):
    """The same, and what the device calls itself."""

    agent = fields.String(load_default="", validate=validate.Length(max=LONGEST_AGENT))


class SessionSchema(Schema):
    """Which session is meant."""

    session_id = fields.String(required=True, validate=SHORT)


class CodeRequestSchema(PhoneSchema, ClientSchema):
    """A phone that a code is to be sent to."""


class CodeSchema(DeviceSchema):
    """A sign-in that was begun, the code that was sent for it, and another where there is a second factor."""

    sign_in_id = fields.String(required=True, validate=SHORT)
    code = fields.String(required=True, validate=SIX_DIGITS)
    otp = fields.String(load_default=None, validate=OTP)


class PhoneChangeSchema(PhoneSchema, SessionSchema):
    """The phone that is to be somebody's own, the code that came to it, and the session that asks."""

    sign_in_id = fields.String(required=True, validate=SHORT)
    code = fields.String(required=True, validate=SIX_DIGITS)


class PasswordSchema(DeviceSchema):
    """A login and its password, what replaces it if it is a first one, and a code where there is a second factor."""

    login = fields.String(required=True, validate=NAME)
    password = PASSWORD
    new_password = fields.String(load_default=None, validate=validate.Length(min=1, max=1000))
    otp = fields.String(load_default=None, validate=OTP)


class PasswordChangeSchema(SessionSchema, ClientSchema):
    """The password of now and the one to come, of which the rule says whether it is fit, and the session that asks."""

    current_password = PASSWORD
    new_password = NEW_PASSWORD


class FactorBegunSchema(SessionSchema, ClientSchema):
    """The password of who wants a second factor, and the session that asks."""

    password = PASSWORD


class FactorCodeSchema(Schema):
    """A code of the app that is to be the second factor."""

    code = fields.String(required=True, validate=OTP)


class FactorConfirmedSchema(SessionSchema, FactorCodeSchema):
    """A code of the app, and the session that asks."""


class FactorEndSchema(FactorBegunSchema, FactorCodeSchema):
    """What ends a second factor: the password, and a code of the app or a recovery code."""


class LoginSchema(Schema):
    """The login that is opened for somebody."""

    login = fields.String(required=True, validate=LOGIN)


class ReasonSchema(Schema):
    """Why somebody's login is reset."""

    reason = WithoutNumbers(required=True, validate=validate.And(validate.Length(1, 500), legible))


class RefreshSchema(Schema):
    """A refresh token."""

    refresh_token = fields.String(required=True, validate=validate.Length(min=1, max=500))

"""The second factor of somebody's sign-in."""

from marshmallow import Schema, fields, validate

from gateway.schemas.fields import Strict, shown_instant
from gateway.schemas.sessions import OTP_LIMIT, PASSWORD_LIMIT

CODE = {"description": "What the app shows now: 6 digits. Blanks in it do not matter."}
OR_RECOVERY = {"description": "What the app shows now, 6 digits, or a recovery code."}


class SecondFactorWanted(Strict):
    """The password of who wants one."""

    password = fields.String(required=True, validate=validate.Length(1, PASSWORD_LIMIT))


class SecondFactorGiven(Schema):
    """What the app needs, and what helps without it; shown only here."""

    secret = fields.String(required=True, metadata={"description": "For apps that are typed into: base 32."})
    uri = fields.String(required=True, metadata={"description": "`otpauth://…`, to be shown as a QR code."})
    recovery_codes = fields.List(
        fields.String(), required=True, metadata={"description": "Ten codes, each good once instead of the app."}
    )


class SecondFactorConfirmed(Strict):
    """A code that the app shows, which proves that it has the secret."""

    code = fields.String(required=True, validate=validate.Length(1, OTP_LIMIT), metadata=CODE)


class SecondFactorEnded(SecondFactorWanted):
    """The password, and a code."""

    code = fields.String(required=True, validate=validate.Length(1, OTP_LIMIT), metadata=OR_RECOVERY)


class SecondFactorShown(Schema):
    """How it stands."""

    state = fields.String(required=True, validate=validate.OneOf(["none", "pending", "active"]))
    since = shown_instant(required=True, allow_none=True)
    recovery_left = fields.Integer(required=True, metadata={"description": "How many recovery codes are left."})

"""Signing in with an identity provider, and identities that are linked."""

from typing import Any

from marshmallow import Schema, fields, validate

from chassis.schema import one_line
from gateway.schemas.fields import Strict, id_, shown_instant

CODE_LIMIT = 2_048
URL_LIMIT = 2_000

STATE = {"description": "As it was given at the beginning, and came back from the provider."}
SECRET = {"description": "As it was given at the beginning; it goes nowhere but here."}
ISS = {"description": "What came back as `iss`, if anything did (RFC 9207): whose answer it is."}
PAGE = {"description": "One of the pages that are registered with the provider; the first of them unless given."}


def url(**options: Any) -> fields.String:
    """An address."""
    return fields.String(validate=[validate.Length(1, URL_LIMIT), one_line], **options)


def code(**options: Any) -> fields.String:
    """The code of a provider."""
    return fields.String(validate=[validate.Length(1, CODE_LIMIT), one_line], **options)


class ProviderNames(Schema):
    """What a provider is called, by language."""

    zh = fields.String(required=True, data_key="zh-CN", attribute="zh-CN")
    en = fields.String(required=True)


class ProviderShown(Schema):
    """An identity provider."""

    provider = fields.String(required=True, metadata={"description": "What to name it by."})
    names = fields.Nested(ProviderNames, required=True)


class ProviderList(Schema):
    """With which providers anybody may sign in; empty where there are none."""

    items = fields.List(fields.Nested(ProviderShown), required=True)


class ProviderWanted(Strict):
    """With which provider a sign-in is begun."""

    provider = id_(required=True)
    redirect_uri = url(metadata=PAGE)


class ProviderSignInBegun(Schema):
    """Where to go, and what to keep meanwhile, in this browser alone."""

    url = fields.String(required=True, metadata={"format": "uri", "description": "Where to go to sign in."})
    state = fields.String(required=True, metadata={"description": "Comes back with the code: compare it."})
    secret = fields.String(required=True, metadata={"description": "To be sent with the code; tell nobody."})
    expires_in = fields.Integer(required=True, metadata={"description": "Seconds."})


class IdentityProven(Strict):
    """What came back from the provider, with the secret that was kept."""

    provider = id_(required=True)
    code = code(required=True)
    state = id_(required=True, metadata=STATE)
    secret = id_(required=True, metadata=SECRET)
    iss = url(metadata=ISS)


class LinkedIdentity(Schema):
    """An identity that the caller may sign in with."""

    identity_id = fields.String(required=True)
    issuer = fields.String(required=True, metadata={"description": "What the provider calls itself."})
    provider = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Null where the provider is listed no more: then nobody signs in with it."},
    )
    names = fields.Nested(ProviderNames, required=True, allow_none=True)
    linked_at = shown_instant(required=True)


class LinkedIdentityList(Schema):
    """The caller's identities, the oldest link first."""

    items = fields.List(fields.Nested(LinkedIdentity), required=True)

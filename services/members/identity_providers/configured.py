"""The identity providers that an operator has listed, read from a file that may hold their secrets."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from marshmallow import Schema, ValidationError, fields, validate, validates_schema
from marshmallow.exceptions import SCHEMA

from chassis.listed import BadList, listed
from members.identity_providers.provider import (
    ALGORITHMS,
    AUTHENTICATIONS,
    BASIC,
    LOOPBACK,
    NONE,
    Provider,
    Unfit,
    endpoint,
)
from members.schemas import NAME

MOST = 20
SECRETS = ("client_secret", "client_secret_env")
OPENID = "openid"
"""The scope without which a provider answers no ID token."""

WRONG: Mapping[str, str] = {
    "address": "is no address",
    "not_https": "is not https, and only a provider of development on this machine need not be",
}


class BadProviders(BadList):
    """The file of providers cannot be used; the text names the place, never a secret."""

    SETTING = "IDENTITY_PROVIDERS_FILE"


def _is_issuer(url: str) -> None:
    try:
        endpoint(url, plain=True)
    except Unfit as error:
        raise ValidationError(WRONG[str(error)]) from None


def _is_page(url: str) -> None:
    """A page of a front end, or a scheme of an app's own, which has a dot in it (RFC 8252 §7.1)."""
    try:
        scheme = urlsplit(url).scheme
        if "." not in scheme:
            endpoint(url, plain=True)
    except (Unfit, ValueError):
        local = ", ".join(sorted(LOOPBACK))
        raise ValidationError(f"is no page that is https, or at one of {local}, nor an address of an app") from None


class NamesSchema(Schema):
    """What a provider is called."""

    zh = fields.String(required=True, validate=NAME, data_key="zh-CN", attribute="zh-CN")
    en = fields.String(required=True, validate=NAME)


class ProviderSchema(Schema):
    """One provider."""

    id = fields.String(required=True, validate=validate.Regexp(r"[a-z0-9][a-z0-9-]{0,39}\Z"))
    names = fields.Nested(NamesSchema, required=True)
    issuer = fields.String(
        required=True, validate=[_is_issuer, validate.Regexp(r"[^?#]*\Z", error="has a query or a fragment")]
    )
    client_id = fields.String(required=True, validate=validate.Regexp(r"[\x20-\x7e]{1,200}\Z"))
    client_secret = fields.String(validate=validate.Length(min=1))
    client_secret_env = fields.String(validate=validate.Length(min=1))
    authentication = fields.String(validate=validate.OneOf(AUTHENTICATIONS))
    redirect_uris = fields.List(
        fields.String(validate=[_is_page, validate.Regexp(r"[^#]*\Z", error="has a fragment")]),
        required=True,
        validate=validate.Length(min=1, max=20),
    )
    scopes = fields.List(
        fields.String(validate=validate.Regexp(r"[\x21\x23-\x5b\x5d-\x7e]+\Z")),
        load_default=[OPENID],
    )
    algorithms = fields.List(
        fields.String(validate=validate.OneOf(ALGORITHMS)),
        load_default=list(Provider.algorithms),
        validate=validate.Length(min=1),
    )

    @validates_schema
    def _whole(self, data: dict[str, Any], **_: Any) -> None:
        if OPENID not in data["scopes"]:
            raise ValidationError(f'needs "{OPENID}"', "scopes")
        secrets = data.keys() & set(SECRETS)
        if len(secrets) > 1:
            raise ValidationError(f"has {' and '.join(sorted(secrets))}: one of them is enough", SCHEMA)
        if data.get("authentication") == NONE and secrets:
            raise ValidationError(f'has no use for {min(secrets)} with the authentication "{NONE}"', SCHEMA)
        if data.get("authentication", NONE) != NONE and not secrets:
            raise ValidationError(f'needs {" or ".join(SECRETS)}, or the authentication "{NONE}"', SCHEMA)


_PROVIDERS = ProviderSchema(many=True)


def configured(path: Path, environment: Mapping[str, str]) -> tuple[Provider, ...]:
    """The providers of the file, in its order; secrets that it only names are those of the environment.

    Raises `BadProviders`.
    """
    found = listed(path, _PROVIDERS, BadProviders)
    if len(found) > MOST:
        raise BadProviders(f"{path}: there may be {MOST} providers")
    for name in ("id", "issuer"):
        if len({each[name] for each in found}) < len(found):
            raise BadProviders(f"{path}: two providers have the same {name}")
    return tuple(_provider(each, path, environment) for each in found)


def _provider(each: Mapping[str, Any], path: Path, environment: Mapping[str, str]) -> Provider:
    secret = each.get("client_secret")
    if variable := each.get("client_secret_env"):
        secret = environment.get(variable)
        if not secret:
            raise BadProviders(f"{path}: {each['id']} has its secret in {variable}, which is not set")
    return Provider(
        id=each["id"],
        names=each["names"],
        issuer=each["issuer"],
        client_id=each["client_id"],
        redirect_uris=tuple(each["redirect_uris"]),
        client_secret=secret,
        authentication=each.get("authentication", BASIC if secret else NONE),
        scopes=tuple(each["scopes"]),
        algorithms=tuple(each["algorithms"]),
    )

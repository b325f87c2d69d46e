"""The shapes of what the register of people is told and asked."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from chassis.caller import Grant
from chassis.schema import Day, Instant, legible
from members.accounts.schemas import LOGIN, PhoneSchema
from members.people.person import LANGUAGES, TAGS
from members.people.registration import HOW, Consent
from members.people.schemas import FreeTimeSchema
from members.people.skill import CERTIFICATES, SKILLS, Certificate
from members.role import ROLES, SPEAKER
from members.schemas import MANY, NAME, SHORT, WithoutNumbers

SCOPE = validate.Regexp(r"[0-9]{6}([0-9]{3}){0,3}\Z", error="Not a grid code of 15 digits, or its first 6, 9 or 12.")
COMMUNITY = validate.Regexp(r"\d{12}\Z", error="Not a community's code of 12 digits.")
LISTS = ("certificates", "free_times", "roles")
TENANT = validate.Regexp(r"\d{6}\Z")


class RoleSchema(Schema):
    """A role within a scope."""

    role = fields.String(required=True, validate=validate.OneOf(ROLES))
    scope = fields.String(required=True, validate=SCOPE)

    @post_load
    def _grant(self, data: dict[str, Any], **_: Any) -> Grant:
        return Grant(**data)


class CertificateSchema(Schema):
    """A licence and the last day on which it is valid."""

    kind = fields.String(required=True, validate=validate.OneOf(CERTIFICATES))
    valid_until = fields.Date(required=True)  # 9999-12-31 stands for no end on some certificates

    @post_load
    def _certificate(self, data: dict[str, Any], **_: Any) -> Certificate:
        return Certificate(**data)


class ConsentSchema(Schema):
    """That somebody agreed to be entered by another."""

    how = fields.String(required=True, validate=validate.OneOf(HOW))
    text_version = fields.String(required=True, validate=SHORT)

    @post_load
    def _consent(self, data: dict[str, Any], **_: Any) -> Consent:
        return Consent(**data)


class NewcomerSchema(PhoneSchema):
    """Somebody who is to be registered."""

    phone = fields.String()
    name = fields.String(required=True, validate=NAME)
    tenant = fields.String(validate=TENANT)
    honorific = fields.String(validate=[validate.Length(max=10), NAME])
    compound_id = fields.String(validate=SHORT)
    unit_id = fields.String(validate=SHORT)
    registered_with = fields.String(validate=COMMUNITY)
    skills = fields.List(fields.String(validate=validate.OneOf(SKILLS)), validate=validate.Length(max=len(SKILLS)))
    certificates = fields.List(fields.Nested(CertificateSchema), validate=validate.Length(max=20))
    free_times = fields.List(fields.Nested(FreeTimeSchema), validate=validate.Length(max=50))
    language = fields.String(validate=validate.OneOf(LANGUAGES))
    roles = fields.List(fields.Nested(RoleSchema), validate=validate.Length(max=20))
    born = Day()
    consent = fields.Nested(ConsentSchema)

    @post_load
    def _as_rules_have_it(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        listed: dict[str, Any] = {name: tuple(data[name]) for name in LISTS if name in data}
        return {**data, **listed, "skills": frozenset(data.get("skills", ()))}


class HolderSchema(NewcomerSchema):
    """Somebody who is registered with a login, by operators alone."""

    login = fields.String(validate=LOGIN)


class GrantSchema(Schema):
    """A role that is given: within which scope, from when (now unless given) and until when."""

    role = fields.String(required=True, validate=validate.OneOf(ROLES))
    scope = fields.String(required=True, validate=SCOPE)
    since = Instant(load_default=None, allow_none=True)
    until = Instant(load_default=None, allow_none=True)
    unit_id = fields.String(load_default=None, validate=SHORT)

    @validates_schema
    def _of_a_speaker(self, data: dict[str, Any], **_: Any) -> None:
        if data["unit_id"] and data["role"] != SPEAKER:
            raise ValidationError("Only with unit_contact.", "unit_id")


class RevokeSchema(Schema):
    """A role that is taken: from when on (now unless given)."""

    role = fields.String(required=True, validate=validate.OneOf(ROLES))
    scope = fields.String(required=True, validate=SCOPE)
    until = Instant(load_default=None, allow_none=True)


class RevealSchema(Schema):
    """Why somebody wants to know a phone."""

    reason = WithoutNumbers(required=True, validate=validate.And(validate.Length(1, 500), legible))


class FiltersSchema(Schema):
    """Which people a list holds."""

    role = fields.String(validate=validate.OneOf(ROLES))
    skill = fields.String(validate=validate.OneOf(SKILLS))
    area = fields.String(validate=SCOPE)
    unit_id = fields.String(validate=SHORT)
    registered_with = fields.String(validate=COMMUNITY)
    tag = fields.String(validate=validate.OneOf(TAGS))
    active = fields.Boolean()


class PageSchema(Schema):
    """Which page: `after` is the `next` of the page before."""

    filters = fields.Nested(FiltersSchema, load_default=dict)
    after = fields.String(load_default=None, allow_none=True, validate=SHORT)
    limit = fields.Integer(strict=True, load_default=20, validate=validate.Range(1, MANY))

"""Certificates of volunteer hours: how they are asked for, shown and checked."""

from marshmallow import Schema, fields, validate

from gateway.schemas.case_views import Open
from gateway.schemas.fields import Strict, day, id_, shown_instant, word
from gateway.schemas.hours import HOURS
from gateway.schemas.paging import PageQuery, next_cursor
from gateway.schemas.staffing import Receipt, shown_day

STATES = ("valid", "superseded", "revoked")


class CertificateWanted(Strict):
    """For which local days, both included."""

    first = day(required=True)
    last = day(required=True)


class CertificateReceipt(Receipt):
    """The certificate that was issued."""

    certificate_id = fields.String(required=True)
    number = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    first = shown_day(required=True)
    last = shown_day(required=True)
    minutes = fields.Integer(required=True)
    hours = fields.Float(required=True, metadata=HOURS)
    issuer_name = fields.String(required=True)


class CodeQuery(Strict):
    """The code that only the certificate itself tells."""

    code = id_(required=True)


class CertificateChecked(Open):
    """What anybody may check: whether it stands, for whom by the masked name, hours, period and issuer."""

    number = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    name_masked = fields.String(required=True, allow_none=True)
    first = shown_day(required=True)
    last = shown_day(required=True)
    minutes = fields.Integer(required=True)
    hours = fields.Float(required=True, metadata=HOURS)
    issuer = fields.String(required=True)
    issuer_name = fields.String(required=True)
    issued_on = shown_day(required=True)


class CertifiedService(Schema):
    """One service of a certificate."""

    record_id = fields.String(required=True)
    day = shown_day(required=True)
    title = fields.String(required=True)
    minutes = fields.Integer(required=True)


class CertificateView(CertificateChecked):
    """All of a certificate; name and code for its person alone."""

    person_id = fields.String(required=True)
    name = fields.String(required=True, allow_none=True)
    code = fields.String(required=True, allow_none=True)
    issued_at = shown_instant(required=True)
    ended_at = shown_instant(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)
    services = fields.List(fields.Nested(CertifiedService), required=True)


class CertificateQuery(PageQuery):
    """A page of one's own."""


class CertificateList(Schema):
    """A page of certificates, the latest first."""

    items = fields.List(fields.Nested(CertificateChecked), required=True)
    next = next_cursor()


class CertificateReason(Strict):
    """Why it is taken back."""

    reason = word(500, required=True)


class CertificateRevoked(Receipt):
    """What became of it."""

    certificate_id = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))

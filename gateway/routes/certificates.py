"""Certificates of volunteer hours: asked for, read, printed and taken back by who is signed in."""

from typing import Any

from flask import Response, current_app, url_for

from gateway.answers import address_of, answer, attachment, page, readable
from gateway.certificate_paper import PDF, paper
from gateway.commands import command
from gateway.facade import ask, services
from gateway.identity import identity
from gateway.listing import continued, position
from gateway.operations import BINARY, Operations
from gateway.schemas.certificates import (
    CertificateList,
    CertificateQuery,
    CertificateReason,
    CertificateReceipt,
    CertificateRevoked,
    CertificateView,
    CertificateWanted,
)
from gateway.settings import Settings

routes = Operations("certificates", "Certificates of volunteer hours, made of the ledger alone.")


@routes.does(
    "/certificates",
    CertificateReceipt,
    status=201,
    takes=CertificateWanted(),
    examples={"first": "2026-01-01", "last": "2026-03-31"},
    errors=(409,),
)
def issue_certificate(body: dict[str, Any]) -> Response:
    """Have the own hours of a period certified: number, period, hours, issuer."""
    receipt = ask().members.issue_certificate(**command(), **body)
    where = url_for("certificates.certificate_services", number=receipt["number"])
    return answer(receipt, 201, {"Location": where})


@routes.reads("/certificates", CertificateList, query=CertificateQuery)
def certificates(query: dict[str, Any]) -> Response:
    """The caller's own certificates, the latest first."""
    found = ask().members.certificates(caller=identity().caller, after=position(query), limit=query["limit"])
    return page(found, continued(found, query), query)


@routes.reads("/certificates/<number>/services", CertificateView, errors=(422,))
def certificate_services(number: str) -> Response:
    """All of a certificate with each service; its person reads the name and the code, too."""
    return readable(ask().members.certificate(caller=identity().caller, number=number))


@routes.operation(
    "GET",
    "/certificates/<number>/paper",
    None,
    responses={"200": {"description": "The certificate.", "content": {PDF: BINARY}}},
    errors=(404, 422),
)
def certificate_paper(number: str) -> Response:
    """The certificate as a PDF in Chinese, with a QR code that leads to its check; for its person alone."""
    found = ask().members.own_certificate(caller=identity().caller, number=number)
    settings: Settings = current_app.extensions["settings"]
    address = address_of("certificate-checks.check_certificate", number=found["number"], code=found["code"])
    content: bytes = services().apart(paper, found, address, settings.certificate_font)
    return attachment(content, PDF, f"{found['number']}.pdf")


@routes.does(
    "/certificates/<number>/revoke",
    CertificateRevoked,
    takes=CertificateReason(),
    examples={"reason": "误发"},
    errors=(404, 409),
)
def revoke_certificate(body: dict[str, Any], number: str) -> Response:
    """Take a certificate back, as the office; whoever checks it reads that."""
    return answer(ask().members.revoke_certificate(**command(), number=number, **body))

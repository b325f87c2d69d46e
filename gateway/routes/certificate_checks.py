"""The check of a certificate, open to everybody who has it in hand."""

from typing import Any

from flask import Response

from gateway.answers import answer
from gateway.browser_pages import either, problems_as_pages, told_either_way
from gateway.facade import ask
from gateway.operations import Operations
from gateway.schemas.certificates import CertificateChecked, CodeQuery

TEMPLATE = "certificate.html"

routes = Operations("certificate-checks", "Whether a certificate of volunteer hours stands.")
problems_as_pages(routes, TEMPLATE)


@routes.operation(
    "GET",
    "/certificates/<number>",
    CertificateChecked,
    query=CodeQuery,
    responses=told_either_way(CertificateChecked),
    public=True,
    errors=(404, 503, 504),
)
def check_certificate(query: dict[str, Any], number: str) -> Response:
    """Check a certificate without signing in, with the code that it tells: state, hours, period, masked name.

    A number without its code is not found. A browser, which a phone opens for the QR code on the paper, gets a page
    that says the same.
    """
    found = ask().members.check_certificate(number=number, **query)
    return either(answer(found, headers={"Cache-Control": "no-store"}), TEMPLATE, found=found)
